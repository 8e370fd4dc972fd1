"""What is kept of a review."""

from __future__ import annotations

from datetime import date

from reviewtui.metrics.sheet import Cell, Layout, Status
from reviewtui.months import Month
from reviewtui.reviews.snapshot import take_snapshot
from reviewtui.workspace.snapshot_files import Reviewed
from tests.commands.support import CHURN, MRR, REPLAY, USERS, ok, sheet

TAKEN_ON = date(2025, 4, 3)
MARCH = Month(2025, 3)


def test_the_reviewed_month_and_the_year_before_are_kept() -> None:
    grid = sheet(
        {("replay", "mrr"): ok(*map(float, range(20)))}, products=[REPLAY], metrics=[MRR], first="2023-09", count=20
    )
    snapshot = take_snapshot(grid, "replay", MARCH, TAKEN_ON)
    assert snapshot.months == tuple(Month(2024, 3) + step for step in range(13))
    assert [snapshot.seen("mrr", month) for month in snapshot.months] == [
        Reviewed(float(value)) for value in range(6, 19)
    ]
    assert snapshot.units == {"mrr": "money"}
    assert (snapshot.product, snapshot.month, snapshot.taken_on) == ("replay", MARCH, TAKEN_ON)
    assert (snapshot.currency, snapshot.attribution) == ("USD", "period_end")


def test_statuses_are_kept_and_months_before_the_data_are_missing() -> None:
    cells = [Cell(None, Status.NA), Cell(31.0, Status.LOW_N), Cell(5.0, Status.RESTATED)]
    grid = sheet({("replay", "mrr"): cells}, products=[REPLAY], metrics=[MRR], first="2025-01")
    snapshot = take_snapshot(grid, "replay", MARCH, TAKEN_ON)
    row = [snapshot.seen("mrr", month) for month in snapshot.months]
    assert row[:10] == [Reviewed(None, "missing")] * 10
    assert row[10:] == [Reviewed(None, "na"), Reviewed(31.0, "low_n"), Reviewed(5.0, "ok")]


def test_all_metrics_of_the_product_are_kept_also_hidden_ones() -> None:
    from dataclasses import replace

    grid = sheet(
        {("replay", "mrr"): ok(1, 2, 3), ("replay", "churn_rate"): ok(1, 2, 3), ("flags", "unique_users"): ok(1, 2, 3)}
    )
    grid = replace(grid, layouts={"replay": Layout(hidden=("mrr",))})
    assert set(take_snapshot(grid, "replay", MARCH, TAKEN_ON).units) == {"mrr", "churn_rate"}
    assert {CHURN.id, USERS.id} == {"churn_rate", "unique_users"}
