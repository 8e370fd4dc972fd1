"""Files of metrics, as they are read on their own."""

from __future__ import annotations

import os

import pytest

from reviewtui.months import Month
from reviewtui.workspace.model import CustomMetric, Link, MetricVersion
from tests.workspace.conftest import SOURCE, Folder

FULL = """\
schema = 1
name = "Per user"
section = "revenue"
unit = "money"
direction = "up"
kind = "input"
cadence = "quarterly"
definition = "All."
owner = "Ada"
links = [{label = "Plan", url = "https://example.com"}]
formula = "mrr / unique_users"

[[version]]
valid_from = "2026-05"
definition = "Third."

[[version]]
valid_from = "2026-02"
sql = '''
select 1'''
"""


class TestMetricFiles:
    def test_all_settings_are_read_and_versions_put_in_order(self, folder: Folder) -> None:
        folder.write("metrics/per_user.toml", FULL)
        workspace = folder.load(SOURCE)
        assert workspace.problems == ()
        assert workspace.custom_metrics == (
            CustomMetric(
                "per_user",
                "metrics/per_user.toml",
                (
                    MetricVersion(None, "All.", formula="mrr / unique_users", line=11),
                    MetricVersion(Month(2026, 2), "All.", sql="select 1", line=20, in_block=True),
                    MetricVersion(Month(2026, 5), "Third.", sql="select 1", line=20, in_block=True),
                ),
                name="Per user",
                section="revenue",
                unit="money",
                direction="up",
                kind="input",
                cadence="quarterly",
                owner="Ada",
                links=(Link("Plan", "https://example.com"),),
            ),
        )

    def test_a_file_of_a_product_is_for_that_product(self, folder: Folder) -> None:
        folder.write("products/replay/product.toml", 'product_id = "session-replay"')
        folder.write("products/replay/metrics/own.toml", 'formula = "mrr"')
        folder.write("products/_all/metrics/own.toml", 'formula = "mrr"')
        folder.write("metrics/own.toml", 'formula = "mrr"')
        metrics = folder.load(SOURCE).custom_metrics
        assert [(metric.id, metric.product) for metric in metrics] == [
            ("own", ""),
            ("own", "*"),
            ("own", "session-replay"),
        ]

    @pytest.mark.parametrize("name", ["revenue_share.web", "a", "x9_", "a.b.c"])
    def test_these_names_are_ids(self, folder: Folder, name: str) -> None:
        folder.write(f"metrics/{name}.toml", 'name = "x"')
        workspace = folder.load(SOURCE)
        assert [metric.id for metric in workspace.custom_metrics] == [name]
        assert workspace.problems == ()

    @pytest.mark.parametrize(
        "name", ["売上", "الإيرادات", "MRR", "my metric", "9lives", "_x", "a-b", "a..b", "x.", "[oops]", "a" * 81, "ａ"]
    )
    def test_other_names_are_told(self, folder: Folder, name: str) -> None:
        folder.write(f"metrics/{name}.toml", 'formula = "mrr"')
        workspace = folder.load(SOURCE)
        (problem,) = workspace.problems
        assert problem.path == f"metrics/{name}.toml"
        assert "cannot be the id of a metric" in problem.message
        assert workspace.custom_metrics == ()

    def test_a_file_name_that_is_no_text_is_no_fault(self, folder: Folder) -> None:
        place = os.path.join(os.fsencode(folder.root), b"metrics")  # noqa: PTH118 - of bytes
        os.makedirs(place)  # noqa: PTH103 - of bytes
        with open(os.path.join(place, b"caf\xe9.toml"), "wb") as file:  # noqa: PTH118, PTH123 - of bytes
            file.write(b'formula = "mrr"')
        assert len(folder.load(SOURCE).problems) == 1

    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ("formula = ", 1, "not valid TOML"),
            ("name = 3", 1, "a text in quotes"),
            ('formula = " "', 1, "is empty"),
            ('nme = "x"\nformula = "mrr"', 1, "Did you mean `name`?"),
            ('formula = "mrr"\ndirection = "upp"', 2, "is not one of: up, down, neutral"),
            ('formula = "mrr"\ncadence = "weekly"', 2, "is not one of: monthly, quarterly"),
            ('formula = "mrr"\nsql = "select 1"', 2, "not both"),
            ('formula = "mrr"\n[[version]]\nformula = "arr"', 2, "from which month on it holds"),
            ('formula = "mrr"\n[[version]]\nvalid_from = "May"', 3, 'written as "YYYY-MM"'),
            ('formula = "mrr"\nversion = 3', 2, "[[version]]"),
            ('formula = "mrr"\nlinks = [{label = "x"}]', 2, "has no `url`"),
            ("schema = 2\nformula = 'mrr'", 1, "newer than this program writes"),
        ],
    )
    def test_mistakes_are_told_with_their_line(self, folder: Folder, text: str, line: int, said: str) -> None:
        folder.write("metrics/own.toml", text)
        found = [problem for problem in folder.load(SOURCE).problems if said in problem.message]
        assert [(problem.path, problem.line) for problem in found] == [("metrics/own.toml", line)]

    def test_of_two_versions_from_the_same_month_the_first_is_used(self, folder: Folder) -> None:
        version = '[[version]]\nvalid_from = "2026-01"\nformula = '
        folder.write("metrics/own.toml", f'formula = "mrr"\n{version}"arr"\n{version}"nrr"')
        workspace = folder.load(SOURCE)
        assert [version.formula for version in workspace.custom_metrics[0].versions] == ["mrr", "arr"]
        assert [problem.line for problem in workspace.problems] == [5]

    def test_an_empty_file_describes_nothing_and_is_told(self, folder: Folder) -> None:
        folder.write("metrics/own.toml", "")
        workspace = folder.load(SOURCE)
        assert [problem.path for problem in workspace.problems] == ["metrics/own.toml"]
        assert not workspace.custom_metrics[0].is_computed

    def test_other_files_are_passed_over(self, folder: Folder) -> None:
        folder.write("metrics/README.md", "hello")
        folder.write("metrics/.own.toml", "name =")
        workspace = folder.load(SOURCE)
        assert (workspace.custom_metrics, workspace.problems) == ((), ())
