"""Runs the app over a plain sheet in a terminal: `python -m tests.screens.plain_app HOW`.

`HOW` is `sheet`, `hostile`, `slow` (a computation that ends only when cancelled) or `fault` (one key handler fails
with customer data in a local variable and in its message).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.app import ReviewApp
from reviewtui.errors import Cancelled
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.running import run
from reviewtui.sources.state import Progress
from tests.sheets import AS_OF, hostile_sheet, make_sheet

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable


def load(how: str, report: Callable[[Progress], None], cancel: threading.Event) -> LoadedSheet:
    """The sheet that `how` asks for."""
    if how == "slow":
        report(Progress("Reading events", 1, 36))
        cancel.wait()
        raise Cancelled
    return LoadedSheet(hostile_sheet() if how == "hostile" else make_sheet())


class FaultyApp(ReviewApp):
    """Fails on `y`."""

    def copy_to_clipboard(self, text: str) -> None:
        """Fail with data at hand."""
        customer = "Acme-the-customer"
        raise RuntimeError(customer + text)


def main(how: str) -> int:
    """Run the app; the exit code."""
    folder = Path(os.environ["REVIEWTUI_TEST_FOLDER"])
    kind = FaultyApp if how == "fault" else ReviewApp
    app = kind(
        folder, AS_OF, load_sheet=lambda report, cancel: load(how, report, cancel), state_folder=folder / "state"
    )
    return run(app, remember=(folder / "remembered").touch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
