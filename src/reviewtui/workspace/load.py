"""Load a workspace: every file is checked, what can be used is used, and the rest becomes problems.

Nothing a file holds makes this raise. A file outside the workspace, reached by a symbolic link, is not read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, Severity
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.workspace import cost_files, engine_list, metric_files, product_files, source_list
from reviewtui.workspace import schema as check
from reviewtui.workspace.cost_model import COST_FILE, CostModel
from reviewtui.workspace.model import (
    ATTRIBUTIONS,
    DEFAULT_STAGES,
    EVENTS_FOLDER,
    HOURS_MODES,
    IMPORTS_FOLDER,
    LOCAL_FILE,
    METRICS_FOLDER,
    PRODUCT_FILE,
    PRODUCTS_FOLDER,
    REVIEWS_FOLDER,
    SCHEMA,
    SNAPSHOT_FILE,
    STAGES,
    WORKSPACE_FILE,
    Bands,
    CustomMetric,
    KnownEvent,
    ProductConfig,
    SourceConfig,
    SupportConfig,
    ViewConfig,
    Workspace,
)
from reviewtui.workspace.schema import Spot
from reviewtui.workspace.snapshot_files import EMPTY_SNAPSHOT, Snapshot, snapshot_of, written_facts
from reviewtui.workspace.toml_file import TomlFile, read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reviewtui.workspace.schema import Schema

_MAX_DAYS = 36_500


def load_workspace(root: Path) -> Workspace:
    """Everything the workspace's own files say; unusable parts are reported in `problems`, at their defaults."""
    loading = _Loading(root.absolute())
    imports = loading.imports()
    values = loading.workspace_file(needs_source=not imports)
    me, sources = loading.local_file(values.pop("source", ()))
    shared_metrics = loading.metrics()
    products, events = loading.products()
    snapshots = tuple(loading.snapshots())
    return Workspace(
        root=loading.root,
        sources=sources,
        products=products,
        events=events,
        custom_metrics=(*shared_metrics, *loading.product_metrics),
        imports=imports,
        problems=_by_file_and_line(loading.problems),
        read_only=loading.newer or not os.access(loading.root, os.W_OK),
        me=me,
        snapshots=snapshots,
        cost_models=tuple(loading.cost_models),
        **values,
    )


def load_products(root: Path) -> tuple[ProductConfig, ...]:
    """The products that have a file of their own, problems aside."""
    return _Loading(root.absolute()).products()[0]


def _view(value: object, spot: Spot) -> ViewConfig:
    return ViewConfig(str(spot.path[-1]), check.filled_text(value, spot), spot.line)


_SUPPORT_SCHEMA: Schema = {
    "hours_mode": check.one_of(HOURS_MODES),
    "first_reply_hours": check.entries(check.positive),
    "escalated_business_days": check.entries(check.positive),
}

WORKSPACE_SCHEMA: Schema = {
    "schema": product_files.SCHEMA_NUMBER,
    "name": check.text,
    "base_currency": check.currency,
    "time_zone": check.time_zone,
    "fiscal_year_start": check.whole(1, 12),
    "attribution": check.one_of(ATTRIBUTIONS),
    "period_end_is_exclusive": check.flag,
    "source": check.tables(source_list.written_source),
    "views": check.entries(_view, TABLES_BY_NAME),
    "engine": check.tables(engine_list.written_engine),
    "stage": check.entries(check.entries(check.band), STAGES),
    "support": check.table(_SUPPORT_SCHEMA),
    "revenue": check.table({"reactivation_window_days": check.whole(0, _MAX_DAYS)}),
    "anomalies": check.table({"false_alarms_per_1000": check.between(1, 100)}),
}

LOCAL_SCHEMA: Schema = {
    "schema": product_files.SCHEMA_NUMBER,
    "source": check.tables(source_list.local_source),
    "me": check.table({"name": check.text}),
}


@dataclass
class _Loading:
    """One reading of a workspace: collects problems as it goes from file to file."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
    newer: bool = False
    product_ids: dict[str, str] = field(default_factory=dict)
    """Folder name to product id of every product that has a folder, filled by `products`."""
    product_metrics: list[CustomMetric] = field(default_factory=list)
    """The metrics of single products, filled by `products`."""
    cost_models: list[CostModel] = field(default_factory=list)
    """The cost models of single products, filled by `products`."""

    @cached_property
    def _real_root(self) -> Path:
        return Path(os.path.realpath(self.root))

    def workspace_file(self, *, needs_source: bool) -> dict[str, Any]:
        """The values of `reviewtui.toml` by the name of their field; `source` holds the sources as written."""
        file = self._read(self.root / WORKSPACE_FILE)
        values = check.read_table(file.data, self._spot(file), WORKSPACE_SCHEMA)
        self._note_schema(file, values.pop("schema", SCHEMA))
        values["views"] = tuple(values.pop("views", {}).values())
        engines = values.pop("engine", ())
        named = (source.name for source in values.get("source", ()) if source.name)
        values["engines"] = engine_list.distinct_engines(engines, named, self._spot(file).inside("engine"))
        stages = values.pop("stage", {})
        values["stages"] = _merged_stages(stages)
        place = self._spot(file).inside("stage")
        values["stage_lines"] = {
            (stage, metric): place.inside(stage).inside(metric).line for stage in stages for metric in stages[stage]
        }
        values["support"] = _merged_support(values.pop("support", {}))
        values.update(values.pop("revenue", {}))
        values.update(values.pop("anomalies", {}))
        if needs_source and not file.damaged and not (file.data.keys() & {"source", "engine"}):
            message = (
                "The workspace names no source. Add [[source]] with the path of a DuckDB file, or `reviewtui import` a"
                " spreadsheet."
            )
            self._spot(file).report(message, Severity.WARNING)
        return values

    def local_file(self, written: tuple[source_list.WrittenSource, ...]) -> tuple[str, tuple[SourceConfig, ...]]:
        """Who works here, and the sources where they are on this machine."""
        values: dict[str, Any] = {}
        if os.path.lexists(self.root / LOCAL_FILE):
            file = self._read(self.root / LOCAL_FILE)
            values = check.read_table(file.data, self._spot(file), LOCAL_SCHEMA)
            self._note_schema(file, values.get("schema", SCHEMA))
        overrides = [entry for entry in values.get("source", ()) if entry is not None]
        return values.get("me", {}).get("name", ""), source_list.configured_sources(self.root, written, overrides)

    def products(self) -> tuple[tuple[ProductConfig, ...], tuple[KnownEvent, ...]]:
        """The products that have a folder, and the known events of all of them."""
        found: list[tuple[ProductConfig, Spot]] = []
        events: list[KnownEvent] = []
        for folder in self._entries(self.root / PRODUCTS_FOLDER):
            if not os.path.isdir(folder):  # noqa: PTH112 - never raises
                continue
            product_id = product_files.default_product_id(folder.name)
            path = folder / PRODUCT_FILE
            if os.path.lexists(path):
                file = self._read(path)
                self._note_schema(file, file.data.get("schema", SCHEMA))
                product = product_files.product_of(file.data, self._spot(file), folder.name)
                product_id = product.product_id
                found.append((product, self._spot(file)))
            self.product_ids[folder.name] = product_id
            events.extend(self._events(folder / EVENTS_FOLDER, product_id))
            self.product_metrics.extend(self._metrics(folder / METRICS_FOLDER, product_id))
            self._read_cost_model(folder / COST_FILE, product_id)
        return product_files.without_duplicates(found), tuple(events)

    def _read_cost_model(self, path: Path, product_id: str) -> None:
        """The product's cost model, if it has one that can be read."""
        if not os.path.lexists(path):
            return
        file = self._read(path, cost_files.exact_values)
        self._note_schema(file, file.data.get("schema", SCHEMA))
        if not file.damaged:
            self.cost_models.append(cost_files.cost_model_of(file.data, self._spot(file), product_id))

    def snapshots(self) -> Iterator[Snapshot]:
        """What the reviews of each product saw, month by month."""
        for slug, product_id in self.product_ids.items():
            for folder in self._entries(self.root / PRODUCTS_FOLDER / slug / REVIEWS_FOLDER):
                path = folder / SNAPSHOT_FILE
                if not os.path.lexists(path):
                    continue
                file = self._read(path, written_facts)
                self._note_schema(file, file.data.get("schema", SCHEMA))
                if file.damaged:
                    continue
                if not file.raw.strip():
                    # No defaults stand in for what a review saw.
                    self.problems[-1] = Problem(file.label, None, EMPTY_SNAPSHOT)
                    continue
                snapshot = snapshot_of(file.data, self._spot(file), folder.name, product_id)
                if snapshot is not None:
                    yield snapshot

    def imports(self) -> tuple[Path, ...]:
        """The files of imported values; what they hold is checked when the numbers are computed."""
        found = []
        for path in self._entries(self.root / IMPORTS_FOLDER):
            if path.suffix.lower() == ".csv":
                found.append(path)
            elif path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".tsv"):
                message = "This file is not read here. Import it with `reviewtui import`, then remove it."
                self.problems.append(Problem(self._label(path), None, message, Severity.WARNING))
        return tuple(found)

    def _events(self, folder: Path, product_id: str) -> Iterator[KnownEvent]:
        for path in self._entries(folder):
            if path.suffix != ".toml":
                continue
            file = self._read(path)
            if file.damaged:
                continue
            self._note_schema(file, file.data.get("schema", SCHEMA))
            event = product_files.event_of(file.data, self._spot(file), path.stem, product_id)
            if event is not None:
                yield event

    def metrics(self) -> tuple[CustomMetric, ...]:
        """The metrics of the user's own that are for every product."""
        return tuple(self._metrics(self.root / METRICS_FOLDER, ""))

    def _metrics(self, folder: Path, product_id: str) -> Iterator[CustomMetric]:
        for path in self._entries(folder):
            if path.suffix != ".toml":
                continue
            file = self._read(path)
            self._note_schema(file, file.data.get("schema", SCHEMA))
            if not file.damaged:
                metric = metric_files.metric_of(file.data, self._spot(file), path.stem, product_id)
                if metric is not None:
                    yield metric

    def _read(self, path: Path, quick: Callable[[bytes], dict[str, Any] | None] | None = None) -> TomlFile:
        """The file, empty if it cannot be used; the reason is then among the problems."""
        label = self._label(path)
        if self._leaves(path):
            return TomlFile(path, label, problem=self.problems[-1])
        file = read_toml(path, label, quick)
        if file.problem is not None:
            self.problems.append(self._explained(file.problem, path))
        return file

    def _explained(self, problem: Problem, path: Path) -> Problem:
        if path.name == WORKSPACE_FILE and not os.path.lexists(path):
            message = "There is no workspace here. Make one with `reviewtui init`."
            return Problem(problem.path, None, message)
        return problem

    def _entries(self, folder: Path) -> list[Path]:
        """What lies in `folder`, by name and without hidden names; empty if it is missing or cannot be used."""
        if not os.path.lexists(folder) or self._leaves(folder):
            return []
        try:
            found = sorted(folder.iterdir())
        except OSError as error:
            self.problems.append(Problem(self._label(folder), None, f"The folder cannot be read: {error.strerror}."))
            return []
        return [path for path in found if not path.name.startswith(".") and not self._leaves(path)]

    def _leaves(self, path: Path) -> bool:
        """Whether `path` leads out of the workspace; reported if so."""
        # The folder around it was looked at before, so only a link can lead elsewhere.
        linked = os.path.islink(path)  # noqa: PTH114 - never raises
        outside = linked and not Path(os.path.realpath(path)).is_relative_to(self._real_root)
        if outside:
            self.problems.append(
                Problem(
                    self._label(path),
                    None,
                    "This symbolic link leads out of the workspace and is not followed. Put the file itself here.",
                )
            )
        return outside

    def _note_schema(self, file: TomlFile, number: object) -> None:
        if isinstance(number, int) and SCHEMA < number <= 9999:
            self.newer = True
            self._spot(file).inside("schema").report(
                f"The file is of schema {number}, newer than this program writes ({SCHEMA}), so the workspace is"
                " opened read-only. Update reviewtui to change it.",
                Severity.WARNING,
            )

    def _spot(self, file: TomlFile) -> Spot:
        return Spot(file, self.problems)

    def _label(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _merged_stages(written: Mapping[str, Bands]) -> dict[str, Bands]:
    names = dict.fromkeys((*DEFAULT_STAGES, *written))
    return {name: {**DEFAULT_STAGES.get(name, {}), **written.get(name, {})} for name in names}


def _merged_support(written: Mapping[str, Any]) -> SupportConfig:
    defaults = SupportConfig()
    return SupportConfig(
        hours_mode=written.get("hours_mode", defaults.hours_mode),
        first_reply_hours={**defaults.first_reply_hours, **written.get("first_reply_hours", {})},
        escalated_business_days={**defaults.escalated_business_days, **written.get("escalated_business_days", {})},
    )


def _by_file_and_line(problems: list[Problem]) -> tuple[Problem, ...]:
    """In the order the files were read, and from top to bottom in each."""
    files = {path: place for place, path in enumerate(dict.fromkeys(problem.path for problem in problems))}
    return tuple(sorted(problems, key=lambda problem: (files[problem.path], problem.line or 0)))
