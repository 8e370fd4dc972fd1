"""The demo's months: 36 complete ones that end with the latest complete month, and the open one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.errors import UsageError
from reviewtui.months import Month, latest_complete_month

if TYPE_CHECKING:
    from datetime import date

COMPLETE_MONTHS = 36
LATEST = COMPLETE_MONTHS - 1
"""Index of the latest complete month."""
OPEN = COMPLETE_MONTHS
"""Index of the month that contains as-of."""
_YEARS = range(1990, 9990)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Month indexes (0 is the demo's first month) for one as-of date."""

    as_of: date

    def __post_init__(self) -> None:
        if self.as_of.year not in _YEARS:
            raise UsageError(
                f"The demo can be made as of a date from {_YEARS[0]} to {_YEARS[-1]}, not {self.as_of}.",
                "Not a demo date",
            )

    def month(self, index: int) -> Month:
        """The month with this index; negative ones lie before the demo's first."""
        return latest_complete_month(self.as_of) + (index - LATEST)

    @property
    def first_day(self) -> date:
        """The first day with data."""
        return self.month(0).first_day
