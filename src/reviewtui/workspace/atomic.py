"""The one way this program writes a file.

A save is a new file in the same folder, made durable and then moved over the old one: whoever looks, at any
moment and after any crash, finds the old content or the new content, whole. `os` is used through the module, so
that a test can make any single operation fail.
"""

# Every operation goes through `os` itself:
# ruff: noqa: PTH100, PTH102, PTH105, PTH108, PTH112, PTH116, PTH118, PTH120

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEMP_PATTERN = ".reviewtui-*.tmp"
"""What temporary files are called, as git ignores them; short, whatever the name of the file to save."""

STALE_AFTER = timedelta(days=1)
"""A temporary file older than this was left by a save that never ended."""

_TEMP_NAME = re.compile(r"\.reviewtui-[0-9a-f]{8}\.tmp")
_READ_BYTES = 1024 * 1024
_HEADLINE = "Not saved"
_FOLDERS_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP})
_REASONS = {
    errno.ENOSPC: "the disk is full. Free some space and save again.",
    errno.EDQUOT: "your quota on this disk is used up. Free some space and save again.",
    errno.EFBIG: "it is larger than this system allows a file to be. Shorten it, or raise the limit, and save again.",
    errno.EACCES: "you have no permission to write in its folder. Ask for write permission and save again.",
    errno.EPERM: "you have no permission to replace it. Ask its owner, or save it elsewhere.",
    errno.EROFS: "its disk can only be read. Work on a copy in a folder that you can write to.",
    errno.ENAMETOOLONG: "its name is too long. Choose a shorter name.",
    errno.ENOENT: "its folder does not exist. Make the folder and save again.",
    errno.ENOTDIR: "a part of its path is a file, not a folder. Choose another place.",
    errno.EEXIST: "a file of that name is in the way. Move it and save again.",
    errno.ELOOP: "its symbolic links lead round in a circle. Mend the links and save again.",
    errno.EIO: "the disk reported an error. Check the disk and save again.",
}


class ChangedError(ReviewError):
    """The file does not hold what the caller believes: somebody else wrote it."""


def atomic_write(
    path: Path,
    text: str | bytes,
    *,
    verify: Callable[[bytes], None] | None = None,
    replaces: bytes | None = None,
    new_mode: int = 0o644,
    durably: bool = True,
) -> None:
    """Make `text` the content of `path`, durably, or leave everything as it was and raise ReviewError.

    A symbolic link stays and its target is written. The mode of an existing file is kept; one without write
    permission is refused. Content that is there already is not written again. `verify` sees the bytes before
    anything is touched and may raise. With `replaces` the file must still hold exactly those bytes, else ChangedError.
    A new file gets `new_mode`, less what the umask takes. Not `durably`, a power cut may damage what was just written.
    A text with lone surrogates is the caller's mistake (`reviewtui.text.well_formed` removes them): ValueError.
    """
    data = text.encode() if isinstance(text, str) else text
    if verify is not None:
        verify(data)
    with _plain_reasons(path):
        target = os.path.realpath(path)
        old = _existing_file(path, target)
        content = _content(target) if old is not None and (replaces is not None or old.st_size == len(data)) else None
        if replaces is not None and content != replaces:
            raise ChangedError(
                f"{path} was not saved: it was changed outside this program. Reload it and make the change again.",
                _HEADLINE,
            )
        if content == data:
            if durably:
                _sync_folder(path, os.path.dirname(target))
            return
        if old is not None:
            _refuse_read_only(path, target, old)
        _replace(target, data, new_mode, None if old is None else old.st_mode & 0o777, durably)
        if durably:
            _sync_folder(path, os.path.dirname(target))


def remove_file(path: Path) -> None:
    """Remove a file, durably, or leave everything as it was and raise ReviewError; one that is gone already is fine."""
    with _plain_reasons(path):
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
        _sync_folder(path, os.path.dirname(os.path.abspath(path)))


def make_folders(folder: Path) -> None:
    """Make `folder` and its missing parents, durably; ReviewError where that cannot be done."""
    with _plain_reasons(folder):
        missing = []
        place = os.path.abspath(folder)
        while not os.path.isdir(place):
            missing.append(place)
            place = os.path.dirname(place)
        for place in reversed(missing):
            try:
                os.mkdir(place)
            except FileExistsError:
                if not os.path.isdir(place):
                    raise
            _sync_folder(folder, os.path.dirname(place))


def sweep_stale_temps(root: Path, now: datetime) -> tuple[Path, ...]:
    """Remove what interrupted saves left below `root` more than a day before `now`; return what was removed.

    Never raises, never follows a symbolic link, and leaves what it may not remove.
    """
    removed = []
    for place in stale_temps(root, now):
        with suppress(OSError):
            os.unlink(place)
            removed.append(place)
    return tuple(removed)


def stale_temps(root: Path, now: datetime) -> Iterator[Path]:
    """The temporary files below `root` that interrupted saves left more than a day before `now`."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        for name in filter(_TEMP_NAME.fullmatch, names):
            place = Path(folder, name)
            with suppress(OSError):
                found = os.lstat(place)
                age = now - datetime.fromtimestamp(found.st_mtime, UTC)
                if stat.S_ISREG(found.st_mode) and age > STALE_AFTER:
                    yield place


@contextmanager
def _plain_reasons(path: Path) -> Iterator[None]:
    """Turn what the system says about a failed save into a sentence with the next step."""
    try:
        yield
    except OSError as error:
        fallback = f"the system says: {error.strerror or type(error).__name__}. Mend that and save again."
        reason = _REASONS.get(error.errno or 0, fallback)
        raise ReviewError(f"{path} was not saved: {reason} Nothing was changed.", _HEADLINE) from error
    except ValueError as error:
        raise ReviewError(
            f"{path} was not saved: that is not a usable file name. Choose another.", _HEADLINE
        ) from error


def _existing_file(path: Path, target: str) -> os.stat_result | None:
    try:
        found = os.stat(target)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise ReviewError(f"{path} was not saved: it is not an ordinary file. Move it and save again.", _HEADLINE)
    return found


def _content(target: str) -> bytes:
    handle = os.open(target, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        return b"".join(iter(lambda: os.read(handle, _READ_BYTES), b""))
    finally:
        os.close(handle)


def _refuse_read_only(path: Path, target: str, found: os.stat_result) -> None:
    """A replace needs no permission on the file itself: respect its mode here, also for the superuser."""
    if not found.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise ReviewError(
            f"{path} was not saved: it is marked read-only. Give it write permission and save again.", _HEADLINE
        )


def _replace(target: str, data: bytes, new_mode: int, kept_mode: int | None, durably: bool) -> None:
    """The save itself: fill a new file, make it durable, move it over `target`."""
    folder = os.path.dirname(target)
    temp = os.path.join(folder, f".reviewtui-{secrets.token_hex(4)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    handle = os.open(temp, flags, new_mode if kept_mode is None else 0o600)
    try:
        _fill(handle, data, kept_mode, durably)
        os.replace(temp, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temp)
        raise


def _fill(handle: int, data: bytes, mode: int | None, durably: bool) -> None:
    try:
        if mode is not None:
            os.fchmod(handle, mode)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if durably:
            os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(path: Path, folder: str) -> None:
    """Make the folder's list of names durable; the content is in place already, so failure is told differently."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            with suppress(OSError):
                os.close(handle)
    except OSError as error:
        if error.errno not in _FOLDERS_CANNOT_SYNC:
            raise ReviewError(
                f"{path} was written, but the system could not confirm that it would survive a power cut"
                f" ({error.strerror}). Save again.",
                "Perhaps not saved",
            ) from error
