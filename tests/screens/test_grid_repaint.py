"""What a key costs: lines painted, cells formatted, rows decoded. Counted, not timed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month, month_span
from reviewtui.widgets.cell_texts import CellTexts
from reviewtui.widgets.metric_grid import MetricGrid
from tests.screens.conftest import app_of, cursor, grid_of, running, settled
from tests.sheets import METRICS, make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.strip import Strip

    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.widgets.cell_texts import CellText

GRID_LINES = 26
KEYS = ("j", "h", "k", "l", "w", "b", "pagedown", "pageup", "ctrl+d", "<", "0", "$", "G", "g", "}", "t", "v", "f", "F")


class CountedRows(Mapping[tuple[str, str], "tuple[Cell, ...]"]):
    """Rows that count how often they are decoded for the screen; the judge reads them all in a thread of its own."""

    def __init__(self, keys: list[tuple[str, str]], cells: tuple[Cell, ...], counts: Counter[str]) -> None:
        self._keys = dict.fromkeys(keys)
        self._cells = cells
        self._counts = counts

    def __getitem__(self, key: tuple[str, str]) -> tuple[Cell, ...]:
        self._counts["decoded"] += threading.current_thread() is threading.main_thread()
        return self._cells

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys


def big_sheet(metric_count: int, month_count: int, counts: Counter[str]) -> MetricSheet:
    """So many metrics in sections of fifty, by so many months."""
    metrics = tuple(
        METRICS[0]._replace(id=f"m{number}", name=f"Metric {number}", section=f"s{number // 50}")
        for number in range(metric_count)
    )
    last = Month(2026, 11)
    months = month_span(last - (month_count - 1), last)
    small = make_sheet(METRICS[:1], first=months[0])
    keys = [("replay", metric.id) for metric in metrics]
    rows = CountedRows(keys, small.rows["replay", "mrr"], counts)
    return replace(small, months=months, metrics=metrics, rows=rows)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many lines are painted and cells formatted."""
    counted: Counter[str] = Counter()
    render_line, formatted = MetricGrid.render_line, CellTexts._formatted

    def counted_line(grid: MetricGrid, y: int) -> Strip:
        counted["lines"] += 1
        return render_line(grid, y)

    def counted_cell(texts: CellTexts, metric: Metric, place: int) -> CellText:
        counted["cells"] += 1
        return formatted(texts, metric, place)

    monkeypatch.setattr(MetricGrid, "render_line", counted_line)
    monkeypatch.setattr(CellTexts, "_formatted", counted_cell)
    return counted


async def costs(sheet: MetricSheet, counts: Counter[str], keys: tuple[str, ...] = KEYS) -> dict[str, Counter[str]]:
    """What the start and each key cost, on a grid of 120x40."""
    counts.clear()
    found: dict[str, Counter[str]] = {}
    async with running(app_of(sheet)) as pilot:
        found["start"] = Counter(counts)
        for key in keys:
            counts.clear()
            await pilot.press(key)
            await settled(pilot)
            found[key] = Counter(counts)
    return found


async def test_no_key_costs_more_on_a_larger_table(counts: Counter[str]) -> None:
    small = await costs(big_sheet(100, 40, counts), counts)
    large = await costs(big_sheet(1000, 240, counts), counts)
    for key in KEYS:
        for what in ("lines", "cells", "decoded"):
            assert large[key][what] <= small[key][what] + 2, (key, what)


async def test_no_start_costs_more_on_a_larger_table(counts: Counter[str]) -> None:
    small = await costs(big_sheet(100, 40, counts), counts, keys=())
    large = await costs(big_sheet(1000, 240, counts), counts, keys=())
    for what in ("cells", "decoded"):
        assert large["start"][what] <= small["start"][what] + 2, what
    # How often the grid is painted depends on how much arrives between two frames: numbers, judgements, the panel.
    assert large["start"]["lines"] <= 6 * GRID_LINES


async def test_a_page_decodes_what_comes_into_sight_and_nothing_twice(counts: Counter[str]) -> None:
    async with running(app_of(big_sheet(1000, 240, counts))) as pilot:
        page = grid_of(pilot).page_lines
        assert counts["decoded"] <= 2 * page
        counts.clear()
        await pilot.press("pagedown")
        await settled(pilot)
        assert counts["decoded"] <= 2 * page
        counts.clear()
        await pilot.press("pageup")
        await settled(pilot)
        assert (counts["cells"], counts["lines"] <= page + 1) == (0, True)
        await pilot.press("G", "0")
        assert cursor(pilot) == ("m999", "2006-12")


@pytest.mark.parametrize(("key", "lines"), [("h", {0, 2}), ("j", {2, 3}), ("k", set())])
async def test_a_move_inside_the_window_paints_cells_and_not_the_grid(
    monkeypatch: pytest.MonkeyPatch, key: str, lines: set[int]
) -> None:
    async with running(app_of()) as pilot:
        painted = lines_painted(monkeypatch, grid_of(pilot))
        await pilot.press(key)
        await settled(pilot)
        assert set(painted) == lines


async def test_sliding_months_leaves_the_labels_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(app_of()) as pilot:
        grid = grid_of(pilot)
        regions: list[int] = []
        refresh = grid.refresh

        def watched(*asked: object, **more: object) -> object:
            regions.extend(region.x for region in asked)  # type: ignore[attr-defined]
            return refresh(*asked, **more)  # type: ignore[arg-type]

        await pilot.press(*["h"] * (grid.place - grid.window.first))
        monkeypatch.setattr(grid, "refresh", watched)
        await pilot.press("h")
        assert regions
        assert min(regions) >= grid.layout_plan.frozen


async def test_found_rows_are_marked_by_painting_their_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(app_of()) as pilot:
        painted = lines_painted(monkeypatch, grid_of(pilot))
        grid_of(pilot).mark([3, 5, 9999])
        await settled(pilot)
        assert set(painted) == {4, 6}


def lines_painted(monkeypatch: pytest.MonkeyPatch, grid: MetricGrid) -> list[int]:
    """The lines that are painted from now on."""
    painted: list[int] = []
    render_line: Callable[[int], Strip] = grid.render_line

    def watched(y: int) -> Strip:
        painted.append(y)
        return render_line(y)

    monkeypatch.setattr(grid, "render_line", watched)
    return painted
