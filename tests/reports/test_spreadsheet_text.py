"""Text that spreadsheet programs take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.reports.spreadsheet_text import (
    MAX_CELL,
    clean_lines,
    looks_like_formula,
    sheet_names,
    shortened,
    utf16_length,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Session replay", "Session replay"),
        ("a/b\\c?d*e[f]g:h", "a b c d e f g h"),
        ("'quoted'", "quoted"),
        ("History", "History (2)"),
        ("", "Product"),
        ("???", "Product"),
        ("x" * 40, "x" * 30 + "…"),
        ("東京" * 20, "東京" * 15 + "…"),
        ("😀" * 20, "😀" * 15 + "…"),
        ("\x1b[2J", "2J"),
    ],
)
def test_a_sheet_has_a_valid_name(name: str, expected: str) -> None:
    assert sheet_names([name]) == (expected,)


def test_names_differ_whatever_their_case() -> None:
    assert sheet_names(["Replay", "REPLAY", "replay", "definitions"], ["Definitions"]) == (
        "Replay",
        "REPLAY (2)",
        "replay (3)",
        "definitions (2)",
    )


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_names_become_valid_and_different_ones(names: list[str]) -> None:
    made = sheet_names(names, ["Definitions"])
    assert len({name.casefold() for name in (*made, "Definitions", "History")}) == len(names) + 2
    for name in made:
        assert 0 < utf16_length(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name


@given(st.text(), st.integers(min_value=1, max_value=20))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    assert utf16_length(shortened(text, limit)) <= limit


def test_a_long_text_is_cut_at_what_a_cell_holds() -> None:
    assert shortened("a" * 40_000, MAX_CELL) == "a" * (MAX_CELL - 1) + "…"
    assert shortened("a" * MAX_CELL, MAX_CELL) == "a" * MAX_CELL


def test_lines_stay_and_controls_go() -> None:
    assert clean_lines("one\ntwo\x1b[2J\u202e\ufffe") == "one\ntwo[2J"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " =1", "＝1", "\t=1", "\x00=1"])
def test_formulas_are_recognised(text: str) -> None:
    assert looks_like_formula(text)


@pytest.mark.parametrize("text", ["MRR", "'=1", "", "1-1"])
def test_other_texts_are_no_formulas(text: str) -> None:
    assert not looks_like_formula(text)
