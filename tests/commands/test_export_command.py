"""`reviewtui export` on real files."""

from __future__ import annotations

import csv
import os
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.commands.support import (
    AS_OF,
    ENDLESS,
    PATIENCE,
    Outcome,
    Terminal,
    command,
    environment,
    listing,
    make_workspace,
    run,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the workspace `ws`."""
    home = tmp_path_factory.mktemp("home")
    make_workspace(home / "ws")
    return home


def export(home: Path, file: str | Path, *options: str) -> Outcome:
    """Export the workspace `ws`."""
    return run(home, "export", file, "--workspace", "ws", "--as-of", AS_OF, *options, cwd=home)


def without_cache(home: Path) -> dict[str, tuple[int, int]]:
    """All files below `home` that are not what the program may forget."""
    return {name: state for name, state in listing(home).items() if not name.startswith(".cache/")}


class TestFiles:
    def test_a_csv_is_what_the_metrics_command_prints(self, home: Path) -> None:
        outcome = export(home, "a.csv", "--product", "replay", "--from", "2025-02")
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out == "a.csv: 1 product, 2 rows, 3 months.\n"
        options = ("--workspace", "ws", "--as-of", AS_OF, "--format", "csv", "--product", "replay", "--from", "2025-02")
        printed = run(home, "metrics", *options, cwd=home).out
        assert (home / "a.csv").read_bytes() == printed.encode()

    def test_a_parquet_file_has_the_same_cells_with_types(self, home: Path) -> None:
        assert export(home, "a.PARQUET", "--metric", "mrr", "--product", "replay").code == 0
        frame = pl.read_parquet(home / "a.PARQUET")
        assert frame.select("month", "value").rows()[:3] == [
            (date(2025, 1, 1), 100.0),
            (date(2025, 2, 1), 110.25),
            (date(2025, 3, 1), 0.30000000000000004),
        ]

    def test_a_workbook_has_a_sheet_for_each_product(self, home: Path) -> None:
        assert export(home, "a.xlsx").code == 0
        book = openpyxl.load_workbook(home / "a.xlsx")
        assert {"replay", "flags", "Definitions"} <= set(book.sheetnames)
        page = book["replay"]
        assert (page["B6"].value, page["C6"].value, page["D6"].value) == ("mrr", 100, 110.25)

    @pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet"])
    def test_the_same_workspace_gives_the_same_bytes(self, home: Path, ending: str) -> None:
        for name in ("first", "second"):
            assert export(home, f"{name}.{ending}").code == 0
        assert (home / f"first.{ending}").read_bytes() == (home / f"second.{ending}").read_bytes()

    def test_a_workbook_can_be_read_back_to_the_same_doubles(self, home: Path) -> None:
        assert export(home, "again.xlsx", "--to", "2025-03").code == 0
        (home / "other").mkdir()
        (home / "other" / "reviewtui.toml").write_text('[[source]]\npath = "../ws/data.duckdb"\n')
        options = ("--workspace", "other", "--as-of", AS_OF)
        assert run(home, "import", "again.xlsx", *options, cwd=home).code == 0
        (written,) = (home / "other" / "imports").glob("*.csv")
        found = {
            (row["product_id"], row["month"][:7], row["metric"]): float(row["value"])
            for row in csv.DictReader(written.read_text().splitlines())
            if row["value"]
        }
        assert found == {
            ("replay", "2025-01", "mrr"): 100.0,
            ("replay", "2025-02", "mrr"): 110.25,
            ("replay", "2025-03", "mrr"): 0.1 + 0.2,
            ("replay", "2025-03", "nps"): -12.5,
            ("flags", "2025-02", "mrr"): 5.0,
            ("flags", "2025-02", "churn_rate"): 0.033,
        }

    def test_a_name_that_is_not_utf8_can_be_written(self, home: Path) -> None:
        name = os.fsdecode(b"n\xfcmbers.csv")
        outcome = export(home, name, "--metric", "mrr")
        assert outcome.code == 0
        assert (home / name).exists()

    def test_the_problems_are_told_and_the_file_is_written(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", more='[views]\nticket = "SELECT nothing FROM nowhere"\n')
        outcome = export(tmp_path, "a.csv")
        assert outcome.code == 1
        assert "reviewtui.toml:6: " in outcome.err
        assert (tmp_path / "a.csv").exists()


class TestRefusals:
    def refusal(self, home: Path, file: str | Path, *options: str) -> str:
        """Why the file is not written; nothing in the home has changed but for the cache."""
        before = without_cache(home)
        outcome = export(home, file, *options)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.count("\n") == 1
        assert without_cache(home) == before
        return outcome.err

    @pytest.mark.parametrize("name", ["a.txt", "a", "a.xls", ".csv", "/dev/stdout"])
    def test_an_unknown_ending(self, home: Path, name: str) -> None:
        assert "one of .xlsx, .csv, .parquet or .md" in self.refusal(home, name)

    def test_a_file_that_is_there_unless_it_is_to_be_replaced(self, home: Path) -> None:
        (home / "there.csv").write_text("mine")
        assert "add --replace" in self.refusal(home, "there.csv")
        assert export(home, "there.csv", "--replace", "--metric", "mrr").code == 0
        assert (home / "there.csv").read_text().startswith("product,month,")

    def test_a_folder(self, home: Path) -> None:
        (home / "folder.csv").mkdir(exist_ok=True)
        assert "is a folder" in self.refusal(home, "folder.csv", "--replace")

    def test_a_folder_that_does_not_exist(self, home: Path) -> None:
        assert "is no folder" in self.refusal(home, "nowhere/a.csv")

    def test_a_source_under_any_name(self, tmp_path: Path) -> None:
        root = make_workspace(tmp_path / "ws")
        (root / "data.duckdb").rename(root / "data.csv")
        (root / "reviewtui.toml").write_text('[[source]]\npath = "data.csv"\n')
        (tmp_path / "linked.csv").symlink_to(root / "data.csv")
        os.link(root / "data.csv", tmp_path / "second.csv")
        for name in ("ws/data.csv", "linked.csv", "second.csv"):
            assert "never written" in self.refusal(tmp_path, name, "--replace")

    @pytest.mark.parametrize("folder", ["products", "products/replay", "imports", "metrics"])
    def test_the_records_of_the_workspace(self, tmp_path: Path, folder: str) -> None:
        make_workspace(tmp_path / "ws")
        (tmp_path / "ws" / folder).mkdir(parents=True)
        assert "holds its records" in self.refusal(tmp_path, f"ws/{folder}/a.csv")

    def test_an_unknown_product(self, home: Path) -> None:
        assert "Did you mean replay" in self.refusal(home, "b.csv", "--product", "repaly")

    def test_a_name_with_a_line_end_or_too_long(self, home: Path) -> None:
        self.refusal(home, "x" * 300 + ".csv")

    def test_a_workspace_without_numbers_writes_nothing(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", "CREATE TABLE t(i INTEGER)")
        outcome = export(tmp_path, "a.csv")
        assert outcome.code == 1
        assert "Nothing was written" in outcome.err
        assert not (tmp_path / "a.csv").exists()


class TestFailures:
    def test_a_full_disk_leaves_the_old_file(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        (tmp_path / "a.xlsx").write_text("old")
        words = command("export", "a.xlsx", "--replace", "--workspace", "ws", "--as-of", AS_OF)
        done = subprocess.run(
            ["sh", "-c", 'ulimit -f 4; exec "$@"', "sh", *words],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 1
        assert "larger than this system allows" in done.stderr
        assert (tmp_path / "a.xlsx").read_text() == "old"
        assert not list(tmp_path.glob(".reviewtui-*"))

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
    def test_a_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        (tmp_path / "closed").mkdir(mode=0o555)
        outcome = export(tmp_path, "closed/a.csv")
        assert outcome.code == 1
        assert "no permission" in outcome.err

    def test_ctrl_c_leaves_no_file(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", more=ENDLESS)
        terminal = Terminal(tmp_path, "export", "a.xlsx", "--workspace", "ws", "--as-of", AS_OF)
        terminal.wait_for(b"\r")
        terminal.interrupt()
        code, out = terminal.finish()
        assert (code, out) == (130, b"")
        assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == []


def test_nothing_in_the_workspace_is_written(home: Path) -> None:
    before = listing(home / "ws")
    export(home, "elsewhere.csv")
    assert listing(home / "ws") == before
    assert Path(home / "elsewhere.csv").exists()
