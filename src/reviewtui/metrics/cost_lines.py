"""The cost lines of the sources, added up inside DuckDB into groups that no rule can tell apart.

Two kinds of relation: the canonical `cost_line`, and FOCUS exports. Amounts are summed as the decimals they are; a
binary number counts as the shortest decimal that means it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewtui.costs.inputs import NO_REGION
from reviewtui.metrics.conversions import EARLIEST, LATEST, conversion, literal
from reviewtui.metrics.parameters import MONTH_OF
from reviewtui.sources import canonical
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.sources.focus import COST_COLUMNS, text_of
from reviewtui.sources.request import quoted
from reviewtui.workspace.cost_model import COST_BASES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.sources.focus import FocusTable
    from reviewtui.sources.state import FoundTable

EXACT = "DECIMAL(38,18)"
"""What amounts are read as that are written as text or as binary numbers."""

_WHOLE_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_BINARY_TYPES = ("DOUBLE", "FLOAT")
TAG_SEPARATOR = "\x1f"
EPOCH_ORDINAL = 719_163
"""`date.toordinal` of 1970-01-01."""
ORDINAL_OF = f"(date_diff('day', date '1970-01-01', {{0}}) + {EPOCH_ORDINAL})"
MONDAY_OF = f"({ORDINAL_OF} - isodow({{0}}) + 1)"

KEYS = (
    "region",
    "service",
    "tags",
    "more_tags",
    "component",
    "category",
    "currency",
    "service_category",
    "account",
    "billing",
)
"""What tells one group of lines from another, besides the month."""


def exact_number(raw: str, found_type: str) -> str:
    """SQL of an exact number; NULL where what is there is none."""
    kind = found_type.partition("(")[0].upper()
    if kind == "DECIMAL":
        return raw
    if kind in _WHOLE_TYPES:
        return f"cast({raw} as decimal(38,0))"
    if kind in _BINARY_TYPES:
        # Whole numbers, the usual case, need no text in between.
        return (
            f"case when {raw} = trunc({raw}) and abs({raw}) < 1e15 then cast(cast({raw} as bigint) as {EXACT}) "
            f"else try_cast(cast({raw} as varchar) as {EXACT}) end"
        )
    return f"try_cast(trim(cast({raw} as varchar)) as {EXACT})"


@dataclass(frozen=True)
class LineSource:
    """One relation with cost lines, and how each thing is read from it."""

    connection: DuckDBPyConnection
    relation: str
    place: str
    """What problems call it."""
    day: str
    keys: Mapping[str, str]
    """One of `KEYS` to its SQL text."""
    costs: Mapping[str, str]
    """Cost basis to the SQL of the exact amount."""
    line_id: str
    found: Mapping[str, str]
    """Cost basis to the SQL of the amount as found: one that cannot be read is not one that is not there."""
    is_focus: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    """Name to SQL aggregate of what else a reader of the figures should know."""

    def lines(self, bases: Sequence[str]) -> str:
        """SELECT of the lines that can be used: day, line id, keys, and a cost for each basis."""
        keys = ", ".join(f"{self.keys.get(name, 'cast(null as varchar)')} as {name}" for name in KEYS)
        costs = ", ".join(f"{self.costs[basis]} as {cost_column(basis)}" for basis in bases)
        usable = " or ".join(f"{cost_column(basis)} is not null" for basis in bases)
        return (
            f"select * from (select {self.day} as day, {self.line_id} as line_id, {keys}, {costs} "
            f"from {self.relation} t) where day is not null and ({usable})"
        )


def cost_column(basis: str) -> str:
    """The column of `LineSource.lines` that holds the cost in one basis."""
    return f"{basis}_cost"


def canonical_lines(connection: DuckDBPyConnection, found: FoundTable, zone: str, place: str) -> LineSource:
    """The lines of a `cost_line` table; `zone` is the workspace's time zone as an SQL string."""
    table = TABLES_BY_NAME["cost_line"]
    read = {name: conversion(table, name, kind, found, zone) for name, kind in table.columns}
    column, kind = found.columns["amount"]
    cost = exact_number(quoted(column), kind)
    return LineSource(
        connection,
        found.relation,
        place,
        read["day"].sql,
        keys={
            "region": f"coalesce(nullif(trim({read['region'].sql}), ''), {literal(NO_REGION)})",
            "service": read["service"].sql,
            "tags": _tags_text(found),
            "component": read["component"].sql,
            "category": read["charge_category"].sql,
            "currency": read["currency"].sql,
        },
        costs=dict.fromkeys(COST_BASES, cost),
        line_id=read["line_id"].sql,
        found=dict.fromkeys(COST_BASES, quoted(column)),
    )


def focus_lines(connection: DuckDBPyConnection, table: FocusTable) -> LineSource:
    """The lines of a FOCUS export; periods are in UTC, as the specification has them."""

    def text(name: str) -> str:
        return text_of(table, name)

    costs = {basis: _focus_cost(table, name) for basis, name in COST_COLUMNS.items()}
    billed = _utc_day(text("BillingPeriodStart"))
    invoiced, effective = costs["billed"], costs["effective"]
    return LineSource(
        connection,
        table.relation,
        table.place,
        _utc_day(text("ChargePeriodStart")),
        keys={
            "region": f"coalesce({text('RegionId')}, {literal(NO_REGION)})",
            "service": text("ServiceName"),
            "tags": text("Tags"),
            "more_tags": text("AllocatedTags"),
            "category": text("ChargeCategory"),
            "currency": f"upper(trim({text('BillingCurrency')}))",
            "service_category": text("ServiceCategory"),
            "account": text("SubAccountName"),
            "billing": f"cast({MONTH_OF.format(billed)} as varchar)",
        },
        costs=costs,
        line_id=f"coalesce({text('ResourceId')}, concat_ws(' ', {text('SkuId')}, {text('SubAccountId')}))",
        found={basis: text(name) for basis, name in COST_COLUMNS.items()},
        is_focus=True,
        facts={
            "whole_effective": f"count(*) filter (where {effective} = trunc({effective}))",
            "billed_only": f"count(*) filter (where {invoiced} > 0 and {effective} = 0)",
            "billed": f"sum({invoiced})",
            "effective": f"sum({effective})",
            "corrections": f"count(*) filter (where {text('ChargeClass')} = 'Correction')",
            "already_split": f"count(*) filter (where {text('AllocatedMethodId')} is not null)",
        },
    )


def _utc_day(text: str) -> str:
    day = f"cast(timezone('UTC', try_cast({text} as timestamptz)) as date)"
    return f"case when {day} between date '{EARLIEST}' and date '{LATEST}' then {day} end"


def _focus_cost(table: FocusTable, name: str) -> str:
    column, kind = table.columns[name]
    if kind.upper() == "VARCHAR":
        return f"try_cast({text_of(table, name)} as {EXACT})"
    return exact_number(quoted(column), kind)


def _tags_text(found: FoundTable) -> str:
    """The tags of a line as one text: a list joined by a separator, anything else as it is written."""
    if "tags" not in found.columns:
        return "cast(null as varchar)"
    column, kind = found.columns["tags"]
    raw = quoted(column)
    if kind.upper() == "VARCHAR[]":
        return f"array_to_string({raw}, chr({ord(TAG_SEPARATOR)}))"
    if kind.upper() in (canonical.TEXT, "JSON"):
        return f"cast({raw} as varchar)"
    return f"cast(to_json({raw}) as varchar)"


def group_select(source: LineSource, bases: Sequence[str], weeks_from: str | None, days_from: str | None = None) -> str:
    """SELECT of (month, day, keys, lines, then cost and positive cost of each basis), one row a group.

    `weeks_from` (a date) splits the lines from that day on by week, `days_from` takes only the lines from that day on
    and splits them by day.
    """
    month = MONTH_OF.format("day")
    split = "0"
    if days_from is not None:
        split = ORDINAL_OF.format("day")
    elif weeks_from is not None:
        split = f"case when day >= date '{weeks_from}' then {MONDAY_OF.format('day')} else 0 end"
    sums = ", ".join(
        f"sum({cost_column(basis)}), sum({cost_column(basis)}) filter (where {cost_column(basis)} > 0)"
        for basis in bases
    )
    where = f" where day >= date '{days_from}'" if days_from is not None else ""
    return (
        f"select {month} as month, {split} as split, {', '.join(KEYS)}, count(*) as lines, {sums} "
        f"from ({source.lines(bases)}){where} group by month, split, {', '.join(KEYS)} "
        "order by all"
    )


def repeated_rows(source: LineSource) -> int:
    """How many rows of a relation are equal to another one in every column."""
    hashes = f"select hash(t) as mark from {source.relation} t group by mark having count(*) > 1"
    if not source.connection.execute(f"select count(*) from ({hashes})").fetchall()[0][0]:
        return 0
    row = source.connection.execute(
        f"select coalesce(sum(copies - 1), 0) from (select t.*, count(*) as copies from {source.relation} t "
        f"where hash(t) in ({hashes}) group by all having count(*) > 1)"
    ).fetchall()
    return int(row[0][0])


def content_mark(source: LineSource) -> tuple[int, int]:
    """The number of rows and a digest of their contents, whatever their order."""
    row = source.connection.execute(f"select count(*), coalesce(sum(hash(t)), 0) from {source.relation} t").fetchall()
    return int(row[0][0]), int(row[0][1])
