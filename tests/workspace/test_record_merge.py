"""What two people changed in the same record is brought together; what both changed is told."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewtui.errors import ReviewError
from reviewtui.months import Month
from reviewtui.workspace.atomic import atomic_write
from reviewtui.workspace.kinds.todos import TODOS, Carry
from reviewtui.workspace.merge import Clash, merge_fields, merge_lines
from tests.workspace.record_samples import Reviews

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.kinds.todos import Todo
    from reviewtui.workspace.store import RecordStore


@pytest.fixture
def reviews(tmp_path: Path) -> Reviews:
    """An empty workspace."""
    return Reviews(tmp_path / "reviews")


def merged(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[dict[str, Any], list[Clash]]:
    """The values and clashes of a to-do's three versions."""
    result = merge_fields(base, mine, theirs, TODOS.fields)
    return result.values, list(result.clashes)


class TestValues:
    def test_of_one_side_win(self) -> None:
        assert merged({"owner": "a"}, {"owner": "b"}, {"owner": "a"}) == ({"owner": "b"}, [])
        assert merged({"owner": "a"}, {"owner": "a"}, {"owner": "c"}) == ({"owner": "c"}, [])
        assert merged({"owner": "a"}, {"owner": "b"}, {"owner": "b"}) == ({"owner": "b"}, [])

    def test_of_both_sides_clash_and_theirs_stays(self) -> None:
        clash = Clash(("owner",), "a", "b", "c")
        assert merged({"owner": "a"}, {"owner": "b"}, {"owner": "c"}) == ({"owner": "c"}, [clash])

    def test_that_one_removed_and_the_other_changed_clash(self) -> None:
        assert merged({"owner": "a"}, {}, {"owner": "c"}) == ({"owner": "c"}, [Clash(("owner",), "a", None, "c")])
        assert merged({"owner": "a"}, {"owner": "b"}, {}) == ({}, [Clash(("owner",), "a", "b", None)])

    def test_of_keys_that_nobody_knows_are_kept(self) -> None:
        assert merged({}, {"mood": 1}, {"other": [1]}) == ({"other": [1], "mood": 1}, [])

    def test_that_are_empty_say_the_same_as_none(self) -> None:
        assert merged({"owner": ""}, {}, {"owner": "c"}) == ({"owner": "c"}, [])


class TestSets:
    def test_take_additions_and_removals_of_both(self) -> None:
        base, mine, theirs = ({"links": links} for links in (["a", "b", "c"], ["b", "c", "d"], ["a", "b", "e"]))
        assert merged(base, mine, theirs) == ({"links": ["b", "d", "e"]}, [])


class TestRows:
    def test_of_both_are_kept_and_merged_by_id(self) -> None:
        base = {"carried": [{"id": "a", "review": "2026-04", "reason": "x"}]}
        mine = {"carried": [{"id": "a", "review": "2026-05", "reason": "x"}, {"id": "m", "review": "2026-06"}]}
        theirs = {"carried": [{"id": "a", "review": "2026-04", "reason": "y"}, {"id": "t", "review": "2026-06"}]}
        rows = [
            {"id": "a", "review": "2026-05", "reason": "y"},
            {"id": "t", "review": "2026-06"},
            {"id": "m", "review": "2026-06"},
        ]
        assert merged(base, mine, theirs) == ({"carried": rows}, [])

    def test_clash_in_one_key_only(self) -> None:
        base, mine, theirs = ({"carried": [{"id": "a", "reason": reason, "review": "2026-04"}]} for reason in "xyz")
        values, clashes = merged(base, mine, theirs)
        assert clashes == [Clash(("carried", "a", "reason"), "x", "y", "z")]
        assert values == theirs

    def test_that_one_removed_stay_where_the_other_changed_them(self) -> None:
        base = {"carried": [{"id": "a", "review": "2026-04"}, {"id": "b", "review": "2026-04"}]}
        theirs = {"carried": [{"id": "a", "review": "2026-09"}, {"id": "b", "review": "2026-04"}]}
        assert merged(base, {"carried": []}, theirs) == ({"carried": [{"id": "a", "review": "2026-09"}]}, [])

    def test_without_ids_are_one_value(self) -> None:
        base, mine, theirs = ({"carried": [{"review": month}]} for month in ("2026-04", "2026-05", "2026-06"))
        assert merged(base, mine, theirs)[1] == [
            Clash(("carried",), base["carried"], mine["carried"], theirs["carried"])
        ]


class TestProse:
    BASE = "one\ntwo\nthree\nfour\nfive\n"

    def test_takes_changes_of_different_lines(self) -> None:
        mine, theirs = "ONE\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfive\nsix\n"
        values, clashes = merged({"note": self.BASE}, {"note": mine}, {"note": theirs})
        assert (values, clashes) == ({"note": "ONE\ntwo\nthree\nfive\nsix\n"}, [])

    @pytest.mark.parametrize("theirs", ["one\n2\nthree\nfour\nfive\n", "one\ntwo\n3\nfour\nfive\n"])
    def test_of_the_same_or_the_next_line_clashes(self, theirs: str) -> None:
        mine = "one\nTWO\nthree\nfour\nfive\n"
        clash = Clash(("note",), self.BASE, mine, theirs)
        assert merged({"note": self.BASE}, {"note": mine}, {"note": theirs}) == ({"note": theirs}, [clash])

    def test_takes_the_same_change_of_both_once(self) -> None:
        assert merge_lines(["a\n", "b\n"], ["a\n", "x\n", "b\n"], ["a\n", "x\n", "b\n"]) == ["a\n", "x\n", "b\n"]

    @given(
        st.lists(st.sampled_from("abcd"), max_size=8),
        st.lists(st.sampled_from("abcd"), max_size=8),
        st.lists(st.sampled_from("abcd"), max_size=8),
    )
    @settings(max_examples=300)
    def test_never_loses_a_change_of_one_side(self, base: list[str], mine: list[str], theirs: list[str]) -> None:
        assert merge_lines(base, mine, base) == mine
        assert merge_lines(base, base, theirs) == theirs
        both, other_way = merge_lines(base, mine, theirs), merge_lines(base, theirs, mine)
        assert both == other_way
        if both is not None:
            assert not {*mine, *theirs} - {*base} - {*both}


class TestSaves:
    def test_of_different_fields_are_merged(self, reviews: Reviews) -> None:
        mine, theirs = reviews.both()
        reviews.theirs.save(theirs, {"owner": "bo", "note": theirs.note.replace("Ask Ada", "Ask Cy")})
        saved = reviews.mine.save(mine, {"due": Month(2026, 6), "note": mine.note.replace("close it", "file it")})
        assert (saved.merged, saved.conflict) == (True, None)
        assert (saved.record.owner, saved.record.due) == ("bo", Month(2026, 6))
        assert saved.record.note == "Ask Cy.\nThen ask Bo.\nThen write it down.\nThen file it."

    def test_both_keep_what_they_carried(self, reviews: Reviews) -> None:
        mine, theirs = reviews.both()
        reviews.theirs.save(theirs, {"carried": (Carry(id="t", review=Month(2026, 5)),)})
        saved = reviews.mine.save(mine, {"carried": (Carry(id="m", review=Month(2026, 5)),)})
        assert [row.id for row in saved.record.carried] == ["t", "m"]

    def test_do_not_clash_over_the_form_that_an_editor_chose(self, reviews: Reviews) -> None:
        path = "products/replay/todos/t-260417-9xw2.toml"
        reviews.write(path, "title = 'x'\ncreated_on = 2026-04-17\nnote = 'old'\nlinks = ['b', 'a']\n")
        (todo,) = reviews.mine.load().of(TODOS)
        reviews.write(path, "title = 'x'\ncreated_on = 2026-04-17\nowner = 'bo'\nnote = 'old'\nlinks = ['b', 'a']\n")
        saved = reviews.mine.save(todo, {"note": "new", "state": "done", "links": ("a", "c")})
        assert saved.conflict is None
        assert (saved.record.owner, saved.record.note, saved.record.links) == ("bo", "new", ("a", "c"))

    def test_of_a_value_that_was_at_its_default_on_both_sides_merge(self, reviews: Reviews) -> None:
        path = "products/replay/todos/t-260417-9xw2.toml"
        reviews.write(path, "title = 'x'\ncreated_on = 2026-04-17\n")
        (todo,) = reviews.mine.load().of(TODOS)
        reviews.write(path, "title = 'x'\ncreated_on = 2026-04-17\nstate = 'open'\n")
        assert reviews.mine.save(todo, {"state": "done"}).record.state == "done"

    @pytest.mark.parametrize("seed", range(50))
    def test_in_any_order_lose_no_text(self, reviews: Reviews, seed: int) -> None:
        """Fifty random interleavings of two people who save what they have read."""
        chance = random.Random(seed)
        held: dict[RecordStore, Todo] = dict(zip((reviews.mine, reviews.theirs), reviews.both(), strict=True))
        said = []
        for number in range(8):
            store = chance.choice(list(held))
            if chance.random() < 0.3:
                (held[store],) = store.load().of(TODOS)
            said.append(f"text {number} of {seed}")
            field = chance.choice(["note", "evidence", "reason", "owner"])
            held[store] = store.save(held[store], {field: said[-1]}).record
        on_disk = "".join(path.read_text() for path in reviews.root.rglob("t-*"))
        earlier = {found.note for found in held.values()}
        assert said[-1] in on_disk
        assert earlier
        assert reviews.reload().problems == ()


def test_a_save_begins_anew_where_a_program_without_locks_writes_in_between(
    reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reviewtui.workspace import store

    todo = reviews.todo()
    written: list[Path] = []

    def write_after_somebody_else(path: Path, text: bytes, **options: Any) -> None:
        if not written:
            written.append(path)
            path.write_text(path.read_text().replace('owner = "ana"', 'owner = "bo"'))
        atomic_write(path, text, **options)

    monkeypatch.setattr(store, "atomic_write", write_after_somebody_else)
    saved = reviews.mine.save(todo, {"due": Month(2026, 9)})
    assert (saved.record.owner, saved.record.due, saved.merged) == ("bo", Month(2026, 9), True)


def test_a_save_ends_where_a_program_keeps_writing(reviews: Reviews, monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewtui.workspace import store

    todo = reviews.todo()

    def write_after_somebody_else(path: Path, text: bytes, **options: Any) -> None:
        path.write_text(path.read_text() + "# again\n")
        atomic_write(path, text, **options)

    monkeypatch.setattr(store, "atomic_write", write_after_somebody_else)
    with pytest.raises(ReviewError, match="keeps writing"):
        reviews.mine.save(todo, {"due": Month(2026, 9)})
    assert list(reviews.path(todo).parent.iterdir()) == [reviews.path(todo)]
