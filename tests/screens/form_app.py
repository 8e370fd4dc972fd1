"""Runs the app with a form in a terminal: `python -m tests.screens.form_app [HOW]`; `form` opens it at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from reviewtui.running import run
from tests.screens.forms import FormApp, register


class OpenedFormApp(FormApp):
    """Opens the form at the start."""

    def on_ready(self) -> None:
        """Open it."""
        self.push_screen(self.make_form())


def main(how: str) -> int:
    """Run the app; the exit code."""
    register()
    folder = Path(os.environ["REVIEWTUI_TEST_FOLDER"])
    app = (OpenedFormApp if how == "form" else FormApp)(folder, state_folder=folder / "state")
    return run(app, remember=(folder / "remembered").touch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
