"""What the lists of records do."""

from __future__ import annotations

from reviewtui.actions.action import CELL, FIND, MOVE, PRODUCT, PROGRAM, VIEW, Action, with_footer
from reviewtui.actions.numbers import CELL_NOTES, CELL_REASONS, NEW_TODO, SHOW_DRIVERS

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

LIST_WITH_OWN_KEYS = tuple(item._replace(footer="") if item.method in ("find", "filter") else item for item in LIST)
"""A list whose footer has no room for what every list does."""

THREAD = (
    *LIST_WITH_OWN_KEYS,
    LIST_ADD._replace(does="Write a comment, a question, an answer or a decision"),
    Action("screen.answer", "R", "Answer the comment, or add to it", CELL, "answer"),
    Action("screen.toggle_settled", "equals_sign", "Mark the question as settled, or open it again", CELL, "settled"),
    Action("screen.remove", "minus", "Remove a comment of your own; asks for the key again", CELL),
    NEW_TODO,
)
"""What the comments of a cell do."""

TODOS = (
    *LIST_WITH_OWN_KEYS,
    LIST_SORT._replace(footer=""),
    Action("screen.toggle_closed", "v", "Show those done and dropped too, or only those open", VIEW),
    LIST_ADD._replace(does="Add a to-do to the product on the grid"),
    Action("screen.mark_done", "equals_sign", "Mark it as done, with evidence, or as open again", CELL, "done"),
    Action("screen.carry", "greater_than_sign", "Carry it to a later review, with a reason", CELL, "carry"),
    Action("screen.drop", "minus", "Drop it, with a reason", CELL, "drop"),
    Action("screen.block", "B", "Mark it as blocked, and on whom", CELL),
    Action("screen.show_origin", "right,l", "Go to the cell that it comes from", CELL),
)
"""What the to-dos do."""

ANOMALIES = (
    *(
        item._replace(does="Go to the cell on the grid", footer="cell") if item.method == "open_row" else item
        for item in LIST_WITH_OWN_KEYS
    ),
    LIST_SORT._replace(footer=""),
    Action("screen.toggle_settled", "v", "Show those explained and snoozed too, or only open", VIEW),
    Action("screen.unfold", "right,l", "Show what follows from it", VIEW),
    Action("screen.fold", "left,h", "Fold what follows from it", VIEW),
    Action("screen.pick_months", "m", "Show other months", VIEW),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT),
    Action("screen.pick_product", "P", "Show a product by its name", PRODUCT),
    *with_footer(CELL_REASONS, "explain", "explain"),
    Action("screen.mark_expected", "equals_sign", "Mark it as expected, with a reason", CELL, "expected"),
    Action("screen.snooze", "z", "Take it up again in a later month", CELL, "snooze"),
    SHOW_DRIVERS._replace(footer="drivers"),
    *CELL_NOTES,
)
"""What the anomalies do."""

DRIVERS = (
    *(
        item._replace(does="Show its records, or what moved it", footer="records")
        if item.method == "open_row"
        else item
        for item in LIST_WITH_OWN_KEYS
    ),
    Action("screen.previous_month", "left,h", "Show the month before", MOVE),
    Action("screen.next_month", "right,l", "Show the next month", MOVE, "month"),
    Action("screen.show_metric", "m", "Show the metric in full", CELL, "metric"),
    Action("screen.read_again", "r", "Read again after stopping", CELL),
    *with_footer(CELL_REASONS, "explain", "explain"),
    *CELL_NOTES,
)
"""What the drivers of a change do."""

CONFLICTS = (
    *LIST_WITH_OWN_KEYS,
    Action("screen.take_ours", "left,h", "Take our value", CELL, "ours"),
    Action("screen.take_theirs", "right,l", "Take their value", CELL, "theirs"),
    Action("screen.take_base", "0", "Take the value that both began with", CELL, "before"),
    Action("screen.write_decision", "ctrl+s", "Write the record as it was decided", CELL, "save"),
)
"""What the screen of conflicts does."""

FOLLOW_LINK = Action("screen.follow_link", "L", "Go to what it is linked with", CELL, "links")

DIVES = (
    *LIST_WITH_OWN_KEYS,
    LIST_ADD._replace(does="Start a deep dive, from a template or a question"),
    Action("screen.begin", "greater_than_sign", "Work on it now, or only propose it again", CELL, "begin"),
    Action("screen.finish", "equals_sign", "Write the finding, and mark it as done", CELL, "done"),
    Action("screen.add_evidence", "I", "Add a piece of evidence", CELL),
    Action("screen.run_again", "X", "Run its queries again, and see what has changed", CELL),
    NEW_TODO._replace(does="Add a to-do that follows from the dive"),
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
    *LIST_WITH_OWN_KEYS,
    *PARTS,
    LIST_ADD._replace(does="Log an interview"),
    Action("screen.copy_value", "y", "Copy the share text; names only with consent", CELL, "share"),
    Action("screen.withdraw", "minus", "Withdraw the consent: what was said is removed", CELL),
    NEW_TODO._replace(does="Add a to-do that follows from the interview"),
    FOLLOW_LINK,
)
"""What the interviews do."""

OWED = (
    *LIST_WITH_OWN_KEYS,
    *PARTS,
    Action("screen.mark_done", "equals_sign", "Mark it as done today", CELL, "done"),
    FOLLOW_LINK,
)
"""What the list of debts after interviews does."""

INTERVIEW_PARTS = (*LIST_WITH_OWN_KEYS, *PARTS, LIST_ADD, FOLLOW_LINK)
"""What cadence, recruiting, visits and tags do."""

SAID = (
    *LIST,
    Action("screen.toggle_around", "v", "Show half a year around the month, or less", VIEW, "around"),
    FOLLOW_LINK,
)
"""What the list of what users said does."""
