"""`reviewtui commit`: commits the workspace's own files with a message that says what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import OK, PROBLEMS, plural, say, tell
from reviewtui.errors import ReviewError
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from reviewtui.workspace.git import GitState

DESCRIPTION = """\
Commit what changed in the workspace: records, settings, metrics and imports, and nothing else that lies in the
repository or is staged. The message says what it is, as `review(replay): 2 comments, 1 to-do`. Hooks run as ever.

Nothing is pushed. Files that cannot be read as TOML, and files that a merge has left open, are not committed.

Exit code 1 means that something was left out or git refused."""
EXAMPLES = ("reviewtui commit", "reviewtui commit --dry-run", 'reviewtui commit --message "October, after the call"')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument("--message", metavar="TEXT", default="", help="say this instead of the generated message")
    parser.add_argument("--dry-run", action="store_true", help="only list what would be committed")


def run(options: argparse.Namespace) -> int:
    """Commit; `PROBLEMS` where files had to be left out."""
    from reviewtui.workspace.git import commit, require_repository
    from reviewtui.workspace.git_words import commit_message

    root = workspace_root(options.workspace)
    state = require_repository(root)
    _require_no_merge(state)
    paths, left_out = _to_commit(root, state)
    for path, reason in left_out:
        tell(f"{path}: not committed, {reason}")
    code = PROBLEMS if left_out else OK
    if not paths:
        say("Nothing to commit.")
        return code
    message = options.message.strip() or commit_message(paths)
    if options.dry_run:
        say(safe_text(message))
        for path in paths:
            say(f"  {safe_text(path)}")
        return code
    name = commit(root, paths, state.untracked, message)
    say(f"{name} {safe_text(message)}")
    tell(f"{plural(len(paths), 'file')} committed{', not pushed' if state.has_remote else ''}.")
    return code


def _require_no_merge(state: GitState) -> None:
    if state.unmerged:
        raise ReviewError(
            f"A merge has left {plural(len(state.unmerged), 'file')} open. Open the app to choose field by field, or "
            "mend them by hand and `git add` them; then finish the merge with `git commit`.",
            "A merge is under way",
        )
    if state.is_merging:
        raise ReviewError("A merge is under way. Finish it with `git commit`.", "A merge is under way")


def _to_commit(root: Path, state: GitState) -> tuple[tuple[str, ...], Sequence[tuple[str, str]]]:
    """The workspace's own files that changed, and those that had to be left out with why."""
    from reviewtui.workspace.git_words import is_own
    from reviewtui.workspace.toml_file import read_toml

    paths, left_out = [], []
    for path in filter(is_own, state.changed):
        file = read_toml(root / path, path) if path.endswith(".toml") and (root / path).exists() else None
        if file is not None and file.damaged and file.problem is not None:
            place = f"line {file.problem.line}: " if file.problem.line is not None else ""
            left_out.append((path, f"{place}{file.problem.message}"))
        else:
            paths.append(path)
    return tuple(paths), left_out


COMMAND = Command(
    "commit", "commit what changed in the workspace to its git repository", DESCRIPTION, EXAMPLES, add_arguments, run
)
