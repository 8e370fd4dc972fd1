"""From rows of the metric SQL to cells with a status: the one place that decides what a value is worth.

Each query gives one row a product and month, every month from the first to the last with data in its table. Outside
these rows a cell is missing; inside them a cell without a value is `na` and says why.
"""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.catalogue import REVENUE_SHARE, load_catalogue
from reviewtui.metrics.sheet import (
    ALL_PRODUCTS,
    LOW_N_BELOW,
    MISSING_CELL,
    Cell,
    CellSource,
    Metric,
    MetricSheet,
    Product,
    Redefinition,
    Status,
)
from reviewtui.months import Month, month_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reviewtui.metrics.custom import CustomRows, CustomValue
    from reviewtui.metrics.request import EvaluationRequest, SqlMetric
    from reviewtui.sources.state import SourceState

Row = dict[str, Any]

NOTABLE_REFUNDS = 0.02
"""Refunds above this share of MRR deserve a word."""

LOW_N_METRICS = ("nps", "nps_low", "nps_high")
FORECAST_METRICS = {"mrr": 1.0, "arr": 12.0}
"""Metrics with a forecast for the open month, as a multiple of forecast MRR."""

RETENTION_METRICS = ("retention_1m", "retention_3m", "retention_6m")
"""Metrics of single products: coming back to another product is not staying."""

HISTORY_STARTS = "history starts here: customers who are older than the data count as new"
USERS_START = "history starts here: users who are older than the data count as new"
NOT_COMPLETE = "the month is not complete"
NOT_CLOSING = "reported in the last month of a quarter"
IMPORTED_SECTION = "other"
IMPORTED_UNIT = ""
"""Nothing is known of what an imported metric counts."""

_NO_PART = {
    "quick_ratio": "no losses",
    "ltv": "no customer churn in three months",
    "nrr_12m": "no paying customers 12 months earlier to compare with",
    "nrr_rolling_3m": "no paying customers 3 months earlier to compare with",
}


class SheetBuilder:
    """Collects the rows of every query and builds the sheet from them."""

    def __init__(self, request: EvaluationRequest) -> None:
        self.request = request
        self.current = Month.of(request.as_of)
        self.problems: list[Problem] = []
        self._rows: dict[str, dict[str, dict[int, Row]]] = defaultdict(lambda: defaultdict(dict))
        self._shares: dict[tuple[str, str], dict[int, Row]] = defaultdict(dict)
        self._forecasts: dict[str, Row] = {}
        self._imported: dict[tuple[str, str], dict[int, Row]] = defaultdict(dict)
        self._custom: list[CustomRows] = []
        self._products: set[str] = set()
        self._names = {product.product_id: product.name or product.product_id for product in request.products}
        self._omitted: set[str] = set()

    def add_query(self, query: str, rows: Iterable[Row]) -> None:
        """The rows of one SQL file, each with `product_id` and `month`."""
        for row in rows:
            self._rows[query][row["product_id"]][row["month"]] = row

    def values(self, query: str, column: str) -> dict[str, dict[int, Any]]:
        """Product to month index to what one column of a query gave, where it gave something."""
        return {
            product: {month: row[column] for month, row in months.items() if row[column] is not None}
            for product, months in self._rows.get(query, {}).items()
        }

    def add_shares(self, rows: Iterable[Row]) -> None:
        """The rows of `revenue_share.sql`, one a product, group and month."""
        for row in rows:
            self._shares[row["product_id"], row["group_name"]][row["month"]] = row

    def add_forecast(self, rows: Iterable[Row]) -> None:
        """The rows of `forecast.sql`, one a product."""
        self._forecasts = {row["product_id"]: row for row in rows if row["mrr"] is not None}

    def add_imported(self, rows: Iterable[Row]) -> None:
        """The rows of `imported.sql`."""
        for row in rows:
            self._imported[row["product_id"], row["metric"]][row["month"]] = row

    def add_custom(self, rows: CustomRows) -> None:
        """What the SQL of a metric of the user's own gives; a product's own metric comes after the one for all."""
        self._custom.append(rows)

    def add_products(self, product_ids: Iterable[str]) -> None:
        """Products to show although no metric has rows for them."""
        self._products |= set(product_ids)

    def omit(self, metrics: Iterable[str]) -> None:
        """Metrics that are not computed, whatever their query gives."""
        self._omitted |= set(metrics)

    def build(self, problems: tuple[Problem, ...], states: Sequence[SourceState]) -> MetricSheet:
        """The finished sheet; its problems are `problems` and those met while building it."""
        months = self._months()
        rows: dict[tuple[str, str], tuple[Cell, ...]] = {}
        metrics: list[Metric] = []
        for metric in load_catalogue():
            family = self._share_metrics(metric) if metric.id == REVENUE_SHARE else [metric]
            for member in family:
                found = self._metric_rows(member)
                for product, by_month in found.items():
                    rows[product, member.id] = self._cells(member, product, by_month, months)
                metrics.append(member)
        metrics += self._fill_custom(rows, months)
        metrics += self._fill_imported(rows, metrics, months)
        products = self._product_list(rows)
        return MetricSheet(
            as_of=self.request.as_of,
            months=months,
            products=products,
            metrics=tuple(metrics),
            rows=rows,
            currency=self.request.base_currency,
            attribution=self.request.attribution,
            problems=(*problems, *self.problems),
            sources=tuple(states),
            redefinitions=tuple(
                Redefinition(event.product_id, event.month, event.metrics)
                for event in self.request.events
                if event.kind == "definition"
            ),
        )

    def _months(self) -> tuple[Month, ...]:
        firsts = [min(months) for query in self._rows.values() for months in query.values() if months]
        firsts += [min(months) for months in self._imported.values()]
        firsts += [min(months) for custom in self._custom for months in custom.values.values()]
        first = min(firsts, default=self.current.index)
        return month_span(Month.from_index(min(first, self.current.index)), self.current)

    def _share_metrics(self, family: Metric) -> list[Metric]:
        groups = dict.fromkeys(name for p in self.request.products for name in p.revenue_share)
        if not groups:
            return []
        names = [*groups, "other"] if "other" not in groups else list(groups)
        return [family._replace(id=f"{family.id}.{name}", name=f"{family.name}: {name}") for name in names]

    def _metric_rows(self, metric: Metric) -> Mapping[str, Mapping[int, Row]]:
        """Product to month index to row, for products whose data reach this metric."""
        if metric.id in self._omitted:
            return {}
        if metric.query == REVENUE_SHARE:
            group = metric.id.removeprefix(f"{REVENUE_SHARE}.")
            return {product: months for (product, name), months in self._shares.items() if name == group}
        found = self._rows.get(metric.query, {})
        if metric.id in FORECAST_METRICS:
            return {product: found.get(product, {}) for product in (*found, *self._forecasts)}
        if metric.id in RETENTION_METRICS:
            return {product: months for product, months in found.items() if product != ALL_PRODUCTS}
        if metric.id == "wau_mau":
            return {product: months for product, months in found.items() if any(r["has_days"] for r in months.values())}
        if metric.id == "tickets_per_user":
            return {
                product: {month: row for month, row in months.items() if row["unique_users"] is not None}
                for product, months in found.items()
                if any(row["unique_users"] is not None for row in months.values())
            }
        return found

    def _cells(
        self, metric: Metric, product: str, by_month: Mapping[int, Row], months: Sequence[Month]
    ) -> tuple[Cell, ...]:
        return tuple(self._cell(metric, product, by_month.get(month.index), month) for month in months)

    def _cell(self, metric: Metric, product: str, row: Row | None, month: Month) -> Cell:
        is_open = month == self.current
        unknown = row is not None and row.get("own_gap")
        if is_open and metric.id in FORECAST_METRICS and product in self._forecasts and not unknown:
            return self._forecast_cell(metric, self._forecasts[product])
        if row is None:
            return MISSING_CELL
        if is_open and metric.partial == "empty":
            # What the month has so far would be read as a fall, numerator and denominator included.
            return self._open_cell(metric, month)
        column = "share" if metric.query == REVENUE_SHARE else metric.id
        value = _number(row[column])
        numerator, denominator = _parts(metric, row)
        n = denominator if metric.parts else _number(row.get(metric.sample)) if metric.sample else None
        closes = metric.cadence != "quarterly" or self.request.fiscal.closes_quarter(month)
        if is_open and value is not None:
            return Cell(value, Status.PARTIAL, n, numerator, denominator, note=NOT_COMPLETE)
        if value is None:
            return Cell(None, Status.NA, n, numerator, denominator, note=_why_none(metric, row, closes=closes))
        status, note = self._judge(metric, row, n)
        if not note:
            note = self._remark(metric, product, month, value)
        if not note and product == ALL_PRODUCTS:
            note = self._left_out(metric, month)
        return Cell(value, status, n, numerator, denominator, note=note)

    def _open_cell(self, metric: Metric, month: Month) -> Cell:
        if metric.cadence == "quarterly" and not self.request.fiscal.closes_quarter(month):
            return Cell(None, Status.NA, note=NOT_CLOSING)
        return Cell(None, Status.PARTIAL, note=NOT_COMPLETE)

    def _remark(self, metric: Metric, product: str, month: Month, value: float) -> str:
        """What a reader should know of an ordinary value."""
        if metric.query == "costs":
            return str(self._rows["costs"][product][month.index].get(f"{metric.id}_note", ""))
        if metric.id == "refunds":
            mrr = self._rows["revenue"].get(product, {}).get(month.index, {}).get("mrr")
            if mrr and value > NOTABLE_REFUNDS * mrr:
                return f"{value / mrr:.1%} of MRR, which refunds do not move"
        if metric.id == "nps":
            scores = self._rows["nps"][product]
            if is_noise(scores.get(month.index - 1), scores[month.index]):
                return "the change from the month before is no more than chance gives with so few answers"
        return ""

    def _left_out(self, metric: Metric, month: Month) -> str:
        """The products whose data end before `month`, for a reader of the rows of all products together."""
        ended = sorted(
            self._names.get(product, product)
            for product, rows in self._rows.get(metric.query, {}).items()
            if product != ALL_PRODUCTS and rows and max(rows) < month.index
        )
        return f"without {', '.join(ended)}: no data in this month" if ended else ""

    @staticmethod
    def _judge(metric: Metric, row: Row, n: float | None) -> tuple[Status, str]:
        if row.get("immature"):
            return Status.IMMATURE, f"{row['immature']} organisations are still inside the window and left out"
        if metric.id in LOW_N_METRICS and n is not None and n < LOW_N_BELOW:
            return Status.LOW_N, f"fewer than {LOW_N_BELOW} answers"
        if metric.id in ("mrr", "new_mrr", "new_mrr_rate") and row.get("history_starts"):
            return Status.OK, HISTORY_STARTS
        if metric.id == "users_new" and row.get("users_before") is None:
            return Status.OK, USERS_START
        return Status.OK, ""

    @staticmethod
    def _forecast_cell(metric: Metric, forecast: Row) -> Cell:
        note = (
            f"{forecast['invoiced']:,.0f} invoiced so far, {forecast['expected']:,.0f} expected from the usage of "
            f"{forecast['customers']:,} customers"
        )
        times = FORECAST_METRICS[metric.id]
        note = note if times == 1 else f"{times:g} × the MRR: {note}"
        return Cell(times * forecast["mrr"], Status.FORECAST, note=note)

    def _fill_custom(self, rows: dict[tuple[str, str], tuple[Cell, ...]], months: Sequence[Month]) -> list[Metric]:
        """Put in what SQL of the user's own gives; returns a bare metric for each, which `present` describes."""
        for custom in self._custom:
            for product, values in custom.values.items():
                rows[product, custom.metric.id] = self._custom_cells(custom.metric, values, months)
        given = {custom.metric.id: custom.metric for custom in reversed(self._custom) if custom.values}
        return [
            Metric(name, name, IMPORTED_SECTION, IMPORTED_UNIT, partial="to_date" if metric.to_date else "empty")
            for name, metric in given.items()
        ]

    def _custom_cells(
        self, metric: SqlMetric, values: Mapping[int, CustomValue], months: Sequence[Month]
    ) -> tuple[Cell, ...]:
        first, last = min(values), max(values)
        outside = Cell(None, Status.MISSING, source=CellSource.CUSTOM)
        return tuple(
            self._custom_cell(metric, values.get(month.index), month) if first <= month.index <= last else outside
            for month in months
        )

    def _custom_cell(self, metric: SqlMetric, found: CustomValue | None, month: Month) -> Cell:
        if found is None:
            skipped = metric.is_quarterly and not self.request.fiscal.closes_quarter(month)
            note = NOT_CLOSING if skipped else "the query gave no row for this month"
            return Cell(None, Status.NA, source=CellSource.CUSTOM, note=note)
        if month == self.current and not metric.to_date:
            return Cell(None, Status.PARTIAL, source=CellSource.CUSTOM, note=NOT_COMPLETE)
        if found.value is None:
            return Cell(None, Status.NA, found.n, source=CellSource.CUSTOM, note=found.reason)
        if month == self.current:
            return Cell(found.value, Status.PARTIAL, found.n, source=CellSource.CUSTOM, note=NOT_COMPLETE)
        return Cell(found.value, Status.OK, found.n, source=CellSource.CUSTOM)

    def _fill_imported(
        self, rows: dict[tuple[str, str], tuple[Cell, ...]], metrics: Sequence[Metric], months: Sequence[Month]
    ) -> list[Metric]:
        """Put imported values where nothing is computed; returns the metrics the catalogue does not know."""
        known = {metric.id: metric for metric in metrics}
        for (product, metric), values in self._imported.items():
            computed = rows.get((product, metric), (MISSING_CELL,) * len(months))
            rows[product, metric] = tuple(
                self._imported_cell(known.get(metric), values[month.index], month)
                if cell.value is None and cell.status != Status.PARTIAL and month.index in values
                else cell
                for month, cell in zip(months, computed, strict=True)
            )
        unknown = sorted({metric for _, metric in self._imported} - known.keys())
        return [
            Metric(metric, metric, IMPORTED_SECTION, IMPORTED_UNIT, definition="Not computed by this program.")
            for metric in unknown
        ]

    def _imported_cell(self, metric: Metric | None, row: Row, month: Month) -> Cell:
        """An imported value under the same rules as a computed one; `metric` is None if the catalogue has none."""
        value, n = _number(row["value"]), _number(row["n"])
        status, note = Status.OK, f"source: {row['source']}" if row["source"] else ""
        if month == self.current:
            status = Status.PARTIAL
            if metric is not None and metric.partial == "empty":
                value, note = None, NOT_COMPLETE
        elif metric is not None and metric.id in LOW_N_METRICS and n is not None and n < LOW_N_BELOW:
            status = Status.LOW_N
        return Cell(value, status, n, source=CellSource.IMPORTED, note=note)

    def _product_list(self, rows: Mapping[tuple[str, str], object]) -> tuple[Product, ...]:
        configured = {product.product_id: product for product in self.request.products}
        seen = {product for product, _ in rows} | set(configured) | self._products
        products = []
        for product_id in seen - {ALL_PRODUCTS}:
            config = configured.get(product_id)
            if config is None:
                products.append(Product(product_id, product_id))
            else:
                products.append(Product(product_id, config.name or product_id, config.stage, config.slug))
                if not any(owner == product_id for owner, _ in rows):
                    message = f"no source has data for the product {product_id!r}."
                    place = f"products/{config.slug}/product.toml"
                    self.problems.append(Problem(place, None, message, Severity.WARNING))
        products.sort(key=lambda product: (product.name.casefold(), product.id))
        if any(owner == ALL_PRODUCTS for owner, _ in rows):
            overall = configured.get(ALL_PRODUCTS)
            products.append(Product(ALL_PRODUCTS, (overall.name if overall else "") or "All products", slug="_all"))
        return tuple(products)


def is_noise(before: Row | None, now: Row) -> bool:
    """Whether the change between two NPS rows lies within its 95 % margin (adjusted Wald, as the interval itself)."""
    if before is None or not before["nps_responses"] or not now["nps_responses"]:
        return False
    (score_before, variance_before), (score_now, variance_now) = _adjusted_score(before), _adjusted_score(now)
    return abs(score_now - score_before) < 1.96 * sqrt(variance_before + variance_now)


def _adjusted_score(row: Row) -> tuple[float, float]:
    """The adjusted score of an NPS row as a fraction, and its variance."""
    answers = row["nps_responses"] + 3
    promoters, detractors = (row["promoters"] + 0.75) / answers, (row["detractors"] + 0.75) / answers
    score = promoters - detractors
    return score, (promoters + detractors - score * score) / answers


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _parts(metric: Metric, row: Row) -> tuple[float | None, float | None]:
    if not metric.parts:
        return None, None
    numerator, denominator = metric.parts
    return _number(row[numerator]), _number(row[denominator])


def _why_none(metric: Metric, row: Row, *, closes: bool) -> str:
    """Why a cell inside the data has no value, in a few words."""
    if not closes:
        return NOT_CLOSING
    gap = row.get("own_gap") or row.get("move_gap")
    if gap:
        return f"no exchange rate for {gap}"
    redefined = {"mrr": "mrr_redefined", "paying_customers": "customers_redefined"}
    redefined |= {"unique_users": "users_redefined", "unique_orgs": "orgs_redefined"}
    if row.get(redefined.get(metric.growth_of, "")):
        return "the definition changed this month: no growth is computed across it"
    if metric.id in _NO_PART:
        return _NO_PART[metric.id]
    if not metric.parts:
        return "there is nothing to compute it from"
    denominator = row[metric.parts[1]]
    return f"{metric.denominator} is 0" if denominator == 0 else f"there is no {metric.denominator} yet"
