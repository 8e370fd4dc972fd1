"""Tables to paste: what a spreadsheet and a Markdown reader make of them."""

from __future__ import annotations

import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.reports.clipboard_table import CopyCell, CopyTable, exact_text, heads_of, markdown, text_cell, tsv
from reviewtui.text import without_controls
from tests.sheets import hostile_strings

TABLE = CopyTable(
    (text_cell("Metric"), CopyCell("Sep 26", "2026-09"), CopyCell("Oct 26", "2026-10")),
    (
        (text_cell("MRR"), CopyCell("489.9k", 489_900.5), CopyCell("510.2k", 510_200.0)),
        (text_cell("Churn"), CopyCell("1.1 %", 0.011), CopyCell("n/a", None)),
    ),
)
COLUMN_BREAK = re.compile(r"(?<!\\)\|")


def test_tsv_has_the_exact_values_and_empty_cells_where_there_is_none() -> None:
    assert tsv(TABLE) == "Metric\t2026-09\t2026-10\nMRR\t489900.5\t510200\nChurn\t0.011\t\n"


def test_markdown_has_the_values_as_they_are_shown() -> None:
    assert markdown(TABLE) == (
        "| Metric | Sep 26 | Oct 26 |\n| --- | ---: | ---: |\n| MRR | 489.9k | 510.2k |\n| Churn | 1.1 % | n/a |\n"
    )


def test_a_name_that_would_be_a_formula_is_a_text() -> None:
    row = (text_cell("=cmd()|' /C calc'!A0"), CopyCell("−5", -5.0), text_cell("-5"))
    assert tsv(CopyTable(heads_of("+a", "b", "c"), (row,))) == "'+a\tb\tc\n'=cmd()|' /C calc'!A0\t-5\t'-5\n"


def test_line_ends_and_tabs_keep_words_apart() -> None:
    assert tsv(CopyTable(heads_of("a\tb"), ((text_cell("one\ntwo\r\nthree"),),))) == "a b\none two three\n"


def test_markup_is_text_in_markdown() -> None:
    table = CopyTable(heads_of("Name"), ((text_cell("[/oops] | <b> *x*"),),))
    assert markdown(table).splitlines()[2] == r"| \[/oops\] \| \<b\> \*x\* |"


@pytest.mark.parametrize(
    ("value", "text"), [(0.1, "0.1"), (5.0, "5"), (1e300, "1e+300"), (-0.25, "-0.25"), (math.nan, ""), (math.inf, "")]
)
def test_numbers_are_written_in_full(value: float, text: str) -> None:
    assert exact_text(value) == text


def test_dates_are_written_as_a_spreadsheet_reads_them() -> None:
    assert exact_text(date(2026, 10, 3)) == "2026-10-03"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back_to_the_same(value: float) -> None:
    assert float(exact_text(value)) == value


names = st.text(max_size=30) | st.sampled_from(hostile_strings())
cells = names.map(text_cell) | st.floats().map(lambda value: CopyCell("1.0k", value)) | st.just(CopyCell("·", None))


@st.composite
def tables(draw: st.DrawFn) -> CopyTable:
    width = draw(st.integers(1, 4))
    row = st.tuples(*[cells] * width)
    return CopyTable(heads_of(*draw(st.tuples(*[names] * width))), tuple(draw(st.lists(row, max_size=4))))


@given(tables())
def test_tsv_keeps_its_shape_and_starts_no_formula(table: CopyTable) -> None:
    text = tsv(table)
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == len(table.rows) + 1
    for line, row in zip(lines, [None, *table.rows], strict=True):
        found = line.split("\t")
        assert len(found) == len(table.heads)
        for place, cell in enumerate(found):
            is_text = row is None or isinstance(row[place].exact, str)
            assert not is_text or not cell.lstrip(" ").startswith(tuple("=+-@＝＋－＠"))
    assert without_controls(text.replace("\t", "").replace("\n", "")) == text.replace("\t", "").replace("\n", "")


@given(tables())
def test_markdown_keeps_its_shape_and_has_no_markup_of_its_own(table: CopyTable) -> None:
    lines = markdown(table).removesuffix("\n").split("\n")
    assert len(lines) == len(table.rows) + 2
    for line in lines:
        without_escapes = re.sub(r"\\.", "", line)
        assert len(COLUMN_BREAK.findall(without_escapes)) == len(table.heads) + 1
        assert not re.search(r"[<\[*_`#]", without_escapes)
