"""What the sections of an evaluation share: the connection, the inputs, what was kept, and where problems go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.change_marks import both_ways
from reviewtui.metrics.kept import EVERYTHING, KeptSection, first_changed
from reviewtui.metrics.sql_files import insert_rows
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.change_marks import EventMarks
    from reviewtui.metrics.inputs import InputTables
    from reviewtui.metrics.kept import KeptMonths, Marks, Rows
    from reviewtui.metrics.request import EvaluationRequest

MOST_PORTIONS = 64
"""Where even this many portions do not fit into memory, the section is given up."""


@dataclass
class Work:
    """One evaluation under way."""

    connection: DuckDBPyConnection
    request: EvaluationRequest
    inputs: InputTables
    progress: Callable[..., None]
    kept: KeptMonths = field(default_factory=dict)
    """What an earlier evaluation left."""
    keeps: dict[str, KeptSection] | None = None
    """What this one leaves; None where nobody will go on from it, and no marks are taken."""
    keeps_users: bool = True
    """Whether digests of users may be left too; where they would leave an engine, they may not."""
    problems: list[Problem] = field(default_factory=list)
    first: int | None = None
    """The first month to compute, where somebody asks for the newest ones alone; nothing is kept or gone on from."""
    event_marks: EventMarks | None = None
    """The marks of the events, once somebody has taken them."""

    @property
    def current(self) -> Month:
        """The open month."""
        return Month.of(self.request.as_of)

    def report(self, place: str, message: str, severity: Severity = Severity.ERROR) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, None, message, severity))

    def in_portions(self, parts: int, run: Callable[[int], None]) -> None:
        """Run `run(parts)` from the start with ever more portions until one of them fits into memory."""
        while True:
            try:
                run(parts)
            except duckdb.OutOfMemoryException:
                if parts >= MOST_PORTIONS:
                    raise
                parts *= 2
            else:
                return

    def since(self, section: str, meaning: str, marks: Mapping[str, Marks]) -> int:
        """The first month of `section` that has to be computed."""
        if self.first is not None:
            return self.first
        kept = self.kept.get(section)
        if kept is not None and kept.as_of > self.request.as_of.toordinal():
            return EVERYTHING
        return first_changed(kept, meaning, marks)

    def kept_sums(self, section: str, table: str, place: int, since: int) -> list[tuple[object, ...]]:
        """The kept rows of `table` before the month `since`; `place` is where a row has its month."""
        kept = self.kept.get(section)
        if kept is None or since == EVERYTHING:
            return []
        return [row for row in kept.sums.get(table, ()) if int(str(row[place])) < since]

    def hashed(self, columns: str, *texts: str) -> str:
        """What to hash of `columns`, where the `texts` among them are names: an engine's own hash needs no more."""
        return both_ways(columns, *texts) if self.inputs.are_files else columns

    def since_ends(self, section: str, table: str, place: int, since: int, ends: Mapping[str, int]) -> int:
        """`since`, or the month after which the kept rows of a product end elsewhere than at its last month of `ends`.

        Months between the last rows of a product and new ones have rows too, though nothing in them has changed.
        """
        kept: dict[str, int] = {}
        for row in self.kept_sums(section, table, place, since):
            product, month = str(row[0]), int(str(row[place]))
            kept[product] = max(month, kept.get(product, month))
        return min([since, *(min(end, ends[item]) + 1 for item, end in kept.items() if ends.get(item, end) != end)])

    def restore(self, section: str, table: str, place: int, since: int, codes: Mapping[str, int]) -> None:
        """Put the kept rows of `table` back; they begin with a product id, which is given its number of today."""
        rows = self.kept_sums(section, table, place, since)
        insert_rows(self.connection, table, [(codes[str(row[0])], *row[1:]) for row in rows if str(row[0]) in codes])

    def keep(
        self,
        section: str,
        meaning: str,
        marks: Mapping[str, Marks],
        sums: Mapping[str, str],
        more: Mapping[str, Rows] | None = None,
    ) -> None:
        """Leave the results of the SELECTs `sums`, and the rows `more`, for a later evaluation."""
        if self.keeps is not None:
            rows: dict[str, Rows] = {name: tuple(self.connection.execute(sql).fetchall()) for name, sql in sums.items()}
            self.leave(section, meaning, marks, {**rows, **(more or {})})

    def leave(self, section: str, meaning: str, marks: Mapping[str, Marks], rows: Mapping[str, Rows]) -> None:
        """Leave `rows` for a later evaluation."""
        if self.keeps is not None:
            self.keeps[section] = KeptSection(meaning, self.request.as_of.toordinal(), self.current.index, marks, rows)
