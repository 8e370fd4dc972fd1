"""What people wrote as Markdown, as blocks of a document: its look is kept, anything that could act is only text.

Raw HTML and images come out as the text they were written as. Headings become strong lines, so that a note does not
break the order of the document around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reviewtui.reports.document import Block, Bullets, Item, Line, Paragraph, Span, Verbatim, is_safe_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_NOT_UNDERSTOOD = ["html_block", "html_inline", "image", "entity"]
"""Rules of Markdown that are left out: their text stays as it was written."""


def note_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a note."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).disable(_NOT_UNDERSTOOD)
    reading = _Reading()
    for token in parser.parse(text):
        reading.take(token)
    reading.end_list()
    return tuple(reading.blocks)


def note_line(text: str) -> Line:
    """A note in one line, for a list or a table: its blocks one after the other."""
    spans: list[Span] = []
    for block in note_blocks(text):
        if spans:
            spans.append(Span(" "))
        if isinstance(block, Paragraph):
            spans += block.line
        elif isinstance(block, Bullets):
            for place, item in enumerate(block.items):
                spans += [*([Span("; ")] if place else []), *item.line]
        elif isinstance(block, Verbatim):
            spans.append(Span(" ".join(block.text.split()), is_code=True))
    return tuple(replace(span, text=span.text.replace("\n", " ")) for span in spans)


@dataclass
class _Reading:
    """One pass over the tokens of a note."""

    blocks: list[Block] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    depth: int = 0
    """How many lists are open."""
    counters: list[int | None] = field(default_factory=list)
    """The next number of each open list; None: it has no numbers."""
    at_item_start: bool = False
    is_heading: bool = False
    is_quote: int = 0

    def take(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrGet("start")
            self.counters.append(None if token.type == "bullet_list_open" else int(start or 1))
            self.depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.counters.pop()
            self.depth -= 1
            if not self.depth:
                self.end_list()
        elif token.type == "list_item_open":
            self.at_item_start = True
        elif token.type in ("heading_open", "heading_close"):
            self.is_heading = token.type == "heading_open"
        elif token.type in ("blockquote_open", "blockquote_close"):
            self.is_quote += token.nesting
        elif token.type == "inline":
            self.add_line(_spans(token.children or ()))
        elif token.type in ("fence", "code_block"):
            self.add_code(token.content.rstrip("\n"))

    def add_line(self, line: Line) -> None:
        if self.is_heading:
            line = tuple(replace(span, is_strong=True) for span in line)
        if self.is_quote:
            line = tuple(replace(span, is_emphasis=True) for span in line)
        if not self.depth:
            self.blocks.append(Paragraph(line))
        elif self.at_item_start or not self.items:
            self.items.append(Item((*self._number(), *line), self.depth - 1))
        else:
            last = self.items[-1]
            self.items[-1] = Item((*last.line, Span(" "), *line), last.depth)
        self.at_item_start = False

    def add_code(self, text: str) -> None:
        if self.depth:
            self.add_line((Span(text, is_code=True),))
        else:
            self.blocks.append(Verbatim(text))

    def end_list(self) -> None:
        if self.items:
            self.blocks.append(Bullets(tuple(self.items)))
            self.items = []

    def _number(self) -> Line:
        number = self.counters[-1]
        if number is None:
            return ()
        self.counters[-1] = number + 1
        return (Span(f"{number}. "),)


def _spans(tokens: Sequence[Token]) -> Line:
    spans: list[Span] = []
    look = Span("")
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            look = replace(look, is_strong=token.nesting == 1)
        elif token.type in ("em_open", "em_close"):
            look = replace(look, is_emphasis=token.nesting == 1)
        elif token.type == "link_open":
            url = str(token.attrGet("href") or "")
            look = replace(look, url=url if is_safe_url(url) else "")
        elif token.type == "link_close":
            look = replace(look, url="")
        elif token.type in ("softbreak", "hardbreak"):
            spans.append(replace(look, text="\n" if token.type == "hardbreak" else " "))
        elif token.content:
            spans.append(replace(look, text=token.content, is_code=token.type == "code_inline"))
    return tuple(spans)
