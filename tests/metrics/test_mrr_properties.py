"""Whatever is billed: the bridge closes, products add up, and every movement is what a plain loop finds."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewtui.months import Month
from tests.metrics.worksheets import Company
from tests.thoroughness import THOROUGH

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

FIRST = Month(2025, 1)
LAST = Month(2025, 9)
CURRENCIES = ("USD", "EUR", "JPY")
PRODUCTS = ("flags", "replay")
CUSTOMERS = ("a", "b", "c", "d", "anchor")

Paid = dict[Month, dict[str, dict[str, float]]]
"""Month to customer to currency to amount."""


@dataclass(frozen=True)
class Line:
    customer: str
    product: str
    currency: str
    start: date
    months: int
    cents: int

    @property
    def end(self) -> date:
        return (Month.of(self.start) + self.months).first_day.replace(day=self.start.day)


ANCHORS = [Line("anchor", product, "USD", date(2024, 12, 15), 9, 900) for product in PRODUCTS]
"""One unit a month in every month, so that no month is beyond the data."""

LINES = st.lists(
    st.builds(
        Line,
        customer=st.sampled_from(CUSTOMERS[:4]),
        product=st.sampled_from(PRODUCTS),
        currency=st.sampled_from(CURRENCIES),
        start=st.dates(date(2025, 1, 1), date(2025, 6, 28)).filter(lambda day: day.day <= 28),
        months=st.sampled_from((1, 1, 1, 2, 3)),
        cents=st.one_of(st.integers(1, 40_000), st.integers(-9_000, 9_000)),
    ),
    min_size=1,
    max_size=20,
)
RATES = st.lists(st.floats(0.005, 2.0), min_size=18, max_size=18)


def rate_table(drawn: list[float]) -> dict[tuple[Month, str], float]:
    months = [FIRST + place for place in range(9)]
    keys = [(month, currency) for currency in CURRENCIES[1:] for month in months]
    return dict.fromkeys([(month, "USD") for month in months], 1.0) | dict(zip(keys, drawn, strict=True))


def slices(lines: list[Line], product: str) -> Paid:
    """Each line in equal parts over the months it covers, counted back from the month of its end."""
    paid: Paid = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    for line in lines:
        if line.product == product:
            covered = max(1, round((line.end - line.start).days / 30.44))
            for back in range(covered):
                paid[Month.of(line.end) - back][line.customer][line.currency] += line.cents / 100 / covered
    return paid


class Books:
    """MRR by product, customer and month, at any month's rates."""

    def __init__(self, lines: list[Line], rates: dict[tuple[Month, str], float]) -> None:
        self.rates = rates
        self.products = {product: slices(lines, product) for product in PRODUCTS}

    def mrr(self, product: str, customer: str, month: Month, at: Month) -> float:
        """What the customer pays in `month`, at the rates of `at`; nothing where it is nothing at its own rates."""
        if product == "*":
            return sum(self.mrr(one, customer, month, at) for one in PRODUCTS)
        native = self.products[product][month][customer]
        if sum(amount * self.rates[month, currency] for currency, amount in native.items()) < 0.005:
            return 0.0
        return max(0.0, sum(amount * self.rates[at, currency] for currency, amount in native.items()))

    def movements(self, product: str, month: Month) -> dict[str, float]:
        """Closing MRR and every movement of one month."""
        found: dict[str, float] = defaultdict(float)
        before = month - 1
        for customer in CUSTOMERS:
            b = self.mrr(product, customer, month, month)
            a = self.mrr(product, customer, before, before) if before >= FIRST else 0.0
            found["mrr"] += b
            found["opening"] += a
            if a and b:
                restated = self.mrr(product, customer, before, month)
                found["fx_effect"] += restated - a
                found["expansion_mrr"] += max(0.0, b - restated)
                found["contraction_mrr"] += max(0.0, restated - b)
            elif a:
                found["churned_mrr"] += a
            elif b:
                earlier = [FIRST + place for place in range(month.index - FIRST.index)]
                paid_before = any(self.mrr(product, customer, past, past) for past in earlier)
                found["reactivation_mrr" if paid_before else "new_mrr"] += b
        return found


def shown(sheet: MetricSheet, product: str, metric: str, month: Month) -> float:
    return sheet.cell(product, metric, month).value or 0.0


@given(lines=LINES, drawn=RATES)
@settings(max_examples=30 if THOROUGH else 6, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_bridge_closes_and_matches_a_plain_reckoning(lines: list[Line], drawn: list[float]) -> None:
    rates = rate_table(drawn)
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder))
        for line in (*lines, *ANCHORS):
            span = (line.start.isoformat(), line.end.isoformat(), line.cents / 100)
            company.bill(line.customer, span, product=line.product, currency=line.currency)
        known = [(month.first_day, currency, rate) for (month, currency), rate in rates.items() if currency != "USD"]
        sheet = company.add("fx_rate", "month, currency, rate_to_base", [tuple(rate) for rate in known]).sheet(
            "2025-10-02"
        )
    books = Books([*lines, *ANCHORS], rates)
    for month in [month for month in sheet.months if month <= LAST]:
        for product in ("*", *PRODUCTS):
            expected = books.movements(product, month)
            for metric in ("mrr", "new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr"):
                assert shown(sheet, product, metric, month) == pytest.approx(expected[metric], abs=0.01), (
                    product,
                    metric,
                    month,
                )
            assert shown(sheet, product, "fx_effect", month) == pytest.approx(expected["fx_effect"], abs=0.01)
            check_bridge(sheet, product, month)
        products = sum(shown(sheet, product, "mrr", month) for product in PRODUCTS)
        assert products == pytest.approx(shown(sheet, "*", "mrr", month), abs=0.01)


def check_bridge(sheet: MetricSheet, product: str, month: Month) -> None:
    """Opening MRR and the movements, as they are shown, give closing MRR."""
    gains = ("new_mrr", "reactivation_mrr", "expansion_mrr", "fx_effect")
    closing = shown(sheet, product, "mrr", month - 1) + sum(shown(sheet, product, gain, month) for gain in gains)
    closing -= shown(sheet, product, "contraction_mrr", month) + shown(sheet, product, "churned_mrr", month)
    assert closing == pytest.approx(shown(sheet, product, "mrr", month), abs=0.01), (product, month)
    assert "miss closing MRR" not in " ".join(problem.message for problem in sheet.problems)
