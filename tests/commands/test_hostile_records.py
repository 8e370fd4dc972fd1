"""Every hostile string in every type of record, in every file and on every line that commands write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.anomalies.made import noisy
from tests.commands.support import Outcome, run
from tests.workspace.hostile_records import PRODUCT, hostile_workspace

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-10"
ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the workspace `ws`, whose product has three years of numbers."""
    home = tmp_path_factory.mktemp("home")
    hostile_workspace(home / "ws")
    (home / "ws" / "imports").mkdir()
    months = [f"{year}-{number:02d}-01" for year in range(2023, 2027) for number in range(1, 13)][10:46]
    lines = [f"{PRODUCT},{month},churn_rate,{value!r}" for month, value in zip(months, noisy(36), strict=True)]
    sheet = "\n".join(("product_id,month,metric,value", *lines, ""))
    (home / "ws" / "imports" / "sheet.csv").write_text(sheet, encoding="utf-8")
    return home


def said(home: Path, *words: str) -> Outcome:
    outcome = run(home, *words, "--workspace", home / "ws", "--as-of", DAY)
    assert "Traceback" not in outcome.err
    assert not ACTS.search(outcome.err)
    return outcome


def test_the_workspace_is_sound(home: Path) -> None:
    outcome = said(home, "check")
    assert outcome.code == 0, outcome.out
    assert not ACTS.search(outcome.out)


@pytest.mark.parametrize("form", ["markdown", "slack", "html"])
def test_a_report_holds_no_character_that_acts(home: Path, form: str) -> None:
    outcome = said(home, "report", "--product", PRODUCT, "--month", "2026-10", "--format", form)
    assert outcome.code == 0, outcome.err
    assert not ACTS.search(outcome.out)
    if form == "html":
        assert not re.search(
            r"<(script|iframe|object|embed)|\son\w+\s*=\s*[\"']|javascript:[^<]*\"", outcome.out, re.IGNORECASE
        )


def test_records_are_exported_as_texts(home: Path) -> None:
    assert said(home, "export", str(home / "notes.md"), "--product", PRODUCT).code == 0
    text = (home / "notes.md").read_text("utf-8")
    assert not ACTS.search(text)
    assert said(home, "export", f"{home / 'notes'}/").code == 0
    for path in (home / "notes").rglob("*.md"):
        assert not ACTS.search(path.read_text("utf-8")), path
        assert path.resolve().is_relative_to(home / "notes")


def test_a_spreadsheet_holds_no_formula(home: Path) -> None:
    assert said(home, "export", str(home / "numbers.xlsx")).code == 0
    book = openpyxl.load_workbook(home / "numbers.xlsx")
    assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("words", [("search", "acme"), ("metrics",), ("anomalies",), ("costs", "--product", PRODUCT)])
def test_a_command_prints_no_character_that_acts(home: Path, words: tuple[str, ...]) -> None:
    assert not ACTS.search(said(home, *words).out)
