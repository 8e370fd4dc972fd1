"""The `[views]` of a workspace: SELECT statements that yield canonical input tables.

A view that cannot be used leaves its table missing: falling back to a table of the same name in a source would show
other numbers than the person asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.sources.columns import lacking, matched_columns
from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import VIEWS, is_sql_text, view_relation
from reviewtui.sources.state import FoundTable
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import duckdb

    from reviewtui.sources.session import Session
    from reviewtui.workspace.model import ViewConfig


@dataclass(frozen=True, slots=True)
class CreatedViews:
    """The usable entries of `[views]`, and why the others leave their table missing."""

    found: tuple[FoundTable, ...]
    missing: dict[str, str]
    """Canonical table to the reason."""


class UnusableSql(Exception):  # noqa: N818 - carries a sentence, not a fault
    """Why a view or a query cannot be used, to complete "the view ..."."""


def create_views(session: Session) -> CreatedViews:
    """Create a temporary view for each entry; problems go to the session."""
    found: list[FoundTable] = []
    missing: dict[str, str] = {}
    for view in session.request.views:
        if view_relation(view.table) in session.request.excluded_views:
            missing[view.table] = f"the view {view.table} was left out"
            continue
        try:
            found.append(_created(session, view))
        except UnusableSql as reason:
            session.problems.append(session.request.view_problem(view_relation(view.table), str(reason)))
            missing[view.table] = f"the view {view.table} cannot be used"
    return CreatedViews(tuple(found), missing)


def _created(session: Session, view: ViewConfig) -> FoundTable:
    import duckdb

    from reviewtui.sources.session import QueryTimeout

    table = TABLES_BY_NAME.get(view.table)
    if table is None:
        known = ", ".join(TABLES_BY_NAME)
        raise UnusableSql(f"has the name of no input table. Use one of: {known}.")
    relation = view_relation(view.table)
    session.view_labels.add(relation)
    try:
        with session.deadline(relation, session.request.view_seconds):
            query = single_select(session.connection, view.sql)
            session.connection.execute(f"CREATE TEMP VIEW {relation} AS\n{query}\n")
            described = session.connection.execute(f"DESCRIBE {relation}").fetchall()
    except QueryTimeout as timeout:
        raise UnusableSql(timeout.reason) from timeout
    except (duckdb.Error, MemoryError) as error:
        raise UnusableSql(query_failed(error)) from error
    columns = matched_columns(table, [(str(name), str(kind)) for name, kind, *_ in described])
    if lacks := lacking(table, columns):
        raise UnusableSql(f"lacks {', '.join(lacks)}. Add what lacks to its SELECT.")
    return FoundTable(view.table, VIEWS, relation, columns, is_view=True)


def single_select(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The one SELECT in `sql`; UnusableSql for anything else, duckdb.Error if it does not parse."""
    if not is_sql_text(sql):
        raise UnusableSql("has characters that are no text. Write it again.")
    statements = connection.extract_statements(sql)
    if not statements:
        raise UnusableSql("is empty. Write one SELECT.")
    if len(statements) > 1:
        raise UnusableSql(f"has {len(statements)} statements. Write one SELECT.")
    statement = statements[0]
    kind = _kind(statement)
    if kind != "SELECT":
        raise UnusableSql(f"is not a SELECT but {safe_text(kind)}. Write one SELECT.")
    if statement.named_parameters:
        raise UnusableSql("has a parameter ($ or ?). Write its value into the SELECT.")
    return str(statement.query)


def _kind(statement: duckdb.Statement) -> str:
    """The kind of a statement; the binding does not know the number of every kind there is."""
    try:
        return statement.type.name
    except ValueError:
        return "another statement"
