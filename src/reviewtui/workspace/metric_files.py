"""What the file of one metric of the user's own says: `metrics/<id>.toml`, of the workspace or of a product.

Only the file itself is looked at here. Whether a formula can be read, and whether the ids in it exist, is judged where
all metrics are known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reviewtui.workspace import schema as check
from reviewtui.workspace.model import (
    AGGREGATES,
    CADENCES,
    METRIC_DIRECTIONS,
    METRIC_KINDS,
    CustomMetric,
    MetricVersion,
)
from reviewtui.workspace.product_files import SCHEMA_NUMBER, link
from reviewtui.workspace.schema import Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.workspace.schema import Schema, Spot

METRIC_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
LONGEST_ID = 80


def metric_of(data: Mapping[str, Any], spot: Spot, metric_id: str, product: str) -> CustomMetric | None:
    """The metric of one file; None, with a problem, where the file's name is no metric id."""
    if not METRIC_ID.fullmatch(metric_id) or len(metric_id) > LONGEST_ID:
        spot.report(
            f"`{check.shown(metric_id)}` cannot be the id of a metric, so this file is not used. Name the file with"
            " small letters a-z, digits and `_`, a letter first, and at most 80 characters, as `churn_risk.toml`;"
            " any name can be written inside, as `name`."
        )
        return None
    values = check.read_table(data, spot, METRIC_SCHEMA)
    values.pop("schema", None)
    first = _computation(data, values, spot, None)
    versions = _in_order(first, values.pop("version", ()))
    texts = {key: values.pop(key).strip() for key in ("name", "section", "unit") if key in values}
    lines = {key: spot.inside(key).line for key in data}
    kept = {key: values[key] for key in _KEPT if key in values}
    return CustomMetric(metric_id, spot.file.label, versions, product, lines=lines, **texts, **kept)


_KEPT = ("direction", "kind", "cadence", "aggregate", "owner", "links")
"""Settings that are used as they are written."""


def _computation(data: Mapping[str, Any], values: Mapping[str, Any], spot: Spot, key: Any) -> MetricVersion:
    """The version that `data` describes; `values` are its usable settings and `key` the month it holds from."""
    written = [name for name in ("formula", "sql") if name in data]
    definition = values.get("definition", "")
    if not written:
        return MetricVersion(key, definition, line=spot.line)
    place = spot.inside(written[-1])
    if len(written) == 2:
        reason = "there are both a formula and SQL"
        place.report("A metric has `sql` or `formula`, not both, so neither is used. Remove one of them.")
    elif written[0] not in values:
        reason = f"its {written[0]} is not a text"
    else:
        line, in_block = _text_place(place)
        return MetricVersion(key, definition, line=line, in_block=in_block, **{written[0]: values[written[0]]})
    return MetricVersion(key, definition, line=place.line, broken=reason)


def _text_place(spot: Spot) -> tuple[int | None, bool]:
    """The line on which the text of the setting here begins, and whether it goes on over lines of the file."""
    if spot.line is None:
        return None, False
    opening = spot.file.text.split("\n")[spot.line - 1].partition("=")[2].strip()
    if not opening.startswith(('"""', "'''")):
        return spot.line, False
    # A line end right after the opening marks is not part of the text.
    return spot.line + (len(opening) == 3), True


def _version(value: object, spot: Spot) -> tuple[MetricVersion, Spot]:
    entry = check.read_table(value, spot, _VERSION_SCHEMA)
    if "valid_from" not in entry or not isinstance(value, dict):
        raise Unusable('This version is not used: write from which month on it holds, as valid_from = "2026-04".')
    return _computation(value, entry, spot, entry["valid_from"]), spot


def _in_order(first: MetricVersion, dated: tuple[tuple[MetricVersion, Spot], ...]) -> tuple[MetricVersion, ...]:
    """All versions, oldest first; one that says nothing of the computation or the meaning keeps what was before."""
    by_month: dict[Any, MetricVersion] = {}
    for version, place in dated:
        if version.valid_from in by_month:
            place.report("Two versions hold from the same month; the first is used. Change one `valid_from`.")
        by_month.setdefault(version.valid_from, version)
    versions = [first]
    for month in sorted(by_month):
        version, before = by_month[month], versions[-1]
        if not (version.formula or version.sql or version.broken):
            version = replace(before, valid_from=version.valid_from, definition=version.definition)
        versions.append(replace(version, definition=version.definition or before.definition))
    return tuple(versions)


_VERSION_SCHEMA: Schema = {
    "valid_from": check.month,
    "definition": check.text,
    "formula": check.filled_text,
    "sql": check.filled_text,
}

METRIC_SCHEMA: Schema = {
    "schema": SCHEMA_NUMBER,
    "name": check.filled_text,
    "section": check.filled_text,
    "unit": check.text,
    "direction": check.one_of(METRIC_DIRECTIONS),
    "kind": check.one_of(METRIC_KINDS),
    "cadence": check.one_of(CADENCES),
    "aggregate": check.one_of(AGGREGATES),
    "definition": check.text,
    "owner": check.text,
    "links": check.tables(link),
    "formula": check.filled_text,
    "sql": check.filled_text,
    "version": check.tables(_version, also_one=True),
}
