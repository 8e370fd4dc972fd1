"""Connect to the engine of an entry; its driver is imported here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.engines.engine import EngineError
from reviewtui.engines.settings import settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.engines.engine import Engine
    from reviewtui.workspace.model import EngineConfig


def open_engine(config: EngineConfig, root: Path) -> Engine:
    """The engine, connected; EngineError where its driver is not installed or it cannot be reached."""
    settings = settings_of(config, root)
    try:
        if config.kind == "postgresql":
            from reviewtui.engines.postgresql import PostgreSQL

            return PostgreSQL(settings)
        if config.kind == "clickhouse":
            from reviewtui.engines.clickhouse import ClickHouse

            return ClickHouse(settings)
        from reviewtui.engines.spark import open_spark

        return open_spark(settings)
    except ImportError as error:
        raise EngineError(
            f"needs {error.name or 'a driver'}, which is not installed. Run: pip install 'reviewtui[{config.kind}]'"
        ) from error
