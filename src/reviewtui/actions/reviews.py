"""What the screens of a review and of its costs do."""

from __future__ import annotations

from reviewtui.actions.action import CELL, MOVE, PRODUCT, PROGRAM, REVIEW, Action
from reviewtui.actions.lists import LIST, LIST_ADD, LIST_WITH_OWN_KEYS, TODOS
from reviewtui.actions.writing import PREVIEW

COSTS = (
    *LIST,
    Action("screen.previous_month", "left,h", "Go one month back", MOVE),
    Action("screen.next_month", "right,l", "Go one month on", MOVE),
    Action("screen.previous_product", "left_square_bracket", "Show the product before", PRODUCT),
    Action("screen.next_product", "right_square_bracket", "Show the next product", PRODUCT),
    Action("screen.undo", "u", "Take the last change of an assumption back", CELL, "undo"),
    Action("screen.reset", "0", "Show everything as the files say", CELL),
    LIST_ADD._replace(does="Save the changed assumptions as a scenario", footer="save scenario"),
    Action("screen.adopt", "W", "Write the changed assumptions into the model", CELL),
    Action("screen.new_dive", "D", "Start a deep dive on what moved the cost most", CELL),
)
"""What the costs do."""

REVIEW_SCREEN = (
    *(
        item._replace(keys=item.keys.replace(",space", ""), footer="" if item.method == "back" else item.footer)
        for item in LIST_WITH_OWN_KEYS
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
    LIST_ADD._replace(does="Write down an open question", footer=""),
    Action("screen.add_todo", "o", "Add a to-do for the next review", CELL),
    *(item._replace(footer="") for item in TODOS if item.method in ("mark_done", "carry", "drop", "block")),
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
