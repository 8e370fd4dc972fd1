"""The app on a workspace with a real DuckDB file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import duckdb

from reviewtui.app import ReviewApp
from tests.screens.conftest import running, settled, shown_text

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 10)


def workspace(folder: Path, value: float) -> Path:
    folder.joinpath("reviewtui.toml").write_text('schema = 1\n[[source]]\npath = "data.duckdb"\n', encoding="utf-8")
    with duckdb.connect(str(folder / "data.duckdb")) as connection:
        connection.execute(
            "create or replace table metric_value(product_id text, month date, metric text, value double)"
        )
        connection.execute("insert into metric_value values ('replay', date '2026-10-01', 'mrr', ?)", [value])
    return folder


async def test_numbers_come_from_the_file_and_r_reads_them_again(tmp_path: Path) -> None:
    async with running(ReviewApp(workspace(tmp_path, 12_345), AS_OF), (80, 24)) as pilot:
        assert "12.3k" in shown_text(pilot)
        assert "12,345 USD" in shown_text(pilot)
        workspace(tmp_path, 67_890)
        await pilot.press("r")
        await settled(pilot)
        assert "67.9k" in shown_text(pilot)


async def test_a_file_that_is_missing_at_the_start_is_told_in_place_of_the_grid(tmp_path: Path) -> None:
    (workspace(tmp_path, 1) / "data.duckdb").unlink()
    async with running(ReviewApp(tmp_path, AS_OF), (80, 24)) as pilot:
        assert "(data.duckdb) does not exist" in " ".join(shown_text(pilot).split())
        workspace(tmp_path, 12_345)
        await pilot.press("r")
        await settled(pilot)
        assert "12.3k" in shown_text(pilot)


async def test_a_file_that_is_gone_leaves_the_old_numbers_and_says_what_to_do(tmp_path: Path) -> None:
    async with running(ReviewApp(workspace(tmp_path, 12_345), AS_OF), (80, 24)) as pilot:
        (tmp_path / "data.duckdb").unlink()
        await pilot.press("r")
        await settled(pilot)
        text = " ".join(shown_text(pilot).split())
        assert "These are the numbers from before." in text
        assert "(data.duckdb) does not exist" in text
        assert "12.3k" in text


async def test_a_file_that_is_replaced_is_told_and_r_shows_its_rows(tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    newer.mkdir()
    async with running(ReviewApp(workspace(tmp_path, 12_345), AS_OF), (80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        app.look_at_files()
        await settled(pilot)
        assert "Changed on disk" not in shown_text(pilot)

        (workspace(newer, 67_890) / "data.duckdb").replace(tmp_path / "data.duckdb")
        app.look_at_files()
        await settled(pilot)
        assert "Changed on disk since these numbers were read: data." in " ".join(shown_text(pilot).split())
        assert "12.3k" in shown_text(pilot)

        await pilot.press("r")
        await settled(pilot)
        assert "67.9k" in shown_text(pilot)
        assert "Changed on disk" not in shown_text(pilot)


async def test_a_file_that_the_program_made_for_a_comment_is_no_change(tmp_path: Path) -> None:
    async with running(ReviewApp(workspace(tmp_path, 12_345), AS_OF), (120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        await pilot.press("c", *"Why", "ctrl+s")
        await settled(pilot)
        made = next(tmp_path.glob("products/*/product.toml"))
        app.look_at_files()
        await settled(pilot)
        assert "Changed on disk" not in shown_text(pilot)

        made.write_text(made.read_text("utf-8") + 'name = "Replay"\n', "utf-8")
        app.look_at_files()
        await settled(pilot)
        assert "Changed on disk since these numbers were read: products/replay/product.toml" in shown_text(pilot)

        await pilot.press("r")
        await settled(pilot)
        app.look_at_files()
        await settled(pilot)
        assert "Changed on disk" not in shown_text(pilot)


async def test_the_numbers_that_a_closed_review_froze_are_no_change(tmp_path: Path) -> None:
    async with running(ReviewApp(workspace(tmp_path, 12_345), AS_OF), (120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        for _ in range(2):  # The second time it is opened again and closed anew.
            await pilot.press("6", "X")
            await settled(pilot)
            await pilot.press(*"enough", "ctrl+s")
            await settled(pilot)
            app.look_at_files()
            await settled(pilot)
            assert list(tmp_path.glob("products/*/reviews/*/snapshot.toml"))
            await pilot.press("1")
            assert "Changed on disk" not in shown_text(pilot)


async def test_files_of_the_workspace_that_change_are_told_and_r_reads_them(tmp_path: Path) -> None:
    async with running(ReviewApp(workspace(tmp_path, 12_345), AS_OF), (120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, ReviewApp)
        folder = tmp_path / "metrics"
        folder.mkdir()
        fields = 'name = "Twice"\nunit = "money"\ndirection = "up"\n'
        (folder / "twice.toml").write_text(f'{fields}definition = "Two."\nformula = "mrr * 2"\n', encoding="utf-8")
        app.look_at_files()
        await settled(pilot)
        text = " ".join(shown_text(pilot).split())
        assert "Changed on disk since these numbers were read: metrics/twice.toml. Press r to read again." in text

        await pilot.press("r")
        await settled(pilot)
        assert "Twice" in shown_text(pilot)
        assert "24.7k" in shown_text(pilot)
        assert "Changed on disk" not in shown_text(pilot)


async def test_a_source_that_never_could_be_read_does_not_hold_back_new_numbers(tmp_path: Path) -> None:
    workspace(tmp_path, 12_345)
    with (tmp_path / "reviewtui.toml").open("a", encoding="utf-8") as file:
        file.write('[[source]]\npath = "costs.csv"\nkind = "focus"\n[[source]]\npath = "gone.duckdb"\n')
    async with running(ReviewApp(tmp_path, AS_OF), (80, 24)) as pilot:
        assert "12.3k" in shown_text(pilot)
        with duckdb.connect(str(tmp_path / "data.duckdb")) as connection:
            connection.execute("update metric_value set value = 67890")
        await pilot.press("r")
        await settled(pilot)
        assert "67.9k" in shown_text(pilot)
