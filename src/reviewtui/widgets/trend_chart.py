"""A metric's months as a chart of text: pure, so that every size and every odd series can be tested.

One column group a month. The line is Braille; over it stand the month in question (a full circle), months that are not
over (hollow; dots lead to a forecast) and values without neighbours; under it the year before, targets and events.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.months import MONTHS_PER_YEAR
from reviewtui.quick_tuple import NamedTuple
from reviewtui.widgets.braille import DOTS_ACROSS, DOTS_DOWN, Canvas, Dot, Mark, segment_dots
from reviewtui.widgets.chart_scale import axis_labels, finite, scale_of
from reviewtui.widgets.fitting import fit_right, shorten
from reviewtui.widgets.spans import Line, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.widgets.chart_scale import Scale
    from reviewtui.widgets.trend import Trend

CHART_ROLES = ("line", "before", "mark", "target", "event", "axis", "unsettled")
SMALLEST_CHART = (24, 4)
"""Columns and lines below which there is no chart."""

_END_LABELS = 10
_END_LABELS_FROM = 72


class Glyphs(NamedTuple):
    """The characters of a chart."""

    cursor: str
    unsettled: str
    lone: str
    event: str
    guide: str
    target: str
    zero: str
    below: str
    up: str
    down: str
    band: str


FULL = Glyphs("●", "○", "•", "▼", "┆", "┄", "─", "▲", "↑", "↓", "░")
PLAIN = Glyphs("@", "o", "*", "v", ":", "-", "_", "^", "^", "v", "=")
"""For terminals without Braille, and most likely without the others."""


class Plot(NamedTuple):
    """Where things stand on the canvas."""

    canvas: Canvas
    scale: Scale
    pitch: int
    """Dots across a month."""
    glyphs: Glyphs

    def dot(self, place: int, value: float) -> Dot:
        """The dot of a month's value."""
        canvas = self.canvas
        return place * self.pitch + self.pitch // 2, self.scale.height_of(value, canvas.height * canvas.dots_down)

    def line_of(self, value: float) -> int:
        """The line of characters on which a value lies."""
        return self.scale.height_of(value, self.canvas.height * self.canvas.dots_down) // self.canvas.dots_down

    def column(self, place: int) -> int:
        """The middle column of a month."""
        return (place * self.pitch + self.pitch // 2) // self.canvas.dots_across


def chart_lines(trend: Trend, width: int, height: int, *, braille: bool = True) -> list[Line]:
    """The chart in at most `height` lines of at most `width` cells; no lines where it does not fit."""
    if width < SMALLEST_CHART[0] or height < SMALLEST_CHART[1] or not trend.months:
        return []
    scale = scale_of(trend)
    event_lines = 1 if trend.events and height > SMALLEST_CHART[1] else 0
    plot_height = height - 1 - event_lines
    labels = axis_labels(scale, trend.unit, plot_height, DOTS_DOWN if braille else 1)
    gutter = max((cell_len(text) for text in labels.values()), default=0) + 1
    ends = _END_LABELS if width >= _END_LABELS_FROM else 0
    room = max(1, width - gutter - ends)
    shown = _newest(trend, room)
    across = DOTS_ACROSS if braille else 1
    pitch = room * across // len(shown.months)
    canvas = Canvas(-(-len(shown.months) * pitch // across), plot_height, braille=braille)
    plot = Plot(canvas, scale, pitch, FULL if braille else PLAIN)
    _draw(shown, plot)
    end_texts = _end_labels(shown, plot) if ends else {}
    lines = [
        (
            Span(fit_right(labels.get(at, ""), gutter - 1) + " ", "axis"),
            *(Span(*run) for run in runs),
            *((end_texts[at],) if at in end_texts else ()),
        )
        for at, runs in enumerate(canvas.rows())
    ]
    margin = Span(" " * gutter, "")
    top = [(margin, *_event_line(shown, plot))] if event_lines else []
    return [*top, *lines, (margin, *_month_line(shown, plot))]


def _newest(trend: Trend, most: int) -> Trend:
    """The trend cut to as many of its newest months as there are columns."""
    cut = len(trend.months) - most
    if cut <= 0:
        return trend
    return trend.__class__(
        months=trend.months[cut:],
        values=trend.values[cut:],
        unit=trend.unit,
        cursor=max(-1, trend.cursor - cut),
        partial=frozenset(place - cut for place in trend.partial),
        forecast=frozenset(place - cut for place in trend.forecast),
        year_before=trend.year_before[cut:],
        low=trend.low,
        high=trend.high,
        events=tuple(event._replace(place=event.place - cut) for event in trend.events if event.place >= cut),
        breaks=frozenset(place - cut for place in trend.breaks),
        step=trend.step,
        beside=trend.beside[cut:],
        names=trend.names,
        band=trend.band[cut:],
    )


# The plot


def _draw(trend: Trend, plot: Plot) -> None:
    canvas, glyphs = plot.canvas, plot.glyphs
    points = _points(trend.values, plot)
    open_places = trend.partial | trend.forecast
    settled = [None if place in open_places else point for place, point in enumerate(points)]
    oldest = max(0, len(trend.months) - MONTHS_PER_YEAR - 1)
    before = [None] * oldest + _points(trend.year_before, plot)[oldest:]
    canvas.draw(_line_dots(before, trend.step, frozenset()), "before", ".")
    canvas.draw(_line_dots(_points(trend.beside, plot), trend.step, frozenset()), "before", ".")
    canvas.draw(_leading_dots(points, trend), "unsettled", ".")
    canvas.draw(_line_dots(settled, trend.step, trend.breaks), "line", "*")
    for place, point in enumerate(points):
        if point is not None:
            _put_mark(trend, plot, place, point, is_alone=_is_alone(settled, place, trend))
    for target in _targets(trend):
        if plot.scale.bottom <= target <= plot.scale.top:
            canvas.underlay(plot.line_of(target), range(canvas.width), Mark(glyphs.target, "target"))
    if plot.scale.bottom < 0 < plot.scale.top:
        canvas.underlay(plot.line_of(0.0), range(canvas.width), Mark(glyphs.zero, "axis"))
    columns = sorted({plot.column(event.place) for event in trend.events})
    for line in range(canvas.height) if columns else ():
        canvas.underlay(line, columns, Mark(glyphs.guide, "event"))
    _shade_band(trend, plot)


def _shade_band(trend: Trend, plot: Plot) -> None:
    """Shade where each month was expected to lie, as far as the scale reaches."""
    for place, expected in enumerate(trend.band):
        if expected is None or expected[1] < plot.scale.bottom or expected[0] > plot.scale.top:
            continue
        low, high = (min(max(end, plot.scale.bottom), plot.scale.top) for end in expected)
        first, last = (column * plot.pitch // plot.canvas.dots_across for column in (place, place + 1))
        for line in range(plot.line_of(high), plot.line_of(low) + 1):
            plot.canvas.shade(line, range(first, max(last, first + 1)), plot.glyphs.band)


def _targets(trend: Trend) -> list[float]:
    return list(dict.fromkeys(finite((trend.low, trend.high))))


def _points(values: Sequence[float | None], plot: Plot) -> list[Dot | None]:
    """Where each value lies."""
    return [
        plot.dot(place, value) if value is not None and isfinite(value) else None for place, value in enumerate(values)
    ]


def _line_dots(points: Sequence[Dot | None], step: int, breaks: frozenset[int]) -> set[Dot]:
    """The line through neighbouring points; nothing leads over a gap."""
    dots = {point for point in points if point is not None}
    for place in range(step, len(points)):
        here, earlier = points[place], points[place - step]
        if here is not None and earlier is not None and place not in breaks:
            dots |= segment_dots(earlier, here)
    return dots


def _leading_dots(points: Sequence[Dot | None], trend: Trend) -> set[Dot]:
    """A dotted line to each forecast."""
    dots: set[Dot] = set()
    for place in trend.forecast:
        earlier = points[place - trend.step] if place >= trend.step else None
        here = points[place]
        if here is not None and earlier is not None and place not in trend.breaks:
            dots |= segment_dots(earlier, here, every=2)
    return dots


def _put_mark(trend: Trend, plot: Plot, place: int, point: Dot, *, is_alone: bool) -> None:
    is_open = place in trend.partial or place in trend.forecast
    if is_open:
        glyph, role = plot.glyphs.unsettled, "unsettled"
    elif place == trend.cursor:
        glyph, role = plot.glyphs.cursor, "mark"
    elif is_alone:
        glyph, role = plot.glyphs.lone, "line"
    else:
        return
    column, line = point[0] // plot.canvas.dots_across, point[1] // plot.canvas.dots_down
    plot.canvas.put(line, column, glyph, "mark" if place == trend.cursor else role)


def _is_alone(settled: Sequence[Dot | None], place: int, trend: Trend) -> bool:
    before, after = place - trend.step, place + trend.step
    leads_here = before >= 0 and settled[before] is not None and place not in trend.breaks
    leads_on = after < len(settled) and settled[after] is not None and after not in trend.breaks
    return not leads_here and not leads_on


# Around the plot


def _end_labels(trend: Trend, plot: Plot) -> dict[int, Span]:
    """What lines are called, at their right end: there is no legend."""
    texts: dict[int, Span] = {}
    scale, glyphs = plot.scale, plot.glyphs
    for target in _targets(trend):
        far = glyphs.up if target > scale.top else glyphs.down if target < scale.bottom else ""
        texts.setdefault(plot.line_of(target), Span(f" target{far and f' {far}'}", "target"))
    newest = trend.year_before[-1] if trend.year_before else None
    if newest is not None and isfinite(newest):
        texts.setdefault(plot.line_of(newest), Span(" year ago", "before"))
    for name, role, values in zip(trend.names, ("line", "before"), (trend.values, trend.beside), strict=True):
        last = next((value for value in reversed(values) if value is not None and isfinite(value)), None)
        if name and last is not None:
            texts.setdefault(plot.line_of(last), Span(f" {shorten(name, _END_LABELS - 1)}", role))
    return texts


def _event_line(trend: Trend, plot: Plot) -> Line:
    """A mark over the month of each event, and as much of its label as there is room for."""
    spans: list[Span] = []
    at = 0
    by_place: dict[int, list[str]] = {}
    for event in trend.events:
        by_place.setdefault(event.place, []).append(event.label)
    columns = [plot.column(place) for place in by_place]
    for column, labels, until in zip(columns, by_place.values(), [*columns[1:], plot.canvas.width], strict=True):
        text = shorten(f"{plot.glyphs.event} {'; '.join(labels)}", until - column - 1) or plot.glyphs.event
        text = text if cell_len(text) > 2 else plot.glyphs.event
        spans += [Span(" " * (column - at), ""), Span(text, "event")]
        at = column + cell_len(text)
    return tuple(span for span in spans if span.text)


def _month_line(trend: Trend, plot: Plot) -> Line:
    """Each January's year, and the month in question under its column."""
    width = plot.canvas.width
    labels: dict[int, tuple[str, str]] = {}
    if 0 <= trend.cursor < len(trend.months):
        text = f"{plot.glyphs.below} {trend.months[trend.cursor].label}"
        column = plot.column(trend.cursor)
        if column + cell_len(text) > width:
            text = f"{trend.months[trend.cursor].label} {plot.glyphs.below}"
            column -= cell_len(text) - 1
        labels[max(0, column)] = (text, "mark")
    taken = [(start, start + cell_len(text)) for start, (text, _) in labels.items()]
    for place, month in enumerate(trend.months):
        column = plot.column(place)
        end = column + 4
        if month.number == 1 and end <= width and all(end < start or column > stop for start, stop in taken):
            labels[column] = (str(month.year), "axis")
    spans: list[Span] = []
    at = 0
    for column, (text, role) in sorted(labels.items()):
        spans += [Span(" " * (column - at), ""), Span(text, role)]
        at = column + cell_len(text)
    return tuple(span for span in spans if span.text)
