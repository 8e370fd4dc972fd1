"""Which events there are, by name: from all rows, or from the newest and what was kept of those before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics import event_inputs
from reviewtui.metrics.change_marks import event_marks, meaning_of
from reviewtui.metrics.event_slices import hashed_columns, marks_by_slices
from reviewtui.metrics.kept import EVERYTHING
from reviewtui.metrics.parameters import local_midnight_us
from reviewtui.metrics.sql_files import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.change_marks import EventMarks
    from reviewtui.metrics.work import Work
    from reviewtui.months import Month

EVENT_NAMES = "event names"
MOST_NAMES = 5_000
"""With more names than this nothing is kept of them, nor where one looks like the address of a person."""


def marks_of_events(work: Work) -> EventMarks:
    """The marks of the events; taken once."""
    if work.event_marks is None:
        work.progress("Looking for changed events")
        zone = work.request.time_zone
        marks = marks_by_slices(work)
        columns = hashed_columns(work)
        work.event_marks = marks or event_marks(work.connection, zone, event_inputs.slot_seconds(zone), columns)
    return work.event_marks


def name_events(work: Work) -> None:
    """Make `named_event` as `event_inputs.name_events` does, of no more events than need be read."""
    if work.keeps is None:
        event_inputs.name_events(work.connection)
        return
    found = marks_of_events(work)
    marks, meaning = {"event": found.months}, meaning_of(work.request.time_zone)
    since = EVERYTHING if found.has_others else work.since(EVENT_NAMES, meaning, marks)
    kept = work.kept_sums(EVENT_NAMES, EVENT_NAMES, 0, since)
    # The month before the open one still gets late events.
    last = work.current - 2
    _collect_names(work, kept, last)
    work.connection.execute(
        f"create or replace table named_event as select *, cast(0 as bigint) as odd from ({_SUMMED.format('true')})"
    )
    counted = "select count(*), coalesce(bool_or(contains(event, '@')), false) from named_event"
    names, holds_addresses = work.connection.execute(counted).fetchone() or (0, False)
    over = f"select {last.index}, * from ({_SUMMED.format('is_over')})"
    is_kept = names <= MOST_NAMES and not holds_addresses and not found.has_others
    work.keep(EVENT_NAMES, meaning, marks, {EVENT_NAMES: over} if is_kept else {})


def _collect_names(work: Work, kept: Sequence[tuple[object, ...]], last: Month) -> None:
    """Make `known_name` of the rows `kept` and the events after them; `is_over` says which are not after `last`."""
    zone = work.request.time_zone
    unread = event_inputs.within((int(str(kept[0][0])) + 1, None), zone, work.inputs.instant_type) if kept else "true"
    end_us = local_midnight_us((last + 1).first_day, zone)
    work.connection.execute(
        f"""create or replace table known_name as
        select coalesce(occurred_at_us < {end_us}, false) as is_over, product_id, event, count(*) as events,
            min(occurred_at_us) as first_us, max(occurred_at_us) as last_us
        from raw_event where {unread} group by 1, 2, 3"""
    )
    insert_rows(work.connection, "known_name", [(True, *row[1:]) for row in kept])


_SUMMED = """select product_id, event, cast(sum(events) as bigint) as events, min(first_us) as first_us,
    max(last_us) as last_us from known_name where {} group by product_id, event"""
