"""Apache Spark through PySpark, in this machine's memory or by Spark Connect: work tables are kept data frames."""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import socket
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.storagelevel import StorageLevel

from reviewtui.engines.dialects import SPARK
from reviewtui.engines.engine import (
    DAY,
    DECIMAL,
    DOUBLE,
    FLAG,
    INSTANT,
    LOCAL_TIME,
    OTHER,
    TEXT,
    WHOLE,
    Column,
    EngineError,
    MissingTable,
    Result,
    Unreachable,
)
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.sql import DataFrame

    from reviewtui.engines.dialects import Dialect
    from reviewtui.engines.engine import Row
    from reviewtui.engines.settings import EngineSettings

_OPTIONS = {
    "spark.app.name": "reviewtui pull",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.adaptive.enabled": "true",
    "spark.log.level": "ERROR",
}
"""What is set unless `[engine.settings]` says otherwise; those of `_ALWAYS` are always these."""

_ALWAYS = ("spark.sql.session.timeZone", "spark.sql.ansi.enabled")
_KINDS = {
    "string": TEXT, "varchar": TEXT, "char": TEXT, "date": DAY, "timestamp": INSTANT, "timestamp_ntz": LOCAL_TIME,
    "decimal": DECIMAL, "double": DOUBLE, "float": DOUBLE, "bigint": WHOLE, "int": WHOLE, "smallint": WHOLE,
    "tinyint": WHOLE, "boolean": FLAG,
}  # fmt: skip
_TYPES = {
    TEXT: "string", DAY: "date", LOCAL_TIME: "timestamp_ntz", INSTANT: "timestamp", DECIMAL: "decimal(38,10)",
    DOUBLE: "double", WHOLE: "bigint", FLAG: "boolean", OTHER: "string",
}  # fmt: skip


_CONNECT_PORT = 15002
_CONNECT_SECONDS = 10
_MOST_LITERAL_ROWS = 1_000
_MOST_UNPACKED_ROWS = 1_000_000
"""Rows of a work table that are kept apart from all that they were made of; more are kept packed by column."""
_COMPILED = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK"}
_INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
_WORTH_COMPILING = 1_000_000
"""Bytes that a query reads, packed: with fewer, compiling the query takes longer than running it."""


class _Part(NamedTuple):
    """Rows of a work table; one that is appended to has several."""

    frame: DataFrame
    view: str = ""
    """What they are called on a server."""
    is_cut: bool = False
    """Whether they are kept apart from what they were made of."""


class Spark:
    """One Spark session of its own, whose driver this program starts."""

    dialect: Dialect = SPARK
    has_snapshot = False

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._parts: dict[str, list[_Part]] = {}
        self._is_gone = False
        """Whether it does not answer any more."""
        options = _OPTIONS | dict(settings.options) | {name: _OPTIONS[name] for name in _ALWAYS}
        try:
            self._session, self._zone = self._begun(options)
        except Exception as error:
            raise _unreachable(error) from error

    def tables(self) -> dict[str, str]:
        """The tables of the schema, or the files."""
        if self._settings.parquet:
            return {name: f"parquet.{self.dialect.quoted(path)}" for name, path in self._settings.parquet.items()}
        place = [part for part in (self._settings.catalog, self._settings.schema or "default") if part]
        with self._faults():
            rows = self._session.sql(f"show tables in {self.dialect.quoted(*place)}").collect()
        names = [str(row["tableName"]) for row in rows if not row["isTemporary"]]
        return {name.lower(): self.dialect.quoted(*place, name) for name in names}

    def columns(self, query: str) -> tuple[Column, ...]:
        """The columns of a SELECT."""
        with self._faults():
            return _columns(self._session.sql(query))

    def create(self, name: str, query: str) -> None:
        """Keep the rows of a SELECT on the cluster."""
        with self._faults():
            self._parts[name] = [self._kept(self._planned(query))]
            self._show(name)

    def append(self, name: str, query: str) -> None:
        """Add the rows of a SELECT to what is kept."""
        with self._faults():
            first, *_ = parts = self._parts[name]
            added = self._planned(query)
            types = [
                f"cast(`{new}` as {kind}) as `{old}`"
                for new, (old, kind) in zip(added.columns, first.frame.dtypes, strict=True)
            ]
            parts.append(self._kept(added.selectExpr(*types)))
            self._session.catalog.dropTempView(name)
            self._show(name)

    def drop(self, name: str) -> None:
        """Let go of what is kept."""
        with self._faults():
            self._session.catalog.dropTempView(name)
            for part in self._parts.pop(name):
                self._let_go(part)

    def upload(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Send `rows` to the cluster."""
        with self._faults():
            if len(rows) <= _MOST_LITERAL_ROWS:
                frame = self._session.sql(_values(columns, rows))
            else:
                schema = ", ".join(f"`{column.name}` {_TYPES[column.kind]}" for column in columns)
                kinds = [column.kind for column in columns]
                sent = [tuple(_sent(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in rows]
                frame = self._session.createDataFrame(sent, schema)
            self._parts[name] = [_Part(frame)]
            self._show(name)

    def fetch(self, query: str) -> Result:
        """The rows of a SELECT."""
        with self._faults():
            frame = self._planned(query)
            return Result(_columns(frame), [tuple(row) for row in frame.collect()])

    def clock(self) -> tuple[datetime, str]:
        """The cluster's time and time zone."""
        ((micros,),) = self.fetch("select unix_micros(current_timestamp())").rows
        return datetime.fromtimestamp(int(str(micros)) / 1e6, UTC), self._zone

    def close(self) -> None:
        """Let go of everything that is kept, and of the session; of an engine that is gone nothing is asked."""
        for part in () if self._is_gone else itertools.chain.from_iterable(self._parts.values()):
            with contextlib.suppress(Exception):
                self._let_go(part)
        with contextlib.suppress(Exception):
            self._end()

    def _end(self) -> None:
        self._session.stop()

    def _begun(self, options: dict[str, str]) -> tuple[SparkSession, str]:
        """The session and the time zone it has by itself."""
        builder: Any = SparkSession.builder
        builder = builder.master(self._settings.master or "local[*]")
        for name, value in options.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        zone = str(session._jvm.java.util.TimeZone.getDefault().getID())  # noqa: SLF001 - no other way is offered
        session.sparkContext.setLogLevel("OFF")
        return session, zone

    def _planned(self, query: str) -> DataFrame:
        """The frame of a SELECT, which is compiled if that is worth its while."""
        frame = self._session.sql(query)
        if _COMPILED.keys() & self._settings.options.keys():
            return frame
        leaves: Any = frame._jdf.queryExecution().optimizedPlan().collectLeaves()  # noqa: SLF001 - no other way is offered
        size = sum(int(str(leaves.apply(place).stats().sizeInBytes())) for place in range(leaves.size()))
        for name, value in (_COMPILED if size > _WORTH_COMPILING else _INTERPRETED).items():
            self._session.conf.set(name, value)
        return frame

    def _kept(self, frame: DataFrame) -> _Part:
        """The rows of `frame`, computed now.

        Packed rows stay a part of every later plan with all that they were made of, and plans of plans take longer
        than the work itself. So rows are cut off where they are few: packed first, for the plan to know how many.
        Those cannot be computed again: where there are several machines, two of them keep each.
        """
        packed = self._named(frame)
        with contextlib.ExitStack() as undone:
            undone.callback(self._let_go, packed)
            if packed.frame.persist(StorageLevel.MEMORY_AND_DISK).count() > _MOST_UNPACKED_ROWS:
                undone.pop_all()
                return packed
            is_alone = not self._settings.url and (self._settings.master or "local").startswith("local")
            level = StorageLevel.MEMORY_AND_DISK if is_alone else StorageLevel.MEMORY_AND_DISK_2
            return _Part(packed.frame.select("*").localCheckpoint(storageLevel=level), is_cut=True)

    def _named(self, frame: DataFrame) -> _Part:
        return _Part(frame)

    def _let_go(self, part: _Part) -> None:
        if part.is_cut:
            self._forget_cut(part.frame)
        else:
            part.frame.unpersist()

    def _forget_cut(self, frame: DataFrame) -> None:
        """Let go of rows that no plan stands behind: `unpersist` knows plans only."""
        frame._jdf.queryExecution().analyzed().rdd().unpersist(False)  # noqa: SLF001 - no other way is offered

    def _show(self, name: str) -> None:
        """Let queries name all parts as one table.

        To replace or to drop a view lets go of rows that are kept under its plan: so it is dropped first, which spares
        what was made of it, and has a plan of its own, which spares the part that it consists of.
        """
        frames = [part.frame for part in self._parts[name]]
        functools.reduce(type(frames[0]).union, frames).where("true").createOrReplaceTempView(name)

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except EngineError:
            raise
        except PySparkException as error:
            self._is_gone = "UNAVAILABLE" in str(error) or "RETRIES_EXCEEDED" in str(error)
            raise (_unreachable(error) if self._is_gone else _fault(error)) from error
        except (OSError, EOFError) as error:
            self._is_gone = True
            raise _unreachable(error) from error
        except Exception as error:
            if type(error).__module__.startswith(("py4j", "grpc")):
                self._is_gone = "Connect" in type(error).__name__
                raise (_unreachable(error) if self._is_gone else _fault(error)) from error
            raise


class SparkConnect(Spark):
    """A session of a Spark Connect server.

    A frame is a text here, which the server reads anew whenever it is used, with the tables that are there by then. So
    each part has a view of its own that is never replaced. Which queries are compiled is the server's to decide.
    """

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__(settings)
        self._numbers = itertools.count()

    def _begun(self, options: dict[str, str]) -> tuple[SparkSession, str]:
        from pyspark.sql.connect.client.retries import DefaultPolicy

        _require_listener(self._settings.url)
        builder: Any = SparkSession.builder
        session = builder.remote(self._settings.url).create()
        # By itself the client tries for ten minutes; this is half a minute.
        patience = DefaultPolicy(max_retries=6, backoff_multiplier=2.0, initial_backoff=500, max_backoff=8_000)
        session.client.set_retry_policies([patience])
        zone = str(session.conf.get("spark.sql.session.timeZone"))
        for name, value in options.items():
            if name.startswith("spark.sql."):
                session.conf.set(name, value)
        return session, zone

    def _planned(self, query: str) -> DataFrame:
        return self._session.sql(query)

    def _named(self, frame: DataFrame) -> _Part:
        view = f"reviewtui_part_{next(self._numbers)}"
        frame.createOrReplaceTempView(view)
        return _Part(self._session.table(view), view)

    def _end(self) -> None:
        """Closed first where the server is gone: the session and every kept frame would ask it once more."""
        if self._is_gone:
            self._session.client.close()
        super()._end()

    def _forget_cut(self, frame: DataFrame) -> None:
        """The server lets go of the rows when nothing here names them any more."""

    def _let_go(self, part: _Part) -> None:
        super()._let_go(part)
        if part.view:
            self._session.catalog.dropTempView(part.view)


def open_spark(settings: EngineSettings) -> Spark:
    """A session on a server where there is an address of one, else of its own."""
    return SparkConnect(settings) if settings.url else Spark(settings)


def _require_listener(url: str) -> None:
    """Raise OSError where nothing listens: the client itself would try again for minutes."""
    parts = urlsplit(url)
    socket.create_connection((parts.hostname or "localhost", parts.port or _CONNECT_PORT), _CONNECT_SECONDS).close()


def _columns(frame: DataFrame) -> tuple[Column, ...]:
    return tuple(Column(name, _KINDS.get(kind.split("(")[0], OTHER), kind) for name, kind in frame.dtypes)


def _values(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """A SELECT that gives `rows`: a table that is part of the query needs no worker to read it."""
    items = ", ".join(
        f"cast(c{place} as {_TYPES[column.kind]}) as `{column.name}`" for place, column in enumerate(columns)
    )
    names = ", ".join(f"c{place}" for place in range(len(columns)))
    listed = ", ".join(f"({', '.join(map(_written, row))})" for row in rows)
    nothing = f"({', '.join(['null'] * len(columns))})"
    return f"select {items} from values {listed or nothing} as given({names}){'' if rows else ' where false'}"


def _written(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(value, datetime | date):
        return f"'{value}'"
    return repr(value) if isinstance(value, float) else str(value)


def _sent(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == WHOLE:
        return int(value)
    return float(value) if kind == DOUBLE else value


def _reason(error: Exception) -> str:
    # Of what Java's part says, the innermost cause; what lies around it are names of its own.
    causes = re.findall(r"^Caused by: (.+)$", str(error), re.MULTILINE)
    text = " ".join((causes[-1] if causes else str(error)).split())
    text = re.sub(r"SQLSTATE: \w+.*$|^An error occurred while calling \w+\.\w+\.? ?:", "", text)
    return text[:300].strip(" .;")


def _unreachable(error: Exception) -> EngineError:
    words = str(error)
    if "JAVA_GATEWAY_EXITED" in words or "JAVA_HOME" in words:
        return Unreachable("cannot start: no Java was found. Install Java 17, or set JAVA_HOME.")
    if "UNAUTHENTICATED" in words or "PERMISSION_DENIED" in words:
        return Unreachable("refuses the token. Set it in the environment variable that the entry names.")
    return Unreachable(f"cannot be reached ({_reason(error)}). Check that it runs, and the address in the entry.")


def _fault(error: Exception) -> EngineError:
    words = str(error)
    if "TABLE_OR_VIEW_NOT_FOUND" in words or "PATH_NOT_FOUND" in words or "SCHEMA_NOT_FOUND" in words:
        return MissingTable(f"has no such table ({_reason(error)}). Map it with [engine.views].")
    if "INSUFFICIENT_PERMISSIONS" in words or "AccessControlException" in words or "Permission denied" in words:
        return EngineError(f"does not permit it ({_reason(error)}). Ask for the right to read it.")
    if "cancelled" in words or "OPERATION_CANCELED" in words:
        return EngineError(f"ended the query before it was done ({_reason(error)}). Pull again; what was pulled stays.")
    if "CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND" in words:
        return EngineError("lost rows that it kept, with one of its machines. Pull again; what was pulled stays.")
    if "OutOfMemory" in words or "Not enough memory" in words:
        return EngineError("has no room for the query. Give its driver and executors more memory.")
    return EngineError(f"cannot run the query ({_reason(error)}).")
