"""Evidence and where it leads, both ways: from a dive to what it rests on, from a quote to who uses it, from a cell to
what users said about it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.months import MONTHS_PER_YEAR, Month, month_span
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Interview, Quote
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.kinds.visits import VISITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.workspace.kinds.base import Record
    from reviewtui.workspace.record_set import Records

MONTHS_AROUND = 1
"""What was said so many months before or after a month still speaks about it."""

MOST_MONTHS = 10 * MONTHS_PER_YEAR
"""A quote that says it is about more months is about so many."""

ALL_PRODUCTS = "*"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something a user said that speaks to a metric."""

    interview: Interview
    quote: Quote | None
    """None: the interview as a whole."""
    first: Month
    last: Month
    distance: int
    """Months from the month that was asked about; 0: it is about that month."""

    @property
    def stance(self) -> str:
        """supports, contradicts or context."""
        return self.quote.stance if self.quote is not None else "context"


@dataclass(frozen=True, slots=True)
class BackLink:
    """A record that points at another."""

    record: Record
    stance: str
    """supports, contradicts or context; empty where a link has none."""
    quote: str = ""
    """The id of the quote it points at; empty: the whole."""


def ref_parts(ref: str) -> tuple[str, str]:
    """A reference such as `i-260417-m3da#q1` as (record id, quote id); the second may be empty."""
    record_id, _, quote = ref.strip().partition("#")
    return record_id, quote


def cell_ref(metric: str, month: Month) -> str:
    """How evidence names a cell of its dive's product."""
    return f"{metric}@{month}"


def cell_of(ref: str) -> tuple[str, Month] | None:
    """The metric and month of a cell's reference; None where it is none."""
    metric, at, month = ref.strip().rpartition("@")
    try:
        return (metric, Month.parse(month)) if at and metric else None
    except ValueError:
        return None


def mentions(
    records: Records, product: str, metric: str, month: Month, around: int = MONTHS_AROUND
) -> tuple[Mention, ...]:
    """What users said about a metric around a month, the nearest first, then the newest."""
    found = [
        mention
        for interview in records.of(INTERVIEWS)
        if is_about(interview, product)
        for mention in _mentions_of(interview, metric, month)
        if mention.distance <= around
    ]
    found.sort(key=lambda mention: mention.interview.held_on, reverse=True)
    return tuple(sorted(found, key=lambda mention: mention.distance))


def said_months(records: Records, product: str) -> dict[str, dict[Month, int]]:
    """Metric id to the months somebody said something about, with how many did; for marks in a grid."""
    counts: dict[str, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    for interview in records.of(INTERVIEWS):
        if not is_about(interview, product):
            continue
        named = {*interview.metrics, *(metric for quote in interview.quotes for metric in quote.metrics)}
        for metric in named:
            spans = _spans(interview, metric)
            for month in {month for _, first, last in spans for month in month_span(first, last)}:
                counts[metric][month] += 1
    return {metric: dict(months) for metric, months in counts.items()}


class SaidIndex:
    """Looks up how many spoke about a metric in a run of months; each product is put together once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._products: dict[str, dict[str, dict[Month, int]]] = {}

    def count(self, product: str, metric: str, first: Month, last: Month) -> int:
        """How many interviews and quotes speak to the metric in these months."""
        found = self._products.get(product)
        if found is None:
            found = self._products[product] = said_months(self._records, product)
        months = found.get(metric)
        return sum(count for month, count in months.items() if first <= month <= last) if months else 0


def is_about(interview: Interview, product: str) -> bool:
    """Whether an interview is about a product; one that names none is about all of them."""
    return product == ALL_PRODUCTS or not interview.products or product in interview.products


def back_links(records: Records, record_id: str) -> tuple[BackLink, ...]:
    """Every record that points at `record_id`, dives first."""
    return tuple(_back_links(records, record_id))


def lacks_contradiction(stances: tuple[str, ...]) -> bool:
    """Whether there is evidence, and none of it speaks against: nobody may have looked."""
    return bool(stances) and "contradicts" not in stances


def _mentions_of(interview: Interview, metric: str, month: Month) -> Iterator[Mention]:
    for quote, first, last in _spans(interview, metric):
        distance = max(0, first.index - month.index, month.index - last.index)
        yield Mention(interview, quote, first, last, distance)


def _spans(interview: Interview, metric: str) -> tuple[tuple[Quote | None, Month, Month], ...]:
    """The quotes that speak to a metric with the months they are about; else the interview as a whole, if it does."""
    held = Month.of(interview.held_on)
    quotes = [quote for quote in interview.quotes if metric in quote.metrics]
    if not quotes:
        return ((None, held, held),) if metric in interview.metrics else ()
    return tuple((quote, *_months_of(quote, held)) for quote in quotes)


def _months_of(quote: Quote, held: Month) -> tuple[Month, Month]:
    first = quote.month or held
    last = min(quote.until or first, first + MOST_MONTHS)
    return first, max(first, last)


def _back_links(records: Records, record_id: str) -> Iterator[BackLink]:
    for dive in records.of(DIVES):
        for evidence in dive.evidence:
            target, quote = ref_parts(evidence.ref)
            if target == record_id:
                yield BackLink(dive, evidence.stance, quote)
    for interview in records.of(INTERVIEWS):
        for said in interview.quotes:
            if record_id in said.refs:
                yield BackLink(interview, said.stance, said.id)
    for todo in records.of(TODOS):
        target, quote = ref_parts(todo.origin)
        if target == record_id or record_id in todo.links:
            yield BackLink(todo, "", quote)
    for comment in records.of(COMMENTS):
        target, quote = ref_parts(comment.source)
        if target == record_id:
            yield BackLink(comment, "", quote)
    for visit in records.of(VISITS):
        if any(account.interview == record_id for account in visit.accounts):
            yield BackLink(visit, "")
