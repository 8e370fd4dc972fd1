"""Metrics that optional columns decide: without the column they would be a false zero, so they are not computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.sources.state import FoundTable


class Need(NamedTuple):
    """A column that some metrics cannot do without."""

    tables: tuple[str, ...]
    """The tables that may have it; one is enough."""
    column: str
    metrics: tuple[str, ...]
    unless: str = ""
    """A table that says the same in another way."""


NEEDS = (
    Need(("event", "event_month"), "org_id", ("unique_orgs", "unique_orgs_growth")),
    Need(("event",), "org_id", ("activation_rate",)),
    Need(("ticket",), "escalated_at", ("tickets_escalated", "escalated_sla"), unless="ticket_event"),
    Need(("ticket",), "escalation_reply_at", ("escalated_sla",), unless="ticket_event"),
    Need(("ticket",), "first_reply_at", ("sla",), unless="ticket_event"),
    Need(("ticket",), "priority", ("sla",)),
)


class Lack(NamedTuple):
    """A need that is not met."""

    table: FoundTable
    column: str
    metrics: tuple[str, ...]


def lacking(found: Sequence[FoundTable]) -> tuple[Lack, ...]:
    """The needs that the tables found do not meet; tables that are not there at all are no lack."""
    lacks = []
    for need in NEEDS:
        tables = [table for table in found if table.table in need.tables]
        met = any(need.column in table.columns for table in tables)
        if tables and not met and not any(table.table == need.unless for table in found):
            lacks.append(Lack(tables[0], need.column, need.metrics))
    return tuple(lacks)
