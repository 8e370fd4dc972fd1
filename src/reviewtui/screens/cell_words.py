"""What a cell, a product and a record are called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.months import Month
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import shown_name
from reviewtui.workspace.kinds.comments import Comment
from reviewtui.workspace.kinds.interview_titles import interview_title
from reviewtui.workspace.kinds.interviews import Interview
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.registry import kind_of

if TYPE_CHECKING:
    from reviewtui.app import ReviewApp
    from reviewtui.cell_rows import CellKey
    from reviewtui.workspace.kinds.base import Record

CELL_ORIGIN = "cell:"
_PEOPLE = ("author", "interviewer", "owner", "proposed_by")
"""Fields that say who it was."""


def metric_name(app: ReviewApp, product: str, metric_id: str) -> str:
    """The name of a metric as the product calls it; its id where it is not known."""
    loaded = app.sheet_state.loaded
    if loaded is None:
        return safe_text(metric_id)
    metric = next((item for item in loaded.sheet.metrics if item.id == metric_id), None)
    return (
        shown_name(loaded.sheet.meaning(product, metric).name, metric_id)
        if metric is not None
        else safe_text(metric_id)
    )


def product_name(app: ReviewApp, product: str) -> str:
    """The name of a product; its id where it is not known."""
    loaded = app.sheet_state.loaded
    found = next((item for item in loaded.sheet.products if item.id == product), None) if loaded is not None else None
    return shown_name(found.name, product) if found is not None else safe_text(product)


def cell_words(app: ReviewApp, cell: CellKey) -> str:
    """A cell as its metric, month and product."""
    name, month = metric_name(app, cell.product, cell.metric), Month.parse(cell.month).long_label
    return f"{name} · {month} · {product_name(app, cell.product)}"


def origin_cell(origin: str) -> tuple[str, str] | None:
    """Metric and month of the cell that a record comes from; None for another origin."""
    metric, at, month = origin.removeprefix(CELL_ORIGIN).rpartition("@")
    if not origin.startswith(CELL_ORIGIN) or not at:
        return None
    try:
        return metric, str(Month.parse(month))
    except ValueError:
        return None


def record_title(app: ReviewApp, record: Record) -> str:
    """What a record is called in a list, safe to paint."""
    if isinstance(record, Interview):
        return safe_text(interview_title(record))
    if isinstance(record, Comment):
        return safe_text(f"{metric_name(app, record.product, record.metric)}: {' '.join(record.text.split())}")
    for name in ("question", "title", "city", "cohort", "name", "metric"):
        if text := getattr(record, name, ""):
            return safe_text(str(text))
    return safe_text(record.id)


def origin_words(app: ReviewApp, product: str, origin: str) -> str:
    """Where a record comes from; empty for nowhere."""
    cell = origin_cell(origin)
    if cell is not None:
        return f"{metric_name(app, product, cell[0])} · {Month.parse(cell[1]).long_label}"
    found = app.records.by_id(origin) if origin else None
    if isinstance(found, Comment):
        return safe_text(f"{found.kind}: {' '.join(found.text.split())}")
    if found is not None:
        return f"{kind_of(found).name}: {record_title(app, found)}"
    return safe_text(origin)


def person_name(app: ReviewApp, handle: str) -> str:
    """The name of somebody of the team; what they are called in the record where there is none."""
    named = (person.name for person in app.records.of(PEOPLE) if person.handle == handle)
    return safe_text(next(named, "") or handle)


def record_words(app: ReviewApp, record: Record) -> dict[str, str]:
    """Better words for fields of a record, by name: names where it holds ids."""
    products: tuple[str, ...] = getattr(record, "products", ())
    product = getattr(record, "product", "") or next(iter(products), "")
    metric, origin = (getattr(record, name, "") for name in ("metric", "origin"))
    people = {name: person_name(app, handle) for name in _PEOPLE if (handle := getattr(record, name, ""))}
    others = getattr(record, "others_present", ())
    return people | {
        "others_present": " · ".join(person_name(app, handle) for handle in others),
        "products": " · ".join(product_name(app, item) for item in products),
        # Names of metrics have commas of their own.
        "metrics": " · ".join(metric_name(app, product, item) for item in getattr(record, "metrics", ())),
        "metric": metric_name(app, product, metric) if metric else "",
        "origin": origin_words(app, product, origin) if origin else "",
    }
