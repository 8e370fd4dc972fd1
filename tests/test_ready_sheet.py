"""Numbers ready for a start: only for exactly the state of the files they were made of."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.paths import cache_dir
from reviewtui.ready_sheet import READY_FILE, FilesMark, keep_ready, keep_ready_still, kept_numbers
from reviewtui.sources.freshness import fingerprint
from reviewtui.workspace.own_files import own_files
from tests.sheets import AS_OF, PROBLEMS, make_sheet

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

LONG_AGO = 1_700_000_000


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose files were written long ago."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "reviews"
    (folder / "products" / "flags").mkdir(parents=True)
    for name in ("reviewtui.toml", "products/flags/product.toml", "warehouse.duckdb"):
        (folder / name).write_text(name)
    age(folder)
    return folder


def age(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (LONG_AGO, LONG_AGO))


def loaded_from(root: Path, path: Path | None = None) -> LoadedSheet:
    """Numbers of the source at `path`, by default the one in the workspace."""
    sheet = make_sheet()
    path = path or root / "warehouse.duckdb"
    source = sheet.sources[0]._replace(path=str(path), fingerprint=fingerprint(path))
    return LoadedSheet(replace(sheet, sources=(source,)), PROBLEMS)


def kept(root: Path) -> LoadedSheet:
    loaded = loaded_from(root)
    keep_ready(FilesMark(root, AS_OF), root, AS_OF, loaded)
    return loaded


def ready(root: Path, as_of: date = AS_OF) -> LoadedSheet | None:
    found = kept_numbers(FilesMark(root, as_of), root)
    return found.loaded if found is not None and found.is_ready else None


def test_what_was_kept_is_ready(root: Path) -> None:
    loaded = kept(root)
    found = ready(root)
    assert found is not None
    assert found.workspace_problems == PROBLEMS
    assert dict(found.sheet.rows) == dict(loaded.sheet.rows)
    assert replace(found.sheet, rows={}) == replace(loaded.sheet, rows={})
    assert (cache_dir(root) / READY_FILE).stat().st_mode & 0o777 == 0o600


def test_nothing_is_ready_before_it_was_kept(root: Path) -> None:
    assert ready(root) is None


@pytest.mark.parametrize("name", ["products/flags/product.toml", "products/new.toml", ".hidden.toml", "data/new.csv"])
def test_nothing_is_ready_after_a_file_was_written(root: Path, name: str) -> None:
    kept(root)
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("changed")
    assert ready(root) is None


def test_nothing_is_ready_after_a_file_was_removed(root: Path) -> None:
    kept(root)
    (root / "products/flags/product.toml").unlink()
    assert ready(root) is None


def test_nothing_is_ready_after_a_source_elsewhere_changed(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.duckdb"
    path.write_text("rows")
    os.utime(path, (LONG_AGO, LONG_AGO))
    keep_ready(FilesMark(root, AS_OF), root, AS_OF, loaded_from(root, path))
    assert ready(root) is not None
    path.write_text("more rows")
    assert ready(root) is None


@pytest.mark.parametrize(
    ("name", "is_ready"), [("products/flags/comments/c-1.toml", True), ("products/flags/product.toml", False)]
)
def test_numbers_stay_ready_after_records_that_decide_none_of_them(root: Path, name: str, is_ready: bool) -> None:
    loaded = kept(root)._replace(files=own_files(root))
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("changed")
    for path in (root / name, *(root / name).parents[:3]):
        os.utime(path, (LONG_AGO, LONG_AGO))
    assert ready(root) is None
    keep_ready_still(root, AS_OF, loaded)
    assert (ready(root) is not None) == is_ready


def test_numbers_whose_files_are_not_known_are_not_kept_again(root: Path) -> None:
    loaded = kept(root)
    (root / "new.toml").write_text("changed")
    age(root)
    keep_ready_still(root, AS_OF, loaded)
    assert ready(root) is None


def test_another_day_has_other_numbers(root: Path) -> None:
    kept(root)
    assert ready(root, AS_OF.replace(day=1)) is None


def test_numbers_of_files_just_written_are_not_kept(root: Path) -> None:
    (root / "reviewtui.toml").write_text("just now")
    kept(root)
    assert ready(root) is None


def test_numbers_of_files_that_changed_meanwhile_are_not_kept(root: Path) -> None:
    mark = FilesMark(root, AS_OF)
    (root / "reviewtui.toml").write_text("longer than before")
    age(root)
    keep_ready(mark, root, AS_OF, loaded_from(root))
    assert ready(root) is None


def test_numbers_without_a_source_that_could_not_be_read_are_not_kept(root: Path) -> None:
    loaded = loaded_from(root)
    source = loaded.sheet.sources[0]._replace(problem="The file is locked.")
    keep_ready(FilesMark(root, AS_OF), root, AS_OF, loaded._replace(sheet=replace(loaded.sheet, sources=(source,))))
    assert ready(root) is None


def test_numbers_that_were_cut_short_are_not_kept(root: Path) -> None:
    loaded = loaded_from(root)
    keep_ready(FilesMark(root, AS_OF), root, AS_OF, loaded._replace(sheet=replace(loaded.sheet, is_complete=False)))
    assert ready(root) is None


def test_numbers_of_a_source_elsewhere_that_was_written_just_now_are_not_kept(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.duckdb"
    path.write_text("rows")
    keep_ready(FilesMark(root, AS_OF), root, AS_OF, loaded_from(root, path))
    assert ready(root) is None


def test_nothing_is_ready_where_a_variable_of_a_path_means_something_else(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "reviewtui.toml").write_text('[[source]]\npath = "${DATA_FOLDER}/warehouse.duckdb"\n')
    age(root)
    monkeypatch.setenv("DATA_FOLDER", "here")
    kept(root)
    assert ready(root) is not None
    monkeypatch.setenv("DATA_FOLDER", "there")
    assert ready(root) is None
    monkeypatch.delenv("DATA_FOLDER")
    assert ready(root) is None


@pytest.mark.parametrize("content", [b"", b"reviewtui numbers 1\n", b"\x80\x05garbage"])
def test_a_damaged_file_is_no_file(root: Path, content: bytes) -> None:
    kept(root)
    (cache_dir(root) / READY_FILE).write_bytes(content)
    assert ready(root) is None


def test_what_was_shown_last_is_there_whatever_has_changed_in_the_workspace(root: Path) -> None:
    assert kept_numbers(FilesMark(root, AS_OF), root) is None
    loaded = kept(root)
    (root / "warehouse.duckdb").write_text("newer")
    found = kept_numbers(FilesMark(root, AS_OF), root)
    assert found is not None
    assert not found.is_ready
    assert dict(found.loaded.sheet.rows) == dict(loaded.sheet.rows)


def test_what_another_program_or_workspace_showed_is_not_shown(root: Path) -> None:
    kept(root)
    mark = FilesMark(root, AS_OF)
    mark.value = ("another", *mark.value[1:])
    assert kept_numbers(mark, root) is None
