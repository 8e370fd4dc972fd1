"""The pages in `docs/` and the README say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewtui.documentation import pages

ROOT = Path.cwd()
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", pages(ROOT), ids=lambda path: path.name)
def test_the_made_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == pages(ROOT)[path]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
