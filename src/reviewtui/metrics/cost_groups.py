"""From the grouped rows of DuckDB to the groups that allocation works on."""

from __future__ import annotations

from decimal import Decimal
from sys import intern
from typing import TYPE_CHECKING

from reviewtui.costs.exact import multiply
from reviewtui.costs.inputs import LineGroup
from reviewtui.metrics.cost_lines import KEYS, group_select
from reviewtui.metrics.tags import read_tags, tag_value
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from reviewtui.metrics.cost_lines import LineSource
    from reviewtui.metrics.cost_request import Series

SERVICE_TAG = "service"
"""In FOCUS exports this tag names the service better than the provider does."""

_CURRENCY = KEYS.index("currency")
_ZERO = Decimal(0)


class RawGroup(NamedTuple):
    """One grouped row, as DuckDB gave it."""

    source: LineSource
    month: int
    day: int
    keys: tuple[str | None, ...]
    """Aligned with `KEYS`."""
    lines: int
    sums: tuple[Decimal | None, ...]
    """Cost and positive cost of each basis."""

    @property
    def currency(self) -> str:
        """The currency of its lines; empty where they do not say."""
        return self.keys[_CURRENCY] or ""


def raw_groups(
    source: LineSource, bases: Sequence[str], weeks_from: date | None, days_from: date | None = None
) -> Iterator[RawGroup]:
    """The groups of one relation, see `group_select`."""
    sql = group_select(
        source,
        bases,
        None if weeks_from is None else weeks_from.isoformat(),
        None if days_from is None else days_from.isoformat(),
    )
    last = 2 + len(KEYS)
    for row in source.connection.execute(sql).fetchall():
        yield RawGroup(source, row[0], row[1], tuple(row[2:last]), row[last], tuple(row[last + 1 :]))


def line_groups(
    raw: Iterable[RawGroup], bases: Sequence[str], factors: Mapping[int, Decimal], wanted: Sequence[Series]
) -> dict[str, tuple[LineGroup, ...]]:
    """Series to its groups, in the base currency; `factors` are the rates by month, if any are needed."""
    reader = _Tags()
    found: dict[str, list[LineGroup]] = {series.name: [] for series in wanted}
    places = [(series, bases.index(series.basis)) for series in wanted]
    for group in raw:
        region, service, _, _, component, category, _, _, _, billing = group.keys
        tags, is_tagged = reader.tags(group)
        if group.source.is_focus:
            service = tag_value(tags, SERVICE_TAG) or service
        factor = factors.get(group.month) if factors else None
        for series, place in places:
            cost, gross = group.sums[2 * place] or _ZERO, group.sums[2 * place + 1] or _ZERO
            if factor is not None:
                cost, gross = multiply(cost, factor), multiply(gross, factor)
            found[series.name].append(
                LineGroup(
                    int(billing) if series.period == "billing" and billing is not None else group.month,
                    group.day,
                    intern(region or ""),
                    intern(service or ""),
                    tags,
                    is_tagged,
                    intern(component or ""),
                    intern(category or ""),
                    cost,
                    # One value where they are equal: both cross to the other process.
                    cost if gross == cost else gross,
                    group.lines,
                )
            )
    return {name: tuple(groups) for name, groups in found.items()}


class _Tags:
    """Reads each distinct text of tags once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[tuple[str, ...], bool]] = {}

    def tags(self, group: RawGroup) -> tuple[tuple[str, ...], bool]:
        """The tags of a group's lines, and whether a person gave them any."""
        _, service, text, more, _, _, _, category, account, _ = group.keys
        is_focus = group.source.is_focus
        key = (is_focus, text, more, service, category, account) if is_focus else (text,)
        found = self._known.get(key)
        if found is None:
            own = (*read_tags(text), *read_tags(more))
            pairs = (("ServiceCategory", category), ("ServiceName", service), ("SubAccountName", account))
            given = tuple(f"{name}={value}" for name, value in pairs if value) if is_focus else ()
            found = self._known[key] = (tuple(dict.fromkeys((*own, *given))), bool(own))
        return found
