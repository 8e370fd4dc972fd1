"""What moved before a metric, as rows of a list and as lines to read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.anomalies.leading_inputs import lead_words
from reviewtui.widgets.fitting import shown_name, wrap
from reviewtui.widgets.list_layout import ListRow
from reviewtui.widgets.spans import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.leading_inputs import Leading
    from reviewtui.widgets.spans import Line

LEADING = "leading\n"
"""What the ids of the rows begin with; the id of the metric follows."""

_SECTION = "What moved before it"


def leading_rows(leading: Leading | None) -> Sequence[ListRow]:
    """A row for each metric that moved before, or one that says that none did."""
    if leading is None or not leading.summary:
        return ()
    if not leading.found:
        short = "Not enough history" if leading.summary.startswith("Not enough") else "Nothing was found"
        return [ListRow(LEADING, (short, leading.summary, "", "", "", ""), _SECTION, "quiet")]
    return [
        ListRow(
            f"{LEADING}{metric.id}",
            (shown_name(metric.name, metric.id), lead_words(lead), "", "", "", ""),
            _SECTION,
            "text",
        )
        for metric, lead in leading.found
    ]


def leading_lines(leading: Leading | None, row: ListRow, width: int) -> list[Line]:
    """A row in full, and what was compared."""
    if leading is None:
        return []
    lines: list[Line] = [(Span(line, "title"),) for line in wrap(row.cells[0], width)]
    if leading.found:
        lines += [(Span(line, "text"),) for line in wrap(f"It moved {row.cells[1]}.", width)]
    return [*lines, *((Span(line, "quiet"),) for line in wrap(leading.summary, width))]
