"""One demo at full scale, shared by the tests that look into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from reviewtui.demo.generate import DATABASE, make_demo
from reviewtui.demo.timeline import Timeline

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.sources.state import Progress

AS_OF = date(2026, 11, 22)
TIMELINE = Timeline(AS_OF)

Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def told() -> list[Progress]:
    """What was told while the shared demo was made."""
    return []


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory, told: list[Progress]) -> Path:
    return make_demo(tmp_path_factory.mktemp("demo") / "company", AS_OF, on_progress=told.append)


@pytest.fixture(scope="session")
def query(demo_root: Path) -> Iterator[Query]:
    with duckdb.connect(str(demo_root / DATABASE), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")

        def run(sql: str, *values: object) -> list[tuple[Any, ...]]:
            return connection.execute(sql, list(values)).fetchall()

        yield run
