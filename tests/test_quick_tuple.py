"""The quick `NamedTuple` does what the one of the standard library does."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui import quick_tuple

Quick: Any
Usual: Any


class Quick(quick_tuple.NamedTuple):  # type: ignore[no-redef]
    name: str
    number: int = 3
    words: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        return 2 * self.number


class Usual(typing.NamedTuple):  # type: ignore[no-redef]
    name: str
    number: int = 3
    words: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        return 2 * self.number


def outcome(kind: Any, positions: list[Any], names: dict[str, Any]) -> object:
    """The values of an instance, or that it cannot be made."""
    try:
        return tuple(kind(*positions, **names))
    except TypeError:
        return TypeError


@given(
    st.lists(st.integers(0, 9), max_size=5),
    st.dictionaries(st.sampled_from(["name", "number", "words", "other"]), st.integers(0, 9)),
)
def test_every_call_gives_the_same_values_or_the_same_error(positions: list[Any], names: dict[str, Any]) -> None:
    assert outcome(Quick, positions, names) == outcome(Usual, positions, names)


def test_it_looks_compares_and_unpacks_alike() -> None:
    quick, usual = Quick("a", words=("b",)), Usual("a", words=("b",))
    assert repr(quick).replace("Quick", "Usual") == repr(usual)
    assert (quick.name, quick.number, quick.words, quick.twice) == ("a", 3, ("b",), 6)
    assert quick == ("a", 3, ("b",)) == usual
    assert hash(quick) == hash(usual)
    assert quick._replace(number=4) == usual._replace(number=4)
    assert type(quick._replace(number=4)) is Quick
    assert quick._asdict() == usual._asdict()
    assert (Quick._fields, Quick._field_defaults) == (Usual._fields, Usual._field_defaults)
    assert Quick._make(["a", 1, ()]) == Quick("a", 1)
    match quick:
        case Quick(name, number):
            assert (name, number) == ("a", 3)


def test_what_is_no_field_cannot_be_replaced_and_nothing_can_be_set() -> None:
    quick = Quick("a")
    with pytest.raises(ValueError, match="other"):
        quick._replace(other=1)
    with pytest.raises(AttributeError):
        quick.number = 1
    with pytest.raises(AttributeError):
        quick.other = 1


def test_it_can_be_copied_and_sent_to_another_process() -> None:
    quick = Quick("a", 4, ("b",))
    for again in (copy.copy(quick), copy.deepcopy(quick), pickle.loads(pickle.dumps(quick))):  # noqa: S301 - our own bytes
        assert again == quick
        assert type(again) is Quick


def test_fields_without_a_default_come_first() -> None:
    with pytest.raises(TypeError, match="follows"):

        class Wrong(quick_tuple.NamedTuple):
            name: str = ""
            number: int  # type: ignore[misc]
