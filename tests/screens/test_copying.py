"""Copying more than a value: what is offered, where it goes, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.screens import copying
from reviewtui.widgets.lines import KeyLine
from tests.screens.conftest import ROOT, running, screen_of, settled, shown, shown_text
from tests.screens.test_metric_screen import fetched, until
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot


@pytest.fixture(autouse=True)
def _a_terminal_that_takes_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("TMUX", "STY", "ZELLIJ", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)


def copying_app(state_folder: Path | None = None) -> ReviewApp:
    loaded = LoadedSheet(make_sheet())
    return ReviewApp(ROOT, AS_OF, load_sheet=lambda *_: loaded, fetch_rows=fetched, state_folder=state_folder)


async def chosen(pilot: Pilot[None], words: str) -> str:
    """The clipboard after choosing what `words` find."""
    await pilot.press("Y", *words, "enter")
    await settled(pilot)
    return pilot.app.clipboard


def said(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(KeyLine).message


class TestTheGrid:
    async def test_a_row_has_every_month_with_exact_values(self) -> None:
        async with running(copying_app()) as pilot:
            head, row = (await chosen(pilot, "row as tsv")).splitlines()
            assert head.split("\t")[:3] == ["Metric", "2023-08", "2023-09"]
            assert len(head.split("\t")) == 41
            name, *values = row.split("\t")
            cells = make_sheet().row("replay", "mrr")
            assert (name, [float(value) for value in values]) == ("MRR", [cell.value for cell in cells])

    async def test_a_column_has_every_metric_that_is_listed(self) -> None:
        async with running(copying_app()) as pilot:
            lines = (await chosen(pilot, "column as tsv")).splitlines()
            assert lines[0] == "Metric\t2026-10"
            assert len(lines) == 1 + len(make_sheet().metrics_of("replay"))
            assert [line for line in lines if line.startswith("=")] == []

    async def test_a_table_in_markdown_has_what_is_on_the_screen(self) -> None:
        async with running(copying_app()) as pilot:
            lines = (await chosen(pilot, "table as markdown")).splitlines()
            assert lines[0].startswith("| Metric | May 26 |")
            assert lines[2].startswith("| MRR | ")
            assert "k |" in lines[2]
            assert r"\[/oops\]" in "\n".join(lines)

    async def test_what_is_copied_is_what_the_view_shows(self) -> None:
        async with running(copying_app()) as pilot:
            await pilot.press("t")
            cell = (await chosen(pilot, "cell as markdown")).splitlines()[2]
            assert "%" in cell
            await pilot.press("y")
            assert pilot.app.clipboard.endswith("%")

    async def test_it_says_how_much_was_sent_and_that_nobody_knows_whether_it_arrived(self) -> None:
        async with running(copying_app()) as pilot:
            size = len((await chosen(pilot, "row as tsv")).encode())
            assert said(pilot) == f"Row as TSV: {size:,} bytes sent to the clipboard, if the terminal allows it"

    async def test_escape_copies_nothing(self) -> None:
        async with running(copying_app()) as pilot:
            await pilot.press("Y", "escape")
            assert pilot.app.clipboard == ""


class TestFiles:
    async def test_a_copy_can_go_to_a_file_that_only_its_owner_reads(self, tmp_path: Path) -> None:
        async with running(copying_app(tmp_path), (200, 40)) as pilot:
            assert await chosen(pilot, "file: row as tsv") == ""
            path = tmp_path / "copies" / "replay-row.tsv"
            assert path.read_text(encoding="utf-8").startswith("Metric\t2023-08")
            assert path.stat().st_mode & 0o777 == 0o600
            assert str(path) in said(pilot)

    async def test_one_letter_finds_the_files(self, tmp_path: Path) -> None:
        async with running(copying_app(tmp_path)) as pilot:
            await chosen(pilot, "f")
            assert (tmp_path / "copies" / "replay-row.tsv").exists()

    async def test_what_is_too_large_for_terminals_is_written_and_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copying, "LARGEST_CLIPBOARD", 100)
        async with running(copying_app(tmp_path), (200, 40)) as pilot:
            assert await chosen(pilot, "table as markdown") == ""
            assert (tmp_path / "copies" / "replay-table.md").exists()
            assert "more than many terminals take: written to" in said(pilot)

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("TERM", "dumb", "this terminal"),
            ("TERM_PROGRAM", "Apple_Terminal", "macOS Terminal"),
            ("STY", "1", "screen"),
        ],
    )
    async def test_where_copies_cannot_arrive_they_are_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
    ) -> None:
        async with running(copying_app(tmp_path), (200, 40)) as pilot:
            monkeypatch.setenv(name, value)
            assert await chosen(pilot, "row as tsv") == ""
            assert f"{words} takes no copies: written to" in said(pilot)

    @pytest.mark.parametrize("keys", ["y", "entery", "8ty"])
    async def test_a_value_is_written_where_it_cannot_arrive(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: str
    ) -> None:
        async with running(copying_app(tmp_path), (200, 40)) as pilot:
            monkeypatch.setenv("TERM", "dumb")
            for key in keys.replace("enter", "\r"):
                await pilot.press("enter" if key == "\r" else key)
                await settled(pilot)
            assert pilot.app.clipboard == ""
            (path,) = (tmp_path / "copies").iterdir()
            text = path.read_text(encoding="utf-8")
            assert said(pilot).startswith(f"{text}: ")
            assert "this terminal takes no copies: written to" in said(pilot)

    async def test_a_long_path_is_shown_in_full(self, tmp_path: Path) -> None:
        async with running(copying_app(tmp_path / ("long" * 20)), (80, 24)) as pilot:
            await chosen(pilot, "file: row as tsv")
            assert "replay-row.tsv" in "".join(line.strip() for line in shown(pilot))
            await pilot.press("q")
            await settled(pilot)
            assert pilot.app.screen is screen_of(pilot)

    async def test_a_file_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "copies").write_text("in the way")
        async with running(copying_app(tmp_path), (200, 40)) as pilot:
            await chosen(pilot, "file: row as tsv")
            assert "Row as TSV" in shown_text(pilot)
            assert "written to" not in shown_text(pilot)

    async def test_tmux_is_named_as_what_it_depends_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with running(copying_app()) as pilot:
            monkeypatch.setenv("TMUX", "/tmp/tmux-1")
            await chosen(pilot, "row as tsv")
            assert said(pilot).endswith("if set-clipboard is on in tmux")

    async def test_on_a_small_screen_the_foot_says_it_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with running(copying_app(), (80, 24)) as pilot:
            monkeypatch.setenv("TMUX", "/tmp/tmux-1")
            await pilot.press("y")
            assert said(pilot).endswith(" sent to the clipboard, if set-clipboard is on in tmux")
            assert pilot.app.screen is screen_of(pilot)


class TestOtherScreens:
    async def test_a_comparison_has_products_as_rows(self) -> None:
        async with running(copying_app()) as pilot:
            await pilot.press("7")
            await settled(pilot)
            lines = (await chosen(pilot, "column as tsv")).splitlines()
            assert lines[0] == "Product\t2026-10"
            assert lines[2].startswith("Session replay · growth\t")

    async def test_the_full_view_offers_its_months_and_its_rows(self) -> None:
        async with running(copying_app()) as pilot:
            await pilot.press("enter")
            await settled(pilot)
            await until(lambda: "mrr 2026-10" in shown_text(pilot), pilot)
            months = (await chosen(pilot, "months as tsv")).splitlines()
            assert months[0] == "Month\tValue\tMoM\tYoY\tNumerator\tDenominator\tn\tNote"
            assert months[2].startswith("2026-10\t")
            rows = (await chosen(pilot, "rows as tsv")).splitlines()
            assert rows[0] == "Customer\tSegment\tMovement\tMRR before\tMRR now"
            assert "'=cmd()|' /C calc'!A0" in "\n".join(rows)
