"""What an interview is called: never typed, always the same for the same facts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.workspace.kinds.interviews import Interview


def interview_title(interview: Interview, *, is_named: bool = True) -> str:
    """`Web analytics user interview with Joe`; without the name where it is not known or not to be said."""
    if interview.withdrawn_on is not None:
        return f"Withdrawn interview of {interview.held_on.isoformat()}"
    title = f"{interview.topic.strip()} user interview"
    if is_named and interview.first_name.strip():
        return f"{title} with {interview.first_name.strip()}"
    return f"{title} with {_some(interview.role.strip())}" if interview.role.strip() else title


def listed_titles(interviews: Iterable[Interview]) -> dict[str, str]:
    """Id to title; titles that occur more than once get their day."""
    titles = {interview.id: (interview_title(interview), interview.held_on) for interview in interviews}
    times = Counter(title for title, _ in titles.values())
    return {key: f"{title} ({day.isoformat()})" if times[title] > 1 else title for key, (title, day) in titles.items()}


def _some(role: str) -> str:
    return f"{'an' if role[0].lower() in 'aeiou' else 'a'} {role}"
