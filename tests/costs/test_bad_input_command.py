"""Bad input through the real command: each gets one clear sentence with its place, and the exit code says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands.support import run
from tests.costs.books import DIRECT, Books

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POOL = '[[rule]]\nid = "pool"\ntag = "ingress"\nkind = "shared"\nproxy = "bytes"\nwhy = "measured"\n'


def doubled(books: Books) -> None:
    """The same line twice, equal in every column."""
    books.model().line("10", line_id="a").line("10", line_id="a")


def currencies(books: Books) -> None:
    """Two currencies."""
    books.model().line("10").line("10", currency="EUR")


def too_much(books: Books) -> None:
    """70 % and 40 % of one pool."""
    books.line("100", "ingress").model(POOL + "share = 0.7\n").model(POOL + "share = 0.4\n", "flags")


def no_share(books: Books) -> None:
    """A share above 1 is none."""
    books.line("100", "ingress").model(POOL + "share = 1.5\n")


def no_region(books: Books) -> None:
    """A share of another region only."""
    books.line("100", "ingress", region="eu").model(POOL + 'region = "us"\nshare = 0.5\n')


def no_amount(books: Books) -> None:
    """A bill whose amounts have another name."""
    books.model().statements[0] = "create table cost_line (day date, tags varchar, price decimal(18,4))"


def no_number(books: Books) -> None:
    """An amount with a decimal comma."""
    books.model().statements[0] = "create table cost_line (day date, tags varchar, amount varchar)"
    books.run("insert into cost_line values ('2026-04-01', 'replay', '1,5'), ('2026-04-02', 'replay', '2')")


def unknown_key(books: Books) -> None:
    """A kind of rule that there is not."""
    books.line("1").model(DIRECT.replace("direct", "drect"))


def catch_all(books: Books) -> None:
    """A rule that takes everything."""
    books.line("1").line("2").model()


def no_toml(books: Books) -> None:
    """A file that is not TOML."""
    books.line("1").model("[[rule\n")


CASES: dict[str, tuple[Callable[[Books], None], int, str]] = {
    "loaded twice": (doubled, 1, "bill.main.cost_line: 1 cost line equal to another one in every column"),
    "several currencies": (currencies, 1, "Cost lines are in several currencies (EUR, USD)"),
    "shares over 1": (too_much, 1, "cost.toml:3: The shares of the pool `ingress` add up to 110 % in 2026-04"),
    "a share over 1": (no_share, 1, "cost.toml:9: `share` is a share from 0 to 1, not 1.5"),
    "no share for a region": (no_region, 1, "cost.toml:3: The rule `pool` has no share for the region eu"),
    "no amount": (no_amount, 1, "cost_line: bill.main.cost_line lacks amount. No costs are read from it"),
    "an amount that is no number": (no_number, 1, "1 cost line with an amount that is no number: left out"),
    "an unknown kind": (unknown_key, 1, "cost.toml:6"),
    "a rule that takes all": (catch_all, 0, "cost.toml:3: warning: The rule `own` wins every cost line of 2026-04"),
    "not TOML": (no_toml, 1, "cost.toml:3"),
}


@pytest.mark.parametrize(("spoil", "code", "sentence"), CASES.values(), ids=CASES)
def test_the_command_says_what_is_wrong_and_where(
    tmp_path: Path, spoil: Callable[[Books], None], code: int, sentence: str
) -> None:
    books = Books(tmp_path / "w")
    books.root.mkdir()
    spoil(books)
    books.write()
    outcome = run(tmp_path, "--workspace", books.root, "--as-of", books.as_of, "costs", "--format", "csv")
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.code == code, outcome.err
    assert outcome.out.startswith("product,section,period,region,measure,value,unit")


def test_negative_totals_and_zero_volume_are_figures_and_gaps(tmp_path: Path) -> None:
    books = Books(tmp_path / "w")
    books.root.mkdir()
    books.line("20").line("-100.50", category="Credit").usage("0", "0").model()
    books.write()
    outcome = run(tmp_path, "--workspace", books.root, "--as-of", books.as_of, "costs", "--format", "csv")
    assert "replay,allocation,2026-04,all,total_cost,-80.5,USD" in outcome.out
    assert "replay,unit,2026-04,all,cost_per_unit,,USD" in outcome.out
    assert "replay,unit,2026-04,all,gross_margin_pct,,%" in outcome.out


def test_a_month_that_is_not_over_is_marked_and_compared_with_nothing(tmp_path: Path) -> None:
    books = Books(tmp_path / "w")
    books.root.mkdir()
    books.line("20").line("1", day="2026-05-02").usage("10", "50").model()
    books.write()
    arguments = ("--workspace", books.root, "--as-of", books.as_of, "costs", "--format", "csv", "--month", "2026-05")
    outcome = run(tmp_path, *arguments)
    assert "2026-05 is not complete yet; its figures are of the days so far." in outcome.err
    changes = [line for line in outcome.out.splitlines() if ",review,2026-05," in line and "_mom_" in line]
    assert changes
    assert all(line.split(",")[5] == "" for line in changes)


def test_idle_capacity_with_a_rule_of_its_own_is_a_component_apart(tmp_path: Path) -> None:
    """Half of the idle capacity is this product's; without the rule all of it would be unallocated."""
    idle = '[[rule]]\nid = "idle"\ntag = "idle"\nkind = "shared"\nproxy = "requests"\nwhy = "by use"\nshare = 0.5\n'
    books = Books(tmp_path).line("100").line("30", "idle", service="idle capacity")
    figures = books.model(DIRECT + idle).figures()
    assert (figures["component.idle capacity"], figures["reconcile.unallocated"]) == ("15", "0")
    assert books.model(DIRECT).figures()["reconcile.unallocated"] == "30"
    apart = books.model('other_tags = ["idle"]\n' + DIRECT).figures()
    assert (apart["reconcile.unallocated"], apart["reconcile.elsewhere"]) == ("0", "30")
