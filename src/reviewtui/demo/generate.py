"""Make a whole demo workspace: the DuckDB file first, the workspace's files next, `reviewtui.toml` last."""

from __future__ import annotations

import math
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.demo.billing import BillingSimulation
from reviewtui.demo.company import load_company, load_names
from reviewtui.demo.plan_tables import define_products, load_plan, set_variables
from reviewtui.demo.setting import load_setting
from reviewtui.demo.timeline import LATEST, OPEN, Timeline
from reviewtui.demo.workspace_files import claim_folder, write_workspace_files
from reviewtui.errors import ReviewError, UsageError
from reviewtui.sources.state import Progress
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from duckdb import DuckDBPyConnection

    from reviewtui.demo.plan import BillingPlan
    from reviewtui.demo.setting import Setting

DATABASE = Path("data") / "demo.duckdb"
"""Where the data is, in the workspace."""

_UNFINISHED = Path("data") / ".making"
"""Folder of the file that is being made, and of what DuckDB puts aside meanwhile."""

_MEMORY_LIMIT = "800MB"
_THREADS = 2
_EVENT_TABLE = """
    CREATE TABLE event
    (product_id VARCHAR, event VARCHAR, user_id VARCHAR, org_id VARCHAR, occurred_at TIMESTAMPTZ)
"""
_LARGEST_SCALE = 1000.0
_MONTHS_AT_ONCE = 12
"""At scale 1: about 100,000 events."""

_SCRIPTS = ("customers", "invoices", "people")
_LATER_SCRIPTS = ("surveys", "support", "costs", "history", "usage")


def make_demo(
    root: Path,
    as_of: date,
    *,
    seed: int = 1,
    scale: float = 1.0,
    on_progress: Callable[[Progress], None] | None = None,
) -> Path:
    """Make the demo workspace in folder `root` and return it.

    36 complete months and the days before `as_of`. `scale` multiplies events and invoice lines (1: about 300,000
    and 20,000). The same seed, date and scale give the same contents. ReviewError where `root` holds a workspace
    already, or files that would be in the way; nothing is overwritten. What an interrupted run leaves is no
    workspace, and the next run replaces it.
    """
    if not (math.isfinite(scale) and 0 < scale <= _LARGEST_SCALE):
        raise UsageError(f"The scale of the demo is a number above 0, at most {_LARGEST_SCALE:g}.", "Not a scale")
    timeline = Timeline(as_of)
    claim_folder(root, DATABASE, timeline)
    unfinished = root / _UNFINISHED
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        made = unfinished / DATABASE.name
        customers = _make_database(made, load_setting(timeline, seed, scale), on_progress or _no_progress)
        made.replace(root / DATABASE)
    except OSError as error:
        raise _not_made(root, str(error.strerror)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    write_workspace_files(root, timeline, customers)
    return root


def _no_progress(progress: Progress) -> None:
    """Nobody is waiting."""


def _make_database(path: Path, setting: Setting, on_progress: Callable[[Progress], None]) -> Mapping[str, list[str]]:
    """Make the file at `path`; the largest customers of each product, by name."""
    import duckdb

    on_progress(Progress("Inventing customers"))
    plan = BillingSimulation(setting, load_names()).run()
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY_LIMIT,
        "threads": _THREADS,
        "temp_directory": str(path.parent / "spill"),
        "preserve_insertion_order": True,
    }
    with _plain_reasons(path.parent), duckdb.connect(str(path), config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        set_variables(connection, setting)
        _run(connection, "chance")
        _run(connection, "plan")
        load_plan(connection, setting, plan)
        define_products(connection, setting)
        for name in _SCRIPTS:
            on_progress(Progress(f"Making {name}"))
            _run(connection, name)
        connection.execute(_EVENT_TABLE)
        _run_by_months(connection, "events", setting, on_progress)
        for name in _LATER_SCRIPTS:
            on_progress(Progress(f"Making {name}"))
            _run(connection, name)
        _run_by_months(connection, "usage_days", setting, on_progress)
        on_progress(Progress("Saving"))
        connection.execute("CHECKPOINT")
        return _largest_customers(connection, setting.timeline, plan)


def _largest_customers(
    connection: DuckDBPyConnection, timeline: Timeline, plan: BillingPlan
) -> Mapping[str, list[str]]:
    """Of each product: those it has had for long first, and none that stands for something itself.

    At a very small scale, where a product has none, those that were planned.
    """
    pinned = [customer.name for customer in plan.customers if customer.pinned]
    rows = connection.execute(
        """
        select product_id, name from invoice_line join customer using (customer_id)
        where not is_internal and name not in (select unnest($pinned))
        group by all
        order by min(period_start) >= $early, min(period_start) >= $late, sum(amount) desc, name
        """,
        {"pinned": pinned, "early": timeline.month(LATEST - 8).first_day, "late": timeline.month(LATEST).first_day},
    ).fetchall()
    planned = [customer.name for customer in plan.customers if not customer.pinned]
    found = {
        product.id: [name for product_id, name in rows if product_id == product.id]
        for product in load_company().products
    }
    return {product: [*names, *planned] for product, names in found.items()}


@contextmanager
def _plain_reasons(place: Path) -> Iterator[None]:
    """Turn a full disk or too little memory into a sentence with the next step, and Ctrl+C into itself."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise _not_made(place, safe_text(str(error).split("\n", 1)[0])) from error
    except RuntimeError as error:
        # What DuckDB makes of Ctrl+C while a statement runs.
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


def _not_made(place: Path, reason: str) -> ReviewError:
    return ReviewError(
        f"The demo could not be made in {place}: {reason}. Make room there, or choose another folder.",
        "Demo not made",
    )


def _run_by_months(
    connection: DuckDBPyConnection, name: str, setting: Setting, on_progress: Callable[[Progress], None]
) -> None:
    """Run a script for a few months at a time, so that memory stays bounded and the table is in order of time."""
    months = OPEN + 1
    step = min(months, max(1, int(_MONTHS_AT_ONCE / setting.scale)))
    for first in range(0, months, step):
        on_progress(Progress(f"Making {name.replace('_', ' ')}", first, months))
        connection.execute("SET VARIABLE from_month = ?", [first])
        connection.execute("SET VARIABLE to_month = ?", [min(first + step, months) - 1])
        _run(connection, name)


def _run(connection: DuckDBPyConnection, name: str) -> None:
    connection.execute(_script(name))


def _script(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text("utf-8")
