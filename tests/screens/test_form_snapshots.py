"""Forms, drafts and lists as they look, at the three sizes that matter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from reviewtui.themes import THEME_NAMES
from reviewtui.workspace.drafts import DraftJournal, DraftKey
from tests.screens.conftest import ROOT, settled
from tests.screens.forms import FormApp, register
from tests.screens.test_snapshots import SIZES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOTE = """# Why

Revenue churn went to **3.3 %**; the usual is 0.8 to 1.5 %.

- Acme consolidated on `one` vendor
- see [the thread](https://example.org/t/1)
  1. first
  2. second

> We knew it in August.

| customer | MRR |
|---|---|
| Acme | 9.1k |
"""
VALUES = {
    "title": "Find out why churn rose",
    "owner": "Grace",
    "state": "open",
    "tags": ("churn", "pricing"),
    "urgent": True,
    "note": NOTE,
}
VIEWS = {
    "opened": (),
    "choices": ("tab", "tab"),
    "wrong": ("ctrl+s",),
    "preview": ("ctrl+r",),
    "quitting": ("x", "ctrl+q"),
    "drafts": ("x", "escape", "ctrl+o"),
    "help": ("f1",),
}


def form_app(theme: str = "reviewtui-dark") -> FormApp:
    """An app with a filled form and a clock that stands still."""
    register()
    app = FormApp(ROOT, values=VALUES, theme=theme)
    app.__dict__["journal"] = DraftJournal(None, now=lambda: NOON)
    other = DraftKey("comment", place="replay/nps@2026-10")
    app.journal.note(other, {"text": "Ask the three who left."}, heading="Comment · NPS · Oct 2026")
    return app


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Open the form, then press keys."""

    async def prepare(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("f9")
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

    return prepare


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", VIEWS.values(), ids=VIEWS)
def test_the_form(snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert snap_compare(form_app(), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_every_theme(snap_compare: Callable[..., bool], theme: str) -> None:
    assert snap_compare(form_app(theme), terminal_size=(100, 30), run_before=pressing("tab", "tab"))


def test_without_colours(snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(form_app(), terminal_size=(80, 24), run_before=pressing("ctrl+s"))
