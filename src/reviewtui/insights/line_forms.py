"""Lists of small things as lines of one text field, and back: hypotheses, quotes, follow-ups, accounts.

Typing lines is quicker than filling in a form for each. What a line does not show, such as an id, is kept from the
row that the line was before, also where it was changed a little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Protocol, TypeVar

from reviewtui.months import Month
from reviewtui.workspace.kinds.dives import Hypothesis
from reviewtui.workspace.kinds.interviews import FOLLOW_UP_KINDS, FollowUp, Quote
from reviewtui.workspace.kinds.visits import ACCOUNT_STATES, Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    NewId = Callable[[], str]


class _Row(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Row)

_SIGNS = {"open": "?", "supported": "+", "rejected": "-"}
_STATES = {sign: state for state, sign in _SIGNS.items()} | {"−": "rejected"}
_STANCES = {"+": "supports", "-": "contradicts", "−": "contradicts"}
_BLANK = "\\"
"""Stands for an empty line inside a quote."""
_FACT = re.compile(r"#\S*|@\S*|[+\-−]|\d{4}-\d\d(?:\.\.\d{4}-\d\d)?")
_FOLLOW_UP = re.compile(
    r"(?:\[(?P<done>[ xX]?)\]\s*)?(?:(?P<kind>answer|issue|other):\s*)?(?P<text>.*?)"
    r"(?:\s+@(?P<assignee>\S*))?(?:\s+<(?P<link>[^<>\s]*)>)?\s*"
)
_ACCOUNT = re.compile(r"(?:(?P<state>[a-z_ ]+):\s*)?(?P<company>.*?)(?:\s+\((?P<owner>[^()]*)\))?\s*")
_ALIKE = 0.6

HYPOTHESES_HINT = "one a line: ? open, + supported, - rejected"
QUOTES_HINT = "a blank line between; below each, if you like: #tag @metric + or - 2026-03"
FOLLOW_UPS_HINT = "one a line: answer: or issue: what, @who, <link>"
ACCOUNTS_HINT = "one a line: state: company (account owner)"


def hypotheses_text(rows: Iterable[Hypothesis]) -> str:
    """One a line, after a sign for its state."""
    return "\n".join(f"{_SIGNS[row.state]} {' '.join(row.text.split())}" for row in rows)


def read_hypotheses(text: str, before: Sequence[Hypothesis], new_id: NewId) -> tuple[Hypothesis, ...]:
    """What the lines say."""
    found = []
    for line in _lines(text):
        sign, _, words = line.partition(" ")
        state = _STATES.get(sign)
        words = words.strip() if state is not None else line
        if words:
            found.append(Hypothesis(id="", text=words, state=state or "open"))
    return _with_ids(found, before, lambda row: row.text, new_id, lambda old, new: replace(new, id=old.id))


def quotes_text(rows: Iterable[Quote]) -> str:
    """A paragraph each, with a line of facts below where there are any."""
    return "\n\n".join(_quote_text(row) for row in rows)


def read_quotes(text: str, before: Sequence[Quote], new_id: NewId) -> tuple[Quote, ...]:
    """What the paragraphs say."""
    found = []
    for block in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
        lines = [line.rstrip() for line in block.split("\n")]
        facts = lines.pop() if len(lines) > 1 and _is_facts(lines[-1]) else ""
        words = "\n".join("" if line == _BLANK else line for line in lines).strip()
        if words:
            found.append(_quote(words, facts))

    def kept(old: Quote, new: Quote) -> Quote:
        return replace(new, id=old.id, refs=old.refs)

    return _with_ids(found, before, lambda row: row.text, new_id, kept)


def follow_ups_text(rows: Iterable[FollowUp]) -> str:
    """One a line."""
    return "\n".join(map(_follow_up_text, rows))


def read_follow_ups(text: str, before: Sequence[FollowUp], new_id: NewId, day: date) -> tuple[FollowUp, ...]:
    """What the lines say; what is marked as done now was done on `day`."""
    found = []
    for line in _lines(text):
        match = _FOLLOW_UP.fullmatch(line)
        if match is None or not match["text"].strip():
            continue
        found.append(
            FollowUp(
                id="",
                text=match["text"].strip(),
                kind=match["kind"] or FOLLOW_UP_KINDS[0],
                assignee=match["assignee"] or "",
                link=match["link"] or "",
                done_on=day if (match["done"] or "").strip() else None,
            )
        )

    def kept(old: FollowUp, new: FollowUp) -> FollowUp:
        return replace(new, id=old.id, done_on=new.done_on and (old.done_on or new.done_on))

    return _with_ids(found, before, lambda row: row.text, new_id, kept)


def accounts_text(rows: Iterable[Account]) -> str:
    """One a line."""
    return "\n".join(map(_account_text, rows))


def read_accounts(text: str, before: Sequence[Account], new_id: NewId) -> tuple[Account, ...]:
    """What the lines say; without a state an account is researched."""
    found = []
    for line in _lines(text):
        match = _ACCOUNT.fullmatch(line)
        if match is None:
            continue
        state = (match["state"] or "").strip().replace(" ", "_")
        company = (
            match["company"]
            if state in ACCOUNT_STATES or not match["state"]
            else f"{match['state']}: {match['company']}"
        )
        if company.strip():
            state = state if state in ACCOUNT_STATES else ACCOUNT_STATES[0]
            found.append(Account(id="", company=company.strip(), state=state, account_owner=match["owner"] or ""))

    def kept(old: Account, new: Account) -> Account:
        return replace(old, company=new.company, state=new.state, account_owner=new.account_owner)

    return _with_ids(found, before, lambda row: row.company, new_id, kept)


@dataclass(frozen=True, slots=True)
class _Facts:
    tags: tuple[str, ...]
    metrics: tuple[str, ...]
    stance: str
    month: Month | None
    until: Month | None


def _quote_text(row: Quote) -> str:
    lines = [line.rstrip() or _BLANK for line in row.text.strip().split("\n")]
    facts = [f"#{tag}" for tag in row.tags] + [f"@{metric}" for metric in row.metrics]
    if row.stance != "context":
        facts.append("+" if row.stance == "supports" else "-")
    if row.month is not None:
        facts.append(f"{row.month}..{row.until}" if row.until is not None else str(row.month))
    if any(" " in tag for tag in (*row.tags, *row.metrics)):
        facts = [fact.replace(" ", "\u00a0") for fact in facts]
    if facts or (len(lines) > 1 and _is_facts(lines[-1])):
        lines.append(" ".join(facts) or "#")
    return "\n".join(lines)


def _quote(words: str, line: str) -> Quote:
    facts = _facts(line)
    return Quote(
        id="",
        text=words,
        tags=facts.tags,
        metrics=facts.metrics,
        stance=facts.stance,
        month=facts.month,
        until=facts.until,
    )


def _facts(line: str) -> _Facts:
    tags, metrics, stance, month, until = set(), set(), "context", None, None
    for part in line.split(" "):
        name = part[1:].replace("\u00a0", " ").strip()
        if part in _STANCES:
            stance = _STANCES[part]
        elif part.startswith("#") and name:
            tags.add(name)
        elif part.startswith("@") and name:
            metrics.add(name)
        elif part[:1].isdigit():
            first, _, last = part.partition("..")
            month, until = _month(first), _month(last)
    return _Facts(tuple(sorted(tags)), tuple(sorted(metrics)), stance, month, until)


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _is_facts(line: str) -> bool:
    parts = [part for part in line.strip().split(" ") if part]
    return bool(parts) and all(_FACT.fullmatch(part) for part in parts)


def _follow_up_text(row: FollowUp) -> str:
    words = " ".join(row.text.split())
    needs_end = re.search(r"\s@\S*$|\s<[^<>\s]*>$", words) is not None
    who = f" @{row.assignee}" if row.assignee or needs_end or row.link else ""
    link = f" <{row.link}>" if row.link else ""
    return f"{'[x] ' if row.done_on is not None else ''}{row.kind}: {words}{who}{link}"


def _account_text(row: Account) -> str:
    words = " ".join(row.company.split())
    owner = f" ({row.account_owner})" if row.account_owner or words.endswith(")") else ""
    return f"{row.state}: {words}{owner}"


def _lines(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.split("\n")) if line]


def _with_ids(
    found: Sequence[R],
    before: Sequence[R],
    text_of: Callable[[R], str],
    new_id: NewId,
    kept: Callable[[R, R], R],
) -> tuple[R, ...]:
    """The rows found, each with what it was before: the one of the same text, else the one most like it."""
    left = list(before)
    partners: list[R | None] = []
    for row in found:
        same = next((old for old in left if text_of(old) == text_of(row)), None)
        if same is not None:
            left.remove(same)
        partners.append(same)
    for place, row in enumerate(found):
        if partners[place] is None and left:
            best = max(left, key=lambda old: _likeness(text_of(old), text_of(row)))
            if _likeness(text_of(best), text_of(row)) >= _ALIKE:
                left.remove(best)
                partners[place] = best
    return tuple(
        kept(old, row) if old is not None else replace(row, id=new_id())  # type: ignore[type-var]
        for old, row in zip(partners, found, strict=True)
    )


_LONGEST_COMPARED = 2_000


def _likeness(first: str, second: str) -> float:
    return SequenceMatcher(None, first[:_LONGEST_COMPARED], second[:_LONGEST_COMPARED], autojunk=False).ratio()
