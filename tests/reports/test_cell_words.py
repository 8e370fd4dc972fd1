"""What the cells of a spreadsheet say: what is out of the ordinary, and what people wrote."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import openpyxl

from reviewtui.anomalies.judge import judge_sheet
from reviewtui.reports.cell_words import cell_words
from reviewtui.reports.review_workbook import review_workbook
from reviewtui.reviews.month_review import MonthReview
from tests.screens.noted import OCTOBER, told
from tests.screens.reviewed import explain
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    from pathlib import Path

KEY = ("replay", "churn_rate", OCTOBER)


def test_a_cell_says_why_it_is_marked_then_what_was_explained_then_what_was_said(tmp_path: Path) -> None:
    store = told(tmp_path / "w")
    sheet = make_sheet()
    judged = judge_sheet(sheet)
    before = cell_words(sheet, judged, store.load(), [OCTOBER])
    assert before.is_settled[KEY] is False
    explain(store, "churn_rate")
    words = cell_words(sheet, judged, store.load(), [OCTOBER])
    assert words.is_settled[KEY] is True
    texts = words.texts[KEY]
    assert "expected" in texts[0]
    assert texts[1] == "ada (explained): Acme left."
    assert texts[2].startswith("ada: Why did churn triple?")
    assert texts[3].startswith("bob: Acme consolidated")


def test_the_workbook_of_a_review_fills_those_cells_and_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    store = told(tmp_path / "w")
    sheet = make_sheet()
    review = MonthReview(sheet, judge_sheet(sheet), store.load(), sheet.products[0], OCTOBER, AS_OF)
    data = review_workbook(review, "Acme")
    assert data == review_workbook(review, "Acme")
    page = openpyxl.load_workbook(io.BytesIO(data))["Session replay"]
    cells = next(row for row in page.iter_rows() if row[1].value == "churn_rate")
    assert cells[-1].fill.fgColor.rgb == "FFF8CBAD"
    comment = cells[-1].comment
    assert comment is not None
    assert "bob: Acme consolidated" in comment.text
    explain(store, "churn_rate", said_on=date(2026, 11, 4))
    settled = MonthReview(sheet, review.judgements, store.load(), sheet.products[0], OCTOBER, AS_OF)
    page = openpyxl.load_workbook(io.BytesIO(review_workbook(settled, "Acme")))["Session replay"]
    cells = next(row for row in page.iter_rows() if row[1].value == "churn_rate")
    assert cells[-1].fill.fgColor.rgb == "FFFFF2CC"
