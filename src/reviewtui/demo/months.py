"""How each product does in each month apart from billing: trials, users, tickets, surveys, stories applied."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.demo.timeline import LATEST, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.demo.company import ProductPlan
    from reviewtui.demo.setting import Setting
    from reviewtui.demo.stories import Story

SURVEY_STARTS = 6
"""Before this month the first product's score lived in a spreadsheet."""
_SEASON = {1: 0.98, 2: 1.0, 3: 1.03, 4: 1.0, 5: 0.99, 6: 1.0, 7: 0.95, 8: 0.92, 9: 1.03, 10: 1.05, 11: 1.03, 12: 0.86}
_LAUNCH_TRIALS = 2.4
_AFTER_LAUNCH_TRIALS = 1.35
_LAUNCH_STICKINESS = 1.26
_DIP_SCORE = -0.24
_DIP_TICKETS = 1.75
_DIP_SLOWNESS = 2.1


@dataclass(frozen=True, slots=True)
class ProductMonth:
    """One product in one month."""

    product: str
    month_index: int
    intents: int
    """Organisations that start a free trial."""
    activation: float
    stickiness: float
    events_factor: float
    tickets: int
    slowness: float
    """How long replies take, 1 being usual."""
    responses: int
    nps: float


def product_months(setting: Setting) -> Iterator[ProductMonth]:
    """Every product from the month before its first MRR to the open month."""
    chance = random.Random(f"months {setting.seed}")  # noqa: S311 - a demo, not a secret
    for product in setting.company.products:
        for index in range(product.starts - 1, OPEN + 1):
            yield _product_month(setting, product, index, chance)


def _product_month(setting: Setting, product: ProductPlan, index: int, chance: random.Random) -> ProductMonth:
    stories = setting.stories
    begun = index >= product.starts
    way = max(0.0, (index - product.starts) / (LATEST - product.starts))
    season = _SEASON[setting.timeline.month(index).number]
    dip = _during(stories["nps_dip"], product, index)
    launch = stories["launch"]
    launched = launch.product == product.id and index >= launch.first
    trials = _LAUNCH_TRIALS if launched and index == launch.first else _AFTER_LAUNCH_TRIALS if launched else 1.0
    intents = _between(product.intents, way) * season * trials
    nps = _between(product.nps, way) + chance.gauss(0, 0.02)
    tickets = _between(product.tickets, way) * season * chance.uniform(0.92, 1.08)
    surveyed = begun and not (product.starts == 0 and product.stage == "mature" and index < SURVEY_STARTS)
    return ProductMonth(
        product=product.id,
        month_index=index,
        intents=round(intents * setting.scale * chance.uniform(0.9, 1.1)) * begun,
        activation=_between(product.activation, way) + chance.gauss(0, 0.015),
        stickiness=min(0.95, product.stickiness * (_LAUNCH_STICKINESS if launched else 1.0)),
        events_factor=season * chance.uniform(0.97, 1.03),
        tickets=round(tickets * (_DIP_TICKETS if dip else 1.0)) * begun,
        slowness=chance.uniform(0.9, 1.1) * (_DIP_SLOWNESS if dip else 1.0),
        responses=round(product.responses * chance.uniform(0.85, 1.15)) if surveyed else 0,
        nps=_DIP_SCORE if dip else nps,
    )


def _between(ends: tuple[float, float], way: float) -> float:
    """From the first to the last end by equal factors, or by equal steps where an end is not positive."""
    first, last = ends
    if first > 0 and last > 0:
        return float(first * (last / first) ** way)
    return first + (last - first) * way


def _during(story: Story, product: ProductPlan, index: int) -> bool:
    return story.product == product.id and story.first <= index < story.first + story.months
