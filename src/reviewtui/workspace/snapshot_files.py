"""Snapshots: the numbers of a product as a review saw them, one file a review, written once and never changed.

`products/<slug>/reviews/YYYY-MM/snapshot.toml` holds a few facts and one aligned table, a line a metric:

    schema = 1
    product = "replay"
    month = "2026-10"
    taken_on = 2026-11-03
    currency = "USD"
    attribution = "period_end"
    count = 26
    values = '''
    metric  unit    2025-10 … 2026-10
    mrr     money   20770.0 … 31250.5
    nps     score   n/a     … 31.0:low_n
    '''

A number is the shortest text that reads back to the same double, followed by its status where that is not `ok`; `n/a`
stands for what could not be computed, `-` for no data. `count` is the number of values: a file that was cut is noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, ReviewError, Severity
from reviewtui.months import Month, month_span
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import counted, well_formed
from reviewtui.workspace import schema as check
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.model import PRODUCTS_FOLDER, REVIEWS_FOLDER, SCHEMA, SNAPSHOT_FILE
from reviewtui.workspace.schema import Unusable
from reviewtui.workspace.toml_file import toml_setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.workspace.model import Workspace
    from reviewtui.workspace.schema import Schema, Spot

_NOT_COMPUTED, _NO_DATA = "n/a", "-"
_OK, _NA, _MISSING = "ok", "na", "missing"
_HEAD = ("metric", "unit")
_MAX_COUNT = 10_000_000
_NEXT_STEP = "The snapshot is not used; restore the file from a backup or from git."
EMPTY_SNAPSHOT = f"The snapshot is empty. {_NEXT_STEP}"
_CELL = r"(?:-?[0-9]++(?:\.[0-9]++)?+(?:e[+-][0-9]{2,3})?+(?::[a-z_]++)?+|n/a|-)"
_NAME = r"(?:[!#-&(-~][!-&(-~]*+|\"(?:[!#-&(-\[\]-~]|\\[\"\\/bfnrt]|\\u[0-9a-fA-F]{4})*+\")"
_ONE_CELL = re.compile(_CELL)
_ROW = re.compile(rf"{_NAME} ++{_NAME}(?: ++{_CELL})*+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.*/%$-]+")
_WRITTEN = re.compile(
    r'schema = 1\nproduct = "(?P<product>[^"\\\x00-\x1f\x7f]++)"\nmonth = "(?P<month>[0-9]{4}-[0-9]{2})"\n'
    r"taken_on = (?P<taken_on>[0-9]{4}-[0-9]{2}-[0-9]{2})\n"
    r'currency = "(?P<currency>[A-Z]++)"\nattribution = "(?P<attribution>[a-z_]++)"\n'
    r"count = (?P<count>0|[1-9][0-9]{0,7})\n"
    r"values = '''\n(?P<values>[\n -&(-~]*+)'''\n"
)
"""A file just as `snapshot_text` writes it."""


class _BrokenRowError(Exception):
    def __init__(self, message: str, row: int) -> None:
        super().__init__(message)
        self.row = row
        """1 for the first line of the table."""


class Reviewed(NamedTuple):
    """What a review saw in one cell."""

    value: float | None
    status: str = _OK
    """As a cell's status: `ok`, `na`, `missing`, `immature` …"""

    @classmethod
    def parse(cls, word: str) -> Reviewed:
        """Read `word`, which is of the form that a snapshot keeps."""
        if word in _WITHOUT_VALUE:
            return _WITHOUT_VALUE[word]
        number, _, status = word.partition(":")
        return cls(float(number), status or _OK)

    @property
    def word(self) -> str:
        """What a snapshot keeps: a decimal that reads back to the same double, and the status where it is not `ok`."""
        if self.value is None or not isfinite(self.value):
            return _NO_DATA if self.status == _MISSING else _NOT_COMPUTED
        number = repr(float(self.value))
        return number if self.status == _OK else f"{number}:{self.status}"


_WITHOUT_VALUE = {_NOT_COMPUTED: Reviewed(None, _NA), _NO_DATA: Reviewed(None, _MISSING)}


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one product as the review of `month` saw them."""

    product: str
    """Product id."""
    month: Month
    """The month that was reviewed."""
    taken_on: date
    currency: str
    attribution: str
    table: str
    """Heads and a line a metric, as in the file."""

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The months that were seen, oldest first; `month` is the last."""
        return _months(self.table.partition("\n")[0])

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Metric id to its unit then, of every metric that was seen."""
        return {metric: _read_name(words[0]) for metric, words in self._words.items()}

    def seen(self, metric: str, month: Month) -> Reviewed | None:
        """What the review saw of a metric in a month; None where it did not show it."""
        words = self._words.get(metric)
        place = month.index - self.month.index - 1
        return None if words is None or not -len(words) < place < 0 else Reviewed.parse(words[place])

    @cached_property
    def _words(self) -> Mapping[str, Sequence[str]]:
        """Metric id to its unit and values; split when they are first asked for."""
        lines = (line.split() for line in self.table.split("\n")[1:-1])
        return {_read_name(metric): words for metric, *words in lines}


def table_of(months: Sequence[Month], units: Mapping[str, str], rows: Mapping[str, Sequence[Reviewed]]) -> str:
    """The table of a snapshot: `rows` in their order, a value for each of `months`."""
    lines = [[*_HEAD, *map(str, months)]]
    lines += [[_name(metric), _name(units[metric]), *(cell.word for cell in row)] for metric, row in rows.items()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def snapshot_path(root: Path, slug: str, month: Month) -> Path:
    """Where the snapshot of a review lies."""
    return root / PRODUCTS_FOLDER / slug / REVIEWS_FOLDER / str(month) / SNAPSHOT_FILE


def save_snapshot(workspace: Workspace, slug: str, snapshot: Snapshot) -> Path:
    """Write the snapshot of a review of the product in folder `slug`, and return its path.

    ReviewError if there is one already, if the workspace is read-only, if the place leads out of it, or if the file
    could not be written.
    """
    path = snapshot_path(workspace.root, slug, snapshot.month)
    if workspace.read_only:
        raise ReviewError(f"{path} was not saved: the workspace is opened read-only.", "Not saved")
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(workspace.root)):
        raise ReviewError(f"{path} was not saved: a symbolic link leads out of the workspace.", "Not saved")
    if os.path.lexists(path):
        raise ReviewError(
            f"{path} was not saved: the numbers of this review are kept there already, and are never changed.",
            "Reviewed already",
        )
    text = snapshot_text(snapshot)
    make_folders(path.parent)
    atomic_write(path, text)
    return path


def replace_snapshot(workspace: Workspace, slug: str, snapshot: Snapshot) -> Path:
    """Write the snapshot of a review that was opened again; what it saw before stays in a file beside it.

    ReviewError as `save_snapshot`. Without an earlier snapshot it is a first one.
    """
    path = snapshot_path(workspace.root, slug, snapshot.month)
    if not os.path.lexists(path):
        return save_snapshot(workspace, slug, snapshot)
    earlier = path.read_bytes()
    text = snapshot_text(snapshot)
    if earlier == text.encode():
        return path
    if workspace.read_only:
        raise ReviewError(f"{path} was not saved: the workspace is opened read-only.", "Not saved")
    atomic_write(path.with_name(f"snapshot-{hashlib.sha256(earlier).hexdigest()[:8]}.toml"), earlier)
    atomic_write(path, text, replaces=earlier)
    return path


def snapshot_text(snapshot: Snapshot) -> str:
    """The file of a snapshot."""
    return (
        f"schema = {SCHEMA}\n"
        + toml_setting("product", well_formed(snapshot.product))
        + f'month = "{snapshot.month}"\n'
        + f"taken_on = {snapshot.taken_on.isoformat()}\n"
        + toml_setting("currency", snapshot.currency)
        + toml_setting("attribution", snapshot.attribution)
        + f"count = {_count(snapshot.table)}\n"
        + f"values = '''\n{snapshot.table}'''\n"
    )


def written_facts(raw: bytes) -> dict[str, Any] | None:
    """What a TOML parser would read, at a tenth of its time, from a file just as it was written; None for any other."""
    try:
        found = None if b"<<<<<<<" in raw else _WRITTEN.fullmatch(raw.decode())
        if found is None:
            return None
        facts: dict[str, Any] = found.groupdict()
        return facts | {
            "schema": SCHEMA,
            "taken_on": date.fromisoformat(facts["taken_on"]),
            "count": int(facts["count"]),
        }
    except ValueError:
        return None


def snapshot_of(data: object, spot: Spot, folder: str, product_id: str) -> Snapshot | None:
    """The snapshot of one file in the review folder `folder` of a product; None, with a problem, if it is not whole.

    Nothing of a file is used unless all of it can be: what was reviewed is known, or it is not.
    """
    problems: list[Problem] = []
    values = check.read_table(data, replace(spot, problems=problems), SNAPSHOT_SCHEMA)
    spot.problems.extend(problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None
    try:
        _require_whole(values, folder, product_id)
    except Unusable as error:
        spot.report(f"{error} {_NEXT_STEP}")
        return None
    except _BrokenRowError as error:
        line = (spot.inside("values").line or 0) + error.row
        spot.problems.append(Problem(spot.file.label, line, f"This line cannot be read: {error}. {_NEXT_STEP}"))
        return None
    facts = {key: values[key] for key in ("product", "month", "taken_on", "currency", "attribution")}
    return Snapshot(**facts, table=values["values"])


def _require_whole(values: Mapping[str, Any], folder: str, product_id: str) -> None:
    if values.get("schema", SCHEMA) != SCHEMA:
        raise Unusable(f"The snapshot is of schema {values['schema']}, which this program cannot read.")
    lacking = [key for key in SNAPSHOT_SCHEMA if key not in values]
    if lacking:
        raise Unusable(f"The snapshot has no `{lacking[0]}`.")
    if values["product"] != product_id or str(values["month"]) != folder:
        raise Unusable(
            f"The snapshot is of `{check.shown(values['product'])}` in {values['month']} and lies in a folder of"
            f" `{check.shown(product_id)}` in {check.shown(folder)}."
        )
    _require_table(values["values"], values["month"])
    count = _count(values["values"])
    if count != values["count"]:
        raise Unusable(f"The snapshot says that it holds {counted(values['count'], 'value')}, and holds {count:,}.")


def _require_table(table: str, reviewed: Month) -> None:
    head, _, body = table.partition("\n")
    if tuple(head.split()[: len(_HEAD)]) != _HEAD:
        raise Unusable(f'The table of values does not begin with "{" ".join(_HEAD)}".')
    try:
        months = _months(head)
    except ValueError as error:
        raise _BrokenRowError(str(error), 1) from None
    if not months or months[-1] != reviewed or months != month_span(months[0], reviewed):
        raise Unusable("The snapshot's columns are not the months up to the one that was reviewed.")
    lines = body.split("\n")[:-1]
    names = {line.split(None, 1)[0] for line in lines if line.strip()}
    if not _rows(len(months)).fullmatch(body) or len(names) < len(lines) or "e+" in body:
        _require_rows(body.removesuffix("\n").split("\n"), len(_HEAD) + len(months))


def _require_rows(lines: Sequence[str], width: int) -> None:
    """Find the line that is wrong, if any is."""
    metrics: set[str] = set()
    for place, line in enumerate(lines, 2):
        words = line.split()
        wrong = [word for word in words[len(_HEAD) :] if not _ONE_CELL.fullmatch(word)]
        if wrong or _ROW.fullmatch(line.rstrip()) is None:
            reason = f"`{check.shown(wrong[0])}` is no number" if wrong else "it is not a metric, a unit and numbers"
            raise _BrokenRowError(reason, place)
        if len(words) != width:
            found, wanted = counted(len(words) - len(_HEAD), "value"), counted(width - len(_HEAD), "month")
            raise _BrokenRowError(f"it has {found}, and there are {wanted}", place)
        if not all(isfinite(Reviewed.parse(word).value or 0) for word in words[len(_HEAD) :]):
            raise _BrokenRowError("a number in it is too large", place)
        if words[0] in metrics:
            raise _BrokenRowError("its metric has a line already", place)
        metrics.add(words[0])


def _count(table: str) -> int:
    """How many values the table holds, as all of its lines are whole."""
    head, _, body = table.partition("\n")
    return len(_months(head)) * body.count("\n")


@cache
def _rows(count: int) -> re.Pattern[str]:
    """Lines with `count` values each."""
    return re.compile(rf"(?:{_NAME} ++{_NAME}(?: ++{_CELL}){{{count}}}\n)*+")


@cache
def _months(head: str) -> tuple[Month, ...]:
    return tuple(map(Month.parse, head.split()[len(_HEAD) :]))


def _name(text: str) -> str:
    """`text` as one word of the table: as it is, or as a JSON string without blanks and apostrophes."""
    if _PLAIN_NAME.fullmatch(text):
        return text
    return json.dumps(well_formed(text)).replace(" ", "\\u0020").replace("'", "\\u0027").replace("\x7f", "\\u007f")


def _read_name(word: str) -> str:
    return str(json.loads(word)) if word.startswith('"') else word


def _day(value: object, spot: Spot) -> date:
    del spot
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Unusable(f"`taken_on` is a date such as 2026-11-03, not {check.kind_of(value)}.")
    return value


SNAPSHOT_SCHEMA: Schema = {
    "schema": check.whole(1, 9999),
    "product": check.filled_text,
    "month": check.month,
    "taken_on": _day,
    "currency": check.filled_text,
    "attribution": check.filled_text,
    "count": check.whole(0, _MAX_COUNT),
    "values": check.text,
}
