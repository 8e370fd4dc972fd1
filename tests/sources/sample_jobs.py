"""Jobs that the tests run in the child process."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, UsageError

if TYPE_CHECKING:
    from reviewtui.sources.session import Session

ENDLESS_COUNT = "SELECT count(*) FROM range(10000000000) a, range(10000000000) b WHERE a.range % 7 = b.range % 11"


def row_counts(session: Session, _payload: object) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Rows of every table found, and the problems of the session."""
    counts = {}
    for found in session.found:
        session.progress(f"Counting {found.table}")
        with session.reading(found):
            ((count,),) = session.connection.execute(f"SELECT count(day) FROM {found.relation}").fetchall()
        counts[found.table] = count
    return counts, tuple(session.problems)


def echo(_session: Session, payload: object) -> object:
    """The payload."""
    return payload


def big(_session: Session, payload: int) -> bytes:
    """Many bytes."""
    return b"x" * payload


def unpicklable(_session: Session, _payload: object) -> object:
    """Something that cannot be sent."""
    return lambda: None


def chatty(_session: Session, _payload: object) -> str:
    """Prints a lot on both streams."""
    for _ in range(20_000):
        print("to the screen")
        print("and an error", file=sys.stderr)
    os.write(1, b"raw bytes")
    return "quiet"


def refuse(_session: Session, _payload: object) -> None:
    """Raises an error meant for a person."""
    raise UsageError("there is no such product", "Unknown product")


def mistake(_session: Session, _payload: object) -> None:
    """Raises a programming error that quotes data."""
    raise KeyError("customer secret")


def bad_query(session: Session, _payload: object) -> None:
    """Lets a DuckDB error out."""
    with session.deadline("the total", None):
        session.connection.execute("SELECT nothing FROM nowhere")


def endless(session: Session, _payload: object) -> None:
    """Never ends; tells its process id first."""
    session.progress(f"process {os.getpid()}")
    session.connection.execute(ENDLESS_COUNT)


def endless_in_python(session: Session, _payload: object) -> None:
    """Never ends and runs no statement."""
    session.progress(f"process {os.getpid()}")
    while True:
        time.sleep(0.01)


def timed(session: Session, seconds: float) -> None:
    """A statement of the program's own that takes too long."""
    with session.deadline("the grand total", seconds):
        session.connection.execute(ENDLESS_COUNT)


def killed(session: Session, payload: int) -> None:
    """Ends itself by a signal."""
    session.progress("Adding up")
    os.kill(os.getpid(), payload)
    time.sleep(60)


def exits(session: Session, _payload: object) -> None:
    """Ends itself with a code and last words."""
    session.progress("Adding up")
    print("last \x1b[31mwords", file=sys.stderr, flush=True)
    os._exit(9)


def interrupted(_session: Session, _payload: object) -> str:
    """Gets what Ctrl+C sends."""
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def address_space(session: Session, _payload: object) -> tuple[int, int]:
    """The bound on this process, and a count that needs some memory."""
    query = "SELECT count(DISTINCT hash(i)::VARCHAR) FROM range(1000000) r(i)"
    ((count,),) = session.connection.execute(query).fetchall()
    return resource.getrlimit(resource.RLIMIT_AS)[0], count


def loaded_modules(_session: Session, _payload: object) -> list[str]:
    """What the child has imported."""
    return sorted(sys.modules)
