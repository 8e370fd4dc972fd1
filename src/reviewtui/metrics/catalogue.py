"""The catalogue of metrics the program computes, read from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from reviewtui.metrics.sheet import Direction, Metric

SECTIONS = ("revenue", "usage", "nps", "support", "cost")
"""The sections in the order the grid shows them; a user's own follow."""

REVENUE_SHARE = "revenue_share"
"""The catalogue's entry for the family of metrics `revenue_share.<group>`."""


@cache
def load_catalogue() -> tuple[Metric, ...]:
    """Every metric of the catalogue, in the order the grid shows them."""
    text = resources.files("reviewtui.metrics").joinpath("catalogue.toml").read_text("utf-8")
    return tuple(_metric(entry) for entry in tomllib.loads(text)["metric"])


def _metric(entry: dict[str, Any]) -> Metric:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Metric(**{**entry, **lists, "direction": Direction(entry.get("direction", "neutral"))})
