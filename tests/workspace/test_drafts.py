"""The journal of drafts: on disk soon, found again, never mixed up, never lost by a full disk."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewtui.workspace import drafts
from reviewtui.workspace.draft_files import DamagedDraftError, Draft, DraftKey, draft_bytes, read_draft
from reviewtui.workspace.drafts import DraftJournal
from tests.workspace.hostile import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = DraftKey("comment", place="replay/mrr@2026-10")
OTHER = DraftKey("todo", "t-261101-9xw2")
PATIENCE_SECONDS = 20.0

# Every character there is, also lone surrogates.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
TEXTS = st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=4)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "BATCH_SECONDS", 0.01)
    monkeypatch.setattr(drafts, "RETRY_SECONDS", 0.05)


def journal_in(folder: Path) -> DraftJournal:
    """A journal with a clock that stands still."""
    return DraftJournal(folder / "drafts", now=lambda: NOON)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until `holds`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def files(folder: Path, ending: str = ".json") -> list[Path]:
    """The files of drafts."""
    return sorted((folder / "drafts").glob(f"*{ending}"))


def left_by_a_dead_run(folder: Path, key: DraftKey = KEY, text: str = "typed", *, heading: str = "") -> None:
    """A draft whose run has ended without a word."""
    journal = journal_in(folder)
    journal.note(key, {"text": text}, {"text": ""}, heading=heading)
    journal.close()
    journal._files.leave()


class TestTheFile:
    @given(values=TEXTS, base=TEXTS, heading=ANY_TEXT, kind=ANY_TEXT, place=ANY_TEXT, serial=st.integers(0, 10**9))
    @settings(max_examples=1000 if os.environ.get("REVIEWTUI_THOROUGH") else 200)
    def test_every_text_comes_back_as_it_was(
        self, values: dict[str, str], base: dict[str, str], heading: str, kind: str, place: str, serial: int
    ) -> None:
        draft = Draft(DraftKey(kind, "", place), values, base, NOON, heading=heading)
        assert read_draft(draft_bytes(draft, serial)) == (serial, draft)

    @pytest.mark.parametrize("name", HOSTILE)
    def test_the_corpus_comes_back_as_it_was(self, name: str) -> None:
        draft = Draft(KEY, {"text": HOSTILE[name]}, {}, NOON)
        assert read_draft(draft_bytes(draft, 1))[1] == draft

    def test_a_cut_file_is_noticed_wherever_it_is_cut(self) -> None:
        data = draft_bytes(Draft(KEY, {"text": "typed words"}, {"text": "old"}, NOON), 7)
        for length in range(len(data)):
            with pytest.raises(DamagedDraftError):
                read_draft(data[:length])

    @pytest.mark.parametrize(
        "change",
        [{"values": {"text": "typed"}}, {"values": {}}, {"characters": 0}, {"schema": 2}, {"values": 7}, {"base": [1]},
         {"noted_at": "noon"}, {"serial": "x"}, {"kind": None}],
    )  # fmt: skip
    def test_a_file_with_a_part_missing_is_noticed(self, change: dict[str, object]) -> None:
        data = json.loads(draft_bytes(Draft(KEY, {"text": "typed words"}, {}, NOON), 7))
        with pytest.raises(DamagedDraftError):
            read_draft(json.dumps(data | change).encode())

    @given(st.binary(max_size=80))
    def test_no_bytes_do_more_than_be_damaged(self, data: bytes) -> None:
        with pytest.raises(DamagedDraftError):
            read_draft(data)


class TestWriting:
    def test_what_is_typed_is_on_disk_without_anybody_asking(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "typed"}, {"text": "before"}, heading="New comment")
        eventually(lambda: len(files(tmp_path)) == 1)
        (path,) = files(tmp_path)
        assert path.stat().st_mode & 0o777 == 0o600
        _, draft = read_draft(path.read_bytes())
        assert draft == Draft(KEY, {"text": "typed"}, {"text": "before"}, NOON, heading="New comment")
        journal.close()

    def test_nothing_typed_means_nothing_on_disk(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        journal.flush()
        journal.close()
        assert list(tmp_path.iterdir()) == []

    def test_the_last_of_many_texts_stays(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        for number in range(300):
            journal.note(KEY, {"text": f"typed {number}"})
        journal.close()
        (path,) = files(tmp_path)
        assert read_draft(path.read_bytes())[1].values == {"text": "typed 299"}

    def test_a_saved_draft_is_gone_with_all_its_files(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "typed"})
        eventually(lambda: len(files(tmp_path)) == 1)
        journal.note(KEY, {"text": "typed on"})
        journal.flush()
        journal.outside_file(KEY).write_text("typed in an editor", encoding="utf-8")
        journal.drop(KEY)
        journal.close()
        assert list((tmp_path / "drafts").iterdir()) == []

    def test_a_draft_that_is_dropped_before_it_was_written_does_not_come_back(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        for _ in range(50):
            journal.note(KEY, {"text": "typed"})
            journal.drop(KEY)
        journal.close()
        assert files(tmp_path) == []

    def test_two_drafts_do_not_touch(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "one"})
        journal.note(OTHER, {"text": "two"})
        journal.drop(KEY)
        journal.close()
        (path,) = files(tmp_path)
        assert read_draft(path.read_bytes())[1].key == OTHER

    def test_without_a_folder_drafts_are_in_memory(self) -> None:
        journal = DraftJournal(None)
        journal.note(KEY, {"text": "typed"})
        journal.flush()
        journal.close()
        assert journal.latest(KEY) is not None


class TestFinding:
    def test_a_draft_of_an_ended_run_is_found_and_gone_on_with(self, tmp_path: Path) -> None:
        left_by_a_dead_run(tmp_path, heading="New comment")
        journal = journal_in(tmp_path)
        (draft,) = journal.found()
        assert (draft.key, draft.values, draft.heading) == (KEY, {"text": "typed"}, "New comment")
        assert journal.resume(draft)
        journal.note(KEY, {"text": "typed on"}, {"text": ""}, heading="New comment")
        journal.close()
        (path,) = files(tmp_path)
        assert read_draft(path.read_bytes())[1].values == {"text": "typed on"}
        journal.drop(KEY)

    def test_a_draft_found_stays_until_its_words_are_in_a_file_of_this_run(self, tmp_path: Path) -> None:
        left_by_a_dead_run(tmp_path)
        journal = journal_in(tmp_path)
        journal.found()
        assert len(files(tmp_path)) == 1
        assert journal.kept()[0].values == {"text": "typed"}

    def test_a_draft_of_a_run_that_goes_on_is_its_own(self, tmp_path: Path) -> None:
        running, other = journal_in(tmp_path), journal_in(tmp_path)
        running.note(KEY, {"text": "typed"})
        eventually(lambda: len(files(tmp_path)) == 1)
        assert other.found() == ()
        assert running.found() == ()
        running.close()

    def test_the_same_form_in_two_runs_keeps_both_texts(self, tmp_path: Path) -> None:
        one, two = journal_in(tmp_path), journal_in(tmp_path)
        one.note(KEY, {"text": "one"})
        two.note(KEY, {"text": "two"})
        for journal in (one, two):
            journal.close()
            journal._files.leave()
        found = journal_in(tmp_path).found()
        assert sorted(draft.values["text"] for draft in found) == ["one", "two"]

    def test_an_older_draft_of_a_form_does_not_take_the_place_of_the_one_at_hand(self, tmp_path: Path) -> None:
        left_by_a_dead_run(tmp_path, text="old")
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "new"})
        (old,) = journal.found()
        assert not journal.resume(old)
        assert [draft.values["text"] for draft in journal.kept()] == ["new", "old"]
        journal.drop(KEY)
        assert journal.resume(old)

    def test_saving_one_does_not_lose_another_of_the_same_form(self, tmp_path: Path) -> None:
        left_by_a_dead_run(tmp_path, text="old")
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "new"})
        journal.found()
        journal.drop(KEY)
        journal.close()
        (path,) = files(tmp_path)
        assert read_draft(path.read_bytes())[1].values == {"text": "old"}

    def test_a_found_draft_that_is_discarded_is_gone(self, tmp_path: Path) -> None:
        left_by_a_dead_run(tmp_path)
        journal = journal_in(tmp_path)
        (draft,) = journal.found()
        journal.discard(draft)
        assert journal.kept() == ()
        journal.close()
        assert files(tmp_path) == []

    def test_of_two_files_of_a_run_the_later_words_count(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "first"})
        journal.close()
        last = Draft(KEY, {"text": "last words"}, {}, NOON)
        journal._files.last_words(KEY).write_bytes(draft_bytes(last, 2))
        journal._files.leave()
        (draft,) = journal_in(tmp_path).found()
        assert draft.values == {"text": "last words"}

    def test_what_an_editor_outside_had_written_is_found(self, tmp_path: Path) -> None:
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "typed", "title": "T"}, editing="text")
        journal.outside_file(KEY).parent.mkdir()
        journal.outside_file(KEY).write_text("typed and more\n", encoding="utf-8")
        journal.close()
        journal._files.leave()
        (draft,) = journal_in(tmp_path).found()
        assert draft.values == {"text": "typed and more", "title": "T"}

    def test_a_damaged_file_is_told_and_left(self, tmp_path: Path) -> None:
        left_by_a_dead_run(tmp_path)
        left_by_a_dead_run(tmp_path, OTHER)
        damaged = files(tmp_path)[0]
        whole = damaged.read_bytes()
        damaged.write_bytes(whole[:-20])
        journal = journal_in(tmp_path)
        assert len(journal.found()) == 1
        (problem,) = journal.damaged
        assert problem.path == str(damaged)
        assert "cut off" in problem.message
        assert damaged.read_bytes() == whole[:-20]

    @pytest.mark.parametrize("name", ["notes.json", "0123456789abcdef-0123456789ab.txt", ".reviewtui-00000000.tmp"])
    def test_other_files_are_not_looked_at(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "drafts").mkdir()
        (tmp_path / "drafts" / name).write_text("{", encoding="utf-8")
        journal = journal_in(tmp_path)
        assert (journal.found(), journal.damaged) == ((), ())


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file can grow beyond `size` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


class TestAFullDisk:
    def test_it_is_said_and_tried_again_until_it_works(self, tmp_path: Path) -> None:
        said: list[str] = []
        journal = DraftJournal(tmp_path / "drafts", now=lambda: NOON, told=said.append)
        with small_files(0):
            journal.note(KEY, {"text": "typed"})
            eventually(lambda: bool(said))
            assert journal.problem.startswith("What you type is not on disk:")
            assert journal.latest(KEY) is not None
        eventually(lambda: said[-1] == "")
        assert read_draft(files(tmp_path)[0].read_bytes())[1].values == {"text": "typed"}
        assert len(said) == 2
        journal.close()

    def test_leaving_does_not_wait_for_ever(self, tmp_path: Path) -> None:
        (tmp_path / "drafts").write_text("in the way", encoding="utf-8")
        journal = journal_in(tmp_path)
        journal.note(KEY, {"text": "typed"})
        journal.flush()
        journal.close()
        assert (tmp_path / "drafts").read_text(encoding="utf-8") == "in the way"


SIGNALLED = """
import os, signal, sys, time
from pathlib import Path
from reviewtui.workspace.drafts import DraftJournal, DraftKey
journal = DraftJournal(Path(sys.argv[1]) / "drafts")
def leave(*_):
    journal.flush()
    os._exit(0)
signal.signal(signal.SIGTERM, leave)
for number in range(10**9):
    journal.note(DraftKey("comment"), {"text": str(number)})
    # What is in the pipe was noted before.
    os.write(1, b"%d\\n" % number)
"""


@pytest.mark.parametrize("run", range(20 if os.environ.get("REVIEWTUI_THOROUGH") else 3))
def test_a_signal_at_any_moment_leaves_the_last_words_on_disk(tmp_path: Path, run: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", SIGNALLED, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(100 + 97 * run)]
    process.terminate()
    lines += process.stdout.read().splitlines()
    assert process.wait(PATIENCE_SECONDS) == 0
    (draft,) = journal_in(tmp_path).found()
    assert int(draft.values["text"]) >= int(lines[-1])
