"""What git says about the workspace, and the few things it is asked to do.

Git is never needed: without the program or a repository there is nothing to say. Nothing is committed, pulled or
pushed unless the person asks; hooks run as they would by hand, and no text ever reaches a shell.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import safe_text
from reviewtui.workspace.git_status import ParsedStatus, parsed_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ASK_SECONDS = 10.0
"""How long a question may take: a repository on a dead network disk answers never."""

COMMIT_SECONDS = 120.0
"""How long a commit with its hooks may take."""

_HEADLINE = "Git"
_MOST_CONFLICTS = 127
"""`git merge-file` ends with the number of conflicts, cut off at this; above it something failed."""
_KEPT = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_SSH", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
_KEPT_ALSO = ("GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH")
_SETTINGS = ("core.fsmonitor=false", "core.quotePath=false", "color.ui=false", "advice.statusHints=false")
"""A repository's own file-system monitor is a program that a mere question would start."""


@dataclass(frozen=True, slots=True)
class GitState:
    """A repository as seen from the workspace; paths are relative to the workspace, with `/`."""

    branch: str
    """Its name; of a commit without a branch the first characters of its hash."""
    has_remote: bool = False
    ahead: int | None = None
    """Commits that the branch's upstream does not have; None where it has no upstream."""
    behind: int | None = None
    changed: tuple[str, ...] = ()
    """Files below the workspace that differ from the last commit, new ones too."""
    untracked: tuple[str, ...] = ()
    """Those of `changed` that git does not know yet."""
    unmerged: tuple[str, ...] = ()
    """Files that a merge has left to the person."""
    unpushed: tuple[str, ...] = ()
    """Files below the workspace that commits changed which no remote has."""
    is_merging: bool = False
    """Whether a merge is under way."""


class Stages(NamedTuple):
    """The three versions of an unmerged file; None: the file is not in that version."""

    path: str
    """Relative to the workspace."""
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


def git_state(root: Path) -> GitState | None:
    """The repository that the workspace `root` lies in; None where there is none or git cannot be asked."""
    try:
        return _state(root)
    except (ReviewError, ValueError):
        return None


def _state(root: Path) -> GitState:
    prefix = _prefix(root)
    options = ("--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignored=no")
    status = parsed_status(_ask(root, "status", *options, "--", "."), prefix)
    has_remote = bool(_ask(root, "remote").strip())
    return GitState(
        branch=status.branch,
        has_remote=has_remote,
        ahead=status.ahead,
        behind=status.behind,
        changed=status.changed,
        untracked=status.untracked,
        unmerged=status.unmerged,
        unpushed=_unpushed(root, prefix, status) if has_remote else (),
        is_merging=_is_merging(root),
    )


def _prefix(root: Path) -> str:
    """Where the workspace lies in its repository: empty, or ending in `/`."""
    return os.fsdecode(_ask(root, "rev-parse", "--show-prefix")).removesuffix("\n")


def _unpushed(root: Path, prefix: str, status: ParsedStatus) -> tuple[str, ...]:
    if not status.has_commits or status.ahead == 0:
        return ()
    options = ("--name-only", "--format=", "-z", "--no-ext-diff", "--no-renames")
    names = _ask(root, "log", *options, "HEAD", "--not", "--remotes", "--", ".").split(b"\0")
    paths = {os.fsdecode(name.lstrip(b"\n")) for name in names}
    return tuple(sorted(path.removeprefix(prefix) for path in paths if path))


def _is_merging(root: Path) -> bool:
    return _run(root, ("rev-parse", "--verify", "--quiet", "MERGE_HEAD")).returncode == 0


def unmerged_stages(root: Path) -> tuple[Stages, ...]:
    """The versions of every unmerged file below the workspace; none where git cannot be asked."""
    try:
        listed = _ask(root, "ls-files", "--unmerged", "-z", "--", ".")
        found: dict[str, dict[int, str]] = {}
        for entry in filter(None, listed.split(b"\0")):
            about, _, path = entry.partition(b"\t")
            _, object_name, stage = about.split(b" ")
            found.setdefault(os.fsdecode(path), {})[int(stage)] = object_name.decode("ascii")
        return tuple(
            Stages(path, *(_blob(root, names.get(stage)) for stage in (1, 2, 3))) for path, names in found.items()
        )
    except (ReviewError, ValueError):
        return ()


def _blob(root: Path, object_name: str | None) -> bytes | None:
    return None if object_name is None else _ask(root, "cat-file", "blob", object_name)


def add(root: Path, path: str) -> None:
    """Tell git that `path` is as it shall be: after a conflict, that it is settled. ReviewError where git refuses."""
    _ask(root, "add", "--", path)


def merged_text(base: Path, ours: Path, theirs: Path) -> tuple[bytes, bool]:
    """What git makes of three texts line by line, and whether that went without conflict; changes no file.

    ReviewError where git cannot merge them.
    """
    labels = [word for name in ("ours", "base", "theirs") for word in ("-L", name)]
    files = [os.path.abspath(path) for path in (ours, base, theirs)]  # noqa: PTH100 - links stay as they are
    done = _run(ours.absolute().parent, ("merge-file", "-p", *labels, *files))
    if not 0 <= done.returncode <= _MOST_CONFLICTS:
        raise ReviewError(f"Git could not merge {ours}: {_said(done.stderr)}", _HEADLINE)
    return done.stdout, done.returncode == 0


def commit(root: Path, paths: Sequence[str], untracked: Iterable[str], message: str) -> str:
    """Commit the files `paths` as they are now and nothing else; the first characters of the commit's name.

    `untracked` are those that git does not know yet. What else is staged stays staged. ReviewError with git's own
    words where it refuses; nothing is staged then that was not before.
    """
    listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
    new = _joined(path for path in untracked if path in set(paths))
    if new:
        _ask(root, "add", "--intent-to-add", *listed, given=new)
    try:
        _ask(
            root,
            "commit",
            "--quiet",
            "--only",
            f"--message={message}",
            *listed,
            given=_joined(paths),
            limit=COMMIT_SECONDS,
        )
    except ReviewError:
        if new:
            _run(root, ("reset", "--quiet", *listed), given=new)
        raise
    return _ask(root, "rev-parse", "--short", "HEAD").decode("ascii", "replace").strip()


def _joined(paths: Iterable[str]) -> bytes:
    return b"\0".join(os.fsencode(path) for path in paths)


def require_repository(root: Path) -> GitState:
    """The state of the repository; ReviewError with the next step where git cannot be asked."""
    try:
        return _state(root)
    except ValueError:
        raise ReviewError(
            "Git answered in a way that is not understood. Ask it yourself: git status.", _HEADLINE
        ) from None


def _ask(root: Path, *words: str, given: bytes = b"", limit: float | None = None) -> bytes:
    """What git answers; ReviewError with its own words where it fails."""
    done = _run(root, words, given=given, limit=limit)
    if done.returncode:
        raise ReviewError(f"Git could not {words[0]}: {_said(done.stderr)}", _HEADLINE)
    return done.stdout


def _said(errors: bytes) -> str:
    lines = [line for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    return safe_text(" ".join(lines) or "it gave no reason.")


def _run(
    root: Path, words: Sequence[str], *, given: bytes = b"", limit: float | None = None
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("git")
    if program is None:
        raise ReviewError("There is no git on this machine. Everything else works without it.", _HEADLINE)
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = [program, "--no-pager", "--literal-pathspecs", *settings, *words]
    try:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=clean_environment(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ReviewError(f"Git could not be started: {error.strerror}.", _HEADLINE) from error
    with process:
        try:
            output, errors = process.communicate(given, timeout=limit or ASK_SECONDS)
        except subprocess.TimeoutExpired:
            _end(process)
            raise ReviewError(f"Git did not answer within {limit or ASK_SECONDS:.0f} seconds.", _HEADLINE) from None
        except BaseException:
            _end(process)
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill git and what it has started: a hook would keep the pipes open."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def clean_environment(environment: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    """`environment` without what would point git elsewhere, make it ask or make it wait."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT) or name in _KEPT_ALSO
    }
    return {**kept, "LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_EDITOR": "true"}
