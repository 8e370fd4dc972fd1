"""From opening the app to leaving it: what was remembered, the terminal, and what is remembered for the next time."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from reviewtui.app import ReviewApp
from reviewtui.faults import fault_sentence
from reviewtui.first_frame import keep_frame
from reviewtui.git_app import leaving_sentence
from reviewtui.leaving import leave_on_hangup, terminal_attributes
from reviewtui.paths import keys_file, state_dir
from reviewtui.ready_sheet import keep_ready_still
from reviewtui.remembering import COMPARED_KEY, left_by, remembered_options, remembered_position
from reviewtui.settings import load_session, save_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from reviewtui.early_load import EarlyLoad
    from reviewtui.first_frame import FirstFrame

MOST_SECONDS_WITHOUT_NUMBERS = 0.2
"""How long the app waits, before it paints, for numbers that need not be computed."""


def run_app(root: Path, as_of: date, early: EarlyLoad, first_frame: FirstFrame | None = None) -> int:
    """Open the app on the workspace `root`; the exit code. Remembers the place for the next time."""
    session = load_session(root)
    ready = early.ready_within(MOST_SECONDS_WITHOUT_NUMBERS)
    app = ReviewApp(
        root,
        as_of,
        load_sheet=early.load,
        loaded=ready,
        earlier=early.earlier,
        position=remembered_position(session, as_of),
        view_options=remembered_options(session),
        theme=session.theme,
        keys_file=keys_file(),
        state_folder=state_dir(root),
        first_frame=first_frame,
    )
    app.compared_before = session.other.get(COMPARED_KEY)

    def remember() -> None:
        left = left_by(app, session)
        problem = save_session(root, left)
        loaded = app.sheet_state.loaded
        if app.last_picture is not None and loaded is not None and (problem is None or left == session):
            keep_ready_still(root, as_of, loaded)
            keep_frame(root, app.last_picture)

    return run(app, remember=remember)


def run(app: ReviewApp, remember: Callable[[], object]) -> int:
    """Show `app` until the person leaves, a signal ends it or it fails; `remember` is called unless it failed."""

    def before_leaving() -> None:
        app.flush_drafts()
        app.stop_computing()
        remember()

    frame = app.first_frame
    leave_on_hangup(before_leaving, frame.attributes if frame is not None else terminal_attributes())
    app.run(mouse="SSH_CONNECTION" not in os.environ)
    # Libraries of compiled code print what is still there when the interpreter ends.
    gc.unfreeze()
    app.close_drafts()
    if app.failed:
        sys.stderr.write(fault_sentence(app.fault_log) + "\n")
        return 1
    remember()
    sentence = leaving_sentence(app)
    if sentence:
        sys.stderr.write(sentence + "\n")
    return app.return_code or 0
