"""Every key of every screen: the help and the documentation are made from these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.actions.action import Action, key_sign
from reviewtui.actions.lists import (
    ANOMALIES,
    CONFLICTS,
    DIVES,
    DRAFTS,
    DRIVERS,
    INTERVIEW_PARTS,
    INTERVIEWS,
    LIST,
    OWED,
    QUERY_CHECK,
    SAID,
    THREAD,
    TODOS,
)
from reviewtui.actions.numbers import (
    APP,
    COMPARE_MOVES,
    COMPARE_SCREEN,
    CUSTOMERS_SCREEN,
    GRID_MOVES,
    GRID_SCREEN,
    METRIC_SCREEN,
    PROMPT,
)
from reviewtui.actions.reviews import COSTS, REVIEW_SCREEN, SUMMARY_SCREEN, TOUR
from reviewtui.actions.writing import FIELD, FORM, PREVIEW, QUIT_QUESTION, READER, SEARCH, SQL_PANE

if TYPE_CHECKING:
    from collections.abc import Mapping


SCREENS: Mapping[str, tuple[Action, ...]] = {
    "Grid": (*GRID_MOVES, *GRID_SCREEN, *APP),
    "Metric": (*METRIC_SCREEN, *APP),
    "Compare": (*COMPARE_MOVES, *COMPARE_SCREEN, *APP),
    "Customers": (*CUSTOMERS_SCREEN, *APP),
    "Form": (*FORM, *FIELD),
    "Preview of a text": PREVIEW,
    "Comments": (*THREAD, *APP),
    "Review": (*REVIEW_SCREEN, *APP),
    "Summary": SUMMARY_SCREEN,
    "Tour": TOUR,
    "Anomalies": (*ANOMALIES, *APP),
    "Drivers": (*DRIVERS, *APP),
    "Records of a driver": (*LIST, *APP),
    "To-dos": (*TODOS, *APP),
    "Costs": (*COSTS, *APP),
    "Cost lines": (*LIST, *APP),
    "Conflicts": (*CONFLICTS, *APP),
    "Deep dives": (*DIVES, *APP),
    "Queries of a dive": (*QUERY_CHECK, *APP),
    "Interviews": (*INTERVIEWS, *APP),
    "Owed after interviews": (*OWED, *APP),
    "Cadence of interviews": (*INTERVIEW_PARTS, *APP),
    "Recruiting": (*INTERVIEW_PARTS, *APP),
    "Customer visits": (*INTERVIEW_PARTS, *APP),
    "Tags": (*INTERVIEW_PARTS, *APP),
    "What users said": (*SAID, *APP),
    "Search": SEARCH,
    "SQL": SQL_PANE,
    "Drafts": (*DRAFTS, *APP),
    "Quitting with drafts": QUIT_QUESTION,
    "Prompts": PROMPT,
    "Help and problems": (*READER, *APP),
}
"""Every action that can be pressed on a screen."""


def key_table() -> str:
    """Every key of every screen as Markdown tables, for the documentation."""
    parts: list[str] = []
    for screen, actions in SCREENS.items():
        parts.append(f"### {screen}\n")
        parts.append("| keys | does | id |\n| --- | --- | --- |")
        parts.extend(
            f"| {' '.join(f'`{key_sign(key)}`' for key in action.keys.split(','))} | {action.does} | `{action.id}` |"
            for action in actions
        )
        parts.append("")
    return "\n".join(parts)
