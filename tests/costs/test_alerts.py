"""The alerts of a product: what raises one, what it says, and that its drivers add up."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reviewtui.costs.alerts import CostAlert, alerts_of
from reviewtui.costs.product import product_costs
from tests.costs.books import DIRECT, Books

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return Books(tmp_path)


def alerts(books: Books, day: str | None = None) -> dict[str, CostAlert]:
    """Subject to its alert."""
    workspace = books.write()
    (costs,) = product_costs(books.inputs(workspace), workspace.cost_models, {}).values()
    return {alert.subject: alert for alert in alerts_of(costs, date.fromisoformat(day or books.as_of))}


def weeks(books: Books) -> Books:
    """api 100 to 160, queue 50 to 30, cache 10 to 10: a total of 160 to 200."""
    books.line("1", day="2026-05-05").model()
    for monday, amounts in (("2026-04-20", (100, 50, 10)), ("2026-04-27", (160, 30, 10))):
        for component, amount in zip(("api", "queue", "cache"), amounts, strict=True):
            books.week(monday, component, str(amount))
    return books


def test_the_components_that_moved_a_total_add_up_to_its_change(books: Books) -> None:
    total = alerts(weeks(books))["total"]
    assert total.drivers == (("api", Fraction(60)), ("queue", Fraction(-20)))
    assert total.now is not None
    assert total.before is not None
    assert sum(change for _, change in total.drivers) == total.now - total.before
    assert total.change_percent == 25


@pytest.mark.parametrize(("day", "expected"), [("2026-05-06", True), ("2026-05-07", False)])
def test_a_fall_in_the_last_three_days_may_be_incomplete(books: Books, day: str, expected: bool) -> None:
    """The week ends on 3 May."""
    found = alerts(weeks(books), day)
    assert found["queue"].is_incomplete is expected
    assert not found["api"].is_incomplete


@pytest.mark.parametrize("order", [1, -1])
def test_the_total_comes_first_and_then_what_moved_most(books: Books, order: int) -> None:
    books.line("1", day="2026-05-05").model()
    amounts = {"api": (100, 160), "queue": (50, 30), "cache": (200, 300), "disk": (30, 10)}
    for component in list(amounts)[::order]:
        for monday, amount in zip(("2026-04-20", "2026-04-27"), amounts[component], strict=True):
            books.week(monday, component, str(amount))
    assert list(alerts(books))[:5] == ["total", "cache", "api", "disk", "queue"]


def test_only_the_newest_three_weeks_are_listed(books: Books) -> None:
    books.line("1", day="2026-05-05").model()
    for place, monday in enumerate(("2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27", "2026-05-04")):
        books.week(monday, "api", str(100 * 2**place))
    workspace = books.write()
    (costs,) = product_costs(books.inputs(workspace), workspace.cost_models, {}).values()
    days = [alert.day.isoformat() for alert in alerts_of(costs, date(2026, 5, 12)) if alert.subject == "api"]
    assert days == ["2026-05-04", "2026-04-27", "2026-04-20"]


@pytest.mark.parametrize(("day", "value"), [("2026-05-08", None), ("2026-05-09", "4 days old")])
def test_data_are_stale_on_the_fourth_day(books: Books, day: str, value: str | None) -> None:
    found = alerts(books.line("1", day="2026-05-05").model(), day).get("staleness")
    assert (found.value if found is not None else None) == value


def test_an_alert_of_old_data_keeps_its_day_while_it_grows_older(books: Books) -> None:
    books.line("1", day="2026-05-05").model()
    assert {alerts(books, day)["staleness"].day for day in ("2026-05-10", "2026-05-20")} == {date(2026, 5, 5)}


def test_days_that_all_cost_the_same_are_an_alert(books: Books) -> None:
    books.model()
    for day in (3, 4, 5):
        books.line("5", day=f"2026-05-0{day}")
    assert (alerts(books)["flatline"].day, alerts(books)["flatline"].value) == (date(2026, 5, 3), "3 days")


def test_lost_tags_are_an_alert_of_the_newest_complete_month(books: Books) -> None:
    books.model().line("100", day="2026-03-01").line("80").line("20", "").line("9", "", day="2026-05-05")
    found = alerts(books)["tagged cost"]
    assert (found.day, found.value) == (date(2026, 4, 1), "100.0 → 80.0 %")


def test_lost_tags_of_queries_are_an_alert_of_their_region(books: Books) -> None:
    books.model('[[rule]]\nid = "queries"\ntag = "warehouse"\nkind = "querylog"\n')
    for day, tagged, untagged in (("2026-03-01", "90", "10"), ("2026-04-01", "85", "15")):
        books.line("100", "warehouse", day=day).queries("replay", tagged, day=day).queries("", untagged, day=day)
    assert alerts(books)["tagged queries in us"].value == "90.0 → 85.0 %"


def test_a_model_is_to_be_reviewed_after_three_months(books: Books) -> None:
    books.line("1").model(f"model_last_reviewed = 2026-02-05\n{DIRECT}")
    assert "review" not in alerts(books, "2026-05-05")
    assert alerts(books, "2026-05-06")["review"].value == "1 day overdue"


def test_a_service_that_came_after_the_last_review_is_named_until_the_map_has_it(books: Books) -> None:
    books.line("1", day="2026-03-01").line("1").line("1", service="kafka")
    reviewed = "model_last_reviewed = 2026-03-20\n"
    found = alerts(books.model(reviewed + DIRECT))
    assert found["new service kafka"].day == date(2026, 4, 1)
    mapped = '[[service]]\nname = "kafka"\npath = ["write"]\ncomponent = "queue"\n'
    assert "new service kafka" not in alerts(books.model(reviewed + mapped + DIRECT))
    assert "new service kafka" not in alerts(books.model("model_last_reviewed = 2026-04-20\n" + DIRECT))
