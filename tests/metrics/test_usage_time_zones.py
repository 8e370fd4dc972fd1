"""The workspace's time zone decides which month, and which day, an instant belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.metrics.worksheets import Company, values

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet

# zone, instants (UTC) just before and just after local midnight of 1 February 2025
MIDNIGHTS = {
    "UTC": ("2025-01-31 23:59:59.999999", "2025-02-01 00:00:00"),
    "US/Pacific": ("2025-02-01 07:59:59.999999", "2025-02-01 08:00:00"),
    "Asia/Tokyo": ("2025-01-31 14:59:59.999999", "2025-01-31 15:00:00"),
    "Asia/Kolkata": ("2025-01-31 18:29:59.999999", "2025-01-31 18:30:00"),
    "Asia/Kathmandu": ("2025-01-31 18:14:59.999999", "2025-01-31 18:15:00"),
    "America/St_Johns": ("2025-02-01 03:29:59.999999", "2025-02-01 03:30:00"),
    "Pacific/Kiritimati": ("2025-01-31 09:59:59.999999", "2025-01-31 10:00:00"),
}


def usage(folder: Path, zone: str, *instants: str, kind: str = "TIMESTAMPTZ", as_of: str = "2025-04-10") -> MetricSheet:
    """One user for each instant, in a column of the type `kind`."""
    listed = ", ".join(f"('u{place}', '{at}')" for place, at in enumerate(instants))
    return (
        Company(folder, time_zone=zone)
        .run(
            f"""create table event as select 'replay' as product_id, 'play' as event, user_id, null as org_id,
            cast(moment as {kind}) as occurred_at from (values {listed}) v(user_id, moment)"""
        )
        .sheet(as_of)
    )


@pytest.mark.parametrize("zone", MIDNIGHTS)
def test_local_midnight_parts_two_months(tmp_path: Path, zone: str) -> None:
    before, after = MIDNIGHTS[zone]
    sheet = usage(tmp_path, zone, f"{before}+00", f"{after}+00", f"{after}+00")
    assert values(sheet, "replay", "unique_users", "2025-01", "2025-02") == [1, 2]


def test_the_last_events_of_all_may_lie_in_the_next_local_month(tmp_path: Path) -> None:
    sheet = usage(tmp_path, "Asia/Kolkata", "2025-01-10 00:00:00+00", "2025-01-31 18:40:00+00")
    assert values(sheet, "replay", "unique_users", "2025-01", "2025-02") == [1, 1]


def test_the_first_events_of_all_may_lie_in_the_local_month_before(tmp_path: Path) -> None:
    sheet = usage(tmp_path, "US/Pacific", "2025-02-01 01:00:00+00", "2025-02-10 00:00:00+00")
    assert values(sheet, "replay", "unique_users", "2025-01", "2025-02") == [1, 1]


def test_events_on_the_evening_of_as_of_in_the_west_belong_to_the_open_month(tmp_path: Path) -> None:
    sheet = usage(tmp_path, "US/Pacific", "2025-01-10 20:00:00+00", "2025-02-01 06:00:00+00", as_of="2025-01-31")
    assert values(sheet, "replay", "unique_users", "2025-01") == [2]


def test_days_of_the_last_week_are_local_days(tmp_path: Path) -> None:
    # 24 January is the day before the last week (25 to 31); in Los Angeles it lasts until 08:00 UTC.
    sheet = usage(tmp_path, "US/Pacific", "2025-01-25 07:59:59+00", "2025-01-25 08:00:00+00")
    assert values(sheet, "replay", "wau_mau", "2025-01") == [0.5]


def test_summer_time_moves_the_edge_of_a_month(tmp_path: Path) -> None:
    # Berlin is two hours ahead from 30 March on.
    sheet = usage(tmp_path, "Europe/Berlin", "2025-03-31 21:59:59+00", "2025-03-31 22:00:00+00")
    assert values(sheet, "replay", "unique_users", "2025-03", "2025-04") == [1, 1]


@pytest.mark.parametrize(
    ("kind", "instants", "expected"),
    [
        # Without a zone a time is UTC: 07:00 of 1 February is the evening before in Los Angeles.
        ("TIMESTAMP", ("2025-02-01 07:00:00", "2025-02-01 08:00:00"), [1, 1]),
        ("TIMESTAMP_NS", ("2025-02-01 07:00:00", "2025-02-01 08:00:00"), [1, 1]),
        # A day is the local day.
        ("DATE", ("2025-01-31", "2025-02-01"), [1, 1]),
        ("VARCHAR", ("2025-02-01T07:00:00", " 2025-02-01 08:00:00 "), [1, 1]),
        (
            "VARCHAR",
            (
                "2025-02-01 07:59:59Z",
                "2025-02-01 07:59:59+00:00",
                "2025-01-31 23:00:00-09:00",
                "2025-02-01 10:00:00+02:00",
            ),
            [2, 2],
        ),
    ],
)
def test_times_in_other_types_are_understood(
    tmp_path: Path, kind: str, instants: tuple[str, ...], expected: list[int]
) -> None:
    sheet = usage(tmp_path, "US/Pacific", *instants, kind=kind)
    assert values(sheet, "replay", "unique_users", "2025-01", "2025-02") == expected
