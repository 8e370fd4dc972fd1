"""Tell what the sources hold without reading their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reviewtui.sources.jobs import run_job
from reviewtui.sources.state import Inspection

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from reviewtui.sources.request import SourceRequest
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import Progress


def inspect_sources(
    request: SourceRequest,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> Inspection:
    """The state of every source, the input tables found, and why others are missing; raises as `run_job` does."""
    job = f"{__name__}:{inspect_session.__name__}"
    return cast("Inspection", run_job(request, job, on_progress=on_progress, cancel=cancel))


def inspect_session(session: Session, _payload: object) -> Inspection:
    """The part that runs in the child process."""
    return Inspection(session.states, session.found, session.missing, tuple(session.problems))
