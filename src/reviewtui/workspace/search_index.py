"""The words of all records in an SQLite file in the cache folder, so that a search reads only what changed.

The file is derived: it may be deleted at any time, and one that is damaged or of another version is made anew. What
is taken out of it is overwritten, so that a withdrawn word is not left in it either.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import astuple, fields
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple
from reviewtui.workspace.kinds.registry import ALL_KINDS
from reviewtui.workspace.search_document import BY_THEIR_BEGINNING, Document, is_kind, labels, searched_texts
from reviewtui.workspace.search_words import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from reviewtui.workspace.record_files import State
    from reviewtui.workspace.search_words import SearchQuery, Term

INDEX_FILE = "search.sqlite"
_VERSION = 4
_BUSY_SECONDS = 2.0
_WEIGHTS = "5.0, 3.0, 1.0"
"""Of a word in the title, among tags and company, in the body."""
_COLUMNS = tuple(item.name for item in fields(Document))
_LISTS = ("products", "tags", "metrics")
_SCHEMA = f"""
PRAGMA secure_delete = ON;
CREATE TABLE file (
    path TEXT PRIMARY KEY, inode INTEGER, size INTEGER, written INTEGER, changed INTEGER,
    sha256 TEXT, settled INTEGER, problem TEXT
) WITHOUT ROWID;
CREATE TABLE document (number INTEGER PRIMARY KEY, {", ".join(_COLUMNS)});
CREATE INDEX document_path ON document (path);
CREATE TABLE label (number INTEGER, filter TEXT, name TEXT, PRIMARY KEY (number, filter, name)) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5 (title, labels, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'");
PRAGMA user_version = {_VERSION};
"""


class IndexUnavailable(Exception):  # noqa: N818 - says what is the case
    """There can be no index here: no FTS5, no folder to write to, a damaged file, or somebody else holds it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.is_busy = "locked" in why or "busy" in why
        """Whether it will do again in a moment."""


class KnownFile(NamedTuple):
    """What the index knows of a file: a row of its table."""

    path: str
    inode: int
    size: int
    written: int
    changed: int
    sha256: str
    settled: bool
    problem: str

    def is_in_state(self, state: State) -> bool:
        """Whether nothing can have changed since."""
        return self[1:5] == state and self.settled


class SearchIndex:
    """The index of one workspace in the folder `folder`; every method may raise IndexUnavailable.

    Use one object in one thread at a time.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / INDEX_FILE
        self._connection: sqlite3.Connection | None = None
        self._known: dict[str, KnownFile] | None = None
        self._known_version = 0
        """Of the file when `_known` was read; another program's changes make it another."""

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._known = None

    def files(self) -> Mapping[str, KnownFile]:
        """Path to what was known of the file when it was indexed."""
        with self._using() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if self._known is None or self._known_version != version:
                rows = connection.execute("SELECT * FROM file").fetchall()
                self._known = {row[0]: KnownFile._make(row) for row in rows}
                self._known_version = version
            return self._known

    def change(
        self, known: Iterable[KnownFile], documents: Iterable[Document], gone: Iterable[str], changed: Iterable[str]
    ) -> None:
        """Note files as `known`; take out what stood for the paths in `gone` and `changed`; put in `documents`."""
        gone = set(gone)
        taken_out = False
        self._known = None
        with self._using() as connection, connection:
            for path in {*gone, *changed}:
                numbers = connection.execute("SELECT number FROM document WHERE path = ?", (path,)).fetchall()
                taken_out = taken_out or bool(numbers)
                connection.executemany("DELETE FROM word WHERE rowid = ?", numbers)
                connection.executemany("DELETE FROM label WHERE number = ?", numbers)
                connection.executemany("DELETE FROM document WHERE number = ?", numbers)
            connection.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in gone))
            connection.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)", known)
            for document in documents:
                self._put(connection, document)
            if taken_out:
                # Rewritten as one piece: until then what was taken out is still written in the pieces.
                connection.execute("INSERT INTO word (word) VALUES ('optimize')")

    def numbers(self, query: SearchQuery, slugs: Mapping[str, Collection[str]]) -> list[tuple[int, str]]:
        """Number and record id of what holds every term and passes every filter, the best first; without terms the
        newest first. `slugs` are, for what is asked of a product, the folders of the products that are called so.
        """
        where, values = _conditions(query, slugs)
        if query.terms:
            source = "word JOIN document ON document.number = word.rowid"
            where, values = ["word MATCH ?", *where], [" AND ".join(map(_match, query.terms)), *values]
            order = f"bm25(word, {_WEIGHTS}), day DESC, id"
        else:
            source, order = "document", "day DESC, id"
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        statement = f"SELECT document.number, document.id FROM {source}{condition} ORDER BY {order}"  # noqa: S608 - our own names
        with self._using() as connection:
            return connection.execute(statement, values).fetchall()

    def documents(self, numbers: Iterable[int]) -> list[Document]:
        """The documents of these numbers, whole, in their order."""
        listed = ", ".join(_COLUMNS)
        with self._using() as connection:
            rows = (
                connection.execute(f"SELECT {listed} FROM document WHERE number = ?", (number,)).fetchone()  # noqa: S608 - as above
                for number in numbers
            )
            return [_document(row) for row in rows if row is not None]

    # Its file

    @contextlib.contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._opened()
        except sqlite3.Error as error:
            self.close()
            raise IndexUnavailable(str(error)) from error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise IndexUnavailable(str(error)) from error
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute("PRAGMA secure_delete = ON")
            if version != _VERSION:
                if version:
                    raise sqlite3.DatabaseError("made by another version")
                connection.executescript(_SCHEMA)
                connection.commit()
                os.chmod(self._path, 0o600)  # noqa: PTH101 - it holds what people said
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def remove(self) -> None:
        """Delete the index; the next search makes it anew."""
        self.close()
        for ending in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                os.unlink(f"{self._path}{ending}")  # noqa: PTH108 - a name with an ending

    @staticmethod
    def _put(connection: sqlite3.Connection, document: Document) -> None:
        values = [_storable("\n".join(value) if isinstance(value, tuple) else value) for value in astuple(document)]
        row = f"INSERT INTO document VALUES (NULL, {_places(values)})"  # noqa: S608 - as above
        number = connection.execute(row, values).lastrowid
        texts = [_storable(" ".join(words_of(text))) for text in searched_texts(document)]
        connection.execute("INSERT INTO word (rowid, title, labels, body) VALUES (?, ?, ?, ?)", (number, *texts))
        connection.executemany(
            "INSERT OR IGNORE INTO label VALUES (?, ?, ?)",
            ((number, asked, _storable(name)) for asked, name in labels(document)),
        )


def _conditions(query: SearchQuery, slugs: Mapping[str, Collection[str]]) -> tuple[list[str], list[object]]:
    """What the filters ask for, in SQL."""
    where: list[str] = []
    values: list[object] = []
    for item in query.filters:
        if item.name in ("after", "before"):
            where.append("day >= ?" if item.name == "after" else "day <> '' AND day < ?")
            values.append(item.value)
        elif item.name == "has":
            where.append("has_followup")
        elif item.name == "type":
            kinds = [kind.name for kind in ALL_KINDS if is_kind(kind.name, item.value)]
            where.append(f"kind IN ({_places(kinds)})")
            values += kinds
        else:
            name = "substr(name, 1, length(?)) = ?" if item.name in BY_THEIR_BEGINNING else "name = ?"
            has_label = f"EXISTS (SELECT 1 FROM label WHERE label.number = document.number AND filter = ? AND {name})"  # noqa: S608 - our own names
            folders = slugs.get(item.value, ()) if item.name == "product" else ()
            where.append(f"({has_label} OR slug IN ({_places(folders)}))")
            values += [item.name, *[_storable(item.value)] * name.count("?"), *folders]
    return where, values


def _places(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _match(term: Term) -> str:
    """A term as an FTS5 string: what is in quotes is never taken for anything but words."""
    words = " ".join(term.words).replace('"', '""')
    return f'"{words}"{" *" if term.is_prefix else ""}'


def _storable(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _document(row: Sequence[object]) -> Document:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in _LISTS:
        text = values[name]
        values[name] = tuple(str(text).split("\n")) if text else ()
    values["has_followup"] = bool(values["has_followup"])
    return Document(**values)  # type: ignore[arg-type]
