"""Everything that decides what a demo contains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.demo.company import load_company
from reviewtui.demo.stories import load_stories

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.demo.company import Company
    from reviewtui.demo.stories import Story
    from reviewtui.demo.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Setting:
    """One demo: the company, what happens to it, when, and how much of it."""

    company: Company
    stories: Mapping[str, Story]
    timeline: Timeline
    seed: int
    scale: float


def load_setting(timeline: Timeline, seed: int, scale: float) -> Setting:
    """The demo company as its files describe it."""
    return Setting(load_company(), load_stories(), timeline, seed, scale)
