"""Months in headers, in the forms and languages that people write."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.imports.month_names import month_number
from reviewtui.imports.month_text import in_one_order, month_of, read_header, read_header_text
from reviewtui.imports.sheets import SheetCell
from reviewtui.months import Month


class TestFullMonths:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-03", "2026/03", "2026.3", "202603", "2026M03", "03/2026", "3.2026", "2026-03-31", "31.03.2026",
            "2026-03-01T00:00:00", "Mar 26", "Mar-26", "Mar '26", "Mar-2026", "March 2026", "2026 March", "1 Mar 2026",
            "März 2026", "Mrz 26", "mars 2026", "marzo 2026", "mar. 26", "março de 2026", "maart 2026", "mrt 26",
            "2026年3月", "2026年03月分", "Mar 2026 Actual", "Ist März 2026", "２０２６-０３", "MARCH 2026",
        ],
    )  # fmt: skip
    def test_a_month_is_read_in_many_forms(self, text: str) -> None:
        assert month_of(read_header_text(text)) == Month(2026, 3)

    def test_dates_and_numbers_are_months(self) -> None:
        assert month_of(read_header(SheetCell(date(2026, 3, 31)))) == Month(2026, 3)
        assert month_of(read_header(SheetCell(datetime(2026, 3, 1, 12, 30)))) == Month(2026, 3)  # noqa: DTZ001
        assert month_of(read_header(SheetCell(202603.0))) == Month(2026, 3)

    @pytest.mark.parametrize(
        "text",
        [
            "Total", "YTD", "Q1 2026", "H1 2026", "MRR", "13/2026", "2026-13", "Jan-Mar 2026", "may churn", "", "-",
            "32.01.2026", "2026-02-30", "1999999", "x" * 200, "0000-01",
        ],
    )  # fmt: skip
    def test_other_headers_are_no_months(self, text: str) -> None:
        assert not read_header_text(text).is_month


class TestPartsOfMonths:
    def test_a_name_without_a_year_has_a_number(self) -> None:
        for text in ("Okt", "Oct", "oct.", "octubre", "outubro", "ottobre", "10月", "October"):
            header = read_header_text(text)
            assert (header.year, header.number) == (None, 10), text

    def test_a_year_alone_is_a_year(self) -> None:
        for text in ("2026", "FY 2026", "Jahr 2026", "2026年"):
            assert read_header_text(text).is_year, text
        assert read_header(SheetCell(2026.0)).is_year

    def test_a_plan_is_told_from_what_happened(self) -> None:
        assert read_header_text("Mar 2026 Budget").planned
        assert read_header_text("Forecast Mar 2026").planned
        assert not read_header_text("Mar 2026 actual").planned

    def test_a_month_with_two_digits_of_a_year_is_doubted(self) -> None:
        assert "month/year" in read_header_text("03/26").doubt

    def test_first_days_of_months_tell_the_order_of_a_date(self) -> None:
        day_first = [read_header_text(text) for text in ("01/02/2026", "01/03/2026", "01/04/2026")]
        month_first = [read_header_text(text) for text in ("02/01/2026", "03/01/2026", "04/01/2026")]
        assert in_one_order(day_first) == (0, True)
        assert in_one_order(month_first) == (1, True)
        assert month_of(day_first[1], 0) == month_of(month_first[1], 1) == Month(2026, 3)

    def test_a_single_date_that_reads_two_ways_is_not_sure(self) -> None:
        assert in_one_order([read_header_text("03/04/2026")]) == (0, False)

    def test_names_mean_the_same_month_in_every_language(self) -> None:
        assert [month_number(name) for name in ("Jänner", "févr.", "März", "abr", "Mei", "giugno")] == [
            1,
            2,
            3,
            4,
            5,
            6,
        ]
        assert month_number("Total") is None


class TestAnything:
    @given(st.text(max_size=80))
    def test_no_text_raises(self, text: str) -> None:
        month_of(read_header_text(text))

    @given(st.text(alphabet="0123456789/-. 年月MJanQ'", max_size=20))
    def test_no_jumble_of_digits_raises(self, text: str) -> None:
        header = read_header_text(text)
        month_of(header, 0)
        month_of(header, 1)

    @given(st.dates(date(1990, 1, 1), date(2199, 12, 31)))
    def test_a_month_as_this_program_writes_it_reads_back(self, day: date) -> None:
        month = Month.of(day)
        assert month_of(read_header_text(str(month))) == month
        assert month_of(read_header_text(month.long_label)) == month
        assert month_of(read_header_text(day.isoformat())) == month
