"""The sheet that says what each metric of the workbook means."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reviewtui.metrics.formats import section_title
from reviewtui.metrics.sheet import Direction

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from reviewtui.metrics.sheet import Metric
    from reviewtui.reports.selection import Selection
    from reviewtui.reports.workbook import Book

COLUMNS = {
    "id": 22,
    "Name": 32,
    "Section": 12,
    "Unit": 14,
    "Good is": 10,
    "Kind": 10,
    "Definition": 70,
    "Formula": 50,
    "Numerator": 26,
    "Denominator": 26,
    "Owner": 16,
    "Links": 40,
    "Earlier definitions": 50,
    "Only for": 30,
}
"""Title and width of each column, in order."""

_DIRECTIONS = {Direction.UP: "up", Direction.DOWN: "down", Direction.NEUTRAL: ""}
_MARKS = (
    "Marks beside a number: ~ forecast, … month to date, ° still maturing, ? few answers, ± restated since its"
    " review. n/a: cannot be computed, the cell's comment says why. Empty: no data. A comment that several cells of a"
    " row share stands at the newest of them."
)


def write_definitions(book: Book, sheet: Worksheet, selection: Selection) -> None:
    """A row for each definition below a header, then what the marks in the cells mean.

    A metric that products define differently has a row for each definition, with the products it holds for.
    """
    products: dict[Metric, list[str]] = {}
    for product, metrics in selection.rows:
        for metric in metrics:
            products.setdefault(metric, []).append(product.name or product.id)
    several = {metric_id for metric_id, count in Counter(metric.id for metric in products).items() if count > 1}
    for column, (title, width) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        book.put_text(sheet, 0, column, title, bold=True, bottom=1)
    for row, (metric, names) in enumerate(products.items(), 1):
        holds_for = ", ".join(names) if metric.id in several else ""
        for column, (title, text) in enumerate(zip(COLUMNS, (*_facts(metric), holds_for), strict=True)):
            if text:
                what = f"the {title.lower()} of {metric.id}"
                book.put_text(sheet, row, column, text, what, text_wrap=True, valign="top")
    book.put_text(sheet, len(products) + 2, 0, _MARKS, italic=True)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _facts(metric: Metric) -> tuple[str, ...]:
    """The texts of a metric's row, one for each of `COLUMNS` but the last."""
    return (
        metric.id,
        metric.name,
        section_title(metric.section),
        str(metric.unit),
        _DIRECTIONS[metric.direction],
        metric.kind,
        metric.definition,
        metric.formula,
        metric.numerator,
        metric.denominator,
        metric.owner,
        "\n".join(f"{link.label}: {link.url}" for link in metric.links),
        "\n".join(_earlier_definitions(metric)),
    )


def _earlier_definitions(metric: Metric) -> list[str]:
    lines = []
    for version, following in zip(metric.versions, metric.versions[1:], strict=False):
        start = "from the beginning" if version.valid_from is None else f"from {version.valid_from}"
        formula = f" ({version.formula})" if version.formula else ""
        lines.append(f"{start} until {following.valid_from}: {version.definition}{formula}")
    return lines
