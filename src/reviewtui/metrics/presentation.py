"""What the workspace's own files add to the computed numbers: formulas, targets, and what is shown of each product."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.catalogue import SECTIONS
from reviewtui.metrics.definitions import EVERY_PRODUCT, naming_problems, read_definitions
from reviewtui.metrics.described import describe
from reviewtui.metrics.formula_rows import Calendar, FormulaRows
from reviewtui.metrics.sheet import Layout, Redefinition
from reviewtui.metrics.targets import targets_of
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewtui.metrics.definitions import Definitions
    from reviewtui.metrics.formula_rows import Row
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.workspace.model import Workspace


def present(sheet: MetricSheet, workspace: Workspace) -> MetricSheet:
    """`sheet` as `workspace` wants it shown; quick, and nothing is read."""
    sheet = replace(sheet, events=workspace.events, false_alarms_per_1000=workspace.false_alarms_per_1000)
    if workspace.custom_metrics:
        sheet = _with_own_metrics(sheet, workspace)
    known = {metric.id for metric in sheet.metrics}
    return replace(
        sheet,
        targets=targets_of(workspace, sheet),
        layouts={
            product.product_id: Layout(product.hidden_metrics, product.metric_order)
            for product in workspace.products
            if product.hidden_metrics or product.metric_order
        },
        problems=(*sheet.problems, *naming_problems(workspace, known)),
    )


def _with_own_metrics(sheet: MetricSheet, workspace: Workspace) -> MetricSheet:
    """The sheet with the workspace's own metrics described, and computed where a formula says how."""
    metrics = {metric.id: metric for metric in sheet.metrics}
    definitions = read_definitions(workspace, metrics.keys())
    described = describe(definitions, metrics)
    for (owner, metric_id), metric in described.items():
        if owner == EVERY_PRODUCT or metric_id not in metrics:
            metrics[metric_id] = metric
    names = {metric.id: metric.name for metric in metrics.values()}
    calendar = Calendar(sheet.months, Month.of(sheet.as_of), workspace.fiscal)
    rows = FormulaRows(sheet, definitions, names, calendar)
    return replace(
        sheet,
        rows=ChainMap(cast("dict[tuple[str, str], Row]", rows), cast("dict[tuple[str, str], Row]", sheet.rows)),
        metrics=_by_section(metrics.values()),
        own_metrics={key: metric for key, metric in described.items() if key[0] != EVERY_PRODUCT},
        redefinitions=(*sheet.redefinitions, *_redefinitions(sheet, definitions)),
        problems=(*sheet.problems, *definitions.problems, *_idle(definitions, described)),
    )


def _by_section(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """In the order of their sections: the program's, then the user's own as they come."""
    listed = list(metrics)
    places = {name: k for k, name in enumerate(dict.fromkeys((*SECTIONS, *(metric.section for metric in listed))))}
    return tuple(sorted(listed, key=lambda metric: places[metric.section]))


def _redefinitions(sheet: MetricSheet, definitions: Definitions) -> Iterator[Redefinition]:
    """Where a metric means something else than before: a new version of it, or of what its formula needs."""
    for product in sheet.products:
        plan = definitions.plan(product.id)
        known = {(m, item.month) for item in sheet.redefinitions if item.product == product.id for m in item.metrics}
        changes: dict[str, set[Month]] = {}
        for metric, month in known:
            changes.setdefault(metric, set()).add(month)
        for file in definitions.described:
            if file.product in (EVERY_PRODUCT, product.id):
                # A product's own file comes later and replaces what the workspace's says.
                changes[file.id] = {version.valid_from for version in file.versions if version.valid_from is not None}
        for definition in plan.order:
            for operand in definition.operands:
                changes.setdefault(definition.file.id, set()).update(changes.get(operand, ()))
        pairs = {(metric, month) for metric, months in changes.items() for month in months} - known
        yield from (Redefinition(product.id, month, (metric,)) for metric, month in sorted(pairs))


def _idle(definitions: Definitions, described: Mapping[tuple[str, str], Metric]) -> Iterator[Problem]:
    """Files that describe a metric which nothing brings."""
    for file in definitions.described:
        if (file.product, file.id) not in described:
            message = (
                f"Nothing gives values for `{file.id}`. Add a `formula` or `sql` to this file, or import values under"
                " this id."
            )
            yield Problem(file.path, None, message, Severity.WARNING)
