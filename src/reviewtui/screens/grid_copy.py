"""Copying from a grid: the value under the cursor, or more."""

from __future__ import annotations

from reviewtui.screens.grid_find import GridFind


class GridCopy(GridFind):
    """The actions that copy, for every screen with a grid."""

    def copy_stem(self) -> str:
        """What a file with a copy from here is called, as words."""
        return self.product.id if self.product is not None else "grid"

    def action_copy_value(self) -> None:
        """Send what the cell shows, with every digit, to the terminal's clipboard and say no more than that."""
        from reviewtui.screens.copying import copy_value
        from reviewtui.widgets.copy_tables import cell_to_copy

        grid = self.grid
        if grid.view is None or not grid.view.stops or not grid.view.months:
            return
        text = cell_to_copy(grid.view, grid.line, grid.place)
        if text:
            copy_value(self.review_app, text, self.copy_stem(), self.say)
        else:
            self.say("There is no value to copy in this cell.")

    def action_copy_more(self) -> None:
        """Ask what to copy and how."""
        from reviewtui.screens.copying import copy_question, grid_copyables

        offered = grid_copyables(self.grid)
        if offered:
            self.ask(copy_question(self.review_app, offered, self.copy_stem(), self.say))
        else:
            self.say("There is nothing to copy.")
