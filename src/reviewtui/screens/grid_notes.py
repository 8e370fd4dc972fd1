"""What the grid shows of notes and of git: glyphs before values, the filter for noted metrics, a word in the title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.cell_rows import CellKey
from reviewtui.screens.cell_notes import CellNoting
from reviewtui.screens.grid_views import GridViews
from reviewtui.sheet_state import RowFilter

if TYPE_CHECKING:
    from reviewtui.sheet_state import ViewOptions
    from reviewtui.workspace.git import GitState


LISTED = (RowFilter.NOTED, RowFilter.ANOMALOUS)
"""The filters whose list changes with what people write and with what is judged."""


class GridNotes(GridViews, CellNoting):
    """The notes of the cells of the grid."""

    git_words = ""
    """The branch and what is only on this machine; empty without a repository."""

    def cell_key(self) -> CellKey | None:
        """The cell under the cursor; None where there is none."""
        view = self.grid.view
        metric = view.rows[self.grid.line].metric if view is not None and view.stops else None
        if view is None or metric is None:
            return None
        return CellKey(view.product, metric.id, str(view.months[self.grid.place]))

    def show_notes(self) -> None:
        """Other glyphs, another list under the filter, another panel, and how many problems there are."""
        self.show_title()
        grid = self.grid
        view = grid.view
        if view is None:
            return
        here = self.review_app.position
        noted = self.listed_metrics(view.product)
        if self.options.rows in LISTED and noted != view.noted:
            self.show_product(view.product)
        else:
            view.noted = noted
        self.show_marks()
        grid.tell_focus()
        if self.app.screen is not self:
            # The place is that of the screen in front.
            self.review_app.position = here

    def anomalous_metrics(self, product: str) -> frozenset[str]:
        """The metrics that are out of the ordinary in the newest complete month."""
        raise NotImplementedError

    def listed_metrics(self, product: str) -> frozenset[str]:
        """What the filters that go by notes or verdicts list of a product."""
        return self._listed(product, self.options)

    def _listed(self, product: str, options: ViewOptions) -> frozenset[str]:
        if options.rows is RowFilter.ANOMALOUS:
            return self.anomalous_metrics(product)
        return self.noted_metrics(product)

    def set_options(self, options: ViewOptions, metric_id: str = "") -> None:
        """Look at the numbers in another way; a filter by notes or verdicts goes by those there are now."""
        view = self.grid.view
        if view is not None:
            view.noted = self._listed(view.product, options)
        super().set_options(options, metric_id)

    def show_marks(self) -> None:
        """Put the glyphs of the product on the screen before its values."""
        view = self.grid.view
        if view is not None:
            self.grid.show_marks(self.marks_in(view.product))

    def follow_git(self) -> None:
        """Say in the title what git says."""
        self.watch(self.app, "git_state", self._take_git, init=False)

    def _take_git(self, state: GitState | None) -> None:
        from reviewtui.workspace.git_words import state_words

        self.git_words = state_words(state)
        self.show_title()

    def show_title(self) -> None:
        """Name the product and the state of things."""
        raise NotImplementedError
