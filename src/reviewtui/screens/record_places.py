"""Where each record is shown: the screen that lists its kind, or the cell it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.sheet_state import Position
from reviewtui.workspace.kinds.comments import Comment
from reviewtui.workspace.kinds.dives import Dive
from reviewtui.workspace.kinds.explanations import Explanation
from reviewtui.workspace.kinds.interviews import Interview
from reviewtui.workspace.kinds.people import Person
from reviewtui.workspace.kinds.recruiting import Recruiting
from reviewtui.workspace.kinds.tags import TagRegistry
from reviewtui.workspace.kinds.todos import Todo
from reviewtui.workspace.kinds.visits import Visit

if TYPE_CHECKING:
    from textual.screen import Screen

    from reviewtui.workspace.kinds.base import Record


def screen_of(record: Record) -> Screen[None] | Position:
    """A screen that stands on the record, or the cell to show; for kinds without either, the record as text."""
    if isinstance(record, Comment | Explanation) and record.metric and record.month is not None:
        return Position(record.product, record.metric, str(record.month))
    if isinstance(record, Todo):
        from reviewtui.screens.todos import TodosScreen

        return TodosScreen()
    if isinstance(record, Dive):
        from reviewtui.screens.dives import DivesScreen

        return DivesScreen(record.id)
    if isinstance(record, Interview):
        from reviewtui.screens.interviews import InterviewsScreen

        return InterviewsScreen(record.id)
    if isinstance(record, Person):
        from reviewtui.screens.owed import CadenceScreen

        return CadenceScreen(record.handle)
    if isinstance(record, TagRegistry):
        from reviewtui.screens.tags import TagsScreen

        return TagsScreen()
    if isinstance(record, Recruiting | Visit):
        from reviewtui.screens.visits import RecruitingScreen, VisitsScreen

        return (RecruitingScreen if isinstance(record, Recruiting) else VisitsScreen)(record.id)
    return _as_text(record)


def _as_text(record: Record) -> Screen[None]:
    from textual.content import Content

    from reviewtui.screens.reader import ReaderScreen
    from reviewtui.text import safe_text
    from reviewtui.widgets.record_lines import record_lines
    from reviewtui.workspace.kinds.registry import kind_of

    lines = record_lines(kind_of(record), record, 100, words={})
    text = "\n".join("".join(span.text for span in line) for line in lines)
    return ReaderScreen(safe_text(f"{kind_of(record).name} {record.id}"), Content(text), {})
