"""The part of the app that opens deep dives, interviews, search and SQL, and leads from record to record."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual.reactive import var

from reviewtui.records_app import RecordsApp
from reviewtui.sheet_state import Position

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from reviewtui.workspace.kinds.base import Record
    from reviewtui.workspace.search import Library


class InsightApp(RecordsApp):
    """Needs `show_over_grid` and `show_place` of the app."""

    changed_queries: var[frozenset[tuple[str, str]]] = var(frozenset, init=False)
    """(dive, evidence) of the queries whose result was seen to have changed."""

    @cached_property
    def library(self) -> Library:
        """What searches the records; its methods block, so they are called in thread workers only."""
        from reviewtui.paths import cache_dir
        from reviewtui.workspace.load import load_products
        from reviewtui.workspace.search import Library

        names = {product.product_id: product.name for product in load_products(self.workspace_root)}
        return Library(self.workspace_root, cache_dir(self.workspace_root), names)

    def note_query(self, query: tuple[str, str], *, is_changed: bool) -> None:
        """Remember whether a query's result is another than the one that was kept."""
        others = self.changed_queries - {query}
        self.changed_queries = others | {query} if is_changed else others

    def show_over_grid(self, kind: Callable[[], Screen[None]]) -> None:
        """Open a screen over the grid, in place of any other."""
        raise NotImplementedError

    def show_place(self, place: Position) -> None:
        """Show a cell on the grid."""
        raise NotImplementedError

    def action_show_dives(self) -> None:
        """The deep dives of all products, in place of what lies over the grid."""
        from reviewtui.screens.dives import DivesScreen

        self.show_over_grid(DivesScreen)

    def action_show_interviews(self) -> None:
        """The interviews, in place of what lies over the grid."""
        from reviewtui.screens.interviews import InterviewsScreen

        self.show_over_grid(InterviewsScreen)

    def action_show_search(self) -> None:
        """The search, over whatever is open."""
        from reviewtui.screens.search import SearchScreen

        if not isinstance(self.screen, SearchScreen):
            self.push_screen(SearchScreen())

    def action_show_sql(self) -> None:
        """The SQL pane, over whatever is open."""
        from reviewtui.screens.sql_pane import SqlPane

        if not isinstance(self.screen, SqlPane):
            self.push_screen(SqlPane())

    def show_target(self, ref: str, product: str = "") -> None:
        """Go where a reference points: a record, a quote of one, or a cell of `product`."""
        from reviewtui.insights.links import cell_of, ref_parts

        cell = cell_of(ref)
        record = self.records.by_id(ref_parts(ref)[0])
        if record is not None:
            self._show_record(record)
        elif cell is not None:
            self.show_place(Position(product or self._product, cell[0], str(cell[1])))
        else:
            say = getattr(self.screen, "say", None)
            if callable(say):
                say("That is no record of this workspace. It may have been removed, or is an address.")

    @property
    def _product(self) -> str | None:
        position: Position = getattr(self, "position", Position())
        return position.product

    def _show_record(self, record: Record) -> None:
        from reviewtui.screens.record_places import screen_of

        screen = screen_of(record)
        if isinstance(screen, Position):
            self.show_place(screen)
        else:
            self.push_screen(screen)
