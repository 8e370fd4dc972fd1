"""A number that changed after its review says so, in every command, from real files."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.months import Month
from reviewtui.numbers import load_numbers
from reviewtui.reviews.snapshot import take_snapshot
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.snapshot_files import save_snapshot
from tests.commands.support import AS_OF, Outcome, make_workspace, run
from tests.costs.worked_example import AS_OF as COSTS_AS_OF
from tests.costs.worked_example import write_example

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_correction_of_a_bill_restates_the_cost_of_the_reviewed_month(tmp_path: Path) -> None:
    """March costs 18,289.10 with 5,000 of its own storage; 1,000 of that is credited after the review."""
    root = write_example(tmp_path / "ws")
    workspace, march = load_workspace(root), Month(2026, 3)
    reviewed_on = date.fromisoformat(COSTS_AS_OF)
    save_snapshot(
        workspace, "replay", take_snapshot(load_numbers(workspace, reviewed_on), "replay", march, reviewed_on)
    )
    with duckdb.connect(root / "bill.duckdb") as connection:
        connection.execute(
            "insert into cost_line select 'fix', day, service, tags, component, region, 'Adjustment', -1000, currency"
            " from cost_line where line_id = 'r03' and day = '2026-03-01'"
        )
    options = ("--workspace", "ws", "--as-of", "2026-05-07", "--format", "csv")
    printed = run(tmp_path, "metrics", *options, cwd=tmp_path).out
    cells = {(row["metric"], row["month"]): row for row in csv.DictReader(io.StringIO(printed))}
    total = cells["total_cost", "2026-03"]
    assert (float(total["value"]), total["status"]) == (17289.1, "restated")
    assert cells["gross_margin", "2026-03"]["status"] == "restated"
    assert cells["total_cost", "2026-04"]["status"] == "ok"
    assert run(tmp_path, "export", "a.xlsx", *options[:4], cwd=tmp_path).code == 0
    assert "was 18,289.10 when reviewed on 2026-05-06, now 17,289.10 (−5.5%)" in " ".join(
        comments_in(tmp_path / "a.xlsx")
    )


def comments_in(path: Path) -> list[str]:
    """What the comments on the cells of a workbook say."""
    import openpyxl

    rows = openpyxl.load_workbook(path)["replay"].iter_rows()
    return [cell.comment.text for row in rows for cell in row if cell.comment is not None]
