"""The words that people write in the cells of a metrics sheet, read from `words.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from reviewtui.imports.month_names import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_WORDS = re.compile(r"[\W_]+", re.UNICODE)


@cache
def _file() -> dict[str, Any]:
    text = resources.files("reviewtui.imports").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of one list, as written in the file."""
    return frozenset(_file()[name])


@cache
def titles() -> Mapping[str, str]:
    """A column's title, as `key` gives it, to what the column holds: `month`, `metric`, `product`, ..."""
    return {key(title): meaning for meaning, written in _file()["title"].items() for title in written}


@cache
def metric_synonyms() -> Mapping[str, str]:
    """A name, as `key` gives it, to the id of the metric that it surely means."""
    return {key(name): metric for metric, names in _file()["metric"].items() for name in names}


@cache
def unsure_names() -> Mapping[str, tuple[str, ...]]:
    """A name, as `key` gives it, to the ids of metrics that it may mean."""
    return {key(name): tuple(metrics) for name, metrics in _file()["unsure"].items()}


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """`text` for comparison: lower case, no accents, words parted by single blanks, no punctuation."""
    return _NOT_WORDS.sub(" ", plain(text)).strip() or plain(text)


def is_total(text: str, sections: tuple[str, ...] = ()) -> bool:
    """Whether a name is that of a sum over other rows or columns; `sections` are names it may be a sum of."""
    totals = word_list("total")
    name = plain(text).strip(" :=Σ∑.")
    if name in totals or plain(text).strip() in ("Σ", "∑", "σ"):
        return True
    first, _, rest = name.partition(" ")
    begin, _, last = name.rpartition(" ")
    known = {plain(section) for section in sections if section}
    return (first in totals and rest.strip("() :") in known) or (last in totals and begin.strip("() :-") in known)


def without_percent_mark(name: str) -> tuple[str, bool]:
    """The name without a closing `%`, `(%)` or `in %`, and whether it had one."""
    stripped = re.sub(r"\s*(?:[\(\[]\s*(?:in\s+)?(?:%|percent|pct|prozent)\s*[\)\]]|,?\s+in\s+%|,?\s*%)\s*$", "", name)
    stripped = re.sub(r"^%\s+", "", stripped)
    return (stripped, True) if stripped != name and stripped.strip() else (name, False)
