"""The verdict on a cell in words, and the expected ranges of a chart's months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.anomalies.listed import State, cells_to, metric_name
from reviewtui.anomalies.marks import mark
from reviewtui.anomalies.reasons import range_words, reason
from reviewtui.anomalies.verdicts import Kind
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import one_line, safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.index import AnomalyIndex
    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Metric
    from reviewtui.months import Month
    from reviewtui.widgets.trend import Trend

MOST_NAMED = 3


class VerdictFacts(NamedTuple):
    """What was expected of a cell; every text is safe to paint."""

    expected: str
    """The range, and how far out the value is."""
    reason: str = ""
    """Why it is an anomaly; empty where it is none."""
    state: str = ""
    """What has been said about it, what it follows from, what it became, what else moved."""
    is_open: bool = False
    """Whether somebody has to say something about it."""


def verdict_facts(index: AnomalyIndex, product: str, metric: Metric, month: Month) -> VerdictFacts | None:
    """The verdict on a cell; None where it is not judged."""
    verdict = index.judgements.verdict(product, metric.id, month)
    if verdict is None:
        return None
    expected = f"Expected {range_words(verdict, metric.unit, index.sheet.cell(product, metric.id, month).value)}"
    found = index.at(product, metric.id, month)
    if found is None:
        return VerdictFacts(safe_text(f"{expected} · ordinary"))
    why = reason(verdict, cells_to(index.sheet, product, metric.id, month), metric.unit)
    words = str(verdict.anomaly).replace("_", " ")
    far = "" if verdict.anomaly is Kind.MISSING else f", {verdict.score:.1f} times the reach of the range"
    out = f"{mark(verdict)} {expected} · {words}{far}"
    return VerdictFacts(safe_text(out), safe_text(why), safe_text(_about(index, found)), found.state is State.OPEN)


def _about(index: AnomalyIndex, found: Anomaly) -> str:
    parts = []
    if found.explanation is not None:
        parts.append(f"{found.state}: {one_line(found.explanation.reason)}".strip(": "))
    if found.follows is not None:
        parts.append(f"follows from {metric_name(index.sheet, found.follows, found.product)}")
    if found.verdict.became is not None:
        parts.append(f"the months after it stayed: a {str(found.verdict.became).replace('_', ' ')}")
    followers = [item for item in index.of_month(found.month) if item.follows == found.key]
    if followers:
        names = " · ".join(metric_name(index.sheet, item.key, found.product) for item in followers[:MOST_NAMED])
        more = len(followers) - MOST_NAMED
        parts.append(f"with it moved {names}{f' and {more} more' if more > 0 else ''}")
    # Names of metrics have commas, and reasons are sentences.
    text = "; ".join((*(part.rstrip(".") for part in parts[:-1]), *parts[-1:]))
    return text[:1].upper() + text[1:]


def with_band(trend: Trend, row: Sequence[Verdict | None], months: Sequence[Month]) -> Trend:
    """The chart's facts with the expected range of each month; `row` holds the verdicts on `months`."""
    if not trend.months or not months:
        return trend
    start = trend.months[0].index - months[0].index
    verdicts = row[start : start + len(trend.months)]
    return trend._replace(band=tuple((each.low, each.high) if each is not None else None for each in verdicts))
