"""Throw-away engines for tests and benchmarks, and the data of a DuckDB file in them; what is missing is said."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = 54329
CONNECT_PORT = 15329
SECONDS_TO_START = 180
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m"
"""Java compiles quickly rather than well. Spark's code does not fit the room that Java gives it then by itself."""
_TYPES = {
    "VARCHAR": "text",
    "DOUBLE": "float8",
    "TINYINT": "smallint",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
_NOT_PULLED = ("cost_line", "query_log", "cost_week")


def parquet_of(database: Path, folder: Path) -> dict[str, str]:
    """Canonical table to a Parquet file of it in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in _tables(connection):
            paths[table] = str(folder / f"{table}.parquet")
            connection.execute(f"copy {table} to '{paths[table]}' (format parquet)")
    return paths


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
    return [name for (name,) in rows if name not in _NOT_PULLED]


def missing_postgresql() -> str:
    """Why no PostgreSQL server can be started here; empty where one can."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed: pip install 'reviewtui[postgresql]'"
    return "" if _binaries() is not None else "no PostgreSQL server is installed (initdb was not found)"


def missing_clickhouse() -> str:
    """Why ClickHouse's SQL cannot be run here; empty where it can."""
    lacks = [name for name in ("chdb", "clickhouse_connect") if find_spec(name) is None]
    return f"{' and '.join(lacks)} not installed: pip install 'reviewtui[chdb]'" if lacks else ""


class _Refusing(BaseHTTPRequestHandler):
    """Answers as a ClickHouse server does that does not know the user or the password."""

    ANSWER = (
        b"Code: 516. DB::Exception: reader: Authentication failed: password is incorrect, or there is no user with such"
        b" name. (AUTHENTICATION_FAILED) (version 25.8.2.29 (official build))\n"
    )

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(403)
        self.send_header("X-ClickHouse-Exception-Code", "516")
        self.send_header("Content-Length", str(len(self.ANSWER)))
        self.end_headers()
        self.wfile.write(self.ANSWER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@contextmanager
def refusing_clickhouse() -> Iterator[str]:
    """A server that refuses every password; yields its address."""
    with HTTPServer(("127.0.0.1", 0), _Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def missing_spark() -> str:
    """Why Spark cannot be started here; empty where it can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: pip install 'reviewtui[spark]'"
    return "" if shutil.which("java") or os.environ.get("JAVA_HOME") else "Java is not installed: Spark needs Java 17"


def missing_spark_connect() -> str:
    """Why no Spark Connect server can be started here; empty where one can."""
    lacks = [name for name in ("grpc", "grpc_status", "google.rpc", "pandas", "pyarrow") if not _is_installed(name)]
    return missing_spark() or (f"{', '.join(lacks)} not installed: pip install 'reviewtui[spark]'" if lacks else "")


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@contextmanager
def spark_connect_server(port: int = CONNECT_PORT) -> Iterator[str]:
    """A Spark Connect server on this machine alone, whose time zone is Tokyo's; yields its address."""
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.memory": "1500m",
        "spark.driver.extraJavaOptions": f"{QUICK_START} -Duser.timezone=Asia/Tokyo",
    }
    command = [str(home / "bin" / "spark-submit"), "--master", "local[2]"]
    command += [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    environment = {**os.environ, "SPARK_HOME": str(home)}
    with tempfile.TemporaryDirectory(prefix="reviewtui-spark-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
            try:
                _wait_for_listener(port, server, log)
                yield f"sc://127.0.0.1:{port}"
            finally:
                server.terminate()
                server.wait()


def _wait_for_listener(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once something listens; AssertionError with the end of its log where it does not come up."""
    end = time.monotonic() + SECONDS_TO_START
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert server.poll() is None, log.read_text(errors="replace")[-2000:]
        assert time.monotonic() < end, log.read_text(errors="replace")[-2000:]
        time.sleep(0.5)


def _binaries() -> Path | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    places += [Path(on_path).parent] if on_path else []
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A server that asks `reader` for the password `open sesame`; yields how it is reached."""
    # Its own folder: the server's user cannot enter those of another, and the name of a socket is short.
    with tempfile.TemporaryDirectory(prefix="reviewtui-pg-", ignore_cleanup_errors=True) as folder:
        yield from _served(Path(folder))


def _served(folder: Path) -> Iterator[str]:
    binaries = _binaries()
    assert binaries is not None
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "data"
    if user is not None:
        shutil.chown(folder, user)
    _run(user, folder, str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "admin", "--no-sync")
    rules = "local all admin trust\nlocal all reader scram-sha-256\n"
    _run(user, folder, "sh", "-c", f"printf '{rules}' > {data}/pg_hba.conf")
    options = f"-k {folder} -h '' -p {PORT} -c fsync=off -c timezone=Asia/Tokyo"
    _run(user, folder, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield f"host={folder} port={PORT} dbname=postgres"
    finally:
        _run(user, folder, str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")


def _run(user: str | None, folder: Path, *words: str) -> None:
    subprocess.run(words, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def load_postgresql(dsn: str, database: Path, schema: str, scratch: Path) -> None:
    """Put the tables of a DuckDB file into a schema that `reader` may read."""
    import psycopg

    with (
        duckdb.connect(str(database), read_only=True) as source,
        psycopg.connect(f"{dsn} user=admin", autocommit=True) as target,
    ):
        target.execute(f"create schema {schema}")  # type: ignore[arg-type,unused-ignore]
        for table in _tables(source):
            columns = [(name, kind) for name, kind, *_ in source.execute(f"describe {table}").fetchall()]
            listed = ", ".join(f'"{name}" {_TYPES.get(kind, kind)}' for name, kind in columns)
            target.execute(f"create table {schema}.{table} ({listed})")  # type: ignore[arg-type,unused-ignore]
            file = scratch / f"{table}.csv"
            source.execute(f"copy {table} to '{file}' (format csv, header false)")
            with target.cursor() as cursor, cursor.copy(f"copy {schema}.{table} from stdin (format csv)") as copy:  # type: ignore[arg-type,unused-ignore]
                copy.write(file.read_bytes())
        target.execute("create role reader login password 'open sesame'")
        target.execute(f"grant usage on schema {schema} to reader")  # type: ignore[arg-type,unused-ignore]
        target.execute(f"grant select on all tables in schema {schema} to reader")  # type: ignore[arg-type,unused-ignore]
        target.execute("analyze")
