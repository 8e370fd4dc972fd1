"""The parser of the whole command line: every command with its words and arguments."""

from __future__ import annotations

from argparse import SUPPRESS
from importlib import import_module
from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.commands import open_app
from reviewtui.commands.arguments import Parser, as_of_date, path

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterator

    from reviewtui.commands.command import Command


MODULES = {
    "demo": "demo",
    "init": "init",
    "check": "check",
    "metrics": "metrics",
    "anomalies": "anomalies",
    "costs": "costs",
    "report": "report",
    "export": "export",
    "import": "import_file",
    "search": "search",
    "commit": "commit",
    "merge": "merge",
    "pull": "pull",
    "migrate": "migrate",
    "doctor": "doctor",
}
"""The module of each command, in the order of the help."""

DESCRIPTION = """\
Monthly product reviews in the terminal: every metric by month, computed from your own DuckDB files, offline.
Without a command, opens the app on the workspace: the nearest folder upward with a reviewtui.toml."""
EXAMPLES = (
    "reviewtui demo                                        a company to try it on",
    "reviewtui init reviews --source warehouse.duckdb      a workspace over your own data",
    "reviewtui --workspace reviews                         open it",
    "reviewtui metrics --workspace reviews --format csv    the numbers for a script",
)


def load_commands(words: Collection[str] = ()) -> Iterator[Command]:
    """The commands among `words`, or all of them where there is none: importing only what is asked for is quicker."""
    for name in [name for name in MODULES if name in words] or MODULES:
        command: Command = import_module(f"reviewtui.commands.{MODULES[name]}").COMMAND
        yield command


def build_parser(words: Collection[str] = ()) -> Parser:
    """The parser of the command line `words`; of every command line where they name no command."""
    parser = Parser(prog="reviewtui", description=DESCRIPTION, examples=EXAMPLES)
    _add_global_options(parser)
    parser.set_defaults(run=open_app.run, workspace=None, as_of=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for command in load_commands(words):
        child = commands.add_parser(
            command.name, help=command.summary, description=command.description, examples=command.examples
        )
        command.add_arguments(child)
        _add_global_options(child)
        child.set_defaults(run=command.run)
    return parser


def _add_global_options(parser: argparse.ArgumentParser) -> None:
    """Options that stand before or after the command; absent ones leave what was given before untouched."""
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
