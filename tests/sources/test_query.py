"""A statement typed by a person is read page by page, within bounds, and changes nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Cancelled, ReviewError, SourceError
from reviewtui.sources.query import (
    MOST_CELL_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    QueryEnd,
    QueryHead,
    QueryPage,
    QueryTask,
    run_query,
    table_names,
)
from reviewtui.sources.query_job import answer
from reviewtui.sources.session import open_session
from reviewtui.sources.wire import Part
from tests.sources import hostile
from tests.sources.support import ENDLESS, UNSTOPPABLE, digest, make_file, request_for

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.sources.request import SourceRequest


class Result:
    """What came back, put together."""

    def __init__(self) -> None:
        self.heads: list[QueryHead] = []
        self.pages: list[QueryPage] = []
        self.end: QueryEnd | None = None

    def take(self, part: QueryHead | QueryPage) -> None:
        """One part."""
        if isinstance(part, QueryHead):
            self.heads.append(part)
        else:
            self.pages.append(part)

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        """All rows."""
        return [row for page in self.pages for row in page.rows]


def run(request: SourceRequest, statement: str) -> Result:
    """The whole result of a statement."""
    result = Result()
    result.end = run_query(request, statement, result.take)
    return result


@pytest.fixture(scope="module")
def request_with_data(tmp_path_factory: pytest.TempPathFactory) -> SourceRequest:
    """One source, `acme`, with a few tables."""
    path = make_file(
        tmp_path_factory.mktemp("query") / "acme.duckdb",
        "CREATE TABLE team AS SELECT * FROM (VALUES (1, 'Ann', 2.50), (2, NULL, 0.10)) AS t(id, name, hours)",
        'CREATE SCHEMA "odd one"',
        'CREATE TABLE "odd one"."select" ("Group" INTEGER, "a""b" INTEGER)',
    )
    return request_for({"acme": path}, seconds=20)


def test_values_arrive_as_text_under_their_columns(request_with_data: SourceRequest) -> None:
    """Numbers keep their digits, NULL stays apart from an empty text, times need no time zone library."""
    result = run(
        request_with_data,
        "SELECT id, name, hours, TIMESTAMPTZ '2026-03-01 12:00:00+00' AS seen, [1, 2] AS list"
        " FROM acme.team ORDER BY 1",
    )
    (head,) = result.heads
    assert [(column.name, column.is_number) for column in head.columns] == [
        ("id", True),
        ("name", False),
        ("hours", True),
        ("seen", False),
        ("list", False),
    ]
    assert result.rows == [
        ("1", "Ann", "2.50", "2026-03-01 12:00:00+00", "[1, 2]"),
        ("2", None, "0.10", "2026-03-01 12:00:00+00", "[1, 2]"),
    ]
    assert result.end is not None
    assert (result.end.rows, result.end.cut) == (2, "")


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("SELECT 1; -- the end", [("1",)]),
        ("FROM range(2)", [("0",), ("1",)]),
        ("SELECT 1 AS a, 2 AS a", [("1", "2")]),
        ("WITH x AS (SELECT 3 AS n) SELECT n FROM x", [("3",)]),
        ("SELECT 1 WHERE false", []),
        ("SELECT DATE '-4000-01-01', 'infinity'::DATE", [("4001-01-01 (BC)", "infinity")]),
    ],
)
def test_every_form_of_a_select_can_be_run(
    request_with_data: SourceRequest, statement: str, rows: list[tuple[str, ...]]
) -> None:
    """Trailing marks, comments, repeated names and empty results are ordinary."""
    assert run(request_with_data, statement).rows == rows


def test_tables_can_be_listed_and_described(request_with_data: SourceRequest) -> None:
    """What helps to write a statement is a SELECT too."""
    assert ("id", "INTEGER") in [row[:2] for row in run(request_with_data, "DESCRIBE acme.team").rows]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("", "is empty"),
        ("-- nothing", "is empty"),
        ("SELECT 1; SELECT 2", "has 2 statements"),
        ("DROP TABLE acme.team", "is not a SELECT"),
        ("COPY acme.team TO 'x.csv'", "is not a SELECT"),
        ("SELECT $1", "has a parameter"),
        ("SELEC 1", "syntax error"),
        ("SELECT nonsense FROM acme.team", "nonsense"),
        ("SELECT * FROM acme.teams", "teams"),
        ("SELECT '\0'", "characters that are no text"),
        ("SELECT '\ud800'", "characters that are no text"),
        pytest.param("SELECT " + "(" * 200_000 + "1" + ")" * 200_000, "", id="nested"),
        pytest.param("SELECT '" + "x" * 1_000_000, "", id="long"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_sentence(request_with_data: SourceRequest, statement: str, why: str) -> None:
    """No other statement than one SELECT reaches the data."""
    said = _answer(request_with_data, statement)
    assert why in said
    assert said.startswith("The statement ")
    assert len(said) < 600


def test_ten_million_rows_are_cut_where_a_person_stops_reading(request_with_data: SourceRequest) -> None:
    """The first rows come in order, and it is said that there are more."""
    result = run(request_with_data, "SELECT i FROM range(10000000) r(i) ORDER BY i")
    assert len(result.rows) == MOST_ROWS
    assert result.rows[-1] == (str(MOST_ROWS - 1),)
    assert len(result.pages) > 1
    assert result.end is not None
    assert result.end.cut == "Only the first 10,000 rows are shown. Group or filter to see all."


def test_a_result_of_exactly_the_limit_is_whole(request_with_data: SourceRequest) -> None:
    """Nothing is said to lack where nothing lacks."""
    end = run(request_with_data, f"SELECT i FROM range({MOST_ROWS}) r(i)").end
    assert end is not None
    assert (end.rows, end.cut) == (MOST_ROWS, "")


def test_wide_results_and_long_texts_are_cut(request_with_data: SourceRequest) -> None:
    """Columns beyond the limit are counted, a long text ends in an ellipsis."""
    columns = ", ".join(f"{place} AS c{place}" for place in range(150))
    (head,) = run(request_with_data, f"SELECT {columns}").heads
    assert (len(head.columns), head.found) == (MOST_COLUMNS, 150)
    ((text,),) = run(request_with_data, "SELECT repeat('ab', 5000)").rows
    assert text == "ab" * (MOST_CELL_CHARACTERS // 2 - 1) + "a…"


def test_many_long_texts_end_the_result_early(request_with_data: SourceRequest) -> None:
    """Eight million characters are enough."""
    texts = ", ".join("repeat('x', 2000)" for _ in range(10))
    end = run(request_with_data, f"SELECT {texts} FROM range(10000)").end
    assert end is not None
    assert "very long" in end.cut
    assert end.rows < MOST_ROWS


def test_an_endless_statement_is_stopped_by_its_time(request_with_data: SourceRequest, tmp_path: Path) -> None:
    """Also where it never yields a row."""
    path = make_file(tmp_path / "acme.duckdb", "CREATE TABLE t AS SELECT 1 AS i")
    with pytest.raises(SourceError, match=r"did not finish within 0\.5 s"):
        run(request_for({"acme": path}, seconds=0.5), f"SELECT count(*) FROM ({ENDLESS})")


def test_a_statement_that_ignores_the_interrupt_is_stopped_too(tmp_path: Path) -> None:
    """The process that runs it is ended."""
    path = make_file(tmp_path / "acme.duckdb", "CREATE TABLE t AS SELECT 1 AS i")
    with pytest.raises(SourceError, match="could not be interrupted"):
        run(request_for({"acme": path}, seconds=0.3), UNSTOPPABLE)


def test_a_statement_can_be_cancelled(request_with_data: SourceRequest) -> None:
    """From another thread, while it runs."""
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        run_query(
            request_with_data,
            "SELECT count(*) FROM range(100000000000) r(i) WHERE i % 7 = 3",
            lambda _part: None,
            on_progress=lambda progress: cancel.set() if progress.stage == "Running the statement" else None,
            cancel=cancel,
        )


def test_rows_come_before_the_statement_has_ended(request_with_data: SourceRequest) -> None:
    """A slow statement shows its first page while it goes on."""
    cancel, parts = threading.Event(), []

    def take(part: QueryHead | QueryPage) -> None:
        parts.append(part)
        if isinstance(part, QueryPage):
            cancel.set()

    with pytest.raises(Cancelled):
        run_query(request_with_data, "SELECT i FROM range(100000000000) r(i)", take, cancel=cancel)
    assert any(isinstance(part, QueryPage) for part in parts)


def test_names_are_offered_as_they_are_written(request_with_data: SourceRequest) -> None:
    """Plain where that works, quoted where not."""
    names = {table.name: table.columns for table in table_names(request_with_data)}
    assert names == {
        "acme.team": ("id", "name", "hours"),
        'acme."odd one"."select"': ('"Group"', '"a""b"'),
    }


@pytest.mark.parametrize("kind", ["write", "read", "network", "setting", "state"])
def test_hostile_statements_change_and_reveal_nothing(kind: str, tmp_path: Path) -> None:
    """Each ends in rows without the secret or in a sentence; every file stays as it is."""
    hostile.prepare(tmp_path)
    before = _contents(tmp_path)
    request = request_for({"a": tmp_path / "a.duckdb"})
    for statement in hostile.statements(tmp_path)[kind]:
        said = _answer(request, statement)
        assert hostile.HIDDEN_WORD not in said, statement
        assert "Traceback" not in said, statement
        assert "is not a SELECT" in said or kind != "setting", statement
    assert _contents(tmp_path) == before


def _answer(request: SourceRequest, statement: str) -> str:
    """What a session of its own sends for a statement, or the sentence that it cannot be run."""
    messages: list[object] = []
    session = open_session(request, messages.append)
    try:
        answer(session, QueryTask(statement, 60.0))
    except ReviewError as error:
        return error.message
    finally:
        session.close()
    return repr([message for message in messages if isinstance(message, Part)])


def _contents(folder: Path) -> dict[Path, str]:
    return {path: digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
