"""One small company for all tests of engines and its numbers as computed here; each test has its own cache folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.demo.generate import DATABASE, make_demo
from reviewtui.metrics.compute import compute_sheet
from reviewtui.workspace.load import load_workspace
from tests.engines.companies import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.workspace.model import Workspace

OWN_METRICS = {
    "big_invoices": """\
name = "Large invoice lines"
unit = "count"
sql = \"\"\"
SELECT product_id, date_trunc('month', period_end) AS month, count(*) AS value, sum(amount) AS n
FROM invoice_line WHERE amount > 500 GROUP BY 1, 2
\"\"\"
""",
    "late_events": """\
name = "Events after noon"
unit = "count"
sql = \"\"\"
WITH late AS (SELECT product_id, occurred_at FROM event WHERE extract(hour FROM occurred_at) >= 12)
SELECT product_id, CAST(date_trunc('month', occurred_at) AS DATE) AS month, count(*) AS value
FROM late GROUP BY product_id, CAST(date_trunc('month', occurred_at) AS DATE)
\"\"\"
""",
}
"""Metrics of the user's own, in DuckDB's dialect; they run on every engine."""


_SMALLER = (
    "delete from event where occurred_at < '2025-07-10' or product_id not in ('forms', 'flows')",
    "delete from invoice_line where period_end < '2025-07-10' or product_id not in ('forms', 'flows')",
    "delete from ticket where created_at < '2026-01-10' or product_id not in ('forms', 'flows')",
    "delete from ticket_event where ticket_id not in (select ticket_id from ticket)",
    "delete from survey_response where submitted_at < '2026-01-10'",
    "delete from product_intent where first_intent_at < '2026-01-10'",
)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A demo company at a small scale, in a time zone that is not UTC, with metrics of its own."""
    root = make_demo(tmp_path_factory.mktemp("engines") / "company", AS_OF, scale=0.05)
    with duckdb.connect(str(root / DATABASE)) as connection:
        for statement in _SMALLER:
            connection.execute(statement)
    file = root / "reviewtui.toml"
    file.write_text(file.read_text("utf-8").replace('time_zone = "UTC"', 'time_zone = "America/St_Johns"'), "utf-8")
    (root / "metrics").mkdir(exist_ok=True)
    for name, text in OWN_METRICS.items():
        (root / "metrics" / f"{name}.toml").write_text(text, "utf-8")
    return load_workspace(root)


@pytest.fixture(scope="session")
def local_sheet(company: Workspace) -> MetricSheet:
    """Its numbers as they are computed here."""
    return compute_sheet(company, AS_OF, is_fresh=True)


@pytest.fixture
def database(company: Workspace) -> Path:
    """The company's DuckDB file."""
    return company.root / DATABASE


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
