"""What if: changes of assumptions on sums that are known, and adopting them into the file."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reviewtui.costs.product import ProductCosts
from reviewtui.costs.scenario import allowed, changed_costs, outcome
from reviewtui.costs.sensitivity import cost_range
from reviewtui.months import Month
from reviewtui.workspace.cost_edit import adopt
from reviewtui.workspace.load import load_workspace
from tests.costs.books import Books
from tests.costs.worked_example import AS_OF, write_example

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.costs.rows import CostRow

APRIL = Month(2026, 4)


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> ProductCosts:
    root = write_example(tmp_path_factory.mktemp("example") / "workspace")
    workspace = load_workspace(root)
    inputs = Books(root, AS_OF).inputs(workspace)
    return ProductCosts(workspace.cost_models[0], workspace.cost_models, inputs)


def test_a_changed_share_moves_unit_cost_margin_and_tornado(costs: ProductCosts) -> None:
    changed = changed_costs(costs, APRIL, {"ingress": Decimal("0.30")})
    now = outcome(changed, APRIL)
    # The pool is 7,100 in April: a tenth of it more.
    assert now.units.total == 20770 + 710
    assert now.units.cost_per_unit == Fraction(21480, 12_000_000)
    assert now.sensitivity is not None
    swing = next(item for item in now.sensitivity.swings if item.name == "ingress")
    # The range reaches from 0.15 to the new share now: 0.15 x 7,100 over 60,000.
    assert swing.points == Fraction(1065, 60000)
    assert costs.costs(APRIL).all.total == 20770, "the figures of the files stay"


def test_only_the_version_of_the_shown_month_changes(costs: ProductCosts) -> None:
    changed = changed_costs(costs, APRIL, {"redis": Decimal("0.20")})
    assert changed.costs(APRIL).all.total == 20770 + 110
    assert changed.costs(Month(2026, 3)).all.total == Fraction("18289.1")


def test_a_changed_retention_moves_the_modelled_cost_alone(costs: ProductCosts) -> None:
    now = outcome(changed_costs(costs, APRIL, {"retention_days": Decimal(60)}), APRIL)
    assert now.units.total == 20770
    assert now.units.modelled_cost == 17990


def test_a_price_moves_revenue_and_nothing_else(costs: ProductCosts) -> None:
    now = outcome(changed_costs(costs, APRIL, {"price": Decimal("0.9")}), APRIL)
    assert now.units.revenue == 54000
    assert now.units.total == 20770


def test_untagged_queries_can_be_spread(costs: ProductCosts) -> None:
    now = outcome(changed_costs(costs, APRIL, {"untagged_queries": Decimal(1)}), APRIL)
    assert now.units.total == 20770 - 1320 + 20000 * Fraction(40, 740) + 8000 * Fraction(12, 282)


def test_the_range_of_the_billed_cost_is_that_of_single_shares(costs: ProductCosts) -> None:
    assert cost_range(costs, APRIL) == (Fraction(20770 - 355), Fraction(20770 + 355))


@pytest.mark.parametrize(
    ("name", "value", "is_allowed"),
    [
        ("ingress", "1.1", False),
        ("ingress", "1", True),
        ("untagged_queries", "0.5", False),
        ("retention_days", "-1", False),
    ],
)
def test_values_that_cannot_be_are_refused(costs: ProductCosts, name: str, value: str, is_allowed: bool) -> None:
    assert (allowed(costs, name, Decimal(value)) == "") == is_allowed


MODEL = """schema = 1
# What we count.
unit = "recording"

[[rule]]
id = "pool"      # the proxy
tag = "ingress"
kind = "shared"
proxy = "bytes"
why = "measured once"
share = 0.20     # of the bytes
low = 0.15
high = 0.25

[assumption.retention_days]
value = 90  # days
low = 60
high = 90
"""


def test_adopting_keeps_comments_and_history(tmp_path: Path) -> None:
    books = Books(tmp_path).line("100", "ingress").line("100", "ingress", day="2026-03-01")
    books.models["replay"] = MODEL
    model = books.write().cost_models[0]
    path = tmp_path / "products" / "replay" / "cost.toml"
    changes = {"pool": Decimal("0.30"), "retention_days": Decimal(30)}
    assert adopt(path, model, APRIL, changes, 'measured "again"')
    text = path.read_text()
    assert "# What we count." in text
    assert "share = 0.20     # of the bytes" in text
    assert "value = 30  # days" in text
    workspace = load_workspace(tmp_path)
    assert workspace.problems == ()
    before, after = workspace.cost_models[0].rules
    assert (before.share, before.valid_from) == (Decimal("0.20"), None)
    assert (after.share, after.high, after.valid_from, after.why) == (
        Decimal("0.30"),
        Decimal("0.30"),
        APRIL,
        'measured "again"',
    )
    assumed = workspace.cost_models[0].assumptions["retention_days"]
    assert (assumed.value, assumed.low, assumed.reason) == (Decimal(30), Decimal(30), 'measured "again"')
    totals = {row.period: row.value for row in books_report(books, workspace)}
    assert totals == {"2026-03": "20", "2026-04": "30"}
    assert adopt(path, workspace.cost_models[0], APRIL, {"pool": Decimal("0.10")}, "once more")
    assert [rule.share for rule in load_workspace(tmp_path).cost_models[0].rules] == [Decimal("0.20"), Decimal("0.10")]


def books_report(books: Books, workspace: object) -> list[CostRow]:
    from datetime import date

    from reviewtui.costs.report import ReportRequest, cost_report
    from reviewtui.workspace.model import Workspace

    assert isinstance(workspace, Workspace)
    request = ReportRequest(date.fromisoformat(books.as_of), "USD", {})
    rows = cost_report(books.inputs(workspace), workspace.cost_models, {}, request).rows
    return [row for row in rows if (row.measure, row.region) == ("total_cost", "all")]


def test_a_bar_of_the_tornado_goes_from_the_base_both_ways() -> None:
    from reviewtui.widgets.cost_rows import BAR, tornado_bar

    half = BAR // 2
    assert tornado_bar(0.6, 0.8, 0.7, 0.2) == " " * (half // 2) + "█" * (half // 2) + "│" + "█" * (half // 2) + " " * (
        half // 2
    )
    assert tornado_bar(0.7, 0.7001, 0.7, 0.2) == " " * half + "│▌" + " " * (half - 1)
    assert tornado_bar(0.7, 0.7, 0.7, 0.0) == " " * half + "│" + " " * half
