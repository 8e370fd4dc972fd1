"""A number that changed after its review says so, in every command, from real files."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.numbers import load_numbers
from reviewtui.reviews.snapshot import take_snapshot
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.snapshot_files import save_snapshot
from tests.commands.support import AS_OF, Outcome, make_workspace, run

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.months import Month

REVIEWED_ON = date(2025, 4, 3)


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """A home with a workspace whose March was reviewed, and whose MRR was changed a week later."""
    root = make_workspace(tmp_path / "ws")
    workspace = load_workspace(root)
    sheet = load_numbers(workspace, REVIEWED_ON)
    march: Month = sheet.months[-2]
    save_snapshot(workspace, "replay", take_snapshot(sheet, "replay", march, REVIEWED_ON))
    with duckdb.connect(root / "data.duckdb") as connection:
        connection.execute("UPDATE metric_value SET value = 130.25 WHERE value = 110.25 AND metric = 'mrr'")
    return tmp_path


def metrics(home: Path, form: str) -> Outcome:
    """What the metrics command prints of the reviewed product."""
    options = ("--workspace", "ws", "--as-of", AS_OF, "--format", form, "--product", "replay", "--metric", "mrr")
    return run(home, "metrics", *options, cwd=home)


def test_the_csv_says_which_value_is_restated(reviewed: Path) -> None:
    outcome = metrics(reviewed, "csv")
    assert (outcome.code, outcome.err) == (0, "")
    rows = [(row["month"], row["value"], row["status"]) for row in csv.DictReader(io.StringIO(outcome.out))]
    assert rows[:3] == [
        ("2025-01", "100.0", "ok"),
        ("2025-02", "130.25", "restated"),
        ("2025-03", "0.30000000000000004", "ok"),
    ]


def test_the_table_marks_it(reviewed: Path) -> None:
    assert "130±" in metrics(reviewed, "table").out.replace(" ", "")


def test_the_workbook_marks_it_and_says_what_it_was(reviewed: Path) -> None:
    import openpyxl

    assert run(reviewed, "export", "a.xlsx", "--workspace", "ws", "--as-of", AS_OF, cwd=reviewed).code == 0
    cell = openpyxl.load_workbook(reviewed / "a.xlsx")["replay"]["D6"]
    assert (cell.value, cell.number_format) == (130.25, '"± "#,##0.00;"± −"#,##0.00')
    assert cell.comment is not None
    assert cell.comment.text == "was 110.25 when reviewed on 2025-04-03, now 130.25 (+18.1%)"


def test_before_the_review_nothing_was_restated(reviewed: Path) -> None:
    outcome = run(reviewed, "metrics", "--workspace", "ws", "--as-of", "2025-04-02", "--format", "csv", cwd=reviewed)
    assert "restated" not in outcome.out


def test_a_damaged_snapshot_is_told_with_its_line_and_the_numbers_are_printed(reviewed: Path) -> None:
    path = reviewed / "ws" / "products" / "replay" / "reviews" / "2025-03" / "snapshot.toml"
    path.write_text(path.read_text().replace("110.25", "many"))
    outcome = metrics(reviewed, "csv")
    assert outcome.code == 1
    assert "2025-02,mrr,130.25,,ok" in outcome.out
    path_and_line = "products/replay/reviews/2025-03/snapshot.toml:10: "
    assert f"{path_and_line}This line cannot be read: `many` is no number." in outcome.err
    assert run(reviewed, "check", "--workspace", "ws", cwd=reviewed).code == 1
