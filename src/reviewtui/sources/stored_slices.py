"""Slices of a table in a DuckDB file, each with a checksum of the bytes that hold its rows.

A file holds a table in row groups, a column of a row group in segments, and segments in blocks of one size behind a
header; `pragma_storage_info` says which. Segments are never changed in place: a row that is changed moves to another
segment, and one that is deleted is missing in the number of rows. So slices with an equal checksum hold equal rows, and
no row of them has to be read to know that. Format: https://duckdb.org/docs/stable/internals/storage
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.sources.state import FoundTable

SLICE_ROWS = 122_880
"""Rows of a slice: those of a row group, unless its maker chose other ones."""

_DIGEST_BYTES = 16
_HEADER_BYTES = 3 * 4096
"""The main header and two headers of the database, before the first block."""
_MAGIC, _MAGIC_AT = b"DUCK", 8
_MOST_HANDLES = 1024
_MOST_THREADS = 4
_NO_BLOCK = -1
_TOLD_BY_STATISTICS = (
    "VALIDITY", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
    "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE",
)  # fmt: skip
"""Types whose least and greatest value, where they are equal, are told exactly; other segments must have a block."""


class Slice(NamedTuple):
    """Rows `first` to before `end`, counted in the order they are stored."""

    first: int
    end: int
    mark: bytes
    """Equal for equal rows."""


class _Segment(NamedTuple):
    """A part of one column of a row group; the fields are those of `pragma_storage_info`."""

    group: int
    column: str
    path: str
    kind: str
    rows: int
    place: tuple[object, ...]
    """Where it starts in the row group, how many rows it has, how it is compressed and where it starts in its block."""
    statistics: str
    blocks: tuple[int, ...]


class StoredSlices(NamedTuple):
    """The slices of a table, from its first row on."""

    slices: tuple[Slice, ...]
    rest: int | None
    """From this row on nothing is known without reading; None: the slices are all there is."""


def stored_slices(connection: DuckDBPyConnection, found: FoundTable) -> StoredSlices | None:
    """The slices of `found` by the columns that are used; None where no rows are to be told from blocks.

    That is so for views and other formats, and while a write-ahead log lies beside the file.
    """
    columns = tuple(column for column, _ in found.columns.values())
    try:
        handle, size = _opened(connection, found.source)
        segments = _segments(connection, found.relation, columns)
        marks = _block_marks(handle, size, {block for segment in segments for block in segment.blocks})
        groups = [_group(group, columns, marks) for group in _by_group(segments)]
        stored = sum(count for count, _ in groups)
        usable = _rows_in_place(connection, found.relation, stored)
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, OSError, _NotInBlocksError):
        return None
    salt = repr(sorted(found.columns.items())).encode("utf-8", "surrogatepass")
    slices = tuple(item for item in _slices(groups, salt) if item.end <= usable)
    if not slices:
        return None
    return StoredSlices(slices, None if usable == stored else slices[-1].end)


class _NotInBlocksError(Exception):
    """The rows are not what the blocks of the file hold."""


def _opened(connection: DuckDBPyConnection, source: str) -> tuple[int, int]:
    """The handle by which the file of `source` is open in this process already, and the size of its blocks.

    Opening the file once more and closing it would take away the lock that DuckDB has on it.
    """
    row = connection.execute(
        """select d.path, s.block_size, s.total_blocks from duckdb_databases() d, pragma_database_size() s
        where d.database_name = $1 and s.database_name = $1 and d.type = 'duckdb'
            and not exists (from duckdb_columns() where database_name = $1 and lower(column_name) = 'rowid')""",
        [source],
    ).fetchone()
    if row is None or row[0] is None:
        raise _NotInBlocksError
    path, size, blocks = str(row[0]), int(row[1]), int(row[2])
    facts = Path(path).stat()
    if facts.st_size != _HEADER_BYTES + size * blocks or _has_log(path):
        raise _NotInBlocksError
    for handle in range(_MOST_HANDLES):
        try:
            same = os.path.samestat(os.fstat(handle), facts)
        except OSError:
            continue
        if same and os.pread(handle, len(_MAGIC), _MAGIC_AT) == _MAGIC:
            return handle, size
    raise _NotInBlocksError


def _rows_in_place(connection: DuckDBPyConnection, relation: str, stored: int) -> int:
    """How many of the first rows have the number of their place among the `stored` ones.

    A removed row stays stored for a while, and leaves a gap in the numbers later.
    """
    (rows,) = connection.execute(f"select count(*) from {relation}").fetchone() or (0,)
    (beyond,) = connection.execute(f"select count(*) from {relation} where rowid >= {stored}").fetchone() or (0,)
    if rows == stored and not beyond:
        return stored
    (full,) = connection.execute(
        f"""select coalesce(min(number), {rows // SLICE_ROWS}) from (
            select row_number() over (order by slice) - 1 as number, slice, rows
            from (select rowid // {SLICE_ROWS} as slice, count(*) as rows from {relation} group by 1)
        ) where slice <> number or rows < {SLICE_ROWS}"""
    ).fetchone() or (0,)
    return int(full) * SLICE_ROWS


def _has_log(path: str) -> bool:
    try:
        return Path(f"{path}.wal").stat().st_size > 0
    except FileNotFoundError:
        return False


def _segments(connection: DuckDBPyConnection, relation: str, columns: Sequence[str]) -> list[_Segment]:
    """The segments of `columns`, in their order."""
    rows = connection.execute(
        """select row_group_id, column_name, column_path, segment_type, count,
            start, compression, block_offset, cast(stats as varchar), block_id, additional_block_ids,
            persistent and not has_updates
        from pragma_storage_info($relation) where list_contains($columns, column_name)
        order by row_group_id, column_path, segment_id""",
        {"relation": relation, "columns": list(columns)},
    ).fetchall()
    if not all(is_stored for *_, is_stored in rows):
        raise _NotInBlocksError
    return [
        _Segment(
            group, column, path, kind, count, (start, count, compression, offset), statistics,
            tuple(each for each in (block, *(more or ())) if each != _NO_BLOCK),
        )
        for group, column, path, kind, count, start, compression, offset, statistics, block, more, _ in rows
    ]  # fmt: skip


def _block_marks(handle: int, size: int, blocks: Iterable[int]) -> dict[int, bytes]:
    """A checksum of each of the blocks."""

    def mark(block: int) -> bytes:
        data = os.pread(handle, size, _HEADER_BYTES + block * size)
        if len(data) != size:
            raise _NotInBlocksError
        return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()

    wanted = sorted(blocks)
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        return dict(zip(wanted, pool.map(mark, wanted), strict=True))


def _by_group(segments: Sequence[_Segment]) -> Iterator[Sequence[_Segment]]:
    starts = [
        place for place, segment in enumerate(segments) if not place or segment.group != segments[place - 1].group
    ]
    for start, end in pairwise([*starts, len(segments)]):
        yield segments[start:end]


def _group(segments: Sequence[_Segment], columns: Sequence[str], marks: dict[int, bytes]) -> tuple[int, bytes]:
    """How many rows a row group has, and a checksum of them."""
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    counts: set[int] = set()
    for column in columns:
        own = [segment for segment in segments if segment.column == column]
        outermost = min((segment.path for segment in own), key=len, default="")
        counts.add(sum(segment.rows for segment in own if segment.path == outermost))
        for segment in own:
            if not segment.blocks and segment.kind not in _TOLD_BY_STATISTICS:
                raise _NotInBlocksError
            told = "" if segment.blocks else segment.statistics
            digest.update(repr((column, segment.path, segment.kind, segment.place, told)).encode())
            for block in segment.blocks:
                digest.update(marks[block])
    if len(counts) != 1:
        raise _NotInBlocksError
    return counts.pop(), digest.digest()


def _slices(groups: Sequence[tuple[int, bytes]], salt: bytes) -> Iterator[Slice]:
    """Cut the rows of all groups into slices; a slice knows which rows of which groups it has."""
    parts: list[tuple[int, int, bytes]] = []
    """First row, row after the last, and the mark of the group that begins at the former."""
    first = 0
    for count, mark in groups:
        parts.append((first, first + count, mark))
        first += count
    begin = 0
    for start in range(0, first, SLICE_ROWS):
        end = min(start + SLICE_ROWS, first)
        digest = hashlib.blake2b(salt, digest_size=_DIGEST_BYTES)
        while parts[begin][1] <= start:
            begin += 1
        for group_first, group_end, mark in parts[begin:]:
            if group_first >= end:
                break
            inside = max(start, group_first) - group_first, min(end, group_end) - group_first
            digest.update(repr((inside, mark)).encode())
        yield Slice(start, end, digest.digest())
