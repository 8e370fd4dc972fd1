"""The words of all records in an SQLite file in the cache folder, so that a search reads only what changed.

The file is derived: it may be deleted at any time, and one that is damaged or of another version is made anew. What
is taken out of it is overwritten, so that a withdrawn word is not left in it either.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.kinds.registry import ALL_KINDS
from reviewtui.workspace.search_document import Document, is_kind, searched_texts
from reviewtui.workspace.search_words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from reviewtui.workspace.record_files import State
    from reviewtui.workspace.search_words import SearchQuery, Term

INDEX_FILE = "search.sqlite"
_VERSION = 2
_BUSY_SECONDS = 2.0
_WEIGHTS = "5.0, 3.0, 1.0"
"""Of a word in the title, among tags and company, in the body."""
_COLUMNS = tuple(item.name for item in fields(Document))
SETTLED_HERE = ("after", "before", "has", "type")
"""Filters that need nothing but SQL."""
_ASKED = {
    "product": ("slug", "products"), "tag": ("tags",), "metric": ("metrics",), "icp": ("icp",), "role": ("role",),
    "author": ("author",), "company": ("company",),
}  # fmt: skip
"""What the other filters have to know of a document."""
_LISTS = ("products", "tags", "metrics")
_SCHEMA = f"""
PRAGMA secure_delete = ON;
CREATE TABLE file (
    path TEXT PRIMARY KEY, inode INTEGER, size INTEGER, written INTEGER, changed INTEGER,
    sha256 TEXT, settled INTEGER, problem TEXT
) WITHOUT ROWID;
CREATE TABLE document (number INTEGER PRIMARY KEY, {", ".join(_COLUMNS)});
CREATE INDEX document_path ON document (path);
CREATE VIRTUAL TABLE word USING fts5 (title, labels, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'");
PRAGMA user_version = {_VERSION};
"""


class IndexUnavailable(Exception):  # noqa: N818 - says what is the case
    """There can be no index here: no FTS5, no folder to write to, a damaged file, or somebody else holds it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.is_busy = "locked" in why or "busy" in why
        """Whether it will do again in a moment."""


class KnownFile:
    """What the index knows of a file."""

    __slots__ = ("problem", "settled", "sha256", "state")

    def __init__(self, state: State, sha256: str, problem: str, *, settled: bool) -> None:
        self.state = state
        self.sha256 = sha256
        self.problem = problem
        self.settled = settled


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
                rows = connection.execute("SELECT * FROM file")
                self._known = {
                    path: KnownFile((inode, size, written, changed), sha, problem, settled=bool(settled))
                    for path, inode, size, written, changed, sha, settled, problem in rows
                }
                self._known_version = version
            return dict(self._known)

    def change(
        self, known: Mapping[str, KnownFile], documents: Iterable[Document], gone: Iterable[str], changed: Iterable[str]
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
                connection.executemany("DELETE FROM document WHERE number = ?", numbers)
            connection.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in gone))
            connection.executemany(
                "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((path, *file.state, file.sha256, file.settled, file.problem) for path, file in known.items()),
            )
            for document in documents:
                self._put(connection, document)
            if taken_out:
                # Rewritten as one piece: until then what was taken out is still written in the pieces.
                connection.execute("INSERT INTO word (word) VALUES ('optimize')")

    def matching(self, query: SearchQuery) -> Iterator[tuple[int, Document]]:
        """Number and document, without its body, of what holds every term, the best first; without terms all of
        them, the newest first. The filters of `SETTLED_HERE` are taken; what others ask for is filled in.
        """
        columns = ("id", *dict.fromkeys(name for item in query.filters for name in _ASKED.get(item.name, ())))
        for number, *found in self._rows(query, columns):
            yield number, _document(columns, found)

    def numbers(self, query: SearchQuery) -> Iterator[tuple[int, str]]:
        """Number and record id of what `matching` finds, for queries without other filters."""
        yield from self._rows(query, ("id",))

    def _rows(self, query: SearchQuery, columns: Sequence[str]) -> Iterator[Any]:
        where, values = _conditions(query)
        if query.terms:
            source = "word JOIN document ON document.number = word.rowid"
            where, values = ["word MATCH ?", *where], [" AND ".join(map(_match, query.terms)), *values]
            order = f"bm25(word, {_WEIGHTS}), day DESC, id"
        else:
            source, order = "document", "day DESC, id"
        listed = ", ".join(f"document.{name}" for name in ("number", *columns))
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        with self._using() as connection:
            yield from connection.execute(f"SELECT {listed} FROM {source}{condition} ORDER BY {order}", values)  # noqa: S608 - our own names

    def documents(self, numbers: Iterable[int]) -> list[Document]:
        """The documents of these numbers, whole, in their order."""
        listed = ", ".join(_COLUMNS)
        with self._using() as connection:
            rows = (
                connection.execute(f"SELECT {listed} FROM document WHERE number = ?", (number,)).fetchone()  # noqa: S608 - as above
                for number in numbers
            )
            return [_document(_COLUMNS, row) for row in rows if row is not None]

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
        places = ", ".join("?" * len(values))
        number = connection.execute(f"INSERT INTO document VALUES (NULL, {places})", values).lastrowid  # noqa: S608 - as above
        texts = [_storable(" ".join(words_of(text))) for text in searched_texts(document)]
        connection.execute("INSERT INTO word (rowid, title, labels, body) VALUES (?, ?, ?, ?)", (number, *texts))


def _conditions(query: SearchQuery) -> tuple[list[str], list[object]]:
    """What SQL can say of the filters."""
    where: list[str] = []
    values: list[object] = []
    for item in query.filters:
        if item.name in ("after", "before"):
            where.append("day >= ?" if item.name == "after" else "day < ?")
            values.append(item.value)
        elif item.name == "has":
            where.append("has_followup")
        elif item.name == "type":
            kinds = [kind.name for kind in ALL_KINDS if is_kind(kind.name, item.value)]
            where.append(f"kind IN ({', '.join('?' * len(kinds))})")
            values += kinds
    return where, values


def _match(term: Term) -> str:
    """A term as an FTS5 string: what is in quotes is never taken for anything but words."""
    words = " ".join(term.words).replace('"', '""')
    return f'"{words}"{" *" if term.is_prefix else ""}'


def _storable(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _document(columns: Sequence[str], row: Sequence[object]) -> Document:
    values = dict(zip(columns, row, strict=True))
    if len(columns) == 1:
        return Document(**values)  # type: ignore[arg-type]
    for name in _LISTS:
        text = values.get(name)
        values[name] = tuple(str(text).split("\n")) if text else ()
    values["has_followup"] = bool(values.get("has_followup"))
    return Document(**values)  # type: ignore[arg-type]
