"""A list of records with columns, sections, a cursor and a filter; paints only the lines that are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from reviewtui.widgets.fitting import fit, wrap
from reviewtui.widgets.list_layout import (
    ListColumn,
    ListLine,
    ListRow,
    SectionLine,
    column_widths,
    has_words,
    haystack,
    lines_of,
    row_text,
    wanted_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events

__all__ = ["ListColumn", "ListRow", "RecordList"]

_LEFT, _CURSOR = " ", "›"
_LEAST_LINES = 6
"""Also of a list without rows, which says why in several lines."""


class RecordList(Widget, can_focus=False):
    """Shows rows, one of them under the cursor; the screen around it moves the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"record-list--{part}"
        for part in ("head", "section", "text", "quiet", "strong", "bad", "note", "good", "cursor", "found", "empty")
    }

    @dataclass
    class Focused(Message):
        """The cursor stands on another row, or on none."""

        row: ListRow | None

    @dataclass
    class Opened(Message):
        """A row was asked for with the mouse."""

        row: ListRow

    def __init__(self, columns: Sequence[ListColumn] = (), *, id: str | None = None) -> None:  # noqa: A002 - as in every widget
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._rows: tuple[ListRow, ...] = ()
        self._shown: tuple[ListRow, ...] = ()
        self._lines: tuple[ListLine, ...] = ()
        self._places: dict[str, int] = {}
        """Where a record stands among the rows that are shown."""
        self._lines_by_id: dict[str, int] = {}
        self._at = 0
        """The line of the cursor."""
        self._first = 0
        """The line at the top."""
        self._empty = ""
        self._narrowed: tuple[str, ...] = ()
        self._searched: tuple[str, ...] = ()
        self._haystacks: dict[str, str] = {}
        self._widths: list[int] | None = None
        self._styles: dict[str, Style] = {}

    # What is shown

    def show(
        self, rows: Sequence[ListRow], *, empty: str = "There is nothing here yet.", columns: Sequence[ListColumn] = ()
    ) -> None:
        """Show other rows; the cursor stays on the same record, or as near as it can. `empty` is said without any."""
        if columns:
            self._columns = tuple(columns)
        self._rows, self._empty = tuple(rows), empty
        self._haystacks.clear()
        self._lay_out()

    def narrow(self, text: str) -> int:
        """Show only rows with every word of `text`; how many there are."""
        self._narrowed = wanted_words(text)
        self._lay_out()
        return len(self._shown)

    def _lay_out(self) -> None:
        before = self.row
        self._shown = (
            tuple(row for row in self._rows if has_words(self._haystack(row), self._narrowed))
            if self._narrowed
            else self._rows
        )
        self._lines = lines_of(self._shown)
        self._widths = None
        self._places = {row.id: at for at, row in enumerate(self._shown)}
        self._lines_by_id = {line.id: at for at, line in enumerate(self._lines) if isinstance(line, ListRow)}
        if before is not None and before.id in self._lines_by_id:
            self._at = self._lines_by_id[before.id]
        else:
            self._at = self._nearest(min(self._at, len(self._lines) - 1))
        self._scroll_to_cursor()
        self.refresh()
        if self.row != before:
            self.post_message(self.Focused(self.row))

    def _haystack(self, row: ListRow) -> str:
        found = self._haystacks.get(row.id)
        if found is None:
            found = self._haystacks[row.id] = haystack(row)
        return found

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """The rows that are shown, in their order."""
        return self._shown

    @property
    def all_rows(self) -> tuple[ListRow, ...]:
        """All rows, also those that the filter leaves out."""
        return self._rows

    @property
    def row(self) -> ListRow | None:
        """The row under the cursor."""
        line = self._lines[self._at] if 0 <= self._at < len(self._lines) else None
        return line if isinstance(line, ListRow) else None

    @property
    def whole_height(self) -> int:
        """How many lines all rows take, with the head, and one that is left empty."""
        return max(_LEAST_LINES, len(lines_of(self.all_rows)) + 2)

    @property
    def page(self) -> int:
        """How many lines fit below the head."""
        return max(1, self.size.height - 1)

    # The cursor

    def go_to(self, row_id: str) -> bool:
        """Put the cursor on a record; whether it is shown."""
        at = self._lines_by_id.get(row_id)
        if at is not None:
            self._move_to(at)
        return at is not None

    def move(self, step: int) -> None:
        """Move by rows; section titles are stepped over."""
        row = self.row
        if row is not None:
            at = max(0, min(len(self._shown) - 1, self._places[row.id] + step))
            self.go_to(self._shown[at].id)

    def move_lines(self, lines: int) -> None:
        """Move by about so many lines, as a page."""
        if self._lines:
            self._move_to(self._nearest(max(0, min(len(self._lines) - 1, self._at + lines)), -1 if lines < 0 else 1))

    def move_to_end(self, *, is_last: bool) -> None:
        """Go to the first or the last row."""
        if self._lines:
            self._move_to(self._nearest(len(self._lines) - 1 if is_last else 0))

    def _nearest(self, at: int, step: int = 1) -> int:
        """The line at `at`, or the row next to it."""
        for way in (step, -step):
            here = at
            while 0 <= here < len(self._lines):
                if isinstance(self._lines[here], ListRow):
                    return here
                here += way
        return 0

    def _move_to(self, at: int) -> None:
        if at == self._at:
            return
        before, self._at = self._at, at
        first = self._first
        self._scroll_to_cursor()
        if first != self._first:
            self.refresh()
        else:
            width = self.size.width
            self.refresh(*(Region(0, line - first + 1, width, 1) for line in (before, at)))
        self.post_message(self.Focused(self.row))

    def _scroll_to_cursor(self) -> None:
        """Keep the cursor on the screen, in its middle after a jump, and the title of its section where it is next."""
        page, at = self.page, self._at
        above = 1 if at > 0 and isinstance(self._lines[at - 1], SectionLine) else 0
        if at - above < self._first:
            self._first = at - above if self._first - at <= 1 + above else at - page // 2
        elif at >= self._first + page:
            self._first = at - page + 1 if at - self._first - page < 1 else at - page // 2
        self._first = max(0, min(self._first, len(self._lines) - page))

    # Searching

    def search(self, text: str, *, start: str | None = None) -> str:
        """Go to the first row from `start` on with every word of `text`; says which of how many it is."""
        self._searched = wanted_words(text)
        found = self._found()
        if found:
            begin = self._places.get(start or "", 0)
            self.go_to(next((row.id for row in found if self._places[row.id] >= begin), found[0].id))
        self.refresh()
        return self.found_words if self._searched else ""

    def step_found(self, step: int) -> None:
        """Go to the next row found, from the last to the first."""
        found, row = self._found(), self.row
        if not found or row is None:
            return
        here = self._places[row.id]
        further = [item for item in found if (self._places[item.id] - here) * step > 0]
        self.go_to((further[0 if step > 0 else -1] if further else found[0 if step > 0 else -1]).id)

    @property
    def is_searching(self) -> bool:
        """Whether something is looked for."""
        return bool(self._searched)

    @property
    def found_words(self) -> str:
        """Which of how many found rows the cursor stands on."""
        ids = [row.id for row in self._found()]
        if not ids:
            return "Nothing here has these words"
        row = self.row
        return f"{ids.index(row.id) + 1 if row is not None and row.id in ids else 0} of {len(ids):,}"

    def _found(self) -> list[ListRow]:
        if not self._searched:
            return []
        return [row for row in self._shown if has_words(self._haystack(row), self._searched)]

    # Painting

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self._widths = None
        self._scroll_to_cursor()
        self.refresh()

    def notify_style_update(self) -> None:
        """Colours changed: look them up anew."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Paint the head or a line below it."""
        width = self.size.width
        if not self._lines:
            return self._empty_line(y)
        if self._widths is None:
            self._widths = column_widths(self._columns, self._rows, width - 2)
        if y == 0:
            return self._strip(
                "head", "  " + row_text([item.name for item in self._columns], self._columns, self._widths)
            )
        at = self._first + y - 1
        line = self._lines[at] if at < len(self._lines) else None
        if line is None:
            return Strip.blank(width, self.rich_style)
        if isinstance(line, SectionLine):
            return self._strip("section", f" {line.name.upper()}  {line.rows:,}")
        text = line.cells[0] if line.is_sentence else row_text(line.cells, self._columns, self._widths)
        if at == self._at:
            return self._strip("cursor", f"{_CURSOR} {text}")
        is_found = bool(self._searched) and has_words(self._haystack(line), self._searched)
        return self._strip("found" if is_found else line.role, f"  {text}")

    def _empty_line(self, y: int) -> Strip:
        words = self._empty
        if self._rows:
            words = f"None of the {len(self._rows):,} here has these words."
        lines = ["", *wrap(words, max(1, self.size.width - 4))]
        return self._strip("empty", f"  {lines[y]}" if y < len(lines) else "")

    def _strip(self, part: str, text: str) -> Strip:
        return Strip([Segment(fit(text, self.size.width), self._style(part))])

    def _style(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self.get_component_rich_style(f"record-list--{part}")
        return style

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a row; a click on the row under the cursor opens it."""
        at = self._first + event.y - 1
        line = self._lines[at] if event.y > 0 and at < len(self._lines) else None
        if not isinstance(line, ListRow):
            return
        if at == self._at:
            self.post_message(self.Opened(line))
        else:
            self._move_to(at)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three rows on."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three rows back."""
        event.stop()
        self.move(-3)
