"""A document before it has a form: the same headings, lists, tables and charts for Markdown, Slack and HTML."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text that looks the same; the text is data, never markup."""

    text: str
    is_strong: bool = False
    is_emphasis: bool = False
    is_code: bool = False
    url: str = ""
    """Where it leads; empty: nowhere."""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the document."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list, and how deep it is."""

    line: Line
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; columns of numbers stand to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    """The places of the columns of numbers."""
    key_rows: tuple[int, ...] = ()
    """The places of the rows that a message shows, which is read at once; empty: all."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines that keep their places, such as a query."""

    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A row of monthly values; only forms that can draw show it."""

    title: str
    labels: tuple[str, ...]
    """Of each month, oldest first."""
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    """The expected range, as far as it is known."""
    high: tuple[float | None, ...] = ()
    marked: tuple[int, ...] = ()
    """The places of months that stand out."""
    newest: str = ""
    """The last value as it is written."""
    events: tuple[tuple[int, str], ...] = ()
    """The places of months in which something is known to have happened, and what."""


Block = Heading | Paragraph | Bullets | Table | Verbatim | Chart


@dataclass(frozen=True, slots=True)
class Document:
    """A title and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def plain_line(text: str) -> Line:
    """A line without any look of its own."""
    return (Span(text),)


def paragraph(text: str) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph(plain_line(text))


def bullets(*texts: str) -> Bullets:
    """A list of plain texts."""
    return Bullets(tuple(Item(plain_line(text)) for text in texts))


def joined(line: Line) -> Line:
    """The line with neighbours that look the same as one run: marks around words cannot touch each other."""
    runs: list[Span] = []
    for span in line:
        if runs and replace(runs[-1], text="") == replace(span, text=""):
            runs[-1] = replace(span, text=runs[-1].text + span.text)
        elif span.text:
            runs.append(span)
    return tuple(runs)


def is_safe_url(url: str) -> bool:
    """Whether a link may be made of it: an address of the web or of mail, without blanks and controls."""
    return url.lower().startswith(("https://", "http://", "mailto:")) and all(" " < letter != "\x7f" for letter in url)
