"""Find FOCUS cost exports among the sources: by the header of any table or view, and the files that are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity, SourceError
from reviewtui.sources.focus import FOCUS, SIGNS, FocusTable, file_relation, focus_columns
from reviewtui.sources.lockdown import open_export
from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import VIEWS, quoted, source_problem
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.sources.request import SourceRequest
    from reviewtui.sources.session import Session
    from reviewtui.workspace.model import SourceConfig

COST_TABLE = "cost_line"

_COLUMNS = """
SELECT database_name, schema_name, table_name, column_name, data_type,
    (SELECT count(*) FROM duckdb_views() v WHERE v.database_name = c.database_name AND v.schema_name = c.schema_name
        AND v.view_name = c.table_name) > 0 AS is_view
FROM duckdb_columns() c
WHERE NOT internal AND list_contains($sources, database_name) AND (database_name, schema_name, table_name) IN (
    SELECT (database_name, schema_name, table_name) FROM duckdb_columns()
    WHERE NOT internal AND list_contains($signs, lower(column_name))
    GROUP BY database_name, schema_name, table_name HAVING count(DISTINCT lower(column_name)) = $least)
ORDER BY database_name, schema_name, table_name, column_index
"""


def find_focus(session: Session) -> None:
    """Fill the session's `focus`; a source that has a `cost_line` of its own is asked for no export."""
    own = {found.source for found in session.found if found.table == COST_TABLE}
    exports = [*_relations(session), *_files(session)]
    used = []
    for export in exports:
        if export.source in own or VIEWS in own:
            other = "an entry of [views]" if VIEWS in own else "the table cost_line of this source"
            message = f"This FOCUS export is not used: {other} gives the cost lines."
            session.problems.append(Problem(safe_text(export.place), None, message, Severity.WARNING))
        elif export.lacking:
            message = (
                f"This FOCUS export is not used: it has no column {', '.join(export.lacking)}. "
                "Export these columns too; every version of FOCUS from 1.0 on has them."
            )
            session.problems.append(Problem(safe_text(export.place), None, message))
        else:
            used.append(export)
    session.focus = tuple(used)
    if used:
        session.missing = {table: why for table, why in session.missing.items() if table != COST_TABLE}
        with_exports = {export.source for export in used}
        session.states = tuple(
            state._replace(tables=(*state.tables, COST_TABLE)) if state.name in with_exports else state
            for state in session.states
        )


def _relations(session: Session) -> Iterator[FocusTable]:
    sources = [state.name for state in session.states if not state.problem]
    names = {"sources": sources, "signs": list(SIGNS), "least": len(SIGNS)}
    columns: dict[tuple[str, str, str, bool], list[tuple[str, str]]] = {}
    for source, schema, table, column, kind, is_view in session.connection.execute(_COLUMNS, names).fetchall():
        columns.setdefault((source, schema, table, bool(is_view)), []).append((column, kind))
    for (source, schema, table, is_view), found in columns.items():
        relation = quoted(source, schema, table)
        if relation in session.request.excluded_views:
            continue
        if is_view:
            session.view_labels.add(relation)
        yield FocusTable(source, relation, focus_columns(found), f"{source}.{schema}.{table}", is_view)


def _files(session: Session) -> Iterator[FocusTable]:
    """The exports that are files; one that cannot be read is a problem."""
    problems = {state.name for state in session.states if state.problem}
    for source in session.request.sources:
        if source.kind != FOCUS or source.name in problems:
            continue
        try:
            yield focus_file_table(source, session.request)
        except SourceError as error:
            message = f'The source "{safe_text(source.name)}" ({safe_text(source.path.name)}) {error.message}'
            session.problems.append(source_problem(source, message))
            session.states = tuple(
                state._replace(problem=message) if state.name == source.name else state for state in session.states
            )


def focus_file_table(source: SourceConfig, request: SourceRequest) -> FocusTable:
    """The export in the file of `source`; SourceError whose message completes "the source ..."."""
    import duckdb

    relation = file_relation(source.path)
    try:
        with open_export(str(source.path), request) as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except (duckdb.Error, MemoryError) as error:
        raise SourceError(query_failed(error)) from error
    columns = focus_columns((str(name), str(kind)) for name, kind, *_ in described)
    return FocusTable(source.name, relation, columns, source.path.name, file=str(source.path))
