"""Names of every kind: control sequences, quotes, right-to-left text, look-alikes. They are only names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from reviewtui.workspace.model import ActivationVersion, Criterion, KnownEvent, ProductConfig
from tests.metrics.worksheets import Company, messages, value

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

HOSTILE_STRINGS = Path(__file__).parents[2] / "fixtures" / "hostile_strings.json"


def storable(text: str) -> bool:
    """Whether a database can hold it: half a surrogate pair is no text, and nothing is no name."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return text != ""


NAMES = list(
    dict.fromkeys(
        entry["value"] for entry in json.loads(HOSTILE_STRINGS.read_text("utf-8")) if storable(entry["value"])
    )
)
SPAN = ("2025-02-10", "2025-03-10")


@pytest.fixture(scope="module")
def as_products(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    """Every name is a product; every other one is configured, with hostile events and groups."""
    products = tuple(
        ProductConfig(
            name,
            f"p{place}",
            key_action=(name,),
            activation=(ActivationVersion((Criterion(name),)),),
            revenue_share={name: (name,)} if place < 10 else {},
        )
        for place, name in enumerate(NAMES)
        if place % 2 == 0
    )
    events = tuple(KnownEvent("e", name, Month(2025, 3), "definition", (name,)) for name in NAMES)
    company = Company(tmp_path_factory.mktemp("products"), products=products, events=events)
    company.add(
        "invoice_line",
        "customer_id, product_id, subscription_id, sku, kind, period_start, period_end, amount",
        [("c", name, "s", name, "recurring", *SPAN, 10) for name in NAMES],
    )
    at = "2025-03-10 12:00:00"
    company.add(
        "event", "product_id, event, user_id, org_id, occurred_at", [(name, name, "u", "o", at) for name in NAMES]
    )
    company.add("product_intent", "product_id, org_id, first_intent_at", [(name, "o", at) for name in NAMES])
    company.add("survey_response", "product_id, submitted_at, score", [(name, at, 9) for name in NAMES])
    company.add("ticket", "ticket_id, product_id, created_at", [(name, name, at) for name in NAMES])
    company.add("holiday", "day, calendar", [("2025-03-11", name) for name in NAMES])
    company.add("metric_value", "product_id, month, metric, value", [(name, "2025-03-01", "mood", 1) for name in NAMES])
    return company.sheet()


def test_every_name_is_a_product_of_its_own(as_products: MetricSheet) -> None:
    assert {product.id for product in as_products.products} == {*NAMES, "*"}
    for metric, expected in {"mrr": 10, "unique_users": 1, "activation_rate": 1, "nps": 100, "mood": 1}.items():
        found = {name: value(as_products, name, metric, "2025-03") for name in NAMES}
        assert {name: number for name, number in found.items() if number != expected} == {}, metric


def test_all_products_together_are_one_customer_and_one_user(as_products: MetricSheet) -> None:
    expected = {"mrr": 10 * len(NAMES), "paying_customers": 1, "unique_users": 1, "tickets_created": len(NAMES)}
    assert {metric: value(as_products, "*", metric, "2025-03") for metric in expected} == expected


def test_nothing_is_wrong_with_a_name(as_products: MetricSheet) -> None:
    assert messages(as_products) == ""


def test_every_name_is_a_customer_a_user_and_a_metric(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.add(
        "invoice_line",
        "line_id, customer_id, product_id, subscription_id, kind, period_start, period_end, amount",
        [(name, name, "replay", name, "recurring", *SPAN, 10) for name in NAMES],
    )
    internal = NAMES[::5]
    company.add("customer", "customer_id, org_id, is_internal", [(name, name, True) for name in internal])
    at = "2025-03-10 12:00:00"
    company.add(
        "event",
        "product_id, event, user_id, org_id, occurred_at",
        [("replay", "play", name, name, at) for name in NAMES],
    )
    company.add("ticket", "ticket_id, product_id, created_at, org_id", [(name, "replay", at, name) for name in NAMES])
    company.add("metric_value", "product_id, month, metric, value", [("p", "2025-03-01", name, 1) for name in NAMES])
    sheet = company.sheet()
    outside = len(NAMES) - len(internal)
    expected = {"mrr": 10 * outside, "unique_users": outside, "unique_orgs": outside, "tickets_created": outside}
    assert {metric: value(sheet, "replay", metric, "2025-03") for metric in expected} == expected
    assert {name for name in NAMES if value(sheet, "p", name, "2025-03") != 1} == set()


def test_hostile_kinds_priorities_and_currencies_are_unknown_ones(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for name in NAMES[::7]:
        company.bill("a", (*SPAN, 10), kind=name)
        company.bill("b", (*SPAN, 1), status=name)
    company.bill("c", (*SPAN, 10), product="abroad", currency=NAMES[0])
    at = "2025-03-10 12:00:00"
    company.add(
        "ticket", "ticket_id, product_id, created_at, priority, status", [(n, "replay", at, n, n) for n in NAMES]
    )
    company.add("ticket_event", 'ticket_id, "at", kind, value', [(n, at, n, n) for n in NAMES])
    sheet = company.sheet()
    assert value(sheet, "replay", "mrr", "2025-03") == len(NAMES[::7])
    assert value(sheet, "replay", "tickets_created", "2025-03") == len(NAMES)
    assert value(sheet, "abroad", "mrr", "2025-03") is None
    assert "no exchange rate for" in messages(sheet)
