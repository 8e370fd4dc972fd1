"""What the evaluation has to know from the workspace: plain values that cross into the child process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewtui.metrics.definitions import is_catalogue_id
from reviewtui.metrics.sheet import Unit

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from reviewtui.months import FiscalCalendar, Month
    from reviewtui.workspace.cost_model import CostModel
    from reviewtui.workspace.model import CustomMetric, KnownEvent, ProductConfig, SupportConfig, Workspace


RATES = (Unit.PERCENT, Unit.PERCENT_POINTS, Unit.RATIO, Unit.SCORE, Unit.DAYS)
"""Units whose values say nothing of a month that is not over."""


@dataclass(frozen=True, slots=True)
class SqlVersion:
    """SQL that computes a metric of the user's own for some months."""

    sql: str
    first: Month | None
    """None: from the beginning."""
    until: Month | None
    """The first month it does not compute; None: it has no end."""
    line: int | None
    in_block: bool


@dataclass(frozen=True, slots=True)
class SqlMetric:
    """A metric of the user's own that SQL computes."""

    id: str
    path: str
    product: str
    """Empty: every product that has no file of its own for it."""
    to_date: bool
    """Whether the open month shows the month so far."""
    is_quarterly: bool
    versions: tuple[SqlVersion, ...]


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """The settings that decide what the numbers are."""

    as_of: date
    base_currency: str
    time_zone: str
    fiscal: FiscalCalendar
    attribution: str
    period_end_is_exclusive: bool
    reactivation_window_days: int
    support: SupportConfig
    products: tuple[ProductConfig, ...]
    events: tuple[KnownEvent, ...]
    sql_metrics: tuple[SqlMetric, ...] = ()
    imports: tuple[Path, ...] = ()
    """The files of imported values, in the order of `Workspace.imports`."""
    cost_models: tuple[CostModel, ...] = ()

    @classmethod
    def of(cls, workspace: Workspace, as_of: date) -> EvaluationRequest:
        """The request for `workspace` as seen on the day `as_of`."""
        return cls(
            as_of=as_of,
            base_currency=workspace.base_currency,
            time_zone=workspace.time_zone,
            fiscal=workspace.fiscal,
            attribution=workspace.attribution,
            period_end_is_exclusive=workspace.period_end_is_exclusive,
            reactivation_window_days=workspace.reactivation_window_days,
            support=workspace.support,
            imports=workspace.imports,
            cost_models=workspace.cost_models,
            products=tuple(_computed_from(product) for product in workspace.products),
            events=workspace.events,
            sql_metrics=tuple(
                _sql_metric(file)
                for file in workspace.custom_metrics
                if any(version.sql for version in file.versions) and not is_catalogue_id(file.id)
            ),
        )


def _computed_from(product: ProductConfig) -> ProductConfig:
    """Without what is only shown: a change of it is no reason to compute again."""
    return replace(product, owner="", target={}, links=(), hidden_metrics=(), metric_order=(), lines={})


def _sql_metric(file: CustomMetric) -> SqlMetric:
    ends = [version.valid_from for version in file.versions[1:]] + [None]
    versions = tuple(
        SqlVersion(version.sql, version.valid_from, until, version.line, version.in_block)
        for version, until in zip(file.versions, ends, strict=True)
        if version.sql
    )
    to_date = file.unit.casefold() not in RATES
    return SqlMetric(file.id, file.path, file.product, to_date, file.cadence == "quarterly", versions)
