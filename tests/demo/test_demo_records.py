"""What the people of the demo company have written leads somewhere and is as the program writes it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.demo.billing import BillingSimulation
from reviewtui.demo.company import load_names
from reviewtui.demo.generate import DATABASE, make_demo
from reviewtui.demo.setting import load_setting
from reviewtui.demo.timeline import Timeline
from reviewtui.demo.workspace_files import UNFINISHED_MARK
from reviewtui.insights.links import cell_of, ref_parts
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.workspace.kinds.base import plain
from reviewtui.workspace.kinds.dives import DIVE_STATES, DIVES
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Interview
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.registry import ALL_KINDS, kind_of
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.model import WORKSPACE_FILE
from reviewtui.workspace.record_text import new_text, stored_values, told_values
from reviewtui.workspace.records import slug
from reviewtui.workspace.store import RecordStore
from tests.demo.conftest import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.kinds.base import Record
    from reviewtui.workspace.record_set import Records


@pytest.fixture(scope="module")
def records(demo_root: Path) -> Records:
    return RecordStore(demo_root).load()


def every(records: Records) -> list[Record]:
    return [record for kind in ALL_KINDS for record in records.of(kind)]


def test_nothing_is_wrong_with_them(records: Records) -> None:
    assert records.problems == ()
    assert len(every(records)) > 20
    assert {dive.state for dive in records.of(DIVES)} == set(DIVE_STATES) - {"dropped"}


def test_they_are_written_as_the_program_writes_them(records: Records, demo_root: Path) -> None:
    for record in every(records):
        fields = kind_of(record).fields
        values = {field.name: plain(getattr(record, field.name)) for field in fields}
        text = new_text(fields, stored_values(fields, told_values(fields, values), by_sentence=True))
        if "/events/" not in record.file.path:
            assert (demo_root / record.file.path).read_text("utf-8") == text


def test_the_words_of_a_file_name_are_those_of_the_record(records: Records) -> None:
    named = [(dive.file, dive.question) for dive in records.of(DIVES)]
    named += [(interview.file, interview.topic) for interview in records.of(INTERVIEWS)]
    for file, words in named:
        assert file.path.endswith(f"-{slug(words)}.toml")


def test_what_they_refer_to_is_there(records: Records) -> None:
    metrics = {metric.id for metric in load_catalogue()}
    refs = [todo.origin for todo in records.of(TODOS)]
    refs += [evidence.ref for dive in records.of(DIVES) for evidence in dive.evidence]
    for ref in refs:
        cell = cell_of(ref.removeprefix("cell:"))
        if cell is not None:
            assert cell[0] in metrics
            continue
        record_id, quote = ref_parts(ref)
        found = records.by_id(record_id)
        assert found is not None, ref
        assert not quote or (isinstance(found, Interview) and quote in {item.id for item in found.quotes})


def test_the_people_in_them_are_of_the_team(records: Records) -> None:
    team = {person.handle for person in records.of(PEOPLE)}
    assert {todo.owner for todo in records.of(TODOS)} <= team
    assert {interview.interviewer for interview in records.of(INTERVIEWS)} <= team


@pytest.mark.parametrize(("seed", "scale"), [(1, 1.0), (9, 1.0), (18, 0.3), (28, 0.1)])
def test_the_companies_in_them_paid_for_the_product_before(tmp_path: Path, seed: int, scale: float) -> None:
    root = make_demo(tmp_path / "demo", AS_OF, seed=seed, scale=scale)
    interviews = RecordStore(root).load().of(INTERVIEWS)
    assert len(interviews) == 5
    with duckdb.connect(str(root / DATABASE), read_only=True) as connection:
        for interview in interviews:
            (product,) = interview.products
            (found,) = connection.execute(
                "select min(period_start) from invoice_line join customer using (customer_id)"
                " where name = $1 and product_id = $2",
                [interview.company, product],
            ).fetchall()
            assert found[0] is not None, interview.company
            assert found[0] <= interview.held_on


@pytest.mark.parametrize("seed", [28, 29, 31, 96, 140, 156, 218, 295])
def test_every_seed_makes_a_company(seed: int) -> None:
    assert BillingSimulation(load_setting(Timeline(AS_OF), seed, 1.0), load_names()).run().subscriptions


def test_what_a_run_left_unfinished_another_month_is_not_kept(tmp_path: Path) -> None:
    earlier = AS_OF - timedelta(days=30)
    make_demo(tmp_path, earlier, scale=0.1)
    (tmp_path / WORKSPACE_FILE).unlink()
    (tmp_path / UNFINISHED_MARK).write_text(f"unfinished\n{earlier}\n")
    make_demo(tmp_path, AS_OF, scale=0.1)
    assert len(RecordStore(tmp_path).load().of(INTERVIEWS)) == 5


def test_nothing_is_dated_after_the_day_of_the_demo(records: Records) -> None:
    for record in every(records):
        for name in ("held_on", "said_on", "created_on", "proposed_on"):
            day = getattr(record, name, None)
            assert day is None or day < AS_OF
