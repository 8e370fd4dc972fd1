"""What git's state means for records, in words: pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reviewtui.text import counted, safe_text
from reviewtui.workspace.kinds.registry import ALL_KINDS, kind_at
from reviewtui.workspace.place import IMPORTS_FOLDER, METRICS_FOLDER, PRODUCTS_FOLDER, WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewtui.workspace.git import GitState

_OWN_FILES = (WORKSPACE_FILE, ".gitattributes", ".gitignore")
_MOST_NAMED = 3
"""Products that a message names; of more it says how many there are."""


def is_own(path: str) -> bool:
    """Whether the file at `path`, from the workspace's root, is one that a workspace is made of."""
    folder, slash, _ = path.partition("/")
    if not slash:
        return path in _OWN_FILES or kind_at(path) is not None
    if folder == IMPORTS_FOLDER:
        return path.endswith(".csv")
    folders = {PRODUCTS_FOLDER, METRICS_FOLDER, *(kind.place.partition("/")[0] for kind in ALL_KINDS)}
    return folder in folders and path.endswith(".toml") and "/." not in path


def unpushed_records(state: GitState) -> tuple[str, ...]:
    """Files of records that only this machine has: not committed, or in commits that no remote has."""
    return tuple(path for path in sorted({*state.changed, *state.unpushed}) if kind_at(path) is not None)


def state_words(state: GitState | None) -> str:
    """The branch, how far it is from its upstream, and what is only here; empty without a repository."""
    if state is None:
        return ""
    away = "".join(f" {sign}{count}" for sign, count in (("↑", state.ahead), ("↓", state.behind)) if count)
    parts = [safe_text(state.branch) + away]
    if state.unmerged:
        parts.append(f"{counted(len(state.unmerged), 'file')} unmerged")
    count = len(unpushed_records(state))
    if count:
        parts.append(f"{count:,} {'unpushed' if state.has_remote else 'uncommitted'}")
    return " · ".join(parts)


def leaving_words(state: GitState | None) -> str:
    """What to say on leaving; empty where nothing is left to be done."""
    count = len(unpushed_records(state)) if state is not None else 0
    if state is None or not count:
        return ""
    if not state.has_remote:
        return f"{counted(count, 'uncommitted record')}: `reviewtui commit` commits what is in the workspace."
    uncommitted = any(kind_at(path) is not None for path in state.changed)
    how = "`reviewtui commit`, then `git push`" if uncommitted else "`git push`"
    return f"{counted(count, 'unpushed record')}: {how}."


def commit_message(paths: Iterable[str]) -> str:
    """One line that says what is in a commit: `review(replay): 2 comments, 1 to-do`."""
    kinds: Counter[str] = Counter()
    others = 0
    products: dict[str, None] = {}
    for path in sorted(paths):
        kind = kind_at(path)
        if kind is None:
            others += 1
        else:
            kinds[kind.name] += 1
        parts = path.split("/")
        if parts[0] == PRODUCTS_FOLDER and len(parts) > 2:
            products[parts[1]] = None
    things = [_counted(kinds[kind.name], kind.name, kind.plural) for kind in ALL_KINDS if kinds[kind.name]]
    if others:
        things.append(_counted(others, "other file", "other files"))
    return f"review{_scope(tuple(products))}: {', '.join(things)}"


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _scope(products: Sequence[str]) -> str:
    if not products:
        return ""
    names = ", ".join(products) if len(products) <= _MOST_NAMED else f"{len(products)} products"
    return f"({safe_text(names)})"
