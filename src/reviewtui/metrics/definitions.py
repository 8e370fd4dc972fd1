"""Metrics of the user's own, checked against each other: what can be computed, in which order, and what cannot.

A product's own file wins over the workspace's file of the same id, so each product may have a plan of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.catalogue import REVENUE_SHARE, load_catalogue
from reviewtui.metrics.formula import Formula, FormulaError, read_formula
from reviewtui.text import safe_text
from reviewtui.workspace.model import PRODUCT_FILE, PRODUCTS_FOLDER, WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from reviewtui.workspace.model import CustomMetric, MetricVersion, Workspace

EVERY_PRODUCT = ""
"""The scope of the workspace's own files."""

_FREE_SETTINGS = ("schema", "name", "owner", "links")
"""What may be said of a metric that the program computes."""

_MOST_STEPS = 6
"""Metrics of a cycle that are named one by one."""

_MOST_HINTS = 50
"""Unknown ids for which the nearest known one is looked for: it takes time."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One file with its formulas read."""

    file: CustomMetric
    formulas: tuple[Formula | None, ...]
    """Aligned with `file.versions`; None where SQL or nothing computes."""
    broken: str = ""
    """Why it is not computed; empty where it is."""

    @property
    def operands(self) -> tuple[str, ...]:
        """The metrics that its formulas name."""
        return tuple(dict.fromkeys(name for formula in self.formulas if formula for name in formula.metrics))

    @property
    def has_sql(self) -> bool:
        """Whether a version of it is computed from the sources."""
        return any(version.sql for version in self.file.versions)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is computed for a product: each metric after those that it needs."""

    order: tuple[Definition, ...]
    broken: Mapping[str, str]
    """The metrics that cannot be computed, with the reason."""


@dataclass(frozen=True)
class Definitions:
    """All metrics of the user's own."""

    described: tuple[CustomMetric, ...]
    """Files that say how a metric is shown, computed by them or not."""
    plans: Mapping[str, Plan]
    """Product id to its plan; `EVERY_PRODUCT` for the products without one."""
    problems: tuple[Problem, ...]

    def plan(self, product: str) -> Plan:
        """The plan of a product."""
        return self.plans.get(product, self.plans[EVERY_PRODUCT])


def is_catalogue_id(metric_id: str) -> bool:
    """Whether the program itself computes the metric."""
    return metric_id in _catalogue_ids() or metric_id.startswith(f"{REVENUE_SHARE}.")


def read_definitions(workspace: Workspace, imported: Collection[str] | None = None) -> Definitions:
    """Read every metric of the user's own; `imported` are the ids that the sources bring, None if that is not known."""
    checking = _Checking(workspace.custom_metrics, imported)
    files = [file for file in workspace.custom_metrics if checking.is_allowed(file)]
    definitions = [checking.definition(file) for file in files if file.is_computed]
    scopes = dict.fromkeys((EVERY_PRODUCT, *(item.file.product for item in definitions)))
    plans = {scope: checking.plan(_in_scope(definitions, scope)) for scope in scopes}
    return Definitions(tuple(files), plans, tuple(dict.fromkeys(checking.problems)))


def unknown_metric(metric_id: str, known: Iterable[str]) -> str:
    """Words for an id that does not exist, with the nearest of the `known` ones."""
    import difflib

    near = difflib.get_close_matches(metric_id, list(known), 1, 0.6)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return f"there is no metric `{safe_text(metric_id, 60)}`.{hint}"


def known_ids(files: Iterable[CustomMetric], imported: Collection[str] | None) -> set[str]:
    """Every id that a formula, a target or a layout may name."""
    return {*_catalogue_ids(), *(file.id for file in files), *(imported or ())}


def _catalogue_ids() -> set[str]:
    return {metric.id for metric in load_catalogue()} - {REVENUE_SHARE}


def _in_scope(definitions: Sequence[Definition], scope: str) -> dict[str, Definition]:
    """Metric id to what computes it for the product `scope`."""
    shared = {item.file.id: item for item in definitions if item.file.product == EVERY_PRODUCT}
    return shared | {item.file.id: item for item in definitions if item.file.product == scope}


class _Checking:
    """One reading of all files; collects problems as it goes."""

    def __init__(self, files: Sequence[CustomMetric], imported: Collection[str] | None) -> None:
        self.problems: list[Problem] = []
        self._known = known_ids(files, imported)
        self._is_sure = imported is not None
        self._hints = _MOST_HINTS

    def is_allowed(self, file: CustomMetric) -> bool:
        """Whether the file may say what it says; a metric that the program computes stays what it is."""
        if not is_catalogue_id(file.id):
            return True
        refused = [key for key in file.lines if key not in _FREE_SETTINGS]
        for key in refused:
            message = (
                f"`{file.id}` is computed by the program, and its `{key}` cannot be changed; only its name, owner and"
                " links can. Name the file otherwise to make a metric of your own."
            )
            self.problems.append(Problem(file.path, file.lines[key], message))
        return not refused

    def definition(self, file: CustomMetric) -> Definition:
        """The file with its formulas read."""
        formulas: list[Formula | None] = []
        reasons = [version.broken for version in file.versions]
        for version in file.versions:
            formula = None
            if version.formula:
                try:
                    formula = read_formula(version.formula)
                except FormulaError as error:
                    reasons.append(f"its formula cannot be read: {error}")
                    self._report(file, version, f"The formula cannot be read: {safe_text(str(error))}.", error.line)
                else:
                    reasons += self._unknown(file, version, formula)
            formulas.append(formula)
        return Definition(file, tuple(formulas), next(filter(None, reasons), ""))

    def _unknown(self, file: CustomMetric, version: MetricVersion, formula: Formula) -> Iterator[str]:
        for name in formula.metrics:
            if name in self._known or is_catalogue_id(name):
                continue
            words = unknown_metric(name, self._known if self._hints > 0 else ())
            self._hints -= 1
            if self._is_sure:
                self._report(file, version, f"The formula cannot be computed: {words}")
                yield words[:1].upper() + words[1:]
            else:
                message = f"The formula is computed only if `{safe_text(name, 60)}` is imported: {words}"
                self.problems.append(Problem(file.path, version.line, message, Severity.WARNING))

    def plan(self, by_id: Mapping[str, Definition]) -> Plan:
        """The order of computation; metrics of a cycle, and those that need them, are left out of it."""
        needs = {name: {other for other in item.operands if other in by_id} for name, item in by_id.items()}
        broken = {name: item.broken for name, item in by_id.items() if item.broken}
        order = _topological(needs)
        for name in by_id:
            if name not in order and name not in broken:
                broken[name] = self._stuck(by_id[name], needs, set(order))
        for name in order:
            lame = next((other for other in sorted(needs[name]) if other in broken), "")
            if lame and name not in broken:
                broken[name] = f"it needs {lame}, which is not computed"
        return Plan(tuple(by_id[name] for name in order if name not in broken), broken)

    def _stuck(self, item: Definition, needs: Mapping[str, set[str]], done: set[str]) -> str:
        """Why a metric has no place in the order: it is part of a cycle, or needs one that is."""
        path = {item.file.id: None}
        following = item.file.id
        while True:
            following = min(name for name in needs[following] if name not in done)
            if following in path:
                break
            path[following] = None
        steps = [*path, following]
        if following != item.file.id:
            return f"it needs {steps[1]}, which is not computed"
        listed = steps if len(steps) <= _MOST_STEPS else [*steps[: _MOST_STEPS - 1], "…", following]
        cycle = " → ".join(listed)
        version = next(
            version
            for version, formula in zip(item.file.versions, item.formulas, strict=True)
            if formula and steps[1] in formula.metrics
        )
        self._report(item.file, version, f"The formula needs its own result: {cycle}. Break the cycle.")
        return f"its formula needs its own result: {cycle}"

    def _report(self, file: CustomMetric, version: MetricVersion, message: str, below: int = 0) -> None:
        line = version.line + below if version.line is not None and version.in_block else version.line
        self.problems.append(Problem(file.path, line, message))


def _topological(needs: Mapping[str, set[str]]) -> dict[str, None]:
    """The names that can be put in order, each after all that it needs, otherwise in the order given."""
    users: dict[str, list[str]] = {}
    waiting = {name: len(others) for name, others in needs.items()}
    for name, others in needs.items():
        for other in others:
            users.setdefault(other, []).append(name)
    ready = [name for name, count in waiting.items() if not count]
    for name in ready:
        for user in users.get(name, ()):
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return dict.fromkeys(ready)


def naming_problems(workspace: Workspace, known: Collection[str]) -> Iterator[Problem]:
    """Warnings for ids in targets, bands and layouts that are no metric; `known` are those of the sheet."""
    ids = known_ids(workspace.custom_metrics, known)
    for product in workspace.products:
        for (setting, metric), line in product.lines.items():
            if metric not in ids and not is_catalogue_id(metric):
                words = f"`{setting}`: {unknown_metric(metric, ids)}"
                yield Problem(f"{PRODUCTS_FOLDER}/{product.slug}/{PRODUCT_FILE}", line, words, Severity.WARNING)
    for (stage, metric), line in workspace.stage_lines.items():
        if metric not in ids and not is_catalogue_id(metric):
            words = f"The band of the stage {stage}: {unknown_metric(metric, ids)}"
            yield Problem(WORKSPACE_FILE, line, words, Severity.WARNING)
