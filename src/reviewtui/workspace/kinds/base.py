"""What every type of record has in common: fields that are stored, and how a file becomes a record.

A type of record is a frozen dataclass whose fields are made by `stored`, and a `RecordKind` that says where its files
lie. Reading never fails: what cannot be used is reported with its line and left at its default.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from reviewtui.errors import Severity
from reviewtui.months import Month
from reviewtui.workspace import schema as checks
from reviewtui.workspace.model import SCHEMA
from reviewtui.workspace.schema import Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.workspace.schema import Check, Schema, Spot

SCHEMA_KEY = "schema"
_STORED = "stored"


class Shape(StrEnum):
    """How a value is written and how two people's changes of it are brought together."""

    VALUE = "value"
    """One value, replaced as a whole."""
    PROSE = "prose"
    """A text of several lines: changes of different lines are both kept."""
    SET = "set"
    """A list of texts whose order says nothing: kept sorted, merged as a set."""
    TABLE = "table"
    """A table with keys of its own, each merged by itself."""
    ROWS = "rows"
    """An array of tables, each known by its `id` and merged by itself."""


@dataclass(frozen=True, slots=True)
class FileMark:
    """Where a record was read from."""

    path: str = ""
    """From the workspace's root, with `/`; empty: not stored yet."""
    sha256: str = ""
    """Of the file's bytes as read."""
    editable: bool = True
    """False for a file that a newer program wrote."""


NEW = FileMark()


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What all records have; `file` is where it lies and makes no difference to equality."""

    id: str
    product: str = ""
    """Product id (not the folder); `*`: all together; empty: a record of no product."""
    file: FileMark = field(default=NEW, compare=False, repr=False)


R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True)
class StoredField:
    """One key of a record's file."""

    name: str
    """The key, and the attribute of the dataclass."""
    check: Check[Any]
    says: str
    """What it means, for the guide."""
    shape: Shape
    changes: bool
    """Whether people change it often, so that it stands on a line with no other such line beside it."""
    required: bool
    default: Any
    columns: tuple[StoredField, ...] = ()
    """The keys inside, of a table or of rows."""


def stored(
    check: Check[Any],
    says: str,
    *,
    default: Any = MISSING,
    shape: Shape = Shape.VALUE,
    changes: bool = False,
) -> Any:
    """A field that is kept in the file under its own name; without a `default` the record needs it.

    `check` reads the value as written (`reviewtui.workspace.schema`, or one of this module). Fields of a table or of
    rows come last, as TOML has it.
    """
    facts = {_STORED: (check, says, shape, changes, ())}
    return field(default=default, metadata=facts)


def stored_rows(row: type, says: str) -> Any:
    """A field of `row` values, kept as `[[name]]` tables; the dataclass `row` has an `id` among its stored fields."""
    return field(default=(), metadata={_STORED: (rows(row), says, Shape.ROWS, False, stored_fields(row))})


def stored_table(table: type, says: str) -> Any:
    """A field of one `table` value or None, kept as a `[name]` table."""
    return field(default=None, metadata={_STORED: (one_row(table), says, Shape.TABLE, False, stored_fields(table))})


def stored_fields(record: type) -> tuple[StoredField, ...]:
    """The stored fields of a dataclass, in the order of the file: plain keys first, tables after them."""
    found = []
    for item in fields(record):
        if _STORED in item.metadata:
            check, says, shape, changes, columns = item.metadata[_STORED]
            required = item.default is MISSING
            default = None if required else item.default
            found.append(StoredField(item.name, check, says, shape, changes, required, default, columns))
    return tuple(sorted(found, key=lambda item: item.shape in (Shape.TABLE, Shape.ROWS)))


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RecordKind(Generic[R_co]):
    """One type of record: what it holds and where its files lie."""

    name: str
    """In a word: `to-do`."""
    plural: str
    record: type[R_co]
    place: str
    """The file from the root. `{id}` is the record's id and a slug, `{product}` the product's folder, `{review}` the
    month of a review, `{year}` the year of its day; any other name is a field of that name. Without `{id}` the place
    itself makes the record's id, as `replay/2026-10`."""
    letter: str = ""
    """The first letter of its ids."""
    named_after: str = ""
    """The field whose text is in the file's name."""
    removable: bool = False
    any_name: bool = False
    """Whether a file with another name is a record too, with its name as id: people make such files by hand."""
    whole: Check[None] | None = None
    """Looks at the record as a whole, and reports what does not go together."""
    fields: tuple[StoredField, ...] = field(init=False)
    schema: Schema = field(init=False)

    def __post_init__(self) -> None:
        found = stored_fields(self.record)
        object.__setattr__(self, "fields", found)
        object.__setattr__(self, SCHEMA_KEY, {SCHEMA_KEY: _schema_number, **{item.name: item.check for item in found}})

    def __repr__(self) -> str:
        return f"<kind {self.name}>"

    def field_named(self, name: str) -> StoredField | None:
        """The stored field of that name."""
        return next((item for item in self.fields if item.name == name), None)

    def read(self, data: Mapping[str, Any], spot: Spot, facts: Mapping[str, Any]) -> R_co | None:
        """The record of a file's values; `facts` are its id, product, mark and what its place says.

        None, with a problem, where something is missing that the record needs.
        """
        try:
            values = read_fields(data, spot, self.schema, self.fields)
        except Unusable as error:
            spot.report(str(error))
            return None
        values.pop(SCHEMA_KEY, None)
        record = self.record(**values, **facts)
        if self.whole is not None:
            self.whole(record, spot)
        return record


def read_fields(data: Mapping[str, Any], spot: Spot, schema: Schema, wanted: tuple[StoredField, ...]) -> dict[str, Any]:
    """The usable values of a table; an empty text says the same as no key. Unusable where a needed one is missing."""
    written = {key: value for key, value in data.items() if value != ""}
    values = checks.read_table(written, spot, schema)
    for item in wanted:
        if item.required and item.name not in values:
            raise Unusable(_missing(item, item.name in written))
    return values


def _missing(item: StoredField, is_written: bool) -> str:
    problem = "cannot be used as it is written" if is_written else "is missing"
    return f"`{item.name}` {problem}, so this is not used: {item.says[:1].lower()}{item.says[1:].rstrip('.')}. Add it."


def plain(value: Any) -> Any:
    """A field's value as TOML has it; None for nothing.

    Months, decimals and words of an enumeration become texts, dataclasses tables of what differs from the defaults.
    """
    if value is None or isinstance(value, bool | int | float | date | datetime):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, Month | Decimal):
        return str(value)
    if is_dataclass(value):
        return {
            item.name: plain(getattr(value, item.name))
            for item in fields(value)
            if getattr(value, item.name) not in (None, "", (), item.default)
        }
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    raise TypeError(f"a record cannot hold a {type(value).__name__}")


# Checks of record fields, as those of `reviewtui.workspace.schema`


def prose(value: object, spot: Spot) -> str:
    """A text of several lines, without the line ends after the last."""
    return checks.text(value, spot).rstrip("\n")


def filled_prose(value: object, spot: Spot) -> str:
    """A text of several lines with something in it."""
    return checks.filled_text(value, spot).rstrip("\n")


def day(value: object, spot: Spot) -> date:
    """A day, written without quotes."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Unusable(f"`{spot.path[-1]}` is a day written as 2026-04-17 without quotes.")
    return value


def decimal_text(value: object, spot: Spot) -> str:
    """A number as a text, so that it is kept digit by digit."""
    from decimal import InvalidOperation

    words = checks.text(value, spot)
    try:
        is_number = Decimal(words).is_finite()
    except InvalidOperation:
        is_number = False
    if not is_number:
        raise Unusable(f'`{spot.path[-1]}` is a number in quotes such as "20770.00".')
    return words


def name_set(value: object, spot: Spot) -> tuple[str, ...]:
    """Texts whose order says nothing: sorted, each once."""
    return tuple(sorted(set(checks.texts(value, spot))))


def one_row(row: type) -> Check[Any]:
    """A table as a value of the dataclass `row`."""
    columns = stored_fields(row)
    schema = {item.name: item.check for item in columns}

    def read(value: object, spot: Spot) -> Any:
        if not isinstance(value, dict):
            raise Unusable(f"`{spot.path[-1]}` is a table, not {checks.kind_of(value)}.")
        return row(**read_fields(value, spot, schema, columns))

    return read


def rows(row: type) -> Check[tuple[Any, ...]]:
    """An array of tables as values of the dataclass `row`; those that cannot be used are reported and left out."""
    return checks.tables(one_row(row))


def _schema_number(value: object, spot: Spot) -> int:
    number = checks.whole(1, 9999)(value, spot)
    if number > SCHEMA:
        spot.report(
            f"The file is of schema {number}, newer than this program writes ({SCHEMA}): it is shown and not changed."
            " Update reviewtui to change it.",
            Severity.WARNING,
        )
    return number
