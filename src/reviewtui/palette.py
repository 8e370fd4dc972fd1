"""The command palette: every action, metric, month and product, found by name.

Names from data are shown as plain text; the help of an entry is always a sentence of our own, as the palette reads
it as markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits, Provider

from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Entry(NamedTuple):
    """Something that can be chosen in the palette."""

    name: str
    """What is searched; made safe when shown."""
    kind: str
    """A fixed word of ours: what choosing it does."""
    run: Callable[[], object]
    offered: bool = False
    """Shown before anything is typed."""
    key: str = ""
    """The key that does the same."""


@runtime_checkable
class HasEntries(Protocol):
    """A screen that offers entries of its own."""

    def palette_entries(self) -> Iterable[Entry]:
        """What can be chosen here."""
        ...


class Finder(Provider):
    """Finds the entries of the screen below the palette and of the app."""

    def _entries(self) -> Iterable[Entry]:
        for owner in (self.screen, self.app):
            if isinstance(owner, HasEntries):
                yield from owner.palette_entries()

    async def discover(self) -> Hits:
        """What is offered before anything is typed."""
        for entry in self._entries():
            if entry.offered:
                name = safe_text(entry.name)
                yield DiscoveryHit(_shown(name, entry.key), entry.run, text=name, help=entry.kind)

    async def search(self, query: str) -> Hits:
        """Entries whose names resemble `query`, the matching letters underlined."""
        matcher = self.matcher(query)
        for entry in self._entries():
            name = safe_text(entry.name)
            score, offsets = matcher.fuzzy_search.match(query, name)
            if score <= 0:
                continue
            shown = _shown(name, entry.key)
            for offset in offsets:
                shown.stylize("bold underline", offset, offset + 1)
            yield Hit(score, shown, entry.run, text=name, help=entry.kind)


def _shown(name: str, key: str) -> Text:
    """A name with the key that does the same."""
    return Text.assemble(name, (f"  {key}", "dim")) if key else Text(name)
