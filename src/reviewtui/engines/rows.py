"""The rows behind the months, brought back only where they are asked for: `reviewtui pull --rows`.

The drill-down of a month looks back further than the month, so a table comes whole or not at all; only of tables whose
rows explain their own month alone, and of events, the newest months come where there are too many rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.engines.engine import EngineError, Unreachable
from reviewtui.engines.event_rows import EventRowFetcher
from reviewtui.metrics.conversions import literal
from reviewtui.metrics.inputs import FINISHED_BY_PARAMETERS
from reviewtui.metrics.pulled_rows import RowsOfTable, event_settings
from reviewtui.months import Month
from reviewtui.sources import canonical
from reviewtui.sources.canonical import TABLES_BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewtui.engines.inputs import EngineInputs
    from reviewtui.engines.split import SplitConnection
    from reviewtui.metrics.request import EvaluationRequest

_BROUGHT = (
    "customer", "invoice_line", "subscription_period", "fx_rate", "refund", "event", "event_month", "product_intent",
    "survey_response", "ticket", "ticket_event", "holiday", "metric_value",
)  # fmt: skip
_MONTH_OF = {"refund": "refunded_on", "survey_response": "submitted_at"}
"""Tables whose rows explain their own month alone, and the column that says which."""


class RowFetcher:
    """Brings rows of the canonical tables of one engine."""

    def __init__(
        self, connection: SplitConnection, inputs: EngineInputs, request: EvaluationRequest, most: int
    ) -> None:
        """At most `most` rows of each table are brought."""
        self.connection = connection
        self.inputs = inputs
        self.request = request
        self.most = most
        self._without_intents = ""
        """Why the intents would be of no use here; completes "the rows of product_intent ..."."""

    def tables(self, on_table: Callable[[str], None]) -> Iterator[RowsOfTable]:
        """Every canonical table of the engine, or why its rows are not brought; Unreachable where the engine is gone.

        `on_table` is called with the name of each table that is about to be read.
        """
        for name in _BROUGHT:
            if not self.inputs.has(name):
                continue
            on_table(name)
            try:
                yield self._table(name)
            except Unreachable:
                raise
            except EngineError as error:
                yield RowsOfTable(name, left_out=f"could not be pulled: the engine {error.message}")

    def _table(self, name: str) -> RowsOfTable:
        if name == "event":
            return self._events()
        if name == "product_intent" and self._without_intents:
            return RowsOfTable(name, left_out=self._without_intents)
        return self._rows(name)

    def _events(self) -> RowsOfTable:
        # Intents that stay there need no events.
        has_intents = self.inputs.has("product_intent") and self._count("input_product_intent") <= self.most
        fetcher = EventRowFetcher(self.connection, self.inputs, self.request, self.most)
        found = fetcher.fetch(with_activation=has_intents)
        self._without_intents = found.without_intents
        columns = TABLES_BY_NAME["event"].columns
        return RowsOfTable("event", columns, found.rows, found.first, found.left_out, event_settings(self.request))

    def _rows(self, name: str) -> RowsOfTable:
        relation = ("raw_" if name in FINISHED_BY_PARAMETERS else "input_") + name
        # Months of a product count where it has no events, and not all of its events may be brought.
        where = " where product_id not in (select product_id from event_span)" if name == "event_month" else ""
        before, first = self._count(relation + where), None
        if before > self.most:
            first = self._first_month(name, relation)
            if first is None:
                reason = f"stay there: {before:,} of them, at most {self.most:,} are brought. Raise `--most-rows`."
                return RowsOfTable(name, left_out=reason)
            where = f" where {_MONTH_OF[name]} >= {_start(name, first)}"
        columns = self._columns(name)
        listed = ", ".join(f"{column}_us" if kind == canonical.INSTANT else column for column, kind in columns)
        rows = self.connection.execute(f"select {listed} from {relation}{where}").fetchall()
        is_whole = len(rows) == before if first is None else self._count(relation) == before
        if not self.connection.there.has_snapshot and not is_whole:
            return RowsOfTable(name, left_out="changed while they were read. Pull again.")
        return RowsOfTable(name, columns, rows, first)

    def _columns(self, name: str) -> tuple[tuple[str, str], ...]:
        given = self.inputs.tables(name)[0].columns
        return tuple((column, kind) for column, kind in TABLES_BY_NAME[name].columns if column in given)

    def _count(self, relation: str) -> int:
        ((count,),) = self.connection.execute(f"select count(*) as n from {relation}").fetchall()
        return int(str(count))

    def _first_month(self, name: str, relation: str) -> Month | None:
        """The first of the newest months that are few enough together; None where there is none."""
        column = _MONTH_OF.get(name)
        if column is None:
            return None
        month = f"extract(year from {column}) * 12 + extract(month from {column}) - 1"
        found = self.connection.execute(f"select {month} as month, count(*) as n from {relation} group by {month}")
        first, total = None, 0
        for index, count in sorted(((int(str(a)), int(str(b))) for a, b in found.fetchall()), reverse=True):
            total += count
            if total > self.most:
                break
            first = Month.from_index(index)
        return first


def _start(name: str, first: Month) -> str:
    kind = dict(TABLES_BY_NAME[name].columns)[_MONTH_OF[name]]
    day = literal(first.first_day.isoformat())
    return f"cast({day} as {'timestamp' if kind == canonical.INSTANT else 'date'})"
