"""Metrics of the user's own that a formula computes from other metrics."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Severity
from reviewtui.metrics.presentation import present
from reviewtui.metrics.sheet import (
    ALL_PRODUCTS,
    Cell,
    CellSource,
    Direction,
    Metric,
    MetricSheet,
    Product,
    Redefinition,
    Status,
    Unit,
)
from reviewtui.months import Month, month_span
from reviewtui.workspace.model import Link
from tests.workspace.conftest import SOURCE, Folder

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.errors import Problem

MONTHS = month_span(Month(2026, 1), Month(2026, 6))
MRR = Metric("mrr", "MRR", "revenue", Unit.MONEY, needs=("invoice_line",), partial="to_date")
USERS = Metric("unique_users", "Unique users", "usage", Unit.COUNT, needs=("event",))
NPS = Metric("nps", "NPS", "nps", Unit.SCORE)
IMPORTED = Metric("visits", "visits", "other", "")


def row(*values: float | None, last: Status = Status.PARTIAL) -> tuple[Cell, ...]:
    """A value a month, None for a month without data; the last month is open."""
    cells = [Cell(value, Status.MISSING if value is None else Status.OK) for value in values]
    return (*cells[:-1], cells[-1]._replace(status=last) if values[-1] is not None else cells[-1])


ROWS = {
    ("flows", "mrr"): row(None, 100, 110, 120, 130, 50),
    ("flows", "unique_users"): row(10, 20, 0, 40, 50, 6),
    ("flows", "nps"): (
        *(Cell(30.0, Status.OK, 50),) * 3,
        Cell(40.0, Status.LOW_N, 4, note="fewer than 10 answers"),
        Cell(None, Status.NA, note="there is no valid answer yet"),
        Cell(None, Status.PARTIAL, note="the month is not complete"),
    ),
    ("forms", "mrr"): row(1000, 1000, 1000, 1000, 1000, 500),
    ("forms", "visits"): row(5, 5, 5, 5, 5, 5),
    (ALL_PRODUCTS, "mrr"): row(1000, 1100, 1110, 1120, 1130, 550),
    (ALL_PRODUCTS, "unique_users"): row(10, 20, 10, 40, 50, 6),
}


class Desk:
    """A workspace with files of metrics, and the sheet that is shown of it."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.sheet = MetricSheet(
            date(2026, 6, 10),
            MONTHS,
            (Product("flows", "Flows"), Product("forms", "Forms"), Product(ALL_PRODUCTS, "All")),
            (MRR, USERS, NPS, IMPORTED),
            ROWS,
        )

    def write(self, name: str, text: str) -> Desk:
        """Write the file of a metric; a name with a `/` is for one product."""
        product, _, metric = name.rpartition("/")
        self.folder.write(f"products/{product}/metrics/{metric}.toml" if product else f"metrics/{metric}.toml", text)
        return self

    def formula(self, name: str, formula: str, more: str = "") -> Desk:
        """Write the file of a metric with a formula on its first line."""
        return self.write(name, f"formula = '{formula}'\n{more}")

    def shown(self) -> MetricSheet:
        """The sheet as it is shown."""
        return present(self.sheet, self.folder.load(SOURCE))

    def cells(self, product: str, metric: str) -> tuple[Cell, ...]:
        return self.shown().row(product, metric)

    def problems(self) -> list[Problem]:
        """What the files get wrong beyond their own settings."""
        return list(self.shown().problems)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Folder(tmp_path))


def values(cells: tuple[Cell, ...]) -> list[float | None]:
    return [cell.value for cell in cells]


def statuses(cells: tuple[Cell, ...]) -> list[str]:
    return [cell.status.value for cell in cells]


class TestCells:
    def test_a_quotient_has_its_parts_and_its_reasons(self, desk: Desk) -> None:
        cells = desk.formula("per_user", "mrr / unique_users").cells("flows", "per_user")
        assert values(cells) == [None, 5.0, None, 3.0, 2.6, None]
        assert statuses(cells) == ["missing", "ok", "na", "ok", "ok", "partial"]
        assert cells[1] == Cell(5.0, Status.OK, 20.0, 100.0, 20.0, CellSource.CUSTOM)
        assert cells[0].note == "there is no MRR for this month"
        assert cells[2].note == "Unique users is 0"
        assert cells[5].note == "the month is not complete"

    def test_sums_have_a_value_to_date_in_the_open_month(self, desk: Desk) -> None:
        cells = desk.formula("double", "mrr * 2 / 12 + unique_users").cells("flows", "double")
        assert cells[5] == Cell(
            50 * 2 / 12 + 6, Status.PARTIAL, source=CellSource.CUSTOM, note="the month is not complete"
        )

    def test_the_worst_status_of_the_parts_counts_with_its_reason(self, desk: Desk) -> None:
        cells = desk.formula("mood", "nps + mrr").cells("flows", "mood")
        assert statuses(cells) == ["missing", "ok", "ok", "low_n", "na", "partial"]
        assert cells[3].note == "NPS: fewer than 10 answers"
        assert cells[4].note == "NPS: there is no valid answer yet"
        assert cells[5].value is None

    def test_a_forecast_stays_one_and_is_not_mixed_with_the_month_to_date(self, desk: Desk) -> None:
        forecast = {("flows", "mrr"): row(100, 100, 110, 120, 130, 140, last=Status.FORECAST)}
        desk.sheet = desk.sheet.with_rows(forecast)
        desk.formula("yearly", "mrr * 12").formula("mixed", "mrr + unique_users")
        assert desk.cells("flows", "yearly")[5] == Cell(1680.0, Status.FORECAST, source=CellSource.CUSTOM)
        assert desk.cells("flows", "mixed")[5][:2] == (None, Status.PARTIAL)

    def test_a_result_too_large_is_not_shown(self, desk: Desk) -> None:
        cells = desk.formula("large", "mrr * 1e308").cells("forms", "large")
        assert cells[0] == Cell(
            None, Status.NA, source=CellSource.CUSTOM, note="the result is too large to be a number"
        )

    def test_only_products_with_all_the_parts_have_a_row(self, desk: Desk) -> None:
        sheet = desk.formula("per_user", "mrr / unique_users").formula("per_visit", "mrr / visits").shown()
        assert [metric.id for metric in sheet.metrics_of("flows")] == ["mrr", "unique_users", "nps", "per_user"]
        assert [metric.id for metric in sheet.metrics_of("forms")] == ["mrr", "visits", "per_visit"]
        assert values(sheet.row(ALL_PRODUCTS, "per_user"))[1] == 55.0
        assert sheet.problems == ()

    def test_formulas_use_formulas_in_whatever_order_the_files_lie(self, desk: Desk) -> None:
        desk.formula("a", "b + 1").formula("b", "c * 2").formula("c", "mrr")
        assert values(desk.cells("forms", "a")) == [2001.0] * 5 + [1001.0]

    def test_a_quarterly_formula_has_a_value_in_the_closing_months(self, desk: Desk) -> None:
        cells = desk.formula("q", "mrr", 'cadence = "quarterly"').cells("flows", "q")
        assert values(cells) == [None, None, 110.0, None, None, 50.0]
        assert cells[0].note == "reported in the last month of a quarter"

    def test_a_constant_is_a_line(self, desk: Desk) -> None:
        assert values(desk.formula("line", "100").cells("flows", "line")) == [100.0] * 6


class TestFiles:
    def test_a_file_says_what_the_metric_is(self, desk: Desk) -> None:
        desk.write(
            "per_user",
            """
            name = " [/oops] 売上 "
            section = "Usage"
            unit = "Money"
            direction = "down"
            kind = "input"
            definition = "What a user pays."
            owner = "Ada"
            links = [{label = "Plan", url = "https://example.com"}]
            formula = "(mrr) /  unique_users"
            """,
        )
        sheet = desk.shown()
        metric = next(metric for metric in sheet.metrics if metric.id == "per_user")
        assert metric == Metric(
            "per_user",
            "[/oops] 売上",
            "usage",
            "money",
            Direction.DOWN,
            "input",
            definition="What a user pays.",
            formula="(mrr) / unique_users",
            numerator="(mrr)",
            denominator="Unique users",
            needs=("invoice_line", "event"),
            owner="Ada",
            links=(Link("Plan", "https://example.com"),),
        )
        assert [item.id for item in sheet.metrics] == ["mrr", "unique_users", "per_user", "nps", "visits"]

    def test_a_product_has_its_own_version_of_a_metric(self, desk: Desk) -> None:
        desk.formula("size", "mrr", 'name = "Size"').formula("forms/size", "mrr * 2", 'name = "Size of forms"')
        sheet = desk.shown()
        assert values(sheet.row("flows", "size"))[1] == 100.0
        assert values(sheet.row("forms", "size"))[1] == 2000.0
        assert [metric.name for metric in sheet.metrics_of("flows") if metric.id == "size"] == ["Size"]
        assert [metric.name for metric in sheet.metrics_of("forms") if metric.id == "size"] == ["Size of forms"]

    def test_a_metric_of_one_product_is_no_row_of_others(self, desk: Desk) -> None:
        sheet = desk.formula("forms/size", "mrr").shown()
        assert ("flows", "size") not in sheet.rows
        assert "size" in [metric.id for metric in sheet.metrics_of("forms")]

    def test_an_imported_metric_is_described(self, desk: Desk) -> None:
        sheet = desk.write("visits", 'name = "Visits of the site"\nunit = "count"\nsection = "usage"').shown()
        metric = next(metric for metric in sheet.metrics if metric.id == "visits")
        assert (metric.name, metric.unit, metric.section) == ("Visits of the site", "count", "usage")
        assert sheet.problems == ()

    def test_a_description_of_nothing_is_told(self, desk: Desk) -> None:
        (problem,) = desk.write("vists", 'name = "Visits"').problems()
        assert (problem.path, problem.severity) == ("metrics/vists.toml", Severity.WARNING)
        assert "Nothing gives values for `vists`" in problem.message

    def test_a_metric_of_the_program_takes_a_name_an_owner_and_links(self, desk: Desk) -> None:
        sheet = desk.write("mrr", 'name = "Revenue"\nowner = "Ada"\nlinks = [{url = "https://e.com"}]').shown()
        metric = sheet.metrics[0]
        assert (metric.name, metric.owner, metric.links[0].url, metric.unit) == (
            "Revenue",
            "Ada",
            "https://e.com",
            "money",
        )
        assert sheet.problems == ()

    @pytest.mark.parametrize("key", ["formula", "sql", "unit", "definition"])
    def test_a_metric_of_the_program_stays_what_it_is(self, desk: Desk, key: str) -> None:
        sheet = desk.write("mrr", f'name = "Revenue"\n{key} = "1"').shown()
        (problem,) = sheet.problems
        assert (problem.path, problem.line) == ("metrics/mrr.toml", 2)
        assert f"its `{key}` cannot be changed" in problem.message
        assert sheet.metrics[0].name == "MRR"
        assert values(sheet.row("forms", "mrr"))[0] == 1000.0


class TestVersions:
    TEXT = """\
formula = "mrr"
definition = "All of it."
[[version]]
valid_from = "2026-04"
definition = "Per user."
formula = "mrr / unique_users"
"""

    def test_each_month_is_computed_by_the_version_of_its_time(self, desk: Desk) -> None:
        cells = desk.write("size", self.TEXT).cells("flows", "size")
        assert values(cells) == [None, 100.0, 110.0, 3.0, 2.6, None]
        assert (cells[2].denominator, cells[3].denominator) == (None, 40.0)

    def test_no_growth_is_computed_across_a_version(self, desk: Desk) -> None:
        sheet = desk.write("size", self.TEXT).formula("twice", "size * 2").shown()
        for metric in ("size", "twice"):
            assert not sheet.is_comparable("flows", metric, Month(2026, 3), Month(2026, 4))
            assert sheet.is_comparable("flows", metric, Month(2026, 4), Month(2026, 5))
        assert sheet.is_comparable("flows", "mrr", Month(2026, 3), Month(2026, 4))

    def test_what_a_formula_needs_may_be_redefined_too(self, desk: Desk) -> None:
        desk.sheet = present(desk.sheet, desk.folder.load(SOURCE))
        object.__setattr__(desk.sheet, "redefinitions", (Redefinition("flows", Month(2026, 3), ("unique_users",)),))
        sheet = desk.formula("per_user", "mrr / unique_users").shown()
        assert sheet.redefinitions == (
            Redefinition("flows", Month(2026, 3), ("unique_users",)),
            Redefinition("flows", Month(2026, 3), ("per_user",)),
        )

    def test_all_versions_are_there_to_be_read(self, desk: Desk) -> None:
        sheet = desk.write("size", self.TEXT).shown()
        metric = next(metric for metric in sheet.metrics if metric.id == "size")
        assert [(str(item.valid_from), item.definition, item.formula) for item in metric.versions] == [
            ("None", "All of it.", "mrr"),
            ("2026-04", "Per user.", "mrr / unique_users"),
        ]
        assert metric.defined_in(Month(2026, 3)).definition == "All of it."
        assert metric.defined_in(Month(2026, 4)).definition == metric.definition == "Per user."

    def test_before_its_first_version_a_metric_is_missing(self, desk: Desk) -> None:
        cells = desk.write("late", '[[version]]\nvalid_from = "2026-03"\nformula = "mrr"').cells("forms", "late")
        assert values(cells) == [None, None, 1000.0, 1000.0, 1000.0, 500.0]
        assert cells[0].note == "not defined in this month: its first version is later"

    def test_a_version_with_another_meaning_only_keeps_the_formula(self, desk: Desk) -> None:
        desk.write("size", 'formula = "mrr"\n[[version]]\nvalid_from = "2026-03"\ndefinition = "Net of tax."')
        assert values(desk.cells("forms", "size")) == [1000.0] * 5 + [500.0]
        assert not desk.shown().is_comparable("forms", "size", Month(2026, 2), Month(2026, 3))


class TestMistakes:
    def one_problem(self, desk: Desk, metric: str) -> Problem:
        sheet = desk.shown()
        (problem,) = sheet.problems
        for cell in sheet.row("flows", metric):
            assert cell.status is Status.MISSING
            assert cell.note
        return problem

    def test_a_syntax_error_is_told_with_line_and_column(self, desk: Desk) -> None:
        desk.write("bad", 'name = "Bad"\nformula = """\n(mrr +\n  unique_users"""')
        problem = self.one_problem(desk, "bad")
        assert (problem.path, problem.line) == ("metrics/bad.toml", 4)
        assert problem.message == (
            "The formula cannot be read: the formula ends where an operator or `)` is expected, at column 15."
        )

    def test_an_unknown_metric_is_told_with_the_nearest(self, desk: Desk) -> None:
        problem = self.one_problem(desk.formula("bad", "mrr / uniqe_users"), "bad")
        assert (problem.path, problem.line) == ("metrics/bad.toml", 1)
        assert "there is no metric `uniqe_users`. Did you mean `unique_users`?" in problem.message

    def test_what_needs_a_broken_formula_says_so(self, desk: Desk) -> None:
        desk.formula("bad", "mrr +").formula("next", "bad * 2").formula("last", "next * 2")
        sheet = desk.shown()
        assert len(sheet.problems) == 1
        assert sheet.row("flows", "next")[0].note == "it needs bad, which is not computed"
        assert sheet.row("flows", "last")[0].note == "it needs next, which is not computed"

    def test_a_cycle_is_told_for_each_that_is_in_it(self, desk: Desk) -> None:
        desk.formula("a", "b + mrr").formula("b", "c").formula("c", "a").formula("outside", "a")
        sheet = desk.shown()
        assert [(problem.path, problem.line) for problem in sheet.problems] == [
            ("metrics/a.toml", 1),
            ("metrics/b.toml", 1),
            ("metrics/c.toml", 1),
        ]
        assert "a → b → c → a" in sheet.problems[0].message
        assert sheet.row("flows", "outside")[0].note == "it needs a, which is not computed"

    def test_a_formula_that_names_itself_is_a_cycle(self, desk: Desk) -> None:
        assert "me → me" in self.one_problem(desk.formula("me", "me + 1"), "me").message

    def test_a_cycle_through_a_products_own_file_is_of_that_product(self, desk: Desk) -> None:
        desk.formula("a", "mrr").formula("b", "a * 2").formula("forms/a", "b")
        sheet = desk.shown()
        assert values(sheet.row("flows", "b"))[1] == 200.0
        assert statuses(sheet.row("forms", "b")) == ["missing"] * 6
        assert {problem.path for problem in sheet.problems} == {"metrics/b.toml", "products/forms/metrics/a.toml"}

    def test_a_formula_and_sql_together_are_refused(self, desk: Desk) -> None:
        workspace = desk.write("both", 'formula = "mrr"\nsql = "select 1"').folder.load(SOURCE)
        (problem,) = workspace.problems
        assert (problem.path, problem.line) == ("metrics/both.toml", 2)
        assert desk.cells("flows", "both")[0].note == "there are both a formula and SQL"

    def test_a_formula_that_is_no_text_is_not_taken_for_none(self, desk: Desk) -> None:
        workspace = desk.write("odd", "formula = 3").folder.load(SOURCE)
        assert [problem.line for problem in workspace.problems] == [1]
        assert desk.cells("flows", "odd")[0].note == "its formula is not a text"


def test_a_thousand_metrics_that_need_each_other_are_computed(desk: Desk) -> None:
    for number in range(1, 1_000):
        desk.formula(f"m{number}", f"m{number - 1} + 1")
    assert values(desk.formula("m0", "mrr").cells("forms", "m999"))[0] == 1999.0


def test_a_cycle_of_a_thousand_metrics_is_told(desk: Desk) -> None:
    for number in range(1_000):
        desk.formula(f"m{number}", f"m{(number + 1) % 1_000}")
    problems = desk.problems()
    assert len(problems) == 1_000
    assert all(len(problem.message) < 200 for problem in problems)
