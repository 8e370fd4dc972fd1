"""Which months are on screen: a pure decision, apart from painting.

Places are positions in the sheet's months, oldest first. The window slides by whole quarters, so that holding an
arrow key repaints a third as often.
"""

from __future__ import annotations

from reviewtui.months import MONTHS_PER_QUARTER
from reviewtui.quick_tuple import NamedTuple


class MonthWindow(NamedTuple):
    """A run of neighbouring months."""

    first: int
    """Place of the leftmost month."""
    size: int
    """How many months are shown."""

    @classmethod
    def newest(cls, size: int, total: int) -> MonthWindow:
        """The last `size` of `total` months, newest at the right."""
        shown = max(0, min(size, total))
        return cls(total - shown, shown)

    @property
    def end(self) -> int:
        """The place after the rightmost month."""
        return self.first + self.size

    def following(self, place: int, total: int) -> MonthWindow:
        """The window that shows `place`, moved by as few quarters as will do."""
        if self.first <= place < self.end:
            return self
        if place < self.first:
            # A window of less than a quarter would jump over the place.
            moved = max(self.first - _whole_quarters(self.first - place), place - self.size + 1)
        else:
            moved = min(self.first + _whole_quarters(place - self.end + 1), place)
        return self._replace(first=min(max(0, moved), max(0, total - self.size)))

    def resized(self, size: int, place: int, total: int) -> MonthWindow:
        """The window with room for `size` months: the right edge stays, and `place` stays in it."""
        shown = max(0, min(size, total))
        first = min(max(0, self.end - shown), max(0, total - shown))
        return MonthWindow(first, shown).following(place, total)


def _whole_quarters(months: int) -> int:
    """`months` rounded up to whole quarters."""
    return -(-months // MONTHS_PER_QUARTER) * MONTHS_PER_QUARTER
