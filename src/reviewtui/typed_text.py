"""What comes in by typing, pasting or from an editor, made fit to be stored: pure.

Nothing is changed in silence: each function says in words what it had to change.
"""

from __future__ import annotations

import re

from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import counted

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")


class Taken(NamedTuple):
    """A text that can be stored."""

    text: str
    told: str
    """What was changed, as a sentence; empty where nothing that matters was."""


def taken_text(text: str) -> Taken:
    """`text` of any number of lines: line ends as LF, control characters removed, lone surrogates as U+FFFD.

    Characters that only order or join letters stay; what is shown of them is another matter.
    """
    if text.isascii() and text.isprintable():
        return Taken(text, "")
    lines = _LINE_END.sub("\n", text)
    without_controls, controls = _CONTROL.subn("", lines)
    whole, surrogates = _SURROGATE.subn("\ufffd", without_controls)
    said = []
    if controls:
        said.append(f"{counted(controls, 'control character')} left out.")
    if surrogates:
        broken = "A broken character was" if surrogates == 1 else f"{surrogates:,} broken characters were"
        said.append(f"{broken} replaced by �.")
    return Taken(whole, " ".join(said))


def taken_line(text: str) -> Taken:
    """`text` as one line: as `taken_text`, and line ends and tabs become spaces."""
    taken = taken_text(text)
    stripped = taken.text.strip("\n") if "\n" in taken.text else taken.text
    line = " ".join(part.strip(" ") for part in stripped.split("\n")) if "\n" in stripped else stripped
    lines = stripped.count("\n")
    said = [taken.told] if taken.told else []
    if lines:
        said.append(f"{counted(lines + 1, 'line')} made one.")
    return Taken(line.replace("\t", " "), " ".join(said))
