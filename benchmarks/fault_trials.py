"""Trials of the record store under faults: each counts what was tried and lists what went wrong.

`python -m benchmarks.fault_trials NAME FOLDER COUNT` runs one of them in a process of its own and prints it as JSON:
the trials end, kill and fork processes.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from tests.workspace.faulty_os import FaultyOs, ending_at, failing_at
from tests.workspace.hostile import HOSTILE

from benchmarks.fault_saves import DAY, LONG_NOTE, SAVES, held, todo_in, workspace
from reviewtui.errors import ReviewError
from reviewtui.workspace import atomic
from reviewtui.workspace.kinds.base import plain
from reviewtui.workspace.kinds.todos import TODOS, Todo
from reviewtui.workspace.quick_toml import quick_values
from reviewtui.workspace.record_files import CONFLICT_MARK
from reviewtui.workspace.record_text import new_text, stored_values
from reviewtui.workspace.save_lock import LOCK_FILE
from reviewtui.workspace.store import RecordStore

if TYPE_CHECKING:
    from collections.abc import Callable

ERRORS = ("EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS", "EINTR")
_TEMP = re.compile(r"\.reviewtui-[0-9a-f]{8}\.tmp")
_MOST_OPERATIONS = 200
_ENDED = 9

State = dict[str, Any]
"""Path of each file, without what is different every time, to its values."""


@dataclass(frozen=True)
class Trial:
    """What a trial found."""

    name: str
    tried: int
    wrong: tuple[str, ...]
    remarks: str = ""


def state_of(root: Path) -> State:
    """What a reader finds, and what a person would: temporary files do not count."""
    found: State = {}
    for path in sorted(root.rglob("*")):
        if path.is_dir() or path.name == LOCK_FILE or _TEMP.fullmatch(path.name):
            continue
        values = tomllib.loads(path.read_text("utf-8"))
        values.pop("kept_at", None)
        found[path.relative_to(root).as_posix().partition(CONFLICT_MARK)[0] + ("!" * (CONFLICT_MARK in path.name))] = (
            values
        )
    return found


def whole(root: Path, before: State, after: State) -> str:
    """What is wrong with the files after an interrupted save; each must be as before or as after it."""
    now = state_of(root)
    for path in before.keys() | after.keys() | now.keys():
        if now.get(path) not in (before.get(path), after.get(path)):
            return f"{path} is neither old nor new"
    problems = RecordStore(root).load().problems
    return str(problems[0]) if problems else ""


def before_and_after(prepare: Callable[[Path], Callable[[], object]], folder: Path) -> tuple[State, State]:
    """The two states of a save that nothing interrupts."""
    save = prepare(folder / "whole")
    before = state_of(folder / "whole")
    save()
    return before, state_of(folder / "whole")


# The trials


def crash_points(folder: Path, _count: int) -> Trial:
    """The process ends before each file operation of each kind of save."""
    tried, wrong = 0, []
    for name, prepare in SAVES.items():
        place = folder / name.replace(" ", "-")
        states = before_and_after(prepare, place)
        for number in range(1, _MOST_OPERATIONS):
            save = prepare(place / str(number))
            ended = _in_child(partial(_save_with, ending_at(number), save))
            problem = whole(place / str(number), *states)
            wrong += [f"{name}, operation {number}: {problem}"] if problem else []
            if ended == 0:
                break
            tried += 1
    return Trial("crash points", tried, tuple(wrong), f"{len(SAVES)} kinds of save")


def faults(folder: Path, count: int) -> Trial:
    """Each file operation of each kind of save fails with `count` errors, in turn."""
    errors = itertools.cycle(ERRORS)
    tried, wrong = 0, []
    for name, prepare in SAVES.items():
        place = folder / name.replace(" ", "-")
        states = before_and_after(prepare, place)
        for number in range(1, _MOST_OPERATIONS):
            begun = 0
            for code in itertools.islice(errors, count):
                root = place / f"{number}-{code}"
                save = prepare(root)
                fake = failing_at(number, getattr(errno, code))
                told = _save_with(fake, save)
                begun = max(begun, fake.begun)
                problem = whole(root, *states) or _left_temp(root) or ("" if isinstance(told, str) else repr(told))
                wrong += [f"{name}, operation {number}, {code}: {problem}"] if problem else []
                tried += fake.begun >= number
            if begun < number:
                break
    return Trial(
        "fault injections", tried, tuple(wrong), f"{len(SAVES)} kinds of save, {min(count, len(ERRORS))} errors each"
    )


def kills(folder: Path, count: int) -> Trial:
    """A process that saves over and over is killed at random moments."""
    store = workspace(folder / "kills")
    todo = todo_in(store)
    chance = random.Random(7)
    notes = [f"{number} " + "x" * 700 * number for number in range(20)]
    wrong, temps = [], 0
    for number in range(count):
        child = os.fork()
        if child == 0:
            _save_for_ever(store.root, notes)
        time.sleep(chance.uniform(0.02, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        records = RecordStore(store.root).load()
        found = records.by_id(todo.id)
        if records.problems or not isinstance(found, Todo) or found.note not in (LONG_NOTE, *notes):
            wrong.append(f"kill {number}: {records.problems or 'another text'}")
        temps = sum(1 for path in store.root.rglob(".reviewtui-*.tmp"))
    return Trial("SIGKILLs at random moments", count, tuple(wrong), f"{temps} temporary files left, swept after a day")


def round_trips(_folder: Path, count: int) -> Trial:
    """Random texts and the corpus are written as a new record and read back by both readers."""
    chance = random.Random(11)
    corpus = list(HOSTILE.values())
    wrong = []
    for number in range(count):
        text = corpus[number] if number < len(corpus) else _random_text(chance, corpus)
        values = {"title": text, "owner": text[:40], "links": [text, "b"], "note": text, "done_when": text[::-1]}
        meant = stored_values(TODOS.fields, {key: plain(value) for key, value in values.items()}, by_sentence=True)
        again = stored_values(TODOS.fields, meant, by_sentence=True)
        written = new_text(TODOS.fields, meant).encode()
        read = tomllib.loads(written.decode())
        if again != meant or any(read.get(key, "") != value for key, value in meant.items() if value):
            wrong.append(f"text {number} does not read back")
        if quick_values(written) not in (None, read):
            wrong.append(f"text {number} is read in two ways")
    return Trial("round trips", count, tuple(wrong), f"{len(corpus)} hostile strings among them")


def mutated(folder: Path, count: int) -> Trial:
    """Notes that were cut, flipped and spliced are read: nothing raises, nothing is rewritten."""
    store = workspace(folder / "mutated")
    good = (store.root / todo_in(store).file.path).read_bytes()
    place = store.root / "products/replay/todos"
    chance = random.Random(5)
    texts = {place / f"t-260418-{_base36(number)}-x.toml": _mutation(good, chance) for number in range(count)}
    for path, raw in texts.items():
        path.write_bytes(raw)
    wrong = []
    try:
        records = store.load()
        store.create(TODOS, "replay", {"title": "y", "created_on": DAY}, DAY)
        damaged = len(records.damaged)
    except Exception as error:  # noqa: BLE001 - exactly what must not happen
        return Trial("mutated notes", count, (repr(error),))
    wrong += [f"{path.name} was rewritten" for path, raw in texts.items() if path.read_bytes() != raw]
    return Trial("mutated notes", count, tuple(wrong), f"{damaged} of them damaged beyond reading")


def race(folder: Path, count: int) -> Trial:
    """Two processes append to the note of one record, each to what it read last; every text must be on disk."""
    store = workspace(folder / "race")
    todo_in(store)
    script = ("-m", "benchmarks.fault_trials", "--append", str(store.root))
    both = [subprocess.Popen([sys.executable, *script, name, str(count)]) for name in ("one", "two")]
    ended = [process.wait() for process in both]
    files = [path for path in store.root.rglob("t-*") if not _TEMP.fullmatch(path.name)]
    on_disk = "".join(path.read_text() for path in files)
    texts = [f"text {number} of {name}" for name in ("one", "two") for number in range(count)]
    wrong = [f"{text} is lost" for text in texts if f"{text}." not in on_disk]
    wrong += ["a process failed"] * any(ended)
    wrong += [str(problem) for problem in RecordStore(store.root).load().problems]
    return Trial(
        "saves of two processes", 2 * count, tuple(wrong), f"{len(files) - 1} clashing texts kept beside the record"
    )


def append_texts(root: Path, name: str, count: int) -> None:
    """One side of the race: what it holds is mostly older than the file."""
    store = RecordStore(root, me=name)
    todo = held(store)
    for number in range(count):
        text = f"text {number} of {name}."
        todo = store.save(todo, {"note": f"{todo.note}\n{text}"}).record


TRIALS = {trial.__name__: trial for trial in (crash_points, faults, kills, round_trips, mutated, race)}


def run_apart(name: str, folder: Path, count: int) -> Trial:
    """Run a trial in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.fault_trials", name, str(folder), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent)
    if done.returncode != 0:
        return Trial(name, 0, (done.stderr[-500:],))
    found = json.loads(done.stdout)
    return Trial(**{**found, "wrong": tuple(found["wrong"])})


def _save_with(fake: FaultyOs, save: Callable[[], object]) -> object:
    """Save with another `os`; what was said, or the exception that nobody may see."""
    with patch.object(atomic, "os", fake):
        try:
            save()
        except ReviewError as error:
            return error.message
        except Exception as error:  # noqa: BLE001 - exactly what must not happen
            return error
    return ""


def _in_child(act: Callable[[], object]) -> int:
    """How a forked process ends that does this."""
    child = os.fork()
    if child == 0:
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _left_temp(root: Path) -> str:
    return next((f"{path.name} was left" for path in root.rglob(".reviewtui-*.tmp")), "")


def _save_for_ever(root: Path, notes: list[str]) -> None:
    store = RecordStore(root)
    for number in itertools.count():
        store.save(held(store), {"note": notes[number % len(notes)]})


def _random_text(chance: random.Random, corpus: list[str]) -> str:
    pieces = [
        "\n",
        '"',
        '"""',
        "'''",
        "\\",
        "\\n",
        "\r",
        "\t",
        "\0",
        "\x85",
        "\u2028",
        "\ufeff",
        "é",
        "\U0001f600",
        "\ud800",
    ]
    pieces += [
        "One. Two. ",
        "- a\n",
        "```\n",
        "<<<<<<< x\n",
        "=======\n",
        ">>>>>>> y\n",
        "# k\n",
        "[a]\n",
        "b = 1\n",
        " ",
    ]
    letters = (chr(chance.randrange(0x20, 0x3000)) for _ in range(chance.randrange(12)))
    parts = [chance.choice(pieces) for _ in range(chance.randrange(12))] + list(letters)
    chance.shuffle(parts)
    return "".join(parts) + (chance.choice(corpus)[:200] if chance.random() < 0.2 else "")


def _mutation(good: bytes, chance: random.Random) -> bytes:
    raw = bytearray(good)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(raw)) if raw else 0
        how = chance.randrange(4)
        if how == 0:
            del raw[at:]
        elif how == 1 and raw:
            raw[at] ^= 1 << chance.randrange(8)
        elif how == 2:
            piece = chance.randrange(len(good))
            raw[at:at] = good[piece : piece + chance.randrange(60)]
        else:
            raw[at : at + chance.randrange(40)] = bytes(chance.randrange(256) for _ in range(chance.randrange(6)))
    return bytes(raw)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(digits[number // 36**place % 36] for place in (3, 2, 1, 0))


def main() -> None:
    """Run one trial, or one side of the race."""
    if sys.argv[1] == "--append":
        append_texts(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        trial = TRIALS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
        print(json.dumps(asdict(trial)))


if __name__ == "__main__":
    main()
