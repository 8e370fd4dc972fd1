"""Mark the months of the input tables, so that a later run knows which of them changed. DuckDB's own hash is used."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reviewtui.metrics.conversions import literal
from reviewtui.metrics.parameters import MONTH_OF
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.kept import Marks

EVENT_COLUMNS = "product_id, event, user_id, org_id, occurred_at_us"


def both_ways(columns: str, *texts: str) -> str:
    """`columns` and the `texts` among them once more, backwards: what to hash where many ids are alike.

    DuckDB's quick hash gives many ids of more than twelve letters that differ in two places the same number.
    """
    return ", ".join((columns, *(f"reverse({text})" for text in texts)))


def month_marks(connection: DuckDBPyConnection, relation: str, month: str, columns: str) -> Marks:
    """The marks of `relation` by the month index `month` (SQL), over `columns` (SQL, separated by commas)."""
    rows = connection.execute(
        f"select {month}, count(*), sum(hash({columns})) from {relation} group by 1 having {month} is not null"
    ).fetchall()
    return {int(index): (int(count), int(total)) for index, count, total in rows}


class EventMarks(NamedTuple):
    """The marks of all events."""

    months: Marks
    has_others: bool
    """Whether there are events without a time, or so far away that they belong to no month."""


SliceMarks = dict["int | None", tuple[int, int]]
"""Month index to the number of rows and the sum of their hashes; None: events that belong to no month."""


def event_marks(connection: DuckDBPyConnection, zone: str, width: int, columns: str) -> EventMarks:
    """The marks of `raw_event` by local month, over `columns` (SQL).

    One pass, by slots of `width` seconds, which no month edge divides.
    """
    connection.execute(
        f"""create or replace table marked_slot as
        select occurred_at_us // {width * 1_000_000} as slot, count(*) as events, sum(hash({columns})) as total
        from raw_event group by 1"""
    )
    rows = connection.execute(
        f"""with dated as (
            select events, total,
                cast(timezone({literal(zone)}, make_timestamptz(slot * {width * 1_000_000})) as date) as day
            from marked_slot where slot between {-_SLOT_BOUND // width} and {_SLOT_BOUND // width}
        )
        select {MONTH_OF.format("day")}, sum(events), sum(total) from dated group by 1"""
    ).fetchall()
    (events,) = connection.execute("select coalesce(sum(events), 0) from marked_slot").fetchone() or (0,)
    connection.execute("drop table marked_slot")
    months = {int(index): (int(count), int(total)) for index, count, total in rows}
    return EventMarks(months, int(events) != sum(count for count, _ in months.values()))


def slots_of_slices(connection: DuckDBPyConnection, events: str, width: int) -> int:
    """In about how many slots the `events` of each slice are (see `marks_of_slices`), summed up."""
    slots = (
        f"select approx_count_distinct(occurred_at_us // {width * 1_000_000}) as slots from ({events}) group by slice"
    )
    row = connection.execute(f"select coalesce(sum(slots), 0) from ({slots})").fetchone()
    return int(row[0]) if row else 0


def marks_of_slices(
    connection: DuckDBPyConnection, events: str, zone: str, width: int, columns: str
) -> dict[int, SliceMarks]:
    """The marks of `events` (SQL; as `raw_event`, with a column `slice`) by slice, over `columns` (SQL)."""
    slot = f"occurred_at_us // {width * 1_000_000}"
    inside = f"slot between {-_SLOT_BOUND // width} and {_SLOT_BOUND // width}"
    at = f"case when {inside} then make_timestamptz(slot * {width * 1_000_000}) end"
    rows = connection.execute(
        f"""with marked as (
            select slice, {slot} as slot, count(*) as events, sum(hash({columns})) as total
            from ({events}) group by all
        ), dated as (
            select slice, events, total, cast(timezone({literal(zone)}, {at}) as date) as day from marked
        )
        select slice, {MONTH_OF.format("day")}, sum(events), sum(total) from dated group by all"""
    )
    found: dict[int, SliceMarks] = {}
    while (row := rows.fetchone()) is not None:
        index, month, count, total = row
        found.setdefault(int(index), {})[None if month is None else int(month)] = (int(count), int(total))
    return found


def table_mark(connection: DuckDBPyConnection, columns: str, rows: str) -> str:
    """A mark of all values of `columns` in the small relation `rows` (SQL) together, whatever their order."""
    row = connection.execute(f"select count(*), sum(hash({columns})) from {rows}").fetchone()
    return repr(row)


def meaning_of(*facts: object) -> str:
    """One text for everything that decides what sums mean."""
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


_SLOT_BOUND = 7_258_118_400
"""Seconds from 1970 to 2200: later instants are no data."""
