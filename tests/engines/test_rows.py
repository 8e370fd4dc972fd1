"""The rows behind the months come only where they are asked for, and explain cells as local tables do."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.demo.generate import DATABASE
from reviewtui.engines.engine import EngineError, Unreachable
from reviewtui.metrics.compute import pulled_path, rows_path
from reviewtui.metrics.customers import customers_question
from reviewtui.months import Month
from reviewtui.workspace.model import EngineConfig, Workspace
from tests.engines.companies import on_engine, pull_with
from tests.engines.drilling import OCTOBER, asked, behind, moved, without_note
from tests.engines.duck_engine import DuckEngine

if TYPE_CHECKING:
    from reviewtui.engines.pulling import PullReport

CONFIG = EngineConfig("warehouse", "postgresql")
MANY = 1_000_000
Pulled = tuple[bytes, bytes, "PullReport"]


@pytest.fixture
def remote(company: Workspace) -> Workspace:
    return on_engine(replace(company, custom_metrics=()), CONFIG)


@pytest.fixture(scope="module")
def first_pull(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Pulled:
    """Both files of one pull with rows, and what was said."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        workspace = on_engine(replace(company, custom_metrics=()), CONFIG)
        report = pull_with(DuckEngine(company.root / DATABASE), workspace, most_rows=MANY)
        months, rows = (place(company.root, CONFIG.name).read_bytes() for place in (pulled_path, rows_path))
        return months, rows, report


@pytest.fixture
def pulled(remote: Workspace, first_pull: Pulled) -> Path:
    """The workspace after that pull: its file of rows."""
    pulled_path(remote.root, CONFIG.name).parent.mkdir(parents=True)
    pulled_path(remote.root, CONFIG.name).write_bytes(first_pull[0])
    path = rows_path(remote.root, CONFIG.name)
    path.write_bytes(first_pull[1])
    return path


@pytest.fixture
def own_database(database: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copy(database, tmp_path / "company.duckdb"))


def test_no_row_comes_without_being_asked_for(remote: Workspace, database: Path) -> None:
    pull_with(DuckEngine(database), remote)
    assert not rows_path(remote.root, CONFIG.name).exists()
    assert behind(remote, "mrr").reason == (
        "Only months were pulled from warehouse. `reviewtui pull --rows` brings the rows behind them."
    )


@pytest.mark.parametrize(
    "metric_id", ["mrr", "expansion_mrr", "paying_customers", "refunds", "nps", "tickets_created", "sla"]
)
@pytest.mark.usefixtures("pulled")
def test_the_rows_are_those_that_a_local_table_gives(company: Workspace, remote: Workspace, metric_id: str) -> None:
    month = Month(2026, 4) if metric_id == "refunds" else OCTOBER
    local = behind(replace(company, custom_metrics=()), metric_id, month)
    assert local.rows is not None
    assert local.rows.found > 0
    assert without_note(behind(remote, metric_id, month)) == without_note(local)


@pytest.mark.usefixtures("pulled")
def test_customers_and_drivers_are_those_of_local_tables(company: Workspace, remote: Workspace) -> None:
    local = replace(company, custom_metrics=())
    question = customers_question("*", OCTOBER)
    assert without_note(asked(remote, question)) == without_note(asked(local, question))
    found = moved(remote, "mrr")
    assert found.splits
    assert found == moved(local, "mrr")


def test_rows_say_from_where_and_when_they_are(remote: Workspace, pulled: Path) -> None:
    with duckdb.connect(str(pulled)) as connection:
        connection.execute("update pulled_rows set pulled_at = '2026-10-01 08:30'")
    rows = behind(remote, "refunds").rows
    assert rows is not None
    assert rows.note.startswith("Rows as pulled from warehouse on 2026-10-01 08:30 UTC. The numbers are newer: ")


def test_a_table_with_too_many_rows_stays_there(remote: Workspace, database: Path) -> None:
    report = pull_with(DuckEngine(database), remote, most_rows=10)
    (words,) = [item.message for item in report.problems if "invoice_line" in item.message]
    assert words.startswith("the rows of invoice_line stay there: ")
    assert words.endswith(" of them, at most 10 are brought. Raise `--most-rows`.")
    assert "at most 10 are brought" in behind(remote, "mrr").reason


def test_of_refunds_and_answers_the_newest_whole_months_come(remote: Workspace, own_database: Path) -> None:
    with duckdb.connect(str(own_database)) as connection:
        connection.execute("delete from refund")
        for day in ("2026-08-31", "2026-09-01", "2026-09-30", "2026-10-01", "2026-10-31"):
            connection.execute("insert into refund (product_id, refunded_on, amount) values ('forms', ?, 5)", [day])
        # So few that they all come.
        connection.execute("delete from invoice_line where period_end < '2026-10-01' or product_id <> 'forms'")
        connection.execute("delete from invoice_line where rowid >= 3")
        for table in ("customer", "ticket", "ticket_event", "survey_response", "metric_value", "fx_rate"):
            connection.execute(f"delete from {table}")
    report = pull_with(DuckEngine(own_database), remote, most_rows=4)
    words = [item.message for item in report.problems if "refund" in item.message]
    assert words == ["the rows of refund are from 2026-09 on. Raise `--most-rows` for more."]
    with duckdb.connect(str(rows_path(remote.root, CONFIG.name)), read_only=True) as connection:
        assert connection.execute("select count(*), min(refunded_on)::varchar from refund").fetchone() == (
            4,
            "2026-09-01",
        )
    assert behind(remote, "refunds", Month(2026, 8)).reason == "The rows were pulled from warehouse from 2026-09 on."


def test_a_table_that_fails_leaves_the_others(remote: Workspace, database: Path) -> None:
    def refuse(sql: str) -> None:
        if "reviewtui_" not in sql and "comment" in sql and "submitted_at_us" in sql and "COUNT" not in sql:
            raise EngineError("does not permit it (permission denied for comment).")

    pull_with(DuckEngine(database, refuse), remote, most_rows=MANY)
    assert behind(remote, "nps").reason == (
        "warehouse: the rows of survey_response could not be pulled: the engine does not permit it (permission denied"
        " for comment)."
    )
    assert behind(remote, "mrr").rows is not None


def test_an_engine_that_goes_away_leaves_the_rows_of_the_pull_before(
    remote: Workspace, database: Path, pulled: Path
) -> None:
    earlier = pulled.read_bytes()

    def die(sql: str) -> None:
        if sql.startswith("SELECT") and '"refund_id"' in sql and '"invoice_id"' in sql and "COUNT" not in sql:
            raise Unreachable("ended the connection. Pull again when it is back.")

    report = pull_with(DuckEngine(database, die), remote, most_rows=MANY)
    assert pulled.read_bytes() == earlier
    words = "the rows: ended the connection. Pull again when it is back. Those of an earlier pull stay."
    assert words in [problem.message for problem in report.problems]


def test_a_damaged_file_of_rows_is_as_good_as_none(remote: Workspace, pulled: Path) -> None:
    pulled.write_bytes(pulled.read_bytes()[:5_000])
    assert behind(remote, "mrr").reason.startswith("Only months were pulled from warehouse.")
