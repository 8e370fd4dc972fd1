"""What an engine is told: the entry of `reviewtui.toml` with what the environment adds. Nothing of it is ever shown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewtui.engines.engine import EngineError
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reviewtui.workspace.model import EngineConfig

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """An entry `[[engine]]` ready to connect with."""

    name: str
    kind: str
    dsn: str = ""
    """Where a PostgreSQL server is, as a connection string without its password."""
    url: str = ""
    """Where a Spark Connect or ClickHouse server is."""
    master: str = ""
    """The Spark master, where there is no Spark Connect server."""
    catalog: str = ""
    schema: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    parquet: Mapping[str, str] = field(default_factory=dict)
    """Canonical table to the path of its files."""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Settings of the engine's own."""


def settings_of(config: EngineConfig, root: Path) -> EngineSettings:
    """The settings of an entry; EngineError where a variable is not set."""
    return EngineSettings(
        name=config.name,
        kind=config.kind,
        dsn=_filled(config.dsn),
        url=_filled(config.url),
        master=_filled(config.master),
        catalog=config.catalog,
        schema=config.schema,
        user=_filled(config.user),
        password=os.environ.get(config.password_variable, ""),
        parquet={table: _path(root, _filled(path)) for table, path in config.parquet.items()},
        options={name: _filled(value) for name, value in config.options.items()},
    )


def _filled(text: str) -> str:
    """`text` with its environment variables."""

    def variable(match: re.Match[str]) -> str:
        value = os.environ.get(match[1])
        if value is None:
            raise EngineError(f"needs the environment variable {safe_text(match[1], 60)}, which is not set. Set it.")
        return value

    return _VARIABLE.sub(variable, text)


def _path(root: Path, written: str) -> str:
    """A path of this machine from the workspace's root on; an address of a store stays as it is."""
    return written if "://" in written else str(root / written)
