"""FOCUS exports, generated: as files and as tables, read by their header, exact to the last decimal."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.workspace.load import load_workspace
from tests.costs.books import Books, messages

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]
BASE: Row = {
    "BilledCost": "0.00000000001",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-04-01 00:00:00",
    "ChargeCategory": "Usage",
    "ChargeClass": "NULL",
    "ChargePeriodStart": "2026-04-02 05:00:00",
    "ContractedCost": "0",
    "EffectiveCost": "0",
    "ListCost": "0.5",
    "RegionId": "NULL",
    "ResourceId": "vm-1",
    "ServiceCategory": "Compute",
    "ServiceName": "Machines",
    "SubAccountName": "Atlas",
    "Tags": "NULL",
}
RULES = """
[[rule]]
id = "app"
tag = "app=web"
kind = "direct"
[[rule]]
id = "machines"
tag = "ServiceCategory=Compute"
kind = "direct"
"""
ROWS = [
    BASE,
    BASE
    | {"ResourceId": "vm-2", "Tags": '{"app": "web", " org": "x"}', "BilledCost": "1.10000000002", "RegionId": "eu"},
    BASE | {"ResourceId": "db-1", "ServiceCategory": "Databases", "ServiceName": "Store", "BilledCost": "2"},
    BASE | {"ResourceId": "db-2", "ServiceCategory": "Databases", "Tags": '{"service": "ledger", "org": "x"}'},
    BASE | {"ResourceId": "tax", "ChargeCategory": "Tax", "BilledCost": "9"},
    BASE | {"ResourceId": "edge", "ChargePeriodStart": "2026-05-01T01:00:00+02:00", "BilledCost": "4"},
]


def write_csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_MINIMAL)
        writer.writeheader()
        writer.writerows(rows)


def exported(root: Path, rows: list[Row], form: str, basis: str = "billed") -> Books:
    """A workspace over one export, as a `.csv`, a `.parquet` or a table with a name of its own."""
    books = Books(root, statements=[]).model(f'cost_basis = "{basis}"\n{RULES}')
    write_csv(root / "bill.csv", rows)
    if form == "table":
        books.run(f"create table cloud_bill as select * from read_csv('{root / 'bill.csv'}', all_varchar = true)")
        books.write()
        return books
    if form == "parquet":
        duckdb.sql(
            f"copy (select * replace (cast(BilledCost as decimal(30,15)) as BilledCost) from"
            f" read_csv('{root / 'bill.csv'}', all_varchar = true)) to '{root / 'bill.parquet'}'"
        )
    books.run("create table nothing (i int)").write()
    with (root / "reviewtui.toml").open("a") as file:
        file.write(f'[[source]]\npath = "bill.{form}"\nkind = "focus"\n')
    return books


def report_of(books: Books) -> dict[str, str]:
    from datetime import date

    from reviewtui.costs.report import ReportRequest, cost_report

    workspace = load_workspace(books.root)
    request = ReportRequest(date(2026, 5, 6), "USD", {})
    report = cost_report(books.inputs(workspace), workspace.cost_models, {}, request)
    found = {f"{row.region}.{row.measure}": row.value for row in report.rows if row.period == "2026-04"}
    return found | {"problems": messages(report)}


@pytest.mark.parametrize("form", ["csv", "parquet", "table"])
def test_every_form_gives_the_same_exact_figures(tmp_path: Path, form: str) -> None:
    found = report_of(exported(tmp_path, ROWS, form))
    # vm-1 and vm-2 are machines, vm-2 is the web application too; the database is nobody's.
    assert found["all.total_cost"] == "5.10000000003"
    assert found["all.in_scope"] == "7.10000000004"
    assert found["all.unallocated"] == "2.00000000001"
    assert found["all.excluded_tax"] == "9"
    assert found["all.naive_total"] == "6.20000000005"
    assert found["all.lines"] == "vm-2"
    assert found["no region.total_cost"] == "4.00000000001"
    assert found["eu.Machines"] == "1.10000000002"
    assert 'differ only in spaces, case or punctuation: " org", "org"' in found["problems"]


def test_effective_cost_comes_with_its_warning(tmp_path: Path) -> None:
    found = report_of(exported(tmp_path, ROWS, "csv", "effective"))
    assert found["all.total_cost"] == "0"
    assert "6 of 6 lines have a billed cost and no effective cost" in found["problems"]


def test_an_export_without_mandatory_columns_is_refused_with_their_names(tmp_path: Path) -> None:
    rows = [{name: value for name, value in row.items() if name not in ("ListCost", "ServiceName")} for row in ROWS]
    found = report_of(exported(tmp_path, rows, "csv"))
    assert "it has no column ListCost, ServiceName" in found["problems"]
    assert "all.total_cost" not in found


def test_columns_of_later_versions_are_known(tmp_path: Path) -> None:
    rows = [row | {"AllocatedTags": '{"app": "web"}', "AllocatedMethodId": "even-split"} for row in ROWS[:1]]
    found = report_of(exported(tmp_path, rows, "csv"))
    assert found["all.lines"] == "vm-1"
    assert "were split by the provider already" in found["problems"]


def test_the_same_export_row_twice_withholds_the_figures(tmp_path: Path) -> None:
    found = report_of(exported(tmp_path, [*ROWS, ROWS[1]], "csv"))
    assert "equal to another one in every column" in found["problems"]
    assert "all.total_cost" not in found


def test_a_cost_table_beside_an_export_is_used_alone(tmp_path: Path) -> None:
    books = exported(tmp_path, ROWS, "table")
    books.run("create table cost_line (day date, tags varchar, amount decimal(9,2))")
    books.run("insert into cost_line values ('2026-04-01', 'app=web', 3)").write()
    found = report_of(books)
    assert found["all.total_cost"] == "3"
    assert "This FOCUS export is not used: the table cost_line of this source gives the cost lines" in found["problems"]
