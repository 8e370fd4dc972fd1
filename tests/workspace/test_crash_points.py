"""Whatever goes wrong in the middle of a save, a reader finds the old text or the new text, whole."""

from __future__ import annotations

import errno
import itertools
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewtui.errors import ReviewError
from reviewtui.workspace import atomic
from tests.workspace.faulty_os import FaultyOs, failing_at
from tests.workspace.saves import SAVES, Save

ERRORS = ("EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS", "EINTR")
KILLS = 2000 if os.environ.get("REVIEWTUI_THOROUGH") else 200

END_AT_EVERY_OPERATION = """
import json, os, sys
from pathlib import Path
from reviewtui.workspace import atomic
from tests.workspace.faulty_os import ending_at
from tests.workspace.saves import SAVES

save, folder, found = SAVES[int(sys.argv[1])], Path(sys.argv[2]), []
for number in range(1, 40):
    place = folder / str(number)
    place.mkdir()
    path = save.prepare(place)
    child = os.fork()
    if child == 0:
        atomic.os = ending_at(number)
        save.run(path)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found.append([ended, save.content(path) == save.before, save.content(path) == save.after])
    if ended == 0:
        break
print(json.dumps(found))
"""

KILL_AT_RANDOM = """
import os, random, signal, sys, time
from pathlib import Path
from reviewtui.workspace.atomic import atomic_write

path, wrong = Path(sys.argv[1]), 0
random = random.Random(7)
texts = [bytes([65 + n]) * (5000 + 700 * n) for n in range(20)]
path.write_bytes(texts[0])
for _ in range(int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        n = 0
        while True:
            n += 1
            atomic_write(path, texts[n % 20])
    time.sleep(random.uniform(0.0005, 0.006))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    wrong += path.read_bytes() not in texts
print(wrong)
"""


def run(script: str, *arguments: object) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> FaultyOs:
    fake = FaultyOs()
    monkeypatch.setattr(atomic, "os", fake)
    return fake


class TestOrder:
    @pytest.mark.parametrize("save", SAVES, ids=lambda save: save.name)
    def test_the_file_is_durable_before_the_move_and_the_folder_after_it(
        self, tmp_path: Path, recorder: FaultyOs, save: Save
    ) -> None:
        path = save.prepare(tmp_path)
        save.run(path)
        steps = [name for name in recorder.names if name in {"write", "fsync", "replace"}]
        assert [name for name, _ in itertools.groupby(steps)][-4:] == [
            *(["write"] if save.after else []),
            "fsync",
            "replace",
            "fsync",
        ]
        opened = {result: arguments[0] for name, arguments, result in recorder.trace if name == "open"}
        synced = [arguments[0] for name, arguments, _ in recorder.trace if name == "fsync"]
        assert len(synced) == 2
        assert opened[synced[1]] == str(path.resolve().parent)

    def test_the_temporary_file_is_short_hidden_and_in_the_same_folder(
        self, tmp_path: Path, recorder: FaultyOs
    ) -> None:
        SAVES[1].run(SAVES[1].prepare(tmp_path))
        (moved,) = [arguments for name, arguments, _ in recorder.trace if name == "replace"]
        assert Path(moved[0]).parent == tmp_path
        assert re.fullmatch(r"\.reviewtui-[0-9a-f]{8}\.tmp", Path(moved[0]).name)
        assert Path(moved[0]).match(atomic.TEMP_PATTERN)


class TestFaults:
    @pytest.mark.parametrize("code", ERRORS)
    @pytest.mark.parametrize("save", SAVES, ids=lambda save: save.name)
    def test_every_operation_may_fail(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, save: Save, code: str
    ) -> None:
        points = 0
        for number in itertools.count(1):
            folder = tmp_path / str(number)
            folder.mkdir()
            path = save.prepare(folder)
            fake = failing_at(number, getattr(errno, code))
            monkeypatch.setattr(atomic, "os", fake)
            told = None
            try:
                save.run(path)
            except ReviewError as error:
                told = error
            monkeypatch.setattr(atomic, "os", os)
            moved = "replace" in fake.names
            assert save.content(path) == (save.after if moved else save.before)
            assert not list(path.resolve().parent.glob("*.tmp")) + list(path.resolve().parent.glob(".*.tmp"))
            if fake.begun < number:
                assert told is None
                break
            points += 1
            assert told is not None or moved
            assert told is None or told.message.endswith((".", "!"))
        assert points >= 8

    def test_a_short_write_is_continued(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fake = FaultyOs()
        real_write = os.write
        monkeypatch.setattr(atomic, "os", fake)
        monkeypatch.setattr(os, "write", lambda handle, data: real_write(handle, bytes(data[:100])))
        atomic.atomic_write(tmp_path / "note", "x" * 1050)
        monkeypatch.undo()
        assert (tmp_path / "note").read_text() == "x" * 1050
        assert fake.names.count("write") == 11

    def test_a_folder_that_cannot_be_made_durable_is_told_and_told_again_until_it_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = SAVES[1].prepare(tmp_path)
        count = FaultyOs()
        monkeypatch.setattr(atomic, "os", count)
        SAVES[1].run(path)
        last_sync = max(place for place, name in enumerate(count.names, 1) if name == "fsync")
        path.write_bytes(SAVES[1].before or b"")
        monkeypatch.setattr(atomic, "os", failing_at(last_sync, errno.EIO))
        with pytest.raises(ReviewError, match="could not confirm"):
            SAVES[1].run(path)
        again = FaultyOs()
        monkeypatch.setattr(atomic, "os", again)
        atomic.atomic_write(path, SAVES[1].after)
        assert "fsync" in again.names

    def test_a_disk_that_cannot_sync_folders_still_saves(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real_sync = os.fsync

        def sync(handle: int) -> None:
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                raise OSError(errno.EINVAL, "Invalid argument")
            real_sync(handle)

        monkeypatch.setattr(os, "fsync", sync)
        atomic.atomic_write(tmp_path / "note", "text")
        assert (tmp_path / "note").read_text() == "text"


class TestSuddenEnd:
    @pytest.mark.parametrize("index", range(len(SAVES)), ids=lambda index: SAVES[index].name)
    def test_the_process_may_end_before_every_operation(self, tmp_path: Path, index: int) -> None:
        found = run(END_AT_EVERY_OPERATION, index, tmp_path)
        assert all(old or new for _, old, new in found)
        assert [ended for ended, _, _ in found] == [9] * (len(found) - 1) + [0]
        assert len(found) > 8
        assert found[-1][2]

    def test_the_process_may_be_killed_at_any_moment(self, tmp_path: Path) -> None:
        assert run(KILL_AT_RANDOM, tmp_path / "note", KILLS) == 0


class TestPowerCut:
    """Replay of what a disk may hold when the power fails: what was not synced may be lost, in any combination."""

    @pytest.mark.parametrize("save", SAVES, ids=lambda save: save.name)
    def test_every_legal_reordering_leaves_the_old_text_or_the_new(
        self, tmp_path: Path, recorder: FaultyOs, save: Save
    ) -> None:
        path = save.prepare(tmp_path)
        save.run(path)
        trace = [step for step in recorder.trace if step[0] in {"open", "write", "fsync", "replace"}]
        states = 0
        for cut in range(len(trace) + 1):
            pending = unsynced(trace[:cut])
            for kept in itertools.product((False, True), repeat=len(pending)):
                survivors = {step for step, keep in zip(pending, kept, strict=True) if keep}
                lost = set(pending) - survivors
                assert on_disk(trace[:cut], lost, path.resolve(), save.before) in (save.before, save.after)
                states += 1
        assert states > len(trace)

    def test_the_replay_notices_a_missing_sync(self, tmp_path: Path, recorder: FaultyOs) -> None:
        path = SAVES[1].prepare(tmp_path)
        SAVES[1].run(path)
        trace = [step for step in recorder.trace if step[0] in {"open", "write", "replace"}]
        writes = {number for number, step in enumerate(trace) if step[0] == "write"}
        assert on_disk(trace, writes, path, SAVES[1].before) == b""


Step = tuple[str, tuple[Any, ...], Any]


def unsynced(trace: list[Step]) -> list[int]:
    """The steps that a power cut may undo: a write until its file is synced, a move until its folder is."""
    pending: list[int] = []
    for number, (name, arguments, _) in enumerate(trace):
        if name in {"write", "replace"}:
            pending.append(number)
        elif name == "fsync":
            opened = next(step for step in reversed(trace[:number]) if step[0] == "open" and step[2] == arguments[0])
            is_folder = Path(opened[1][0]).is_dir()
            pending = [step for step in pending if trace[step][0] == ("write" if is_folder else "replace")]
    return pending


def on_disk(trace: list[Step], lost: set[int], target: Path, before: bytes | None) -> bytes | None:
    """What `target` holds after `trace` without the steps that were lost."""
    names: dict[str, int | None] = {str(target): None}
    contents: dict[int | None, bytes | None] = {None: before}
    opened: dict[int, int] = {}
    for number, (name, arguments, result) in enumerate(trace):
        if name == "open" and arguments[1] & os.O_CREAT:
            opened[result] = number
            names[arguments[0]] = number
            contents[number] = b""
        elif name == "write" and number not in lost:
            file = opened[arguments[0]]
            contents[file] = (contents[file] or b"") + bytes(arguments[1][:result])
        elif name == "replace" and number not in lost:
            names[arguments[1]] = names[arguments[0]]
    return contents[names[str(target)]]
