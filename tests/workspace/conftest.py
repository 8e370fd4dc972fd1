"""A workspace folder that tests fill with files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from reviewtui.workspace.load import load_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.errors import Problem
    from reviewtui.workspace.model import ProductConfig, Workspace

SOURCE = '[[source]]\npath = "acme.duckdb"\n'


@dataclass(frozen=True)
class Folder:
    """A workspace folder under test."""

    root: Path

    def write(self, path: str, text: str) -> Path:
        """Write a file of the workspace, making its folders."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="")
        return place

    def load(self, text: str | None = None) -> Workspace:
        """Load the workspace, after writing its `reviewtui.toml` if given."""
        if text is not None:
            self.write("reviewtui.toml", text)
        return load_workspace(self.root)

    def problem(self, text: str | None = None) -> Problem:
        """The only problem of the workspace."""
        (problem,) = self.load(text).problems
        return problem

    def product(self, text: str, slug: str = "replay") -> tuple[ProductConfig, tuple[Problem, ...]]:
        """The product of one product.toml, and the problems."""
        self.write("reviewtui.toml", SOURCE)
        self.write(f"products/{slug}/product.toml", text)
        workspace = self.load()
        (product,) = workspace.products
        return product, workspace.problems


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty workspace folder."""
    root = tmp_path / "reviews"
    root.mkdir()
    return Folder(root)
