"""Records that a merge of git has left open, as conflicts that can be shown field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.workspace.conflicts import unmerged
from reviewtui.workspace.git import unmerged_stages
from reviewtui.workspace.kinds.registry import place_of

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.conflicts import Conflict


def unmerged_conflicts(root: Path) -> tuple[Conflict, ...]:
    """A conflict for every unmerged record below `root` whose versions can be read; a file that one side removed
    is what the other has of it.
    """
    found = []
    for path, *stages in unmerged_stages(root):
        place = place_of(path)
        base, ours, theirs = stages
        if place is not None and not (ours is None and theirs is None):
            conflict = unmerged(place.kind, path, place.id, (base, ours, theirs), root)
            if conflict is not None:
                found.append(conflict)
    return tuple(found)
