"""Files that are made in unforeseen ways still give the right numbers, or say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from reviewtui.workspace.model import SourceConfig
from tests.metrics.worksheets import Company, messages, statuses, value, values

if TYPE_CHECKING:
    from pathlib import Path

OUR_NAMES = ("number", "month", "setting", "rate", "revenue", "slot", "intent", "wait", "input_customer", "activity")


def test_a_view_in_the_file_reads_the_files_own_tables_whatever_they_are_called(tmp_path: Path) -> None:
    company = Company(tmp_path)
    tickets = []
    for count, name in enumerate(OUR_NAMES, 1):
        company.run(f"create table {name} as select '{name}' as product, k from range({count}) r(k)")
        tickets.append(f"select product || k, product, timestamptz '2025-03-03 12:00+00' from {name}")
    company.run(f"create view ticket(ticket_id, product_id, created_at) as {' union all '.join(tickets)}")
    sheet = company.sheet()
    for count, name in enumerate(OUR_NAMES, 1):
        assert value(sheet, name, "tickets_created", "2025-03") == count


def test_a_one_off_line_does_not_hide_subscription_periods(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("A", ("2025-01-05", "2025-01-05", 500), kind="one_off")
    company.add(
        "subscription_period", "customer_id, product_id, start_on, end_on, monthly_amount",
        [("A", "replay", "2025-01-01", None, 100)],
    )  # fmt: skip
    assert values(company.sheet("2025-04-10"), "replay", "mrr", "2025-01", "2025-02", "2025-03") == [100, 100, 100]


def test_an_end_that_cannot_be_read_does_not_mean_never(tmp_path: Path) -> None:
    company = Company(tmp_path).run(
        """create table subscription_period as select * from (values
            ('A', 'replay', '2025-01-01', '31/03/2025', 10), ('B', 'replay', '2025-01-01', '9999-12-31', 5),
            ('C', 'replay', '2025-01-01', null, 2)) t(customer_id, product_id, start_on, end_on, monthly_amount)"""
    )
    sheet = company.sheet("2025-04-10")
    assert value(sheet, "replay", "mrr", "2025-03") == 7
    assert "1 value of end_on (VARCHAR) cannot be read as a date" in messages(sheet)


def test_the_same_file_gives_the_same_numbers_every_time(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for currency in ("USD", "EUR", "JPY", "GBP"):
        lines = [(f"2025-01-{day:02d}", f"2025-02-{day:02d}", 0.1 + day / 7) for day in range(1, 29)]
        for customer in range(8):
            company.bill(f"c{customer}", *lines, currency=currency)
    rates: list[tuple[object, ...]] = [
        (f"2025-{month:02d}-01", currency, rate)
        for month in (2, 3)
        for currency, rate in (("EUR", 1.0837), ("JPY", 0.0067131), ("GBP", 1.2791))
    ]
    company.add("fx_rate", "month, currency, rate_to_base", rates)
    first = company.sheet("2025-03-10").rows
    assert all(company.sheet("2025-03-10").rows == first for _ in range(4))


def test_two_files_may_number_their_lines_alike(tmp_path: Path) -> None:
    sheets = []
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        company = Company(tmp_path / name)
        columns = "line_id, customer_id, product_id, subscription_id, kind, period_start, period_end, amount"
        company.add("invoice_line", columns, [("1", name, "replay", "s", "recurring", "2025-01-05", "2025-02-05", 100)])
        company.sheet()
        sheets.append(company)
    both = (SourceConfig("north", sheets[0].path), SourceConfig("south", sheets[1].path))
    sheets[0].settings["sources"] = both
    assert value(sheets[0].sheet("2025-03-10"), "replay", "mrr", "2025-02") == 200


def test_a_date_as_text_is_a_local_day(tmp_path: Path) -> None:
    company = Company(tmp_path, time_zone="America/New_York").run(
        "create table ticket as select 't' as ticket_id, 'p' as product_id, '2025-03-01' as created_at"
    )
    assert values(company.sheet(), "p", "tickets_created", "2025-02", "2025-03") == [None, 1]


def test_a_month_written_as_an_instant_is_a_label(tmp_path: Path) -> None:
    company = Company(tmp_path, time_zone="America/New_York").run(
        """create table metric_value as select 'p' as product_id, timestamptz '2025-03-01 00:00+00' as month,
            'mood' as metric, 6.0 as value"""
    )
    assert value(company.sheet(), "p", "mood", "2025-03") == 6


def test_a_cancelled_subscription_is_not_projected(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("Z", ("2025-03-12", "2025-04-12", 1))
    company.run("create table subscription (subscription_id varchar, customer_id varchar, product_id varchar,"
                " started_on date, status varchar)")  # fmt: skip
    company.run("insert into subscription values ('s', 'A', 'replay', '2025-01-20', 'cancelled')")
    company.add("usage_day", "product_id, customer_id, day, revenue", [("replay", "A", "2025-05-02", 20)])
    sheet = company.sheet("2025-05-10")
    assert (value(sheet, "replay", "mrr", "2025-05"), statuses(sheet, "replay", "mrr", "2025-05")) == (20, ["forecast"])


def test_a_refund_without_a_rate_is_named(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.add("refund", "product_id, refunded_on, amount, currency", [("replay", "2025-03-04", 10, "EUR")])
    sheet = company.sheet("2025-05-10")
    assert statuses(sheet, "replay", "refunds", "2025-03") == ["na"]
    assert "no exchange rate for EUR in 2025-03; refunds are not summed there" in messages(sheet)


def test_the_file_is_not_touched(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("A", ("2025-01-05", "2025-02-05", 100))
    company.sheet()
    before = company.path.read_bytes()
    company.sheet()
    assert company.path.read_bytes() == before
    with duckdb.connect(str(company.path)) as connection:
        assert connection.execute("select count(*) from duckdb_tables()").fetchall() == [(1,)]
