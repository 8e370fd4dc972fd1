"""From DuckDB's dialect to that of an engine; what has no certain counterpart is refused by name.

Only constructs of `PORTABLE` are translated: what they mean is known to be the same everywhere, because the results
of the engines are compared with DuckDB's own. A translation that merely runs would not be enough.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlglot import ErrorLevel, exp, parse
from sqlglot.errors import SqlglotError

from reviewtui.text import safe_text

if TYPE_CHECKING:
    from reviewtui.engines.dialects import Dialect


class Untranslatable(Exception):  # noqa: N818 - carries a sentence, not a fault
    """Why SQL cannot be run on an engine; completes "the SQL ..."."""


_STRUCTURE: tuple[type[exp.Expr], ...] = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.With,
    exp.CTE, exp.Subquery, exp.Union, exp.Except, exp.Intersect, exp.Distinct, exp.Table, exp.TableAlias, exp.Alias,
    exp.Column, exp.Identifier, exp.Star, exp.Paren, exp.Tuple, exp.Window, exp.WindowSpec, exp.Filter, exp.Values,
)  # fmt: skip
_SCALARS: tuple[type[exp.Expr], ...] = (
    exp.Literal, exp.Null, exp.Boolean, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Case, exp.If, exp.Coalesce,
    exp.Nullif, exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Exists, exp.EQ, exp.NEQ, exp.GT, exp.GTE,
    exp.LT, exp.LTE, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Abs, exp.Round, exp.Floor,
    exp.Ceil, exp.Sqrt, exp.Pow, exp.Greatest, exp.Least, exp.Lower, exp.Upper, exp.Trim, exp.Like, exp.DPipe,
    exp.Length, exp.Substring,
    exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseLeftShift, exp.BitwiseRightShift,
)  # fmt: skip
_CALENDAR: tuple[type[exp.Expr], ...] = (
    exp.Extract, exp.Interval, exp.Var, exp.DateDiff, exp.DateTrunc, exp.TimestampTrunc, exp.LastDay,
)  # fmt: skip
_AGGREGATES: tuple[type[exp.Expr], ...] = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.LogicalOr, exp.LogicalAnd, exp.BitwiseOrAgg, exp.RowNumber,
    exp.Lag, exp.Lead,
)  # fmt: skip
PORTABLE = frozenset((*_STRUCTURE, *_SCALARS, *_CALENDAR, *_AGGREGATES))
"""What a translated SELECT may be made of."""

_UNITS = {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"}
_PARTS = {"YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE"}
_TRUNCATED = {"YEAR", "QUARTER", "MONTH", "DAY"}
_TYPES = {
    exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT, exp.DataType.Type.INT, exp.DataType.Type.BIGINT,
    exp.DataType.Type.DOUBLE, exp.DataType.Type.DECIMAL, exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP,
    exp.DataType.Type.TIMESTAMPNTZ, exp.DataType.Type.TIMESTAMPTZ, exp.DataType.Type.BOOLEAN,
}  # fmt: skip


@lru_cache(maxsize=512)
def parsed(sql: str) -> exp.Expr:
    """The one statement in `sql`, which is in DuckDB's dialect, not to be changed; Untranslatable for anything else."""
    try:
        statements = [statement for statement in parse(sql, read="duckdb") if statement is not None]
    except (SqlglotError, RecursionError) as error:
        raise Untranslatable(f"cannot be read for translation: {_first_line(error)}") from error
    if len(statements) != 1:
        raise Untranslatable("is not one statement. Write one SELECT.")
    return statements[0]


def require_portable(query: exp.Expr, dialect: Dialect) -> None:
    """Raise Untranslatable naming the first thing in `query` that is not known to mean the same on the engine."""
    for node in query.walk():
        reason = _reason_against(node)
        if reason:
            raise Untranslatable(f"uses {reason}, which is not translated to {dialect.title}.")


def _reason_against(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return f"the function {safe_text(node.name, 40)}"
    if isinstance(node, exp.AggFunc | exp.Func) and type(node) not in PORTABLE:
        return f"the function {safe_text(node.sql_name().lower(), 40)}"
    if type(node) not in PORTABLE:
        return f"{safe_text(node.sql(dialect='duckdb')[:60], 80)} ({type(node).__name__})"
    if isinstance(node, exp.DataType) and node.this not in _TYPES:
        return f"the type {safe_text(node.sql(dialect='duckdb'), 40)}"
    if isinstance(node, exp.DateTrunc | exp.TimestampTrunc) and _unit(node) not in _TRUNCATED:
        return f"date_trunc by {safe_text(_unit(node).lower(), 20)}"
    if isinstance(node, exp.Extract) and node.name.upper() not in _PARTS:
        return f"extract of {safe_text(node.name, 20)}"
    if isinstance(node, exp.DateDiff) and _unit(node) not in ("", "DAY", "SECOND"):
        return f"date_diff by {safe_text(_unit(node).lower(), 20)}"
    if isinstance(node, exp.Interval) and _unit(node).rstrip("S") not in _UNITS:
        return f"an interval of {safe_text(_unit(node).lower() or node.sql(), 20)}"
    if isinstance(node, exp.Star) and any(node.args.values()):
        return safe_text(node.sql(dialect="duckdb"), 60)
    if isinstance(node, exp.Join) and node.method:
        return f"a {safe_text(node.method.lower(), 20)} join"
    return ""


def _unit(node: exp.Expr) -> str:
    unit = node.args.get("unit")
    return str(unit.name).upper() if unit is not None else ""


def generated(query: exp.Expr, dialect: Dialect) -> str:
    """`query`, which is changed for it, in the dialect of the engine."""
    _name_groups(query)
    try:
        return dialect.rewritten(_named(query) if dialect.needs_names else query).sql(
            dialect=dialect.writer, unsupported_level=ErrorLevel.RAISE, comments=False, identify=True
        )
    except (SqlglotError, RecursionError) as error:
        raise Untranslatable(f"cannot be written for {dialect.title}: {_first_line(error)}") from error


def _name_groups(query: exp.Expr) -> None:
    """Write out what `group by all` groups by: not every engine knows it."""
    for select in query.find_all(exp.Select):
        group = select.args.get("group")
        if group is None or not group.args.get("all"):
            continue
        items = (item.unalias() for item in select.expressions)
        keys = [item.copy() for item in items if item.find(exp.AggFunc) is None and not isinstance(item, exp.Literal)]
        select.set("group", exp.Group(expressions=keys) if keys else None)


def _named(query: exp.Expr) -> exp.Expr:
    """`query` with a name for every column: engines differ in what they call one that has none."""
    for select in query.find_all(exp.Select):
        select.set("expressions", [_with_name(item, place) for place, item in enumerate(select.expressions)])
    return query


def _with_name(item: exp.Expr, place: int) -> exp.Expr:
    if item.is_star or isinstance(item, exp.Alias):
        return item
    return exp.alias_(item, item.name if isinstance(item, exp.Column) else f"column_{place}", quoted=True)


def _first_line(error: Exception) -> str:
    return safe_text(str(error).strip().splitlines()[0] if str(error).strip() else "too deep", 200)
