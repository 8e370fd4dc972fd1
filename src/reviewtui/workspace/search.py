"""Search every record of a workspace.

Before each search the files are looked at, and what changed since the index was made is read: an edit outside the
program is found at once. Where there can be no index, all files are read instead.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewtui.text import searchable
from reviewtui.workspace.record_files import CONFLICT_MARK, list_files, product_ids, read_record_file
from reviewtui.workspace.search_document import Document, Run, document_of, holds, passes, snippet
from reviewtui.workspace.search_index import IndexUnavailable, KnownFile, SearchIndex
from reviewtui.workspace.search_words import parse_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from reviewtui.workspace.record_files import RecordFile, State
    from reviewtui.workspace.search_words import SearchQuery

MOST_HITS = 100
"""Hits that are listed; how many there are is said."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found."""

    document: Document
    product: str
    """Id of the product it lies with; empty for a record of no product."""
    snippet: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    notes: tuple[str, ...] = ()
    """What a person should know about the search; sentences."""
    unread: tuple[str, ...] = ()
    """Files that could not be read and were not searched."""
    is_indexed: bool = True

    @property
    def unread_words(self) -> tuple[str, ...]:
        """The files that were not searched, in a sentence."""
        return (f"Not searched, because they cannot be read: {_named(self.unread)}.",) if self.unread else ()


class Library:
    """Searches the workspace `root`; its index lies in `folder`. Methods may be called from any thread."""

    def __init__(self, root: Path, folder: Path, names: Mapping[str, str] | None = None) -> None:
        """`names` are names of products by id, as people call them."""
        self._root = root.absolute()
        self._names = dict(names or {})
        self._index = SearchIndex(folder)
        self._guard = threading.Lock()
        self._read: dict[str, tuple[State, RecordFile]] = {}
        """Files read where there is no index."""

    def search(self, text: str, most: int = MOST_HITS) -> Found:
        """What `text` finds in the files as they are now."""
        query = parse_query(text)
        if query.is_empty:
            return Found(notes=query.notes)
        with self._guard:
            listing = list_files(self._root)
            states = {path: state for path, state in listing.states.items() if CONFLICT_MARK not in path}
            products = product_ids(self._root, listing.states)
            for _ in range(2):
                try:
                    unread = self._update(states, products)
                    numbers = _without_copies(self._index.numbers(query, self._slugs(products)))
                    documents = self._index.documents(numbers[:most])
                    return replace(self._found(query, documents, len(numbers), products), unread=unread)
                except IndexUnavailable as reason:
                    if reason.is_busy:
                        break
                    self._index.remove()
            return self._scan(query, states, products, most)

    def forget(self) -> None:
        """Delete the index, with every word in it; the next search makes it anew."""
        with self._guard:
            self._index.remove()
            self._read.clear()

    def close(self) -> None:
        """Let go of the index."""
        with self._guard:
            self._index.close()

    def _update(self, states: Mapping[str, State], products: Mapping[str, str]) -> tuple[str, ...]:
        """Bring the index up to date; the files that could not be read."""
        known = self._index.files()
        stale = [path for path, state in states.items() if path not in known or not known[path].is_in_state(state)]
        gone = known.keys() - states.keys()
        new: dict[str, KnownFile] = {}
        documents: list[Document] = []
        changed: list[str] = []
        for path in stale:
            file = read_record_file(self._root, path, products)
            before = known.get(path)
            digest = file.sha256 if file is not None else ""
            settled = file is None or (file.settled and file.state == states[path])
            new[path] = KnownFile(path, *states[path], digest, settled, _problem(file))
            if before is None or before.sha256 != digest:
                changed.append(path)
                documents += _documents(file)
        if new or gone:
            self._index.change(new.values(), documents, gone, changed)
        files = {**known, **new} if new else known
        return tuple(sorted(path for path, file in files.items() if file.problem and path not in gone))

    def _found(
        self, query: SearchQuery, documents: Iterable[Document], total: int, products: Mapping[str, str]
    ) -> Found:
        hits = (
            Hit(document, products.get(document.slug, document.slug), snippet(document, query))
            for document in documents
        )
        return Found(tuple(hits), total, query.notes)

    def _called(self, slug: str, products: Mapping[str, str]) -> tuple[str, ...]:
        """The id and the name of the product in a folder."""
        product = products.get(slug, slug)
        return tuple(name for name in (product, self._names.get(product, "")) if name)

    def _slugs(self, products: Mapping[str, str]) -> dict[str, list[str]]:
        """What a product can be called, folded, to the folders of the products that are called so."""
        slugs: dict[str, list[str]] = {}
        for slug in products:
            for name in self._called(slug, products):
                slugs.setdefault(searchable(name), []).append(slug)
        return slugs

    def _scan(self, query: SearchQuery, states: Mapping[str, State], products: Mapping[str, str], most: int) -> Found:
        """Search without an index."""
        documents, unread = [], []
        self._read = {path: kept for path, kept in self._read.items() if states.get(path) == kept[0]}
        for path, state in states.items():
            kept = self._read.get(path)
            file = kept[1] if kept is not None else read_record_file(self._root, path, products)
            if file is None:
                continue
            if file.settled:
                self._read[path] = (state, file)
            if _problem(file):
                unread.append(path)
            documents += [document for document in _documents(file) if holds(document, query)]
        documents.sort(key=lambda document: document.id)
        documents.sort(key=lambda document: document.day, reverse=True)
        passing = (
            (number, document.id)
            for number, document in enumerate(documents)
            if passes(document, query.filters, self._called(document.slug, products))
        )
        numbers = _without_copies(passing)
        found = self._found(query, (documents[number] for number in numbers[:most]), len(numbers), products)
        return replace(found, unread=tuple(sorted(unread)), is_indexed=False)


def _without_copies(matching: Iterable[tuple[int, str]]) -> list[int]:
    """The numbers, of each record id the first: another program may have made a copy of a record's file."""
    found: dict[str, int] = {}
    for number, record_id in matching:
        found.setdefault(record_id, number)
    return list(found.values())


def _problem(file: RecordFile | None) -> str:
    return file.problems[0].message if file is not None and file.record is None and file.problems else ""


def _documents(file: RecordFile | None) -> list[Document]:
    if file is None or file.record is None or file.place is None:
        return []
    return [document_of(file.record, file.place.kind, file.place.slug)]


_MOST_NAMED = 3


def _named(paths: Sequence[str]) -> str:
    rest = len(paths) - _MOST_NAMED
    return ", ".join(paths[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
