"""`reviewtui.toml`: what can be used is used, and the rest is a problem with its line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Severity
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.model import DEFAULT_STAGES, SupportConfig
from reviewtui.workspace.place import find_workspace
from tests.workspace.conftest import SOURCE, Folder

if TYPE_CHECKING:
    from pathlib import Path

FULL = """\
schema = 1
name = "Acme growth reviews"
base_currency = "EUR"
time_zone = "Europe/Berlin"
fiscal_year_start = 4
attribution = "month_start_snapshot"
period_end_is_exclusive = true

[[source]]
name = "acme"
path = "data/acme.duckdb"
kind = "duckdb"

[[source]]
path = "/exports/focus-2026.csv"
kind = "focus"

[views]
invoice_line = "SELECT 1"
event = "SELECT 2"

[stage.mature]
mrr_growth_3m = 0.05
[stage.growth]
nrr = [1.0, 1.2]

[support]
hours_mode = "calendar"
first_reply_hours = { high = 1, urgent = 0.5 }
[revenue]
reactivation_window_days = 30
"""


class TestEverySetting:
    def test_a_line_that_names_a_file_is_a_workspace(self, folder: Folder) -> None:
        workspace = folder.load(SOURCE)
        assert workspace.problems == ()
        assert workspace.name == ""
        assert (workspace.base_currency, workspace.time_zone, workspace.fiscal_year_start) == ("USD", "UTC", 1)
        assert [source.name for source in workspace.sources] == ["acme"]
        assert workspace.stages == DEFAULT_STAGES
        assert workspace.support == SupportConfig()
        assert not workspace.read_only

    def test_all_settings_are_read(self, folder: Folder) -> None:
        workspace = folder.load(FULL)
        assert workspace.problems == ()
        assert workspace.name == "Acme growth reviews"
        assert workspace.base_currency == "EUR"
        assert workspace.time_zone == "Europe/Berlin"
        assert workspace.fiscal_year_start == 4
        assert workspace.attribution == "month_start_snapshot"
        assert workspace.period_end_is_exclusive
        first, second = workspace.sources
        assert (first.name, first.path, first.kind, first.line) == (
            "acme",
            folder.root / "data" / "acme.duckdb",
            "duckdb",
            9,
        )
        assert (second.name, str(second.path), second.kind) == ("focus_2026", "/exports/focus-2026.csv", "focus")
        assert [(view.table, view.sql, view.line) for view in workspace.views] == [
            ("invoice_line", "SELECT 1", 19),
            ("event", "SELECT 2", 20),
        ]
        assert workspace.reactivation_window_days == 30

    def test_bands_and_targets_join_the_defaults(self, folder: Folder) -> None:
        workspace = folder.load(FULL)
        assert workspace.stages == {
            "mature": {"mrr_growth_3m": 0.05},
            "growth": {"mrr_growth_3m": (0.15, 0.2), "nrr": (1.0, 1.2)},
        }
        assert workspace.support.hours_mode == "calendar"
        assert workspace.support.first_reply_hours == {"high": 1.0, "normal": 24.0, "urgent": 0.5}
        assert workspace.support.escalated_business_days == {"high": 2.0, "normal": 4.0}


BAD_VALUES = {
    "wrong type of name": ("name = 1", "a text in quotes, not a number"),
    "wrong type of flag": ('period_end_is_exclusive = "no"', "true or false, not a text"),
    "time zone that does not exist": ('time_zone = "Europe/Berln"', "Did you mean `Europe/Berlin`?"),
    "time zone that is a path": ('time_zone = "../../etc/passwd"', "not a known time zone"),
    "time zone that is a folder": ('time_zone = "Europe"', "not a known time zone"),
    "time zone with NUL": ('time_zone = "a\\u0000b"', "not a known time zone"),
    "month 13": ("fiscal_year_start = 13", "a whole number from 1 to 12"),
    "month 0": ("fiscal_year_start = 0", "a whole number from 1 to 12"),
    "month as a flag": ("fiscal_year_start = true", "not true or false"),
    "a very large month": ("fiscal_year_start = 0x" + "f" * 6000, "a whole number from 1 to 12"),
    "attribution": ('attribution = "period_ends"', "Did you mean `period_end`?"),
    "currency": ('base_currency = "usd"', "three capital letters"),
    "schema 0": ("schema = 0", "a whole number"),
    "views as a text": ('views = "SELECT"', "a table, not a text"),
    "sources as a text": ('source = "acme.duckdb"', "[[source]]"),
    "support as a list": ("support = []", "a table of settings, not a list"),
}


class TestBadValues:
    @pytest.mark.parametrize(("line", "words"), BAD_VALUES.values(), ids=BAD_VALUES)
    def test_a_bad_value_is_told_with_its_line_and_falls_back(self, folder: Folder, line: str, words: str) -> None:
        key = line.split(" ", maxsplit=1)[0]
        before = SOURCE if key != "source" else ""
        workspace = folder.load(f"# a comment\n\n{line}\n{before}")
        (problem,) = workspace.problems
        assert (problem.path, problem.line, problem.severity) == ("reviewtui.toml", 3, Severity.ERROR)
        assert words in problem.message
        plain = folder.load(before)
        if key != "source":
            assert [getattr(workspace, name) for name in ("name", "time_zone", "fiscal_year_start", "views")] == [
                getattr(plain, name) for name in ("name", "time_zone", "fiscal_year_start", "views")
            ]

    def test_the_rest_of_the_file_is_used(self, folder: Folder) -> None:
        workspace = folder.load(FULL.replace('"Europe/Berlin"', '"Mars/Phobos"').replace("= 4", "= 40"))
        assert [problem.line for problem in workspace.problems] == [4, 5]
        assert workspace.time_zone == "UTC"
        assert workspace.fiscal_year_start == 1
        assert workspace.base_currency == "EUR"
        assert len(workspace.sources) == 2

    def test_an_unknown_key_is_a_warning_with_a_hint(self, folder: Folder) -> None:
        problem = folder.problem('nmae = "Acme"\n' + SOURCE)
        assert (problem.line, problem.severity) == (1, Severity.WARNING)
        assert "`nmae` is not a known setting" in problem.message
        assert "Did you mean `name`?" in problem.message

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ('[views]\ninvoices = "SELECT 1"', 5, "not one of: customer, "),
            ('[views]\ninvoice_lines = "SELECT 1"', 5, "Did you mean `invoice_line`?"),
            ("[views]\nevent = 1", 5, "a text in quotes"),
            ('[views]\nevent = "  "', 5, "empty"),
            ("[stage.matur]\nnrr = 1", 4, "Did you mean `mature`?"),
            ('[stage.mature]\nnrr = "high"', 5, "a number or [low, high]"),
            ("[stage.mature]\nnrr = [1, 2, 3]", 5, "a number or [low, high]"),
            ("[stage.mature]\nnrr = [2, 1]", 5, "lower number first"),
            ("[stage.mature]\nnrr = nan", 5, "out of range"),
            ("[stage.mature]\nnrr = 0x" + "f" * 5000, 5, "out of range"),
            ('[support]\nhours_mode = "calender"', 5, "Did you mean `calendar`?"),
            ("[support.first_reply_hours]\nhigh = 12\nnormal = -1", 6, "more than zero"),
            ("[support]\nfirst_reply_hours = { high = true }", 5, "a number"),
            ("[revenue]\nreactivation_window_days = -1", 5, "from 0 to"),
            ("[revenue]\nreactivation_days = 1", 5, "Did you mean `reactivation_window_days`?"),
        ],
    )
    def test_a_bad_entry_of_a_table_is_told_with_its_line(
        self, folder: Folder, text: str, line: int, words: str
    ) -> None:
        problem = folder.problem(f"{SOURCE}\n{text}\n")
        assert (problem.path, problem.line) == ("reviewtui.toml", line)
        assert words in problem.message

    def test_problems_come_in_the_order_of_the_lines(self, folder: Folder) -> None:
        workspace = folder.load(
            '[[source]]\npath = "${REVIEWTUI_NO_SUCH}/a"\n[views]\nx = 1\n[revenue]\ny = 1\n[[source]]\n'
        )
        assert [problem.line for problem in workspace.problems] == [2, 4, 6, 7]


class TestDamage:
    def test_a_broken_workspace_file_still_yields_a_workspace(self, folder: Folder) -> None:
        folder.write("products/replay/product.toml", 'name = "Session replay"')
        workspace = folder.load('name = "Acme"\n[[source]\n')
        (problem,) = workspace.problems
        assert (problem.path, problem.line) == ("reviewtui.toml", 2)
        assert workspace.sources == ()
        assert [product.name for product in workspace.products] == ["Session replay"]

    def test_a_folder_without_a_workspace_file_is_told(self, folder: Folder) -> None:
        problem = folder.problem()
        assert "no workspace here" in problem.message
        assert "no workspace here" in load_workspace(folder.root / "missing").problems[0].message

    def test_a_workspace_without_sources_is_told(self, folder: Folder) -> None:
        assert "names no source" in folder.problem('name = "Acme"\n').message

    def test_an_empty_workspace_file_is_told(self, folder: Folder) -> None:
        assert "empty" in folder.load("").problems[0].message

    def test_links_out_of_the_workspace_are_not_followed(self, folder: Folder, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        (outside / "events").mkdir(parents=True)
        (outside / "product.toml").write_text('name = "secret"')
        (outside / "events" / "e.toml").write_text('month = "2026-01"')
        folder.write("products/a/product.toml", "")
        (folder.root / "products" / "b").symlink_to(outside)
        (folder.root / "products" / "a" / "events").symlink_to(outside / "events")
        (folder.root / "products" / "c").mkdir()
        (folder.root / "products" / "c" / "product.toml").symlink_to("../../../outside/product.toml")
        (folder.root / "local.toml").symlink_to(outside / "product.toml")
        workspace = folder.load(SOURCE)
        told = [problem.path for problem in workspace.problems if "leads out of the workspace" in problem.message]
        assert sorted(told) == ["local.toml", "products/a/events", "products/b", "products/c/product.toml"]
        assert "secret" not in repr(workspace)
        assert workspace.events == ()

    def test_a_link_inside_the_workspace_is_followed(self, folder: Folder) -> None:
        folder.write("products/a/product.toml", 'product_id = "x"')
        (folder.root / "products" / "b").mkdir()
        (folder.root / "products" / "b" / "product.toml").symlink_to("../shared.toml")
        folder.write("products/shared.toml", 'name = "B"')
        workspace = folder.load(SOURCE)
        assert workspace.problems == ()
        assert [product.name for product in workspace.products] == ["", "B"]

    def test_a_workspace_reached_through_a_link_is_whole(self, folder: Folder, tmp_path: Path) -> None:
        folder.write("products/a/product.toml", 'name = "A"')
        folder.write("reviewtui.toml", SOURCE)
        (tmp_path / "link").symlink_to(folder.root)
        workspace = load_workspace(tmp_path / "link")
        assert workspace.problems == ()
        assert workspace.sources[0].path == tmp_path / "link" / "acme.duckdb"


class TestNewerSchema:
    @pytest.mark.parametrize("place", ["reviewtui.toml", "products/a/product.toml", "products/a/events/e.toml"])
    def test_a_newer_file_makes_the_workspace_read_only(self, folder: Folder, place: str) -> None:
        folder.write("reviewtui.toml", SOURCE)
        before = (folder.root / place).read_text() if (folder.root / place).exists() else 'month = "2026-01"\n'
        folder.write(place, f"# top\nschema = 2\n{before if 'product.toml' not in place else ''}")
        workspace = folder.load()
        (problem,) = workspace.problems
        assert workspace.read_only
        assert (problem.path, problem.line, problem.severity) == (place, 2, Severity.WARNING)
        assert "read-only" in problem.message
        assert [source.name for source in workspace.sources] == ["acme"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write in every folder")
    def test_a_folder_that_cannot_be_written_is_read_only(self, folder: Folder) -> None:
        folder.write("reviewtui.toml", SOURCE)
        folder.root.chmod(0o555)
        try:
            assert folder.load().read_only
        finally:
            folder.root.chmod(0o755)


class TestFindingIt:
    def test_the_nearest_folder_upward_is_found(self, folder: Folder, tmp_path: Path) -> None:
        folder.write("reviewtui.toml", SOURCE)
        deep = folder.root / "products" / "replay"
        deep.mkdir(parents=True)
        assert find_workspace(deep) == folder.root
        assert find_workspace(folder.root) == folder.root
        assert find_workspace(folder.root / "not" / "there") == folder.root
        assert find_workspace(tmp_path) is None
