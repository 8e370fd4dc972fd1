"""What is asked of the sources: plain values that both processes know.

Nothing here imports DuckDB, so the process with the screen can build and read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity
from reviewtui.text import safe_text
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    from reviewtui.workspace.model import SourceConfig, ViewConfig

VIEWS = "[views]"
"""`FoundTable.source` of an entry of `[views]`."""

QUERY = "query of "
"""Begins the label of SQL that is no view; what follows is the file it is written in."""

_NOT_SQL_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """The sources and views of a workspace, and the limits under which they are read."""

    sources: tuple[SourceConfig, ...]
    views: tuple[ViewConfig, ...] = ()
    view_seconds: float = 60.0
    """How long one reading of a view may take."""
    memory_limit: str = "700MB"
    """What DuckDB may use for its buffers."""
    threads: int = 2
    excluded_views: tuple[str, ...] = ()
    """Quoted SQL names of views that are left alone because an earlier attempt failed on them."""
    view_problems: tuple[Problem, ...] = ()
    """Why they are left alone."""

    def without_view(self, relation: str, reason: str) -> SourceRequest:
        """The same request with the view `relation` left alone; `reason` completes "the view ..."."""
        return replace(
            self,
            excluded_views=(*self.excluded_views, relation),
            view_problems=(*self.view_problems, self.view_problem(relation, reason)),
        )

    def view_problem(self, relation: str, reason: str) -> Problem:
        """The problem of the view with the quoted SQL name `relation`; `reason` completes "the view ..."."""
        for view in self.views:
            if view_relation(view.table) == relation:
                return Problem(WORKSPACE_FILE, view.line, safe_text(f"The view {view.table} {reason}"))
        if relation.startswith(QUERY):
            return Problem(safe_text(relation.removeprefix(QUERY)), None, f"The SQL {reason}")
        return Problem(safe_text(relation.replace('"', "")), None, f"This view of the data file {reason}")


def quoted(*names: str) -> str:
    """An SQL name of one or several parts that means exactly `names`."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def is_sql_text(text: str) -> bool:
    """Whether `text` can stand in a statement: no NUL, no half of a surrogate pair."""
    return _NOT_SQL_TEXT.search(text) is None


def view_relation(table: str) -> str:
    """The quoted SQL name under which the entry `table` of `[views]` is created."""
    return quoted("temp", "main", f"view {table}")


def source_problem(source: SourceConfig, message: str, severity: Severity = Severity.ERROR) -> Problem:
    """A problem of one `[[source]]`, at its line of the workspace file if it has one."""
    if source.line is None:
        return Problem(safe_text(str(source.path)), None, message, severity)
    return Problem(WORKSPACE_FILE, source.line, message, severity)
