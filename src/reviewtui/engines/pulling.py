"""The job of `reviewtui pull`: section after section is computed on the engine and kept as it comes back.

Runs in the child process. What fails leaves the section as it was pulled before; only an engine that does not answer
any more ends the pull.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from reviewtui.engines.custom import pull_custom
from reviewtui.engines.engine import EngineError, Unreachable
from reviewtui.engines.inputs import EngineInputs
from reviewtui.engines.opening import open_engine
from reviewtui.engines.pulled_file import PulledFile, plain_rows, write_rows
from reviewtui.engines.rows import RowFetcher
from reviewtui.engines.split import SplitConnection
from reviewtui.engines.translation import Untranslatable
from reviewtui.errors import Problem, Severity, SourceError
from reviewtui.metrics import event_inputs, parameters
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.inputs import READ_BY_METRICS
from reviewtui.metrics.lacking import lacking
from reviewtui.metrics.pulled import CUSTOM, PulledSection, Row, definitions_of
from reviewtui.metrics.revenue_section import add_revenue
from reviewtui.metrics.sql_files import run_sql
from reviewtui.metrics.usage_section import add_activation, add_usage
from reviewtui.metrics.work import Work
from reviewtui.sources.state import Progress
from reviewtui.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from reviewtui.engines.engine import Engine
    from reviewtui.metrics.kept import KeptMonths
    from reviewtui.metrics.pulled_rows import RowsOfTable
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.sources.session import Session
    from reviewtui.workspace.model import EngineConfig

MOST_CLOCK_SECONDS = 300
"""Clocks further apart than this are worth a word."""

SECTION_TABLES = {
    "revenue": ("invoice_line", "subscription_period", "refund", "usage_day"),
    "usage": ("event", "event_month"),
    "activation": ("event", "product_intent"),
    "NPS": ("survey_response",),
    "support": ("ticket",),
    "imported values": ("metric_value",),
}
"""Section to the tables without any of which it has nothing to say."""

_MADE_WITH = {"activation_rate": "activation"}
"""Metrics that another section makes than the one of the grid that they stand in."""

_ALSO_READS = {
    "revenue": ("customer", "fx_rate", "subscription"),
    "usage": ("customer",),
    "activation": ("customer", "event_month"),
    "NPS": ("customer",),
    "support": ("customer", "ticket_event", "holiday", "event", "event_month"),
}


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What to pull, and where to keep it."""

    config: EngineConfig
    root: Path
    path: Path
    evaluation: EvaluationRequest
    is_fresh: bool = False
    """Whether everything is computed again, whatever was kept."""
    rows_path: Path | None = None
    """Where to keep the rows behind the months; None: they are not asked for."""
    most_rows: int = 0
    """How many rows of one table may come back."""


@dataclass(frozen=True, slots=True)
class SectionReport:
    """One section that was pulled."""

    name: str
    seconds: float
    rows: int
    """Rows that came back, and about how many bytes they are."""
    size: int


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a pull did."""

    sections: tuple[SectionReport, ...]
    problems: tuple[Problem, ...]
    left: tuple[str, ...]
    """Sections that are as an earlier pull left them."""
    rows: SectionReport | None = None
    """The rows behind the months, where they were brought."""


class RowKeeper:
    """Takes the rows of a section as a builder of a sheet does, and keeps them."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}

    def add_query(self, query: str, rows: list[Row]) -> None:
        """The rows of one SQL file."""
        self.rows[query] = plain_rows(rows)

    def add_shares(self, rows: list[Row]) -> None:
        """The rows of `revenue_share.sql`."""
        self.add_query("revenue_share", rows)

    def add_forecast(self, rows: list[Row]) -> None:
        """The rows of `forecast.sql`."""
        self.add_query("forecast", rows)


def pull(session: Session, payload: Any) -> PullReport:
    """The job that `reviewtui pull` runs in the child process; `payload` is a PullRequest."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    # An engine that runs inside this process, or is started by it, reserves far more addresses than memory.
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    request: PullRequest = payload
    session.progress(f"Connecting to {safe_text(request.config.name)}")
    try:
        engine = open_engine(request.config, request.root)
    except EngineError as error:
        raise SourceError(f"{safe_text(request.config.name)} {error.message}", "Nothing was pulled") from error
    with closing(engine):
        try:
            return Pull(session, request, engine).run()
        except EngineError as error:
            raise SourceError(f"{safe_text(request.config.name)} {error.message}", "Nothing was pulled") from error


@dataclass
class Pull:
    """One pull under way."""

    session: Session
    request: PullRequest
    engine: Engine
    problems: list[Problem] = field(default_factory=list)
    reports: list[SectionReport] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.evaluation = self.request.evaluation
        self._section = self._stage = Progress("Looking for tables")
        """What is done now; and the same, or what it is about in particular."""
        self.connection: Any = SplitConnection(self.session.connection, self.engine, self._tell)
        self.file = PulledFile(self.request.path, self.evaluation)
        self.inputs = EngineInputs(self.connection, self.request.config, self.evaluation.time_zone)
        self._is_gone = False
        self._rows: SectionReport | None = None
        kept: KeptMonths = {} if self.request.is_fresh else dict(self.file.kept)
        self.work = Work(
            cast("DuckDBPyConnection", self.connection),
            self.evaluation,
            self.inputs,
            self._go_into,
            kept,
            {},
            keeps_users=False,
        )

    def run(self) -> PullReport:
        """Pull every section that the engine has tables for."""
        self._compare_clocks()
        self._begin("Looking for tables")
        self.inputs.find()
        parameters.create_parameters(self.connection, self.evaluation)
        self._begin("Reading the tables")
        unusable = self._create_inputs()
        sections = [name for name, tables in SECTION_TABLES.items() if any(map(self.inputs.has, tables))]
        sections += [CUSTOM] if self.evaluation.sql_metrics else []
        if not sections:
            reasons = "; ".join(problem.message for problem in self.inputs.problems[:3])
            raise EngineError(f"has no table that a metric is made of. {reasons} Map them with [engine.views].")
        made = self._metric_counts()
        for place, name in enumerate(sections):
            words = f"Pulling {name} metrics" if name in SECTION_TABLES and made[name] else f"Pulling {name}"
            self._begin(words, sum(made[done] for done in sections[:place]), sum(made[item] for item in sections))
            if unusable is not None and name != CUSTOM:
                self._report(name, unusable)
            elif not self._try_section(name):
                break
        if self.reports:
            self.file.finish()
            self._bring_rows()
        done = {report.name for report in self.reports}
        left = tuple(name for name in self.file.sections if name not in done)
        problems = (*self.inputs.problems, *self.problems, *self.work.problems)
        return PullReport(tuple(self.reports), problems, left, self._rows)

    def _metric_counts(self) -> Counter[str]:
        """How many metrics each section makes: progress is told in these. Imported values are of any metric."""
        made = Counter(_MADE_WITH.get(metric.id, metric.section) for metric in load_catalogue())
        return Counter(
            {name: made[name.lower()] for name in SECTION_TABLES} | {CUSTOM: len(self.evaluation.sql_metrics)}
        )

    def _begin(self, stage: str, done: int = 0, total: int = 0) -> None:
        self._section = self._stage = Progress(stage, done, total)
        self.session.progress(*self._stage)

    def _go_into(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say what a section is about; which of its portions, where there are several."""
        portion = f", portion {done + 1:,} of {total:,}" if total > 1 else ""
        words = f"{self._section.stage}, {stage[:1].lower()}{stage[1:]}{portion}"
        self._stage = self._section._replace(stage=words)
        self.session.progress(*self._stage)

    def _pull_metric(self, metric: str, place: int) -> None:
        """Say which of the user's own metrics is pulled."""
        self._stage = self._section._replace(stage=f"Pulling {metric}", done=self._section.done + place)
        self.session.progress(*self._stage)

    def _tell(self, table: str) -> None:
        """Say what the engine works on: one statement may take it minutes."""
        self.session.progress(*self._stage._replace(stage=f"{self._stage.stage}: {table.replace('_', ' ')}"))

    def _compare_clocks(self) -> None:
        now, _ = self.engine.clock()
        now = now if now.tzinfo is not None else now.replace(tzinfo=UTC)
        apart = (now - datetime.now(UTC)).total_seconds()
        if abs(apart) > MOST_CLOCK_SECONDS:
            way = "ahead of" if apart > 0 else "behind"
            message = (
                f"the clock of the engine is {counted(round(abs(apart) / 60), 'minute')} {way} this machine's. The"
                f" numbers are those of {self.evaluation.as_of}, by --as-of or this machine; its clock decides nothing."
            )
            self._report_words(message, Severity.WARNING)

    def _create_inputs(self) -> str | None:
        """Make the inputs; the reason where nothing can be computed from them."""
        for name in READ_BY_METRICS:
            try:
                self.inputs.create(name)
            except Unreachable:
                raise
            except EngineError as error:
                self._report_words(f"{name}: {error.message}")
                self.inputs.found = tuple(found for found in self.inputs.found if found.table != name)
                self.inputs.create(name)
        try:
            self._finish_inputs()
        except Unreachable:
            raise
        except EngineError as error:
            return error.message
        return None

    def _finish_inputs(self) -> None:
        for month, currency in parameters.create_fx_rates(self.connection):
            message = f"{currency} has more than one rate for {month}; none is used. Keep one row a month and currency."
            self.problems.append(Problem("fx_rate", None, message))
        self._begin("Looking through the events")
        event_inputs.name_events(self.connection)
        odd = event_inputs.create_events(self.connection, self.evaluation)
        if odd:
            self._report_words(f"{counted(odd, 'event')} without a usable time: left out.")

    def _try_section(self, name: str) -> bool:
        """Pull a section; False where the engine is gone."""
        known = len(self.work.problems)
        started, rows, size = time.monotonic(), self.connection.rows_back, self.connection.bytes_back
        try:
            before = self._counts(name)
            keeper = RowKeeper()
            self._compute(name, keeper)
            changed = self._changed_since(name, before)
        except Unreachable as error:
            self._is_gone = True
            self._report(name, error.message)
            return False
        except (EngineError, Untranslatable) as error:
            self._report(name, str(error))
            return True
        if changed:
            self._report(name, f"changed while it was read ({changed}), so its numbers are not taken. Pull again.")
            return True
        section = PulledSection(
            self.request.config.name,
            name,
            datetime.now(UTC),
            self.evaluation.as_of,
            definitions_of(self.evaluation),
            tuple(self._tables(name)),
            keeper.rows,
            tuple(self.work.problems[known:]),
            self._omitted(),
        )
        self.file.put(section, self.work.keeps or {})
        spent = time.monotonic() - started
        self.reports.append(
            SectionReport(name, spent, self.connection.rows_back - rows, self.connection.bytes_back - size)
        )
        return True

    def _compute(self, name: str, keeper: Any) -> None:
        steps: dict[str, Callable[[], None]] = {
            "revenue": lambda: add_revenue(self.work, keeper),
            "usage": lambda: add_usage(self.work, keeper),
            "activation": lambda: add_activation(self.work, keeper),
            "NPS": lambda: keeper.add_query("nps", run_sql(self.connection, "nps")),
            "support": lambda: self._support(keeper),
            "imported values": lambda: keeper.add_query("imported", run_sql(self.connection, "imported")),
            CUSTOM: lambda: pull_custom(self.session, self.work, self.connection, keeper, self._pull_metric),
        }
        steps[name]()

    def _support(self, keeper: Any) -> None:
        if not any(map(self.inputs.has, SECTION_TABLES["usage"])):
            columns = "product_id varchar, month integer, unique_users bigint"
            parameters.fill(self.connection, "usage_count", columns, [])
        parameters.create_working_days(self.connection, self.evaluation)
        keeper.add_query("support", run_sql(self.connection, "support"))

    def _tables(self, name: str) -> list[str]:
        """The tables that a section is made of."""
        if name == CUSTOM:
            return []
        wanted = (*SECTION_TABLES[name], *_ALSO_READS.get(name, ()))
        return [table for table in dict.fromkeys(wanted) if self.inputs.has(table)]

    def _bring_rows(self) -> None:
        """Replace the rows that an earlier pull brought, where they are asked for."""
        path = self.request.rows_path
        if path is None or self._is_gone:
            return
        started, size = time.monotonic(), self.connection.bytes_back
        fetcher = RowFetcher(self.connection, self.inputs, self.evaluation, self.request.most_rows)
        counts = []

        def brought() -> Iterator[RowsOfTable]:
            for table in fetcher.tables(lambda name: self.session.progress(f"Pulling the rows of {name}")):
                counts.append(len(table.rows))
                if table.left_out:
                    self._report_words(f"the rows of {table.table} {table.left_out}", Severity.WARNING)
                elif table.first_month is not None:
                    words = f"the rows of {table.table} are from {table.first_month} on. Raise `--most-rows` for more."
                    self._report_words(words, Severity.WARNING)
                yield table

        try:
            write_rows(path, datetime.now(UTC), brought())
        except Unreachable as error:
            kept = " Those of an earlier pull stay." if path.exists() else ""
            self._report_words(f"the rows: {error.message}{kept}")
            return
        spent = time.monotonic() - started
        self._rows = SectionReport("rows", spent, sum(counts), self.connection.bytes_back - size)

    def _counts(self, name: str) -> dict[str, int]:
        """How many rows each table of a section has; empty where all reads are of one moment."""
        if self.engine.has_snapshot:
            return {}
        counted_rows = [
            f"select '{table}' as name, count(*) as n from {self.inputs.tables(table)[0].relation} as given"
            for table in self._tables(name)
        ]
        if not counted_rows:
            return {}
        return {str(table): int(str(n)) for table, n in self.engine.fetch(" union all ".join(counted_rows)).rows}

    def _changed_since(self, name: str, before: dict[str, int]) -> str:
        after = self._counts(name)
        return ", ".join(
            f"{table} has {after[table]:,} rows, was {count:,}"
            for table, count in before.items()
            if after[table] != count
        )

    def _omitted(self) -> tuple[str, ...]:
        return tuple(metric for lack in lacking(self.inputs.found) for metric in lack.metrics)

    def _report(self, section: str, reason: str) -> None:
        earlier = self.file.sections.get(section)
        kept = f" What was pulled on {earlier.as_of} stays." if earlier is not None else ""
        self._report_words(f"{section}: {reason}{kept}")

    def _report_words(self, message: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(f"engine {safe_text(self.request.config.name)}", None, message, severity))
