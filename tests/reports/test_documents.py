"""A document in its three forms: what it says survives, what could act does not."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reviewtui.reports.document import (
    Bullets,
    Chart,
    Document,
    Heading,
    Item,
    Paragraph,
    Span,
    Table,
    Verbatim,
    bullets,
    paragraph,
)
from reviewtui.reports.html_document import html_document
from reviewtui.reports.markdown_document import markdown_document
from reviewtui.reports.note_blocks import note_blocks, note_line
from reviewtui.reports.slack_document import LONGEST_PART, TABLE_WIDTH, slack_document, slack_parts
from reviewtui.reports.svg_chart import svg_chart

CHART = Chart("MRR", ("Aug 26", "Sep 26", "Oct 26"), (1.0, None, 3.0), (None, 0.5, 1.0), (None, 1.5, 2.0), (2,), "3")
EVERYTHING = Document(
    "Replay · October 2026",
    (
        Heading("Numbers"),
        paragraph("Growth was healthy."),
        bullets("first", "second"),
        Table(("Metric", "Value"), (("MRR", "510.2k"), ("Churn | rate", "3.3 %")), numbers=(1,)),
        Verbatim("select 1\nfrom event"),
        CHART,
    ),
)
HOSTILE = (
    "<script>alert(1)</script>",
    "![x](http://evil/x.png)",
    "[click](javascript:alert(1))",
    "# heading",
    "- item",
    "1. item",
    "```",
    "a | b",
    "&lt;b&gt;",
    "@channel @here <!everyone> <@U123>",
    "\x1b]52;c;aGk=\x07",
    "====",
    "~~~",
    "> quote",
    "\u202eabc",
)


class _Reader(HTMLParser):
    """What a browser would see: tags with attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


def _markdown_words(text: str) -> str:
    """The text of a Markdown document as a reader sees it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return "\n".join(
        "".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"
    )


def test_markdown_has_headings_lists_tables_and_code() -> None:
    assert markdown_document(EVERYTHING) == (
        "# Replay · October 2026\n\n## Numbers\n\nGrowth was healthy.\n\n- first\n- second\n\n"
        "| Metric | Value |\n| --- | ---: |\n| MRR | 510.2k |\n| Churn \\| rate | 3.3 % |\n\n"
        "```\nselect 1\nfrom event\n```\n"
    )


def test_slack_has_no_headings_and_tables_in_a_fence() -> None:
    assert slack_parts(EVERYTHING) == (
        (
            "*Replay · October 2026*\n\n*Numbers*\n\nGrowth was healthy.\n\n• first\n• second\n\n```\n"
            "Metric         Value\nMRR           510.2k\nChurn | rate   3.3 %\n```\n\n```\nselect 1\nfrom event\n```"
        ),
    )


def test_html_is_whole_draws_charts_and_needs_nothing_else() -> None:
    page = html_document(EVERYTHING)
    tags = [tag for tag, _ in _Reader(page).tags]
    assert {"h1", "h2", "p", "ul", "table", "pre", "svg"} <= set(tags)
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert "http://" not in page
    assert "https://" not in page


def test_a_chart_breaks_its_line_at_a_gap_and_shows_the_range_where_it_is_known() -> None:
    drawn = svg_chart(CHART)
    assert drawn.count('class="dot"') == 2
    assert drawn.count("<polygon") == 1
    assert drawn.count('class="mark"') == 1
    assert svg_chart(Chart("Nothing", ("Oct 26",), (None,))) == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_says_what_the_text_says_and_nothing_acts(text: str) -> None:
    written = markdown_document(Document(text, (paragraph(text), bullets(text), Table((text,), ((text,),)))))
    tokens = MarkdownIt("commonmark").enable("table").parse(written)
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "text_special", "softbreak"}
    assert not any(token.type.startswith("html") for token in tokens)
    assert sum(token.type == "heading_open" for token in tokens) == 1
    shown = re.sub("[\x00-\x1f\x7f\u202e]", "", text)
    assert _markdown_words(written).split("\n") == [shown] * 5


@pytest.mark.parametrize("text", HOSTILE)
def test_html_says_what_the_text_says_and_has_only_its_own_tags(text: str) -> None:
    page = _Reader(html_document(Document("Title", (paragraph(text), bullets(text), Table((text,), ((text,),))))))
    plain = _Reader(html_document(Document("Title", (paragraph("x"), bullets("x"), Table(("x",), (("x",),))))))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert re.sub("[\x00-\x1f\x7f\u202e]", "", text) in page.said


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_calls_nobody_and_escapes_exactly_three_signs(text: str) -> None:
    said = slack_parts(Document("Title", (paragraph(text), bullets(text))))[0]
    assert not re.search("[<>]", said)
    assert not re.search(r"@(here|channel|everyone)\b", said)
    assert not re.search("&(?!(amp|lt|gt);)", said)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", said)


def test_a_link_is_made_of_web_addresses_only() -> None:
    good, bad = Span("docs", url="https://example.org/a(b)"), Span("docs", url="javascript:alert(1)")
    assert markdown_document(Document("T", (Paragraph((good,)), Paragraph((bad,))))) == (
        "# T\n\n[docs](https://example.org/a%28b%29)\n\ndocs\n"
    )
    assert slack_parts(Document("T", (Paragraph((good,)), Paragraph((bad,)))))[0].endswith(
        "<https://example.org/a(b)|docs>\n\ndocs"
    )
    links = [
        facts for tag, facts in _Reader(html_document(Document("T", (Paragraph((good, bad)),)))).tags if tag == "a"
    ]
    assert [facts["href"] for facts in links] == ["https://example.org/a(b)"]


def test_a_long_document_becomes_a_thread_of_labelled_parts() -> None:
    document = Document("T", tuple(paragraph(f"{number} " + "word " * 150) for number in range(12)))
    parts = slack_parts(document)
    assert len(parts) == 3
    assert [part.split("\n")[0] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert all(len(part) <= LONGEST_PART for part in parts)
    assert re.findall(r"\n(\d+) word", "\n".join(parts)) == [str(number) for number in range(12)]
    assert slack_document(document) == slack_document(document)


def test_a_row_of_a_message_keeps_its_name_and_value_whole_where_there_is_room() -> None:
    row = ("NRR, quarter to date", "107.1 % (Sep 2026)", "over 999%", "+388.0%", "out of range")
    table = Table(("Metric", "Oct 2026", "MoM", "YoY", ""), (row,), numbers=(1, 2, 3))
    fence = slack_parts(Document("T", (table,)))[0].split("```")[1]
    assert all(text in fence for text in row)


def test_a_wide_table_stays_within_eighty_columns() -> None:
    table = Table(("Metric", "What happened"), (("名前" * 30, "x" * 200), ("a", "b")))
    fence = slack_parts(Document("T", (table,)))[0].split("```")[1]
    assert all(len(line) <= TABLE_WIDTH for line in fence.split("\n"))


@given(st.lists(st.text(max_size=6_000), max_size=4))
def test_no_message_is_ever_too_long(texts: list[str]) -> None:
    document = Document("T", tuple(paragraph(text.encode(errors="replace").decode()) for text in texts))
    assert all(len(part) <= LONGEST_PART for part in slack_parts(document))


def test_a_note_keeps_its_look_and_loses_what_could_act() -> None:
    blocks = note_blocks("# Why\n\nIt was **bad** <b>x</b>\n\n- one\n  - two\n\n1. first\n\n```\nselect\n```")
    assert blocks == (
        Paragraph((Span("Why", is_strong=True),)),
        Paragraph((Span("It was "), Span("bad", is_strong=True), Span(" <b>x</b>"))),
        Bullets((Item((Span("one"),)), Item((Span("two"),), 1))),
        Bullets((Item((Span("1. "), Span("first"))),)),
        Verbatim("select"),
    )


def test_a_note_fits_in_one_line() -> None:
    assert "".join(span.text for span in note_line("Two\nlines\n\n- a\n- b")) == "Two lines a; b"


@given(st.text(max_size=300))
def test_any_note_becomes_a_document_in_every_form(text: str) -> None:
    document = Document("T", note_blocks(text.encode(errors="replace").decode()))
    assert markdown_document(document).startswith("# T\n")
    assert "<script" not in html_document(document)
    assert slack_parts(document)
