"""Alerts of costs as rows of a list and as lines to read. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reviewtui.costs.alerts import Standing
from reviewtui.costs.monitoring import TOTAL
from reviewtui.text import safe_text
from reviewtui.widgets.cost_texts import money, signed_money, step
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListRow
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.record_lines import fact_lines
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.costs import said_last

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.costs.alerts import CostAlert
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.kinds.costs import AlertNote

PREFIX = "alert:"
MOST_DRIVERS = 8
_SECTIONS = {
    Standing.OPEN: "Cost alerts to explain",
    Standing.EXPLAINED: "Cost alerts, explained",
    Standing.MUTED: "Cost alerts, muted",
}


def alert_id(alert: CostAlert) -> str:
    """What tells the rows of alerts of one product apart."""
    return f"{PREFIX}{alert.day}:{alert.subject}"


def alert_place(row_id: str) -> tuple[str, date]:
    """Subject and day of the alert in a row."""
    day, _, subject = row_id.removeprefix(PREFIX).partition(":")
    return subject, date.fromisoformat(day)


def note_on(alert: CostAlert, notes: Iterable[AlertNote]) -> AlertNote | None:
    """What was said about it last; None where nothing was."""
    return said_last(notes).get((alert.day, alert.subject))


def standing(note: AlertNote | None, as_of: date) -> Standing:
    """What became of an alert; one that was muted until a day is open again after it."""
    if note is None or (note.state == "muted" and note.muted_until is not None and note.muted_until < as_of):
        return Standing.OPEN
    return Standing.MUTED if note.state == "muted" else Standing.EXPLAINED


def note_words(note: AlertNote | None, as_of: date) -> tuple[str, str]:
    """What became of an alert, and how its row is painted."""
    if note is None:
        return Standing.OPEN.value, "bad"
    if standing(note, as_of) is Standing.OPEN:
        return f"open again, was muted until {note.muted_until}", "bad"
    until = f" until {note.muted_until}" if note.state == "muted" and note.muted_until is not None else ""
    return f"{note.state}{until}: {safe_text(note.note.splitlines()[0] if note.note else '')}".rstrip(": "), "quiet"


def alert_name(alert: CostAlert) -> str:
    """What it is about, and what is wrong."""
    title = safe_text(alert.title)
    if alert.now is None:
        return title
    late = ", maybe incomplete" if alert.is_incomplete else ""
    return f"{title}: {alert.state.replace('_', ' ')}{late}"


def amounts(alert: CostAlert) -> str:
    """How much before and now."""
    return alert.value if alert.now is None else f"{money(alert.before)} → {money(alert.now)}"


def inbox_row(alert: CostAlert, note: AlertNote | None, key: str, product: str, as_of: date) -> ListRow:
    """A row of the anomalies."""
    where = standing(note, as_of)
    sign = {Standing.OPEN: "$", Standing.EXPLAINED: "✎ $", Standing.MUTED: "z $"}[where]
    days = (as_of - alert.day).days
    age = f"{days} d" if days < 60 else f"{days // 30} mo"
    value = alert.value if alert.now is None else money(alert.now)
    expected = "" if alert.now is None else f"was {money(alert.before)}"
    cells = (f"{sign} {alert_name(alert)}", value, expected, step(alert.change_percent))
    role = "text" if where is Standing.OPEN else "quiet"
    words = note.note if note is not None else ""
    return ListRow(key, (*cells, alert.month.label, product, age), _SECTIONS[where], role, words)


def alert_lines(alert: CostAlert, note: AlertNote | None, width: int, as_of: date) -> list[Line]:
    """What is known about an alert, what moved it, and what was said."""
    when = f"week of {alert.day}" if alert.now is not None else f"since {alert.day}"
    lines: list[Line] = [(Span(line, "title"),) for line in wrap(f"{alert_name(alert)} · {when}", width)]
    if alert.now is not None:
        change = f" ({step(alert.change_percent)})" if alert.change_percent is not None else ""
        lines += fact_lines("Cost", f"{amounts(alert)}{change}", width)
    elif alert.value:
        lines += fact_lines("How much", alert.value, width)
    if alert.is_incomplete:
        text = "The last days of a bill come up to 72 hours late: this may only be incomplete."
        lines += [(Span(line, "note"),) for line in wrap(text, width)]
    if alert.advice:
        lines += [(Span(line, "text"),) for line in wrap(safe_text(alert.advice, 400), width)]
    lines += _driver_lines(alert, width)
    if note is not None:
        state, _ = note_words(note, as_of)
        who = f"{safe_text(note.author) or 'somebody'}, {note.said_on}"
        lines += [
            (),
            *((Span(line, "heading"),) for line in wrap(f"{state.partition(':')[0].capitalize()} · {who}", width)),
        ]
        lines += markdown_lines(note.note, width)
        for link in note.links:
            lines += fact_lines("Link", safe_text(link, 400), width)
    return lines


def _driver_lines(alert: CostAlert, width: int) -> list[Line]:
    if alert.subject != TOTAL or not alert.drivers:
        return []
    lines: list[Line] = [(Span("Moved by", "heading"),)]
    for component, change in alert.drivers[:MOST_DRIVERS]:
        lines += fact_lines(signed_money(change), safe_text(component), width)
    rest = sum((change for _, change in alert.drivers[MOST_DRIVERS:]), start=alert.drivers[0][1] * 0)
    if len(alert.drivers) > MOST_DRIVERS:
        lines += fact_lines(signed_money(rest), f"{len(alert.drivers) - MOST_DRIVERS} more components", width)
    return lines
