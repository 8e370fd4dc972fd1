"""A document as one HTML file that needs nothing else: styles inside, charts as SVG, no scripts, no outside files."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from reviewtui.reports.document import Bullets, Heading, Paragraph, Table, Verbatim, is_safe_url
from reviewtui.reports.svg_chart import svg_chart
from reviewtui.text import without_controls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.reports.document import Block, Document, Item, Line, Span

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'"
"""What a browser lets the page do: show itself."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --quiet: #5b6474; --rule: #d9dee7; --line: #2f6fde; --band: #2f6fde22;
  --mark: #c2410c; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --quiet: #9aa4b5; --rule: #39414f; --line: #7aa7ff;
  --band: #7aa7ff22; --mark: #fb923c; --paper: #14181f; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 52rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid var(--rule); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
.number { text-align: right; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--rule); }
figure { margin: 1rem 0; } figcaption { color: var(--quiet); font-size: .85rem; }
svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); }
svg .newest { fill: var(--ink); font-weight: 600; } .band { fill: var(--band); } .dot { fill: var(--line); }
.line { fill: none; stroke: var(--line); stroke-width: 2; stroke-linejoin: round; }
.mark { fill: none; stroke: var(--mark); stroke-width: 2; }
.event { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
""".strip()


def html_document(document: Document) -> str:
    """The whole page; ends with one line feed."""
    title = _escaped(document.title)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        f"<h1>{title}</h1>",
        *(text for block in document.blocks if (text := _block(block))),
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{_escaped(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{_line(block.line)}</p>"
    if isinstance(block, Bullets):
        return _list(block.items)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Verbatim):
        lines = "\n".join(_escaped(line) for line in block.text.split("\n"))
        return f"<pre>{lines}</pre>"
    drawn = svg_chart(block)
    return f"<figure>{drawn}<figcaption>{_escaped(block.title)}</figcaption></figure>" if drawn else ""


def _list(items: Sequence[Item]) -> str:
    parts: list[str] = []
    depth = -1
    for item in items:
        wanted = min(item.depth, depth + 1)
        if wanted > depth:
            parts.append("<ul>")
        else:
            parts.append("</li>" + "</ul></li>" * (depth - wanted))
        depth = wanted
        parts.append(f"<li>{_line(item.line)}")
    return "".join(parts) + "</li></ul>" * (depth + 1)


def _table(table: Table) -> str:
    def row(tag: str, texts: Sequence[str]) -> str:
        looks = (' class="number"' if place in table.numbers else "" for place in range(len(texts)))
        cells = (f"<{tag}{look}>{_escaped(text)}</{tag}>" for look, text in zip(looks, texts, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    body = "\n".join(row("td", texts) for texts in table.rows)
    return f"<table>\n<thead>{row('th', table.heads)}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _line(line: Line) -> str:
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    text = "<br>".join(_escaped(part) for part in span.text.split("\n"))
    for tag, is_on in (("code", span.is_code), ("em", span.is_emphasis), ("strong", span.is_strong)):
        text = f"<{tag}>{text}</{tag}>" if is_on else text
    url = without_controls(span.url)
    return f'<a href="{escape(url)}" rel="noreferrer">{text}</a>' if url and is_safe_url(url) else text


def _escaped(text: str) -> str:
    return escape(without_controls(text.replace("\t", "    ").replace("\n", " ")), quote=True)
