"""The months of a metric as lines, newest first: value, changes, parts, what is to be known of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import STATUS_MARKS, compact, format_cell
from reviewtui.metrics.sheet import Status
from reviewtui.months import MONTHS_PER_YEAR
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import safe_text
from reviewtui.widgets.change import NO_CHANGE, TONE_MARKS, Change, change_between, months_apart
from reviewtui.widgets.fitting import fit, fit_right, shorten
from reviewtui.widgets.spans import Line, Span

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet

_MONTH, _VALUE, _CHANGE, _PART = 8, 10, 10, 11
_NARROWEST_NOTE = 12
_STATUS_WORDS = {
    Status.MISSING: "no data",
    Status.NA: "not defined",
    Status.FORECAST: "forecast",
    Status.PARTIAL: "month so far",
    Status.IMMATURE: "not final",
    Status.LOW_N: "few cases",
    Status.RESTATED: "restated",
    Status.OK: "",
}


class _Parts(NamedTuple):
    """Which columns there is room for."""

    quotient: bool
    """Numerator and denominator; else n alone where `sample`."""
    sample: bool
    note: int
    """Its width; 0: none."""


def month_lines(
    sheet: MetricSheet,
    product: str,
    metric: Metric,
    place: int,
    size: tuple[int, int],
    marks: frozenset[int] = frozenset(),
) -> list[Line]:
    """At most `size` = (width, height) of the months around `place`, which is marked; `marks`: months with an event."""
    width, height = size
    cells = sheet.row(product, metric.id)
    parts = _parts(width, cells)
    lines = [_head(metric, parts)]
    room = height - 1
    last = len(cells) - 1
    newest = min(last, max(place + room // 2, room - 1))
    lines += [
        _month_line(sheet, product, metric, cells, at, parts, chosen=at == place, marked=at in marks)
        for at in range(newest, max(-1, newest - room), -1)
    ]
    return lines[:height]


def _parts(width: int, cells: tuple[Cell, ...]) -> _Parts:
    room = width - _MONTH - _VALUE - 2 * _CHANGE
    has_parts = any(cell.numerator is not None for cell in cells)
    has_sample = any(cell.n is not None for cell in cells)
    quotient = has_parts and room >= 2 * _PART
    sample = has_sample and not quotient and room >= _PART
    room -= 2 * _PART if quotient else _PART if sample else 0
    return _Parts(quotient, sample, room - 2 if room - 2 >= _NARROWEST_NOTE else 0)


def _head(metric: Metric, parts: _Parts) -> Line:
    apart = "QoQ" if months_apart(metric) > 1 else "MoM"
    text = (
        fit("Month", _MONTH)
        + fit_right("Value ", _VALUE)
        + fit_right(f"{apart} ", _CHANGE)
        + fit_right("YoY ", _CHANGE)
    )
    if parts.quotient:
        text += fit_right("numerator", _PART) + fit_right("denom.", _PART)
    elif parts.sample:
        text += fit_right("n", _PART)
    return (Span(text, "quiet"),)


def _month_line(
    sheet: MetricSheet, product: str, metric: Metric, cells: tuple[Cell, ...], at: int, parts: _Parts,
    *, chosen: bool, marked: bool,
) -> Line:  # fmt: skip
    cell = cells[at]
    mark = STATUS_MARKS.get(cell.status, " ") if cell.value is not None else " "
    glyph = "▼" if marked else " "
    first = fit(sheet.months[at].label, _MONTH - 1) + glyph + fit_right(format_cell(cell, metric.unit) + mark, _VALUE)
    spans = [Span(first, "chosen" if chosen else "text")]
    for before in (at - months_apart(metric), at - MONTHS_PER_YEAR):
        change = _change(sheet, product, metric, cells, before, at)
        spans.append(Span(fit_right(change.text, _CHANGE - 1) + TONE_MARKS[change.tone], change.tone.value))
    if parts.quotient:
        spans.append(
            Span(fit_right(_amount(cell.numerator), _PART) + fit_right(_amount(cell.denominator), _PART), "text")
        )
    elif parts.sample:
        spans.append(Span(fit_right(_amount(cell.n), _PART), "text"))
    note = safe_text(cell.note) or _STATUS_WORDS[cell.status]
    if parts.note and note:
        spans.append(Span("  " + shorten(note, parts.note), "quiet"))
    return tuple(spans)


def _change(sheet: MetricSheet, product: str, metric: Metric, cells: tuple[Cell, ...], before: int, at: int) -> Change:
    if before < 0 or not sheet.is_comparable(product, metric.id, sheet.months[before], sheet.months[at]):
        return NO_CHANGE
    return change_between(cells[before], cells[at], metric)


def _amount(value: float | None) -> str:
    return "" if value is None else compact(value)
