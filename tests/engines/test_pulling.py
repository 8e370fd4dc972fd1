"""What a pull brings back, keeps and refuses; the engine is a DuckDB file, so that this runs everywhere."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.commands.output import progress_text
from reviewtui.demo.generate import DATABASE
from reviewtui.engines.engine import EngineError, Unreachable
from reviewtui.metrics.compute import compute_sheet, pulled_path
from reviewtui.metrics.sheet import MetricSheet, Status
from reviewtui.months import Month
from reviewtui.sources.state import Progress
from reviewtui.workspace.model import EngineConfig, Workspace
from tests.engines.companies import AS_OF, differences, on_engine, pull_with
from tests.engines.duck_engine import DuckEngine

if TYPE_CHECKING:
    from reviewtui.engines.pulling import PullReport

CONFIG = EngineConfig("warehouse", "postgresql")
ALL_SECTIONS = ["revenue", "usage", "activation", "NPS", "support", "imported values", "custom metrics"]


@pytest.fixture
def remote(company: Workspace) -> Workspace:
    return on_engine(company, CONFIG)


@pytest.fixture(scope="module")
def first_pull(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, DuckEngine, PullReport]:
    """The file of one whole pull, the engine it came from, and what was said."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        engine = DuckEngine(company.root / DATABASE)
        report = pull_with(engine, on_engine(company, CONFIG))
        return pulled_path(company.root, CONFIG.name).read_bytes(), engine, report


@pytest.fixture
def pulled(remote: Workspace, first_pull: tuple[bytes, DuckEngine, PullReport]) -> Path:
    """The workspace after that pull: its file."""
    path = pulled_path(remote.root, CONFIG.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(first_pull[0])
    return path


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """An engine with nothing but three tickets."""
    path = tmp_path / "tickets.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table ticket (ticket_id varchar, product_id varchar, created_at timestamp)")
        connection.execute("insert into ticket select t, 'forms', '2026-10-05 12:00' from range(3) r(t)")
    return path


@pytest.fixture
def own_database(database: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copy(database, tmp_path / "company.duckdb"))


def test_every_cell_is_as_it_is_computed_here(
    remote: Workspace, pulled: Path, first_pull: tuple[bytes, DuckEngine, PullReport], local_sheet: MetricSheet
) -> None:
    report = first_pull[2]
    assert [section.name for section in report.sections] == ALL_SECTIONS
    assert report.problems == ()
    assert differences(remote, local_sheet) == []


def test_the_next_pull_computes_open_months_only_and_agrees(
    remote: Workspace,
    database: Path,
    pulled: Path,
    first_pull: tuple[bytes, DuckEngine, PullReport],
    local_sheet: MetricSheet,
) -> None:
    first = first_pull[2]
    second = pull_with(DuckEngine(database), remote)
    rows = {section.name: section.rows for section in first.sections}
    again = {section.name: section.rows for section in second.sections}
    assert again["revenue"] < rows["revenue"] / 2
    assert again["activation"] < rows["activation"]
    assert differences(remote, local_sheet) == []


def test_a_changed_closed_month_is_computed_again(
    company: Workspace, remote: Workspace, pulled: Path, own_database: Path
) -> None:
    with duckdb.connect(str(own_database)) as connection:
        connection.execute(
            "update invoice_line set amount = 2 * amount where period_end between '2026-03-01' and '2026-03-20'"
        )
        connection.execute("delete from event where occurred_at between '2026-05-03' and '2026-05-20'")
    pull_with(DuckEngine(own_database), remote)
    sources = tuple(replace(source, path=own_database) for source in company.sources)
    changed = compute_sheet(replace(company, sources=sources), AS_OF, is_fresh=True)
    assert differences(remote, changed) == []


def test_no_id_of_a_person_leaves_the_engine(database: Path, first_pull: tuple[bytes, DuckEngine, PullReport]) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        people = {row[0] for row in connection.execute("select distinct user_id from event").fetchall()}
        people |= {row[0] for row in connection.execute("select distinct user_id from survey_response").fetchall()}
        people |= {row[0] for row in connection.execute("select distinct requester_id from ticket").fetchall()}
        people |= {row[0] for row in connection.execute("select distinct customer_id from customer").fetchall()}
    left = {value for row in first_pull[1].fetched for value in row if isinstance(value, str)}
    assert not left & (people - {None})


def test_a_section_that_fails_leaves_the_others_and_what_was_pulled_before(
    remote: Workspace, database: Path, pulled: Path, local_sheet: MetricSheet
) -> None:
    def refuse(sql: str) -> None:
        if sql.startswith('create table "reviewtui_native_mrr"'):
            raise EngineError("does not permit it (permission denied).")

    report = pull_with(DuckEngine(database, refuse), remote)
    assert [section.name for section in report.sections] == ALL_SECTIONS[1:]
    assert report.left == ("revenue",)
    (problem,) = report.problems
    assert problem.message == "revenue: does not permit it (permission denied). What was pulled on 2026-11-22 stays."
    october = Month(2026, 10)
    sheet = compute_sheet(remote, AS_OF)
    assert sheet.cell("forms", "mrr", october).value == local_sheet.cell("forms", "mrr", october).value


def test_an_engine_that_goes_away_ends_the_pull_and_what_came_back_stays(remote: Workspace, database: Path) -> None:
    def die(sql: str) -> None:
        if sql.startswith('create table "reviewtui_org_activity"'):
            raise Unreachable("ended the connection. Pull again when it is back.")

    report = pull_with(DuckEngine(database, die), remote)
    assert [section.name for section in report.sections] == ["revenue"]
    (problem,) = report.problems
    assert problem.message == "usage: ended the connection. Pull again when it is back."
    sheet = compute_sheet(remote, AS_OF)
    assert sheet.cell("forms", "mrr", Month(2026, 10)).value is not None
    assert sheet.cell("forms", "unique_users", Month(2026, 10)).status is Status.MISSING


def test_a_table_that_changes_while_it_is_read_is_not_taken(remote: Workspace, own_database: Path) -> None:
    engine = DuckEngine(own_database)

    def add_event(sql: str) -> None:
        if sql.startswith('create table "reviewtui_org_activity"'):
            engine.connection.execute("insert into company.event select * from company.event limit 1")

    engine.before_statement = add_event
    report = pull_with(engine, remote)
    assert "usage" not in [section.name for section in report.sections]
    (problem,) = report.problems
    assert problem.message.startswith("usage: changed while it was read (event has ")
    assert problem.message.endswith("so its numbers are not taken. Pull again.")


def test_months_that_were_open_when_pulled_are_missing_later(remote: Workspace, pulled: Path) -> None:
    sheet = compute_sheet(remote, date(2026, 12, 5))
    assert sheet.cell("forms", "mrr", Month(2026, 10)).value is not None
    assert sheet.cell("forms", "mrr", Month(2026, 11)).status is Status.MISSING
    stale = [problem.message for problem in sheet.problems if "2026-11-22" in problem.message]
    assert stale == ["pulled on 2026-11-22: months from 2026-11 on are not complete there. Run `reviewtui pull`."]


def test_other_settings_than_those_of_the_pull_are_reported(remote: Workspace, pulled: Path) -> None:
    sheet = compute_sheet(replace(remote, attribution="period_start"), AS_OF)
    assert any("revenue was pulled with other settings" in problem.message for problem in sheet.problems)


def test_the_panel_and_doctor_know_where_and_when(remote: Workspace, pulled: Path) -> None:
    (state,) = compute_sheet(remote, AS_OF).sources
    assert state.name == "warehouse"
    assert state.modified is not None
    assert "invoice_line" in state.tables
    assert "event" in state.tables


def test_a_file_that_is_damaged_is_reported_and_pulled_anew(
    remote: Workspace, database: Path, pulled: Path, local_sheet: MetricSheet
) -> None:
    pulled.write_bytes(pulled.read_bytes()[:70_000])
    assert any(problem.path for problem in compute_sheet(remote, AS_OF).problems)
    pull_with(DuckEngine(database), remote)
    assert differences(remote, local_sheet) == []


def test_what_the_engine_works_on_is_told_as_it_goes(remote: Workspace, database: Path) -> None:
    told: list[str] = []
    pull_with(
        DuckEngine(database),
        remote,
        on_message=lambda message: told.append(progress_text(message)) if isinstance(message, Progress) else None,
    )
    stages = [words.partition(":")[0].partition("  ")[0] for words in told]
    assert list(dict.fromkeys(stages))[:4] == [
        "Looking for tables", "Reading the tables", "Looking through the events", "Pulling revenue metrics",
    ]  # fmt: skip
    assert stages.index("Looking through the events") > max(
        place for place, words in enumerate(stages) if words == "Reading the tables"
    )
    usage = [words for words in told if words.startswith("Pulling usage")]
    assert usage[0] == "Pulling usage metrics  31 of 56"
    assert "Pulling usage metrics, reading events: activity  31 of 56" in usage
    assert "Pulling support metrics: pause clock  48 of 56" in told
    assert "Pulling big_invoices  53 of 56" in told


def test_the_clock_of_the_engine_decides_nothing_but_is_spoken_of(remote: Workspace, tickets: Path) -> None:
    engine = DuckEngine(tickets)
    engine.now += timedelta(hours=3)
    (problem,) = pull_with(engine, replace(remote, custom_metrics=())).problems
    assert problem.message == (
        "the clock of the engine is 180 minutes ahead of this machine's. The numbers are those of 2026-11-22, by"
        " --as-of or this machine; its clock decides nothing."
    )


def test_times_without_a_zone_are_spoken_of_where_the_engine_has_another_zone(remote: Workspace, tickets: Path) -> None:
    engine = DuckEngine(tickets)
    engine.zone = "Asia/Tokyo"
    (problem,) = pull_with(engine, replace(remote, custom_metrics=())).problems
    assert problem.message == (
        "created_at has no time zone and is read as UTC, but the engine's own zone is Asia/Tokyo."
        " Convert it with [engine.views] if it is local time."
    )


def test_a_column_of_the_wrong_kind_is_refused_by_name(remote: Workspace, tickets: Path) -> None:
    with duckdb.connect(str(tickets)) as connection:
        connection.execute("create table refund (product_id varchar, refunded_on date, amount varchar)")
    report = pull_with(DuckEngine(tickets), replace(remote, custom_metrics=()))
    assert [problem.message for problem in report.problems] == [
        "the column amount (VARCHAR) is not a number: not used. Convert it with an entry of [engine.views].",
        "lacks amount, so the table is not used. Map it with [engine.views].",
    ]
    assert [section.name for section in report.sections] == ["support"]


def test_sql_that_cannot_be_translated_is_refused_by_name(company: Workspace, remote: Workspace, tickets: Path) -> None:
    (metric, *_) = company.custom_metrics
    version = replace(metric.versions[0], sql="select product_id, created_at as month, median(1) as value from ticket")
    own = replace(remote, custom_metrics=(replace(metric, versions=(version,)),))
    (problem,) = pull_with(DuckEngine(tickets), own).problems
    assert problem.path == "metrics/big_invoices.toml"
    assert problem.message == "The SQL uses the function median, which is not translated to DuckDB."


def test_an_engine_without_a_usable_table_says_what_to_do(remote: Workspace, tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(EngineError, match=r"no table that a metric is made of.*\[engine\.views\]"):
        pull_with(DuckEngine(tmp_path / "empty.duckdb"), replace(remote, custom_metrics=()))
