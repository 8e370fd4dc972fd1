"""The registry of tags: what each means, and which other spellings mean the same."""

from __future__ import annotations

from dataclasses import dataclass

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, name_set, stored, stored_rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """One tag, such as `theme/export`, `request/dark-mode`, `competitor/acme` or `persona/engineer`."""

    id: str = stored(check.filled_text, "The tag itself.")
    description: str = stored(check.text, "What it stands for.", default="")
    aliases: tuple[str, ...] = stored(name_set, "Other spellings that mean the same.", default=(), shape=Shape.SET)


@dataclass(frozen=True, kw_only=True, slots=True)
class TagRegistry(Record):
    """The tags that are known; others may be used, and are listed as unknown."""

    tags: tuple[Tag, ...] = stored_rows(Tag, "The tags.")


TAG_REGISTRY: RecordKind[TagRegistry] = RecordKind(
    name="tags",
    plural="tag registries",
    record=TagRegistry,
    place="tags.toml",
)
