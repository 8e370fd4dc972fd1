"""Bring the found tables into the shape the metric SQL reads: `input_<table>` views with fixed columns and types.

This module and `parameters.py` hold what is DuckDB's own; the SQL files are not. A value that cannot be converted
counts as absent and is reported; a table that is not there becomes a view without rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.sources import canonical
from reviewtui.sources.canonical import TABLES_BY_NAME, CanonicalTable
from reviewtui.sources.request import VIEWS, quoted
from reviewtui.text import counted
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.sources.state import FoundTable
    from reviewtui.workspace.model import ViewConfig

EARLIEST = "1990-01-01"
LATEST = "2199-12-31"
"""Dates outside these are typing errors, epoch zeros or stand-ins for `never`."""

NO_TIME_US = 0
"""Stands for an instant without end in `occurred_at_us`: outside the accepted years, like any other unusable one."""

LARGEST_AMOUNT = 1e15
_MONEY_WHOLE = 15
_MONEY_SCALE = 8
"""Digits before and after the point of amounts that need no check."""
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")

NEVER = "9999-12-31"
"""Stands for an open end while it is told from an end that cannot be read."""

READ_BY_METRICS = (
    "customer",
    "subscription",
    "invoice_line",
    "refund",
    "fx_rate",
    "subscription_period",
    "event",
    "event_month",
    "product_intent",
    "survey_response",
    "ticket",
    "ticket_event",
    "holiday",
    "metric_value",
    "usage_day",
)
"""The canonical tables that the metric SQL reads."""

_ABSENT_COLUMN = {"invoice_line": {"kind": "'recurring'", "subscription_id": "''"}}
"""What a column that does not exist at all stands for; NULL elsewhere."""

_OPEN_ENDED = {("subscription", "ended_on"), ("subscription_period", "end_on")}
"""Days where a far future means `never`."""

FINISHED_BY_PARAMETERS = ("event", "event_month", "fx_rate")
"""Tables whose last step needs the settings; `parameters.py` makes their `input_` views from `raw_` ones."""

_ZONED = "TIMESTAMP WITH TIME ZONE"
ZONED = "timestamptz"
_STORED_INSTANTS = {_ZONED: ZONED, "TIMESTAMP": "timestamp"}
"""Types of instants that a condition on the stored value can be written for."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """One column as it is read."""

    name: str
    kind: str
    raw: str
    """The column as found, quoted."""
    sql: str
    """Its value in the canonical type; NULL where it cannot be converted."""
    may_fail: bool
    found_type: str


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _within(sql: str, kind: str) -> str:
    """`sql` where it lies in the accepted years, else NULL."""
    return f"case when {sql} between {kind} '{EARLIEST}' and {kind} '{LATEST}' then {sql} end"


def _text(name: str, raw: str) -> str:
    text = f"nullif(cast({raw} as varchar), '')"
    return f"upper(trim({text}))" if name == "currency" else text


def _day(raw: str, found: str, zone: str) -> tuple[str, bool]:
    if found == "DATE":
        return raw, True
    if found == _ZONED:
        return f"try_cast(timezone({zone}, {raw}) as date)", True
    if found.startswith("TIMESTAMP"):
        return f"try_cast({raw} as date)", True
    text = f"trim(cast({raw} as varchar))"
    return f"coalesce(try_cast({text} as date), try_cast({text} || '-01' as date))", True


def _month_label(raw: str, found: str, zone: str) -> tuple[str, bool]:
    """A month written as its first instant is a label: it does not move with the time zone."""
    return (f"try_cast(timezone('UTC', {raw}) as date)", True) if found == _ZONED else _day(raw, found, zone)


def _instant(raw: str, found: str, zone: str) -> tuple[str, bool]:
    if found == _ZONED:
        return raw, True
    if found == "DATE":
        return f"timezone({zone}, cast({raw} as timestamp))", True
    if found.startswith("TIMESTAMP"):
        return f"timezone('UTC', cast({raw} as timestamp))", True
    text = f"trim(cast({raw} as varchar))"
    day = f"timezone({zone}, try_cast({text} as timestamp))"
    return f"case when length({text}) <= 10 then {day} else try_cast({text} as timestamptz) end", True


def _number(raw: str, found: str) -> str:
    value = raw if found in ("DOUBLE", "FLOAT") else f"try_cast({raw} as double)"
    return f"case when isfinite({value}) then cast({value} as double) end"


def _is_money(found_type: str) -> bool:
    """Whether every value of a decimal type is an exact amount as it is."""
    match = _DECIMAL.fullmatch(found_type.upper())
    return match is not None and int(match[2]) <= _MONEY_SCALE and int(match[1]) - int(match[2]) <= _MONEY_WHOLE


def _money(raw: str, found: str) -> str:
    value = f"try_cast({raw} as double)"
    exact = f"try_cast({raw} as {canonical.MONEY})"
    if found in ("DOUBLE", "FLOAT"):
        exact = f"try_cast({value} as {canonical.MONEY})"
    return f"case when isfinite({value}) and abs({value}) < {LARGEST_AMOUNT:.0f} then {exact} end"


def conversion(table: CanonicalTable, name: str, kind: str, found: FoundTable, zone: str) -> Conversion:
    """How the column `name` of `found` is read; `zone` is the workspace's time zone as an SQL string."""
    if name not in found.columns:
        absent = _ABSENT_COLUMN.get(table.name, {}).get(name, "null")
        if (table.name, name) in _OPEN_ENDED:
            absent = literal(NEVER)
        sql_type = canonical.TEXT if kind == canonical.TAGS else kind
        return Conversion(name, kind, "null", f"cast({absent} as {sql_type})", may_fail=False, found_type="")
    column, found_type = found.columns[name]
    raw = quoted(column)
    base_type = found_type.split("(")[0].upper()
    may_fail = True
    if kind == canonical.TEXT:
        sql, may_fail = _text(name, raw), False
    elif kind == canonical.DAY:
        day, may_fail = (_month_label if name == "month" else _day)(raw, base_type, zone)
        sql = _within(day, "date")
        if (table.name, name) in _OPEN_ENDED:
            # NULL, infinity and the far future mean `never`: a day that no data reach.
            sql = f"case when {raw} is null or {day} > date '{LATEST}' then date '{NEVER}' else {sql} end"
    elif kind == canonical.INSTANT:
        instant, may_fail = _instant(raw, base_type, zone)
        sql = _within(instant, "timestamptz")
    elif kind == canonical.MONEY:
        may_fail = not _is_money(found_type)
        sql = _money(raw, base_type) if may_fail else f"cast({raw} as {canonical.MONEY})"
    elif kind == canonical.NUMBER:
        sql = _number(raw, base_type)
    else:
        sql = f"try_cast({raw} as {canonical.TEXT if kind == canonical.TAGS else kind})"
    return Conversion(name, kind, raw, sql, may_fail, found_type)


def _expose(item: Conversion, zone: str) -> str:
    """The select item of a converted column: local wall time for instants, plus microseconds since 1970."""
    if item.kind != canonical.INSTANT:
        return f"{item.sql} as {item.name}"
    return f"timezone({zone}, {item.sql}) as {item.name}, epoch_us({item.sql}) as {item.name}_us"


def _needed(table: CanonicalTable) -> tuple[str, ...]:
    """The columns without which a row says nothing."""
    if table.name == "event":
        return ("product_id", "occurred_at")
    return tuple(name for name in table.required if (table.name, name) not in _OPEN_ENDED)


def _is_event_time(table: CanonicalTable, item: Conversion) -> bool:
    """Whether `event_inputs.py` looks at these instants anyway: one pass less over the largest table."""
    return table.name == "event" and item.name == "occurred_at" and item.found_type.startswith("TIMESTAMP")


def _has_reserved(table: CanonicalTable) -> bool:
    """Whether the rows are of single products only, so that none may have the id of all products together."""
    return "product_id" in table.required and table.name != "metric_value"


def _select(table: CanonicalTable, found: FoundTable, zone: str) -> str:
    """The converted rows of one found table, leaving out rows that lack what they are about."""
    items = [conversion(table, name, kind, found, zone) for name, kind in table.columns]
    if table.name == "event":
        return _event_select(items, found)
    columns = ", ".join(_expose(item, zone) for item in items)
    rows = " and ".join(f"{quoted(name)} is not null" for name in _needed(table))
    if _has_reserved(table):
        rows += f" and product_id <> {literal(ALL_PRODUCTS)}"
    ends = [name for owner, name in _OPEN_ENDED if owner == table.name]
    rows += "".join(f" and {name} is not null" for name in ends)
    opened = ", ".join(f"nullif({name}, date '{NEVER}') as {name}" for name in ends)
    replaced = f" replace ({opened})" if opened else ""
    return f"select *{replaced} from (select {columns} from {found.relation}) where {rows}"


def _event_select(items: Sequence[Conversion], found: FoundTable) -> str:
    """Events keep their instants as microseconds only: nothing is converted for each of millions of rows."""
    by_name = {item.name: item for item in items}
    instant = by_name["occurred_at"]
    at = instant.raw if instant.found_type.startswith("TIMESTAMP") else instant.sql
    text = {
        name: item.raw if item.found_type == "VARCHAR" else item.sql
        for name, item in by_name.items()
        if name != "occurred_at"
    }
    text["event"] = f"coalesce({text['event']}, '')"
    columns = ", ".join(f"cast({sql} as varchar) as {name}" for name, sql in text.items())
    return (
        f"select {columns}, case when isfinite({at}) then epoch_us({at}) else {NO_TIME_US} end as occurred_at_us, "
        f"{at} as instant "
        f"from {found.relation} where {text['product_id']} not in ('', {literal(ALL_PRODUCTS)}) and {at} is not null"
    )


def _empty_select(table: CanonicalTable) -> str:
    columns = []
    for name, kind in table.columns:
        if kind == canonical.INSTANT:
            columns += [f"cast(null as timestamp) as {name}", f"cast(null as bigint) as {name}_us"]
            columns += ["cast(null as timestamptz) as instant"] if table.name == "event" else []
        else:
            columns.append(f"cast(null as {canonical.TEXT if kind == canonical.TAGS else kind}) as {name}")
    return f"select {', '.join(columns)} where false"


def select_all(table: CanonicalTable, found: Sequence[FoundTable], zone: str) -> str:
    """The converted rows of everything `found` for a table, as the columns of `_expose`."""
    return " union all ".join(_select(table, item, zone) for item in found) or _empty_select(table)


class InputTables:
    """Makes the `input_<table>` views on `connection` and reports what could not be used."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        found: Sequence[FoundTable],
        time_zone: str,
        views: Sequence[ViewConfig],
        shown: Mapping[str, str] | None = None,
    ) -> None:
        """`shown` says under which name a relation is known to people, where that differs."""
        self.connection = connection
        self.lines = {view.table: view.line for view in views}
        self.shown: Mapping[str, str] = shown or {}
        self.found = tuple(found)
        self.zone = literal(time_zone)
        self.problems: list[Problem] = []

    def tables(self, name: str) -> list[FoundTable]:
        """What was found for the canonical table `name`."""
        return [found for found in self.found if found.table == name]

    @property
    def instant_type(self) -> str:
        """The type of `raw_event.instant`, the instant as stored; empty where no condition on it can be written."""
        kinds = {_STORED_INSTANTS.get(found.columns["occurred_at"][1].upper(), "") for found in self.tables("event")}
        return kinds.pop() if len(kinds) == 1 else ""

    def has(self, name: str) -> bool:
        """Whether there is anything for the canonical table `name`."""
        return bool(self.tables(name))

    def create(self, name: str) -> None:
        """Make the view `input_<name>`, combining all sources that have the table."""
        table = TABLES_BY_NAME[name]
        sources = self.tables(name)
        selects = [self._unique_rows(table, found) for found in sources]
        body = " union all ".join(selects) if selects else _empty_select(table)
        view = f"raw_{name}" if name in FINISHED_BY_PARAMETERS else f"input_{name}"
        self.connection.execute(f"create or replace view {view} as {body}")
        for found in sources if name != "event" else ():
            self._report_values(table, found)

    def report_events(self, counted_rows: int) -> None:
        """Look through the events for values that cannot be used, unless all of their rows are among `counted_rows`."""
        sources = self.tables("event")
        rows = 0
        for found in sources:
            row = self.connection.execute(f"select count(*) from {found.relation}").fetchone()
            rows += int(row[0]) if row else 0
        for found in sources if rows != counted_rows else ():
            self._report_values(TABLES_BY_NAME["event"], found)

    def replace_by_empty(self, name: str) -> None:
        """Make the view of a table that could not be read, without rows."""
        self.found = tuple(found for found in self.found if found.table != name)
        self.create(name)

    def _unique_rows(self, table: CanonicalTable, found: FoundTable) -> str:
        """The rows of one found table, each key once; two sources may number their rows alike."""
        body = _select(table, found, self.zone)
        if table.key not in found.columns or not self._report_duplicates(table, found, body):
            return body
        return (
            f"select * exclude (copy) from (select *, row_number() over (partition by {table.key} "
            f"order by {', '.join(table.column_names)}) as copy from ({body})) "
            f"where copy = 1 or {table.key} is null"
        )

    def _report_duplicates(self, table: CanonicalTable, found: FoundTable, body: str) -> bool:
        """Whether a key occurs more than once; says so once."""
        row = self.connection.execute(
            f"select count({table.key}) - count(distinct {table.key}) from ({body})"
        ).fetchone()
        copies = int(row[0]) if row else 0
        if copies:
            self.report(
                found,
                f"{counted(copies, 'row')} with a {table.key} that another row has too: each {table.key} counts once. "
                "Remove the repeated rows where the table is made.",
            )
        return copies > 0

    def _report_values(self, table: CanonicalTable, found: FoundTable) -> None:
        """Count values that could not be converted and rows that lack a required value."""
        items = [conversion(table, name, kind, found, self.zone) for name, kind in table.columns]
        present = [item for item in items if item.found_type]
        checked = [item for item in present if item.may_fail and not _is_event_time(table, item)]
        needed = [item for item in present if item.name in _needed(table)]
        if not checked and not needed:
            return
        counts = [f"count(*) filter (where {item.raw} is not null and ({item.sql}) is null)" for item in checked]
        # An empty text is no name either.
        absent = [item.sql if item.kind == canonical.TEXT else item.raw for item in needed]
        counts += [f"count(*) filter (where {value} is null)" for value in absent]
        reserved = [item.sql for item in present if item.name == "product_id" and _has_reserved(table)]
        counts += [f"count(*) filter (where {value} = {literal(ALL_PRODUCTS)})" for value in reserved]
        row = self.connection.execute(f"select {', '.join(counts)} from {found.relation}").fetchone() or ()
        for item, count in zip(checked, row, strict=False):
            if count:
                self.report(found, _unusable(item, int(count)))
        for item, count in zip(needed, row[len(checked) :], strict=False):
            if count:
                self.report(found, f"{counted(count, 'row')} without {item.name}: left out.", Severity.WARNING)
        if reserved and row[-1]:
            message = (
                f"{counted(row[-1], 'row')} with the product_id {ALL_PRODUCTS!r}, which stands for all products "
                "together: left out. Give the product another id."
            )
            self.report(found, message)

    def report(self, found: FoundTable, message: str, severity: Severity = Severity.ERROR) -> None:
        """Note a problem at the view's line of the workspace file, or at the table."""
        if found.source == VIEWS:
            problem = Problem(
                WORKSPACE_FILE, self.lines.get(found.table), f"The view {found.table}: {message}", severity
            )
        else:
            place = self.shown.get(found.relation, found.relation)
            problem = Problem(f"{found.source}: {place}", None, message, severity)
        self.problems.append(problem)


_WANTED = {
    canonical.DAY: "a date",
    canonical.INSTANT: "a point in time",
    canonical.MONEY: "an amount",
    canonical.NUMBER: "a finite number",
    canonical.WHOLE: "a whole number",
    canonical.FLAG: "true or false",
}


def _unusable(item: Conversion, count: int) -> str:
    years = f" between {EARLIEST[:4]} and {LATEST[:4]}" if item.kind in (canonical.DAY, canonical.INSTANT) else ""
    return (
        f"{counted(count, 'value')} of {item.name} ({item.found_type}) cannot be read as {_WANTED[item.kind]}{years}: "
        "taken as absent. Correct the source, or convert the column with an entry in [views]."
    )
