"""All records of a product as one Markdown text."""

from __future__ import annotations

import json
import re
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from reviewtui.errors import Problem
from reviewtui.months import Month
from reviewtui.reports.record_book import quoted, record_book
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.interviews import INTERVIEWS
from reviewtui.workspace.kinds.registry import ALL_KINDS
from reviewtui.workspace.kinds.todos import TODOS, Carry
from reviewtui.workspace.store import RecordStore
from tests.sheets import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

OCTOBER = Month(2026, 10)
DAY = date(2026, 11, 3)


def book(store: RecordStore, product: str = "replay", name: str = "Session replay") -> str:
    return record_book(store.load(), ALL_KINDS, product, name)


def test_every_field_that_says_something_is_in_it(tmp_path: Path) -> None:
    store = RecordStore(tmp_path, random=Random(1))
    store.create(
        TODOS,
        "replay",
        {
            "title": "Ask *billing*",
            "owner": "ada",
            "due": Month(2026, 11),
            "created_on": DAY,
            "links": ("https://a.example", "https://b.example"),
            "carried": (Carry(id="k1", review=OCTOBER, reason="ill"),),
            "done_when": "There is a table.\nIt has rows.",
        },
        DAY,
    )
    (todo,) = store.load().of(TODOS)
    assert book(store) == (
        "# Session replay\n\n"
        "Product `replay`: 1 to-do.\n\n"
        "## To-dos\n\n"
        f"### Ask \\*billing\\* `{todo.id}`\n\n"
        "- **Title:** Ask \\*billing\\*\n"
        "- **Created on:** 2026-11-03\n"
        "- **Owner:** ada\n"
        "- **Owner group:** pm\n"
        "- **Due:** 2026-11\n"
        "- **State:** open\n"
        "- **Links:** https://a.example, https://b.example\n\n"
        "**Done when**\n\n"
        "> There is a table.\n"
        "> It has rows.\n\n"
        "**Carried**\n\n"
        "- Review: 2026-10; Reason: ill\n"
    )


def test_every_kind_comes_in_by_itself_and_a_record_of_several_products_into_each(tmp_path: Path) -> None:
    store = RecordStore(tmp_path)
    for kind in ALL_KINDS:
        assert kind.plural
    facts = {"topic": "Export", "held_on": DAY, "products": ("flags", "replay")}
    store.create(INTERVIEWS, "", facts, DAY)
    assert "## Interviews" in book(store)
    assert "## Interviews" in book(store, "flags")
    assert "no records" in book(store, "other")


def test_the_same_records_give_the_same_bytes_and_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    store = RecordStore(tmp_path)
    store.create(COMMENTS, "replay", {"text": "One.", "said_on": DAY}, DAY, review=OCTOBER)
    problem = Problem("products/replay/todos/t.toml", 3, "A quote is missing.")
    first = record_book(store.load(), ALL_KINDS, "replay", "", [problem])
    assert first == record_book(RecordStore(tmp_path).load(), ALL_KINDS, "replay", "", [problem])
    assert first.endswith("## Files that could not be read\n\n- products/replay/todos/t.toml:3: A quote is missing.\n")


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    store = RecordStore(tmp_path)
    for item in json.loads(HOSTILE.read_text("utf-8")):
        value = item["value"]
        if value.strip():
            store.create(COMMENTS, "replay", {"text": value, "author": value, "said_on": DAY}, DAY, review=OCTOBER)
            store.create(TODOS, "replay", {"title": value, "note": value, "created_on": DAY}, DAY)
    text = book(store)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    rendered = MarkdownIt("commonmark").render(text)
    assert not re.search(r"<(script|img|iframe|svg|a href=\"(?!https?:|mailto:))", rendered, re.IGNORECASE)
    tokens = MarkdownIt("commonmark").parse(text)
    outside = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    chapters = [tokens[at + 1].content for at in outside if tokens[at].tag != "h3"]
    assert chapters == ["Session replay", "Comments", "To-dos"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "\\<script>alert(1)</script>",
        "![x](https://track.example/1.png)",
        "\\![x](https://track.example/1.png)",
        "[x](javascript:alert(1))",
        "\\[x](javascript:alert(1))",
        "[x\\](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[x](\njavascript:alert(1))",
        "<javascript:alert(1)>",
        "```\n```\n<b>x</b>",
        "[x](data:text/html,1)",
    ],
)
def test_nothing_in_a_quotation_runs_or_loads(text: str) -> None:
    rendered = MarkdownIt("commonmark").render("\n".join(quoted(text)))
    assert not re.search(r"<(?!/?(blockquote|p|pre|code|br|em|strong)\b)", rendered)


def test_ordinary_markdown_stays_as_it_was_written() -> None:
    assert quoted("# A heading\n\n- **one** [two](https://example.org)\n1 < 2") == [
        "> # A heading",
        ">",
        "> - **one** [two](https://example.org)",
        "> 1 &lt; 2",
    ]
