"""Bare `reviewtui`: opens the app on the workspace."""

from __future__ import annotations

import gc
import sys
from functools import partial
from typing import TYPE_CHECKING

from reviewtui.commands.locate import workspace_root
from reviewtui.commands.opening import today
from reviewtui.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from datetime import date
    from pathlib import Path

    from reviewtui.commands.opening import Opening

MOST_SECONDS_WITHOUT_A_FRAME = 0.1
"""How long a start waits to know whether numbers are ready, before it loads what shows them."""


def run(options: argparse.Namespace | Opening) -> int:
    """Open the app on the workspace asked for or found."""
    return open_app(workspace_root(options.workspace), options.as_of or today())


def _import_without_ssl() -> None:
    """Load asyncio as it is where Python was built without SSL: nothing here connects to anything, and a start is
    shorter by a twentieth.
    """
    if "ssl" in sys.modules or "asyncio" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # as documented, an import then fails
    try:
        import asyncio  # noqa: F401
    finally:
        del sys.modules["ssl"]


def open_app(root: Path, as_of: date) -> int:
    """Open the app on `root`; UsageError where there is no terminal to draw on."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(
            "The app needs a terminal for input and output. In scripts and pipes use `reviewtui metrics` or "
            "`reviewtui check`."
        )
    # Next to nothing that a start allocates is garbage; the app collects again once it has painted.
    gc.disable()
    from reviewtui.early_load import EarlyLoad
    from reviewtui.first_frame import kept_picture, shown_first
    from reviewtui.loading import compute_newest_first, find_numbers

    early = EarlyLoad(partial(find_numbers, root, as_of), partial(compute_newest_first, root, as_of))
    picture = kept_picture(root) if early.knows_ready_within(MOST_SECONDS_WITHOUT_A_FRAME) else None
    with shown_first(picture) as frame:
        _import_without_ssl()
        # Not before: what it imports may want SSL.
        early.go_on()
        from reviewtui.running import run_app

        return run_app(root, as_of, early, frame)
