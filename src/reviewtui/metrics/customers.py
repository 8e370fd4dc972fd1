"""The customers behind a month's MRR: what is asked of the child process, and the order of its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewtui.metrics.drill_plans import COUNT, MONEY, TEXT, RowPlan
from reviewtui.metrics.drilldown import CellQuestion
from reviewtui.metrics.sheet import Metric, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.drilldown import Datum, RowTable
    from reviewtui.months import Month
    from reviewtui.sources.state import FoundTable

CUSTOMERS = Metric("customers", "Customers", "revenue", Unit.MONEY, query="customers")
"""Stands for the list of customers where a metric is asked for; no sheet has it."""

MRR_COLUMN, NAME_COLUMN = "MRR now", "Customer"
_ANSWER_COLUMNS, _TICKET_COLUMN = ("NPS", "Answered"), "Open tickets"

_ROWS = RowPlan(
    "Customers",
    "drill_customer_list",
    (
        ("customer", NAME_COLUMN, TEXT),
        ("segment", "Segment", TEXT),
        ("mrr_now", MRR_COLUMN, MONEY),
        ("change", "Change", MONEY),
        ("movement", "Movement", TEXT),
        ("share", "Share", Unit.PERCENT),
        ("score", "NPS", COUNT),
        ("answered_on", "Answered", TEXT),
        ("open_tickets", _TICKET_COLUMN, COUNT),
        ("paid_since", "Paying since", TEXT),
    ),
    "size desc, customer, customer_id",
    sums=(MRR_COLUMN, "Change", "Share"),
    drop=("Answered", "Paying since", "Segment", "Share", _TICKET_COLUMN, "NPS", "Movement"),
)


def customer_rows(found: Sequence[FoundTable]) -> RowPlan:
    """What to read of each customer, given the tables there are."""
    tables = {item.table for item in found}
    has_org = any(item.table == "customer" and "org_id" in item.columns for item in found)
    absent = [*(_ANSWER_COLUMNS if not has_org or "survey_response" not in tables else ())]
    absent += [] if has_org and "ticket" in tables else [_TICKET_COLUMN]
    is_unlinked = not has_org and tables & {"survey_response", "ticket"}
    note = "No customer has an org_id, so their answers and tickets are not known." if is_unlinked else ""
    columns = tuple(column for column in _ROWS.columns if column[1] not in absent)
    return replace(_ROWS, columns=columns, drop=tuple(name for name in _ROWS.drop if name not in absent), note=note)


def customers_question(product: str, month: Month) -> CellQuestion:
    """Asks for the customers of a product (`*`: of all) in a month."""
    return CellQuestion(product, CUSTOMERS, month)


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column rows are sorted."""

    column: str = MRR_COLUMN
    reverse: bool = False
    """Whether the usual direction is turned round: numbers and dates fall, names rise."""


def sorted_rows(table: RowTable, sorting: Sorting) -> tuple[tuple[Datum, ...], ...]:
    """The rows by a column, those without a value last in either direction; equals keep their order."""
    place = next((at for at, column in enumerate(table.columns) if column.name == sorting.column), None)
    if place is None:
        return table.rows
    known = [row for row in table.rows if row[place] not in (None, "")]
    lacking = [row for row in table.rows if row[place] in (None, "")]
    is_text = any(isinstance(row[place], str) for row in known) and sorting.column != "Paying since"
    known.sort(key=lambda row: _sort_key(row[place]), reverse=is_text == sorting.reverse)
    return (*known, *lacking)


def _sort_key(value: Datum) -> tuple[float, str]:
    if isinstance(value, int | float):
        return value, ""
    return 0.0, str(value).casefold()
