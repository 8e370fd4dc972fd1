"""One function writes files, and the workspace needs no screen and no database."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import reviewtui

PACKAGE = Path(reviewtui.__file__).parent
WRITER = PACKAGE / "workspace" / "atomic.py"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != WRITER)
WRITING_CALLS = {"write_text", "write_bytes", "touch", "fdopen", "NamedTemporaryFile", "TemporaryFile", "mkstemp"}


def writes(call: ast.Call) -> bool:
    """Whether the call opens a file for writing."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    modes = [item.value for item in ast.walk(call) if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    if name == "open":
        return any(set(mode) <= set("rwxabt+") and set(mode) & set("wxa+") for mode in modes if mode)
    if name == "fdopen":
        return not {"r", "rb"} & set(modes)
    return name in WRITING_CALLS


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_other_module_writes_a_file(module: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(module.read_bytes())) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if writes(call)]


def test_the_workspace_loads_no_heavy_library() -> None:
    script = (
        "import sys\n"
        "import reviewtui.settings, reviewtui.paths, reviewtui.workspace.create\n"
        "heavy = {'textual', 'duckdb', 'polars', 'numpy', 'tomlkit', 'platformdirs', 'rich'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
