"""A workbook under construction: styles made once, text that is never a formula, numbers that stay exact.

Everything is kept in memory, with fixed dates, so that the same content gives the same bytes and nothing is written
to disk here.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from reviewtui.reports.spreadsheet_text import MAX_CELL, clean_lines, looks_like_formula, shortened, utf16_length

if TYPE_CHECKING:
    from datetime import date

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_MAX_COMMENT = 2000


class ExactNumber(float):
    """A double that is written with all the digits that it takes to read it back."""

    def __format__(self, form: str) -> str:
        return float.__repr__(self)


class Book:
    """A workbook in memory; `bytes` ends it."""

    def __init__(self, title: str, as_of: date) -> None:
        self._stream = BytesIO()
        self._workbook = xlsxwriter.Workbook(self._stream, _OPTIONS)
        made = datetime.combine(as_of, time(), UTC).replace(tzinfo=None)
        self._workbook.set_properties({"title": shortened(clean_lines(title), 255), "created": made})
        self._styles: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.cut: list[str] = []
        """What was longer than a cell can hold, in the caller's words."""

    def add_sheet(self, name: str) -> Worksheet:
        """A new last sheet; `name` is valid and not taken."""
        sheet = self._workbook.add_worksheet(name)
        sheet.set_comments_author("reviewtui")
        return sheet

    def style(self, **properties: Any) -> Format:
        """The style with these properties of XlsxWriter's `add_format`."""
        key = tuple(sorted(properties.items()))
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = self._workbook.add_format(properties)
        return found

    def put_text(self, sheet: Worksheet, row: int, column: int, text: str, what: str = "", **style: Any) -> None:
        """Write `text` as it is, as text; `what` names it where it is too long."""
        clean = clean_lines(text)
        if utf16_length(clean) > MAX_CELL:
            self.cut.append(what or "a text")
            clean = shortened(clean, MAX_CELL)
        if looks_like_formula(text):
            style["quote_prefix"] = True
        if clean or style:
            sheet.write_string(row, column, clean, self.style(**style) if style else None)

    def put_comment(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """Attach `text` to a cell."""
        sheet.write_comment(row, column, shortened(clean_lines(text), _MAX_COMMENT), {"x_scale": 2.0})

    def bytes(self) -> bytes:
        """The finished file; nothing can be added afterwards."""
        self._workbook.close()
        return self._stream.getvalue()
