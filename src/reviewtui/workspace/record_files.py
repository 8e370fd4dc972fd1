"""Find the files of records and read them; nothing they hold makes this raise.

Files are read again only when `stat` says that they may have changed. A symbolic link that leaves the workspace is
not followed.
"""

from __future__ import annotations

# Paths are texts here: thousands are looked at in one go.
# ruff: noqa: PTH112, PTH114, PTH116
import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, Severity
from reviewtui.workspace.file_facts import facts_of
from reviewtui.workspace.kinds.base import SCHEMA_KEY, FileMark
from reviewtui.workspace.kinds.registry import ALL_KINDS, is_record_folder, place_of
from reviewtui.workspace.model import ALL_PRODUCTS_SLUG, PRODUCT_FILE, PRODUCTS_FOLDER, SCHEMA, SNAPSHOT_FILE
from reviewtui.workspace.product_files import ALL_PRODUCTS, default_product_id
from reviewtui.workspace.quick_toml import quick_values
from reviewtui.workspace.schema import Spot
from reviewtui.workspace.toml_file import TomlFile, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.workspace.kinds.base import Record
    from reviewtui.workspace.kinds.registry import Place

CONFLICT_MARK = ".toml.conflict-"
"""What is in the name of a file that keeps a text which clashed, after the name of the record's file."""

_MOST_LEVELS = 6
_EMPTY = "The file is empty, so there is no record in it. Bring it back from a backup or git, or remove it."
_SETTLED_NS = 2_000_000_000
"""A file that was written less than this before it was read may have been written again at the same time stamp."""

State = tuple[int, int, int, int]
"""Inode, size, time written, time changed."""


@dataclass(frozen=True, slots=True)
class RecordFile:
    """One file that was read: the record in it, or why there is none."""

    path: str
    """From the workspace's root."""
    state: State
    sha256: str = ""
    place: Place | None = None
    record: Record | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    damaged: TomlFile | None = None
    kept: TomlFile | None = None
    """A text that clashed, beside the record's file."""
    problems: tuple[Problem, ...] = ()
    settled: bool = True
    """Whether its time stamps will tell the next change."""


@dataclass
class Listing:
    """What lies in the folders of records."""

    states: dict[str, State] = field(default_factory=dict)
    """Path of each TOML file or kept text to its state."""
    problems: list[Problem] = field(default_factory=list)


_name_of = attrgetter("name")


def list_files(root: Path) -> Listing:
    """Every file that may be a record's, by its path from `root`; uses `stat` only."""
    listing = Listing()
    real_root = os.path.realpath(root)
    for name in sorted({kind.place.partition("/")[0] for kind in ALL_KINDS}):
        place = root / name
        if name.endswith(".toml"):
            with suppress(OSError, ValueError):
                listing.states[name] = facts_of(os.stat(place))
        elif os.path.isdir(place) and not _leaves(listing, name, str(place), real_root):
            _walk(listing, str(place), name, real_root, 1)
    return listing


def _walk(listing: Listing, folder: str, path: str, real_root: str, level: int) -> None:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=_name_of)
    except OSError as error:
        listing.problems.append(Problem(path, None, f"The folder cannot be read: {error.strerror}."))
        return
    states = listing.states
    for entry in found:
        name = entry.name
        below = f"{path}/{name}"
        if name[0] == ".":
            continue
        try:
            if entry.is_symlink() and _leaves(listing, below, entry.path, real_root):
                continue
            if name.endswith(".toml") or CONFLICT_MARK in name:
                states[below] = facts_of(entry.stat())
            elif level < _MOST_LEVELS and entry.is_dir():
                _walk(listing, entry.path, below, real_root, level + 1)
        except OSError:
            # Gone meanwhile, or out of reach: as if it were not there.
            continue


def _state_of(path: str) -> State:
    """The state of a file; zeros where there is none."""
    try:
        return facts_of(os.stat(path))
    except (OSError, ValueError):
        return (0, 0, 0, 0)


def _leaves(listing: Listing, path: str, place: str, real_root: str) -> bool:
    """Whether a symbolic link leads out of the workspace; reported if so."""
    if not os.path.islink(place) or Path(os.path.realpath(place)).is_relative_to(real_root):
        return False
    message = "This symbolic link leads out of the workspace and is not followed. Put the file itself here."
    listing.problems.append(Problem(path, None, message))
    return True


def read_record_file(
    root: Path, path: str, products: Mapping[str, str], state: State | None = None
) -> RecordFile | None:
    """The record file at `path`; None for a file that is none. `products` maps folders to product ids.

    `state` is what `stat` says of it, if that was asked already.
    """
    is_kept = CONFLICT_MARK in path
    place = place_of(path.partition(CONFLICT_MARK)[0] + ".toml" if is_kept else path)
    if place is None and not _is_foreign(path):
        return None
    now = time.time_ns()
    state = state or _state_of(f"{root}/{path}")
    settled = state[3] < now - _SETTLED_NS
    if place is None:
        message = (
            f"The name does not begin with a record's id such as {_example(path)}, so the file is not used. Rename or"
            " move it."
        )
        return RecordFile(path, state, problems=(Problem(path, None, message, Severity.WARNING),))
    file = read_toml(root / path, path, quick_values)
    digest = hashlib.sha256(file.raw).hexdigest()
    if is_kept:
        return RecordFile(path, state, digest, place, kept=file, settled=settled)
    if file.problem is not None:
        message = file.problem.message if file.damaged else _EMPTY
        damage = Problem(path, file.problem.line, message)
        return RecordFile(
            path, state, digest, place, damaged=replace(file, problem=damage), problems=(damage,), settled=settled
        )
    problems: list[Problem] = []
    record = record_of(file, place, products, digest, problems)
    return RecordFile(path, state, digest, place, record, file.data, problems=tuple(problems), settled=settled)


def record_of(
    file: TomlFile, place: Place, products: Mapping[str, str], digest: str, problems: list[Problem]
) -> Record | None:
    """The record that a readable file holds."""
    schema = file.data.get(SCHEMA_KEY, SCHEMA)
    editable = not (isinstance(schema, int) and schema > SCHEMA)
    mark = FileMark(file.label, digest, editable)
    product = products.get(place.slug, default_product_id(place.slug)) if place.slug else ""
    facts = {"id": place.id, "product": product, "file": mark, **place.facts}
    return place.kind.read(file.data, Spot(file, problems), facts)


def product_ids(root: Path, folders: Mapping[str, State]) -> dict[str, str]:
    """Folder to product id, of the `product.toml` files among `folders`."""
    found = {}
    for path in folders:
        if not path.endswith(PRODUCT_FILE):
            continue
        parts = path.split("/")
        if len(parts) == 3 and parts[0] == PRODUCTS_FOLDER and parts[2] == PRODUCT_FILE:
            slug = parts[1]
            written = read_toml(root / path).data.get("product_id")
            is_usable = isinstance(written, str) and written.strip() and written != ALL_PRODUCTS
            found[slug] = str(written) if is_usable and slug != ALL_PRODUCTS_SLUG else default_product_id(slug)
    return found


def _is_foreign(path: str) -> bool:
    """Whether a file lies where records lie, and is none."""
    folder, _, name = path.rpartition("/")
    return name.endswith(".toml") and name != SNAPSHOT_FILE and is_record_folder(folder)


def _example(path: str) -> str:
    folder = path.rpartition("/")[0]
    letters = [kind.letter for kind in ALL_KINDS if kind.letter and is_record_folder(folder, kind)]
    return f"`{letters[0] if letters else 'c'}-260417-9xw2`"
