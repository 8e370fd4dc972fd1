"""The lower right part of the metric screen: rows behind the cell, segments, six weeks, definition. Pure."""

from __future__ import annotations

from enum import StrEnum
from math import isclose
from typing import TYPE_CHECKING

from reviewtui.metrics.drill_plans import ADDS_UP_TO, ROW_COUNT
from reviewtui.metrics.formats import exact
from reviewtui.metrics.sheet import Status
from reviewtui.widgets.day_strip import strip_lines
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.panel_text import meaning_lines
from reviewtui.widgets.row_table import head_height, table_lines
from reviewtui.widgets.spans import Line, Span

if TYPE_CHECKING:
    from reviewtui.metrics.drilldown import DrillDown, RowTable
    from reviewtui.metrics.sheet import Cell, Metric
    from reviewtui.widgets.cell_facts import CellFacts

TOLERANCE = 0.01
"""Sums within this of the cell are the same: cents, as in the bridge of MRR."""


class Section(StrEnum):
    """What can be looked at."""

    ROWS = "Rows"
    SEGMENTS = "Segments"
    WEEKS = "Six weeks"
    DEFINITION = "Definition"


SECTIONS = tuple(Section)


def tab_line(chosen: Section) -> Line:
    """The names of the sections, the chosen one marked."""
    spans: list[Span] = []
    for section in SECTIONS:
        if section is chosen:
            spans.append(Span(f"[{section}]", "title"))
        else:
            spans.append(Span(f" {section} ", "quiet"))
    return tuple(spans)


def waiting_lines(words: str, width: int) -> list[Line]:
    """A sentence in place of what is not there."""
    return [(), *((Span(text, "note"),) for text in wrap(words, width))]


def section_lines(
    section: Section,
    found: DrillDown,
    facts: CellFacts,
    subject: tuple[Metric, Cell],
    size: tuple[int, int],
    first: int,
    chosen: int | None = None,
) -> list[Line]:
    """A section in `size` = (width, height), its rows from `first` on, row `chosen` marked."""
    width, height = size
    if height < 1:
        return []
    if section is Section.DEFINITION:
        return meaning_lines(facts, width)[first : first + height]
    if section is Section.WEEKS:
        if found.strip is None:
            return waiting_lines("There are no daily data for this metric.", width)[:height]
        return strip_lines(found.strip, width)[:height]
    table = found.rows if section is Section.ROWS else found.segments
    if table is None:
        words = found.reason if section is Section.ROWS else "There are no customer segments for this metric."
        return waiting_lines(words or "There are no rows behind this cell.", width)[:height]
    head = _head(table, width, subject, is_rows=section is Section.ROWS)
    return [*head, *table_lines(table, width, first, height - len(head), chosen)][:height]


def scroll_range(
    section: Section, found: DrillDown, facts: CellFacts, subject: tuple[Metric, Cell], size: tuple[int, int]
) -> tuple[int, int]:
    """How many rows a section has, and how many of them are shown at once in `size` = (width, height)."""
    width, height = size
    if section is Section.DEFINITION:
        return len(meaning_lines(facts, width)), max(1, height)
    table = found.rows if section is Section.ROWS else found.segments if section is Section.SEGMENTS else None
    if table is None:
        return 0, 1
    above = len(_head(table, width, subject, is_rows=section is Section.ROWS)) + head_height(table)
    return len(table.rows), max(1, height - above)


def _head(table: RowTable, width: int, subject: tuple[Metric, Cell], *, is_rows: bool) -> list[Line]:
    shown, found = len(table.rows), table.found
    count = f"{shown:,} of {found:,}" if shown < found else f"{found:,}"
    lines: list[Line] = [(Span(text, "heading"),) for text in wrap(f"{table.heading}: {count}", width)]
    if is_rows:
        words, agrees = sum_check(table, *subject)
        lines += [(Span(text, "quiet" if agrees else "note"),) for text in wrap(words, width)]
    return lines + [(Span(text, "quiet"),) for text in wrap(table.note, width)]


def sum_check(table: RowTable, metric: Metric, cell: Cell, called: str = "") -> tuple[str, bool]:
    """Whether the rows give the cell, in words and as a verdict; no words where they are not meant to.

    `called` is what the number is called where no cell is on the screen.
    """
    if metric.id not in ADDS_UP_TO or cell.status is Status.FORECAST:
        return "", True
    heading, part = ADDS_UP_TO[metric.id]
    wanted: float | None = getattr(cell, part)
    if wanted is None:
        return "", True
    total: float | None = float(table.found)
    if heading != ROW_COUNT:
        place = next((at for at, column in enumerate(table.columns) if column.name == heading), None)
        total = table.totals[place] if place is not None and table.totals else None
        total = 0.0 if total is None and not table.found else total
    if total is None:
        return "", True
    name = called or f"the cell's {part}"
    if isclose(abs(total), abs(wanted), rel_tol=1e-9, abs_tol=TOLERANCE):
        return f"They give {name}: {exact(wanted)}.", True
    words = f"They give {exact(total)}, but {name} is {exact(wanted)}: the data have changed since."
    return f"{words} Press r on the grid.", False
