"""The metric SQL stays in the part of the dialect that other engines can be given."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel

from reviewtui.metrics.sql_files import read_sql

FILES = sorted(path.stem for path in Path("src/reviewtui/metrics/sql").glob("*.sql"))


@pytest.mark.parametrize("dialect", ["spark", "postgres", "clickhouse"])
@pytest.mark.parametrize("name", FILES)
def test_every_statement_translates(name: str, dialect: str) -> None:
    for statement in read_sql(name):
        (translated,) = sqlglot.transpile(statement, read="duckdb", write=dialect, unsupported_level=ErrorLevel.RAISE)
        assert translated
