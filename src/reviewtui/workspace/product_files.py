"""What the files of one product say: `product.toml` and the known events beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewtui.text import well_formed
from reviewtui.workspace import schema as check
from reviewtui.workspace.model import (
    ALL_PRODUCTS_SLUG,
    EVENT_KINDS,
    STAGES,
    ActivationVersion,
    Criterion,
    KnownEvent,
    Link,
    ProductConfig,
)
from reviewtui.workspace.schema import Spot, Unusable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewtui.workspace.schema import Schema

ALL_PRODUCTS = "*"
"""The product id of all products together."""

SCHEMA_NUMBER = check.whole(1, 9999)
_MAX_DAYS = 36_500
_MAX_COUNT = 1_000_000_000


def product_of(data: object, spot: Spot, slug: str) -> ProductConfig:
    """The product of one `product.toml` in the folder `slug`."""
    values = check.read_table(data, spot, PRODUCT_SCHEMA)
    values.pop("schema", None)
    written_id = values.pop("product_id", None)
    product_id = default_product_id(slug)
    if written_id is not None and written_id != product_id:
        if ALL_PRODUCTS in (written_id, product_id):
            spot.inside("product_id").report(
                f'"{ALL_PRODUCTS}" stands for all products together, and its folder is {ALL_PRODUCTS_SLUG}.'
                " Name this product otherwise, or use that folder."
            )
        else:
            product_id = written_id
    return ProductConfig(product_id=product_id, slug=slug, lines=_metric_lines(values, spot), **values)


def _metric_lines(values: Mapping[str, Any], spot: Spot) -> dict[tuple[str, str], int | None]:
    """Where each metric that a setting names is written."""
    places = {("target", metric): spot.inside("target").inside(metric) for metric in values.get("target", ())}
    for setting in ("hidden_metrics", "metric_order"):
        places |= {(setting, metric): spot.inside(setting) for metric in values.get(setting, ())}
    return {key: place.line for key, place in places.items()}


def default_product_id(slug: str) -> str:
    """The id of the product whose folder is `slug`, where no file says otherwise."""
    return ALL_PRODUCTS if slug == ALL_PRODUCTS_SLUG else well_formed(slug)


def event_of(data: object, spot: Spot, event_id: str, product_id: str) -> KnownEvent | None:
    """The event of one file; None, with a problem, if it does not say in which month it happened."""
    values = check.read_table(data, spot, EVENT_SCHEMA)
    values.pop("schema", None)
    if "month" not in values:
        if not (isinstance(data, dict) and "month" in data):
            spot.report('The event has no `month`. Add it, as month = "2026-04".')
        return None
    values["note"] = values.get("note", "").rstrip("\n")
    return KnownEvent(id=event_id, product_id=product_id, **{"kind": "other", **values})


def _criterion(value: object, spot: Spot) -> Criterion:
    entry = check.read_table(value, spot, {"event": check.filled_text, "count": check.whole(1, _MAX_COUNT)})
    if "event" not in entry:
        raise Unusable("This activation criterion does not name an `event`.")
    return Criterion(**entry)


def _activation(value: object, spot: Spot) -> tuple[ActivationVersion, Spot]:
    entry = check.read_table(value, spot, _ACTIVATION_SCHEMA)
    found: tuple[Criterion, ...] = entry.get("criteria", ())
    written = value.get("criteria") if isinstance(value, dict) else None
    if not found or (isinstance(written, list) and len(found) < len(written)):
        raise Unusable(
            "This activation is not used: it needs at least one criterion, and each must name an event,"
            ' as criteria = [{event = "signed up", count = 1}].'
        )
    if isinstance(value, dict) and "valid_from" in value and "valid_from" not in entry:
        raise Unusable("This activation is not used, because it is not known from which month on it holds.")
    return ActivationVersion(**entry), spot


def _activations(value: object, spot: Spot) -> tuple[ActivationVersion, ...]:
    versions: dict[int, ActivationVersion] = {}
    for version, place in check.tables(_activation, also_one=True)(value, spot):
        start = -1 if version.valid_from is None else version.valid_from.index
        if start in versions:
            place.report("Two activations hold from the same month; the first is used. Change one `valid_from`.")
        versions.setdefault(start, version)
    return tuple(versions[start] for start in sorted(versions))


def _revenue_share(value: object, spot: Spot) -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    group_of: dict[str, str] = {}
    for group, skus in check.entries(check.texts)(value, spot).items():
        shared = [sku for sku in skus if sku in group_of]
        if shared:
            spot.inside(group).report(
                f"`{check.shown(shared[0])}` is in the group `{check.shown(group_of[shared[0]])}` too, so this group"
                " is not used. Each item belongs to one group."
            )
            continue
        groups[group] = skus
        group_of.update(dict.fromkeys(skus, group))
    return groups


def link(value: object, spot: Spot) -> Link:
    """A link as people write it down; its address stands for a label it does not have."""
    entry: dict[str, Any] = check.read_table(value, spot, {"label": check.text, "url": check.filled_text})
    if "url" not in entry:
        raise Unusable("This link has no `url`.")
    return Link(entry.get("label") or entry["url"], entry["url"])


_ACTIVATION_SCHEMA: Schema = {
    "valid_from": check.month,
    "window_days": check.whole(1, _MAX_DAYS),
    "criteria": check.tables(_criterion),
}

PRODUCT_SCHEMA: Schema = {
    "schema": SCHEMA_NUMBER,
    "product_id": check.filled_text,
    "name": check.text,
    "stage": check.one_of(STAGES),
    "owner": check.text,
    "key_action": check.texts,
    "activation": _activations,
    "revenue_share": _revenue_share,
    "target": check.entries(check.band),
    "links": check.tables(link),
    "hidden_metrics": check.texts,
    "metric_order": check.texts,
}

EVENT_SCHEMA: Schema = {
    "schema": SCHEMA_NUMBER,
    "month": check.month,
    "kind": check.one_of(EVENT_KINDS),
    "metrics": check.texts,
    "note": check.text,
}


def without_duplicates(found: Iterable[tuple[ProductConfig, Spot]]) -> tuple[ProductConfig, ...]:
    """The products with unique ids; a later one with an id that is taken is reported and left out."""
    products: dict[str, ProductConfig] = {}
    for product, spot in found:
        first = products.setdefault(product.product_id, product)
        if first is not product:
            spot.inside("product_id").report(
                f"The folder `{check.shown(first.slug)}` describes the product `{check.shown(product.product_id)}`"
                " already, so this file is not used. Change `product_id` or remove one."
            )
    return tuple(products.values())
