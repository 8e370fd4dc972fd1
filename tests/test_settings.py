"""Where the person was is remembered; damage and failure are never fatal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Severity
from reviewtui.months import Month
from reviewtui.paths import session_file, state_dir
from reviewtui.settings import SessionState, load_session, save_session
from reviewtui.text import well_formed
from tests.workspace.hostile import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

STATE = SessionState(
    product="session-replay",
    metric="mrr",
    month=Month(2026, 9),
    folded=("usage", "nps"),
    pins=("nrr", "mrr"),
    theme="light",
    values="yoy",
    quarters=True,
    rows="section",
    section="usage",
    other={"window": {"width": 12}, "seen": ["a", "b"]},
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "reviews"
    root.mkdir()
    return root


def test_what_is_saved_is_loaded(root: Path) -> None:
    assert save_session(root, STATE) is None
    assert load_session(root) == STATE
    assert list(root.iterdir()) == []


def test_without_a_file_there_are_defaults(root: Path) -> None:
    assert load_session(root) == SessionState()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"product =",
        b"\xff",
        b"[[[",
        b"\0" * 100,
        b'month = "2026-13"\n',
        b"month = 2026-01-01\nfolded = 1\npins = {}\n",
    ],
)
def test_a_damaged_file_means_defaults(root: Path, content: bytes) -> None:
    save_session(root, STATE)
    session_file(root).write_bytes(content)
    assert load_session(root) == SessionState()
    assert save_session(root, STATE) is None
    assert load_session(root) == STATE


def test_one_bad_value_leaves_the_others(root: Path) -> None:
    save_session(root, SessionState())
    session_file(root).write_text('product = 1\nmetric = "mrr"\npins = ["a", 2, "b"]\nnew = true\n')
    assert load_session(root) == SessionState(metric="mrr", pins=("a", "b"), other={"new": True})


def test_a_file_of_an_earlier_version_still_loads(root: Path) -> None:
    save_session(root, SessionState())
    session_file(root).write_text(
        'product = "p"\nmetric = "mrr"\nmonth = "2026-09"\nfolded = []\npins = []\ntheme = ""\n'
    )
    assert load_session(root) == SessionState(product="p", metric="mrr", month=Month(2026, 9))


@pytest.mark.parametrize("line", ["values = 3", 'quarters = "yes"', "rows = []", "section = {}"])
def test_a_view_that_makes_no_sense_is_the_usual_one(root: Path, line: str) -> None:
    save_session(root, SessionState())
    session_file(root).write_text(line + "\n")
    assert load_session(root) == SessionState()


def test_a_folder_that_cannot_be_made_is_told(root: Path, tmp_path: Path) -> None:
    state_dir(root).parent.parent.mkdir(parents=True, exist_ok=True)
    state_dir(root).parent.write_text("in the way")
    problem = save_session(root, STATE)
    assert problem is not None
    assert problem.severity is Severity.WARNING
    assert "not remembered" in problem.message
    assert load_session(root) == SessionState()


def test_a_value_that_cannot_be_written_is_told(root: Path) -> None:
    save_session(root, STATE)
    assert save_session(root, SessionState(other={"x": None})) is not None
    assert load_session(root) == STATE


def test_any_id_can_be_remembered(root: Path) -> None:
    for text in HOSTILE.values():
        assert save_session(root, SessionState(product=text, pins=(text,))) is None
        loaded = load_session(root)
        assert loaded.pins == (well_formed(text),)
        assert loaded.product == well_formed(text)
