"""The command line: arguments in, exit code out.

Nothing heavy is imported here; each command imports what it needs when it runs. Every way a command can end is
turned into an exit code and at most one plain sentence.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from reviewtui.commands import open_app
from reviewtui.commands.opening import opening_of, today
from reviewtui.commands.output import (
    INTERRUPTED,
    OK,
    PROBLEMS,
    WRONG_USAGE,
    Interrupted,
    prepare_streams,
    tell,
)
from reviewtui.errors import Cancelled, ReviewError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (default: the process's own) and return the exit code; never raises."""
    prepare_streams()
    try:
        code = _run(arguments)
        _flush()
    except BrokenPipeError:
        _drop_output()
        code = OK
    except OSError as error:
        _drop_output()
        tell(f"reviewtui: {error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
        code = PROBLEMS
    return code


def _run(arguments: Sequence[str] | None) -> int:
    workspace: Path | None = None
    try:
        opening = opening_of(sys.argv[1:] if arguments is None else arguments)
        if opening is not None:
            workspace = opening.workspace
            code = open_app.run(opening)
        else:
            options = _parsed(arguments)
            workspace = options.workspace
            code = options.run(options)
    except SystemExit as asked:
        code = asked.code if isinstance(asked.code, int) else OK
    except UsageError as error:
        code = _end(WRONG_USAGE, error.message)
    except (KeyboardInterrupt, Cancelled):
        code = _end(INTERRUPTED, "Stopped.")
    except Interrupted as stop:
        code = _end(stop.code, "Stopped.")
    except ReviewError as error:
        code = _end(PROBLEMS, error.message)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a person
        code = _end(PROBLEMS, _report_crash(error, workspace))
    return code


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    from reviewtui.commands.command_line import build_parser

    words = sys.argv[1:] if arguments is None else arguments
    options = build_parser(words).parse_args(words)
    options.as_of = options.as_of or today()
    return options


def _end(code: int, message: str) -> int:
    tell(f"reviewtui: {message}")
    return code


def _report_crash(error: Exception, workspace: Path | None) -> str:
    from reviewtui.faults import fault_sentence, write_fault

    log = None
    with suppress(Exception):  # a log that fails must not hide the sentence
        from pathlib import Path

        from reviewtui.paths import state_dir

        log = write_fault(error, state_dir(workspace or Path.cwd()))
    return fault_sentence(log)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def _drop_output() -> None:
    """Point stdout nowhere, so that what is left in its buffer makes no noise when the process ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
