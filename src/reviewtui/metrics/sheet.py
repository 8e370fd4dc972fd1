"""The computed numbers: one cell for each product, metric and month.

A `MetricSheet` is a plain value: it knows nothing of DuckDB or of a screen, crosses the process boundary as it
is, and never changes. Rates and shares are fractions, money is in the workspace's base currency.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from datetime import date

    from reviewtui.errors import Problem
    from reviewtui.months import Month
    from reviewtui.sources.state import SourceState
    from reviewtui.workspace.known import KnownEvent, Link

ALL_PRODUCTS = "*"
"""Product id of the rows for all products together."""


class Status(StrEnum):
    """What a cell's value is worth; `contract.md` 4 names them, in the order of `STATUS_ORDER`."""

    MISSING = "missing"
    NA = "na"
    FORECAST = "forecast"
    PARTIAL = "partial"
    IMMATURE = "immature"
    LOW_N = "low_n"
    RESTATED = "restated"
    OK = "ok"


class CellSource(StrEnum):
    """Where a value comes from."""

    COMPUTED = "computed"
    IMPORTED = "imported"
    CUSTOM = "custom"


class Cell(NamedTuple):
    """One value of one metric in one month."""

    value: float | None
    """None where there is none; `status` and `note` then say why."""
    status: Status
    n: float | None = None
    """Denominator or sample size, where the metric has one."""
    numerator: float | None = None
    denominator: float | None = None
    source: CellSource = CellSource.COMPUTED
    note: str = ""
    """Why there is no value, or what a reader of the value should know; a plain sentence or empty."""


MISSING_CELL = Cell(None, Status.MISSING)

LOW_N_BELOW = 10
"""Fewer answers than this say little about a score."""


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class Unit(StrEnum):
    """How a value is written."""

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    """A fraction, shown as per cent; its changes are shown in percent points."""
    PERCENT_POINTS = "percent points"
    """A difference of two fractions, stored as a fraction too."""
    SCORE = "score"
    RATIO = "ratio"
    DAYS = "days"


class Aggregate(StrEnum):
    """How the value of a quarter follows from the values of its months."""

    SUM = "sum"
    """Flows add up: new MRR, tickets created."""
    LAST = "last"
    """Stocks, and rates over a window that ends with the month: the value of the closing month."""
    RATIO = "ratio"
    """Numerators and denominators both add up: their sums are divided."""
    OPENING = "opening"
    """Numerators add up, the denominator is a stock: the sum over what the quarter opened with."""
    NONE = "none"
    """It cannot be put together from the months."""


class DefinitionVersion(NamedTuple):
    """What a metric means, and how it is computed, from a month on."""

    valid_from: Month | None
    """None: from the beginning."""
    definition: str
    formula: str = ""


class Metric(NamedTuple):
    """What a row of the grid means."""

    id: str
    name: str
    section: str
    """`revenue`, `usage`, `nps`, `support`, `cost`, or a section of the user's own."""
    unit: str
    """A `Unit`, or any text of the user's own."""
    direction: Direction = Direction.NEUTRAL
    kind: str = "output"
    """`input` (a thing the team acts on) or `output` (what follows from it)."""
    cadence: str = "monthly"
    """`monthly`, or `quarterly`: a value in quarter-closing months only."""
    definition: str = ""
    """What it says, for a reader who has never seen it."""
    formula: str = ""
    """How it is computed, in the words of the definition."""
    numerator: str = ""
    """What `Cell.numerator` counts; empty where the metric is not a quotient."""
    denominator: str = ""
    needs: tuple[str, ...] = ()
    """Canonical input tables, any one alternative in each entry separated by `|`."""
    growth_of: str = ""
    """The metric whose month-on-month growth this is; empty otherwise."""
    query: str = ""
    """The SQL file that computes it; its value is the column of the metric's id."""
    parts: tuple[str, ...] = ()
    """Columns of numerator and denominator; the denominator is also the sample size `n`."""
    sample: str = ""
    """Column of the sample size, where there are no parts."""
    partial: str = "empty"
    """In the open month: `to_date` shows the month so far, `empty` shows nothing (rates, growth, absences)."""
    aggregate: str = ""
    """How a quarter follows from its months: an `Aggregate`; empty where it is not known."""
    owner: str = ""
    """Who answers for it."""
    links: tuple[Link, ...] = ()
    is_share: bool = False
    """Whether it counts a part of what its denominator counts, so that it lies between 0 and 1."""
    versions: tuple[DefinitionVersion, ...] = ()
    """All definitions it has had, oldest first, where it has had several; `definition` and `formula` are the newest."""

    def defined_in(self, month: Month) -> DefinitionVersion:
        """The definition that holds in `month`."""
        valid = [item for item in self.versions if item.valid_from is None or item.valid_from <= month]
        return valid[-1] if valid else DefinitionVersion(None, self.definition, self.formula)


class Product(NamedTuple):
    """A product as the grid shows it."""

    id: str
    name: str
    stage: str = ""
    slug: str = ""


class Redefinition(NamedTuple):
    """From `month` on, metrics of a product mean something else than before."""

    product: str
    month: Month
    metrics: tuple[str, ...] = ()
    """Empty: all of the product's metrics."""


class Target(NamedTuple):
    """What a metric of a product should reach: at least `low`, at most `high`."""

    low: float | None
    high: float | None
    stage: str = ""
    """The stage whose band it is; empty where the product sets it itself."""


class Layout(NamedTuple):
    """Which metrics of a product are shown, and which come first in their section."""

    hidden: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


SHOW_ALL = Layout()


@dataclass(frozen=True)
class MetricSheet:
    """Every metric of every product for a run of months."""

    as_of: date
    months: tuple[Month, ...]
    products: tuple[Product, ...]
    """In the order to show; the row for all products together (`ALL_PRODUCTS`) is last where there is one."""
    metrics: tuple[Metric, ...]
    """In the order to show; sections are contiguous."""
    rows: Mapping[tuple[str, str], tuple[Cell, ...]]
    """(product id, metric id) to one cell a month, aligned with `months`; absent rows have no data at all."""
    currency: str = "USD"
    attribution: str = "period_end"
    problems: tuple[Problem, ...] = ()
    sources: tuple[SourceState, ...] = ()
    redefinitions: tuple[Redefinition, ...] = ()
    own_metrics: Mapping[tuple[str, str], Metric] = field(default_factory=dict)
    """(product id, metric id) to what the metric means for this product, where that is not what it means for others."""
    targets: Mapping[tuple[str, str], Target] = field(default_factory=dict)
    """(product id, metric id) to what people set for it."""
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    """Product id to what is shown of it, where people changed that."""
    fiscal_year_start: int = 1
    """Number of the month in which the fiscal year begins."""
    events: tuple[KnownEvent, ...] = ()
    """What is known to have happened, as people wrote it down."""
    false_alarms_per_1000: float = 25.0
    """How many of 1,000 ordinary cells people accept to be flagged."""
    is_complete: bool = True
    """Whether nothing was cut short for lack of time or memory: another computation need not give more."""
    _position: Mapping[Month, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_position", {month: place for place, month in enumerate(self.months)})

    @property
    def is_lasting(self) -> bool:
        """Whether the same sources and settings give the same numbers again."""
        return self.is_complete and not any(state.problem for state in self.sources)

    def row(self, product: str, metric: str) -> tuple[Cell, ...]:
        """The cells of one metric, one a month; all missing where the product has no data for it."""
        cells = self.rows.get((product, metric))
        return cells if cells is not None else (MISSING_CELL,) * len(self.months)

    def cell(self, product: str, metric: str, month: Month) -> Cell:
        """One cell; missing outside `months`."""
        place = self._position.get(month)
        return MISSING_CELL if place is None else self.row(product, metric)[place]

    def is_comparable(self, product: str, metric: str, earlier: Month, later: Month) -> bool:
        """Whether a metric means the same in both months."""
        return not any(
            item.product == product and earlier < item.month <= later and (not item.metrics or metric in item.metrics)
            for item in self.redefinitions
        )

    def meaning(self, product: str, metric: Metric) -> Metric:
        """What `metric` is for `product`: its own metric of that id, where it has one."""
        return self.own_metrics.get((product, metric.id), metric)

    def metrics_of(self, product: str, *, hidden: bool = False) -> tuple[Metric, ...]:
        """The metrics that have at least one row for `product`, in its order; `hidden` ones only if asked for."""
        layout = self.layouts.get(product, SHOW_ALL)
        left_out = () if hidden else layout.hidden
        metrics = [
            self.meaning(product, item)
            for item in self.metrics
            if (product, item.id) in self.rows and item.id not in left_out
        ]
        if layout.order:
            places = {metric: place for place, metric in enumerate(layout.order)}
            sections = {metric.section: place for place, metric in reversed(list(enumerate(metrics)))}
            metrics.sort(key=lambda item: (sections[item.section], places.get(item.id, len(places))))
        return tuple(metrics)

    def with_rows(self, rows: Mapping[tuple[str, str], tuple[Cell, ...]]) -> MetricSheet:
        """The same sheet with `rows` in place of, or beside, the ones it has; nothing is copied."""
        base = cast("MutableMapping[tuple[str, str], tuple[Cell, ...]]", self.rows)
        return replace(self, rows=ChainMap(dict(rows), base))
