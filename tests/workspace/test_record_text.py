"""Every text is written so that it reads back, by both readers, and edits change nothing else."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewtui.errors import ReviewError
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.quick_toml import quick_values
from reviewtui.workspace.record_edit import edited_record
from reviewtui.workspace.record_text import has_unstorable, new_text, sentences, stored_values, told_values
from reviewtui.workspace.toml_file import MAX_BYTES, parse_toml
from tests.workspace.hostile import HOSTILE

EXAMPLES = 1500 if os.environ.get("REVIEWTUI_THOROUGH") else 150

PIECES = [
    "a",
    "A b. C d! E",
    "\n",
    "\r\n",
    '"',
    '"""',
    "\\",
    "\\\n",
    "\t",
    "\0",
    "\x85",
    "é",
    "# x",
    "[t]\n",
    "=",
    "```\n",
]
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.sampled_from(list(HOSTILE.values())),
)


def row(number_and_reason: tuple[int, str]) -> dict[str, Any]:
    """A row of a to-do."""
    number, reason = number_and_reason
    return {"id": "abcd"[number], "reason": reason, "review": "2026-04"}


values = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "owner": texts,
        "note": texts,
        "evidence": texts,
        "links": st.lists(texts, max_size=4),
        "carried": st.lists(texts, max_size=3).map(lambda reasons: list(map(row, enumerate(reasons)))),
    },
)


def written(data: dict[str, Any], *, by_sentence: bool = True) -> tuple[dict[str, Any], str]:
    """The values as stored, and the text of a new to-do."""
    stored = stored_values(TODOS.fields, data, by_sentence=by_sentence)
    return stored, new_text(TODOS.fields, stored)


def told(data: dict[str, Any]) -> dict[str, Any]:
    """The values that say something."""
    return told_values(TODOS.fields, {key: value for key, value in data.items() if key != "schema"})


@given(values)
@settings(max_examples=EXAMPLES)
def test_a_new_record_reads_back_by_both_readers(data: dict[str, Any]) -> None:
    stored, text = written(data)
    read = tomllib.loads(text)
    assert told(read) == told(stored)
    assert quick_values(text.encode()) in (None, read)
    assert stored_values(TODOS.fields, stored, by_sentence=True) == stored
    assert not parse_toml(text.encode(), Path("x"), "x").damaged


@given(values, values)
@settings(max_examples=EXAMPLES)
def test_a_changed_record_reads_back_and_keeps_what_people_wrote(old: dict[str, Any], new: dict[str, Any]) -> None:
    _, text = written(old)
    head = "# by hand\nmood = 3 # mine\n"
    file = parse_toml((head + text).encode(), Path("x"), "x")
    stored = stored_values(TODOS.fields, new)
    data = edited_record(file, TODOS.fields, {"schema": 1, "mood": 3, **stored})
    read = tomllib.loads((file.raw if data is None else data).decode())
    assert read.pop("mood") == 3
    assert told(read) == told(stored)
    assert data is None or data.startswith(head.encode())


@given(st.text(alphabet="abc=[]\"\\\n\t #'{},.-0123456789truefalse<>|:é", max_size=80))
@settings(max_examples=500)
def test_the_quick_reader_reads_what_the_parser_reads_or_nothing(text: str) -> None:
    raw = text.encode()
    found = quick_values(raw)
    if found is not None:
        assert found == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        'a = "x"\na = "y"\n',
        '[[r]]\nid = "a"\n[r]\nb = 1\n',
        "[t]\na = 1\n[t]\nb = 1\n",
        'r = [\n]\n[[r]]\nid = "a"\n',
        'r = [\n    "x",\n]\n[[r]]\nid = "a"\n',
        "day = 2026-02-30\n",
        'a = "\\q"\n',
        'a = "x"',
        'a  = "x"\n',
        "a = 1_000\n",
        "a = -0\n",
        "a = 007\n",
        'a = "x" # comment\n',
        "a = 2026-04-17T10:00:00\n",
        '\ufeffa = "x"\n',
        'a = """\nx""""\n',
        'note = """\n<<<<<<< a\n=======\n>>>>>>> b\n"""\n',
    ],
)
def test_the_quick_reader_leaves_other_forms_to_the_parser(text: str) -> None:
    assert quick_values(text.encode()) is None


def test_the_quick_reader_reads_the_form_that_records_are_written_in() -> None:
    carried = [{"id": "a", "review": "2026-04", "reason": 'a "quoted" \\ reason'}, {"id": "b", "review": "2026-05"}]
    _, text = written(
        {"title": 'x "y" \\', "note": 'One. Two "three".\n"""\n\\', "links": ["b", "a"], "carried": carried}
    )
    assert quick_values(text.encode()) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("It fell. Why?", ["It fell.", "Why?"]),
        ("It fell by 3.5 percent. e.g. here", ["It fell by 3.5 percent. e.g. here"]),
        ("Ask J. Doe. Then wait.", ["Ask J. Doe.", "Then wait."]),
        ("Это так. Да.", ["Это так.", "Да."]),
        ("Wirklich? „Nein.“ Doch.", ["Wirklich? „Nein.“ Doch."]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("1. One. Two.", ["1. One. Two."]),
        ("~~~\nA b. C d.\n~~~\nAb. Cd.", ["~~~", "A b. C d.", "~~~", "Ab.", "Cd."]),
    ],
)
def test_sentences_get_lines_of_their_own(text: str, lines: list[str]) -> None:
    assert sentences(text).split("\n") == lines
    assert sentences(sentences(text)) == sentences(text)


def test_half_characters_are_found_before_they_are_replaced() -> None:
    assert has_unstorable({"a": "x\ud800", "b": "x", "c": 3}) == ("a",)


def test_a_text_too_long_to_be_read_again_is_refused() -> None:
    with pytest.raises(ReviewError, match="longer than 5 MB"):
        new_text(TODOS.fields, {"note": "x" * (MAX_BYTES + 1)})
    file = parse_toml(b'title = "x"\n', Path("x"), "x")
    with pytest.raises(ReviewError, match="longer than 5 MB"):
        edited_record(file, TODOS.fields, {"title": "x", "note": "x" * (MAX_BYTES + 1)})


def test_a_dotted_or_inline_table_is_edited_or_left_alone() -> None:
    """What tomlkit cannot change safely is refused, never damaged."""
    for text in ('carried = [{ id = "a", review = "2026-04" }]\n', 'a.b = 1\ntitle = "x"\n', "x = {a = 1}\n"):
        file = parse_toml(text.encode(), Path("x"), "x")
        meant = {**file.data, "owner": "bo", "carried": [{"id": "z", "review": "2026-05"}]}
        data = edited_record(file, TODOS.fields, meant)
        assert data is not None
        assert tomllib.loads(data.decode()) == meant
