"""What is remembered lies outside the workspace, apart for each one; the program finds its own data."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

import reviewtui
from reviewtui.paths import cache_dir, config_dir, fixtures_dir, state_dir, styles_dir


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize("named", [None, "", "  ", "/elsewhere", "relative", "~/mine"])
def test_the_folders_are_those_of_other_programs(named: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("state", "cache", "config"):
        variable = f"XDG_{kind.upper()}_HOME"
        monkeypatch.delenv(variable, raising=False)
        if named is not None:
            monkeypatch.setenv(variable, named)
        usual = getattr(platformdirs, f"user_{kind}_path")("reviewtui", appauthor=False)
        ours = config_dir() if kind == "config" else {"state": state_dir, "cache": cache_dir}[kind](Path("/a")).parent
        assert ours == usual if usual.is_absolute() else ours == Path("/dev/null/reviewtui")


@pytest.mark.skipif(sys.platform == "darwin", reason="XDG folders are not used there")
def test_the_folders_follow_the_environment(homes: Path) -> None:
    root = homes / "Acme Reviews"
    assert state_dir(root).parent == homes / "state" / "reviewtui"
    assert cache_dir(root).parent == homes / "cache" / "reviewtui"
    assert state_dir(root).name == cache_dir(root).name
    assert state_dir(root).name.startswith("acme-reviews-")
    assert not (homes / "state").exists()


def test_each_workspace_has_folders_of_its_own(homes: Path) -> None:
    assert state_dir(homes / "a" / "reviews") != state_dir(homes / "b" / "reviews")


def test_a_workspace_keeps_its_folders_however_it_is_reached(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = homes / "reviews"
    root.mkdir()
    (homes / "link").symlink_to(root)
    monkeypatch.chdir(homes)
    assert state_dir(homes / "link") == state_dir(root) == state_dir(Path("reviews"))


@pytest.mark.parametrize("name", ["caf\udce9", "漢字", "x" * 200, "-rf", ".."])
def test_any_workspace_name_makes_a_plain_folder_name(homes: Path, name: str) -> None:
    folder = state_dir(homes / name).name
    assert folder.isascii()
    assert len(folder) <= 60
    assert folder[0].isalnum()


def test_without_a_home_folder_nothing_is_made_where_the_program_runs() -> None:
    script = (
        "import os, pwd\n"
        "from pathlib import Path\n"
        "def nobody(uid): raise KeyError(uid)\n"
        "pwd.getpwuid = nobody\n"
        "for name in ('HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'): os.environ.pop(name, None)\n"
        "from reviewtui.paths import state_dir\n"
        "from reviewtui.settings import SessionState, load_session, save_session\n"
        "assert state_dir(Path('x')).is_absolute()\n"
        "assert save_session(Path('x'), SessionState()) is not None\n"
        "assert load_session(Path('x')) == SessionState()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_programs_own_data_is_found() -> None:
    assert styles_dir().is_dir()
    assert (fixtures_dir() / "hostile_strings.json").is_file()


@pytest.mark.parametrize("inside", [True, False], ids=["installed", "incomplete"])
def test_an_installed_package_finds_its_data_beside_it(tmp_path: Path, inside: bool) -> None:
    package = tmp_path / "lib" / "reviewtui"
    shutil.copytree(Path(reviewtui.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    if inside:
        (package / "styles").mkdir()
        (package / "fixtures").mkdir()
    script = (
        "from reviewtui.errors import ReviewError\n"
        "from reviewtui.paths import fixtures_dir, styles_dir\n"
        "try: print(styles_dir(), fixtures_dir(), sep='\\n')\n"
        "except ReviewError as error: print(error.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(package.parent)!r})\n{script}"],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [str(package / "styles"), str(package / "fixtures")] if inside else None
    assert done.stdout.splitlines() == (
        expected or ["The installation lacks its folder `styles`. Install reviewtui again."]
    )
