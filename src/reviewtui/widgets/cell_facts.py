"""Everything the sheet knows about one cell, in words: pure, for the panel and for whoever else explains a number."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import PurePath
from typing import TYPE_CHECKING

from reviewtui.metrics.formats import MINUS, STATUS_MARKS, exact, format_cell, format_value
from reviewtui.metrics.sheet import MISSING_CELL, CellSource, Direction, Status, Unit
from reviewtui.months import MONTHS_PER_YEAR
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import safe_text
from reviewtui.widgets.cell_context import interval_words, month_events, target_sentence
from reviewtui.widgets.change import NO_CHANGE, Change, change_between, months_apart
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.trend import trend_of
from reviewtui.workspace.place import IMPORTS_FOLDER

if TYPE_CHECKING:
    from datetime import datetime

    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.months import Month
    from reviewtui.sources.state import SourceState
    from reviewtui.widgets.note_lines import NoteFact
    from reviewtui.widgets.trend import Trend
    from reviewtui.widgets.verdict_facts import VerdictFacts

STATUS_SENTENCES = {
    Status.MISSING: "There is no data for this month.",
    Status.NA: "It cannot be computed for this month.",
    Status.FORECAST: "A forecast: the month is not over yet.",
    Status.PARTIAL: "The month so far: it is not over yet.",
    Status.IMMATURE: "Not final: only a part of it is old enough to be counted.",
    Status.LOW_N: "Few cases: read it with care.",
    Status.RESTATED: "Changed since it was reviewed.",
    Status.OK: "",
}
"""What a status says where the cell itself gives no reason."""

HISTORY_MONTHS = 13
"""Months listed: a year, and the same month of the year before."""

_ATTRIBUTIONS = {
    "period_end": "invoice lines are spread back from the end of their period",
    "period_start": "invoice lines are spread forward from the start of their period",
    "month_start_snapshot": "MRR is what is subscribed on the first day of the month",
}
_BILLING_TABLES = ("invoice_line", "subscription_period")
_IMPORT_TABLE = "metric_value"
_GOOD_WAYS = {Direction.UP: "up is good", Direction.DOWN: "down is good", Direction.NEUTRAL: ""}


class Comparison(NamedTuple):
    """A cell against an earlier one."""

    name: str
    """`MoM`, `QoQ` or `YoY`."""
    change: Change
    against: str
    """The earlier month and its value; empty where there is none."""


class MonthFact(NamedTuple):
    """One line of a metric's history."""

    month: str
    value: str
    changes: tuple[Change, ...]


class CellFacts(NamedTuple):
    """A cell in words; every text is safe to paint."""

    name: str
    month: str
    value: str
    """Exact, with unit or currency; a sign where there is none."""
    sentence: str
    """What the value is worth, or why there is none; empty for an ordinary value."""
    comparisons: tuple[Comparison, ...]
    quotient: str
    """Numerator and denominator with their names, and n; empty where there is none."""
    definition: str
    formula: str
    source: str
    basis: str
    """Attribution, currency, which way is good."""
    history: tuple[MonthFact, ...]
    """`HISTORY_MONTHS` months, newest first; they stay the same while the cursor moves among them."""
    history_at: int
    """Which line of `history` is this month; -1 where it is none."""
    trend: Trend
    target: str = ""
    """What is wanted of the metric and whether it is met."""
    interval: str = ""
    """How sure one can be of a share or a score."""
    events: tuple[str, ...] = ()
    """What happened in the month."""
    owner: str = ""
    links: tuple[str, ...] = ()
    """Each as its label and address."""
    notes: tuple[NoteFact, ...] = ()
    """What was said about the cell, the most important first."""
    verdict: VerdictFacts | None = None
    """What was expected of it; None where it is not judged."""


def cell_facts(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> CellFacts:
    """What `sheet` knows about one cell."""
    cell = sheet.cell(product, metric.id, month)
    newest = _newest_listed(sheet, month)
    return CellFacts(
        name=shown_name(metric.name, metric.id),
        month=month.long_label,
        value=exact_value(cell, metric, sheet.currency),
        sentence=safe_text(cell.note) or STATUS_SENTENCES[cell.status],
        comparisons=tuple(
            _comparison(sheet, product, metric, month, months)
            for months in dict.fromkeys((months_apart(metric), MONTHS_PER_YEAR))
        ),
        quotient=_quotient(cell, metric),
        definition=safe_text(metric.defined_in(month).definition),
        formula=safe_text(metric.defined_in(month).formula),
        source=_source(sheet, metric, cell),
        basis=_basis(sheet, metric),
        history=_history(sheet, product, metric, newest),
        history_at=newest - bisect_left(sheet.months, month) if month in sheet.months else -1,
        trend=trend_of(sheet, product, metric, month),
        target=target_sentence(sheet, product, metric, month),
        interval=interval_words(sheet, product, metric, month),
        events=month_events(sheet, product, metric, month),
        owner=safe_text(metric.owner),
        links=tuple(safe_text(f"{link.label} {link.url}".strip()) for link in metric.links),
    )


def exact_value(cell: Cell, metric: Metric, currency: str) -> str:
    """The value with every digit a reader wants and its unit."""
    text = format_cell(cell, metric.unit, full=True)
    if cell.value is not None and metric.unit == Unit.MONEY:
        text = f"{text} {currency}"
    return safe_text(text)


def _comparison(sheet: MetricSheet, product: str, metric: Metric, month: Month, months: int) -> Comparison:
    name = {1: "MoM", MONTHS_PER_YEAR: "YoY"}.get(months, "QoQ")
    if month.index - months < MONTHS_PER_YEAR:
        return Comparison(name, change_between(MISSING_CELL, MISSING_CELL, metric), "")
    before = sheet.cell(product, metric.id, month - months)
    if not sheet.is_comparable(product, metric.id, month - months, month):
        return Comparison(name, NO_CHANGE, "a month with another definition")
    change = change_between(before, sheet.cell(product, metric.id, month), metric, full=True)
    # Rates with the digits of the value beside them; amounts compact, for want of room.
    value = format_cell(before, metric.unit, full=metric.unit == Unit.PERCENT)
    against = f"{(month - months).label} {value}" if before.value is not None else ""
    return Comparison(name, change, against)


def _newest_listed(sheet: MetricSheet, month: Month) -> int:
    """Place of the first month of the history: the newest, or whole years before it."""
    last = len(sheet.months) - 1
    years_back = max(0, last - bisect_left(sheet.months, month)) // MONTHS_PER_YEAR
    return last - years_back * MONTHS_PER_YEAR


def _history(sheet: MetricSheet, product: str, metric: Metric, newest: int) -> tuple[MonthFact, ...]:
    row = sheet.row(product, metric.id)
    facts: list[MonthFact] = []
    for place in range(newest, max(-1, newest - HISTORY_MONTHS), -1):
        earlier = (place - months_apart(metric), place - MONTHS_PER_YEAR)
        changes = tuple(
            change_between(row[was], row[place], metric)
            if was >= 0 and sheet.is_comparable(product, metric.id, sheet.months[was], sheet.months[place])
            else NO_CHANGE
            for was in earlier
        )
        mark = STATUS_MARKS.get(row[place].status, " ") if row[place].value is not None else " "
        facts.append(MonthFact(sheet.months[place].label, format_cell(row[place], metric.unit) + mark, changes))
    return tuple(facts)


def _quotient(cell: Cell, metric: Metric) -> str:
    parts: list[str] = []
    if cell.numerator is not None and cell.denominator is not None:
        above = f"{metric.numerator or 'numerator'} {exact(cell.numerator)}"
        parts.append(f"{above} / {metric.denominator or 'denominator'} {exact(cell.denominator)}")
    if cell.n is not None and cell.n != cell.denominator:
        parts.append(f"n = {exact(cell.n)}")
    return safe_text(" · ".join(parts))


def _source(sheet: MetricSheet, metric: Metric, cell: Cell) -> str:
    if cell.status is Status.MISSING:
        return ""
    if cell.source is CellSource.IMPORTED:
        word, tables = "Imported", {_IMPORT_TABLE}
        if not any(_IMPORT_TABLE in state.tables for state in sheet.sources):
            return f"Imported from {IMPORTS_FOLDER}/ of the workspace"
    else:
        word = "Computed" if cell.source is CellSource.COMPUTED else "Computed by a metric of your own"
        tables = {table for need in metric.needs for table in need.split("|")}
    used = [state for state in sheet.sources if tables.intersection(state.tables)] or list(sheet.sources)
    files = ", ".join(_file(state) for state in used)
    return safe_text(f"{word} from {files}" if files else word)


def _file(state: SourceState) -> str:
    text = PurePath(state.path).name or state.name
    if state.modified is not None:
        text += f" of {_moment(state.modified)}"
    if state.wal_bytes:
        text += f" and {state.wal_bytes:,} bytes of its .wal"
    return f"{text} (not read now)" if state.problem else text


def _moment(moment: datetime) -> str:
    local = moment.astimezone() if moment.tzinfo is not None else moment
    return f"{local:%Y-%m-%d %H:%M}"


def _basis(sheet: MetricSheet, metric: Metric) -> str:
    parts: list[str] = []
    if any(table in need.split("|") for need in metric.needs for table in _BILLING_TABLES):
        parts.append(_ATTRIBUTIONS.get(sheet.attribution, sheet.attribution))
    if metric.unit == Unit.MONEY:
        parts.append(f"in {sheet.currency}")
    parts.append(_GOOD_WAYS[metric.direction])
    if metric.cadence == "quarterly":
        parts.append("one value a quarter")
    text = safe_text(" · ".join(part for part in parts if part))
    return text[:1].upper() + text[1:]


def copy_text(cell: Cell, metric: Metric) -> str:
    """The value as it pastes well into a spreadsheet or a message; empty where there is none."""
    if cell.value is None:
        return ""
    return safe_text(format_value(cell.value, metric.unit, full=True)).replace(MINUS, "-").replace(" %", "%")
