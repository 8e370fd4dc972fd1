"""The newest months, computed alone before all others, are what they are among all others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics import compute
from reviewtui.metrics.compute import compute_sheet
from reviewtui.metrics.kept import NEWEST_MONTHS
from reviewtui.months import Month
from tests.metrics.test_kept_months import AS_OF, FIRST, LAST, grown_company
from tests.metrics.worksheets import Company

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet

LATER = "nrr_12m"
"""Needs to know which exchange rates lacked a year before, and is left out."""
SETTINGS = {
    "as usual": {},
    "another attribution and time zone": {"attribution": "period_start", "time_zone": "America/St_Johns"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("day", [AS_OF, "2025-07-31", "2025-01-01", f"{FIRST + 2}-15", "2025-12-24"])
def test_every_number_is_that_of_the_whole_computation(tmp_path: Path, settings: dict[str, object], day: str) -> None:
    company = grown_company(tmp_path, **settings)
    newest, whole = company.newest(day), company.sheet(day)
    assert newest is not None
    assert newest.months == whole.months[-NEWEST_MONTHS:]
    assert newest.months[-1] == Month.of(date.fromisoformat(day))
    assert newest.rows.keys() <= whole.rows.keys()
    given = {key: newest.row(*key) for key in whole.rows if key[1] != LATER}
    assert given == {key: cells[-NEWEST_MONTHS:] for key, cells in whole.rows.items() if key[1] != LATER}
    assert not [key for key in newest.rows if key[1] == LATER]


def test_what_does_not_go_by_months_is_not_computed_twice(tmp_path: Path) -> None:
    company = Company(tmp_path).add("ticket", "ticket_id, product_id, created_at", [("t", "replay", "2025-06-02")])
    assert company.newest("2025-06-10") is None
    assert company.sheet("2025-06-10").rows


def test_imported_costs_wait_for_the_computed_ones(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("a", ("2025-05-12", "2025-06-12", 100.0))
    rows = [("replay", "2025-05-01", metric, 7.0) for metric in ("total_cost", "nps")]
    company.add("metric_value", "product_id, month, metric, value", list(rows))
    newest = company.newest("2025-06-10")
    assert newest is not None
    assert ("replay", "nps") in newest.rows
    assert ("replay", "total_cost") not in newest.rows


def test_they_come_first_where_there_is_much_data_and_nothing_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    company = grown_company(tmp_path).write()
    given: list[MetricSheet] = []

    def compute_as_of(day: str) -> MetricSheet:
        given.clear()
        return compute_sheet(company.workspace(), date.fromisoformat(day), on_newest=given.append)

    compute_as_of("2025-07-02")
    assert given == []
    monkeypatch.setattr(compute, "MUCH_DATA", 1)
    (tmp_path / "cache").rename(tmp_path / "gone")
    whole = compute_as_of(AS_OF)
    assert [sheet.months[-1] for sheet in given] == [LAST]
    assert len(whole.months) > len(given[0].months) == NEWEST_MONTHS
    company.run("delete from event where user_id = 'u3' and occurred_at > '2025-08-01'").write()
    compute_as_of(AS_OF)
    assert given == []
