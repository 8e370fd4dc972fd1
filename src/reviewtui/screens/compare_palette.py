"""What the palette finds on the compare screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewtui.actions.action import first_key, remapped
from reviewtui.actions.numbers import COMPARE_MOVES, COMPARE_SCREEN
from reviewtui.palette import Entry
from reviewtui.widgets.fitting import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.screens.compare import CompareScreen


def compare_entries(screen: CompareScreen) -> Iterator[Entry]:
    """Actions with their keys, products, metrics and months."""
    keymap, grid = screen.review_app.keymap, screen.grid
    for action in remapped(COMPARE_SCREEN, keymap):
        yield Entry(action.does, "action", partial(screen.run_action, action.method), True, first_key(action))
    for product in screen.products:
        name = shown_name(product.name, product.id)
        yield Entry(name, "go to this product", partial(screen.show_product, product.id), True)
    for action in remapped(COMPARE_MOVES, keymap):
        yield Entry(action.does, "action", partial(grid.run_action, action.method), key=first_key(action))
    for metric in screen.metrics:
        name = shown_name(metric.name, metric.id)
        yield Entry(name, "compare this metric", partial(screen.go_to, metric.id, None))
    for month in screen.sheet.months if screen.sheet is not None else ():
        yield Entry(f"{month.long_label} {month}", "go to this month", partial(screen.go_to, None, month))
