"""One-line widgets: the title line of a screen and the line of keys at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from reviewtui.actions import first_key
from reviewtui.widgets.fitting import fit, fit_right, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.timer import Timer

    from reviewtui.actions import Action

MESSAGE_SECONDS = 6.0


class TitleLine(Widget):
    """What is shown, at the left; a word of state in the middle; what needs attention, at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title-line--name", "title-line--state", "title-line--attention"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        super().__init__(id=id)
        self._parts = ("", "", "", "")

    def show(self, name: str, about: str = "", state: str = "", attention: str = "") -> None:
        """Show other texts; each is made safe and cut where there is no room."""
        parts = (name, about, state, attention)
        if parts != self._parts:
            self._parts = parts
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Paint the line."""
        name, about, state, attention = self._parts
        width = self.size.width
        right = shorten(f" {attention} " if attention else "", width // 2)
        left = shorten(f" {name}", max(0, width - cell_len(right)))
        room = width - cell_len(left) - cell_len(right)
        beside = shorten(f" · {about}" if about else "", room)
        middle = fit_right(f"  {state}  " if state else "", room - cell_len(beside))
        segments = [
            Segment(left, self._style("name")),
            Segment(beside + middle, self._style("state")),
            Segment(right, self._style("attention")),
        ]
        return Strip(segments).adjust_cell_length(width, self.rich_style).simplify()

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"title-line--{part}")


class KeyLine(Widget):
    """The few keys that matter here; for some seconds a message in their place."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--word", "key-line--message"}

    def __init__(self, actions: Sequence[Action], *, id: str | None = None) -> None:  # noqa: A002 - as in every widget
        super().__init__(id=id)
        self._actions = tuple(actions)
        self._message = ""
        self._timer: Timer | None = None

    def offer(self, actions: Sequence[Action]) -> None:
        """Show other keys."""
        if tuple(actions) != self._actions:
            self._actions = tuple(actions)
            self.refresh()

    @property
    def message(self) -> str:
        """What is said at the moment; empty while keys are shown."""
        return self._message

    def say(self, message: str) -> None:
        """Show `message` for a while."""
        self._message = message
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(MESSAGE_SECONDS, self._fall_silent)
        self.refresh()

    def _fall_silent(self) -> None:
        self._message = ""
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Paint the line: as many keys as fit whole."""
        width = self.size.width
        if self._message:
            text = Segment(fit(f" {self._message}", width), self._style("message"))
            return Strip([text])
        segments: list[Segment] = []
        room = width
        for keys, word in _offers(self._actions):
            needed = cell_len(keys) + cell_len(word) + 4
            if needed > room:
                break
            room -= needed
            segments += [Segment(f" {keys} ", self._style("key")), Segment(f"{word}  ", self._style("word"))]
        return Strip(segments).adjust_cell_length(width, self.rich_style).simplify()

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"key-line--{part}")


def _offers(actions: Sequence[Action]) -> list[tuple[str, str]]:
    """Keys with their word; actions that share a word share an entry."""
    words: dict[str, list[str]] = {}
    for action in actions:
        if action.footer:
            words.setdefault(action.footer, []).append(first_key(action))
    return [(" ".join(keys), word) for word, keys in words.items()]
