"""The files shown in `docs/custom-metrics.md` do what the page says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from reviewtui.metrics.evaluate import evaluate
from reviewtui.metrics.presentation import present
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.metrics.sheet import MetricSheet, Target
from reviewtui.months import Month
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import open_session
from reviewtui.workspace.load import load_workspace
from tests.metrics.worksheets import Company, Rows, values

EXAMPLE = re.compile(r"^`(\S+\.toml)`\n\n```toml\n(.*?)```", re.DOTALL | re.MULTILINE)
MONTHS = ("2026-02", "2026-03")


def write_company(root: Path) -> None:
    """Two products in two months: billed, used, refunded and asked about."""
    company = Company(root)
    for product in ("replay", "flags"):
        company.bill(product, ("2026-01-10", "2026-02-10", 90), ("2026-02-10", "2026-03-10", 90), product=product)
    events: Rows = [
        (product, "used", user, "org", f"2026-{month}-05 {hour}:00:00+00")
        for product in ("replay", "flags")
        for month in ("02", "03")
        for user, hour in (("u1", "09"), ("u2", "19"), ("u3", "20"))
    ]
    company.add("event", "product_id, event, user_id, org_id, occurred_at", events)
    company.add("refund", "product_id, refunded_on, amount", [("flags", "2026-02-20", 6), ("flags", "2026-03-20", 30)])
    tickets: Rows = [
        (f"{product}{month}{number}", product, f"2026-{month}-10 10:00:00+00", "normal", "solved")
        for product in ("replay", "flags")
        for month in ("02", "03")
        for number in range(2)
    ]
    company.add("ticket", "ticket_id, product_id, created_at, priority, status", tickets)
    company.add("metric_value", "product_id, month, metric, value", [("flags", "2026-02-01", "site_visits", 5)])
    company.write()


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    """The numbers of a workspace with all files of the guide."""
    root = tmp_path_factory.mktemp("guide")
    write_company(root)
    (root / "reviewtui.toml").write_text('[[source]]\nname = "company"\npath = "company.duckdb"\n', "utf-8")
    for place, text in EXAMPLE.findall(Path("docs/custom-metrics.md").read_text("utf-8")):
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    workspace = load_workspace(root)
    assert workspace.problems == ()
    session = open_session(SourceRequest(workspace.sources), lambda _: None)
    try:
        return present(evaluate(session, EvaluationRequest.of(workspace, date(2026, 4, 10))), workspace)
    finally:
        session.close()


def test_the_examples_have_no_mistakes(sheet: MetricSheet) -> None:
    assert [problem for problem in sheet.problems if "metrics/" in problem.path or "product" in problem.path] == []


@pytest.mark.parametrize(
    ("product", "metric", "expected"),
    [
        ("flags", "tickets_per_100_users", [2 / 3 * 100, 2 / 3 * 100]),
        ("replay", "tickets_per_100_users", [200.0, 200.0]),
        ("flags", "evening_users", [2.0, 2.0]),
        ("flags", "revenue_per_user", [30.0, 20.0]),
        ("flags", "site_visits", [5.0, None]),
    ],
)
def test_the_examples_give_what_they_say(
    sheet: MetricSheet, product: str, metric: str, expected: list[float | None]
) -> None:
    assert values(sheet, product, metric, *MONTHS) == pytest.approx(expected)


def test_the_examples_are_described(sheet: MetricSheet) -> None:
    flags = {metric.id: metric for metric in sheet.metrics_of("flags")}
    replay = {metric.id: metric for metric in sheet.metrics_of("replay")}
    assert flags["site_visits"].section == "marketing"
    assert (flags["tickets_per_100_users"].owner, flags["tickets_per_100_users"].links[0].label) == ("Ada", "Playbook")
    assert replay["tickets_per_100_users"].name == "Tickets per 100 paying customers"
    assert flags["revenue_per_user"].defined_in(Month(2026, 2)).definition == "MRR for each active user."


def test_the_product_of_the_guide_hides_orders_and_aims(sheet: MetricSheet) -> None:
    shown = [metric.id for metric in sheet.metrics_of("replay")]
    assert shown[:2] == ["revenue_per_user", "mrr"]
    assert "sla" not in shown
    assert sheet.targets["replay", "tickets_per_100_users"] == Target(None, 200.0)
    assert sheet.targets["replay", "revenue_per_user"] == Target(10.0, 60.0)
