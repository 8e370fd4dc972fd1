"""Run the queries among a dive's evidence again, and say which results have changed since they were attached."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import QUERY_CHECK
from reviewtui.errors import Cancelled, ReviewError
from reviewtui.insights.query_evidence import Change, changed, figures_text
from reviewtui.screens.list_screen import ListScreen
from reviewtui.sources.query import QueryHead, QueryPage
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.dives import Dive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.kinds.dives import Evidence


@dataclass(frozen=True, slots=True)
class Again:
    """How one query ended this time."""

    figures: str = ""
    change: Change | None = None
    problem: str = ""


@dataclass(eq=False, repr=False)
class RanAgain(Message):
    """One of the queries has ended."""

    evidence: str
    again: Again


class QueryCheck(ListScreen):
    """Lists the queries of a dive."""

    BINDINGS = bindings_of(QUERY_CHECK)
    KEYS_OF = "Queries of a dive"
    ACTIONS = QUERY_CHECK
    HEADING = "Queries run again"
    COLUMNS = (ListColumn("Result", widest=24), ListColumn("Statement", widest=120))
    EMPTY = "No query is among the evidence."

    def __init__(self, dive: Dive) -> None:
        super().__init__()
        self._dive_id = dive.id
        self._cancel = threading.Event()
        self._found: dict[str, Again] = {}

    def on_mount(self) -> None:
        """Run them one after the other."""
        self.show()
        self._run_all(self._queries())

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._cancel.set()

    @property
    def _dive(self) -> Dive | None:
        found = self.review_app.records.by_id(self._dive_id)
        return found if isinstance(found, Dive) else None

    def _queries(self) -> tuple[Evidence, ...]:
        return tuple(item for item in self._dive.evidence if item.statement) if self._dive is not None else ()

    @work(thread=True, exit_on_error=False, group="queries")
    def _run_all(self, queries: tuple[Evidence, ...]) -> None:
        from reviewtui.metrics.compute import source_request
        from reviewtui.sources.query import run_query
        from reviewtui.workspace.load import load_workspace

        for item in queries:
            columns: list[str] = []
            rows: list[tuple[str | None, ...]] = []

            def take(part: QueryHead | QueryPage) -> None:
                if isinstance(part, QueryHead):
                    columns[:], rows[:] = [column.name for column in part.columns], []  # noqa: B023 - used in this turn
                else:
                    rows.extend(part.rows)  # noqa: B023 - as above

            try:
                request = source_request(load_workspace(self.review_app.workspace_root))
                run_query(request, item.statement, take, cancel=self._cancel)
            except Cancelled:
                return
            except ReviewError as error:
                self.post_message(RanAgain(item.id, Again(problem=error.message)))
                continue
            figures = figures_text(columns, rows)
            self.post_message(RanAgain(item.id, Again(figures, changed(item.figures, figures))))

    @on(RanAgain)
    def _take(self, message: RanAgain) -> None:
        self._found[message.evidence] = message.again
        is_changed = message.again.change is not None and message.again.change.is_change
        self.review_app.note_query((self._dive_id, message.evidence), is_changed=is_changed)
        self.show()

    def rows(self) -> Sequence[ListRow]:
        """One row a query."""
        return [self._row(item) for item in self._queries()]

    def _row(self, item: Evidence) -> ListRow:
        again = self._found.get(item.id)
        state, role = "running …", "quiet"
        if again is not None and again.problem:
            state, role = "✗ cannot be run", "bad"
        elif again is not None and again.change is not None:
            state, role = ("≠ changed", "note") if again.change.is_change else ("✓ the same", "good")
        return ListRow(item.id, (state, " ".join(item.statement.split())), "", role)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """What is different."""
        again = self._found.get(row.id)
        if again is None:
            return ()
        if again.problem or again.change is None:
            return [(Span(line, "bad"),) for line in wrap(again.problem, width)]
        lines: list[Line] = [(Span(line, "text"),) for line in wrap(again.change.words, width)]
        lines += [(Span(safe_text(f"− {text}".replace("\t", "  "), width), "bad"),) for text in again.change.gone]
        return [
            *lines,
            *((Span(safe_text(f"+ {text}".replace("\t", "  "), width), "good"),) for text in again.change.new),
        ]

    def title_words(self) -> tuple[str, str]:
        """How many have changed."""
        count = sum(again.change is not None and again.change.is_change for again in self._found.values())
        return f"{len(self._found)} of {len(self._queries())} run", f"{count} changed" if count else ""

    def open_row(self, row: ListRow) -> None:
        """Show the statement in the SQL pane."""
        from reviewtui.screens.sql_pane import SqlPane

        item = next((item for item in self._queries() if item.id == row.id), None)
        if item is not None:
            self.app.push_screen(SqlPane(item.statement))

    def action_take_figures(self) -> None:
        """Keep the new result in place of the old one."""
        dive, row = self._dive, self.row
        again = self._found.get(row.id) if row is not None else None
        if dive is None or row is None or again is None or again.change is None or not again.change.is_change:
            self.say("There is no changed result here that could be kept.")
            return
        rows = tuple(replace(item, figures=again.figures) if item.id == row.id else item for item in dive.evidence)

        def kept(_result: object) -> None:
            self._found[row.id] = Again(again.figures, changed(again.figures, again.figures))
            self.review_app.note_query((self._dive_id, row.id), is_changed=False)
            self.show()
            self.say("The new result is kept.")

        self.review_app.save_record(lambda store: store.save(dive, {"evidence": rows}), kept)
