"""The summary before it goes out: three forms, copied, written, the spreadsheet, and what the review notes of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from reviewtui.screens.review import ReviewScreen
from reviewtui.screens.summary import SummaryScreen
from reviewtui.widgets.scrolled_lines import ScrolledLines
from reviewtui.workspace.kinds.reviews import REVIEWS
from tests.screens.conftest import running, shown, shown_text
from tests.screens.noted import noted_app, press
from tests.screens.reviewed import review_of, reviewed
from tests.screens.test_note_snapshots import SIZES, pressing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COPIES = "copies"


@pytest.fixture(autouse=True)
def _a_terminal_that_takes_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY", "SSH_CONNECTION", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


async def test_it_is_looked_at_in_each_form_before_it_goes_out(tmp_path: Path) -> None:
    reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "6", "v")
        assert "Summary · Session replay · Oct 2026 · Markdown" in shown(pilot)[0]
        assert "Last time we said" in shown_text(pilot)
        await press(pilot, "tab")
        assert "· Slack" in shown(pilot)[0]
        assert "*Last time we said*" in shown_text(pilot)
        await press(pilot, "tab")
        assert "· HTML" in shown(pilot)[0]
        assert "which a browser shows. Its text:" in shown_text(pilot)
        await press(pilot, "tab")
        assert "· Markdown" in shown(pilot)[0]
        await press(pilot, "G", "q")
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_the_table_of_a_message_is_looked_at_as_it_is_sent(tmp_path: Path) -> None:
    reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w"), (80, 60)) as pilot:
        await press(pilot, "6", "v", "tab", "y")
        table = pilot.app.clipboard.split("```")[1].strip("\n").split("\n")
        seen = [line.rstrip() for line in shown(pilot)]
        assert table[0].startswith("Metric   ")
        at = seen.index(table[0])
        assert seen[at : at + len(table)] == table


async def test_a_table_that_is_too_wide_is_cut_and_not_wrapped(tmp_path: Path) -> None:
    reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w"), (36, 60)) as pilot:
        await press(pilot, "6", "v", "tab", "y")
        table = pilot.app.clipboard.split("```")[1].strip("\n").split("\n")
        seen = [line.rstrip() for line in shown(pilot)]
        assert any(len(line) > 36 for line in table)
        at = next(place for place, line in enumerate(seen) if line.startswith("Metric   "))
        assert [line[:8] for line in seen[at : at + len(table)]] == [line[:8] for line in table]


async def test_a_long_summary_has_one_narrow_scroll_bar_and_its_lines_fit_beside_it(tmp_path: Path) -> None:
    reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w"), (80, 24)) as pilot:
        await press(pilot, "6", "v")
        reading = pilot.app.screen.query_one(ScrolledLines)
        assert reading.show_vertical_scrollbar
        assert not reading.show_horizontal_scrollbar
        assert reading.scrollbar_size_vertical == 1
        assert reading.virtual_size.width == reading.scrollable_content_region.width == 79


async def test_where_a_file_lies_is_read_whole_at_eighty_columns_and_nothing_is_copied(tmp_path: Path) -> None:
    reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w"), (80, 24)) as pilot:
        for key, ending in (("w", "md"), ("s", "xlsx")):
            await press(pilot, *(("6", "v") if key == "w" else ()), key)
            path = str(tmp_path / "state" / COPIES / f"session-replay-2026-10-summary.{ending}")
            assert path in "".join(line.strip() for line in shown(pilot))
            assert pilot.app.clipboard == ""
            if not isinstance(pilot.app.screen, SummaryScreen):
                await press(pilot, "q")


async def test_copying_it_reaches_the_terminal_and_is_noted_in_the_review(tmp_path: Path) -> None:
    store = reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "6", "v", "tab", "y")
        assert pilot.app.clipboard.startswith("*Session replay · review of Oct 2026*")
        assert "Summary as Slack" in shown_text(pilot)
        await press(pilot, "q")
        assert "The summary has not been exported." not in shown_text(pilot)
    assert review_of(store).summary_exported == ("slack",)


async def test_it_is_written_to_files_whose_names_say_what_they_are(tmp_path: Path) -> None:
    store = reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "6", "v", "w", "tab", "tab", "w")
    folder = tmp_path / "state" / COPIES
    page = (folder / "session-replay-2026-10-summary.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page
    assert (folder / "session-replay-2026-10-summary.md").read_text("utf-8").startswith("# Session replay")
    assert review_of(store).summary_exported == ("html", "markdown")


async def test_the_spreadsheet_of_the_review_marks_its_cells_and_ends_with_its_month(tmp_path: Path) -> None:
    reviewed(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "6", "v", "s")
    data = (tmp_path / "state" / COPIES / "session-replay-2026-10-summary.xlsx").read_bytes()
    page = openpyxl.load_workbook(io.BytesIO(data))["Session replay"]
    row = next(row for row in page.iter_rows() if row[1].value == "churn_rate")
    assert str(page.cell(4, len(row)).value).startswith("2026-10")
    assert row[-1].fill.fgColor.rgb == "FFF8CBAD"
    comment = row[-1].comment
    assert comment is not None
    assert "ada: Why did churn triple?" in comment.text
    assert "bob: Acme consolidated" in comment.text


async def test_where_it_cannot_be_written_it_is_said_and_not_noted(tmp_path: Path) -> None:
    store = reviewed(tmp_path / "w")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / COPIES).write_text("a file where a folder should be", "utf-8")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "6", "v", "w")
        assert "Summary as Markdown" in " ".join(shown_text(pilot).split())
        await press(pilot, "s")
    assert not any(review.summary_exported for review in store.load().of(REVIEWS))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", [("6", "j", "j"), ("6", "v")], ids=["review", "summary"])
def test_how_review_and_summary_look(
    snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    reviewed(tmp_path / "w")
    assert snap_compare(noted_app(tmp_path / "w"), terminal_size=size, run_before=pressing(*keys))
