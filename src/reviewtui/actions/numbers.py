"""What the screens of numbers do: grid, metric, compare and customers, and what works everywhere."""

from __future__ import annotations

from reviewtui.actions.action import CELL, FIND, METRIC, MOVE, PRODUCT, PROGRAM, VIEW, Action

GRID_MOVES = (
    Action("grid.previous_month", "left,h", "Go to the month before", MOVE),
    Action("grid.next_month", "right,l", "Go to the next month", MOVE),
    Action("grid.previous_metric", "up,k", "Go to the metric above", MOVE),
    Action("grid.next_metric", "down,j", "Go to the metric below", MOVE),
    Action("grid.previous_quarter", "b", "Go back a quarter", MOVE),
    Action("grid.next_quarter", "w", "Go forward a quarter", MOVE),
    Action("grid.previous_year", "less_than_sign", "Go to the same month a year before", MOVE),
    Action("grid.next_year", "greater_than_sign", "Go to the same month a year later", MOVE),
    Action("grid.first_month", "0,home", "Go to the first month", MOVE, is_jump=True),
    Action(
        "grid.latest_month",
        "dollar_sign,end",
        "Go to the latest complete month, then to the open one",
        MOVE,
        is_jump=True,
    ),
    Action("grid.first_metric", "g", "Go to the first metric", MOVE, is_jump=True),
    Action("grid.last_metric", "G", "Go to the last metric", MOVE, is_jump=True),
    Action("grid.previous_section", "left_curly_bracket", "Go to the section above", MOVE),
    Action("grid.next_section", "right_curly_bracket", "Go to the section below", MOVE),
    Action("grid.page_up", "pageup", "Go up a page", MOVE),
    Action("grid.page_down", "pagedown", "Go down a page", MOVE),
    Action("grid.half_page_up", "ctrl+u", "Go up half a page", MOVE),
    Action("grid.half_page_down", "ctrl+d", "Go down half a page", MOVE),
)
"""What the grid itself does."""

STEPS = {
    "grid.previous_month": "There is nothing further left",
    "grid.next_month": "There is nothing further right",
    "grid.previous_metric": "There is nothing above",
    "grid.next_metric": "There is nothing below",
}
"""Actions that need no echo, as whoever presses their keys knows them, but a word where they lead nowhere."""

NEW_TODO = Action("screen.new_todo", "o", "Add a to-do that follows from this", CELL)

CELL_NOTES = (
    Action("screen.open_comments", "c", "Show the comments of the cell, and write one", CELL),
    NEW_TODO._replace(does="Add a to-do that follows from the cell"),
    Action("screen.new_dive", "D", "Start a deep dive on the cell, or see earlier ones", CELL),
    Action("screen.show_said", "u", "Show what users said around this month", CELL),
)
"""What people write about a cell, on every screen that has one under a cursor."""

CELL_REASONS = (
    Action("screen.explain", "e", "Write down why the value is so", CELL),
    Action("screen.mark_unknown", "U", "Note that nobody knows yet why the value is so", CELL),
    Action("screen.mark_event", "E", "Write down an event, at which ranges begin anew", CELL),
)
"""What people say about a value that is out of the ordinary."""

SHOW_DRIVERS = Action("screen.show_drivers", "d", "Show what explains the change from before", CELL)

GRID_SCREEN = (
    Action("screen.find", "slash", "Find a metric or a section of the grid", FIND, "find"),
    Action("screen.next_found", "n", "Go to the next one found", FIND, is_jump=True),
    Action("screen.previous_found", "N", "Go to the one found before", FIND, is_jump=True),
    Action("screen.go_to_month", "m", "Go to a month by typing it", FIND),
    Action("screen.previous_place", "left_parenthesis", "Go back to the place before", FIND),
    Action("screen.next_place", "right_parenthesis", "Go forward again", FIND),
    Action("screen.next_values", "t", "Show values, MoM, YoY, 3-month mean, gap to target", VIEW, "view", True),
    Action("screen.previous_values", "T", "Show the view of the values before", VIEW, is_jump=True),
    Action("screen.toggle_quarters", "v", "Show closed quarters as columns, or months again", VIEW, is_jump=True),
    Action(
        "screen.next_filter",
        "f",
        "Show all, pinned, one section, input, output, noted…",
        VIEW,
        is_jump=True,
    ),
    Action("screen.previous_filter", "F", "Show the filter before", VIEW, is_jump=True),
    Action("screen.toggle_pin", "asterisk", "Pin the metric to the top, or let it go", VIEW),
    Action("screen.toggle_section", "z", "Fold the section, or unfold it", VIEW),
    Action("screen.toggle_sections", "Z", "Fold all sections, or unfold them", VIEW),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT, "product", True),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT, "product", True),
    Action("screen.pick_product", "P", "Show a product by its name", PRODUCT),
    Action("screen.open_metric", "enter", "Show the metric in full, with the rows behind it", CELL, "open"),
    *CELL_NOTES,
    Action("screen.next_anomaly", "a", "Go to the next anomaly that nobody has explained", CELL, "anomaly", True),
    Action("screen.previous_anomaly", "A", "Go to the anomaly before", CELL, is_jump=True),
    *CELL_REASONS,
    SHOW_DRIVERS,
    Action("screen.next_stop", "tab", "Go to the next exception of the review's walk", CELL),
    Action("screen.previous_stop", "shift+tab", "Go to the exception before", CELL),
    Action("screen.toggle_presenter", "V", "Give the cell the whole screen, for others to see", CELL),
    Action("screen.toggle_details", "space", "Show more or less about the cell", CELL),
    Action("screen.copy_value", "y", "Copy the value to the terminal's clipboard", CELL),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL),
    Action("screen.show_problems", "p", "List the problems in files and data", PROGRAM),
    Action("screen.reload", "r", "Read the files and compute again", PROGRAM),
    Action("screen.back", "escape,backspace", "Go back: to the smaller panel, then to all metrics", CELL),
    Action("screen.leave", "q", "Go back, or quit from the bare grid", PROGRAM, "quit"),
)
"""What the screen around the grid does."""

METRIC_SCREEN = (
    Action("screen.previous_month", "left,h", "Go to the month before", MOVE),
    Action("screen.next_month", "right,l", "Go to the next month", MOVE),
    Action("screen.previous_metric", "up,k", "Go to the metric above", MOVE),
    Action("screen.next_metric", "down,j", "Go to the metric below", MOVE),
    Action("screen.previous_quarter", "b", "Go back a quarter", MOVE),
    Action("screen.next_quarter", "w", "Go forward a quarter", MOVE),
    Action("screen.previous_year", "less_than_sign", "Go to the same month a year before", MOVE),
    Action("screen.next_year", "greater_than_sign", "Go to the same month a year later", MOVE),
    Action(
        "screen.previous_product", "left_square_bracket", "Show the metric of the product before", PRODUCT, "product"
    ),
    Action("screen.next_product", "right_square_bracket", "Show the metric of the next product", PRODUCT, "product"),
    Action("screen.next_part", "tab", "Show rows, segments, six weeks, definition", CELL, "parts"),
    Action("screen.previous_part", "shift+tab", "Show the part before", CELL),
    Action("screen.page_down", "pagedown,space,ctrl+d", "Scroll the rows down", CELL, "scroll"),
    Action("screen.page_up", "pageup,ctrl+u", "Scroll the rows up", CELL),
    *CELL_NOTES,
    *CELL_REASONS,
    SHOW_DRIVERS,
    Action("screen.next_row", "J,shift+down", "Go to the row below, among those behind the cell", CELL),
    Action("screen.previous_row", "K,shift+up", "Go to the row above", CELL),
    Action("screen.note_row", "i", "Turn the row's answer into a comment on the cell", CELL),
    Action("screen.read_again", "enter", "Read the rows again after stopping", CELL),
    Action("screen.copy_value", "y", "Copy the value to the terminal's clipboard", CELL, "copy"),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL),
    Action("screen.back", "escape,backspace", "Go back to the grid; while rows are read, stop", PROGRAM, "back"),
    Action("screen.leave", "q", "Go back to the grid", PROGRAM),
)
"""What the full view of a metric does."""

COMPARE_MOVES = tuple(
    action._replace(does=action.does.replace("metric", "product").replace("section", "group"), is_jump=False)
    for action in GRID_MOVES
)
"""The same movements where products are the rows."""

COMPARE_SCREEN = (
    Action("screen.previous_metric", "comma", "Show the metric before", METRIC, "metric"),
    Action("screen.next_metric", "full_stop", "Show the next metric", METRIC, "metric"),
    Action("screen.pick_metric", "M", "Show a metric by its name", METRIC),
    Action("screen.pick_second", "W", "Show a second metric of the product beside this one", METRIC, "beside"),
    Action("screen.next_order", "s", "Show products by newest value, by change or by name", VIEW, "sort"),
    Action("screen.toggle_stages", "S", "Show products by stage, or in one list", VIEW),
    Action("screen.toggle_index", "i", "Show values, or an index from the first month on", VIEW, "index"),
    Action("screen.next_values", "t", "Show values, MoM, YoY, 3-month mean, gap to target", VIEW),
    Action("screen.previous_values", "T", "Show the view of the values before", VIEW),
    Action("screen.toggle_quarters", "v", "Show closed quarters as columns, or months again", VIEW),
    Action("screen.find", "slash", "Find a product", FIND),
    Action("screen.next_found", "n", "Go to the next one found", FIND),
    Action("screen.previous_found", "N", "Go to the one found before", FIND),
    Action("screen.go_to_month", "m", "Go to a month by typing it", FIND),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT),
    Action("screen.pick_product", "P", "Show a product by its name", PRODUCT),
    Action("screen.copy_value", "y", "Copy the value to the terminal's clipboard", CELL),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL),
    Action("screen.open_product", "enter", "Show the product on the grid, at this cell", CELL, "open"),
    Action("screen.back", "escape,backspace", "Go back: to all products, then to the grid", PROGRAM, "back"),
    Action("screen.leave", "q", "Go back to the grid", PROGRAM),
)
"""What the compare screen does."""

CUSTOMERS_SCREEN = (
    Action("screen.previous_row", "up,k", "Go to the customer above", MOVE),
    Action("screen.next_row", "down,j", "Go to the customer below", MOVE),
    Action("screen.page_up", "pageup,ctrl+u", "Go up a page", MOVE),
    Action("screen.page_down", "pagedown,space,ctrl+d", "Go down a page", MOVE),
    Action("screen.first_row", "g,home", "Go to the first customer", MOVE),
    Action("screen.last_row", "G,end", "Go to the last customer", MOVE),
    Action("screen.previous_month", "left,h", "Show the month before", MOVE, "month"),
    Action("screen.next_month", "right,l", "Show the next month", MOVE, "month"),
    Action("screen.previous_quarter", "b", "Go back a quarter", MOVE),
    Action("screen.next_quarter", "w", "Go forward a quarter", MOVE),
    Action("screen.previous_year", "less_than_sign", "Go to the same month a year before", MOVE),
    Action("screen.next_year", "greater_than_sign", "Go to the same month a year later", MOVE),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT, "product"),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT, "product"),
    Action("screen.find", "slash", "Find a customer", FIND, "find"),
    Action("screen.next_found", "n", "Go to the next one found", FIND),
    Action("screen.previous_found", "N", "Go to the one found before", FIND),
    Action("screen.next_column", "s", "Show customers sorted by the next column", VIEW, "sort"),
    Action("screen.turn_round", "S", "Show customers sorted the other way round", VIEW),
    Action("screen.read_again", "enter", "Read the customers again after stopping", CELL),
    Action("screen.explain_churn", "K", "Write down why the customer left", CELL),
    Action("screen.copy_value", "y", "Copy the value in the sorted column", CELL),
    Action("screen.copy_more", "Y", "Copy a row, a column or a table, as TSV or Markdown", CELL, "copy"),
    Action("screen.back", "escape,backspace", "Go back; while rows are read, stop", PROGRAM, "back"),
    Action("screen.leave", "q", "Go back to the grid", PROGRAM),
)
"""What the customers screen does."""

APP = (
    Action("app.show_grid", "1", "Show the grid of metrics by months", PROGRAM),
    Action("app.show_anomalies", "2", "Show what is out of the ordinary and not explained", PROGRAM),
    Action("app.show_dives", "3", "Show the deep dives", PROGRAM),
    Action("app.show_interviews", "4", "Show the interviews, and what is owed after them", PROGRAM),
    Action("app.show_costs", "5", "Show what a unit costs and what the margin is", PROGRAM),
    Action("app.show_review", "6", "Show the review of the month", PROGRAM),
    Action("app.show_compare", "7", "Show one metric over all products", PROGRAM),
    Action("app.show_customers", "8", "Show the customers of the product in this month", PROGRAM),
    Action("app.show_todos", "9", "Show the to-dos of all products", PROGRAM),
    Action("app.help", "question_mark,f1", "List all keys", PROGRAM, "help"),
    Action(
        "app.command_palette", "colon,ctrl+p", "Find a metric, month, product or action by name", PROGRAM, "palette"
    ),
    Action("app.show_conflicts", "exclamation_mark", "Show what two people changed at once, field by field", PROGRAM),
    Action("app.show_search", "ctrl+f", "Search every record", PROGRAM),
    Action("app.show_sql", "x", "Run a read-only SQL statement on the sources", PROGRAM),
    Action("app.show_drafts", "ctrl+o", "List drafts: what was typed and not saved", PROGRAM),
    Action("app.begin_tour", "f2", "Show a newcomer around, a key at a time", PROGRAM),
    Action("app.next_theme", "C", "Show other colours", PROGRAM),
    Action("app.repaint", "ctrl+l", "Show the screen afresh, if something else drew on it", PROGRAM),
    Action("app.suspend_process", "ctrl+z", "Go to the shell; `fg` comes back", PROGRAM),
    Action("app.quit", "Q,ctrl+q", "Quit from anywhere", PROGRAM),
)
"""What works everywhere."""

PROMPT = (
    Action("prompt.leave", "escape", "Go back to where it was", FIND),
    Action("prompt.previous_choice", "up", "Go to the match or choice above", FIND),
    Action("prompt.next_choice", "down", "Go to the match or choice below", FIND),
)
"""What a prompt at the foot of the screen does, besides taking text and Enter."""
