"""The spreadsheet that goes with the summary of a review: its product, the months up to the one reviewed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewtui.reports.cell_words import cell_words
from reviewtui.reports.selection import Selection
from reviewtui.reports.spreadsheet import spreadsheet

if TYPE_CHECKING:
    from reviewtui.reviews.month_review import MonthReview


def review_workbook(review: MonthReview, workspace: str) -> bytes:
    """The `.xlsx` file; the same numbers and records give the same bytes."""
    product = review.product
    sheet = replace(review.sheet, products=(product,))
    months = tuple(month for month in sheet.months if month <= review.month)
    words = cell_words(sheet, review.judgements, review.records, months)
    rows = ((product, sheet.metrics_of(product.id)),)
    data, _ = spreadsheet(Selection(sheet, rows, months, review.judgements, words), workspace, lambda _: None)
    return data
