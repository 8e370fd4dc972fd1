"""The found tables that an evaluation reads, with the rows of views read once into tables of our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import quoted
from reviewtui.sources.session import QueryTimeout

if TYPE_CHECKING:
    from collections.abc import Collection

    from reviewtui.errors import Problem
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import FoundTable


@dataclass
class UsableTables:
    """What can be read, and what cannot."""

    found: list[FoundTable] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    """Relation of our own to the one that people know."""
    problems: list[Problem] = field(default_factory=list)


def usable_tables(session: Session, names: Collection[str]) -> UsableTables:
    """The tables called one of `names`; a view that fails or does not end is left out, with its problem."""
    usable = UsableTables()
    for place, found in enumerate(session.found):
        if found.table not in names:
            continue
        read = _read_once(session, found, place, usable) if found.is_view else found
        if read is not None:
            usable.found.append(read)
    return usable


def _read_once(session: Session, found: FoundTable, place: int, usable: UsableTables) -> FoundTable | None:
    session.progress(f"Reading the view {found.table}")
    columns = ", ".join(quoted(column) for column, _ in found.columns.values())
    relation = quoted(f"rows of view {place}")
    try:
        with session.reading(found):
            session.connection.execute(f"create table {relation} as select {columns} from {found.relation}")
    except QueryTimeout as timeout:
        reason = timeout.reason
    except (duckdb.Error, MemoryError) as error:
        reason = query_failed(error)
    else:
        usable.shown[relation] = found.relation
        return found._replace(relation=relation, is_view=False)
    usable.problems.append(session.request.view_problem(found.relation, reason))
    return None
