"""The list of what is wrong in files, views and data, with the place of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from reviewtui.errors import Severity
from reviewtui.screens.reader import ReaderScreen
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reviewtui.errors import Problem

MOST_SHOWN = 500
_SIGNS = {Severity.ERROR: ("✗ ", "$text-error"), Severity.WARNING: ("! ", "$text-warning")}


def problems_screen(problems: Sequence[Problem], root: Path, keymap: Mapping[str, str]) -> ReaderScreen:
    """All `problems`; paths inside `root` are written from there."""
    count = len(problems)
    heading = f"{count:,} problem{'' if count == 1 else 's'}"
    return ReaderScreen(heading, problems_text(problems, root), keymap)


def problems_text(problems: Sequence[Problem], root: Path) -> Content:
    """Each problem as its place and its sentence."""
    lines: list[Content] = []
    for problem in problems[:MOST_SHOWN]:
        sign, style = _SIGNS[problem.severity]
        lines.append(Content.assemble((sign, style), (_place(problem, root), "$strong")))
        lines.append(Content("  " + safe_text(problem.message)))
        lines.append(Content(""))
    left_out = len(problems) - MOST_SHOWN
    if left_out > 0:
        lines.append(Content(f"{left_out:,} more; `reviewtui check` lists them all."))
    return Content("\n").join(lines)


def _place(problem: Problem, root: Path) -> str:
    path = problem.path.removeprefix(f"{root}/") or "The workspace"
    return safe_text(path if problem.line is None else f"{path}:{problem.line}")
