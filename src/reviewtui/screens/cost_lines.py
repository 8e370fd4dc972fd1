"""The cost lines behind a component, read in the background and listed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import LIST
from reviewtui.errors import Cancelled, ReviewError
from reviewtui.screens.list_screen import ListScreen
from reviewtui.text import safe_text
from reviewtui.widgets.list_layout import ListColumn, ListRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.cost_drill import CostLines
    from reviewtui.months import Month


@dataclass(eq=False, repr=False)
class LinesFound(Message):
    """The lines were read, or could not be."""

    found: CostLines | None
    words: str = ""


class CostLinesScreen(ListScreen):
    """Lists the largest lines of one component of a product in a month, before any share is applied."""

    BINDINGS = bindings_of(LIST)
    KEYS_OF = "Cost lines"
    HEADING = "Cost lines"
    COLUMNS = (
        ListColumn("Cost", is_right=True, widest=20),
        ListColumn("Day", rank=1),
        ListColumn("Service", widest=30),
        ListColumn("Region", rank=2, widest=16),
        ListColumn("Won by", rank=1, widest=20),
        ListColumn("Tags", rank=3, widest=40),
        ListColumn("Line", rank=4, widest=60),
    )
    EMPTY: ClassVar[str] = "There are no such lines."

    def __init__(self, product: str, component: str, month: Month) -> None:
        super().__init__()
        self._about = (product, component, month)
        self._found: CostLines | None = None
        self._cancel = threading.Event()

    def on_mount(self) -> None:
        """Begin to read."""
        self.list_rows((), "Reading the lines …")
        self.show_title()
        self._read()

    def on_unmount(self) -> None:
        """Nobody waits for lines any more."""
        self._cancel.set()

    @work(thread=True, exclusive=True, exit_on_error=False, group="cost lines")
    def _read(self) -> None:
        from reviewtui.metrics.cost_drill import load_cost_lines
        from reviewtui.workspace.load import load_workspace

        app = self.review_app
        try:
            found = load_cost_lines(load_workspace(app.workspace_root), app.as_of, *self._about, self._cancel)
        except Cancelled:
            return
        except ReviewError as error:
            self.post_message(LinesFound(None, error.message))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the app goes on
            app.keep_fault(error)
            self.post_message(LinesFound(None, "The lines could not be read: a fault in the program."))
        else:
            self.post_message(LinesFound(found))

    @on(LinesFound)
    def show_lines(self, message: LinesFound) -> None:
        """List what was found."""
        self._found = message.found
        self.list_rows(self.rows(), message.words or self.EMPTY)
        self.show_title()

    def rows(self) -> Sequence[ListRow]:
        """One row a line."""
        lines = self._found.lines if self._found is not None else ()
        return [
            ListRow(
                f"line:{place}",
                (
                    f"{line.cost:,f}",
                    str(line.day),
                    safe_text(line.service),
                    safe_text(line.region),
                    safe_text(line.rule),
                    safe_text(", ".join(line.tags)),
                    safe_text(line.line_id),
                ),
            )
            for place, line in enumerate(lines)
        ]

    def title_words(self) -> tuple[str, str]:
        """Which lines, and how many of them are listed."""
        product, component, month = self._about
        parts = [safe_text(product), safe_text(component), month.long_label]
        if self._found is not None:
            shown, total = len(self._found.lines), self._found.total
            parts.append(f"{total:,} lines" if shown == total else f"the largest {shown:,} of {total:,} lines")
        return " · ".join(parts), ""

    def open_row(self, row: ListRow) -> None:
        """A line has nothing behind it."""
        self.say(f"{row.cells[-1]}: nothing lies behind a line.")
