"""Everything a person can do, as data.

Key bindings, the help screen, the palette, the footer and the key table of the documentation are all made from
these tuples, so that they cannot disagree. An action's id names its owner (`app`, `screen`, `grid`) and its method.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do, wherever it is offered."""

    id: str
    """`owner.method`; what `keys.toml` names."""
    keys: str
    """Keys separated by commas, as Textual names them."""
    does: str
    """A sentence that starts with a verb, without a full stop."""
    group: str
    """Heading on the help screen."""
    footer: str = ""
    """A word or two for the footer; empty: not there."""
    is_jump: bool = False
    """Whether it leads so far that the place it leaves is worth coming back to."""
    is_urgent: bool = False
    """Whether it is done before the next key is looked at, so that keys typed ahead go where the cursor then is."""

    @property
    def owner(self) -> str:
        """Who has the method: `app`, `screen` or `grid`."""
        return self.id.partition(".")[0]

    @property
    def method(self) -> str:
        """The name of the method without `action_`."""
        return self.id.partition(".")[2]

    def binding(self) -> Binding:
        """The binding of a screen or widget that has the method."""
        from textual.binding import Binding

        return Binding(self.keys, self.method, self.does, show=bool(self.footer), id=self.id, priority=self.is_urgent)


MOVE, FIND, VIEW, PRODUCT, CELL, PROGRAM = "Moving", "Finding", "Views", "Products", "The cell", "The program"
METRIC = "Metrics"

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

STEPS = frozenset({"grid.previous_month", "grid.next_month", "grid.previous_metric", "grid.next_metric"})
"""Actions that need no echo: whoever presses their keys knows them."""

NEW_TODO = Action("screen.new_todo", "o", "Add a to-do that follows from this", CELL)
CELL_NOTES = (
    Action("screen.open_comments", "c", "Show the comments of the cell, and write one", CELL),
    replace(NEW_TODO, does="Add a to-do that follows from the cell"),
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
    replace(action, does=action.does.replace("metric", "product").replace("section", "group"), is_jump=False)
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
    Action("app.show_compare", "7", "Show one metric over all products", PROGRAM),
    Action("app.show_customers", "8", "Show the customers of the product in this month", PROGRAM),
    Action("app.help", "question_mark,f1", "List all keys", PROGRAM, "help"),
    Action(
        "app.command_palette", "colon,ctrl+p", "Find a metric, month, product or action by name", PROGRAM, "palette"
    ),
    Action("app.show_costs", "5", "Show what a unit costs and what the margin is", PROGRAM),
    Action("app.show_review", "6", "Show the review of the month", PROGRAM),
    Action("app.show_todos", "9", "Show the to-dos of all products", PROGRAM),
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

WRITING = "Writing"

FORM = (
    Action("screen.save", "ctrl+s", "Save and go back", WRITING, "save"),
    Action("screen.keep_draft", "escape", "Go back and keep what was typed as a draft", WRITING, "keep draft"),
    Action("screen.next_field", "tab", "Go to the next field", WRITING, is_urgent=True),
    Action("screen.previous_field", "shift+tab", "Go to the field before", WRITING, is_urgent=True),
    Action("screen.edit_outside", "ctrl+e", "Edit the text in your own editor ($VISUAL, $EDITOR)", WRITING, "editor"),
    Action("screen.preview", "ctrl+r", "Show the text as its Markdown will look", WRITING, "preview"),
    Action("screen.show_keys", "f1", "List the keys of the form", PROGRAM, "help"),
    Action("screen.throw_away", "ctrl+t", "Go back without what was typed; asks once more", WRITING, "discard"),
    Action("screen.quit_app", "ctrl+q", "Quit from anywhere", PROGRAM),
)
"""What a form does, besides taking text."""

FIELD = (
    Action("field.previous_offer", "up", "Go to the choice above, or the field above", WRITING, is_urgent=True),
    Action("field.next_offer", "down", "Go to the choice below, or the field below", WRITING, is_urgent=True),
    Action("field.take", "enter", "Go to the next field with what is chosen", WRITING, is_urgent=True),
)
"""What one line of a form does, besides taking text."""

READER = (
    Action("screen.close", "q,escape,backspace", "Go back", PROGRAM, "back"),
    Action("screen.scroll_down", "down,j", "Scroll down a line", MOVE),
    Action("screen.scroll_up", "up,k", "Scroll up a line", MOVE),
    Action("screen.page_down", "pagedown,space,ctrl+d", "Scroll down a page", MOVE),
    Action("screen.page_up", "pageup,ctrl+u", "Scroll up a page", MOVE),
    Action("screen.scroll_home", "g,home", "Scroll to the beginning", MOVE),
    Action("screen.scroll_end", "G,end", "Scroll to the end", MOVE),
)
"""Screens of text to read: help and problems."""

LIST = (
    Action("screen.previous_row", "up,k", "Go to the row above", MOVE),
    Action("screen.next_row", "down,j", "Go to the row below", MOVE),
    Action("screen.page_up", "pageup", "Go up a page", MOVE),
    Action("screen.page_down", "pagedown,space", "Go down a page", MOVE),
    Action("screen.first_row", "g,home", "Go to the first row", MOVE),
    Action("screen.last_row", "G,end", "Go to the last row", MOVE),
    Action("screen.detail_down", "ctrl+d", "Scroll the details down", MOVE),
    Action("screen.detail_up", "ctrl+u", "Scroll the details up", MOVE),
    Action("screen.find", "slash", "Find a row by its words", FIND, "find"),
    Action("screen.next_found", "n", "Go to the next row found", FIND),
    Action("screen.previous_found", "N", "Go to the row found before", FIND),
    Action("screen.filter", "f", "Show only rows with the words that you type", FIND, "filter"),
    Action("screen.open_row", "enter", "Show or edit the row", CELL, "open"),
    Action("screen.back", "escape,backspace", "Go back: to all rows, then to where you came from", PROGRAM, "back"),
    Action("screen.leave", "q", "Go back to where you came from", PROGRAM),
)
"""What every list of records does."""

LIST_SORT = Action("screen.next_sort", "s", "Show the rows in another order", VIEW, "sort")
LIST_ADD = Action("screen.add_record", "plus", "Add a record", CELL, "new")
"""For lists with several orders, and for those that records can be added to."""

DRAFTS = (
    *LIST,
    Action("screen.throw_away", "ctrl+t", "Go on without this draft; asks for the key again", CELL, "discard"),
)
"""What the list of drafts does."""

_LIST_WITH_OWN_KEYS = tuple(replace(item, footer="") if item.method in ("find", "filter") else item for item in LIST)
"""A list whose footer has no room for what every list does."""

THREAD = (
    *_LIST_WITH_OWN_KEYS,
    replace(LIST_ADD, does="Write a comment, a question, an answer or a decision"),
    Action("screen.answer", "R", "Answer the comment, or add to it", CELL, "answer"),
    Action("screen.toggle_settled", "equals_sign", "Mark the question as settled, or open it again", CELL, "settled"),
    Action("screen.remove", "minus", "Remove a comment of your own; asks for the key again", CELL),
    NEW_TODO,
)
"""What the comments of a cell do."""

TODOS = (
    *_LIST_WITH_OWN_KEYS,
    replace(LIST_SORT, footer=""),
    Action("screen.toggle_closed", "v", "Show those done and dropped too, or only those open", VIEW),
    replace(LIST_ADD, does="Add a to-do to the product on the grid"),
    Action("screen.mark_done", "equals_sign", "Mark it as done, with evidence, or as open again", CELL, "done"),
    Action("screen.carry", "greater_than_sign", "Carry it to a later review, with a reason", CELL, "carry"),
    Action("screen.drop", "minus", "Drop it, with a reason", CELL, "drop"),
    Action("screen.block", "B", "Mark it as blocked, and on whom", CELL),
    Action("screen.show_origin", "right,l", "Go to the cell that it comes from", CELL),
)
"""What the to-dos do."""

ANOMALIES = (
    *(
        replace(item, does="Go to the cell on the grid", footer="cell") if item.method == "open_row" else item
        for item in _LIST_WITH_OWN_KEYS
    ),
    replace(LIST_SORT, footer=""),
    Action("screen.toggle_settled", "v", "Show those explained and snoozed too, or only open", VIEW),
    Action("screen.unfold", "right,l", "Show what follows from it", VIEW),
    Action("screen.fold", "left,h", "Fold what follows from it", VIEW),
    Action("screen.pick_months", "m", "Show other months", VIEW),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT),
    Action("screen.pick_product", "P", "Show a product by its name", PRODUCT),
    *(replace(item, footer="explain") if item.method == "explain" else item for item in CELL_REASONS),
    Action("screen.mark_expected", "equals_sign", "Mark it as expected, with a reason", CELL, "expected"),
    Action("screen.snooze", "z", "Take it up again in a later month", CELL, "snooze"),
    replace(SHOW_DRIVERS, footer="drivers"),
    *CELL_NOTES,
)
"""What the anomalies do."""

DRIVERS = (
    *(
        replace(item, does="Show its records, or what moved it", footer="records")
        if item.method == "open_row"
        else item
        for item in _LIST_WITH_OWN_KEYS
    ),
    Action("screen.previous_month", "left,h", "Show the month before", MOVE),
    Action("screen.next_month", "right,l", "Show the next month", MOVE, "month"),
    Action("screen.show_metric", "m", "Show the metric in full", CELL, "metric"),
    Action("screen.read_again", "r", "Read again after stopping", CELL),
    *(replace(item, footer="explain") if item.method == "explain" else item for item in CELL_REASONS),
    *CELL_NOTES,
)
"""What the drivers of a change do."""

COSTS = (
    *LIST,
    Action("screen.previous_month", "left,h", "Go one month back", MOVE),
    Action("screen.next_month", "right,l", "Go one month on", MOVE),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT),
    Action("screen.undo", "u", "Take the last change of an assumption back", CELL, "undo"),
    Action("screen.reset", "0", "Show everything as the files say", CELL),
    replace(LIST_ADD, does="Save the changed assumptions as a scenario", footer="save scenario"),
    Action("screen.adopt", "W", "Write the changed assumptions into the model", CELL),
    Action("screen.new_dive", "D", "Start a deep dive on what moved the cost most", CELL),
)
"""What the costs do."""

CONFLICTS = (
    *_LIST_WITH_OWN_KEYS,
    Action("screen.take_ours", "left,h", "Take our value", CELL, "ours"),
    Action("screen.take_theirs", "right,l", "Take their value", CELL, "theirs"),
    Action("screen.take_base", "0", "Take the value that both began with", CELL, "before"),
    Action("screen.write_decision", "ctrl+s", "Write the record as it was decided", CELL, "save"),
)
"""What the screen of conflicts does."""

FOLLOW_LINK = Action("screen.follow_link", "L", "Go to what it is linked with", CELL, "links")

DIVES = (
    *_LIST_WITH_OWN_KEYS,
    replace(LIST_ADD, does="Start a deep dive, from a template or a question"),
    Action("screen.begin", "greater_than_sign", "Work on it now, or only propose it again", CELL, "begin"),
    Action("screen.finish", "equals_sign", "Write the finding, and mark it as done", CELL, "done"),
    Action("screen.add_evidence", "I", "Add a piece of evidence", CELL),
    Action("screen.run_again", "X", "Run its queries again, and see what has changed", CELL),
    replace(NEW_TODO, does="Add a to-do that follows from the dive"),
    FOLLOW_LINK,
)
"""What the deep dives do."""

QUERY_CHECK = (
    *LIST,
    Action("screen.take_figures", "equals_sign", "Keep the new result in place of the old one", CELL, "keep"),
)
"""What the queries of a deep dive do when they are run again."""

PARTS = (
    Action("screen.next_part", "tab", "Show the next part: owed, cadence, visits, tags", VIEW, "parts"),
    Action("screen.previous_part", "shift+tab", "Show the part before", VIEW),
)
"""From one part of the interviews to the next."""

INTERVIEWS = (
    *_LIST_WITH_OWN_KEYS,
    *PARTS,
    replace(LIST_ADD, does="Log an interview"),
    Action("screen.copy_value", "y", "Copy the share text; names only with consent", CELL, "share"),
    Action("screen.withdraw", "minus", "Withdraw the consent: what was said is removed", CELL),
    replace(NEW_TODO, does="Add a to-do that follows from the interview"),
    FOLLOW_LINK,
)
"""What the interviews do."""

OWED = (
    *_LIST_WITH_OWN_KEYS,
    *PARTS,
    Action("screen.mark_done", "equals_sign", "Mark it as done today", CELL, "done"),
    FOLLOW_LINK,
)
"""What the list of debts after interviews does."""

INTERVIEW_PARTS = (*_LIST_WITH_OWN_KEYS, *PARTS, LIST_ADD, FOLLOW_LINK)
"""What cadence, recruiting, visits and tags do."""

SAID = (
    *LIST,
    Action("screen.toggle_around", "v", "Show half a year around the month, or less", VIEW, "around"),
    FOLLOW_LINK,
)
"""What the list of what users said does."""

SEARCH = (
    Action("screen.previous_hit", "up", "Go to the record above", MOVE, is_urgent=True),
    Action("screen.next_hit", "down", "Go to the record below", MOVE, is_urgent=True),
    Action("screen.page_up", "pageup", "Go up a page", MOVE),
    Action("screen.page_down", "pagedown", "Go down a page", MOVE),
    Action("screen.open_hit", "enter", "Show the record where it belongs", FIND, "open"),
    Action("screen.close", "escape", "Go back", PROGRAM, "back"),
)
"""What the search does, besides taking words."""

SQL_PANE = (
    Action("screen.run_statement", "f5,ctrl+j", "Run the statement", WRITING, "run", is_urgent=True),
    Action("screen.complete", "tab", "Complete the name before the cursor", WRITING, "complete", is_urgent=True),
    Action(
        "screen.earlier_statement", "ctrl+up,f7", "Take the statement run before", WRITING, "history", is_urgent=True
    ),
    Action(
        "screen.later_statement", "ctrl+down,f8", "Take the statement run after", WRITING, "history", is_urgent=True
    ),
    Action("screen.rows_down", "pagedown", "Show the next rows", MOVE, "rows", is_urgent=True),
    Action("screen.rows_up", "pageup", "Show the rows before", MOVE, is_urgent=True),
    Action("screen.columns_right", "alt+right,f10", "Show the next columns", MOVE, "columns", is_urgent=True),
    Action("screen.columns_left", "alt+left,f9", "Show the columns before", MOVE, is_urgent=True),
    Action("screen.attach", "ctrl+s", "Attach statement and result to a deep dive", CELL, "attach", is_urgent=True),
    Action("screen.back", "escape", "Stop what runs; else go back", PROGRAM, "back", is_urgent=True),
)
"""What the SQL pane does, besides taking text."""

QUIT_QUESTION = (
    Action("screen.quit_now", "enter,q,ctrl+q", "Quit and leave the drafts on this machine", PROGRAM, "quit"),
    Action("screen.stay", "escape,backspace", "Go back", PROGRAM, "stay"),
)
"""Before words that are not saved are left."""

PREVIEW = tuple(
    replace(action, keys="q,escape,backspace,ctrl+r") if action.method == "close" else action for action in READER
)
"""A text as its Markdown looks: as the other screens to read, and back by the key that came here."""

REVIEW = "The review"

REVIEW_SCREEN = (
    *(
        replace(item, keys=item.keys.replace(",space", ""), footer="" if item.method == "back" else item.footer)
        for item in _LIST_WITH_OWN_KEYS
    ),
    Action("screen.previous_month", "left,h", "Show the review of the month before", MOVE),
    Action("screen.next_month", "right,l", "Show the review of the next month", MOVE),
    Action("screen.previous_product", "left_square_bracket", "Show the review of the product before", PRODUCT),
    Action("screen.next_product", "right_square_bracket", "Show the review of the next product", PRODUCT),
    Action("screen.start_walk", "W", "Walk through the exceptions on the grid", REVIEW, "walk"),
    Action("screen.write_review", "e", "Write verdict, discussion, participants and form", REVIEW, "write"),
    Action("screen.show_summary", "v", "Show the summary as it will be sent", REVIEW, "summary"),
    Action("screen.close_review", "X", "Close the review and freeze its numbers, or open it", REVIEW, "close"),
    Action("screen.tick", "space", "Tick the line of the checklist, or not any more", REVIEW, "tick"),
    replace(LIST_ADD, does="Write down an open question", footer=""),
    Action("screen.add_todo", "o", "Add a to-do for the next review", CELL),
    *(replace(item, footer="") for item in TODOS if item.method in ("mark_done", "carry", "drop", "block")),
    Action("screen.write_checklist", "T", "Write other lines of the checklist", REVIEW),
    Action("screen.explain_churn", "K", "Write down why a customer left", REVIEW),
)
"""What the review screen does."""

SUMMARY_SCREEN = (
    *(action for action in PREVIEW if action.method != "close"),
    Action("screen.next_form", "tab", "Show the next form: Markdown, Slack, HTML", REVIEW, "form"),
    Action("screen.copy_summary", "y", "Copy the summary to the terminal's clipboard", REVIEW, "copy"),
    Action("screen.write_summary", "w", "Write the summary to a file", REVIEW, "write"),
    Action("screen.write_spreadsheet", "s", "Write the product's numbers as a spreadsheet", REVIEW, "spreadsheet"),
    Action("screen.close", "q,escape,backspace", "Go back to the review", REVIEW, "back"),
)
"""What the summary of a review does."""

TOUR = (Action("app.leave_tour", "escape", "Quit the tour", PROGRAM, is_urgent=True),)
"""What leaves the tour while there is one."""

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

_KEY_SIGNS = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "backspace": "Backspace", "space": "Space",
    "less_than_sign": "<", "greater_than_sign": ">", "dollar_sign": "$", "question_mark": "?", "colon": ":",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_parenthesis": "(", "right_parenthesis": ")", "slash": "/", "asterisk": "*", "f1": "F1", "f2": "F2",
    "tab": "Tab", "comma": ",", "full_stop": ".", "plus": "+", "equals_sign": "=", "minus": "-",
    "exclamation_mark": "!",
}  # fmt: skip


def bindings_of(actions: Iterable[Action]) -> list[BindingType]:
    """`BINDINGS` of the class that has the methods."""
    return [action.binding() for action in actions]


def key_sign(key: str) -> str:
    """A key as a person knows it: `Ctrl+P`, `←`, `?`."""
    modifiers, _, last = key.rpartition("+")
    sign = _KEY_SIGNS.get(last, last)
    return f"{modifiers.title()}+{sign.upper() if len(sign) == 1 else sign}" if modifiers else sign


def keys_text(action: Action) -> str:
    """All keys of an action: `→ l`."""
    return " ".join(key_sign(key) for key in action.keys.split(","))


def first_key(action: Action) -> str:
    """The key the footer names."""
    return key_sign(action.keys.split(",")[0])


def remapped(actions: Iterable[Action], keymap: Mapping[str, str]) -> tuple[Action, ...]:
    """The same actions with the keys a person chose."""
    return tuple(replace(action, keys=keymap[action.id]) if action.id in keymap else action for action in actions)


def grouped(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """Actions under their headings, in the order of first appearance."""
    groups: dict[str, list[Action]] = {}
    for action in actions:
        groups.setdefault(action.group, []).append(action)
    return groups


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
