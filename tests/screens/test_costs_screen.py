"""The Costs screen over the worked example: one glance, what if, undo, scenarios, adopting, the lines behind."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from reviewtui.screens.costs import CostsScreen
from reviewtui.workspace.kinds.costs import ALERT_NOTES, SCENARIOS
from tests.costs.worked_example import AS_OF, write_example
from tests.screens.conftest import running, settled, shown, shown_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot


@asynccontextmanager
async def costs_of(root: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    async with running(ReviewApp(root, date.fromisoformat(AS_OF)), size) as pilot:
        await pilot.press("5")
        await settled(pilot)
        await settled(pilot)
        yield pilot


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return write_example(tmp_path / "reviews")


def line_with(pilot: Pilot[None], words: str) -> str:
    return next((line for line in shown(pilot) if words in line), "")


async def go_to(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *words, "enter")
    await settled(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_margin_verdict_and_components_are_there_at_one_glance(example: Path, size: tuple[int, int]) -> None:
    async with costs_of(example, size) as pilot:
        text = shown_text(pilot)
        assert "margin 65.4 % (64.8–66.0 %) · declining" in text
        assert "Apr 2026" in text
        assert "8.30k" in line_with(pilot, "  storage ")
        assert "20.8k" in line_with(pilot, "Total cost")


async def test_everything_moves_while_a_value_is_typed_and_goes_back(example: Path) -> None:
    async with costs_of(example) as pilot:
        await go_to(pilot, "retention")
        await pilot.press("enter", *"60")
        await settled(pilot)
        assert "70.0 % (was 65.4 %)" in line_with(pilot, "Gross margin, modelled")
        assert "60 (was 90)" in line_with(pilot, "retention_days")
        assert "margin 70.0 % modelled, 65.4 % billed" in shown(pilot)[0]
        assert "18.0k (was 20.8k)" in line_with(pilot, "Total cost, modelled")
        assert "was" not in line_with(pilot, "Total cost, billed")
        assert "(was" in line_with(pilot, "Cost per recording, modelled")
        assert "5.52k (was 8.28k)" in line_with(pilot, "  storage, modelled")
        assert line_with(pilot, "Scenario  ").split()[:2] == ["Scenario", "60"]
        assert line_with(pilot, " Model  ").split()[:2] == ["Model", "90"]
        await pilot.press("escape")
        await settled(pilot)
        assert "was" not in line_with(pilot, "Gross margin, modelled")
        await pilot.press("enter", *"60", "enter")
        await settled(pilot)
        assert "what if: 1 change" in shown(pilot)[0]
        await pilot.press("u")
        await settled(pilot)
        assert "what if" not in shown(pilot)[0]
        await go_to(pilot, "redis")
        await pilot.press("enter", *"1.5", "enter")
        await settled(pilot)
        assert "A share lies between 0 and 1" in shown_text(pilot)


async def test_a_scenario_is_saved_taken_up_and_adopted(example: Path) -> None:
    async with costs_of(example) as pilot:
        await go_to(pilot, "retention")
        assert "Enter change" in shown(pilot)[-1]
        await pilot.press("enter", *"60", "enter", "+")
        await settled(pilot)
        await pilot.press(*"Shorter", "ctrl+s")
        await settled(pilot)
        app = pilot.app
        assert isinstance(app, ReviewApp)
        (scenario,) = app.records.of(SCENARIOS)
        assert [(change.id, change.value) for change in scenario.changes] == [("retention_days", "60")]
        await pilot.press("0")
        await settled(pilot)
        await go_to(pilot, "Shorter")
        assert line_with(pilot, " Change          retention_days 90 → 60")
        assert "65.4 % → 70.0 % modelled, 65.4 % billed" in line_with(pilot, " Margin        ")
        await pilot.press("enter")
        await settled(pilot)
        assert "what if: 1 change" in shown(pilot)[0]
        await pilot.press("W")
        await settled(pilot)
        await pilot.press(*"They leave", "ctrl+s")
        await settled(pilot)
        await settled(pilot)
    text = (example / "products" / "replay" / "cost.toml").read_text()
    assert "value = 60" in text
    assert 'reason = "They leave"' in text


async def test_an_alert_is_explained_and_the_lines_behind_a_component_are_listed(example: Path) -> None:
    async with costs_of(example) as pilot:
        await go_to(pilot, "cache: suspect")
        assert "open" in line_with(pilot, "cache: suspect tagging")
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press(*"Moved away", "ctrl+s")
        await settled(pilot)
        app = pilot.app
        assert isinstance(app, ReviewApp)
        (note,) = app.records.of(ALERT_NOTES)
        assert (note.subject, note.alert_day, note.note) == ("cache", date(2026, 4, 27), "Moved away")
        assert "explained: Moved away" in line_with(pilot, "cache: suspect tagging")
        await pilot.press("g")
        await go_to(pilot, "queue")
        await pilot.press("enter")
        await settled(pilot)
        assert "queue · Apr 2026 · 3 lines" in shown_text(pilot)
        assert "1,800.00" in line_with(pilot, "r02")


async def test_a_workspace_without_a_model_says_how_to_make_one(example: Path) -> None:
    (example / "products" / "replay" / "cost.toml").unlink()
    async with costs_of(example) as pilot:
        assert "No product has a cost model" in shown_text(pilot)


async def test_a_component_says_its_services_and_rules_before_its_lines(example: Path) -> None:
    """Ingress is two services: 3,000 and 1,200 of the proxies at 20 % are 840, 3,867 of balancers at 15 % are 580."""
    async with costs_of(example, (160, 50)) as pilot:
        await go_to(pilot, "ingress")
        text = shown_text(pilot)
        assert "ingress: services, then the rules that bring the cost" in text
        assert "840" in line_with(pilot, "ingress-proxy")
        assert "580" in line_with(pilot, "ingress-lb")
        await pilot.press("enter")
        await settled(pilot)
        assert "ingress · Apr 2026" in shown(pilot)[0]
        await pilot.press("escape")
        await settled(pilot)
        assert "COMPONENTS" in shown_text(pilot)


async def test_the_architecture_is_listed_path_by_path_with_what_each_service_costs(example: Path) -> None:
    async with costs_of(example, (160, 90)) as pilot:
        text = shown_text(pilot)
        assert text.index("ARCHITECTURE, WRITE PATH") < text.index("ARCHITECTURE, READ PATH")
        assert text.index("ARCHITECTURE, READ PATH") < text.index("ARCHITECTURE, STORAGE PATH")
        await go_to(pilot, "write: kafka")
        assert "2.80k" in line_with(pilot, "write: kafka-replay")
        assert "Map checked" in shown_text(pilot)


async def test_a_price_moves_revenue_and_margin_and_leaves_the_cost(example: Path) -> None:
    """At nine tenths of the price revenue is 54,000 beside 20,770 of cost: a margin of 61.5 %."""
    async with costs_of(example, (160, 50)) as pilot:
        await go_to(pilot, "revenue per")
        await pilot.press("enter", *"0.9", "enter")
        await settled(pilot)
        assert "61.5 % (was 65.4 %)" in line_with(pilot, "Gross margin, billed")
        assert "0.0045 (was 0.005)" in line_with(pilot, "Revenue per")
        assert "was" not in line_with(pilot, "Total cost  ")


async def test_a_price_event_shows_three_months_before_and_after(example: Path) -> None:
    folder = example / "products" / "replay" / "events"
    folder.mkdir(parents=True)
    (folder / "price.toml").write_text('schema = 1\nmonth = "2026-03"\nkind = "price"\nnote = "Cheaper tiers"\n')
    async with costs_of(example, (160, 50)) as pilot:
        await go_to(pilot, "revenue per")
        text = shown_text(pilot)
        assert "Price of Mar 2026: Cheaper tiers" in text
        head = line_with(pilot, "Dec 25")
        months = ("Dec 25", "Jan 26", "Feb 26", "Mar 26", "Apr 26", "May 26", "Jun 26")
        assert all(month in head for month in months)
        assert all(line_with(pilot, name) for name in ("MRR", "Activation", "Churn"))


async def test_a_month_that_is_not_over_is_compared_with_none_and_not_drawn(example: Path) -> None:
    async with running(ReviewApp(example, date(2026, 4, 20)), (160, 50)) as pilot:
        await pilot.press("5")
        await settled(pilot)
        await settled(pilot)
        assert "Mar 2026" in shown(pilot)[0]
        await pilot.press("l")
        await settled(pilot)
        assert "Apr 2026 so far" in shown(pilot)[0]
        assert "not over" in line_with(pilot, "Gross margin, billed")
        screen = pilot.app.screen
        assert isinstance(screen, CostsScreen)
        cells = next(row.cells for row in screen.list.rows if row.id == "unit:total")
        assert (cells[2], len(cells[3])) == ("", 1)
