"""Input tables are found by name and columns in any schema, and what is not used says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewtui.errors import Problem, Severity
from reviewtui.sources.canonical import CANONICAL_TABLES
from reviewtui.text import safe_text
from tests.sources.support import ENDLESS, HOLIDAYS, INVOICE_LINE, make_file, opened, request_for

HOSTILE_STRINGS = Path(__file__).parents[2] / "fixtures" / "hostile_strings.json"
BILLING = INVOICE_LINE.format(name="billing.invoice_line")


def test_a_table_is_found_with_its_columns(tmp_path: Path) -> None:
    """Only columns the program knows, under their canonical names, with name and type as found."""
    path = make_file(
        tmp_path / "a.duckdb", 'CREATE TABLE HOLIDAY ("Day" DATE, "CALENDAR" INTEGER, note VARCHAR, d2 DATE)'
    )
    with opened(request_for({"acme": path})) as session:
        (found,) = session.found
        assert (found.table, found.source, found.relation, found.is_view) == (
            "holiday",
            "acme",
            '"acme"."main"."HOLIDAY"',
            False,
        )
        assert found.columns == {"day": ("Day", "DATE"), "calendar": ("CALENDAR", "INTEGER")}
        assert session.states[0].tables == ("holiday",)
        assert "holiday" not in session.missing
        assert set(session.missing) == {table.name for table in CANONICAL_TABLES} - {"holiday"}
        assert session.problems == []


def test_any_schema_will_do(tmp_path: Path) -> None:
    path = make_file(tmp_path / "a.duckdb", "CREATE SCHEMA billing", BILLING)
    with opened(request_for({"acme": path})) as session:
        assert session.found[0].relation == '"acme"."billing"."invoice_line"'


def test_main_wins_over_other_schemas_with_a_warning(tmp_path: Path) -> None:
    path = make_file(
        tmp_path / "a.duckdb",
        "CREATE SCHEMA billing",
        BILLING,
        "CREATE SCHEMA archive",
        INVOICE_LINE.format(name="archive.invoice_line"),
        INVOICE_LINE.format(name="invoice_line"),
    )
    with opened(request_for({"acme": path})) as session:
        (found,) = session.found
        assert found.relation == '"acme"."main"."invoice_line"'
        assert session.problems == [
            Problem(
                "acme.main.invoice_line",
                None,
                "acme.main.invoice_line is used, not acme.archive.invoice_line, acme.billing.invoice_line."
                " Rename one, or choose with an entry of [views].",
                Severity.WARNING,
            )
        ]


def test_without_main_the_first_schema_by_name_wins(tmp_path: Path) -> None:
    path = make_file(
        tmp_path / "a.duckdb",
        *(
            "CREATE SCHEMA billing",
            BILLING,
            "CREATE SCHEMA archive",
            INVOICE_LINE.format(name="archive.invoice_line"),
        ),
    )
    with opened(request_for({"acme": path})) as session:
        assert session.found[0].relation == '"acme"."archive"."invoice_line"'
        assert session.problems[0].severity is Severity.WARNING


def test_a_usable_table_wins_over_one_in_main_that_lacks_columns(tmp_path: Path) -> None:
    path = make_file(tmp_path / "a.duckdb", "CREATE SCHEMA billing", BILLING, "CREATE TABLE invoice_line (amount INT)")
    with opened(request_for({"acme": path})) as session:
        assert session.found[0].relation == '"acme"."billing"."invoice_line"'
        assert "acme.billing.invoice_line is used, not acme.main.invoice_line" in session.problems[0].message


def test_several_sources_combine(tmp_path: Path) -> None:
    """One relation of each source, in the order of the sources."""
    first = make_file(tmp_path / "a.duckdb", HOLIDAYS)
    second = make_file(tmp_path / "b.duckdb", HOLIDAYS)
    with opened(request_for({"zeta": first, "acme": second})) as session:
        assert [found.relation for found in session.found] == ['"zeta"."main"."holiday"', '"acme"."main"."holiday"']
        assert session.problems == []


def test_a_table_that_lacks_columns_says_which(tmp_path: Path) -> None:
    path = make_file(
        tmp_path / "a.duckdb",
        "CREATE SCHEMA billing",
        "CREATE TABLE billing.invoice_line (customer_id INT, product_id INT, period_start DATE)",
    )
    with opened(request_for({"acme": path})) as session:
        assert session.found == ()
        assert session.missing["invoice_line"] == "acme.billing.invoice_line lacks period_end, amount"


def test_an_empty_database_has_no_tables_and_no_problem(tmp_path: Path) -> None:
    with opened(request_for({"acme": make_file(tmp_path / "a.duckdb")})) as session:
        assert session.found == ()
        assert session.problems == []


class TestStoredViews:
    def test_a_view_serves_as_a_table_and_is_marked(self, tmp_path: Path) -> None:
        """Its rows come from SQL that may not end."""
        path = make_file(
            tmp_path / "a.duckdb",
            "CREATE SCHEMA raw",
            "CREATE TABLE raw.days AS SELECT DATE '2026-01-01' AS day",
            "CREATE VIEW holiday AS SELECT * FROM raw.days",
        )
        with opened(request_for({"other_name": path})) as session:
            (found,) = session.found
            assert found.is_view
            assert len(session.connection.execute(f"SELECT day::VARCHAR FROM {found.relation}").fetchall()) == 1

    def test_an_endless_view_is_found_without_reading_it(self, tmp_path: Path) -> None:
        path = make_file(tmp_path / "a.duckdb", f"CREATE VIEW holiday AS {ENDLESS}")
        with opened(request_for({"acme": path})) as session:
            assert session.found[0].is_view

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (
                [
                    "CREATE TABLE t (day DATE)",
                    "CREATE VIEW holiday AS SELECT day FROM t",
                    "ALTER TABLE t RENAME day TO d",
                ],
                'cannot be read: Referenced column "day" not found',
            ),
            (
                ["CREATE TABLE t (day DATE)", "CREATE VIEW holiday AS SELECT day FROM t", "DROP TABLE t"],
                "cannot be read: Table with name t does not exist",
            ),
            (
                ["CREATE VIEW holiday AS SELECT DATE '2026-01-01' AS day FROM read_text('{here}')"],
                "tries to use files or the network, which is not allowed",
            ),
            (
                ["CREATE VIEW holiday AS SELECT DATE '2026-01-01' AS day FROM glob('{here}')"],
                "tries to use files or the network, which is not allowed",
            ),
        ],
    )
    def test_a_view_that_cannot_be_bound_is_a_problem(self, make: list[str], words: str, tmp_path: Path) -> None:
        """The problem names the view; other tables are found."""
        statements = [statement.format(here=__file__) for statement in make]
        path = make_file(tmp_path / "a.duckdb", *statements, INVOICE_LINE.format(name="invoice_line"))
        with opened(request_for({"acme": path})) as session:
            assert [found.table for found in session.found] == ["invoice_line"]
            (problem,) = session.problems
            assert problem.path == "acme.main.holiday"
            assert words in problem.message
            assert session.missing["holiday"] == "acme.main.holiday cannot be used"

    def test_a_computed_column_counts_as_a_view(self, tmp_path: Path) -> None:
        path = make_file(tmp_path / "a.duckdb", "CREATE TABLE holiday (i INT, day DATE AS (DATE '2026-01-01' + i))")
        with opened(request_for({"acme": path})) as session:
            assert session.found[0].is_view


class TestSize:
    def test_many_tables_and_a_very_wide_one_are_no_trouble(self, tmp_path: Path) -> None:
        """Thousands of each; the known columns are found among them."""
        wide = ", ".join(f"c{number} INT" for number in range(5000))
        many = "; ".join(f"CREATE TABLE t{number} (i INT)" for number in range(5000))
        path = make_file(tmp_path / "a.duckdb", "BEGIN", many, f"CREATE TABLE holiday ({wide}, day DATE)", "COMMIT")
        with opened(request_for({"acme": path})) as session:
            assert session.found[0].columns == {"day": ("day", "DATE")}

    def test_a_huge_enumeration_is_named_in_short(self, tmp_path: Path) -> None:
        values = ", ".join(f"'value {number}'" for number in range(10_000))
        path = make_file(
            tmp_path / "a.duckdb",
            f"CREATE TYPE calendar_name AS ENUM ({values})",
            "CREATE TABLE holiday (day DATE, calendar calendar_name)",
        )
        with opened(request_for({"acme": path})) as session:
            assert session.found[0].columns["calendar"] == ("calendar", "ENUM")


class TestHostileNames:
    """Any name that DuckDB stores is quoted in SQL and cleaned in messages."""

    names = tuple(entry["value"] for entry in json.loads(HOSTILE_STRINGS.read_text(encoding="utf-8")))

    def test_as_source_names(self, tmp_path: Path) -> None:
        """Each source is read under its name, or has a problem."""
        path = make_file(tmp_path / "a.duckdb", HOLIDAYS)
        with opened(request_for(dict.fromkeys(self.names, path))) as session:
            readable = {found.source for found in session.found}
            for found in session.found:
                assert session.connection.execute(f"SELECT day FROM {found.relation} LIMIT 1").fetchall()
            for state in session.states:
                assert (state.name in readable) != bool(state.problem)
            assert len(readable) > len(self.names) * 0.8
            assert all(safe_text(problem.message) == problem.message for problem in session.problems)

    def test_as_schema_names(self, tmp_path: Path) -> None:
        """A table is found in a schema of any name; one that lacks columns is told cleanly."""
        short = [name for name in self.names if 0 < len(name) < 60 and "\0" not in name and _is_unicode(name)]
        tables = [table for table in CANONICAL_TABLES if table.name != "event"]
        pairs = list(zip(short, tables * len(short), strict=False))
        for start in range(0, len(pairs), len(tables)):
            part = {name.lower(): (name, table) for name, table in pairs[start : start + len(tables)]}
            statements = ["BEGIN"]
            for name, table in part.values():
                schema = '"' + name.replace('"', '""') + '"'
                columns = ", ".join(f'"{column}" VARCHAR' for column in table.required)
                statements += [
                    f"CREATE SCHEMA IF NOT EXISTS {schema}",
                    f"CREATE TABLE {schema}.{table.name} ({columns})",
                ]
                statements.append(f"CREATE TABLE {schema}.event (z INT)")
            path = make_file(tmp_path / f"{start}.duckdb", *statements, "COMMIT")
            with opened(request_for({"acme": path})) as session:
                assert {found.table for found in session.found} == {table.name for _, table in part.values()}
                for found in session.found:
                    session.connection.execute(f"SELECT * FROM {found.relation}").fetchall()
                assert safe_text(session.missing["event"], 10_000) == session.missing["event"]


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
