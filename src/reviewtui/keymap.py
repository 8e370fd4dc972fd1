"""Keys of a person's own: `keys.toml` in the configuration folder names action ids and their keys.

    "grid.next_month" = "right,l,e"
    "screen.copy_value" = ["y", "c"]

What cannot be used is listed as a `Problem`; everything else applies.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from reviewtui.actions.action import Action, key_sign, remapped
from reviewtui.actions.screens import SCREENS
from reviewtui.errors import Problem
from reviewtui.paths import KEYS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LARGEST_FILE = 64 * 1024

_OTHER_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Where the toolkit's name of a key is not the character's own."""


def load_keymap(path: Path) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Read `path`: action id to keys separated by commas, and what could not be used. No file: nothing is changed."""
    import tomllib

    try:
        if not path.is_file():
            return {}, ()
        if path.stat().st_size > LARGEST_FILE:
            return {}, (Problem(str(path), None, "The file is too large to be a list of keys."),)
        text = path.read_text(encoding="utf-8")
        entries = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        return {}, (Problem(str(path), None, f"The keys could not be read ({error}); the usual keys apply."),)
    return checked_keymap(entries, str(path), text)


def checked_keymap(
    entries: Mapping[str, object], path: str = KEYS_FILE, text: str = ""
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The usable part of `entries`, and a `Problem` for each part that is not."""
    known = {action.id: action for actions in SCREENS.values() for action in actions}
    wanted: dict[str, str] = {}
    problems: list[Problem] = []
    for action_id, value in _flattened(entries):
        line = _line_of(text, action_id)
        keys = _keys(value)
        if action_id not in known:
            problems.append(Problem(path, line, f"There is no action {action_id!r}; `?` in the app lists them all."))
        elif not keys:
            problems.append(Problem(path, line, f'{action_id} needs a key, as in "y", or several in a list.'))
        else:
            wanted[action_id] = keys
    # The later of two entries gives way to the earlier.
    for action_id in reversed(list(wanted)):
        clash = _clash(wanted, action_id)
        if clash is not None:
            del wanted[action_id]
            problems.append(Problem(path, _line_of(text, action_id), clash))
    return wanted, tuple(problems)


def _flattened(entries: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    """Ids with their values, whether written `"grid.copy" = …` or under `[grid]`."""
    for name, value in entries.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", item) for inner, item in value.items())
        else:
            yield name, value


def _keys(value: object) -> str:
    listed = value.split(",") if isinstance(value, str) and value != "," else value
    if not isinstance(listed, list) or not listed or not all(isinstance(key, str) and key.strip() for key in listed):
        return ""
    return ",".join(_key_name(key.strip()) for key in listed)


def _key_name(key: str) -> str:
    """A key as the toolkit names it: `?` is `question_mark`."""
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return _OTHER_NAMES.get(name, name)


def _clash(keymap: Mapping[str, str], action_id: str) -> str | None:
    """Why an action cannot have its keys on one of its screens; None where it can."""
    for actions in SCREENS.values():
        for key, owners in keys_of(remapped(actions, keymap)).items():
            if len(owners) > 1 and any(owner.id == action_id for owner in owners):
                other = next((owner for owner in owners if owner.id != action_id), owners[0])
                return f"{key_sign(key)} is already a key of {other.id} ({other.does}); give one of them another key."
    return None


def keys_of(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """Each key with the actions that want it."""
    owners: dict[str, list[Action]] = {}
    for action in actions:
        for key in action.keys.split(","):
            owners.setdefault(key, []).append(action)
    return owners


def _line_of(text: str, action_id: str) -> int | None:
    last = action_id.rpartition(".")[2]
    for number, line in enumerate(text.splitlines(), 1):
        name = line.partition("=")[0].strip().strip("\"'")
        if name in (action_id, last):
            return number
    return None
