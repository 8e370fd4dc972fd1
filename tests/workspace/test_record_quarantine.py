"""A file that cannot be used is set aside with its place, never rewritten, and everything else works."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.store import RecordStore
from tests.workspace.hostile import HOSTILE, PATHS
from tests.workspace.record_samples import DAY, REVIEW, Reviews

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.errors import Problem

GOOD = 'schema = 1\ntitle = "x"\ncreated_on = 2026-04-17\n'
PLACE = "products/replay/todos/t-260417-9xw2-x.toml"


@pytest.fixture
def reviews(tmp_path: Path) -> Reviews:
    """A workspace with one good to-do."""
    reviews = Reviews(tmp_path / "reviews")
    reviews.todo()
    return reviews


def problem(reviews: Reviews) -> Problem:
    """The only problem; the good to-do is there."""
    records = reviews.reload()
    (found,) = records.problems
    assert "Ask billing" in [todo.title for todo in records.of(TODOS)]
    return found


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GOOD + 'owner = "a\n', 4, "not valid TOML"),
        (GOOD + "<<<<<<< HEAD\nowner = 'a'\n=======\nowner = 'b'\n>>>>>>> main\n", 4, "conflict markers"),
        (GOOD + 'note = """\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n"""\n', 5, "conflict markers"),
        (GOOD + "title = 'y'\n", 4, "not valid TOML"),
        (GOOD + f"a = {'[' * 3000}{']' * 3000}\n", None, "nested too deeply"),
        (GOOD + f"a = {'9' * 5000}\n", 4, "out of range"),
        ("", None, "no record in it"),
        ("\n \n", None, "no record in it"),
    ],
)
def test_a_damaged_file_is_named_with_its_line_and_left_alone(
    reviews: Reviews, text: str, line: int | None, words: str
) -> None:
    place = reviews.write(PLACE, text)
    before = place.read_bytes()
    found = problem(reviews)
    assert found.path == PLACE
    assert words in found.message
    if line is not None:
        assert found.line == line
    assert [file.label for file in reviews.reload().damaged] == [PLACE]
    reviews.mine.load()
    reviews.todo(title="another")
    assert place.read_bytes() == before


def test_bytes_that_are_no_utf8_are_damage(reviews: Reviews) -> None:
    reviews.write(PLACE, "").write_bytes(GOOD.encode() + b'owner = "\xff"\n')
    assert (problem(reviews).line, "not UTF-8" in problem(reviews).message) == (4, True)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('title = "x"\n', None, "`created_on` is missing"),
        ('title = "x"\ncreated_on = "yesterday"\n', 2, "a day written as"),
        (GOOD + "due = 5\n", 4, "`due` is a text"),
        (GOOD + 'due = "2026-13"\n', 4, "a month written as"),
        (GOOD + 'stat = "open"\n', 4, "Did you mean `state`?"),
        (GOOD + '[[carried]]\nid = "a"\nreview = "x"\n', 6, "a month written as"),
    ],
)
def test_what_a_record_cannot_use_is_named_with_its_line(
    reviews: Reviews, text: str, line: int | None, words: str
) -> None:
    reviews.write(PLACE, text)
    problems = reviews.reload().problems
    assert any(words in found.message and line in (None, found.line) for found in problems)
    assert {found.path for found in problems} == {PLACE}


def test_a_save_into_a_damaged_file_is_refused(reviews: Reviews) -> None:
    (todo,) = reviews.mine.load().of(TODOS)
    reviews.path(todo).write_text("<<<<<<< a\n=======\n>>>>>>> b\n")
    with pytest.raises(ReviewError, match="conflict markers"):
        reviews.mine.save(todo, {"owner": "bo"})
    assert reviews.text(todo) == "<<<<<<< a\n=======\n>>>>>>> b\n"


def test_a_file_of_a_newer_schema_is_shown_and_not_changed(reviews: Reviews) -> None:
    place = reviews.write(PLACE, GOOD.replace("schema = 1", "schema = 2"))
    assert "schema 2, newer" in problem(reviews).message
    (todo,) = (todo for todo in reviews.mine.load().of(TODOS) if todo.title == "x")
    assert not todo.file.editable
    with pytest.raises(ReviewError, match="schema 2, newer"):
        reviews.mine.save(todo, {"owner": "bo"})
    assert place.read_text() == GOOD.replace("schema = 1", "schema = 2")


def test_a_file_without_a_records_name_is_told_and_not_used(reviews: Reviews) -> None:
    reviews.write("products/replay/todos/notes.toml", GOOD)
    assert "`t-260417-9xw2`" in problem(reviews).message


def test_files_of_others_in_the_same_folders_are_nobodys_business(reviews: Reviews) -> None:
    for name in ("snapshot.toml", "notes.md", ".hidden.toml", ".reviewtui-0a1b2c3d.tmp"):
        reviews.write(f"products/replay/reviews/2026-03/{name}", "x")
    assert reviews.reload().problems == ()


class TestLinks:
    def test_to_a_file_outside_are_not_followed(self, reviews: Reviews, tmp_path: Path) -> None:
        outside = tmp_path / "outside.toml"
        outside.write_text(GOOD)
        (reviews.root / PLACE).symlink_to(outside)
        assert "leads out of the workspace" in problem(reviews).message

    def test_to_a_folder_outside_are_neither_read_nor_written(self, reviews: Reviews, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (reviews.root / "products/replay/reviews").symlink_to(tmp_path / "outside")
        with pytest.raises(ReviewError, match="leads out of the workspace"):
            reviews.comment()
        assert list((tmp_path / "outside").iterdir()) == []
        assert "leads out of the workspace" in problem(reviews).message

    def test_put_there_after_reading_are_not_written_through(self, reviews: Reviews, tmp_path: Path) -> None:
        (todo,) = reviews.mine.load().of(TODOS)
        outside = tmp_path / "outside.toml"
        outside.write_text(reviews.text(todo))
        reviews.path(todo).unlink()
        reviews.path(todo).symlink_to(outside)
        with pytest.raises(ReviewError, match="leads out of the workspace"):
            reviews.mine.save(todo, {"owner": "bo"})
        assert "bo" not in outside.read_text()

    def test_inside_are_followed_and_stay(self, reviews: Reviews) -> None:
        (todo,) = reviews.mine.load().of(TODOS)
        kept = reviews.root / "kept.toml"
        reviews.path(todo).rename(kept)
        reviews.path(todo).symlink_to(kept)
        (todo,) = reviews.mine.load().of(TODOS)
        reviews.mine.save(todo, {"owner": "bo"})
        assert reviews.path(todo).is_symlink()
        assert 'owner = "bo"' in kept.read_text()


def test_a_folder_and_a_pipe_in_place_of_a_record_are_problems(reviews: Reviews) -> None:
    (reviews.root / PLACE).mkdir(parents=True)
    os.mkfifo(reviews.root / PLACE.replace("9xw2", "9xw3"))
    assert len(reviews.reload().problems) == 2


@pytest.mark.parametrize("name", PATHS)
def test_no_text_becomes_a_path_outside(reviews: Reviews, name: str) -> None:
    before = set(reviews.root.parent.iterdir())
    hostile = PATHS[name]
    values = {"title": hostile or "x", "created_on": DAY, "owner": hostile, "origin": hostile}
    todo = reviews.mine.create(TODOS, hostile if hostile.strip() else "x", values, DAY)
    comment = reviews.mine.create(
        COMMENTS, "replay", {"metric": hostile, "said_on": DAY, "text": hostile or "x"}, DAY, review=REVIEW
    )
    assert set(reviews.root.parent.iterdir()) == before
    for record in (todo, comment):
        place = reviews.root / record.file.path
        assert place.resolve().is_relative_to(reviews.root.resolve())
        assert len(place.name.encode()) <= 100
    assert not [path for path in reviews.root.rglob("*") if path.name.startswith("-")]


def test_every_hostile_string_survives_in_every_field(tmp_path: Path) -> None:
    """Each string is the value of three fields, in a new record and in changed ones; six of them in a record."""
    reviews = Reviews(tmp_path / "reviews")
    texts = [text for text in HOSTILE.values() if text.strip()]
    fields = ("title", "owner", "origin", "note", "evidence", "reason")
    for start in range(0, len(texts), len(fields)):
        chosen = (texts[start:] + texts)[: len(fields)]
        todo = reviews.mine.create(TODOS, "replay", {"created_on": DAY, **dict(zip(fields, chosen, strict=True))}, DAY)
        for shift in (1, 3):
            values = dict(zip(fields, chosen[shift:] + chosen[:shift], strict=True))
            todo = reviews.mine.save(todo, values).record
            stored = {name: getattr(todo, name) for name in fields}
            assert stored == {name: as_stored(text, name) for name, text in values.items()}
        assert reviews.mine.load().by_id(todo.id) == todo
    assert reviews.reload().problems == ()


def as_stored(text: str, name: str) -> str:
    """A text with line ends as LF, half characters as U+FFFD and, as prose, without line ends at its end."""
    lines = "\n".join("\n".join(text.split("\r\n")).split("\r"))
    whole = "".join("\ufffd" if 0xD800 <= ord(letter) <= 0xDFFF else letter for letter in lines)
    return whole.rstrip("\n") if name in ("note", "evidence", "reason") else whole


def test_a_workspace_without_anything_has_no_records(tmp_path: Path) -> None:
    records = RecordStore(tmp_path).load()
    assert (len(records), records.problems, records.conflicts, records.damaged) == (0, (), (), ())
