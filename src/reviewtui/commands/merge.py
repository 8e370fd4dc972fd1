"""`reviewtui merge`: the merge driver that git may call for files of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.commands.arguments import path
from reviewtui.commands.command import Command
from reviewtui.commands.output import OK, PROBLEMS

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Merge two versions of a file, as git's merge driver: git calls it with the common ancestor, ours and theirs, and where
the file lies. Records are merged field by field, lists and tables entry by entry, prose line by line; other files as
git does it. The result is written over OURS.

Exit code 1 means that both sides changed the same field: OURS then holds what git alone would write, with its markers,
and the app shows the file field by field. To use it, once for each clone:

  git config merge.reviewtui.driver "reviewtui merge %O %A %B %P"
  echo "*.toml text eol=lf merge=reviewtui" >> .gitattributes

Without it everything works as well; fewer changes merge by themselves."""
EXAMPLES = ("reviewtui merge base.toml ours.toml theirs.toml products/replay/todos/t-260417-9xw2.toml",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument("base", type=path, metavar="BASE", help="the common ancestor (git's %%O)")
    parser.add_argument("ours", type=path, metavar="OURS", help="our version; the result is written here (%%A)")
    parser.add_argument("theirs", type=path, metavar="THEIRS", help="their version (%%B)")
    parser.add_argument("path", nargs="?", default="", metavar="PATH", help="where the file lies (%%P)")


def run(options: argparse.Namespace) -> int:
    """Write the merged file over OURS; `PROBLEMS` where something is left to decide."""
    from reviewtui.workspace.atomic import atomic_write
    from reviewtui.workspace.merge_files import merged_file

    merged, is_settled = merged_file(options.base, options.ours, options.theirs, options.path)
    atomic_write(options.ours, merged)
    return OK if is_settled else PROBLEMS


COMMAND = Command(
    "merge", "merge two versions of a file field by field, for git", DESCRIPTION, EXAMPLES, add_arguments, run
)
