"""One metric of one product over the months of a sheet, and the runs of months it can be read by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import MISSING_CELL
from reviewtui.months import MONTHS_PER_QUARTER, FiscalCalendar, Month
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Target


class Period(NamedTuple):
    """A month, or the three months of a fiscal quarter."""

    first: Month
    last: Month

    @classmethod
    def of(cls, month: Month) -> Period:
        """The period that is one month."""
        return cls(month, month)

    @property
    def is_quarter(self) -> bool:
        """Whether it is more than a month."""
        return self.first != self.last

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months, oldest first."""
        return tuple(self.first + later for later in range(self.last.index - self.first.index + 1))

    def earlier(self, months: int) -> Period | None:
        """The same run so many months before; None before the first month of all."""
        if self.first.index - months < Month(1, 1).index:
            return None
        return Period(self.first - months, self.last - months)


class Series(NamedTuple):
    """The cells of one metric of one product, with what is needed to compare them."""

    sheet: MetricSheet
    product: str
    metric: Metric
    cells: tuple[Cell, ...]
    """One a month of the sheet."""

    def at(self, month: Month) -> Cell:
        """The cell of a month; missing outside the sheet."""
        months = self.sheet.months
        place = month.index - months[0].index if months else -1
        return self.cells[place] if 0 <= place < len(self.cells) else MISSING_CELL

    def is_comparable(self, earlier: Month, later: Month) -> bool:
        """Whether the metric means the same in both months."""
        return self.sheet.is_comparable(self.product, self.metric.id, earlier, later)

    @property
    def target(self) -> Target | None:
        """What the metric should reach for this product."""
        return self.sheet.targets.get((self.product, self.metric.id))


def series_of(sheet: MetricSheet, product: str, metric: Metric) -> Series:
    """The series of a metric; all of its cells are missing where the product has no data for it."""
    return Series(sheet, product, metric, sheet.row(product, metric.id))


def periods_of(sheet: MetricSheet, *, quarters: bool = False) -> tuple[Period, ...]:
    """The columns of `sheet`, oldest first: months, or closed fiscal quarters followed by the months after them."""
    if not quarters:
        return tuple(Period.of(month) for month in sheet.months)
    calendar = FiscalCalendar(sheet.fiscal_year_start)
    periods: list[Period] = []
    for month in sheet.months:
        close = calendar.quarter_close(month)
        if not close.is_complete(sheet.as_of):
            periods.append(Period.of(month))
        elif not periods or periods[-1].last != close:
            # The first quarter may begin before the data do.
            first = close - (MONTHS_PER_QUARTER - 1) if close.index >= MONTHS_PER_QUARTER else month
            periods.append(Period(first, close))
    return tuple(periods)


def period_label(period: Period, fiscal_year_start: int = 1) -> str:
    """A column's name: `Oct 26`, `Q3 26`; a fiscal year is named by the calendar year in which it ends."""
    if not period.is_quarter:
        return period.last.label
    return (
        f"Q{FiscalCalendar(fiscal_year_start).quarter(period.last)} {fiscal_year(period, fiscal_year_start) % 100:02d}"
    )


def fiscal_year(period: Period, fiscal_year_start: int) -> int:
    """The calendar year in which the fiscal year of a period ends."""
    return period.last.year + (1 if fiscal_year_start > 1 and period.last.number >= fiscal_year_start else 0)
