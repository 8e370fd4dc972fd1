"""Statements that try to write, read other files, use the network or change settings.

`{DB}` is the open file, `{OUT}` a folder to write into, `{SEC}` a file with a word that must not be
read, `{OTHER}` another database, `{DIR}` a folder. The source is attached as `a`; it has the table `m(i)`, the view
`leak` and the table macro `leak_macro`.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import duckdb

from reviewtui.sources.lockdown import open_sources
from tests.sources.support import make_file, request_for

HIDDEN_WORD = "only-in-another-file"

WRITES = """
create table a.h(i int)
insert into a.m values (1)
update a.m set i = 0
drop table a.m
alter table a.m add column z int
create view a.v as select 1
create schema a.s
comment on table a.m is 'x'
with x as (delete from a.m returning *) from x
copy a.m to '{OUT}/m.csv'
copy (select 1) to '{DB}' (format csv, use_tmp_file false)
copy (select 1) to '{DB}' (format parquet, use_tmp_file false)
explain analyze copy (select 1) to '{DB}' (format csv, use_tmp_file false)
copy (select 1) to '{DB}.wal' (format csv)
copy (select 1) to '{DB}.wal' (format csv, use_tmp_file false)
copy (select 1 as i, 2 as j) to '{OUT}' (format csv, partition_by (i))
export database '{OUT}'
export database a to '{OUT}'
import database '{OUT}'
create temp table t(x varchar); copy t from '{SEC}'
copy from database a to memory; from m
attach '{OUT}/new.duckdb' as n
attach '{OTHER}' as o; create table o.h(i int)
attach '{DB}' as s2
attach '{DB}' as s3 (read_write)
detach a
detach a; attach '{DB}' as s4; create table s4.h(i int)
attach ':memory:' as mm; use mm; detach a; attach '{DB}' as s5 (read_write); create table s5.h(i int)
use a; checkpoint
create persistent secret s (type http, bearer_token 'x')
pragma enable_profiling='json'; pragma profiling_output='{OUT}/p'; select 1
call enable_logging(storage='file', storage_config={{'path':'{OUT}'}})
call enable_logging(storage='file', storage_path='{OUT}')
set temp_directory='{OUT}'
set secret_directory='{OUT}'
set log_query_path='{OUT}/log'
set extension_directory='{OUT}'
"""
READS = """
from read_text('{SEC}')
from read_blob('{SEC}')
from read_csv('{SEC}')
from sniff_csv('{SEC}')
from read_json('{SEC}')
from read_json_objects('{SEC}')
from parquet_metadata('{SEC}')
from read_parquet('{SEC}')
from read_duckdb('{OTHER}')
from glob('/etc/*')
from '{SEC}'
from read_blob('/proc/self/environ')
from read_blob('{DB}')
from read_text('{DIR}/../{DIRNAME}/secret.csv')
from read_text('{DIR}/link.csv')
from read_text('file://{SEC}')
from a.leak
from a.leak_macro()
from read_text((select '{SEC}'))
prepare p as from read_text($1); execute p('{SEC}')
create temp view w as from read_text('{SEC}'); from w
create macro mm() as table from read_text('{SEC}'); from mm()
set variable f = '{SEC}'; from read_text(getvariable('f'))
from query('from read_text(''{SEC}'')')
from query_table(['{SEC}'])
from secret_variable
select getenv('HOME')
from duckdb_secrets()
from which_secret('s3://b', 's3')
"""
NETWORK = """
install httpfs
load httpfs
force install httpfs
load '{DIR}/x.duckdb_extension'
install quack from community
update extensions
from read_csv('http://127.0.0.1:1/x')
from 'https://127.0.0.1:1/x.parquet'
from 's3://b/x.parquet'
attach 'http://127.0.0.1:1/x.duckdb'
attach 'md:x'
attach 'x' (type sqlite)
attach 'host=127.0.0.1' (type postgres)
select st_point(1,2)
from read_xlsx('x')
pragma create_fts_index('m','i','i')
select '127.0.0.1'::inet
"""
SETTINGS = """
set enable_external_access=true
reset enable_external_access
set disabled_filesystems=''
reset disabled_filesystems
set lock_configuration=false
set memory_limit='1TB'
set threads=3
set home_directory='{OUT}'
set file_search_path='{DIR}'
set allowed_directories=['{DIR}']
set allowed_paths=['{SEC}']
set allow_community_extensions=true
set allow_unsigned_extensions=true
set autoinstall_known_extensions=true
set python_enable_replacements=true
set custom_extension_repository='http://127.0.0.1:1'
"""
SESSION_STATE = """
pragma disable_checkpoint_on_shutdown
set search_path='a'
set variable x=1
create temp table tt as select 1
create temp macro plus(x) as x + 1
prepare p as select 1
begin
checkpoint
force checkpoint
checkpoint a
vacuum
vacuum a.m
analyze
call truncate_duckdb_logs()
select write_log('x')
pragma database_list
from duckdb_settings()
"""


def statements(folder: Path) -> dict[str, list[str]]:
    """The statements by kind, with the paths of a folder prepared by `prepare`."""
    places = {
        "DB": folder / "a.duckdb",
        "OUT": folder / "out",
        "SEC": folder / "secret.csv",
        "OTHER": folder / "other.duckdb",
        "DIR": folder,
        "DIRNAME": folder.name,
    }
    kinds = {"write": WRITES, "read": READS, "network": NETWORK, "setting": SETTINGS, "state": SESSION_STATE}
    return {kind: text.format(**places).strip().splitlines() for kind, text in kinds.items()}


def prepare(folder: Path) -> None:
    """Make the files the statements name."""
    (folder / "out").mkdir()
    secret = folder / "secret.csv"
    secret.write_text(f"word\n{HIDDEN_WORD}\n")
    (folder / "link.csv").symlink_to(secret)
    make_file(folder / "other.duckdb", f"CREATE TABLE t AS SELECT '{HIDDEN_WORD}' AS word")
    make_file(
        folder / "a.duckdb",
        "CREATE TABLE m AS SELECT range AS i FROM range(1000)",
        f"CREATE VIEW leak AS SELECT * FROM read_text('{secret}')",
        f"CREATE MACRO leak_macro() AS TABLE SELECT * FROM read_text('{secret}')",
    )


def attempt(folder: Path, statement: str) -> tuple[str, str]:
    """Run a statement in a session of its own; the text of its last result, and of its error."""
    secret_variable = [HIDDEN_WORD]
    request = request_for({"a": folder / "a.duckdb"})
    with open_sources(request, lambda _source: None).connection as connection:
        assert secret_variable
        try:
            return str(connection.execute(statement).fetchall()), ""
        except (duckdb.Error, ModuleNotFoundError) as error:
            return "", str(error)


def main() -> None:
    """Run the statements that may reach the network, on the folder named on the command line."""
    folder = Path(sys.argv[1])
    texts = statements(folder)
    with open_sources(request_for({"a": folder / "a.duckdb"}), lambda _source: None).connection as connection:
        for statement in texts["network"] + texts["setting"] + texts["read"]:
            with contextlib.suppress(duckdb.Error, ModuleNotFoundError):
                connection.execute(statement).fetchall()


if __name__ == "__main__":
    main()
