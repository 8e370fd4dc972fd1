"""Six weeks by day as lines: one a week, each day a block and its number, the week's total: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import compact
from reviewtui.widgets.fitting import fit, fit_right
from reviewtui.widgets.spans import Line, Span
from reviewtui.widgets.sparkline import BLOCKS

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.metrics.drilldown import DayStrip

_DAYS_IN_WEEK = 7
_LABEL, _TOTAL, _NUMBER, _BLOCK = 16, 8, 7, 3


def strip_lines(strip: DayStrip, width: int) -> list[Line]:
    """The heading, the days of the week, a line a week."""
    has_numbers = width >= _LABEL + _DAYS_IN_WEEK * _NUMBER + _TOTAL
    day_width = _NUMBER if has_numbers else _BLOCK
    names = "".join(fit_right(f"{day:%a}"[: day_width - 1], day_width) for day in strip.days[:_DAYS_IN_WEEK])
    lines: list[Line] = [
        (Span(strip.heading, "title"), Span(f" · {_day(strip.days[0])} to {_day(strip.days[-1])}", "quiet")),
        (),
        (Span(fit("", _LABEL) + names + fit_right("week", _TOTAL), "quiet"),),
    ]
    highest = max(strip.counts, default=0)
    for week, total in enumerate(strip.weeks):
        places = range(week * _DAYS_IN_WEEK, (week + 1) * _DAYS_IN_WEEK)
        first, last = strip.days[places[0]], strip.days[places[-1]]
        spans = [Span(fit(f"{_day(first)} – {_day(last)}", _LABEL), "quiet")]
        for place in places:
            number = compact(strip.counts[place]) if has_numbers else ""
            block = _block(strip.counts[place], highest)
            spans += [Span(fit_right(number, day_width - 2) + " ", "text"), Span(block, "line")]
        spans.append(Span(fit_right(compact(total), _TOTAL), "value"))
        lines.append(tuple(spans))
    return lines


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _block(count: int, highest: int) -> str:
    """A block for a share of the highest; none for none."""
    if count <= 0:
        return " "
    return BLOCKS[min(len(BLOCKS) - 1, count * len(BLOCKS) // max(1, highest))]
