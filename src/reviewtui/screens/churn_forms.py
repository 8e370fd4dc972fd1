"""The forms for why a customer left, and what is offered in them: those who left and have no reason yet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reviewtui.form_fields import FormField
from reviewtui.metrics.customers import NAME_COLUMN
from reviewtui.reviews.churn import CAUSE_WORDS, without_reason
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.screens.review_forms import draft_key, heading
from reviewtui.text import safe_text
from reviewtui.workspace.kinds.reviews import CHURN_CAUSES, CHURN_REASONS, PREVENTABLE, ChurnReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.metrics.drilldown import RowTable
    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.workspace.store import RecordStore

MOVEMENT_COLUMN, CHANGE_COLUMN = "Movement", "Change"
"""The columns of rows of customers that say what happened, and by how much their MRR changed."""

_MRR = FormField("mrr", "MRR lost", "number", hint="empty: what the numbers say, where they know the customer")
_NOTE = FormField("note", "Note", "text", hint="Markdown")
_CAUSES = tuple((name, CAUSE_WORDS[name].lower()) for name in CHURN_CAUSES)
_CAUSE = FormField("cause", "Because of", "choice", choices=_CAUSES, required=True)
_PREVENTABLE = FormField("preventable", "Preventable", "choice", choices=PREVENTABLE, required=True)


def who_left(rows: RowTable | None) -> dict[str, float]:
    """The customers among `rows` that stopped paying, each with the MRR that was lost; the largest first."""
    columns = [column.name for column in rows.columns] if rows is not None else []
    if rows is None or not {NAME_COLUMN, MOVEMENT_COLUMN, CHANGE_COLUMN} <= set(columns):
        return {}
    name, movement, change = (columns.index(column) for column in (NAME_COLUMN, MOVEMENT_COLUMN, CHANGE_COLUMN))
    left = [(str(row[name]), row[change]) for row in rows.rows if row[movement] == "churned" and row[name]]
    lost = {customer: abs(amount) for customer, amount in left if isinstance(amount, int | float)}
    return dict(sorted(lost.items(), key=lambda item: -item[1]))


def churn_form(review: MonthReview, left: Mapping[str, float], customer: str = "") -> RecordForm:
    """A form for why a customer left; `left` are those who did, with the MRR that was lost, to be offered."""
    waiting = without_reason(review.churn_reasons, review.product.id, review.month, left)
    hint = f"{len(waiting):,} of {len(left):,} have no reason yet" if left else "as the Customers screen calls it"
    fields = (
        FormField("customer", "Customer", "line", required=True, suggestions=waiting or tuple(left), hint=hint),
        _CAUSE,
        _PREVENTABLE,
        _MRR,
        _NOTE,
    )
    values = {"preventable": "unknown", "customer": customer or (waiting[0] if waiting else "")}

    def save(typed: Mapping[str, Any], store: RecordStore) -> ChurnReason:
        mrr = typed.get("mrr") or left.get(typed["customer"])
        facts = {**typed, "mrr": _digits(mrr), "month": review.month, "said_on": review.today, "author": store.me}
        return store.create(CHURN_REASONS, review.product.id, facts, review.today)

    words = heading("Why a customer left", review)
    return RecordForm(words, fields, values, draft_key("churn reason", review), save)


def edit_churn(reason: ChurnReason) -> RecordForm:
    """A form that changes a reason."""
    fields = (_CAUSE, _PREVENTABLE, _MRR, _NOTE)
    values: dict[str, Any] = {field.key: getattr(reason, field.key) for field in fields}
    values["mrr"] = Decimal(reason.mrr) if reason.mrr else None

    def save(typed: Mapping[str, Any], store: RecordStore) -> ChurnReason:
        return store.save(reason, {**typed, "mrr": _digits(typed.get("mrr"))}).record

    words = safe_text(f"Why {reason.customer} left in {reason.month.long_label}")
    return RecordForm(words, fields, values, DraftKey("churn reason", reason.id), save)


def _digits(amount: Decimal | float | None) -> str:
    """An amount digit by digit; a number of the sheet to the cent."""
    if amount is None:
        return ""
    return f"{amount:f}" if isinstance(amount, Decimal) else f"{amount:.2f}"
