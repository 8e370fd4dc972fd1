"""Opens a workspace as the command does: `python -m tests.screens.opened HOW`, the folder in REVIEWTUI_TEST_FOLDER.

`HOW` is `reviews`, `stuck` (what shows the numbers takes for ever to load) or `upgraded` (to a Textual of which nothing
is known).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from reviewtui import lean_output
from reviewtui.commands import open_app
from tests.sheets import AS_OF


def main(how: str) -> int:
    """Open the workspace; the exit code."""
    # However busy the machine is, it is known whether numbers are ready.
    setattr(open_app, "MOST_SECONDS_WITHOUT_A_FRAME", 60.0)  # noqa: B010 - of this process only
    if how == "stuck":
        setattr(open_app, "_import_without_ssl", lambda: time.sleep(600))  # noqa: B010 - in place of all that is slow
    elif how == "upgraded":
        setattr(lean_output, "KNOWN_TEXTUAL", "0")  # noqa: B010 - in place of installing one
    try:
        return open_app.open_app(Path(os.environ["REVIEWTUI_TEST_FOLDER"]) / "reviews", AS_OF)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
