"""The kinds of save that faults are tried on: what is there before, and what is done."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

from reviewtui.months import Month
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.todos import TODOS, Todo
from reviewtui.workspace.record_text import new_text, stored_values
from reviewtui.workspace.store import RecordStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = date(2026, 4, 17)
REVIEW = Month(2026, 3)
LONG_NOTE = "\n".join(f"Line {number} of a note." for number in range(200))
KEPT = 'schema = 1\n\n[[clash]]\npath = ["owner"]\nbase = "x"\nmine = "bo"\n'


def workspace(root: Path) -> RecordStore:
    """A new workspace."""
    root.mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\n")
    return RecordStore(root, me="ana", random=random.Random(1))


def todo_in(store: RecordStore) -> Todo:
    """A to-do that is there before."""
    values = {"title": "x", "created_on": DAY, "owner": "ana", "note": LONG_NOTE}
    text = new_text(TODOS.fields, stored_values(TODOS.fields, values))
    folder = store.root / "products/replay"
    (folder / "todos").mkdir(parents=True)
    (folder / "product.toml").write_text('product_id = "replay"\n')
    (folder / "todos" / "t-260417-9xw2-x.toml").write_text(text)
    return held(store)


def held(store: RecordStore) -> Todo:
    """The to-do as it is now."""
    (todo,) = store.load().of(TODOS)
    return todo


def by_hand(store: RecordStore, old: str, new: str) -> None:
    """Somebody changes the to-do's file."""
    path = store.root / held(store).file.path
    path.write_text(path.read_text().replace(old, new))


def prepare_create(root: Path) -> Callable[[], object]:
    """A new record of a product that has no folder yet."""
    store = workspace(root)
    values = {"said_on": DAY, "metric": "mrr", "text": LONG_NOTE}
    return lambda: store.create(COMMENTS, "replay", values, DAY, review=REVIEW)


def prepare_save(root: Path) -> Callable[[], object]:
    """A change that nobody else touches."""
    store = workspace(root)
    todo = todo_in(store)
    return lambda: store.save(todo, {"owner": "bo", "note": LONG_NOTE + "\nand more"})


def prepare_merge(root: Path) -> Callable[[], object]:
    """A change of a record that somebody else has changed elsewhere."""
    store = workspace(root)
    todo = todo_in(store)
    by_hand(store, 'due = ""', 'due = "2026-09"')
    return lambda: store.save(todo, {"owner": "bo"})


def prepare_clash(root: Path) -> Callable[[], object]:
    """A change of what somebody else has changed too, and of more."""
    store = workspace(root)
    todo = todo_in(store)
    by_hand(store, '"ana"', '"cy"')
    return lambda: store.save(todo, {"owner": "bo", "due": Month(2026, 9)})


def prepare_resolve(root: Path) -> Callable[[], object]:
    """The decision of a conflict."""
    store = workspace(root)
    todo = todo_in(store)
    (store.root / f"{todo.file.path}.conflict-home-1").write_text(KEPT)
    (conflict,) = store.load().conflicts
    return lambda: store.resolve(conflict, {("owner",): "bo"})


SAVES = {
    "a new record": prepare_create,
    "a change": prepare_save,
    "a merge": prepare_merge,
    "a clash": prepare_clash,
    "a decision": prepare_resolve,
}
