"""`reviewtui import`, run as a person does."""

from __future__ import annotations

import csv
import tomllib
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.commands.support import AS_OF, Outcome, Terminal, make_workspace, run
from tests.imports.files import comment, fill, workbook

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["", "2025-01", "2025-02", "2025-03"], ["REVENUE"], ["MRR", 5, 6.5, 7], ["Churn", "1 %", "2 %", "oops"]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace without any source, with one product."""
    root = tmp_path / "reviews"
    (root / "products" / "replay").mkdir(parents=True)
    (root / "reviewtui.toml").write_text('schema = 1\nname = "Acme"\n')
    (root / "products" / "replay" / "product.toml").write_text('product_id = "replay"\nname = "Session replay"\n')
    return root


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with one product, and one cell that is no number."""
    return workbook(tmp_path / "Budget 2025.xlsx", {"Session replay": ROWS})


def import_it(home: Path, root: Path, *arguments: str | Path) -> Outcome:
    return run(home, "import", *arguments, "--workspace", root, "--as-of", AS_OF)


def metrics(home: Path, root: Path) -> dict[tuple[str, str, str], tuple[str, str]]:
    """(product, metric, month) to value and source, for cells with a value."""
    outcome = run(home, "metrics", "--format", "csv", "--workspace", root, "--as-of", AS_OF)
    rows = csv.DictReader(outcome.out.splitlines())
    return {
        (row["product"], row["metric"], row["month"]): (row["value"], row["source"]) for row in rows if row["value"]
    }


class TestImporting:
    def test_a_product_that_only_the_data_know_is_known(self, tmp_path: Path) -> None:
        root = make_workspace(tmp_path / "ws")
        run(tmp_path, "metrics", "--workspace", root, "--as-of", AS_OF)
        book = workbook(tmp_path / "new.xlsx", {"FLAGS": [["", "2025-01"], ["MRR", 5]]})
        assert "Sheet 'FLAGS': product flags\n" in import_it(tmp_path, root, book, "--dry-run").out

    def test_of_very_many_metrics_only_some_are_listed(self, tmp_path: Path, workspace: Path) -> None:
        rows = [["", "2025-01"], *([f"Metric {number}", number] for number in range(500)), ["MRR", 5]]
        outcome = import_it(tmp_path, workspace, workbook(tmp_path / "b.xlsx", {"Session replay": rows}), "--dry-run")
        assert len(outcome.out.splitlines()) < 130
        assert "    MRR " in outcome.out
        assert "    and 401 more metrics (kept as own metric)" in outcome.out
        assert "501 metrics and 1 product" in outcome.out

    def test_the_values_become_the_grid_of_a_workspace_without_sources(
        self, tmp_path: Path, workspace: Path, book: Path
    ) -> None:
        outcome = import_it(tmp_path, workspace, book)
        assert outcome.code == 1  # one cell is no number
        assert (workspace / "imports" / "budget-2025.csv").read_text() == (
            "product_id,month,metric,value,n,source,imported_at\n"
            "replay,2025-01,churn,0.01,,Budget 2025.xlsx,2025-04-10T00:00:00Z\n"
            "replay,2025-02,churn,0.02,,Budget 2025.xlsx,2025-04-10T00:00:00Z\n"
            "replay,2025-01,mrr,5,,Budget 2025.xlsx,2025-04-10T00:00:00Z\n"
            "replay,2025-02,mrr,6.5,,Budget 2025.xlsx,2025-04-10T00:00:00Z\n"
            "replay,2025-03,mrr,7,,Budget 2025.xlsx,2025-04-10T00:00:00Z\n"
        )
        assert metrics(tmp_path, workspace) == {
            ("replay", "mrr", "2025-01"): ("5.0", "imported"),
            ("replay", "mrr", "2025-02"): ("6.5", "imported"),
            ("replay", "mrr", "2025-03"): ("7.0", "imported"),
            ("replay", "churn", "2025-01"): ("0.01", "imported"),
            ("replay", "churn", "2025-02"): ("0.02", "imported"),
        }

    def test_what_was_understood_is_shown(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        lines = [line.strip() for line in import_it(tmp_path, workspace, book, "--dry-run").out.splitlines()]
        for line in (
            "Sheet 'Session replay': product replay",
            "months run across, named in row 1, 2025-01 to 2025-03",
            "2 metrics × 3 months, 5 values",
            "sections: REVENUE",
            "MRR    → mrr  (known, 3 values)",
            (
                "Churn  → churn  (kept as own metric, 2 values; perhaps churn_rate or logo_churn_rate;"
                " --map Churn=churn_rate maps it)"
            ),
            "Left out: 1 cell, 1 of them to mend",
            "Session replay!D4: 'oops' is not a number",
        ):
            assert line in lines

    def test_a_dry_run_writes_nothing(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        import_it(tmp_path, workspace, book, "--dry-run")
        assert not (workspace / "imports").exists()

    def test_names_can_be_mapped(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        import_it(tmp_path, workspace, book, "--map", "churn=logo_churn_rate", "--source", "Finance")
        text = (workspace / "imports" / "budget-2025.csv").read_text()
        assert "replay,2025-01,logo_churn_rate,0.01,,Finance," in text

    def test_comments_are_kept_beside_the_values(self, tmp_path: Path, workspace: Path) -> None:
        made = openpyxl.Workbook()
        made.worksheets[0].title = "replay"
        fill(made.worksheets[0], [["", "2025-01"], ["MRR", 5]])
        comment(made.worksheets[0], "B2", 'one-off:\n"""big""" deal')
        made.save(tmp_path / "book.xlsx")
        assert import_it(tmp_path, workspace, tmp_path / "book.xlsx").code == 0
        with (workspace / "imports" / "book.notes.toml").open("rb") as stream:
            assert tomllib.load(stream) == {
                "note": [
                    {
                        "product_id": "replay",
                        "month": "2025-01",
                        "metric": "mrr",
                        "cell": "replay!B2",
                        "text": 'one-off:\n"""big""" deal',
                    }
                ]
            }

    def test_a_csv_takes_the_only_product_or_the_one_that_is_named(self, tmp_path: Path, workspace: Path) -> None:
        path = tmp_path / "numbers.csv"
        path.write_bytes("Kennzahl;Jänner 2025\nMRR;1.234,5\n".encode("cp1252"))
        assert import_it(tmp_path, workspace, path).code == 0
        assert metrics(tmp_path, workspace) == {("replay", "mrr", "2025-01"): ("1234.5", "imported")}
        assert import_it(tmp_path, workspace, path, "--product", "other", "--replace").code == 0
        assert metrics(tmp_path, workspace) == {("other", "mrr", "2025-01"): ("1234.5", "imported")}


class TestAnEarlierImport:
    def test_the_same_content_is_no_reason_to_ask(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        import_it(tmp_path, workspace, book)
        assert "Wrote imports/budget-2025.csv" in import_it(tmp_path, workspace, book).out
        assert [path.name for path in (workspace / "imports").iterdir()] == ["budget-2025.csv"]

    def test_other_content_is_refused_unless_it_may_be_replaced(
        self, tmp_path: Path, workspace: Path, book: Path
    ) -> None:
        (workspace / "imports").mkdir()
        target = workspace / "imports" / "budget-2025.csv"
        target.write_text("mine\n")
        outcome = import_it(tmp_path, workspace, book)
        assert outcome.code == 1
        assert "imports/budget-2025.csv holds something else already; nothing was written." in outcome.err
        assert target.read_text() == "mine\n"
        import_it(tmp_path, workspace, book, "--replace")
        assert target.read_text().startswith("product_id,")
        assert (workspace / "imports" / "budget-2025.csv.orig").read_text() == "mine\n"


class TestWrongUsage:
    @pytest.mark.parametrize(
        "arguments",
        [("--map", "Churn"), ("--map", "=mrr"), ("--map", "Churn=a b"), ("--map", "Chrn=mrr"), ("--percent", "Chrn")],
    )
    def test_a_name_that_is_not_in_the_file_is_wrong_usage(
        self, tmp_path: Path, workspace: Path, book: Path, arguments: tuple[str, ...]
    ) -> None:
        outcome = import_it(tmp_path, workspace, book, *arguments)
        assert outcome.code == 2
        assert not (workspace / "imports").exists()

    def test_one_product_for_sheets_of_several_is_wrong_usage(self, tmp_path: Path, workspace: Path) -> None:
        path = workbook(tmp_path / "book.xlsx", {"replay": ROWS, "flags": ROWS})
        outcome = import_it(tmp_path, workspace, path, "--product", "replay")
        assert outcome.code == 2
        assert "name several" in outcome.err


class TestRefusals:
    def test_a_file_that_is_not_there_is_one_sentence(self, tmp_path: Path, workspace: Path) -> None:
        outcome = import_it(tmp_path, workspace, tmp_path / "gone.xlsx")
        assert outcome.code == 1
        assert outcome.err == (
            "reviewtui: gone.xlsx cannot be opened (No such file or directory). Check the path. Nothing was imported.\n"
        )

    def test_a_file_without_months_writes_nothing(self, tmp_path: Path, workspace: Path) -> None:
        path = workbook(tmp_path / "book.xlsx", {"About": [["Hello"]]})
        outcome = import_it(tmp_path, workspace, path)
        assert outcome.code == 1
        assert "skipped, no header of months" in outcome.out
        assert not (workspace / "imports").exists()

    def test_a_link_out_of_the_workspace_is_not_written(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (workspace / "imports").symlink_to(tmp_path / "elsewhere")
        outcome = import_it(tmp_path, workspace, book)
        assert outcome.code == 1
        assert "leads out of the workspace" in outcome.err
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_a_workspace_of_a_newer_schema_is_not_written(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        (workspace / "reviewtui.toml").write_text("schema = 2\n")
        outcome = import_it(tmp_path, workspace, book)
        assert outcome.code == 1
        assert "can only be read" in outcome.err


class TestInATerminal:
    def open(self, home: Path, root: Path, book: Path) -> Terminal:
        return Terminal(home, "import", book, "--workspace", root, "--as-of", AS_OF, shows_output=True)

    def test_it_asks_and_a_no_writes_nothing(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        terminal = self.open(tmp_path, workspace, book)
        terminal.wait_for(b"'Churn' may mean: 1 churn_rate, 2 logo_churn_rate.")
        terminal.type("\n")
        terminal.wait_for(b"Write imports/budget-2025.csv? [y/N]")
        terminal.type("n\n")
        code, _ = terminal.finish()
        assert code == 1
        assert b"Nothing was written." in terminal.seen
        assert not (workspace / "imports").exists()

    def test_an_answer_maps_the_name_and_a_yes_writes(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        terminal = self.open(tmp_path, workspace, book)
        terminal.wait_for(b"keep it as a metric of its own:")
        terminal.type("2\n")
        terminal.wait_for(b"[y/N]")
        terminal.type("y\n")
        terminal.finish()
        text = (workspace / "imports" / "budget-2025.csv").read_text()
        assert "replay,2025-01,logo_churn_rate,0.01," in text


class TestRoundTrips:
    def test_an_exported_workbook_or_table_gives_the_same_numbers(self, tmp_path: Path, workspace: Path) -> None:
        source = make_workspace(tmp_path / "source")
        for name in ("numbers.xlsx", "numbers.csv"):
            run(tmp_path, "export", tmp_path / name, "--workspace", source, "--as-of", AS_OF)
            assert import_it(tmp_path, workspace, tmp_path / name, "--replace").code == 0
            assert metrics(tmp_path, workspace) == metrics(tmp_path, source)

    @pytest.mark.parametrize("name", ["numbers.xlsx", "numbers.csv"])
    def test_ids_come_back_as_they_are_whatever_they_look_like(
        self, tmp_path: Path, workspace: Path, name: str
    ) -> None:
        pairs = [("Heat Maps", "MyMetric"), ("A-B", "my metric, yes"), ("=cmd()", "=1+1"), ("[/oops]", "売上")]
        pairs += [("売上", "mrr"), ("مبيعات", "mrr")]
        stored = workspace / "imports" / "numbers.csv"
        stored.parent.mkdir()
        with stored.open("w", encoding="utf-8", newline="") as file:
            rows = [(product, "2025-01", metric, place) for place, (product, metric) in enumerate(pairs)]
            csv.writer(file).writerows([("product_id", "month", "metric", "value"), *rows])
        before = metrics(tmp_path, workspace)
        assert len(before) == len(pairs)
        run(tmp_path, "export", tmp_path / name, "--workspace", workspace, "--as-of", AS_OF)
        stored.unlink()
        assert import_it(tmp_path, workspace, tmp_path / name).code == 0
        assert metrics(tmp_path, workspace) == before

    def test_computed_values_and_newer_imports_win_and_imports_fill_the_gaps(self, tmp_path: Path) -> None:
        root = make_workspace(tmp_path / "source")
        (root / "imports").mkdir()
        (root / "imports" / "a.csv").write_text(
            "product_id,month,metric,value,source,imported_at\n"
            "replay,2025-01,mrr,7,Finance,2025-02-01\n"
            "replay,2024-12,own_one,8,,2025-02-01\n"
        )
        found = metrics(tmp_path, root)
        assert found["replay", "mrr", "2025-01"] == ("7.0", "imported")
        assert found["replay", "own_one", "2024-12"] == ("8.0", "imported")
        assert found["replay", "mrr", "2025-02"] == ("110.25", "imported")

    def test_an_edited_file_is_read_again(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        import_it(tmp_path, workspace, book)
        assert metrics(tmp_path, workspace)["replay", "mrr", "2025-01"] == ("5.0", "imported")
        target = workspace / "imports" / "budget-2025.csv"
        target.write_text(target.read_text().replace("2025-01,mrr,5", "2025-01,mrr,9"))
        assert metrics(tmp_path, workspace)["replay", "mrr", "2025-01"] == ("9.0", "imported")


class TestFilesInTheWorkspace:
    def test_a_bad_row_is_reported_with_file_and_line(self, tmp_path: Path, workspace: Path) -> None:
        (workspace / "imports").mkdir()
        (workspace / "imports" / "mine.csv").write_text("product_id,month,metric,value\nreplay,bad,mrr,1\n")
        outcome = run(tmp_path, "metrics", "--workspace", workspace, "--as-of", AS_OF)
        assert outcome.code == 1
        assert "imports/mine.csv:2: The month 'bad' is not written YYYY-MM." in outcome.err

    def test_a_link_out_of_the_workspace_is_not_followed(self, tmp_path: Path, workspace: Path) -> None:
        (tmp_path / "secret.csv").write_text("product_id,month,metric,value\nreplay,2025-01,mrr,1\n")
        (workspace / "imports").mkdir()
        (workspace / "imports" / "mine.csv").symlink_to(tmp_path / "secret.csv")
        outcome = run(tmp_path, "metrics", "--workspace", workspace, "--as-of", AS_OF)
        assert "imports/mine.csv: This symbolic link leads out of the workspace" in outcome.err
        assert metrics(tmp_path, workspace) == {}

    def test_a_spreadsheet_put_there_is_a_hint(self, tmp_path: Path, workspace: Path, book: Path) -> None:
        (workspace / "imports").mkdir()
        book.rename(workspace / "imports" / "book.xlsx")
        outcome = run(tmp_path, "check", "--workspace", workspace)
        assert "imports/book.xlsx: warning: This file is not read here." in outcome.out
