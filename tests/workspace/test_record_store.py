"""Records are created, changed, removed and read again; nothing else in their files moves."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.months import Month
from reviewtui.workspace import atomic
from reviewtui.workspace.kinds.comments import COMMENTS, Comment
from reviewtui.workspace.kinds.events import EVENTS
from reviewtui.workspace.kinds.explanations import EXPLANATIONS
from reviewtui.workspace.kinds.todos import TODOS, Carry, Todo
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.store import RecordStore
from tests.workspace.faulty_os import FaultyOs
from tests.workspace.record_samples import DAY, NOTE, REVIEW, Reviews

if TYPE_CHECKING:
    from pathlib import Path

NEW_TODO = '''\
schema = 1
title = "Ask billing"
created_on = 2026-04-17
owner = "ana"

due = "2026-05"

state = "open"

blocked_on = ""
links = [
    "https://a.example",
    "https://b.example",
]
evidence = ""

reason = ""

done_when = ""

note = """
Ask Ada.
Then ask Bo.
"""

[[carried]]
id = "k7qm2a"
review = "2026-04"
reason = "No time."
'''


@pytest.fixture
def reviews(tmp_path: Path) -> Reviews:
    """An empty workspace."""
    return Reviews(tmp_path / "reviews")


class TestNewRecord:
    def test_has_the_canonical_text(self, reviews: Reviews) -> None:
        todo = reviews.todo(
            note="Ask Ada. Then ask Bo.",
            links=("https://b.example", "https://a.example", "https://a.example"),
            carried=(Carry(id="k7qm2a", review=Month(2026, 4), reason="No time."),),
        )
        assert reviews.text(todo) == NEW_TODO

    def test_lies_where_its_kind_says_under_its_id_and_name(self, reviews: Reviews) -> None:
        comment, todo = reviews.comment(), reviews.todo()
        assert comment.file.path == f"products/replay/reviews/2026-03/{comment.id}-mrr.toml"
        assert todo.file.path == f"products/replay/todos/{todo.id}-ask-billing.toml"
        assert comment.id.startswith("c-260417-")

    def test_reads_back_as_it_was_written(self, reviews: Reviews) -> None:
        comment = reviews.comment()
        assert reviews.reload().by_id(comment.id) == comment
        assert (comment.review, comment.month, comment.said_on) == (REVIEW, REVIEW, DAY)

    def test_makes_the_product_file_once(self, reviews: Reviews) -> None:
        reviews.mine.create(TODOS, "Session/Replay ∆", {"title": "a", "created_on": DAY}, DAY)
        reviews.mine.create(TODOS, "Session/Replay ∆", {"title": "b", "created_on": DAY}, DAY)
        (folder,) = (reviews.root / "products").iterdir()
        assert folder.name == "session-replay"
        assert 'product_id = "Session/Replay ∆"' in (folder / "product.toml").read_text()
        assert {todo.product for todo in reviews.reload().of(TODOS)} == {"Session/Replay ∆"}

    def test_of_all_products_lies_in_their_folder(self, reviews: Reviews) -> None:
        todo = reviews.mine.create(TODOS, "*", {"title": "a", "created_on": DAY}, DAY)
        assert todo.file.path.startswith("products/_all/todos/")
        assert reviews.reload().of_product(TODOS, "*") == (todo,)

    def test_that_lacks_something_is_refused_and_leaves_nothing(self, reviews: Reviews) -> None:
        with pytest.raises(ReviewError, match="`text` is missing"):
            reviews.comment(text=" ")
        with pytest.raises(ReviewError, match="not one of: question"):
            reviews.comment(kind="rumour")
        assert reviews.reload().of(COMMENTS) == ()
        assert not list(reviews.root.rglob("c-*"))

    def test_takes_another_id_where_one_is_taken(self, reviews: Reviews) -> None:
        """Two stores with the same chance."""
        first = reviews.todo()
        again = RecordStore(reviews.root, random=__import__("random").Random(1))
        second = again.create(TODOS, "replay", {"title": "b", "created_on": DAY}, DAY)
        assert second.id != first.id

    def test_has_one_sentence_a_line_but_keeps_code_lists_and_tables(self, reviews: Reviews) -> None:
        text = "It fell. Why? Ask Dr. No.\n- One. Two.\n```\nA. B.\n```\n| A. B. |\n    Code. Here."
        todo = reviews.todo(note=text)
        assert todo.note == "It fell.\nWhy?\nAsk Dr.\nNo.\n- One. Two.\n```\nA. B.\n```\n| A. B. |\n    Code. Here."


class TestSave:
    def test_changes_one_line_and_keeps_comments_order_and_unknown_keys(self, reviews: Reviews) -> None:
        todo = reviews.todo()
        by_hand = reviews.text(todo).replace('owner = "ana"', 'mood = 3  # mine\n# who\nowner = "ana" # for now')
        reviews.path(todo).write_text(by_hand)
        (todo,) = reviews.mine.load().of(TODOS)
        reviews.mine.save(todo, {"owner": "bo"})
        assert reviews.text(todo) == by_hand.replace('"ana" # for now', '"bo" # for now')

    def test_of_nothing_new_writes_nothing(self, reviews: Reviews, monkeypatch: pytest.MonkeyPatch) -> None:
        todo = reviews.todo(links=("b", "a"))
        recorder = FaultyOs()
        monkeypatch.setattr(atomic, "os", recorder)
        saved = reviews.mine.save(todo, {"owner": "ana", "note": NOTE, "links": ("a", "b"), "due": Month(2026, 5)})
        assert "replace" not in recorder.names
        assert (saved.record, saved.merged, saved.conflict) == (todo, False, None)

    def test_adds_a_key_after_the_one_before_it_in_the_schema(self, reviews: Reviews) -> None:
        path = "products/replay/todos/t-260417-9xw2.toml"
        reviews.write(
            path, 'schema = 1\ntitle = "x"\ncreated_on = 2026-04-17\n# the rest\nmood = 3\n\n[extra]\na = 1\n'
        )
        (todo,) = reviews.mine.load().of(TODOS)
        reviews.mine.save(todo, {"owner": "bo", "note": "Hello."})
        assert (reviews.root / path).read_text() == (
            'schema = 1\ntitle = "x"\ncreated_on = 2026-04-17\nowner = "bo"\nnote = """\nHello.\n"""\n'
            "# the rest\nmood = 3\n\n[extra]\na = 1\n"
        )

    def test_of_nothing_clears_a_field(self, reviews: Reviews) -> None:
        todo = reviews.todo(links=("a",), origin="c-260417-9xw2")
        record = reviews.mine.save(todo, {"owner": "", "due": None, "links": (), "origin": "", "note": "  "}).record
        assert (record.owner, record.due, record.links, record.origin, record.note) == ("", None, (), "", "")
        assert 'owner = ""\n' in reviews.text(todo)
        assert "origin" not in reviews.text(todo)

    def test_of_a_needed_field_left_empty_is_refused(self, reviews: Reviews) -> None:
        comment = reviews.comment()
        before = reviews.text(comment)
        with pytest.raises(ReviewError, match="`text` is missing"):
            reviews.mine.save(comment, {"text": ""})
        assert reviews.text(comment) == before

    def test_keeps_a_text_as_typed_without_reflow(self, reviews: Reviews) -> None:
        comment = reviews.comment()
        record = reviews.mine.save(comment, {"text": "One. Two.\r\nThree."}).record
        assert record.text == "One. Two.\nThree."

    def test_edits_rows_by_their_id(self, reviews: Reviews) -> None:
        rows = tuple(Carry(id=name, review=Month(2026, 4), reason=name) for name in ("a", "b", "c"))
        todo = reviews.todo(carried=rows)
        reviews.path(todo).write_text(reviews.text(todo).replace('id = "b"\n', '# second\nid = "b"\nmood = 3\n'))
        (todo,) = reviews.mine.load().of(TODOS)
        changed = (Carry(id="b", review=Month(2026, 5), reason="later"), Carry(id="d", review=Month(2026, 6)))
        record = reviews.mine.save(todo, {"carried": changed}).record
        assert record.carried == changed
        assert '[[carried]]\n# second\nid = "b"\nmood = 3\nreview = "2026-05"\nreason = "later"\n' in reviews.text(todo)
        assert reviews.mine.save(record, {"carried": ()}).record.carried == ()
        assert "carried" not in reviews.text(todo)

    def test_turns_rows_written_inline_into_tables(self, reviews: Reviews) -> None:
        path = "products/replay/todos/t-260417-9xw2.toml"
        inline = 'carried = [{ id = "a", review = "2026-04" }]'
        reviews.write(path, f'title = "x"\n{inline}\ncreated_on = 2026-04-17\n')
        (todo,) = reviews.mine.load().of(TODOS)
        record = reviews.mine.save(todo, {"carried": (Carry(id="b", review=Month(2026, 5)),)}).record
        assert [row.id for row in record.carried] == ["b"]
        assert (record.title, record.created_on) == ("x", DAY)

    def test_says_which_texts_had_half_characters(self, reviews: Reviews) -> None:
        saved = reviews.mine.save(reviews.comment(), {"text": "a\ud800b", "author": "bo"})
        assert saved.record.text == "a\ufffdb"
        assert saved.mended == ("text",)

    def test_of_a_file_that_went_away_puts_it_back_with_the_change(self, reviews: Reviews) -> None:
        todo = reviews.todo()
        reviews.path(todo).unlink()
        saved = reviews.mine.save(todo, {"owner": "bo"})
        assert (saved.record.owner, saved.record.note, saved.merged) == ("bo", NOTE, True)

    def test_of_a_file_that_was_moved_goes_to_where_it_is_now(self, reviews: Reviews) -> None:
        todo = reviews.todo()
        moved = reviews.path(todo).with_name(f"{todo.id}-another-name.toml")
        reviews.path(todo).rename(moved)
        saved = reviews.mine.save(todo, {"owner": "bo"})
        assert (saved.record.owner, reviews.path(saved.record)) == ("bo", moved)
        assert list(moved.parent.iterdir()) == [moved]

    def test_keeps_crlf_and_byte_order_mark_readable(self, reviews: Reviews) -> None:
        todo = reviews.todo()
        reviews.path(todo).write_bytes(b"\xef\xbb\xbf" + reviews.path(todo).read_bytes())
        (todo,) = reviews.mine.load().of(TODOS)
        assert reviews.mine.save(todo, {"owner": "bo"}).record.owner == "bo"
        assert reviews.path(todo).read_bytes().startswith(b"\xef\xbb\xbfschema")


class TestRemove:
    def test_removes_a_comment(self, reviews: Reviews) -> None:
        comment = reviews.comment()
        reviews.mine.remove(comment)
        assert not reviews.path(comment).exists()
        assert reviews.mine.load().of(COMMENTS) == ()

    def test_refuses_kinds_that_only_change_state(self, reviews: Reviews) -> None:
        with pytest.raises(ReviewError, match="not removed"):
            reviews.mine.remove(reviews.todo())

    def test_refuses_a_comment_that_was_changed_meanwhile(self, reviews: Reviews) -> None:
        comment = reviews.comment()
        reviews.path(comment).write_text(reviews.text(comment) + "# more\n")
        with pytest.raises(ReviewError, match="changed meanwhile"):
            reviews.mine.remove(comment)
        assert reviews.path(comment).exists()


class TestReload:
    def test_returns_the_same_value_while_nothing_changed(self, reviews: Reviews) -> None:
        reviews.todo()
        assert reviews.mine.load() is reviews.mine.load()

    def test_sees_what_an_editor_or_another_window_did(self, reviews: Reviews) -> None:
        mine, theirs = reviews.both()
        before = reviews.mine.load()
        reviews.theirs.save(theirs, {"owner": "bo"})
        after = reviews.mine.load()
        assert [todo.owner for todo in after.of(TODOS)] == ["bo"]
        assert after.stamp > before.stamp
        reviews.path(mine).unlink()
        assert reviews.mine.load().of(TODOS) == ()

    def test_sees_a_change_that_left_size_and_time_alone(self, reviews: Reviews) -> None:
        todo = reviews.todo()
        reviews.mine.load()
        before = reviews.path(todo).stat()
        text = reviews.text(todo).replace('owner = "ana"', 'owner = "bob"')
        reviews.path(todo).write_text(text)
        os.utime(reviews.path(todo), ns=(before.st_atime_ns, before.st_mtime_ns))
        assert [found.owner for found in reviews.mine.load().of(TODOS)] == ["bob"]

    def test_follows_the_id_of_a_product(self, reviews: Reviews) -> None:
        todo = reviews.todo()
        reviews.mine.load()
        reviews.write("products/replay/product.toml", 'product_id = "session replay"\n')
        assert [found.id for found in reviews.mine.load().of_product(TODOS, "session replay")] == [todo.id]

    def test_tells_once_of_each_change(self, reviews: Reviews) -> None:
        told: list[int] = []
        store = RecordStore(reviews.root, on_change=lambda records: told.append(len(records)))
        store.load()
        store.load()
        store.create(TODOS, "replay", {"title": "a", "created_on": DAY}, DAY)
        assert told == [0, 1]


class TestReadOnly:
    @pytest.mark.parametrize("why", ["asked", "newer"])
    def test_shows_everything_and_refuses_every_save(self, reviews: Reviews, why: str) -> None:
        comment = reviews.comment()
        if why == "newer":
            reviews.write("reviewtui.toml", "schema = 9\n")
        before = sorted(path.name for path in reviews.root.rglob("*"))
        store = RecordStore(reviews.root, read_only=why == "asked")
        assert store.load().of(COMMENTS) == (comment,)
        with pytest.raises(ReviewError, match="Nothing can be saved here"):
            store.save(comment, {"text": "x"})
        with pytest.raises(ReviewError, match="Nothing can be saved here"):
            store.create(TODOS, "replay", {"title": "a", "created_on": DAY}, DAY)
        with pytest.raises(ReviewError, match="Nothing can be saved here"):
            store.remove(comment)
        assert sorted(path.name for path in reviews.root.rglob("*")) == before

    def test_says_why(self, reviews: Reviews) -> None:
        assert "opened read-only" in RecordStore(reviews.root, read_only=True).load().read_only
        assert reviews.mine.load().read_only == ""
        reviews.write("reviewtui.toml", "schema = 9\n")
        assert "schema 9" in reviews.mine.load().read_only

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write in every folder")
    def test_a_folder_without_write_permission_is_read_only(self, reviews: Reviews) -> None:
        comment = reviews.comment()
        reviews.root.chmod(0o555)
        try:
            store = RecordStore(reviews.root)
            assert "cannot be written" in store.load().read_only
            with pytest.raises(ReviewError):
                store.save(comment, {"text": "x"})
        finally:
            reviews.root.chmod(0o755)


def test_the_records_of_a_product_and_of_an_id_are_found(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path / "reviews")
    comment, todo = reviews.comment(), reviews.todo()
    other = reviews.mine.create(TODOS, "flags", {"title": "a", "created_on": date(2026, 4, 1)}, date(2026, 4, 1))
    records = reviews.mine.load()
    assert records.of(TODOS) == (other, todo)
    assert records.of_product(TODOS, "replay") == (todo,)
    assert records.of(EXPLANATIONS) == ()
    assert records.by_id(comment.id) == comment
    assert records.by_id("c-000000-none") is None
    assert len(records) == 3
    assert isinstance(records.by_id(todo.id), Todo)
    assert isinstance(records.by_id(comment.id), Comment)


def test_an_event_written_by_hand_under_any_name_is_a_record(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path / "reviews")
    reviews.write("products/replay/events/beta.toml", 'month = "2026-04"\nkind = "launch"\nnote = "The beta."\n')
    event = reviews.mine.create(EVENTS, "replay", {"month": REVIEW, "kind": "price", "note": "Up."}, DAY)
    records = reviews.reload()
    assert [found.id for found in records.of(EVENTS)] == ["beta", event.id]
    assert event.file.path == f"products/replay/events/{event.id}-price.toml"
    assert reviews.mine.save(records.of(EVENTS)[0], {"note": "The first beta."}).record.kind == "launch"
    assert [known.note for known in load_workspace(reviews.root).events] == ["The first beta.", "Up."]
    assert load_workspace(reviews.root).events[1].kind == "price"
