"""The last step from screen to terminal: of what Textual wants to paint, send only what the terminal does not show.

Textual repaints whole parts of lines and sets every style anew. Here each update is handed to a `FrontBuffer`, which
knows what the terminal shows. Private parts of one version of Textual are used; with any other version, or with
`REVIEWTUI_OUTPUT=stock`, Textual's own output is left as it is.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import textual
from rich.console import COLOR_SYSTEMS
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Region

from reviewtui.first_frame import Picture, Step
from reviewtui.front_buffer import FrontBuffer, is_one_cell_each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rich.color import ColorSystem
    from rich.console import Console, RenderableType
    from textual.screen import Screen
    from textual.strip import Strip

    Piece = tuple[int, int, Strip]

OUTPUT_VARIABLE = "REVIEWTUI_OUTPUT"
STOCK = "stock"
KNOWN_TEXTUAL = "8.2.8"

_KNOWN_PARTS = (
    (ChopsUpdate.__init__, ("self", "chops", "spans", "chop_ends")),
    (LayoutUpdate.__init__, ("self", "strips", "region")),
    (ChopsUpdate.render_segments, ("self", "console")),
    (Compositor.render_full_update, ("self", "simplify")),
    (getattr(App, "_display", None), ("self", "screen", "renderable")),
)
"""Functions that are relied on, with the names of their parameters."""


def lean_output(environment: Mapping[str, str]) -> LeanOutput | None:
    """A new output stage; None where Textual's own is wanted or its version is not the known one."""
    if environment.get(OUTPUT_VARIABLE) == STOCK or not is_known_textual():
        return None
    return LeanOutput()


def is_known_textual() -> bool:
    """Whether the installed Textual is the one whose private parts are used here."""
    # Asking importlib.metadata would cost a fifth of the start.
    record = Path(textual.__file__).parent.with_name(f"textual-{KNOWN_TEXTUAL}.dist-info")
    return record.is_dir() and all(
        function is not None and tuple(inspect.signature(function).parameters) == names
        for function, names in _KNOWN_PARTS
    )


class LeanOutput:
    """Stands between `App._display` and the driver."""

    def __init__(self) -> None:
        self._buffer: FrontBuffer | None = None
        self._region: Region | None = None
        self._shown: Callable[[], Picture] | None = None
        """Asked before the first update for what the terminal shows."""

    def start_from(self, shown: Callable[[], Picture]) -> None:
        """The terminal shows what `shown` gives when it is asked."""
        self._shown = shown

    def forget(self) -> None:
        """Somebody else has written to the terminal, or it was cleared."""
        self._buffer = None

    def lean(self, renderable: RenderableType | CompositorUpdate | None) -> RenderableType | None:
        """The same update, sent with fewer bytes."""
        update: RenderableType | CompositorUpdate | None = renderable
        if isinstance(renderable, (ChopsUpdate, LayoutUpdate)):
            update = _LeanUpdate(self, renderable)
        elif renderable is not None:
            self.forget()
        # Textual hands on updates that are not renderables under the same name.
        return cast("RenderableType | None", update)

    def render(self, update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
        """What to send for `update`, which is taken as sent."""
        colors = _colors(console)
        if self._shown is not None:
            picture = self._shown()
            self._buffer = FrontBuffer.of(picture.cells, colors)
            self._region = Region(0, 0, *picture.size)
            self._shown = None
        if isinstance(update, LayoutUpdate):
            if update.region != self._region:
                # Terminals differ in what a change of size leaves on the screen.
                self.forget()
                self._region = update.region
            pieces = _pieces_of_layout(update)
        else:
            pieces = _pieces_of_chops(update)
        if self._buffer is None:
            self._buffer = FrontBuffer(colors)
        return self._buffer.paint(pieces)


def picture_of(screen: Screen[Any], console: Console) -> Picture:
    """All that `screen` shows, painted now."""
    update = screen._compositor.render_full_update()  # noqa: SLF001 - of the one version that is used
    buffer = FrontBuffer(_colors(console))
    text = buffer.paint(_pieces_of_layout(update))
    return Picture((update.region.width, update.region.height), text, buffer.shown)


def step_from(picture: Picture, keys: tuple[str, ...], screen: Screen[Any], console: Console) -> Step:
    """From `picture` to what `screen` shows now, where these keys lead."""
    buffer = FrontBuffer.of(picture.cells, _colors(console))
    text = buffer.paint(_pieces_of_layout(screen._compositor.render_full_update()))  # noqa: SLF001 - as above
    return Step(keys, text, buffer.shown.but(picture.cells))


def _colors(console: Console) -> ColorSystem:
    return COLOR_SYSTEMS[console.color_system or "truecolor"]


class _LeanUpdate(CompositorUpdate):
    def __init__(self, output: LeanOutput, update: ChopsUpdate | LayoutUpdate) -> None:
        self._output = output
        self._update = update

    def render_segments(self, console: Console) -> str:
        return self._output.render(self._update, console)


def _pieces_of_layout(update: LayoutUpdate) -> Iterator[Piece]:
    """Every strip of a whole screen, with line and column."""
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield y, x, strip
            x += strip.cell_length


def _pieces_of_chops(update: ChopsUpdate) -> Iterator[Piece]:
    """The strips that lie in the changed spans: from their left end, as Textual paints them, to the end of the span."""
    for y, first, end in update.spans:
        yield from _pieces_of_span(y, first, end, zip(update.chop_ends[y], update.chops[y].items(), strict=False))


def _pieces_of_span(
    y: int, first: int, end: int, chops: Iterable[tuple[int, tuple[int, Strip | None]]]
) -> Iterator[Piece]:
    for chop_end, (x, strip) in chops:
        if strip is None or x >= end or chop_end <= first:
            continue
        if chop_end > end and all(is_one_cell_each(text) for text, _, _ in strip):
            strip = strip.crop(0, end - x)
        yield y, x, strip
