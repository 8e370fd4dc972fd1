"""Unchanged sources are not opened again, changed ones give no old numbers, and the cache may be lost at any time."""

from __future__ import annotations

import os
import pickle
import shutil
import threading
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewtui.metrics import result_cache
from reviewtui.metrics.compute import compute_sheet
from reviewtui.metrics.result_cache import MOST_SHEETS, ResultCache
from reviewtui.metrics.sheet import Cell, CellSource, MetricSheet, Status
from reviewtui.metrics.sheet_file import pack_row, sheet_bytes, sheet_of, unpack_row
from reviewtui.paths import cache_dir
from reviewtui.plain_file import plain_bytes, plain_values
from reviewtui.workspace.model import ProductConfig
from tests.metrics.worksheets import Company, value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reviewtui.sources.state import Progress

AS_OF = date(2025, 4, 10)
LONG_AGO = (1_000_000_000, 1_000_000_000)


@pytest.fixture
def cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    return home


def new_company(home: Path) -> Company:
    """A workspace `ws` with a little revenue."""
    folder = home / "ws"
    folder.mkdir()
    company = Company(folder).bill("a", ("2025-01-05", "2025-02-05", 100), ("2025-02-05", "2025-03-05", 120))
    return settled(company)


@pytest.fixture
def company(tmp_path: Path, cache_home: Path) -> Company:
    """A workspace of which nothing is kept, for one test."""
    return new_company(tmp_path)


@pytest.fixture(scope="module")
def known_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace `ws` and, in `cache`, what is kept of it."""
    return tmp_path_factory.mktemp("known")


@pytest.fixture(scope="module")
def first(known_home: Path) -> MetricSheet:
    """The numbers that were computed and kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(known_home / "cache"))
        sheet, said = computed(new_company(known_home))
    assert said
    return sheet


@pytest.fixture
def known(first: MetricSheet, known_home: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """The workspace of which `first` is kept; its source stays as it is."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(known_home / "cache"))
    return Company(known_home / "ws")


def settled(company: Company) -> Company:
    """The file written, and as old as files usually are when they are read."""
    company.write()
    os.utime(company.path, LONG_AGO)
    return company


def computed(company: Company, *, is_fresh: bool = False) -> tuple[MetricSheet, list[str]]:
    """The sheet, and what was said on the way: nothing where no source was opened."""
    stages: list[str] = []

    def note(progress: Progress) -> None:
        stages.append(progress.stage)

    return compute_sheet(company.workspace(), AS_OF, on_progress=note, is_fresh=is_fresh), stages


def test_an_unchanged_source_is_not_opened_again(known: Company, first: MetricSheet) -> None:
    again, said = computed(known)
    assert said == []
    assert dict(again.rows) == dict(first.rows)
    assert replace(again, rows={}) == replace(first, rows={})


def test_fresh_numbers_can_be_asked_for(known: Company) -> None:
    assert computed(known, is_fresh=True)[1]


@pytest.mark.parametrize(
    "change",
    [
        "update invoice_line set amount = 70 where amount = 100",
        "delete from invoice_line where amount = 100",
        "insert into invoice_line select * replace (70 as amount) from invoice_line where amount = 100",
    ],
)
def test_a_changed_old_row_is_noticed_even_if_the_file_says_it_is_as_old_as_before(
    company: Company, change: str
) -> None:
    computed(company)
    settled(company.run(change))
    sheet, said = computed(company)
    assert said
    assert dict(sheet.rows) == dict(company.sheet(str(AS_OF)).rows)


def test_numbers_of_a_file_that_was_just_written_are_not_trusted(company: Company) -> None:
    os.utime(company.path)
    computed(company)
    assert computed(company)[1]


def test_other_settings_and_other_days_have_numbers_of_their_own(known: Company) -> None:
    known.settings["base_currency"] = "EUR"
    assert computed(known)[1]
    assert compute_sheet(known.workspace(), date(2025, 5, 10)).as_of == date(2025, 5, 10)
    known.settings["products"] = (ProductConfig("replay", "replay", key_action=("x",)),)
    assert computed(known)[1]


def test_a_source_that_cannot_be_read_is_tried_again_each_time(company: Company) -> None:
    shutil.copy(company.path, company.path.with_suffix(".good"))
    company.path.write_bytes(b"no database at all, only some text")
    os.utime(company.path, LONG_AGO)
    assert computed(company)[0].problems
    assert computed(company)[1]
    shutil.move(company.path.with_suffix(".good"), company.path)
    assert value(computed(company)[0], "replay", "mrr", "2025-02") == 100


def cache_files(company: Company) -> list[Path]:
    return [path for path in cache_dir(company.path.parent).iterdir() if path.is_file()]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes(byte ^ 1 for byte in data[-1:]),
        lambda data: b"\0" * len(data),
        lambda data: data[: len(data) // 2] + b"\0" * (len(data) - len(data) // 2),
        lambda _: pickle.dumps(print),
        lambda _: plain_bytes((1, 2, 3)),
        lambda _: plain_bytes({"usage": None}),
    ],
    ids=["empty", "cut", "one bit", "zeros", "half of it zeros", "a pickle", "other values", "other shape"],
)
def test_a_damaged_cache_is_as_good_as_none(
    known: Company, first: MetricSheet, damage: Callable[[bytes], bytes]
) -> None:
    for path in cache_files(known):
        path.write_bytes(damage(path.read_bytes()))
    again, said = computed(known)
    assert said
    assert dict(again.rows) == dict(first.rows)
    assert computed(known)[1] == []


def test_the_cache_can_be_deleted_at_any_time(known: Company, known_home: Path, first: MetricSheet) -> None:
    shutil.rmtree(known_home / "cache")
    assert dict(computed(known)[0].rows) == dict(first.rows)


@pytest.mark.parametrize("place", ["a file in the way", "no home"])
def test_without_a_place_for_the_cache_the_numbers_are_computed_each_time(
    company: Company, cache_home: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if place == "no home":
        monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    else:
        cache_home.write_text("a file")
    assert value(computed(company)[0], "replay", "mrr", "2025-02") == 100
    assert computed(company)[1]


def test_only_the_last_few_sheets_are_kept(tmp_path: Path, first: MetricSheet) -> None:
    cache = ResultCache(tmp_path)
    keys = [str(number) * 64 for number in range(MOST_SHEETS + 3)]
    for age, key in enumerate(keys):
        cache.store_sheet(key, first)
        os.utime(tmp_path / f"{key[:32]}.sheet", (1_000_000_000 + age, 1_000_000_000 + age))
    assert [key for key in keys if cache.sheet(key) is not None] == keys[-MOST_SHEETS:]


def test_what_is_kept_is_for_nobody_else_to_read(known: Company) -> None:
    assert {path.stat().st_mode & 0o077 for path in cache_files(known)} == {0}


def test_a_sheet_of_another_version_of_the_program_is_not_used(known: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_cache, "program_mark", lambda: ("another",))
    assert computed(known)[1]


def test_two_runs_at_once_leave_a_whole_cache(company: Company) -> None:
    threads = [threading.Thread(target=computed, args=(company,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert computed(company)[1] == []


def test_nothing_but_plain_values_is_ever_made_from_a_file() -> None:
    class Harmful:
        def __reduce__(self) -> tuple[object, ...]:
            return (os.system, ("false",))

    assert plain_values(plain_bytes(Harmful())) is None
    assert plain_values(plain_bytes(os.getcwd)) is None
    assert plain_values(plain_bytes({"a": (1, date(2025, 1, 1))})) == {"a": (1, date(2025, 1, 1))}


numbers = st.none() | st.floats(allow_nan=False)
cells = st.builds(
    Cell, numbers, st.sampled_from(Status), numbers, numbers, numbers, st.sampled_from(CellSource), st.text(max_size=9)
)


@given(st.lists(cells, max_size=20))
@settings(max_examples=200, derandomize=True)
def test_a_row_comes_back_as_it_was(row: list[Cell]) -> None:
    assert unpack_row(pack_row(tuple(row))) == tuple(row)


@given(st.binary(max_size=200))
@settings(max_examples=200, derandomize=True)
def test_any_bytes_are_no_sheet(data: bytes) -> None:
    assert sheet_of(data) is None
    assert sheet_of(sheet_bytes(MetricSheet(AS_OF, (), (), (), {}))[:-1] + data[:1] + b"x") is None
