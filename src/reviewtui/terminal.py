"""What can be told about the terminal from its environment.

Pure functions over an environment mapping: nothing is sent to the terminal and nothing waits for its answer.
What the environment cannot tell is said to be unknown.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NARROWEST = 80
"""Columns the screens are made for at least."""
LOWEST = 24
"""Lines the screens are made for at least."""


class ColourDepth(StrEnum):
    """How many colours the terminal says it has."""

    NONE = "none"
    SIXTEEN = "16"
    TWO_HUNDRED_FIFTY_SIX = "256"
    TRUE_COLOUR = "16 million"


class Mosh(StrEnum):
    """Whether the session runs over mosh, which does not name itself."""

    YES = "yes"
    LIKELY = "likely"
    NO = "no sign of it"


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """Everything `doctor` says about the terminal."""

    term: str
    program: str
    colours: ColourDepth
    no_color: bool
    unicode: bool
    encoding: str
    multiplexer: str
    """`tmux`, `screen`, `zellij` or empty."""
    ssh: bool
    mosh: Mosh
    clipboard: str
    """One sentence on whether copies can arrive."""


def colour_depth(env: Mapping[str, str]) -> ColourDepth:
    """How many colours `TERM` and `COLORTERM` promise."""
    term = env.get("TERM", "").strip().lower()
    if term in ("", "dumb", "unknown"):
        return ColourDepth.NONE
    if env.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return ColourDepth.TRUE_COLOUR
    if term.endswith("256color") or "kitty" in term:
        return ColourDepth.TWO_HUNDRED_FIFTY_SIX
    return ColourDepth.SIXTEEN


def wants_no_color(env: Mapping[str, str]) -> bool:
    """Whether the person asked for no colour by setting `NO_COLOR` to anything but the empty text."""
    return env.get("NO_COLOR", "") != ""


def multiplexer(env: Mapping[str, str]) -> str:
    """The program that stands between this one and the terminal, or empty."""
    if env.get("TMUX"):
        return "tmux"
    if env.get("STY"):
        return "screen"
    if env.get("ZELLIJ"):
        return "zellij"
    term = env.get("TERM", "")
    if term.startswith("tmux"):
        return "tmux"
    return "tmux or screen" if term.startswith("screen") else ""


def over_ssh(env: Mapping[str, str]) -> bool:
    """Whether the session came in by SSH."""
    return any(env.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def over_mosh(env: Mapping[str, str], ancestors: Sequence[str] = ()) -> Mosh:
    """Whether mosh carries the session: by the names of the parent processes, else by what it sets for ncurses."""
    if "mosh-server" in ancestors:
        return Mosh.YES
    return Mosh.LIKELY if env.get("NCURSES_NO_UTF8_ACS") == "1" else Mosh.NO


def writes_unicode(encoding: str) -> bool:
    """Whether `encoding` can write every character."""
    try:
        return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    except LookupError:
        return False


def locale_name(env: Mapping[str, str]) -> str:
    """The locale that decides about characters, as set; empty where none is."""
    return env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""


def clipboard_outlook(env: Mapping[str, str], mosh: Mosh) -> str:
    """What can honestly be said about copying: OSC 52 is sent, nobody reports whether it arrived."""
    if colour_depth(env) is ColourDepth.NONE:
        return "copies cannot work here: TERM promises no control sequences"
    between = multiplexer(env)
    if env.get("TERM_PROGRAM") == "Apple_Terminal":
        return "copies are sent as OSC 52, which macOS Terminal ignores; another terminal program is needed"
    if between == "tmux":
        return "copies are sent as OSC 52; tmux passes them on only with `set -g set-clipboard on`"
    if "screen" in between:
        return "copies are sent as OSC 52; GNU screen does not pass them on"
    if mosh is not Mosh.NO:
        return "copies are sent as OSC 52; whether mosh passes them on depends on its version"
    return "copies are sent as OSC 52; no terminal says whether it took them, so try one"


def clipboard_refusal(env: Mapping[str, str]) -> str:
    """Which terminal is known not to take copies; empty where one may arrive."""
    if colour_depth(env) is ColourDepth.NONE:
        return "this terminal"
    if env.get("TERM_PROGRAM") == "Apple_Terminal":
        return "macOS Terminal"
    return "GNU screen" if multiplexer(env) == "screen" else ""


def clipboard_condition(env: Mapping[str, str]) -> str:
    """On what it depends whether a copy arrives: a clause."""
    return "if set-clipboard is on in tmux" if multiplexer(env) == "tmux" else "if the terminal allows it"


def terminal_facts(env: Mapping[str, str], encoding: str, ancestors: Sequence[str] = ()) -> TerminalFacts:
    """Everything that `env`, the output's `encoding` and the parent processes' names tell."""
    mosh = over_mosh(env, ancestors)
    program = " ".join(part for part in (env.get("TERM_PROGRAM", ""), env.get("TERM_PROGRAM_VERSION", "")) if part)
    return TerminalFacts(
        term=env.get("TERM", ""),
        program=program,
        colours=colour_depth(env),
        no_color=wants_no_color(env),
        unicode=writes_unicode(encoding),
        encoding=encoding,
        multiplexer=multiplexer(env),
        ssh=over_ssh(env),
        mosh=mosh,
        clipboard=clipboard_outlook(env, mosh),
    )


def ancestor_names(process: int, processes: Path = Path("/proc"), limit: int = 32) -> tuple[str, ...]:
    """The command names of `process`'s parents, nearest first; empty where the system does not list them."""
    names: list[str] = []
    for _ in range(limit):
        try:
            status = (processes / str(process) / "status").read_text(encoding="utf-8", errors="replace")
        except OSError:
            break
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        names.append(fields.get("Name", ""))
        process = int(fields.get("PPid", "0") or 0)
        if process <= 1:
            break
    return tuple(names)
