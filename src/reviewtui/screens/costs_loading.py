"""Reading the costs in the background: shared by the screens that show any of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.screen import Screen

from reviewtui.costs_reading import CostsRead, read_costs_of
from reviewtui.errors import Cancelled, ReviewError
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from reviewtui.app import ReviewApp
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress

READING = "Reading the costs …"


@dataclass(eq=False, repr=False)
class CostsFound(Message):
    """The costs were read, or could not be; or are further."""

    sheet: MetricSheet
    found: CostsRead | None
    words: str = ""


class CostsLoading(Screen[None]):
    """Reads the costs that belong to a set of numbers, once for all screens."""

    _costs_of: MetricSheet | None = None
    """The numbers whose costs are wanted."""
    _read: CostsRead | None = None
    _words = ""
    """Why there are no costs, or how far the reading is."""
    _cancel_costs: threading.Event | None = None

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        raise NotImplementedError

    def show_costs(self) -> None:
        """The costs are there, or how far their reading is has changed."""
        raise NotImplementedError

    def ask_for_costs(self, sheet: MetricSheet) -> None:
        """Take the costs that belong to `sheet`, read before or now."""
        self.forget_costs()
        self._costs_of, self._read, self._words = sheet, None, READING
        known = self.review_app.costs_read
        if known is not None and known.sheet is sheet:
            self._read = known
            return
        self._cancel_costs = threading.Event()
        self._read_costs(sheet, self._cancel_costs)

    def on_unmount(self) -> None:
        """Nobody waits for costs any more."""
        self.forget_costs()

    def forget_costs(self) -> None:
        """Stop reading."""
        if self._cancel_costs is not None:
            self._cancel_costs.set()

    @work(thread=True, exclusive=True, exit_on_error=False, group="costs")
    def _read_costs(self, sheet: MetricSheet, cancel: threading.Event) -> None:
        def post(found: CostsRead | None, words: str = "") -> None:
            if not cancel.is_set():
                self.post_message(CostsFound(sheet, found, words))

        def report(progress: Progress) -> None:
            post(None, f"{safe_text(progress.stage)} …")

        app = self.review_app
        try:
            found = read_costs_of(app.workspace_root, app.as_of, sheet, report, cancel)
        except Cancelled:
            return
        except ReviewError as error:
            post(None, error.message)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the app goes on
            app.keep_fault(error)
            post(None, "The costs could not be read: a fault in the program.")
        else:
            post(found)

    @on(CostsFound)
    def keep_costs(self, message: CostsFound) -> None:
        """Remember what was read, and show it."""
        if message.sheet is not self._costs_of:
            return
        self._words = message.words
        if message.found is not None:
            self._read = self.review_app.costs_read = message.found
        self.show_costs()
