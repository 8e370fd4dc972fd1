"""The full view of a metric: moving, what lies behind a cell, stopping, and the way back."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from reviewtui.anomalies.judgements import NOTHING_JUDGED
from reviewtui.app import ReviewApp
from reviewtui.errors import Cancelled, SourceError
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.metrics.drilldown import CellQuestion, Column, DayStrip, DrillDown, RowTable
from reviewtui.metrics.sheet import Cell, Status, Unit
from reviewtui.screens.metric import MetricScreen
from reviewtui.sheet_state import Position
from reviewtui.sources.state import Progress
from reviewtui.text import safe_text
from tests.screens.conftest import ROOT, cursor, running, screen_of, settled, shown, shown_text
from tests.screens.odd import odd_app, odd_workspace
from tests.screens.test_snapshots import SIZES, pressing
from tests.sheets import AS_OF, hostile_sheet, hostile_strings, make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.metrics.sheet import MetricSheet

    Fetch = Callable[[CellQuestion, Callable[[Progress], None], threading.Event], DrillDown]

COLUMNS = (
    Column("Customer"),
    Column("Segment", rank=2),
    Column("Movement", rank=1),
    Column("MRR before", Unit.MONEY, rank=3),
    Column("MRR now", Unit.MONEY),
)
NAMES = ("Acme", "東京電力株式会社", "شركة الاتصالات", "[/oops]", "=cmd()|' /C calc'!A0", "Beta\x1b[2J")


def rows_of(question: CellQuestion, count: int = 1_234) -> DrillDown:
    """Rows that name the cell they are of."""
    names = [f"{question.metric.id} {question.month}", *NAMES, *(f"Customer {number}" for number in range(60))]
    rows = tuple((name, "team", "expansion", 1000.0 + place, 2000.5 + place) for place, name in enumerate(names))
    table = RowTable("Customers who pay", COLUMNS, rows, count, (None, None, None, 1e6, 2e6))
    segments = RowTable("By customer segment", (Column("Segment"), Column("MRR", Unit.MONEY)), (("team", 5.0),), 1)
    days = tuple(date(2026, 9, 20) + timedelta(days=place) for place in range(42))
    strip = DayStrip("Invoice lines paid", days, tuple(range(42)), (21, 70, 119, 168, 217, 266))
    return DrillDown(table, segments, strip)


def fetched(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
    return rows_of(question)


def metric_app(
    fetch: Fetch = fetched,
    *,
    sheet: MetricSheet | None = None,
    position: Position | None = None,
    theme: str = "reviewtui-dark",
) -> ReviewApp:
    """An app whose rows come from `fetch`."""
    loaded = LoadedSheet(sheet if sheet is not None else make_sheet())
    return ReviewApp(ROOT, AS_OF, load_sheet=lambda *_: loaded, fetch_rows=fetch, position=position, theme=theme)


async def until(condition: Callable[[], bool], pilot: Pilot[None]) -> None:
    for _ in range(600):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came")


async def opened(pilot: Pilot[None]) -> MetricScreen:
    """The metric screen over the grid."""
    await pilot.press("enter")
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, MetricScreen)
    return screen


class TestTheWayInAndBack:
    async def test_enter_opens_the_metric_under_the_cursor(self) -> None:
        async with running(metric_app()) as pilot:
            await pilot.press("j", "h")
            await opened(pilot)
            assert shown(pilot)[0].startswith(" ARR · Sep 2026 · Session replay")

    @pytest.mark.parametrize("key", ["escape", "q", "backspace"])
    async def test_back_stands_on_the_cell_that_was_looked_at(self, key: str) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
            await pilot.press("j", "h", "h")
            await until(lambda: "arr 2026-08" in shown_text(pilot), pilot)
            await pilot.press(key)
            await settled(pilot)
            assert pilot.app.screen is screen_of(pilot)
            assert cursor(pilot) == ("arr", "2026-08")

    async def test_another_product_is_kept_too(self) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await pilot.press("]", "q")
            await settled(pilot)
            assert "Feature [b]flags[/b]" in shown(pilot)[0]

    @pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
    async def test_changes_for_the_worse_keep_their_mark_at_every_width(self, size: tuple[int, int]) -> None:
        sheet = make_sheet()
        falling = tuple(Cell(1_000.0 - 20 * place, Status.OK) for place in range(len(sheet.months)))
        async with running(metric_app(sheet=sheet.with_rows({("replay", "mrr"): falling})), size) as pilot:
            await opened(pilot)
            months = [line.partition("│")[0] for line in shown(pilot) if line.startswith(" Oct 26")]
            assert [line.count("!") for line in months] == [2]

    async def test_help_lists_the_keys_of_this_screen(self) -> None:
        async with running(metric_app(), (120, 60)) as pilot:
            await opened(pilot)
            await pilot.press("?")
            await settled(pilot)
            assert "Read the rows again after stopping" in shown_text(pilot)

    async def test_the_palette_goes_to_another_metric(self) -> None:
        async with running(metric_app()) as pilot:
            screen = await opened(pilot)
            entry = next(item for item in screen.palette_entries() if item.name == "Revenue churn rate")
            entry.run()
            await settled(pilot)
            assert shown(pilot)[0].startswith(" Revenue churn rate")


class TestMoving:
    async def test_the_months_are_listed_with_their_changes(self) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            line = next(line for line in shown(pilot) if line.strip().startswith("Oct 26 ") and "444.1k" in line)
            assert "+5.5%" in line
            assert "+19.3%" in line

    @pytest.mark.parametrize(
        ("keys", "month"),
        [
            ("h", "2026-09"),
            ("b", "2026-07"),
            ("<", "2025-10"),
            ("l", "2026-11"),
            ("lllll", "2026-11"),
            ("<<<<<<", "2023-08"),
        ],
    )
    async def test_keys_move_as_on_the_grid(self, keys: str, month: str) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await pilot.press(*keys)
            assert pilot.app.position.month == month  # type: ignore[attr-defined]

    async def test_up_and_down_go_through_the_metrics_and_stop_at_the_ends(self) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await pilot.press("k")
            assert pilot.app.position.metric == "mrr"  # type: ignore[attr-defined]
            await pilot.press("j", "j")
            assert pilot.app.position.metric == "mrr_growth"  # type: ignore[attr-defined]

    async def test_a_product_without_the_metric_is_passed_over(self) -> None:
        position = Position("replay", "tickets_created", "2026-10")
        async with running(metric_app(position=position)) as pilot:
            await opened(pilot)
            await pilot.press("]")
            # Feature flags have no support numbers; all products together have.
            assert pilot.app.position.product == "*"  # type: ignore[attr-defined]


class TestRows:
    async def test_rows_are_read_and_their_number_is_told(self) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
            assert "67 of 1,234" in shown_text(pilot)

    async def test_the_parts_are_gone_through_with_tab(self) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
            for expected in ("By customer segment", "Invoice lines paid", "Monthly recurring revenue: what"):
                await pilot.press("tab")
                await settled(pilot)
                assert expected in shown_text(pilot)
            await pilot.press("tab")
            await settled(pilot)
            assert "Customers who pay" in shown_text(pilot)

    async def test_pages_scroll_the_rows(self) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
            await pilot.press("pagedown")
            await settled(pilot)
            assert "mrr 2026-10" not in shown_text(pilot)
            await pilot.press("pagedown", "pagedown", "pagedown", "pagedown", "pagedown")
            await settled(pilot)
            assert "Customer 59" in shown_text(pilot)
            await pilot.press(*["pageup"] * 6)
            await settled(pilot)
            assert "mrr 2026-10" in shown_text(pilot)

    async def test_rows_of_a_cell_that_was_left_are_never_shown_for_another(self) -> None:
        gates = {"2026-10": threading.Event(), "2026-09": threading.Event()}
        asked: list[str] = []

        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            asked.append(str(question.month))
            gates[str(question.month)].wait(5)
            return rows_of(question)

        async with running(metric_app(fetch)) as pilot:
            await pilot.press("enter")
            await until(lambda: asked == ["2026-10"], pilot)
            await pilot.press("h")
            await until(lambda: asked == ["2026-10", "2026-09"], pilot)
            gates["2026-10"].set()
            await pilot.pause(0.05)
            assert "mrr 2026-10" not in shown_text(pilot)
            gates["2026-09"].set()
            await until(lambda: "mrr 2026-09" in shown_text(pilot), pilot)

    async def test_rows_are_read_once_while_the_numbers_are_the_same(self) -> None:
        asked: list[str] = []

        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            asked.append(str(question.month))
            return rows_of(question)

        async with running(metric_app(fetch)) as pilot:
            await opened(pilot)
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
            await pilot.press("h")
            await until(lambda: "mrr 2026-09" in shown_text(pilot), pilot)
            await pilot.press("l", "q")
            await opened(pilot)
            assert "mrr 2026-10" in shown_text(pilot)
            assert asked == ["2026-10", "2026-09"]

    async def test_progress_is_shown_and_escape_stops_and_enter_reads_again(self) -> None:
        stopped = threading.Event()
        go_on = threading.Event()

        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            report(Progress("Looking through the events"))
            while not go_on.wait(0.01):
                if cancel.is_set():
                    stopped.set()
                    raise Cancelled
            return rows_of(question)

        async with running(metric_app(fetch)) as pilot:
            await pilot.press("enter")
            await until(lambda: "Looking through the events …" in shown_text(pilot), pilot)
            await pilot.press("escape")
            await until(stopped.is_set, pilot)
            await settled(pilot)
            assert "Stopped. Press Enter to read the rows" in " ".join(shown_text(pilot).split())
            go_on.set()
            await pilot.press("enter")
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)

    async def test_escape_goes_back_at_once_while_nothing_is_read(self) -> None:
        """Before the reading has begun, and when it has ended."""
        async with running(metric_app(fetched)) as pilot:
            grid = pilot.app.screen
            await pilot.press("enter")
            await pilot.press("escape")
            await settled(pilot)
            assert pilot.app.screen is grid
            await opened(pilot)
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
            await pilot.press("escape")
            await settled(pilot)
            assert pilot.app.screen is grid

    async def test_going_back_stops_the_reading(self) -> None:
        stopped = threading.Event()

        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            report(Progress("Reading"))
            cancel.wait(5)
            stopped.set()
            raise Cancelled

        async with running(metric_app(fetch)) as pilot:
            await pilot.press("enter")
            await until(lambda: "Reading …" in shown_text(pilot), pilot)
            await pilot.press("q")
            await until(stopped.is_set, pilot)

    async def test_what_cannot_be_read_is_a_sentence(self) -> None:
        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            raise SourceError("acme.duckdb is [/open] elsewhere.")

        async with running(metric_app(fetch)) as pilot:
            await opened(pilot)
            await until(lambda: "acme.duckdb is [/open] elsewhere." in shown_text(pilot), pilot)
            assert "Press Enter to try" in shown_text(pilot)
            await pilot.press("escape")
            assert pilot.app.screen is screen_of(pilot)

    async def test_a_fault_shows_no_data_and_leaves_the_app_running(self) -> None:
        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            raise RuntimeError("secret customer")

        async with running(metric_app(fetch)) as pilot:
            await opened(pilot)
            await until(lambda: "a fault in the program" in " ".join(shown_text(pilot).split()), pilot)
            assert "secret" not in shown_text(pilot)
            await pilot.press("q")
            assert pilot.app.is_running

    async def test_a_cell_without_data_reads_nothing(self) -> None:
        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            raise AssertionError(question)

        async with running(metric_app(fetch, position=Position("replay", "total_cost", "2024-01"))) as pilot:
            await opened(pilot)
            await pilot.pause(0.4)
            assert "There is no value here" in shown_text(pilot)


class TestOddTerminalsAndNames:
    @pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40), (200, 60), (300, 20), (20, 5)])
    async def test_it_fits_every_size(self, size: tuple[int, int]) -> None:
        async with running(metric_app(), size) as pilot:
            await pilot.press("enter")
            await settled(pilot)
            await pilot.press("tab", "tab", "tab", "h", "j", "pagedown", "]")
            await settled(pilot)

    async def test_resizing_keeps_the_cell(self) -> None:
        async with running(metric_app()) as pilot:
            await opened(pilot)
            await pilot.press("h", "j")
            await pilot.resize_terminal(80, 24)
            await settled(pilot)
            assert shown(pilot)[0].startswith(" ARR · Sep 2026 · Session replay")

    async def test_hostile_names_are_shown_and_do_nothing(self) -> None:
        names = hostile_strings()

        def fetch(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
            columns = (Column("Name"), Column("Time"), Column("Comment"))
            when = datetime(2026, 10, 1, 8, 30)  # noqa: DTZ001 - a local time, as it comes from the data
            return DrillDown(
                RowTable(names[0], columns, tuple((name, when, name) for name in names), len(names), (), names[-1])
            )

        async with running(metric_app(fetch, sheet=hostile_sheet()), (120, 40)) as pilot:
            await opened(pilot)
            for _ in range(6):
                await pilot.press("j", "pagedown")
                await pilot.pause(0.05)
            await settled(pilot)
            assert all(safe_text(line) == line for line in shown(pilot))

    async def test_without_braille_the_chart_is_drawn_in_ascii(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_BRAILLE", "1")
        async with running(metric_app()) as pilot:
            await opened(pilot)
            assert not any("\u2800" < sign <= "\u28ff" for sign in shown_text(pilot))
            assert "@" in shown_text(pilot)


def waiting_for_rows(*keys: str) -> Callable[[Pilot[None]], object]:
    """Open the metric, wait for its rows, press keys."""
    base = pressing("enter")

    async def prepare(pilot: Pilot[None]) -> None:
        await base(pilot)
        await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
        await pilot.press(*keys)
        await settled(pilot)

    return prepare


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", [(), ("tab", "tab")], ids=["rows", "weeks"])
def test_how_it_looks(snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert snap_compare(metric_app(), terminal_size=size, run_before=waiting_for_rows(*keys))


async def test_verdicts_that_come_later_than_the_screen_are_shown_at_once(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")
    async with running(odd_app(tmp_path / "w")) as pilot:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        await until(lambda: app.judgements is not NOTHING_JUDGED, pilot)
        judged, app.judgements = app.judgements, NOTHING_JUDGED
        await opened(pilot)
        assert "times the usual monthly movement" not in shown_text(pilot)
        app.judgements = judged
        await settled(pilot)
        assert "times the usual monthly movement" in shown_text(pilot)
