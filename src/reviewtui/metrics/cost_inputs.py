"""Read what the sources say about costs, in the child process: sums only, in exact decimals.

Raises nothing for bad data: lines that cannot be used are reported, and where every figure would be wrong (lines
loaded twice, several currencies) the figures are withheld.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb

from reviewtui.costs.inputs import NO_REGION, UNTAGGED, CostInputs, LineQuality, QueryUse, Usage, WeekCost
from reviewtui.errors import Problem, Severity
from reviewtui.metrics.conversions import conversion
from reviewtui.metrics.cost_groups import RawGroup, line_groups, raw_groups
from reviewtui.metrics.cost_lines import (
    MONDAY_OF,
    ORDINAL_OF,
    LineSource,
    canonical_lines,
    content_mark,
    exact_number,
    focus_lines,
    repeated_rows,
)
from reviewtui.metrics.cost_overlaps import overlapping_lines
from reviewtui.metrics.parameters import MONTH_OF
from reviewtui.months import Month
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.sources.lockdown import open_export
from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import quoted
from reviewtui.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewtui.metrics.cost_request import CostRequest
    from reviewtui.metrics.inputs import InputTables
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import FoundTable

SMALL_TABLES = ("query_log", "usage_day", "cost_week", "fx_rate")
COST_TABLES = ("cost_line", *SMALL_TABLES)
"""The canonical tables that costs are made of."""

RECENT_WEEKS = 14
"""Weeks that cost lines are split into: a quarter, and the week before it to compare with."""
RECENT_DAYS = 14
"""Days that are looked through for a flatline."""
WEEK_DAYS = 7


def read_costs(session: Session, request: CostRequest, tables: InputTables) -> CostInputs:
    """Everything the sources say about costs; `tables` holds what was found for `COST_TABLES`, views already read."""
    with ExitStack() as opened:
        return _Reading(session, request, tables, opened).inputs()


class _Reading:
    """One reading of the costs."""

    def __init__(self, session: Session, request: CostRequest, tables: InputTables, opened: ExitStack) -> None:
        self._session = session
        self._request = request
        self._tables = tables
        self._connection = session.connection
        self._problems: list[Problem] = []
        self._sources = list(line_sources(session, tables, opened))

    def inputs(self) -> CostInputs:
        self._session.progress("Reading cost lines")
        bases = self._request.bases
        self._sources = [source for source in self._sources if self._is_readable(source)]
        if self._is_repeated():
            return self._withheld()
        days = sorted({day for source in self._sources for day in _days(source, bases)})
        known = [day for day in days if day <= self._request.as_of.toordinal()]
        newest = date.fromordinal(known[-1]) if known else None
        groups = [group for source in self._sources for group in raw_groups(source, bases, _weeks_from(newest))]
        factors = self._factors(groups)
        if factors is None:
            return self._withheld()
        recent = self._recent(newest, bases)
        if factors:
            groups, recent = ([group for group in found if group.month in factors] for found in (groups, recent))
        self._session.progress("Reading usage and queries")
        converted = line_groups(groups, bases, factors, self._request.series)
        overlapping: Mapping[tuple[str, int, str], tuple[str, ...]] = {}
        if self._request.names_lines:
            overlapping = overlapping_lines(groups, converted, self._request.models, bases)
        return CostInputs(
            groups=converted,
            daily=line_groups(recent, bases, factors, self._request.series),
            days=tuple(days),
            queries=tuple(self._queries()),
            usage=tuple(self._usage()),
            weeks=tuple(self._weeks()),
            overlapping=overlapping,
            quality=tuple(self._quality()),
            problems=tuple(self._problems),
        )

    def _withheld(self) -> CostInputs:
        return CostInputs(problems=tuple(self._problems), withheld=True)

    def _report(self, place: str, message: str, severity: Severity = Severity.ERROR) -> None:
        self._problems.append(Problem(safe_text(place), None, message, severity))

    def _is_readable(self, source: LineSource) -> bool:
        """Whether the relation can be read at all; says which of its rows cannot be used."""
        bases = self._request.bases
        unread = " or ".join(
            f"({source.found[basis]} is not null and {source.costs[basis]} is null)" for basis in bases
        )
        absent = " and ".join(f"{source.found[basis]} is null" for basis in bases)
        try:
            row = source.connection.execute(
                f"select count(*) filter (where {source.day} is null), "
                f"count(*) filter (where {unread}), count(*) filter (where {absent}) from {source.relation} t"
            ).fetchall()[0]
        except (duckdb.Error, MemoryError) as error:
            if isinstance(error, duckdb.InterruptException):
                raise
            self._report(source.place, f"These cost lines cannot be used: the table {query_failed(error)}")
            return False
        for count, what in zip(row, ("without a usable day", "with an amount that is no number"), strict=False):
            if count:
                self._report(source.place, f"{counted(count, 'cost line')} {what}: left out. Correct the source.")
        if row[2]:
            message = f"{counted(row[2], 'cost line')} without an amount: left out."
            self._report(source.place, message, Severity.WARNING)
        return True

    def _is_repeated(self) -> bool:
        """Whether lines were loaded twice: within a relation, or as one relation in two sources."""
        repeated = False
        for source in self._sources:
            copies = repeated_rows(source)
            if copies:
                self._report(
                    source.place,
                    f"{counted(copies, 'cost line')} equal to another one in every column: the same data was loaded "
                    "twice. Remove the copies; no cost figures are given until then.",
                )
                repeated = True
        marks: dict[tuple[int, int], str] = {}
        for source in self._sources if len(self._sources) > 1 else ():
            mark = content_mark(source)
            if mark[0] and marks.setdefault(mark, source.place) != source.place:
                message = f"These are the same cost lines as in {marks[mark]}: remove one of the two. No cost figures"
                self._report(source.place, f"{message} are given until then.")
                repeated = True
        return repeated

    def _recent(self, newest: date | None, bases: Sequence[str]) -> list[RawGroup]:
        if newest is None:
            return []
        first = newest - timedelta(days=RECENT_DAYS - 1)
        return [group for source in self._sources for group in raw_groups(source, bases, None, first)]

    def _factors(self, groups: Sequence[RawGroup]) -> Mapping[int, Decimal] | None:
        """Month to what its amounts are multiplied with, empty where nothing is to do; None if there is no telling."""
        base = self._request.base_currency
        currencies = {group.currency or base for group in groups}
        if currencies <= {base}:
            return {}
        if len(currencies) > 1:
            listed = ", ".join(sorted(safe_text(currency, 20) for currency in currencies))
            self._report(
                self._sources[0].place,
                f"Cost lines are in several currencies ({listed}). Bring them into one; no cost figures are given until"
                " then.",
            )
            return None
        (currency,) = currencies
        rates = self._rates(currency)
        lacking = sorted({group.month for group in groups} - rates.keys())
        for month in lacking:
            self._report(
                "fx_rate",
                f"No rate for {safe_text(currency, 20)} in {Month.from_index(month)}: cost lines of that month are left"
                " out. Add it.",
            )
        return rates

    def _rates(self, currency: str) -> dict[int, Decimal]:
        """Month to the one rate of a currency."""
        found: dict[int, set[Decimal]] = {}
        for table in self._tables.tables("fx_rate"):
            read = self._columns(table)
            rows = self._connection.execute(
                f"select {MONTH_OF.format('month')}, rate from (select {read['month']} as month, "
                f"{read['currency']} as currency, {self._exact(table, 'rate_to_base')} as rate from {table.relation}) "
                "where currency = ? and month is not null and rate > 0",
                [currency],
            ).fetchall()
            for month, rate in rows:
                found.setdefault(int(month), set()).add(rate)
        return {month: rates.pop() for month, rates in found.items() if len(rates) == 1}

    def _columns(self, found: FoundTable) -> dict[str, str]:
        """Column to the SQL of its value in the canonical type."""
        table = TABLES_BY_NAME[found.table]
        return {name: conversion(table, name, kind, found, self._tables.zone).sql for name, kind in table.columns}

    @staticmethod
    def _exact(found: FoundTable, name: str) -> str:
        """SQL of a number column, exact; NULL where the column does not exist."""
        if name not in found.columns:
            return "cast(null as decimal(38,18))"
        column, kind = found.columns[name]
        return exact_number(quoted(column), kind)

    def _rows(
        self, table: str, columns: Mapping[str, str], sums: str, keys: str, where: str
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a small table, added up: `columns` name what is read, exact where it says so."""
        for found in self._tables.tables(table):
            read = self._columns(found)
            listed = ", ".join(
                f"{self._exact(found, name) if how == 'exact' else read[name]} as {name}"
                for name, how in columns.items()
            )
            added_up = f"select {keys}, {sums} from (select {listed} from {found.relation}) where {where} group by all"
            # In the same order every time: ties among components are listed as they come.
            sql = f"{added_up} order by all"
            yield from self._connection.execute(sql).fetchall()

    def _queries(self) -> Iterator[QueryUse]:
        columns = {"day": "", "region": "", "product": "", "cpu_seconds": "exact", "read_bytes": "exact"}
        keys = f"{MONTH_OF.format('day')}, coalesce(trim(region), ''), coalesce(product, '')"
        sums = "coalesce(sum(cpu_seconds), 0), coalesce(sum(read_bytes), 0)"
        for month, region, product, cpu, read in self._rows("query_log", columns, sums, keys, "day is not null"):
            yield QueryUse(month, region or NO_REGION, product or UNTAGGED, Decimal(cpu), Decimal(read))

    def _usage(self) -> Iterator[Usage]:
        products = [model.product_id for model in self._request.models]
        columns = {"product_id": "", "day": "", "region": "", "unit": "", "volume": "exact", "revenue": "exact"}
        keys = f"product_id, {MONTH_OF.format('day')}, coalesce(trim(region), ''), coalesce(unit, '')"
        sums = "coalesce(sum(volume), 0), sum(revenue), count(*)"
        for product, month, region, unit, volume, revenue, rows in self._rows(
            "usage_day", columns, sums, keys, "day is not null"
        ):
            if product in products:
                yield Usage(product, month, region, unit, Decimal(volume), revenue, rows)

    def _weeks(self) -> Iterator[WeekCost]:
        columns = {"product_id": "", "week": "", "component": "", "amount": "exact", "days": ""}
        keys = f"product_id, {MONDAY_OF.format('week')}, component"
        sums = f"sum(amount), min(coalesce(days, {WEEK_DAYS}))"
        where = "week is not null and component is not null and amount is not null"
        for product, monday, component, amount, days in self._rows("cost_week", columns, sums, keys, where):
            yield WeekCost(product, monday, component, amount, days)

    def _quality(self) -> Iterator[LineQuality]:
        for source in self._sources:
            names = tuple(source.facts)
            facts = "".join(f", {sql}" for sql in source.facts.values())
            ordinal = ORDINAL_OF.format(source.day)
            row = source.connection.execute(
                f"select count(*), coalesce(min({ordinal}), 0), coalesce(max({ordinal}), 0){facts} "
                f"from {source.relation} t"
            ).fetchall()[0]
            found = {name: Decimal(value or 0) for name, value in zip(names, row[3:], strict=True)}
            yield LineQuality(source.place, source.is_focus, row[0], row[1], row[2], found)


def line_sources(session: Session, tables: InputTables, opened: ExitStack) -> Iterator[LineSource]:
    """Every relation with cost lines; connections to files are closed with `opened`."""
    for found in tables.tables("cost_line"):
        relation = tables.shown.get(found.relation, found.relation)
        place = relation.strip('"').replace('"."', ".")
        yield canonical_lines(session.connection, found, tables.zone, place)
    for table in session.focus:
        connection = session.connection
        if table.file:
            connection = opened.enter_context(open_export(table.file, session.request))
        yield focus_lines(connection, table)


def _days(source: LineSource, bases: Sequence[str]) -> Iterator[int]:
    sql = f"select distinct {ORDINAL_OF.format('day')} from ({source.lines(bases)})"
    for (day,) in source.connection.execute(sql).fetchall():
        yield int(day)


def _weeks_from(newest: date | None) -> date | None:
    """The Monday from which on lines are split by week."""
    if newest is None:
        return None
    return newest - timedelta(days=newest.weekday() + WEEK_DAYS * (RECENT_WEEKS - 1))
