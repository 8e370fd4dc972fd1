"""Of events so many come back that they explain usage exactly as all events would, and no more than were allowed."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reviewtui.demo.generate import DATABASE
from reviewtui.metrics.compute import rows_path
from reviewtui.metrics.drill_plans import USAGE_ROWS
from reviewtui.months import Month
from reviewtui.workspace.model import EngineConfig, SourceConfig, Workspace
from tests.engines.companies import on_engine, pull_with
from tests.engines.drilling import OCTOBER, behind, moved
from tests.engines.duck_engine import DuckEngine

if TYPE_CHECKING:
    from reviewtui.engines.pulling import PullReport
    from reviewtui.metrics.drilldown import DrillDown
    from reviewtui.metrics.drivers import Drivers

CONFIG = EngineConfig("warehouse", "postgresql")
RETENTION = ("retention_1m", "retention_3m", "retention_6m")
MANY = 1_000_000
EVENT_TABLE = """
create table event (
    product_id varchar, event varchar, user_id varchar, org_id varchar, occurred_at timestamptz
)
"""


class Pulled:
    """A company beside what was pulled of it."""

    def __init__(self, company: Workspace, database: Path, most_rows: int = MANY) -> None:
        source = SourceConfig("company", database)
        self.local = replace(company, sources=(source,), custom_metrics=(), imports=())
        self.remote = on_engine(self.local, CONFIG)
        self.report: PullReport = pull_with(DuckEngine(database), self.remote, most_rows=most_rows)

    def both(self, metric_id: str, month: Month = OCTOBER, product: str = "*") -> tuple[DrillDown, DrillDown]:
        """What is behind a cell, by all events and by those that were brought."""
        here, there = (behind(workspace, metric_id, month, product) for workspace in (self.local, self.remote))
        return _plain(here), _plain(there)

    def moved(self, metric_id: str, month: Month = OCTOBER, product: str = "*") -> tuple[Drivers, Drivers]:
        """What moved a cell, by all events and by those that were brought."""
        here, there = (moved(workspace, metric_id, month, product) for workspace in (self.local, self.remote))
        return here, there

    @property
    def said(self) -> list[str]:
        """What the pull said of the rows of events."""
        return [item.message for item in self.report.problems if "rows of event " in item.message]

    @property
    def brought(self) -> int:
        """How many events came."""
        with duckdb.connect(str(rows_path(self.remote.root, CONFIG.name)), read_only=True) as connection:
            row = connection.execute("select row_count from pulled_rows where table_name = 'event'").fetchone()
        return int(row[0]) if row else 0


def _plain(found: DrillDown) -> DrillDown:
    return found if found.rows is None else replace(found, rows=replace(found.rows, note=""))


@pytest.fixture(scope="module")
def company_of_events(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's customers and events, some of them of no user, of several organisations, of the own people."""
    path = tmp_path_factory.mktemp("events") / "company.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{company.root / DATABASE}' as whole (read_only)")
        for table in ("customer", "event", "product_intent"):
            connection.execute(f"create table {table} as from whole.{table}")
        connection.execute(
            "insert into event select product_id, event, null, org_id, occurred_at from event using sample 300 rows"
        )
        connection.execute(
            "insert into event select product_id, event, user_id, 'org of a guest', occurred_at from event"
            " where hash(user_id) % 9 = 0"
        )
        connection.execute(
            "update customer set is_internal = true where customer_id in (select customer_id from customer limit 3)"
        )
    return path


def all_intend_at(connection: duckdb.DuckDBPyConnection, instant: str) -> None:
    """Each organisation with an event shows its intent at `instant`."""
    connection.execute(
        "create table product_intent as select distinct product_id, org_id,"
        f" timestamptz '{instant}' as first_intent_at from event"
    )


def assert_activation_is_explained(pulled: Pulled, months: list[Month]) -> None:
    """By what was brought, as by all events; in some of the months some organisation was activated."""
    activated = 0
    for product in ("flows", "forms"):
        for month in months:
            here, there = pulled.both("activation_rate", month, product)
            assert (there.rows, there.segments) == (here.rows, here.segments), (product, month)
            activated += sum(int(str(row[1] or 0)) for row in here.rows.rows) if here.rows else 0
    assert activated > 0
    here_moved, there_moved = pulled.moved("activation_rate", months[-1], "flows")
    assert there_moved == here_moved


def test_rows_and_drivers_are_those_of_all_events(company: Workspace, company_of_events: Path) -> None:
    pulled = Pulled(company, company_of_events)
    assert pulled.said == []
    assert_activation_is_explained(pulled, [Month(2026, month) for month in range(1, 12)])
    for product, metrics in (("*", USAGE_ROWS), ("flows", [*USAGE_ROWS, *RETENTION])):
        for metric_id in metrics:
            here, there = pulled.both(metric_id, OCTOBER, product)
            assert here.rows is not None
            assert here.rows.found > 0
            assert there == here, (product, metric_id)
            here_moved, there_moved = pulled.moved(metric_id, OCTOBER, product)
            assert there_moved == here_moved, (product, metric_id)


def test_of_many_events_the_newest_whole_months_come_and_explain_theirs_as_all_would(
    company: Workspace, company_of_events: Path
) -> None:
    allowed = 3_600
    pulled = Pulled(company, company_of_events, allowed)
    (said,) = pulled.said
    first = Month.parse(said.removeprefix("the rows of event are from ")[:7])
    assert said == f"the rows of event are from {first} on. Raise `--most-rows` for more."
    assert allowed // 3 < pulled.brought <= allowed
    assert Month(2026, 2) < first < Month(2026, 7), "the test is of no use with other months"
    for metric_id, product in [(name, "flows") for name in (*USAGE_ROWS, *RETENTION)] + [
        (name, "*") for name in USAGE_ROWS
    ]:
        back = {"retention_1m": 3, "retention_3m": 5, "retention_6m": 8}.get(metric_id, 1)
        for month in (first + back - 1, first + back, OCTOBER):
            here, there = pulled.both(metric_id, month, product)
            if month < first + back:
                words = f"{back} month{'s' if back > 1 else ''} before {month} would be needed."
                assert there.reason == f"The rows were pulled from warehouse from {first} on. {words}"
                continue
            assert there.rows == here.rows, (metric_id, month)
            assert there.segments == here.segments, (metric_id, month)
            assert there.strip in (here.strip, None), (metric_id, month)
    assert_activation_is_explained(pulled, [first + 1, OCTOBER])
    assert pulled.both("unique_users")[1].strip is not None
    here_moved, there_moved = pulled.moved("users_new")
    assert there_moved == here_moved
    assert pulled.moved("users_new", first + 1)[1].reason.startswith("The rows were pulled from warehouse from ")


def test_events_that_are_too_many_to_explain_the_newest_month_stay_there(
    company: Workspace, company_of_events: Path
) -> None:
    pulled = Pulled(company, company_of_events, 100)
    (said,) = pulled.said
    needed = int("".join(filter(str.isdigit, said.partition("--most-rows")[2])))
    assert said == f"the rows of event stay there: 2026-11 alone needs `--most-rows {needed}`."
    assert pulled.both("unique_users")[1].reason == f"warehouse: {said}"
    reason = "warehouse: the rows of product_intent stay there: they say nothing without the events."
    assert reason.removeprefix("warehouse: ") in [item.message for item in pulled.report.problems]
    assert Pulled(company, company_of_events, needed).said == [
        "the rows of event are from 2026-10 on. Raise `--most-rows` for more."
    ]


def test_events_that_change_while_they_are_read_are_not_taken(
    company: Workspace, company_of_events: Path, tmp_path: Path
) -> None:
    database = tmp_path / "company.duckdb"
    database.write_bytes(company_of_events.read_bytes())
    pulled = Pulled(company, database)

    def gain(sql: str) -> None:
        if "numbered" in sql:
            engine.connection.execute(
                "insert into company.event values ('flows', 'flow switched on', 'u', 'o', timestamp '2026-10-02')"
            )

    engine = DuckEngine(database, gain)
    report = pull_with(engine, pulled.remote, most_rows=MANY)
    assert "the rows of event changed while they were read. Pull again." in [item.message for item in report.problems]
    assert behind(pulled.remote, "unique_users").reason == (
        "warehouse: the rows of event changed while they were read. Pull again."
    )


def test_intents_whose_events_are_too_many_stay_there_and_usage_is_explained(
    company: Workspace, tmp_path: Path
) -> None:
    database = tmp_path / "company.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "create table event as select 'flows' as product_id, 'flow switched on' as event, 'u' || o as user_id,"
            " 'org' || o as org_id, timestamptz '2026-10-05 12:00:00+00' + to_minutes(minute) as occurred_at"
            " from range(100) orgs(o), range(3) minutes(minute)"
        )
        all_intend_at(connection, "2026-10-05 12:00:00+00")
    pulled = Pulled(company, database, 140)
    words = "the rows of product_intent stay there: the events after them are too many. Raise `--most-rows`."
    assert words in [item.message for item in pulled.report.problems]
    assert pulled.both("activation_rate", OCTOBER, "flows")[1].reason == f"warehouse: {words}"
    here, there = pulled.both("unique_users", OCTOBER, "flows")
    assert here.rows is not None
    assert there.rows == here.rows


def test_months_of_usage_come_whole_of_products_without_events(company: Workspace, tmp_path: Path) -> None:
    database = tmp_path / "months.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "create table event_month(product_id varchar, month date, event varchar, user_id varchar, n bigint)"
        )
        for product, action in (("flows", "flow switched on"), ("forms", "form published")):
            for month in ("2026-08-01", "2026-09-01", "2026-10-01"):
                connection.execute(
                    "insert into event_month select ?, ?, ?, ? || range, 3 from range(?)",
                    [product, month, action, product, int(month[6])],
                )
        connection.execute(
            "create table event as select 'forms' as product_id, 'looked' as event, 'u' as user_id, 'o' as org_id,"
            " timestamptz '2026-10-05 12:00:00+00' as occurred_at"
        )
    pulled = Pulled(company, database)
    for product in ("flows", "forms", "*"):
        here, there = pulled.both("unique_users", Month(2026, 9), product)
        assert here.rows is not None
        assert here.rows.found == (product != "forms")
        assert there.rows == here.rows


def test_who_came_back_by_way_of_another_product_is_not_new(company: Workspace, tmp_path: Path) -> None:
    database = tmp_path / "anna.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(EVENT_TABLE)
        connection.execute("insert into event values ('flows', 'flow switched on', 'anna', 'o', '2026-01-05 12:00+00')")
        for month in range(3, 11):
            connection.execute(
                "insert into event select 'forms', 'form published', 'u' || range, 'o', ? from range(20)",
                [datetime(2026, month, 7, tzinfo=UTC)],
            )
        connection.execute("insert into event values ('forms', 'form published', 'anna', 'o', '2026-10-05 12:00+00')")
    pulled = Pulled(company, database, 125)
    assert pulled.said != []
    for metric_id in ("users_new", "users_resurrecting"):
        for product in ("*", "forms"):
            here, there = pulled.both(metric_id, OCTOBER, product)
            assert there.rows == here.rows, (metric_id, product)
            here_moved, there_moved = pulled.moved(metric_id, OCTOBER, product)
            assert there_moved == here_moved, (metric_id, product)


def test_events_that_were_chosen_by_other_settings_explain_nothing(company: Workspace, company_of_events: Path) -> None:
    pulled = Pulled(company, company_of_events)
    changed = tuple(
        replace(product, key_action=product.key_action[1:]) if product.product_id == "flows" else product
        for product in company.products
    )
    for other in (replace(pulled.remote, products=changed), replace(pulled.remote, time_zone="UTC")):
        assert behind(other, "unique_users").reason == (
            "The rows were pulled from warehouse with other settings. Run `reviewtui pull --rows`."
        )


def test_beyond_one_key_action_a_day_nothing_comes_of_a_user_and_no_more_than_a_criterion_asks_for(
    company: Workspace, tmp_path: Path
) -> None:
    database = tmp_path / "company.duckdb"
    with duckdb.connect(str(database)) as connection:
        # Of `forms`, activation asks for one publication and two submissions.
        connection.execute(
            "create table event as select 'forms' as product_id, kind as event, 'u' || o as user_id,"
            " 'org' || o as org_id, timestamptz '2026-10-05 12:00:00+00' + to_minutes(minute) as occurred_at"
            " from range(10) orgs(o), range(9) minutes(minute),"
            " (values ('form published'), ('submission received'), ('looked')) kinds(kind)"
        )
        all_intend_at(connection, "2026-10-05 11:00:00+00")
    Pulled(company, database)
    with duckdb.connect(str(rows_path(company.root, CONFIG.name)), read_only=True) as connection:
        rows = connection.execute(
            "select event, user_id is null, count(*) from event group by all order by all"
        ).fetchall()
    assert rows == [("form published", False, 10), ("form published", True, 10), ("submission received", True, 20)]


def test_events_before_the_earliest_accepted_day_make_nobody_known(company: Workspace, tmp_path: Path) -> None:
    database = tmp_path / "old.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "create table event as select 'flows' as product_id, 'flow switched on' as event, 'u' as user_id,"
            " 'o' as org_id, unnest([timestamptz '1980-01-01 12:00+00', timestamptz '2026-10-05 12:00+00'])"
            " as occurred_at"
        )
    pulled = Pulled(company, database)
    here, there = pulled.both("users_new", OCTOBER, "flows")
    assert here.rows is not None
    assert here.rows.found == 1
    assert there.rows == here.rows


ZONES = ("UTC", "America/St_Johns", "Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu")
Event = tuple[str, str, str | None, str | None, int]
EVENTS: st.SearchStrategy[list[Event]] = st.lists(
    st.tuples(
        st.sampled_from(("flows", "forms")),
        st.sampled_from(("flow switched on", "form published", "looked")),
        st.sampled_from((None, "a", "b", "c", "d")),
        st.sampled_from((None, "x", "y")),
        # Quarter hours from the night in which the clocks were put forward in half of these zones.
        st.integers(0, 4 * 24 * 200),
    ),
    min_size=1,
    max_size=60,
)


INTENTS = st.dictionaries(
    st.tuples(st.sampled_from(("flows", "forms")), st.sampled_from(("x", "y"))), st.integers(0, 4 * 24 * 200)
)
ALL_QUARTERS = [("flows", "flow switched on", "a", "x", quarter * 100) for quarter in range(60)]


@settings(max_examples=int(settings().max_examples) // 8, deadline=None, suppress_health_check=list(HealthCheck))
@given(EVENTS, INTENTS, st.sampled_from(ZONES), st.integers(1, 60) | st.just(MANY), st.integers(4, 9))
@example(ALL_QUARTERS, {("flows", "x"): 4 * 24 * 20}, "Europe/Berlin", 40, 8)
def test_whatever_comes_explains_its_months_as_all_events_do(
    company: Workspace, events: list[Event], intents: dict[tuple[str, str], int], zone: str, allowed: int, month: int
) -> None:
    start = datetime(2026, 3, 28, 22, tzinfo=UTC)
    rows = [[*what, start + timedelta(minutes=15 * quarter)] for *what, quarter in events]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "events.duckdb"
        with duckdb.connect(str(database)) as connection:
            connection.execute(EVENT_TABLE)
            connection.execute(
                "create table product_intent (product_id varchar, org_id varchar, first_intent_at timestamptz)"
            )
            connection.executemany("insert into event values (?, ?, ?, ?, ?)", rows)
            for (product, org), quarter in intents.items():
                instant = start + timedelta(minutes=15 * quarter)
                connection.execute("insert into product_intent values (?, ?, ?)", [product, org, instant])
        pulled = Pulled(replace(company, time_zone=zone), database, allowed)
        assert pulled.brought <= allowed
        for metric_id, product in (
            ("users_new", "*"), ("users_resurrecting", "flows"), ("retention_1m", "flows"), ("activation_rate", "flows")
        ):  # fmt: skip
            here, there = pulled.both(metric_id, Month(2026, month), product)
            if allowed == MANY:
                assert there.reason == ""
            assert there.reason or (there.rows, there.segments) == (here.rows, here.segments)
