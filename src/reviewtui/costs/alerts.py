"""The alerts of a product as one list: weeks that moved, old or flat data, lost tags, a review that is due.

Each has a subject and a day, by which people say what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs import monitoring
from reviewtui.costs.coverage import coverage_drops
from reviewtui.months import Month
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewtui.costs.product import ProductCosts

RECENT_WEEKS = 3
"""Weeks whose alerts are listed."""
LATE_DAYS = 3
"""Bills can still grow for so long: what falls in the last days may only be late."""

STALENESS, FLATLINE, REVIEW, NEW_SERVICE = "staleness", "flatline", "review", "new service"
STALE, FLAT, LOST_TAGS, REVIEW_DUE = "stale", "flatline", "coverage_drop", "review_due"


class Standing(Enum):
    """What became of an alert."""

    OPEN = "open"
    EXPLAINED = "explained"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class CostAlert:
    """Something that somebody should look at."""

    subject: str
    day: date
    """The Monday of its week, or the day that it is counted from."""
    state: str
    title: str
    value: str = ""
    """How much, where it is no amount of money."""
    before: Fraction | None = None
    now: Fraction | None = None
    """Amounts of money."""
    change_percent: Fraction | None = None
    advice: str = ""
    """What to look at first; a sentence."""
    drivers: tuple[tuple[str, Fraction], ...] = ()
    """Of a total: what each component added to the change, the largest first; they add up to it."""
    is_incomplete: bool = False
    """Whether it fell in days whose bill may not be all there yet."""

    @property
    def month(self) -> Month:
        """The month it belongs to."""
        return Month.of(self.day)


_ADVICE = {
    monitoring.SUSPECT_TAGGING: "A fall by half or more is first of all lost tags: check the pipeline.",
    monitoring.NEW_COMPONENT: "It cost nothing the week before: is it meant to?",
    monitoring.ALERT_DOWN: "A possible win: write down what was improved.",
}


def alerts_of(costs: ProductCosts, as_of: date, weeks: int = RECENT_WEEKS) -> tuple[CostAlert, ...]:
    """Every alert as of a day: the newest weeks first, of a week the total and then what moved most."""
    changes = list(monitoring.week_changes(monitoring.weeks_of(costs), Fraction(costs.model.alert_floor)))
    days = sorted({change.day for change in changes})[-weeks:]
    listed = [change for change in changes if change.is_alert and change.day in days]
    listed.sort(
        key=lambda change: (change.subject != monitoring.TOTAL, -abs(change.now - change.before), change.subject)
    )
    listed.sort(key=lambda change: change.day, reverse=True)
    return (
        *(_of_week(change, changes, as_of) for change in listed),
        *_of_data(costs, as_of),
        *_of_coverage(costs, as_of),
        *_of_review(costs, as_of),
    )


def _of_week(change: monitoring.WeekChange, changes: Sequence[monitoring.WeekChange], as_of: date) -> CostAlert:
    sunday = change.day + timedelta(days=monitoring.WEEK_DAYS - 1)
    drivers: list[tuple[str, Fraction]] = []
    if change.subject == monitoring.TOTAL:
        parts = [item for item in changes if item.day == change.day and item.subject != monitoring.TOTAL]
        moved = [(item.subject, item.now - item.before) for item in parts if item.now != item.before]
        drivers = sorted(moved, key=lambda item: (-abs(item[1]), item[0]))
    return CostAlert(
        change.subject,
        change.day,
        change.state,
        "Total cost of a week" if change.subject == monitoring.TOTAL else change.subject,
        before=change.before,
        now=change.now,
        change_percent=change.change_percent,
        advice=_ADVICE.get(change.state, ""),
        drivers=tuple(drivers),
        is_incomplete=change.now < change.before and (as_of - sunday).days <= LATE_DAYS,
    )


def _of_data(costs: ProductCosts, as_of: date) -> Iterator[CostAlert]:
    latest, stale = monitoring.latest_data_day(costs), monitoring.staleness_days(costs, as_of)
    if latest is not None and stale is not None and monitoring.is_stale(stale):
        advice = f"The newest cost is of {latest}: does the export still run?"
        yield CostAlert(STALENESS, latest, STALE, "Newest cost data", f"{stale} days old", advice=advice)
    flat = monitoring.flat_days(costs)
    if flat is not None:
        first, last = flat
        advice = f"Every day from {first} to {last} cost the same: check the pipeline that brings the costs."
        yield CostAlert(
            FLATLINE, first, FLAT, "Daily cost does not move", f"{(last - first).days + 1} days", advice=advice
        )


def _of_coverage(costs: ProductCosts, as_of: date) -> Iterator[CostAlert]:
    complete = [month for month in costs.months if month.is_complete(as_of)]
    for drop in coverage_drops(costs, complete[-1]) if complete else ():
        value = f"{float(drop.before):.1f} → {float(drop.now):.1f} %"
        advice = f"Fewer are tagged in {complete[-1]} than the month before: was a tag dropped?"
        title = f"{drop.words[:1].upper()}{drop.words[1:]} fell"
        yield CostAlert(drop.words, complete[-1].first_day, LOST_TAGS, title, value, advice=advice)


def _of_review(costs: ProductCosts, as_of: date) -> Iterator[CostAlert]:
    reviewed = costs.model.model_last_reviewed
    if reviewed is not None and as_of > monitoring.review_due(reviewed):
        due = monitoring.review_due(reviewed)
        late = f"{counted((as_of - due).days, 'day')} overdue"
        advice = f"The model was reviewed on {reviewed} last; write `model_last_reviewed` after the next time."
        yield CostAlert(REVIEW, due, REVIEW_DUE, "Review of the model", late, advice=advice)
    for service, month in new_services(costs):
        advice = f"The model was not reviewed since {service} began to cost: is its share right? Add it to the map."
        subject = f"{NEW_SERVICE} {service}"
        yield CostAlert(subject, month.first_day, REVIEW_DUE, f"New service {service}", advice=advice)


def new_services(costs: ProductCosts) -> list[tuple[str, Month]]:
    """Services that the map does not have and that cost nothing up to the last review of the model; with their month.

    Without a review on record: services that cost nothing before the newest month.
    """
    months = costs.months
    if not months:
        return []
    reviewed = costs.model.model_last_reviewed
    last_known = Month.of(reviewed) if reviewed is not None else months[-1] - 1
    known = {service.name for service in costs.model.services} | {""}
    first: dict[str, Month] = {}
    for month in months:
        for tally in costs.tallies[month.index]:
            for _, _, service in tally.services:
                first.setdefault(service, month)
    if not any(month <= last_known for month in first.values()):
        return []
    found = ((service, month) for service, month in first.items() if month > last_known and service not in known)
    return sorted(found, key=lambda item: (item[1].index, item[0]))
