"""A sheet made as plain data: the same cells every time, every status, and names that test a screen."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.sheet import (
    ALL_PRODUCTS,
    Cell,
    CellSource,
    Direction,
    Metric,
    MetricSheet,
    Product,
    Status,
    Unit,
)
from reviewtui.months import Month, month_span
from reviewtui.sources.state import SourceState

AS_OF = date(2026, 11, 10)
OPEN_MONTH = Month(2026, 11)
REVIEW_MONTH = Month(2026, 10)
FIRST_MONTH = Month(2023, 8)

HOSTILE = Path(__file__).parent.parent / "fixtures" / "hostile_strings.json"

BILLING = ("invoice_line|subscription_period",)
EVENTS = ("event|event_month",)


_AGGREGATES = dict.fromkeys(("new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "users_new"), "sum")
_AGGREGATES |= dict.fromkeys(("mrr", "arr", "paying_customers", "arpa", "unique_users", "unique_orgs"), "last")
_AGGREGATES |= {"mrr_growth": "opening", "churn_rate": "opening", "nrr": "none"}


def _metric(
    metric_id: str,
    name: str,
    section: str,
    unit: str,
    direction: Direction = Direction.UP,
    *,
    cadence: str = "monthly",
    definition: str = "",
    formula: str = "",
    numerator: str = "",
    denominator: str = "",
    needs: tuple[str, ...] = (),
) -> Metric:
    return Metric(
        metric_id,
        name,
        section,
        unit,
        direction,
        cadence=cadence,
        definition=definition or f"{name}: what a reader who has never seen it needs to know.",
        formula=formula,
        numerator=numerator,
        denominator=denominator,
        needs=needs,
        aggregate=_AGGREGATES.get(metric_id, ""),
    )


DOWN, NEUTRAL = Direction.DOWN, Direction.NEUTRAL
MONEY, COUNT, PERCENT, SCORE, RATIO, DAYS = (
    Unit.MONEY,
    Unit.COUNT,
    Unit.PERCENT,
    Unit.SCORE,
    Unit.RATIO,
    Unit.DAYS,
)

METRICS = (
    _metric(
        "mrr",
        "MRR",
        "revenue",
        MONEY,
        definition="Monthly recurring revenue: what customers pay for subscriptions, usage included, spread over "
        "the months each invoice line covers.",
        formula="Sum over recurring lines of amount / n in each of n months",
        needs=BILLING,
    ),
    _metric("arr", "ARR", "revenue", MONEY, formula="12 x MRR", needs=BILLING),
    _metric("mrr_growth", "MoM growth", "revenue", PERCENT, needs=BILLING),
    _metric("mrr_growth_3m", "MoM growth, 3-month mean", "revenue", PERCENT, needs=BILLING),
    _metric("new_mrr", "New MRR", "revenue", MONEY, needs=BILLING),
    _metric("expansion_mrr", "Expansion MRR", "revenue", MONEY, needs=BILLING),
    _metric("contraction_mrr", "Contraction MRR", "revenue", MONEY, DOWN, needs=BILLING),
    _metric("churned_mrr", "Churned MRR", "revenue", MONEY, DOWN, needs=BILLING),
    _metric(
        "churn_rate",
        "Revenue churn rate",
        "revenue",
        PERCENT,
        DOWN,
        formula="Churned MRR / opening MRR",
        numerator="churned MRR",
        denominator="opening MRR",
        needs=BILLING,
    ),
    _metric("nrr", "Net revenue retention", "revenue", PERCENT, needs=BILLING),
    _metric("quarterly_nrr", "Quarterly NRR", "revenue", PERCENT, cadence="quarterly", needs=BILLING),
    _metric("paying_customers", "Paying customers", "revenue", COUNT, needs=BILLING),
    _metric("arpa", "ARPA", "revenue", MONEY, needs=BILLING),
    _metric("quick_ratio", "Quick ratio", "revenue", RATIO, needs=BILLING),
    _metric("fx_effect", "FX effect", "revenue", MONEY, NEUTRAL, needs=BILLING),
    _metric("unique_users", "Unique monthly users", "usage", COUNT, needs=EVENTS),
    _metric("unique_users_growth", "Unique monthly users growth", "usage", PERCENT, needs=EVENTS),
    _metric("unique_orgs", "Unique organisations", "usage", COUNT, needs=EVENTS),
    _metric("activation_rate", "Activation rate", "usage", PERCENT, needs=EVENTS),
    _metric("retention_1m", "Retention after 1 month", "usage", PERCENT, needs=EVENTS),
    _metric("retention_3m", "Retention after 3 months", "usage", PERCENT, needs=EVENTS),
    _metric("users_new", "New users", "usage", COUNT, needs=EVENTS),
    _metric("users_returning", "Returning users", "usage", COUNT, needs=EVENTS),
    _metric("users_dormant", "Dormant users", "usage", COUNT, DOWN, needs=EVENTS),
    _metric("wau_mau", "Weekly / monthly users", "usage", PERCENT, needs=EVENTS),
    _metric("nps", "Net promoter score", "nps", SCORE),
    _metric("nps_responses", "NPS responses", "nps", COUNT, NEUTRAL),
    _metric("tickets_created", "Tickets created", "support", COUNT, DOWN),
    _metric("tickets_escalated", "Tickets escalated", "support", COUNT, DOWN),
    _metric("sla", "First reply in time", "support", PERCENT),
    _metric("reply_days", "Days to solve", "support", DAYS, DOWN),
    _metric("total_cost", "Total cost", "cost", MONEY, DOWN),
    _metric("gross_margin", "Gross margin", "cost", PERCENT),
    _metric("wide", "東京の月間アクティブユーザー数の合計と平均", "my own", COUNT),
    _metric("rtl", "الإيرادات الشهرية المتكررة", "my own", COUNT),
    _metric("markup", "[/oops] [@click=app.quit]press[/] me", "my own", COUNT),
    _metric("control", "Acme\x1b]52;c;ZWNobw==\x07Inc\x1b[2J", "my own", COUNT),
    _metric("long", "A name that a person wrote who had a great deal to say about one small number", "my own", COUNT),
    _metric("odd_unit", "Bytes stored", "my own", "GB", NEUTRAL),
    _metric("huge", "Events since the beginning of time", "my own", COUNT),
)

_START = {MONEY: 200_000.0, COUNT: 5_000.0, PERCENT: 0.04, SCORE: 31.0, RATIO: 2.4, DAYS: 3.5, "GB": 812.0}
_SCALE = {
    "arr": 12.0, "new_mrr": 0.06, "expansion_mrr": 0.03, "contraction_mrr": 0.01, "churned_mrr": 0.012,
    "arpa": 0.004, "fx_effect": -0.002, "nps_responses": 0.02, "tickets_created": 0.05, "tickets_escalated": 0.004,
    "nrr": 26.0, "quarterly_nrr": 27.0, "retention_1m": 14.0, "retention_3m": 9.0, "activation_rate": 8.0,
    "wau_mau": 11.0, "sla": 23.0, "gross_margin": 17.0, "total_cost": 0.3, "huge": 7e9, "churn_rate": 0.3,
}  # fmt: skip


def _value(metric: Metric, product: int, place: int) -> float:
    start = _START[metric.unit] * _SCALE.get(metric.id, 1.0)
    wave = 0.06 * math.sin(place * 0.9 + len(metric.id) + product * 2)
    levels = metric.unit in (MONEY, COUNT, "GB")
    growth = 1.022**place if levels else 1.0 + 0.001 * place
    return start * (1 + product * 0.6) * growth * (1 + wave)


def _status(metric: Metric, place: int, last: int) -> Status:
    if place == last:
        return Status.PARTIAL if metric.unit in (MONEY, COUNT) else Status.NA
    special = {
        ("retention_3m", last - 1): Status.IMMATURE,
        ("retention_3m", last - 2): Status.IMMATURE,
        ("retention_1m", last - 1): Status.IMMATURE,
        ("nps", last - 2): Status.LOW_N,
        ("sla", last - 3): Status.RESTATED,
        ("quick_ratio", last - 4): Status.NA,
        ("total_cost", last): Status.FORECAST,
    }
    if metric.cadence == "quarterly" and (FIRST_MONTH + place).number % 3:
        return Status.NA
    if metric.section == "cost" and place < last - 14:
        return Status.MISSING
    return special.get((metric.id, place), Status.OK)


def _cell(metric: Metric, product: int, place: int, last: int) -> Cell:
    status = _status(metric, place, last)
    if metric.id == "arr" and place == last:
        status = Status.FORECAST
    if status is Status.MISSING:
        return Cell(None, status)
    if status is Status.NA:
        note = "The month is not over, so there is no rate yet." if place == last else "The denominator is zero."
        return Cell(None, status, note=note)
    value = _value(metric, product, place)
    if metric.id == "churn_rate":
        value = value * 3 if place == last - 1 else value
        opening = 410_233.4
        return Cell(value, status, opening, value * opening, opening)
    if metric.id == "nps":
        return Cell(value, status, 17 if status is Status.LOW_N else 212)
    source = CellSource.IMPORTED if metric.section == "cost" else CellSource.COMPUTED
    return Cell(value * (0.3 if status is Status.PARTIAL else 1), status, source=source)


PRODUCTS = (
    Product("replay", "Session replay", "growth", "session-replay"),
    Product("flags", "Feature [b]flags[/b]", "mature", "feature-flags"),
    Product(ALL_PRODUCTS, "All products"),
)

PROBLEMS = (
    Problem("reviewtui.toml", 12, "[/views] `survey_response` names a column `score` that its table does not have."),
    Problem("products/flags/product.toml", 3, "Unknown stage 'groth'; it is one of idea, beta, growth, mature."),
    Problem("event", None, "41 rows have no time and were left out.", Severity.WARNING),
)

SOURCES = (
    SourceState(
        "acme", "/data/acme.duckdb", datetime(2026, 11, 9, 6, 30, tzinfo=UTC), 4_000_000, 0, ("invoice_line", "event")
    ),
    SourceState(
        "costs", "/data/costs.duckdb", datetime(2026, 11, 8, 6, 30, tzinfo=UTC), 90_000, 512, ("metric_value",)
    ),
)


@cache
def make_sheet(
    metrics: tuple[Metric, ...] = METRICS,
    products: tuple[Product, ...] = PRODUCTS,
    *,
    first: Month = FIRST_MONTH,
    last: Month = OPEN_MONTH,
    problems: tuple[Problem, ...] = PROBLEMS,
    factor: float = 1.0,
) -> MetricSheet:
    """Every metric of every product; the second product has no support numbers."""
    months = month_span(first, last)
    rows: dict[tuple[str, str], tuple[Cell, ...]] = {}
    for number, product in enumerate(products):
        for metric in metrics:
            if number == 1 and metric.section == "support":
                continue
            cells = [_cell(metric, number, place, len(months) - 1) for place in range(len(months))]
            rows[product.id, metric.id] = tuple(
                cell._replace(value=cell.value * factor) if cell.value is not None else cell for cell in cells
            )
    return MetricSheet(AS_OF, months, products, metrics, rows, problems=problems, sources=SOURCES)


def hostile_strings() -> list[str]:
    """Names that try to act on the terminal, on markup, on files."""
    return [entry["value"] for entry in json.loads(HOSTILE.read_text(encoding="utf-8"))]


@cache
def hostile_sheet() -> MetricSheet:
    """A product and a metric for every hostile string, with the string wherever text of data can be."""
    names = hostile_strings()
    metrics = tuple(
        Metric(f"m{number}", name, name[:20], name[:9], definition=name, formula=name, numerator=name, denominator=name)
        for number, name in enumerate(names)
    )
    products = tuple(Product(f"p{number}", name, name[:30]) for number, name in enumerate(names))
    months = month_span(Month(2026, 5), OPEN_MONTH)
    rows = {
        ("p0", metric.id): tuple(Cell(float(number), Status.OK, 3, 1, 2, note=metric.name) for number in range(7))
        for metric in metrics
    }
    problems = tuple(Problem(name, 1, name) for name in names)
    sources = tuple(SourceState(name, name, None, 1, 0, problem=name) for name in names[:20])
    return MetricSheet(AS_OF, months, products, metrics, rows, names[0], names[9], problems, sources)
