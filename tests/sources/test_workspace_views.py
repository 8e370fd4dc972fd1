"""An entry of `[views]` is one SELECT over the sources; anything else is a problem at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sources.support import HOLIDAYS, INVOICE_LINE, digest, make_file, opened, request_for

if TYPE_CHECKING:
    from pathlib import Path

HOLIDAY = "SELECT DATE '2026-01-01' AS day"


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return make_file(tmp_path / "acme.duckdb", HOLIDAYS, INVOICE_LINE.format(name="invoice_line"))


def problem_of(acme: Path, sql: str, table: str = "holiday") -> str:
    """What is wrong with the view; the file stays as it is and its other table is found."""
    before = digest(acme)
    with opened(request_for({"acme": acme}, {table: sql}, seconds=1)) as session:
        assert "invoice_line" in {found.table for found in session.found}
        assert digest(acme) == before
        (problem,) = session.problems
        assert (problem.path, problem.line) == ("reviewtui.toml", 20)
        assert "\n" not in problem.message
        return problem.message


class TestUsableViews:
    @pytest.mark.parametrize(
        "sql",
        [
            HOLIDAY,
            f"{HOLIDAY};",
            f"{HOLIDAY} ;; ",
            f"{HOLIDAY} -- as agreed",
            f"{HOLIDAY}; -- as agreed",
            f"/* first */ {HOLIDAY} /* last */",
            f"-- first\n{HOLIDAY}\n-- last",
            f"({HOLIDAY})",
            f"WITH days AS ({HOLIDAY}) SELECT * FROM days",
            f"{HOLIDAY} UNION ALL {HOLIDAY}",
            f"FROM ({HOLIDAY})",
            "SELECT day AS Day, 'a;b' AS \"x;y\" FROM acme.holiday",
            "TABLE acme.holiday",
        ],
    )
    def test_one_select_in_any_dress_is_used(self, sql: str, acme: Path) -> None:
        """Semicolons and comments around it do not matter."""
        with opened(request_for({"acme": acme}, {"holiday": sql})) as session:
            assert session.problems == []
            found = next(found for found in session.found if found.table == "holiday")
            assert (found.source, found.is_view) == ("[views]", True)
            assert found.columns["day"][1] == "DATE"
            assert session.connection.execute(f"SELECT day FROM {found.relation}").fetchall()

    def test_a_view_replaces_the_tables_of_its_name(self, acme: Path, tmp_path: Path) -> None:
        """In all sources, so that nothing is counted twice."""
        other = make_file(tmp_path / "other.duckdb", HOLIDAYS)
        with opened(request_for({"acme": acme, "other": other}, {"holiday": HOLIDAY})) as session:
            assert [found.source for found in session.found if found.table == "holiday"] == ["[views]"]
            assert session.states[0].tables == ("invoice_line",)

    def test_views_combine_sources(self, acme: Path, tmp_path: Path) -> None:
        other = make_file(tmp_path / "other.duckdb", HOLIDAYS)
        sql = "SELECT day FROM acme.holiday UNION ALL SELECT day FROM other.main.holiday"
        with opened(request_for({"acme": acme, "other": other}, {"holiday": sql})) as session:
            ((count,),) = session.connection.execute(f"SELECT count(*) FROM {session.found[-1].relation}").fetchall()
            assert count == 200


class TestUnusableViews:
    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("", "is empty. Write one SELECT."),
            ("-- nothing", "is empty. Write one SELECT."),
            (";;", "is empty. Write one SELECT."),
            (f"{HOLIDAY}; {HOLIDAY}", "has 2 statements. Write one SELECT."),
            (f"{HOLIDAY}; DROP TABLE acme.holiday", "has 2 statements. Write one SELECT."),
            ("SELEC day FROM acme.holiday", 'cannot be read: syntax error at or near "SELEC"'),
            ("SELECT (day FROM acme.holiday", "cannot be read: syntax error"),
            ("SELECT nothing AS day FROM acme.holiday", 'cannot be read: Referenced column "nothing" not found'),
            ("SELECT day FROM acme.holidays", "cannot be read: Table with name holidays does not exist"),
            ("SELECT day FROM holiday", "Write tables as source.schema.table"),
            ("SELECT day AS d FROM acme.holiday", "lacks day. Add what lacks to its SELECT."),
            ("SELECT $1 AS day", "has a parameter"),
            ("SELECT ? AS day", "has a parameter"),
            ("SELECT '\ud800' AS day", "has characters that are no text"),
            ("SELECT 1 AS day\0; DROP TABLE x", "has characters that are no text"),
            ("SELECT day FROM read_csv('/etc/passwd')", "tries to use files or the network"),
            ("FROM '/etc/passwd'", "cannot be read: Table with name /etc/passwd does not exist"),
            ("SELECT content AS day FROM read_text('{acme}')", "tries to use files or the network"),
            ("SELECT file AS day FROM glob('/*')", "tries to use files or the network"),
            ("SELECT day FROM read_csv('https://127.0.0.1:1/x.csv')", "tries to use files or the network"),
            ("SELECT st_point(1, 2) AS day", "needs a DuckDB extension"),
            ("SELECT day FROM read_xlsx('x.xlsx')", "needs a DuckDB extension"),
            ("WITH x AS (DELETE FROM acme.holiday RETURNING *) FROM x", "tries to change data"),
            ("WITH x AS (INSERT INTO acme.holiday VALUES (NULL) RETURNING *) FROM x", "tries to change data"),
        ],
    )
    def test_the_problem_says_what_to_do(self, sql: str, words: str, acme: Path) -> None:
        message = problem_of(acme, sql.format(acme=acme))
        assert message.startswith("The view holiday ")
        assert words in message

    @pytest.mark.parametrize(
        "sql",
        [
            "COPY acme.holiday TO '/tmp/x.csv'",
            "ATTACH '/tmp/x.duckdb' AS x",
            "DETACH acme",
            "SET threads = 1",
            "RESET threads",
            "EXPLAIN SELECT 1",
            "PRAGMA version",
            "CALL pragma_version()",
            "PREPARE p AS SELECT 1",
            "EXECUTE p",
            "PIVOT acme.holiday ON day",
            "INSERT INTO acme.holiday VALUES (NULL)",
            "UPDATE acme.holiday SET day = NULL",
            "DELETE FROM acme.holiday",
            "CREATE TABLE t (i INT)",
            "DROP TABLE acme.holiday",
            "ALTER TABLE acme.holiday ADD COLUMN x INT",
            "EXPORT DATABASE '/tmp/x'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "USE acme",
            "VACUUM",
            "CHECKPOINT",
            "BEGIN",
            "SET VARIABLE x = 1",
            "MERGE INTO acme.holiday USING (SELECT 1) ON false WHEN NOT MATCHED THEN INSERT VALUES (NULL)",
        ],
    )
    def test_any_other_statement_is_refused(self, sql: str, acme: Path) -> None:
        assert "is not a SELECT but " in problem_of(acme, sql)

    def test_a_failed_view_leaves_its_table_missing(self, acme: Path) -> None:
        """The table of the same name in the source is not what the person asked for."""
        with opened(request_for({"acme": acme}, {"holiday": "SELECT 1 AS nothing"})) as session:
            assert [found.table for found in session.found] == ["invoice_line"]
            assert session.missing["holiday"] == "the view holiday cannot be used"

    def test_an_unknown_table_name_lists_the_known_ones(self, acme: Path) -> None:
        message = problem_of(acme, HOLIDAY, "invoices")
        assert message.startswith("The view invoices has the name of no input table. Use one of: customer, ")

    def test_hostile_text_in_errors_is_made_visible(self, acme: Path) -> None:
        """A quoted name with an escape sequence does not reach the terminal."""
        message = problem_of(acme, 'SELECT "\x1b[2J\x07evil" AS day FROM acme.holiday')
        assert "\x1b" not in message
        assert "␛[2J" in message

    def test_one_bad_view_does_not_stop_the_next(self, acme: Path) -> None:
        views = {"holiday": "SELECT", "usage_day": "SELECT 'p' AS product_id, day FROM acme.holiday"}
        with opened(request_for({"acme": acme}, views)) as session:
            assert {found.table for found in session.found} == {"invoice_line", "usage_day"}
            assert [problem.line for problem in session.problems] == [20]
