"""Simulate who pays how much, month by month, so that growth, churn and expansion look like a real company's.

Each product has a wanted MRR path. A month bills what is due, lets some leave, lets some come back, and then wins
customers until the path is reached. A line counts in the month its period ends in, so month `m` bills periods that
end in `m`.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from reviewtui.demo.plan import BillingPlan, PlannedCustomer, PlannedPeriod, Subscription
from reviewtui.demo.timeline import OPEN

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.demo.company import NameParts, ProductPlan
    from reviewtui.demo.setting import Setting

LAST_SIMULATED = OPEN + 1
"""Periods that begin in the open month end in the next one."""
_YEAR = 12
_WHALE_SHARE = 0.094
_PRICE_RISE = 1.06
_LAUNCH_GROWTH = 0.10
_TRIALS = 0.30
_COMES_BACK = 0.006
_SECOND_SUBSCRIPTION = 0.05
_UNUSUAL_EVERY = 9


class BillingSimulation:
    """The state of the market while the months pass."""

    def __init__(self, setting: Setting, names: NameParts) -> None:
        company = setting.company
        self._company = company
        self._stories = setting.stories
        self._timeline = setting.timeline
        self._names = names
        self._random = random.Random(f"billing {setting.seed}")  # noqa: S311 - a demo, not a secret
        self._used_names: set[str] = set()
        self._active: dict[str, list[Subscription]] = {product.id: [] for product in company.products}
        self._left: dict[str, list[Subscription]] = {product.id: [] for product in company.products}
        self._target: dict[str, float] = {}
        self._whale: Subscription | None = None
        self.plan = BillingPlan()

    def run(self) -> BillingPlan:
        """Simulate every month once."""
        self._open_story_accounts()
        for month in range(LAST_SIMULATED + 1):
            for product in self._company.products:
                if month >= product.starts:
                    self._one_month(product, month)
        return self.plan

    def _one_month(self, product: ProductPlan, month: int) -> None:
        self._bill_everyone(product, month)
        target = self._next_target(product, month)
        self._bring_back(product, month)
        self._win_customers(product, month, target)
        self._let_try(product, month)
        self.plan.mrr[product.id, month] = self._mrr(product)

    def _is(self, story: str, product: ProductPlan, month: int) -> bool:
        told = self._stories[story]
        return told.product == product.id and told.first == month

    def _mrr(self, product: ProductPlan) -> float:
        internal = {customer.number for customer in self.plan.customers if customer.is_internal}
        return sum(held.monthly for held in self._active[product.id] if held.customer not in internal)

    def _next_target(self, product: ProductPlan, month: int) -> float:
        wanted = self._target.get(product.id)
        growth = product.growth + self._random.gauss(0, 0.003)
        if self._is("launch", product, month):
            growth += _LAUNCH_GROWTH
        if self._is("price", product, month):
            growth += (_PRICE_RISE - 1) / 2
        if wanted is None:
            target = product.mrr
        else:
            target = (wanted + self.plan.mrr[product.id, month - 1]) / 2 * (1 + growth)
        if self._is("whale", product, month) and self._whale is not None:
            target -= self._whale.monthly
        self._target[product.id] = target
        return target

    # Who is there

    def _open_story_accounts(self) -> None:
        whale = self._customer(self._names.whale, "USD", pinned=True)
        forms = self._company.product(self._stories["whale"].product)
        flows = self._company.product(self._stories["launch"].product)
        self._whale = self._running(forms, whale, forms.mrr * _WHALE_SHARE, annual=False)
        self._whale.keeps = True
        self._running(flows, whale, 640.0, annual=False).keeps = True
        for name in self._names.internal:
            internal = self._customer(name, "USD", is_internal=True, pinned=True)
            for product in self._company.products:
                held = self._running(product, internal, product.median, annual=False, month=product.starts)
                held.keeps = True

    def _customer(self, name: str = "", currency: str = "", *, is_internal: bool = False, pinned: bool = False) -> int:
        number = len(self.plan.customers) + 1
        chosen = name or self._new_name(number)
        self.plan.customers.append(
            PlannedCustomer(number, chosen, currency or self._currency(), is_internal=is_internal, pinned=pinned)
        )
        return number

    def _currency(self) -> str:
        codes = list(self._company.currencies)
        return self._random.choices(codes, [self._company.currencies[code].share for code in codes])[0]

    def _new_name(self, number: int) -> str:
        place, offset = divmod(number, _UNUSUAL_EVERY)
        if offset == 0 and place <= len(self._names.unusual):
            return self._names.unusual[place - 1]
        while True:
            pick = self._random.choice
            name = f"{pick(self._names.first)}{pick(self._names.last)} {pick(self._names.trade)}"
            if name not in self._used_names:
                self._used_names.add(name)
                return name

    def _day(self, month: int, day: int | None = None) -> date:
        chosen = self._timeline.month(month)
        return chosen.first_day.replace(day=min(day or self._random.randint(1, 31), chosen.last_day.day))

    # What they hold

    def _subscribe(
        self, product: ProductPlan, customer: int, monthly: float, started_on: date, *, annual: bool
    ) -> Subscription:
        has_addon = len(product.skus) > 1 and self._random.random() < 0.42
        held = Subscription(
            number=len(self.plan.subscriptions) + 1,
            customer=customer,
            product=product.id,
            started_on=started_on,
            annual=annual,
            monthly=monthly,
            addon_sku=self._random.choice(product.skus[1:]) if has_addon else "",
            addon_share=round(self._random.uniform(0.15, 0.45), 2) if has_addon else 0.0,
        )
        self.plan.subscriptions.append(held)
        self._active[product.id].append(held)
        return held

    def _running(
        self, product: ProductPlan, customer: int, monthly: float, *, annual: bool, month: int = 0
    ) -> Subscription:
        """A subscription older than the demo; an annual one is billed for the rest of its term first."""
        remaining = self._random.randint(1, _YEAR) if annual else 1
        age = _YEAR * self._random.randint(1, 3) + 1 - remaining if annual else self._random.randint(2, 44)
        if month:
            age = 1
        held = self._subscribe(product, customer, monthly, self._day(month - age), annual=annual)
        held.billed = age - 1
        self._bill(held, month, remaining)
        return held

    def _start(self, product: ProductPlan, customer: int, monthly: float, month: int) -> Subscription:
        """A subscription whose first paid period ends in `month`, after a free one for some."""
        annual = self._random.random() < product.annual
        trial = not annual and month - 1 > product.starts and self._random.random() < _TRIALS
        held = self._subscribe(product, customer, monthly, self._day(month - 1 - trial), annual=annual)
        if trial:
            self._record(held, 1, 0.0)
        self._bill(held, month, _YEAR if annual else 1)
        return held

    def _bill(self, held: Subscription, month: int, months: int) -> None:
        held.covered = month + months - 1
        self._record(held, months, held.monthly * months)

    def _record(self, held: Subscription, months: int, dollars: float) -> None:
        currency = self._company.currencies[self.plan.customers[held.customer - 1].currency]
        amount = round(dollars / currency.rate, currency.decimals)
        self.plan.periods.append(PlannedPeriod(held.number, held.billed, months, amount))
        held.billed += months

    # What happens in a month

    def _bill_everyone(self, product: ProductPlan, month: int) -> None:
        staying = []
        for held in self._active[product.id]:
            if held.covered >= month:
                staying.append(held)
            elif self._leaves(product, held, month):
                held.ended_after = held.billed
                self._left[product.id].append(held)
            else:
                held.monthly *= self._change(product, held, month)
                self._bill(held, month, _YEAR if held.annual else 1)
                staying.append(held)
        self._active[product.id] = staying

    def _leaves(self, product: ProductPlan, held: Subscription, month: int) -> bool:
        if held is self._whale:
            return self._is("whale", product, month)
        if held.keeps or held.billed < 2:
            return False
        size = 1.35 if held.monthly < product.median else 0.75 if held.monthly < 3 * product.median else 0.35
        terms = 8 if held.annual else 1
        return self._random.random() < product.churn * size * terms

    def _change(self, product: ProductPlan, held: Subscription, month: int) -> float:
        if held.annual:
            return 1 + self._random.choice((0.0, 0.03, 0.05, 0.12)) if product.growth > 0 else 1.0
        factor = math.exp(self._random.gauss(product.drift, product.spread))
        if held is self._whale:
            factor = math.exp(self._random.gauss(product.growth, 0.008))
        luck = self._random.random()
        if luck < 0.010:
            factor *= 0.75
        elif luck > (0.983 if product.growth > 0 else 0.993) and not held.keeps:
            factor *= 1.30
        return factor * (_PRICE_RISE if self._is("price", product, month) else 1.0)

    def _bring_back(self, product: ProductPlan, month: int) -> None:
        buying = {held.customer for held in self._active[product.id]}
        for gone in list(self._left[product.id]):
            ready = gone.covered + 2 <= month and gone.customer not in buying and gone is not self._whale
            if ready and self._random.random() < _COMES_BACK:
                self._left[product.id].remove(gone)
                self._start(product, gone.customer, gone.monthly * self._random.uniform(0.6, 1.2), month)
                buying.add(gone.customer)

    def _win_customers(self, product: ProductPlan, month: int, target: float) -> None:
        shrinks = product.growth < 0
        wanted_at_least = (
            0 if month == product.starts else self._random.randint(0, 1) if shrinks else self._random.randint(1, 2)
        )
        won = 0
        mrr = self._mrr(product)
        while mrr < target or won < wanted_at_least:
            size = product.median * math.exp(self._random.gauss(0, product.sigma))
            size = round(min(size, 8 * product.median, max(0.06 * target, 0.5 * product.median)), 2)
            if month == 0:
                self._running(product, self._buyer(product), size, annual=self._random.random() < product.annual)
            elif self._random.random() < _SECOND_SUBSCRIPTION and self._extendable(product):
                self._add_second(product, size, month)
            else:
                self._start(product, self._buyer(product), size, month)
            mrr += size
            won += 1

    def _buyer(self, product: ProductPlan) -> int:
        """A customer of another product, or a new one."""
        if self._random.random() < product.cross_sell:
            has_it = {held.customer for held in self.plan.subscriptions if held.product == product.id}
            others = sorted(
                {held.customer for name in self._active for held in self._active[name] if held.customer not in has_it}
            )
            if others:
                return self._random.choice(others)
        return self._customer()

    def _extendable(self, product: ProductPlan) -> list[Subscription]:
        """Subscriptions beside which another may stand."""
        return [held for held in self._active[product.id] if not held.keeps]

    def _add_second(self, product: ProductPlan, size: float, month: int) -> None:
        """One more subscription of a customer, billed on the same day of the month."""
        first = self._random.choice(self._extendable(product))
        started_on = self._day(month - 1, first.started_on.day)
        held = self._subscribe(product, first.customer, size, started_on, annual=False)
        self._bill(held, month, 1)

    def _let_try(self, product: ProductPlan, month: int) -> None:
        """Trials that come to nothing: a free month, then the end."""
        if month <= product.starts + 1:
            return
        for _ in range(self._random.randint(0, 2)):
            trial = self._subscribe(product, self._customer(), 0.0, self._day(month - 1), annual=False)
            self._record(trial, 1, 0.0)
            trial.ended_after = 1
            self._active[product.id].remove(trial)
