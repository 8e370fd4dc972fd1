"""Which rows the grid lists, in which order: pure decisions on pins, filters and folded sections."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple
from reviewtui.sheet_state import PINNED_SECTION, RowFilter
from reviewtui.text import counted, safe_text
from reviewtui.widgets.fitting import shown_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from reviewtui.metrics.sheet import Metric
    from reviewtui.sheet_state import ViewOptions

SECTION_TITLES = {"nps": "NPS", PINNED_SECTION: "PINNED"}
OPEN_MARK, FOLDED_MARK = "▾", "▸"


class GridRow(NamedTuple):
    """One line of the grid: a metric, or the title of a section."""

    title: str
    """Safe to paint."""
    section: str
    metric: Metric | None = None
    """None for the title of a section."""
    folded: tuple[Metric, ...] = ()
    """The metrics that a folded section's title stands for."""
    can_fold: bool = True
    """Whether the title of a section says that it is open."""
    is_quiet: bool = False
    """Whether there is nothing to see in the row."""

    @property
    def is_stop(self) -> bool:
        """Whether a cursor can stand here: on metrics, and on titles that stand for some."""
        return self.metric is not None or bool(self.folded)

    @property
    def text(self) -> str:
        """The title as it is painted, with the sign of what can be done to it."""
        if self.metric is not None:
            return self.title
        if self.folded:
            return f"{FOLDED_MARK} {self.title} · {counted(len(self.folded), 'metric')}"
        return f"{OPEN_MARK} {self.title}" if self.can_fold else f" {self.title}"


def grid_rows(metrics: Sequence[Metric], options: ViewOptions, noted: Collection[str] = ()) -> tuple[GridRow, ...]:
    """The rows to list of a product's `metrics`, which come in the order to show; `noted` are ids with comments."""
    listed = [metric for metric in metrics if is_listed(metric, options, noted)]
    by_id = {metric.id: metric for metric in listed}
    pinned = [by_id[pin] for pin in options.pins if pin in by_id]
    rows = list(_section(PINNED_SECTION, pinned, options)) if pinned else []
    others = (metric for metric in listed if metric.id not in options.pins)
    for section, members in groupby(others, key=lambda metric: metric.section):
        rows += _section(section, tuple(members), options)
    return tuple(rows)


def is_listed(metric: Metric, options: ViewOptions, noted: Collection[str] = ()) -> bool:
    """Whether the filter lets a metric through."""
    match options.rows:
        case RowFilter.ALL:
            return True
        case RowFilter.PINNED:
            return metric.id in options.pins
        case RowFilter.SECTION:
            return metric.section == options.section
        case RowFilter.INPUT | RowFilter.OUTPUT:
            return metric.kind == options.rows
        case RowFilter.NOTED | RowFilter.ANOMALOUS:
            return metric.id in noted


def _section(section: str, metrics: Sequence[Metric], options: ViewOptions) -> Iterable[GridRow]:
    if section in options.folded:
        yield GridRow(section_title(section), section, folded=tuple(metrics))
        return
    yield GridRow(section_title(section), section)
    for metric in metrics:
        yield GridRow(shown_name(metric.name, metric.id), section, metric)


def section_title(section: str) -> str:
    """A section's name as its title row shows it: `REVENUE`."""
    return safe_text(SECTION_TITLES.get(section, section).upper()) or "OTHER"


def filter_words(options: ViewOptions) -> str:
    """What is listed, in words; empty where everything is."""
    match options.rows:
        case RowFilter.ALL:
            return ""
        case RowFilter.PINNED:
            return "only pinned metrics"
        case RowFilter.SECTION:
            return f"only {section_title(options.section)}"
        case _:
            return f"only {options.rows} metrics"


def empty_words(options: ViewOptions) -> str:
    """What to say where no metric is listed."""
    match options.rows:
        case RowFilter.ALL:
            return "No numbers for this product yet."
        case RowFilter.PINNED:
            return "No metric of this product is pinned. Pin with * where all are listed (Esc)."
        case RowFilter.SECTION:
            return f"This product has no metrics in {section_title(options.section)}."
        case RowFilter.NOTED:
            return "No metric of this product has comments. c writes one, where all are listed (Esc)."
        case RowFilter.ANOMALOUS:
            return "No metric of this product is out of the ordinary in the newest complete month."
        case _:
            return f"This product has no {options.rows} metrics."
