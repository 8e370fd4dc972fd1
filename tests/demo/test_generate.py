"""Making the demo: the same each time, at any date, never over another's files, never half."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.demo.company import load_company
from reviewtui.demo.generate import DATABASE, make_demo
from reviewtui.demo.timeline import LATEST, Timeline
from reviewtui.errors import ReviewError, UsageError
from reviewtui.months import Month
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.model import WORKSPACE_FILE
from reviewtui.workspace.store import RecordStore
from tests.demo.conftest import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reviewtui.sources.state import Progress

SMALL = 0.05

INTERRUPTED = """
import os, signal, sys, threading
from datetime import date
from pathlib import Path
from reviewtui.demo.generate import make_demo

def press_soon(progress):
    if progress.stage == "Making events" and progress.done == 0:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

try:
    make_demo(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), on_progress=press_soon)
except KeyboardInterrupt:
    print("interrupted")
"""

CHECKSUMS = """
import json, sys
from datetime import date
from pathlib import Path
import duckdb
from reviewtui.demo.generate import DATABASE, make_demo
root = make_demo(Path(sys.argv[1]), date(2026, 11, 22), seed=int(sys.argv[2]), scale=0.1)
with duckdb.connect(str(root / DATABASE), read_only=True) as connection:
    connection.execute("SET TimeZone = 'UTC'")
    names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()]
    sums = {
        name: connection.execute(
            f"SELECT md5(string_agg(r, '|' ORDER BY r)) FROM (SELECT t::VARCHAR AS r FROM {name} t)"
        ).fetchall()[0][0]
        for name in names
    }
files = {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*.toml"))}
print(json.dumps([sums, files], sort_keys=True))
"""


def checksums(root: Path, seed: int) -> tuple[dict[str, str], dict[str, str]]:
    command = [sys.executable, "-c", CHECKSUMS, str(root), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    sums, files = json.loads(done.stdout)
    return sums, files


def test_the_same_seed_gives_the_same_contents_in_another_process(tmp_path: Path) -> None:
    one, another, other_seed = (checksums(tmp_path / str(n), seed) for n, seed in enumerate((1, 1, 2)))
    assert one == another
    assert one[1].keys() == other_seed[1].keys()
    others = {name for name in one[1] if one[1][name] != other_seed[1][name]}
    assert all("interviews/" in name for name in others), "only customers have other names"
    the_same = {name for name in one[0] if one[0][name] == other_seed[0][name]}
    assert the_same == {"holiday"}


@pytest.mark.parametrize(
    ("as_of", "latest"),
    [
        (date(2026, 11, 1), "2026-10"),
        (date(2025, 1, 31), "2024-12"),
        (date(2028, 2, 29), "2028-01"),
    ],
)
def test_awkward_dates_have_36_complete_months(tmp_path: Path, as_of: date, latest: str) -> None:
    root = make_demo(tmp_path / "demo", as_of, scale=SMALL)
    timeline = Timeline(as_of)
    assert str(timeline.month(LATEST)) == latest
    with duckdb.connect(str(root / DATABASE), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        [(first, last, months)] = connection.execute(
            "SELECT min(occurred_at)::DATE, max(occurred_at)::DATE,"
            " count(DISTINCT date_trunc('month', occurred_at)) FROM event"
        ).fetchall()
    assert Month.of(first) == timeline.month(0)
    assert last < as_of
    assert months == (36 if as_of.day == 1 else 37)
    assert load_workspace(root).problems == ()
    assert RecordStore(root).load().problems == ()


def test_the_workspace_reads_without_a_problem(demo_root: Path) -> None:
    workspace = load_workspace(demo_root)
    assert workspace.problems == ()
    assert [product.product_id for product in workspace.products] == ["assist", "flows", "forms", "texts"]
    assert {product.stage for product in workspace.products} == {"mature", "growth", "beta"}
    assert {event.kind for event in workspace.events} == {"price", "launch", "definition"}
    assert (demo_root / ".gitignore").is_file()
    assert (demo_root / ".gitattributes").is_file()


def test_definitions_in_the_workspace_are_those_the_data_was_made_by(demo_root: Path) -> None:
    company = load_company()
    for product in load_workspace(demo_root).products:
        plan = company.product(product.product_id)
        assert set(product.key_action) == {event.name for event in plan.events if event.key}
        newest = {criterion.event: criterion.count for criterion in product.activation[-1].criteria}
        assert newest == plan.onboarding
        groups = [sku for skus in product.revenue_share.values() for sku in skus]
        assert set(groups) <= set(plan.skus)


def test_scale_multiplies_events_and_invoice_lines(tmp_path: Path, demo_root: Path) -> None:
    def counts(root: Path) -> tuple[int, int]:
        with duckdb.connect(str(root / DATABASE), read_only=True) as connection:
            [(events, lines)] = connection.execute(
                "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM invoice_line)"
            ).fetchall()
        return events, lines

    half, whole = counts(make_demo(tmp_path / "half", AS_OF, scale=0.5)), counts(demo_root)
    assert [few / many for few, many in zip(half, whole, strict=True)] == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_workspace_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / WORKSPACE_FILE).write_text('name = "mine"\n')
    with pytest.raises(ReviewError, match="is a workspace already"):
        make_demo(tmp_path, AS_OF, scale=SMALL)
    assert [path.name for path in tmp_path.iterdir()] == [WORKSPACE_FILE]


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "products" / "forms" / "product.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(ReviewError, match="in the way"):
        make_demo(tmp_path, AS_OF, scale=SMALL)
    assert mine.read_text() == "mine"
    assert not (tmp_path / "data").exists()


def test_an_own_gitignore_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    make_demo(tmp_path, AS_OF, scale=SMALL)
    assert (tmp_path / ".gitignore").read_text().startswith("mine\n*.lock\n")


def interrupted_at(stage: str) -> Callable[[Progress], None]:
    def interrupt(progress: Progress) -> None:
        if progress.stage == stage:
            raise KeyboardInterrupt

    return interrupt


@pytest.mark.parametrize("stage", ["Inventing customers", "Making events", "Saving"])
def test_an_interrupted_run_leaves_no_workspace(tmp_path: Path, stage: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        make_demo(tmp_path, AS_OF, scale=SMALL, on_progress=interrupted_at(stage))
    assert not (tmp_path / WORKSPACE_FILE).exists()
    assert list((tmp_path / "data").iterdir()) == []


def test_ctrl_c_inside_a_statement_is_an_interrupt(tmp_path: Path) -> None:
    # In a process of its own: here the interrupt could strike in what watches the tests, and be swallowed there.
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path), str(AS_OF)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "interrupted\n"), done.stderr
    assert list((tmp_path / "data").iterdir()) == []


def test_what_a_stopped_or_killed_run_left_is_replaced(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        make_demo(tmp_path, AS_OF, scale=SMALL, on_progress=interrupted_at("Making people"))
    left = tmp_path / "data" / ".making" / "demo.duckdb"
    left.parent.mkdir()
    left.write_text("half a file")
    (tmp_path / DATABASE).write_text("an older half")
    make_demo(tmp_path, AS_OF, scale=SMALL)
    assert load_workspace(tmp_path).problems == ()
    assert [path.name for path in (tmp_path / "data").iterdir()] == [DATABASE.name]
    in_root = {path.name for path in tmp_path.iterdir()}
    made = {"data", "interviews", "metrics", "people", "products"}
    assert in_root == {WORKSPACE_FILE, "tags.toml", ".gitignore", ".gitattributes", *made}


@pytest.mark.usefixtures("demo_root")
def test_progress_is_told_in_words(told: list[Progress]) -> None:
    assert told[0].stage == "Inventing customers"
    by_month = [progress.done for progress in told if progress.stage == "Making events"]
    assert by_month == [0, 12, 24, 36]
    assert told[-1].stage == "Saving"


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf"), 5000.0])
def test_a_scale_that_makes_no_sense_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(UsageError):
        make_demo(tmp_path / "demo", AS_OF, scale=scale)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("as_of", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_date_out_of_range_is_refused(tmp_path: Path, as_of: date) -> None:
    with pytest.raises(UsageError):
        make_demo(tmp_path / "demo", as_of)


def test_a_file_where_the_folder_should_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")
    with pytest.raises(ReviewError):
        make_demo(tmp_path / "demo", AS_OF, scale=SMALL)
