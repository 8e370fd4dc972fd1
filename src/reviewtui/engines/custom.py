"""The SQL of the user's own metrics on an engine: translated, run there, and read by the same rules as here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from reviewtui.engines.engine import EngineError, Unreachable
from reviewtui.engines.translation import Untranslatable, parsed, require_portable
from reviewtui.errors import Problem
from reviewtui.metrics.conversions import literal
from reviewtui.metrics.custom import MOST_ROWS, metric_rows
from reviewtui.metrics.inputs import FINISHED_BY_PARAMETERS, READ_BY_METRICS
from reviewtui.metrics.pulled import Row, sql_mark
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.engines.split import SplitConnection
    from reviewtui.metrics.request import SqlMetric
    from reviewtui.metrics.work import Work
    from reviewtui.sources.session import Session


def pull_custom(
    session: Session, work: Work, connection: SplitConnection, keeper: Any, begin: Callable[[str, int], None]
) -> None:
    """Hand the rows of every metric of the user's own to `keeper`; what cannot be translated is a problem by name.

    `begin` is called with the id of each metric and its place.
    """
    zone = literal(work.request.time_zone)
    rows: list[Row] = []
    for place, metric in enumerate(work.request.sql_metrics):
        begin(metric.id, place)
        local = _brought_home(work, connection, metric)
        if local is None:
            continue
        given, problems = metric_rows(session, work.request, zone, local)
        work.problems += problems
        rows += _rows_of(metric, given.values)
    keeper.rows["custom"] = rows


def _rows_of(metric: SqlMetric, values: Any) -> list[Row]:
    head = {"of_product": metric.product, "metric": metric.id, "mark": sql_mark(metric)}
    nothing = {"product_id": None, "month": None, "value": None, "n": None, "reason": ""}
    rows = [
        {**head, "product_id": product, "month": month, "value": item.value, "n": item.n, "reason": item.reason}
        for product, months in values.items()
        for month, item in months.items()
    ]
    return rows or [{**head, **nothing}]


def _brought_home(work: Work, connection: SplitConnection, metric: SqlMetric) -> SqlMetric | None:
    """The metric over tables here that hold what its SQL gave on the engine; None where it cannot be run there."""
    versions = []
    for place, version in enumerate(metric.versions):
        name = f"pulled {metric.product} {metric.id} {place}"
        try:
            connection.bring(name, _query(connection, version.sql), MOST_ROWS + 1)
        except Unreachable:
            raise
        except (EngineError, Untranslatable) as error:
            work.problems.append(Problem(metric.path, version.line, f"The SQL {error}"))
            return None
        quoted = name.replace('"', '""')
        versions.append(replace(version, sql=f'select * from "{quoted}"', in_block=False))
    return replace(metric, versions=tuple(versions))


def _query(connection: SplitConnection, sql: str) -> exp.Expr:
    """The SQL over the engine's tables; Untranslatable where some of it means nothing certain there."""
    query = parsed(sql).copy()
    if not isinstance(query, exp.Query):
        raise Untranslatable("is not a SELECT. Write one SELECT.")
    require_portable(query, connection.there.dialect)
    for name in query.find_all(exp.Identifier):
        if not name.args.get("quoted"):
            name.set("this", name.name.lower())
    own = {cte.alias for cte in query.find_all(exp.CTE)}
    for table in list(query.find_all(exp.Table)):
        if table.args.get("db") or table.name in own:
            continue
        if table.name not in READ_BY_METRICS:
            raise Untranslatable(
                f"reads {safe_text(table.name, 60)}, which is no input table. Write a table of the engine's own with"
                " its schema."
            )
        table.replace(_canonical(table))
    return query


def _canonical(table: exp.Table) -> exp.Expr:
    """A canonical table with its canonical columns, wall time where it has times."""
    shape = TABLES_BY_NAME[table.name]
    source = ("raw_" if table.name in FINISHED_BY_PARAMETERS else "input_") + table.name
    inner = exp.select(*(exp.column(name) for name in shape.column_names)).from_(exp.to_table(source))
    relation = inner.subquery(table.alias or table.name)
    if joins := table.args.get("joins"):
        relation.set("joins", joins)
    return relation
