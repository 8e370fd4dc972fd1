"""The store of records: read what changed, and save so that no word is lost.

A save looks at the file under a lock. If somebody else changed it since it was read, the changes of both are merged
field by field; where both changed the same thing theirs stays, and mine is kept in a file beside it.
"""

from __future__ import annotations

import hashlib
import os
import random as randoms
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from reviewtui.errors import Problem, ReviewError, Severity
from reviewtui.workspace.atomic import ChangedError, atomic_write, make_folders, remove_file
from reviewtui.workspace.conflicts import resolved, sibling_name, sibling_text, with_mine
from reviewtui.workspace.create import ensure_product
from reviewtui.workspace.file_facts import file_facts
from reviewtui.workspace.kinds.base import SCHEMA_KEY, Record, plain
from reviewtui.workspace.kinds.registry import ID, PRODUCT, REVIEW, YEAR, kind_of, path_of, place_of, placeholders
from reviewtui.workspace.me import who_works_here
from reviewtui.workspace.merge import Merged, merge_fields
from reviewtui.workspace.model import SCHEMA
from reviewtui.workspace.record_edit import edited_record
from reviewtui.workspace.record_folder import RecordFolder, writable
from reviewtui.workspace.record_set import Records, Saved
from reviewtui.workspace.record_text import has_unstorable, new_text, stored_values, told_values
from reviewtui.workspace.records import file_name, is_safe_name, new_record_id, slug
from reviewtui.workspace.save_lock import save_lock
from reviewtui.workspace.schema import Spot
from reviewtui.workspace.toml_file import TomlFile, read_toml, same_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from random import Random

    from reviewtui.months import Month
    from reviewtui.workspace.conflicts import Conflict
    from reviewtui.workspace.file_facts import FileFacts
    from reviewtui.workspace.kinds.base import RecordKind, StoredField
    from reviewtui.workspace.toml_lines import KeyPath

R = TypeVar("R", bound=Record)

_NOT_SAVED = "Not saved"
_ATTEMPTS = 5
"""How often a save begins anew because a program that knows no lock wrote the file in between."""


class RecordStore:
    """The records of the workspace `root`. All methods may block and may be called from any thread."""

    def __init__(
        self,
        root: Path,
        *,
        me: str = "",
        read_only: bool = False,
        random: Random | None = None,
        on_change: Callable[[Records], object] | None = None,
    ) -> None:
        """`on_change` is called with the new records, in the thread that read or saved them."""
        self.root = root.absolute()
        self._me = me
        self._random = random or randoms.SystemRandom()
        self._guard = threading.RLock()
        self._folder = RecordFolder(self.root, read_only=read_only)
        self._on_change = on_change
        self._told = 0
        """The stamp of the records that `on_change` got last."""
        self.made_files: dict[str, FileFacts] = {}
        """Files made for a record that change no number: path in the workspace to the state it was left in."""

    @property
    def me(self) -> str:
        """Who works here: the author of what is written, and kept with a text that clashes."""
        return self._me or who_works_here(self.root)

    def load(self) -> Records:
        """Read what changed since the last time; the same object if nothing did. Never raises for what files hold."""
        with self._guard:
            self._folder.look()
            self._tell()
            return self._folder.records

    def _tell(self) -> None:
        records = self._folder.records
        if self._on_change is not None and records.stamp > self._told:
            self._told = records.stamp
            self._on_change(records)

    def create(
        self, kind: RecordKind[R], product: str, values: Mapping[str, Any], day: date, *, review: Month | None = None
    ) -> R:
        """A new record of `values` (field name to value); what its place names is among them, but for these.

        `product` is a product id and is empty for kinds of no product, `day` makes the id, `review` is the month of the
        review for kinds that lie in one. ReviewError if it cannot be saved; nothing is on disk then.
        """
        with self._saving():
            written = _written(kind.fields, values, by_sentence=True)
            text = new_text(kind.fields, written)
            path = path_of(kind, self._parts(kind, product, values, day, review))
            _refuse_unusable(kind, path, written)
            place = self._inside(path)
            if os.path.lexists(place):
                raise ReviewError(f"{path} is there already. Open it and change it there.", _NOT_SAVED)
            make_folders(place.parent)
            atomic_write(place, text)
            return cast("R", self._now_at(path))

    def save(self, record: R, changes: Mapping[str, Any]) -> Saved[R]:
        """Change fields of a record; None, an empty text or nothing in a list clears one.

        ReviewError if it cannot be saved; the record's file is as it was then.
        """
        kind = kind_of(record)
        changed = _written(kind.fields, changes)
        for _attempt in range(_ATTEMPTS):
            with suppress(ChangedError), self._saving():
                saved = self._merge_into_file(kind, record, changed)
                return Saved(saved.record, saved.merged, saved.conflict, has_unstorable(changes))
        raise ReviewError(
            f"{record.file.path} was not saved: another program keeps writing it. Close that program and save again.",
            _NOT_SAVED,
        )

    def remove(self, record: Record) -> None:
        """Remove a record of a kind that allows it; ReviewError if it was changed since it was read."""
        if not kind_of(record).removable:
            raise ReviewError(f"A {kind_of(record).name} is not removed. Change its state instead.", "Not removed")
        with self._saving():
            path = record.file.path
            file = read_toml(self._inside(path), path)
            if file.raw and _sha256(file) != record.file.sha256:
                self._folder.read_again([path])
                raise ReviewError(f"{path} was changed meanwhile. Look at it again before removing it.", "Not removed")
            remove_file(self.root / path)
            self._folder.read_again([path])

    def resolve(self, conflict: Conflict, chosen: Mapping[KeyPath, Any]) -> Record:
        """Write the decision of a conflict: the value for each clash by its path; theirs where there is none.

        The file that kept the other version goes. ReviewError if the record changed since the conflict was shown.
        """
        with self._saving():
            place = self._inside(conflict.path)
            current = read_toml(place, conflict.path)
            if not os.path.lexists(place):
                raise ReviewError(
                    f"{conflict.path} is gone. Bring it back from git or a backup, or remove {conflict.other}.",
                    _NOT_SAVED,
                )
            if conflict.text is None and not same_values(dict(current.data), conflict.theirs):
                self._folder.look()
                raise ReviewError(f"{conflict.path} was changed meanwhile. Look at the conflict again.", _NOT_SAVED)
            text = conflict.text or current
            data = edited_record(text, conflict.kind.fields, resolved(conflict, chosen))
            if data is not None or conflict.text is not None:
                atomic_write(place, text.raw if data is None else data, replaces=current.raw)
            if conflict.other:
                remove_file(self._inside(conflict.other))
            return self._now_at(conflict.path, conflict.other)

    # Saving

    @contextmanager
    def _saving(self) -> Iterator[None]:
        with self._guard:
            self._folder.look_once()
            writable(self._folder.records.read_only)
        with self._guard, save_lock(self.root):
            try:
                yield
            finally:
                self._tell()

    def _merge_into_file(self, kind: RecordKind[R], record: R, changed: Mapping[str, Any]) -> Saved[R]:
        path = self._path_of(record)
        place = self._inside(path)
        known = _written(kind.fields, {item.name: getattr(record, item.name) for item in kind.fields})
        if not os.path.lexists(place):
            return Saved(cast("R", self._put_back(kind, path, {**known, **changed})), merged=True)
        file = read_toml(place, path)
        _refuse_set_aside(file)
        theirs = told_values(kind.fields, stored_values(kind.fields, file.data))
        base, mine = (told_values(kind.fields, values) for values in (known, {**known, **changed}))
        merged = merge_fields(base, mine, theirs, kind.fields)
        is_same = _sha256(file) == record.file.sha256
        if is_same:
            # Nobody else wrote: what seems to clash is only written in another form than ours.
            merged = Merged(with_mine(merged), ())
        meant = _as_written(file.data, theirs, merged.values)
        data = edited_record(file, kind.fields, meant)
        _refuse_unusable(kind, path, meant, file.data)
        kept = self._keep_clashes(path, merged)
        try:
            if data is not None:
                atomic_write(place, data, replaces=file.raw)
        except ReviewError:
            if kept:
                remove_file(self.root / kept)
            raise
        now = cast("R", self._now_at(path, kept))
        conflict = next((item for item in self._folder.records.conflicts if kept and item.other == kept), None)
        return Saved(now, merged=not is_same, conflict=conflict)

    def _path_of(self, record: Record) -> str:
        """Where a record lies: where it was read, or where somebody has moved its file since."""
        path = record.file.path
        if not os.path.lexists(self.root / path):
            self._folder.look()
            found = self._folder.records.by_id(record.id)
            path = found.file.path if found is not None else path
        return path

    def _put_back(self, kind: RecordKind[Record], path: str, values: Mapping[str, Any]) -> Record:
        """Write a file anew that somebody removed while it was being changed."""
        text = new_text(kind.fields, values)
        _refuse_unusable(kind, path, values)
        make_folders((self.root / path).parent)
        atomic_write(self.root / path, text)
        return self._now_at(path)

    def _keep_clashes(self, path: str, merged: Merged) -> str:
        """Keep my texts that clash in a file beside the record's; its path, or nothing."""
        if not merged.clashes:
            return ""
        now = datetime.now(UTC)
        kept = sibling_name(path, now)
        atomic_write(self.root / kept, sibling_text(merged.clashes, self.me, now))
        return kept

    def _now_at(self, path: str, *others: str) -> Record:
        """The record that is at `path` now."""
        self._folder.read_again([path, *filter(None, others)])
        place = place_of(path)
        record = self._folder.records.by_id(place.id) if place is not None else None
        if record is None:
            raise ReviewError(f"{path} was written and cannot be read back. Look at it with `reviewtui check`.")
        return record

    # Places

    def _parts(
        self, kind: RecordKind[R], product: str, values: Mapping[str, Any], day: date, review: Month | None
    ) -> dict[str, str]:
        """The parts of a new record's path; each is safe as a name."""
        parts: dict[str, str] = {}
        for name in placeholders(kind):
            if name == PRODUCT:
                parts[name] = self._slug(product)
            elif name == REVIEW:
                parts[name] = str(review if review is not None else values[name])
            elif name == YEAR:
                parts[name] = f"{day.year:04d}"
            elif name == ID:
                named = str(values.get(kind.named_after) or "")
                parts[name] = file_name(self._new_id(kind, day), slug(named) if named else kind.name).removesuffix(
                    ".toml"
                )
            else:
                text = str(values[name])
                parts[name] = text if is_safe_name(text) else slug(text)
        return parts

    def _new_id(self, kind: RecordKind[R], day: date) -> str:
        while True:
            record_id = new_record_id(kind.letter, day, self._random)
            if self._folder.records.by_id(record_id) is None:
                return record_id

    def _slug(self, product: str) -> str:
        """The folder of a product; made, with its `product.toml`, if it has none."""
        known = self._folder.slug_of(product)
        if known is not None:
            return known
        path = ensure_product(self.root, product)
        made = path.parent.name
        self.made_files[path.relative_to(self.root).as_posix()] = file_facts(path)
        self._folder.forget_products()
        self._folder.look()
        return made

    def _inside(self, path: str) -> Path:
        """The file at `path`; ReviewError if a symbolic link leads out of the workspace."""
        place = self.root / path
        if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(self.root)):
            raise ReviewError(f"{place} leads out of the workspace. Replace the link by a folder.", _NOT_SAVED)
        return place


def _written(fields: Sequence[StoredField], values: Mapping[str, Any], *, by_sentence: bool = False) -> dict[str, Any]:
    """Values of a record's fields as TOML has them; those of other names are parts of its place."""
    names = {item.name for item in fields}
    tomls = {key: plain(value) for key, value in values.items() if key in names}
    return stored_values(fields, tomls, by_sentence=by_sentence)


def _as_written(data: Mapping[str, Any], normal: Mapping[str, Any], merged: Mapping[str, Any]) -> dict[str, Any]:
    """The merged values; where they are those of the file, in the very form that they have there."""
    return {**merged, **{key: data[key] for key in data if same_values(normal.get(key), merged.get(key))}}


def _refuse_set_aside(file: TomlFile) -> None:
    """ReviewError for a file that is damaged or that a newer program wrote."""
    if file.damaged:
        raise ReviewError(f"{file.problem} Until then nothing is written into it.", _NOT_SAVED)
    schema = file.data.get(SCHEMA_KEY, SCHEMA)
    if isinstance(schema, int) and schema > SCHEMA:
        raise ReviewError(
            f"{file.label} is of schema {schema}, newer than this program writes ({SCHEMA}). Update reviewtui to"
            " change it.",
            _NOT_SAVED,
        )


def _refuse_unusable(
    kind: RecordKind[R], path: str, values: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> None:
    """ReviewError if a file with `values` would not be read whole; what was wrong `before` already does not count."""
    known = set() if before is None else set(_errors(kind, path, before))
    new = [message for message in _errors(kind, path, values) if message not in known]
    if new:
        raise ReviewError(f"{new[0]} Nothing was saved.", _NOT_SAVED)


def _errors(kind: RecordKind[R], path: str, values: Mapping[str, Any]) -> list[str]:
    """What reading a file with these values would complain about."""
    problems: list[Problem] = []
    place = place_of(path)
    if place is None:
        raise ValueError(f"no record belongs at {path}")
    written = {key: value for key, value in values.items() if value is not None}
    kind.read(written, Spot(TomlFile(Path(path), path), problems), {"id": place.id, **place.facts})
    return [problem.message for problem in problems if problem.severity is Severity.ERROR]


def _sha256(file: TomlFile) -> str:
    return hashlib.sha256(file.raw).hexdigest()
