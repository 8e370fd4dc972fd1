"""Which cost lines more than one rule matches, by their ids."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from reviewtui.costs.tally import Sorter, registered_tags
from reviewtui.metrics.cost_lines import KEYS, LineSource
from reviewtui.metrics.parameters import MONTH_OF
from reviewtui.metrics.sql_files import insert_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.costs.inputs import LineGroup
    from reviewtui.metrics.cost_groups import RawGroup
    from reviewtui.workspace.cost_model import CostModel

MOST_IDS = 10_000
"""Ids that are listed of a product, month and region; the rest is counted."""

Place = tuple[str, int, str]
"""(product, month, region)."""


def overlapping_lines(
    raw: Sequence[RawGroup],
    groups: Mapping[str, Sequence[LineGroup]],
    models: Sequence[CostModel],
    bases: Sequence[str],
) -> dict[Place, tuple[str, ...]]:
    """The ids of lines that two rules match, in their order; `groups` are the `raw` ones of each series."""
    registered = registered_tags(models)
    wanted: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for model in models:
        sorter = Sorter(model, registered)
        for place, group in enumerate(groups[model.series]):
            if len(sorter.book.matches(group).rules) > 1 and not sorter.is_excluded(group):
                wanted[place].add((model.product_id, group.month))
    by_source: dict[int, list[int]] = defaultdict(list)
    for place in wanted:
        by_source[id(raw[place].source)].append(place)
    found: dict[Place, list[str]] = defaultdict(list)
    for places in by_source.values():
        source = raw[places[0]].source
        for place, line_id in _lines(source, bases, {place: raw[place] for place in places}):
            for product, month in wanted[place]:
                found[product, month, raw[place].keys[0] or ""].append(line_id)
    return {key: _shortened(sorted(ids)) for key, ids in found.items()}


def _lines(source: LineSource, bases: Sequence[str], groups: Mapping[int, RawGroup]) -> list[tuple[int, str]]:
    """(group, line id) of the lines in `groups`."""
    joined = joined_lines(source, bases, groups)
    rows = source.connection.execute(f"select w.place, coalesce(l.line_id, '') {joined}").fetchall()
    return [(int(place), str(line_id)) for place, line_id in rows]


def joined_lines(source: LineSource, bases: Sequence[str], groups: Mapping[int, RawGroup]) -> str:
    """SQL, from `from` on, of the lines `l` of a source with the `w.place` of their group among `groups`."""
    connection = source.connection
    columns = ", ".join(f"{name} varchar" for name in KEYS)
    connection.execute(f"create or replace temp table wanted_group (place integer, month integer, {columns})")
    # Weeks split what is one group here.
    distinct: dict[tuple[object, ...], int] = {}
    for place, group in groups.items():
        distinct.setdefault((group.month, *group.keys), place)
    insert_rows(connection, "wanted_group", [(place, *key) for key, place in distinct.items()])
    same = " and ".join(f"l.{name} is not distinct from w.{name}" for name in KEYS)
    month = MONTH_OF.format("l.day")
    return f"from ({source.lines(bases)}) l join wanted_group w on {month} = w.month and {same}"


def _shortened(ids: list[str]) -> tuple[str, ...]:
    if len(ids) <= MOST_IDS:
        return tuple(ids)
    return (*ids[:MOST_IDS], f"and {len(ids) - MOST_IDS} more")
