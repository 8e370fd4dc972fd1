"""Find the canonical input tables in the attached sources by name and columns, without reading a row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity
from reviewtui.sources.canonical import CANONICAL_TABLES, TABLES_BY_NAME
from reviewtui.sources.columns import lacking, matched_columns
from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import is_sql_text, quoted
from reviewtui.sources.state import MOST_OTHERS, FoundTable
from reviewtui.text import safe_text
from reviewtui.workspace.model import PULLED_KIND

if TYPE_CHECKING:
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import SourceState
    from reviewtui.sources.views import CreatedViews

MAIN_SCHEMA = "main"

_RELATIONS = """
SELECT database_name, schema_name, table_name, false AS is_view FROM duckdb_tables()
WHERE NOT internal AND list_contains($sources, database_name) AND list_contains($tables, lower(table_name))
UNION ALL
SELECT database_name, schema_name, view_name, true FROM duckdb_views()
WHERE NOT internal AND list_contains($sources, database_name) AND list_contains($tables, lower(view_name))
"""
_COLUMNS = """
SELECT database_name, schema_name, table_name, column_name, data_type, is_generated FROM duckdb_columns()
WHERE NOT internal AND list_contains($sources, database_name) AND list_contains($tables, lower(table_name))
AND list_contains($columns, lower(column_name))
ORDER BY database_name, schema_name, table_name, column_index
"""


_ALL_RELATIONS = """
SELECT schema_name, name FROM (
    SELECT database_name, schema_name, table_name AS name FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT database_name, schema_name, view_name FROM duckdb_views() WHERE NOT internal
)
WHERE database_name = $source ORDER BY schema_name, name
"""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A relation that has the name of a canonical table."""

    source: str
    schema: str
    name: str
    is_view: bool

    @property
    def table(self) -> str:
        return self.name.lower()

    @property
    def relation(self) -> str:
        return quoted(self.source, self.schema, self.name)

    @property
    def shown(self) -> str:
        return safe_text(f"{self.source}.{self.schema}.{self.name}")


Columns = dict[str, list[tuple[str, str, bool]]]
"""Quoted relation to its (column, type, computed when read)."""


class _Search:
    """One search through all sources."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lacks: dict[str, list[str]] = defaultdict(list)
        """Canonical table to what each relation of that name lacks."""
        self.columns: Columns = {}

    def usable(self, candidate: _Candidate) -> FoundTable | None:
        """The candidate as an input table, or nothing with the reason noted."""
        columns = self._bound_columns(candidate) if candidate.is_view else self.columns.get(candidate.relation, [])
        if columns is None:
            return None
        table = TABLES_BY_NAME[candidate.table]
        matched = matched_columns(table, ((name, kind) for name, kind, _ in columns))
        if lacks := lacking(table, matched):
            self.lacks[candidate.table].append(f"{candidate.shown} lacks {', '.join(lacks)}")
            return None
        computed = candidate.is_view or any(generated for _, _, generated in columns)
        if computed:
            self.session.view_labels.add(candidate.relation)
        return FoundTable(candidate.table, candidate.source, candidate.relation, matched, computed)

    def _bound_columns(self, candidate: _Candidate) -> list[tuple[str, str, bool]] | None:
        """What the view yields now; nothing, with a problem, where it cannot be bound."""
        import duckdb

        from reviewtui.sources.session import QueryTimeout

        session = self.session
        if candidate.relation in session.request.excluded_views:
            self.lacks[candidate.table].append(f"{candidate.shown} was left out")
            return None
        session.view_labels.add(candidate.relation)
        try:
            with session.deadline(candidate.relation, session.request.view_seconds):
                rows = session.connection.execute(f"DESCRIBE {candidate.relation}").fetchall()
        except QueryTimeout as timeout:
            reason = timeout.reason
        except (duckdb.Error, MemoryError) as error:
            reason = query_failed(error)
        else:
            return [(str(name), str(kind), False) for name, kind, *_ in rows]
        session.problems.append(Problem(candidate.shown, None, f"This view of the data file {reason}"))
        self.lacks[candidate.table].append(f"{candidate.shown} cannot be used")
        return None


def find_tables(session: Session, views: CreatedViews) -> None:
    """Fill the session's `found`, `missing` and `states`; an entry of `[views]` replaces tables of its name."""
    claimed = {found.table for found in views.found} | views.missing.keys()
    wanted = [table.name for table in CANONICAL_TABLES if table.name not in claimed]
    search = _Search(session)
    found = [*views.found, *_found_in_sources(search, wanted)]
    order = {table.name: position for position, table in enumerate(CANONICAL_TABLES)}
    session.found = tuple(sorted(found, key=lambda table: order[table.table]))
    session.missing = _missing(session.found, views, search.lacks)
    pulled = {source.name for source in session.request.sources if source.kind == PULLED_KIND}
    session.states = tuple(
        state._replace(tables=_pulled_tables(session, state))
        if state.name in pulled
        else state._replace(tables=_tables_of(state.name, session.found), others=_others(session, state.name))
        for state in session.states
    )


def _pulled_tables(session: Session, state: SourceState) -> tuple[str, ...]:
    """The canonical tables of the engine that what was pulled is made of."""
    import duckdb

    if state.problem:
        return ()
    try:
        relation = quoted(state.name, MAIN_SCHEMA, "pull")
        rows = session.connection.execute(f"SELECT DISTINCT unnest(tables) FROM {relation}")
        names = {str(name) for (name,) in rows.fetchall()}
    except duckdb.Error:
        return ()
    return tuple(table.name for table in CANONICAL_TABLES if table.name in names)


def _tables_of(source: str, found: tuple[FoundTable, ...]) -> tuple[str, ...]:
    """The canonical tables that stand in `source` itself; a source may be called as entries of `[views]` are."""
    return tuple(table.table for table in found if table.relation.startswith(quoted(source) + "."))


def _others(session: Session, source: str) -> tuple[str, ...]:
    """What else there is in `source`: names for a person who has to map them."""
    used = {table.relation for table in session.found}
    if not is_sql_text(source):
        return ()
    rows = session.connection.execute(_ALL_RELATIONS, {"source": source}).fetchall()
    unused = (f"{schema}.{name}" for schema, name in rows if quoted(source, schema, name) not in used)
    return tuple(islice(unused, MOST_OTHERS))


def _found_in_sources(search: _Search, wanted: list[str]) -> list[FoundTable]:
    pulled = {source.name for source in search.session.request.sources if source.kind == PULLED_KIND}
    sources = [state.name for state in search.session.states if not state.problem and state.name not in pulled]
    candidates = _candidates(search, sources, wanted)
    found = []
    for _, same in groupby(candidates, key=lambda candidate: (candidate.source, candidate.table)):
        table = _chosen(search, list(same))
        if table is not None:
            found.append(table)
    return found


def _candidates(search: _Search, sources: list[str], wanted: list[str]) -> list[_Candidate]:
    """All relations with a wanted name, by source and table, `main` first; fills in the columns of tables."""
    connection = search.session.connection
    names = {"sources": sources, "tables": wanted}
    rows = connection.execute(_RELATIONS, names).fetchall()
    if not rows:
        return []
    columns = sorted({name for table in wanted for name in TABLES_BY_NAME[table].column_names})
    for source, schema, table, column, kind, generated in connection.execute(
        _COLUMNS, names | {"columns": columns}
    ).fetchall():
        search.columns.setdefault(quoted(source, schema, table), []).append((column, kind, bool(generated)))
    candidates = [_Candidate(*row) for row in rows]
    position = {name: index for index, name in enumerate(sources)}
    return sorted(
        candidates,
        key=lambda one: (position[one.source], one.table, one.schema != MAIN_SCHEMA, one.schema),
    )


def _chosen(search: _Search, candidates: list[_Candidate]) -> FoundTable | None:
    """The first usable one of a source's relations of one name; a warning names the others."""
    for index, candidate in enumerate(candidates):
        found = search.usable(candidate)
        if found is None:
            continue
        others = [other.shown for other in (*candidates[:index], *candidates[index + 1 :])]
        if others:
            message = (
                f"{candidate.shown} is used, not {_listed(others)}. Rename one, or choose with an entry of [views]."
            )
            search.session.problems.append(Problem(candidate.shown, None, message, Severity.WARNING))
        return found
    return None


def _missing(found: tuple[FoundTable, ...], views: CreatedViews, lacks: dict[str, list[str]]) -> dict[str, str]:
    present = {table.table for table in found}
    missing = {}
    for table in CANONICAL_TABLES:
        if table.name not in present:
            reasons = lacks.get(table.name)
            missing[table.name] = views.missing.get(table.name) or (
                _listed(reasons, "; ") if reasons else "no table or view of this name in any source"
            )
    return missing


_MOST_NAMED = 3


def _listed(names: list[str], separator: str = ", ") -> str:
    rest = len(names) - _MOST_NAMED
    return separator.join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
