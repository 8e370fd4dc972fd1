"""What a metric of the user's own says of itself, as the sheet shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.catalogue import SECTIONS
from reviewtui.metrics.definitions import EVERY_PRODUCT, is_catalogue_id
from reviewtui.metrics.request import RATES
from reviewtui.metrics.sheet import DefinitionVersion, Direction, Metric, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.metrics.definitions import Definition, Definitions
    from reviewtui.metrics.formula import Formula
    from reviewtui.workspace.model import CustomMetric, MetricVersion

OTHER_SECTION = "other"
"""The section of a metric that names none."""


def describe(definitions: Definitions, metrics: Mapping[str, Metric]) -> dict[tuple[str, str], Metric]:
    """(product id or `EVERY_PRODUCT`, metric id) to the metric; `metrics` are those the computed sheet knows.

    A file that neither computes nor describes a metric of the sheet is not in it.
    """
    computed = {(item.file.product, item.file.id): item for plan in definitions.plans.values() for item in plan.order}
    # In the order of computation, so that what a formula needs is described before it.
    places = {key: place for place, key in enumerate(computed)}
    described: dict[tuple[str, str], Metric] = {}
    known = dict(metrics)
    for file in sorted(definitions.described, key=lambda file: places.get((file.product, file.id), len(places))):
        base = known.get(file.id)
        if base is None and not file.is_computed:
            continue
        metric = _metric(file, base, computed.get((file.product, file.id)), known)
        described[file.product, file.id] = metric
        if file.product == EVERY_PRODUCT or base is None:
            known[file.id] = metric
    order = [(file.product, file.id) for file in definitions.described]
    return {key: described[key] for key in order if key in described}


def _metric(
    file: CustomMetric, base: Metric | None, definition: Definition | None, known: Mapping[str, Metric]
) -> Metric:
    if base is not None and is_catalogue_id(file.id):
        return base._replace(name=file.name or base.name, owner=file.owner, links=file.links)
    versions = tuple(
        DefinitionVersion(item.valid_from, item.definition, _formula(item, file)) for item in file.versions
    )
    newest = definition.formulas[-1] if definition else None
    return Metric(
        id=file.id,
        name=file.name or file.id,
        section=_one_of(SECTIONS, file.section) or OTHER_SECTION,
        unit=_one_of(tuple(Unit), file.unit),
        direction=Direction(file.direction),
        kind=file.kind,
        cadence=file.cadence,
        definition=versions[-1].definition,
        formula=versions[-1].formula,
        numerator=_side(newest.numerator, known) if newest else "",
        denominator=_side(newest.denominator, known) if newest else "",
        needs=_needs(newest, known),
        partial=_partial(file, newest),
        aggregate=file.aggregate,
        owner=file.owner,
        links=file.links,
        versions=versions if len(versions) > 1 else (),
    )


def _one_of(words: tuple[str, ...], written: str) -> str:
    """The word of the program's own that is meant, in whatever case it is written; else what is written."""
    return next((word for word in words if word == written.casefold()), written)


def _formula(version: MetricVersion, file: CustomMetric) -> str:
    return f"the SQL in {file.path}" if version.sql else " ".join(version.formula.split())


def _partial(file: CustomMetric, newest: Formula | None) -> str:
    """What the open month shows, as at `Metric.partial`."""
    is_rate = newest.is_rate if newest else file.unit.casefold() in RATES
    return "empty" if is_rate else "to_date"


def _side(written: str, known: Mapping[str, Metric]) -> str:
    """One side of a quotient in words: the name of the metric, where it is a single one."""
    metric = known.get(written.strip("`"))
    return metric.name if metric else " ".join(written.split())


def _needs(formula: Formula | None, known: Mapping[str, Metric]) -> tuple[str, ...]:
    operands = formula.metrics if formula else ()
    return tuple(dict.fromkeys(need for name in operands if name in known for need in known[name].needs))
