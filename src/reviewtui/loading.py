"""Getting the numbers of a workspace: those that were kept, or computed anew and kept for the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.ready_sheet import KeptNumbers
    from reviewtui.sources.state import Progress

    LoadSheet = Callable[[Callable[[Progress], None], threading.Event], LoadedSheet]


def find_numbers(root: Path, as_of: date) -> KeptNumbers | None:
    """The numbers shown last, if there are any; they need no look at what they were made of but its state."""
    from reviewtui.ready_sheet import FilesMark, kept_numbers
    from reviewtui.workspace.own_files import own_files

    files = own_files(root)
    kept = kept_numbers(FilesMark(root, as_of), root)
    return kept._replace(loaded=kept.loaded._replace(files=files)) if kept is not None and kept.is_ready else kept


def compute_workspace(
    root: Path,
    as_of: date,
    on_progress: Callable[[Progress], None],
    cancel: threading.Event,
    *,
    is_fresh: bool = False,
) -> LoadedSheet:
    """Load the workspace and get its numbers, from a child process where they were not kept; raises `ReviewError`.

    They are kept, so that the next start has them ready. `is_fresh` asks for everything to be computed again.
    """
    from datetime import UTC, datetime

    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.numbers import load_numbers
    from reviewtui.ready_sheet import FilesMark, keep_ready
    from reviewtui.workspace.atomic import sweep_stale_temps
    from reviewtui.workspace.load import load_workspace
    from reviewtui.workspace.own_files import own_files

    sweep_stale_temps(root, datetime.now(UTC))
    files, mark = own_files(root), FilesMark(root, as_of)
    workspace = load_workspace(root)
    sheet = load_numbers(workspace, as_of, on_progress=on_progress, cancel=cancel, is_fresh=is_fresh)
    loaded = LoadedSheet(sheet, workspace.problems, files, workspace.name)
    keep_ready(mark, root, as_of, loaded)
    return loaded
