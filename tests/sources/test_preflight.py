"""Files that are not DuckDB files never reach DuckDB; each gets a sentence with the next step."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import SourceError
from reviewtui.sources.preflight import check_file
from tests.sources.support import HOLIDAYS, make_file, make_file_with_log, opened, request_for

if TYPE_CHECKING:
    from collections.abc import Callable


def _written(content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "some.duckdb"
        path.write_bytes(content)
        return path

    return make


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.duckdb")
    return folder / "pipe.duckdb"


def _socket(folder: Path) -> Path:
    before = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("s.duckdb")
    finally:
        os.chdir(before)
    return folder / "s.duckdb"


def _link_to_nothing(folder: Path) -> Path:
    (folder / "link.duckdb").symlink_to(folder / "gone.duckdb")
    return folder / "link.duckdb"


def _link_to_itself(folder: Path) -> Path:
    (folder / "loop.duckdb").symlink_to(folder / "loop.duckdb")
    return folder / "loop.duckdb"


def _sqlite(folder: Path) -> Path:
    connection = sqlite3.connect(folder / "old.duckdb")
    connection.execute("CREATE TABLE t (i)")
    connection.commit()
    connection.close()
    return folder / "old.duckdb"


def _pipe_as_log(folder: Path) -> Path:
    path = make_file(folder / "good.duckdb", HOLIDAYS)
    os.mkfifo(folder / "good.duckdb.wal")
    return path


def _below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("x")
    return folder / "file" / "data.duckdb"


BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "gone.duckdb", "does not exist"),
    "below a file": (_below_a_file, "does not exist"),
    "folder": (lambda folder: folder, "is a folder"),
    "pipe": (_pipe, "is a pipe"),
    "null device": (lambda _: Path(os.devnull), "is a device"),
    "terminal": (lambda _: Path("/dev/tty"), "is a device"),
    "socket": (_socket, "is a socket"),
    "empty file": (_written(b""), "is empty"),
    "one byte": (_written(b"D"), "is not a DuckDB file"),
    "text": (_written(b"hello\n"), "is not a DuckDB file"),
    "table of text": (_written(b"product_id,month,metric,value\n" * 99), "is not a DuckDB file"),
    "picture": (_written(b"\x89PNG\r\n\x1a\n" + bytes(100)), "is not a DuckDB file"),
    "zeros": (_written(bytes(20_000)), "is not a DuckDB file"),
    "noise": (_written(bytes((i * 97 + i // 7) % 256 for i in range(20_000))), "is not a DuckDB file"),
    "magic in the wrong place": (_written(b"DUCK" * 2 + b"duck" * 99), "is not a DuckDB file"),
    "SQLite": (_sqlite, "is an SQLite file"),
    "Parquet": (_written(b"PAR1" + bytes(100)), "is a Parquet file"),
    "link to nothing": (_link_to_nothing, "is a link to a file that does not exist"),
    "link to itself": (_link_to_itself, "has a path that cannot be used"),
    "name too long": (lambda folder: folder / ("x" * 300), "has a path that cannot be used"),
    "NUL": (lambda folder: folder / "a.duckdb\0.txt", "NUL"),
    "not UTF-8": (lambda folder: folder / "caf\udce9.duckdb", "not valid UTF-8"),
    "log is a pipe": (_pipe_as_log, "named good.duckdb.wal that is not a file"),
    "md:": (lambda _: Path("md:acme"), "is an address"),
    "http:": (lambda _: Path("http://127.0.0.1:1/acme.duckdb"), "is an address"),
    "s3: below the workspace": (lambda folder: folder / "s3://bucket/acme.duckdb", "is an address"),
    "sqlite:": (lambda _: Path("sqlite:acme.db"), "is an address"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
class TestBadFiles:
    def test_it_is_refused_with_the_next_step(self, kind: str, tmp_path: Path) -> None:
        """The sentence says what it is and ends with what to do."""
        make, words = BAD_FILES[kind]
        with pytest.raises(SourceError) as caught:
            check_file(make(tmp_path))
        assert words in caught.value.message
        assert caught.value.message.endswith(".")
        assert "\n" not in caught.value.message

    def test_the_other_sources_still_open(self, kind: str, tmp_path: Path) -> None:
        """A bad source is a problem at its line; its neighbours are read."""
        make, words = BAD_FILES[kind]
        (tmp_path / "bad").mkdir()
        good = make_file(tmp_path / "good one.duckdb", HOLIDAYS)
        with opened(request_for({"first": good, "bad": make(tmp_path / "bad"), "last": good})) as session:
            assert [found.source for found in session.found] == ["first", "last"]
            (problem,) = session.problems
            assert (problem.path, problem.line) == ("reviewtui.toml", 11)
            assert words in problem.message
            assert problem.message == session.states[1].problem


def test_no_bad_file_makes_the_reader_look_at_the_network(tmp_path: Path) -> None:
    """Not one socket is asked for while a whole list of bad files is opened."""
    paths = []
    for number, (make, _) in enumerate(BAD_FILES.values()):
        (tmp_path / str(number)).mkdir()
        path = str(make(tmp_path / str(number)))
        if "\0" not in path and "\udce9" not in path:
            paths.append(path)
    code = (
        "import sys; from pathlib import Path; from reviewtui.sources.inspection import inspect_sources;"
        "from tests.sources.support import request_for;"
        "found = inspect_sources(request_for({f's{i}': Path(p) for i, p in enumerate(sys.argv[1:])}));"
        "assert len(found.problems) == len(sys.argv) - 1"
    )
    trace = tmp_path / "trace"
    command = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-e",
        "trace=socket,connect",
        "-o",
        str(trace),
        sys.executable,
        "-c",
        code,
        *paths,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        pytest.skip("strace is not installed")
    if not trace.exists() or "ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    assert "AF_INET" not in trace.read_text()


def test_a_file_this_user_may_not_read_is_refused() -> None:
    """The sentence asks for permission."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = make_file(folder / "private.duckdb", HOLIDAYS)
        path.chmod(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            with pytest.raises(SourceError, match="may not be read by this user"):
                check_file(path)
        finally:
            os.seteuid(user)


class TestGoodFiles:
    def test_the_facts_are_those_of_the_file(self, tmp_path: Path) -> None:
        """Size and time of change; no log."""
        path = make_file(tmp_path / "acme.duckdb", HOLIDAYS)
        os.utime(path, (1_790_000_000, 1_790_000_000))
        facts = check_file(path)
        assert facts.size == path.stat().st_size
        assert facts.modified == datetime.fromtimestamp(1_790_000_000, UTC)
        assert facts.wal_bytes == 0

    def test_a_link_leads_to_the_file_and_its_log(self, tmp_path: Path) -> None:
        """The log beside the target counts, not one beside the link."""
        path = make_file_with_log(tmp_path / "acme.duckdb")
        (tmp_path / "links").mkdir()
        link = tmp_path / "links" / "current.duckdb"
        link.symlink_to(path)
        facts = check_file(link)
        assert facts.real_path == path.resolve()
        assert facts.wal_bytes == (tmp_path / "acme.duckdb.wal").stat().st_size

    def test_a_time_of_change_beyond_the_calendar_is_left_out(self, tmp_path: Path) -> None:
        """A file system can hold years that a date cannot."""
        path = make_file(tmp_path / "acme.duckdb", HOLIDAYS)
        try:
            os.utime(path, (10**12, 10**12))
        except OSError:
            pytest.skip("the file system does not hold such a time")
        assert check_file(path).size > 0
