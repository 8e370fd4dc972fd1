"""How a found column is read: as a value of its canonical type, or NULL where it cannot be converted.

This is DuckDB's own SQL; the files in `sql/` are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.sources import canonical
from reviewtui.sources.request import quoted
from reviewtui.sources.stored_slices import SLICE_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.sources.canonical import CanonicalTable
    from reviewtui.sources.state import FoundTable

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

_ABSENT_COLUMN = {"invoice_line": {"kind": "'recurring'", "subscription_id": "''"}}
"""What a column that does not exist at all stands for; NULL elsewhere."""

_OPEN_ENDED = {("subscription", "ended_on"), ("subscription_period", "end_on")}
"""Days where a far future means `never`."""

_ZONED = "TIMESTAMP WITH TIME ZONE"
ZONED = "timestamptz"
STORED_INSTANTS = {_ZONED: ZONED, "TIMESTAMP": "timestamp"}
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


def needed_columns(table: CanonicalTable) -> tuple[str, ...]:
    """The columns without which a row says nothing."""
    if table.name == "event":
        return ("product_id", "occurred_at")
    return tuple(name for name in table.required if (table.name, name) not in _OPEN_ENDED)


def is_event_time(table: CanonicalTable, item: Conversion) -> bool:
    """Whether `event_inputs.py` looks at these instants anyway: one pass less over the largest table."""
    return table.name == "event" and item.name == "occurred_at" and item.found_type.startswith("TIMESTAMP")


def has_reserved(table: CanonicalTable) -> bool:
    """Whether the rows are of single products only, so that none may have the id of all products together."""
    return "product_id" in table.required and table.name != "metric_value"


def select_found(table: CanonicalTable, found: FoundTable, zone: str) -> str:
    """The converted rows of one found table, leaving out rows that lack what they are about."""
    items = [conversion(table, name, kind, found, zone) for name, kind in table.columns]
    if table.name == "event":
        return _event_select(items, found)
    columns = ", ".join(_expose(item, zone) for item in items)
    rows = " and ".join(f"{quoted(name)} is not null" for name in needed_columns(table))
    if has_reserved(table):
        rows += f" and product_id <> {literal(ALL_PRODUCTS)}"
    ends = [name for owner, name in _OPEN_ENDED if owner == table.name]
    rows += "".join(f" and {name} is not null" for name in ends)
    opened = ", ".join(f"nullif({name}, date '{NEVER}') as {name}" for name in ends)
    replaced = f" replace ({opened})" if opened else ""
    return f"select *{replaced} from (select {columns} from {found.relation}) where {rows}"


def select_event_slices(table: CanonicalTable, found: FoundTable, zone: str, rows: tuple[int, int | None]) -> str:
    """The stored rows `rows[0]` to before `rows[1]` of the events `found`, each with the number of its slice.

    Without an end all rows from the first on are taken for one slice.
    """
    items = [conversion(table, name, kind, found, zone) for name, kind in table.columns]
    first, end = rows
    number = f"rowid // {SLICE_ROWS}" if end is not None else f"{first // SLICE_ROWS}"
    inside = f"rowid >= {first} and rowid < {end}" if end is not None else f"rowid >= {first}"
    part = f'(select {number} as "slice of rows", * from {found.relation} where {inside})'
    return _event_select(items, found._replace(relation=part), '"slice of rows" as slice, ')


def _event_select(items: Sequence[Conversion], found: FoundTable, more: str = "") -> str:
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
        f"select {more}{columns}, "
        f"case when isfinite({at}) then epoch_us({at}) else {NO_TIME_US} end as occurred_at_us, {at} as instant "
        f"from {found.relation} where {text['product_id']} not in ('', {literal(ALL_PRODUCTS)}) and {at} is not null"
    )


def empty_select(table: CanonicalTable) -> str:
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
    return " union all ".join(select_found(table, item, zone) for item in found) or empty_select(table)
