"""Values no one can compute with: they are named, and everything else is computed as if they were not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.metrics.worksheets import Company, messages, value, values

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet

AS_OF = "2025-06-10"


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    """Every table has one good row in March 2025, and rows that are wrong in every way."""
    return (
        Company(tmp_path_factory.mktemp("bad"))
        .run(
            """create table invoice_line as select * from (values
            ('1', 'a', 'replay', date '2025-02-10', date '2025-03-10', 40.0::double),
            ('1', 'a', 'replay', date '2025-02-10', date '2025-03-10', 40.0),
            ('2', 'a', 'replay', date '2025-02-10', date '2025-03-10', 'nan'),
            ('3', 'a', 'replay', date '2025-02-10', date '2025-03-10', 'inf'),
            ('4', 'a', 'replay', date '2025-02-10', date '2025-03-10', '-inf'),
            ('5', 'a', 'replay', date '2025-02-10', date '2025-03-10', 1e300),
            ('6', 'a', 'replay', date '0001-01-01', date '2025-03-10', 7),
            ('7', 'a', 'replay', date '2025-02-10', date '9999-12-31', 7),
            ('8', 'a', 'replay', date '-infinity', date 'infinity', 7),
            ('9', 'a', null, date '2025-02-10', date '2025-03-10', 7),
            ('10', null, 'replay', date '2025-02-10', date '2025-03-10', 7),
            ('11', 'a', 'replay', date '2025-02-10', null, 7),
            ('12', 'a', 'replay', date '2025-02-10', date '2025-03-10', null),
            (null, 'b', 'replay', date '2025-02-10', date '2025-03-10', 1),
            (null, 'b', 'replay', date '2025-02-10', date '2025-03-10', 1),
            ('13', 'a', 'euro', date '2025-02-10', date '2025-03-10', 10)
            ) l(line_id, customer_id, product_id, period_start, period_end, amount);
            alter table invoice_line add column currency varchar;
            update invoice_line set currency = 'EUR' where product_id = 'euro';
            create table fx_rate as select * from (values
            (date '2025-03-01', 'EUR', 'nan'::double), (date '2025-03-01', 'EUR', 0), (date '2025-03-01', 'EUR', -1),
            (date '2025-03-01', 'EUR', 'inf'), (null, 'EUR', 5), (date '2025-03-05', 'EUR', 1.5)
            ) r(month, currency, rate_to_base);
            create table event as select * from (values
            ('replay', 'play', 'u1', timestamptz '2025-03-10 12:00:00+00'),
            ('replay', 'play', 'u2', 'infinity'), ('replay', 'play', 'u3', '-infinity'),
            ('replay', 'play', 'u4', '0001-01-01 00:00:00+00'), ('replay', 'play', 'u5', '9999-12-31 00:00:00+00'),
            ('replay', 'play', 'u6', '290000-01-01 00:00:00+00'), ('replay', 'play', 'u7', null),
            (null, 'play', 'u8', '2025-03-10 12:00:00+00'), ('replay', null, 'u1', '2025-03-11 12:00:00+00')
            ) e(product_id, event, user_id, occurred_at);
            create table product_intent as select * from (values
            ('replay', 'o', timestamptz '2025-03-10 12:00:00+00'), ('replay', 'p', 'infinity'), (null, 'o', now())
            ) i(product_id, org_id, first_intent_at);
            create table survey_response as select * from (values
            ('1', 'replay', timestamptz '2025-03-10 12:00:00+00', 9.0::double),
            ('1', 'replay', '2025-03-10 12:00:00+00', 9.0),
            ('2', 'replay', '2025-03-10 12:00:00+00', 'nan'), ('3', 'replay', '2025-03-10 12:00:00+00', 'inf'),
            ('4', 'replay', '0001-01-01 00:00:00+00', 0), ('5', null, '2025-03-10 12:00:00+00', 0),
            ('6', 'replay', '2025-03-10 12:00:00+00', 1e308)
            ) s(response_id, product_id, submitted_at, score);
            create table ticket as select * from (values
            ('1', 'replay', timestamptz '2025-03-10 12:00:00+00', timestamptz '2025-03-10 13:00:00+00'),
            ('1', 'replay', '2025-03-10 12:00:00+00', '2025-03-10 13:00:00+00'),
            ('2', 'replay', '2025-03-10 12:00:00+00', 'infinity'),
            ('3', 'replay', '2025-03-10 12:00:00+00', '2024-01-01 00:00:00+00'),
            ('4', 'replay', '0001-01-01 00:00:00+00', null), ('5', 'replay', '9999-01-01 00:00:00+00', null),
            ('6', null, '2025-03-10 12:00:00+00', null), (null, 'replay', '2025-03-10 12:00:00+00', null)
            ) t(ticket_id, product_id, created_at, first_reply_at);
            alter table ticket add column priority varchar default 'normal';
            create table metric_value as select * from (values
            ('replay', date '2025-03-01', 'mood', 5.0::double), ('replay', date '2025-03-20', 'mood', 6.0),
            ('replay', date '2025-02-01', 'mood', 'nan'), ('replay', date '2025-01-01', 'mood', '-inf'),
            ('replay', date '0001-01-01', 'mood', 1), ('replay', date '9999-01-01', 'mood', 1),
            (null, date '2025-03-01', 'mood', 1), ('replay', null, 'mood', 1), ('replay', date '2025-03-01', null, 1)
            ) v(product_id, month, metric, value)"""
        )
        .sheet(AS_OF)
    )


def test_the_good_rows_are_computed(sheet: MetricSheet) -> None:
    assert value(sheet, "replay", "mrr", "2025-03") == 42
    assert value(sheet, "euro", "mrr", "2025-03") == 15
    assert value(sheet, "replay", "unique_users", "2025-03") == 1
    assert value(sheet, "replay", "activation_rate", "2025-03") is None
    assert value(sheet, "replay", "nps_responses", "2025-03") == 1
    assert value(sheet, "replay", "tickets_created", "2025-03") == 3
    assert values(sheet, "replay", "mood", "2025-01", "2025-02", "2025-03") == [None, None, 6]


def test_the_months_are_those_of_the_good_rows(sheet: MetricSheet) -> None:
    assert [str(sheet.months[0]), str(sheet.months[-1])] == ["2025-03", "2025-06"]


def test_no_section_fails(sheet: MetricSheet) -> None:
    assert "section" not in messages(sheet)
    assert "This table" not in messages(sheet)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("invoice_line", "1 row with a line_id that another row has too"),
        ("invoice_line", "4 values of amount"),
        ("invoice_line", "2 values of period_start"),
        ("invoice_line", "2 values of period_end"),
        ("invoice_line", "1 row without product_id"),
        ("invoice_line", "1 row without customer_id"),
        ("fx_rate", "2 values of rate_to_base"),
        ("event", "5 events without a time"),
        ("event", "1 row without product_id"),
        ("product_intent", "1 value of first_intent_at"),
        ("survey_response", "1 row with a response_id that another row has too"),
        ("survey_response", "2 values of score"),
        ("survey_response", "1 value of submitted_at"),
        ("survey_response", "1 score outside the whole numbers from 0 to 10"),
        ("ticket", "1 row with a ticket_id that another row has too"),
        ("ticket", "1 value of first_reply_at"),
        ("ticket", "2 values of created_at"),
        ("metric_value", "2 values of value"),
        ("metric_value", "2 values of month"),
        ("metric_value", "1 row without metric"),
    ],
)
def test_what_is_wrong_is_counted_and_named(sheet: MetricSheet, table: str, sentence: str) -> None:
    assert [line for line in messages(sheet).splitlines() if table in line and sentence in line], messages(sheet)


def test_amounts_and_days_as_text(tmp_path: Path) -> None:
    company = Company(tmp_path).run(
        """create table invoice_line as select * from (values
            ('a', 'replay', '2025-02-10', ' 2025-03-10 ', '12.50'),
            ('b', 'replay', '2025-02-10', '2025-03-10', '7'),
            ('b', 'replay', '2025-02-10', '2025-03-10', 'free'),
            ('b', 'replay', '2025-02-10', '10 March', '7'),
            ('b', 'replay', '2025-02-10', '2025-03-10', '1,000.00'),
            ('b', 'replay', '2025-02-10', '2025-03-10', ''),
            ('', '', '2025-02-10', '2025-03-10', '1')
            ) l(customer_id, product_id, period_start, period_end, amount);
        create table refund as select 'replay' as product_id, '2025-03' as refunded_on, '2.25' as amount"""
    )
    sheet = company.sheet(AS_OF)
    assert value(sheet, "replay", "mrr", "2025-03") == 19.5
    assert value(sheet, "replay", "refunds", "2025-03") == 2.25
    assert "3 values of amount (VARCHAR) cannot be read as an amount" in messages(sheet)
    assert "1 row without product_id" in messages(sheet)
    assert "1 value of period_end (VARCHAR) cannot be read as a date" in messages(sheet)


def test_days_as_numbers_are_not_guessed_at(tmp_path: Path) -> None:
    company = Company(tmp_path).run(
        """create table event_month as select 'replay' as product_id, month, 'play' as event, 'u' as user_id
            from (values (202503), (45000)) e(month);
        create table holiday as select struct_pack(d := 1) as day;
        create table refund as select ['replay'] as product_id, date '2025-03-01' as refunded_on, true as amount"""
    )
    sheet = company.sheet(AS_OF)
    assert "2 values of month (INTEGER) cannot be read as a date" in messages(sheet)
    assert "1 value of day (STRUCT" in messages(sheet)
    assert "section" not in messages(sheet)


def test_periods_that_never_end_may_end_in_the_year_9999(tmp_path: Path) -> None:
    company = Company(tmp_path)
    columns = "customer_id, product_id, start_on, end_on, monthly_amount"
    company.add(
        "subscription_period",
        columns,
        [
            ("a", "replay", "2025-03-01", "9999-12-31", 1),
            ("b", "replay", "2025-03-01", "infinity", 2),
            ("c", "replay", "2025-03-01", None, 4),
            ("d", "replay", "-infinity", None, 8),
            ("e", "replay", "0001-01-01", "2025-04-01", 16),
        ],
    )
    sheet = company.sheet(AS_OF)
    assert values(sheet, "replay", "mrr", "2025-03", "2025-05", "2025-06") == [7, 7, 7]
    assert "2 values of start_on" in messages(sheet)
    assert "end_on" not in messages(sheet)


def test_a_line_over_centuries_is_cut_and_named(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("a", ("1995-01-01", "2199-01-01", 2448.0))
    company.bill("b", ("2025-02-10", "2025-03-10", 5.0))
    sheet = company.sheet(AS_OF)
    assert value(sheet, "replay", "mrr", "2025-03") is not None
    assert "more than 600 months" in messages(sheet)


def test_a_product_with_the_name_of_all_products_is_not_counted_twice(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("a", ("2025-02-10", "2025-03-10", 5.0))
    company.bill("a", ("2025-02-10", "2025-03-10", 100.0), product="*")
    company.add(
        "event",
        "product_id, event, user_id, occurred_at",
        [("*", "e", "u", "2025-03-10"), ("", "e", "w", "2025-03-10"), ("p", "e", "v", "2025-03-10")],
    )
    company.add("survey_response", "product_id, submitted_at, score", [("*", "2025-03-10", 0), ("p", "2025-03-10", 9)])
    company.add("ticket", "ticket_id, product_id, created_at", [("1", "*", "2025-03-10"), ("2", "p", "2025-03-10")])
    company.add("metric_value", "product_id, month, metric, value", [("*", "2025-03-01", "mood", 3)])
    sheet = company.sheet(AS_OF)
    expected = {"mrr": 5, "unique_users": 1, "nps_responses": 1, "tickets_created": 1, "mood": 3}
    assert {metric: value(sheet, "*", metric, "2025-03") for metric in expected} == expected
    assert [product.id for product in sheet.products].count("*") == 1
    assert messages(sheet).count("1 row with the product_id '*'") == 4
