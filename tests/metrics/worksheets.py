"""Small real DuckDB files and the sheets computed from them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from reviewtui.metrics.evaluate import continue_evaluation, evaluate, evaluate_newest
from reviewtui.metrics.kept import Continuation
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.months import Month
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import open_session
from reviewtui.workspace.model import SourceConfig, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewtui.metrics.kept import Evaluated, KeptMonths
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.session import Session

TABLES = {
    "customer": "customer_id VARCHAR, name VARCHAR, org_id VARCHAR, is_internal BOOLEAN",
    "subscription": "subscription_id VARCHAR, customer_id VARCHAR, product_id VARCHAR, started_on DATE,"
    " ended_on DATE, billing_limit DECIMAL(18,4)",
    "invoice_line": "line_id VARCHAR, customer_id VARCHAR, subscription_id VARCHAR, product_id VARCHAR, sku VARCHAR,"
    " kind VARCHAR, period_start DATE, period_end DATE, amount DECIMAL(18,4), currency VARCHAR, status VARCHAR",
    "refund": "product_id VARCHAR, customer_id VARCHAR, refunded_on DATE, amount DECIMAL(18,4), currency VARCHAR",
    "fx_rate": "month DATE, currency VARCHAR, rate_to_base DOUBLE",
    "subscription_period": "customer_id VARCHAR, product_id VARCHAR, start_on DATE, end_on DATE,"
    " monthly_amount DECIMAL(18,4), currency VARCHAR",
    "event": "product_id VARCHAR, event VARCHAR, user_id VARCHAR, org_id VARCHAR, occurred_at TIMESTAMPTZ",
    "event_month": "product_id VARCHAR, month DATE, event VARCHAR, user_id VARCHAR, org_id VARCHAR, n BIGINT",
    "product_intent": "product_id VARCHAR, org_id VARCHAR, first_intent_at TIMESTAMPTZ",
    "survey_response": "response_id VARCHAR, product_id VARCHAR, user_id VARCHAR, org_id VARCHAR,"
    " submitted_at TIMESTAMPTZ, score DOUBLE",
    "ticket": "ticket_id VARCHAR, product_id VARCHAR, org_id VARCHAR, created_at TIMESTAMPTZ, priority VARCHAR,"
    " first_reply_at TIMESTAMPTZ, escalated_at TIMESTAMPTZ, escalation_priority VARCHAR,"
    " escalation_reply_at TIMESTAMPTZ, solved_at TIMESTAMPTZ, status VARCHAR",
    "ticket_event": 'ticket_id VARCHAR, "at" TIMESTAMPTZ, kind VARCHAR, value VARCHAR',
    "holiday": "day DATE, calendar VARCHAR",
    "metric_value": "product_id VARCHAR, month DATE, metric VARCHAR, value DOUBLE, n DOUBLE, source VARCHAR,"
    " imported_at TIMESTAMP",
    "usage_day": "product_id VARCHAR, customer_id VARCHAR, day DATE, revenue DECIMAL(18,4)",
}

Rows = list[tuple[object, ...]]

ROWS_PER_INSERT = 200


class Company:
    """A DuckDB file under construction, and the sheet of it."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.path = folder / "company.duckdb"
        self.settings = settings
        self._steps: list[tuple[str, list[object]]] = []
        self._tables: set[str] = set()

    def run(self, sql: str) -> Company:
        """Execute statements on the file."""
        self._steps.append((sql, []))
        return self

    def add(self, table: str, columns: str, rows: Rows) -> Company:
        """Insert rows into a canonical table, making it first if it is not there."""
        if table not in self._tables:
            self._tables.add(table)
            self.run(f"create table if not exists {table} ({TABLES[table]})")
        marks = f"({', '.join('?' for _ in columns.split(','))})"
        for start in range(0, len(rows), ROWS_PER_INSERT):
            some = rows[start : start + ROWS_PER_INSERT]
            sql = f"insert into {table} ({columns}) values {', '.join([marks] * len(some))}"
            self._steps.append((sql, [item for row in some for item in row]))
        return self

    def write(self) -> Company:
        """Bring everything asked for so far into the file."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("SET TimeZone='UTC'")
            for sql, values in self._steps:
                connection.execute(sql, values or None)
        self._steps.clear()
        return self

    def bill(self, customer: str, *lines: tuple[str, str, float], product: str = "replay", **more: str) -> Company:
        """Recurring invoice lines as (start, end, amount)."""
        columns = (
            "customer_id, product_id, subscription_id, kind, period_start, period_end, amount, currency, sku, status"
        )
        sub = more.get("sub", f"{customer}-sub")
        rows: Rows = [
            (
                customer,
                product,
                sub or None,
                more.get("kind", "recurring"),
                start,
                end,
                amount,
                more.get("currency"),
                more.get("sku"),
                more.get("status", "paid"),
            )
            for start, end, amount in lines
        ]
        return self.add("invoice_line", columns, rows)

    def workspace(self) -> Workspace:
        """A workspace over the file with the settings given."""
        base = Workspace(self.path.parent, sources=(SourceConfig("company", self.path),))
        return replace(base, **self.settings)  # type: ignore[arg-type]

    def sheet(self, as_of: str = "2025-06-10") -> MetricSheet:
        """The metrics as seen on `as_of`."""
        with self._session() as session:
            return evaluate(session, self._request(as_of))

    def newest(self, as_of: str) -> MetricSheet | None:
        """The newest months alone, as seen on `as_of`; None where nothing goes by months."""
        with self._session() as session:
            return evaluate_newest(session, self._request(as_of))

    def evaluated(self, as_of: str, kept: KeptMonths) -> Evaluated:
        """The metrics as seen on `as_of`, going on from what an earlier evaluation left."""
        with self._session() as session:
            return continue_evaluation(session, Continuation(self._request(as_of), kept))

    def _request(self, as_of: str) -> EvaluationRequest:
        return EvaluationRequest.of(self.workspace(), date.fromisoformat(as_of))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        self.write()
        workspace = self.workspace()
        session = open_session(SourceRequest(workspace.sources, workspace.views, view_seconds=5.0), lambda _: None)
        try:
            yield session
        finally:
            session.close()


def values(sheet: MetricSheet, product: str, metric: str, *months: str) -> list[float | None]:
    """The values of a metric in the months named."""
    return [sheet.cell(product, metric, Month.parse(month)).value for month in months]


def value(sheet: MetricSheet, product: str, metric: str, month: str) -> float | None:
    """One value."""
    return sheet.cell(product, metric, Month.parse(month)).value


def statuses(sheet: MetricSheet, product: str, metric: str, *months: str) -> list[str]:
    """The statuses of a metric in the months named."""
    return [sheet.cell(product, metric, Month.parse(month)).status.value for month in months]


def messages(sheet: MetricSheet) -> str:
    """Every problem of the sheet, one a line: place, severity and message."""
    return "\n".join(f"{problem.path} [{problem.severity.value}] {problem.message}" for problem in sheet.problems)
