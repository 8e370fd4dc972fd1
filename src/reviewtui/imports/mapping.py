"""From names in a sheet to ids of metrics and products: only where it is sure; where not, it asks or says so."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewtui.imports.words import key, metric_synonyms, unsure_names, without_percent_mark, word_list
from reviewtui.text import without_controls
from reviewtui.workspace.records import short_hash, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_ID = 60
"""Characters of an id made from a name; one that is written as an id is kept up to `LONGEST_WRITTEN_ID`."""
LONGEST_WRITTEN_ID = 200
ALL_PRODUCTS = "*"
"""Id of all products together."""
CLOSE = 0.84
"""Names at least this much alike are asked about."""
SHORTEST_COMPARED = 4
MOST_COMPARED = 300
"""Nobody answers more questions than this about one file, and each comparison takes milliseconds."""


@dataclass(frozen=True, slots=True)
class KnownMetric:
    """A metric that the program or the workspace has."""

    id: str
    name: str
    unit: str = ""


class Certainty(StrEnum):
    """How a name came to its id."""

    KNOWN = "known"
    """It is the id, the name or a well-known other name of the metric."""
    MAPPED = "as you said"
    """A person said so."""
    WRITTEN = "the id beside it"
    """The sheet names the id of a metric that is not known here."""
    OWN = "kept as own metric"
    """Nothing is surely meant: it is a metric of its own."""


@dataclass(frozen=True, slots=True)
class MetricName:
    """What a name in the sheet stands for."""

    metric_id: str
    certainty: Certainty
    unit: str = ""
    """The unit of the metric, where it is known."""
    candidates: tuple[str, ...] = ()
    """Ids of metrics that may be meant, where it is not sure."""


class MetricNames:
    """Knows the metrics; says what a name stands for."""

    def __init__(self, known: Iterable[KnownMetric], mapped: Mapping[str, str]) -> None:
        """`mapped` are names as a person wrote them, to the ids that they stand for."""
        self._by_id = {metric.id: metric for metric in known}
        self._by_key: dict[str, str] = {}
        for metric in self._by_id.values():
            for name in (metric.id, metric.name):
                self._by_key.setdefault(key(name), metric.id)
        self._mapped = {key(name): metric for name, metric in mapped.items()}
        self._comparisons_left = MOST_COMPARED

    @property
    def mapped_names(self) -> frozenset[str]:
        """The names that a person mapped, as `key` gives them."""
        return frozenset(self._mapped)

    def understood(self, name: str, written_id: str = "", section: str = "") -> MetricName:
        """What `name` stands for; `written_id` is an id beside it, `section` what it stands under."""
        for asked in (f"{section} {name}" if section else name, name):
            if key(asked) in self._mapped:
                return self._as(self._mapped[key(asked)], Certainty.MAPPED)
        if written_id:
            return self._as(
                id_as_written(written_id), Certainty.KNOWN if written_id in self._by_id else Certainty.WRITTEN
            )
        if name in self._by_id:
            return self._as(name, Certainty.KNOWN)
        bare = key(without_percent_mark(name)[0])
        sure = self._by_key.get(key(name)) or self._by_key.get(bare) or self._synonym(bare) or self._synonym(key(name))
        if sure:
            return self._as(sure, Certainty.KNOWN)
        alike = (plain_id(name),) if plain_id(name) in self._by_id else ()
        candidates = tuple(dict.fromkeys((*alike, *self._candidates(bare))))
        return MetricName(self.own(plain_id(name)), Certainty.OWN, candidates=candidates)

    def own(self, metric_id: str) -> str:
        """The id of a metric of its own that would be `metric_id`: never one that means a known metric."""
        return f"own_{metric_id}" if metric_id in self._by_id else metric_id

    def _as(self, metric_id: str, certainty: Certainty) -> MetricName:
        known = self._by_id.get(metric_id)
        return MetricName(metric_id, certainty, known.unit if known else "")

    def _synonym(self, name: str) -> str | None:
        metric = metric_synonyms().get(name)
        return metric if metric in self._by_id else None

    def _candidates(self, name: str) -> tuple[str, ...]:
        unsure = [metric for metric in unsure_names().get(name, ()) if metric in self._by_id]
        if unsure:
            return tuple(unsure)
        if len(name) < SHORTEST_COMPARED or self._comparisons_left <= 0:
            return ()
        self._comparisons_left -= 1
        known = {**metric_synonyms(), **self._by_key}
        close = difflib.get_close_matches(name, known, n=3, cutoff=CLOSE)
        return tuple(dict.fromkeys(known[match] for match in close if known[match] in self._by_id))


def id_as_written(text: str) -> str:
    """What is written as an id, just so where it can be kept."""
    stripped = text.strip()
    is_plain = stripped == without_controls(stripped) and len(stripped) <= LONGEST_WRITTEN_ID
    return stripped if stripped and is_plain else own_id(text)


def plain_id(text: str) -> str:
    """The id that a name stands for: one that looks like an id stays, any other text becomes one."""
    stripped = text.strip()
    return id_as_written(text) if " " not in stripped and stripped == stripped.casefold() else own_id(text)


def own_id(name: str) -> str:
    """The id of a metric that has only a name: lower case, words parted by `_`; letters of any language stay."""
    plain = unicodedata.normalize("NFKD", name)
    letters = [character for character in plain if character.isalpha()]
    if any(character.isascii() for character in letters) and sum(map(str.isascii, letters)) * 2 >= len(letters):
        return slug(name).replace("-", "_")
    composed = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(character if character.isalnum() else " " for character in composed).split()
    return "_".join(words)[:LONGEST_ID].strip("_") or short_hash(name)


@dataclass(frozen=True, slots=True)
class ProductName:
    """Which product a sheet or a cell names."""

    product_id: str
    is_new: bool = False
    """The workspace has no file for it."""


class ProductNames:
    """Knows the products of the workspace; says which one a name stands for."""

    def __init__(self, products: Mapping[str, Iterable[str]]) -> None:
        """`products` are ids, each with the names that also stand for it."""
        self._by_key: dict[str, str] = {}
        for product_id, names in products.items():
            for name in (product_id, *names):
                self._by_key.setdefault(key(name), product_id)
                self._by_key.setdefault(key(slug(name)), product_id)
        single = [product_id for product_id in products if product_id != ALL_PRODUCTS]
        self.only = single[0] if len(single) == 1 else ""
        """The only product, if there is just one."""

    @property
    def names(self) -> frozenset[str]:
        """Every name that is known, as `key` gives it."""
        return frozenset(self._by_key)

    def understood(self, name: str) -> ProductName:
        """The product called `name`; an unknown one becomes a new product."""
        known = self._by_key.get(key(name))
        if known:
            return ProductName(known)
        if key(name) in {key(word) for word in word_list("all_products")} or name == ALL_PRODUCTS:
            return ProductName(ALL_PRODUCTS)
        stripped = name.strip()
        is_id = stripped == slug(stripped) or (plain_id(stripped) == stripped and stripped.isascii())
        return ProductName(stripped if is_id else own_id(name).replace("_", "-"), is_new=True)

    def knows(self, name: str) -> bool:
        """Whether `name` is a product's, or all products'."""
        return not self.understood(name).is_new


def is_generic_sheet(name: str) -> bool:
    """Whether a sheet's name says nothing about a product: `Sheet1`, `2026`, `KPIs`."""
    bare = key(name).rstrip("0123456789 ")
    return not bare or bare in {key(word) for word in word_list("generic_sheet")}
