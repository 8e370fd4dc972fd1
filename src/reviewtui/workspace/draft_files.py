"""The files of the journal of drafts: their names, what is in them, and which are of a run that is still going."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem
from reviewtui.workspace.atomic import make_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_SCHEMA = 1
_NAME = re.compile(r"(?P<key>[0-9a-f]{16})-(?P<run>[0-9a-f]{12})(?P<last>-last)?\.json")
_ENCODING = ("utf-8", "surrogatepass")
"""Whatever was typed comes back as it was."""


@dataclass(frozen=True, slots=True)
class DraftKey:
    """What a draft is a draft of; the same for the same form opened again."""

    kind: str
    """Which form: the kind of record, as `comment`."""
    record: str = ""
    """Id of the record that is edited; empty for a new one."""
    place: str = ""
    """Where a new record will stand, in a form that its screen can read again: `replay/mrr@2026-04`."""

    def __str__(self) -> str:
        return f"{self.kind}\0{self.record}\0{self.place}"


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that were typed and not saved."""

    key: DraftKey
    values: Mapping[str, str]
    """Texts of the fields that were changed."""
    base: Mapping[str, str]
    """What those fields said before."""
    noted_at: datetime
    editing: str = ""
    """The field that a program outside was editing when this was written."""
    heading: str = ""
    """What the form was called."""
    files: tuple[Path, ...] = ()
    """Where it was found; none for a draft of this run."""

    def same_words(self, other: Draft) -> bool:
        """Whether both say the same, at whatever time."""
        return (self.values, self.base, self.editing, self.heading) == (
            other.values,
            other.base,
            other.editing,
            other.heading,
        )


class DamagedDraftError(ValueError):
    """A draft's file is not whole; the message says how that is known."""


def draft_bytes(draft: Draft, serial: int) -> bytes:
    """A draft as it is stored, with a count by which a cut file is noticed."""
    data = {
        "schema": _SCHEMA,
        "kind": draft.key.kind,
        "record": draft.key.record,
        "place": draft.key.place,
        "heading": draft.heading,
        "noted_at": draft.noted_at.isoformat(),
        "serial": serial,
        "editing": draft.editing,
        "base": dict(draft.base),
        "values": dict(draft.values),
        "characters": _count(draft.base) + _count(draft.values),
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode(*_ENCODING)


def read_draft(data: bytes) -> tuple[int, Draft]:
    """The serial and the draft in `data`; DamagedDraftError where they are not whole."""
    try:
        entries = json.loads(data.decode(*_ENCODING))
    except (ValueError, RecursionError) as error:
        raise DamagedDraftError("it is cut off or overwritten") from error
    if not isinstance(entries, dict) or entries.get("schema") != _SCHEMA:
        raise DamagedDraftError("it is not of a form that this version knows")
    values, base = _texts(entries.get("values")), _texts(entries.get("base"))
    if entries.get("characters") != _count(base) + _count(values):
        raise DamagedDraftError("a part of it is missing")
    try:
        key = DraftKey(_text(entries["kind"]), _text(entries["record"]), _text(entries["place"]))
        noted_at = datetime.fromisoformat(_text(entries["noted_at"]))
        serial = int(entries["serial"])
        editing, heading = _text(entries["editing"]), _text(entries["heading"])
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedDraftError("a part of it is missing") from error
    noted_at = noted_at if noted_at.tzinfo is not None else noted_at.replace(tzinfo=UTC)
    return serial, Draft(key, values, base, noted_at, editing, heading)


class DraftFiles:
    """The draft files in `folder`, those of this run and those of earlier ones."""

    def __init__(self, folder: Path) -> None:
        self.damaged: tuple[Problem, ...] = ()
        self._folder = folder
        self._run = secrets.token_hex(6)
        self._lock: int | None = None

    def usual(self, key: DraftKey) -> Path:
        """Where the draft of `key` is written."""
        return self._folder / f"{_key_name(key)}-{self._run}.json"

    def last_words(self, key: DraftKey) -> Path:
        """Where it is written while the program leaves."""
        return self._folder / f"{_key_name(key)}-{self._run}-last.json"

    def outside_file(self, key: DraftKey) -> Path:
        """Where a program outside edits one of its fields; the ending lets an editor know what it is."""
        return self._folder / f"{_key_name(key)}-{self._run}.md"

    def hold(self) -> None:
        """Mark this run as one that is still going, by a lock that ends with the process."""
        if self._lock is not None:
            return
        make_folders(self._folder)
        handle = os.open(self._lock_file(self._run), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # A file system without locks: other runs then offer this one's drafts too, and nothing is lost.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lock = handle

    def leave(self) -> None:
        """This run has no drafts any more."""
        if self._lock is not None:
            self.remove((self._lock_file(self._run),))
            os.close(self._lock)
            self._lock = None

    def remove(self, paths: Iterable[Path]) -> None:
        """Remove files, where they are there and can be removed."""
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def found(self) -> tuple[Draft, ...]:
        """The drafts of runs that have ended, the newest text of each."""
        newest: dict[tuple[str, str], tuple[int, Draft]] = {}
        files: dict[tuple[str, str], list[Path]] = {}
        damaged: list[Problem] = []
        for path in self._listed():
            match = _NAME.fullmatch(path.name)
            if match is None or match["run"] == self._run or self._is_going(match["run"]):
                continue
            place = (match["key"], match["run"])
            try:
                serial, draft = read_draft(path.read_bytes())
            except (DamagedDraftError, OSError) as error:
                why = error if isinstance(error, DamagedDraftError) else "it could not be read"
                left = f"A draft was not taken in: {why}. What is left of it is in this file."
                damaged.append(Problem(str(path), None, left))
                continue
            files.setdefault(place, []).append(path)
            if place not in newest or serial > newest[place][0]:
                newest[place] = (serial, draft)
        self.damaged = tuple(damaged)
        return tuple(self._with_files(draft, files[place], place[1]) for place, (_, draft) in newest.items())

    def _with_files(self, draft: Draft, files: list[Path], run: str) -> Draft:
        """The draft with what a program outside had written of it, and all files that go with it.

        Among them the lock of its run: nobody holds it any more.
        """
        values = dict(draft.values)
        outside = files[0].with_name(files[0].name[:29] + ".md")
        with suppress(OSError, ValueError):
            if draft.editing and outside.is_file():
                values[draft.editing] = outside.read_bytes().decode("utf-8").removesuffix("\n")
        return Draft(
            draft.key, values, draft.base, draft.noted_at, "", draft.heading, (*files, outside, self._lock_file(run))
        )

    def _listed(self) -> list[Path]:
        try:
            return sorted(self._folder.iterdir())
        except OSError:
            return []

    def _lock_file(self, run: str) -> Path:
        return self._folder / f"{run}.lock"

    def _is_going(self, run: str) -> bool:
        """Whether the process of a run still lives."""
        path = self._lock_file(run)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False


def _key_name(key: DraftKey) -> str:
    return hashlib.sha256(str(key).encode(*_ENCODING)).hexdigest()[:16]


def _count(values: Mapping[str, str]) -> int:
    return sum(len(name) + len(text) for name, text in values.items())


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise DamagedDraftError("a part of it is missing")
    return value
