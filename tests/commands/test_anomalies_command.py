"""`reviewtui anomalies` on real files."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.anomalies.made import noisy
from tests.commands.support import Outcome, run

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-10"
METRIC_COLUMNS = "product,month,metric,value,n,status,low,high,score,anomaly,source"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the workspace `ws`: three years of imported values, the last October far out in three of four."""
    home = tmp_path_factory.mktemp("home")
    root = home / "ws"
    (root / "imports").mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\nname = 'Acme'\n", encoding="utf-8")
    months = [f"{year}-{number:02d}-01" for year in range(2023, 2027) for number in range(1, 13)][10:46]
    last = {"churned_mrr": 260.0, "mrr": 40.0, "tickets_created": 180.0}
    lines = ["product_id,month,metric,value"]
    for place, metric in enumerate(("churned_mrr", "mrr", "tickets_created", "arpa")):
        values = noisy(36, seed=place)
        values[-1] = last.get(metric, 100.0)
        lines += [f"replay,{month},{metric},{value!r}" for month, value in zip(months, values, strict=True)]
    (root / "imports" / "sheet.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    explained = root / "products" / "replay" / "reviews" / "2026-10"
    explained.mkdir(parents=True)
    (root / "products" / "replay" / "product.toml").write_text('schema = 1\nproduct_id = "replay"\n', encoding="utf-8")
    (explained / "x-261105-ab12-tickets.toml").write_text(
        'schema = 1\nid = "x-261105-ab12"\nmetric = "tickets_created"\nmonth = "2026-10"\nverdict = "explained"\n'
        'said_on = 2026-11-05\nreason = "A broken release."\n',
        encoding="utf-8",
    )
    return home


def anomalies(home: Path, *options: str) -> Outcome:
    """The anomalies of the workspace `ws`."""
    return run(home, "anomalies", "--workspace", "ws", "--as-of", DAY, *options, cwd=home)


def rows_of(outcome: Outcome) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(outcome.out)))


def test_the_newest_complete_month_is_listed_with_reasons_and_states(home: Path) -> None:
    outcome = anomalies(home, "--format", "csv")
    assert outcome.out.startswith(METRIC_COLUMNS + ",reason,")
    found = {row["metric"]: row for row in rows_of(outcome)}
    assert {name: (row["month"], row["anomaly"], row["follows"], row["state"]) for name, row in found.items()} == {
        "churned_mrr": ("2026-10", "spike", "", "open"),
        "mrr": ("2026-10", "dip", "replay/churned_mrr", "open"),
        "tickets_created": ("2026-10", "spike", "", "explained"),
    }
    assert "times the usual monthly movement above the expected" in found["churned_mrr"]["reason"]
    assert found["tickets_created"]["explanation"] == "A broken release."
    assert "3 values of 2026-10 out of the ordinary, 1 to explain." in outcome.err


def test_only_the_unexplained_are_listed_when_asked(home: Path) -> None:
    listed = [row["metric"] for row in rows_of(anomalies(home, "--unexplained", "--format", "csv"))]
    assert listed == ["churned_mrr", "mrr"]


def test_json_and_the_columns_of_metrics_say_the_same(home: Path) -> None:
    document = json.loads(anomalies(home, "--format", "json").out)
    assert (document["workspace"], document["month"]) == ("Acme", "2026-10")
    listed = {item["metric"]: item for item in document["anomalies"]}
    options = ("--workspace", "ws", "--as-of", DAY, "--from", "2026-10", "--to", "2026-10", "--format", "csv")
    for row in rows_of(run(home, "metrics", *options, cwd=home)):
        item = listed.get(row["metric"])
        assert row["anomaly"] == ("" if item is None else item["anomaly"])
        assert (float(row["score"]) > 1) == (item is not None)
        if item is not None:
            assert (float(row["low"]), float(row["high"])) == (item["low"], item["high"])


def test_the_open_month_has_no_verdict(home: Path) -> None:
    options = ("--workspace", "ws", "--as-of", "2026-10-20", "--format", "csv", "--from", "2026-09")
    rows = rows_of(run(home, "metrics", *options, cwd=home))
    assert {row["month"] for row in rows if row["score"]} == {"2026-09"}


def test_a_reader_gets_sentences(home: Path) -> None:
    lines = anomalies(home).out.splitlines()
    place = lines.index("replay, Churned MRR · spike")
    assert lines[0] == "replay, Created tickets · spike (explained)"
    assert lines[place + 1].startswith("  260 is ")
    assert any(line.startswith("  replay, MRR · dip") for line in lines[place + 2 :])
    assert "| ↳ replay, MRR | dip |" in anomalies(home, "--format", "markdown").out


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("2026-12", "2026-12 is not complete yet and is not judged; the newest complete month is 2026-10."),
        ("2019-01", "There are no numbers of 2019-01."),
    ],
)
def test_why_there_is_nothing_is_said(home: Path, month: str, words: str) -> None:
    outcome = anomalies(home, "--month", month)
    assert (outcome.out, words in outcome.err) == ("", True)


def test_a_month_that_is_none_is_wrong_usage(home: Path) -> None:
    assert anomalies(home, "--month", "Oct").code == 2
