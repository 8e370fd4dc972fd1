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
print(sorted({"duckdb", "polars", "numpy", "pandas", "pyarrow"} & set(sys.modules)))
"""


def test_it_loads_no_database_and_no_data_library() -> None:
    """Numbers are computed in another process; this one only shows them."""
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", SHOW_AND_LIST], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
