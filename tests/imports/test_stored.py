"""The files of imports/ as they are read: whole, edited by hand, or broken."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from reviewtui.errors import Severity
from reviewtui.imports import stored
from reviewtui.imports.stored import read_imports
from reviewtui.imports.understanding import ImportedValue, Understanding
from reviewtui.imports.written import values_text
from reviewtui.months import Month
from tests.sheets import hostile_strings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HEAD = "product_id,month,metric,value,n,source,imported_at\n"


def file(folder: Path, text: str | bytes, name: str = "budget.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems(path: Path) -> list[str]:
    return [str(problem) for problem in read_imports([path]).problems]


def values(*paths: Path) -> list[tuple[str, str, str, float]]:
    read = read_imports(paths).values
    return [(row.product_id, str(Month.of(row.month)), row.metric, row.value) for row in read]


class TestRows:
    def test_every_column_is_read(self, tmp_path: Path) -> None:
        path = file(tmp_path, HEAD + "replay,2026-01,nps,40.5,12,budget.xlsx,2026-02-03T00:00:00Z\n")
        (row,) = read_imports([path]).values
        assert row[:6] == ("replay", date(2026, 1, 1), "nps", 40.5, 12.0, "budget.xlsx")
        assert row.imported_at is not None
        assert row.imported_at.isoformat() == "2026-02-03T00:00:00+00:00"

    def test_columns_may_stand_in_any_order_and_optional_ones_may_lack(self, tmp_path: Path) -> None:
        path = file(tmp_path, "\ufeffValue,metric,MONTH,product_id,comment\r\n1e3,mrr,2026-01-31,replay,hello\r\n\r\n")
        assert values(path) == [("replay", "2026-01", "mrr", 1000.0)]
        assert problems(path) == []

    def test_a_bad_row_is_reported_with_its_line_and_the_others_are_used(self, tmp_path: Path) -> None:
        rows = [
            "replay,2026-13,mrr,1",
            "replay,Jan 26,mrr,1",
            "replay,2026-01,mrr,",
            "replay,2026-01,mrr,1_000",
            "replay,2026-01,mrr,inf",
            ",2026-01,mrr,1",
            "replay,2026-01,,1",
            "replay,2026-01",
            "replay,2026-01,mrr,1,x",
            "replay,2026-01,mrr,1,,,yesterday",
            "replay,1026-01,mrr,1",
            "replay,2026-02,mrr,7",
        ]
        path = file(tmp_path, HEAD + "\n".join(rows))
        assert values(path) == [("replay", "2026-02", "mrr", 7.0)]
        assert [problem.line for problem in read_imports([path]).problems] == list(range(2, 13))
        assert problems(path)[:3] == [
            "imports/budget.csv:2: The month '2026-13' is not written YYYY-MM.",
            "imports/budget.csv:3: The month 'Jan 26' is not written YYYY-MM.",
            "imports/budget.csv:4: The value is missing. Write it as 1234.5, and a rate as a fraction (0.033).",
        ]

    def test_many_bad_rows_are_counted(self, tmp_path: Path) -> None:
        path = file(tmp_path, HEAD + "replay,bad,mrr,1\n" * 100)
        found = problems(path)
        assert len(found) == 21
        assert found[-1] == "imports/budget.csv: 80 more rows that cannot be used."


class TestFiles:
    def test_another_delimiter_is_named(self, tmp_path: Path) -> None:
        path = file(tmp_path, "product_id;month;metric;value\nreplay;2026-01;mrr;1\n")
        assert problems(path) == ["imports/budget.csv:1: The columns are parted by semicolons. Part them by commas."]

    def test_missing_columns_are_named(self, tmp_path: Path) -> None:
        (problem,) = problems(file(tmp_path, "product,month,value\nreplay,2026-01,1\n"))
        assert problem.startswith("imports/budget.csv:1: The first line lacks product_id, metric.")

    def test_an_empty_file_is_reported(self, tmp_path: Path) -> None:
        (problem,) = problems(file(tmp_path, ""))
        assert problem.startswith("imports/budget.csv:1: The file is empty.")

    def test_lines_that_are_not_utf8_are_reported_one_by_one(self, tmp_path: Path) -> None:
        path = file(tmp_path, HEAD.encode() + b"f\xfcr,2026-01,mrr,1\nreplay,2026-01,mrr,2\n")
        assert values(path) == [("replay", "2026-01", "mrr", 2.0)]
        assert problems(path) == ["imports/budget.csv:2: This line is not UTF-8. Save the file as UTF-8."]

    def test_an_open_quote_is_no_crash(self, tmp_path: Path) -> None:
        path = file(tmp_path, HEAD + 'replay,2026-01,"mrr,1\n' + "x" * 200_000)
        (problem,) = problems(path)
        assert problem.startswith("imports/budget.csv:2: The file cannot be read from here on")

    def test_a_file_that_is_too_large_is_not_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stored, "MOST_BYTES", 1024 * 1024)
        path = file(tmp_path, HEAD + "replay,2026-01,mrr,1\n" * 60_000)
        assert problems(path) == ["imports/budget.csv: The file has 1 MB; at most 1 MB are read. Split it."]

    def test_a_pipe_or_a_folder_or_nothing_is_reported_without_waiting(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.csv")
        (tmp_path / "folder.csv").mkdir()
        found = read_imports([tmp_path / name for name in ("pipe.csv", "folder.csv", "gone.csv")])
        assert [problem.path for problem in found.problems] == [
            "imports/pipe.csv",
            "imports/folder.csv",
            "imports/gone.csv",
        ]


class TestSeveralFiles:
    def test_the_newest_import_counts_and_is_said(self, tmp_path: Path) -> None:
        old = file(tmp_path, HEAD + "replay,2026-01,mrr,1,,,2026-02-01\nreplay,2026-02,mrr,5,,,2026-02-01\n", "a.csv")
        new = file(tmp_path, HEAD + "replay,2026-01,mrr,2,,,2026-03-01\nreplay,2026-02,mrr,5,,,2026-03-01\n", "b.csv")
        for order in ((old, new), (new, old)):
            found = read_imports(order)
            assert sorted(row.value for row in found.values) == [2.0, 5.0]
            (problem,) = found.problems
            assert str(problem) == (
                "imports/a.csv:2: mrr of replay in 2026-01 is 1 here and 2 in imports/b.csv:2: the newer import counts."
            )
            assert problem.severity is Severity.WARNING

    def test_rows_that_are_as_new_contradict_each_other(self, tmp_path: Path) -> None:
        path = file(tmp_path, HEAD + "replay,2026-01,mrr,1\nreplay,2026-01,mrr,2\nreplay,2026-01,mrr,1\n")
        (problem,) = read_imports([path]).problems
        assert problem.severity is Severity.ERROR
        assert "neither import is newer" in problem.message


class TestRoundTrip:
    def test_hostile_names_read_back_or_are_cleaned(self, tmp_path: Path) -> None:
        names = [*hostile_strings(), "=cmd()", "+1", "@x", "-5"]
        kept = [f"p{number} {name}".replace("\r", " ") for number, name in enumerate(names)]
        written = tuple(
            ImportedValue(name, Month(2026, 1), "=cmd()", float(number), None, "A1") for number, name in enumerate(kept)
        )
        text = values_text(Understanding("book.xlsx", (), written, ()), "=book.xlsx", date(2026, 2, 1))
        read = read_imports([file(tmp_path, text)])
        assert read.problems == ()
        assert [row.value for row in read.values] == [float(number) for number in range(len(kept))]
        assert {row.metric for row in read.values} == {"=cmd()"}
        assert {row.source for row in read.values} == {"=book.xlsx"}

    @given(st.floats(allow_nan=False, allow_infinity=False), st.dates(date(1990, 1, 1), date(2199, 12, 31)))
    def test_every_value_and_month_reads_back(self, number: float, day: date) -> None:
        import tempfile
        from pathlib import Path

        value = ImportedValue("replay", Month.of(day), "mrr", number, number, "A1")
        text = values_text(Understanding("book.xlsx", (), (value,), ()), "book.xlsx", day)
        with tempfile.TemporaryDirectory() as folder:
            (row,) = read_imports([file(Path(folder), text)]).values
        assert (row.value, row.n, row.month) == (number, number, day.replace(day=1))
