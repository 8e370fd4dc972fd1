"""Real engines give cell for cell what is computed here, and say plainly what they refuse.

Each is skipped, with the reason, where its server, Java or package is missing.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from reviewtui.cli import main
from reviewtui.engines.engine import TEXT, WHOLE, Column, EngineError, Unreachable
from reviewtui.engines.opening import open_engine
from reviewtui.errors import Severity
from reviewtui.metrics.compute import rows_path
from reviewtui.workspace.model import EngineConfig, ViewConfig, Workspace
from tests.engines.companies import differences, on_engine, pull_with
from tests.engines.drilling import behind, without_note
from tests.engines.servers import (
    CONNECT_PORT,
    QUICK_START,
    load_postgresql,
    missing_clickhouse,
    missing_postgresql,
    missing_spark,
    missing_spark_connect,
    parquet_of,
    postgresql_server,
    refusing_clickhouse,
    spark_connect_server,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewtui.engines.pulling import PullReport
    from reviewtui.metrics.sheet import MetricSheet

needs_postgresql = pytest.mark.skipif(bool(missing_postgresql()), reason=missing_postgresql())
needs_clickhouse = pytest.mark.skipif(bool(missing_clickhouse()), reason=missing_clickhouse())
needs_spark = pytest.mark.skipif(bool(missing_spark()), reason=missing_spark())

ICEBERG = os.environ.get("REVIEWTUI_ICEBERG_JAR", "")
"""The runtime of Iceberg for the Spark that is installed."""
JDBC = "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog"
DERBY = "org.apache.derby.jdbc.EmbeddedDriver"
needs_iceberg = pytest.mark.skipif(not ICEBERG, reason="REVIEWTUI_ICEBERG_JAR names no runtime of Iceberg for Spark")

OF_THE_READER = "open sesame"
MANY = 1_000_000
FEW = 3_000
"""So many rows that of events some months come, and not all."""
SPARK_OPTIONS = {
    "spark.driver.memory": "1500m",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": f"{QUICK_START} -Dderby.stream.error.file=/dev/null",
}
INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
"""Small tables are read before a query is compiled; only on this machine is that decided query by query."""
ALL_SECTIONS = ["revenue", "usage", "activation", "NPS", "support", "imported values", "custom metrics"]


@pytest.fixture(scope="module")
def server(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineConfig]:
    """A PostgreSQL server with the company's tables."""
    scratch = tmp_path_factory.mktemp("tables")
    with postgresql_server() as dsn:
        load_postgresql(dsn, company.sources[0].path, "demo", scratch)
        yield EngineConfig("warehouse", "postgresql", dsn=dsn, schema="demo", user="reader")


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWTUI_WAREHOUSE_PASSWORD", OF_THE_READER)


@pytest.fixture
def parquet(company: Workspace, tmp_path: Path) -> dict[str, str]:
    return parquet_of(company.sources[0].path, tmp_path / "parquet")


def errors(report: PullReport) -> list[tuple[int | None, str]]:
    """Line and message of what went wrong, without what the engine said of it; that its zone is another is no error."""
    found = [problem for problem in report.problems if problem.severity is Severity.ERROR]
    return [(problem.line, problem.message.partition(" (")[0]) for problem in found]


def pull_and_compare(company: Workspace, config: EngineConfig, local: MetricSheet) -> None:
    """Pull twice: everything, then what is open or changed, with few rows and with all; every cell and row agrees."""
    workspace = on_engine(company, config)
    for most_rows in (FEW, MANY):
        report = pull_with(open_engine(config, company.root), workspace, most_rows=most_rows)
        assert errors(report) == [], report.problems
        assert [section.name for section in report.sections] == ALL_SECTIONS
        assert differences(workspace, local) == []
        limited = [item.message for item in report.problems if item.message.startswith("the rows of event are from ")]
        assert len(limited) == (most_rows == FEW)
        explained = ["unique_users", "users_new", "wau_mau", "retention_1m", "activation_rate"]
        explained += ["mrr", "nps", "tickets_created", "sla"] if most_rows == MANY else []
        for metric_id in explained:
            expected = behind(replace(company, engines=()), metric_id, product="flows")
            assert without_note(behind(workspace, metric_id, product="flows")) == without_note(expected), metric_id


def keep_and_let_go(engine: Any) -> None:
    """What is kept stays as it is, whatever becomes of what it was made of and of its name."""
    engine.upload("reviewtui_given", (Column("k", WHOLE), Column("name", TEXT)), [(1, "a"), (2, "b")])
    engine.create("reviewtui_made", "select k, name from reviewtui_given where k > 1")
    engine.append("reviewtui_made", "select k + 5, name from reviewtui_given")
    engine.drop("reviewtui_given")
    engine.append("reviewtui_made", "select k * 10, name from reviewtui_made where k < 7")
    engine.create("reviewtui_kept", "select sum(k) as total from reviewtui_made")
    assert sorted(engine.fetch("select k, name from reviewtui_made").rows) == [
        (2, "b"), (6, "a"), (7, "b"), (20, "b"), (60, "a"),
    ]  # fmt: skip
    engine.drop("reviewtui_made")
    engine.create("reviewtui_made", "select total + 1 as total from reviewtui_kept")
    engine.drop("reviewtui_kept")
    assert [int(total) for (total,) in engine.fetch("select total from reviewtui_made").rows] == [96]
    engine.close()


def keep_what_was_read(engine: Any, folder: Path) -> None:
    """Rows that were kept are not read again: their file may go. What is made of them stays when they are added to."""
    given = folder / "given.parquet"
    duckdb.execute(f"copy (select unnest([1, 2]) as k) to '{given}' (format parquet)")
    engine.create("reviewtui_made", f"select k from parquet.`{given}`")
    engine.create("reviewtui_kept", "select k * 1000 as k from reviewtui_made")
    engine.append("reviewtui_made", f"select k + 10 from parquet.`{given}`")
    engine.append("reviewtui_made", "select k + 100 from reviewtui_made where k > 10")
    given.unlink()
    assert sorted(engine.fetch("select k from reviewtui_made").rows) == [(1,), (2,), (11,), (12,), (111,), (112,)]
    assert sorted(engine.fetch("select k from reviewtui_kept").rows) == [(1000,), (2000,)]
    engine.drop("reviewtui_made")
    assert sorted(engine.fetch("select k from reviewtui_kept").rows) == [(1000,), (2000,)]
    engine.drop("reviewtui_kept")


def plan_after(engine: Any, steps: int) -> int:
    """How long the plan of a table is that was made in so many steps, each of which reads the one before twice."""
    engine.upload("reviewtui_step_0", (Column("k", WHOLE),), [(1,), (2,)])
    for step in range(1, steps + 1):
        before = f"reviewtui_step_{step - 1}"
        engine.create(f"reviewtui_step_{step}", f"select one.k from {before} as one join {before} as other using (k)")
    ((plan,),) = engine.fetch(f"explain extended select k from reviewtui_step_{steps}").rows
    for step in range(steps + 1):
        engine.drop(f"reviewtui_step_{step}")
    return len(str(plan))


@needs_postgresql
@pytest.mark.usefixtures("password")
class TestPostgreSQL:
    def test_work_tables_are_kept_and_let_go_of(self, company: Workspace, server: EngineConfig) -> None:
        keep_and_let_go(open_engine(server, company.root))

    def test_every_cell_agrees(self, company: Workspace, server: EngineConfig, local_sheet: MetricSheet) -> None:
        pull_and_compare(company, server, local_sheet)

    def test_a_wrong_password_is_told_from_a_server_that_is_down(
        self, company: Workspace, server: EngineConfig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REVIEWTUI_WAREHOUSE_PASSWORD", "guess")
        with pytest.raises(Unreachable, match=r"^refuses the user or the password\. Set the password"):
            open_engine(server, company.root)
        down = replace(server, dsn=server.dsn.replace("port=", "port=1"))
        with pytest.raises(Unreachable, match=r"cannot be reached .*Check that it runs"):
            open_engine(down, company.root)

    def test_a_missing_table_and_a_forbidden_one_leave_the_rest(self, company: Workspace, server: EngineConfig) -> None:
        views = {
            "refund": ViewConfig("refund", "select * from demo.nowhere", 7),
            "ticket": ViewConfig("ticket", "select * from pg_authid", 8),
        }
        config = replace(server, views=views)
        own = on_engine(replace(company, custom_metrics=()), config)
        report = pull_with(open_engine(config, company.root), own)
        assert errors(report) == [
            (7, "The view refund of the engine warehouse: has no such table"),
            (8, "The view ticket of the engine warehouse: does not permit it"),
        ]
        assert [section.name for section in report.sections] == [
            "revenue", "usage", "activation", "NPS", "imported values",
        ]  # fmt: skip

    def test_a_connection_that_is_ended_half_way_leaves_what_was_pulled(
        self, company: Workspace, server: EngineConfig
    ) -> None:
        import psycopg

        engine: Any = open_engine(server, company.root)
        create = engine.create

        def ended(name: str, query: str) -> None:
            if name == "reviewtui_activity":
                with psycopg.connect(f"{server.dsn} user=admin", autocommit=True) as admin:
                    admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'")
            create(name, query)

        engine.create = ended
        report = pull_with(engine, on_engine(company, server))
        assert [section.name for section in report.sections] == ["revenue"]
        assert "Pull again when it is back" in report.problems[-1].message

    def test_a_query_that_is_ended_leaves_its_section_and_the_others_come(
        self, company: Workspace, server: EngineConfig
    ) -> None:
        engine: Any = open_engine(server, company.root)
        create = engine.create

        def end() -> None:
            import psycopg

            with psycopg.connect(f"{server.dsn} user=admin", autocommit=True) as admin:
                running = "select count(pg_cancel_backend(pid)) from pg_stat_activity where query like '%select slow.%'"
                for _ in range(MANY):
                    if admin.execute(f"{running} and usename = 'reader'").fetchone() != (0,):
                        break

        def slow(name: str, query: str) -> None:
            if name == "reviewtui_activity":
                with ThreadPoolExecutor() as others:
                    others.submit(end)
                    create(name, f"select slow.* from ({query}) slow cross join (select pg_sleep(20)) asleep")
            create(name, query)

        engine.create = slow
        report = pull_with(engine, on_engine(company, server))
        assert [section.name for section in report.sections] == [name for name in ALL_SECTIONS if name != "usage"]
        assert errors(report) == [(None, "usage: ended the query before it was done")]

    def test_rows_that_are_added_while_it_reads_are_not_seen(
        self, company: Workspace, server: EngineConfig, local_sheet: MetricSheet
    ) -> None:
        import psycopg

        engine: Any = open_engine(server, company.root)
        create = engine.create
        added = "insert into demo.event (product_id, event, user_id, occurred_at) values ('forms', 'x', 'late', %s)"

        def add(name: str, query: str) -> None:
            if name == "reviewtui_activity":
                with psycopg.connect(f"{server.dsn} user=admin", autocommit=True) as admin:
                    admin.execute(added, [datetime(2026, 10, 9, tzinfo=UTC)])
            create(name, query)

        engine.create = add
        try:
            workspace = on_engine(company, server)
            assert errors(pull_with(engine, workspace)) == []
            assert differences(workspace, local_sheet) == []
        finally:
            with psycopg.connect(f"{server.dsn} user=admin", autocommit=True) as admin:
                admin.execute("delete from demo.event where user_id = 'late'")


@needs_clickhouse
class TestClickHouse:
    def test_work_tables_are_kept_and_let_go_of(self, company: Workspace, parquet: dict[str, str]) -> None:
        config = EngineConfig("warehouse", "clickhouse", url="chdb://memory", parquet=parquet)
        keep_and_let_go(open_engine(config, company.root))

    @pytest.mark.usefixtures("password")
    def test_a_wrong_password_is_told_from_a_server_that_is_down(self, company: Workspace) -> None:
        down = EngineConfig("warehouse", "clickhouse", url="http://127.0.0.1:9", user="reader")
        with pytest.raises(Unreachable, match=r"cannot be reached .*Check that it runs"):
            open_engine(down, company.root)
        with (
            refusing_clickhouse() as address,
            pytest.raises(Unreachable, match=r"^refuses the user or the password\. Set the password"),
        ):
            open_engine(replace(down, url=address), company.root)

    def test_every_cell_agrees(self, company: Workspace, parquet: dict[str, str], local_sheet: MetricSheet) -> None:
        config = EngineConfig("warehouse", "clickhouse", url="chdb://memory", parquet=parquet)
        pull_and_compare(company, config, local_sheet)

    def test_a_missing_file_is_named(self, company: Workspace, parquet: dict[str, str], tmp_path: Path) -> None:
        gone = {"refund": str(tmp_path / "gone.parquet"), "ticket": parquet["ticket"]}
        config = EngineConfig("warehouse", "clickhouse", url="chdb://memory", parquet=gone)
        own = on_engine(replace(company, custom_metrics=()), config)
        report = pull_with(open_engine(config, company.root), own)
        assert [section.name for section in report.sections] == ["support"]
        assert "gone.parquet" in report.problems[0].message

    def test_the_command_brings_rows_and_removes_them_again(
        self, parquet: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        root = tmp_path / "reviews"
        root.mkdir()
        files = f'parquet = {{ refund = "{parquet["refund"]}", fx_rate = "{parquet["fx_rate"]}" }}'
        entry = f'[[engine]]\nname = "lake"\nkind = "clickhouse"\nurl = "chdb://memory"\n{files}\n'
        (root / "reviewtui.toml").write_text(f"schema = 1\n{entry}", "utf-8")
        words = ["--workspace", str(root), "--as-of", "2026-11-22", "pull"]
        assert main([*words, "--rows"]) == 0
        first, *parts = capsys.readouterr().out.splitlines()
        assert first.startswith("lake: 1 section pulled in ")
        assert [line.split()[0] for line in parts] == ["revenue", "rows"]
        assert rows_path(root, "lake").exists()
        assert main([*words, "--no-rows"]) == 0
        assert capsys.readouterr().out.startswith("lake: the rows of an earlier pull were removed\n")
        assert not rows_path(root, "lake").exists()


@needs_spark
class TestSpark:
    def test_work_tables_are_kept_and_let_go_of(self, company: Workspace, parquet: dict[str, str]) -> None:
        config = EngineConfig("warehouse", "spark", master="local[2]", parquet=parquet, options=SPARK_OPTIONS)
        keep_and_let_go(open_engine(config, company.root))

    @pytest.mark.parametrize("most_unpacked", [0, MANY])
    def test_rows_are_kept_once_they_were_read(
        self, company: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_unpacked: int
    ) -> None:
        monkeypatch.setattr("reviewtui.engines.spark._MOST_UNPACKED_ROWS", most_unpacked)
        config = EngineConfig("warehouse", "spark", master="local[2]", options=SPARK_OPTIONS)
        engine: Any = open_engine(config, company.root)
        keep_what_was_read(engine, tmp_path)
        assert engine._session.sparkContext._jsc.getPersistentRDDs().isEmpty()
        engine.close()

    def test_rows_that_are_lost_with_a_machine_are_told(self, company: Workspace) -> None:
        config = EngineConfig("warehouse", "spark", master="local[2]", options=SPARK_OPTIONS)
        engine: Any = open_engine(config, company.root)
        engine.upload("reviewtui_given", (Column("k", WHOLE),), [(1,), (2,)])
        engine.create("reviewtui_made", "select k from reviewtui_given")
        for rows in engine._session.sparkContext._jsc.getPersistentRDDs().values():
            rows.unpersist(True)
        with pytest.raises(EngineError, match=r"lost rows that it kept, with one of its machines\. Pull again"):
            engine.fetch("select sum(k) from reviewtui_made")
        engine.close()

    def test_the_plan_of_a_table_does_not_hold_the_plans_of_those_it_was_made_of(self, company: Workspace) -> None:
        config = EngineConfig("warehouse", "spark", master="local[2]", options=SPARK_OPTIONS)
        engine: Any = open_engine(config, company.root)
        assert plan_after(engine, 6) < 1.5 * plan_after(engine, 2)
        engine.close()

    def test_every_cell_agrees(self, company: Workspace, parquet: dict[str, str], local_sheet: MetricSheet) -> None:
        config = EngineConfig("warehouse", "spark", master="local[2]", parquet=parquet, options=SPARK_OPTIONS)
        pull_and_compare(company, config, local_sheet)

    def test_the_tables_of_a_catalogue_are_used_and_a_missing_file_is_named(
        self, company: Workspace, parquet: dict[str, str], tmp_path: Path
    ) -> None:
        options = SPARK_OPTIONS | {"spark.sql.warehouse.dir": str(tmp_path / "warehouse")}
        views = {"refund": ViewConfig("refund", f"select * from parquet.`{tmp_path / 'gone.parquet'}`", 7)}
        config = EngineConfig("warehouse", "spark", master="local[2]", schema="sales", views=views, options=options)
        engine: Any = open_engine(config, company.root)
        engine.fetch("create schema sales")
        engine.fetch(f"create table sales.metric_value as select * from parquet.`{parquet['metric_value']}`")
        own = on_engine(replace(company, custom_metrics=()), config)
        report = pull_with(engine, own)
        assert errors(report) == [(7, "The view refund of the engine warehouse: has no such table")]
        assert [section.name for section in report.sections] == ["imported values"]

    @pytest.mark.parametrize("kind", ["jdbc", pytest.param("iceberg", marks=needs_iceberg)])
    def test_the_tables_of_a_named_catalogue_are_used(
        self, company: Workspace, parquet: dict[str, str], tmp_path: Path, kind: str
    ) -> None:
        lake = "spark.sql.catalog.lake"
        known = {lake: JDBC, f"{lake}.url": f"jdbc:derby:{tmp_path / 'lake'};create=true", f"{lake}.driver": DERBY}
        known |= {f"{lake}.pushDownPredicate": "false"}  # Derby cannot compare the texts that Spark makes in it.
        if kind == "iceberg":
            known = {lake: "org.apache.iceberg.spark.SparkCatalog", f"{lake}.type": "hadoop", "spark.jars": ICEBERG}
            known |= {f"{lake}.warehouse": str(tmp_path / "warehouse")}
        note = "select product_id, day as refunded_on, amount from lake.sales.note"
        config = EngineConfig(
            "warehouse", "spark", master="local[2]", catalog="lake", schema="sales",
            views={"refund": ViewConfig("refund", note, 7)}, options=SPARK_OPTIONS | known,
        )  # fmt: skip
        engine: Any = open_engine(config, company.root)
        engine.fetch("create schema lake.sales")
        engine.fetch("create table lake.sales.note (product_id string, day date, amount double)")
        engine.fetch("insert into lake.sales.note values ('forms', date '2026-10-05', 7.5), ('forms', null, 1)")
        columns = "product_id string, month date, metric string, value double"
        engine.fetch(f"create table lake.sales.metric_value ({columns})")
        stored = f"select product_id, month, metric, value from parquet.`{parquet['metric_value']}`"
        engine.fetch(f"insert into lake.sales.metric_value {stored}")
        report = pull_with(engine, on_engine(replace(company, custom_metrics=()), config))
        assert errors(report) == [], report.problems
        assert [section.name for section in report.sections] == ["revenue", "imported values"]

    @pytest.mark.skipif(not find_spec("grpc"), reason="Spark Connect needs grpcio: pip install 'reviewtui[spark]'")
    def test_a_connect_server_that_is_down_is_told(self, company: Workspace) -> None:
        with pytest.raises(Unreachable, match=r"cannot be reached .*Check that it runs"):
            open_engine(EngineConfig("warehouse", "spark", url="sc://127.0.0.1:9"), company.root)


@pytest.mark.skipif(bool(missing_spark_connect()), reason=missing_spark_connect())
class TestSparkConnect:
    @pytest.fixture(scope="class")
    def address(self) -> Iterator[str]:
        """A Spark Connect server."""
        with spark_connect_server() as address:
            yield address

    def test_work_tables_are_kept_and_let_go_of(
        self, company: Workspace, parquet: dict[str, str], address: str
    ) -> None:
        config = EngineConfig("warehouse", "spark", url=address, parquet=parquet, options=INTERPRETED)
        keep_and_let_go(open_engine(config, company.root))

    def test_rows_are_kept_once_they_were_read(self, company: Workspace, tmp_path: Path, address: str) -> None:
        engine: Any = open_engine(EngineConfig("warehouse", "spark", url=address, options=INTERPRETED), company.root)
        keep_what_was_read(engine, tmp_path)
        assert plan_after(engine, 6) < 1.5 * plan_after(engine, 2)
        engine.close()

    def test_a_server_that_goes_is_told_and_asked_nothing_more(self, company: Workspace) -> None:
        with spark_connect_server(CONNECT_PORT + 1) as address:
            engine: Any = open_engine(EngineConfig("warehouse", "spark", url=address), company.root)
            engine.create("reviewtui_made", "select 1 as k")
        with pytest.raises(Unreachable, match="cannot be reached"):
            engine.fetch("select k from reviewtui_made")
        engine.close()
        assert engine._session.client.is_closed

    def test_every_cell_agrees(
        self, company: Workspace, parquet: dict[str, str], local_sheet: MetricSheet, address: str
    ) -> None:
        config = EngineConfig("warehouse", "spark", url=address, parquet=parquet, options=INTERPRETED)
        pull_and_compare(company, config, local_sheet)


def test_a_variable_that_is_not_set_is_named(company: Workspace) -> None:
    config = EngineConfig("warehouse", "spark", url="sc://host:15002/;token=${NOWHERE_SET}")
    with pytest.raises(EngineError, match="needs the environment variable NOWHERE_SET, which is not set"):
        open_engine(config, company.root)
