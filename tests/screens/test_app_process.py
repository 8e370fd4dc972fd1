"""What the process of the app is made of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SHOW_AND_LIST = """
import asyncio, sys
from tests.screens.conftest import app_of, running

async def show():
    async with running(app_of()) as pilot:
        await pilot.press("j", "?", "q", "p", "q", "y")

asyncio.run(show())
print(sorted({"duckdb", "polars", "pandas", "pyarrow"} & set(sys.modules)))
"""


def test_it_loads_no_database_and_no_data_library() -> None:
    """Numbers are computed in another process; this one only shows them, and judges them once they are shown."""
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", SHOW_AND_LIST], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr


START = """
import sys
from reviewtui.commands import open_app
open_app._import_without_ssl()
import reviewtui.running
print(*sys.modules)
"""
NOT_NEEDED = {
    "duckdb", "polars", "numpy", "openpyxl", "xlsxwriter", "tomlkit", "tomli_w", "defusedxml", "argparse", "ssl",
    "reviewtui.workspace.load", "reviewtui.metrics.compute", "reviewtui.numbers", "reviewtui.reports",
}  # fmt: skip


def test_a_start_with_numbers_ready_loads_nothing_that_reads_or_computes() -> None:
    """Importing is most of a start."""
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", START], cwd=root, capture_output=True, text=True, check=True)
    assert not NOT_NEEDED & set(done.stdout.split())
