"""Products and the known events beside them."""

from __future__ import annotations

import os
from typing import Any

import pytest

from reviewtui.errors import Severity
from reviewtui.months import Month
from reviewtui.workspace.model import ActivationVersion, Criterion, KnownEvent, Link, ProductConfig
from tests.workspace.conftest import SOURCE, Folder

FULL = """\
product_id = "session-replay"
name = "Session replay"
stage = "growth"
owner = "Ada"
key_action = ["watched", "shared"]
links = [{label = "Plan", url = "https://example.com/plan"}, {url = "https://example.com"}]

[[activation]]
valid_from = "2025-06"
window_days = 7
criteria = [{event = "watched", count = 2}, {event = "shared"}]

[[activation]]
criteria = [{event = "watched"}]

[revenue_share]
cloud = ["replay-cloud", "replay-eu"]
mobile = ["replay-mobile"]

[target]
nrr = 1.1
mrr_growth = [0.05, 0.1]
"""


class TestProducts:
    def test_all_settings_are_read(self, folder: Folder) -> None:
        product, problems = folder.product(FULL)
        assert problems == ()
        assert product == ProductConfig(
            product_id="session-replay",
            slug="replay",
            name="Session replay",
            stage="growth",
            owner="Ada",
            key_action=("watched", "shared"),
            activation=(
                ActivationVersion((Criterion("watched", 1),)),
                ActivationVersion((Criterion("watched", 2), Criterion("shared", 1)), 7, Month(2025, 6)),
            ),
            revenue_share={"cloud": ("replay-cloud", "replay-eu"), "mobile": ("replay-mobile",)},
            target={"nrr": 1.1, "mrr_growth": (0.05, 0.1)},
            links=(Link("Plan", "https://example.com/plan"), Link("https://example.com", "https://example.com")),
        )

    def test_the_folder_names_the_product(self, folder: Folder) -> None:
        product, problems = folder.product('name = "Replay"')
        assert problems == ()
        assert product.product_id == "replay"

    def test_one_activation_is_a_table(self, folder: Folder) -> None:
        product, problems = folder.product('[activation]\nwindow_days = 30\ncriteria = [{event = "x"}]\n')
        assert problems == ()
        assert product.activation == (ActivationVersion((Criterion("x", 1),), 30),)

    def test_all_products_together_have_a_folder(self, folder: Folder) -> None:
        product, problems = folder.product("[target]\nmrr = 1000\n", slug="_all")
        assert problems == ()
        assert (product.product_id, product.slug) == ("*", "_all")

    @pytest.mark.parametrize(("slug", "product_id"), [("_all", "replay"), ("replay", "*")])
    def test_the_id_of_all_products_belongs_to_their_folder(self, folder: Folder, slug: str, product_id: str) -> None:
        product, (problem,) = folder.product(f'name = "x"\nproduct_id = "{product_id}"', slug=slug)
        assert problem.line == 2
        assert product.product_id == {"_all": "*", "replay": "replay"}[slug]

    def test_an_id_that_two_folders_claim_is_told(self, folder: Folder) -> None:
        folder.write("products/a/product.toml", 'product_id = "x"\nname = "first"')
        folder.write("products/b/product.toml", 'name = "second"\nproduct_id = "x"')
        workspace = folder.load(SOURCE)
        (problem,) = workspace.problems
        assert (problem.path, problem.line) == ("products/b/product.toml", 2)
        assert [product.name for product in workspace.products] == ["first"]

    def test_other_files_and_hidden_folders_are_passed_over(self, folder: Folder) -> None:
        folder.write("products/README.md", "hello")
        folder.write("products/.trash/product.toml", "name = 1")
        folder.write("products/a/cost.toml", "schema = 1")
        workspace = folder.load(SOURCE)
        assert (workspace.products, workspace.problems) == ((), ())

    def test_a_file_in_the_place_of_the_products_is_told(self, folder: Folder) -> None:
        folder.write("products", "")
        assert folder.problem(SOURCE).path == "products"

    def test_a_folder_name_that_is_not_text_is_no_fault(self, folder: Folder) -> None:
        place = os.path.join(os.fsencode(folder.root), b"products", b"caf\xe9")  # noqa: PTH118 - of bytes
        os.makedirs(place)  # noqa: PTH103 - of bytes
        with open(os.path.join(place, b"product.toml"), "wb") as file:  # noqa: PTH118, PTH123 - of bytes
            file.write(b"x = 1")
        workspace = folder.load(SOURCE)
        assert [product.product_id for product in workspace.products] == ["caf\ufffd"]
        assert len(workspace.problems) == 1


BAD_VALUES: dict[str, tuple[str, int, str, dict[str, Any]]] = {
    "stage": ('stage = "grow"', 1, "Did you mean `growth`?", {"stage": ""}),
    "id that is a number": ("product_id = 1", 1, "a text in quotes", {"product_id": "replay"}),
    "id that is blank": ('product_id = " "', 1, "empty", {"product_id": "replay"}),
    "key action as a text": ('key_action = "watched"', 1, "a list of texts", {"key_action": ()}),
    "a key action that is a number": ('key_action = [\n"a",\n1,\n]', 3, "a text", {"key_action": ("a",)}),
    "target as a text": ('[target]\nmrr = "1k"\nnrr = 1', 2, "a number or [low, high]", {"target": {"nrr": 1.0}}),
    "target of three": ("[target]\nmrr = [1, 2, 3]", 2, "a list of 3", {"target": {}}),
    "target with texts": ('[target]\nmrr = ["a", "b"]', 2, "a number", {"target": {}}),
    "target as a flag": ("[target]\nmrr = true", 2, "not true or false", {"target": {}}),
    "target as a date": ("[target]\nmrr = 2026-01-01", 2, "not a date", {"target": {}}),
    "groups that overlap": (
        '[revenue_share]\na = ["x", "y"]\nb = ["y"]\nc = ["z"]',
        3,
        "`y` is in the group `a` too",
        {"revenue_share": {"a": ("x", "y"), "c": ("z",)}},
    ),
    "group as a text": ('[revenue_share]\na = "x"', 2, "a list of texts", {"revenue_share": {}}),
    "activation without criteria": ("[activation]\nwindow_days = 3", 1, "at least one criterion", {"activation": ()}),
    "month 13": ('valid_month = "2026-13"', 1, "not a known setting", {}),
    "link without url": ('links = [\n{label = "x"},\n{url = "u"}]', 2, "no `url`", {"links": (Link("u", "u"),)}),
    "unknown key": ('ownr = "Ada"', 1, "Did you mean `owner`?", {"owner": ""}),
}


class TestBadValues:
    @pytest.mark.parametrize(("text", "line", "words", "kept"), BAD_VALUES.values(), ids=BAD_VALUES)
    def test_a_bad_value_is_told_with_its_line_and_falls_back(
        self, folder: Folder, text: str, line: int, words: str, kept: dict[str, Any]
    ) -> None:
        product, (problem,) = folder.product(f'name = "Replay"\n{text}\n')
        assert (problem.path, problem.line) == ("products/replay/product.toml", line + 1)
        assert words in problem.message
        assert product.name == "Replay"
        assert {key: getattr(product, key) for key in kept} == kept

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ('criteria = [{event = "a"}]\nvalid_from = "2026-13"', 3),
            ('criteria = [{event = "a"}]\nvalid_from = 2026-01-01', 3),
            ('criteria = [\n{event = "a"},\n{count = 2}]', 4),
            ('criteria = "a"', 2),
        ],
    )
    def test_an_activation_that_is_not_whole_is_not_used(self, folder: Folder, text: str, line: int) -> None:
        product, problems = folder.product(f"[activation]\n{text}\n")
        assert line in [problem.line for problem in problems]
        assert any("activation is not used" in problem.message for problem in problems)
        assert product.activation == ()

    def test_a_count_that_is_bad_counts_as_once(self, folder: Folder) -> None:
        product, (problem,) = folder.product('[activation]\ncriteria = [{event = "a", count = 0}]\n')
        assert problem.line == 2
        assert product.activation == (ActivationVersion((Criterion("a", 1),)),)

    def test_two_activations_from_one_month_are_told(self, folder: Folder) -> None:
        text = '[[activation]]\nvalid_from = "2026-01"\ncriteria = [{event = "%s"}]\n'
        product, (problem,) = folder.product(text % "a" + text % "b")
        assert problem.line == 4
        assert [version.criteria[0].event for version in product.activation] == ["a"]

    def test_a_damaged_file_leaves_the_product_at_its_defaults(self, folder: Folder) -> None:
        product, (problem,) = folder.product('product_id = "x"\nname =\n')
        assert problem.line == 2
        assert product == ProductConfig(product_id="replay", slug="replay")


class TestEvents:
    def test_events_belong_to_the_product_of_their_folder(self, folder: Folder) -> None:
        folder.write("products/replay/product.toml", 'product_id = "session-replay"')
        folder.write(
            "products/replay/events/e-260301-abcd.toml",
            'month = "2026-03"\nkind = "price"\nmetrics = ["mrr", "arpa"]\nnote = """\nPrices rose.\n"""\n',
        )
        folder.write("products/free/events/launch.toml", 'month = "2026-04"\nkind = "launch"\n')
        folder.write("products/_all/events/crisis.toml", 'month = "2020-03"\n')
        workspace = folder.load(SOURCE)
        assert workspace.problems == ()
        assert set(workspace.events) == {
            KnownEvent("crisis", "*", Month(2020, 3), "other"),
            KnownEvent("launch", "free", Month(2026, 4), "launch"),
            KnownEvent("e-260301-abcd", "session-replay", Month(2026, 3), "price", ("mrr", "arpa"), "Prices rose."),
        }

    @pytest.mark.parametrize(
        ("text", "line", "words", "used"),
        [
            ('kind = "price"\nmonth = "2026-3"', 2, '"YYYY-MM"', False),
            ("month = 2026-03-01", 1, "a text in quotes", False),
            ('kind = "price"', None, "no `month`", False),
            ('month = "2026-03"\nkind = "prize"', 2, "Did you mean `price`?", True),
            ('month = "2026-03"\nmetrics = "mrr"', 2, "a list of texts", True),
            ('month = "2026-03"\nnotes = "x"', 2, "Did you mean `note`?", True),
            ('month = "2026-03', 1, "not valid TOML", False),
        ],
    )
    def test_a_bad_event_is_told(self, folder: Folder, text: str, line: int | None, words: str, used: bool) -> None:
        folder.write("products/a/events/e.toml", text)
        workspace = folder.load(SOURCE)
        (problem,) = workspace.problems
        assert (problem.path, problem.line) == ("products/a/events/e.toml", line)
        assert words in problem.message
        assert len(workspace.events) == used

    def test_an_empty_event_is_told(self, folder: Folder) -> None:
        folder.write("products/a/events/e.toml", "")
        assert [problem.severity for problem in folder.load(SOURCE).problems] == [Severity.WARNING, Severity.ERROR]
