"""The forms around interviews: the interview itself, quickest things first, and the withdrawal of its consent."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from reviewtui.form_fields import FormField
from reviewtui.insights.consent import HISTORY_WARNING, consent_problem, consequences, withdrawal
from reviewtui.insights.line_forms import (
    FOLLOW_UPS_HINT,
    QUOTES_HINT,
    follow_ups_text,
    quotes_text,
    read_follow_ups,
    read_quotes,
)
from reviewtui.insights.owed import STEP_WORDS, usual_reward
from reviewtui.insights.tags import used_tags
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.workspace.kinds.interview_titles import interview_title
from reviewtui.workspace.kinds.interviews import (
    CHANNELS,
    CONTEXT_MISSING,
    INTERVIEWS,
    KNOWN,
    REWARD_KINDS,
    SCOPES,
    Consent,
    Interview,
    Reward,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.app import ReviewApp
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore

_DRAFT = "interview"
_NOT_ASKED, _REFUSED = "not asked", "asked, not given"
_CONSENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("notes", ("notes",)),
    ("notes and quotes", ("notes", "quote")),
    ("notes, quotes, name", ("name", "notes", "quote")),
    ("notes, quotes, recording", ("notes", "quote", "recording")),
    ("everything", tuple(sorted(SCOPES))),
)
_NO_REWARD = "none"
_LATER = frozenset(
    {
        "minutes", "interviewer", "others_present", "recruited_by", "amount", "code_ref", "sent_on", "consent_until",
        "document", "calendar", "person", "corrections",
    }
)  # fmt: skip
"""Fields that wait until the interview is opened again: right after a call there is no time for them."""


def new_interview(app: ReviewApp, metric: str = "") -> RecordForm:
    """A form for a call that was just held, about the product on the grid."""
    product = app.position.product
    values: dict[str, Any] = {
        "held_on": app.as_of,
        "channel": CHANNELS[0],
        "products": (product,) if product and product != "*" else (),
        "metrics": (metric,) if metric else (),
        "technical": "unknown",
        "icp": "unknown",
        "consent": _NOT_ASKED,
        "reward": _NO_REWARD,
    }

    def save(typed: Mapping[str, Any], store: RecordStore) -> Interview:
        made = _values(app, typed, None)
        return store.create(INTERVIEWS, "", {**made, "interviewer": store.me}, app.as_of)

    key = DraftKey(_DRAFT, place=metric)
    fields = [field for field in _fields(app) if field.key not in _LATER]
    return RecordForm("New interview", fields, values, key, save, check=_check, first="topic")


def edit_interview(app: ReviewApp, interview: Interview) -> RecordForm:
    """A form for everything about an interview."""
    fields = _fields(app, _consent_name(interview.consent))
    values: dict[str, Any] = {field.key: getattr(interview, field.key, None) for field in fields}
    reward = interview.reward
    values |= {
        "quotes": quotes_text(interview.quotes),
        "follow_ups": follow_ups_text(interview.follow_ups),
        "consent": _consent_name(interview.consent),
        "consent_until": interview.consent.expires if interview.consent is not None else None,
        "reward": reward.kind if reward is not None else _NO_REWARD,
        "amount": reward.amount if reward is not None else None,
        "code_ref": reward.code_ref if reward is not None else "",
        "sent_on": reward.sent_on if reward is not None else None,
        "minutes": str(interview.minutes) if interview.minutes is not None else None,
    }

    def save(typed: Mapping[str, Any], store: RecordStore) -> Saved[Interview]:
        return store.save(interview, _values(app, typed, interview))

    heading = safe_text(interview_title(interview))
    return RecordForm(heading, fields, values, DraftKey(_DRAFT, interview.id), save, check=_check, first="summary")


def withdraw_form(app: ReviewApp, interview: Interview) -> RecordForm:
    """Says what goes, and asks for the word that does it."""
    found = consequences(app.records, interview)
    what = FormField("goes", "What goes", "text")
    word = FormField("sure", "Type yes", "line", required=True, hint="and press Ctrl+S; Esc leaves everything as it is")

    def check(typed: Mapping[str, Any]) -> Mapping[str, str]:
        return {} if str(typed["sure"]).strip().lower() == "yes" else {"sure": "Type yes, or press Esc to leave it."}

    def save(_typed: Mapping[str, Any], store: RecordStore) -> Saved[Interview]:
        saved = withdraw(store, interview, app)
        app.library.forget()
        return saved

    heading = safe_text(f"Withdraw the consent to: {interview_title(interview)}")
    values = {"goes": found.words}
    return RecordForm(
        heading, (what, word), values, DraftKey("withdrawal", interview.id), save, check=check, first="sure"
    )


def withdraw(store: RecordStore, interview: Interview, app: ReviewApp) -> Saved[Interview]:
    """Remove what was said; also what somebody else added meanwhile. Blocks."""
    changes = withdrawal(app.as_of)
    saved = store.save(interview, changes)
    for draft in app.journal.found():
        if draft.key.record == interview.id:
            app.journal.drop(draft.key)
    if any(getattr(saved.record, name) for name, value in changes.items() if value is None):
        saved = store.save(saved.record, changes)
    return saved


def withdrawn_words() -> str:
    """What to say after it."""
    return HISTORY_WARNING


def draft_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in; None where its interview is gone."""
    if not key.record:
        return new_interview(app, key.place)
    interview = app.records.by_id(key.record)
    if not isinstance(interview, Interview):
        return None
    return edit_interview(app, interview) if key.kind == _DRAFT else withdraw_form(app, interview)


def _fields(app: ReviewApp, consent: str = "") -> tuple[FormField, ...]:
    """The fields; what a call in a hurry needs comes first, everything may stay empty but the topic."""
    interviews = app.records.of(INTERVIEWS)
    companies = sorted({item.company for item in interviews if item.company})
    roles = sorted({item.role for item in interviews if item.role})
    people = sorted({item.interviewer for item in interviews if item.interviewer})
    products, metrics = _products(app), _metrics(app)
    consents = [_NOT_ASKED, _REFUSED, *(name for name, _ in _CONSENTS)]
    consents += [consent] if consent and consent not in consents else []
    return (
        FormField("topic", "Topic", "line", required=True, suggestions=sorted({item.topic for item in interviews})),
        FormField("first_name", "First name", "line", hint="no surname"),
        FormField("company", "Company", "line", suggestions=companies),
        FormField("role", "Role", "line", suggestions=roles),
        FormField("summary", "Summary", "text", hint="what was learned"),
        FormField("tags", "Tags", "tags", suggestions=used_tags(app.records)),
        FormField("consent", "Consent to", "choice", choices=consents, required=True),
        FormField("quotes", "Quotes", "text", hint=QUOTES_HINT),
        FormField("follow_ups", "Follow-ups", "text", hint=FOLLOW_UPS_HINT),
        FormField("metrics", "Metrics", "tags", suggestions=metrics),
        FormField("products", "Products", "tags", suggestions=products),
        FormField("held_on", "Day", "date", required=True),
        FormField("channel", "Channel", "choice", choices=[(item, item.replace("_", " ")) for item in CHANNELS]),
        FormField("minutes", "Minutes", "number"),
        FormField("interviewer", "Interviewer", "line", suggestions=people),
        FormField("others_present", "Also there", "tags", suggestions=people),
        FormField("first_interview", "First one", "flag", hint="the first with this person"),
        FormField("technical", "Technical", "choice", choices=KNOWN),
        FormField("icp", "ICP", "choice", choices=KNOWN, hint="who the product is for"),
        FormField("recruited_by", "Found by", "line", hint="survey, Slack, e-mail"),
        FormField("reward", "Reward", "choice", choices=[_NO_REWARD, *REWARD_KINDS]),
        FormField("amount", "Amount", "number", hint="empty: as last time, for such a conversation"),
        FormField("code_ref", "Its code", "line", hint="where it can be found, not the code"),
        FormField("sent_on", "Sent on", "date"),
        FormField("consent_until", "Consent ends", "date"),
        FormField("recording", "Recording", "line", hint="an address; needs consent"),
        FormField("document", "Document", "line", hint="an address"),
        FormField("calendar", "Calendar", "line", hint="an address"),
        FormField("person", "Profile", "line", hint="an address"),
        FormField("corrections", "Corrections", "text", hint="to an automatic summary"),
    )


def _values(app: ReviewApp, typed: Mapping[str, Any], before: Interview | None) -> dict[str, Any]:
    """What is saved of what was typed."""
    values = {key: value for key, value in typed.items() if key not in _OWN_FORM}
    channel = typed.get("channel") or CHANNELS[0]
    minutes = typed.get("minutes")
    values |= {
        "channel": channel,
        "technical": typed.get("technical") or "unknown",
        "icp": typed.get("icp") or "unknown",
        "minutes": int(minutes) if minutes else None,
        "quotes": read_quotes(str(typed.get("quotes") or ""), before.quotes if before else (), _new_id),
        "follow_ups": read_follow_ups(
            str(typed.get("follow_ups") or ""), before.follow_ups if before else (), _new_id, app.as_of
        ),
        "consent": _consent(app, typed, before.consent if before else None),
        "reward": _reward(typed, usual_reward(channel, app.records.of(INTERVIEWS))),
    }
    return values


_OWN_FORM = ("consent_until", "amount", "code_ref", "sent_on")


def _consent(app: ReviewApp, typed: Mapping[str, Any], before: Consent | None) -> Consent | None:
    name, until = str(typed.get("consent") or _NOT_ASKED), typed.get("consent_until")
    if before is not None and name == _consent_name(before) and until == before.expires:
        return before
    if name == _NOT_ASKED:
        return None
    if name == _REFUSED:
        return Consent(asked=True)
    scope = next((found for label, found in _CONSENTS if label == name), before.scope if before is not None else ())
    given_on = before.given_on if before is not None and before.given else app.as_of
    given_by = before.given_by if before is not None else ""
    return Consent(asked=True, given=True, given_by=given_by, given_on=given_on, scope=scope, expires=until)


def _consent_name(consent: Consent | None) -> str:
    if consent is None or not (consent.asked or consent.given):
        return _NOT_ASKED
    if not consent.given:
        return _REFUSED
    known = next((name for name, scope in _CONSENTS if scope == consent.scope), "")
    return known or ", ".join(consent.scope) or "nothing named"


def _reward(typed: Mapping[str, Any], usual: str) -> Reward | None:
    kind = typed.get("reward") or _NO_REWARD
    if kind == _NO_REWARD:
        return None
    amount = typed.get("amount")
    return Reward(
        kind=kind,
        amount=str(amount) if amount is not None and str(amount) else usual,
        code_ref=typed.get("code_ref") or "",
        sent_on=typed.get("sent_on"),
    )


def _check(typed: Mapping[str, Any]) -> Mapping[str, str]:
    wrong = {}
    given = str(typed.get("consent") or "") not in (_NOT_ASKED, _REFUSED, "")
    problem = consent_problem(str(typed.get("recording") or ""), Consent(asked=True, given=given))
    if problem:
        wrong["recording"] = problem
    if typed.get("first_interview"):
        lacking = [key for key in ("company", "role") if not str(typed.get(key) or "").strip()]
        lacking += ["technical"] if (typed.get("technical") or "unknown") == "unknown" else []
        wrong |= dict.fromkeys(lacking, CONTEXT_MISSING)
    minutes = typed.get("minutes")
    if minutes and (minutes != int(minutes) or not 1 <= minutes <= _MOST_MINUTES):
        wrong["minutes"] = "Minutes are a whole number, at most a day."
    return wrong


_MOST_MINUTES = 24 * 60


def _new_id() -> str:
    return token_hex(3)


def _products(app: ReviewApp) -> tuple[str, ...]:
    loaded = app.sheet_state.loaded
    return tuple(product.id for product in loaded.sheet.products if product.id != "*") if loaded is not None else ()


def _metrics(app: ReviewApp) -> tuple[str, ...]:
    loaded, product = app.sheet_state.loaded, app.position.product
    if loaded is None or product is None:
        return ()
    return tuple(metric.id for metric in loaded.sheet.metrics_of(product))


def step_done(app: ReviewApp, interview: Interview, step: str) -> Mapping[str, Any]:
    """What is changed in an interview once a step of its queue is done."""
    from dataclasses import replace

    if step in STEP_WORDS and step != "reward_sent":
        return {"after_call": tuple(sorted({*interview.after_call, step}))}
    if step == "reward_sent":
        return {"reward": replace(interview.reward, sent_on=app.as_of)} if interview.reward is not None else {}
    wanted = step.removeprefix("follow_up:")
    rows = (
        replace(item, done_on=app.as_of) if item.id == wanted and item.done_on is None else item
        for item in interview.follow_ups
    )
    return {"follow_ups": tuple(rows)}
