"""Sources: their names, and where their files are on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.errors import Severity
from reviewtui.workspace.model import RESERVED_SOURCE_NAMES
from reviewtui.workspace.source_list import default_source_name
from tests.workspace.conftest import SOURCE, Folder


def sources(*entries: str) -> str:
    return "".join(f"[[source]]\n{entry}\n" for entry in entries)


class TestNames:
    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("data/acme.duckdb", "acme"),
            ("Acme Corp.v2.duckdb", "acme_corp_v2"),
            ("2024.duckdb", "source_2024"),
            ("main.duckdb", "main_db"),
            ("Memory.db", "memory_db"),
            ("漢字.duckdb", "source"),
            ("x'; DROP TABLE y; --.duckdb", "x_drop_table_y"),
            (".duckdb", "duckdb"),
        ],
    )
    def test_a_source_is_named_after_its_file(self, path: str, name: str) -> None:
        assert default_source_name(path) == name

    @given(st.lists(st.text(max_size=30), max_size=6))
    def test_default_names_are_plain_and_unique(self, paths: list[str]) -> None:
        names: list[str] = []
        for path in paths:
            names.append(default_source_name(path, names))
        assert len(set(names)) == len(paths)
        assert all(name.isidentifier() and name.isascii() and name == name.lower() for name in names)
        assert not set(names) & set(RESERVED_SOURCE_NAMES)

    def test_files_of_one_name_get_numbers(self, folder: Folder) -> None:
        workspace = folder.load(sources('path = "a/data.duckdb"', 'path = "b/data.duckdb"', 'path = "c/data.duckdb"'))
        assert workspace.problems == ()
        assert [source.name for source in workspace.sources] == ["data", "data_2", "data_3"]

    def test_a_default_name_gives_way_to_a_given_one(self, folder: Folder) -> None:
        workspace = folder.load(sources('path = "a/data.duckdb"', 'name = "data"\npath = "b.duckdb"'))
        assert workspace.problems == ()
        assert [source.name for source in workspace.sources] == ["data_2", "data"]

    @pytest.mark.parametrize("name", ["main", "temp", "SYSTEM", "memory"])
    def test_a_reserved_name_is_refused_and_the_default_used(self, folder: Folder, name: str) -> None:
        workspace = folder.load(sources(f'path = "acme.duckdb"\nname = "{name}"'))
        (problem,) = workspace.problems
        assert (problem.line, problem.severity) == (3, Severity.ERROR)
        assert "reserved" in problem.message
        assert [source.name for source in workspace.sources] == ["acme"]

    def test_a_name_given_twice_is_told_and_the_second_gets_its_default(self, folder: Folder) -> None:
        workspace = folder.load(sources('name = "x"\npath = "a.duckdb"', 'name = "X"\npath = "b.duckdb"'))
        (problem,) = workspace.problems
        assert problem.line == 5
        assert [source.name for source in workspace.sources] == ["x", "b"]

    @pytest.mark.parametrize("name", ['""', '" "', '"a\\u001bb"', f'"{"x" * 200}"', "1", "[]"])
    def test_a_bad_name_is_told_and_the_default_used(self, folder: Folder, name: str) -> None:
        workspace = folder.load(sources(f'name = {name}\npath = "acme.duckdb"'))
        (problem,) = workspace.problems
        assert problem.line == 2
        assert [source.name for source in workspace.sources] == ["acme"]


class TestPaths:
    def path(self, folder: Folder, written: str) -> Path:
        workspace = folder.load(sources(f"path = '{written}'"))
        assert workspace.problems == ()
        return workspace.sources[0].path

    def test_a_path_starts_at_the_workspace(self, folder: Folder) -> None:
        assert self.path(folder, "../data/x.duckdb") == folder.root / "../data/x.duckdb"
        assert self.path(folder, "/data/x.duckdb") == Path("/data/x.duckdb")

    def test_home_and_variables_are_expanded(self, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/ada")
        monkeypatch.setenv("DATA", "/mnt/data")
        assert self.path(folder, "~/x.duckdb") == Path("/home/ada/x.duckdb")
        assert self.path(folder, "${DATA}/x.duckdb") == Path("/mnt/data/x.duckdb")
        assert self.path(folder, "a/${DATA}") == folder.root / "a/mnt/data"
        assert self.path(folder, "$DATA/x.duckdb") == folder.root / "$DATA/x.duckdb"

    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ('"${REVIEWTUI_NO_SUCH}/x"', "`REVIEWTUI_NO_SUCH` is not set"),
            ('"~no-such-user-here/x"', "no such home folder"),
            ('"a\\u0000b"', "NUL"),
            ('""', "empty"),
            ("1", "a text in quotes"),
        ],
    )
    def test_a_path_that_cannot_be_told_leaves_the_source_out(self, folder: Folder, written: str, words: str) -> None:
        workspace = folder.load(sources(f"path = {written}", 'path = "b.duckdb"'))
        (problem,) = workspace.problems
        assert problem.line == 2
        assert words in problem.message
        assert [source.name for source in workspace.sources] == ["b"]

    def test_a_source_without_a_path_is_told(self, folder: Folder) -> None:
        workspace = folder.load(sources('name = "a"', 'path = "b.duckdb"'))
        (problem,) = workspace.problems
        assert problem.line == 1
        assert "no `path`" in problem.message

    def test_one_file_is_read_once(self, folder: Folder) -> None:
        workspace = folder.load(sources('path = "a.duckdb"', 'path = "./a.duckdb"'))
        (problem,) = workspace.problems
        assert (problem.line, problem.severity) == (4, Severity.WARNING)
        assert len(workspace.sources) == 1

    def test_a_kind_that_does_not_exist_is_told_and_the_default_used(self, folder: Folder) -> None:
        workspace = folder.load(sources('kind = "postgres"\npath = "a.duckdb"'))
        (problem,) = workspace.problems
        assert problem.line == 2
        assert "not one of: duckdb, focus" in problem.message
        assert workspace.sources[0].kind == "duckdb"

    def test_a_source_that_is_no_table_is_told(self, folder: Folder) -> None:
        workspace = folder.load('source = ["a.duckdb", {path = "b.duckdb"}]\n')
        (problem,) = workspace.problems
        assert problem.line == 1
        assert [source.name for source in workspace.sources] == ["b"]


class TestThisMachine:
    def test_local_paths_replace_those_of_the_workspace(self, folder: Folder) -> None:
        folder.write("local.toml", '[me]\nname = "Ada"\n[[source]]\nname = "acme"\npath = "/fast/acme.duckdb"\n')
        workspace = folder.load('[[source]]\npath = "${REVIEWTUI_NO_SUCH}/acme.duckdb"\n')
        assert workspace.problems == ()
        assert workspace.me == "Ada"
        assert [(source.name, source.path) for source in workspace.sources] == [("acme", Path("/fast/acme.duckdb"))]

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ('[[source]]\nname = "acne"\npath = "x"\n', 3, "Did you mean `acme`?"),
            ('[[source]]\nname = "acme"\n', 1, "needs both"),
            ('[[source]]\npath = "x"\n', 1, "needs both"),
            ('[[source]]\nname = "acme"\npath = "${REVIEWTUI_NO_SUCH}"\n', 3, "is not set"),
            ('[[source]]\nname = "acme"\npath = "x"\nkind = "focus"\n', 4, "not a known setting"),
            ("[me]\nname = 1\n", 2, "a text in quotes"),
            ('name = "Ada"\n', 1, "not a known setting"),
            ("name =\n", 1, "not valid TOML"),
        ],
    )
    def test_a_bad_entry_is_told(self, folder: Folder, text: str, line: int, words: str) -> None:
        folder.write("local.toml", text)
        problem = folder.problem(SOURCE)
        assert (problem.path, problem.line) == ("local.toml", line)
        assert words in problem.message
