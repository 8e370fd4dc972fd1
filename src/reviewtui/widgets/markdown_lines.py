"""Markdown as lines that fit a width: plain styled text, no live links, nothing that data could act with. Pure.

What Markdown does not know is shown as it was typed. Links show their address beside the words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from reviewtui.text import safe_text
from reviewtui.widgets.fitting import fit
from reviewtui.widgets.spans import Line, Span, line_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_BULLETS = ("•", "◦", "▪")
_MOST_DEPTH = 8
_LONGEST = 100_000
"""Characters that are laid out; a longer text says so at its end."""

_CELL_GAP = 2
_LONGEST_WORD = 4_000


def markdown_lines(text: str, width: int) -> list[Line]:
    """`text` laid out in `width` cells."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    layout = _Layout(width)
    for token in parser.parse(text[:_LONGEST]):
        layout.take(token)
    lines = layout.lines
    while lines and not lines[-1]:
        lines.pop()
    if len(text) > _LONGEST:
        lines += [(), (Span(f"{len(text) - _LONGEST:,} more characters are not shown here.", "quiet"),)]
    return lines


@dataclass
class _List:
    number: int | None
    """The number of the next item; None in a list without numbers."""
    depth: int


@dataclass
class _Layout:
    width: int
    lines: list[Line] = field(default_factory=list)
    _lists: list[_List] = field(default_factory=list)
    _quotes: int = 0
    _mark: str = ""
    """What stands before the next line: the bullet or number of an item."""
    _heading: int = 0
    _table: list[list[str]] | None = None

    def take(self, token: Token) -> None:
        """Lay out one block."""
        match token.type:
            case "heading_open":
                self._gap()
                self._heading = int(token.tag[1:])
            case "heading_close":
                self._heading = 0
                self._gap()
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None
                self._lists.append(_List(start, len(self._lists)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                if not self._lists:
                    self._gap()
            case "list_item_open":
                self._mark = self._next_mark()
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
                self._gap()
            case "paragraph_close":
                if not token.hidden:
                    self._gap()
            case "inline":
                self._inline(token)
            case "fence" | "code_block":
                self._code(token.content)
            case "hr":
                self._line((Span("─" * max(0, min(self._room, 40)), "quiet"),))
                self._gap()
            case "table_open":
                self._table = []
            case "tr_open" if self._table is not None:
                self._table.append([])
            case "table_close":
                self._show_table()
            case _:
                pass

    @property
    def _indent(self) -> int:
        return 2 * min(self._quotes, _MOST_DEPTH) + 3 * min(len(self._lists), _MOST_DEPTH)

    @property
    def _room(self) -> int:
        return max(8, self.width - self._indent)

    def _next_mark(self) -> str:
        here = self._lists[-1]
        if here.number is None:
            return f" {_BULLETS[min(here.depth, len(_BULLETS) - 1)]} "
        here.number += 1
        return f"{here.number - 1}. "[-8:].rjust(3)

    def _gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append(())

    def _line(self, spans: Line) -> None:
        """Put a line where the block stands, with the mark of its item before the first."""
        before = ""
        if self._lists:
            before = " " * (3 * (min(len(self._lists), _MOST_DEPTH) - 1))
            before += self._mark or "   "
            self._mark = ""
        quote = "│ " * min(self._quotes, _MOST_DEPTH)
        lead = [Span(part, role) for part, role in ((quote, "quiet"), (before, "formula")) if part]
        self.lines.append((*lead, *spans))

    def _inline(self, token: Token) -> None:
        if self._table is not None:
            self._table[-1].append("".join(text for text, _ in _pieces(token.children or ())))
            return
        base = "title" if self._heading == 1 else "heading" if self._heading else "quiet" if self._quotes else "text"
        for line in _wrapped(_pieces(token.children or (), base), self._room):
            self._line(line)

    def _code(self, content: str) -> None:
        for text in content.rstrip("\n").replace("\t", "    ").split("\n"):
            safe = safe_text(text, _LONGEST_WORD)
            for part in chop_cells(safe, self._room - 2) or [""]:
                self._line((Span("  " + part, "formula"),))
        self._gap()

    def _show_table(self) -> None:
        rows, self._table = self._table or [], None
        count = max((len(row) for row in rows), default=0)
        if not count:
            return
        texts = [[safe_text(cell) for cell in (*row, *[""] * (count - len(row)))] for row in rows]
        widths = [max(cell_len(row[at]) for row in texts) for at in range(count)]
        most = max(4, (self._room - _CELL_GAP * (count - 1)) // count)
        if sum(widths) + _CELL_GAP * (count - 1) > self._room:
            widths = [min(width, most) for width in widths]
        for at, row in enumerate(texts):
            cells = (" " * _CELL_GAP).join(fit(cell, width) for cell, width in zip(row, widths, strict=True))
            self._line((Span(cells.rstrip(), "value" if at == 0 else "text"),))
        self._gap()


def _pieces(tokens: Sequence[Token], base: str = "text") -> Iterator[tuple[str, str]]:
    """The text of inline tokens with a role each; a line feed stands for itself."""
    strong = emphasised = 0
    address = ""
    for token in tokens:
        role = "value" if strong or emphasised else base
        match token.type:
            case "text" | "html_inline":
                yield token.content, role
            case "code_inline":
                yield token.content, "formula"
            case "softbreak" | "hardbreak":
                yield "\n", role
            case "strong_open" | "strong_close":
                strong += 1 if token.nesting > 0 else -1
            case "em_open" | "em_close":
                emphasised += 1 if token.nesting > 0 else -1
            case "s_open" | "s_close":
                yield "~", "quiet"
            case "link_open":
                address = str(token.attrs.get("href", ""))
            case "link_close":
                if address:
                    yield f" ({address})", "quiet"
            case "image":
                yield f"[image: {token.content}]", "quiet"
            case _:
                yield token.content, role


def _wrapped(pieces: Iterator[tuple[str, str]], width: int) -> Iterator[Line]:
    """Pieces in lines of at most `width` cells, broken at spaces where there are any."""
    line: list[Span] = []
    used = 0
    for text, role in pieces:
        for at, part in enumerate(text.split("\n")):
            if at:
                yield tuple(line)
                line, used = [], 0
            for word in _words(safe_text(part, _LONGEST_WORD * 25)):
                size = cell_len(word)
                if used + cell_len(word.rstrip()) > width and used:
                    yield _trimmed(line)
                    line, used = [], 0
                    word = word.lstrip()
                    size = cell_len(word)
                for piece in chop_cells(word, width) if size > width else [word]:
                    if used + cell_len(piece) > width and used and size > width:
                        yield tuple(line)
                        line, used = [], 0
                    line.append(Span(piece, role))
                    used += cell_len(piece)
    if line_width(tuple(line)):
        yield _trimmed(line)


def _words(text: str) -> Iterator[str]:
    """Words, each with the spaces that follow it."""
    start = 0
    for at in range(1, len(text)):
        if text[at - 1] == " " and text[at] != " ":
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _trimmed(line: list[Span]) -> Line:
    """A line without the spaces at its end."""
    return (*line[:-1], Span(line[-1].text.rstrip(), line[-1].role)) if line else ()
