"""The demo workspace's text files: templates in `fixtures/demo/workspace` with the stories' months filled in.

The names of files are templates too. `$whale` is the first month of a story, `$whale_next` the month after, `$latest`
the latest complete month; `$whale_next_11` is a day of it, `$whale_next_11_id` that day as an id has it, and
`$whale_next_11_year` its year. `$forms_customer_1` is the largest customer of a product.
"""

from __future__ import annotations

import os
import re
from string import Template
from typing import TYPE_CHECKING

from reviewtui.demo.company import load_company
from reviewtui.demo.stories import load_stories
from reviewtui.demo.timeline import LATEST
from reviewtui.errors import ReviewError
from reviewtui.paths import fixtures_dir
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.create import write_git_files
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from reviewtui.demo.plan import BillingPlan
    from reviewtui.demo.timeline import Timeline
    from reviewtui.months import Month

UNFINISHED_MARK = ".demo-unfinished"
"""Stands in the folder while the demo is made: what is there then is the demo's own, to be made anew."""

_LARGEST = 2
"""Customers of each product that templates may name."""
_MOMENT = re.compile(r"(?P<month>[a-z_]+?)(?P<later>_next)?(_(?P<day>\d{1,2})(_(?P<form>id|year))?)?")
_FORMS = {None: "%Y-%m-%d", "id": "%y%m%d", "year": "%Y"}

_MARK_TEXT = "The demo that is made here is not finished. `reviewtui demo` makes it again.\n"


class _Values(dict[str, str]):
    """What templates may name; months and days are made from the months of `months` when they are asked for."""

    def __init__(self, months: Mapping[str, Month], others: Mapping[str, str]) -> None:
        super().__init__(others)
        self._months = months

    def __missing__(self, name: str) -> str:
        found = _MOMENT.fullmatch(name)
        if found is None or found["month"] not in self._months:
            raise KeyError(name)
        month = self._months[found["month"]] + (1 if found["later"] else 0)
        if found["day"] is None:
            return str(month)
        return month.first_day.replace(day=int(found["day"])).strftime(_FORMS[found["form"]])


def claim_folder(root: Path, database: Path, timeline: Timeline) -> None:
    """Make `root` and mark it as unfinished; ReviewError where that would be another's folder.

    Nothing that the demo writes may exist, unless an interrupted run left it.
    """
    if os.path.lexists(root / WORKSPACE_FILE):
        raise ReviewError(f"{root} is a workspace already. Open it, or choose another folder.", "Demo not made")
    if not (root / UNFINISHED_MARK).is_file():
        for path in (root / database, *(root / name for name in _templates(_values(timeline)))):
            if os.path.lexists(path):
                raise ReviewError(
                    f"{path} is in the way and was left alone. Choose an empty folder for the demo.", "Demo not made"
                )
    make_folders(root)
    atomic_write(root / UNFINISHED_MARK, _MARK_TEXT)


def write_workspace_files(root: Path, timeline: Timeline, plan: BillingPlan) -> None:
    """Write every text file, `reviewtui.toml` last, and take the mark away: only then is it a workspace."""
    values = _values(timeline)
    values.update(_customers(plan))
    write_git_files(root)
    for name, template in sorted(_templates(values).items(), key=lambda item: item[0] == WORKSPACE_FILE):
        make_folders((root / name).parent)
        atomic_write(root / name, Template(template.read_text("utf-8")).substitute(values))
    (root / UNFINISHED_MARK).unlink()


def _templates(values: Mapping[str, str]) -> Mapping[str, Path]:
    """Each file's path in the workspace, to its template."""
    found = _walk(fixtures_dir() / "demo" / "workspace")
    return dict(sorted((Template(name).substitute(values), path) for name, path in found))


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*.toml"):
        yield path.relative_to(folder).as_posix(), path


def _values(timeline: Timeline) -> _Values:
    """The company's name, the months of the stories, and when each product starts."""
    company = load_company()
    months = {key: timeline.month(story.first) for key, story in load_stories().items()}
    starts = {f"{product.id}_starts": str(timeline.month(product.starts)) for product in company.products}
    reviewed = timeline.month(LATEST - 1).first_day.isoformat()
    latest = timeline.month(LATEST)
    return _Values({"latest": latest} | months, {"company": company.name, "model_reviewed": reviewed} | starts)


def _customers(plan: BillingPlan) -> Iterator[tuple[str, str]]:
    """The largest customers that each product has to the end, but for those that stand for something themselves."""
    names = {customer.number: customer.name for customer in plan.customers if not customer.pinned}
    left = sorted(plan.subscriptions, key=lambda subscription: -subscription.monthly)
    for product in load_company().products:
        mine = [item.customer for item in left if item.product == product.id and item.ended_after is None]
        largest = [names[number] for number in dict.fromkeys(mine) if number in names]
        yield from ((f"{product.id}_customer_{place}", name) for place, name in enumerate(largest[:_LARGEST], 1))
