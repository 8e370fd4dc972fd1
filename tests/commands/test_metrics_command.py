"""`reviewtui metrics` on real files."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.commands.support import (
    AS_OF,
    ENDLESS,
    Outcome,
    Terminal,
    listing,
    make_database,
    make_workspace,
    metric_values,
    run,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the workspace `ws`."""
    home = tmp_path_factory.mktemp("home")
    make_workspace(home / "ws")
    return home


def metrics(home: Path, *options: str, **environment: str) -> Outcome:
    """The metrics of the workspace `ws`."""
    return run(home, "metrics", "--workspace", "ws", "--as-of", AS_OF, *options, cwd=home, **environment)


def rows_of(outcome: Outcome) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(outcome.out)))


class TestCsv:
    def test_values_are_the_very_doubles_of_the_file(self, home: Path) -> None:
        outcome = metrics(home, "--format", "csv")
        assert (outcome.code, outcome.err) == (0, "")
        values = {(row["product"], row["month"], row["metric"]): row["value"] for row in rows_of(outcome)}
        assert values["replay", "2025-03", "mrr"] == "0.30000000000000004"
        assert values["replay", "2025-02", "mrr"] == "110.25"
        assert values["replay", "2025-03", "nps"] == "-12.5"
        assert values["flags", "2025-02", "churn_rate"] == "0.033"

    def test_it_covers_the_first_data_to_the_current_month(self, home: Path) -> None:
        months = [
            row["month"] for row in rows_of(metrics(home, "--format", "csv", "--product", "replay", "--metric", "mrr"))
        ]
        assert months == ["2025-01", "2025-02", "2025-03", "2025-04"]

    def test_only_what_was_asked_for_is_printed(self, home: Path) -> None:
        options = ("--product", "flags", "--metric", "mrr", "--from", "2025-02", "--to", "2025-02")
        assert metrics(home, "--format", "csv", *options).out.splitlines()[1:] == [
            "flags,2025-02,mrr,5.0,,ok,,,,,imported",
        ]

    def test_a_metric_without_data_is_missing_when_it_is_named(self, home: Path) -> None:
        rows = rows_of(metrics(home, "--format", "csv", "--product", "flags", "--metric", "sla", "--from", "2024-12"))
        assert [(row["month"], row["status"], row["value"]) for row in rows] == [
            (month, "missing", "") for month in ("2024-12", "2025-01", "2025-02", "2025-03", "2025-04")
        ]

    def test_months_after_the_current_one_are_never_printed(self, home: Path) -> None:
        outcome = metrics(home, "--format", "csv", "--from", "2025-05", "--to", "2026-01")
        assert outcome.out.count("\n") == 1
        assert "after the current month, 2025-04" in outcome.err
        assert outcome.code == 0


class TestOtherFormats:
    def test_json_is_one_document_with_the_name_of_the_workspace(self, home: Path) -> None:
        document = json.loads(metrics(home, "--format", "json", "--metric", "mrr").out)
        assert (document["workspace"], document["as_of"]) == ("Acme", AS_OF)
        assert {product["id"] for product in document["products"]} >= {"replay", "flags"}

    def test_the_table_fits_the_columns_it_is_given(self, home: Path) -> None:
        outcome = metrics(home, COLUMNS="44")
        assert max(len(line) for line in outcome.out.splitlines()) <= 44 + len(
            "2 earlier months not shown; --from 2025-01 shows them."
        )
        assert "earlier months not shown" in outcome.out
        assert "110.2" not in outcome.out

    def test_markdown_is_a_pipe_table(self, home: Path) -> None:
        assert "| MRR | 100 | 110 | 0.3 | · |" in metrics(home, "--format", "markdown").out

    def test_a_terminal_without_unicode_gets_plain_characters(self, home: Path) -> None:
        outcome = metrics(home, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert "-12.5" in outcome.out
        assert outcome.code == 0
        assert outcome.out.isascii()


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("options", "hint"), [(("--product", "repaly"), "replay"), (("--metric", "chrun_rate"), "churn_rate")]
    )
    def test_an_unknown_id_is_answered_with_the_likely_one(
        self, home: Path, options: tuple[str, str], hint: str
    ) -> None:
        outcome = metrics(home, *options)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"Did you mean {hint}" in outcome.err
        assert outcome.err.count("\n") == 1

    def test_a_month_span_that_is_empty_is_refused_before_anything_is_read(self, home: Path) -> None:
        assert metrics(home, "--from", "2025-03", "--to", "2025-02").code == 2


class TestProblems:
    def test_results_are_printed_and_problems_told_with_file_and_line(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", more='colour = "red"\n[views]\nticket = "SELECT nothing FROM nowhere"\n')
        outcome = metrics(tmp_path, "--format", "csv")
        assert outcome.code == 1
        assert "replay,2025-01,mrr,100.0" in outcome.out
        assert "reviewtui.toml:7: " in outcome.err

    def test_hostile_names_reach_neither_terminal_nor_spreadsheet(self, tmp_path: Path) -> None:
        names = ("=cmd()", "\x1b]52;c;AAAA\x07", "\u202egnp", "a|b")
        make_workspace(tmp_path / "ws", *metric_values(*((name, "2025-03", "mrr", 1.0) for name in names)))
        for form in ("table", "csv", "json", "markdown"):
            outcome = metrics(tmp_path, "--format", form)
            assert outcome.code == 0, outcome.err
            assert all(line.isprintable() for line in (outcome.out + outcome.err).splitlines())
        products = {row["product"] for row in rows_of(metrics(tmp_path, "--format", "csv"))}
        assert {"'=cmd()", "]52;c;AAAA", "gnp", "a|b"} <= products

    def test_a_source_that_is_gone_is_one_sentence(self, tmp_path: Path) -> None:
        root = make_workspace(tmp_path / "ws")
        (root / "data.duckdb").unlink()
        outcome = metrics(tmp_path)
        assert outcome.code == 1
        assert "does not exist" in outcome.err

    def test_a_workspace_file_that_cannot_be_read_names_its_line(self, tmp_path: Path) -> None:
        root = make_workspace(tmp_path / "ws")
        (root / "reviewtui.toml").write_text("schema = 1\nname = \n")
        outcome = metrics(tmp_path)
        assert outcome.code == 1
        assert "reviewtui.toml:2: " in outcome.err

    def test_sources_without_a_known_table_say_what_to_do(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", "CREATE TABLE t(i INTEGER)")
        outcome = metrics(tmp_path)
        assert outcome.out == ""
        assert "[views]" in outcome.err


class TestProgress:
    def test_it_is_one_line_of_a_terminal_that_is_gone_at_the_end(self, home: Path) -> None:
        terminal = Terminal(home, "metrics", "--workspace", "ws", "--as-of", AS_OF, "--format", "csv")
        code, out = terminal.finish()
        assert code == 0
        assert out.startswith(b"product,month,")
        assert b"\n" not in terminal.seen
        assert b"\x1b" not in terminal.seen
        last = terminal.seen.rstrip(b"\r").rpartition(b"\r")[2]
        assert last.strip() == b""

    def test_ctrl_c_ends_the_work_and_leaves_no_line(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws", more=ENDLESS)
        terminal = Terminal(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF)
        terminal.wait_for(b"\r")
        terminal.interrupt()
        code, out = terminal.finish()
        assert (code, out) == (130, b"")
        assert terminal.seen.replace(b"\r\n", b"\n").endswith(b"\rreviewtui: Stopped.\n")


def test_nothing_in_the_workspace_is_written(home: Path) -> None:
    before = listing(home / "ws")
    metrics(home)
    assert listing(home / "ws") == before


def test_the_nearest_workspace_upward_is_found(home: Path) -> None:
    below = home / "ws" / "products" / "deep"
    below.mkdir(parents=True)
    outcome = run(home, "metrics", "--as-of", AS_OF, "--format", "csv", cwd=below)
    assert "replay,2025-01,mrr,100.0" in outcome.out


def test_metrics_of_the_users_own_are_in_every_format(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    (root / "metrics").mkdir()
    (root / "metrics" / "double.toml").write_text('name = "Double [/x]"\nunit = "money"\nformula = "mrr * 2"\n')
    (root / "products" / "replay").mkdir(parents=True)
    (root / "products" / "replay" / "product.toml").write_text('hidden_metrics = ["double"]\n')
    table = run(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF, "--product", "replay")
    assert (table.code, "Double" in table.out) == (0, False)
    named = run(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF, "--metric", "double")
    assert named.out.count("Double [/x]") == 2
    lines = run(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF, "--format", "csv").out.splitlines()
    assert "replay,2025-02,double,220.5,,ok,,,,,custom" in lines
    data = json.loads(run(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF, "--format", "json").out)
    replay = next(product for product in data["products"] if product["id"] == "replay")
    double = next(metric for metric in replay["metrics"] if metric["id"] == "double")
    assert (double["name"], double["unit"], double["cells"][1]["value"]) == ("Double [/x]", "money", 220.5)


def test_kept_numbers_are_printed_as_they_were_computed_and_never_for_other_data(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", more='[views]\nticket = "SELECT nothing FROM nowhere"\n')
    forms = ("csv", "json", "table", "markdown")
    first = [metrics(tmp_path, "--format", form, "--fresh") for form in forms]
    assert [outcome.code for outcome in first] == [1] * 4
    assert [metrics(tmp_path, "--format", form) for form in forms] == first
    make_database(root / "data.duckdb", "UPDATE metric_value SET value = 7 WHERE value = 110.25")
    assert ",mrr,7.0," in metrics(tmp_path, "--format", "csv").out
