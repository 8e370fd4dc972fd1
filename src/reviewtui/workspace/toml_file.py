"""TOML files that people also edit: read without ever failing, change without losing what they wrote.

A file that cannot be read is set aside: its problem says where and why, its text can be shown, and it is never
rewritten. New files are written by tomli_w; existing ones are edited by tomlkit, which keeps comments and order.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, ReviewError, Severity
from reviewtui.text import well_formed
from reviewtui.workspace.atomic import atomic_write
from reviewtui.workspace.toml_lines import key_lines, nearest_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tomlkit import TOMLDocument

    from reviewtui.workspace.toml_lines import KeyPath

MAX_BYTES = 5 * 1024 * 1024
"""A larger file is not read: no person wrote it."""

_BOM = b"\xef\xbb\xbf"
_CONFLICT_MARKER = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: |\r?$)", re.MULTILINE)
_CONFLICT_MIDDLE = re.compile(rb"^={7}\r?$", re.MULTILINE)
_PLACE_IN_ERROR = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_LONG_NUMBER = re.compile(r"[\d_]{4000}")
_LONG_KEY = re.compile(
    r"#[^\n]*+"
    r"|(?P<key>(?<![\w-])(?:(?:[A-Za-z0-9_-]++|\"(?:[^\"\\\n]|\\[^\n])*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32})"
    r'|"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{0,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{0,5}"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?",
    re.DOTALL,
)
"""A key of 32 parts or more, found outside of comments and texts; the parser's time grows with the square of them."""
_MANY_BRACKETS = re.compile(r"(?:[\[{][^\n]*?){60}")


@dataclass(frozen=True)
class TomlFile:
    """A TOML file as read; where it could not be read, `data` is empty and `problem` says why."""

    path: Path
    label: str
    """What problems call the file: its path from the workspace's root."""
    raw: bytes = b""
    """The file's bytes, as far as they were read."""
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def damaged(self) -> bool:
        """Whether the file is set aside: nothing in it was used, and it is never rewritten."""
        return self.problem is not None and self.problem.severity is Severity.ERROR

    @property
    def text(self) -> str:
        """The file's text, without a byte order mark; bytes that are not UTF-8 become U+FFFD."""
        return self.raw.removeprefix(_BOM).decode(errors="replace")

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return key_lines(self.text)

    def line(self, path: Sequence[str | int]) -> int | None:
        """The 1-based line of the key at `path`, or of the nearest table around it."""
        return nearest_line(self._lines, path)


class _UnreadableError(Exception):
    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def read_toml(path: Path, label: str = "", quick: Callable[[bytes], dict[str, Any] | None] | None = None) -> TomlFile:
    """Read `path`, whatever it holds; `label` is what problems call it. Never raises.

    `quick` may know a form of files that it reads faster; None from it says that the file is of another form.
    """
    label = label or str(path)
    try:
        raw = _read_bytes(path)
    except _UnreadableError as error:
        return TomlFile(path, label, b"", {}, Problem(label, error.line, error.message))
    return parse_toml(raw, path, label, quick)


def parse_toml(
    raw: bytes, path: Path, label: str, quick: Callable[[bytes], dict[str, Any] | None] | None = None
) -> TomlFile:
    """What `read_toml` says of a file at `path` that holds the bytes `raw`."""
    try:
        data = (quick(raw) if quick is not None else None) or _parse(raw)
    except _UnreadableError as error:
        return TomlFile(path, label, raw, {}, Problem(label, error.line, error.message))
    if not raw.strip():
        empty = Problem(label, None, "The file is empty; defaults are used. Fill it or remove it.", Severity.WARNING)
        return TomlFile(path, label, raw, {}, empty)
    return TomlFile(path, label, raw, data)


def storable(value: Any) -> Any:
    """`value` with every text in it as it can be stored, and tuples as lists."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, dict):
        return {well_formed(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value


def same_values(first: object, second: object) -> bool:
    """Whether two TOML values are equal in type and value; not-a-number equals itself."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_values(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same_values, first, second))
    if isinstance(first, float) and isinstance(second, float):
        return repr(first) == repr(second)
    return type(first) is type(second) and first == second


def edit_toml(path: Path, change: Callable[[TOMLDocument], None]) -> bool:
    """Apply `change` to the file's document and save it; False, and nothing written, if it changed nothing.

    Comments, order and keys that nobody knows survive. ReviewError, and the old file stays, if the file is damaged,
    changed meanwhile, or would not read back as what was meant.
    """
    import tomlkit

    file = read_toml(path)
    document = editable_document(file)
    before = tomlkit.dumps(document)
    change(document)
    after = tomlkit.dumps(document)
    if after == before:
        return False
    atomic_write(path, verified_bytes(file, after, document.unwrap()), replaces=file.raw)
    return True


def editable_document(file: TomlFile) -> TOMLDocument:
    """The file as a document that keeps comments and order; ReviewError if it is damaged or would not be kept whole."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    if file.damaged:
        raise ReviewError(f"{file.problem} The file was left as it is.", "Not saved")
    try:
        document = tomlkit.parse(file.text)
        faithful = tomlkit.dumps(document) == file.text and same_values(document.unwrap(), file.data)
    except (TOMLKitError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise _not_editable(file.path) from error
    if not faithful:
        raise _not_editable(file.path)
    return document


def verified_bytes(
    file: TomlFile, text: str, meant: object, same: Callable[[object, object], bool] = same_values
) -> bytes:
    """`text` as the bytes to replace `file` with; ReviewError if it would not read back as the `same` as `meant`."""
    text = well_formed(text)
    if not same(storable(_reread(text)), storable(meant)):
        raise _not_editable(file.path)
    mark = _BOM if file.raw.startswith(_BOM) else b""
    return mark + text.encode()


def new_toml(data: Mapping[str, Any]) -> str:
    """`data` as the text of a new file: prose in several lines, so that edits of different lines merge.

    A prose that quotes conflict markers is written in one line, so that it is not taken for a conflict.
    Line ends in texts become LF and lone surrogates U+FFFD. Values that would not read back as they are (None,
    Decimal, a tuple as anything but a list) are the caller's mistake: TypeError or ValueError. ReviewError if it is
    too long to be read again.
    """
    import tomli_w

    meant = storable(data)
    text = tomli_w.dumps(meant, multiline_strings=True)
    if has_conflict_markers(text.encode()):
        text = tomli_w.dumps(meant)
    if len(text.encode()) > MAX_BYTES:
        raise ReviewError(f"The text is longer than {MAX_BYTES // 1024**2} MB. Shorten it and save again.", "Not saved")
    if not same_values(tomllib.loads(text), meant):
        raise ValueError("a value would not read back from TOML as it is")
    return text


def toml_setting(key: str, value: str | float | bool) -> str:
    """One line `key = value`, exact also for texts with line ends."""
    import tomli_w

    line = tomli_w.dumps({key: value})
    if tomllib.loads(line) != {key: value}:
        raise ValueError("a value would not read back from TOML as it is")
    return line


def has_conflict_markers(raw: bytes) -> bool:
    """Whether a merge left lines of two sides in a file; a single marker, or a line of `=`, may be a quotation."""
    return bool(_CONFLICT_MARKER.search(raw) and _CONFLICT_MIDDLE.search(raw))


def quotes_conflict(text: str) -> bool:
    """Whether a text of several lines would look like one side of a merge conflict in a file."""
    return _CONFLICT_MARKER.search(text.encode()) is not None


def _read_bytes(path: Path) -> bytes:
    """The bytes of an ordinary file; a pipe or device is never waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            return _ordinary_bytes(handle)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise _UnreadableError("The file does not exist.") from None
    except PermissionError:
        raise _UnreadableError("You have no permission to read the file. Ask its owner for it.") from None
    except OSError as error:
        raise _UnreadableError(f"The file could not be read: {error.strerror}.") from None
    except ValueError:
        raise _UnreadableError("That is not a usable file name.") from None


def _ordinary_bytes(handle: int) -> bytes:
    mode = os.fstat(handle).st_mode
    if stat.S_ISDIR(mode):
        raise _UnreadableError("This is a folder, not a file. Rename it or put a file in its place.")
    if not stat.S_ISREG(mode):
        raise _UnreadableError("This is not an ordinary file. Put a file in its place.")
    with os.fdopen(handle, "rb", closefd=False) as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _UnreadableError(
            f"The file is larger than {MAX_BYTES // 1024**2} MB and was not read. Split or shorten it."
        )
    return raw


def _parse(raw: bytes) -> dict[str, Any]:
    marker = _CONFLICT_MARKER.search(raw)
    if marker and has_conflict_markers(raw):
        line = raw.count(b"\n", 0, marker.start()) + 1
        raise _UnreadableError(
            "The file has conflict markers of a merge. Decide between the two sides, in the app with `!` or in an"
            " editor, remove the markers and reload.",
            line,
        )
    try:
        text = raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _UnreadableError("The text is not UTF-8 from here on. Save the file as UTF-8.", line) from None
    for token in _LONG_KEY.finditer(text):
        if token["key"]:
            raise _UnreadableError("A key has too many parts. Shorten it.", _line_at(text, token.start()))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_problem(text, str(error)) from None
    except RecursionError:
        raise _UnreadableError(
            "Values are nested too deeply. Flatten them.", _line_of_match(_MANY_BRACKETS, text)
        ) from None
    except ValueError:
        raise _UnreadableError(
            "A number or date is out of range. Mend or quote it.", _line_of_match(_LONG_NUMBER, text)
        ) from None


def _syntax_problem(text: str, said: str) -> _UnreadableError:
    """The parser's own words and line, with what to do about it."""
    place = _PLACE_IN_ERROR.search(said)
    line = text.rstrip("\n").count("\n") + 1
    if place and place[1]:
        line = int(place[1])
    reason = said[: place.start()] if place else said
    return _UnreadableError(
        f"This is not valid TOML: {reason}. Mend the line; nothing in the file is used until then.", line
    )


def _line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _line_of_match(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return _line_at(text, match.start()) if match else None


def _reread(text: str) -> object:
    """What the file would hold; None if it would count as damaged."""
    try:
        return _parse(text.encode())
    except _UnreadableError:
        return None


def _not_editable(path: Path) -> ReviewError:
    return ReviewError(
        f"{path} could not be changed without risk to what is in it, so it was left as it is. Edit it by hand.",
        "Not saved",
    )
