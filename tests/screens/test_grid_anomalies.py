"""Anomalies on the grid: marks, the walk with `a` and `A`, the count in the title, the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.app import ReviewApp
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.metrics.sheet import Unit
from reviewtui.screens.grid import GridScreen
from reviewtui.sheet_state import RowFilter
from reviewtui.widgets.lines import TitleLine
from tests.anomalies.made import AS_OF, NEWEST, cells, metric, noisy, sheet
from tests.screens.conftest import running, settled

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from textual.pilot import Pilot

METRICS = (metric("mrr"), metric("tickets_created", Unit.COUNT), metric("unique_users", Unit.COUNT, kind="input"))


def app_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewApp:
    """An app on two products; tickets of the first and users of the second are far out in the newest month."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    (root / "reviewtui.toml").write_text("schema = 1\n", encoding="utf-8")
    last = {("flags", "tickets_created"): 180.0, ("replay", "unique_users"): 40.0}
    rows = {
        (product, item.id): cells([*noisy(40, seed=3 * place + number), last.get((product, item.id), 100.0)])
        for place, product in enumerate(("flags", "replay"))
        for number, item in enumerate(METRICS)
    }
    loaded = LoadedSheet(sheet(rows, METRICS))
    return ReviewApp(root, AS_OF, load_sheet=lambda _report, _cancel: loaded)


def cell_of(pilot: Pilot[None]) -> tuple[str | None, str | None, str | None]:
    """Where the cursor stands."""
    app = pilot.app
    assert isinstance(app, ReviewApp)
    return app.position.product, app.position.metric, app.position.month


def painted(pilot: Pilot[None]) -> str:
    """The text of the grid."""
    screen = pilot.app.screen
    assert isinstance(screen, GridScreen)
    return "\n".join(screen.grid.render_line(y).text for y in range(screen.grid.size.height))


async def test_the_walk_goes_over_products_and_comes_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    month = str(NEWEST)
    users, tickets = ("replay", "unique_users", month), ("flags", "tickets_created", month)
    async with running(app_in(tmp_path, monkeypatch)) as pilot:
        seen = []
        for key in ("a", "a", "a", "A"):
            await pilot.press(key)
            await settled(pilot)
            seen.append(cell_of(pilot))
        assert seen == [users, tickets, users, tickets]


async def test_anomalous_cells_have_a_mark_and_the_title_counts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app_in(tmp_path, monkeypatch)) as pilot:
        assert "▲180" in painted(pilot)
        assert "2 to explain, 1 here" in pilot.app.screen.query_one(TitleLine).render_line(0).text
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "▼40" in painted(pilot)


async def test_an_explained_one_is_left_out_of_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "products" / "replay" / "reviews" / "2026-10"
    folder.mkdir(parents=True)
    (tmp_path / "products" / "replay" / "product.toml").write_text(
        'schema = 1\nproduct_id = "replay"\n', encoding="utf-8"
    )
    (folder / "x-261105-ab12-users.toml").write_text(
        'schema = 1\nid = "x-261105-ab12"\nmetric = "unique_users"\nmonth = "2026-10"\nverdict = "expected"\n'
        "said_on = 2026-11-05\n",
        encoding="utf-8",
    )
    async with running(app_in(tmp_path, monkeypatch)) as pilot:
        await settled(pilot)
        assert "1 to explain" in pilot.app.screen.query_one(TitleLine).render_line(0).text
        await pilot.press("a", "a")
        await settled(pilot)
        assert cell_of(pilot)[:2] == ("flags", "tickets_created")


async def test_the_filter_lists_only_what_is_out_of_the_ordinary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app_in(tmp_path, monkeypatch)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, GridScreen)
        screen.filter_rows(RowFilter.ANOMALOUS)
        await settled(pilot)
        view = screen.grid.view
        assert view is not None
        assert [row.metric.id for row in view.rows if row.metric is not None] == ["tickets_created"]
