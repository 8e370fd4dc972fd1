"""The fictional company as `fixtures/demo/company.toml` describes it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from reviewtui.paths import fixtures_dir

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EventKind:
    """One event a product sends."""

    name: str
    weight: int
    """Share of all the product's events, in 64ths."""
    key: bool = False
    """Whether it is a key action."""
    since: str = ""
    """Id of the story from whose month on it exists; empty: always."""


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """How one product does. Money is US dollars a month, rates are fractions a month."""

    id: str
    name: str
    stage: str
    starts: int
    """Index of the first month with MRR."""
    mrr: float
    growth: float
    drift: float
    spread: float
    churn: float
    median: float
    sigma: float
    annual: float
    cross_sell: float
    skus: tuple[str, ...]
    unit: str
    units_per_dollar: float
    seats: float
    stickiness: float
    """Share of an active user's months with any activity."""
    events_per_month: float
    intents: tuple[int, int]
    """Organisations that try it for free: in the first month and in the last."""
    activation: tuple[float, float]
    tickets: tuple[int, int]
    nps: tuple[float, float]
    responses: int
    onboarding: Mapping[str, int]
    """Event to count: what the activation definition in force at the end asks for."""
    events: tuple[EventKind, ...]
    onboarding_old: Mapping[str, int] = field(default_factory=dict)
    """What it asked for before the definition changed; empty where it never did."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency customers pay in."""

    rate: float
    """US dollars for one unit, in the first month."""
    moves: float
    share: float
    decimals: int


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the cloud bill."""

    name: str
    tags: tuple[str, ...]
    component: str
    products: tuple[str, ...]
    share: float
    growth: float


@dataclass(frozen=True, slots=True)
class Company:
    """The whole company."""

    name: str
    regions: Mapping[str, float]
    currencies: Mapping[str, Currency]
    products: tuple[ProductPlan, ...]
    services: tuple[Service, ...]

    def product(self, product_id: str) -> ProductPlan:
        """The product with this id; KeyError if there is none."""
        return {product.id: product for product in self.products}[product_id]


@dataclass(frozen=True, slots=True)
class NameParts:
    """What names are put together from."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    trade: tuple[str, ...]
    unusual: tuple[str, ...]
    whale: str
    internal: tuple[str, ...]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _record(kind: type[Any], table: Mapping[str, Any]) -> Any:
    return kind(**{item.name: _frozen(table[item.name]) for item in fields(kind) if item.name in table})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((fixtures_dir() / "demo" / name).read_text("utf-8"))


def load_company() -> Company:
    """Read the company's file."""
    tables = _read("company.toml")
    for product in tables["product"]:
        product["events"] = [_record(EventKind, event) for event in product["events"]]
    return Company(
        name=tables["name"],
        regions=tables["regions"],
        currencies={code: _record(Currency, table) for code, table in tables["currency"].items()},
        products=tuple(_record(ProductPlan, table) for table in tables["product"]),
        services=tuple(_record(Service, table) for table in tables["service"]),
    )


def load_names() -> NameParts:
    """Read the parts of names."""
    names: NameParts = _record(NameParts, _read("names.toml"))
    return names


def load_comments() -> Mapping[str, Mapping[str, list[str]]]:
    """Survey comments: group (`promoter`, `passive`, `detractor`, `nps_dip`) to product (or `any`) to texts."""
    return _read("comments.toml")
