"""The lines around a screen: its title, how it is looked at, and the keys at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from reviewtui.actions.action import first_key
from reviewtui.widgets.fitting import fit, fit_right, shorten, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.timer import Timer

    from reviewtui.actions.action import Action

MESSAGE_SECONDS = 6.0
MOST_MESSAGE_LINES = 3
"""So many lines a message at the foot may have."""


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
    """The few keys that matter here; for some seconds a message in their place, which may need more lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--word", "key-line--message"}

    def __init__(self, actions: Sequence[Action], *, id: str | None = None) -> None:  # noqa: A002 - as in every widget
        super().__init__(id=id)
        self._actions = tuple(actions)
        self._message = ""
        self._echo = ("", "")
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
        self._message, self._echo = message, ("", "")
        self._show_for_a_while()
        self._fit_height()
        self.refresh()

    def echo(self, key: str, does: str) -> None:
        """Name the last action and its key for a while, beside the keys; without words the key beside the message."""
        before, self._echo = self._echo, (key, does)
        self._message = "" if does else self._message
        self._show_for_a_while()
        self._fit_height()
        if before != self._echo:
            self.refresh()

    @property
    def echoed(self) -> str:
        """The last action as it is named; empty where none is."""
        return " ".join(part for part in self._echo if part)

    def _show_for_a_while(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(MESSAGE_SECONDS, self.fall_silent)

    def fall_silent(self) -> None:
        """Show the keys again."""
        self._message = ""
        self._echo = ("", "")
        self._fit_height()
        self.refresh()

    def on_resize(self) -> None:
        """Give a message the lines that it needs now."""
        self._fit_height()

    def _fit_height(self) -> None:
        lines = min(max(1, len(self._message_lines())), MOST_MESSAGE_LINES)
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines

    def _message_lines(self) -> list[str]:
        """What is said, cut into lines; the key of the last action stands before the first."""
        room = self.size.width - len(self._key_said) - 1
        return wrap(self._message, room) if self._message and room > 0 else []

    @property
    def _key_said(self) -> str:
        return f" {self._echo[0]} " if self._echo[0] else ""

    def render_line(self, y: int) -> Strip:
        """Paint a line of the message, or as many keys as fit whole."""
        width = self.size.width
        if self._message:
            lines, key = self._message_lines(), self._key_said if y == 0 else " " * len(self._key_said)
            # What does not fit into the most lines is cut at the end of the last.
            text = " ".join(lines[y:]) if y == MOST_MESSAGE_LINES - 1 else "".join(lines[y : y + 1])
            said = Segment(fit(f" {text}", width - cell_len(key)), self._style("message"))
            return Strip([Segment(key, self._style("key")), said])
        segments: list[Segment] = []
        key, does = self._echo
        echo = [
            Segment(shorten(self._key_said, width), self._style("key")),
            Segment(shorten(f"{does} " if does else "", max(0, width - cell_len(key) - 2)), self._style("message")),
        ]
        room = width - sum(segment.cell_length for segment in echo)
        for keys, word in _offers(self._actions):
            needed = cell_len(keys) + cell_len(word) + 4
            if needed > room:
                break
            room -= needed
            segments += [Segment(f" {keys} ", self._style("key")), Segment(f"{word}  ", self._style("word"))]
        segments += [Segment(" " * room, self.rich_style), *echo]
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


class ViewLine(Widget):
    """How the numbers are looked at, where that is not the usual way, and what the cell under the cursor then says."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"view-line--view", "view-line--cell"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        super().__init__(id=id)
        self._texts = ("", "")

    @property
    def text(self) -> str:
        """Both texts."""
        return "  ".join(self._texts)

    def show(self, view: str, cell: str) -> None:
        """Show other texts; hidden without a `view`."""
        self.display = bool(view)
        if (view, cell) != self._texts:
            self._texts = (view, cell)
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Paint the line."""
        width = self.size.width
        view = shorten(f" {self._texts[0]}", width)
        cell = fit(f"   {self._texts[1]}", width - cell_len(view))
        style = self.get_component_rich_style
        return Strip([Segment(view, style("view-line--view")), Segment(cell, style("view-line--cell"))])
