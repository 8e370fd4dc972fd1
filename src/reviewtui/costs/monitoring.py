"""Would anybody notice if the costs moved or the data broke: weekly changes, staleness, and the model's own review.

Weeks run from Monday to Sunday; a week is judged once it has seven days of data, against the week before it.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from reviewtui.costs.allocation import MissingShareError
from reviewtui.costs.exact import change_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewtui.costs.product import ProductCosts

WEEK_DAYS = 7
TOTAL = "total"
TOTAL_ABOVE = 15
COMPONENT_ABOVE = 25
SUSPECT_AT = 50
"""Per cent; a change of exactly the first two raises nothing, a fall of exactly the third does."""
STALE_AFTER_DAYS = 3
REVIEW_MONTHS = 3
FLAT_DAYS = 3

OK, ALERT, ALERT_UP, ALERT_DOWN = "ok", "alert", "alert_up", "alert_down"
SUSPECT_TAGGING, NEW_COMPONENT, PARTIAL_WEEK = "suspect_tagging", "new_component", "not_evaluated_partial_week"


@dataclass(frozen=True, slots=True)
class Week:
    """The cost of a product by component in one week."""

    monday: int
    days: int
    components: Mapping[str, Fraction]

    @property
    def total(self) -> Fraction:
        """All components together."""
        return sum(self.components.values(), Fraction(0))


@dataclass(frozen=True, slots=True)
class WeekChange:
    """How a component, or the total, moved from one week to the next."""

    day: date
    """The Monday of the later week."""
    subject: str
    state: str
    change_percent: Fraction | None = None
    before: Fraction = Fraction(0)
    now: Fraction = Fraction(0)

    @property
    def is_alert(self) -> bool:
        """Whether somebody should look."""
        return self.state not in (OK, PARTIAL_WEEK)


def weeks_of(costs: ProductCosts) -> tuple[Week, ...]:
    """The weeks of a product, oldest first: as its source gives them, else from its cost lines."""
    given = [row for row in costs.inputs.weeks if row.product == costs.model.product_id]
    if not given:
        return _weeks_from_lines(costs)
    components: defaultdict[int, dict[str, Fraction]] = defaultdict(dict)
    days: dict[int, int] = {}
    for row in given:
        known = components[row.monday]
        known[row.component] = known.get(row.component, Fraction(0)) + Fraction(row.amount)
        days[row.monday] = min(row.days, days.get(row.monday, row.days))
    return tuple(Week(monday, days[monday], components[monday]) for monday in sorted(components))


def _weeks_from_lines(costs: ProductCosts) -> tuple[Week, ...]:
    groups = costs.inputs.of_series(costs.model.series)
    components: defaultdict[int, dict[str, Fraction]] = defaultdict(dict)
    unknown: set[int] = set()
    for (monday, _, _), tally in costs.sorter.by_day(groups).items():
        found = components[monday]
        try:
            allocated = costs.allocator.allocate(tally)
        except MissingShareError:
            unknown.add(monday)
            continue
        for component, cost in allocated.components.items():
            found[component] = found.get(component, Fraction(0)) + cost
    known_days = set(costs.inputs.days)
    return tuple(
        Week(monday, sum(day in known_days for day in range(monday, monday + WEEK_DAYS)), components[monday])
        for monday in sorted(components.keys() - unknown)
    )


def week_changes(weeks: Sequence[Week], floor: Fraction = Fraction(0)) -> Iterator[WeekChange]:
    """What is to be said of each week that can be compared; changes of less than `floor` raise nothing."""
    by_monday = {week.monday: week for week in weeks}
    for week in weeks:
        before = by_monday.get(week.monday - WEEK_DAYS)
        if before is None or before.days < WEEK_DAYS:
            continue
        day = date.fromordinal(week.monday)
        if week.days < WEEK_DAYS:
            yield WeekChange(day, TOTAL, PARTIAL_WEEK)
            continue
        yield _change(day, TOTAL, before.total, week.total, floor)
        for component in dict.fromkeys((*before.components, *week.components)):
            earlier, now = (found.components.get(component, Fraction(0)) for found in (before, week))
            yield _change(day, component, earlier, now, floor)


def _change(day: date, subject: str, before: Fraction, now: Fraction, floor: Fraction) -> WeekChange:
    change = change_percent(before, now)
    state = change_state(change, before, now, is_total=subject == TOTAL)
    if abs(now - before) < floor:
        state = OK
    return WeekChange(day, subject, state, change, before, now)


def change_state(change: Fraction | None, before: Fraction, now: Fraction, *, is_total: bool) -> str:
    """The state of a change in per cent; None stands for a change from nothing."""
    if change is None:
        return NEW_COMPONENT if now > before else OK
    if change <= -SUSPECT_AT or (now == 0 and before > 0):
        return SUSPECT_TAGGING
    if is_total:
        return ALERT if abs(change) > TOTAL_ABOVE else OK
    if change > COMPONENT_ABOVE:
        return ALERT_UP
    return ALERT_DOWN if change < -COMPONENT_ABOVE else OK


def latest_data_day(costs: ProductCosts) -> date | None:
    """The newest day the costs are known of."""
    if costs.model.latest_data_day is not None:
        return costs.model.latest_data_day
    return date.fromordinal(costs.inputs.days[-1]) if costs.inputs.days else None


def staleness_days(costs: ProductCosts, as_of: date) -> int | None:
    """Days since the newest data; None where there are none."""
    latest = latest_data_day(costs)
    return None if latest is None else (as_of - latest).days


def is_stale(days: int) -> bool:
    """Whether data of this age deserve an alert."""
    return days > STALE_AFTER_DAYS


def review_due(last: date) -> date:
    """When a model that was reviewed on `last` is to be reviewed again: three calendar months later."""
    place = last.year * 12 + last.month - 1 + REVIEW_MONTHS
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(last.day, calendar.monthrange(year, month)[1]))


def flat_days(costs: ProductCosts) -> tuple[date, date] | None:
    """The newest run of three or more days with the same cost; None where there is none."""
    totals: dict[int, Fraction] = {}
    for (day, _, _), tally in costs.sorter.by_day(costs.inputs.daily.get(costs.model.series, ())).items():
        try:
            totals[day] = totals.get(day, Fraction(0)) + costs.allocator.allocate(tally).total
        except MissingShareError:
            return None
    run: list[int] = []
    newest: tuple[date, date] | None = None
    for before, day in pairwise(sorted(totals)):
        is_same = day == before + 1 and totals[day] == totals[before] != 0
        run = [*(run or [before]), day] if is_same else []
        if len(run) >= FLAT_DAYS:
            newest = date.fromordinal(run[0]), date.fromordinal(run[-1])
    return newest
