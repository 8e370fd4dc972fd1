"""The demo workspace's text files: templates in `fixtures/demo/workspace` with the stories' months filled in."""

from __future__ import annotations

import os
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

    from reviewtui.demo.timeline import Timeline

UNFINISHED_MARK = ".demo-unfinished"
"""Stands in the folder while the demo is made: what is there then is the demo's own, to be made anew."""

_MARK_TEXT = "The demo that is made here is not finished. `reviewtui demo` makes it again.\n"


def claim_folder(root: Path, database: Path) -> None:
    """Make `root` and mark it as unfinished; ReviewError where that would be another's folder.

    Nothing that the demo writes may exist, unless an interrupted run left it.
    """
    if os.path.lexists(root / WORKSPACE_FILE):
        raise ReviewError(f"{root} is a workspace already. Open it, or choose another folder.", "Demo not made")
    if not (root / UNFINISHED_MARK).is_file():
        for path in (root / database, *(root / name for name in _templates())):
            if os.path.lexists(path):
                raise ReviewError(
                    f"{path} is in the way and was left alone. Choose an empty folder for the demo.", "Demo not made"
                )
    make_folders(root)
    atomic_write(root / UNFINISHED_MARK, _MARK_TEXT)


def write_workspace_files(root: Path, timeline: Timeline) -> None:
    """Write every text file, `reviewtui.toml` last, and take the mark away: only then is it a workspace."""
    values = _values(timeline)
    write_git_files(root)
    for name, template in sorted(_templates().items(), key=lambda item: item[0] == WORKSPACE_FILE):
        make_folders((root / name).parent)
        atomic_write(root / name, Template(template.read_text("utf-8")).substitute(values))
    (root / UNFINISHED_MARK).unlink()


def _templates() -> Mapping[str, Path]:
    """Each file's path in the workspace, to its template."""
    return dict(sorted(_walk(fixtures_dir() / "demo" / "workspace")))


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*.toml"):
        yield path.relative_to(folder).as_posix(), path


def _values(timeline: Timeline) -> dict[str, str]:
    """What the templates may name: the company, and for each story its first month."""
    company = load_company()
    months = {key: str(timeline.month(story.first)) for key, story in load_stories().items()}
    starts = {f"{product.id}_starts": str(timeline.month(product.starts)) for product in company.products}
    reviewed = timeline.month(LATEST - 1).first_day.isoformat()
    return {"company": company.name, "model_reviewed": reviewed, **months, **starts}
