"""The chart of a metric: what is drawn where, and that no series breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from reviewtui.metrics.sheet import Redefinition, Target, Unit
from reviewtui.months import Month, month_span
from reviewtui.text import safe_text
from reviewtui.widgets.chart_scale import axis_labels, scale_of
from reviewtui.widgets.trend import Trend, TrendEvent, trend_of
from reviewtui.widgets.trend_chart import chart_lines
from reviewtui.workspace.model import KnownEvent
from tests.sheets import OPEN_MONTH, REVIEW_MONTH, hostile_strings, make_sheet

if TYPE_CHECKING:
    from reviewtui.widgets.spans import Line

VALUES = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(-1e6, 1e6), st.just(0.0))


def trend(*values: float | None, cursor: int = -1, unit: str = Unit.COUNT, **more: object) -> Trend:
    """A trend of these values up to October 2026."""
    months = month_span(REVIEW_MONTH - (len(values) - 1), REVIEW_MONTH)
    return Trend(months, tuple(values), unit, cursor, **more)  # type: ignore[arg-type]


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def drawn(lines: list[Line], role: str) -> str:
    """Everything of one role, without spaces."""
    return "".join(span.text for line in lines for span in line if span.role == role).replace(" ", "")


def columns_of(lines: list[Line], role: str) -> set[int]:
    """The columns in which something of a role is drawn."""
    found: set[int] = set()
    for line in lines:
        at = 0
        for span in line:
            if span.role == role:
                found |= {at + place for place, sign in enumerate(span.text) if sign != " "}
            at += cell_len(span.text)
    return found


class TestSeries:
    def test_a_rising_line_goes_from_the_lowest_line_at_the_left_to_the_highest_at_the_right(self) -> None:
        # Two months, a gutter of two and 22 columns: dots 11 and 33 of 44, columns 2 + 5 and 2 + 16.
        lines = chart_lines(trend(0, 1), 24, 5)
        assert (min(columns_of(lines, "line")), max(columns_of(lines, "line"))) == (7, 18)
        assert [bool(columns_of([line], "line")) for line in lines] == [True, True, True, True, False]

    def test_a_gap_stays_a_gap(self) -> None:
        whole = columns_of(chart_lines(trend(1, 2, 3, 4, 5, 6), 62, 6), "line")
        gapped = columns_of(chart_lines(trend(1, 2, None, None, 5, 6), 62, 6), "line")
        assert gapped < whole
        # Six months of ten columns: nothing stands between the second month's middle and the fifth's.
        assert not {column for column in gapped if 19 < column < 45}

    def test_a_value_without_neighbours_is_a_point(self) -> None:
        assert drawn(chart_lines(trend(None, 5, None), 40, 6), "line") == "•"

    @pytest.mark.parametrize("value", [0.0, 5.0, -3.0, 1e12, 5e-324, 1e308, -1e308])
    def test_a_constant_is_a_level_line(self, value: float) -> None:
        lines = chart_lines(trend(value, value, value), 40, 6)
        assert len({index for index, line in enumerate(lines) if any(span.role == "line" for span in line)}) == 1

    def test_without_any_value_there_is_still_an_axis(self) -> None:
        lines = chart_lines(trend(None, None, cursor=1), 40, 6)
        assert drawn(lines, "line") == ""
        assert "▲" in texts(lines)[-1]

    def test_values_below_zero_have_a_zero_line(self) -> None:
        lines = chart_lines(trend(-5, 5), 40, 7)
        zero = next(line for line in texts(lines) if line.startswith(" 0"))
        assert "─" in zero

    def test_huge_values_have_short_labels(self) -> None:
        assert "2.00T" in "".join(texts(chart_lines(trend(1e12, 2e12), 40, 8)))

    def test_rates_are_labelled_in_per_cent_at_round_values(self) -> None:
        labels = axis_labels(scale_of(trend(0.0, 0.1, unit=Unit.PERCENT)), Unit.PERCENT, 11)
        # Eleven lines for ten per cent: four steps would be 2.7 %, so every 5 %.
        assert labels == {0: "10 %", 5: "5 %", 10: "0 %"}


class TestMarks:
    def test_the_month_in_question_is_a_full_circle_with_its_name_below(self) -> None:
        lines = chart_lines(trend(1, 2, 3, cursor=1), 40, 6)
        assert drawn(lines, "mark") == "●▲Sep26"

    def test_a_month_so_far_is_hollow_and_no_line_falls_to_it(self) -> None:
        lines = chart_lines(trend(100, 110, 30, partial=frozenset({2})), 60, 8)
        assert drawn(lines, "unsettled") == "○"
        assert scale_of(trend(100, 110, 30, partial=frozenset({2}))).bottom == 100

    def test_dots_lead_to_a_forecast(self) -> None:
        lines = chart_lines(trend(100, 110, 120, forecast=frozenset({2})), 60, 8)
        assert drawn(lines, "unsettled")[-1] != ""
        assert len(drawn(lines, "unsettled")) > 1
        assert "○" in drawn(lines, "unsettled")

    def test_a_target_is_a_dashed_line_with_a_name(self) -> None:
        lines = chart_lines(trend(1, 2, 3, low=2.0), 80, 8)
        assert "┄" in drawn(lines, "target")
        assert "target" in drawn(lines, "target")

    def test_a_band_has_two_lines(self) -> None:
        lines = chart_lines(trend(1, 2, 3, 4, low=2.0, high=3.0), 80, 12)
        assert sum("┄" in drawn([line], "target") for line in lines) == 2

    def test_a_target_far_away_does_not_flatten_the_line(self) -> None:
        far = trend(1, 2, 3, low=500.0)
        assert scale_of(far).top == 3
        assert "target↑" in drawn(chart_lines(far, 80, 8), "target")

    def test_an_event_has_its_glyph_label_and_guide(self) -> None:
        lines = chart_lines(trend(1, 2, 3, 4, 5, events=(TrendEvent(2, "New pricing"),)), 60, 8)
        assert drawn(lines, "event").startswith("▼Newpricing")
        assert "┆" in drawn(lines, "event")

    def test_events_of_neighbouring_months_do_not_overlap(self) -> None:
        events = tuple(TrendEvent(place, f"Something long number {place}") for place in range(5))
        lines = chart_lines(trend(*range(5), events=events), 60, 8)
        assert drawn(lines[:1], "event").count("▼") == 5
        assert cell_len(texts(lines)[0]) <= 60

    def test_last_year_is_drawn_and_named(self) -> None:
        lines = chart_lines(trend(5, 6, 7, year_before=(1.0, 2.0, 3.0)), 80, 10)
        assert "yearago" in drawn(lines, "before")

    def test_no_line_leads_across_a_changed_definition(self) -> None:
        lines = chart_lines(trend(1, 1, 9, 9, breaks=frozenset({2})), 60, 8)
        # Two level pieces: nothing is drawn on the lines between them.
        assert sum(any(span.role == "line" for span in line) for line in lines) == 2


class TestPlainTerminals:
    def test_without_braille_everything_is_ascii(self) -> None:
        full = trend(
            -1, 2, None, 4, 5, 3, cursor=3, low=1.0, high=4.0, events=(TrendEvent(1, "Launch"),),
            forecast=frozenset({5}), year_before=(1.0, 1.0, 2.0, 3.0, 2.0, 1.0),
        )  # fmt: skip
        lines = texts(chart_lines(full, 80, 12, braille=False))
        assert all(line.replace("−", "-").isascii() for line in lines)
        assert any("@" in line for line in lines)


class TestAnySeries:
    @given(
        st.lists(VALUES, min_size=0, max_size=60),
        st.integers(0, 140),
        st.integers(0, 30),
        st.integers(-1, 60),
        st.booleans(),
        st.sampled_from([*Unit, "GB", ""]),
        st.tuples(VALUES, VALUES),
    )
    @example([5e-324, 1.0], 60, 10, 0, True, Unit.COUNT, (None, None))
    @example([1.7e308, -1.7e308], 60, 10, 0, True, Unit.MONEY, (1e308, None))
    def test_it_never_fails_and_keeps_to_its_size(
        self, values: list[float | None], width: int, height: int, cursor: int, braille: bool, unit: str,
        target: tuple[float | None, float | None],
    ) -> None:  # fmt: skip
        low, high = target
        places = frozenset(range(max(0, len(values) - 1), len(values)))
        shown = trend(
            *values, cursor=cursor, unit=unit, low=low, high=high, partial=places, year_before=tuple(reversed(values))
        ) if values else Trend((), (), unit, -1)  # fmt: skip
        lines = chart_lines(shown, width, height, braille=braille)
        assert len(lines) <= height
        assert all(cell_len(line) <= width for line in texts(lines))

    @given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=12, max_size=12))
    def test_gaps_are_never_bridged(self, values: list[float | None]) -> None:
        lines = chart_lines(trend(*values), 24 * 4 + 14, 8)
        gutter = next((len(line[0].text) for line in lines if line[0].role in ("axis", "")), 0)
        ends = 10 if 24 * 4 + 14 >= 72 else 0
        pitch = (24 * 4 + 14 - gutter - ends) * 2 // 12
        columns = columns_of(lines, "line")
        for place, value in enumerate(values):
            if value is None:
                middle = gutter + (place * pitch + pitch // 2) // 2
                assert middle not in columns


class TestOfASheet:
    def test_it_is_three_years_that_end_with_the_newest_month(self) -> None:
        sheet = make_sheet()
        shown = trend_of(sheet, "replay", sheet.metrics[0], REVIEW_MONTH)
        assert (len(shown.months), shown.months[-1], shown.months[shown.cursor]) == (36, OPEN_MONTH, REVIEW_MONTH)
        assert shown.year_before[-2] == sheet.cell("replay", "mrr", Month(2025, 10)).value

    def test_further_back_it_moves_by_whole_years(self) -> None:
        sheet = make_sheet(first=Month(2019, 1))
        shown = trend_of(sheet, "replay", sheet.metrics[0], Month(2022, 3))
        assert (shown.months[-1], shown.months[shown.cursor]) == (Month(2024, 11), Month(2022, 3))

    def test_empty_months_before_the_first_value_are_left_out(self) -> None:
        sheet = make_sheet()
        metric = next(item for item in sheet.metrics if item.id == "total_cost")
        shown = trend_of(sheet, "replay", metric, REVIEW_MONTH)
        assert (len(shown.months), shown.values[0] is None) == (15, False)

    def test_targets_events_and_changed_definitions_are_in_it(self) -> None:
        sheet = replace(
            make_sheet(),
            targets={("replay", "mrr"): Target(400_000.0, None)},
            redefinitions=(Redefinition("replay", Month(2026, 2), ("mrr",)),),
            events=(
                KnownEvent("a", "replay", Month(2026, 2), "definition"),
                KnownEvent("b", "replay", Month(2026, 3), "price", ("arr",), "Only for ARR"),
                KnownEvent("c", "flags", Month(2026, 3), "price", (), "Another product"),
            ),
        )
        shown = trend_of(sheet, "replay", sheet.metrics[0], REVIEW_MONTH)
        place = shown.months.index(Month(2026, 2))
        assert (shown.low, shown.high) == (400_000.0, None)
        assert shown.breaks == {place}
        assert shown.events == (TrendEvent(place, "new definition"),)

    def test_hostile_notes_are_safe_and_keep_to_the_width(self) -> None:
        events = tuple(
            KnownEvent(str(number), "replay", Month(2024 + number % 2, 1 + number % 12), "other", (), note)
            for number, note in enumerate(hostile_strings())
        )
        sheet = replace(make_sheet(), events=events)
        for line in texts(chart_lines(trend_of(sheet, "replay", sheet.metrics[0], REVIEW_MONTH), 100, 12)):
            assert safe_text(line) == line
            assert cell_len(line) <= 100
