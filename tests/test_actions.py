"""The registry of actions: what every screen, the help and the documentation are made from."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from reviewtui.actions.action import Action, first_key, key_sign, remapped
from reviewtui.actions.screens import SCREENS, key_table
from reviewtui.keymap import checked_keymap, load_keymap

EVERY_ACTION = sorted({action.id: action for actions in SCREENS.values() for action in actions}.values(), key=str)

VERBS = (
    "Go|Show|Copy|List|Read|Find|Quit|Scroll|Fold|Pin|Add|Save|Edit|Write"
    "|Answer|Close|Mark|Carry|Drop|Take|Turn|Search|Run|Attach|Work|Complete|Start|Withdraw|Keep"
    "|Note|Tick|Walk|Give|Remove|Explain|Snooze"
)
"""What sentences begin with."""


@pytest.mark.parametrize("screen", SCREENS)
def test_no_two_actions_of_one_screen_share_a_key(screen: str) -> None:
    keys = Counter(key for action in SCREENS[screen] for key in action.keys.split(","))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_no_two_actions_of_one_screen_share_an_id(screen: str) -> None:
    ids = Counter(action.id for action in SCREENS[screen])
    assert max(ids.values()) == 1


@pytest.mark.parametrize("action", EVERY_ACTION, ids=lambda action: action.id)
def test_each_sentence_starts_with_a_capital_verb_and_has_no_full_stop(action: Action) -> None:
    assert re.fullmatch(rf"({VERBS}) [^.]+", action.does)


@pytest.mark.parametrize("screen", SCREENS)
def test_each_sentence_fits_a_line_of_the_help_at_80_columns(screen: str) -> None:
    assert [action.does for action in SCREENS[screen] if len(action.does) > 53] == []


@pytest.mark.parametrize("action", EVERY_ACTION, ids=lambda action: action.id)
def test_an_action_names_an_owner_that_exists(action: Action) -> None:
    assert action.owner in {"app", "screen", "grid", "prompt", "field"}


def test_every_action_has_its_method() -> None:
    from reviewtui.app import ReviewApp
    from reviewtui.screens.anomalies import AnomaliesScreen
    from reviewtui.screens.compare import CompareScreen
    from reviewtui.screens.conflicts import ConflictsScreen
    from reviewtui.screens.cost_lines import CostLinesScreen
    from reviewtui.screens.costs import CostsScreen
    from reviewtui.screens.customers import CustomersScreen
    from reviewtui.screens.dives import DivesScreen
    from reviewtui.screens.drafts import DraftsScreen, QuitScreen
    from reviewtui.screens.drivers import DriversScreen, RecordsBehind
    from reviewtui.screens.grid import GridScreen
    from reviewtui.screens.interviews import InterviewsScreen
    from reviewtui.screens.metric import MetricScreen
    from reviewtui.screens.owed import CadenceScreen, OwedScreen
    from reviewtui.screens.preview import PreviewScreen
    from reviewtui.screens.query_check import QueryCheck
    from reviewtui.screens.reader import ReaderScreen
    from reviewtui.screens.record_form import RecordForm
    from reviewtui.screens.review import ReviewScreen
    from reviewtui.screens.said import SaidScreen
    from reviewtui.screens.search import SearchScreen
    from reviewtui.screens.sql_pane import SqlPane
    from reviewtui.screens.summary import SummaryScreen
    from reviewtui.screens.tags import TagsScreen
    from reviewtui.screens.thread import ThreadScreen
    from reviewtui.screens.todos import TodosScreen
    from reviewtui.screens.visits import RecruitingScreen, VisitsScreen
    from reviewtui.widgets.field_row import FieldRow
    from reviewtui.widgets.metric_grid import MetricGrid
    from reviewtui.widgets.prompt_line import PromptLine

    owners: dict[str, dict[str, type]] = {
        "Grid": {"app": ReviewApp, "screen": GridScreen, "grid": MetricGrid},
        "Metric": {"app": ReviewApp, "screen": MetricScreen},
        "Compare": {"app": ReviewApp, "screen": CompareScreen, "grid": MetricGrid},
        "Customers": {"app": ReviewApp, "screen": CustomersScreen},
        "Form": {"screen": RecordForm, "field": FieldRow},
        "Preview of a text": {"screen": PreviewScreen},
        "Comments": {"app": ReviewApp, "screen": ThreadScreen},
        "To-dos": {"app": ReviewApp, "screen": TodosScreen},
        "Anomalies": {"app": ReviewApp, "screen": AnomaliesScreen},
        "Drivers": {"app": ReviewApp, "screen": DriversScreen},
        "Records of a driver": {"app": ReviewApp, "screen": RecordsBehind},
        "Review": {"app": ReviewApp, "screen": ReviewScreen},
        "Summary": {"screen": SummaryScreen},
        "Tour": {"app": ReviewApp},
        "Costs": {"app": ReviewApp, "screen": CostsScreen},
        "Cost lines": {"app": ReviewApp, "screen": CostLinesScreen},
        "Conflicts": {"app": ReviewApp, "screen": ConflictsScreen},
        "Deep dives": {"app": ReviewApp, "screen": DivesScreen},
        "Queries of a dive": {"app": ReviewApp, "screen": QueryCheck},
        "Interviews": {"app": ReviewApp, "screen": InterviewsScreen},
        "Owed after interviews": {"app": ReviewApp, "screen": OwedScreen},
        "Cadence of interviews": {"app": ReviewApp, "screen": CadenceScreen},
        "Recruiting": {"app": ReviewApp, "screen": RecruitingScreen},
        "Customer visits": {"app": ReviewApp, "screen": VisitsScreen},
        "Tags": {"app": ReviewApp, "screen": TagsScreen},
        "What users said": {"app": ReviewApp, "screen": SaidScreen},
        "Search": {"screen": SearchScreen},
        "SQL": {"screen": SqlPane},
        "Drafts": {"app": ReviewApp, "screen": DraftsScreen},
        "Quitting with drafts": {"screen": QuitScreen},
        "Prompts": {"prompt": PromptLine},
        "Help and problems": {"app": ReviewApp, "screen": ReaderScreen},
    }
    for screen, actions in SCREENS.items():
        for action in actions:
            assert hasattr(owners[screen][action.owner], f"action_{action.method}"), action.id


def test_the_footer_has_at_most_eight_entries() -> None:
    for actions in SCREENS.values():
        assert len({action.footer for action in actions if action.footer}) <= 8


def test_keys_are_written_as_people_know_them() -> None:
    assert [key_sign(key) for key in ("ctrl+p", "left", "question_mark", "G", "pagedown")] == [
        "Ctrl+P", "←", "?", "G", "PgDn",
    ]  # fmt: skip


def test_the_key_table_names_every_action() -> None:
    table = key_table()
    assert all(f"`{action.id}`" in table and action.does in table for action in EVERY_ACTION)


def test_the_documentation_has_the_key_table_as_it_is() -> None:
    keys = Path(__file__).parent.parent / "docs" / "keys.md"
    assert keys.read_text(encoding="utf-8").endswith(key_table())


class TestKeysOfAPersonsOwn:
    def test_an_action_can_have_other_keys(self) -> None:
        keymap, problems = checked_keymap({"screen.copy_value": "f6", "grid": {"next_month": ["right", "f7"]}})
        assert (keymap, problems) == ({"screen.copy_value": "f6", "grid.next_month": "right,f7"}, ())
        changed = next(item for item in remapped(SCREENS["Grid"], keymap) if item.id == "screen.copy_value")
        assert first_key(changed) == "f6"

    def test_signs_may_be_written_as_they_are(self) -> None:
        assert checked_keymap({"app.help": ["%", "&"]})[0] == {"app.help": "percent_sign,ampersand"}

    def test_an_unknown_action_is_a_problem_with_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.toml"
        path.write_text('# mine\n"grid.fly" = "f"\n"screen.copy_value" = "f6"\n', encoding="utf-8")
        keymap, (problem,) = load_keymap(path)
        assert keymap == {"screen.copy_value": "f6"}
        assert (problem.line, "grid.fly" in problem.message) == (2, True)

    def test_a_key_that_is_taken_is_a_problem_and_the_usual_key_stays(self) -> None:
        keymap, (problem,) = checked_keymap({"screen.copy_value": "h"})
        assert keymap == {}
        assert "grid.previous_month" in problem.message

    def test_two_actions_may_swap_their_keys(self) -> None:
        entries = {"grid.previous_quarter": "w", "grid.next_quarter": "b"}
        assert checked_keymap(entries) == (entries, ())

    def test_of_two_entries_for_one_key_the_first_applies(self) -> None:
        keymap, problems = checked_keymap({"screen.copy_value": "f6", "screen.reload": "f6"})
        assert keymap == {"screen.copy_value": "f6"}
        assert len(problems) == 1

    @pytest.mark.parametrize("value", ["", 7, [], [1], {"a": {"b": "c"}}, True])
    def test_what_is_not_a_key_is_a_problem(self, value: object) -> None:
        keymap, problems = checked_keymap({"screen.copy_value": value})
        assert keymap == {}
        assert len(problems) == 1

    @pytest.mark.parametrize("content", [b"= =", b"\xff\xfe", b'a = "' + b"x" * 70_000])
    def test_a_damaged_file_leaves_the_usual_keys(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "keys.toml"
        path.write_bytes(content)
        keymap, problems = load_keymap(path)
        assert keymap == {}
        assert len(problems) == 1

    def test_no_file_is_no_problem(self, tmp_path: Path) -> None:
        assert load_keymap(tmp_path / "keys.toml") == ({}, ())
