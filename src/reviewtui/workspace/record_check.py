"""What `check` says of records: what cannot be used, what waits for a decision, and what interrupted runs left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity
from reviewtui.text import counted
from reviewtui.workspace.atomic import stale_temps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from reviewtui.workspace.draft_files import Draft
    from reviewtui.workspace.record_set import Records


def record_problems(root: Path, records: Records, now: datetime) -> Iterator[Problem]:
    """Everything to say about the records of the workspace `root`; reads only."""
    yield from records.problems
    yield from conflict_problems(records)
    for path in stale_temps(root, now):
        message = "Left by a save that was interrupted; the next start of reviewtui removes it."
        yield Problem(path.relative_to(root).as_posix(), None, message, Severity.WARNING)


def conflict_problems(records: Records, next_step: str = "Open reviewtui and choose.") -> Iterator[Problem]:
    """What waits for a decision."""
    for conflict in records.conflicts:
        fields = ", ".join(dict.fromkeys(f"`{clash.path[0]}`" for clash in conflict.clashes))
        about = f" of {fields}" if fields else ""
        yield Problem(
            conflict.path, None, f"There are two versions{about}; the other is in {conflict.other}. {next_step}"
        )


def draft_problems(drafts: tuple[Draft, ...]) -> Iterator[Problem]:
    """That words were typed and never saved."""
    if drafts:
        names = ", ".join(dict.fromkeys(draft.heading or draft.key.kind for draft in drafts))
        message = f"{counted(len(drafts), 'text')} typed and not saved: {names}. Open reviewtui to go on with them."
        yield Problem("drafts", None, message, Severity.WARNING)
