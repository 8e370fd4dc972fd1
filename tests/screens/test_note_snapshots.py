"""Notes, threads, to-dos and conflicts as they look, at the three sizes that matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.store import RecordStore
from tests.screens.conftest import settled
from tests.screens.noted import noted_app, plan, told, workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

SIZES = [(80, 24), (120, 40), (200, 60)]
VIEWS = {
    "grid": ("churn_rate", ()),
    "metric": ("churn_rate", ("enter",)),
    "comments": ("churn_rate", ("c", "j")),
    "to-dos": ("mrr", ("9",)),
}
ONCE = {
    "open-question-of-the-grid": ("mrr", ("space",), (120, 40)),
    "writing-a-comment": ("churn_rate", ("c", "plus", *"Seen"), (120, 40)),
    "to-dos-by-owner-with-closed-ones": ("mrr", ("9", "s", "v", "j"), (120, 40)),
    "carrying-a-to-do": ("mrr", ("9", "greater_than_sign"), (80, 24)),
}


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Wait for the numbers, then press keys."""

    async def prepare(pilot: Pilot[None]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        await settled(pilot)

    return prepare


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(("metric", "keys"), VIEWS.values(), ids=VIEWS)
def test_notes(
    snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int], metric: str, keys: tuple[str, ...]
) -> None:
    told(tmp_path / "w")
    assert snap_compare(noted_app(tmp_path / "w", metric=metric), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize(("metric", "keys", "size"), ONCE.values(), ids=ONCE)
def test_other_notes(
    snap_compare: Callable[..., bool], tmp_path: Path, metric: str, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    told(tmp_path / "w")
    assert snap_compare(noted_app(tmp_path / "w", metric=metric), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_conflicts(snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int]) -> None:
    store = workspace(tmp_path / "w")
    plan(store, "Ask billing", note="What was written first.")
    other = RecordStore(tmp_path / "w")
    (mine,), (theirs,) = store.load().of(TODOS), other.load().of(TODOS)
    other.save(theirs, {"title": "Ask finance", "note": "What they made of it, at some length, and with a reason."})
    store.save(mine, {"title": "Ask billing twice", "note": "What I made of it."})
    (kept,) = tmp_path.rglob("*.conflict-*")
    kept.write_text(
        re.sub(r'kept_at = ".*"', 'kept_at = "2026-11-10T09:30:00+00:00"', kept.read_text("utf-8")), "utf-8"
    )
    app = noted_app(tmp_path / "w")
    assert snap_compare(app, terminal_size=size, run_before=pressing("exclamation_mark", "l", "j"))
