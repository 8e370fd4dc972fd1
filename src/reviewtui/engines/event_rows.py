"""The events that explain usage and activation, few enough to be brought back.

Usage is explained by who was active on which day, so one event stands for all key actions of a user for an
organisation on a local day. Of the newest whole months all of these come, and of everybody in them the first event
ever, which tells who is new. Activation is explained by the first events of each kind after the intent, as many as
a criterion asks for; whose they were is not brought. Every number that is computed from them is that of all events.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reviewtui.metrics.conversions import EARLIEST, LATEST, literal
from reviewtui.metrics.parameters import DAY_SECONDS, DEFAULT_WINDOW_DAYS, local_midnight
from reviewtui.months import Month

if TYPE_CHECKING:
    from reviewtui.engines.engine import Row
    from reviewtui.engines.split import SplitConnection
    from reviewtui.metrics.request import EvaluationRequest

SHARE_OF_ACTIVATION = 4
"""One row in so many may be of events that explain activation."""

_MICROSECONDS = 1_000_000
_DAY_US = DAY_SECONDS * _MICROSECONDS
_KEY = "product_id, user_id, org_id"
_FIRST_DAY, _LAST_DAY = date.fromisoformat(EARLIEST), date.fromisoformat(LATEST)
_IS_ACTIVE = "is_key_action and (user_id is not null or org_id is not null)"


class _Criterion(NamedTuple):
    """What activation asks for: an event, None for any, so many times in so many days."""

    event: str | None
    times: int
    days: int


_DEFAULT = _Criterion(None, 1, DEFAULT_WINDOW_DAYS)


@dataclass(frozen=True, slots=True)
class EventRows:
    """What was brought: (product_id, event, user_id, occurred_at in microseconds, org_id)."""

    rows: list[Row]
    first: Month | None = None
    """The first month of which all come; None: all of all months."""
    left_out: str = ""
    """Why none came; completes "the rows of event ..."."""
    has_activation: bool = False
    """Whether those that explain activation are among them."""


class EventRowFetcher:
    """Brings the events that explain usage and activation; reads `input_event`, `input_product_intent` and
    `event_span`.
    """

    def __init__(self, connection: SplitConnection, request: EvaluationRequest, most: int) -> None:
        self.connection = connection
        self.request = request
        self.zone = request.time_zone
        self.most = most

    def fetch(self, *, with_activation: bool) -> EventRows:
        """At most `most` rows; EngineError where the engine fails."""
        found = self._usage(self.most - self.most // SHARE_OF_ACTIVATION if with_activation else self.most)
        span = self._span()
        if found.left_out or span is None or not with_activation:
            return found
        room = self.most - len(found.rows)
        rows = self._after_intents(found.first or span[0], span[1], room + 1)
        return found if len(rows) > room else replace(found, rows=[*found.rows, *rows], has_activation=True)

    def _usage(self, most: int) -> EventRows:
        span = self._span()
        if span is None:
            return EventRows([])
        oldest, newest = span
        counts = self._counts(oldest, newest, most)
        total = sum(days for days, _ in counts.values())
        if total <= most and min(counts, default=oldest) == oldest:
            rows = self._days(oldest, newest)
            return self._checked(rows, total, None)
        first = self._first(counts, most)
        if first is None:
            count = next(sum(counts[month]) for month in sorted(counts, reverse=True) if counts[month][0])
            reason = f"stay there: {count:,} of the newest month, at most {most:,} are brought."
            return EventRows([], left_out=f"{reason} Raise `--most-rows`.")
        rows = self._days(first, newest)
        total = sum(days for month, (days, _) in counts.items() if month >= first)
        return self._checked(rows, total, first, self._earliest(first, newest))

    @staticmethod
    def _checked(rows: list[Row], expected: int, first: Month | None, earlier: list[Row] | None = None) -> EventRows:
        if len(rows) != expected:
            return EventRows([], left_out="changed while they were read. Pull again.")
        return EventRows([*(earlier or ()), *rows], first)

    def _span(self) -> tuple[Month, Month] | None:
        """The first and the last month with an event of any kind."""
        row = self.connection.execute("select min(first_us), max(last_us) from event_span").fetchone()
        if row is None or row[0] is None:
            return None
        first, last = (
            Month.of((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(str(us)))).date()) for us in row
        )
        # A local month may begin before that of UTC, or end after it.
        return max(first - 1, Month.of(_FIRST_DAY)), min(last + 1, Month.of(_LAST_DAY))

    def _counts(self, oldest: Month, newest: Month, most: int) -> dict[Month, tuple[int, int]]:
        """Months from the newest back, as many as may come: (rows of days, users) of each.

        So that a company with many events is not counted through, ever more months are asked about at once.
        """
        found: dict[Month, tuple[int, int]] = {}
        until, width = newest, 3
        while until >= oldest:
            first = max(oldest, until - (width - 1))
            found |= self._count(first, until)
            if sum(days for days, _ in found.values()) > most:
                break
            until, width = first - 1, width * 2
        return found

    def _count(self, first: Month, last: Month) -> dict[Month, tuple[int, int]]:
        days = dict.fromkeys((first + later for later in range(last.index - first.index + 1)), 0)
        users = dict(days)
        within, month = self._within(first, last), self._month(first, last)
        active = f"select distinct {_KEY}, {self._day(first, last)} as day, {month} as month from input_event"
        query = f"select month, count(*) as n from ({active} where {within}) given group by month"
        for index, count in self.connection.execute(query).fetchall():
            days[Month.from_index(int(str(index)))] = int(str(count))
        active = f"select distinct product_id, user_id, {month} as month from input_event"
        query = f"select month, count(*) as n from ({active} where {within}) given group by month"
        for index, count in self.connection.execute(query).fetchall():
            users[Month.from_index(int(str(index)))] = int(str(count))
        return {item: (days[item], users[item]) for item in days}

    @staticmethod
    def _first(counts: dict[Month, tuple[int, int]], most: int) -> Month | None:
        """The first of the newest months that are few enough, with one row more for each of their users."""
        first, total = None, 0
        for month in sorted(counts, reverse=True):
            total += sum(counts[month])
            if total > most:
                break
            first = month if total else None
        return first

    def _days(self, first: Month, last: Month) -> list[Row]:
        """The first event of each user for each organisation on each day."""
        return self.connection.execute(
            f"""with numbered as (
                select product_id, event, user_id, occurred_at_us, org_id,
                    row_number() over (partition by {_KEY}, {self._day(first, last)} order by occurred_at_us, event)
                        as place
                from input_event where {self._within(first, last)}
            )
            select product_id, event, user_id, occurred_at_us, org_id from numbered where place = 1"""
        ).fetchall()

    def _earliest(self, first: Month, last: Month) -> list[Row]:
        """An event at the first instant of each user who was there before `first` and is there since."""
        since, until = self._start(first), self._start(last + 1)
        return self.connection.execute(
            f"""select product_id, min(event) as some_event, user_id, min(occurred_at_us) as first_us,
                cast(null as varchar) as org_id
            from input_event
            where is_key_action and user_id is not null
                and occurred_at_us >= {_start_of(_FIRST_DAY)} and occurred_at_us < {until}
            group by product_id, user_id
            having min(occurred_at_us) < {since} and max(occurred_at_us) >= {since}"""
        ).fetchall()

    def _after_intents(self, first: Month, last: Month, most: int) -> list[Row]:
        """The first events of each kind after each intent of the months from `first` to `last`, at most `most`.

        Those that are brought as the first of a day are not among them: each event is brought once.
        """
        criteria = [_DEFAULT, *(criterion for asked in self._criteria().values() for criterion in asked)]
        most_often = max(criterion.times for criterion in criteria)
        window = max(criterion.days for criterion in criteria) * _DAY_US
        # A day begins before the intent that comes on it.
        since, until = self._start(first), self._start(last + 1)
        day = self._day(first, last).replace("occurred_at_us", "e.occurred_at_us")
        return self.connection.execute(
            f"""with intent as (
                select product_id, org_id, min(first_intent_at_us) as intent_us
                from input_product_intent where org_id is not null group by product_id, org_id
            ),
            following as (
                select e.product_id, e.event, e.user_id, e.org_id, e.occurred_at_us, {day} as day,
                    case when e.is_key_action then 1 else 0 end as is_key,
                    case when e.occurred_at_us >= i.intent_us and e.occurred_at_us <= i.intent_us + {window}
                        and ({self._is_asked_for()}) then 1 else 0 end as is_asked_for
                from input_event e
                join intent i on i.product_id = e.product_id and i.org_id = e.org_id
                where i.intent_us >= {since} and e.occurred_at_us >= {since} and e.occurred_at_us < {until}
            ),
            numbered as (
                select product_id, event, org_id, occurred_at_us, is_key, is_asked_for,
                    row_number() over (partition by product_id, org_id, event, is_asked_for order by occurred_at_us)
                        as place,
                    row_number() over (partition by {_KEY}, day, is_key order by occurred_at_us, event) as place_of_day
                from following
            )
            select product_id, event, cast(null as varchar) as user_id, occurred_at_us, org_id
            from numbered
            where is_asked_for = 1 and place <= {most_often} and (is_key = 0 or place_of_day > 1) limit {most}"""
        ).fetchall()

    def _is_asked_for(self) -> str:
        """SQL for whether some criterion of its product is about the event `e`; of a product without any, all are."""
        asked = {product: [item.event for item in criteria] for product, criteria in self._criteria().items()}
        named = {product: [event for event in events if event] for product, events in asked.items() if all(events)}
        if not named:
            return "true"
        conditions = [f"e.product_id not in ({', '.join(map(literal, named))})"]
        for product, events in named.items():
            conditions.append(f"e.product_id = {literal(product)} and e.event in ({', '.join(map(literal, events))})")
        return " or ".join(f"({condition})" for condition in conditions)

    def _criteria(self) -> dict[str, list[_Criterion]]:
        """Configured product to its activation criteria of all times, or the default ones."""
        found = {}
        for product in self.request.products:
            own = [
                _Criterion(criterion.event, criterion.count, version.window_days)
                for version in product.activation
                for criterion in version.criteria
            ]
            key_action = next(iter(product.key_action), None)
            found[product.product_id] = own or [_DEFAULT._replace(event=key_action)]
        return found

    # Local time, decided here and not by the engine

    def _start(self, month: Month) -> int:
        return self._midnight(month.first_day)

    def _midnight(self, day: date) -> int:
        return round(local_midnight(day, self.zone).timestamp()) * _MICROSECONDS

    def _within(self, first: Month, last: Month) -> str:
        return f"{_IS_ACTIVE} and occurred_at_us >= {self._start(first)} and occurred_at_us < {self._start(last + 1)}"

    def _month(self, first: Month, last: Month) -> str:
        """SQL for the index of the local month of an event in the months from `first` to `last`."""
        steps = [
            f"when occurred_at_us < {self._start(first + later + 1)} then {first.index + later}"
            for later in range(last.index - first.index)
        ]
        return f"case {' '.join(steps)} else {last.index} end" if steps else str(last.index)

    def _day(self, first: Month, last: Month) -> str:
        """SQL for a number of the local day, where the clocks may be put forward and back."""
        day, end = first.first_day, (last + 1).first_day
        offset = _start_of(day) - self._midnight(day)
        steps = []
        while day < end:
            following = day + timedelta(days=1)
            after = _start_of(following) - self._midnight(following)
            if after != offset:
                # From noon on the day is that of the new clock: both clocks agree that it is this day.
                steps.append(f"when occurred_at_us < {self._midnight(day) + _DAY_US // 2} then {offset}")
                offset = after
            day = following
        shift = f"case {' '.join(steps)} else {offset} end" if steps else str(offset)
        return f"(occurred_at_us + {shift}) // {_DAY_US}"


def _start_of(day: date) -> int:
    """00:00 UTC of a day in microseconds."""
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * _MICROSECONDS
