"""A source that is not the file it was any more is noticed without opening it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from reviewtui.sources.freshness import changed_sources, fingerprint
from reviewtui.sources.state import SourceState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write(path: Path) -> None:
    path.write_bytes(b"12345678")


def replace(path: Path) -> None:
    before = path.stat()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


def log(path: Path) -> None:
    path.with_name(f"{path.name}.wal").write_bytes(b"log")


@pytest.mark.parametrize("change", [write, replace, log, os.unlink])
def test_every_kind_of_change_is_noticed(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = tmp_path / "a.duckdb"
    path.write_bytes(b"1234")
    state = SourceState("a", str(path), None, 4, 0, fingerprint=fingerprint(path))
    assert changed_sources([state]) == ()
    change(path)
    assert changed_sources([state]) == (state,)


def test_a_file_that_appears_is_a_change(tmp_path: Path) -> None:
    state = SourceState("a", str(tmp_path / "a.duckdb"), None, 0, 0, fingerprint=fingerprint(tmp_path / "a.duckdb"))
    assert changed_sources([state]) == ()
    write(tmp_path / "a.duckdb")
    assert changed_sources([state]) == (state,)


def test_a_path_that_no_file_can_have_is_no_file() -> None:
    assert fingerprint("a\0b.duckdb") == ()
