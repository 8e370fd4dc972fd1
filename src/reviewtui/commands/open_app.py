"""Bare `reviewtui`: opens the app on the workspace."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reviewtui.commands.locate import workspace_root
from reviewtui.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from datetime import date
    from pathlib import Path


def run(options: argparse.Namespace) -> int:
    """Open the app on the workspace asked for or found."""
    return open_app(workspace_root(options.workspace), options.as_of)


def open_app(root: Path, as_of: date) -> int:
    """Open the app on `root`; UsageError where there is no terminal to draw on."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(
            "The app needs a terminal for input and output. In scripts and pipes use `reviewtui metrics` or "
            "`reviewtui check`."
        )
    from reviewtui.app import run_app

    return run_app(root, as_of)
