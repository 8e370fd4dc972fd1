"""What people set for a metric: their targets, and the bands of a product's stage."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from reviewtui.metrics.derived import misses_target
from reviewtui.metrics.formats import format_value
from reviewtui.metrics.sheet import Direction, Status, Target, Unit

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.months import Month
    from reviewtui.workspace.model import Bands, Workspace

BELOW_TARGET, ABOVE_TARGET = "▽", "△"
"""Hollow, so that they are not taken for those of what was expected."""
MEAN_MONTHS = 3
"""Bands of stages say what is wanted on average."""
_MEANS = ("mrr_growth_3m", "nrr_rolling_3m")
"""Metrics that are a mean of months already."""
_NOT_SETTLED = (Status.PARTIAL, Status.FORECAST)

_SHORT = (Unit.PERCENT, Unit.PERCENT_POINTS, Unit.SCORE)
"""Units that people set round numbers in."""


def targets_of(workspace: Workspace, sheet: MetricSheet) -> dict[tuple[str, str], Target]:
    """(product id, metric id) to its target; a product's own wins over the band of its stage."""
    metrics = {metric.id: metric for metric in sheet.metrics}
    targets: dict[tuple[str, str], Target] = {}
    for product in workspace.products:
        of_stage = workspace.stages.get(product.stage, {})
        bands: tuple[tuple[Bands, str], ...] = ((of_stage, product.stage), (product.target, ""))
        for written, stage in bands:
            for metric, band in written.items():
                if metric in metrics:
                    key = (product.product_id, metric)
                    direction = sheet.meaning(product.product_id, metrics[metric]).direction
                    targets[key] = _target(band, direction, stage)
    return targets


def _target(band: float | tuple[float, float], direction: Direction, stage: str) -> Target:
    """A single number is the least that is wanted, or the most where less is better."""
    if isinstance(band, tuple):
        return Target(*band, stage)
    return Target(None, band, stage) if direction is Direction.DOWN else Target(band, None, stage)


def judged_value(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> float | None:
    """What a target is held against: the value, for a band of a stage the mean of three months; None: nothing yet."""
    cell = sheet.cell(product, metric.id, month)
    if cell.value is None or cell.status in _NOT_SETTLED:
        return None
    target = sheet.targets.get((product, metric.id))
    if target is None or not target.stage or metric.id in _MEANS:
        return cell.value
    cells = [sheet.cell(product, metric.id, month - back) for back in range(MEAN_MONTHS)]
    values = [each.value for each in cells if each.value is not None and each.status not in _NOT_SETTLED]
    return fsum(values) / len(values)


def target_mark(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> str:
    """The sign of a target that is missed, on which side; empty where it is met, or nothing is set or known."""
    target = sheet.targets.get((product, metric.id))
    value = None if target is None else judged_value(sheet, product, metric, month)
    if target is None or value is None or not misses_target(value, target, metric):
        return ""
    return BELOW_TARGET if target.low is not None and value < target.low else ABOVE_TARGET


def target_words(target: Target, value: float | None, unit: str) -> str:
    """`Target at least 9.0 % · met`; without a verdict where there is no `value` to judge."""
    whose = f"Target of the {target.stage} stage" if target.stage else "Target"
    low, high = (_shown(end, unit) for end in (target.low, target.high))
    wanted = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    words = f"{whose} {wanted}"
    if value is None:
        return words
    if target.low is not None and value < target.low:
        return f"{words} · below"
    if target.high is not None and value > target.high:
        return f"{words} · above"
    return f"{words} · met"


def _shown(end: float | None, unit: str) -> str:
    return format_value(end, unit, full=unit not in _SHORT)
