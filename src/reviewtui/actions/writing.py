"""What is done where text is written or read: forms, prompts, search, SQL, previews."""

from __future__ import annotations

from reviewtui.actions.action import CELL, FIND, MOVE, PROGRAM, WRITING, Action

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
    action._replace(keys="q,escape,backspace,ctrl+r") if action.method == "close" else action for action in READER
)
"""A text as its Markdown looks: as the other screens to read, and back by the key that came here."""
