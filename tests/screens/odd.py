"""An app over a workspace whose numbers have a few anomalies, with drivers that are read at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.app import ReviewApp
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.metrics.contributions import Amounts
from reviewtui.metrics.drilldown import Column, RowTable
from reviewtui.metrics.drivers import Drivers, Group, Split
from reviewtui.metrics.sheet import Unit
from reviewtui.sheet_state import Position
from tests.anomalies.made import AS_OF, NEWEST, cells, metric, noisy, sheet
from tests.screens.noted import workspace

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from reviewtui.cell_rows import FetchDrivers
    from reviewtui.metrics.drivers import DriverQuestion
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress
    from reviewtui.workspace.store import RecordStore

METRICS = (
    metric("mrr"),
    metric("arr"),
    metric("tickets_created", Unit.COUNT, kind="input"),
    metric("unique_users", Unit.COUNT, kind="input"),
)
HOSTILE = "[@click=app.quit]Acme\x1b[2J"


def odd_sheet() -> MetricSheet:
    """Three anomalies of the newest month, one that follows, one of June; the second product has a hostile name."""
    odd = {
        ("flags", "tickets_created", NEWEST): 180.0,
        ("replay", "mrr", NEWEST): 190.0,
        ("replay", "arr", NEWEST): 190.0,
        ("replay", "unique_users", NEWEST - 4): 30.0,
    }
    rows = {}
    for number, product in enumerate(("replay", "flags")):
        for place, item in enumerate(METRICS):
            values: list[float | None] = [*noisy(40, seed=30 + place + 7 * number, noise=0.9), 100.0]
            for (owner, name, month), value in odd.items():
                if (owner, name) == (product, item.id):
                    values[40 - (NEWEST.index - month.index)] = value
            rows[product, item.id] = cells(values)
    return sheet(rows, METRICS)


def found_drivers(question: DriverQuestion, _report: Callable[[Progress], None], _cancel: threading.Event) -> Drivers:
    """Two customers that moved, and the lines of each."""
    if question.split:
        columns = (Column("Line"), Column("MRR now", Unit.MONEY))
        return Drivers(records=RowTable("Billing lines", columns, ((f"{question.key} {HOSTILE}", 1.5),), 1))
    groups = (
        Group("acme", HOSTILE, "new", Amounts(0, 60)),
        Group("beta", "Beta", "churned\n[/oops]", Amounts(10, 0)),
    )
    return Drivers((Split("customer", "By customer", groups, Amounts(100, 150)),))


def odd_app(root: Path, *, fetch: FetchDrivers = found_drivers, made: MetricSheet | None = None) -> ReviewApp:
    """An app over `root` that stands on the MRR of the newest month."""
    loaded = LoadedSheet(made if made is not None else odd_sheet())
    return ReviewApp(
        root,
        AS_OF,
        load_sheet=lambda _report, _cancel: loaded,
        position=Position("replay", "mrr", str(NEWEST)),
        fetch_drivers=fetch,
        state_folder=root.parent / "state",
    )


def odd_workspace(root: Path) -> RecordStore:
    """An empty workspace in which ada works."""
    return workspace(root)
