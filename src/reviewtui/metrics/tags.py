"""The tags of a cost line, read from however a source writes them."""

from __future__ import annotations

import json
from typing import Any

from reviewtui.metrics.cost_lines import TAG_SEPARATOR

_BRACKETS = {"[": "]", "{": "}"}


def read_tags(text: str | None) -> tuple[str, ...]:
    """Tags in their order, each once: a list, an object as `key=value` pairs, or a text split at `;`."""
    if not text:
        return ()
    if TAG_SEPARATOR in text:
        return _distinct(text.split(TAG_SEPARATOR))
    stripped = text.strip()
    if stripped and _BRACKETS.get(stripped[0]) == stripped[-1]:
        try:
            found = json.loads(stripped)
        except (ValueError, RecursionError):
            found = None
        if found is not None:
            return _distinct(_pairs(found))
    return _distinct(part.strip() for part in text.split(";"))


def tag_value(tags: tuple[str, ...], key: str) -> str | None:
    """The value of the pair `key=value` among `tags`."""
    prefix = f"{key}="
    return next((tag[len(prefix) :] for tag in tags if tag.startswith(prefix) and len(tag) > len(prefix)), None)


def _pairs(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [f"{key}={_text(value)}" for key, value in found.items()]
    if isinstance(found, list):
        return [_text(item) for item in found]
    return [_text(found)]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _distinct(parts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in parts if part))
