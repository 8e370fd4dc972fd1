"""Hand what was planned in Python to the SQL scripts: variables, and the temporary `plan_*` tables."""

from __future__ import annotations

import random
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from reviewtui.demo.company import load_comments
from reviewtui.demo.months import SURVEY_STARTS, product_months
from reviewtui.demo.timeline import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.demo.company import Company, ProductPlan
    from reviewtui.demo.plan import BillingPlan, Subscription
    from reviewtui.demo.setting import Setting
    from reviewtui.demo.stories import Story

    Rows = Iterable[Sequence[Any]]

_SLOTS = 64
"""An event's name is one of this many equal shares."""

_FEATURES = (
    ("forms", "forms", "reports", 0.30),
    ("forms", "forms", "search", 0.12),
    ("flows", "flows", "run history", 0.42),
    ("flows", "flows", "alerts", 0.10),
    ("assist", "assist", "retrieval", 1.40),
    ("texts", "texts", "campaign reports", 0.24),
    ("forms", "internal", "backfills", 0.05),
    ("forms", "", "", 0.06),
)
"""Query load: the product whose MRR drives it, the tag in the log, the feature, cpu seconds by dollar."""


def set_variables(connection: DuckDBPyConnection, setting: Setting) -> None:
    """Everything the scripts ask for by `getvariable`."""
    stories, timeline = setting.stories, setting.timeline
    untagged = stories["tagging_break"]
    values: dict[str, object] = {
        "seed": setting.seed,
        "scale": setting.scale,
        "as_of": timeline.as_of,
        "first_day": timeline.first_day,
        "metered_from": timeline.month(OPEN - 2).first_day,
        "broken_event": stories["broken_event"].first,
        "broken_product": stories["broken_event"].product,
        "stopped_product": stories["data_stops"].product,
        "stopped_on": timeline.month(stories["data_stops"].first).first_day,
        "nps_dip": stories["nps_dip"].first,
        "nps_dip_product": stories["nps_dip"].product,
        "big_refund": stories["big_refund"].first,
        "big_refund_product": stories["big_refund"].product,
        "untagged_service": "flows-workers",
        "untagged_first": untagged.first,
        "untagged_last": untagged.first + untagged.months - 1,
        "survey_starts": SURVEY_STARTS,
    }
    for name, value in values.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])


def load_plan(connection: DuckDBPyConnection, setting: Setting, plan: BillingPlan) -> None:
    """Fill every `plan_*` table."""
    tables = {**_billing_rows(setting, plan), **_usage_rows(setting), **_text_rows(setting), **_cost_rows(setting)}
    for table, rows in tables.items():
        _load(connection, table, rows)


def _billing_rows(setting: Setting, plan: BillingPlan) -> dict[str, Rows]:
    company = setting.company
    return {
        "plan_customer": (astuple(customer) for customer in plan.customers),
        "plan_subscription": (
            (s.number, s.customer, s.product, s.started_on, s.annual, s.monthly, *_addon(s), s.ended_after)
            for s in plan.subscriptions
        ),
        "plan_period": (astuple(period) for period in plan.periods),
        "plan_mrr": ((product, index, round(mrr, 2)) for (product, index), mrr in plan.mrr.items()),
        "plan_currency": ((code, currency.decimals) for code, currency in company.currencies.items()),
        "plan_fx": _rates(company, setting.seed),
        "plan_sku": ((product.id, product.skus[0]) for product in company.products),
    }


def _addon(subscription: Subscription) -> tuple[str, float]:
    return subscription.addon_sku, subscription.addon_share


def _usage_rows(setting: Setting) -> dict[str, Rows]:
    products = setting.company.products
    return {
        "plan_product": ((p.id, p.starts, p.seats, p.events_per_month, bool(p.onboarding_old)) for p in products),
        "plan_month": (astuple(month) for month in product_months(setting)),
        "plan_onboarding": (
            (p.id, level, event, count)
            for p in products
            for level, steps in ((2, p.onboarding), (1, p.onboarding_old))
            for event, count in steps.items()
        ),
    }


def _text_rows(setting: Setting) -> dict[str, Rows]:
    return {
        "plan_comment": (
            (product.id, group, texts)
            for group, by_product in load_comments().items()
            for product in setting.company.products
            if (texts := by_product.get("any", []) + by_product.get(product.id, []))
        )
    }


def _cost_rows(setting: Setting) -> dict[str, Rows]:
    company = setting.company
    return {
        "plan_service": (
            (s.name, list(s.tags), s.component, list(s.products), s.share, s.growth) for s in company.services
        ),
        "plan_region": company.regions.items(),
        "plan_feature": _FEATURES,
    }


def _rates(company: Company, seed: int) -> Iterable[tuple[int, str, float]]:
    """The rate of each foreign currency, a random walk pulled back to where it began."""
    chance = random.Random(f"rates {seed}")  # noqa: S311 - a demo, not a secret
    for code, currency in company.currencies.items():
        if currency.moves == 0:
            continue
        away = 0.0
        for index in range(-1, OPEN + 1):
            yield index, code, round(currency.rate * (1 + away), 8)
            away = 0.94 * away + chance.gauss(0, currency.moves)


def define_products(connection: DuckDBPyConnection, setting: Setting) -> None:
    """Make the macros `unit_of(product)`, `units_per_dollar(product)`, `event_name(product, month_index, slot)` and
    `is_key_action(event)`.

    Macros of constants, because for many million rows a join costs more than all the rest.
    """
    for macro, field in (("unit_of", "unit"), ("units_per_dollar", "units_per_dollar")):
        values = (f"WHEN {_literal(p.id)} THEN {_literal(getattr(p, field))}" for p in setting.company.products)
        connection.execute(f"CREATE TEMP MACRO {macro}(product) AS CASE product {' '.join(values)} END")
    cases = []
    for product in setting.company.products:
        months = sorted({0, *(setting.stories[event.since].first for event in product.events if event.since)})
        cases += [
            f"WHEN product = {_literal(product.id)} AND month_index >= {month}"
            f" THEN {_literal(_slots(product, setting.stories, month))}[slot + 1]"
            for month in reversed(months)
        ]
    keys = [event.name for product in setting.company.products for event in product.events if event.key]
    connection.execute(f"CREATE TEMP MACRO event_name(product, month_index, slot) AS CASE {' '.join(cases)} END")
    connection.execute(f"CREATE TEMP MACRO is_key_action(event) AS list_contains({_literal(keys)}, event)")


def _slots(product: ProductPlan, stories: Mapping[str, Story], index: int) -> list[str]:
    """The event of each slot; an event that does not exist yet leaves its slots to the first one."""
    slots: list[str] = []
    for event in product.events:
        exists = not event.since or index >= stories[event.since].first
        slots += [event.name if exists else product.events[0].name] * event.weight
    if len(slots) != _SLOTS:
        raise ValueError(f"the event weights of {product.id} add up to {len(slots)}, not {_SLOTS}")
    return slots


def _literal(value: str | float | list[str]) -> str:
    if isinstance(value, (int, float)):
        return f"{value}::DOUBLE"
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return "'" + value.replace("'", "''") + "'"


def _load(connection: DuckDBPyConnection, table: str, rows: Rows) -> None:
    """Insert `rows` a column at a time, which is much faster than row by row."""
    by_column = [list(values) for values in zip(*rows, strict=True)]
    if by_column:
        unnested = ", ".join("unnest(?)" for _ in by_column)
        connection.execute(f"INSERT INTO {table} SELECT {unnested}", by_column)
