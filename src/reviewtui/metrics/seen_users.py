"""Who was seen before: the first months of users, kept so that later runs need not look through all earlier events.

A user of a product is 64 bits of a digest; all products together are one product more. Nothing leads back to a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.event_inputs import BEFORE_ERA
from reviewtui.metrics.packed import pack_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.kept import Rows

MOST_KEPT = 6_000_000
"""With more users than this nothing is kept: the file would be larger than it is worth."""

_KIND = "Q"
"""Numbers of 64 bits without a sign."""

_PAIR = "md5_number_lower(concat(p.product_id, chr(0), u.user_id))"
"""DuckDB's quick hash will not do: it gives many ids that differ in two places the same number."""


class SeenUsers:
    """The users by the first month in which they were active."""

    def __init__(self, kept: Iterable[tuple[object, ...]]) -> None:
        """`kept` has a month index and the packed users of that month in each row."""
        self._packed = {int(str(month)): packed for month, packed in kept if isinstance(packed, bytes)}
        self.found: dict[int, list[int]] = {}
        """What this run found of the reported months."""

    @property
    def is_known(self) -> bool:
        """Whether earlier users were kept, so that no earlier event has to be looked at."""
        return bool(self._packed)

    def mark_earlier(self, connection: DuckDBPyConnection, since: int) -> None:
        """Give the users of `user_activity` who were seen before the month `since` the bit that says so."""
        import numpy as np

        connection.execute(
            f"""create or replace table newcomer_pair as
            select u.code, u.user_id, {_PAIR} as pair
            from user_activity u
            join usage_product p on p.code = u.code
            cross join (select min(month_bit) as first_bit from era_month where is_reported) b
            where u.months < {BEFORE_ERA} and u.months & (b.first_bit - 1) = 0"""
        )
        known = [np.frombuffer(packed, "<u8") for month, packed in self._packed.items() if month < since]
        known += [np.array(users, "<u8") for month, users in self.found.items() if month < since]
        connection.register("known_pair", {"pair": np.concatenate([np.empty(0, "<u8"), *known])})
        connection.execute(
            f"""update user_activity u set months = u.months | {BEFORE_ERA} from newcomer_pair n
            where n.code = u.code and n.user_id = u.user_id and n.pair in (select pair from known_pair)"""
        )
        connection.unregister("known_pair")

    def note(self, connection: DuckDBPyConnection) -> None:
        """Remember who is new in the reported months, by month."""
        rows = connection.execute(
            f"""select m.month, list({_PAIR})
            from user_activity u
            join usage_product p on p.code = u.code
            join era_month m on m.place is not null and m.is_reported and m.month_bit = u.months & -u.months
            where u.months < {BEFORE_ERA}
            group by 1"""
        )
        while (row := rows.fetchone()) is not None:
            self.found.setdefault(int(row[0]), []).extend(row[1])

    def keep(self, since: int) -> Rows:
        """The rows to keep: what was known before `since`, and what was found; none where it is too much."""
        rows: dict[int, bytes] = {month: packed for month, packed in self._packed.items() if month < since}
        rows |= {month: pack_numbers(_KIND, users) for month, users in self.found.items()}
        return tuple(sorted(rows.items())) if sum(map(len, rows.values())) <= 8 * MOST_KEPT else ()
