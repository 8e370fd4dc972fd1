"""The revenue section: recurring revenue, its movements and retention, refunds, shares and the forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.errors import Severity
from reviewtui.metrics import parameters
from reviewtui.metrics.change_marks import meaning_of, month_marks, table_mark
from reviewtui.metrics.kept import EVERYTHING
from reviewtui.metrics.parameters import MONTH_OF
from reviewtui.metrics.sql_files import insert_rows, run_sql
from reviewtui.months import Month
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.metrics.assemble import SheetBuilder
    from reviewtui.metrics.kept import Marks
    from reviewtui.metrics.sql_files import Row
    from reviewtui.metrics.work import Work

REVENUE = "revenue"

BRIDGE_TOLERANCE = 0.01
"""Opening MRR and all movements must give closing MRR within this."""

LOOKS_BACK = (0, 1, 3, 12)
"""The months before a month that its own figures compare it with."""

_SUM_TABLES = ("mrr_part", "cohort_part", "rate_gap", "share_part", "open_mrr", "negative_total")
_BY_PRODUCT = """select r.product_id, t.* exclude (code) from {} t
    join billing_range r on r.code = t.code where month <= {}"""
_MONTH_PLACES = {"mrr_part": 1, "cohort_part": 1, "rate_gap": 1, "share_part": 2}
"""Where the rows of the tables that are kept by product have their month."""
_NEGATIVE = "negative_total"


def add_revenue(work: Work, builder: SheetBuilder) -> None:
    """Everything that is made of billing lines."""
    run_sql(work.connection, "billing")
    _create_billing_months(work)
    run_sql(work.connection, "billing_range")
    marks = _marks(work)
    meaning = _meaning(work)
    # Who is invoiced in the open month is not kept, but the forecast needs it.
    since = min(work.since(REVENUE, meaning, marks), work.current.index)
    _sum_since(work, since)
    rows = run_sql(work.connection, "revenue")
    builder.add_query(REVENUE, rows)
    _report_rows(work, rows)
    _report_lines(work)
    refunds = run_sql(work.connection, "refund")
    builder.add_query("refund", refunds)
    _report_refunds(work, refunds)
    if any(product.revenue_share for product in work.request.products):
        builder.add_shares(run_sql(work.connection, "revenue_share"))
    if work.inputs.has("usage_day") and work.inputs.has("subscription"):
        builder.add_forecast(run_sql(work.connection, "forecast"))
    sums = {table: _BY_PRODUCT.format(table, work.current.index) for table in _MONTH_PLACES}
    work.keep(REVENUE, meaning, marks, {**sums, _NEGATIVE: f"select * from {_NEGATIVE}"})


def _create_billing_months(work: Work) -> None:
    """Make `billing_month`: the lines by product and first month, marked if somebody will go on from them."""
    work.progress("Looking through the invoices")
    line = "product_id, customer_id, sku, currency, counts, first_month, last_month, slice"
    mark = (
        f"sum(hash({work.hashed(line, 'customer_id')})) filter (where is_invoice)" if work.keeps is not None else "null"
    )
    work.connection.execute(
        f"""create table billing_month as
        select product_id, first_month, max(data_until) as data_until, bool_or(counts and is_invoice) as has_invoices,
            count(*) filter (where is_invoice) as invoices, {mark} as mark,
            count(*) filter (where counts and last_month < first_month) as without_month,
            count(*) filter (where counts and last_month - first_month >= {parameters.LONGEST_LINE_MONTHS}) as too_long
        from billing_line group by product_id, first_month"""
    )


def _marks(work: Work) -> Mapping[str, Marks]:
    """The marks of what MRR is made of, by the first month that a row touches."""
    if work.keeps is None:
        return {}
    connection = work.connection
    lines = connection.execute(
        """select first_month, sum(invoices), sum(mark) from billing_month
        where mark is not null and first_month is not null group by 1"""
    ).fetchall()
    period = "customer_id, product_id, start_on, end_on, monthly_amount, currency"
    period = work.hashed(period, "customer_id")
    return {
        "invoice_line": {int(month): (int(count), int(total)) for month, count, total in lines},
        "subscription_period": month_marks(
            connection, "input_subscription_period", MONTH_OF.format("start_on"), period
        ),
        "fx_rate": month_marks(connection, "input_fx_rate", "month", "currency, rate_to_base"),
    }


def _meaning(work: Work) -> str:
    if work.keeps is None:
        return ""
    request, connection = work.request, work.connection
    return meaning_of(
        request.attribution,
        request.period_end_is_exclusive,
        request.base_currency,
        request.reactivation_window_days,
        [(product.product_id, sorted(product.revenue_share.items())) for product in request.products],
        table_mark(connection, work.hashed("customer_id", "customer_id"), "input_customer where is_internal"),
        table_mark(connection, "product_id", "(select distinct product_id from billing_month where has_invoices) b"),
    )


def _sum_since(work: Work, since: int) -> None:
    """Fill the tables of sums, from kept rows before the month `since`."""
    connection, current = work.connection, work.current.index
    wanted = {month - back for month in range(since, current + 1) for back in LOOKS_BACK} if since else set()
    if since == EVERYTHING:
        connection.execute(f"insert into wanted_month select month from month where month <= {current}")
    insert_rows(connection, "wanted_month", [(month,) for month in sorted(wanted)])
    insert_rows(connection, "revenue_begin", [(since,)])
    touched = [f"(last_month >= {first} and first_month <= {last})" for first, last in _runs(wanted)]
    condition = f"counts and ({' or '.join(touched)})" if touched else "counts"
    connection.execute(f"create view wanted_line as select * from billing_line where {condition}")
    (size,) = run_sql(connection, "billing_customer")
    portions = -(-int(size["customer_months"]) // parameters.ROWS_IN_PORTION) or 1
    work.in_portions(portions, lambda parts: _sum_portions(work, since, parts))
    rows = connection.execute("select product_id, code from billing_range").fetchall()
    codes = {str(product): int(code) for product, code in rows}
    for table, place in _MONTH_PLACES.items():
        work.restore(REVENUE, table, place, since, codes)
    insert_rows(connection, _NEGATIVE, work.kept_sums(REVENUE, _NEGATIVE, 0, since))


def _runs(months: set[int]) -> list[tuple[int, int]]:
    """The first and last month of every run of neighbouring months."""
    starts = sorted(month for month in months if month - 1 not in months)
    ends = sorted(month for month in months if month + 1 not in months)
    return list(zip(starts, ends, strict=True))


def _sum_portions(work: Work, since: int, parts: int) -> None:
    for table in _SUM_TABLES:
        work.connection.execute(f"delete from {table}")
    for part in range(parts):
        work.progress("Computing revenue", part, parts)
        parameters.choose_portion(work.connection, part, parts)
        run_sql(work.connection, "revenue_native")
        if since != EVERYTHING:
            run_sql(work.connection, "revenue_returning")
        run_sql(work.connection, "revenue_portion")


def _report_refunds(work: Work, rows: list[Row]) -> None:
    gaps = sorted({(row["own_gap"], row["month"]) for row in rows if row["own_gap"]})
    for currency, month in gaps:
        message = f"no exchange rate for {currency} in {Month.from_index(month)}; refunds are not summed there."
        work.report("fx_rate", message)


def _report_rows(work: Work, rows: list[Row]) -> None:
    for row in rows:
        gap = row["bridge_gap"]
        if gap is not None and abs(gap) > BRIDGE_TOLERANCE:
            month = Month.from_index(row["month"])
            work.report("revenue", f"the movements of {row['product_id']} in {month} miss closing MRR by {gap:.2f}.")
    for currency, first, last in work.connection.execute(
        """select currency, min(month), max(month) from rate_gap
        where lag = 0 and code <> 0 group by 1 order by 1"""
    ).fetchall():
        span = f"{Month.from_index(first)} to {Month.from_index(last)}"
        message = (
            f"no exchange rate for {currency} in some months from {span}; MRR of the products paid in it is not "
            "computed there. Add the rates: a missing rate is never taken as 1."
        )
        work.report("fx_rate", message)


def _report_lines(work: Work) -> None:
    negative, without_month, too_long = work.connection.execute(
        f"""select (select coalesce(sum(customer_months), 0) from {_NEGATIVE}),
            coalesce(sum(without_month), 0), coalesce(sum(too_long), 0) from billing_month"""
    ).fetchall()[0]
    longest = parameters.LONGEST_LINE_MONTHS
    counts = (
        (negative, "customer-month", "a negative total: taken as 0 MRR"),
        (
            without_month,
            "invoice line",
            "no first day of a month, and so no MRR under month_start_snapshot",
        ),
        (too_long, "invoice line", f"more than {longest} months: the rest is left out"),
    )
    for count, unit, what in counts:
        if count:
            work.report("invoice_line", f"{counted(count, unit)} with {what}.", Severity.WARNING)
