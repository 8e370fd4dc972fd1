"""Make text from outside safe to show.

Stored text stays as typed; only what goes to a screen or a terminal passes here. Each character that could act
on the terminal or reorder the line becomes one visible placeholder, so positions and lengths stay true.
"""

from __future__ import annotations

import re
import unicodedata

MAX_COMBINING_MARKS = 4
"""More marks than this on one base character are dropped: they would spill over neighbouring lines."""

MAX_CELL_CHARACTERS = 500
"""Longest single-line text that is ever laid out."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_KANA_MARKS = "\u3099\u309a"
"""They make another letter, not an accented one."""
_TATWEEL = "\u0640"
"""Stretches an Arabic word and says nothing."""
_ORDINARY = re.compile(r"[\x20-\x7e]*")
_FORMULA_START = tuple("=+-@\t\r\n\x00＝＋－＠")


def _placeholder(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return "\ufffd"


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) or unicodedata.category(character) == "Me" else 0
        if marks <= MAX_COMBINING_MARKS:
            kept.append(character)
    return "".join(kept)


def safe_text(text: str, limit: int = MAX_CELL_CHARACTERS) -> str:
    """One line of `text` with every control made visible, at most `limit` characters long."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if _ORDINARY.fullmatch(text):
        return text
    return _limit_marks(_UNSAFE.sub(_placeholder, text))


def one_line(text: str) -> str:
    """`text` with line ends and tabs as spaces: words stay apart."""
    return " ".join(text.split())


def safe_lines(text: str, limit: int = 20_000) -> str:
    """As `safe_text`, but line feeds stay and a tab becomes four spaces."""
    return "\n".join(safe_text(line, limit) for line in text[:limit].replace("\t", "    ").split("\n"))


def visible_controls(text: str) -> str:
    """One line of `text`, tabs kept, in as many characters: each that could act on the terminal as a visible sign."""
    if _ORDINARY.fullmatch(text):
        return text
    return "\t".join(_UNSAFE.sub(_placeholder, part) for part in text.split("\t"))


def well_formed(text: str) -> str:
    """`text` as it can be stored: line ends as LF, lone surrogates as U+FFFD."""
    return _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def without_controls(text: str) -> str:
    """`text` for an exported file: characters that could act on a reader are removed, not shown."""
    return _limit_marks(_UNSAFE.sub("", text))


def spreadsheet_text(text: str) -> str:
    """`text` as a CSV or TSV cell that no spreadsheet takes for a formula."""
    risky = text.startswith(_FORMULA_START) or text.lstrip(" ").startswith(_FORMULA_START)
    clean = without_controls(text)
    return "'" + clean if risky or clean.lstrip(" ").startswith(_FORMULA_START) else clean


def markdown_text(text: str) -> str:
    """`text` at a data position of a Markdown document."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", without_controls(text))


def searchable(text: str) -> str:
    """`text` as it is compared when looking for something: case, accents and width of letters make no difference."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in folded if unicodedata.category(letter) != "Mn" or letter in _KANA_MARKS)
    return unicodedata.normalize("NFC", "".join(kept)).replace(_TATWEEL, "")


def counted(count: int, what: str) -> str:
    """`count` things in words: `1 row`, `2,000 rows`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
