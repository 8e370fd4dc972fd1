"""Equal checksums of slices mean equal rows; and where rows cannot be told from bytes, there are no slices."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.sources import stored_slices as module
from reviewtui.sources.state import FoundTable
from reviewtui.sources.stored_slices import Slice, StoredSlices, stored_slices
from tests.sources.support import make_file
from tests.thoroughness import some_or_all

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("product_id", "event", "user_id", "occurred_at")
VALUES = "product_id, event, user_id, epoch_us(occurred_at)"
FOUND = FoundTable("event", "s", '"s"."main"."event"', {name: (name, "VARCHAR") for name in COLUMNS})
ROWS_OF_A_GROUP = 2048
MADE = """create table event as
    select 'replay' as product_id, 'seen' as event, 'u' || hash(k) % 900 as user_id, 'note ' || k as note,
        timestamptz '2025-01-01 00:00+00' + to_minutes(k) as occurred_at
    from range(9000) r(k)"""

CHANGES = {
    "a value": "update event set user_id = 'somebody' where rowid = 3000",
    "a value, to nothing": "update event set user_id = null where rowid = 3000",
    "two values exchanged": """update event set user_id = (select user_id from event where rowid = 6001 - event.rowid)
        where rowid in (3000, 3001)""",
    "an instant": "update event set occurred_at = occurred_at + interval 1 microsecond where rowid = 3000",
    "a value that was the same in all rows": "update event set product_id = 'flags' where rowid = 3000",
    "all values of a row group, to the same": "update event set event = 'left' where rowid between 2048 and 4095",
}


def grouped(path: Path, *statements: str) -> Path:
    """A file with small row groups, changed by `statements`."""
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = 'UTC'; attach '{path}' as s (row_group_size {ROWS_OF_A_GROUP}); use s")
        for statement in statements:
            connection.execute(statement)
    return path


def stored_of(path: Path, found: FoundTable = FOUND) -> StoredSlices | None:
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = 'UTC'; attach '{path}' as s (read_only)")
        return stored_slices(connection, found)


def slices_of(path: Path, found: FoundTable = FOUND) -> tuple[Slice, ...]:
    stored = stored_of(path, found)
    assert stored is not None
    return stored.slices


def marks_of(path: Path) -> list[bytes]:
    return [item.mark for item in slices_of(path)]


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLICE_ROWS", 1500)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return grouped(tmp_path / "events.duckdb", MADE)


def test_slices_cover_every_row_once_and_are_told_apart(path: Path) -> None:
    slices = slices_of(path)
    assert [(item.first, item.end) for item in slices] == [(start, start + 1500) for start in range(0, 9000, 1500)]
    assert len({item.mark for item in slices}) == 6
    assert stored_of(path) == (slices, None)


def test_rows_that_are_added_leave_the_slices_before_them_as_they_are(path: Path) -> None:
    before = marks_of(path)
    after = marks_of(grouped(path, "insert into event select * from event limit 3000"))
    # The last row group was not full.
    assert after[:5] == before[:5]
    assert len(after) == 8


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed_and_slices_far_from_it_are_the_same(path: Path, change: str) -> None:
    before, after = marks_of(path), marks_of(grouped(path, CHANGES[change]))
    # Rows 2048 to 4095 are in slices 1 and 2.
    assert before[1] not in after
    assert before[2] not in after
    assert after[0] == before[0]


@pytest.mark.parametrize("change", ["delete from event where rowid = 4600", "delete from event where rowid >= 4600"])
def test_slices_before_a_removed_row_are_the_same_and_the_rest_is_not_known(path: Path, change: str) -> None:
    before = slices_of(path)
    assert stored_of(grouped(path, change)) == (before[:3], 4500)


def test_after_a_gap_in_the_numbers_of_rows_nothing_is_known(path: Path) -> None:
    before = slices_of(path)
    grouped(path, "delete from event where rowid between 3500 and 4095", "checkpoint", "vacuum", "checkpoint")
    assert stored_of(path) == (before[:2], 3000)


def test_a_column_that_is_not_used_may_change(path: Path) -> None:
    before = marks_of(path)
    assert marks_of(grouped(path, "update event set note = 'other' where rowid = 3000")) == before


def test_a_column_of_another_type_or_name_makes_other_slices(path: Path) -> None:
    other = FOUND._replace(columns={**FOUND.columns, "user_id": ("note", "VARCHAR")})
    typed = FOUND._replace(columns={**FOUND.columns, "user_id": ("user_id", "BLOB")})
    marks = [{item.mark for item in slices_of(path, found)} for found in (FOUND, other, typed)]
    assert len(set.union(*marks)) == 18


@pytest.mark.parametrize("seed", some_or_all(range(3), range(200)))
def test_slices_with_equal_checksums_have_equal_rows_whatever_was_done(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    path = grouped(tmp_path / "events.duckdb", MADE)
    seen: dict[bytes, list[tuple[object, ...]]] = {}
    for _ in range(12):
        with duckdb.connect() as connection:
            connection.execute(f"set TimeZone = 'UTC'; attach '{path}' as s (read_only)")
            stored = stored_slices(connection, FOUND)
            for item in stored.slices if stored is not None else ():
                sql = f"select {VALUES} from s.event where rowid >= {item.first} and rowid < {item.end}"
                rows = connection.execute(sql).fetchall()
                assert len(rows) == item.end - item.first
                assert seen.setdefault(item.mark, rows) == rows
        grouped(path, *(random_change(dice) for _ in range(dice.randint(1, 3))), "checkpoint")
    assert len(seen) >= 6


def random_change(dice: random.Random) -> str:
    """A statement that changes some events."""
    first = dice.randrange(9000)
    day = f"timestamptz '2025-01-0{dice.randint(1, 9)} 00:00+00'"
    where = f"where rowid between {first} and {first + dice.choice((0, 5, 2500))}"
    (change,) = dice.choices(
        (
            f"update event set user_id = 'u{dice.randrange(3)}' {where}",
            f"update event set occurred_at = {day} {where}",
            f"update event set product_id = 'p{dice.randrange(2)}' {where}",
            f"update event set event = null {where}",
            f"insert into event select * from event {where}",
            "insert into event select 'p1', 'new', 'u1', 'n', '2025-02-02 00:00+00' from range(4000)",
            "create or replace table event as from event order by occurred_at",
            "vacuum",
            f"delete from event {where}",
        ),
        (8, 4, 4, 4, 4, 4, 2, 2, 2),
    )
    return change


@pytest.mark.parametrize(
    "statements",
    [
        ("alter table event rename to other", "create view event as from other"),
        ("alter table event add column rowid integer",),
        ("create or replace table event as from event where false",),
    ],
    ids=["a view", "a column called rowid", "no rows"],
)
def test_rows_that_cannot_be_told_from_bytes_are_in_no_slice(path: Path, statements: tuple[str, ...]) -> None:
    assert stored_of(grouped(path, *statements)) is None


def test_there_are_none_of_a_table_in_memory() -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach ':memory:' as s; use s; {MADE}")
        assert stored_slices(connection, FOUND) is None


def test_there_are_none_while_a_log_lies_beside_the_file(path: Path) -> None:
    code = f"""
import duckdb, os
connection = duckdb.connect({str(path)!r})
connection.execute("set checkpoint_threshold = '1GB'; update event set user_id = 'x' where rowid = 1")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert path.with_name("events.duckdb.wal").stat().st_size > 0
    assert stored_of(path) is None


def test_another_program_still_cannot_write_to_the_file(path: Path) -> None:
    code = f"import duckdb; duckdb.connect({str(path)!r})"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as s (read_only)")
        assert stored_slices(connection, FOUND)
        tried = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
        assert "lock" in tried.stderr.lower()


def test_a_file_of_a_longer_past_may_have_long_texts(tmp_path: Path) -> None:
    path = grouped(tmp_path / "e.duckdb", MADE.replace("'u' || hash(k) % 900", "repeat(md5(k::varchar), 300)"))
    before = marks_of(path)
    after = marks_of(grouped(path, "update event set user_id = replace(user_id, 'a', 'b') where rowid = 3000"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False, True, True, True]


def test_a_file_that_is_replaced_while_it_is_open_is_not_taken_for_it(path: Path, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as s (read_only)")
        make_file(tmp_path / "other.duckdb", MADE).rename(path)
        assert stored_slices(connection, FOUND) is None
