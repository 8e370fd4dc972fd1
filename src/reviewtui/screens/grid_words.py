"""What the grid screen says about the state of the numbers: pure sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.errors import Severity
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.sheet_state import SheetState


def progress_words(state: SheetState) -> str:
    """How far the computation is."""
    progress = state.progress
    if progress is None:
        return "Starting …"
    stage = safe_text(progress.stage)
    return f"{stage} {progress.done:,} of {progress.total:,}" if progress.total else f"{stage} …"


def banner_words(state: SheetState) -> str:
    """What to say above the keys about numbers that are not the newest; empty where they are."""
    if state.loaded is None or not state.loaded.sheet.products:
        return ""
    if state.failure is not None and state.is_begun:
        return f"Only the newest months could be computed. {state.failure.message} Press r to try again."
    if state.failure is not None:
        return f"These are the numbers from before. {state.failure.message} Press r to try again."
    if state.is_earlier:
        return f"These are the numbers shown last, as of {state.loaded.sheet.as_of}; they are being computed again."
    if state.is_begun:
        return f"The newest months. {progress_words(state)}"
    if state.changed:
        names = ", ".join(safe_text(name) for name in state.changed)
        return f"Changed on disk since these numbers were read: {names}. Press r to read again."
    return ""


def nothing_found(loaded: LoadedSheet) -> str:
    """Why there are no numbers although the sources could be read."""
    worst = next((problem for problem in loaded.problems if problem.severity == Severity.ERROR), None)
    if worst is not None:
        return f"{safe_text(str(worst))} Press p for all problems; `reviewtui check` lists them too."
    tables = ", ".join(dict.fromkeys(table for state in loaded.sheet.sources for table in state.tables))
    if tables:
        return f"The tables that were found have no usable rows: {safe_text(tables)}."
    names = ", ".join(safe_text(state.name) for state in loaded.sheet.sources)
    where = f"Nothing in {names} is named like a table this program knows" if names else "No source could be read"
    return f"{where}: `reviewtui check` lists what was found and what each metric needs. Press p for the problems."
