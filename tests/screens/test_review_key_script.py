"""A whole review by keyboard alone: from opening the demo to a summary on disk and frozen numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reviewtui.app import ReviewApp
from reviewtui.demo.generate import make_demo
from reviewtui.workspace.kinds.reviews import REVIEWS
from reviewtui.workspace.store import RecordStore
from tests.screens.conftest import running, settled, shown_text

AS_OF = date(2026, 11, 22)
SAVE = "ctrl+s"


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    return tuple("space" if letter == " " else letter for letter in text)


SCRIPT: tuple[tuple[str, ...], ...] = (
    # The review of the third product, and its one exception.
    ("6", "]", "]"),
    ("W",),
    ("e", *typed("Trial users of the spring campaign left"), SAVE),
    ("6",),
    # The month in one line.
    ("e", *typed("Growth is flat"), SAVE),
    # The three questions of the focus, and the goal of the quarter.
    (*"jjjj", "enter", *typed("Search is what they miss"), SAVE),
    ("j", "enter", *typed("New plans slow churn"), SAVE),
    ("j", "enter", *typed("Who would pay for search"), SAVE),
    ("j", "enter", *typed("Find out why growth is flat"), SAVE),
    # What comes out of it: a question that comes back, and a to-do.
    ("plus", *typed("Who would pay for search"), SAVE),
    ("o", *typed("Call five of those who left"), SAVE),
    # Out it goes, and closed it is.
    ("v", "w"),
    ("escape",),
    ("X",),
)
GUIDE = Path(__file__).parents[2] / "docs" / "reviews.md"


def test_the_guide_says_how_many_keys_the_script_has() -> None:
    keys = sum(map(len, SCRIPT))
    assert f"takes {keys} keystrokes" in " ".join(GUIDE.read_text("utf-8").split())


async def test_a_review_of_the_demo_is_complete_exported_and_closed_without_a_mouse(tmp_path: Path) -> None:
    root = make_demo(tmp_path / "demo", AS_OF, scale=0.1)
    app = ReviewApp(root, AS_OF, state_folder=tmp_path / "state")
    async with running(app) as pilot:
        for part in SCRIPT:
            await pilot.press(*part)
            await settled(pilot)
        assert "✓ closed" in shown_text(pilot)
    (review,) = RecordStore(root).load().of(REVIEWS)
    assert review.is_closed
    assert not review.closings[0].overrides
    summary = next((tmp_path / "state" / "copies").glob("*.md")).read_text("utf-8")
    for words in ("Growth is flat", "Search is what they miss", "Trial users of the spring campaign", "Call five"):
        assert words in summary
    assert "Not answered yet" not in summary
    assert "Not explained yet" not in summary
