"""The `[[engine]]` entries of a workspace: where its metrics can be computed when the data are elsewhere.

Nothing secret is read from the file: it goes into git.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.workspace import schema as check
from reviewtui.workspace.model import ENGINE_KINDS, RESERVED_SOURCE_NAMES, EngineConfig, ViewConfig
from reviewtui.workspace.schema import Spot, Unusable, read_table, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.workspace.schema import Schema

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*", re.IGNORECASE)
_FROM_ENVIRONMENT = r"(?!\$\{[^}]+\})"
_IN_ADDRESS = re.compile(rf"://[^/@\s:]*:{_FROM_ENVIRONMENT}[^/@\s]+@")
_IN_PAIR = re.compile(rf"(?:password|passwd|pwd|token|secret)\s*=\s*{_FROM_ENVIRONMENT}[^\s;&]+", re.IGNORECASE)
_SECRET_NAME = re.compile(r"password|passwd|secret|token|access\.?key|credential", re.IGNORECASE)


def _refuse_secret(text: str) -> str:
    if _IN_ADDRESS.search(text) or _IN_PAIR.search(text):
        raise Unusable(
            "A password is written here, and this file goes into git. Remove it, and change it where it was in use. Set"
            " an environment variable and write its name as `password_env`, or as ${NAME} in its place."
        )
    return text


def _address(value: object, spot: Spot) -> str:
    return _refuse_secret(check.filled_text(value, spot))


def _name(value: object, spot: Spot) -> str:
    name = check.filled_text(value, spot)
    if not _NAME.fullmatch(name) or name in RESERVED_SOURCE_NAMES:
        raise Unusable(f'"{shown(name)}" cannot be the name of an engine. Use lower-case letters, digits and `_`.')
    return name


def _variable(value: object, spot: Spot) -> str:
    name = check.filled_text(value, spot)
    if not _VARIABLE.fullmatch(name):
        raise Unusable("This is the name of an environment variable, such as WAREHOUSE_PASSWORD, not a password.")
    return name


def _password(_value: object, _spot: Spot) -> str:
    raise Unusable(
        "A password is written here, and this file goes into git. Remove it, and change it where it was in use. Set an"
        " environment variable and write its name as `password_env`."
    )


def _view(value: object, spot: Spot) -> ViewConfig:
    return ViewConfig(str(spot.path[-1]), check.filled_text(value, spot), spot.line)


def _option(value: object, spot: Spot) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else value
    written = _refuse_secret(check.filled_text(text, spot))
    if _SECRET_NAME.search(str(spot.path[-1])) and not re.search(r"\$\{[^}]+\}", written):
        return _password(value, spot)
    return written


ENGINE_SCHEMA: Schema = {
    "name": _name,
    "kind": check.one_of(ENGINE_KINDS),
    "dsn": _address,
    "url": _address,
    "master": _address,
    "catalog": check.filled_text,
    "schema": check.filled_text,
    "user": check.filled_text,
    "password": _password,
    "password_env": _variable,
    "parquet": check.entries(_address, TABLES_BY_NAME),
    "views": check.entries(_view, TABLES_BY_NAME),
    "settings": check.entries(_option),
}

_BELONGS = {
    "spark": ("url", "master", "catalog", "schema", "parquet"),
    "postgresql": ("dsn", "catalog", "schema", "user", "password_env"),
    "clickhouse": ("url", "schema", "user", "password_env", "parquet"),
}
_COMMON = ("name", "kind", "views", "settings")


def written_engine(value: object, spot: Spot) -> EngineConfig | None:
    """Read one `[[engine]]`; None where something it cannot do without was refused."""
    entry = read_table(value, spot, ENGINE_SCHEMA)
    written = value if isinstance(value, dict) else {}
    lacks = [f"`{key}`" for key in ("name", "kind") if key not in written]
    if lacks:
        raise Unusable(f"The engine has no {' and no '.join(lacks)}. Add it.")
    if not {"name", "kind"} <= entry.keys():
        return None
    kind = entry["kind"]
    for key in entry.keys() - {*_COMMON, *_BELONGS[kind]}:
        spot.inside(key).report(f'`{key}` means nothing to an engine of kind "{kind}". Remove the line.')
    _require_address(kind, written)
    if any(key in written and key not in entry for key in _ADDRESSES):
        return None
    return EngineConfig(
        name=entry["name"],
        kind=kind,
        dsn=entry.get("dsn", ""),
        url=entry.get("url", ""),
        master=entry.get("master", ""),
        catalog=entry.get("catalog", ""),
        schema=entry.get("schema", ""),
        user=entry.get("user", ""),
        password_env=entry.get("password_env", ""),
        parquet=entry.get("parquet", {}),
        views=entry.get("views", {}),
        options=entry.get("settings", {}),
        line=spot.line,
    )


_ADDRESSES = ("dsn", "url", "master")


def _require_address(kind: str, entry: dict[str, Any]) -> None:
    if kind == "postgresql" and not entry.get("dsn"):
        raise Unusable('A PostgreSQL engine needs `dsn`, as dsn = "host=db.example.com dbname=warehouse".')
    if kind == "spark" and not (entry.get("url") or entry.get("master")):
        raise Unusable('A Spark engine needs `master`, as "local[*]", or the `url` of Spark Connect, as "sc://host".')
    if kind == "clickhouse" and not entry.get("url"):
        raise Unusable('A ClickHouse engine needs `url`, as "https://host:8443" or "chdb://memory".')


def distinct_engines(
    engines: Iterable[EngineConfig | None], sources: Iterable[str], spot: Spot
) -> tuple[EngineConfig, ...]:
    """The engines that share their name with no other and with no source; the others are reported."""
    taken = {name.casefold() for name in sources}
    kept = []
    for engine in engines:
        if engine is None:
            continue
        if engine.name in taken:
            message = f'There is a source or engine named "{engine.name}" already. Give each a name of its own.'
            spot.problems.append(Problem(spot.file.label, engine.line, message))
            continue
        taken.add(engine.name)
        kept.append(engine)
    return tuple(kept)
