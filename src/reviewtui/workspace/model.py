"""What a workspace says, as plain values.

Every value has a default, so that a `reviewtui.toml` with one line naming a DuckDB file is a whole workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from reviewtui.months import FiscalCalendar
from reviewtui.workspace import known, place

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.errors import Problem
    from reviewtui.months import Month
    from reviewtui.workspace.cost_model import CostModel
    from reviewtui.workspace.snapshot_files import Snapshot

WORKSPACE_FILE = place.WORKSPACE_FILE
LOCAL_FILE = place.LOCAL_FILE
PRODUCTS_FOLDER = place.PRODUCTS_FOLDER
PRODUCT_FILE = place.PRODUCT_FILE
EVENTS_FOLDER = place.EVENTS_FOLDER
IMPORTS_FOLDER = place.IMPORTS_FOLDER
METRICS_FOLDER = place.METRICS_FOLDER
REVIEWS_FOLDER = place.REVIEWS_FOLDER
SNAPSHOT_FILE = place.SNAPSHOT_FILE
ALL_PRODUCTS_SLUG = "_all"
"""The folder below `products` that stands for all products together."""
SCHEMA = 1
ATTRIBUTIONS = ("period_end", "period_start", "month_start_snapshot")
STAGES = ("idea", "beta", "growth", "mature")
HOURS_MODES = ("weekday_24h", "calendar")
EVENT_KINDS = ("price", "launch", "definition", "stage", "other")
METRIC_DIRECTIONS = ("up", "down", "neutral")
METRIC_KINDS = ("input", "output")
CADENCES = ("monthly", "quarterly")
AGGREGATES = ("sum", "last", "ratio", "opening", "none")
"""How a quarter follows from its months."""
SOURCE_KINDS = ("duckdb", "focus")
PULLED_KIND = "pulled"
"""The kind of the source that `reviewtui pull` makes; nobody writes it."""
PULLED_ROWS_KIND = "pulled rows"
"""The kind of the source that `reviewtui pull --rows` makes beside it."""
ENGINE_KINDS = ("spark", "postgresql", "clickhouse")
RESERVED_SOURCE_NAMES = ("main", "temp", "system", "memory")

KnownEvent = known.KnownEvent
Link = known.Link

Bands = Mapping[str, float | tuple[float, float]]
"""Metric id to a lower bound, or to (low, high)."""


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One `[[source]]`."""

    name: str
    path: Path
    """Absolute; `~`, `${VAR}` and `local.toml` applied. Not resolved through symbolic links."""
    kind: str = "duckdb"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ViewConfig:
    """One entry of `[views]`: a SELECT that yields the canonical input table `table`."""

    table: str
    sql: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """One `[[engine]]`: a database that computes the metrics for `reviewtui pull`."""

    name: str
    kind: str
    """One of `ENGINE_KINDS`."""
    dsn: str = ""
    url: str = ""
    master: str = ""
    catalog: str = ""
    schema: str = ""
    """Where its tables are; empty: the engine's usual place."""
    user: str = ""
    password_env: str = ""
    parquet: Mapping[str, str] = field(default_factory=dict)
    """Canonical table to the path of its files, as written."""
    views: Mapping[str, ViewConfig] = field(default_factory=dict)
    """Canonical table to a SELECT in the engine's dialect."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Settings of the engine's own."""
    line: int | None = None

    @property
    def password_variable(self) -> str:
        """The environment variable that holds its password."""
        return self.password_env or f"REVIEWTUI_{self.name.upper()}_PASSWORD"


def rows_source_name(engine: str) -> str:
    """The name of the source with the rows that were pulled from `engine`."""
    return f"{engine} rows"


@dataclass(frozen=True, slots=True)
class SupportConfig:
    """`[support]`: reply targets by priority."""

    hours_mode: str = "weekday_24h"
    first_reply_hours: Mapping[str, float] = field(default_factory=lambda: {"high": 12.0, "normal": 24.0})
    escalated_business_days: Mapping[str, float] = field(default_factory=lambda: {"high": 2.0, "normal": 4.0})


@dataclass(frozen=True, slots=True)
class Criterion:
    """One activation criterion: `event` at least `count` times."""

    event: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class ActivationVersion:
    """Activation as defined for intents from month `valid_from` on (None: from the beginning)."""

    criteria: tuple[Criterion, ...]
    window_days: int = 14
    valid_from: Month | None = None


@dataclass(frozen=True, slots=True)
class ProductConfig:
    """One `products/<slug>/product.toml`."""

    product_id: str
    slug: str
    name: str = ""
    stage: str = ""
    owner: str = ""
    key_action: tuple[str, ...] = ()
    activation: tuple[ActivationVersion, ...] = ()
    revenue_share: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    target: Bands = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    hidden_metrics: tuple[str, ...] = ()
    """Metrics that are not shown of it."""
    metric_order: tuple[str, ...] = ()
    """Metrics that come first in their section."""
    lines: Mapping[tuple[str, str], int | None] = field(default_factory=dict, compare=False, repr=False)
    """(setting, metric id) to where it is written, for the settings that name metrics."""


@dataclass(frozen=True, slots=True)
class MetricVersion:
    """How a metric of the user's own is computed from month `valid_from` on (None: from the beginning)."""

    valid_from: Month | None = None
    definition: str = ""
    formula: str = ""
    sql: str = ""
    """A formula, SQL or neither: the metric is then imported, or not defined yet."""
    line: int | None = None
    """Where the formula or the SQL begins in the file."""
    in_block: bool = False
    """Whether it is a text of several lines, so that its lines are lines of the file."""
    broken: str = ""
    """Why what is written for it cannot be used; empty where it can."""


@dataclass(frozen=True, slots=True)
class CustomMetric:
    """One `metrics/<id>.toml`, of the workspace or of one product."""

    id: str
    path: str
    """From the workspace's root."""
    versions: tuple[MetricVersion, ...]
    """At least one, oldest first; the first holds from the beginning."""
    product: str = ""
    """The product it is for; empty: every product."""
    name: str = ""
    section: str = ""
    unit: str = ""
    direction: str = "neutral"
    kind: str = "output"
    cadence: str = "monthly"
    aggregate: str = ""
    """One of `AGGREGATES`; empty: nobody said."""
    owner: str = ""
    links: tuple[Link, ...] = ()
    lines: Mapping[str, int | None] = field(default_factory=dict, compare=False, repr=False)
    """The settings that are written, and where."""

    @property
    def is_computed(self) -> bool:
        """Whether it says how its values come about."""
        return any(version.formula or version.sql or version.broken for version in self.versions)


DEFAULT_STAGES: Mapping[str, Bands] = MappingProxyType(
    {"mature": {"mrr_growth_3m": 0.09}, "growth": {"mrr_growth_3m": (0.15, 0.20)}}
)


@dataclass(frozen=True)
class Workspace:
    """Everything the workspace's own files say; unusable parts are in `problems` and at their defaults."""

    root: Path
    name: str = ""
    base_currency: str = "USD"
    time_zone: str = "UTC"
    fiscal_year_start: int = 1
    attribution: str = "period_end"
    period_end_is_exclusive: bool = False
    sources: tuple[SourceConfig, ...] = ()
    views: tuple[ViewConfig, ...] = ()
    engines: tuple[EngineConfig, ...] = ()
    stages: Mapping[str, Bands] = field(default_factory=lambda: dict(DEFAULT_STAGES))
    support: SupportConfig = field(default_factory=SupportConfig)
    reactivation_window_days: int = 0
    false_alarms_per_1000: float = 25.0
    """How many of 1,000 ordinary values may be flagged as out of the ordinary."""
    products: tuple[ProductConfig, ...] = ()
    events: tuple[KnownEvent, ...] = ()
    custom_metrics: tuple[CustomMetric, ...] = ()
    """In the order of their files; those of the workspace first."""
    stage_lines: Mapping[tuple[str, str], int | None] = field(default_factory=dict, compare=False, repr=False)
    """(stage, metric id) to where its band is written."""
    imports: tuple[Path, ...] = ()
    """The CSV files of imported values, by name."""
    problems: tuple[Problem, ...] = ()
    read_only: bool = False
    """The files are of a newer schema than this program writes, or the folder cannot be written."""
    me: str = ""
    """Who works on this machine, from `local.toml`."""
    snapshots: tuple[Snapshot, ...] = ()
    """What the reviews saw, oldest month first within a product."""
    cost_models: tuple[CostModel, ...] = ()
    """What the products' cost files say, in the order of their folders."""

    @property
    def fiscal(self) -> FiscalCalendar:
        """The calendar of quarters."""
        return FiscalCalendar(self.fiscal_year_start)
