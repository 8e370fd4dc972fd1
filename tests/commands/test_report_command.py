"""`reviewtui report` on real files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.anomalies.made import noisy
from tests.commands.support import Outcome, run
from tests.sheets import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-10"
FORMATS = ("markdown", "slack", "html")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the workspace `ws`: three years of values of one product, and its review of October 2026."""
    home = tmp_path_factory.mktemp("home")
    root = home / "ws"
    (root / "imports").mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\nname = 'Acme'\n", encoding="utf-8")
    months = [f"{year}-{number:02d}-01" for year in range(2023, 2027) for number in range(1, 13)][10:46]
    lines = ["product_id,month,metric,value"]
    for place, metric in enumerate(("churned_mrr", "mrr", "tickets_created")):
        values = noisy(36, seed=place)
        values[-1] = {"churned_mrr": 260.0}.get(metric, 100.0)
        lines += [f"replay,{month},{metric},{value!r}" for month, value in zip(months, values, strict=True)]
    (root / "imports" / "sheet.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder = root / "products" / "replay" / "reviews" / "2026-10"
    folder.mkdir(parents=True)
    (root / "products" / "replay" / "product.toml").write_text('schema = 1\nproduct_id = "replay"\n', "utf-8")
    (folder / "review.toml").write_text('schema = 1\nmode = "sync"\nverdict = "Churn, and why."\n', "utf-8")
    (folder / "x-261105-ab12-churn.toml").write_text(
        'schema = 1\nmetric = "churned_mrr"\nmonth = "2026-10"\nverdict = "explained"\n'
        'said_on = 2026-11-05\nauthor = "ada"\nreason = "Acme left."\n',
        encoding="utf-8",
    )
    return home


def report(home: Path, *options: str) -> Outcome:
    """The summary of the workspace `ws`."""
    return run(home, "report", "--workspace", "ws", "--as-of", DAY, *options, cwd=home)


@pytest.fixture(scope="module")
def printed(home: Path) -> dict[str, Outcome]:
    """The summary in each form."""
    return {form: report(home, "--format", form) for form in FORMATS}


@pytest.mark.parametrize("form", FORMATS)
def test_each_form_opens_with_the_verdict_and_says_what_was_promised(printed: dict[str, Outcome], form: str) -> None:
    done = printed[form]
    assert (done.code, done.err) == (0, "")
    assert done.out.index("Churn, and why.") < done.out.index("Last time we said") < done.out.index("Acme left.")
    assert "Review 2 of Q4 2026, as a meeting." in done.out
    assert done.out.endswith("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_workspace_gives_the_same_bytes(home: Path, printed: dict[str, Outcome], form: str) -> None:
    assert report(home, "--format", form) == printed[form]


def test_a_month_without_data_is_a_summary_without_numbers(home: Path) -> None:
    done = report(home, "--month", "2020-01")
    assert done.code == 0
    assert "review of Jan 2020" in done.out
    assert "## Numbers" not in done.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--product", "reply"), "replay"),
        (("--month", "2026-13"), "2026-13"),
        (("--format", "pdf"), "pdf"),
    ],
)
def test_what_cannot_be_asked_for_is_a_usage_error(home: Path, options: tuple[str, ...], words: str) -> None:
    done = report(home, *options)
    assert done.code == 2
    assert done.out == ""
    assert words in done.err


def test_with_several_products_one_has_to_be_named(home: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    (root / "imports").mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\n", "utf-8")
    (root / "imports" / "a.csv").write_text(
        "product_id,month,metric,value\nreplay,2026-10-01,mrr,1\nflags,2026-10-01,mrr,2\n", "utf-8"
    )
    done = report(tmp_path)
    assert done.code == 2
    assert "--product is missing" in done.err
    assert "flags" in done.err
    assert report(tmp_path, "--product", "flags").code == 0
    assert report(tmp_path, "--product", "Flags") == report(tmp_path, "--product", "flags")


def test_hostile_texts_stay_text_in_every_form(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    folder = root / "products" / "replay" / "reviews" / "2026-10"
    folder.mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\n", "utf-8")
    (root / "imports").mkdir()
    (root / "imports" / "a.csv").write_text("product_id,month,metric,value\nreplay,2026-10-01,mrr,1\n", "utf-8")
    texts = [item["value"] for item in json.loads(HOSTILE.read_text("utf-8"))]
    kept = [text for text in texts if text.strip() and not any("\ud800" <= letter <= "\udfff" for letter in text)]
    (root / "products" / "replay" / "product.toml").write_text('schema = 1\nproduct_id = "replay"\n', "utf-8")
    discussed = toml_string("\n\n".join(kept))
    (folder / "review.toml").write_text(f'schema = 1\nmode = "async"\ndiscussed = {discussed}\n', "utf-8")
    for form in FORMATS:
        done = report(tmp_path, "--format", form)
        assert done.code == 0, done.err
        assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in done.out)
        assert "\x1b" not in done.out
    page = report(tmp_path, "--format", "html").out
    assert "<script" not in page.lower()
    assert "<img" not in page.lower()


def toml_string(text: str) -> str:
    """A text as a basic string of TOML."""
    escaped = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "".join(letter if letter >= " " else f"\\u{ord(letter):04x}" for letter in escaped)
