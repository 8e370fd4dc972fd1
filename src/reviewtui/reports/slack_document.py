"""A document as messages for Slack, in its own dialect: no headings, no tables, nothing that calls people.

A long document becomes a thread: parts of at most 3,500 characters, split between paragraphs, labelled 1/n.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from reviewtui.reports.document import Bullets, Heading, Paragraph, Table, Verbatim, is_safe_url, joined
from reviewtui.text import without_controls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewtui.reports.document import Block, Document, Line, Span

LONGEST_PART = 3_500
"""Characters of one message, its label included."""

TABLE_WIDTH = 80
"""Columns of a table; what is wider is cut."""

_LABEL_ROOM = 12
_LEAST_COLUMN = 6
_BREAKER = "\u2060"
"""A word joiner: invisible, and enough to break what Slack acts upon."""
_CALLS = re.compile(r"(?i)@(?=here\b|channel\b|everyone\b)")
_BULLETS = ("•", "◦", "▪")


def slack_parts(document: Document) -> tuple[str, ...]:
    """The messages of the document in their order, without a label where one is enough. Charts are left out."""
    paragraphs = [f"*{_bare(document.title)}*"]
    paragraphs += [text for block in document.blocks if (text := _block(block))]
    parts = list(_packed(list(_split(paragraphs))))
    if len(parts) == 1:
        return (parts[0],)
    return tuple(f"({place}/{len(parts)})\n{part}" for place, part in enumerate(parts, 1))


def slack_document(document: Document) -> str:
    """All messages in one text, a line of dashes between them; ends with one line feed."""
    return "\n\n---\n\n".join(slack_parts(document)) + "\n"


def _packed(paragraphs: Sequence[str]) -> Iterator[str]:
    part = ""
    for paragraph in paragraphs:
        joined = f"{part}\n\n{paragraph}" if part else paragraph
        if part and len(joined) > LONGEST_PART - _LABEL_ROOM:
            yield part
            part = paragraph
        else:
            part = joined
    if part:
        yield part


def _split(paragraphs: Sequence[str]) -> Iterator[str]:
    """Each paragraph, one that is too long for a message in pieces of whole lines or words."""
    room = LONGEST_PART - _LABEL_ROOM
    for paragraph in paragraphs:
        if len(paragraph) <= room:
            yield paragraph
            continue
        is_fence = paragraph.startswith("```")
        body = paragraph.removeprefix("```\n").removesuffix("\n```") if is_fence else paragraph
        for piece in _pieces(body, room - 8):
            yield f"```\n{piece}\n```" if is_fence else piece


def _pieces(text: str, room: int) -> Iterator[str]:
    while len(text) > room:
        at = max(text.rfind("\n", 0, room), text.rfind(" ", 0, room))
        if at <= 0:
            at = _before_reference(text, room)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def _before_reference(text: str, room: int) -> int:
    """Where to cut a text without blanks: not inside `&amp;`."""
    start = text.rfind("&", max(room - 5, 0), room)
    return start if start > 0 and ";" not in text[start:room] else room


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"*{_bare(block.text)}*"
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Bullets):
        return "\n".join(
            f"{'    ' * item.depth}{_BULLETS[min(item.depth, 2)]} {_line(item.line).replace(chr(10), ' ')}"
            for item in block.items
        )
    if isinstance(block, Table):
        return _fence(_table_lines(block))
    if isinstance(block, Verbatim):
        return _fence(block.text.split("\n"))
    return ""


def _fence(lines: Sequence[str]) -> str:
    return "```\n" + "\n".join(_escaped(line).replace("```", "'''") for line in lines) + "\n```"


def _table_lines(table: Table) -> list[str]:
    shown = [table.rows[place] for place in table.key_rows] or table.rows
    rows = [[without_controls(text.replace("\n", " ")) for text in row] for row in (table.heads, *shown)]
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(table.heads))]
    while sum(widths) + 2 * (len(widths) - 1) > TABLE_WIDTH and max(widths) > _LEAST_COLUMN:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    lines = [
        "  ".join(_fitted(text, widths[place], to_right=place in table.numbers) for place, text in enumerate(row))
        for row in rows
    ]
    return [line[:TABLE_WIDTH].rstrip() for line in lines]


def _fitted(text: str, width: int, *, to_right: bool) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, max(0, width - 1)) + "…"
    padding = " " * (width - cell_len(text))
    return padding + text if to_right else text + padding


def _line(line: Line) -> str:
    return "".join(map(_span, joined(line))).strip()


def _span(span: Span) -> str:
    if span.is_code:
        code = _escaped(" ".join(span.text.split())).replace("`", "'")
        return f"`{code}`" if code else ""
    text = "\n".join(_escaped(part) for part in span.text.split("\n"))
    for mark, is_on in (("_", span.is_emphasis), ("*", span.is_strong)):
        bare = text.strip()
        if is_on and bare:
            start = len(text) - len(text.lstrip())
            text = f"{text[:start]}{mark}{bare}{mark}{text[start + len(bare) :]}"
    url = without_controls(span.url)
    if url and is_safe_url(url):
        address = _escaped(url).replace("|", "%7C")
        return f"<{address}|{text.replace('|', '/')}>"
    return text


def _bare(text: str) -> str:
    return _escaped(text.replace("\n", " ")).replace("*", "∗")


def _escaped(text: str) -> str:
    clean = without_controls(text.replace("\t", "    "))
    calls_nobody = _CALLS.sub(f"@{_BREAKER}", clean)
    return calls_nobody.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
