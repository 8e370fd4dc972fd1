"""More than ten years of usage: every count equals what a plain loop over sets finds."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from tests.metrics.worksheets import Company, value

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet
    from tests.metrics.worksheets import Rows

FIRST = Month(2010, 3)
MONTHS = 150
MARCHING = [FIRST + place for place in range(MONTHS)]

Activity = dict[str, set[Month]]


def random_activity() -> Activity:
    """Users who come and go, some with gaps of many years."""
    chance = random.Random(20_260)
    users: Activity = {}
    for number in range(30):
        start = chance.randrange(MONTHS)
        likely = chance.choice((0.03, 0.2, 0.8))
        users[f"u{number}"] = {month for month in MARCHING[start:] if chance.random() < likely}
    users["both ends"] = {MARCHING[0], MARCHING[-1]}
    users["around ten years"] = {MARCHING[place] for place in (0, 1, 113, 119, 120, 121, 126)}
    return users


def quiet_decade() -> Activity:
    """Nothing at all happens between the first months and the last ones."""
    return {"early": set(MARCHING[:3]), "late": {MARCHING[1], *MARCHING[147:]}, "last": {MARCHING[149]}}


PRODUCTS = {"random": random_activity(), "quiet": quiet_decade()}


@pytest.fixture(scope="module", params=["event", "event_month"])
def sheet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    chance = random.Random(7)
    company = Company(tmp_path_factory.mktemp("long"))
    seen = [(product, user, month) for product, users in PRODUCTS.items() for user in users for month in users[user]]
    if request.param == "event":
        rows: Rows = [
            (product, "play", user, f"org of {user[-1]}", f"{month}-{chance.randint(1, 28):02d} 10:00:00+00")
            for product, user, month in sorted(seen)
        ]
        company.add("event", "product_id, event, user_id, org_id, occurred_at", rows)
    else:
        rows = [(product, "play", user, f"org of {user[-1]}", month.first_day) for product, user, month in sorted(seen)]
        company.add("event_month", "product_id, event, user_id, org_id, month", rows)
    return company.sheet((MARCHING[-1] + 1).first_day.isoformat())


def active(users: Activity, month: Month) -> set[str]:
    return {user for user, months in users.items() if month in months}


def lifecycle(users: Activity, month: Month) -> dict[str, int]:
    """Every count of one month."""
    now, before = active(users, month), active(users, month - 1)
    return {
        "unique_users": len(now),
        "unique_orgs": len({user[-1] for user in now}),
        "users_new": sum(min(users[user]) == month for user in now),
        "users_returning": len(now & before),
        "users_resurrecting": sum(min(users[user]) < month for user in now - before),
        "users_dormant": -len(before - now),
    }


def retention(users: Activity, close: Month, lag: int) -> float | None:
    """Returning users over cohorts, summed over the three months that end with `close`."""
    ends = [close - back for back in range(3)]
    cohorts = sum(len(active(users, end - lag)) for end in ends)
    returning = sum(len(active(users, end - lag) & active(users, end)) for end in ends)
    return returning / cohorts if cohorts else None


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_month_equals_a_plain_count(sheet: MetricSheet, product: str) -> None:
    users = PRODUCTS[product]
    months = [month for month in MARCHING if month >= min(min(months) for months in users.values() if months)]
    for month in months:
        found = {metric: value(sheet, product, metric, str(month)) for metric in lifecycle(users, month)}
        assert found == lifecycle(users, month), month


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("lag", [1, 3, 6])
def test_every_quarter_equals_a_plain_count(sheet: MetricSheet, product: str, lag: int) -> None:
    users = PRODUCTS[product]
    closes = [month for month in MARCHING if month.number % 3 == 0]
    found = [value(sheet, product, f"retention_{lag}m", str(close)) for close in closes]
    assert found == [pytest.approx(retention(users, close, lag)) for close in closes]
