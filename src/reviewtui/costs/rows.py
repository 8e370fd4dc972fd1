"""Every figure of a product's costs as one flat table: what `reviewtui costs` prints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs import monitoring
from reviewtui.costs.allocation import ALWAYS_SHOWN, KINDS
from reviewtui.costs.economics import storage_per_unit
from reviewtui.costs.exact import number_text
from reviewtui.costs.monte_carlo import MonteCarlo, monte_carlo
from reviewtui.costs.product import ALL_REGIONS
from reviewtui.costs.review import MonthReview, month_review
from reviewtui.costs.sensitivity import ENDS, Sensitivity, sensitivity
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewtui.costs.economics import Units
    from reviewtui.costs.product import MonthCosts, ProductCosts
    from reviewtui.months import Month

LINES_SEPARATOR = ";"
RETENTION = "retention_days"


class CostRow(NamedTuple):
    """One figure."""

    product: str
    section: str
    period: str
    """A month, or a day for alerts."""
    region: str
    measure: str
    value: str
    """Empty where the figure cannot be told."""
    unit: str


class RowMaker:
    """Makes the rows of one product."""

    def __init__(self, costs: ProductCosts, currency: str) -> None:
        self.costs = costs
        self.model = costs.model
        self.currency = currency

    def rows(self, months: Sequence[Month], last: Month | None, as_of: date) -> Iterator[CostRow]:
        """Every row of `months`; review and sensitivity of `last`, alerts as seen on the day `as_of`."""
        for month in months:
            figures = self.costs.costs(month)
            for region, units in (*figures.regions.items(), (ALL_REGIONS, figures.all)):
                yield from self._region(figures, region, units)
        for month in months:
            yield from self._queries(month)
        if last is not None:
            yield from self._last_month(last, as_of)
        yield from self._alerts(months, as_of)

    def _row(
        self, section: str, period: object, measure: str, value: object, unit: str = "", region: str = ALL_REGIONS
    ) -> CostRow:
        text = number_text(value) if isinstance(value, Fraction | Decimal | int | float) else str(value or "")
        return CostRow(self.model.product_id, section, str(period), region, measure, text, unit)

    def _region(self, figures: MonthCosts, region: str, units: Units) -> Iterator[CostRow]:
        month, part, money = figures.month, units.allocated, self.currency

        def row(section: str, measure: str, value: object, unit: str = money) -> CostRow:
            return self._row(section, month, measure, value, unit, region)

        for kind in KINDS:
            if kind in ALWAYS_SHOWN or kind in part.kinds:
                yield row("allocation", kind, part.kinds.get(kind, Fraction(0)))
        yield row("allocation", "total_cost", part.total)
        for component, cost in sorted(part.components.items()):
            yield row("component", component, cost)
        yield row("reconcile", "in_scope", part.in_scope)
        for category, cost in self._excluded(part.excluded).items():
            yield row("reconcile", f"excluded_{category}", cost)
        yield row("reconcile", "elsewhere", part.elsewhere)
        yield row("reconcile", "unallocated", part.unallocated)
        yield row("reconcile", "unallocated_pct", _net_percent(part.unallocated, part.in_scope), "%")
        yield row("overlap", "overlapping_line_cost", part.overlapping)
        yield row("overlap", "naive_total", part.naive)
        yield row("overlap", "double_count_effect", part.double_count)
        yield row("overlap", "lines", self._overlapping(figures, region), "ids")
        yield from self._unit_rows(month, region, units)

    def _excluded(self, found: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Each excluded category in lower case to its cost; tax is always there."""
        names = dict.fromkeys(_category(name) for name in self.model.exclude_charge_category)
        amounts = {name: Fraction(0) for name in dict.fromkeys(("tax", *names))}
        for category, cost in found.items():
            amounts[_category(category)] = amounts.get(_category(category), Fraction(0)) + cost
        return amounts

    def _overlapping(self, figures: MonthCosts, region: str) -> str:
        regions = figures.regions if region == ALL_REGIONS else (region,)
        found = self.costs.inputs.overlapping
        lines = [found.get((self.model.product_id, figures.month.index, name), ()) for name in regions]
        return LINES_SEPARATOR.join(line for part in lines for line in part)

    def _unit_rows(self, month: Month, region: str, units: Units) -> Iterator[CostRow]:
        money = self.currency

        def row(section: str, measure: str, value: object, unit: str = money) -> CostRow:
            return self._row(section, month, measure, value, unit, region)

        is_all = region == ALL_REGIONS
        has_volume = is_all or self.costs.volumes.has_regions
        has_revenue = is_all or (has_volume and not self.costs.volumes.revenue_is_mrr)
        if has_volume:
            yield row("unit", "volume", units.volume, self.model.unit)
        if has_revenue:
            yield row("unit", "revenue", units.revenue)
        if has_volume:
            yield row("unit", "cost_per_unit", units.cost_per_unit)
        if has_revenue:
            yield row("unit", "revenue_per_unit", units.revenue_per_unit)
            yield row("unit", "gross_margin_pct", _times_100(units.margin), "%")
            yield row("unit", "direct_only_margin_pct", _times_100(units.direct_only_margin), "%")
        yield row("unit", "network_pct_of_cost", units.network_percent, "%")
        adjusted = [item.amount for item in self.model.adjustments if item.month == month] if is_all else []
        if adjusted and units.revenue is not None:
            revenue = units.revenue + sum(map(Fraction, adjusted))
            yield row("unit", "revenue_adjustment", sum(map(Fraction, adjusted)))
            yield row("unit", "adjusted_gross_margin_pct", _margin_percent(revenue, units.total), "%")
        if has_volume and units.storage_per_unit is not None:
            yield row("breakdown", "non_storage_per_unit", units.non_storage_per_unit)
            yield row("breakdown", "storage_billed_per_unit", units.storage_billed_per_unit)
            yield row("breakdown", "storage_modelled_per_unit", units.storage_per_unit)
            yield row("breakdown", "storage_modelled_total", units.storage_modelled)
            yield row("breakdown", "storage_model_vs_bill_pct", units.storage_gap_percent, "%")
            yield row("breakdown", "modelled_cost_per_unit", units.modelled_cost_per_unit)

    def _queries(self, month: Month) -> Iterator[CostRow]:
        for tally in self.costs.tallies.get(month.index, ()):
            for rule in tally.versions.values():
                share = self.costs.queries.share(month.index, tally.region, rule.share_by)
                if rule.kind == "querylog" and share is not None:
                    kept, spread = _times_100(share.kept), _times_100(share.spread)
                    yield self._row("querylog", month, "share_pct_untagged_kept", kept, "%", tally.region)
                    yield self._row("querylog", month, "share_pct_untagged_spread", spread, "%", tally.region)
                    break

    def _last_month(self, month: Month, as_of: date) -> Iterator[CostRow]:
        review = month_review(self.costs, month, is_over=month.is_complete(as_of))
        yield from self._review(review)
        found = sensitivity(self.costs, month)
        modelled = review.now.modelled_cost
        if modelled is not None:
            yield self._row("sensitivity", month, "base_modelled_cost", modelled, self.currency)
            margin = _times_100(review.now.modelled_margin)
            yield self._row("sensitivity", month, "base_modelled_margin_pct", margin, "%")
        if found is not None:
            yield from self._tornado(month, found)
        yield from self._storage_swing(review)
        if found is not None:
            yield self._row("sensitivity", month, "corner_best_margin_pct", _times_100(found.best), "%")
            yield self._row("sensitivity", month, "corner_worst_margin_pct", _times_100(found.worst), "%")
            drawn = monte_carlo(self.costs, month)
            if drawn is not None:
                yield from self._monte_carlo(month, drawn)
        if modelled is not None:
            delta = review.modelled
            base, least, most = (None,) * 3 if delta is None else (delta.base, delta.least, delta.most)
            yield self._row("review", month, "modelled_margin_delta_pp", _times_100(base), "pp")
            yield self._row("review", month, "modelled_margin_delta_min_pp", _times_100(least), "pp")
            yield self._row("review", month, "modelled_margin_delta_max_pp", _times_100(most), "pp")

    def _review(self, review: MonthReview) -> Iterator[CostRow]:
        def row(measure: str, value: object, unit: str = self.currency) -> CostRow:
            return self._row("review", review.month, measure, value, unit)

        delta, now = review.billed, review.now
        yield row("total_cost_mom_pct", review.cost_change_percent, "%")
        yield row("volume_mom_pct", review.volume_change_percent, "%")
        yield row("cost_per_unit_mom_pct", review.unit_cost_change_percent, "%")
        yield row("margin_delta_pp", delta and _times_100(delta.base), "pp")
        yield row("volume_effect", review.volume_effect)
        yield row("unit_cost_effect", review.unit_cost_effect)
        yield row("cost_elasticity", review.elasticity, "ratio")
        yield row("verdict", delta and delta.verdict, "")
        yield row("billed_margin_delta_min_pp", delta and _times_100(delta.least), "pp")
        yield row("billed_margin_delta_max_pp", delta and _times_100(delta.most), "pp")
        yield row("verdict_robust_billed_basis", delta and ("yes" if delta.is_robust else "no"), "")
        if self.model.target_margin is not None:
            target = Fraction(self.model.target_margin)
            name = f"{number_text(target * 100)}pct_margin"
            yield row(f"price_floor_at_{name}", now.price_floor(target))
            yield row(f"max_price_cut_keeping_{name}", _times_100(now.max_price_cut(target)), "%")
        part = now.allocated
        unallocated = _net_percent(part.unallocated, part.in_scope)
        yield row("allocation_completeness_pct", None if unallocated is None else 100 - unallocated, "%")

    def _tornado(self, month: Month, found: Sensitivity) -> Iterator[CostRow]:
        for place, swing in enumerate(found.swings, 1):
            name = f"{place}:{swing.name}"
            for measure, value, unit in (
                ("cost_at_low", swing.cost_at_low, self.currency),
                ("cost_at_high", swing.cost_at_high, self.currency),
                ("margin_at_low_pct", swing.margin_at_low * 100, "%"),
                ("margin_at_high_pct", swing.margin_at_high * 100, "%"),
                ("swing_pp", swing.points * 100, "pp"),
            ):
                yield self._row("tornado", month, f"{name}:{measure}", value, unit)

    def _storage_swing(self, review: MonthReview) -> Iterator[CostRow]:
        """What storage costs more at the long end of the retention than at the short one."""
        retention, volume = self.model.assumptions.get(RETENTION), review.now.volume
        shortest, longest = (storage_per_unit(self.model, {RETENTION: end}) for end in ENDS)
        if retention is None or retention.low is None or retention.high is None or volume is None:
            return
        if shortest is not None and longest is not None:
            name = f"retention_{number_text(retention.low)}_vs_{number_text(retention.high)}_storage_swing"
            yield self._row("sensitivity", review.month, name, (longest - shortest) * volume, self.currency)

    def _monte_carlo(self, month: Month, drawn: MonteCarlo) -> Iterator[CostRow]:
        def row(measure: str, value: object, unit: str) -> CostRow:
            return self._row("montecarlo", month, measure, value, unit)

        for rule_id, pool in drawn.pools.items():
            yield row(f"pool_{rule_id}", pool, self.currency)
        yield row("analytic_mean_cost", drawn.mean_cost, self.currency)
        yield row("analytic_sd_cost", drawn.sd_cost, self.currency)
        yield row("analytic_mean_margin_pct", drawn.mean_margin * 100, "%")
        yield row("analytic_sd_margin_pp", drawn.sd_margin * 100, "pp")
        yield row("n", drawn.draws, "")
        yield row("seed", drawn.seed, "")
        yield row("margin_p05_pct", drawn.p05 * 100, "%")
        yield row("margin_p50_pct", drawn.p50 * 100, "%")
        yield row("margin_p95_pct", drawn.p95 * 100, "%")
        yield row("margin_mean_pct", drawn.drawn_mean * 100, "%")
        yield row("share_of_draws_below_point_pct", drawn.below_point * 100, "%")

    def _alerts(self, months: Sequence[Month], as_of: date) -> Iterator[CostRow]:
        first = months[0].first_day if months else date.min
        weeks = monitoring.weeks_of(self.costs)
        for change in monitoring.week_changes(weeks, Fraction(self.model.alert_floor)):
            if change.day >= first:
                if change.state != monitoring.PARTIAL_WEEK:
                    yield self._row("alert", change.day, f"{change.subject}:change_pct", change.change_percent, "%")
                yield self._row("alert", change.day, f"{change.subject}:state", change.state)
        stale = monitoring.staleness_days(self.costs, as_of)
        if stale is not None:
            yield self._row("alert", as_of, "staleness_days", stale, "days")
            state = monitoring.ALERT if monitoring.is_stale(stale) else monitoring.OK
            yield self._row("alert", as_of, "staleness_state", state)
        if self.model.model_last_reviewed is not None:
            due = monitoring.review_due(self.model.model_last_reviewed)
            yield self._row("alert", as_of, "quarterly_review_due", due.isoformat(), "date")
            if as_of > due:
                yield self._row("alert", as_of, "quarterly_review_overdue_days", (as_of - due).days, "days")


def _category(name: str) -> str:
    return "_".join(name.casefold().split())


def _times_100(value: Fraction | None) -> Fraction | None:
    return None if value is None else value * 100


def _net_percent(part: Fraction, whole: Fraction) -> Fraction | None:
    """`part` of a net `whole` in per cent; None where nothing positive is in scope."""
    return part / whole * 100 if whole > 0 else None


def _margin_percent(revenue: Fraction, cost: Fraction) -> Fraction | None:
    return (revenue - cost) / revenue * 100 if revenue else None
