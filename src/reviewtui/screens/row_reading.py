"""Reading rows from the sources in the background, for screens that show what lies behind a number."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual import on, work
from textual.screen import Screen

from reviewtui.errors import Cancelled, ReviewError
from reviewtui.messages import RowsFound
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Hashable

    from textual.timer import Timer

    from reviewtui.app import ReviewApp
    from reviewtui.cell_rows import CellRows
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress

FETCH_AFTER_SECONDS = 0.25
"""How long the cursor has to stand somewhere before rows are read."""


class RowReading(Screen[None]):
    """Asks one question at a time; `kept` remembers the answers."""

    READING = "Reading the rows …"
    """What is said at first."""

    def __init__(self) -> None:
        super().__init__()
        self.reading_words = ""
        """How far it is, or why there are no rows; empty once they are there."""
        self.is_reading = False
        self._asked: tuple[MetricSheet, Hashable] | None = None
        self._cancel = threading.Event()
        self._timer: Timer | None = None

    def on_unmount(self) -> None:
        """Nobody waits for rows any more."""
        self._cancel.set()

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    @property
    def kept(self) -> CellRows[Any, Any]:
        """What answers questions, and remembers the answers."""
        return self.review_app.cell_rows

    def show_rows(self) -> None:
        """The rows that were asked for, or the words about them, are others now."""
        raise NotImplementedError

    def drop_question(self) -> None:
        """Nothing is asked any more."""
        self._cancel.set()
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._asked, self.is_reading, self.reading_words = None, False, ""

    def read_rows(self, sheet: MetricSheet, key: Hashable, question: Any, delay: float) -> None:
        """Read the rows of `key` after `delay` seconds, in place of what was asked before."""
        self.drop_question()
        self._asked, self.is_reading, self.reading_words = (sheet, key), True, self.READING
        self._cancel = threading.Event()
        self._timer = self.set_timer(delay, partial(self._begin_reading, sheet, key, question, self._cancel))

    def _begin_reading(self, sheet: MetricSheet, key: Hashable, question: Any, cancel: threading.Event) -> None:
        self._timer = None
        self._read(sheet, key, question, cancel)

    def stop_reading(self, words: str) -> bool:
        """Give up, and say `words` in place of rows; whether anything was being read, not only about to be."""
        if not self.is_reading or self._timer is not None:
            return False
        self._cancel.set()
        self.is_reading, self.reading_words = False, words
        return True

    @work(thread=True, exclusive=True, exit_on_error=False, group="rows")
    def _read(self, sheet: MetricSheet, key: Hashable, question: Any, cancel: threading.Event) -> None:
        def post(found: Any, words: str = "", *, is_over: bool = True) -> None:
            if not cancel.is_set():
                self.post_message(RowsFound(sheet, key, found, words, is_over))

        def report(progress: Progress) -> None:
            post(None, f"{safe_text(progress.stage)} …", is_over=False)

        if cancel.is_set():
            return
        try:
            found = self.kept.fetch(question, report, cancel)
        except Cancelled:
            return
        except ReviewError as error:
            post(None, f"{error.message} Press Enter to try again.")
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the numbers stay usable
            self.review_app.keep_fault(error)
            post(None, "The rows could not be read: a fault in the program. Press Enter to try again.")
        else:
            post(found)

    @on(RowsFound)
    def keep_rows(self, message: RowsFound) -> None:
        """Remember what was found, and show it."""
        if message.found is not None:
            self.kept.keep(message.sheet, message.key, message.found)
        sheet, key = self._asked or (None, None)
        if sheet is message.sheet and key == message.key:
            self.reading_words, self.is_reading = message.words, not message.is_over
            self.show_rows()
