"""Run a command and tell how long it took and how much memory its process tree held."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SAMPLE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command."""

    wall_seconds: float
    cpu_seconds: float
    """User and system time of the whole process tree."""
    peak_mb: float
    """Largest sum of resident memory over the process tree; 0 where `/proc` is missing."""
    output: str


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    found = [int(child) for child in text.split()]
    return found + [grandchild for child in found for grandchild in _children(child)]


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def run(command: Sequence[str], env: dict[str, str] | None = None) -> Run:
    """Run `command` to its end; CalledProcessError if it fails."""
    before = os.times()
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})
    peak_kb = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak_kb
        while not done.wait(SAMPLE_SECONDS):
            tree = [process.pid, *_children(process.pid)]
            peak_kb = max(peak_kb, sum(_resident_kb(pid) for pid in tree))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    wall = time.perf_counter() - started
    done.set()
    watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), output)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu, peak_kb / 1024, output)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A command beside its reference, from interleaved runs."""

    name: str
    reference: str
    wall: float
    reference_wall: float
    cpu: float
    reference_cpu: float
    peak_mb: float

    @property
    def ratio(self) -> float:
        """Wall time over the reference's wall time."""
        return self.wall / self.reference_wall

    @property
    def cpu_ratio(self) -> float:
        """CPU time over the reference's CPU time: the steadier figure on a shared machine."""
        return self.cpu / self.reference_cpu


def compare(
    name: str,
    command: Sequence[str],
    reference: str,
    reference_command: Sequence[str],
    repetitions: int,
    *,
    prepare: Callable[[], None] = lambda: None,
) -> Comparison:
    """Run both commands in turn, `repetitions` times each, and keep the medians; `prepare` goes before each turn."""
    runs, references = [], []
    for _ in range(repetitions):
        prepare()
        references.append(run(reference_command))
        runs.append(run(command))
    return Comparison(
        name=name,
        reference=reference,
        wall=statistics.median(item.wall_seconds for item in runs),
        reference_wall=statistics.median(item.wall_seconds for item in references),
        cpu=statistics.median(item.cpu_seconds for item in runs),
        reference_cpu=statistics.median(item.cpu_seconds for item in references),
        peak_mb=max(item.peak_mb for item in runs),
    )
