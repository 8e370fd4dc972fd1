"""The worked example of the cost model as real workspace files: a DuckDB file and a `cost.toml`."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterable

FIXTURES = Path(__file__).parents[2] / "fixtures" / "costs"
AS_OF = "2026-05-06"
UNTAGGED = "(untagged)"

Row = dict[str, str]


def read_rows(name: str) -> list[Row]:
    """The rows of a fixture."""
    with (FIXTURES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_example(root: Path, target_margin: str | None = "0.60") -> Path:
    """A workspace at `root` that says what the example's input says."""
    records: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read_rows("cost_example_input.csv"):
        records[row["record"]].append(row)
    folder = root / "products" / "replay"
    folder.mkdir(parents=True)
    (root / "reviewtui.toml").write_text('schema = 1\nname = "Example"\n[[source]]\npath = "bill.duckdb"\n')
    (folder / "product.toml").write_text('schema = 1\nproduct_id = "replay"\nstage = "growth"\n')
    (folder / "cost.toml").write_text(_model(records, target_margin))
    _database(root / "bill.duckdb", records)
    return root


def _list(text: str) -> str:
    return "[" + ", ".join(f'"{part}"' for part in text.split(";") if part) + "]"


def _model(records: dict[str, list[Row]], target_margin: str | None) -> str:
    settings = {row["key"]: row["text"] or row["value"] for row in records["setting"]}
    lines = [
        "schema = 1",
        f'unit = "{settings["unit"]}"',
        f"exclude_charge_category = {_list(settings['exclude_charge_category'])}",
        f"days_per_month = {settings['days_per_month']}",
        f'storage_component = "{settings["storage_component"]}"',
        f"verdict_band_pp = {settings['verdict_band_pp']}",
        f"model_last_reviewed = {settings['model_last_reviewed']}",
        f"latest_data_day = {settings['latest_data_day']}",
        f"other_tags = [{', '.join(repr(row['key']) for row in records['othertag'])}]",
    ]
    if target_margin is not None:
        lines.append(f"target_margin = {target_margin}")
    for row in records["arch"]:
        paths = _list(row["tags"])
        lines += ["[[service]]", f'name = "{row["key"]}"', f"path = {paths}", f'component = "{row["text"]}"']
    for row in records["rule"]:
        kind, _, proxy = row["text"].partition(": ")
        lines += ["[[rule]]", f'id = "{row["key"]}"', f'tag = "{row["tags"]}"', f'kind = "{kind}"']
        lines += [f"services = {_list(row['service'])}"] if row["service"] else []
        lines += [f'proxy = "{proxy}"', 'why = "as measured"'] if kind == "shared" else []
        lines += [f'valid_from = "{row["period"]}"'] if row["period"] else []
        lines += [
            f"{name} = {row[column]}"
            for name, column in (("share", "value"), ("low", "low"), ("high", "high"))
            if row[column]
        ]
    for row in records["assumption"]:
        values = (f"{name} = {row[name]}" for name in ("value", "low", "high"))
        lines += [f"[assumption.{row['key']}]", *values]
    return "\n".join(lines) + "\n"


def _database(path: Path, records: dict[str, list[Row]]) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table cost_line (line_id varchar, day date, service varchar, tags varchar[], component varchar,"
            " region varchar, charge_category varchar, amount decimal(18,2), currency varchar)"
        )
        connection.execute(
            "create table query_log (day date, region varchar, product varchar, feature varchar, cpu_seconds double,"
            " read_bytes bigint, queries bigint)"
        )
        connection.execute(
            "create table usage_day (product_id varchar, day date, unit varchar, volume double, revenue decimal(18,2),"
            " customer_id varchar, region varchar)"
        )
        connection.execute(
            "create table cost_week (product_id varchar, week date, component varchar, amount decimal(18,2), days int)"
        )
        _insert(
            connection,
            "cost_line",
            (
                (
                    row["key"],
                    f"{row['period']}-01",
                    row["service"] or None,
                    [tag for tag in row["tags"].split(";") if tag],
                    None,
                    row["region"],
                    row["charge_category"],
                    row["value"],
                    "USD",
                )
                for row in records["line"]
            ),
        )
        _insert(
            connection,
            "query_log",
            (
                (
                    f"{row['period']}-01",
                    row["region"],
                    "" if row["key"] == UNTAGGED else row["key"],
                    "",
                    row["value"],
                    0,
                    1,
                )
                for row in records["querylog"]
            ),
        )
        revenue = {(row["period"], row["region"]): row["value"] for row in records["revenue"]}
        _insert(
            connection,
            "usage_day",
            (
                (
                    "replay",
                    f"{row['period']}-01",
                    row["key"],
                    row["value"],
                    revenue[row["period"], row["region"]],
                    None,
                    row["region"],
                )
                for row in records["volume"]
            ),
        )
        _insert(
            connection,
            "cost_week",
            (
                ("replay", row["period"], row["key"], row["value"], int(row["text"].removeprefix("days=")))
                for row in records["weekly"]
            ),
        )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    for row in rows:
        connection.execute(f"insert into {table} values ({', '.join('?' for _ in row)})", list(row))
