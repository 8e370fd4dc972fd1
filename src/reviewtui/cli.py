"""The command line: arguments in, exit code out.

Nothing heavy is imported here; each command imports what it needs when it runs. Every way a command can end is
turned into an exit code and at most one plain sentence.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.commands import check, demo, doctor, init, metrics, open_app
from reviewtui.commands.arguments import Parser, as_of_date, path, today
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


COMMANDS = (demo.COMMAND, init.COMMAND, check.COMMAND, metrics.COMMAND, doctor.COMMAND)
"""In the order of the help."""

DESCRIPTION = """\
Monthly product reviews in the terminal: every metric by month, computed from your own DuckDB files, offline.
Without a command, opens the app on the workspace: the nearest folder upward with a reviewtui.toml."""
EXAMPLES = (
    "reviewtui demo                                        a company to try it on",
    "reviewtui init reviews --source warehouse.duckdb      a workspace over your own data",
    "reviewtui --workspace reviews                         open it",
    "reviewtui metrics --workspace reviews --format csv    the numbers for a script",
)


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


def build_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(prog="reviewtui", description=DESCRIPTION, examples=EXAMPLES)
    _add_global_options(parser)
    parser.set_defaults(run=open_app.run, workspace=None, as_of=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS:
        child = commands.add_parser(
            command.name, help=command.summary, description=command.description, examples=command.examples
        )
        command.add_arguments(child)
        _add_global_options(child)
        child.set_defaults(run=command.run)
    return parser


def _add_global_options(parser: argparse.ArgumentParser) -> None:
    """Options that stand before or after the command; absent ones leave what was given before untouched."""
    from argparse import SUPPRESS

    group = parser.add_argument_group("options of every command")
    group.add_argument(
        "--workspace",
        type=path,
        default=SUPPRESS,
        metavar="DIR",
        help="the workspace folder (default: the nearest reviewtui.toml upward)",
    )
    group.add_argument(
        "--as-of",
        type=as_of_date,
        default=SUPPRESS,
        metavar="DATE",
        help="the day to look from, as 2026-04-30; decides which months are complete (default: today)",
    )
    group.add_argument("--version", action="version", version=f"reviewtui {__version__}", help="print the version")


def _run(arguments: Sequence[str] | None) -> int:
    options: argparse.Namespace | None = None
    try:
        options = build_parser().parse_args(arguments)
        options.as_of = options.as_of or today()
        code: int = options.run(options)
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
        code = _end(PROBLEMS, _report_crash(error, None if options is None else options.workspace))
    return code


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
