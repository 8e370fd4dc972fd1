"""What was read of the files of records, kept so that only changed files are read again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, ReviewError
from reviewtui.workspace.conflicts import conflict_of, read_sibling
from reviewtui.workspace.model import PRODUCT_FILE, SCHEMA, WORKSPACE_FILE
from reviewtui.workspace.record_files import CONFLICT_MARK, list_files, product_ids, read_record_file
from reviewtui.workspace.record_set import Records
from reviewtui.workspace.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from reviewtui.workspace.conflicts import Conflict
    from reviewtui.workspace.kinds.base import Record
    from reviewtui.workspace.record_files import RecordFile, State


class RecordFolder:
    """The record files of one workspace, as they were read last. Not for several threads at once."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.root = root
        self._asked_read_only = read_only
        self.records = Records()
        self._files: dict[str, RecordFile] = {}
        self._others: dict[str, State] = {}
        """Files that are no records, as they were when that was seen."""
        self._products: dict[str, str] = {}
        self._problems: tuple[Problem, ...] = ()
        self._read_only = ""
        self._looked = False

    def look(self) -> None:
        """Read what changed; `records` becomes a new value if anything did."""
        listing = list_files(self.root)
        products = self._products
        if _product_files(listing.states) != _product_files(self._others):
            products = product_ids(self.root, listing.states)
        stale = [path for path, state in listing.states.items() if not self._is_known(path, state)]
        if products != self._products:
            stale = list(listing.states)
            self._products = products
        gone = (self._files.keys() | self._others.keys()) - listing.states.keys()
        problems, read_only = tuple(listing.problems), self._why_read_only()
        was_same = (problems, read_only) == (self._problems, self._read_only)
        self._problems, self._read_only = problems, read_only
        changed = self._read(stale, listing.states)
        for path in gone:
            changed = self._files.pop(path, None) is not None or changed
            self._others.pop(path, None)
        if changed or not was_same or not self._looked:
            self._renew()
        self._looked = True

    def look_once(self) -> None:
        """As `look`, if nothing was read yet."""
        if not self._looked:
            self.look()

    def read_again(self, paths: Iterable[str]) -> None:
        """Read these files, whatever `stat` says of them."""
        for path in paths:
            if os.path.lexists(self.root / path):
                self._read([path], {})
            else:
                self._files.pop(path, None)
        self._renew()

    def slug_of(self, product: str) -> str | None:
        """The folder of a product that has a `product.toml`."""
        return next((slug for slug, name in self._products.items() if name == product), None)

    def forget_products(self) -> None:
        """Look at the `product.toml` files anew the next time."""
        self._others = {path: state for path, state in self._others.items() if path not in _product_files(self._others)}

    def _why_read_only(self) -> str:
        return "The workspace is opened read-only." if self._asked_read_only else why_read_only(self.root)

    def _is_known(self, path: str, state: State) -> bool:
        file = self._files.get(path)
        if file is not None:
            return file.settled and file.state == state
        return self._others.get(path) == state

    def _read(self, paths: Iterable[str], states: dict[str, State]) -> bool:
        """Whether anything is different from before."""
        changed = False
        for path in paths:
            before = self._files.get(path)
            file = read_record_file(self.root, path, self._products, states.get(path))
            if file is None:
                self._others[path] = states.get(path, (0, 0, 0, 0))
                changed = self._files.pop(path, None) is not None or changed
                continue
            self._files[path] = file
            same = before is not None and (before.sha256, before.record) == (file.sha256, file.record)
            changed = changed or not same or before.problems != file.problems  # type: ignore[union-attr]
        return changed

    def _renew(self) -> None:
        """Put together what was read."""
        by_kind: dict[str, list[Record]] = {}
        problems = list(self._problems)
        conflicts: list[Conflict] = []
        owners: dict[str, RecordFile] = {}
        for file in sorted(self._files.values(), key=_usual_first):
            problems += file.problems
            if file.place is None or file.record is None:
                continue
            owner = owners.setdefault(file.place.id, file)
            if owner is file:
                by_kind.setdefault(file.place.kind.name, []).append(file.record)
            elif owner.place is not None and _folder(owner.path) == _folder(file.path):
                said = "a copy made by another program"
                versions: tuple[Mapping[str, Any], ...] = ({}, file.data, owner.data)
                conflicts.append(
                    conflict_of(owner.place.kind, owner.path, owner.place.id, versions, other=file.path, said=said)
                )
            else:
                message = f"The record has the same id as {owner.path} and is not used. Remove one of the two."
                problems.append(Problem(file.path, None, message))
        conflicts += self._kept_texts(problems)
        self.records = Records(
            {name: tuple(sorted(found, key=lambda record: record.id)) for name, found in by_kind.items()},
            tuple(sorted(problems, key=lambda problem: (problem.path, problem.line or 0))),
            tuple(conflicts),
            tuple(file.damaged for file in self._files.values() if file.damaged is not None),
            self.records.stamp + 1,
            self._read_only,
        )

    def _kept_texts(self, problems: list[Problem]) -> list[Conflict]:
        """The conflicts that files beside records tell of."""
        found = []
        for file in self._files.values():
            if file.kept is None or file.place is None:
                continue
            path = file.path.partition(CONFLICT_MARK)[0] + ".toml"
            owner = self._files.get(path)
            current = owner.data if owner is not None else {}
            conflict = read_sibling(file.kept, file.place.kind, path, file.place.id, current)
            if conflict is None:
                message = f"This keeps a text that clashed with {path}, but it cannot be read. Look at it by hand."
                problems.append(file.kept.problem or Problem(file.path, None, message))
            else:
                found.append(conflict)
        return found


def _usual_first(file: RecordFile) -> tuple[bool, bool, int, str]:
    is_copy = file.place is not None and not file.place.usual
    return file.record is None, is_copy, len(file.path), file.path


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _product_files(states: Mapping[str, State]) -> dict[str, State]:
    return {path: state for path, state in states.items() if path.endswith(f"/{PRODUCT_FILE}")}


def why_read_only(root: Path) -> str:
    """Why nothing can be saved in a workspace, in a sentence; empty where it can."""
    schema = read_toml(root / WORKSPACE_FILE).data.get("schema", SCHEMA)
    if isinstance(schema, int) and schema > SCHEMA:
        return f"The workspace is of schema {schema}, newer than this program writes ({SCHEMA}). Update reviewtui."
    if os.path.isdir(root) and not os.access(root, os.W_OK):  # noqa: PTH112 - never raises
        return f"The folder {root} cannot be written. Work on a copy in a folder that you can write to."
    return ""


def writable(reason: str) -> None:
    """ReviewError where there is a reason why nothing can be saved."""
    if reason:
        raise ReviewError(f"Nothing can be saved here. {reason}", "Read-only")
