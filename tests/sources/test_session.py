"""Work inside a session is named, bounded in time, and leaves the connection usable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.sources.session import QueryTimeout, Session, open_session
from reviewtui.sources.state import Progress
from reviewtui.sources.wire import Entered, Left
from tests.sources.sample_jobs import ENDLESS_COUNT
from tests.sources.support import HOLIDAYS, make_file, opened, request_for

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.sources.wire import Message


def run_within(session: Session, seconds: float, statement: str, times: int = 1) -> None:
    """Run a statement `times` times as one piece of work."""
    with session.deadline("the total", seconds):
        for _ in range(times):
            session.connection.execute(statement).fetchall()


class TestDeadline:
    def test_a_long_statement_is_interrupted_and_the_next_one_runs(self) -> None:
        """The interrupt does not outlive the work it was meant for."""
        with opened(request_for({})) as session:
            for _ in range(3):
                with pytest.raises(QueryTimeout, match=r"Reading the total did not finish within 0\.1 s"):
                    run_within(session, 0.1, ENDLESS_COUNT)
                assert session.connection.execute("SELECT 1").fetchall() == [(1,)]

    def test_many_short_statements_are_stopped_too(self) -> None:
        """It is the work that has a deadline, not one statement."""
        with opened(request_for({})) as session, pytest.raises(QueryTimeout):
            run_within(session, 0.1, "SELECT sum(i) FROM range(1000) r(i)", times=10**9)

    def test_the_outer_deadline_counts_inside_an_inner_one(self) -> None:
        with opened(request_for({})) as session:
            with pytest.raises(QueryTimeout) as caught, session.deadline("outer", 0.1):
                run_within(session, 60, ENDLESS_COUNT)
            assert caught.value.label == "outer"

    def test_another_error_passes_unchanged(self) -> None:
        with opened(request_for({})) as session, pytest.raises(duckdb.CatalogException):
            run_within(session, 60, "FROM nowhere")

    def test_work_in_time_is_not_disturbed(self) -> None:
        with opened(request_for({})) as session:
            run_within(session, 60, "SELECT 1")


class TestMessages:
    def test_work_is_told_as_it_begins_and_ends(self, tmp_path: Path) -> None:
        """Whoever listens knows what the session is inside of."""
        path = make_file(
            tmp_path / "a.duckdb", HOLIDAYS, "CREATE VIEW usage_day AS SELECT 'p' AS product_id, day FROM holiday"
        )
        told: list[Message] = []
        session = open_session(request_for({"acme": path}), told.append)
        for found in session.found:
            with session.reading(found):
                session.connection.execute(f"FROM {found.relation}").fetchall()
        session.close()
        assert told == [
            Progress("Opening acme"),
            Progress("Looking for tables"),
            Entered('"acme"."main"."usage_day"', is_view=True),
            Left(),
            Entered('"acme"."main"."holiday"', is_view=False),
            Left(),
            Entered('"acme"."main"."usage_day"', is_view=True),
            Left(),
        ]

    def test_frequent_progress_is_thinned_out_but_ends_are_told(self) -> None:
        told: list[Message] = []
        session = open_session(request_for({}), told.append)
        told.clear()
        for done in range(10_001):
            session.progress("reading", done, 10_000)
        session.close()
        assert told[0] == Progress("reading", 0, 10_000)
        assert told[-1] == Progress("reading", 10_000, 10_000)
        assert len(told) < 1_000
