"""The metric SQL is made of what is translated, and what is not translated is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot import exp

from reviewtui.engines.dialects import CLICKHOUSE, DIALECTS, POSTGRESQL, SPARK, Dialect
from reviewtui.engines.translation import Untranslatable, generated, parsed, require_portable
from reviewtui.metrics.sql_files import read_sql

DRILL = "drill_"
FILES = sorted(path.stem for path in Path("src/reviewtui/metrics/sql").glob("*.sql") if not path.stem.startswith(DRILL))


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@pytest.mark.parametrize("name", FILES)
def test_every_query_of_the_metrics_is_made_of_portable_parts(name: str, dialect: Dialect) -> None:
    for text in read_sql(name):
        statement = parsed(text)
        query = statement if isinstance(statement, exp.Query) else statement.expression
        if isinstance(query, exp.Query):
            require_portable(query, dialect)
            assert generated(query.copy(), dialect)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select median(value) from t", "the function median"),
        ("select approx_count_distinct(user_id) from t", "the function approx"),
        ("select my_function(user_id) from t", "the function my_function"),
        ("select date_trunc('week', day) from t", "date_trunc by week"),
        ("select date_diff('month', a, b) from t", "date_diff by month"),
        ("select extract(isodow from a) from t", "extract of ISODOW"),
        ("select a::hugeint from t", "the type"),
        ("select * exclude (a) from t", "EXCLUDE"),
        ("select list(a) from t", "the function"),
        ("select a from t using sample 10", "TableSample"),
        ("select a from t qualify row_number() over (order by a) = 1", "Qualify"),
        ("select regexp_matches(a, 'b') from t", "the function regexp"),
    ],
)
def test_what_may_mean_something_else_is_refused_by_name(sql: str, named: str) -> None:
    with pytest.raises(Untranslatable, match=rf"(?s)uses .*({named}).* not translated to Spark\."):
        require_portable(parsed(sql), SPARK)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select 1; select 2", "is not one statement"),
        ("select ((", "cannot be read for translation"),
        ("", "is not one statement"),
    ],
)
def test_what_is_no_single_statement_is_refused(sql: str, reason: str) -> None:
    with pytest.raises(Untranslatable, match=reason):
        parsed(sql)


def test_division_is_never_of_whole_numbers() -> None:
    """7 / 2 is 3.5 in DuckDB; PostgreSQL would say 3."""
    assert generated(parsed("select a / b from t").copy(), POSTGRESQL) == (
        'SELECT CAST("a" AS DOUBLE PRECISION) / "b" FROM "t"'
    )


def test_whole_division_stays_one_of_whole_numbers() -> None:
    assert generated(parsed("select a // 900 from t").copy(), POSTGRESQL) == 'SELECT ("a" / 900) FROM "t"'
    assert generated(parsed("select a // 900 from t").copy(), CLICKHOUSE) == (
        'SELECT intDiv("a", 900) AS "column_0" FROM "t"'
    )


def test_a_join_without_an_equality_is_a_product_with_a_condition_in_clickhouse() -> None:
    sql = "select a.x from a join b on b.x >= a.x"
    assert generated(parsed(sql).copy(), CLICKHOUSE) == (
        'SELECT "a"."x" AS "x" FROM "a" CROSS JOIN "b" WHERE "b"."x" >= "a"."x"'
    )


def test_group_by_all_is_written_out() -> None:
    sql = "select product_id, date_trunc('month', at) as month, 1 as one, count(*) + 1 as value from t group by all"
    assert generated(parsed(sql).copy(), POSTGRESQL).endswith('GROUP BY "product_id", DATE_TRUNC(\'MONTH\', "at")')


def test_names_that_are_reserved_words_are_quoted() -> None:
    assert generated(parsed("select month, at from t").copy(), SPARK) == "SELECT `month`, `at` FROM `t`"
