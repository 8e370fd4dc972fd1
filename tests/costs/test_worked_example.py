"""The worked example through real workspace files and the real command: every figure within its own tolerance."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.commands.support import run
from tests.costs.worked_example import AS_OF, Row, read_rows, write_example

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_example(tmp_path_factory.mktemp("example") / "workspace")


@pytest.fixture(scope="module")
def printed(workspace: Path) -> str:
    outcome = run(workspace.parent, "--workspace", workspace, "--as-of", AS_OF, "costs", "--format", "csv")
    assert outcome.code == 0, outcome.err
    return outcome.out


def key(row: Row) -> tuple[str, ...]:
    return row["product"], row["section"], row["period"], row["region"], row["measure"]


def figures(text: str) -> dict[tuple[str, ...], Row]:
    return {key(row): row for row in csv.DictReader(io.StringIO(text))}


def test_every_figure_is_printed_within_its_tolerance(printed: str) -> None:
    assert printed.splitlines()[0] == "product,section,period,region,measure,value,unit"
    found = figures(printed)
    wrong = []
    for expected in read_rows("cost_example_expected.csv"):
        row = found.pop(key({"product": "replay", **expected}), None)
        if row is None or row["unit"] != expected["unit"]:
            wrong.append((expected, row))
        elif expected["tolerance"] == "exact":
            wrong += [] if row["value"] == expected["value"] else [(expected, row)]
        elif abs(float(row["value"]) - float(expected["value"])) > float(expected["tolerance"]):
            wrong.append((expected, row))
    assert wrong == []
    assert found == {}, "figures that the example does not have"


def test_every_month_and_region_is_conserved(printed: str) -> None:
    found = figures(printed)
    for period in ("2026-03", "2026-04"):
        for region in ("us", "eu", "all"):

            def value(section: str, measure: str, period: str = period, region: str = region) -> Fraction:
                return Fraction(found["replay", section, period, region, measure]["value"])

            parts = value("allocation", "total_cost") + value("reconcile", "elsewhere")
            assert parts + value("reconcile", "unallocated") == value("reconcile", "in_scope")


def test_other_forms_say_the_same(workspace: Path) -> None:
    arguments = ("--workspace", workspace, "--as-of", AS_OF, "costs", "--product", "replay", "--month", "2026-04")
    found = json.loads(run(workspace.parent, *arguments, "--format", "json").out)
    (product,) = found["products"]
    (total,) = (
        item["value"] for item in product["figures"] if (item["measure"], item["region"]) == ("total_cost", "all")
    )
    assert total == "20770"
    table = run(workspace.parent, *arguments)
    assert "total_cost [USD]" in table.out
    assert "20,770" in table.out
    assert "80 % of the pool `ingress` is claimed by no product" in table.err


def test_an_unknown_product_is_wrong_usage(workspace: Path) -> None:
    outcome = run(workspace.parent, "--workspace", workspace, "costs", "--product", "repaly")
    assert outcome.code == 2
    assert "Did you mean replay?" in outcome.err


def test_the_grid_has_the_five_metrics_as_fractions(workspace: Path) -> None:
    arguments = ("--workspace", workspace, "--as-of", AS_OF, "metrics", "--format", "csv", "--product", "replay")
    rows = list(csv.DictReader(io.StringIO(run(workspace.parent, *arguments).out)))
    april = {row["metric"]: float(row["value"]) for row in rows if row["month"] == "2026-04" and row["value"]}
    assert april["total_cost"] == 20770
    assert april["cost_per_unit"] == pytest.approx(20770 / 12e6)
    assert april["revenue_per_unit"] == pytest.approx(0.005)
    assert april["gross_margin"] == pytest.approx(0.653833333333)
    assert april["cost_growth"] == pytest.approx((20770 - 18289.1) / 18289.1)
