"""Each screen as it looks, at the three sizes that matter and in every theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from reviewtui.errors import SourceError
from reviewtui.themes import THEME_NAMES
from tests.screens.conftest import ROOT, app_of, settled
from tests.sheets import AS_OF

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

    from reviewtui.loaded_sheet import LoadedSheet

SIZES = [(80, 24), (120, 40), (200, 60)]


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Wait for the numbers, then press keys."""

    async def prepare(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

    return prepare


VIEWS = {
    "opened": (),
    "another-product": ("]", "h", "j", "j"),
    "last-section": ("G",),
    "month-on-month": ("t", "j"),
    "quarters-year-on-year": ("t", "t", "v", "h"),
    "pinned-and-folded": ("j", "*", "}", "z", "}", "z"),
    "filter-without-rows": ("f",),
    "finding": ("slash", *"churn"),
    "product-picker": ("P", "down"),
    "details": ("space",),
    "help": ("?",),
    "problems": ("p",),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", VIEWS.values(), ids=VIEWS)
def test_the_grid(snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert snap_compare(app_of(), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_every_theme(snap_compare: Callable[..., bool], theme: str) -> None:
    app = app_of(theme=theme)
    assert snap_compare(app, terminal_size=(120, 30), run_before=pressing("j", "j"))


def test_a_source_that_cannot_be_read(snap_compare: Callable[..., bool]) -> None:
    def load(*_: object) -> LoadedSheet:
        raise SourceError(
            "acme.duckdb is locked by another program (process 4711). Close it there.", "A file is locked"
        )

    app = ReviewApp(ROOT, AS_OF, load_sheet=load)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing())
