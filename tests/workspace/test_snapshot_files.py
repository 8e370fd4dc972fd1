"""Files of reviewed numbers: exact, written once, and used whole or not at all."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.errors import Problem, ReviewError, Severity
from reviewtui.months import Month
from reviewtui.text import well_formed
from reviewtui.workspace.schema import Spot
from reviewtui.workspace.snapshot_files import (
    Reviewed,
    Snapshot,
    save_snapshot,
    snapshot_of,
    snapshot_text,
    table_of,
    written_facts,
)
from reviewtui.workspace.toml_file import TomlFile
from tests.workspace.conftest import SOURCE, Folder
from tests.workspace.hostile import HOSTILE

if TYPE_CHECKING:
    from reviewtui.workspace.model import Workspace

OCTOBER = Month(2026, 10)
SNAPSHOT = Snapshot(
    product="replay",
    month=OCTOBER,
    taken_on=date(2026, 11, 3),
    currency="USD",
    attribution="period_end",
    table=table_of(
        (Month(2026, 9), OCTOBER),
        {"mrr": "money", "nps": "score", "size": "GB a day"},
        {
            "mrr": (Reviewed(20770.0), Reviewed(0.1 + 0.2)),
            "nps": (Reviewed(None, "na"), Reviewed(31.0, "low_n")),
            "size": (Reviewed(None, "missing"), Reviewed(-5e-324)),
        },
    ),
)
TEXT = """\
schema = 1
product = "replay"
month = "2026-10"
taken_on = 2026-11-03
currency = "USD"
attribution = "period_end"
count = 6
values = '''
metric  unit                  2026-09  2026-10
mrr     money                 20770.0  0.30000000000000004
nps     score                 n/a      31.0:low_n
size    "GB\\u0020a\\u0020day"  -        -5e-324
'''
"""
PATH = "products/replay/reviews/2026-10/snapshot.toml"


def read(text: str, product: str = "replay") -> tuple[Snapshot | None, list[Problem]]:
    """The snapshot that a file with `text` holds, and its problems."""
    problems: list[Problem] = []
    file = TomlFile(Path("snapshot.toml"), "snapshot.toml", text.encode(), tomllib.loads(text))
    return snapshot_of(file.data, Spot(file, problems), "2026-10", product), problems


def loaded(folder: Folder, text: str, path: str = PATH) -> Workspace:
    """A workspace whose only snapshot is `text`."""
    folder.write("reviewtui.toml", SOURCE)
    folder.write(path, text)
    return folder.load()


class TestForm:
    def test_a_file_is_a_few_facts_and_a_table(self) -> None:
        assert snapshot_text(SNAPSHOT) == TEXT

    def test_it_reads_back_as_what_it_was(self) -> None:
        assert read(TEXT) == (SNAPSHOT, [])

    def test_the_quick_reading_and_the_parser_agree(self) -> None:
        assert written_facts(TEXT.encode()) == tomllib.loads(TEXT)
        assert written_facts(b"# by hand\n" + TEXT.encode()) is None

    @given(st.data())
    def test_they_agree_about_any_changed_file(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(TEXT) - 1))
        ending = data.draw(st.integers(place, min(place + 3, len(TEXT))))
        raw = (TEXT[:place] + data.draw(st.sampled_from(TEXT)) + TEXT[ending:]).encode()
        facts = written_facts(raw)
        assert facts is None or facts == tomllib.loads(raw.decode())

    def test_a_snapshot_without_metrics_reads_back(self) -> None:
        empty = replace(SNAPSHOT, table=table_of((OCTOBER,), {}, {}))
        assert read(snapshot_text(empty)) == (empty, [])

    @given(
        st.lists(
            st.one_of(
                st.floats(allow_nan=False, allow_infinity=False).map(Reviewed),
                st.builds(
                    Reviewed,
                    st.floats(allow_nan=False, allow_infinity=False),
                    st.sampled_from(["low_n", "immature", "partial"]),
                ),
                st.sampled_from([Reviewed(None, "na"), Reviewed(None, "missing")]),
            ),
            min_size=1,
            max_size=13,
        )
    )
    def test_every_double_reads_back_to_itself(self, cells: list[Reviewed]) -> None:
        months = tuple(OCTOBER - step for step in reversed(range(len(cells))))
        snapshot = Snapshot(
            product="replay",
            month=OCTOBER,
            taken_on=date(2026, 11, 3),
            currency="USD",
            attribution="period_end",
            table=table_of(months, {"m": "count"}, {"m": cells}),
        )
        again, problems = read(snapshot_text(snapshot))
        assert not problems
        assert again == snapshot
        found = [again.seen("m", month) for month in months]
        assert found == cells
        signs = [math.copysign(1, cell.value) for cell in found if cell is not None and cell.value is not None]
        assert signs == [math.copysign(1, cell.value) for cell in cells if cell.value is not None]

    @given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
    def test_any_names_read_back(self, product: str, metric: str, unit: str) -> None:
        self.reads_back(well_formed(product), well_formed(metric), well_formed(unit))

    @pytest.mark.parametrize("name", HOSTILE)
    def test_hostile_names_read_back(self, name: str) -> None:
        text = well_formed(HOSTILE[name])
        self.reads_back(text if text.strip() else "x", text, text)

    def reads_back(self, product: str, metric: str, unit: str) -> None:
        """A snapshot with these names reads back as it was."""
        table = table_of((OCTOBER,), {metric: unit}, {metric: (Reviewed(1.5),)})
        snapshot = replace(SNAPSHOT, product=product, table=table)
        assert snapshot.units == {metric: unit}
        assert read(snapshot_text(snapshot), product) == (snapshot, [])

    @pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
    def test_what_is_no_number_is_kept_as_not_computable(self, number: float) -> None:
        assert Reviewed.parse(Reviewed(number).word) == Reviewed(None, "na")

    def test_a_metric_that_was_not_there_was_not_seen(self) -> None:
        assert SNAPSHOT.seen("arr", OCTOBER) is None
        assert SNAPSHOT.seen("size", OCTOBER - 1) == Reviewed(None, "missing")


class TestSaving:
    def test_it_lies_beside_its_review_and_is_loaded_again(self, folder: Folder) -> None:
        workspace = folder.load(SOURCE)
        path = save_snapshot(workspace, "replay", SNAPSHOT)
        assert path == folder.root / PATH
        assert path.read_text() == TEXT
        assert folder.load().snapshots == (SNAPSHOT,)

    def test_it_is_written_once(self, folder: Folder) -> None:
        workspace = folder.load(SOURCE)
        path = save_snapshot(workspace, "replay", SNAPSHOT)
        with pytest.raises(ReviewError, match="never changed"):
            save_snapshot(workspace, "replay", SNAPSHOT)
        assert path.read_text() == TEXT

    def test_a_read_only_workspace_is_not_written(self, folder: Folder) -> None:
        folder.write("reviewtui.toml", "schema = 2\n" + SOURCE)
        with pytest.raises(ReviewError, match="read-only"):
            save_snapshot(folder.load(), "replay", SNAPSHOT)
        assert not (folder.root / "products").exists()

    def test_nothing_is_written_outside_of_the_workspace(self, folder: Folder, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        workspace = folder.load(SOURCE)
        (folder.root / "products").symlink_to(outside)
        with pytest.raises(ReviewError, match="leads out of the workspace"):
            save_snapshot(workspace, "replay", SNAPSHOT)
        assert not list(outside.iterdir())


class TestDamage:
    def problem(self, folder: Folder, text: str, path: str = PATH) -> Problem:
        """The only error of the file; nothing of it is used and it stays as it is."""
        workspace = loaded(folder, text, path)
        (problem,) = [item for item in workspace.problems if item.severity is Severity.ERROR]
        assert problem.path == path
        assert workspace.snapshots == ()
        assert (folder.root / path).read_text() == text
        return problem

    def test_a_file_cut_after_any_line_is_noticed(self, folder: Folder) -> None:
        lines = TEXT.splitlines(keepends=True)
        for count in range(1, len(lines)):
            self.problem(folder, "".join(lines[:count]))

    @pytest.mark.parametrize("text", ["", "\n\n"])
    def test_an_empty_file_is_told_once(self, folder: Folder, text: str) -> None:
        problem = self.problem(folder, text)
        assert problem.message.startswith("The snapshot is empty. The snapshot is not used; restore")
        assert [item for item in loaded(folder, text).problems if item.path == problem.path] == [problem]

    def test_a_line_that_was_lost_is_noticed(self, folder: Folder) -> None:
        text = TEXT.replace("nps     score                 n/a      31.0:low_n\n", "")
        assert "says that it holds 6 values, and holds 4" in self.problem(folder, text).message

    def test_a_row_that_is_too_short_is_told_with_its_line(self, folder: Folder) -> None:
        problem = self.problem(folder, TEXT.replace("  31.0:low_n", ""))
        assert problem.line == 11
        assert "1 value" in problem.message

    @pytest.mark.parametrize("word", ["12,5", "nan", "inf", "1.0:?", '"x"', "--", "1e", "1_0"])
    def test_a_word_that_is_no_number_is_told_with_its_line(self, folder: Folder, word: str) -> None:
        problem = self.problem(folder, TEXT.replace("20770.0", word))
        assert problem.line == 10
        assert "cannot be read" in problem.message

    def test_a_number_too_large_for_a_double(self, folder: Folder) -> None:
        problem = self.problem(folder, TEXT.replace("20770.0", "1e+999"))
        assert (problem.line, "too large" in problem.message) == (10, True)

    def test_a_metric_on_two_lines(self, folder: Folder) -> None:
        assert self.problem(folder, TEXT.replace("nps  ", "mrr  ")).line == 11

    def test_months_that_are_no_months(self, folder: Folder) -> None:
        assert self.problem(folder, TEXT.replace("2026-09", "2026-13")).line == 9

    def test_months_with_a_gap(self, folder: Folder) -> None:
        assert "columns" in self.problem(folder, TEXT.replace("2026-09", "2026-08")).message

    def test_a_snapshot_of_another_product(self, folder: Folder) -> None:
        path = PATH.replace("replay", "flags")
        assert "is of `replay`" in self.problem(folder, TEXT, path).message

    def test_a_snapshot_of_another_month(self, folder: Folder) -> None:
        path = PATH.replace("2026-10", "2026-08")
        assert "2026-08" in self.problem(folder, TEXT, path).message

    @pytest.mark.parametrize("key", ["product", "month", "taken_on", "currency", "attribution", "count"])
    def test_a_fact_that_is_missing_is_named(self, folder: Folder, key: str) -> None:
        text = "".join(line for line in TEXT.splitlines(keepends=True) if not line.startswith(key))
        assert f"`{key}`" in self.problem(folder, text).message

    def test_a_file_of_a_newer_program_opens_the_workspace_read_only(self, folder: Folder) -> None:
        workspace = loaded(folder, TEXT.replace("schema = 1", "schema = 2"))
        assert workspace.read_only
        assert workspace.snapshots == ()
        assert any("schema 2" in problem.message for problem in workspace.problems)

    def test_an_unknown_key_is_told_and_the_rest_is_used(self, folder: Folder) -> None:
        workspace = loaded(folder, 'mood = "good"\n' + TEXT)
        assert workspace.snapshots == (SNAPSHOT,)
        assert [problem.severity for problem in workspace.problems] == [Severity.WARNING]

    def test_conflict_markers_are_told(self, folder: Folder) -> None:
        text = TEXT.replace("nps ", "<<<<<<< ours\nnps ").replace("size ", "=======\n>>>>>>> theirs\nsize ")
        assert "conflict markers" in self.problem(folder, text).message

    def test_other_reviews_are_used_beside_a_damaged_one(self, folder: Folder) -> None:
        folder.write(PATH.replace("2026-10", "2026-09"), "not TOML")
        assert loaded(folder, TEXT).snapshots == (SNAPSHOT,)

    def test_a_link_that_leaves_the_workspace_is_not_followed(self, folder: Folder, tmp_path: Path) -> None:
        (tmp_path / "snapshot.toml").write_text(TEXT)
        folder.write("reviewtui.toml", SOURCE)
        place = folder.root / PATH
        place.parent.mkdir(parents=True)
        place.symlink_to(tmp_path / "snapshot.toml")
        workspace = folder.load()
        assert workspace.snapshots == ()
        assert "leads out of the workspace" in workspace.problems[0].message

    @given(st.data())
    def test_no_change_of_a_file_makes_reading_fail(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(TEXT) - 1))
        ending = data.draw(st.integers(place, min(place + 30, len(TEXT))))
        text = TEXT[:place] + data.draw(st.text(max_size=6)) + TEXT[ending:]
        try:
            snapshot, problems = read(text)
        except (tomllib.TOMLDecodeError, UnicodeEncodeError):
            return
        assert snapshot is not None or problems


def test_snapshots_are_loaded_by_month(folder: Folder) -> None:
    later = TEXT.replace("2026-10", "2026-11").replace("2026-09", "2026-10")
    folder.write(PATH.replace("2026-10", "2026-11"), later)
    assert [snapshot.month for snapshot in loaded(folder, TEXT).snapshots] == [OCTOBER, OCTOBER + 1]
