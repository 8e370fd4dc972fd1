"""Everything a person can do, as data.

Key bindings, the help screen, the palette, the footer and the key table of the documentation are all made from
these tuples, so that they cannot disagree. An action's id names its owner (`app`, `screen`, `grid`) and its method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do, wherever it is offered."""

    id: str
    """`owner.method`; what `keys.toml` names."""
    keys: str
    """Keys separated by commas, as Textual names them."""
    does: str
    """A sentence that starts with a verb, without a full stop."""
    group: str
    """Heading on the help screen."""
    footer: str = ""
    """A word or two for the footer; empty: not there."""

    @property
    def owner(self) -> str:
        """Who has the method: `app`, `screen` or `grid`."""
        return self.id.partition(".")[0]

    @property
    def method(self) -> str:
        """The name of the method without `action_`."""
        return self.id.partition(".")[2]

    def binding(self) -> Binding:
        """The binding of a screen or widget that has the method."""
        from textual.binding import Binding

        return Binding(self.keys, self.method, self.does, show=bool(self.footer), id=self.id)


MOVE, PRODUCT, CELL, PROGRAM = "Moving", "Products", "The cell", "The program"

GRID_MOVES = (
    Action("grid.previous_month", "left,h", "Go to the month before", MOVE),
    Action("grid.next_month", "right,l", "Go to the next month", MOVE),
    Action("grid.previous_metric", "up,k", "Go to the metric above", MOVE),
    Action("grid.next_metric", "down,j", "Go to the metric below", MOVE),
    Action("grid.previous_quarter", "b", "Go back a quarter", MOVE),
    Action("grid.next_quarter", "w", "Go forward a quarter", MOVE),
    Action("grid.previous_year", "less_than_sign", "Go to the same month a year before", MOVE),
    Action("grid.next_year", "greater_than_sign", "Go to the same month a year later", MOVE),
    Action("grid.first_month", "0,home", "Go to the first month", MOVE),
    Action("grid.latest_month", "dollar_sign,end", "Go to the latest complete month, then to the open one", MOVE),
    Action("grid.first_metric", "g", "Go to the first metric", MOVE),
    Action("grid.last_metric", "G", "Go to the last metric", MOVE),
    Action("grid.previous_section", "left_curly_bracket", "Go to the section above", MOVE),
    Action("grid.next_section", "right_curly_bracket", "Go to the section below", MOVE),
    Action("grid.page_up", "pageup", "Go up a page", MOVE),
    Action("grid.page_down", "pagedown", "Go down a page", MOVE),
    Action("grid.half_page_up", "ctrl+u", "Go up half a page", MOVE),
    Action("grid.half_page_down", "ctrl+d", "Go down half a page", MOVE),
)
"""What the grid itself does."""

GRID_SCREEN = (
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT, "product"),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT, "product"),
    Action("screen.toggle_details", "enter", "Show more or less about the cell", CELL, "details"),
    Action("screen.copy_value", "y", "Copy the value to the terminal's clipboard", CELL, "copy"),
    Action("screen.show_problems", "p", "List the problems in files and data", PROGRAM),
    Action("screen.reload", "r", "Read the files and compute again", PROGRAM, "reload"),
    Action("screen.back", "escape,backspace", "Go back to the smaller panel", CELL),
    Action("screen.leave", "q", "Go back, or quit from the bare grid", PROGRAM, "quit"),
)
"""What the screen around the grid does."""

APP = (
    Action("app.show_grid", "1", "Show the grid of metrics by months", PROGRAM),
    Action("app.help", "question_mark,f1", "List all keys", PROGRAM, "help"),
    Action("app.command_palette", "colon,ctrl+p", "Find a metric, month, product or action by name", PROGRAM, "find"),
    Action("app.quit", "Q,ctrl+q", "Quit from anywhere", PROGRAM),
)
"""What works everywhere."""

READER = (
    Action("screen.close", "q,escape,backspace", "Go back", PROGRAM, "back"),
    Action("screen.scroll_down", "down,j", "Scroll down a line", MOVE),
    Action("screen.scroll_up", "up,k", "Scroll up a line", MOVE),
    Action("screen.page_down", "pagedown,space,ctrl+d", "Scroll down a page", MOVE),
    Action("screen.page_up", "pageup,ctrl+u", "Scroll up a page", MOVE),
    Action("screen.scroll_home", "g,home", "Scroll to the beginning", MOVE),
    Action("screen.scroll_end", "G,end", "Scroll to the end", MOVE),
)
"""Screens of text to read: help and problems."""

SCREENS: Mapping[str, tuple[Action, ...]] = {
    "Grid": (*GRID_MOVES, *GRID_SCREEN, *APP),
    "Help and problems": (*READER, *APP),
}
"""Every action that can be pressed on a screen."""

_KEY_SIGNS = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "backspace": "Backspace", "space": "Space",
    "less_than_sign": "<", "greater_than_sign": ">", "dollar_sign": "$", "question_mark": "?", "colon": ":",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "left_square_bracket": "[", "right_square_bracket": "]",
    "f1": "F1",
}  # fmt: skip


def bindings_of(actions: Iterable[Action]) -> list[BindingType]:
    """`BINDINGS` of the class that has the methods."""
    return [action.binding() for action in actions]


def key_sign(key: str) -> str:
    """A key as a person knows it: `Ctrl+P`, `←`, `?`."""
    modifiers, _, last = key.rpartition("+")
    sign = _KEY_SIGNS.get(last, last)
    return f"{modifiers.title()}+{sign.upper() if len(sign) == 1 else sign}" if modifiers else sign


def keys_text(action: Action) -> str:
    """All keys of an action: `→ l`."""
    return " ".join(key_sign(key) for key in action.keys.split(","))


def first_key(action: Action) -> str:
    """The key the footer names."""
    return key_sign(action.keys.split(",")[0])


def remapped(actions: Iterable[Action], keymap: Mapping[str, str]) -> tuple[Action, ...]:
    """The same actions with the keys a person chose."""
    return tuple(
        Action(action.id, keymap.get(action.id, action.keys), action.does, action.group, action.footer)
        for action in actions
    )


def grouped(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """Actions under their headings, in the order of first appearance."""
    groups: dict[str, list[Action]] = {}
    for action in actions:
        groups.setdefault(action.group, []).append(action)
    return groups


def key_table() -> str:
    """Every key of every screen as Markdown tables, for the documentation."""
    parts: list[str] = []
    for screen, actions in SCREENS.items():
        parts.append(f"### {screen}\n")
        parts.append("| keys | does | id |\n| --- | --- | --- |")
        parts.extend(
            f"| {' '.join(f'`{key_sign(key)}`' for key in action.keys.split(','))} | {action.does} | `{action.id}` |"
            for action in actions
        )
        parts.append("")
    return "\n".join(parts)
