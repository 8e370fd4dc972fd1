"""The marks of the events from the slices that they are stored in: only slices that are not known are read.

What a slice adds to the marks is kept with the checksum of its bytes. An event that is changed, added or removed is in
another slice, or in one with another checksum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from reviewtui.metrics.change_marks import (
    EVENT_COLUMNS,
    EventMarks,
    marks_of_slices,
    meaning_of,
    slots_of_slices,
)
from reviewtui.metrics.conversions import literal, select_event_slices
from reviewtui.metrics.event_inputs import slot_seconds
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.sources.stored_slices import SLICE_ROWS, stored_slices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.change_marks import SliceMarks
    from reviewtui.metrics.work import Work
    from reviewtui.sources.state import FoundTable
    from reviewtui.sources.stored_slices import StoredSlices

EVENT_SLICES = "event slices"
SLICES_LOOKED_AT = 8
MOST_SLOTS = 1_000_000
"""So many slots of single slices are summed up at most; with more, it would take longer than it saves."""
MOST_RUNS = 8
"""With more runs of unknown slices than this, what lies between them is read too."""


def hashed_columns(work: Work) -> str:
    """What of an event makes its mark."""
    return work.hashed(EVENT_COLUMNS, "user_id", "org_id")


def marks_by_slices(work: Work) -> EventMarks | None:
    """The marks of all events; None where they are not stored in slices, or in too little order."""
    tables = _sliced_tables(work)
    if not tables:
        return None
    zone = work.request.time_zone
    meaning = meaning_of(zone, slot_seconds(zone), hashed_columns(work), duckdb.__version__)
    known = _known(work, meaning)
    rests = [_read_unknown(work, found, stored, known) for found, stored in tables]
    marks = [item.mark for _, stored in tables for item in stored.slices]
    rows = [(mark, month, *sums) for mark in dict.fromkeys(marks) for month, sums in known[mark].items()]
    work.leave(EVENT_SLICES, meaning, {}, {EVENT_SLICES: tuple(rows)})
    return _summed([*rests, *(known[mark] for mark in marks)])


def _sliced_tables(work: Work) -> list[tuple[FoundTable, StoredSlices]]:
    """The tables of events with their slices; none where one of them has no slices that are worth to be looked at."""
    tables = []
    for found in work.inputs.tables("event") if work.inputs.are_files else ():
        stored = stored_slices(work.connection, found) if _is_in_order(work, found) else None
        if stored is None:
            return []
        tables.append((found, stored))
    return tables


def _is_in_order(work: Work, found: FoundTable) -> bool:
    """Whether the events of a slice are of few slots; a few slices speak for all."""
    if found.is_view:
        return False
    (rows,) = work.connection.execute(f"select count(*) from {found.relation}").fetchone() or (0,)
    slices = int(rows) // SLICE_ROWS
    if slices <= SLICES_LOOKED_AT:
        return True
    zone = work.request.time_zone
    firsts = [place * slices // SLICES_LOOKED_AT * SLICE_ROWS for place in range(SLICES_LOOKED_AT)]
    event = TABLES_BY_NAME["event"]
    selects = [select_event_slices(event, found, literal(zone), (first, first + SLICE_ROWS)) for first in firsts]
    try:
        slots = slots_of_slices(work.connection, " union all ".join(selects), slot_seconds(zone))
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        # A column of their own may be called like the number of a row.
        return False
    return slots * slices <= MOST_SLOTS * SLICES_LOOKED_AT


def _known(work: Work, meaning: str) -> dict[bytes, SliceMarks]:
    kept = work.kept.get(EVENT_SLICES)
    known: dict[bytes, SliceMarks] = {}
    if kept is not None and kept.meaning == meaning:
        for mark, month, count, total in kept.sums[EVENT_SLICES]:
            if isinstance(mark, bytes):
                at = None if month is None else int(str(month))
                known.setdefault(mark, {})[at] = int(str(count)), int(str(total))
    return known


def _read_unknown(work: Work, found: FoundTable, stored: StoredSlices, known: dict[bytes, SliceMarks]) -> SliceMarks:
    """Add the slices that are not in `known`; the marks of the rest."""
    slices = stored.slices
    unknown = [place for place, item in enumerate(slices) if item.mark not in known]
    runs = _runs(unknown)
    runs = runs if len(runs) <= MOST_RUNS else [(unknown[0], unknown[-1])]
    spans: list[tuple[int, int | None]] = [(slices[first].first, slices[last].end) for first, last in runs]
    spans += [(stored.rest, None)] if stored.rest is not None else []
    if not spans:
        return {}
    zone = work.request.time_zone
    selects = [select_event_slices(TABLES_BY_NAME["event"], found, literal(zone), span) for span in spans]
    marks = marks_of_slices(
        work.connection, " union all ".join(selects), zone, slot_seconds(zone), hashed_columns(work)
    )
    for place in unknown:
        # A slice may have no event that counts; it is known all the same.
        known[slices[place].mark] = marks.get(place) or {None: (0, 0)}
    return marks.get(len(slices), {})


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of places that follow each other."""
    every = set(places)
    starts = [place for place in places if place - 1 not in every]
    ends = [place for place in places if place + 1 not in every]
    return list(zip(starts, ends, strict=True))


def _summed(parts: Sequence[SliceMarks]) -> EventMarks:
    sums: dict[int | None, tuple[int, int]] = {}
    for part in parts:
        for month, (count, total) in part.items():
            before = sums.get(month, (0, 0))
            sums[month] = before[0] + count, before[1] + total
    others, _ = sums.pop(None, (0, 0))
    return EventMarks({month: own for month, own in sums.items() if month is not None}, others > 0)
