"""`reviewtui demo`: the demo company as a workspace, made once and opened."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import path, positive_number, whole_number
from reviewtui.commands.command import Command
from reviewtui.commands.locate import folder_to_make
from reviewtui.commands.output import OK, interruptible, progress_line, say, tell
from reviewtui.errors import ReviewError
from reviewtui.text import safe_text
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    import argparse
    from datetime import date

DESCRIPTION = """\
Make a workspace of an invented company, four products with three years of data, and open it. A demo that is there
already is opened as it is. The same seed and --as-of date give the same contents.

With --no-open the workspace is only made and its path printed."""
EXAMPLES = (
    "reviewtui demo",
    'cd "$(reviewtui demo --no-open)" && reviewtui metrics --product "*"',
    "reviewtui demo big --no-open --scale 10",
)
DEFAULT_FOLDER = Path("reviewtui-demo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument(
        "folder", nargs="?", type=path, metavar="DIR", help=f"where to make it (default: ./{DEFAULT_FOLDER})"
    )
    parser.add_argument("--no-open", action="store_true", help="only make it and print its path")
    parser.add_argument("--seed", type=whole_number, metavar="N", help="another company of the same kind (default: 1)")
    parser.add_argument("--scale", type=positive_number, metavar="X", help="X times the data (default: 1)")


def run(options: argparse.Namespace) -> int:
    """Make the demo where it is not there; open it or print its path."""
    root = folder_to_make(options.folder, options.workspace, DEFAULT_FOLDER)
    if (root / WORKSPACE_FILE).exists():
        if options.seed is not None or options.scale is not None:
            tell(f"{root} is there already and stays as it is; --seed and --scale take effect in a new folder.")
    else:
        refuse_occupied(root)
        make(root, options.as_of, 1 if options.seed is None else options.seed, options.scale or 1.0)
    if options.no_open:
        say(safe_text(str(root), limit=4096) if sys.stdout.isatty() else str(root))
        return OK
    from reviewtui.commands.open_app import open_app

    return open_app(root, options.as_of)


def refuse_occupied(root: Path) -> None:
    """ReviewError where `root` holds anything but a demo that an earlier run did not finish."""
    if root.exists() and not root.is_dir():
        raise ReviewError(f"{root} is a file; name another folder for the demo.", "Not a folder")
    from reviewtui.demo.workspace_files import UNFINISHED_MARK

    if root.is_dir() and any(root.iterdir()) and not (root / UNFINISHED_MARK).exists():
        raise ReviewError(
            f"{root} is not empty and is no workspace; nothing was changed. Name another folder: reviewtui demo DIR.",
            "Folder in use",
        )


def make(root: Path, as_of: date, seed: int, scale: float) -> None:
    """Generate the workspace, with progress on stderr."""
    with interruptible(at_once=True), progress_line() as progress:
        from reviewtui.demo.generate import make_demo

        make_demo(root, as_of, seed=seed, scale=scale, on_progress=progress)


COMMAND = Command("demo", "make the demo workspace and open it", DESCRIPTION, EXAMPLES, add_arguments, run)
