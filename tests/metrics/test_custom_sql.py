"""Metrics of the user's own that SQL computes, over real DuckDB files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Severity
from reviewtui.metrics.evaluate import evaluate
from reviewtui.metrics.presentation import present
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.months import Month
from reviewtui.sources.request import QUERY, SourceRequest
from reviewtui.sources.session import open_session
from tests.metrics.worksheets import Company, statuses, values
from tests.workspace.conftest import Folder

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.errors import Problem
    from reviewtui.metrics.sheet import MetricSheet

AS_OF = date(2026, 4, 10)

EVENTS = [
    ("flows", "ran", "u1", "o1", "2026-01-31 23:30:00+00"),
    ("flows", "ran", "u2", "o1", "2026-02-03 10:00:00+00"),
    ("flows", "ran", "u2", "o1", "2026-02-04 10:00:00+00"),
    ("flows", "ran", "u3", "o2", "2026-04-05 10:00:00+00"),
    ("forms", "sent", "u4", "o2", "2026-03-05 10:00:00+00"),
]


class Desk:
    """A workspace folder over a DuckDB file with a few events."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)
        self.company = Company(root)
        self.company.add("event", "product_id, event, user_id, org_id, occurred_at", list(EVENTS))
        self.settings = ""

    def sql(self, name: str, sql: str, more: str = "") -> Desk:
        """Write the file of a metric whose SQL begins on line 2; a name with a `/` is for one product."""
        product, _, metric = name.rpartition("/")
        path = f"products/{product}/metrics/{metric}.toml" if product else f"metrics/{metric}.toml"
        self.folder.write(path, f"sql = '''\n{sql}'''\n{more}")
        return self

    def rows(self, name: str, *given: str, more: str = "") -> Desk:
        """Write a metric whose SQL gives these rows of product, month and value."""
        listed = ", ".join(f"({row})" for row in given)
        return self.sql(name, f"select * from (values {listed}) as given(product_id, month, value)", more)

    def sheet(self, *, seconds: float = 5.0, memory: str = "700MB", without: tuple[str, ...] = ()) -> MetricSheet:
        self.company.write()
        workspace = self.folder.load(f'{self.settings}\n[[source]]\nname = "acme"\npath = "company.duckdb"\n')
        assert workspace.problems == ()
        request = SourceRequest(workspace.sources, workspace.views, view_seconds=seconds, memory_limit=memory)
        for label in without:
            request = request.without_view(label, "ended the program that reads the data. Make it return less.")
        session = open_session(request, lambda _: None)
        try:
            sheet = evaluate(session, EvaluationRequest.of(workspace, AS_OF))
        finally:
            session.close()
        return present(sheet, workspace)

    def problem(self) -> Problem:
        """The only problem of the sheet."""
        (problem,) = self.sheet().problems
        return problem


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def row(sheet: MetricSheet, product: str, metric: str) -> dict[str, tuple[float | None, str]]:
    """The cells of a metric that are not missing."""
    return {
        str(month): (cell.value, cell.status.value)
        for month, cell in zip(sheet.months, sheet.row(product, metric), strict=True)
        if cell.status != "missing"
    }


EVENTS_SQL = """\
select product_id, date_trunc('month', occurred_at) as month, count(*) as value, count(distinct user_id) as n
from event
where event <> 'nothing' -- comment
group by all;
-- the end"""


class TestValues:
    def test_canonical_tables_are_there_by_their_names(self, desk: Desk) -> None:
        sheet = desk.sql("runs", EVENTS_SQL, 'name = "Runs"\nunit = "count"').sheet()
        assert sheet.problems == ()
        assert row(sheet, "flows", "runs") == {
            "2026-01": (1.0, "ok"),
            "2026-02": (2.0, "ok"),
            "2026-03": (None, "na"),
            "2026-04": (1.0, "partial"),
        }
        assert row(sheet, "forms", "runs") == {"2026-03": (1.0, "ok")}
        february = sheet.cell("flows", "runs", Month(2026, 2))
        assert (february.n, february.source.value) == (1.0, "custom")
        assert sheet.cell("flows", "runs", Month(2026, 3)).note == "the query gave no row for this month"
        assert [metric.name for metric in sheet.metrics_of("flows") if metric.id == "runs"] == ["Runs"]

    def test_months_are_those_of_the_time_zone(self, desk: Desk) -> None:
        desk.settings = 'time_zone = "Europe/Paris"'
        sheet = desk.sql("runs", EVENTS_SQL).sheet()
        assert row(sheet, "flows", "runs")["2026-02"] == (3.0, "ok")
        assert "2026-01" not in row(sheet, "flows", "runs")

    def test_tables_of_a_source_are_read_by_their_full_name(self, desk: Desk) -> None:
        desk.company.run("create schema crm; create table crm.deals as select 'flows' as p, 7 as deals")
        sheet = desk.sql(
            "deals", "select p as product_id, '2026-02' as month, deals as value from acme.crm.deals"
        ).sheet()
        assert row(sheet, "flows", "deals") == {"2026-02": (7.0, "ok")}

    def test_views_of_a_source_keep_reading_its_own_tables(self, desk: Desk) -> None:
        desk.company.run("create schema s; create table s.refund as select 'flows' as p")
        desk.company.run("use s; create view s.v as select * from refund; use main")
        sql = "select p as product_id, '2026-02' as month, count(*) as value from acme.s.v group by 1"
        sheet = desk.sql("own", sql).sheet()
        assert sheet.problems == ()
        assert row(sheet, "flows", "own") == {"2026-02": (1.0, "ok")}

    def test_every_canonical_table_can_be_selected_from(self, desk: Desk) -> None:
        from reviewtui.sources.canonical import CANONICAL_TABLES

        for table in CANONICAL_TABLES:
            columns = ", ".join(f'"{name}"' for name in table.column_names)
            one = f"(select count(*) from (select {columns} from {table.name}))"
            desk.sql(f"c_{table.name}", f"select 'flows' as product_id, '2026-02' as month, {one} as value")
        sheet = desk.sheet()
        assert sheet.problems == ()
        assert row(sheet, "flows", "c_event") == {"2026-02": (5.0, "ok")}
        assert row(sheet, "flows", "c_cost_line") == {"2026-02": (0.0, "ok")}

    def test_a_month_is_a_date_in_it_or_a_text(self, desk: Desk) -> None:
        months = (
            "'2026-02'",
            "'2026-02-17'",
            "date '2026-02-28'",
            "timestamp '2026-02-28 23:59:59'",
            "timestamptz '2026-02-01 00:00:00+00'",
        )
        for number, month in enumerate(months):
            desk.rows(f"m{number}", f"'flows', {month}, {number}")
        sheet = desk.sheet()
        assert sheet.problems == ()
        for number in range(len(months)):
            assert row(sheet, "flows", f"m{number}") == {"2026-02": (float(number), "ok")}

    def test_names_of_columns_may_be_in_capitals(self, desk: Desk) -> None:
        sheet = desk.sql("m", """select 'flows' as "PRODUCT_ID", '2026-02' as Month, '3.5' as VALUE, 9 as N""").sheet()
        assert row(sheet, "flows", "m") == {"2026-02": (3.5, "ok")}
        assert sheet.cell("flows", "m", Month(2026, 2)).n == 9.0

    def test_rates_are_empty_in_the_open_month(self, desk: Desk) -> None:
        sheet = desk.rows("m", "'flows', '2026-03', 0.5", "'flows', '2026-04', 0.1", more='unit = "Percent"').sheet()
        assert row(sheet, "flows", "m") == {"2026-03": (0.5, "ok"), "2026-04": (None, "partial")}

    def test_months_after_today_are_left_out(self, desk: Desk) -> None:
        sheet = desk.rows("m", "'flows', '2026-03', 1", "'flows', '2026-05', 2").sheet()
        assert row(sheet, "flows", "m") == {"2026-03": (1.0, "ok")}
        assert sheet.months[-1] == Month(2026, 4)

    def test_a_product_that_only_the_query_knows_is_shown(self, desk: Desk) -> None:
        sheet = desk.rows("m", "'new one', '2025-11', 1", "'*', '2026-01', 2").sheet()
        assert [product.id for product in sheet.products] == ["flows", "forms", "new one", "*"]
        assert sheet.months[0] == Month(2025, 11)
        assert values(sheet, "*", "m", "2026-01") == [2.0]

    def test_an_absent_value_says_so(self, desk: Desk) -> None:
        sheet = desk.rows("m", "'flows', '2026-01', 1", "'flows', '2026-02', null", "'flows', '2026-03', 1").sheet()
        assert sheet.problems == ()
        assert sheet.cell("flows", "m", Month(2026, 2)).note == "the query gave no value for this month"

    def test_quarters_have_no_gaps(self, desk: Desk) -> None:
        sheet = desk.rows("m", "'flows', '2025-12', 1", "'flows', '2026-03', 1", more='cadence = "quarterly"').sheet()
        assert sheet.cell("flows", "m", Month(2026, 1)).note == "reported in the last month of a quarter"

    def test_formulas_use_what_sql_gives(self, desk: Desk) -> None:
        desk.rows("m", "'flows', '2026-02', 8")
        desk.folder.write("metrics/half.toml", 'formula = "m / 2"')
        assert row(desk.sheet(), "flows", "half") == {"2026-02": (4.0, "ok")}


class TestFiles:
    def test_a_product_has_sql_of_its_own(self, desk: Desk) -> None:
        desk.rows("m", "'flows', '2026-01', 1", "'flows', '2026-02', 1", "'forms', '2026-02', 1")
        desk.rows("flows/m", "'flows', '2026-02', 5")
        sheet = desk.sheet()
        assert row(sheet, "flows", "m") == {"2026-02": (5.0, "ok")}
        assert row(sheet, "forms", "m") == {"2026-02": (1.0, "ok")}

    def test_a_formula_of_a_product_wins_over_sql_for_all(self, desk: Desk) -> None:
        desk.rows("m", "'flows', '2026-02', 1", "'forms', '2026-02', 1")
        desk.folder.write("products/flows/metrics/m.toml", 'formula = "unique_users * 10"')
        sheet = desk.sheet()
        assert values(sheet, "flows", "m", "2026-02") == [10.0]
        assert values(sheet, "forms", "m", "2026-02") == [1.0]

    def test_rows_of_other_products_in_a_products_file_are_told(self, desk: Desk) -> None:
        sheet = desk.rows("flows/m", "'flows', '2026-02', 5", "'forms', '2026-02', 6").sheet()
        (problem,) = sheet.problems
        assert (problem.path, problem.severity) == ("products/flows/metrics/m.toml", Severity.WARNING)
        assert "rows of other products (forms)" in problem.message
        assert ("forms", "m") not in sheet.rows

    def test_sql_and_a_formula_take_turns(self, desk: Desk) -> None:
        more = "[[version]]\nvalid_from = '2026-02'\nformula = 'unique_users * 100'\n"
        sheet = desk.rows("m", "'flows', '2026-01', 1", "'flows', '2026-02', 2", more=more).sheet()
        assert values(sheet, "flows", "m", "2026-01", "2026-02") == [1.0, 100.0]
        assert not sheet.is_comparable("flows", "m", Month(2026, 1), Month(2026, 2))

    def test_each_version_of_sql_gives_its_own_months(self, desk: Desk) -> None:
        more = (
            "[[version]]\nvalid_from = '2026-02'\n"
            "sql = \"select 'flows' as product_id, unnest(['2026-01', '2026-02']) as month, 9 as value\"\n"
        )
        sheet = desk.rows("m", "'flows', '2026-01', 1", "'flows', '2026-02', 2", more=more).sheet()
        assert values(sheet, "flows", "m", "2026-01", "2026-02") == [1.0, 9.0]

    def test_what_is_only_shown_is_no_reason_to_compute_again(self, desk: Desk) -> None:
        desk.folder.write("reviewtui.toml", "")
        desk.rows("m", "'flows', '2026-01', 1", more='unit = "count"\nname = "a"')
        before = EvaluationRequest.of(desk.folder.load(), AS_OF)
        desk.rows("m", "'flows', '2026-01', 1", more='unit = "money"\nname = "b"\nowner = "Ada"')
        desk.folder.write("metrics/f.toml", 'formula = "m"')
        assert EvaluationRequest.of(desk.folder.load(), AS_OF) == before
        desk.rows("m", "'flows', '2026-01', 1", more='unit = "percent"')
        assert EvaluationRequest.of(desk.folder.load(), AS_OF) != before


MISTAKES = (
    ("select 1 as value", 2, "gives the columns `value`; `product_id` and `month` are missing. Name them"),
    ("select 'a' as product_id, 2 as value", 2, "`month` is missing"),
    ("select\n  nope\nfrom event", 3, 'Referenced column "nope" not found'),
    ("-- first\n\nselect product_id, month, value\nfrom nowhere", 5, "Table with name nowhere does not exist"),
    ("select product_id,\nfrom from event", 3, "syntax error"),
    ("select 1; select 2", 2, "has 2 statements. Write one SELECT."),
    ("drop table event", 2, "is not a SELECT but DROP. Write one SELECT."),
    ("-- nothing", 2, "is empty. Write one SELECT."),
    ("select 'a' as product_id, '2026-01' as month, cast('x' as int) as value", 2, "Could not convert"),
    ("select * from read_csv('/etc/passwd')", 2, "tries to use files or the network"),
    ("select ? as product_id", 2, "has a parameter"),
)
"""SQL that cannot be run, the line that is named, and a part of what is said."""


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    """A sheet with a metric `bad<number>` for each of the mistakes."""
    desk = Desk(tmp_path_factory.mktemp("mistaken"))
    for number, (sql, _, _) in enumerate(MISTAKES):
        desk.sql(f"bad{number}", sql)
    return desk.sheet()


class TestMistakes:
    @pytest.mark.parametrize("number", range(len(MISTAKES)), ids=[said for _, _, said in MISTAKES])
    def test_sql_that_cannot_be_run_is_told_with_its_line(self, mistaken: MetricSheet, number: int) -> None:
        _, line, said = MISTAKES[number]
        (problem,) = (item for item in mistaken.problems if item.path == f"metrics/bad{number}.toml")
        assert problem.line == line
        assert problem.message.startswith("The SQL ")
        assert said in problem.message
        assert {cell.note for cell in mistaken.row("flows", f"bad{number}")} == {
            "its SQL gave nothing: see the problems"
        }

    def test_no_rows_are_told(self, desk: Desk) -> None:
        problem = desk.sql("m", "select product_id, '2026-01' as month, 1 as value from event where false").problem()
        assert "gives no rows" in problem.message

    def test_of_several_rows_for_a_cell_none_is_used(self, desk: Desk) -> None:
        given = ["'flows', '2026-01', 1", "'flows', '2026-02', 2", "'flows', '2026-02-15', 3", "'flows', '2026-03', 4"]
        sheet = desk.rows("m", *given).sheet()
        (problem,) = sheet.problems
        assert "first 2 rows for flows in 2026-02: none of them is used" in problem.message
        assert row(sheet, "flows", "m") == {"2026-01": (1.0, "ok"), "2026-02": (None, "na"), "2026-03": (4.0, "ok")}
        assert sheet.cell("flows", "m", Month(2026, 2)).note == "the query gave 2 rows for this month"

    def test_texts_that_are_no_numbers_are_told(self, desk: Desk) -> None:
        sheet = desk.rows(
            "m", "'flows', '2026-01', '12'", "'flows', '2026-02', 'many'", "'flows', '2026-03', 'nan'"
        ).sheet()
        (problem,) = sheet.problems
        assert "gives 2 values that cannot be read as a finite number" in problem.message
        assert row(sheet, "flows", "m") == {"2026-01": (12.0, "ok"), "2026-02": (None, "na"), "2026-03": (None, "na")}

    def test_rows_without_a_product_or_a_month_are_told(self, desk: Desk) -> None:
        given = [
            "null, '2026-01', 1",
            "'', '2026-01', 1",
            "'flows', null, 1",
            "'flows', 'May', 1",
            "'flows', '2026-02', 1",
        ]
        sheet = desk.rows("m", *given).sheet()
        messages = " ".join(problem.message for problem in sheet.problems)
        assert "1 row whose month cannot be read" in messages
        assert "2 rows without product_id" in messages
        assert "1 row without month" in messages
        assert row(sheet, "flows", "m") == {"2026-02": (1.0, "ok")}

    def test_an_endless_query_is_named_and_the_rest_computed(self, desk: Desk) -> None:
        endless = "select 'a' as product_id, '2026-01' as month, sum(a.range * b.range) as value"
        desk.sql("slow", f"{endless} from range(10000000) a, range(10000000) b").rows("m", "'flows', '2026-02', 1")
        sheet = desk.sheet(seconds=0.5)
        (problem,) = sheet.problems
        assert (problem.path, problem.line) == ("metrics/slow.toml", 2)
        assert "did not finish within 0.5 s" in problem.message
        assert not sheet.is_complete
        assert values(sheet, "flows", "m", "2026-02") == [1.0]

    def test_a_query_that_ended_the_child_is_left_out(self, desk: Desk) -> None:
        sheet = desk.rows("m", "'flows', '2026-02', 1").sheet(without=(f"{QUERY}metrics/m.toml",))
        (problem,) = sheet.problems
        assert problem.path == "metrics/m.toml"
        assert problem.message == "The SQL ended the program that reads the data. Make it return less."
        assert not sheet.is_complete

    def test_a_query_that_is_not_grouped_is_refused(self, desk: Desk) -> None:
        sql = "select 'p' || range as product_id, '2026-01' as month, 1 as value from range(300000)"
        problem = desk.sql("m", sql).problem()
        assert "more than 200,000 pairs of product and month. Group its rows" in problem.message

    def test_a_query_that_needs_too_much_memory_is_named(self, desk: Desk) -> None:
        sql = (
            "select 'p' as product_id, '2026-01' as month, len(list(range || ' and more')) as value from range(3000000)"
        )
        sheet = desk.sql("m", sql).sheet(memory="60MB", seconds=60.0)
        (problem,) = sheet.problems
        assert not sheet.is_complete
        assert (problem.path, "needs more memory than is allowed" in problem.message) == ("metrics/m.toml", True)

    def test_a_metric_of_the_program_is_not_computed_by_sql(self, desk: Desk) -> None:
        sheet = desk.rows("unique_users", "'flows', '2026-02', 77").sheet()
        assert sheet.is_complete
        assert values(sheet, "flows", "unique_users", "2026-02") == [1.0]
        assert statuses(sheet, "flows", "unique_users", "2026-02") == ["ok"]
        assert "its `sql` cannot be changed" in sheet.problems[0].message

    def test_working_tables_stay_out_of_the_way_of_imported_values(self, desk: Desk) -> None:
        desk.company.add("metric_value", "product_id, month, metric, value", [("flows", "2026-01-01", "m", 5.0)])
        sheet = desk.rows("m", "'flows', '2026-02', 1").sheet()
        assert row(sheet, "flows", "m") == {"2026-01": (5.0, "ok"), "2026-02": (1.0, "ok")}
