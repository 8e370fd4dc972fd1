"""`reviewtui migrate`: the files of an older workspace in the current schema."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import OK, PROBLEMS, plural, problem_line, say
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from reviewtui.workspace.migrate import Migrated

DESCRIPTION = """\
Bring every file of the workspace to the schema that this program writes. Each file's result is computed and checked
before anything is replaced: no file, id or text may be lost. Running it again changes nothing more.

In a git repository without uncommitted changes the last commit is the way back. Anywhere else the old files are copied
into a folder backup-… of the workspace first. Nothing is done while a file cannot be read or is of a newer schema."""
EXAMPLES = ("reviewtui migrate --dry-run", "reviewtui migrate && git diff")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")


def run(options: argparse.Namespace) -> int:
    """Migrate, or show what would change; `PROBLEMS` where a file is in the way."""
    from reviewtui.workspace.migrate import plan_migration

    root = workspace_root(options.workspace)
    plan = plan_migration(root)
    for problem in plan.problems:
        say(problem_line(problem))
    if options.dry_run:
        for change in plan.changes:
            show(change)
    if plan.problems:
        say(f"{plural(len(plan.problems), 'file')} in the way: mend that first. Nothing was changed.")
        return PROBLEMS
    if not plan.changes:
        say(f"Nothing to do: {plural(plan.files, 'file')}, all of the current schema.")
    elif options.dry_run:
        say(f"{plural(len(plan.changes), 'file')} of {plan.files} would change. Nothing was changed.")
    else:
        from datetime import datetime

        from reviewtui.workspace.migrate import migrate

        folder = migrate(root, plan, datetime.now().astimezone(), backup=not is_committed(root))
        kept = "" if folder is None else f" The old files are in {safe_text(str(folder))}."
        say(f"{plural(len(plan.changes), 'file')} of {plan.files} migrated.{kept}")
    return OK


def is_committed(root: Path) -> bool:
    """Whether git has every file of the workspace as it is."""
    from reviewtui.workspace.git import git_state

    state = git_state(root)
    return state is not None and not state.changed and not state.unmerged


def show(change: Migrated) -> None:
    """Print the difference of one file."""
    before, after = (raw.decode(errors="replace").splitlines() for raw in (change.before, change.after))
    for line in difflib.unified_diff(before, after, f"a/{change.path}", f"b/{change.path}", lineterm=""):
        say(safe_text(line))


COMMAND = Command(
    "migrate", "bring an older workspace to the current schema", DESCRIPTION, EXAMPLES, add_arguments, run
)
