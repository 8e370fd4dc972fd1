"""Costs of a large bill: `python -m benchmarks.costs [--write]`.

Five million cost lines over 24 months, a model with 200 rules; all figures of `reviewtui costs` against one plain
GROUP BY over the same lines in the same run (about five minutes; 250 MB of disk in `.benchmarks/`). `--focus FILE`
prints the sums of a FOCUS export instead, to be compared with those that its publisher gives.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from benchmarks.measure import compare

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(".benchmarks") / "costs"
LINES = 5_000_000
RULES = 200
AS_OF = "2026-01-02"
CATEGORY = "ServiceCategory="
REPETITIONS = 2
COSTS_START = "<!-- table: made by `python -m benchmarks.costs --write` -->"

PLAIN = """
select extract(year from day) * 12 + extract(month from day), region, service, component, charge_category, currency,
    tags, sum(amount)
from bill.cost_line group by all
"""

_BILL = f"""
create table cost_line as
select 'line-' || i as line_id, date '2024-01-01' + cast(i % 731 as integer) as day,
    'service-' || (hash(i) % 120) as service,
    case hash(i, 1) % 4
        when 0 then ['tag-' || (hash(i) % 120), 'team-' || (hash(i) % 3)]
        when 1 then ['tag-' || (hash(i) % 120 + 80)]
        when 2 then ['tag-' || (hash(i) % 120)]
        else [] end as tags,
    'component-' || (hash(i) % 120 % 30) as component,
    ['us', 'eu', 'ap'][cast(1 + hash(i, 3) % 3 as integer)] as region,
    'Usage' as charge_category, cast(hash(i, 4) % 1000000 / 100.0 as decimal(18, 4)) as amount, 'USD' as currency
from range({LINES}) lines(i)
"""
_USAGE = """
create table usage_day as
select 'cloud' as product_id, day::date as day, 'unit' as unit, 1e6 as volume, 2e9 as revenue, region
from range(date '2024-01-01', date '2026-01-01', interval 1 day) days(day), unnest(['us', 'eu', 'ap']) regions(region)
"""
_ASSUMPTIONS = """
[assumption.retention_days]
value = 90
low = 60
high = 90
[assumption.avg_size_gb]
value = 0.01
low = 0.009
high = 0.011
[assumption.storage_rate_gb_month]
value = 0.023
low = 0.021
high = 0.025
"""


def workspace() -> Path:
    """The workspace, made once."""
    if not (FOLDER / "reviewtui.toml").exists():
        (FOLDER / "products" / "cloud").mkdir(parents=True, exist_ok=True)
        (FOLDER / "bill.duckdb").unlink(missing_ok=True)
        with duckdb.connect(str(FOLDER / "bill.duckdb")) as connection:
            connection.execute(_BILL)
            connection.execute(_USAGE)
        (FOLDER / "products" / "cloud" / "cost.toml").write_text(_model())
        (FOLDER / "reviewtui.toml").write_text('schema = 1\n[[source]]\npath = "bill.duckdb"\n')
    return FOLDER


def _model() -> str:
    rules = (
        f'[[rule]]\nid = "rule-{place}"\ntag = "tag-{place}"\nkind = "shared"\nproxy = "requests"\nwhy = "measured"\n'
        f"share = 0.2\nlow = 0.1\nhigh = 0.3\n"
        if place % 4 == 0
        else f'[[rule]]\nid = "rule-{place}"\ntag = "tag-{place}"\nkind = "direct"\n'
        for place in range(RULES)
    )
    return 'schema = 1\nunit = "unit"\nstorage_component = "component-7"\n' + "".join(rules) + _ASSUMPTIONS


def plain() -> None:
    """The reference: one GROUP BY, its result counted."""
    connection = duckdb.connect(":memory:", config={"threads": 2})
    connection.execute(f"attach '{FOLDER / 'bill.duckdb'}' as bill (read_only)")
    print(connection.execute(f"select count(*) from ({PLAIN})").fetchall())


def costs_table() -> str:
    """The comparison as Markdown."""
    root = workspace()
    command = [
        sys.executable,
        "-m",
        "reviewtui",
        "--workspace",
        str(root),
        "--as-of",
        AS_OF,
        "costs",
        "--format",
        "csv",
    ]
    row = compare(
        f"`costs`: {LINES:,} lines, {RULES} rules, 24 months",
        command,
        "one plain `GROUP BY` over the lines",
        [sys.executable, "-m", "benchmarks.costs", "--plain"],
        REPETITIONS,
    )
    from benchmarks.__main__ import table as markdown

    return markdown([row])


def focus_sums(path: Path) -> str:
    """The sums of an export, as the program reads it: each cost of all lines, and by category of service."""
    from contextlib import closing

    from reviewtui.metrics.cost_groups import line_groups, raw_groups
    from reviewtui.metrics.cost_lines import focus_lines
    from reviewtui.metrics.cost_request import Series
    from reviewtui.months import Month
    from reviewtui.sources.focus_search import focus_file_table
    from reviewtui.sources.lockdown import open_export
    from reviewtui.sources.request import SourceRequest
    from reviewtui.workspace.cost_model import COST_BASES, PERIODS
    from reviewtui.workspace.model import SourceConfig

    source = SourceConfig("export", path, "focus")
    request = SourceRequest((source,))
    lines = []
    with closing(open_export(str(path), request)) as connection:
        raw = list(raw_groups(focus_lines(connection, focus_file_table(source, request)), COST_BASES, None))
    wanted = [Series(f"{basis}, by {period} period", basis, period) for basis in COST_BASES for period in PERIODS]
    for name, groups in line_groups(raw, COST_BASES, {}, wanted).items():
        lines.append(
            f"{name}: {sum(group.cost for group in groups):f} in {sum(group.lines for group in groups):,} lines"
        )
        for month, tag in sorted(
            {(group.month, tag) for group in groups for tag in group.tags if tag.startswith(CATEGORY)}
        ):
            found = [group for group in groups if tag in group.tags and group.month == month]
            cost, count = sum(group.cost for group in found), sum(group.lines for group in found)
            lines.append(f"  {Month.from_index(month)} {tag.removeprefix(CATEGORY)}: {cost:f} in {count:,}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; keep the table if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.costs", description=__doc__)
    parser.add_argument("--plain", action="store_true", help="run the reference only")
    parser.add_argument("--focus", type=Path, help="print the sums of a FOCUS export")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/benchmarks.md")
    options = parser.parse_args(arguments)
    if options.plain:
        plain()
    elif options.focus is not None:
        print(focus_sums(options.focus))
    else:
        from benchmarks.__main__ import keep

        figures = costs_table()
        print(figures)
        if options.write:
            keep(figures, COSTS_START)


if __name__ == "__main__":
    main()
