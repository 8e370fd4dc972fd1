"""The pages on metrics and on input tables, made from the catalogue and the canonical tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.catalogue import SECTIONS, load_catalogue
from reviewtui.metrics.formats import STATUS_MARKS
from reviewtui.metrics.sheet import Status
from reviewtui.sources import canonical
from reviewtui.sources.canonical import CANONICAL_TABLES
from reviewtui.text import markdown_text

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric

_SECTION_TITLES = {"revenue": "Revenue", "usage": "Usage", "nps": "NPS", "support": "Support", "cost": "Cost"}

_STATUS_MEANINGS = {
    Status.MISSING: "no data for this month: before the product's first or after its last row in the table",
    Status.NA: "the data are there, but the value is not defined: the cell says why",
    Status.FORECAST: "the open month: what it is heading for",
    Status.PARTIAL: "the open month: counts and money so far; rates and growth stay empty",
    Status.IMMATURE: "some organisations are still inside their window; the value is over the others",
    Status.LOW_N: "fewer than ten answers: the value says little",
    Status.RESTATED: "differs from what was reviewed",
    Status.OK: "a complete month",
}

_TYPE_NAMES = {
    canonical.TEXT: "text",
    canonical.DAY: "date",
    canonical.INSTANT: "timestamp",
    canonical.MONEY: "decimal",
    canonical.NUMBER: "number",
    canonical.WHOLE: "whole number",
    canonical.FLAG: "true or false",
    canonical.TAGS: "list of texts, JSON, or text split at `;`",
}

_METRICS_HEAD = """# Metric definitions

Made from `src/reviewtui/metrics/catalogue.toml` by `python -m reviewtui.documentation`. In the app the same
text is beside each number.

Rates and shares are fractions in every machine-readable output and per cent on the screen. Money is in the workspace's
base currency. Months are calendar months in the workspace's time zone. The rows of the product `*` are for all
products together, counted by customer, user and organisation, so that movements of single products need not add up to
them: dropping one of two products is churn for that product and contraction for the company.

## What a cell's status says

| status | mark | meaning |
| --- | --- | --- |
"""

_MOVEMENTS = """
A customer who pays in both months is compared at this month's exchange rate; what the rate alone changed is the FX
effect. Opening + new + reactivation + expansion - contraction - churned + FX = closing MRR holds for every product and
month, and is checked whenever they are computed.
"""

_INPUTS_HEAD = """# Input tables

Made from `src/reviewtui/sources/canonical.py` by `python -m reviewtui.documentation`.

A table or view with one of these names, in any schema of a source, is used as it is if it has at least the columns in
bold. Names match in upper or lower case. All tables are optional: each lights up its metrics. Several sources combine.
Other shapes are mapped with a SELECT in `[views]` of `reviewtui.toml`, see [the workspace](workspace.md).

A value that cannot be converted to the type counts as absent and is reported; so are dates outside 1990 to 2199,
amounts that are not finite, and rows that repeat a key. A timestamp without time zone is taken as UTC, a date as a
local day, and text is read as `YYYY-MM-DD` or `YYYY-MM`.

| table | columns |
| --- | --- |
"""

_INPUTS_TAIL = """
- `invoice_line`: without a `kind` column every line is recurring; without a `subscription_id` column every line has
  one. A missing `currency` is the base currency. `amount` is net of discount, in major units.
- `fx_rate`: one row a month and currency, base currency for one unit of it. A missing rate is an error, never 1.
- `event_month` is used for products that have no rows in `event`; `subscription_period` for products that have none in
  `invoice_line`.
- `holiday`: a row whose `calendar` is a product id holds for that product; every other row for all.
- `metric_value` fills what is not computed, under any metric id.
"""


def metrics_page() -> str:
    """`docs/metrics.md`."""
    lines = [_METRICS_HEAD.rstrip("\n")]
    lines += [
        f"| `{status}` | {markdown_text(STATUS_MARKS.get(status, ''))} | {_STATUS_MEANINGS[status]} |"
        for status in Status
    ]
    for section in SECTIONS:
        metrics = [metric for metric in load_catalogue() if metric.section == section]
        if metrics:
            lines += ["", f"## {_SECTION_TITLES[section]}"]
            if section == "revenue":
                lines.append(_MOVEMENTS.rstrip("\n"))
            for metric in metrics:
                lines += _metric_entry(metric)
    return "\n".join(lines) + "\n"


def _metric_entry(metric: Metric) -> list[str]:
    facts = [metric.unit, f"{metric.direction} is good" if metric.direction != "neutral" else "", metric.kind]
    facts.append("in the last month of each quarter" if metric.cadence == "quarterly" else "")
    tables = ", ".join(" or ".join(f"`{name}`" for name in need.split("|")) for need in metric.needs)
    name = f"{metric.id}.<group>" if metric.id == "revenue_share" else metric.id
    formula = markdown_text(metric.formula).rstrip(".")
    entry = ["", f"### {metric.name} · `{name}`", "", metric.definition, "", f"- Computed: {formula}."]
    if metric.numerator:
        entry.append(f"- Numerator: {metric.numerator}; denominator and `n`: {metric.denominator}.")
    return [*entry, f"- From: {tables}.", f"- {'; '.join(fact for fact in facts if fact)}."]


def inputs_page() -> str:
    """`docs/inputs.md`."""
    lines = [_INPUTS_HEAD.rstrip("\n")]
    for table in CANONICAL_TABLES:
        columns = (
            f"{f'**`{name}`**' if name in table.required else f'`{name}`'} {_TYPE_NAMES[kind]}"
            for name, kind in table.columns
        )
        lines.append(f"| `{table.name}` | {', '.join(columns)} |")
    return "\n".join(lines) + "\n" + _INPUTS_TAIL
