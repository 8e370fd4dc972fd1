"""Locked, newer, damaged, replaced and log-carrying files: the truth is read, or a sentence says why not."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.sources.lockdown import open_sources
from tests.sources.support import (
    HOLIDAYS,
    INVOICE_LINE,
    digest,
    make_file,
    make_file_with_log,
    opened,
    request_for,
    with_header,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THOROUGH = os.environ.get("REVIEWTUI_THOROUGH") == "1"
VERSION_AT = 12
FLAGS_AT = 20


def sentence_for(path: Path) -> str:
    """Why the file was not opened; empty if it was."""
    opened_sources = open_sources(request_for({"acme": path}), lambda _source: None)
    opened_sources.connection.close()
    return opened_sources.states[0].problem


def holidays_in(path: Path) -> int:
    """How many days the table `holiday` of the file has."""
    with opened(request_for({"acme": path})) as session:
        assert not session.problems
        (found,) = session.found
        ((count,),) = session.connection.execute(f"SELECT count(day) FROM {found.relation}").fetchall()
        return int(count)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return make_file(tmp_path / "acme.duckdb", HOLIDAYS)


@pytest.fixture
def writer(good: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes the file."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(good)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def test_a_file_being_written_names_the_writer(good: Path, writer: subprocess.Popen[str]) -> None:
    """The sentence gives the process number and what to do."""
    assert sentence_for(good) == (
        f'The source "acme" (acme.duckdb) is open for writing in another program (process {writer.pid}).'
        " Close it there, or give the path of a copy, then load again."
    )


def test_a_file_of_a_newer_version_says_so(good: Path) -> None:
    good.write_bytes(with_header(good.read_bytes(), VERSION_AT, 1000))
    assert "was written by a newer DuckDB (storage version 1000; this program reads up to " in sentence_for(good)


def test_a_file_of_a_very_old_version_says_so(good: Path) -> None:
    good.write_bytes(with_header(good.read_bytes(), VERSION_AT, 50))
    assert "was written by a very old DuckDB (storage version 50)" in sentence_for(good)


def test_an_encrypted_file_says_so(good: Path) -> None:
    good.write_bytes(with_header(good.read_bytes(), FLAGS_AT, 1))
    assert "is encrypted" in sentence_for(good)


class TestDamage:
    """Damage is either seen or harmless; it never escapes as anything but a DuckDB error with a sentence."""

    def test_every_cut_is_noticed_or_harmless(self, good: Path) -> None:
        """Wherever the end is missing: a sentence with what to do, or all rows."""
        content = good.read_bytes()
        cuts = [12, 13, 4095, 4096, 8191, 12287, 12288, 12300, len(content) // 2]
        cuts += random.Random(1).sample(range(12, len(content)), 41 if THOROUGH else 16)
        noticed = 0
        for cut in cuts:
            good.write_bytes(content[:cut])
            sentence = sentence_for(good)
            assert str(good.parent) not in sentence
            if sentence:
                assert sentence.endswith(".")
            else:
                self.is_noticed(good)
            noticed += bool(sentence)
        assert noticed > len(cuts) // 2

    def test_changed_bytes_never_escape(self, tmp_path: Path) -> None:
        """One byte changed at random places: a problem, or rows as before."""
        path = make_file(
            tmp_path / "acme.duckdb",
            HOLIDAYS,
            INVOICE_LINE.format(name="invoice_line"),
            "CREATE VIEW event AS SELECT 1",
        )
        content = path.read_bytes()
        chance = random.Random(2)
        noticed = 0
        for _ in range(300 if THOROUGH else 60):
            place = chance.randrange(len(content))
            damaged = bytearray(content)
            damaged[place] ^= 1 << chance.randrange(8)
            path.write_bytes(damaged)
            noticed += self.is_noticed(path)
        assert noticed > 0

    def is_noticed(self, path: Path) -> bool:
        """Read everything; whether the damage was seen."""
        with opened(request_for({"acme": path})) as session:
            for problem in session.problems:
                assert "\n" not in problem.message
                assert problem.message.endswith(".")
                assert str(path.parent) not in problem.message
            try:
                for found in session.found:
                    rows = session.connection.execute(f"SELECT day FROM {found.relation}").fetchall()
                    assert len(rows) == 100
            except duckdb.Error:
                return True
            return bool(session.problems)


class TestReplacedFile:
    def test_the_next_load_reads_the_new_file(self, good: Path, tmp_path: Path) -> None:
        """An extract that replaces the file is read by the next session."""
        assert holidays_in(good) == 100
        newer = make_file(tmp_path / "new.duckdb", HOLIDAYS.replace("100", "7"))
        newer.replace(good)
        assert holidays_in(good) == 7

    def test_a_session_keeps_the_file_it_opened(self, good: Path, tmp_path: Path) -> None:
        """Replacing the file under a session does not mix old and new."""
        newer = make_file(tmp_path / "new.duckdb", HOLIDAYS.replace("100", "7"))
        with opened(request_for({"acme": good})) as session:
            newer.replace(good)
            ((count,),) = session.connection.execute("SELECT count(*) FROM acme.holiday").fetchall()
        assert count == 100


class TestWriteAheadLog:
    def test_rows_in_the_log_are_read_and_nothing_changes(self, tmp_path: Path) -> None:
        """The log is merged in memory only; its size is told."""
        path = make_file_with_log(tmp_path / "acme.duckdb")
        log = tmp_path / "acme.duckdb.wal"
        before = digest(path), digest(log), sorted(tmp_path.iterdir())
        assert holidays_in(path) == 1
        with opened(request_for({"acme": path})) as session:
            assert session.states[0].wal_bytes == log.stat().st_size
        assert (digest(path), digest(log), sorted(tmp_path.iterdir())) == before

    def test_a_torn_log_gives_the_last_whole_state_or_a_sentence(self, tmp_path: Path) -> None:
        """Every cut of the log: no row, one row, or a sentence."""
        path = make_file_with_log(tmp_path / "acme.duckdb")
        log = tmp_path / "acme.duckdb.wal"
        content = log.read_bytes()
        for cut in range(0, len(content), 1 if THOROUGH else 13):
            log.write_bytes(content[:cut])
            with opened(request_for({"acme": path})) as session:
                if session.states[0].problem:
                    assert "write-ahead log" in session.states[0].problem
                else:
                    ((count,),) = session.connection.execute("SELECT count(*) FROM acme.holiday").fetchall()
                    assert count in {0, 1}

    def test_a_damaged_log_says_so(self, tmp_path: Path) -> None:
        path = make_file_with_log(tmp_path / "acme.duckdb")
        log = tmp_path / "acme.duckdb.wal"
        content = bytearray(log.read_bytes())
        content[60] ^= 255
        log.write_bytes(content)
        assert "has a damaged write-ahead log (.wal) beside it" in sentence_for(path)

    def test_the_log_of_another_file_says_so(self, good: Path, tmp_path: Path) -> None:
        make_file_with_log(tmp_path / "other.duckdb")
        shutil.copy(tmp_path / "other.duckdb.wal", tmp_path / "acme.duckdb.wal")
        assert "has a write-ahead log of another database beside it" in sentence_for(good)


@pytest.mark.parametrize(
    "name", ["it's", 'a"b', "a*b?", "a[1]", "line\nbreak", "é ü", " ", "; drop", "-x", "a\x1b[31m"]
)
def test_file_and_source_names_are_never_sql(name: str, tmp_path: Path) -> None:
    """Quotes, line ends and wildcards in names are just names."""
    path = make_file(tmp_path / "plain.duckdb", HOLIDAYS).rename(tmp_path / f"{name}.duckdb")
    with opened(request_for({name: path})) as session:
        (found,) = session.found
        ((count,),) = session.connection.execute(f"SELECT count(*) FROM {found.relation}").fetchall()
        assert count == 100


@pytest.mark.parametrize("name", ["main", "Temp", "system", "memory", "", "a\0b"])
def test_names_that_duckdb_keeps_are_refused(name: str, good: Path) -> None:
    with opened(request_for({name: good, "ok": good})) as session:
        assert "Give it another name" in session.states[0].problem
        assert [found.source for found in session.found] == ["ok"]


def test_a_source_may_be_called_views(good: Path) -> None:
    """Its tables are its own, those of `[views]` are not."""
    views = {"usage_day": "SELECT 'p' AS product_id, day FROM views.holiday"}
    with opened(request_for({"views": good}, views)) as session:
        assert session.states[0].tables == ("holiday",)
        assert [found.table for found in session.found] == ["holiday", "usage_day"]


def test_two_sources_of_one_name_are_told_apart(good: Path) -> None:
    """Names differ in more than case, because SQL does not."""
    with opened(request_for({"acme": good, "ACME": good})) as session:
        assert [state.problem != "" for state in session.states] == [False, True]


def test_without_any_source_there_is_still_a_session() -> None:
    """All tables are missing, and that is all."""
    with opened(request_for({})) as session:
        assert session.found == ()
        assert session.missing["event"] == "no table or view of this name in any source"
