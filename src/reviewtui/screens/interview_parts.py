"""The parts of the interviews screen, and the way from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from reviewtui.screens.linked_list import LinkedList

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = ("Interviews", "Owed", "Cadence", "Recruiting", "Visits", "Tags")
"""In the order of Tab."""


class InterviewPart(LinkedList):
    """One of the parts."""

    PART: ClassVar[str] = ""

    def title_words(self) -> tuple[str, str]:
        """The parts, this one in brackets, and what needs attention."""
        names = [f"[{name}]" if name == self.PART else name for name in PARTS]
        return "  ".join(names), self.attention()

    def attention(self) -> str:
        """What needs attention, in a few words."""
        return ""

    def action_next_part(self) -> None:
        """The part after this one."""
        self._switch(1)

    def action_previous_part(self) -> None:
        """The part before this one."""
        self._switch(-1)

    def _switch(self, step: int) -> None:
        kinds = part_classes()
        at = next(place for place, kind in enumerate(kinds) if kind.PART == self.PART)
        self.app.switch_screen(kinds[(at + step) % len(kinds)]())


def part_classes() -> Sequence[type[InterviewPart]]:
    """The screens, in the order of `PARTS`."""
    from reviewtui.screens.interviews import InterviewsScreen
    from reviewtui.screens.owed import CadenceScreen, OwedScreen
    from reviewtui.screens.tags import TagsScreen
    from reviewtui.screens.visits import RecruitingScreen, VisitsScreen

    return InterviewsScreen, OwedScreen, CadenceScreen, RecruitingScreen, VisitsScreen, TagsScreen
