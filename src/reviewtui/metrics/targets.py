"""What people set for a metric: their targets, and the bands of a product's stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import format_value
from reviewtui.metrics.sheet import Direction, Target, Unit

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.workspace.model import Bands, Workspace

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
