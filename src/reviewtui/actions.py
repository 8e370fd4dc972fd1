"""Everything a person can do, as data.

Key bindings, the help screen, the palette, the footer and the key table of the documentation are all made from
these tuples, so that they cannot disagree. An action's id names its owner (`app`, `screen`, `grid`) and its method.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    is_jump: bool = False
    """Whether it leads so far that the place it leaves is worth coming back to."""

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


MOVE, FIND, VIEW, PRODUCT, CELL, PROGRAM = "Moving", "Finding", "Views", "Products", "The cell", "The program"
METRIC = "Metrics"

GRID_MOVES = (
    Action("grid.previous_month", "left,h", "Go to the month before", MOVE),
    Action("grid.next_month", "right,l", "Go to the next month", MOVE),
    Action("grid.previous_metric", "up,k", "Go to the metric above", MOVE),
    Action("grid.next_metric", "down,j", "Go to the metric below", MOVE),
    Action("grid.previous_quarter", "b", "Go back a quarter", MOVE),
    Action("grid.next_quarter", "w", "Go forward a quarter", MOVE),
    Action("grid.previous_year", "less_than_sign", "Go to the same month a year before", MOVE),
    Action("grid.next_year", "greater_than_sign", "Go to the same month a year later", MOVE),
    Action("grid.first_month", "0,home", "Go to the first month", MOVE, is_jump=True),
    Action(
        "grid.latest_month",
        "dollar_sign,end",
        "Go to the latest complete month, then to the open one",
        MOVE,
        is_jump=True,
    ),
    Action("grid.first_metric", "g", "Go to the first metric", MOVE, is_jump=True),
    Action("grid.last_metric", "G", "Go to the last metric", MOVE, is_jump=True),
    Action("grid.previous_section", "left_curly_bracket", "Go to the section above", MOVE),
    Action("grid.next_section", "right_curly_bracket", "Go to the section below", MOVE),
    Action("grid.page_up", "pageup", "Go up a page", MOVE),
    Action("grid.page_down", "pagedown", "Go down a page", MOVE),
    Action("grid.half_page_up", "ctrl+u", "Go up half a page", MOVE),
    Action("grid.half_page_down", "ctrl+d", "Go down half a page", MOVE),
)
"""What the grid itself does."""

STEPS = frozenset({"grid.previous_month", "grid.next_month", "grid.previous_metric", "grid.next_metric"})
"""Actions that need no echo: whoever presses their keys knows them."""

GRID_SCREEN = (
    Action("screen.find", "slash", "Find a metric or a section of the grid", FIND, "find"),
    Action("screen.next_found", "n", "Go to the next one found", FIND, is_jump=True),
    Action("screen.previous_found", "N", "Go to the one found before", FIND, is_jump=True),
    Action("screen.go_to_month", "m", "Go to a month by typing it", FIND),
    Action("screen.previous_place", "left_parenthesis", "Go back to the place before", FIND),
    Action("screen.next_place", "right_parenthesis", "Go forward again", FIND),
    Action("screen.next_values", "t", "Show values, MoM, YoY, 3-month mean, gap to target", VIEW, "view", True),
    Action("screen.previous_values", "T", "Show the view of the values before", VIEW, is_jump=True),
    Action("screen.toggle_quarters", "v", "Show closed quarters as columns, or months again", VIEW, is_jump=True),
    Action(
        "screen.next_filter", "f", "Show all, pinned, this section's, input or output metrics", VIEW, "filter", True
    ),
    Action("screen.previous_filter", "F", "Show the filter before", VIEW, is_jump=True),
    Action("screen.toggle_pin", "asterisk", "Pin the metric to the top, or let it go", VIEW),
    Action("screen.toggle_section", "z", "Fold the section, or unfold it", VIEW),
    Action("screen.toggle_sections", "Z", "Fold all sections, or unfold them", VIEW),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT, "product", True),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT, "product", True),
    Action("screen.pick_product", "P", "Show a product by its name", PRODUCT),
    Action("screen.open_metric", "enter", "Show the metric in full: chart, months, rows behind the cell", CELL, "open"),
    Action("screen.toggle_details", "space", "Show more or less about the cell", CELL),
    Action("screen.copy_value", "y", "Copy the value to the terminal's clipboard", CELL),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL),
    Action("screen.show_problems", "p", "List the problems in files and data", PROGRAM),
    Action("screen.reload", "r", "Read the files and compute again", PROGRAM),
    Action("screen.back", "escape,backspace", "Go back: to the smaller panel, then to all metrics", CELL),
    Action("screen.leave", "q", "Go back, or quit from the bare grid", PROGRAM, "quit"),
)
"""What the screen around the grid does."""

METRIC_SCREEN = (
    Action("screen.previous_month", "left,h", "Go to the month before", MOVE),
    Action("screen.next_month", "right,l", "Go to the next month", MOVE),
    Action("screen.previous_metric", "up,k", "Go to the metric above", MOVE),
    Action("screen.next_metric", "down,j", "Go to the metric below", MOVE),
    Action("screen.previous_quarter", "b", "Go back a quarter", MOVE),
    Action("screen.next_quarter", "w", "Go forward a quarter", MOVE),
    Action("screen.previous_year", "less_than_sign", "Go to the same month a year before", MOVE),
    Action("screen.next_year", "greater_than_sign", "Go to the same month a year later", MOVE),
    Action(
        "screen.previous_product", "left_square_bracket", "Show the metric of the product before", PRODUCT, "product"
    ),
    Action("screen.next_product", "right_square_bracket", "Show the metric of the next product", PRODUCT, "product"),
    Action("screen.next_part", "tab", "Show rows, segments, six weeks, definition", CELL, "parts"),
    Action("screen.previous_part", "shift+tab", "Show the part before", CELL),
    Action("screen.page_down", "pagedown,space,ctrl+d", "Scroll the rows down", CELL, "scroll"),
    Action("screen.page_up", "pageup,ctrl+u", "Scroll the rows up", CELL),
    Action("screen.read_again", "enter", "Read the rows again after stopping", CELL),
    Action("screen.copy_value", "y", "Copy the value to the terminal's clipboard", CELL, "copy"),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL),
    Action("screen.back", "escape,backspace", "Go back to the grid; while rows are read, stop", PROGRAM, "back"),
    Action("screen.leave", "q", "Go back to the grid", PROGRAM),
)
"""What the full view of a metric does."""

COMPARE_MOVES = tuple(
    replace(action, does=action.does.replace("metric", "product").replace("section", "group"), is_jump=False)
    for action in GRID_MOVES
)
"""The same movements where products are the rows."""

COMPARE_SCREEN = (
    Action("screen.previous_metric", "comma", "Show the metric before", METRIC, "metric"),
    Action("screen.next_metric", "full_stop", "Show the next metric", METRIC, "metric"),
    Action("screen.pick_metric", "M", "Show a metric by its name", METRIC),
    Action("screen.pick_second", "W", "Show a second metric of the product beside this one", METRIC, "beside"),
    Action("screen.next_order", "s", "Show products by newest value, by change or by name", VIEW, "sort"),
    Action("screen.toggle_stages", "S", "Show products by stage, or in one list", VIEW),
    Action("screen.toggle_index", "i", "Show an index, 100 in the first common month, or values", VIEW, "index"),
    Action("screen.next_values", "t", "Show values, MoM, YoY, 3-month mean, gap to target", VIEW),
    Action("screen.previous_values", "T", "Show the view of the values before", VIEW),
    Action("screen.toggle_quarters", "v", "Show closed quarters as columns, or months again", VIEW),
    Action("screen.find", "slash", "Find a product", FIND),
    Action("screen.next_found", "n", "Go to the next one found", FIND),
    Action("screen.previous_found", "N", "Go to the one found before", FIND),
    Action("screen.go_to_month", "m", "Go to a month by typing it", FIND),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT),
    Action("screen.pick_product", "P", "Show a product by its name", PRODUCT),
    Action("screen.copy_value", "y", "Copy the value to the terminal's clipboard", CELL),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL),
    Action("screen.open_product", "enter", "Show the product on the grid, at this metric and month", CELL, "open"),
    Action("screen.back", "escape,backspace", "Go back: to all products, then to the grid", PROGRAM, "back"),
    Action("screen.leave", "q", "Go back to the grid", PROGRAM),
)
"""What the compare screen does."""

CUSTOMERS_SCREEN = (
    Action("screen.previous_row", "up,k", "Go to the customer above", MOVE),
    Action("screen.next_row", "down,j", "Go to the customer below", MOVE),
    Action("screen.page_up", "pageup,ctrl+u", "Go up a page", MOVE),
    Action("screen.page_down", "pagedown,space,ctrl+d", "Go down a page", MOVE),
    Action("screen.first_row", "g,home", "Go to the first customer", MOVE),
    Action("screen.last_row", "G,end", "Go to the last customer", MOVE),
    Action("screen.previous_month", "left,h", "Show the month before", MOVE, "month"),
    Action("screen.next_month", "right,l", "Show the next month", MOVE, "month"),
    Action("screen.previous_quarter", "b", "Go back a quarter", MOVE),
    Action("screen.next_quarter", "w", "Go forward a quarter", MOVE),
    Action("screen.previous_year", "less_than_sign", "Go to the same month a year before", MOVE),
    Action("screen.next_year", "greater_than_sign", "Go to the same month a year later", MOVE),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT, "product"),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT, "product"),
    Action("screen.find", "slash", "Find a customer", FIND, "find"),
    Action("screen.next_found", "n", "Go to the next one found", FIND),
    Action("screen.previous_found", "N", "Go to the one found before", FIND),
    Action("screen.next_column", "s", "Show customers sorted by the next column", VIEW, "sort"),
    Action("screen.turn_round", "S", "Show customers sorted the other way round", VIEW),
    Action("screen.read_again", "enter", "Read the customers again after stopping", CELL),
    Action("screen.copy_value", "y", "Copy the value in the sorted column", CELL),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL, "copy"),
    Action("screen.back", "escape,backspace", "Go back; while rows are read, stop", PROGRAM, "back"),
    Action("screen.leave", "q", "Go back to the grid", PROGRAM),
)
"""What the customers screen does."""

APP = (
    Action("app.show_grid", "1", "Show the grid of metrics by months", PROGRAM),
    Action("app.show_compare", "7", "Show one metric over all products", PROGRAM),
    Action("app.show_customers", "8", "Show the customers of the product in this month", PROGRAM),
    Action("app.help", "question_mark,f1", "List all keys", PROGRAM, "help"),
    Action(
        "app.command_palette", "colon,ctrl+p", "Find a metric, month, product or action by name", PROGRAM, "palette"
    ),
    Action("app.next_theme", "C", "Show other colours", PROGRAM),
    Action("app.suspend_process", "ctrl+z", "Go to the shell; `fg` comes back", PROGRAM),
    Action("app.quit", "Q,ctrl+q", "Quit from anywhere", PROGRAM),
)
"""What works everywhere."""

PROMPT = (
    Action("prompt.leave", "escape", "Go back to where it was", FIND),
    Action("prompt.previous_choice", "up", "Go to the match or choice above", FIND),
    Action("prompt.next_choice", "down", "Go to the match or choice below", FIND),
)
"""What a prompt at the foot of the screen does, besides taking text and Enter."""

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
    "Metric": (*METRIC_SCREEN, *APP),
    "Compare": (*COMPARE_MOVES, *COMPARE_SCREEN, *APP),
    "Customers": (*CUSTOMERS_SCREEN, *APP),
    "Prompts": PROMPT,
    "Help and problems": (*READER, *APP),
}
"""Every action that can be pressed on a screen."""

_KEY_SIGNS = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "backspace": "Backspace", "space": "Space",
    "less_than_sign": "<", "greater_than_sign": ">", "dollar_sign": "$", "question_mark": "?", "colon": ":",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_parenthesis": "(", "right_parenthesis": ")", "slash": "/", "asterisk": "*", "f1": "F1",
    "tab": "Tab", "comma": ",", "full_stop": ".",
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
    return tuple(replace(action, keys=keymap[action.id]) if action.id in keymap else action for action in actions)


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
