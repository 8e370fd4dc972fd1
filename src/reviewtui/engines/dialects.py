"""How each engine writes what DuckDB's dialect has and sqlglot leaves open, and how its columns become canonical ones.

The metric SQL is not here: only how a few functions and types are spelled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping

Rewrite = Callable[[exp.Expr], exp.Expr]


def raw(sql: str) -> exp.Expr:
    """Text that is written as it is."""
    return exp.Var(this=sql)


def _function(name: str, *arguments: exp.Expr | None) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[_bare(argument) for argument in arguments if argument is not None])


def _bare(node: exp.Expr) -> exp.Expr:
    return node.this if isinstance(node, exp.Paren) else node


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


@dataclass(frozen=True)
class Dialect:
    """One engine's way of writing; templates have the value as `{0}` and a time zone, where there is one, as `{1}`."""

    name: str
    title: str
    """As people call it."""
    writer: str
    """sqlglot's name of the dialect."""
    text: str
    microseconds: str
    """Of an instant since 1970."""
    local_time: str
    """The wall time of an instant in a zone."""
    local_day: str
    """The day of an instant in a zone."""
    instant_of_local: str
    """The instant of a timestamp that stands for UTC."""
    instant_of_day: str
    """00:00 of a day in a zone, as an instant."""
    day_of_local: str
    """The day of a timestamp without a zone."""
    finite: str
    """Whether a double is a finite number."""
    money: str
    double: str
    whole: str
    flag: str
    null: Mapping[str, str]
    """Kind of column to a NULL of its type."""
    hash: Callable[[list[str]], str]
    """A whole number of 64 bits from several values, NULL among them."""
    needs_names: bool = False
    """Whether every column of a SELECT has to be given a name."""
    rewrites: Mapping[type[exp.Expr], Rewrite] = field(default_factory=dict)

    def quoted(self, *names: str) -> str:
        """A name of one or several parts that means exactly `names`."""
        return ".".join(exp.to_identifier(name, quoted=True).sql(dialect=self.writer) for name in names)

    def null_of(self, kind: str) -> str:
        """A NULL of a canonical type or a kind of column."""
        return self.null[kind.partition("(")[0]]

    def rewritten(self, query: exp.Expr) -> exp.Expr:
        """`query` with this engine's spelling of what sqlglot does not know."""
        for node in reversed(list(query.walk(bfs=True))):
            new = self._rewritten_node(node)
            if new is not node:
                node.replace(new)
        return query

    def _rewritten_node(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
            return raw(self.hash([part.sql(dialect=self.writer, identify=True) for part in node.expressions]))
        rewrite = self.rewrites.get(type(node))
        return node if rewrite is None else rewrite(node)


def zone_literal(zone: str) -> str:
    """A time zone as an SQL string; its name is one that Python knows."""
    return _literal(zone)


def _nulls(text: str, day: str, time: str, money: str, double: str, whole: str, flag: str) -> Mapping[str, str]:
    types = {
        "VARCHAR": text, "DATE": day, "TIMESTAMP": time, "DECIMAL": money, "DOUBLE": double, "BIGINT": whole,
        "BOOLEAN": flag,
    }  # fmt: skip
    return {kind: f"cast(null as {name})" for kind, name in types.items()}


# PostgreSQL


def _postgres_division(node: exp.Expr) -> exp.Expr:
    """Whole division; sqlglot's DIV would give a numeric, which joins slowly."""
    return exp.Paren(this=raw(f"{_written(node.this, 'postgres')} / {_written(node.expression, 'postgres')}"))


def _written(node: exp.Expr, writer: str) -> str:
    text = node.sql(dialect=writer, identify=True)
    return text if isinstance(node, exp.Column | exp.Literal | exp.Paren) else f"({text})"


def _shift_by_integer(node: exp.Expr) -> exp.Expr:
    """Shifts by a number of 32 bits: engines have no others."""
    by = node.args["expression"]
    if not isinstance(by, exp.Literal | exp.Cast):
        node.set("expression", exp.cast(_bare(by).copy(), "int"))
    return node


def _postgres_hash(parts: list[str]) -> str:
    row = ", ".join(f"cast({part} as text)" for part in parts)
    return f"cast(hashtextextended(cast(row({row}) as text), 0) as numeric)"


POSTGRESQL = Dialect(
    name="postgresql",
    title="PostgreSQL",
    writer="postgres",
    text="cast({0} as text)",
    microseconds="cast(extract(epoch from {0}) * 1000000 as bigint)",
    local_time="({0} at time zone {1})",
    local_day="cast(({0} at time zone {1}) as date)",
    instant_of_local="({0} at time zone 'UTC')",
    instant_of_day="(cast({0} as timestamp) at time zone {1})",
    day_of_local="cast({0} as date)",
    finite="({0} is not null and {0} not in ('NaN', 'Infinity', '-Infinity'))",
    money="cast({0} as numeric(28, 8))",
    double="cast({0} as double precision)",
    whole="cast({0} as bigint)",
    flag="{0}",
    null=_nulls("text", "date", "timestamp", "numeric(28, 8)", "double precision", "bigint", "boolean"),
    hash=_postgres_hash,
    rewrites={
        exp.IntDiv: _postgres_division,
        exp.BitwiseLeftShift: _shift_by_integer,
        exp.BitwiseRightShift: _shift_by_integer,
    },
)


# Spark


def _spark_hash(parts: list[str]) -> str:
    # A place that is NULL leaves Spark's hash as it is: the marker tells (a, NULL) from (NULL, a).
    named = ", ".join(f"coalesce(cast({part} as string), '\\0')" for part in parts)
    return f"cast(xxhash64({named}) as decimal(38, 0))"


SPARK = Dialect(
    name="spark",
    title="Spark",
    writer="spark",
    text="cast({0} as string)",
    microseconds="unix_micros({0})",
    local_time="cast(from_utc_timestamp({0}, {1}) as timestamp_ntz)",
    local_day="cast(from_utc_timestamp({0}, {1}) as date)",
    instant_of_local="cast({0} as timestamp)",
    instant_of_day="to_utc_timestamp(cast({0} as timestamp), {1})",
    day_of_local="cast({0} as date)",
    finite="({0} is not null and not isnan({0}) and abs({0}) < double('Infinity'))",
    money="cast({0} as decimal(28, 8))",
    double="cast({0} as double)",
    whole="cast({0} as bigint)",
    flag="{0}",
    null=_nulls("string", "date", "timestamp_ntz", "decimal(28, 8)", "double", "bigint", "boolean"),
    hash=_spark_hash,
    rewrites={exp.BitwiseLeftShift: _shift_by_integer, exp.BitwiseRightShift: _shift_by_integer},
)


# ClickHouse


def _clickhouse_hash(parts: list[str]) -> str:
    named = ", ".join(f"isNull({part}), ifNull(toString({part}), '')" for part in parts)
    return f"toDecimal128(cityHash64({named}), 0)"


def _binary(name: str) -> Rewrite:
    return lambda node: _function(name, node.args.get("this"), node.args.get("expression"))


def _clickhouse_cast(node: exp.Expr) -> exp.Expr:
    """Times as times with microseconds; they stand for wall time, so their zone is always UTC."""
    kind = node.args["to"].this
    value = node.this.sql(dialect="clickhouse", identify=True)
    if kind in (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPNTZ):
        return raw(f"CAST({value} AS Nullable(DateTime64(6, 'UTC')))")
    if kind == exp.DataType.Type.DATE:
        return raw(f"CAST({value} AS Nullable(Date32))")
    return node


def _clickhouse_interval(node: exp.Expr) -> exp.Expr:
    """So many times an interval of one unit."""
    interval = node.args["expression"]
    if not isinstance(interval, exp.Interval) or interval.this.name != "1":
        return node
    unit = interval.text("unit").capitalize()
    return _function(f"toInterval{unit}", exp.cast(_bare(node.this).copy(), "bigint"))


def _clickhouse_join(node: exp.Expr) -> exp.Expr:
    """An inner join without an equality as a product and a condition: ClickHouse joins on equalities only."""
    condition = node.args.get("on")
    if condition is None or node.args.get("side") or any(map(_is_equality, _parts_of(condition))):
        return node
    select = node.find_ancestor(exp.Select)
    if select is None:
        return node
    node.set("on", None)
    node.set("kind", "CROSS")
    select.where(condition, copy=False)
    return node


def _parts_of(condition: exp.Expr) -> list[exp.Expr]:
    return list(condition.flatten()) if isinstance(condition, exp.And) else [_bare(condition)]


def _is_equality(part: exp.Expr) -> bool:
    if not isinstance(part, exp.EQ):
        return False
    left, right = ({column.table for column in side.find_all(exp.Column)} for side in (part.this, part.expression))
    return bool(left and right) and left != right


def _clickhouse_boolean(name: str) -> Rewrite:
    def rewrite(node: exp.Expr) -> exp.Expr:
        return raw(f"CAST({name}({node.this.sql(dialect='clickhouse', identify=True)}) AS Nullable(Bool))")

    return rewrite


_CLICKHOUSE_UTC = (
    "fromUnixTimestamp64Micro(toUnixTimestamp64Micro(toDateTime64({0}, 6))"
    " + 1000000 * timezoneOffset(toTimeZone(toDateTime64({0}, 6), {1})), 'UTC')"
)

_CLICKHOUSE_TYPES = (
    "Nullable(String)",
    "Nullable(Date32)",
    "Nullable(DateTime64(6, 'UTC'))",
    "Nullable(Decimal(38, 8))",
    "Nullable(Float64)",
    "Nullable(Int64)",
    "Nullable(Bool)",
)

CLICKHOUSE = Dialect(
    name="clickhouse",
    title="ClickHouse",
    writer="clickhouse",
    text="toString({0})",
    microseconds="toUnixTimestamp64Micro(toDateTime64({0}, 6))",
    local_time=_CLICKHOUSE_UTC,
    local_day=f"toDate32({_CLICKHOUSE_UTC})",
    instant_of_local="{0}",
    instant_of_day="toDateTime64(concat(toString({0}), ' 00:00:00'), 6, {1})",
    day_of_local="toDate32({0})",
    finite="isFinite({0})",
    money="toDecimal128({0}, 8)",
    double="toFloat64({0})",
    whole="toInt64({0})",
    flag="CAST({0} AS Nullable(Bool))",
    null=_nulls(*_CLICKHOUSE_TYPES),
    hash=_clickhouse_hash,
    needs_names=True,
    rewrites={
        exp.BitwiseAnd: _binary("bitAnd"),
        exp.BitwiseOr: _binary("bitOr"),
        exp.BitwiseLeftShift: _binary("bitShiftLeft"),
        exp.BitwiseRightShift: _binary("bitShiftRight"),
        exp.IntDiv: _binary("intDiv"),
        exp.Join: _clickhouse_join,
        exp.Mul: _clickhouse_interval,
        exp.LogicalOr: _clickhouse_boolean("max"),
        exp.LogicalAnd: _clickhouse_boolean("min"),
    },
)

DIALECTS = {dialect.name: dialect for dialect in (POSTGRESQL, SPARK, CLICKHOUSE)}
