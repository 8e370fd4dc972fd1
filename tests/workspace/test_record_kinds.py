"""What holds for every type of record."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reviewtui.months import Month
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, plain
from reviewtui.workspace.kinds.documentation import example
from reviewtui.workspace.kinds.registry import ALL_KINDS, kind_at, kind_named, kind_of, place_of
from reviewtui.workspace.kinds.todos import TODOS, Carry, Todo
from reviewtui.workspace.record_text import new_text
from reviewtui.workspace.store import RecordStore

AnyKind = RecordKind[Record]


def names(kind: AnyKind) -> str:
    """How a test is called."""
    return kind.name


def test_names_and_letters_are_different() -> None:
    assert len({kind.name for kind in ALL_KINDS}) == len(ALL_KINDS)
    letters = [kind.letter for kind in ALL_KINDS if kind.letter]
    assert len(set(letters)) == len(letters)
    assert all(kind_named(kind.name) is kind for kind in ALL_KINDS)


@pytest.mark.parametrize("kind", ALL_KINDS, ids=names)
class TestKind:
    def test_has_a_place_that_leads_back_to_it(self, kind: AnyKind) -> None:
        parts = dict.fromkeys(("goal", "quarter", "handle", "name", "person", "topic"), "a1")
        parts |= {
            "product": "replay",
            "review": "2026-10",
            "year": "2026",
            "id": f"{kind.letter}-261003-9xw2-some-name",
        }
        path = kind.place.format(**parts)
        place = place_of(path)
        assert place is not None
        assert place.usual
        assert kind_at(path) is kind
        assert place.slug == ("replay" if "{product}" in kind.place else "")
        assert place.id == f"{kind.letter}-261003-9xw2" or not kind.letter

    def test_says_what_every_key_means(self, kind: AnyKind) -> None:
        for item in kind.fields:
            for field in (item, *item.columns):
                assert field.says.endswith((".", ")")), field.name
                assert field.says[0].isupper() or field.says.split(",")[0].islower(), field.name

    def test_has_an_example_in_the_guide_that_reads_without_a_complaint(self, kind: AnyKind, tmp_path: Path) -> None:
        parts = dict.fromkeys(("quarter", "handle"), "a1") | {"product": "replay", "review": "2026-10", "year": "2026"}
        path = tmp_path / kind.place.format(**parts, id=f"{kind.letter}-261003-9xw2-some-name")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example(kind))
        records = RecordStore(tmp_path).load()
        assert records.problems == ()
        assert len(records.of(kind)) == 1
        assert example(kind) in Path("docs/records.md").read_text("utf-8")

    def test_has_defaults_that_its_own_checks_take(self, kind: AnyKind) -> None:
        text = new_text(kind.fields, {})
        assert text.startswith("schema = 1\n")

    def test_never_writes_two_keys_that_change_on_lines_beside_each_other(self, kind: AnyKind) -> None:
        changing = {item.name for item in kind.fields if item.changes}
        lines = new_text(kind.fields, {}).splitlines()
        for one, other in itertools.pairwise(lines):
            assert not {one.partition(" = ")[0], other.partition(" = ")[0]} <= changing

    def test_has_rows_that_are_known_by_an_id(self, kind: AnyKind) -> None:
        for item in kind.fields:
            if item.shape is Shape.ROWS:
                assert "id" in [column.name for column in item.columns]


def test_the_kind_of_a_record_is_found() -> None:
    todo = Todo(id="t-260417-9xw2", title="x", created_on=date(2026, 4, 17))
    assert kind_of(todo) is TODOS


@pytest.mark.parametrize(
    "path",
    [
        "products/replay/todos/x-260417-9xw2.toml",
        "products/replay/todos/t-260417-9xw2.txt",
        "products/replay/todos/deep/t-260417-9xw2.toml",
        "products/replay/reviews/2026-13/c-260417-9xw2.toml",
        "products/../todos/t-260417-9xw2.toml",
        "t-260417-9xw2.toml",
    ],
)
def test_no_record_belongs_elsewhere(path: str) -> None:
    assert place_of(path) is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Month(2026, 4), "2026-04"),
        (("b", "a"), ["b", "a"]),
        (date(2026, 4, 17), date(2026, 4, 17)),
        ((Carry(id="a", review=Month(2026, 4)),), [{"id": "a", "review": "2026-04"}]),
        (None, None),
        (True, True),
    ],
)
def test_values_become_toml(value: Any, written: Any) -> None:
    assert plain(value) == written


def test_other_values_are_a_mistake() -> None:
    with pytest.raises(TypeError):
        plain(object())
