"""Run the command line as a person does, on small real files."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product, Status
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reviewtui.errors import Problem

AS_OF = "2025-04-10"
"""The day the workspaces of these tests are looked at from."""
LONG_AGO = 1_700_000_000
PATIENCE = 120
"""Seconds after which a command that does not end is a failure."""


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person whose home is `home`, on a plain terminal."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm-256color", **more}


def command(*arguments: str | Path) -> list[str]:
    """The words that run reviewtui with `arguments`."""
    return [sys.executable, "-m", "reviewtui", *map(str, arguments)]


def run(home: Path, *arguments: str | Path, cwd: Path | None = None, **more: str) -> Outcome:
    """Run a command to its end."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd or home,
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    outcome = Outcome(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert "Traceback" not in outcome.out + outcome.err, outcome.err
    return outcome


class Terminal:
    """A command whose input and messages, and its output too with `shows_output`, are a terminal of 100 x 30."""

    def __init__(self, home: Path, *arguments: str | Path, shows_output: bool = False) -> None:
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (30, 100))
        self.process = subprocess.Popen(
            command(*arguments),
            cwd=home,
            env=environment(home),
            stdin=slave,
            stdout=slave if shows_output else subprocess.PIPE,
            stderr=slave,
        )
        os.close(slave)
        self.seen = b""

    def wait_for(self, text: bytes) -> None:
        """Read the terminal until `text` has been shown."""
        while text not in self.seen:
            assert self._read(), f"ended without showing {text!r}: {self.seen!r}"

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def interrupt(self) -> None:
        """Ctrl+C, as the terminal delivers it."""
        self.process.send_signal(signal.SIGINT)

    def finish(self) -> tuple[int, bytes]:
        """Wait for the end; the exit code and what was written to stdout."""
        out = self.process.stdout.read() if self.process.stdout is not None else b""
        while self._read():
            pass
        code = self.process.wait(PATIENCE)
        os.close(self.master)
        return code, out

    def _read(self) -> bool:
        if not select.select([self.master], [], [], PATIENCE)[0]:
            return False
        try:
            chunk = os.read(self.master, 4096)
        except OSError:
            return False
        self.seen += chunk
        return bool(chunk)


def make_database(path: Path, *statements: str) -> Path:
    """A DuckDB file made by `statements`."""
    connection = duckdb.connect(path)
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()
    return path


def metric_values(*rows: tuple[str, str, str, float | None]) -> tuple[str, ...]:
    """Statements that make `metric_value` of (product, month, metric, value)."""
    create = "CREATE TABLE metric_value(product_id VARCHAR, month DATE, metric VARCHAR, value DOUBLE)"

    def literal(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    inserts = (
        f"INSERT INTO metric_value VALUES ({literal(product)}, '{month}-01', {literal(metric)}, "
        f"{'NULL' if value is None else repr(value)})"
        for product, month, metric, value in rows
    )
    return (create, *inserts)


GRID = metric_values(
    ("replay", "2025-01", "mrr", 100.0),
    ("replay", "2025-02", "mrr", 110.25),
    ("replay", "2025-03", "mrr", 0.1 + 0.2),
    ("replay", "2025-03", "nps", -12.5),
    ("flags", "2025-02", "mrr", 5.0),
    ("flags", "2025-02", "churn_rate", 0.033),
)
"""Two products with three months of imported numbers."""


ENDLESS = """
[views]
survey_response = '''
SELECT 'a' AS product_id, now() AS submitted_at, 1.0 AS score FROM range(1000000000000) WHERE random() < 0'''
"""
"""A view that never yields a row and never ends."""


def make_workspace(root: Path, *statements: str, more: str = "") -> Path:
    """A workspace over a DuckDB file made by `statements`; `more` is added to its reviewtui.toml."""
    root.mkdir(parents=True)
    make_database(root / "data.duckdb", *(statements or GRID))
    (root / "reviewtui.toml").write_text(f'schema = 1\nname = "Acme"\n[[source]]\npath = "data.duckdb"\n{more}')
    # As old as files usually are: what is computed from files just written is not kept.
    for path in (root, *root.iterdir()):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return root


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below `folder` with its size and time of change."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


MRR = Metric("mrr", "MRR", "revenue", "money")
CHURN = Metric("churn_rate", "Revenue churn rate", "revenue", "percent")
USERS = Metric("unique_users", "Unique monthly users", "usage", "count")
REPLAY = Product("replay", "Session replay", "growth", "replay")
FLAGS = Product("flags", "Feature flags", "", "flags")


def ok(*values: float | None) -> tuple[Cell, ...]:
    """Cells with these values, missing where there is none."""
    return tuple(Cell(value, Status.OK if value is not None else Status.MISSING) for value in values)


def sheet(
    rows: Mapping[tuple[str, str], Sequence[Cell]],
    *,
    products: Sequence[Product] = (REPLAY, FLAGS),
    metrics: Sequence[Metric] = (MRR, CHURN, USERS),
    first: str = "2025-02",
    count: int = 3,
    problems: Sequence[Problem] = (),
) -> MetricSheet:
    """A sheet of `count` months up to the one of `AS_OF`."""
    from datetime import date

    start = Month.parse(first)
    return MetricSheet(
        as_of=date.fromisoformat(AS_OF),
        months=tuple(start + step for step in range(count)),
        products=tuple(products),
        metrics=tuple(metrics),
        rows={key: tuple(cells) for key, cells in rows.items()},
        problems=tuple(problems),
    )
