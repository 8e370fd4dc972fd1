"""What is hidden in the demo's data: read from `fixtures/demo/stories.toml`, the one place that says when."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.demo.timeline import LATEST
from reviewtui.paths import fixtures_dir

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Story:
    """One thing that happened to one product."""

    id: str
    product: str
    first: int
    """Index of its first month (see `timeline`)."""
    months: int
    metrics: tuple[str, ...]
    """Metrics that show it."""
    what: str
    """What happened, in a sentence or two."""


def load_stories() -> Mapping[str, Story]:
    """Every story by its id."""
    tables = tomllib.loads((fixtures_dir() / "demo" / "stories.toml").read_text("utf-8"))
    return {
        key: Story(
            id=key,
            product=table["product"],
            first=LATEST - table["before"],
            months=table["months"],
            metrics=tuple(table["metrics"]),
            what=table["what"],
        )
        for key, table in tables.items()
    }
