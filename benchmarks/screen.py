"""The figures of the screen: how soon it is there, how soon a key is answered, and with how many bytes."""

from __future__ import annotations

import shutil
import statistics
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.terminal import START_QUIET_SECONDS, Held, TerminalProgram
from reviewtui.months import latest_complete_month

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from benchmarks.terminal import Answer

REPETITIONS = 7
HOLD_SECONDS, HOLD_RATE, IDLE_SECONDS = 3.0, 30.0, 5.0
RIGHT, LEFT, DOWN, UP, PAGE_DOWN, PAGE_UP, PANEL = "\x1b[C", "\x1b[D", "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~", " "
SECONDS_TO_COMPUTE = 15.0
"""How long the first start may be silent while it computes."""
SECONDS_TO_LOAD = 1.5
"""How long a program may be silent between its first paint and the answer to a key."""
VISIDATA_QUIET_SECONDS = 0.25
"""It paints several times for a key."""

OWN, BARE, TABLE, VISIDATA = "reviewtui", "a bare Textual app", "Textual's DataTable", "VisiData"


@dataclass
class Figures:
    """What one program did, over all repetitions."""

    first_paint: list[Answer] = field(default_factory=list)
    interactive: list[float] = field(default_factory=list)
    """Seconds until a key sent at the first paint showed its effect."""
    start_bytes: list[int] = field(default_factory=list)
    answers: dict[str, list[list[Answer]]] = field(default_factory=dict)
    """Of each run."""
    holds: dict[str, list[Held]] = field(default_factory=dict)
    idle: list[Held] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)

    def seconds95(self, name: str) -> float:
        """95th percentile of the time to paint within a run, the median of all runs."""
        runs = self.answers[name]
        return _median(
            statistics.quantiles((answer.seconds for answer in run), n=20, method="inclusive")[-1] for run in runs
        )

    def mean_bytes(self, name: str) -> float:
        """Bytes for one key."""
        return statistics.fmean(answer.sent for run in self.answers[name] for answer in run)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A program and what is done with it."""

    name: str
    command: Sequence[str]
    marker: bytes
    """What the first useful paint brings."""
    probe: str
    """The key that is pressed as soon as the marker is there."""
    effect: str
    """What the screen shows once that key was acted on, and not before; empty where nobody asks."""
    steps: Callable[[TerminalProgram, Figures], None]
    leave: str
    """The key that ends it."""
    environment: Mapping[str, str] = field(default_factory=dict)


def own(root: Path, as_of: date, folder: Path) -> Scenario:
    """The program on the demo, its numbers kept from a run before."""
    command = [sys.executable, "-m", "reviewtui", "--workspace", str(root), "--as-of", str(as_of)]
    home = {f"XDG_{kind}_HOME": str(folder.absolute() / kind.lower()) for kind in ("STATE", "CONFIG", "CACHE")}
    month = latest_complete_month(as_of) - 1
    return Scenario(OWN, command, b"MRR", LEFT, f"MRR · {month.long_label}", _own_steps, "Q", home)


def references(folder: Path) -> list[Scenario]:
    """What it is compared with; VisiData only where it is installed. A table for it is put into `folder`."""
    base = [sys.executable, "-m", "benchmarks.reference_apps"]
    found = [
        Scenario(BARE, [*base, "bare"], b"READY", RIGHT, "READY 1", _bare_steps, "\x11"),
        Scenario(TABLE, [*base, "table"], b"READY", RIGHT, "", _table_steps, "\x11"),
    ]
    visidata = shutil.which("vd")
    if visidata is not None:
        table = folder / "table.csv"
        rows = [[f"metric {row}", *(str(row * month) for month in range(120))] for row in range(60)]
        lines = [["metric", *(f"month {month}" for month in range(120))], *rows]
        table.write_text("\n".join(",".join(line) for line in lines), "utf-8")
        found.append(Scenario(VISIDATA, [visidata, "-N", str(table)], b"metric", RIGHT, "", _visidata_steps, "\x11"))
    return found


def measured(scenarios: Sequence[Scenario], repetitions: int = REPETITIONS) -> dict[str, Figures]:
    """Run all scenarios in turn, `repetitions` times after one run that does not count."""
    figures = {scenario.name: Figures() for scenario in scenarios}
    for number in range(-1, repetitions):
        for scenario in scenarios if number % 2 else reversed(scenarios):
            print(f"\r{number + 1} of {repetitions}: {scenario.name:<24}", end="", file=sys.stderr)
            if number < 0:
                _prepare(scenario)
            else:
                _run(scenario, figures[scenario.name])
    print(file=sys.stderr)
    return figures


class Row(NamedTuple):
    """One figure beside what it is compared with."""

    what: str
    value: float
    unit: str
    reference: str = ""
    compared: float = 0.0
    """The same figure of the reference; 0 without one."""
    most: float = 0.0
    """What is allowed: a ratio where there is a reference, else the figure itself; 0: no limit."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns of the table."""
        ratio = f"{self.value / self.compared:.2f}" if self.compared else ""
        allowed = f"{self.most:g}{'' if self.compared else self.unit}" if self.most else ""
        compared = f"{self.compared:,.1f}{self.unit}" if self.compared else ""
        return (self.what, f"{self.value:,.1f}{self.unit}", self.reference, compared, ratio, allowed)


def rows(figures: Mapping[str, Figures]) -> list[Row]:
    """The table of all figures."""
    mine = figures[OWN]
    found = [*_speed_rows(figures), *_byte_rows(mine)]
    for name, words in (("left", "column scroll"), ("down", "cell moves, panel shown")):
        holds = mine.holds[name]
        found += [
            Row(f"held at 30 a second, {words}: frames of {holds[0].keys}", _median(hold.frames for hold in holds), ""),
            Row("the same: behind the last key", 1e3 * _median(hold.seconds_behind for hold in holds), " ms"),
            Row("the same: processor", 100 * _median(hold.cpu_share for hold in holds), " %", most=35),
        ]
    found.append(Row("idle for 5 s: output", _median(idle.sent for idle in mine.idle), " B"))
    found.append(Row("peak memory, numbers kept from before", max(mine.peak_mb), " MB", most=130))
    return found


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _speed_rows(figures: Mapping[str, Figures]) -> Iterable[Row]:
    mine, bare, table = figures[OWN], figures[BARE], figures[TABLE]
    first = [1e3 * _median(answer.seconds for answer in item.first_paint) for item in (mine, bare)]
    ready = [1e3 * _median(item.interactive) for item in (mine, bare)]
    idle = [100 * _median(item.cpu_share for item in program.idle) for program in (mine, bare)]
    yield Row("start to first useful paint", first[0], " ms", BARE, first[1], 1.3)
    yield Row("start to the first key answered", ready[0], " ms", BARE, ready[1], 1.25)
    update = 1e3 * bare.seconds95("update")
    yield Row("cell move, 95th percentile", 1e3 * mine.seconds95("cell"), " ms", "its `Static.update`", update, 1.5)
    moves = [1e3 * mine.seconds95(name) for name in ("down", "cell")]
    yield Row("cell move with the panel redrawn", moves[0], " ms", "without the panel", moves[1], 4)
    scrolls = [1e3 * item.seconds95("scroll") for item in (mine, table)]
    yield Row("column scroll, 95th percentile", scrolls[0], " ms", TABLE, scrolls[1], 0.2)
    yield Row("idle: processor", idle[0], " %", BARE, idle[1] or 0.01)
    visidata = figures.get(VISIDATA)
    if visidata is not None:
        yield Row("cell move, 95th percentile", moves[1], " ms", VISIDATA, 1e3 * visidata.seconds95("cell"), 0.2)
        yield Row(
            "column scroll, 95th percentile", scrolls[0], " ms", VISIDATA, 1e3 * visidata.seconds95("scroll"), 0.5
        )


def _byte_rows(mine: Figures) -> Iterable[Row]:
    yield Row("first paint", _median(mine.start_bytes), " B", most=60_000)
    yield Row("cell move", mine.mean_bytes("cell"), " B", most=600)
    yield Row("cell move with the panel redrawn", mine.mean_bytes("down"), " B", most=4_000)
    yield Row("column scroll", mine.mean_bytes("scroll"), " B", most=12_000)
    yield Row("page", mine.mean_bytes("page"), " B", most=12_000)


def table(found: Iterable[Row]) -> str:
    """The figures as Markdown."""
    lines = [
        "| what | figure | reference | its figure | ratio | allowed |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
    ]
    return "\n".join([*lines, *(f"| {' | '.join(row.cells)} |" for row in found)])


def _prepare(scenario: Scenario) -> None:
    """Leave behind what a run leaves."""
    with TerminalProgram(scenario.command, scenario.environment) as program:
        program.wait_for(scenario.marker)
        program.settle(SECONDS_TO_COMPUTE)
        scenario.steps(program, Figures())
        program.leave(scenario.leave)
    if scenario.effect:
        with TerminalProgram(scenario.command, scenario.environment) as program:
            program.wait_for(scenario.marker)
            program.settle(SECONDS_TO_LOAD)
            if program.has_shown(scenario.effect):
                raise RuntimeError(f"{scenario.effect!r} is on the screen before any key")
            program.leave(scenario.leave)


def _run(scenario: Scenario, figures: Figures) -> None:
    with TerminalProgram(scenario.command, scenario.environment) as program:
        figures.first_paint.append(program.wait_for(scenario.marker))
        program.press(scenario.probe, START_QUIET_SECONDS)
        settled = program.settle(SECONDS_TO_LOAD)
        figures.start_bytes.append(settled.sent)
        if scenario.effect:
            figures.interactive.append(program.shows(scenario.effect))
        scenario.steps(program, figures)
        figures.peak_mb.append(program.peak_mb())
        program.leave(scenario.leave)


def _press_all(program: TerminalProgram, figures: Figures, name: str, keys: Iterable[str]) -> None:
    figures.answers.setdefault(name, []).append([program.press(key) for key in keys])


def _own_steps(program: TerminalProgram, figures: Figures) -> None:
    for key in ("g", "$"):
        program.press(key)
    _press_all(program, figures, "down", [DOWN, UP] * 20)
    for key in (PANEL, "g", "$"):
        program.press(key)
    _press_all(program, figures, "cell", [LEFT, DOWN, RIGHT, UP] * 10)
    _press_all(program, figures, "page", [PAGE_DOWN, PAGE_UP] * 4)
    program.press("g")
    _press_all(program, figures, "to the edge", [LEFT] * 8)
    _press_all(program, figures, "scroll", [LEFT] * 20)
    program.press("$")
    for name, round_trip in (("left", [LEFT] * 24 + [RIGHT] * 24), ("down", [DOWN] * 24 + [UP] * 24)):
        figures.holds.setdefault(name, []).append(program.hold(round_trip, HOLD_SECONDS, HOLD_RATE))
    program.settle()
    figures.idle.append(program.idle(IDLE_SECONDS))
    # The next start stands in the newest month again, with the panel.
    for key in (PANEL, "g", "$"):
        program.press(key)


def _bare_steps(program: TerminalProgram, figures: Figures) -> None:
    _press_all(program, figures, "update", [RIGHT] * 40)
    program.settle()
    figures.idle.append(program.idle(IDLE_SECONDS))


def _table_steps(program: TerminalProgram, figures: Figures) -> None:
    _press_all(program, figures, "cell", [DOWN, UP] * 8)
    _press_all(program, figures, "to the edge", [RIGHT] * 14)
    _press_all(program, figures, "scroll", [RIGHT] * 20)


def _visidata_steps(program: TerminalProgram, figures: Figures) -> None:
    for name, keys in (("cell", [DOWN, UP] * 5), ("to the edge", [RIGHT] * 14), ("scroll", [RIGHT] * 15)):
        answers = figures.answers.setdefault(name, [])
        answers.append([program.press(key, VISIDATA_QUIET_SECONDS) for key in keys])
