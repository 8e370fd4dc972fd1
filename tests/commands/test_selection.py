"""Which cells the command line asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewtui.commands.selection import Wanted, find_product, select
from reviewtui.commands.suggest import closest
from reviewtui.errors import UsageError
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.sheet import MetricSheet, Status
from reviewtui.months import Month
from tests.commands.support import CHURN, FLAGS, MRR, REPLAY, USERS, ok, sheet


@pytest.fixture
def grid() -> MetricSheet:
    """February to April 2025; only `replay` has users."""
    return sheet(
        {("replay", "mrr"): ok(1, 2, 3), ("replay", "unique_users"): ok(7, 8, 9), ("flags", "mrr"): ok(4, 5, 6)}
    )


class TestWithoutAWish:
    def test_every_row_that_exists_is_taken(self, grid: MetricSheet) -> None:
        assert select(grid, Wanted()).rows == ((REPLAY, (MRR, USERS)), (FLAGS, (MRR,)))

    def test_every_month_of_the_sheet_is_taken(self, grid: MetricSheet) -> None:
        assert [str(month) for month in select(grid, Wanted()).months] == ["2025-02", "2025-03", "2025-04"]

    def test_a_sheet_without_months_gives_none(self) -> None:
        assert select(sheet({}, count=0), Wanted()).months == ()


class TestProductsAndMetrics:
    def test_the_order_is_that_of_the_sheet_not_of_the_question(self, grid: MetricSheet) -> None:
        wanted = Wanted(products=("flags", "replay"), metrics=("unique_users", "mrr"))
        assert select(grid, wanted).rows == ((REPLAY, (MRR, USERS)), (FLAGS, (MRR, USERS)))

    def test_a_metric_that_is_named_is_there_without_data(self, grid: MetricSheet) -> None:
        selection = select(grid, Wanted(products=("flags",), metrics=("unique_users",)))
        cells = [cell for _, cell in selection.cells(FLAGS, USERS)]
        assert [cell.status for cell in cells] == [Status.MISSING] * 3

    def test_a_metric_of_the_catalogue_may_be_named_though_the_sheet_lacks_it(self, grid: MetricSheet) -> None:
        (nps,) = (metric for metric in load_catalogue() if metric.id == "nps")
        assert select(grid, Wanted(metrics=("nps",))).rows == ((REPLAY, (nps,)), (FLAGS, (nps,)))

    def test_a_metric_that_is_named_means_what_it_means_for_the_product(self, grid: MetricSheet) -> None:
        own = USERS._replace(name="Seats", unit="seats")
        selection = select(replace(grid, own_metrics={("flags", USERS.id): own}), Wanted(metrics=(USERS.id,)))
        assert selection.rows == ((REPLAY, (USERS,)), (FLAGS, (own,)))

    @pytest.mark.parametrize("asked", ["replay", "REPLAY", "session REPLAY"])
    def test_a_product_is_taken_by_its_id_or_name_in_any_case(self, grid: MetricSheet, asked: str) -> None:
        assert select(grid, Wanted(products=(asked,))).rows == ((REPLAY, (MRR, USERS)),)

    @pytest.mark.parametrize(
        ("asked", "found"), [("flags", "flags"), ("Flags", "Flags"), ("replay", "replay"), ("Search", "x")]
    )
    def test_an_exact_id_comes_before_case_and_an_id_before_a_name(self, asked: str, found: str) -> None:
        assert find_product(asked, {"flags": "Replay", "Flags": "", "replay": "Flags", "x": "Search"}) == found

    @pytest.mark.parametrize("asked", ["FLAGS", "same"])
    def test_what_may_be_several_products_is_refused(self, asked: str) -> None:
        with pytest.raises(UsageError, match=r"may be any of these products: .*, .*\. Name one by its id"):
            find_product(asked, {"flags": "Same", "Flags": "same"})

    def test_a_product_without_a_name_is_not_meant_by_no_name(self) -> None:
        assert find_product("", {"flags": ""}) is None

    @pytest.mark.parametrize("asked", ["repaly", "session repla"])
    def test_an_unknown_product_is_answered_with_the_likely_one(self, grid: MetricSheet, asked: str) -> None:
        with pytest.raises(UsageError, match=r"Did you mean replay\?"):
            select(grid, Wanted(products=(asked,)))

    def test_an_unknown_metric_is_answered_with_the_likely_one(self, grid: MetricSheet) -> None:
        with pytest.raises(UsageError, match="Did you mean churn_rate or"):
            select(grid, Wanted(metrics=("churn",)))

    def test_where_nothing_is_close_the_ids_are_listed(self, grid: MetricSheet) -> None:
        with pytest.raises(UsageError, match="There are: replay, flags"):
            select(grid, Wanted(products=("zzz",)))

    def test_an_empty_sheet_says_that_there_is_none(self) -> None:
        with pytest.raises(UsageError, match="has none"):
            select(sheet({}, products=()), Wanted(products=("replay",)))

    def test_case_is_no_reason_to_miss_a_name(self) -> None:
        assert closest("CHURN_RATE", [CHURN.id, MRR.id]) == ("churn_rate",)


class TestMonths:
    def test_months_before_the_data_are_missing(self, grid: MetricSheet) -> None:
        selection = select(grid, Wanted(first=Month(2025, 1), last=Month(2025, 2)))
        cells = dict(selection.cells(REPLAY, MRR))
        assert [cell.status for cell in cells.values()] == [Status.MISSING, Status.OK]

    def test_months_end_with_the_current_one(self, grid: MetricSheet) -> None:
        assert select(grid, Wanted(last=Month(2030, 1))).months[-1] == Month(2025, 4)

    def test_a_sheet_that_ends_early_is_continued_up_to_the_month_asked_for(self) -> None:
        early = sheet({("replay", "mrr"): ok(1)}, count=1)
        assert [str(month) for month in select(early, Wanted(last=Month(2025, 3))).months] == ["2025-02", "2025-03"]

    def test_after_the_current_month_there_is_nothing(self, grid: MetricSheet) -> None:
        assert select(grid, Wanted(first=Month(2025, 5))).months == ()

    def test_a_span_that_ends_before_it_begins_is_wrong_usage(self) -> None:
        with pytest.raises(UsageError, match="--from 2025-03 is after --to 2025-02"):
            Wanted(first=Month(2025, 3), last=Month(2025, 2))
