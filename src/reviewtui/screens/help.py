"""The list of all keys, made from the registry of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from reviewtui.actions.action import grouped, keys_text, remapped
from reviewtui.actions.screens import SCREENS
from reviewtui.anomalies.marks import DOWN, UP
from reviewtui.metrics.formats import NO_VALUE, STATUS_MARKS
from reviewtui.metrics.sheet import Status
from reviewtui.metrics.targets import ABOVE_TARGET, BELOW_TARGET
from reviewtui.screens.reader import ReaderScreen
from reviewtui.text import safe_text
from reviewtui.widgets.cell_marks import EARLIER_SIGN, NOTE_SIGN, QUESTION_SIGN, SAID_SIGN
from reviewtui.widgets.grid_painter import FOUND_MARK
from reviewtui.widgets.grid_rows import FOLDED_MARK, OPEN_MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS_WIDTH = 20

_MARKS = (
    (NO_VALUE[Status.MISSING], "no data for this month"),
    (NO_VALUE[Status.NA], "cannot be computed; the details say why"),
    (STATUS_MARKS[Status.PARTIAL], "the month so far: it is not over yet"),
    (STATUS_MARKS[Status.FORECAST], "a forecast of the open month"),
    (STATUS_MARKS[Status.IMMATURE], "not final: only a part is old enough to be counted"),
    (STATUS_MARKS[Status.LOW_N], "few cases: read it with care"),
    (STATUS_MARKS[Status.RESTATED], "changed since it was reviewed"),
    (f"{UP} {DOWN}", "out of the ordinary: above or below the expected"),
    (f"{ABOVE_TARGET} {BELOW_TARGET}", "outside the target or the band of the stage"),
    ("!", "after a change: it is one for the worse"),
    ("!", "before a value: it looks wrong or is missing"),
    (
        f"{NOTE_SIGN} {QUESTION_SIGN} {EARLIER_SIGN}",
        "people wrote about it: now, a question, earlier",
    ),
    (SAID_SIGN, "users said something about it"),
    (FOUND_MARK, "found by what was typed"),
    (f"{OPEN_MARK} {FOLDED_MARK}", "a section, open or folded"),
)

_SIGNS = (
    ("● ▲", "the month under the cursor"),
    ("○", "the open month, so far or as forecast"),
    ("dim line", "the same months a year before"),
    ("grey band", "what was to be expected"),
    ("┄", "the target, or both ends of its band"),
    ("▼ ┆", "something known that happened"),
)


def help_screen(keymap: Mapping[str, str], screen: str = "Grid") -> ReaderScreen:
    """All keys of a screen, as they are at the moment, and what the marks beside values mean."""
    return ReaderScreen("Keys and marks", help_text(keymap, screen), keymap)


def help_text(keymap: Mapping[str, str], screen: str = "Grid") -> Content:
    """The text of the help screen."""
    lines: list[Content] = []
    for group, actions in grouped(remapped(SCREENS[screen], keymap)).items():
        lines.append(_heading(group))
        lines += [_entry(keys_text(action), action.does) for action in actions]
        lines.append(Content(""))
    lines.append(_heading("Marks beside values"))
    lines += [_entry(mark, meaning) for mark, meaning in _MARKS]
    lines += [Content(""), _heading("Signs of the chart")]
    lines += [_entry(sign, meaning) for sign, meaning in _SIGNS]
    return Content("\n").join(lines)


def _heading(text: str) -> Content:
    return Content.styled(text.upper(), "bold $section")


def _entry(keys: str, does: str) -> Content:
    shown = safe_text(keys)
    gap = " " * max(2, _KEYS_WIDTH - cell_len(shown))
    return Content.assemble("  ", (shown, "$strong"), gap, does)
