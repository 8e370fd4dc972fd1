"""Write what was pulled: a small DuckDB file, new as a whole after every section, never half of one."""

from __future__ import annotations

import json
import math
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from reviewtui.errors import Severity
from reviewtui.metrics.assemble import SheetBuilder
from reviewtui.metrics.pulled import FORMAT, QUERIES, UNREADABLE, Pulled, Row, read_sections
from reviewtui.metrics.pulled_rows import ROWS_FORMAT
from reviewtui.plain_file import plain_bytes, plain_values
from reviewtui.sources.canonical import INSTANT
from reviewtui.sources.lockdown import open_sources
from reviewtui.sources.request import SourceRequest, quoted
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.model import PULLED_KIND, SourceConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from reviewtui.metrics.kept import KeptMonths, KeptSection
    from reviewtui.metrics.pulled import PulledSection
    from reviewtui.metrics.pulled_rows import RowsOfTable
    from reviewtui.metrics.request import EvaluationRequest

_TABLES = """
create table pull (
    format integer, place integer, engine varchar, section varchar, pulled_at timestamp /* UTC */, as_of date,
    definitions varchar, tables varchar[], omitted varchar[]
);
create table query_rows (query varchar, columns varchar[], content varchar /* JSON: a list of rows */);
create table problem (section varchar, path varchar, line integer, message varchar, is_error boolean);
create table kept (content blob);
create table cell (
    product_id varchar, month date, metric varchar, value double, n double, numerator double, denominator double,
    status varchar, note varchar
);
"""
_ROWS_AT_ONCE = 5_000
_EARLIER = "earlier"


_ROWS_TABLE = """
create table pulled_rows (
    format integer, table_name varchar, first_month date, left_out varchar, row_count bigint,
    chosen_by varchar /* the settings that decided which rows came */, pulled_at timestamp /* UTC */
);
"""


def write_rows(path: Path, pulled_at: datetime, tables: Iterable[RowsOfTable]) -> None:
    """Write the rows behind the months to a file of their own, which is new as a whole or not changed at all.

    It is written table by table, so that `tables` may bring one when it is asked for.
    """
    make_folders(path.parent)
    with tempfile.TemporaryDirectory(prefix="reviewtui-") as folder:
        draft = Path(folder) / "rows.duckdb"
        with duckdb.connect(str(draft)) as connection:
            connection.execute(_ROWS_TABLE)
            for table in tables:
                first = table.first_month.first_day if table.first_month is not None else None
                facts = [ROWS_FORMAT, table.table, first, table.left_out, len(table.rows), table.chosen_by]
                connection.execute(
                    "insert into pulled_rows values (?, ?, ?, ?, ?, ?, ?)", [*facts, pulled_at.replace(tzinfo=None)]
                )
                if not table.left_out:
                    _fill_rows(connection, table)
        atomic_write(path, draft.read_bytes(), new_mode=0o600)


def _fill_rows(connection: duckdb.DuckDBPyConnection, table: RowsOfTable) -> None:
    """One canonical table; instants come as microseconds since 1970."""
    named = quoted(table.table)
    connection.execute(f"create table {named} ({', '.join(f'{quoted(name)} {kind}' for name, kind in table.columns)})")
    items = [
        f"make_timestamptz(unnest(${place}::bigint[]))" if kind == INSTANT else f"unnest(${place}::{kind}[])"
        for place, (_, kind) in enumerate(table.columns, 1)
    ]
    for start in range(0, len(table.rows), _ROWS_AT_ONCE):
        columns = [list(values) for values in zip(*table.rows[start : start + _ROWS_AT_ONCE], strict=True)]
        connection.execute(f"insert into {named} select {', '.join(items)}", columns)


class PulledFile:
    """The file of one engine: what it held before, and the sections that replace it one by one."""

    def __init__(self, path: Path, request: EvaluationRequest) -> None:
        self.path = path
        self.request = request
        self.sections: dict[str, PulledSection] = {}
        self.kept: dict[str, KeptSection] = {}
        if path.exists():
            self._read()

    def _read(self) -> None:
        """What an earlier pull left; a file that cannot be read is as good as none."""
        source = SourceConfig(_EARLIER, self.path, PULLED_KIND)
        opened = open_sources(SourceRequest((source,)), lambda _: None)
        place = quoted(_EARLIER, "main")
        try:
            with opened.connection as connection:
                self.sections = {section.name: section for section in read_sections(connection, place)}
                row = connection.execute(f"select content from {place}.kept").fetchone()
        except UNREADABLE:
            return
        kept = plain_values(row[0]) if row is not None else None
        if isinstance(kept, dict):
            self.kept = kept

    def put(self, section: PulledSection, keeps: KeptMonths) -> None:
        """Replace a section and write the file; its table `cell` is empty until the pull is finished."""
        self.sections[section.name] = section
        self.kept |= keeps
        self._write([])

    def finish(self) -> None:
        """Write the file with every cell, for whoever opens it with other tools."""
        self._write(list(self._cells()))

    def _write(self, cells: Sequence[tuple[object, ...]]) -> None:
        make_folders(self.path.parent)
        with tempfile.TemporaryDirectory(prefix="reviewtui-") as folder:
            draft = Path(folder) / "pulled.duckdb"
            with duckdb.connect(str(draft)) as connection:
                self._fill(connection, cells)
            atomic_write(self.path, draft.read_bytes(), new_mode=0o600)

    def _fill(self, connection: duckdb.DuckDBPyConnection, cells: Sequence[tuple[object, ...]]) -> None:
        connection.execute(_TABLES)
        ordered = [self.sections[name] for name in QUERIES if name in self.sections]
        for place, section in enumerate(ordered):
            head = [
                FORMAT,
                place,
                section.engine,
                section.name,
                section.pulled_at.replace(tzinfo=None),
                section.as_of,
                section.definitions,
            ]
            connection.execute(
                "insert into pull values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [*head, list(section.tables), list(section.omitted)],
            )
            for query, rows in section.rows.items():
                content = json.dumps([list(row.values()) for row in rows], separators=(",", ":"))
                values = [query, list(rows[0]) if rows else [], content]
                connection.execute("insert into query_rows values (?, ?, ?)", values)
            for problem in section.problems:
                is_error = problem.severity is Severity.ERROR
                facts = [section.name, problem.path, problem.line, problem.message, is_error]
                connection.execute("insert into problem values (?, ?, ?, ?, ?)", facts)
        connection.execute("insert into kept values (?)", [plain_bytes(self.kept)])
        _insert(connection, "cell", cells)

    def _cells(self) -> Iterable[tuple[object, ...]]:
        """Every cell in plain columns."""
        pulled = Pulled(self.sections)
        builder = SheetBuilder(self.request)
        for name in self.sections:
            step = pulled.step(name, self.request)
            if step is not None:
                step(builder)
        for custom in pulled.custom(self.request.sql_metrics)[0]:
            builder.add_custom(custom)
        sheet = builder.build((), ())
        for (product, metric), cells in sheet.rows.items():
            for month, cell in zip(sheet.months, cells, strict=True):
                numbers = (cell.value, cell.n, cell.numerator, cell.denominator)
                yield (product, month.first_day, metric, *numbers, cell.status.value, cell.note)


def plain_rows(rows: Iterable[Row]) -> list[Row]:
    """Rows with the numbers of any engine as whole numbers and doubles."""
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _insert(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    described = connection.execute(f"select * from {quoted(name)} limit 0").description or ()
    arrays = ", ".join(f"unnest(${place}::{kind}[])" for place, (_, kind, *_) in enumerate(described, 1))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        columns = [list(values) for values in zip(*some, strict=True)]
        connection.execute(f"insert into {quoted(name)} select {arrays}", columns)
