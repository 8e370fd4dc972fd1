"""The customers screen: rows, sorting, finding, other months and products, and what is said about the sum."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from reviewtui.errors import Cancelled, SourceError
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.metrics.drilldown import CellQuestion, Column, DrillDown, RowTable
from reviewtui.metrics.sheet import CellSource, Unit
from reviewtui.screens.customers import CustomersScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.widgets.lines import KeyLine
from reviewtui.workspace.kinds.reviews import CHURN_REASONS
from tests.screens.conftest import ROOT, cursor, running, screen_of, settled, shown, shown_text
from tests.screens.noted import noted_app, press, told, write
from tests.screens.test_metric_screen import until
from tests.screens.test_snapshots import SIZES, pressing
from tests.sheets import AS_OF, REVIEW_MONTH, hostile_sheet, hostile_strings, make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress

    Fetch = Callable[[CellQuestion, Callable[[Progress], None], threading.Event], DrillDown]

COLUMNS = (
    Column("Customer"),
    Column("Segment", rank=5),
    Column("MRR now", Unit.MONEY),
    Column("Change", Unit.MONEY),
    Column("Movement", rank=1),
    Column("Share", Unit.PERCENT, rank=4),
    Column("NPS", Unit.COUNT, rank=2),
    Column("Answered", rank=7),
    Column("Open tickets", Unit.COUNT, rank=3),
    Column("Paying since", rank=6),
)
NAMES = ("Acme", "東京電力株式会社", "شركة الاتصالات", "[/oops]", "=cmd()|' /C calc'!A0", "Beta\x1b[2J")


def customers_of(question: CellQuestion, names: tuple[str, ...] = NAMES) -> DrillDown:
    """Customers whose MRR falls by a hundred from 9,000, the third without an answer; they give the cell."""
    rows = tuple(
        (
            name, "team", 9000.0 - 100 * place, 100.0 * place - 300, "expansion", 0.1, None if place == 2 else place,
            None if place == 2 else date(2026, 9, 1 + place % 28), place % 3, f"2025-{1 + place % 12:02}",
        )
        for place, name in enumerate((*names, f"{question.product} {question.month}", *(f"C{n}" for n in range(40))))
    )  # fmt: skip
    mrr = make_sheet().cell(question.product, "mrr", REVIEW_MONTH).value
    totals = (None, None, mrr, 5.0, None, 1.0, None, None, None, None)
    return DrillDown(RowTable("Customers", COLUMNS, rows, 1_234, totals))


def fetched(question: CellQuestion, report: Callable[[Progress], None], cancel: threading.Event) -> DrillDown:
    return customers_of(question)


def customers_app(fetch: Fetch = fetched, *, sheet: MetricSheet | None = None) -> ReviewApp:
    loaded = LoadedSheet(sheet if sheet is not None else make_sheet())
    return ReviewApp(ROOT, AS_OF, load_sheet=lambda *_: loaded, fetch_rows=fetch)


async def opened(pilot: Pilot[None], *keys: str) -> CustomersScreen:
    """The customers screen with its rows, after more keys."""
    await pilot.press("8")
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, CustomersScreen)
    await until(lambda: not screen.is_reading, pilot)
    await pilot.press(*keys)
    await settled(pilot)
    return screen


def first_names(pilot: Pilot[None], count: int = 3) -> list[str]:
    """The beginnings of the first rows."""
    lines = shown(pilot)
    at = next(number for number, line in enumerate(lines) if line.startswith(" Together"))
    return [line.split("  ")[0].strip() for line in lines[at + 1 : at + 1 + count]]


def said(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(KeyLine).message


class TestTheTable:
    async def test_it_lists_the_customers_of_the_cells_product_and_month(self) -> None:
        async with running(customers_app()) as pilot:
            await opened(pilot)
            assert shown(pilot)[0].startswith(" Customers · Oct 2026 · Session replay")
            assert first_names(pilot)[0] == "Acme"

    async def test_it_says_how_many_there_are_and_that_they_give_the_mrr(self) -> None:
        async with running(customers_app()) as pilot:
            await opened(pilot)
            assert "The biggest 47 of 1,234 customers. They give the MRR: 444,128.90." in shown_text(pilot)

    async def test_a_month_that_is_not_over_says_so(self) -> None:
        async with running(customers_app()) as pilot:
            await opened(pilot, "right")
            assert shown(pilot)[0].startswith(" Customers · Nov 2026 so far · ")
            assert "The month is not over: churned may be not invoiced yet." in shown_text(pilot)
            await pilot.press("left")
            await settled(pilot)
            assert "not over" not in shown_text(pilot)

    async def test_a_sum_that_differs_is_said(self) -> None:
        async with running(customers_app()) as pilot:
            await opened(pilot, "h")
            await until(lambda: "Sep 2026" in shown(pilot)[0] and "Together" in shown_text(pilot), pilot)
            assert "the data have changed since" in " ".join(shown_text(pilot).split())

    async def test_hostile_names_stay_text(self) -> None:
        names = tuple(hostile_strings())
        app = customers_app(lambda question, *_: customers_of(question, names), sheet=hostile_sheet())
        async with running(app, (200, 60)) as pilot:
            await opened(pilot, *["pagedown"] * 3)
            assert "\x1b" not in shown_text(pilot)

    async def test_a_month_without_customers_says_so(self) -> None:
        empty = DrillDown(RowTable("Customers", COLUMNS, (), 0, (None,) * 10))
        async with running(customers_app(lambda *_: empty)) as pilot:
            await opened(pilot, "j", "s", "y", "Y", "slash", "G")
            text = " ".join(shown_text(pilot).split())
            assert "No customer pays for this product in this month" in text
            assert "They give 0, but the MRR is 444,128.90" in text

    async def test_where_the_mrr_is_imported_it_is_said_that_nobody_is_known_to_pay_it(self) -> None:
        empty = DrillDown(RowTable("Customers", COLUMNS, (), 0, (None,) * 10))
        sheet = make_sheet()
        imported = tuple(cell._replace(source=CellSource.IMPORTED) for cell in sheet.row("replay", "mrr"))
        app = customers_app(lambda *_: empty, sheet=sheet.with_rows({("replay", "mrr"): imported}))
        async with running(app) as pilot:
            await opened(pilot)
            assert "The MRR of this month is imported" in shown_text(pilot)


class TestSortingAndFinding:
    async def test_a_key_sorts_by_the_next_column_and_says_so(self) -> None:
        async with running(customers_app(), (160, 45)) as pilot:
            await opened(pilot, "s")
            assert "Change ↓" in shown_text(pilot)
            assert said(pilot) == "Sorted by Change"
            assert first_names(pilot, 1) == ["C39"]

    async def test_another_turns_it_round(self) -> None:
        async with running(customers_app(), (160, 45)) as pilot:
            await opened(pilot, "S")
            assert "MRR now ↑" in shown_text(pilot)
            assert first_names(pilot, 1) == ["C39"]

    async def test_names_rise(self) -> None:
        async with running(customers_app(), (160, 45)) as pilot:
            await opened(pilot, *["s"] * 8)
            assert "Customer ↑" in shown_text(pilot)
            assert first_names(pilot, 2)[1:] == ["[/oops]"]

    async def test_typing_finds_a_name(self) -> None:
        async with running(customers_app()) as pilot:
            screen = await opened(pilot, "slash", *"東京", "enter")
            assert screen._cursor == 1
            await pilot.press("slash", *"c1", "enter", "n", "N")
            await settled(pilot)
            assert said(pilot).endswith("of 11")

    async def test_escape_goes_back_to_where_it_was(self) -> None:
        async with running(customers_app()) as pilot:
            screen = await opened(pilot, "j", "slash", *"c39", "escape")
            assert screen._cursor == 1


class TestMoving:
    async def test_the_cursor_stays_on_the_screen(self) -> None:
        async with running(customers_app(), (80, 24)) as pilot:
            await opened(pilot, "G")
            assert "C39" in shown_text(pilot)
            await pilot.press("g")
            await settled(pilot)
            assert first_names(pilot, 1) == ["Acme"]

    async def test_month_and_product_are_shared_with_the_grid(self) -> None:
        async with running(customers_app()) as pilot:
            await opened(pilot, "h", "right_square_bracket")
            await until(lambda: "flags 2026-09" in shown_text(pilot), pilot)
            await pilot.press("1")
            await settled(pilot)
            assert pilot.app.screen is screen_of(pilot)
            assert cursor(pilot) == ("mrr", "2026-09")
            assert "Feature [b]flags[/b]" in shown(pilot)[0]

    async def test_compare_and_customers_lead_to_each_other(self) -> None:
        async with running(customers_app()) as pilot:
            await opened(pilot, "7")
            assert "Compare · MRR" in shown(pilot)[0]
            await opened(pilot, "escape")
            assert pilot.app.screen is screen_of(pilot)


class TestReading:
    async def test_rows_are_read_once_for_each_product_and_month(self) -> None:
        asked: list[str] = []

        def counting(question: CellQuestion, *_: object) -> DrillDown:
            asked.append(str(question.month))
            return customers_of(question)

        async with running(customers_app(counting)) as pilot:
            await opened(pilot, "1")
            await opened(pilot)
            assert asked == ["2026-10"]

    async def test_escape_stops_reading_and_enter_starts_it_again(self) -> None:
        started = threading.Event()

        def slow(question: CellQuestion, _: object, cancel: threading.Event) -> DrillDown:
            if not started.is_set():
                started.set()
                cancel.wait(30)
                raise Cancelled
            return customers_of(question)

        async with running(customers_app(slow)) as pilot:
            await pilot.press("8")
            await until(started.is_set, pilot)
            assert "Reading the rows" in shown_text(pilot)
            await pilot.press("escape")
            await settled(pilot)
            assert "Stopped. Press Enter to read the customers" in shown_text(pilot)
            await pilot.press("enter")
            await until(lambda: "Acme" in shown_text(pilot), pilot)

    @pytest.mark.parametrize("error", [SourceError("acme.duckdb is locked.", "Locked"), ValueError("Acme pays 5")])
    async def test_what_goes_wrong_is_said_without_data(self, error: Exception) -> None:
        def failing(*_: object) -> DrillDown:
            raise error

        async with running(customers_app(failing)) as pilot:
            await opened(pilot)
            assert "Press Enter to try again." in shown_text(pilot)
            assert "Acme pays" not in shown_text(pilot)


class TestCopying:
    async def test_the_value_of_the_sorted_column_is_copied(self) -> None:
        async with running(customers_app()) as pilot:
            await opened(pilot, "y")
            assert pilot.app.clipboard == "9,000.00"

    async def test_a_table_is_copied_as_it_is_sorted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm-256color")
        for name in ("TMUX", "STY", "TERM_PROGRAM"):
            monkeypatch.delenv(name, raising=False)
        async with running(customers_app()) as pilot:
            await opened(pilot, "S", "Y", *"table as tsv", "enter")
            lines = pilot.app.clipboard.splitlines()
            assert lines[0].startswith("Customer\tSegment\tMRR now")
            assert lines[1].startswith("C39\tteam\t4400")
            assert "'=cmd()|' /C calc'!A0\tteam\t8600\t100\texpansion\t0.1\t4\t2026-09-05\t1\t2025-05" in lines


async def test_why_a_customer_left_is_written_where_the_cursor_stands(tmp_path: Path) -> None:
    """The customer and the MRR that was lost are taken from the row; one that stayed has no reason."""
    store = told(tmp_path / "w")
    rows = (("Acme", "churned", 0.0, -4000.0), ("Beta", "expansion", 900.0, 100.0))
    columns = (Column("Customer"), Column("Movement"), Column("MRR now", Unit.MONEY), Column("Change", Unit.MONEY))
    table = DrillDown(RowTable("Customers", columns, rows, 2, (None, None, 900.0, -3900.0)))
    app = noted_app(tmp_path / "w", fetch_rows=lambda _question, _report, _cancel: table)
    async with running(app) as pilot:
        await opened(pilot)
        await press(pilot, "/")
        await write(pilot, "beta")
        await press(pilot, "enter", "K")
        assert said(pilot) == "Beta did not leave in Oct 2026."
        await press(pilot, "/")
        await write(pilot, "acme")
        await press(pilot, "enter", "K")
        assert isinstance(pilot.app.screen, RecordForm)
        await write(pilot, "bugs")
        await press(pilot, "ctrl+s")
        assert said(pilot) == "Saved. The review of the month sums the reasons up."
    (reason,) = store.load().of(CHURN_REASONS)
    assert (reason.customer, reason.cause, reason.mrr, str(reason.month)) == ("Acme", "bugs", "4000.00", "2026-10")


async def test_without_numbers_there_is_nothing_to_list() -> None:
    app = ReviewApp(ROOT, AS_OF, load_sheet=lambda *_: LoadedSheet(make_sheet((), ())))
    async with running(app) as pilot:
        await pilot.press("8", "j", "h", "s", "S", "slash", "y", "Y", "n", "enter", "right_square_bracket")
        await settled(pilot)
        assert "There are no numbers yet." in shown_text(pilot)


VIEWS = {"customers": (), "sorted-and-found": ("s", "s", "slash", *"c1", "enter")}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", VIEWS.values(), ids=VIEWS)
def test_the_screen(snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async def prepare(pilot: Pilot[None]) -> None:
        await pressing()(pilot)
        await opened(pilot, *keys)

    assert snap_compare(customers_app(), terminal_size=size, run_before=prepare)
