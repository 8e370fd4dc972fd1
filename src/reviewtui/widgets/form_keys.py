"""Keys that mean something to a form, which the toolkit's editors have other uses for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType

FORM_KEYS = frozenset({"ctrl+e", "ctrl+r", "ctrl+s", "ctrl+t"})


def without_form_keys(bindings: Iterable[BindingType]) -> list[BindingType]:
    """The bindings of an editor, less the keys of a form."""
    kept: list[BindingType] = []
    for binding in bindings:
        if isinstance(binding, Binding):
            keys = [key for key in binding.key.split(",") if key not in FORM_KEYS]
            if keys:
                kept.append(replace(binding, key=",".join(keys)))
    return kept
