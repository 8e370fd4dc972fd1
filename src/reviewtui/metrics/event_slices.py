"""The marks of the events from the slices that they are stored in: only slices that are not known are read.

What a slice adds to the marks is kept with the checksum of its bytes. An event that is changed, added or removed is in
another slice, or in one with another checksum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from reviewtui.metrics.change_marks import EVENT_COLUMNS, EventMarks, marks_of_slices, meaning_of
from reviewtui.metrics.conversions import literal, select_event_slices
from reviewtui.metrics.event_inputs import slot_seconds
from reviewtui.sources.canonical import TABLES_BY_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.change_marks import SliceMarks
    from reviewtui.metrics.work import Work
    from reviewtui.sources.state import FoundTable
    from reviewtui.sources.stored_slices import StoredSlices

EVENT_SLICES = "event slices"
MOST_RUNS = 8
"""With more runs of unknown slices than this, what lies between them is read too."""


def marks_by_slices(work: Work) -> EventMarks | None:
    """The marks of all events; None where they are not stored in slices, or in too little order."""
    tables = work.inputs.event_slices()
    if not tables:
        return None
    zone = work.request.time_zone
    meaning = meaning_of(zone, slot_seconds(zone), EVENT_COLUMNS, duckdb.__version__)
    known, rests = _known(work, meaning), []
    for found, stored in tables:
        rest = _read_unknown(work, found, stored, known)
        if rest is None:
            return None
        rests.append(rest)
    marks = [item.mark for _, stored in tables for item in stored.slices]
    rows = [(mark, month, *sums) for mark in dict.fromkeys(marks) for month, sums in known[mark].items()]
    work.leave(EVENT_SLICES, meaning, {}, {EVENT_SLICES: tuple(rows)})
    return _summed([*rests, *(known[mark] for mark in marks)])


def _known(work: Work, meaning: str) -> dict[bytes, SliceMarks]:
    kept = work.kept.get(EVENT_SLICES)
    known: dict[bytes, SliceMarks] = {}
    if kept is not None and kept.meaning == meaning:
        for mark, month, count, total in kept.sums[EVENT_SLICES]:
            if isinstance(mark, bytes):
                at = None if month is None else int(str(month))
                known.setdefault(mark, {})[at] = int(str(count)), int(str(total))
    return known


def _read_unknown(
    work: Work, found: FoundTable, stored: StoredSlices, known: dict[bytes, SliceMarks]
) -> SliceMarks | None:
    """Add the slices that are not in `known`; the marks of the rest, or None where events are in too little order."""
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
    marks = marks_of_slices(work.connection, " union all ".join(selects), zone, slot_seconds(zone))
    if marks is None:
        return None
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
