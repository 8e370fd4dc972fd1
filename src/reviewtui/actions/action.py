"""What an action is, and its keys as a person knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import Binding, BindingType


class Action(NamedTuple):
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
    is_jump: bool = False
    """Whether it leads so far that the place it leaves is worth coming back to."""
    is_urgent: bool = False
    """Whether it is done before the next key is looked at, so that keys typed ahead go where the cursor then is."""

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

        return Binding(self.keys, self.method, self.does, show=bool(self.footer), id=self.id, priority=self.is_urgent)


MOVE, FIND, VIEW, PRODUCT, CELL, PROGRAM = "Moving", "Finding", "Views", "Products", "The cell", "The program"
METRIC, WRITING, REVIEW = "Metrics", "Writing", "The review"
"""Headings of the help screen."""

_KEY_SIGNS = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "backspace": "Backspace", "space": "Space",
    "less_than_sign": "<", "greater_than_sign": ">", "dollar_sign": "$", "question_mark": "?", "colon": ":",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_parenthesis": "(", "right_parenthesis": ")", "slash": "/", "asterisk": "*", "f1": "F1", "f2": "F2",
    "tab": "Tab", "comma": ",", "full_stop": ".", "plus": "+", "equals_sign": "=", "minus": "-",
    "exclamation_mark": "!",
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


def with_footer(actions: Iterable[Action], method: str, word: str) -> tuple[Action, ...]:
    """The actions, of which one is called `word` at the foot of the screen."""
    return tuple(action._replace(footer=word) if action.method == method else action for action in actions)


def remapped(actions: Iterable[Action], keymap: Mapping[str, str]) -> tuple[Action, ...]:
    """The same actions with the keys a person chose."""
    return tuple(action._replace(keys=keymap[action.id]) if action.id in keymap else action for action in actions)


def grouped(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """Actions under their headings, in the order of first appearance."""
    groups: dict[str, list[Action]] = {}
    for action in actions:
        groups.setdefault(action.group, []).append(action)
    return groups
