"""Getting the numbers of a workspace: those that were kept, or computed anew and kept for the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.ready_sheet import KeptNumbers
    from reviewtui.sources.state import Progress

    LoadSheet = Callable[["Report", threading.Event], LoadedSheet]


class Report(Protocol):
    """Is told how far a computation is, and the numbers of the newest months where the others take long."""

    def __call__(self, progress: Progress, newest: LoadedSheet | None = None) -> None:
        """Take the news."""


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
    on_newest: Callable[[LoadedSheet], None] | None = None,
) -> LoadedSheet:
    """Load the workspace and get its numbers, from a child process where they were not kept; raises `ReviewError`.

    They are kept, so that the next start has them ready. `is_fresh` asks for everything to be computed again.
    `on_newest` is given the numbers of the newest months first where the others take long.
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

    def loaded_of(sheet: MetricSheet) -> LoadedSheet:
        return LoadedSheet(sheet, workspace.problems, files, workspace.name)

    show = None if on_newest is None else lambda sheet: on_newest(loaded_of(sheet))
    loaded = loaded_of(
        load_numbers(workspace, as_of, on_progress=on_progress, cancel=cancel, is_fresh=is_fresh, on_newest=show)
    )
    keep_ready(mark, root, as_of, loaded)
    return loaded


def compute_newest_first(root: Path, as_of: date, report: Report, cancel: threading.Event) -> LoadedSheet:
    """As `compute_workspace`; `report` is given the newest months while the others are computed."""
    from reviewtui.sources.state import Progress

    def show(newest: LoadedSheet) -> None:
        report(Progress("Computing the months before"), newest)

    return compute_workspace(root, as_of, report, cancel, on_newest=show)
