"""The inbox of anomalies: what it lists, and what a key or two say about a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.screens.anomalies import AnomaliesScreen
from reviewtui.screens.grid import GridScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.widgets.record_list import RecordList
from reviewtui.widgets.scrolled_lines import ScrolledLines
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.events import EVENTS
from reviewtui.workspace.kinds.explanations import EXPLANATIONS, Explanation
from reviewtui.workspace.kinds.todos import TODOS
from tests.anomalies.made import NEWEST, cells, noisy, sheet
from tests.screens.conftest import cursor, running, shown, shown_text
from tests.screens.noted import press, write
from tests.screens.odd import METRICS, odd_app, odd_workspace
from tests.screens.test_metric_screen import until
from tests.sheets import hostile_strings

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.workspace.store import RecordStore


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def listed(pilot: Pilot[None]) -> list[str]:
    """The rows of the list, by metric, with the marks before them."""
    screen = pilot.app.screen
    assert isinstance(screen, AnomaliesScreen)
    return [row.cells[0] for row in screen.list.rows]


def only(store: RecordStore) -> Explanation:
    (found,) = store.load().of(EXPLANATIONS)
    return found


class TestList:
    async def test_inputs_come_first_and_what_follows_is_folded(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2")
            lines = shown(pilot)
            assert "Nov 2025 to Oct 2026 · by weight" in lines[0]
            assert "3 to explain" in lines[0]
            assert listed(pilot) == ["▲ TICKETS_CREATED", "▲ MRR  ▸ 1 more", "▼ UNIQUE_USERS"]
            titles = [line.split("  ")[0].strip() for line in lines if "TO EXPLAIN" in line]
            assert titles == ["TO EXPLAIN · OCT 2026", "TO EXPLAIN · EARLIER"]
            assert "4 mo" in next(line for line in lines if "UNIQUE_USERS" in line)
            assert "times the usual monthly movement" in shown_text(pilot)

    async def test_what_follows_unfolds_and_folds_again(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "j", "l")
            assert listed(pilot)[1:3] == ["▲ MRR  ▾ 1 more", "  ↳ ▲ ARR"]
            await press(pilot, "j", "h")
            assert listed(pilot)[1:] == ["▲ MRR  ▸ 1 more", "▼ UNIQUE_USERS"]
            await press(pilot, "g", "l")
            assert "Nothing else of its month follows from it." in shown_text(pilot)

    async def test_a_narrow_screen_still_says_of_which_product_a_row_is(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w"), (80, 24)) as pilot:
            await press(pilot, "2")
            text = shown_text(pilot)
            assert "TICKETS_CREATED · Flags · Oct 2026" in text
            (row,) = [line for line in shown(pilot) if "▲ MRR" in line]
            assert "Replay" in row

    async def test_products_and_months_narrow_it(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "right_square_bracket")
            assert listed(pilot) == ["▲ MRR  ▸ 1 more", "▼ UNIQUE_USERS"]
            await press(pilot, "m", "enter")
            assert listed(pilot) == ["▲ MRR  ▸ 1 more"]
            await press(pilot, "left_square_bracket", "m", *"jun 2026", "enter")
            assert listed(pilot) == ["▼ UNIQUE_USERS"]
            await press(pilot, "P", *"flags", "enter")
            assert "Nothing of Flags is out of the ordinary in Jun 2026. m shows other months." in shown_text(pilot)

    async def test_it_leads_to_the_cell_and_comes_back_to_the_same_row(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "j", "enter")
            assert type(pilot.app.screen) is GridScreen
            assert cursor(pilot) == ("mrr", str(NEWEST))
            await press(pilot, "2")
            row = pilot.app.screen.query_one(RecordList).row
            assert row is not None
            assert row.cells[0].startswith("▲ MRR")

    async def test_it_is_sorted_by_month_and_by_product(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "s")
            assert "TO EXPLAIN · OCT 2026  2" in shown_text(pilot)
            await press(pilot, "s")
            assert "TO EXPLAIN · FLAGS  1" in shown_text(pilot)

    async def test_long_details_scroll_down_and_never_sideways(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        day = NEWEST.last_day
        facts = {"metric": "mrr", "month": NEWEST, "verdict": "unknown", "reason": "Nobody knows. " * 30}
        store.create(EXPLANATIONS, "replay", {**facts, "said_on": day, "author": "bob"}, day, review=NEWEST)
        async with running(odd_app(tmp_path / "w"), (80, 24)) as pilot:
            await press(pilot, "2", "j")
            detail = pilot.app.screen.query_one(ScrolledLines)
            await until(lambda: detail.show_vertical_scrollbar, pilot)
            assert not detail.show_horizontal_scrollbar

    async def test_nothing_odd_and_nothing_left_are_said_in_words(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        calm = sheet({("replay", "mrr"): cells([*noisy(12, noise=0.1)])}, METRICS[:1])
        async with running(odd_app(tmp_path / "w", made=calm)) as pilot:
            await press(pilot, "2")
            assert "Nothing is out of the ordinary in Nov 2025 to Oct 2026." in shown_text(pilot)


class TestSaying:
    async def test_an_explanation_keeps_the_value_and_the_review(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "j", "e", "ctrl+s")
            assert "Why is needed." in shown_text(pilot)
            await write(pilot, "Deal")
            await press(pilot, "ctrl+s")
            assert listed(pilot) == ["▲ TICKETS_CREATED", "▼ UNIQUE_USERS"]
            assert "Noted as explained." in shown_text(pilot)
            await press(pilot, "v")
            assert listed(pilot)[2] == "▲ ✎ MRR  ▸ 1 more"
            await press(pilot, "G")
            assert "Deal" in shown_text(pilot)
        said = only(store)
        assert (said.metric, str(said.month), said.verdict, said.reason) == (
            "mrr",
            "2026-10",
            "explained",
            "Deal",
        )
        assert (said.value, said.anomaly, said.author, str(said.review)) == ("190.0", "spike", "ada", "2026-10")

    async def test_later_words_of_the_same_review_replace_earlier_ones(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "G", "U")
            assert "Noted: nobody knows yet." in shown_text(pilot)
            assert listed(pilot)[-1] == "▼ ? UNIQUE_USERS"
            assert only(store).verdict == "unknown"
            await press(pilot, "equals_sign")
            await write(pilot, "Off")
            await press(pilot, "ctrl+s")
            assert "▼ ? UNIQUE_USERS" not in listed(pilot)
            await press(pilot, "v")
            assert listed(pilot)[-1] == "▼ ✎ UNIQUE_USERS"
        assert (only(store).verdict, only(store).reason) == ("expected", "Off")

    async def test_snoozing_takes_two_keys_and_asks_for_a_later_month(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "z", "ctrl+s")
            assert "Snoozed until the review of Nov 2026." in shown_text(pilot)
            assert len(listed(pilot)) == 2
            await press(pilot, "z", *["backspace"] * 7, *"2026-10", "ctrl+s")
            assert isinstance(pilot.app.screen, RecordForm)
            assert "It comes back at once: Oct 2026 is complete." in shown_text(pilot)
        assert (only(store).verdict, str(only(store).until)) == ("snoozed", "2026-11")

    async def test_an_event_is_written_and_the_numbers_are_judged_anew(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "G", "E")
            await write(pilot, "New")
            await press(pilot, "ctrl+s")
            assert "Noted in Jun 2026; the numbers are judged anew." in shown_text(pilot)
        (event,) = store.load().of(EVENTS)
        assert (event.product, str(event.month), event.kind, event.metrics, event.note) == (
            "replay", "2026-06", "other", ("unique_users",), "New",
        )  # fmt: skip

    async def test_a_to_do_a_dive_and_a_comment_know_the_cell(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "G", "o")
            await write(pilot, "Ask")
            await press(pilot, "ctrl+s", "D", "enter")
            await write(pilot, "Why")
            await press(pilot, "ctrl+s", "c")
            await write(pilot, "Seen")
            await press(pilot, "ctrl+s")
            assert "Seen" in shown_text(pilot)
        (todo,) = store.load().of(TODOS)
        (dive,) = store.load().of(DIVES)
        assert todo.origin == "cell:unique_users@2026-06"
        assert (dive.product, dive.metrics, str(dive.month)) == ("replay", ("unique_users",), "2026-06")

    async def test_an_earlier_dive_on_the_metric_is_read_in_place_of_a_new_one(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        day = NEWEST.last_day
        asked = {"question": "Sagging in May?", "proposed_on": day, "metrics": ("unique_users",), "month": NEWEST - 5}
        store.create(DIVES, "replay", asked, day)
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "G", "D", *"sagg", "enter")
            assert "Sagging in May?" in shown_text(pilot)
            assert not isinstance(pilot.app.screen, RecordForm | AnomaliesScreen)
        assert len(store.load().of(DIVES)) == 1

    async def test_an_explanation_names_the_dive_that_it_comes_from(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "e")
            await write(pilot, "Seen")
            await press(pilot, "tab", "tab")
            await write(pilot, "d-261101-ab3d")
            await press(pilot, "ctrl+s")
        assert only(store).links == ("d-261101-ab3d",)

    async def test_the_grid_and_the_metric_screen_explain_their_cell(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "e")
            await write(pilot, "Deal")
            await press(pilot, "ctrl+s", "enter", "e", "ctrl+s")
            assert only(store).reason == "Deal"
            assert (only(store).metric, only(store).verdict) == ("mrr", "explained")

    async def test_a_number_that_changed_since_is_flagged(self, tmp_path: Path) -> None:
        store = odd_workspace(tmp_path / "w")
        values = {"metric": "mrr", "month": NEWEST, "verdict": "explained", "value": "260.5", "reason": "A deal"}
        day = NEWEST.last_day
        store.create(EXPLANATIONS, "replay", {**values, "said_on": day, "author": "bob"}, day, review=NEWEST)
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "v", "G")
            assert listed(pilot)[-1] == "▲ ✎≠ MRR  ▸ 1 more"
            assert "The number changed since: it was 260.50 when this was said, and is 190 now." in shown_text(pilot)

    async def test_a_draft_is_found_again(self, tmp_path: Path) -> None:
        odd_workspace(tmp_path / "w")
        async with running(odd_app(tmp_path / "w")) as pilot:
            await press(pilot, "2", "G", "equals_sign")
            await write(pilot, "As")
            await press(pilot, "escape", "ctrl+o", "enter")
            assert isinstance(pilot.app.screen, RecordForm)
            assert " As" in shown_text(pilot)
            assert "Expected: UNIQUE_USERS" in shown_text(pilot)


async def test_whatever_words_they_hold_list_and_details_stay_whole(tmp_path: Path) -> None:
    store = odd_workspace(tmp_path / "w")
    day = NEWEST.last_day
    words = [text for text in hostile_strings() if text.strip()]
    for place in range(0, len(words), 12):
        some = words[place : place + 12]
        about = {"metric": "mrr", "month": NEWEST - place // 12, "verdict": "explained", "value": "1"}
        facts = {**about, "said_on": day, "reason": "\n\n".join(some), "author": some[-1], "links": tuple(some)}
        store.create(EXPLANATIONS, "replay", facts, day, review=NEWEST)
    async with running(odd_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "2", "v", "m", *"every", "enter")
        for _ in listed(pilot):
            text = "".join(shown(pilot))
            assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in text)
            await pilot.press("ctrl+d", "j")
