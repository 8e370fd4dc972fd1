"""Every record can be found, as its file is now; nothing that is typed breaks a search."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewtui.months import Month
from reviewtui.text import well_formed
from reviewtui.workspace.kinds.base import FileMark
from reviewtui.workspace.kinds.comments import COMMENTS, Comment
from reviewtui.workspace.kinds.registry import ALL_KINDS
from reviewtui.workspace.kinds.tags import TAG_REGISTRY, Tag
from reviewtui.workspace.kinds.todos import TODOS, Todo
from reviewtui.workspace.search import Found, Library
from reviewtui.workspace.search_document import document_of
from reviewtui.workspace.search_index import INDEX_FILE, SearchIndex
from reviewtui.workspace.search_words import MOST_TERMS, parse_query, words_of
from tests.workspace.hostile import HOSTILE

if TYPE_CHECKING:
    from reviewtui.workspace.kinds.base import Record, RecordKind

DAY_FACTS = dict.fromkeys(
    ("said_on", "held_on", "created_on", "proposed_on", "starts_on", "started_on"), date(2026, 3, 1)
)
MONTHS = ("review", "month", "quarter", "due")
JOE = """\
schema = 1
topic = "Web analytics"
held_on = 2026-03-10
interviewer = "ann"
products = ["web"]
first_name = "Joe"
company = "Acme"
role = "Head of Engineering"
icp = "yes"
tags = ["theme/export"]
summary = \"\"\"
Exports are slow.
He waits for a café-sized file.
\"\"\"

[[quotes]]
id = "q1"
text = "The dashboard crashed twice."
metrics = ["churn_rate"]

[[follow_ups]]
id = "f1"
text = "Send the export guide"
"""
EVE = """\
schema = 1
topic = "Session replay"
held_on = 2026-04-20
interviewer = "bob"
first_name = "Eve"
role = "Designer"
summary = "Likes the speed. Waits for nothing."
"""
DIVE = """\
schema = 1
question = "Why did so many leave in March?"
proposed_on = 2026-04-02
metrics = ["churn_rate"]
finding = "Slow exports drove three customers away."
"""
JOE_PATH, EVE_PATH = "interviews/2026/i-260310-0aaa-web-analytics.toml", "interviews/2026/i-260420-0bbb-session.toml"
DIVE_PATH = "products/web/dives/d-260402-0ccc-why.toml"
JOE_ID, EVE_ID, DIVE_ID = "i-260310-0aaa", "i-260420-0bbb", "d-260402-0ccc"


def write(root: Path, path: str, text: str) -> None:
    """A file as another program writes it, long enough ago for its times to be trusted."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "reviews"
    write(folder, "reviewtui.toml", "schema = 1\n")
    write(folder, "products/web/product.toml", 'product_id = "web"\nname = "Web analytics"\n')
    write(folder, JOE_PATH, JOE)
    write(folder, EVE_PATH, EVE)
    write(folder, DIVE_PATH, DIVE)
    return folder


@pytest.fixture
def library(root: Path, tmp_path: Path) -> Library:
    return Library(root, tmp_path / "cache")


def ids(found: Found) -> set[str]:
    """The ids of what was found."""
    return {hit.document.id for hit in found.hits}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("exports", {JOE_ID, DIVE_ID}),
        ("EXPORTS slow", {JOE_ID, DIVE_ID}),
        ("expo*", {JOE_ID, DIVE_ID}),
        ("dash", {JOE_ID}),
        ('"slow exports"', {DIVE_ID}),
        ('"exports are"', {JOE_ID}),
        ('"expor"', set()),
        ("cafe", {JOE_ID}),
        ("CAFÉ", {JOE_ID}),
        ("churn_rate", {JOE_ID, DIVE_ID}),
        ("joe", {JOE_ID}),
        ("wait", {JOE_ID, EVE_ID}),
        ("wait tag:export", {JOE_ID}),
        ("tag:theme/", {JOE_ID}),
        ("tag:theme/export", {JOE_ID}),
        ("tag:thema", set()),
        ("product:web", {JOE_ID, DIVE_ID}),
        ("product:WEB type:dive", {DIVE_ID}),
        ("after:2026-04", {EVE_ID, DIVE_ID}),
        ("after:2026-04-20", {EVE_ID}),
        ("before:2026-04-20", {JOE_ID, DIVE_ID}),
        ("after:2026-03-10 before:2026-03-11", {JOE_ID}),
        ("type:interviews", {JOE_ID, EVE_ID}),
        ("type:interview role:head", {JOE_ID}),
        ('role:"head of eng"', {JOE_ID}),
        ("icp:yes", {JOE_ID}),
        ("has:followup", {JOE_ID}),
        ("author:bob", {EVE_ID}),
        ("company:acme", {JOE_ID}),
        ("metric:churn_rate type:interview", {JOE_ID}),
        ("nowhere", set()),
        ("exports nowhere", set()),
    ],
)
def test_words_phrases_and_filters(library: Library, words: str, expected: set[str]) -> None:
    """All words have to be there, in any order; a word may be the beginning of one."""
    assert ids(library.search(words)) == expected


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
def test_a_record_of_every_kind_is_a_document(kind: RecordKind[Record]) -> None:
    """Also where its fields are called like those of others and hold something else."""
    facts: dict[str, Any] = {"id": "x", "product": "web", "file": FileMark("x.toml")}
    facts |= {item.name: dataclasses.MISSING for item in dataclasses.fields(kind.record) if item.name not in facts}
    wanted = {item.name: item for item in dataclasses.fields(kind.record)}
    for name, missing in list(facts.items()):
        if missing is dataclasses.MISSING:
            del facts[name]
            if wanted[name].default is dataclasses.MISSING and wanted[name].default_factory is dataclasses.MISSING:
                facts[name] = DAY_FACTS.get(name, Month(2026, 3) if name in MONTHS else "word")
    if kind is TAG_REGISTRY:
        facts["tags"] = (Tag(id="theme/export", description="Getting data out"),)
    document = document_of(kind.record(**facts), kind, "web")
    assert document.kind == kind.name
    assert all(isinstance(tag, str) for tag in document.tags)


def test_the_hit_is_marked_in_its_sentence(library: Library) -> None:
    """With some words before and after it."""
    (hit,) = library.search("crash").hits
    assert [run.text for run in hit.snippet if run.is_hit] == ["crashed"]
    assert "The dashboard crashed twice." in "".join(run.text for run in hit.snippet)
    assert hit.document.title == "Web analytics user interview with Joe"
    assert hit.document.path == JOE_PATH


def test_a_comment_is_titled_by_its_first_words_and_its_metric() -> None:
    comment = Comment(
        id="c-1",
        review=Month(2026, 3),
        said_on=date(2026, 4, 2),
        author="root",
        metric="tickets_created",
        answers="c-0",
        text="Tickets rose because the importer\nfailed twice for every large customer.",
    )
    document = document_of(comment, COMMENTS, "web")
    assert document.title == "Tickets rose because the importer failed twice for … · tickets_created"
    assert (document.metrics, document.author) == (("tickets_created",), "root")
    assert document.body.startswith("Tickets rose because")
    assert "root" not in document.body
    assert "c-0" not in document.body


def test_links_months_and_the_author_are_no_words_of_a_to_do() -> None:
    """Who is held to it is, after the texts; the filters have the rest."""
    todo = Todo(
        id="t-1",
        title="Ask three teams",
        created_on=date(2026, 11, 2),
        owner="ann",
        author="root",
        due=Month(2026, 12),
        origin="cell:team_orgs@2026-10",
        note="Why they left.",
    )
    document = document_of(todo, TODOS, "web")
    assert document.body == "Why they left.\nAsk three teams · ann"
    assert (document.author, document.day) == ("root", "2026-11-02")


def test_the_title_counts_more_than_the_body(library: Library, root: Path) -> None:
    """The best comes first."""
    write(root, "interviews/2026/i-260101-0ddd-x.toml", EVE.replace("Session replay", "Speed"))
    found = library.search("speed")
    assert [hit.document.id for hit in found.hits] == ["i-260101-0ddd", EVE_ID]


def test_an_edit_outside_is_found_at_once(library: Library, root: Path) -> None:
    """Changed, added and removed files; also a change that keeps size and time."""
    assert ids(library.search("slow")) == {JOE_ID, DIVE_ID}
    write(root, JOE_PATH, JOE.replace("slow", "fast"))
    assert ids(library.search("slow")) == {DIVE_ID}
    assert ids(library.search("fast")) == {JOE_ID}
    before = (root / JOE_PATH).stat()
    write(root, JOE_PATH, JOE.replace("slow", "idle"))
    os.utime(root / JOE_PATH, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ids(library.search("idle")) == {JOE_ID}
    assert ids(library.search("fast")) == set()
    (root / DIVE_PATH).unlink()
    assert ids(library.search("slow")) == set()


def test_another_program_sees_the_same_index(root: Path, tmp_path: Path) -> None:
    """A second one reads what the first has indexed."""
    Library(root, tmp_path / "cache").search("slow")
    assert ids(Library(root, tmp_path / "cache").search("slow")) == {JOE_ID, DIVE_ID}


def test_a_renamed_product_is_found_by_its_new_name(library: Library, root: Path) -> None:
    """Though no record was touched."""
    assert ids(library.search("product:site")) == set()
    write(root, "products/web/product.toml", 'product_id = "site"\n')
    assert ids(library.search("product:site")) == {DIVE_ID}


@pytest.mark.parametrize(
    "damage",
    [b"", b"not a database at all" * 400, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["empty", "text", "head only"],
)
def test_a_damaged_index_is_made_anew(library: Library, tmp_path: Path, damage: bytes) -> None:
    """Nobody has to know that there is one."""
    library.search("slow")
    library.close()
    (tmp_path / "cache" / INDEX_FILE).write_bytes(damage)
    found = library.search("slow")
    assert ids(found) == {JOE_ID, DIVE_ID}
    assert found.is_indexed


def test_a_cut_off_index_is_made_anew(library: Library, tmp_path: Path) -> None:
    """As after a full disk."""
    library.search("slow")
    library.close()
    path = tmp_path / "cache" / INDEX_FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert ids(library.search("slow")) == {JOE_ID, DIVE_ID}


def test_an_index_of_another_version_is_made_anew(library: Library, tmp_path: Path) -> None:
    """Old tables are of no use."""
    (tmp_path / "cache").mkdir()
    with sqlite3.connect(tmp_path / "cache" / INDEX_FILE) as connection:
        connection.execute("CREATE TABLE file (path TEXT)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert ids(library.search("slow")) == {JOE_ID, DIVE_ID}


def test_where_no_index_can_be_all_files_are_read(root: Path, tmp_path: Path) -> None:
    """A cache folder that cannot be made."""
    (tmp_path / "file").write_text("")
    library = Library(root, tmp_path / "file" / "cache")
    found = library.search("slow exports tag:export")
    assert ids(found) == {JOE_ID}
    assert not found.is_indexed
    write(root, JOE_PATH, JOE.replace("slow", "fast"))
    assert ids(library.search("slow tag:export")) == set()


def test_an_index_held_by_somebody_else_is_left_alone(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are read instead."""
    library.search("slow")
    library.close()
    monkeypatch.setattr("reviewtui.workspace.search_index._BUSY_SECONDS", 0.01)
    with sqlite3.connect(tmp_path / "cache" / INDEX_FILE) as other:
        other.execute("BEGIN EXCLUSIVE")
        found = library.search("slow")
    other.close()
    assert ids(found) == {JOE_ID, DIVE_ID}
    assert not found.is_indexed
    assert library.search("slow").is_indexed


def test_a_file_that_cannot_be_read_is_named(library: Library, root: Path) -> None:
    """Everything else is still found, and the file too once it is mended."""
    write(root, EVE_PATH, "<<<<<<< ours\n=======\n>>>>>>> theirs\n")
    found = library.search("slow")
    assert ids(found) == {JOE_ID, DIVE_ID}
    assert found.unread_words == (f"Not searched, because they cannot be read: {EVE_PATH}.",)
    write(root, EVE_PATH, EVE)
    assert library.search("slow").unread == ()


def test_what_is_taken_out_leaves_no_trace(library: Library, root: Path, tmp_path: Path) -> None:
    """Not in the free space of the index either."""
    write(root, EVE_PATH, EVE.replace("speed", "xylophonequartz"))
    assert ids(library.search("xylophonequartz")) == {EVE_ID}
    write(root, EVE_PATH, EVE)
    library.search("speed")
    library.close()
    for path in (tmp_path / "cache").iterdir():
        assert b"xylophonequartz" not in path.read_bytes()
    library.forget()
    assert not list((tmp_path / "cache").iterdir())


def test_filters_that_are_none_are_explained() -> None:
    """And other words with a colon are words."""
    assert parse_query("after:soon").notes == (
        "`after:` needs a day or a month such as 2026-04-15 or 2026-04, and was left out.",
    )
    assert parse_query("has:reward").notes == ("`has:` knows only: followup; it was left out.",)
    assert [term.words for term in parse_query("http://x.y 10:30").terms] == [("http", "x", "y"), ("10", "30")]
    many = parse_query("word " * 50)
    assert (len(many.terms), len(many.notes)) == (MOST_TERMS, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        '"',
        '""',
        "*",
        "-",
        "AND",
        "OR NOT",
        'a" OR 1=1 --',
        "NEAR(",
        "^x",
        "(",
        ")",
        "col:x",
        "tag:",
        'tag:"',
        "\0",
        "\ud800",
        "a" * 100_000,
        '"' * 5000,
        "title:*",
        "' ; DROP TABLE word; --",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_nothing_that_is_typed_breaks_a_search(library: Library, text: str) -> None:
    """Marks of a query language are not understood, and do no harm."""
    assert library.search(text).total >= 0
    assert ids(library.search("slow")) == {JOE_ID, DIVE_ID}


def test_every_hostile_string_is_found_by_its_own_words(root: Path, tmp_path: Path) -> None:
    """Whatever a note holds, searching for the same text finds it, and nothing raises."""
    import tomli_w

    for place, text in enumerate(HOSTILE.values()):
        values = {"schema": 1, "topic": "Hostile", "held_on": "x", "summary": well_formed(text)}
        written = tomli_w.dumps(values).replace('held_on = "x"', "held_on = 2026-01-01")
        write(root, f"interviews/2026/i-260101-{place:04x}-x.toml", written)
    library = Library(root, tmp_path / "cache")
    for place, text in enumerate(HOSTILE.values()):
        found = library.search('"' + text.replace('"', " ") + '"', most=1000)
        if words_of(text.replace('"', " ")) and '"' not in text:
            assert f"i-260101-{place:04x}" in ids(found), text


@settings(max_examples=25)
@given(
    st.lists(st.text(alphabet="aAbé日本_- .\"*'İß\u0301", max_size=12), min_size=1, max_size=5),
    st.text(alphabet='aAbé日本_- "*ß', max_size=8),
)
def test_the_index_finds_what_reading_every_file_finds(texts: list[str], words: str) -> None:
    """One is only faster than the other."""
    import tomli_w

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "reviews"
        for place, text in enumerate(texts):
            body = tomli_w.dumps({"schema": 1, "city": "x", "write_up": text})
            write(root, f"visits/v-260101-{place:04d}-x.toml", body + "starts_on = 2026-01-01\n")
        (Path(folder) / "file").write_text("")
        library = Library(root, Path(folder) / "cache")
        indexed, scanned = library.search(words), Library(root, Path(folder) / "file" / "x").search(words)
        library.close()
        assert ids(indexed) == ids(scanned)


def test_the_index_can_be_opened_only_by_its_owner(library: Library, tmp_path: Path) -> None:
    """It holds what people said."""
    library.search("slow")
    assert (tmp_path / "cache" / INDEX_FILE).stat().st_mode & 0o077 == 0


def test_a_closed_index_opens_again(tmp_path: Path) -> None:
    """Closing is not the end."""
    index = SearchIndex(tmp_path)
    assert index.files() == {}
    index.close()
    assert index.files() == {}
