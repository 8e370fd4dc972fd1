"""What the people of the demo company have written leads somewhere and is as the program writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.insights.links import cell_of, ref_parts
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.workspace.kinds.base import plain
from reviewtui.workspace.kinds.dives import DIVE_STATES, DIVES
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Interview
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.registry import ALL_KINDS, kind_of
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.record_text import new_text, stored_values, told_values
from reviewtui.workspace.records import slug
from reviewtui.workspace.store import RecordStore
from tests.demo.conftest import AS_OF, Query

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


def test_the_companies_in_them_are_customers_who_pay_for_the_product(records: Records, query: Query) -> None:
    for interview in records.of(INTERVIEWS):
        (product,) = interview.products
        found = query(
            "select count(*) from invoice_line join customer using (customer_id) where name = $1 and product_id = $2",
            interview.company, product,
        )  # fmt: skip
        assert found > [(0,)], interview.company


def test_nothing_is_dated_after_the_day_of_the_demo(records: Records) -> None:
    for record in every(records):
        for name in ("held_on", "said_on", "created_on", "proposed_on"):
            day = getattr(record, name, None)
            assert day is None or day < AS_OF
