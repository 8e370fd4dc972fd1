"""The events that explain usage and activation, few enough to be brought back.

Usage is explained by who was active on which day, so one event stands for all key actions of a user for an
organisation on a local day. Of the newest whole months all of these come, and of everybody in them the first event
ever, which tells who is new. Activation is explained by the first events after the intent, as many as a criterion
asks for; whose they were is not brought. Every number that is computed from them is that of all events.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from reviewtui.metrics.conversions import EARLIEST, literal
from reviewtui.metrics.event_inputs import within
from reviewtui.metrics.parameters import DAY_SECONDS, DEFAULT_WINDOW_DAYS, default_activation, local_midnight_us
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewtui.engines.engine import Row
    from reviewtui.engines.inputs import EngineInputs
    from reviewtui.engines.split import SplitConnection
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.workspace.model import ActivationVersion, Criterion

SHARE_OF_ACTIVATION = 4
"""One row in so many is left to events that explain activation."""

CHANGED = "changed while they were read. Pull again."

_DAY_US = DAY_SECONDS * 1_000_000
_DEFAULT_WINDOW = str(DEFAULT_WINDOW_DAYS * _DAY_US)
_EARLIEST = Month.of(date.fromisoformat(EARLIEST))
_KEY = "product_id, user_id, org_id"


@dataclass(frozen=True, slots=True)
class EventRows:
    """What was brought: (product_id, event, user_id, occurred_at in microseconds, org_id)."""

    rows: list[Row]
    first: Month | None = None
    """The first month of which all come; None: all of all months."""
    left_out: str = ""
    """Why none came; completes "the rows of event ..."."""
    without_intents: str = ""
    """Why intents are not explained by them; completes "the rows of product_intent ..."."""


class EventRowFetcher:
    """Brings the events that explain usage and activation.

    Reads `input_event`, `input_product_intent` and `event_span`.
    """

    def __init__(
        self, connection: SplitConnection, inputs: EngineInputs, request: EvaluationRequest, most: int
    ) -> None:
        """At most `most` rows are brought."""
        self.connection = connection
        self.instant_type = inputs.instant_type
        self.request = request
        self.zone = request.time_zone
        self.most = most

    def fetch(self, *, with_activation: bool) -> EventRows:
        """The rows; EngineError where the engine fails."""
        span = self._span()
        if span is None:
            return EventRows([])
        found = self._usage(*span, self.most - self.most // SHARE_OF_ACTIVATION if with_activation else self.most)
        if not with_activation:
            return found
        if found.left_out:
            return replace(found, without_intents="stay there: they say nothing without the events.")
        room = self.most - len(found.rows)
        rows = self._after_intents(found.first or span[0], room + 1)
        if len(rows) > room:
            return replace(
                found, without_intents="stay there: the events after them are too many. Raise `--most-rows`."
            )
        return replace(found, rows=[*found.rows, *rows])

    def _span(self) -> tuple[Month, Month] | None:
        """The first and the last month that may have events to explain; None where there are none."""
        row = self.connection.execute("select min(first_us) from event_span").fetchone()
        if row is None or row[0] is None:
            return None
        first = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(str(row[0])))
        # A local month may begin before that of UTC.
        oldest, newest = max(Month.of(first.date()) - 1, _EARLIEST), Month.of(self.request.as_of)
        return (oldest, newest) if oldest <= newest else None

    # Usage

    def _usage(self, oldest: Month, newest: Month, most: int) -> EventRows:
        counts = self._counts(oldest, newest, most)
        total = sum(days for days, _ in counts.values())
        if total <= most and min(counts) == oldest:
            rows = self._days(oldest, newest)
            return EventRows(rows) if len(rows) == total else EventRows([], left_out=CHANGED)
        first = self._first(counts, self._users(min(counts), newest), most)
        if first is None or first == _newest(counts):
            # What a month was is told beside the month before.
            return EventRows([], left_out=self._too_many(counts, most))
        rows = self._days(first, newest)
        earlier = self._earliest(first, newest, most - len(rows) + 1)
        expected = sum(days for month, (days, _) in counts.items() if month >= first)
        if len(rows) != expected or len(rows) + len(earlier) > most:
            return EventRows([], left_out=CHANGED)
        return EventRows([*earlier, *rows], first)

    def _counts(self, oldest: Month, newest: Month, most: int) -> dict[Month, tuple[int, int]]:
        """Months from the newest back, as many as may come: rows of days, and of users who were there before.

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
        month = self._month(first, last)
        given = f"from input_event where {self._within(first, last)}"
        days = self._by_month(f"select distinct {_KEY}, {self._day(first, last)} as day, {month} as month {given}")
        # Of those who were there before come at most one row for each product, and one for all together.
        pairs = self._by_month(f"select distinct product_id, user_id, {month} as month {given}")
        users = self._by_month(f"select distinct user_id, {month} as month {given}")
        months = [first + later for later in range(last.index - first.index + 1)]
        return {item: (days.get(item, 0), pairs.get(item, 0) + users.get(item, 0)) for item in months}

    def _by_month(self, query: str) -> dict[Month, int]:
        found = self.connection.execute(f"select month, count(*) as n from ({query}) given group by month").fetchall()
        return {Month.from_index(int(str(index))): int(str(count)) for index, count in found}

    def _users(self, first: Month, last: Month) -> int:
        """Users of each product, and users, in the months from `first` to `last`."""
        given = f"from input_event where {self._within(first, last)}"
        pairs, users = f"select distinct product_id, user_id {given}", f"select distinct user_id {given}"
        row = self.connection.execute(
            f"select (select count(*) from ({pairs}) p) + (select count(*) from ({users}) u) as n"
        ).fetchone()
        return int(str(row[0])) if row is not None else 0

    @staticmethod
    def _first(counts: dict[Month, tuple[int, int]], users: int, most: int) -> Month | None:
        """The first of the newest months that are few enough; None where not even the newest with events is."""
        first, days, users_of_months = None, 0, 0
        for month in sorted(counts, reverse=True):
            days += counts[month][0]
            users_of_months += counts[month][1]
            if days + min(users, users_of_months) > most:
                break
            first = month if days else None
        return first

    def _too_many(self, counts: dict[Month, tuple[int, int]], most: int) -> str:
        """Completes "the rows of event ...": what would explain the newest month."""
        month = _newest(counts)
        needed = sum(sum(counts.get(item, (0, 0))) for item in (month - 1, month))
        if most < self.most:
            needed = -(-needed * SHARE_OF_ACTIVATION // (SHARE_OF_ACTIVATION - 1))
        return f"stay there: {month} alone needs `--most-rows {needed}`."

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

    def _earliest(self, first: Month, last: Month, most: int) -> list[Row]:
        """An event at the first instant of each user who was there before `first` and is there since, at most `most`.

        One in each product where both are so; and the very first, wherever it was, for all products together.
        """
        since = self._start(first)
        return self.connection.execute(
            f"""with seen as (
                select product_id, user_id, min(event) as some_event, min(occurred_at_us) as first_us,
                    max(occurred_at_us) as last_us
                from input_event where user_id is not null and {self._within(_EARLIEST, last)}
                group by product_id, user_id
            ),
            ranked as (
                select product_id, user_id, some_event, first_us, last_us,
                    row_number() over (partition by user_id order by first_us, product_id) as place,
                    max(last_us) over (partition by user_id) as last_anywhere_us
                from seen
            )
            select product_id, some_event, user_id, first_us, cast(null as varchar) as org_id
            from ranked
            where first_us < {since} and (last_us >= {since} or (place = 1 and last_anywhere_us >= {since}))
            limit {most}"""
        ).fetchall()

    # Activation

    def _after_intents(self, first: Month, most: int) -> list[Row]:
        """The first events after each intent since the month `first` that some criterion asks for, at most `most`.

        Those that are brought as the first of a day are not among them: each event is brought once.
        """
        since, last = self._start(first), Month.of(self.request.as_of)
        asked = self._asked()
        days = {product: max(version.window_days for version in versions) for product, versions in asked.items()}
        window = _by_product({product: str(count * _DAY_US) for product, count in days.items()}, _DEFAULT_WINDOW)
        counts = {product: [item.count for item in _criteria(versions)] for product, versions in asked.items()}
        times = _by_product({product: str(max(found)) for product, found in counts.items()}, "1")
        # Where any event will do, the first of all kinds are asked for, and else the first of each kind.
        kind = _by_product(dict.fromkeys(asked, "e.event"), "''")
        events = {product: _listed(item.event for item in _criteria(versions)) for product, versions in asked.items()}
        is_asked_for = _by_product({product: f"e.event in ({names})" for product, names in events.items()}, "true")
        # The first of the day of an intent may come before it.
        return self.connection.execute(
            f"""with intent as (
                select product_id, org_id, min(first_intent_at_us) as intent_us
                from input_product_intent where org_id is not null group by product_id, org_id
            ),
            following as (
                select e.product_id, e.event, e.user_id, e.org_id, e.occurred_at_us, {kind} as kind,
                    {self._day(first, last)} as day,
                    {times} as times, case when e.is_key_action then 1 else 0 end as is_key,
                    case when e.occurred_at_us >= i.intent_us and {is_asked_for} then 1 else 0 end
                        as is_asked_for
                from input_event e
                join intent i on i.product_id = e.product_id and i.org_id = e.org_id
                where i.intent_us >= {since} and {self._in_months(first, last)}
                    and e.occurred_at_us >= i.intent_us - {2 * _DAY_US} and e.occurred_at_us <= i.intent_us + {window}
            ),
            numbered as (
                select product_id, event, org_id, occurred_at_us, times, is_key, is_asked_for,
                    row_number() over (partition by product_id, org_id, kind, is_asked_for order by occurred_at_us)
                        as place,
                    row_number() over (partition by {_KEY}, day, is_key order by occurred_at_us, event) as place_of_day
                from following
            )
            select product_id, event, cast(null as varchar) as user_id, occurred_at_us, org_id
            from numbered
            where is_asked_for = 1 and place <= times and (is_key = 0 or place_of_day > 1) limit {most}"""
        ).fetchall()

    def _asked(self) -> dict[str, tuple[ActivationVersion, ...]]:
        """Product to its activation of all times; not those of which any event will do, once."""
        found = {item.product_id: item.activation or default_activation(item) for item in self.request.products}
        return {product: versions for product, versions in found.items() if versions}

    # Local time, decided here and not by the engine

    def _start(self, month: Month) -> int:
        return self._midnight(month.first_day)

    def _midnight(self, day: date) -> int:
        return local_midnight_us(day, self.zone)

    def _within(self, first: Month, last: Month) -> str:
        return f"is_key_action and {self._in_months(first, last)}"

    def _in_months(self, first: Month, last: Month) -> str:
        return within((first.index, last.index + 1), self.zone, self.instant_type)

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
        offset = local_midnight_us(day, "UTC") - self._midnight(day)
        steps = []
        while day < end:
            following = day + timedelta(days=1)
            after = local_midnight_us(following, "UTC") - self._midnight(following)
            if after != offset:
                # From noon on the day is that of the new clock: both clocks agree that it is this day.
                steps.append(f"when occurred_at_us < {self._midnight(day) + _DAY_US // 2} then {offset}")
                offset = after
            day = following
        shift = f"case {' '.join(steps)} else {offset} end" if steps else str(offset)
        return f"(occurred_at_us + {shift}) // {_DAY_US}"


def _newest(counts: dict[Month, tuple[int, int]]) -> Month:
    """The newest month with events."""
    return max(month for month, (days, _) in counts.items() if days)


def _criteria(versions: Iterable[ActivationVersion]) -> list[Criterion]:
    return [criterion for version in versions for criterion in version.criteria]


def _by_product(sql: Mapping[str, str], default: str) -> str:
    """SQL that depends on the product of the event `e`."""
    steps = [f"when e.product_id = {literal(product)} then {found}" for product, found in sql.items()]
    return f"case {' '.join(steps)} else {default} end" if steps else default


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(literal, names))
