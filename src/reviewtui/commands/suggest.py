"""What a person may have meant by a word that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LISTED = 8
"""How many names are listed where none is close."""


def closest(asked: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The known names most like `asked`, best first; case is ignored."""
    import difflib

    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(asked.lower(), by_lower, n=limit, cutoff=0.6)
    containing = [lower for lower in by_lower if len(asked) > 1 and asked.lower() in lower and lower not in near]
    return tuple(by_lower[lower] for lower in [*near, *containing][:limit])


def unknown(what: str, asked: str, known: Mapping[str, str]) -> UsageError:
    """The refusal of a `what` called `asked`; `known` maps every name a person may type to the id it stands for."""
    near = tuple(dict.fromkeys(known[name] for name in closest(asked, known)))
    if near:
        return UsageError(f"There is no {what} {asked!r}. Did you mean {' or '.join(near)}?")
    ids = tuple(dict.fromkeys(known.values()))
    if not ids:
        return UsageError(f"There is no {what} {asked!r}: the workspace has none.")
    more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
    return UsageError(f"There is no {what} {asked!r}. There are: {', '.join(ids[:LISTED])}{more}.")
