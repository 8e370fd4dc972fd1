"""Marks made of stored slices are the marks of all events, and only slices that are not known are read."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.metrics import change_marks, conversions, event_names, event_slices
from reviewtui.metrics.event_slices import EVENT_SLICES
from reviewtui.sources import stored_slices
from tests.metrics.test_kept_months import same_numbers
from tests.metrics.worksheets import Company
from tests.thoroughness import some_or_all

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.kept import KeptMonths

AS_OF = "2025-08-20"
SLICE = 1000
EVENTS = """create table event as
    select 'p' || k % 3 as product_id, 'e' || k % 7 as event, 'u' || hash(k) % 300 as user_id,
        'o' || hash(k) % 40 as org_id, timestamptz '2023-06-01 00:00+00' + to_minutes(k * 90) as occurred_at
    from range(12000) r(k)"""
MORE = """insert into event
    select 'p1', 'e1', 'u' || k, 'o1', timestamptz '2025-08-01 00:00+00' + to_minutes(k) from range(2500) r(k)"""


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (stored_slices, conversions, event_slices):
        monkeypatch.setattr(module, "SLICE_ROWS", SLICE)
    monkeypatch.setattr(event_slices, "SLICES_LOOKED_AT", 100)


def change(company: Company, *statements: str) -> None:
    """Change the file, whose row groups are small."""
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = 'UTC'; attach '{company.path}' as s (row_group_size 2048); use s")
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    company = Company(tmp_path, time_zone="America/St_Johns")
    change(company, EVENTS)
    return company


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int | None]]:
    """Which stored rows were read for marks; all of them at once are rows -1 to -1."""
    found: list[tuple[int, int | None]] = []
    select, whole = conversions.select_event_slices, change_marks.event_marks

    def watched(*given: object) -> str:
        found.append(given[-1])  # type: ignore[arg-type]
        return select(*given)  # type: ignore[arg-type]

    def watched_whole(*given: object) -> object:
        found.append((-1, -1))
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(event_slices, "select_event_slices", watched)
    monkeypatch.setattr(event_names, "event_marks", watched_whole)
    return found


def kept_after(company: Company, *statements: str, kept: KeptMonths | None = None) -> KeptMonths:
    """What is left by an evaluation after changes; its numbers are those of a new one."""
    change(company, *statements)
    evaluated = company.evaluated(AS_OF, kept or {})
    assert same_numbers(evaluated.sheet, company.sheet(AS_OF))
    return evaluated.keeps


def test_the_marks_are_those_of_all_events_together(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    change(
        company, "insert into event values ('p1', 'e1', 'u1', 'o1', 'infinity'), ('p1', 'e1', 'u1', 'o1', '1850-01-01')"
    )
    by_slices = company.evaluated(AS_OF, {}).keeps
    monkeypatch.setattr(event_names, "marks_by_slices", lambda _work: None)
    whole = company.evaluated(AS_OF, {}).keeps
    assert by_slices.keys() - whole.keys() == {EVENT_SLICES}
    assert {name: (by_slices[name].meaning, by_slices[name].marks) for name in whole} == {
        name: (section.meaning, section.marks) for name, section in whole.items()
    }


def test_slices_that_are_known_are_not_read(company: Company, read: list[tuple[int, int | None]]) -> None:
    kept = kept_after(company)
    assert read == [(0, 12000)]
    kept_after(company, kept=kept)
    assert read == [(0, 12000)]
    kept_after(company, MORE, kept=kept)
    assert read[1:] == [(12000, 14500)]


def test_an_old_event_that_is_changed_has_its_row_group_read_again(
    company: Company, read: list[tuple[int, int | None]]
) -> None:
    kept = kept_after(company)
    kept_after(company, "update event set user_id = 'u1' where rowid = 3000", kept=kept)
    assert read[1:] == [(2000, 5000)]


def test_many_places_that_changed_are_read_as_one(
    company: Company, read: list[tuple[int, int | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_slices, "MOST_RUNS", 1)
    kept = kept_after(company)
    kept_after(company, "update event set user_id = 'u1' where rowid in (100, 11000)", kept=kept)
    assert read[1:] == [(0, 12000)]


@pytest.mark.parametrize(("order", "together"), [("occurred_at", False), ("hash(user_id, event, occurred_at)", True)])
def test_events_in_no_order_are_marked_together(
    company: Company, read: list[tuple[int, int | None]], monkeypatch: pytest.MonkeyPatch, order: str, together: bool
) -> None:
    monkeypatch.setattr(event_slices, "SLICES_LOOKED_AT", 3)
    monkeypatch.setattr(event_slices, "MOST_SLOTS", 3_000)
    by_days = "select * replace (date_trunc('day', occurred_at) as occurred_at) from event"
    change(company, f"create or replace table event as {by_days} order by {order}")
    kept = company.evaluated(AS_OF, {}).keeps
    assert read[:3] == [(0, 1000), (4000, 5000), (8000, 9000)]
    assert ((-1, -1) in read, EVENT_SLICES in kept) == (together, not together)


@pytest.mark.parametrize("looked_at", [3, 100])
def test_a_column_that_is_called_like_the_number_of_a_row_is_none(
    company: Company, read: list[tuple[int, int | None]], monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    monkeypatch.setattr(event_slices, "SLICES_LOOKED_AT", looked_at)
    kept = kept_after(company, "alter table event add column rowid varchar default 'row'")
    assert read[-1] == (-1, -1)
    assert EVENT_SLICES not in kept


def test_from_a_removed_row_on_events_are_read_again(company: Company, read: list[tuple[int, int | None]]) -> None:
    kept = kept_after(company, "delete from event where rowid = 9500")
    assert read == [(0, 9000), (9000, None)]
    kept_after(company, MORE, kept=kept)
    assert read[2:] == [(9000, None)]


def test_where_one_of_the_first_rows_was_removed_events_are_marked_together(
    company: Company, read: list[tuple[int, int | None]]
) -> None:
    kept = kept_after(company, kept=kept_after(company, "delete from event where rowid = 5"))
    assert read == [(-1, -1)] * 2
    assert EVENT_SLICES not in kept


def test_another_time_zone_makes_other_months(company: Company, read: list[tuple[int, int | None]]) -> None:
    kept = kept_after(company)
    company.settings["time_zone"] = "Asia/Tokyo"
    kept_after(company, kept=kept)
    assert read == [(0, 12000)] * 2


@pytest.mark.parametrize("seed", some_or_all(range(2), range(40)))
def test_numbers_that_go_on_from_slices_are_those_of_a_new_computation(company: Company, seed: int) -> None:
    dice, kept = random.Random(seed), kept_after(company)
    for _ in range(5):
        first = dice.randrange(12000)
        where = f"where rowid between {first} and {first + dice.choice((0, 3, 1500))}"
        statements = dice.choices(
            (
                MORE,
                f"update event set user_id = 'u{dice.randrange(300)}' {where}",
                f"update event set occurred_at = occurred_at - interval {dice.randint(1, 90)} day {where}",
                f"update event set product_id = 'p{dice.randrange(4)}' {where}",
                f"update event set event = null {where}",
                f"insert into event select * from event {where}",
                "create or replace table event as from event order by product_id, occurred_at",
                f"delete from event {where}",
            ),
            (6, 6, 4, 3, 2, 2, 2, 1),
            k=2,
        )
        kept = kept_after(company, *statements, kept=kept)
