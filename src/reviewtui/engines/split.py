"""One connection for SQL in DuckDB's dialect whose large tables are on an engine and whose small ones are here.

A statement that reads a table of the engine runs there, translated; every other statement runs in the DuckDB of this
process. Small tables are sent to the engine when a statement needs them there, and the rows of `insert into` a table
that is here come back. So the metric SQL runs as it is, sums come home and rows of persons stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from reviewtui.engines.engine import (
    DAY,
    DECIMAL,
    DOUBLE,
    FLAG,
    LOCAL_TIME,
    OTHER,
    TEXT,
    WHOLE,
    Column,
)
from reviewtui.engines.translation import generated, parsed
from reviewtui.sources.request import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.engines.engine import Engine, Result, Row

PREFIX = "reviewtui_"
"""Begins the names of work tables on an engine, so that they never hide a table of the user's."""

STAYS_THERE = frozenset({"open_mrr"})
"""Tables made empty by the metric SQL whose rows are of single customers: they are made on the engine."""

COMES_HOME = frozenset(
    {
        "named_event",
        "marked_slot",
        "billing_month",
        "input_fx_rate",
        "event_month_span",
        "ticket_span",
        "billed_product",
        "holiday_day",
        "unconfigured",
    }
)
"""Tables made of tables on the engine that are small and say nothing of persons: they are made here."""

ROWS_AT_ONCE = 20_000


@dataclass
class Answer:
    """The rows of one statement, as a DuckDB cursor gives them."""

    description: list[tuple[str, ...]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _next: int = 0

    def fetchall(self) -> list[Row]:
        """The rows that are left."""
        return self.fetchmany(len(self.rows))

    def fetchmany(self, size: int) -> list[Row]:
        """At most `size` of the rows that are left."""
        start, self._next = self._next, min(len(self.rows), self._next + size)
        return self.rows[start : self._next]

    def fetchone(self) -> Row | None:
        """The next row."""
        some = self.fetchmany(1)
        return some[0] if some else None


class SplitConnection:
    """The connection; what it is given is the program's own SQL, of which every construct is translated."""

    def __init__(self, here: DuckDBPyConnection, there: Engine, on_work: Callable[[str], None] | None = None) -> None:
        """`on_work` is told which table the engine is about to work on."""
        self.here = here
        self.there = there
        self.bytes_back = 0
        """About how many bytes of rows came back."""
        self.rows_back = 0
        self._on_work = on_work or (lambda _: None)
        self._views: dict[str, exp.Expr] = {}
        """Views over tables of the engine, with nothing but tables of the engine in them."""
        self._inlined = 0
        """How many views were written into statements so far."""
        self._made: set[str] = set()
        """Work tables on the engine that have no table here."""
        self._sent: dict[str, bool] = {}
        """Tables here that were sent to the engine, and whether their rows are still the same."""

    def define(self, name: str, query: str) -> None:
        """Make `name` known as a SELECT in the engine's dialect."""
        self._views[name] = exp.Subquery(this=exp.Var(this=query))

    def bring(self, name: str, query: exp.Expr, most: int) -> None:
        """Make the table `name` here from the first `most` rows of a SELECT over tables of the engine."""
        self.here.execute(f"drop table if exists {quoted(name)}")
        limited = exp.select("*").from_(exp.paren(query, copy=False).this.subquery("given")).limit(most)
        self._bring_home(name, self._fetch(limited), is_replaced=False)

    def execute(self, sql: str, parameters: Sequence[object] | None = None) -> Answer:
        """Run one statement where its tables are."""
        if parameters is not None:
            self._changed(_target_of_insert(sql))
            return self._run_here(sql, parameters)
        statement = parsed(sql)
        reads = self._read_by(statement)
        if isinstance(statement, exp.Create):
            return self._create(statement, sql, reads)
        if isinstance(statement, exp.Insert):
            return self._insert(statement, sql, reads)
        if isinstance(statement, exp.Drop):
            return self._drop(statement, sql)
        if isinstance(statement, exp.Delete):
            return self._delete(statement, sql)
        if not self._is_there(reads):
            return self._run_here(sql)
        return self._answer(self._fetch(statement))

    # Where things are

    def _read_by(self, statement: exp.Expr) -> set[str]:
        """The names of the relations that `statement` reads."""
        own = {cte.alias for cte in statement.find_all(exp.CTE)}
        target = _target(statement)
        tables = (table for table in statement.find_all(exp.Table) if table is not target)
        return {table.name for table in tables if table.name and table.name not in own and not table.args.get("db")}

    def _is_there(self, reads: set[str]) -> bool:
        return any(name in self._views or name in self._made for name in reads)

    def _run_here(self, sql: str, parameters: Sequence[object] | None = None) -> Answer:
        cursor = self.here.execute(sql, parameters) if parameters is not None else self.here.execute(sql)
        described = cursor.description or []
        return Answer([(str(item[0]),) for item in described], cursor.fetchall() if described else [])

    def _translated(self, query: exp.Expr) -> str:
        return generated(self._placed(query), self.there.dialect)

    def _placed(self, query: exp.Expr) -> exp.Expr:
        """`query` with every relation as the engine knows it; tables that are here are sent there."""
        query = query.copy()
        own = {cte.alias for cte in query.find_all(exp.CTE)}
        for table in list(query.find_all(exp.Table)):
            name = table.name
            if not name or name in own or table.args.get("db"):
                continue
            alias = table.alias or name
            view = self._views.get(name)
            if view is not None:
                self._inlined += 1
                inner = _with_own_names(view.copy(), self._inlined)
                inner = inner if isinstance(inner, exp.Subquery) else exp.Subquery(this=inner)
                inner.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
                self._replace(table, inner)
            else:
                if name not in self._made:
                    self._send(name)
                self._replace(table, exp.alias_(exp.to_table(PREFIX + name), alias, table=True))
        for place, inner in enumerate(query.find_all(exp.Subquery)):
            if isinstance(inner.parent, exp.From | exp.Join) and not inner.alias:
                inner.set("alias", exp.TableAlias(this=exp.to_identifier(f"unnamed_{place}")))
        return query

    @staticmethod
    def _replace(table: exp.Table, relation: exp.Expr) -> None:
        joins = table.args.get("joins")
        if joins:
            relation.set("joins", joins)
        table.replace(relation)

    def _send(self, name: str) -> None:
        if self._sent.get(name):
            return
        if name in self._sent:
            self.there.drop(PREFIX + name)
        cursor = self.here.execute(f"select * from {quoted(name)}")
        columns = tuple(Column(str(item[0]), _kind_here(str(item[1]))) for item in cursor.description or ())
        self.there.upload(PREFIX + name, columns, cursor.fetchall())
        self._sent[name] = True

    def _changed(self, name: str) -> None:
        """The rows of a table here are other ones now."""
        if name in self._sent:
            self._sent[name] = False

    # Statements

    def _create(self, statement: exp.Create, sql: str, reads: set[str]) -> Answer:
        name = _name_of(statement)
        if not self._is_there(reads) and name not in STAYS_THERE:
            self._forget(name)
            return self._run_here(sql)
        if str(statement.kind).upper() == "VIEW":
            self._views[name] = self._placed(statement.expression)
        elif name in COMES_HOME:
            self._on_work(name)
            self._bring_home(name, self._fetch(statement.expression), is_replaced=bool(statement.args.get("replace")))
        elif statement.expression is None:
            self._create_empty(name, statement)
        else:
            query = self._translated(statement.expression)
            self._forget(name)
            self._on_work(name)
            self.there.create(PREFIX + name, query)
            self._made.add(name)
        return Answer()

    def _create_empty(self, name: str, statement: exp.Create) -> None:
        self._forget(name)
        columns = tuple(
            Column(column.name, _kind_here(column.args["kind"].sql(dialect="duckdb")))
            for column in statement.this.find_all(exp.ColumnDef)
        )
        self.there.upload(PREFIX + name, columns, [])
        self._made.add(name)

    def _forget(self, name: str) -> None:
        """The engine's own relation of this name, if there is one, is no longer meant."""
        self._views.pop(name, None)
        if name in self._made or name in self._sent:
            self.there.drop(PREFIX + name)
        self._made.discard(name)
        self._sent.pop(name, None)

    def _insert(self, statement: exp.Insert, sql: str, reads: set[str]) -> Answer:
        name = _name_of(statement)
        if name in self._made:
            self._on_work(name)
            self.there.append(PREFIX + name, self._translated(statement.expression))
            return Answer()
        self._changed(name)
        if not self._is_there(reads):
            return self._run_here(sql)
        self._on_work(name)
        self._insert_rows(name, self._fetch(statement.expression))
        return Answer()

    def _delete(self, statement: exp.Delete, sql: str) -> Answer:
        """Rows are kept in a table of their own instead: some engines cannot delete from a work table."""
        name = _name_of(statement)
        self._changed(name)
        if name not in self._made:
            return self._run_here(sql)
        where = statement.args.get("where")
        kept = exp.select("*").from_(exp.to_table(name))
        if where is None:
            kept = kept.where(exp.false())
        else:
            kept = kept.where(exp.not_(exp.func("coalesce", exp.paren(where.this.copy()), exp.false())))
        self.there.create(f"{PREFIX}{name}_kept", self._translated(kept))
        self.there.drop(PREFIX + name)
        self.there.create(PREFIX + name, f"select * from {self.there.dialect.quoted(f'{PREFIX}{name}_kept')}")
        self.there.drop(f"{PREFIX}{name}_kept")
        return Answer()

    def _drop(self, statement: exp.Drop, sql: str) -> Answer:
        name = _name_of(statement)
        is_only_there = name in self._made or name in self._views
        self._forget(name)
        return Answer() if is_only_there else self._run_here(sql)

    # Rows that come back

    def _fetch(self, query: exp.Expr) -> Result:
        result = self.there.fetch(self._translated(query))
        self.rows_back += len(result.rows)
        self.bytes_back += sum(_size(value) for row in result.rows for value in row)
        return result

    @staticmethod
    def _answer(result: Result) -> Answer:
        return Answer([(column.name, column.kind) for column in result.columns], result.rows)

    def _bring_home(self, name: str, result: Result, *, is_replaced: bool) -> None:
        self._forget(name)
        columns = ", ".join(f"{quoted(column.name)} {column.kind or TEXT}" for column in result.columns)
        self.here.execute(f"create {'or replace ' if is_replaced else ''}table {quoted(name)} ({columns})")
        self._insert_rows(name, result)

    def _insert_rows(self, name: str, result: Result) -> None:
        described = self.here.execute(f"select * from {quoted(name)} limit 0").description or ()
        arrays = ", ".join(f"unnest(${place}::{kind}[])" for place, (_, kind, *_) in enumerate(described, 1))
        for start in range(0, len(result.rows), ROWS_AT_ONCE):
            some = result.rows[start : start + ROWS_AT_ONCE]
            self.here.execute(
                f"insert into {quoted(name)} select {arrays}", [list(values) for values in zip(*some, strict=True)]
            )


def _target(statement: exp.Expr) -> exp.Expr | None:
    """What a statement makes, fills or empties."""
    if isinstance(statement, exp.Drop):
        return statement.find(exp.Table)
    if isinstance(statement, exp.Create | exp.Insert | exp.Delete):
        target: exp.Expr = statement.this
        return target.this if isinstance(target, exp.Schema) else target
    return None


def _with_own_names(view: exp.Expr, number: int) -> exp.Expr:
    """`view` with names of its CTEs that no other part of a statement has: some engines know only one of a name."""
    names = {cte.alias: f"{cte.alias}_{number}" for cte in view.find_all(exp.CTE)}
    for cte in view.find_all(exp.CTE):
        cte.set("alias", exp.TableAlias(this=exp.to_identifier(names[cte.alias]), columns=cte.args["alias"].columns))
    for table in view.find_all(exp.Table):
        if table.name in names and not table.args.get("db"):
            alias = table.alias or table.name
            table.set("this", exp.to_identifier(names[table.name]))
            table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return view


def _name_of(statement: exp.Expr) -> str:
    target = _target(statement)
    return str(target.name) if target is not None else ""


def _target_of_insert(sql: str) -> str:
    words = sql.split(None, 3)
    return words[2] if words[:2] == ["insert", "into"] else ""


_KINDS_HERE = {
    "VARCHAR": TEXT, "TEXT": TEXT, "DATE": DAY, "TIMESTAMP": LOCAL_TIME, "DOUBLE": DOUBLE, "BOOLEAN": FLAG,
    "BIGINT": WHOLE, "INTEGER": WHOLE, "INT": WHOLE, "HUGEINT": DECIMAL,
}  # fmt: skip


def _kind_here(found: str) -> str:
    base = found.upper().split("(")[0].strip()
    return DECIMAL if base == "DECIMAL" else _KINDS_HERE.get(base, OTHER)


def _size(value: object) -> int:
    return len(value.encode()) if isinstance(value, str) else 8
