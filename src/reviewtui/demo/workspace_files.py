"""The demo workspace's text files: templates in `fixtures/demo/workspace` with the stories' months filled in.

The names of files are templates too. `$whale` is the first month of a story, `$whale_next` the month after, `$latest`
the latest complete month; `$whale_next_11` is a day of it, `$whale_next_11_id` that day as an id has it, and
`$whale_next_11_year` its year. `$forms_customer_1` is the largest customer of a product.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date
from string import Template
from typing import TYPE_CHECKING

from reviewtui.demo.company import load_company
from reviewtui.demo.stories import load_stories
from reviewtui.demo.timeline import LATEST, Timeline
from reviewtui.errors import ReviewError, UsageError
from reviewtui.paths import fixtures_dir
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.create import write_git_files
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

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
    if (root / UNFINISHED_MARK).is_file():
        _remove_unfinished(root)
    else:
        for path in (root / database, *(root / name for name in _templates(_values(timeline)))):
            if os.path.lexists(path):
                raise ReviewError(
                    f"{path} is in the way and was left alone. Choose an empty folder for the demo.", "Demo not made"
                )
    make_folders(root)
    atomic_write(root / UNFINISHED_MARK, f"{_MARK_TEXT}{timeline.as_of}\n")


def _remove_unfinished(root: Path) -> None:
    """Remove what a run wrote that was not finished: on another day the files have other names."""
    with suppress(OSError, ValueError, UsageError):
        day = date.fromisoformat((root / UNFINISHED_MARK).read_text("utf-8").split()[-1])
        for name in _templates(_values(Timeline(day))):
            (root / name).unlink(missing_ok=True)


def write_workspace_files(root: Path, timeline: Timeline, customers: Mapping[str, list[str]]) -> None:
    """Write every text file, `reviewtui.toml` last, and take the mark away: only then is it a workspace.

    `customers` are the largest of each product, which the templates may name.
    """
    values = _values(timeline)
    values.update(_named(customers))
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


def _named(customers: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What templates call customers, and their names as they stand between quotes in TOML."""
    for product, names in customers.items():
        for place, name in enumerate(names[:_LARGEST], 1):
            yield f"{product}_customer_{place}", name.replace("\\", "\\\\").replace('"', '\\"')
