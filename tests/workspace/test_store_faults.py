"""The trials of `python -m benchmarks.faults`, fewer of each: no fault and no sudden end loses a word."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from benchmarks.fault_trials import ERRORS, run_apart

if TYPE_CHECKING:
    from pathlib import Path

TIMES = 10 if os.environ.get("REVIEWTUI_THOROUGH") else 1


@pytest.mark.parametrize(
    ("name", "count", "least"),
    [
        ("crash_points", 1, 60),
        ("faults", len(ERRORS) if TIMES > 1 else 1, 60),
        ("kills", 20 * TIMES, 20),
        ("round_trips", 500 * TIMES, 500),
        ("mutated", 200 * TIMES, 200),
        ("race", 20 * TIMES, 40),
    ],
)
def test_nothing_is_lost(tmp_path: Path, name: str, count: int, least: int) -> None:
    trial = run_apart(name, tmp_path / name, count)
    assert trial.wrong == ()
    assert trial.tried >= least
