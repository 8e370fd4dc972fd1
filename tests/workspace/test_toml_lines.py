"""The line of every key is found, however the file is written."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.workspace.toml_lines import KeyPath, key_lines, line_of
from tests.workspace.hostile import HOSTILE

EXAMPLE = '''\
# a comment with [brackets] and key = 1
name = "Acme # not a comment"
"quoted key" = 1
'literal.key' = 2
dotted . key = 3

note = """
[not.a.table]
name = "not a key"
"""
raw = \'\'\'
x = 1
\'\'\'   # after it
list = [
  "one",   # ]
  [1, 2],
  { event = "x", count = 2 },
]
inline = { a = 1, b.c = [2, 3], "d" = {} }

[[source]]
name = "a"
path = "a.duckdb"

[source.sub]
deep = true

[[source]]
path = "b.duckdb"
  [[source.part]]
  id = 1
  [[source.part]]
  id = 2

[views]
"invoice_line" = "SELECT"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("quoted key",), 3),
        (("literal.key",), 4),
        (("dotted", "key"), 5),
        (("note",), 7),
        (("raw",), 11),
        (("list",), 14),
        (("list", 0), 15),
        (("list", 1, 1), 16),
        (("list", 2, "count"), 17),
        (("inline", "b", "c", 1), 19),
        (("inline", "d"), 19),
        (("source",), 21),
        (("source", 0), 21),
        (("source", 0, "path"), 23),
        (("source", 0, "sub", "deep"), 26),
        (("source", 1), 28),
        (("source", 1, "path"), 29),
        (("source", 1, "part", 0, "id"), 31),
        (("source", 1, "part", 1, "id"), 33),
        (("views", "invoice_line"), 36),
    ],
)
def test_each_key_has_its_line(path: KeyPath, line: int) -> None:
    assert line_of(EXAMPLE, path) == line
    assert line_of(EXAMPLE.replace("\n", "\r\n"), path) == line


def test_a_key_that_is_not_written_has_the_line_of_its_table() -> None:
    assert line_of(EXAMPLE, ("source", 1, "name")) == 28
    assert line_of(EXAMPLE, ("views", "event")) == 35
    assert line_of(EXAMPLE, ("nothing",)) is None
    assert line_of("", ("nothing",)) is None


def test_strings_that_end_in_quotes_are_passed_whole() -> None:
    text = 'a = """x"""""\nb = 1\nc = \'\'\'y\'\'\'\'\'\nd = "\\""\ne = 2\n'
    assert tomllib.loads(text)["e"] == 2
    assert [line_of(text, (key,)) for key in "abcde"] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "text", ["[", "[[", "a", "a =", "= 1\nb = 2", 'a = """', "a = [1, ", "a = {b", "]]", "a = [" * 999]
)
def test_text_that_is_not_toml_is_no_fault(text: str) -> None:
    key_lines(text)


def test_after_a_broken_line_the_rest_is_found() -> None:
    assert line_of("a = = 1\n??\nb = 2\n", ("b",)) == 3


VALUES = st.recursive(
    st.integers(-9, 9) | st.booleans() | st.text(max_size=12) | st.sampled_from(sorted(HOSTILE.values())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4))
def test_every_key_of_a_generated_file_is_found_where_it_is_written(data: dict[str, Any]) -> None:
    try:
        text = tomli_w.dumps(data, multiline_strings=True)
        assert tomllib.loads(text) is not None
        text.encode()
    except (ValueError, UnicodeEncodeError):
        return
    lines = key_lines(text)
    rows = text.split("\n")
    for path in paths_of(tomllib.loads(text)):
        assert path in lines
        last = path[-1]
        if isinstance(last, str) and last.isascii() and last.isalnum():
            assert last in rows[lines[path] - 1]


def paths_of(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in ((*path, key), *paths_of(item, (*path, key)))]
