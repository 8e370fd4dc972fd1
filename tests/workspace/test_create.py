"""A new workspace loads without problems, explains its settings, and overwrites nothing."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.workspace.create import create_workspace, ensure_product
from reviewtui.workspace.load import WORKSPACE_SCHEMA, load_workspace
from reviewtui.workspace.model import Workspace
from tests.workspace.hostile import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace.conftest import Folder


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def uncommented(text: str) -> str:
    """The file as it is when every setting that is commented out is switched on."""
    lines = []
    for line in text.splitlines():
        setting = line.removeprefix("# ")
        is_setting = setting.startswith("[") or " = " in setting
        lines.append(setting if is_setting else line)
    return "\n".join(lines)


class TestNewWorkspace:
    def test_it_loads_without_problems(self, tmp_path: Path) -> None:
        root = create_workspace(tmp_path / "a" / "reviews", "Acme", [tmp_path / "acme.duckdb"])
        workspace = load_workspace(root)
        assert root == tmp_path / "a" / "reviews"
        assert workspace.problems == ()
        assert workspace.name == "Acme"
        assert [source.path.resolve() for source in workspace.sources] == [tmp_path / "acme.duckdb"]

    def test_what_git_needs_to_know_is_there(self, tmp_path: Path) -> None:
        root = create_workspace(tmp_path / "reviews", "Acme", [tmp_path / "acme.duckdb"])
        assert names_in(root) == [".gitattributes", ".gitignore", "reviewtui.toml"]
        assert (root / ".gitattributes").read_text() == "*.toml text eol=lf\n"
        ignored = (root / ".gitignore").read_text().splitlines()
        for name in ("local.toml", "a.lock", "a.toml.orig", ".reviewtui-0123abcd.tmp"):
            assert any(fnmatch.fnmatch(name, pattern) for pattern in ignored)
        assert not any(fnmatch.fnmatch("reviewtui.toml", pattern) for pattern in ignored)

    def test_every_setting_is_explained_at_its_default(self, tmp_path: Path) -> None:
        root = create_workspace(tmp_path / "reviews", "Acme", [tmp_path / "acme.duckdb"])
        text = uncommented((root / "reviewtui.toml").read_text())
        assert tomllib.loads(text).keys() == WORKSPACE_SCHEMA.keys()
        (root / "reviewtui.toml").write_text(text)
        workspace = load_workspace(root)
        assert workspace.problems == ()
        assert workspace == Workspace(
            root=root, name="Acme", sources=workspace.sources, views=workspace.views, engines=workspace.engines
        )

    def test_files_of_every_kind_become_sources(self, tmp_path: Path) -> None:
        files = [tmp_path / name for name in ("main.duckdb", "x/main.duckdb", "~odd.duckdb", "costs.CSV", "c.parquet")]
        root = create_workspace(tmp_path, "", files)
        workspace = load_workspace(root)
        assert workspace.problems == ()
        assert workspace.name == tmp_path.name
        assert [source.name for source in workspace.sources] == ["main_db", "main_db_2", "odd", "costs", "c"]
        assert [source.kind for source in workspace.sources] == ["duckdb"] * 3 + ["focus"] * 2
        assert [source.path.resolve() for source in workspace.sources] == files

    def test_any_name_will_do(self, tmp_path: Path) -> None:
        for number, name in enumerate(HOSTILE.values()):
            root = create_workspace(tmp_path / str(number), name, [tmp_path / "acme.duckdb"])
            assert load_workspace(root).problems == ()
        assert len(names_in(tmp_path)) == len(HOSTILE)

    def test_a_source_with_any_name_is_found_again(self, tmp_path: Path) -> None:
        odd = tmp_path / "a 'b' \"c\" # ü [x] = \\ \n.duckdb"
        root = create_workspace(tmp_path / "reviews", "Acme", [odd])
        assert [source.path.resolve() for source in load_workspace(root).sources] == [odd]

    @pytest.mark.parametrize("name", ["${HOME}.duckdb", "caf\udce9.duckdb", "a\rb.duckdb"])
    def test_a_path_that_cannot_be_written_down_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ReviewError, match="Rename"):
            create_workspace(tmp_path / "reviews", "Acme", [tmp_path / name])
        assert names_in(tmp_path) == []


class TestStoredPaths:
    def stored(self, root: Path, source: Path) -> str:
        create_workspace(root, "Acme", [source])
        path: str = tomllib.loads((root / "reviewtui.toml").read_text())["source"][0]["path"]
        return path

    @pytest.fixture
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        home = tmp_path / "home" / "ada"
        home.mkdir(parents=True)
        monkeypatch.setenv("HOME", str(home))
        return home

    def test_inside_the_workspace(self, home: Path) -> None:
        assert self.stored(home / "reviews", home / "reviews" / "data" / "x.duckdb") == "data/x.duckdb"

    def test_beside_the_workspace_in_one_project(self, home: Path) -> None:
        assert self.stored(home / "work" / "reviews", home / "work" / "x.duckdb") == "../x.duckdb"

    def test_elsewhere_in_the_home_folder(self, home: Path) -> None:
        assert self.stored(home / "reviews", home / "data" / "x.duckdb") == str(home / "data" / "x.duckdb")

    def test_in_another_home_folder(self, home: Path) -> None:
        other = home.parent / "grace" / "x.duckdb"
        assert self.stored(home / "work" / "reviews", other) == str(other)

    def test_outside_of_every_home_folder(self, home: Path, tmp_path: Path) -> None:
        assert self.stored(tmp_path / "srv" / "reviews", tmp_path / "srv" / "x.duckdb") == "../x.duckdb"

    def test_the_home_folder_as_a_workspace(self, home: Path) -> None:
        assert self.stored(home, home / "x.duckdb") == "x.duckdb"

    def test_through_a_link(self, home: Path) -> None:
        (home / "far" / "away").mkdir(parents=True)
        (home / "link").symlink_to("far/away")
        assert self.stored(home / "link" / "reviews", home / "far" / "x.duckdb") == "../../x.duckdb"
        workspace = load_workspace(home / "link" / "reviews")
        assert workspace.sources[0].path.resolve() == home / "far" / "x.duckdb"


class TestNothingIsOverwritten:
    def test_an_existing_workspace_is_refused(self, folder: Folder) -> None:
        folder.write("reviewtui.toml", "broken =")
        with pytest.raises(ReviewError, match="a workspace already"):
            create_workspace(folder.root, "Acme", [])
        assert names_in(folder.root) == ["reviewtui.toml"]
        assert (folder.root / "reviewtui.toml").read_text() == "broken ="

    def test_a_link_of_that_name_is_refused(self, folder: Folder) -> None:
        (folder.root / "reviewtui.toml").symlink_to("elsewhere.toml")
        with pytest.raises(ReviewError, match="a workspace already"):
            create_workspace(folder.root, "Acme", [])
        assert names_in(folder.root) == ["reviewtui.toml"]

    def test_other_files_stay(self, folder: Folder) -> None:
        folder.write(".gitignore", "mine\r\n*.orig")
        folder.write(".gitattributes", "*.toml text eol=lf\n# mine\n")
        folder.write("notes.md", "mine\n")
        create_workspace(folder.root, "Acme", [])
        added = b"*.lock\nlocal.toml\n.reviewtui-*.tmp\n"
        assert (folder.root / ".gitignore").read_bytes() == b"mine\r\n*.orig\n" + added
        assert (folder.root / ".gitattributes").read_text() == "*.toml text eol=lf\n# mine\n"
        assert names_in(folder.root) == [".gitattributes", ".gitignore", "notes.md", "reviewtui.toml"]

    def test_a_file_in_the_place_of_the_folder_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "reviews").write_text("")
        with pytest.raises(ReviewError, match="in the way"):
            create_workspace(tmp_path / "reviews", "Acme", [])


class TestProductsOfTheData:
    def ids(self, folder: Folder) -> set[str]:
        workspace = load_workspace(folder.root)
        assert not [problem for problem in workspace.problems if problem.path != "reviewtui.toml"]
        return {product.product_id for product in workspace.products}

    def test_the_first_write_makes_the_file(self, folder: Folder) -> None:
        path = ensure_product(folder.root, "Session Replay", name="Replay", stage="beta", owner="Ada")
        assert path == folder.root / "products" / "session-replay" / "product.toml"
        assert tomllib.loads(path.read_text()) == {
            "schema": 1,
            "product_id": "Session Replay",
            "name": "Replay",
            "stage": "beta",
            "owner": "Ada",
        }

    def test_an_existing_file_is_left(self, folder: Folder) -> None:
        path = folder.write("products/x/product.toml", '# mine\nproduct_id = "replay"\n')
        assert ensure_product(folder.root, "replay", name="Replay") == path
        assert path.read_text() == '# mine\nproduct_id = "replay"\n'

    def test_slugs_that_collide_get_a_hash(self, folder: Folder) -> None:
        paths = {ensure_product(folder.root, product_id) for product_id in ("a b", "a/b", "A-B", "a b")}
        assert len(paths) == 3
        assert self.ids(folder) == {"a b", "a/b", "A-B"}

    def test_a_folder_that_has_only_events_is_used(self, folder: Folder) -> None:
        folder.write("products/Replay_EU/events/e.toml", 'month = "2026-01"\n')
        assert ensure_product(folder.root, "Replay_EU").parent.name == "Replay_EU"
        assert len(names_in(folder.root / "products")) == 1

    def test_all_products_together_have_their_folder(self, folder: Folder) -> None:
        assert ensure_product(folder.root, "*").parent.name == "_all"
        assert ensure_product(folder.root, "_all").parent.name != "_all"
        assert self.ids(folder) == {"*", "_all"}

    def test_any_id_stays_inside_the_workspace_and_is_found_again(self, folder: Folder) -> None:
        ids = sorted({text for text in HOSTILE.values() if text.strip() and not re.search("[\ud800-\udfff]", text)})
        for start in range(0, len(ids), 25):
            workspace = type(folder)(folder.root / str(start))
            some = ids[start : start + 25]
            paths = [ensure_product(workspace.root, product_id) for product_id in some]
            assert {path.resolve().parent.parent for path in paths} == {workspace.root / "products"}
            assert len(names_in(workspace.root / "products")) == len(some)
            assert names_in(workspace.root) == ["products"]
            assert self.ids(workspace) == set(some)

    @pytest.mark.parametrize("product_id", ["", " ", "\n\t"])
    def test_a_product_without_an_id_is_told(self, folder: Folder, product_id: str) -> None:
        with pytest.raises(ReviewError, match="without an id"):
            ensure_product(folder.root, product_id)

    def test_a_damaged_file_is_to_be_mended_first(self, folder: Folder) -> None:
        path = folder.write("products/a-b/product.toml", 'product_id = "a b"\nname =\n')
        with pytest.raises(ReviewError, match=r"product\.toml:2: "):
            ensure_product(folder.root, "a b")
        with pytest.raises(ReviewError, match=r"product\.toml:2: "):
            ensure_product(folder.root, "a-b")
        assert names_in(folder.root / "products") == ["a-b"]
        assert path.read_text() == 'product_id = "a b"\nname =\n'

    def test_a_link_out_of_the_workspace_is_refused(self, folder: Folder, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (folder.root / "products").symlink_to(tmp_path / "outside")
        with pytest.raises(ReviewError, match="out of the workspace"):
            ensure_product(folder.root, "replay")
        assert names_in(tmp_path / "outside") == []

    def test_a_file_in_the_place_of_the_products_is_told(self, folder: Folder) -> None:
        folder.write("products", "")
        with pytest.raises(ReviewError, match="cannot be read"):
            ensure_product(folder.root, "replay")
