"""Which numbers count as changed since they were reviewed, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product, Status, Unit
from reviewtui.months import Month, month_span
from reviewtui.reviews.restatement import Restatement, restatements, with_restatements
from reviewtui.reviews.snapshot import take_snapshot
from reviewtui.workspace.model import Workspace
from reviewtui.workspace.snapshot_files import Reviewed, Snapshot, table_of

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
REVIEWED_ON = date(2026, 10, 3)
REPLAY = Product("replay", "Session replay", "growth", "replay")


def grid(cell: Cell, unit: str = Unit.MONEY, *, as_of: date = date(2026, 11, 22)) -> MetricSheet:
    """A sheet of one cell, September 2026."""
    metric = Metric("m", "M", "revenue", unit)
    return MetricSheet(as_of, (SEPTEMBER,), (REPLAY,), (metric,), {("replay", "m"): (cell,)})


def snapshot(*cells: Reviewed, unit: str = Unit.MONEY, month: Month = SEPTEMBER, metric: str = "m") -> Snapshot:
    """What a review of `month` saw of a metric, in the months up to it."""
    months = month_span(month - (len(cells) - 1), month)
    table = table_of(months, {metric: unit}, {metric: cells})
    return Snapshot("replay", month, REVIEWED_ON, "USD", "period_end", table)


def marked(sheet: MetricSheet, *snapshots: Snapshot) -> Cell:
    """The sheet's only cell, compared with what was reviewed."""
    return with_restatements(sheet, Workspace(Path("ws"), snapshots=snapshots)).cell("replay", "m", SEPTEMBER)


def ok(value: float) -> Cell:
    """A settled value."""
    return Cell(value, Status.OK)


class TestThreshold:
    @pytest.mark.parametrize(
        ("was", "now", "restated"),
        [
            (200.0, 201.0, False),  # exactly 0.5 %
            (200.0, 201.01, True),
            (200.0, 198.99, True),
            (-200.0, -201.01, True),
            (-200.0, -201.0, False),
            (12345.0, 12406.725, False),  # 12345 * 1.005
            (12345.0, 12406.73, True),
            (5.0, -5.0, True),
            (0.0, 0.004, False),  # less than half a cent
            (0.0, 0.01, True),
            (0.3, 0.30000000000000004, False),
        ],
    )
    def test_half_a_per_cent_of_an_amount_is_allowed(self, was: float, now: float, restated: bool) -> None:
        assert (marked(grid(ok(now)), snapshot(Reviewed(was))).status is Status.RESTATED) is restated

    @pytest.mark.parametrize(
        ("was", "now", "restated"),
        [(0.033, 0.03316, False), (0.033, 0.0332, True), (0.0, 0.0001, True), (0.0, 1e-12, False)],
    )
    def test_a_rate_is_compared_with_the_reviewed_rate(self, was: float, now: float, restated: bool) -> None:
        seen = snapshot(Reviewed(was), unit=Unit.PERCENT)
        assert (marked(grid(ok(now), Unit.PERCENT), seen).status is Status.RESTATED) is restated


class TestSentences:
    @pytest.mark.parametrize(
        ("unit", "was", "now", "sentence"),
        [
            (Unit.MONEY, 12345.0, 12910.0, "was 12,345 when reviewed on 2026-10-03, now 12,910 (+4.6%)"),
            (Unit.MONEY, 100.0, -3.5, "was 100 when reviewed on 2026-10-03, now −3.50"),
            (Unit.PERCENT, 0.033, 0.0415, "was 3.30 % when reviewed on 2026-10-03, now 4.15 % (+0.9pp)"),
            (Unit.SCORE, 31.0, 28.5, "was 31.0 when reviewed on 2026-10-03, now 28.5 (−2.5)"),
            (Unit.COUNT, 0.0, 4.0, "was 0 when reviewed on 2026-10-03, now 4"),
            (
                Unit.RATIO,
                0.00214,
                0.00211,
                "was 0.00214 when reviewed on 2026-10-03, now 0.00211 (−1.4%)",
            ),
        ],
    )
    def test_the_note_says_what_it_was_and_is(self, unit: Unit, was: float, now: float, sentence: str) -> None:
        assert marked(grid(ok(now), unit), snapshot(Reviewed(was), unit=unit)).note == sentence

    def test_a_note_that_is_there_stays(self) -> None:
        cell = Cell(12910.0, Status.OK, note="refunds are 3 % of MRR")
        assert marked(grid(cell), snapshot(Reviewed(12345.0))).note == (
            "refunds are 3 % of MRR; was 12,345 when reviewed on 2026-10-03, now 12,910 (+4.6%)"
        )

    def test_another_attribution_then_is_said(self) -> None:
        seen = replace(snapshot(Reviewed(100.0)), attribution="period_start")
        assert marked(grid(ok(200.0)), seen).note.endswith("(+100.0%); the attribution was period_start then")


class TestStatuses:
    @pytest.mark.parametrize("status", [Status.LOW_N, Status.IMMATURE])
    def test_a_more_important_status_stays_and_the_note_is_added(self, status: Status) -> None:
        cell = marked(grid(Cell(200.0, status)), snapshot(Reviewed(100.0)))
        assert cell.status is status
        assert cell.note.startswith("was 100 when reviewed")

    def test_a_value_that_cannot_be_computed_any_more(self) -> None:
        cell = marked(grid(Cell(None, Status.NA, note="opening MRR is 0")), snapshot(Reviewed(100.0)))
        assert cell.status is Status.NA
        assert cell.note == "opening MRR is 0; was 100 when reviewed on 2026-10-03, now n/a"

    def test_a_value_that_could_not_be_computed_then(self) -> None:
        cell = marked(grid(ok(100.0)), snapshot(Reviewed(None, "na")))
        assert cell.status is Status.RESTATED
        assert cell.note == "was n/a when reviewed on 2026-10-03, now 100"

    @pytest.mark.parametrize("status", ["missing", "partial", "forecast", "immature"])
    def test_what_was_expected_to_change_is_not_restated(self, status: str) -> None:
        seen = Reviewed(None if status == "missing" else 100.0, status)
        assert marked(grid(ok(200.0)), snapshot(seen)) == ok(200.0)

    def test_what_was_not_computable_and_is_not_is_the_same(self) -> None:
        nothing = Cell(None, Status.NA)
        assert marked(grid(nothing), snapshot(Reviewed(None, "na"))) == nothing


class TestWhichReview:
    def test_the_newest_review_that_showed_the_month_counts(self) -> None:
        first = snapshot(Reviewed(100.0))
        second = replace(snapshot(Reviewed(200.0), Reviewed(1.0), month=OCTOBER), taken_on=date(2026, 11, 3))
        assert marked(grid(ok(200.0)), second, first) == ok(200.0)
        assert marked(grid(ok(100.0)), first, second).note.startswith("was 200 when reviewed on 2026-11-03")

    def test_a_review_after_the_day_of_the_sheet_is_not_known_yet(self) -> None:
        sheet = grid(ok(200.0), as_of=date(2026, 10, 2))
        assert marked(sheet, snapshot(Reviewed(100.0))) == ok(200.0)

    def test_a_metric_that_was_not_there_then_is_not_restated(self) -> None:
        seen = snapshot(Reviewed(100.0), metric="other")
        assert marked(grid(ok(200.0)), seen) == ok(200.0)

    def test_another_product_is_not_touched(self) -> None:
        assert marked(grid(ok(200.0)), replace(snapshot(Reviewed(100.0)), product="flags")) == ok(200.0)

    def test_months_that_no_review_showed_stay(self) -> None:
        seen = snapshot(Reviewed(100.0), month=SEPTEMBER - 1)
        assert marked(grid(ok(200.0)), seen) == ok(200.0)


class TestUnitsAndCurrencies:
    def test_another_unit_is_a_restatement_without_a_change(self) -> None:
        cell = marked(grid(ok(0.5), Unit.PERCENT), snapshot(Reviewed(0.5), unit=Unit.RATIO))
        assert cell.status is Status.RESTATED
        assert cell.note == "was 0.5000 when reviewed on 2026-10-03, now 50.00 %"

    def test_amounts_of_another_currency_are_not_compared_and_that_is_told(self) -> None:
        seen = replace(snapshot(Reviewed(100.0)), currency="EUR")
        sheet = with_restatements(grid(ok(200.0)), Workspace(Path("ws"), snapshots=(seen,)))
        assert sheet.cell("replay", "m", SEPTEMBER) == ok(200.0)
        assert [problem.message for problem in sheet.problems] == [
            "Amounts that were reviewed in EUR are not compared with today's, which are in USD."
        ]

    def test_counts_are_compared_whatever_the_currency(self) -> None:
        seen = replace(snapshot(Reviewed(100.0), unit=Unit.COUNT), currency="EUR")
        assert marked(grid(ok(200.0), Unit.COUNT), seen).status is Status.RESTATED


def test_the_restatements_can_be_listed() -> None:
    seen = snapshot(Reviewed(12345.0))
    item = Restatement(
        "replay",
        "m",
        SEPTEMBER,
        12345.0,
        12910.0,
        REVIEWED_ON,
        "was 12,345 when reviewed on 2026-10-03, now 12,910 (+4.6%)",
    )
    sheet = grid(ok(12910.0))
    assert restatements(sheet, [seen]) == (item,)
    assert restatements(with_restatements(sheet, Workspace(Path("ws"), snapshots=(seen,))), [seen]) == (item,)


def test_a_sheet_without_reviews_is_the_same_sheet() -> None:
    sheet = grid(ok(1.0))
    assert with_restatements(sheet, Workspace(Path("ws"))) is sheet


def test_nothing_is_restated_right_after_its_snapshot() -> None:
    from tests.sheets import PRODUCTS, REVIEW_MONTH, make_sheet

    sheet = make_sheet()
    snapshots = tuple(take_snapshot(sheet, product.id, REVIEW_MONTH, sheet.as_of) for product in PRODUCTS)
    again = with_restatements(sheet, Workspace(Path("ws"), snapshots=snapshots))
    assert dict(again.rows) == dict(sheet.rows)
    assert len(again.rows) == len(sheet.rows)
    assert restatements(sheet, snapshots) == ()


def test_rows_that_nobody_asks_for_are_not_compared() -> None:
    class Untouchable(dict[tuple[str, str], tuple[Cell, ...]]):
        def __getitem__(self, key: tuple[str, str]) -> tuple[Cell, ...]:
            raise AssertionError(key)

    sheet = replace(grid(ok(1.0)), rows=Untouchable({("replay", "m"): (ok(1.0),)}))
    again = with_restatements(sheet, Workspace(Path("ws"), snapshots=(snapshot(Reviewed(2.0)),)))
    assert [metric.id for metric in again.metrics_of("replay")] == ["m"]
