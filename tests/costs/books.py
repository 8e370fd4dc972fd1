"""Small cost workspaces: lines, queries and usage in a DuckDB file, models as files; read without a second process."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from reviewtui.costs.report import CostReport, ReportRequest, cost_report
from reviewtui.metrics.compute import source_request
from reviewtui.metrics.cost_job import cost_inputs
from reviewtui.metrics.cost_request import CostRequest
from reviewtui.months import Month
from reviewtui.sources.session import open_session
from reviewtui.workspace.load import load_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.costs.inputs import CostInputs
    from reviewtui.workspace.model import Workspace

LINES = (
    "create table cost_line (line_id varchar, day date, service varchar, tags varchar[], component varchar,"
    " region varchar, charge_category varchar, amount decimal(18,4), currency varchar)"
)
QUERIES = "create table query_log (day date, region varchar, product varchar, cpu_seconds double, read_bytes bigint)"
USAGE = (
    "create table usage_day (product_id varchar, day date, unit varchar, volume double, revenue decimal(18,4),"
    " region varchar)"
)
WEEKS = "create table cost_week (product_id varchar, week date, component varchar, amount decimal(18,4), days int)"

DIRECT = '[[rule]]\nid = "own"\ntag = "replay"\nkind = "direct"\n'


@dataclass
class Books:
    """A workspace under construction; months are `2026-04`, tags a text split at `;`."""

    root: Path
    as_of: str = "2026-05-06"
    settings: str = ""
    statements: list[str] = field(default_factory=lambda: [LINES, QUERIES, USAGE, WEEKS])
    models: dict[str, str] = field(default_factory=dict)
    _lines: int = 0

    def line(
        self,
        amount: str,
        tags: str = "replay",
        *,
        day: str = "2026-04-01",
        service: str = "api",
        region: str | None = "us",
        category: str = "Usage",
        currency: str = "USD",
        line_id: str | None = None,
    ) -> Books:
        """One cost line."""
        self._lines += 1
        listed = ", ".join(f"'{tag}'" for tag in tags.split(";") if tag)
        place = "null" if region is None else f"'{region}'"
        name = line_id or f"l{self._lines:03}"
        self.statements.append(
            f"insert into cost_line values ('{name}', '{day}', '{service}', [{listed}], null,"
            f" {place}, '{category}', {amount}, '{currency}')"
        )
        return self

    def usage(self, volume: str, revenue: str = "null", *, day: str = "2026-04-01", unit: str = "recording") -> Books:
        """What was used and earned on a day."""
        self.statements.append(f"insert into usage_day values ('replay', '{day}', '{unit}', {volume}, {revenue}, 'us')")
        return self

    def queries(self, product: str, cpu: str, *, day: str = "2026-04-01", region: str = "us") -> Books:
        """What a product's queries used on a day."""
        self.statements.append(f"insert into query_log values ('{day}', '{region}', '{product}', {cpu}, 0)")
        return self

    def week(self, monday: str, component: str, amount: str, days: int = 7) -> Books:
        """What a component cost in a week."""
        self.statements.append(f"insert into cost_week values ('replay', '{monday}', '{component}', {amount}, {days})")
        return self

    def run(self, sql: str) -> Books:
        """A statement of any kind."""
        self.statements.append(sql)
        return self

    def model(self, text: str = DIRECT, product: str = "replay") -> Books:
        """The cost model of a product."""
        self.models[product] = f'schema = 1\nunit = "recording"\n{text}'
        return self

    def write(self) -> Workspace:
        """Write everything and load it."""
        database = self.root / "bill.duckdb"
        database.unlink(missing_ok=True)
        with duckdb.connect(str(database)) as connection:
            for statement in self.statements:
                connection.execute(statement)
        (self.root / "reviewtui.toml").write_text(f'schema = 1\n{self.settings}\n[[source]]\npath = "bill.duckdb"\n')
        for product, text in self.models.items():
            folder = self.root / "products" / product
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "cost.toml").write_text(text)
        return load_workspace(self.root)

    def inputs(self, workspace: Workspace | None = None) -> CostInputs:
        """What the sources say."""
        workspace = workspace or self.write()
        request = CostRequest.of(workspace, date.fromisoformat(self.as_of), names_lines=True)
        with closing(open_session(source_request(workspace), lambda _: None)) as session:
            return cost_inputs(session, request)

    def report(self, month: str | None = None, stage: str = "growth") -> CostReport:
        """What the command would print."""
        workspace = self.write()
        request = ReportRequest(
            as_of=date.fromisoformat(self.as_of),
            currency=workspace.base_currency,
            stages=dict.fromkeys(self.models, stage),
            month=Month.parse(month) if month else None,
        )
        return cost_report(self.inputs(workspace), workspace.cost_models, {}, request)

    def figures(self, month: str | None = None, region: str = "all") -> dict[str, str]:
        """`section.measure` to the value of one region, of the newest period that has it."""
        return {f"{row.section}.{row.measure}": row.value for row in self.report(month).rows if row.region == region}


def messages(report: CostReport) -> str:
    """All problems as one text."""
    return "\n".join(f"{problem.severity}: {problem}" for problem in report.problems)
