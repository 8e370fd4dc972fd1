"""A document as Markdown, for a file in a repository. Texts are escaped wherever they stand; raw HTML never appears."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewtui.reports.document import Bullets, Heading, Paragraph, Table, Verbatim, is_safe_url, joined
from reviewtui.text import markdown_text, without_controls

if TYPE_CHECKING:
    from reviewtui.reports.document import Block, Document, Line, Span

_LINE_START = re.compile(r"(?m)^([ \t]*)([-+=~]|\d{1,9}[.)])")
_RUN_OF_TICKS = re.compile("`+")
_URL_ESCAPES = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C", "|": "%7C"})


def markdown_document(document: Document) -> str:
    """The whole document; ends with one line feed. Charts are left out."""
    parts = [f"# {_escaped(document.title)}"]
    parts += [text for block in document.blocks if (text := _block(block))]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Bullets):
        return "\n".join(f"{'  ' * item.depth}- {_line(item.line).replace(chr(10), ' ')}" for item in block.items)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Verbatim):
        return _fence(block.text)
    return ""


def _table(table: Table) -> str:
    rules = ["---:" if place in table.numbers else "---" for place in range(len(table.heads))]
    rows = [table.heads, *table.rows]
    lines = ["| " + " | ".join(_cell(text) for text in row) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join(rules) + " |")
    return "\n".join(lines)


def _fence(text: str) -> str:
    clean = "\n".join(without_controls(line) for line in text.expandtabs(4).split("\n"))
    longest = max((len(run) for run in _RUN_OF_TICKS.findall(clean)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{clean}\n{fence}"


def _line(line: Line) -> str:
    text = "".join(map(_span, joined(line))).strip()
    return _LINE_START.sub(lambda start: _guarded(start[2]), text)


def _guarded(start: str) -> str:
    """A beginning of a line that would make a list or a rule, as plain text."""
    return f"\\{start}" if not start[0].isdigit() else f"{start[:-1]}\\{start[-1]}"


def _span(span: Span) -> str:
    if span.is_code:
        return _code(span.text)
    text = "  \n".join(_escaped(part) for part in span.text.split("\n"))
    for mark, is_on in (("_", span.is_emphasis), ("**", span.is_strong)):
        text = _marked(text, mark) if is_on else text
    url = without_controls(span.url)
    return f"[{text}]({url.translate(_URL_ESCAPES)})" if url and is_safe_url(url) else text


def _marked(text: str, mark: str) -> str:
    """`text` between two marks, which have to stand at words."""
    bare = text.strip()
    if not bare:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{bare}{mark}{after}"


def _code(text: str) -> str:
    clean = " ".join(without_controls(text).split())
    longest = max((len(run) for run in _RUN_OF_TICKS.findall(clean)), default=0)
    ticks = "`" * (longest + 1)
    padding = " " if clean.startswith("`") or clean.endswith("`") else ""
    return f"{ticks}{padding}{clean}{padding}{ticks}" if clean else ""


def _cell(text: str) -> str:
    return _escaped(text.replace("\n", " "))


def _escaped(text: str) -> str:
    return markdown_text(text.replace("\n", " ").replace("\t", " ")).replace("&", "&amp;")
