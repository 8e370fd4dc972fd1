"""The files shown in `docs/workspace.md` are read without a complaint."""

from __future__ import annotations

import re
from pathlib import Path

from reviewtui.months import Month
from reviewtui.workspace.load import load_workspace

PLACES = (
    "reviewtui.toml",
    "products/replay/product.toml",
    "products/replay/events/e-260401-k7qm.toml",
    "products/replay/reviews/2026-10/snapshot.toml",
    "local.toml",
)


def test_the_examples_of_the_guide_load(tmp_path: Path) -> None:
    guide = Path("docs/workspace.md").read_text("utf-8")
    for place, text in zip(PLACES, re.findall(r"```toml\n(.*?)```", guide, re.DOTALL), strict=True):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    workspace = load_workspace(tmp_path)

    assert workspace.problems == ()
    assert workspace.sources[0].path.name == "acme.duckdb"
    assert "extracts" in str(workspace.sources[0].path)
    assert [view.table for view in workspace.views] == ["invoice_line"]
    (product,) = workspace.products
    assert [version.valid_from for version in product.activation] == [None, Month(2026, 4)]
    assert workspace.events[0].kind == "definition"
    assert workspace.snapshots[0].month == Month(2026, 10)
