"""Text from outside can neither act on a terminal nor become markup, a formula or a second line."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.text import (
    markdown_text,
    safe_lines,
    safe_text,
    searchable,
    spreadsheet_text,
    well_formed,
    without_controls,
)

HOSTILE = {
    entry["name"]: entry["value"] for entry in json.loads(Path("fixtures/hostile_strings.json").read_text("utf-8"))
}
ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ud800-\udfff]")
ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_string_is_shown_as_one_harmless_line(name: str) -> None:
    shown = safe_text(HOSTILE[name])
    assert not ACTS.search(shown)
    shown.encode("utf-8")


@given(ANY_TEXT)
def test_nothing_that_acts_gets_through(text: str) -> None:
    assert not ACTS.search(safe_text(text))
    assert not ACTS.search(safe_lines(text).replace("\n", ""))
    assert not ACTS.search(without_controls(text))


def test_each_control_becomes_one_visible_character() -> None:
    assert safe_text("a\x1b[2Jb\x00c\x7f") == "a␛[2Jb␀c␡"
    assert safe_text("a\u202eb\x9bc") == "a\ufffdb\ufffdc"


def test_ordinary_text_of_any_script_is_left_as_it_is() -> None:
    for text in ("Größe 12 %", "月次レビュー", "مراجعة شهرية", "👩‍👩‍👧 team", "[/oops]", "=cmd()"):
        assert safe_text(text) == text


def test_a_heap_of_combining_marks_is_cut() -> None:
    shown = safe_text("a" + "\u0301" * 50 + "b")
    assert sum(1 for character in shown if unicodedata.combining(character)) == 4
    assert shown.endswith("b")


def test_a_very_long_text_is_cut_with_a_sign() -> None:
    assert safe_text("x" * 10_000, limit=20) == "x" * 19 + "…"


def test_stored_text_has_unix_line_ends_and_no_lone_surrogate() -> None:
    assert well_formed("a\r\nb\rc\ud800") == "a\nb\nc\ufffd"


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠", "\t=", " =", "  -", "\r=", "\x00="])
def test_a_spreadsheet_never_takes_text_for_a_formula(start: str) -> None:
    assert spreadsheet_text(f"{start}cmd()").startswith("'")


def test_ordinary_text_in_a_spreadsheet_is_unchanged() -> None:
    assert spreadsheet_text("Session replay") == "Session replay"
    assert spreadsheet_text("*") == "*"


def test_markdown_data_cannot_format_or_add_columns() -> None:
    assert markdown_text("a|b [x](y) <b> `c` #1") == r"a\|b \[x\](y) \<b\> \`c\` \#1"


@pytest.mark.parametrize(
    ("text", "found_by"),
    [
        ("Résumé", "resume"), ("ÅNGSTRÖM", "ångstrom"), ("ＭＲＲ", "mrr"), ("الشهريّة", "الشهرية"), ("مـرحبا", "مرحبا"),
        ("Straße", "STRASSE"), ("ガス", "ｶﾞｽ"),
    ],
)  # fmt: skip
def test_letters_are_found_whatever_their_case_accents_and_width(text: str, found_by: str) -> None:
    assert searchable(text) == searchable(found_by)


def test_letters_that_differ_by_more_than_an_accent_stay_apart() -> None:
    assert searchable("ガス") != searchable("カス")
