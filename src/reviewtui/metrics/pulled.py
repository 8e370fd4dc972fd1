"""What `reviewtui pull` brought back, as a source of the evaluation: the rows of whole sections, offline.

The file of an engine is a DuckDB database. `pull` says what was pulled when; `query_rows` has the rows that the metric
SQL gave there; a section is in the file as a whole or not at all. `cell` has every value, for whoever opens the file
with other tools.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

import duckdb

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.custom import CustomRows, CustomValue
from reviewtui.months import Month
from reviewtui.quick_tuple import NamedTuple
from reviewtui.sources.request import quoted
from reviewtui.text import safe_text
from reviewtui.workspace.model import PULLED_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from reviewtui.metrics.assemble import SheetBuilder
    from reviewtui.metrics.request import EvaluationRequest, SqlMetric
    from reviewtui.sources.session import Session

Row = dict[str, Any]

FORMAT = 1
"""Of the file; another one is not read."""

QUERIES = {
    "revenue": ("revenue", "refund", "revenue_share", "forecast"),
    "usage": ("usage",),
    "activation": ("activation",),
    "NPS": ("nps",),
    "support": ("support",),
    "imported values": ("imported",),
    "custom metrics": (),
}
"""Section of an evaluation to the queries whose rows it gives."""

UNREADABLE = (duckdb.Error, ValueError, TypeError, AttributeError, KeyError)
"""What reading a file raises that is no pulled file, or a damaged one."""

CUSTOM = "custom metrics"
_TO_DATE = ("forecast",)


def definitions_of(request: EvaluationRequest) -> str:
    """What tells one set of definitions from another; days, costs and imported files are no part of them."""
    plain = replace(request, as_of=_NO_DAY, cost_models=(), imports=(), sql_metrics=())
    return hashlib.sha256(repr(plain).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PulledSection:
    """One section as an engine computed it."""

    engine: str
    name: str
    pulled_at: datetime
    as_of: date
    definitions: str
    tables: tuple[str, ...] = ()
    """The canonical tables it was made of."""
    rows: dict[str, list[Row]] = field(default_factory=dict)
    """Query to its rows."""
    problems: tuple[Problem, ...] = ()
    omitted: tuple[str, ...] = ()
    """Metrics that its tables cannot give."""


@dataclass
class Pulled:
    """The sections of all engines; of two that have one, the engine that comes first."""

    sections: dict[str, PulledSection] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def step(self, name: str, request: EvaluationRequest) -> Callable[[SheetBuilder], None] | None:
        """What hands the rows of a section to a builder; None where it was not pulled."""
        section = self.sections.get(name)
        if section is None:
            return None
        return lambda builder: _hand_over(section, request, builder)

    def custom(self, metrics: Iterable[SqlMetric]) -> tuple[list[CustomRows], tuple[SqlMetric, ...]]:
        """The rows of the user's own metrics that were pulled, and the metrics that were not."""
        section = self.sections.get(CUSTOM)
        given = {} if section is None else _custom_values(section.rows.get("custom", []))
        pulled, others = [], []
        for metric in metrics:
            values = given.get((metric.product, metric.id, sql_mark(metric)))
            if values is not None:
                pulled.append(CustomRows(metric, values))
            elif any(product == metric.product and name == metric.id for product, name, _ in given):
                words = "The SQL was changed since it was pulled. Run `reviewtui pull`."
                self.problems.append(Problem(metric.path, metric.versions[0].line, words, Severity.WARNING))
            else:
                others.append(metric)
        return pulled, tuple(others)

    def usage_counts(self) -> list[tuple[object, ...]]:
        """Product, month and users of the pulled usage; tickets are related to them."""
        section = self.sections.get("usage")
        rows = section.rows.get("usage", []) if section is not None else []
        return [(row["product_id"], row["month"], row["unique_users"]) for row in rows]


def read_pulled(session: Session, request: EvaluationRequest) -> Pulled:
    """Everything pulled that the sources of `session` hold; what cannot be used is reported."""
    pulled = Pulled()
    definitions = definitions_of(request)
    for source, state in zip(session.request.sources, session.states, strict=True):
        if source.kind != PULLED_KIND or state.problem:
            continue
        try:
            sections = read_sections(session.connection, quoted(source.name, "main"))
        except UNREADABLE:
            pulled.problems.append(_warning(source.name, "cannot be read. Run `reviewtui pull` again."))
            continue
        for section in sections:
            _take(pulled, section, definitions, Month.of(request.as_of))
    return pulled


class SectionOrigin(NamedTuple):
    """Where a section comes from that was pulled."""

    engine: str
    pulled_at: datetime
    tables: tuple[str, ...]
    """The canonical tables it was made of."""


def section_origins(session: Session) -> dict[str, SectionOrigin]:
    """The sections that were pulled, as `read_pulled` chooses them, without their rows."""
    origins: dict[str, SectionOrigin] = {}
    for source, state in zip(session.request.sources, session.states, strict=True):
        if source.kind != PULLED_KIND or state.problem:
            continue
        place = quoted(source.name, "main", "pull")
        try:
            rows = session.connection.execute(f"select section, engine, pulled_at, tables, format from {place}")
            for name, engine, pulled_at, tables, form in rows.fetchall():
                if form == FORMAT:
                    origin = SectionOrigin(str(engine), pulled_at.replace(tzinfo=UTC), tuple(tables))
                    origins.setdefault(str(name), origin)
        except UNREADABLE:
            continue
    return origins


def _take(pulled: Pulled, section: PulledSection, definitions: str, current: Month) -> None:
    other = pulled.sections.get(section.name)
    if other is not None:
        pulled.problems.append(_warning(section.engine, f"{section.name} is taken from {other.engine}."))
        return
    pulled.sections[section.name] = section
    pulled.problems += section.problems
    if section.name != CUSTOM and section.definitions != definitions:
        words = f"{section.name} was pulled with other settings. Run `reviewtui pull` again."
        pulled.problems.append(_warning(section.engine, words))
    first = Month.of(section.as_of)
    if first < current:
        words = f"pulled on {section.as_of}: months from {first} on are not complete there. Run `reviewtui pull`."
        warning = _warning(section.engine, words)
        if warning not in pulled.problems:
            pulled.problems.append(warning)


def _warning(engine: str, words: str) -> Problem:
    return Problem(f"engine {safe_text(engine)}", None, words, Severity.WARNING)


def _hand_over(section: PulledSection, request: EvaluationRequest, builder: SheetBuilder) -> None:
    """Give the rows to `builder`, but for the months that were not over when they were pulled and are now."""
    current, then = Month.of(request.as_of), Month.of(section.as_of)
    last = current.index if current <= then else then.index - 1
    for query, rows in section.rows.items():
        if query in _TO_DATE:
            if current == then:
                builder.add_forecast(rows)
            continue
        known = [row for row in rows if row["month"] <= last]
        if query == "revenue_share":
            builder.add_shares(known)
        elif query == "imported":
            builder.add_imported(known)
        else:
            builder.add_query(query, known)
    builder.omit(section.omitted)


def sql_mark(metric: SqlMetric) -> str:
    """What tells one SQL of a metric from another."""
    facts = [(version.sql, version.first, version.until) for version in metric.versions]
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _custom_values(rows: Iterable[Row]) -> dict[tuple[str, str, str], dict[str, dict[int, CustomValue]]]:
    """(product of the file, metric, mark of its SQL) to product to month to value."""
    given: dict[tuple[str, str, str], dict[str, dict[int, CustomValue]]] = {}
    for row in rows:
        values = given.setdefault((row["of_product"], row["metric"], row["mark"]), {})
        if row["product_id"] is not None:
            value = CustomValue(row["value"], row["n"], row["reason"])
            values.setdefault(row["product_id"], {})[int(row["month"])] = value
    return given


def read_sections(connection: duckdb.DuckDBPyConnection, place: str) -> list[PulledSection]:
    """The sections of a pulled file that is attached at `place`, in their order; UNREADABLE where it is none."""
    (found,) = connection.execute(f"select max(format) from {place}.pull").fetchone() or (None,)
    if found is not None and found != FORMAT:
        return []
    rows = _query_rows(connection, place)
    sections = []
    for item in _rows(connection, f"select * from {place}.pull order by place"):
        name = str(item["section"])
        queries = (*QUERIES.get(name, ()), *(("custom",) if name == CUSTOM else ()))
        sections.append(
            PulledSection(
                str(item["engine"]),
                name,
                item["pulled_at"].replace(tzinfo=UTC),
                item["as_of"],
                str(item["definitions"]),
                tuple(item["tables"]),
                {query: rows[query] for query in queries if query in rows},
                tuple(_problems(connection, place, name)),
                tuple(item["omitted"]),
            )
        )
    return sections


def _query_rows(connection: duckdb.DuckDBPyConnection, place: str) -> dict[str, list[Row]]:
    """Query to its rows."""
    found = connection.execute(f"select query, columns, content from {place}.query_rows").fetchall()
    return {
        str(query): [dict(zip(columns, values, strict=True)) for values in json.loads(content)]
        for query, columns, content in found
    }


def _problems(connection: duckdb.DuckDBPyConnection, place: str, section: str) -> Iterable[Problem]:
    sql = f"select path, line, message, is_error from {place}.problem where section = ?"
    for path, line, message, is_error in connection.execute(sql, [section]).fetchall():
        yield Problem(path, line, message, Severity.ERROR if is_error else Severity.WARNING)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_NO_DAY = Month(1, 1).first_day
