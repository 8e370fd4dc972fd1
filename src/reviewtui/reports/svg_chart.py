"""A small line chart as SVG: values over months, the expected range behind them, what stands out marked.

Numbers are written with one decimal, so that the same values give the same bytes everywhere.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import without_controls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.reports.document import Chart

WIDTH, HEIGHT = 640, 140
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 72, 10, 24


class _Scale(NamedTuple):
    low: float
    high: float
    months: int

    def x(self, place: int) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (place / max(1, self.months - 1))

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * share


def svg_chart(chart: Chart) -> str:
    """The chart as one `<svg>` element; empty where there is nothing to draw."""
    known = [value for value in (*chart.values, *chart.low, *chart.high) if value is not None]
    if not any(value is not None for value in chart.values):
        return ""
    scale = _Scale(min(known), max(known), len(chart.values))
    title = escape(without_controls(chart.title))
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">',
        f"<title>{title}</title>",
        *_band(chart, scale),
        *_events(chart, scale),
        *_lines(chart.values, scale),
        *_marks(chart, scale),
        *_words(chart, scale),
        "</svg>",
    ]
    return "".join(parts)


def _band(chart: Chart, scale: _Scale) -> list[str]:
    """The expected range, as one shape for each run of months that have one."""
    shapes = []
    for run in _runs([low is not None and high is not None for low, high in zip(chart.low, chart.high, strict=True)]):
        above = [_point(scale.x(place), scale.y(chart.high[place] or 0.0)) for place in run]
        below = [_point(scale.x(place), scale.y(chart.low[place] or 0.0)) for place in reversed(run)]
        shapes.append(f'<polygon class="band" points="{" ".join(above + below)}"/>')
    return shapes


def _lines(values: Sequence[float | None], scale: _Scale) -> list[str]:
    shapes = []
    for run in _runs([value is not None for value in values]):
        points = [_point(scale.x(place), scale.y(values[place] or 0.0)) for place in run]
        if len(points) == 1:
            x, y = points[0].split(",")
            shapes.append(f'<circle class="dot" cx="{x}" cy="{y}" r="1.5"/>')
        else:
            shapes.append(f'<polyline class="line" points="{" ".join(points)}"/>')
    return shapes


def _marks(chart: Chart, scale: _Scale) -> list[str]:
    shapes = []
    for place in chart.marked:
        value = chart.values[place]
        if value is not None:
            x, y = _point(scale.x(place), scale.y(value)).split(",")
            shapes.append(f'<circle class="mark" cx="{x}" cy="{y}" r="4"/>')
    return shapes


def _events(chart: Chart, scale: _Scale) -> list[str]:
    """A dated line for each thing that happened; a browser tells what where the pointer stands on it."""
    shapes = []
    for place, words in chart.events:
        x = f"{scale.x(place):.1f}"
        label = escape(without_controls(f"{chart.labels[place]}: {words}"))
        shapes.append(
            f'<line class="event" x1="{x}" x2="{x}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"><title>{label}</title></line>'
        )
    return shapes


def _words(chart: Chart, scale: _Scale) -> list[str]:
    words = []
    if chart.labels:
        y = HEIGHT - 8
        words.append(f'<text x="{_LEFT}" y="{y}">{escape(chart.labels[0])}</text>')
        words.append(f'<text x="{WIDTH - _RIGHT}" y="{y}" text-anchor="end">{escape(chart.labels[-1])}</text>')
    last = next((place for place in reversed(range(len(chart.values))) if chart.values[place] is not None), None)
    if chart.newest and last is not None:
        y_text = f"{scale.y(chart.values[last] or 0.0) + 4:.1f}"
        newest = escape(without_controls(chart.newest))
        words.append(f'<text class="newest" x="{WIDTH - _RIGHT + 8}" y="{y_text}">{newest}</text>')
    return words


def _runs(present: Sequence[bool]) -> list[range]:
    """The runs of places that are present."""
    edges = [place for place, (before, now) in enumerate(pairwise([False, *present, False])) if before != now]
    return [range(first, end) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _point(x: float, y: float) -> str:
    return f"{x:.1f},{y:.1f}"
