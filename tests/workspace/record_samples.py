"""Records that tests of the store write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

from reviewtui.months import Month
from reviewtui.workspace.kinds.comments import COMMENTS, Comment
from reviewtui.workspace.kinds.todos import TODOS, Todo
from reviewtui.workspace.store import RecordStore

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.record_set import Records, Saved

DAY = date(2026, 4, 17)
REVIEW = Month(2026, 3)
NOTE = "Ask Ada.\nThen ask Bo.\nThen write it down.\nThen close it."


@dataclass
class Reviews:
    """A workspace with the stores of two people, or of two windows."""

    root: Path

    def __post_init__(self) -> None:
        self.root.mkdir(exist_ok=True)
        (self.root / "reviewtui.toml").write_text("schema = 1\n")
        self.mine = RecordStore(self.root, me="ana", random=Random(1))
        self.theirs = RecordStore(self.root, me="bo", random=Random(2))

    def comment(self, text: str = "Why so low?", **values: Any) -> Comment:
        """A new comment on the MRR."""
        given = {"author": "ana", "said_on": DAY, "metric": "mrr", "month": REVIEW, "text": text, **values}
        return self.mine.create(COMMENTS, "replay", given, DAY, review=REVIEW)

    def todo(self, **values: Any) -> Todo:
        """A new to-do."""
        given = {
            "title": "Ask billing",
            "created_on": DAY,
            "owner": "ana",
            "due": Month(2026, 5),
            "note": NOTE,
            **values,
        }
        return self.mine.create(TODOS, "replay", given, DAY)

    def both(self, **values: Any) -> tuple[Todo, Todo]:
        """A new to-do as both have read it."""
        mine = self.todo(**values)
        theirs = self.theirs.load().by_id(mine.id)
        assert isinstance(theirs, Todo)
        return mine, theirs

    def clash(self) -> tuple[Todo, Saved[Todo]]:
        """Both give the to-do another owner; what my save said."""
        mine, theirs = self.both()
        self.theirs.save(theirs, {"owner": "bo"})
        return mine, self.mine.save(mine, {"owner": "cy"})

    def path(self, record: Comment | Todo) -> Path:
        """The file of a record."""
        return self.root / record.file.path

    def text(self, record: Comment | Todo) -> str:
        """The text of a record's file."""
        return self.path(record).read_text()

    def write(self, path: str, text: str) -> Path:
        """Put a file there, as an editor does."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="")
        return place

    def reload(self) -> Records:
        """What a new start reads."""
        return RecordStore(self.root).load()
