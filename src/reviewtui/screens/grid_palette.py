"""What the palette finds on the grid screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewtui.actions.action import first_key, remapped
from reviewtui.actions.numbers import GRID_MOVES, GRID_SCREEN
from reviewtui.metrics.derived import Values
from reviewtui.palette import Entry
from reviewtui.sheet_state import RowFilter
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.grid_rows import section_title
from reviewtui.widgets.view_words import VALUES_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewtui.screens.grid import GridScreen


def grid_entries(screen: GridScreen) -> Iterator[Entry]:
    """Actions with their keys, views, products, metrics, sections and months."""
    keymap, grid = screen.review_app.keymap, screen.grid
    for action in remapped(GRID_SCREEN, keymap):
        yield Entry(action.does, "action", partial(screen.run_action, action.method), True, first_key(action))
    for product in screen.products:
        name = shown_name(product.name, product.id)
        yield Entry(name, "show this product", _leaving(screen, partial(screen.show_product, product.id)), True)
    for action in remapped(GRID_MOVES, keymap):
        yield Entry(action.does, "action", partial(grid.run_action, action.method), key=first_key(action))
    view = grid.view
    if view is None:
        return
    yield from _views(screen, view.product)
    metrics = view.sheet.metrics_of(view.product)
    for metric in metrics:
        name = shown_name(metric.name, metric.id)
        yield Entry(name, "go to this metric", partial(screen.go_to, metric.id, None))
    for section in dict.fromkeys(metric.section for metric in metrics):
        first = next(metric.id for metric in metrics if metric.section == section)
        yield Entry(f"Section {section_title(section)}", "go to this section", partial(screen.go_to, first, None))
    for month in view.sheet.months:
        yield Entry(f"{month.long_label} {month}", "go to this month", partial(screen.go_to, None, month))


def _views(screen: GridScreen, product: str) -> Iterator[Entry]:
    for values, words in VALUES_WORDS.items():
        if values is not Values.TARGET or screen.has_targets(product):
            run = partial(_show_values, screen, values)
            yield Entry(f"Show {words}", "change what the cells show", _leaving(screen, run))
    for rows in RowFilter:
        words = "this section only" if rows is RowFilter.SECTION else f"{rows} metrics"
        run = partial(screen.filter_rows, rows)
        yield Entry(f"List {words}", "change which metrics are listed", _leaving(screen, run))


def _show_values(screen: GridScreen, values: Values) -> None:
    screen.set_options(screen.options._replace(values=values))
    screen.say_view(VALUES_WORDS[values])


def _leaving(screen: GridScreen, run: Callable[[], object]) -> Callable[[], None]:
    """`run`, with a way back to the place before."""

    def leave_and_run() -> None:
        screen.leave_place()
        run()

    return leave_and_run
