"""What the evaluation has to know from the workspace: plain values that cross into the child process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.months import FiscalCalendar
    from reviewtui.workspace.model import KnownEvent, ProductConfig, SupportConfig, Workspace


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """The settings that decide what the numbers are."""

    as_of: date
    base_currency: str
    time_zone: str
    fiscal: FiscalCalendar
    attribution: str
    period_end_is_exclusive: bool
    reactivation_window_days: int
    support: SupportConfig
    products: tuple[ProductConfig, ...]
    events: tuple[KnownEvent, ...]

    @classmethod
    def of(cls, workspace: Workspace, as_of: date) -> EvaluationRequest:
        """The request for `workspace` as seen on the day `as_of`."""
        return cls(
            as_of=as_of,
            base_currency=workspace.base_currency,
            time_zone=workspace.time_zone,
            fiscal=workspace.fiscal,
            attribution=workspace.attribution,
            period_end_is_exclusive=workspace.period_end_is_exclusive,
            reactivation_window_days=workspace.reactivation_window_days,
            support=workspace.support,
            products=workspace.products,
            events=workspace.events,
        )
