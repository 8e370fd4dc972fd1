"""Make the tables of an engine the canonical input tables that the metric SQL reads.

An engine's columns have types, so nothing is guessed: a column that is not of the right family is refused with its
name, and converted by an entry of `[engine.views]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.engines.dialects import zone_literal
from reviewtui.engines.engine import (
    DAY,
    DECIMAL,
    DOUBLE,
    FLAG,
    INSTANT,
    LOCAL_TIME,
    TEXT,
    WHOLE,
    EngineError,
)
from reviewtui.errors import Problem, Severity
from reviewtui.metrics.conversions import EARLIEST, LARGEST_AMOUNT, LATEST, select_all
from reviewtui.metrics.inputs import FINISHED_BY_PARAMETERS, READ_BY_METRICS, InputTables
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.sources import canonical
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.sources.columns import lacking
from reviewtui.sources.state import FoundTable
from reviewtui.text import counted, safe_text
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    from reviewtui.engines.engine import Column, Engine
    from reviewtui.engines.split import SplitConnection
    from reviewtui.sources.canonical import CanonicalTable
    from reviewtui.workspace.model import EngineConfig

_NUMBERS = (DECIMAL, DOUBLE, WHOLE)
_ACCEPTED = {
    canonical.TEXT: (TEXT, WHOLE),
    canonical.DAY: (DAY, LOCAL_TIME, INSTANT),
    canonical.INSTANT: (INSTANT, LOCAL_TIME, DAY),
    canonical.MONEY: _NUMBERS,
    canonical.NUMBER: _NUMBERS,
    canonical.WHOLE: (WHOLE,),
    canonical.FLAG: (FLAG,),
}
"""Canonical type to the kinds of columns it is made from."""

_WANTED = {
    canonical.TEXT: "a text",
    canonical.DAY: "a date",
    canonical.INSTANT: "a timestamp",
    canonical.MONEY: "a number",
    canonical.NUMBER: "a number",
    canonical.WHOLE: "a whole number",
    canonical.FLAG: "true or false",
}
_ABSENT = {("invoice_line", "kind"): "'recurring'", ("invoice_line", "subscription_id"): "''"}
_OPEN_ENDED = {("subscription", "ended_on"), ("subscription_period", "end_on")}


class EngineInputs(InputTables):
    """The `input_` and `raw_` relations over the tables of one engine."""

    are_files = False

    def __init__(self, connection: SplitConnection, config: EngineConfig, time_zone: str) -> None:
        super().__init__(connection, (), time_zone, ())  # type: ignore[arg-type]
        self.split = connection
        self.engine: Engine = connection.there
        self.config = config
        self.time_zone = zone_literal(time_zone)
        self._zone_of_engine = "UTC"

    def find(self) -> None:
        """Find the canonical tables of the engine; what cannot be used is reported."""
        self._zone_of_engine = self.engine.clock()[1]
        offered = self.engine.tables()
        for name in READ_BY_METRICS:
            view = self.config.views.get(name)
            query = view.sql if view is not None else f"select * from {offered[name]}" if name in offered else ""
            if not query:
                continue
            try:
                found = self._usable(TABLES_BY_NAME[name], query)
            except EngineError as error:
                self._note(name, f"{safe_text(error.message)}")
                continue
            if found is not None:
                self.found = (*self.found, found)

    def _usable(self, table: CanonicalTable, query: str) -> FoundTable | None:
        known = {column.name.lower(): column for column in self.engine.columns(query)}
        kinds = dict(table.columns)
        used: dict[str, tuple[str, str]] = {}
        for name, kind in kinds.items():
            column = known.get(name)
            if column is None:
                continue
            if kind in _ACCEPTED and column.kind in _ACCEPTED[kind]:
                used[name] = (column.name, column.kind)
                self._warn_of_zone(table.name, column, kind)
            else:
                message = (
                    f"the column {name} ({safe_text(column.found_type, 40)}) is not {_WANTED.get(kind, kind)}: "
                    "not used. Convert it with an entry of [engine.views]."
                )
                self._note(table.name, message)
        if lacks := lacking(table, used):
            self._note(table.name, f"lacks {', '.join(lacks)}, so the table is not used. Map it with [engine.views].")
            return None
        return FoundTable(table.name, self.config.name, f"({query})", used)

    def _warn_of_zone(self, table: str, column: Column, kind: str) -> None:
        if kind == canonical.INSTANT and column.kind == LOCAL_TIME and self._zone_of_engine.upper() not in _UTC:
            message = (
                f"{column.name} has no time zone and is read as UTC, but the engine's own zone is "
                f"{safe_text(self._zone_of_engine, 40)}. Convert it with [engine.views] if it is local time."
            )
            self._note(table, message, Severity.WARNING)

    def _note(self, table: str, message: str, severity: Severity = Severity.ERROR) -> None:
        view = self.config.views.get(table)
        where = f"The view {table} of the engine {self.config.name}" if view else f"{self.config.name}: {table}"
        if view is not None:
            self.problems.append(Problem(WORKSPACE_FILE, view.line, f"{where}: {message}", severity))
        else:
            self.problems.append(Problem(where, None, message, severity))

    @property
    def instant_type(self) -> str:
        """Conditions on the instant as stored are written only where it is one."""
        kinds = {found.columns["occurred_at"][1] for found in self.tables("event")}
        return "timestamptz" if kinds == {INSTANT} and self.engine.dialect.name != "clickhouse" else ""

    def create(self, name: str) -> None:
        """Make the relation that the metric SQL reads; without a table it has no rows."""
        table = TABLES_BY_NAME[name]
        relation = f"raw_{name}" if name in FINISHED_BY_PARAMETERS else f"input_{name}"
        found = next(iter(self.tables(name)), None)
        if found is None:
            self.connection.execute(f"create or replace view {relation} as {select_all(table, (), self.zone)}")
            return
        self.split.define(f"found_{name}", self._converted(table, found))
        if name == "event":
            self.connection.execute(f"create or replace view {relation} as {self._events()}")
            return
        body = self._usable_rows(table)
        if table.key in found.columns and self._has_copies(table, found, body):
            columns = ", ".join(self._exposed(table))
            body = (
                f"select {columns} from (select given.*, row_number() over (partition by {table.key} order by "
                f"{', '.join(table.column_names)}) as copy from ({body}) given) numbered "
                f"where copy = 1 or {table.key} is null"
            )
        self.connection.execute(f"create or replace view {relation} as {body}")
        self._count_unusable(table, found)

    @staticmethod
    def _exposed(table: CanonicalTable) -> list[str]:
        columns = []
        for name, kind in table.columns:
            columns += [name, f"{name}_us"] if kind == canonical.INSTANT else [name]
        return columns

    # In the engine's dialect

    def _converted(self, table: CanonicalTable, found: FoundTable) -> str:
        """A SELECT of canonical columns with canonical types."""
        items = []
        for name, kind in table.columns:
            items += self._items(table, name, kind, found)
        return f"select {', '.join(items)} from {found.relation} {self.engine.dialect.quoted('given')}"

    def _items(self, table: CanonicalTable, name: str, kind: str, found: FoundTable) -> list[str]:
        quoted = self.engine.dialect.quoted
        if name not in found.columns:
            return [f"{sql} as {quoted(column)}" for column, sql in self._absent(table, name, kind)]
        column, has = found.columns[name]
        raw = quoted(column)
        dialect = self.engine.dialect
        if kind == canonical.INSTANT:
            instant = self._instant(raw, has)
            local = dialect.local_time.format(instant, self.time_zone)
            if table.name == "event":
                return [
                    f"{dialect.microseconds.format(instant)} as {quoted('occurred_at_us')}",
                    f"{raw} as {quoted('instant')}",
                    f"{local} as {quoted('occurred_at')}",
                ]
            return [f"{local} as {quoted(name)}", f"{dialect.microseconds.format(instant)} as {quoted(name + '_us')}"]
        return [f"{self._scalar(name, kind, raw, has)} as {quoted(name)}"]

    def _instant(self, raw: str, has: str) -> str:
        if has == INSTANT:
            return raw
        template = self.engine.dialect.instant_of_local if has == LOCAL_TIME else self.engine.dialect.instant_of_day
        return template.format(raw, self.time_zone)

    def _scalar(self, name: str, kind: str, raw: str, has: str) -> str:
        dialect = self.engine.dialect
        if kind == canonical.TEXT:
            text = f"nullif({dialect.text.format(raw)}, '')"
            return f"upper(trim({text}))" if name == "currency" else text
        if kind == canonical.DAY:
            # A month written as its first instant is a label: it does not move with the time zone.
            zone = "'UTC'" if name == "month" else self.time_zone
            if has == INSTANT:
                return dialect.local_day.format(raw, zone)
            return raw if has == DAY else dialect.day_of_local.format(raw)
        if kind == canonical.MONEY:
            money = dialect.money.format(raw)
            inside = f"abs({dialect.double.format(raw)}) < {LARGEST_AMOUNT:.0f}"
            inside = f"{dialect.finite.format(raw)} and {inside}" if has == DOUBLE else inside
            return f"case when {inside} then {money} end"
        if kind == canonical.NUMBER:
            number = dialect.double.format(raw)
            return f"case when {dialect.finite.format(raw)} then {number} end" if has == DOUBLE else number
        return dialect.whole.format(raw) if kind == canonical.WHOLE else dialect.flag.format(raw)

    def _absent(self, table: CanonicalTable, name: str, kind: str) -> list[tuple[str, str]]:
        dialect = self.engine.dialect
        value = _ABSENT.get((table.name, name))
        if value is not None:
            return [(name, value)]
        if table.name == "event" and kind == canonical.INSTANT:
            return []
        empty = [(name, dialect.null_of(LOCAL_TIME if kind == canonical.INSTANT else kind))]
        return [*empty, (f"{name}_us", dialect.null_of(WHOLE))] if kind == canonical.INSTANT else empty

    # In DuckDB's dialect, translated

    @staticmethod
    def _events() -> str:
        return (
            "select product_id, coalesce(event, '') as event, user_id, org_id, "
            "occurred_at_us, instant, occurred_at from found_event "
            f"where product_id is not null and product_id <> '{ALL_PRODUCTS}' and occurred_at_us is not null"
        )

    @staticmethod
    def _usable_rows(table: CanonicalTable) -> str:
        items = []
        conditions = []
        for name, kind in table.columns:
            value = _usable_value(table.name, name, kind)
            items.append(f"{value} as {name}")
            if kind == canonical.INSTANT:
                inside = _within(f"cast({name} as date)", f"{name}_us")
                items[-1] = f"{_within(f'cast({name} as date)', name)} as {name}"
                items.append(f"{inside} as {name}_us")
            if name in table.required and (table.name, name) not in _OPEN_ENDED:
                needed = _within(f"cast({name} as date)", name) if kind == canonical.INSTANT else value
                conditions.append(f"{needed} is not null")
        if "product_id" in table.required and table.name != "metric_value":
            conditions.append(f"product_id <> '{ALL_PRODUCTS}'")
        for owner, name in _OPEN_ENDED:
            if owner == table.name:
                conditions.append(f"({name} is null or {name} >= date '{EARLIEST}')")
        return f"select {', '.join(items)} from found_{table.name} where {' and '.join(conditions)}"

    def _has_copies(self, table: CanonicalTable, found: FoundTable, body: str) -> bool:
        row = self.connection.execute(
            f"select count({table.key}) - count(distinct {table.key}) as copies from ({body}) given"
        ).fetchone()
        copies = int(row[0]) if row else 0
        if copies:
            message = (
                f"{counted(copies, 'row')} with a {table.key} that another row has too: each {table.key} counts once."
                " Remove the repeated rows where the table is made."
            )
            self._note(found.table, message)
        return copies > 0

    def _count_unusable(self, table: CanonicalTable, found: FoundTable) -> None:
        """Report values outside the accepted ranges and rows that lack a required value."""
        items: list[tuple[str, str, Severity]] = []
        for name, kind in table.columns:
            if name not in found.columns:
                continue
            value = _usable_value(table.name, name, kind)
            if kind == canonical.INSTANT:
                value = _within(f"cast({name} as date)", name)
            if value != name:
                words = f"{{}} of {name} out of range: taken as absent. Correct the source."
                items.append((f"count(*) filter (where {name} is not null and {value} is null)", words, Severity.ERROR))
            if name in table.required and (table.name, name) not in _OPEN_ENDED:
                absent = f"count(*) filter (where {name} is null)"
                items.append((absent, f"{{}} without {name}: left out.", Severity.WARNING))
        counts = ", ".join(f"{sql} as c{place}" for place, (sql, _, _) in enumerate(items))
        row = self.connection.execute(f"select {counts} from found_{table.name}").fetchone() or ()
        for count, (_, words, severity) in zip(row, items, strict=False):
            if count:
                unit = "value" if "{} of" in words else "row"
                self._note(table.name, words.format(counted(int(count), unit)), severity)

    def report_events(self, counted_rows: int) -> None:
        """Nothing more is counted: another look through all events costs too much on an engine."""
        del counted_rows


_UTC = ("UTC", "ETC/UTC", "GMT", "Z", "ETC/GMT")


def _within(day: str, value: str) -> str:
    return f"case when {day} between date '{EARLIEST}' and date '{LATEST}' then {value} end"


def _usable_value(table: str, name: str, kind: str) -> str:
    """A canonical value where it lies in the accepted range, else NULL."""
    if kind == canonical.DAY and (table, name) in _OPEN_ENDED:
        # The far future means `never`, as NULL does.
        return f"case when {name} <= date '{LATEST}' then {name} end"
    if kind == canonical.DAY:
        return _within(name, name)
    return name
