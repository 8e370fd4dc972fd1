"""Numbers as people write them."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.imports.cell_values import NoNumber, NumberRead, decimal_sign, read_number


def value(text: str, decimal: str = "") -> float:
    read = read_number(text, decimal)
    assert isinstance(read, NumberRead), (text, read)
    return read.value


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("5", 5.0),
            ("12.3k", 12_300.0),
            ("12,3 k", 12_300.0),
            ("1.2M", 1_200_000.0),
            ("1.25 Mio. €", 1_250_000.0),
            ("€1.234,56", 1234.56),
            ("1.234,56 €", 1234.56),
            ("$1,234.56", 1234.56),
            ("CHF 1'234.50", 1234.5),
            ("R$ 1.234,5", 1234.5),
            ("(1,234.5)", -1234.5),
            ("($12)", -12.0),
            ("-$12", -12.0),
            ("$-12", -12.0),
            ("−5", -5.0),
            ("5-", -5.0),
            ("+7", 7.0),
            ("1 234", 1234.0),
            ("1\u00a0234,5", 1234.5),
            ("1\u202f234\u202f567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("12,34,567", 1_234_567.0),
            ("0,123", 0.123),
            (".5", 0.5),
            ("1e-05", 0.00001),
            ("1.5E+16", 1.5e16),
            ("2.4x", 2.4),
            ("3.5 d", 3.5),
            ("１２.５", 12.5),
            ("3万", 30_000.0),
        ],
    )
    def test_money_thousands_and_signs_are_read(self, text: str, number: float) -> None:
        assert value(text) == number

    @pytest.mark.parametrize(
        ("text", "fraction"),
        [("3.3 %", 0.033), ("3,3%", 0.033), ("(5 %)", -0.05), ("100%", 1.0), ("12 ‰", 0.012), ("4.1 pp", 0.041)],
    )
    def test_per_cent_is_a_fraction(self, text: str, fraction: float) -> None:
        read = read_number(text)
        assert read == NumberRead(fraction, is_percent=True)

    @pytest.mark.parametrize("text", ["n/a", "N/A", "-", "–", "—", "…", "", "  ", "k.A.", "tbd", "#DIV/0!", "#REF!"])
    def test_what_people_write_for_no_value_is_no_fault(self, text: str) -> None:
        read = read_number(text)
        assert isinstance(read, NoNumber)
        assert not read.is_fault

    @pytest.mark.parametrize(
        "text", ["abc", "12abc", "1,2,3", "1.2.3", "--5", "-(5)", "5²", "12%%", "=cmd()", "1 2", "%", "k", "1" * 61]
    )
    def test_other_text_is_reported(self, text: str) -> None:
        read = read_number(text)
        assert isinstance(read, NoNumber)
        assert read.is_fault


class TestDecimalSign:
    def test_one_thousand_or_one_point_two_depends_on_the_sheet(self) -> None:
        assert read_number("1,234", ".") == NumberRead(1234.0, reads_two_ways=True)
        assert read_number("1,234", ",") == NumberRead(1.234, reads_two_ways=True)
        assert read_number("1.234", ",") == NumberRead(1234.0, reads_two_ways=True)

    def test_without_evidence_a_comma_separates_thousands_and_a_point_is_decimal(self) -> None:
        assert value("1,234") == 1234.0
        assert value("1.234") == 1.234

    def test_unmistakable_numbers_decide(self) -> None:
        assert decimal_sign(["1,234", "3,5"]) == ","
        assert decimal_sign(["1,234", "3.5"]) == "."
        assert decimal_sign(["1.234.567"]) == ","
        assert decimal_sign(["1.234,5", "2", "n/a"]) == ","
        assert decimal_sign(["1,234", "7", "text"]) == ""


class TestAnything:
    @given(st.text(max_size=80), st.sampled_from(["", ".", ","]))
    def test_no_text_raises(self, text: str, decimal: str) -> None:
        read = read_number(text, decimal)
        assert isinstance(read, NoNumber) or isfinite(read.value)

    @given(st.text(alphabet="0123456789.,'()-+ %k€$eE", max_size=30))
    def test_no_jumble_of_digits_and_signs_raises(self, text: str) -> None:
        decimal_sign([text])
        read = read_number(text)
        assert isinstance(read, NoNumber) or isfinite(read.value)

    @given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
    def test_a_number_as_python_writes_it_reads_back(self, number: float) -> None:
        assert value(repr(number), ".") == number

    @given(st.integers(-(10**12), 10**12), st.integers(0, 99))
    def test_both_ways_of_separating_thousands_read_back(self, whole: int, cents: int) -> None:
        english = f"{whole:,}.{cents:02d}"
        expected = float(f"{whole}.{cents:02d}")
        assert value(english) == expected
        assert value(english.translate(str.maketrans(",.", ".,"))) == expected
        assert value(english.replace(",", "\u202f")) == expected
