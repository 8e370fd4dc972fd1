"""The summary of a review in each of its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.reports.html_document import html_document
from reviewtui.reports.markdown_document import markdown_document
from reviewtui.reports.review_summary import review_summary
from reviewtui.reports.slack_document import slack_document
from reviewtui.reports.summary_facts import summary_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewtui.reports.document import Document
    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.workspace.known import Link

FORMS: Mapping[str, Callable[[Document], str]] = {
    "markdown": markdown_document,
    "slack": slack_document,
    "html": html_document,
}
"""Name of the form to what writes it."""

ENDINGS = {"markdown": "md", "slack": "txt", "html": "html"}


def summary_text(review: MonthReview, form: str, links: Sequence[Link] = ()) -> str:
    """The summary in one of `FORMS`; `links` are the product's."""
    return FORMS[form](review_summary(summary_facts(review, links=links)))
