"""Writing an import: whole or not at all, whatever the disk does."""

from __future__ import annotations

import errno
from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.imports.understanding import ImportedNote, ImportedValue, Understanding
from reviewtui.imports.written import import_files, number_text, write_import
from reviewtui.months import Month
from reviewtui.workspace import atomic
from tests.workspace.faulty_os import failing_at

if TYPE_CHECKING:
    from pathlib import Path

VALUE = ImportedValue("replay", Month(2026, 1), "mrr", 5.5, None, "replay!B2")
UNDERSTOOD = Understanding("Book.xlsx", (), (VALUE,), ())


def test_a_full_disk_is_a_sentence_and_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = import_files(tmp_path, UNDERSTOOD, "Book.xlsx", date(2026, 2, 1))
    (tmp_path / "imports").mkdir()
    files.values.write_text("mine\n")
    for operation in range(1, 40):
        monkeypatch.setattr(atomic, "os", failing_at(operation, errno.ENOSPC))
        try:
            write_import(files)
        except ReviewError as error:
            assert "disk is full" in error.message or "power cut" in error.message  # noqa: PT017
            assert files.values.read_text() in ("mine\n", files.values_text)
        else:
            break
        if files.values.read_text() != "mine\n":
            files.values.write_text("mine\n")
    else:
        pytest.fail("the writing never ended")
    assert files.values.read_text() == files.values_text


def test_the_old_file_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    write_import(import_files(tmp_path, UNDERSTOOD, "first", date(2026, 2, 1)))
    files = import_files(tmp_path, UNDERSTOOD, "second", date(2026, 2, 1))
    assert files.in_the_way == (files.values,)
    write_import(files)
    assert ",first," in (tmp_path / "imports" / "book.csv.orig").read_text()
    assert ",second," in files.values.read_text()


def test_notes_of_an_earlier_import_do_not_stay_for_a_new_one(tmp_path: Path) -> None:
    class WithNotes(Understanding):
        @property
        def notes(self) -> tuple[ImportedNote, ...]:
            return (ImportedNote("one-off", "replay!B2"),)

    write_import(import_files(tmp_path, WithNotes("Book.xlsx", (), (VALUE,), ()), "x", date(2026, 2, 1)))
    assert "one-off" in (tmp_path / "imports" / "book.notes.toml").read_text()
    write_import(import_files(tmp_path, UNDERSTOOD, "x", date(2026, 2, 1)))
    assert "one-off" not in (tmp_path / "imports" / "book.notes.toml").read_text()
    assert "one-off" in (tmp_path / "imports" / "book.notes.toml.orig").read_text()


@pytest.mark.parametrize(
    ("number", "text"),
    [(5.0, "5"), (0.1, "0.1"), (-0.5, "-0.5"), (1e300, "1e+300"), (123456789012345.0, "123456789012345")],
)
def test_numbers_are_written_as_short_as_they_read_back(number: float, text: str) -> None:
    assert number_text(number) == text
    assert float(text) == number
