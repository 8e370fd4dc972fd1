"""What a session leaves for the next one, in the words of the app and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewtui.metrics.derived import Values
from reviewtui.months import Month, latest_complete_month
from reviewtui.sheet_state import Position, RowFilter, ViewOptions

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.app import ReviewApp
    from reviewtui.settings import SessionState

NEWEST_KEY = "newest_complete_month"
"""What the session file remembers, to know a new month when it comes."""

COMPARED_KEY = "compared"
"""How the person compared last, see `CompareOptions.settings`."""


def remembered_position(session: SessionState, as_of: date) -> Position:
    """Where to stand: within a month where it was left, in a new month on the newest complete one."""
    is_same_month = session.other.get(NEWEST_KEY) == str(latest_complete_month(as_of))
    month = str(session.month) if session.month is not None and is_same_month else None
    return Position(session.product or None, session.metric or None, month)


def remembered_options(session: SessionState) -> ViewOptions:
    """How the numbers were looked at; the usual way for whatever is not known."""
    values = Values(session.values) if session.values in set(Values) else Values.PLAIN
    rows = RowFilter(session.rows) if session.rows in set(RowFilter) else RowFilter.ALL
    pins, folded = tuple(dict.fromkeys(session.pins)), tuple(dict.fromkeys(session.folded))
    return ViewOptions(values, session.quarters, rows, session.section, pins, folded)


def left_by(app: ReviewApp, session: SessionState) -> SessionState:
    """The session as `app` leaves it, which began with `session`."""
    place, view = app.place_to_keep, app.view_options
    other: dict[str, Any] = {**session.other, NEWEST_KEY: str(latest_complete_month(app.as_of))}
    if app.compare_options is not None:
        other[COMPARED_KEY] = app.compare_options.settings()
    return session._replace(
        product=place.product or "",
        metric=place.metric or "",
        month=Month.parse(place.month) if place.month is not None else None,
        theme=app.theme,
        values=str(view.values),
        quarters=view.quarters,
        rows=str(view.rows),
        section=view.section,
        pins=view.pins,
        folded=view.folded,
        other=other,
    )
