"""The few lines about an interview that are posted where everybody reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewtui.insights.consent import allows
from reviewtui.text import without_controls
from reviewtui.workspace.kinds.interview_titles import interview_title

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.workspace.kinds.interviews import Interview

MOST_CHARACTERS = 280
"""Of the line that says what was learned."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_CALL_TO_ALL = re.compile(r"@(?=here\b|channel\b|everyone\b)", re.IGNORECASE)


def share_text(interview: Interview, day: date) -> str:
    """Three lines and a link, for a chat; the name and the company only where the person allows that on `day`."""
    is_named = allows(interview, "name", day)
    lines = [interview_title(interview, is_named=is_named), _about(interview, is_named=is_named), _learned(interview)]
    link = interview.document or (interview.recording if allows(interview, "recording", day) else "")
    return "\n".join(_chat_text(line) for line in [*lines, *([link] if link else [])])


def _about(interview: Interview, *, is_named: bool) -> str:
    parts = [
        f"{interview.role or 'role unknown'}{f' at {interview.company}' if is_named and interview.company else ''}",
        {"yes": "technical", "no": "not technical"}.get(interview.technical, ""),
        interview.channel.replace("_", " "),
        interview.held_on.isoformat(),
        ", ".join(interview.tags),
    ]
    return " · ".join(part for part in parts if part)


def _learned(interview: Interview) -> str:
    words = " ".join(interview.summary.split())
    if not words:
        return "No summary yet."
    text = ""
    for sentence in _SENTENCE_END.split(words):
        longer = f"{text} {sentence}".strip()
        if len(longer) > MOST_CHARACTERS:
            break
        text = longer
    return text or words[: MOST_CHARACTERS - 1].rstrip() + "…"


def _chat_text(line: str) -> str:
    """One line that no chat takes for anything but text."""
    clean = without_controls(line).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALL_TO_ALL.sub("@\u200b", clean)
