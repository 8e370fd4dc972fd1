"""What lies behind the cost cells of the grid, and what moved them, worked out by hand on four services."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.changes import NOT_IN_ROWS, change_of, denominators_of, needs_rows
from reviewtui.metrics.compute import source_request
from reviewtui.metrics.drill_job import drill
from reviewtui.metrics.drilldown import CellQuestion, DrillDown, DrillRequest
from reviewtui.metrics.driver_job import drive
from reviewtui.metrics.drivers import DriverQuestion, DriverRequest, Drivers
from reviewtui.metrics.evaluate import evaluate
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.metrics.split_breakdown import from_split
from reviewtui.months import Month
from reviewtui.sources.session import open_session
from tests.costs.books import Books

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewtui.metrics.changes import Change
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.sources.session import Session

MODEL = """
[[service]]
name = "s3"
component = "storage"

[[rule]]
id = "own"
tag = "replay"
kind = "direct"

[[rule]]
id = "pool"
tag = "shared"
kind = "shared"
share = 0.2
proxy = "requests"
why = "measured"
"""
APRIL = Month.parse("2026-04")


def books(folder: Path) -> Books:
    """Total cost 100, 120, 140; volume 100, 100, 125; revenue 150, 200, 250."""
    made = Books(folder).model(MODEL)
    made.line("100", day="2026-02-01")
    made.line("60", day="2026-03-01").line("40", day="2026-03-01", service="s3")
    made.line("90").line("20", service="s3").line("10", service="kafka")
    for day in ("2026-03-01", "2026-04-01"):
        made.line("100", "shared", day=day, service="proxy")
    made.usage("100", "150", day="2026-02-01").usage("100", "200", day="2026-03-01")
    return made.usage("125", "250")


class Cells:
    """A workspace with its numbers."""

    def __init__(self, made: Books) -> None:
        self.workspace = made.write()
        self.request = EvaluationRequest.of(self.workspace, date.fromisoformat(made.as_of))
        with self.session() as session:
            self.sheet: MetricSheet = evaluate(session, self.request)

    @contextmanager
    def session(self) -> Iterator[Session]:
        session = open_session(source_request(self.workspace), lambda _: None)
        try:
            yield session
        finally:
            session.close()

    def metric(self, name: str) -> Metric:
        return next(metric for metric in self.sheet.metrics if metric.id == name)

    def change(self, metric: str) -> Change:
        return change_of(self.sheet, "replay", self.metric(metric), APRIL)

    def behind(self, metric: str) -> DrillDown:
        question = CellQuestion("replay", self.metric(metric), APRIL, products=("replay",))
        with self.session() as session:
            return drill(session, DrillRequest(question, self.request))

    def moved(self, metric: str, split: str = "", key: str = "") -> Drivers:
        change = self.change(metric)
        assert needs_rows(change) == ""
        cell = CellQuestion("replay", change.metric, APRIL, products=("replay",))
        question = DriverQuestion(cell, change.before, denominators_of(change), split, key)
        with self.session() as session:
            return drive(session, DriverRequest(question, self.request))

    def effects(self, metric: str) -> dict[str, dict[str, float]]:
        """Split to what each of its groups contributed; all of them are the change, to the last digit."""
        change = self.change(metric)
        found = {}
        for split in self.moved(metric).splits:
            made = from_split(split, change)
            assert made is not None
            assert sum((Fraction(row.effect) for row in made.rows), Fraction(0)) == Fraction(made.change)
            assert NOT_IN_ROWS not in [row.name for row in made.rows]
            found[split.id] = {row.name: float(row.effect) for row in made.rows}
        return found


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Cells:
    return Cells(books(tmp_path_factory.mktemp("cells")))


@pytest.mark.parametrize("metric", ["total_cost", "cost_per_unit", "gross_margin"])
def test_components_and_services_lie_behind_a_cost(cells: Cells, metric: str) -> None:
    found = cells.behind(metric).rows
    assert found is not None
    assert found.rows == (
        ("api", "api", 90, 60, 30, 90),
        ("proxy", "proxy", 100, 20, 0, 20),
        ("storage", "s3", 20, 40, -20, 20),
        ("kafka", "kafka", 10, 0, 10, 10),
    )
    assert found.totals == (None, None, 220, 120, 20, 140)


def test_growth_lists_what_changed_most_first(cells: Cells) -> None:
    found = cells.behind("cost_growth").rows
    assert found is not None
    assert [row[1] for row in found.rows] == ["api", "s3", "kafka", "proxy"]


def test_usage_by_region_lies_behind_revenue_per_unit(cells: Cells) -> None:
    found = cells.behind("revenue_per_unit").rows
    assert found is not None
    assert (found.rows, found.totals) == ((("us", 125, 250),), (None, 125, 250))


def test_the_component_that_moved_drives_the_total_cost(cells: Cells) -> None:
    found = cells.effects("total_cost")
    assert found["component"] == {"api": 30, "storage": -20, "kafka": 10}
    assert found["service"] == {"api": 30, "storage: s3": -20, "kafka": 10}


def test_volume_stands_beside_the_components_of_the_unit_cost(cells: Cells) -> None:
    found = cells.effects("cost_per_unit")
    expected = {"api": 0.27, "Volume": -0.26, "storage": -0.18, "kafka": 0.09}
    assert found["component"] == pytest.approx(expected)
    change = cells.change("cost_per_unit")
    split = next(item for item in cells.moved("cost_per_unit").splits if item.id == "component")
    made = from_split(split, change)
    assert made is not None
    volume = next(row for row in made.rows if row.name == "Volume")
    assert (volume.before, volume.now, volume.unit, volume.key) == (100, 125, "count", "")


def test_revenue_stands_beside_the_components_of_the_margin(cells: Cells) -> None:
    expected = {"api": -0.135, "Revenue": 0.13, "storage": 0.09, "kafka": -0.045}
    assert cells.effects("gross_margin")["component"] == pytest.approx(expected)


@pytest.mark.parametrize("metric", ["cost_growth", "revenue_per_unit"])
def test_every_cost_metric_is_explained_to_the_last_digit(cells: Cells, metric: str) -> None:
    assert cells.effects(metric)


def test_a_component_opens_into_its_services(cells: Cells) -> None:
    found = cells.moved("total_cost", "component", "storage").records
    assert found is not None
    assert found.rows == (("storage", "s3", 20, 40, -20, 20),)


def test_revenue_that_is_the_mrr_is_read_from_the_customers(tmp_path: Path) -> None:
    made = books(tmp_path).run("update usage_day set revenue = null")
    made.run(
        "create table invoice_line (customer_id varchar, product_id varchar, kind varchar, period_start date,"
        " period_end date, amount decimal(18,4), status varchar)"
    )
    for start, end, amount in (("2026-02-05", "2026-03-05", 200), ("2026-03-05", "2026-04-05", 250)):
        made.run(f"insert into invoice_line values ('A', 'replay', 'recurring', '{start}', '{end}', {amount}, 'paid')")
    cells = Cells(made)
    assert cells.sheet.cell("replay", "gross_margin", APRIL).value is not None
    expected = {"api": -0.135, "Revenue": 0.13, "storage": 0.09, "kafka": -0.045}
    assert cells.effects("gross_margin")["component"] == pytest.approx(expected)


def test_a_component_of_any_name_is_only_a_name(tmp_path: Path) -> None:
    made = Books(tmp_path).model()
    for day, amount in (("2026-03-01", "1"), ("2026-04-01", "3")):
        made.line(amount, day=day, service="'' or 1=1; --")
    cells = Cells(made)
    name = "' or 1=1; --"
    assert cells.effects("total_cost")["component"] == {name: 2}
    records = cells.moved("total_cost", "component", name).records
    assert records is not None
    assert records.found == 1
