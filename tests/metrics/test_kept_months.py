"""Numbers that go on from kept months are the numbers computed from the beginning, whatever changed in between."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics import event_names, usage_section
from reviewtui.metrics.event_names import EVENT_NAMES
from reviewtui.metrics.event_slices import EVENT_SLICES
from reviewtui.metrics.kept import EVERYTHING, KeptSection, first_changed
from reviewtui.metrics.revenue_section import REVENUE
from reviewtui.metrics.usage_section import ACTIVATION, USAGE
from reviewtui.months import Month
from reviewtui.workspace.model import ActivationVersion, Criterion, ProductConfig
from tests.metrics.worksheets import Company, Rows, values
from tests.thoroughness import some_or_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reviewtui.metrics.kept import KeptMonths
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.metrics.work import Work

PRODUCTS = ("flags", "replay")
FIRST = Month(2023, 6)
LAST = Month(2025, 8)
AS_OF = "2025-08-20"
LINE = "customer_id, product_id, subscription_id, kind, period_start, period_end, amount, currency, sku"
EVENT = "product_id, event, user_id, org_id, occurred_at"

CHANGES = {
    "nothing": "select 1",
    "an old event gone": "delete from event where user_id = 'u13' and occurred_at < '2023-09-01'",
    "an old event moved to another user": "update event set user_id = 'u1' where user_id = 'u2' and "
    "occurred_at between '2024-02-01' and '2024-03-01'",
    "events of the open month": "insert into event select 'replay', 'seen', 'u' || k, 'o1', '2025-08-19 10:00+00' "
    "from range(5, 60) r(k)",
    "an old invoice changed": "update invoice_line set amount = amount + 7 where customer_id = 'c4' and "
    "period_end between '2024-05-01' and '2024-06-30'",
    "a new yearly invoice": "insert into invoice_line (customer_id, product_id, subscription_id, kind, period_start, "
    "period_end, amount) values ('c5', 'flags', 's', 'recurring', '2025-08-02', '2026-08-02', 1200)",
    "a yearly invoice of the past": "insert into invoice_line (customer_id, product_id, subscription_id, kind, "
    "period_start, period_end, amount) values ('c39', 'flags', 's', 'recurring', '2024-08-02', '2025-08-02', 1200)",
    "an exchange rate changed": "update fx_rate set rate_to_base = 2 where month = '2025-03-01'",
    "an exchange rate gone": "delete from fx_rate where month = '2024-10-01'",
    "a customer found to be internal": "update customer set is_internal = true where customer_id = 'c7'",
    "a first invoice of long ago": "insert into invoice_line (customer_id, product_id, subscription_id, kind, "
    "period_start, period_end, amount) values ('c8', 'replay', 's', 'recurring', '2022-01-02', '2022-02-02', 12)",
    "everything of a product gone": "delete from event where product_id = 'flags'",
    "an earlier intent": "insert into product_intent values ('replay', 'o3', '2023-07-01 10:00+00')",
    "an event without end": "insert into event values ('flags', 'seen', 'u3', 'o1', 'infinity')",
    "an event of a new name long ago": "insert into event values ('flags', 'first', 'u3', 'o1', '2022-01-02 10:00+00')",
    "two equal events made two others": "update event set user_id = 'u30' where event = 'twice'",
}


def grown_company(folder: Path, **settings: object) -> Company:
    """Two years of forty customers and users who come, go and return, in two currencies."""
    dice = random.Random(11)
    product = ProductConfig(
        "replay",
        "replay",
        revenue_share={"mobile": ("m",)},
        activation=(ActivationVersion((Criterion("seen", 2),), window_days=45),),
    )
    company = Company(folder, products=(product,), **settings)
    lines: Rows = []
    events: Rows = []
    intents: Rows = []
    for person in range(40):
        first = FIRST + dice.randint(0, 20)
        for index in range(first.index, LAST.index + 1):
            month, after = Month.from_index(index), Month.from_index(index + 1)
            for name in PRODUCTS:
                if dice.random() < 0.5:
                    amount, currency, sku = dice.randint(-5, 90), dice.choice(("USD", "EUR")), dice.choice("mx")
                    days = f"{month}-05", f"{after}-05"
                    lines.append((f"c{person}", name, "s", "recurring", *days, amount, currency, sku))
                if dice.random() < 0.3:
                    at = f"{month}-{dice.randint(1, 28):02d} {dice.randint(0, 23):02d}:30:00+00"
                    events.append((name, "seen", f"u{person}", f"o{person % 9}", at))
        intents.append(("replay", f"o{person % 30}", f"{first}-11 08:00:00+00"))
    events += [("replay", "twice", "u31", "o1", "2024-04-04 10:00:00+00")] * 2
    company.add("customer", "customer_id, is_internal", [(f"c{person}", False) for person in range(40)])
    company.add("invoice_line", LINE, lines)
    company.add("event", EVENT, events)
    company.add("product_intent", "product_id, org_id, first_intent_at", intents)
    months = [Month.from_index(index) for index in range(FIRST.index - 30, LAST.index + 2)]
    return company.add(
        "fx_rate", "month, currency, rate_to_base", [(m.first_day, "EUR", 1 + m.number / 50) for m in months]
    )


def same_numbers(sheet: MetricSheet, other: MetricSheet) -> bool:
    """Whether two sheets say the same, problems included."""
    return dict(sheet.rows) == dict(other.rows) and set(sheet.problems) == set(other.problems)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, KeptMonths]:
    company = grown_company(tmp_path_factory.mktemp("origin"))
    evaluated = company.evaluated(AS_OF, {})
    assert same_numbers(evaluated.sheet, company.sheet(AS_OF))
    return company, evaluated.keeps


def copy_of(company: Company, folder: Path) -> Company:
    """The same company in a file of its own."""
    copy = Company(folder, **company.settings)
    shutil.copy(company.path, copy.path)
    return copy


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_kept_months_give_the_numbers_of_a_new_computation(
    origin: tuple[Company, KeptMonths], tmp_path: Path, change: str
) -> None:
    company = copy_of(origin[0], tmp_path).run(CHANGES[change])
    after = company.evaluated(AS_OF, origin[1])
    assert same_numbers(after.sheet, company.sheet(AS_OF))


@pytest.mark.parametrize(
    ("ended", "back"),
    [
        ("delete from event where product_id = 'flags' and occurred_at >= '2024-06-01'", "events of the open month"),
        ("delete from event where product_id = 'flags' and occurred_at >= '2024-06-01'", "an event of flags"),
        ("delete from invoice_line where product_id = 'flags' and period_end >= '2024-06-01'", "a new yearly invoice"),
        ("delete from product_intent where first_intent_at >= '2024-02-01'", "a late intent"),
    ],
)
def test_a_product_that_comes_back_has_the_months_between_too(
    origin: tuple[Company, KeptMonths], tmp_path: Path, ended: str, back: str
) -> None:
    more = {
        "an event of flags": "insert into event values ('flags', 'seen', 'u3', 'o1', '2025-08-03 10:00+00')",
        "a late intent": "insert into product_intent values ('replay', 'o3', '2025-07-01 10:00+00')",
    }
    company = copy_of(origin[0], tmp_path).run(ended)
    kept = company.evaluated(AS_OF, {}).keeps
    company.run((CHANGES | more)[back])
    assert same_numbers(company.evaluated(AS_OF, kept).sheet, company.sheet(AS_OF))


@pytest.mark.parametrize("change", some_or_all(("an old event gone", "a new yearly invoice"), CHANGES))
def test_what_is_kept_after_a_change_is_as_good_as_what_it_was_made_of(
    origin: tuple[Company, KeptMonths], tmp_path: Path, change: str
) -> None:
    company = copy_of(origin[0], tmp_path).run(CHANGES[change])
    after = company.evaluated(AS_OF, origin[1])
    assert same_numbers(company.evaluated("2025-09-03", after.keeps).sheet, company.sheet("2025-09-03"))


@pytest.mark.parametrize("change", ["an old event gone", "a new yearly invoice", "events of the open month"])
def test_kept_months_hold_under_other_settings_too(tmp_path: Path, change: str) -> None:
    company = grown_company(tmp_path, attribution="period_start", time_zone="America/St_Johns")
    before = company.evaluated(AS_OF, {})
    company.run(CHANGES[change])
    assert same_numbers(company.evaluated(AS_OF, before.keeps).sheet, company.sheet(AS_OF))


@pytest.mark.parametrize(
    "days", [("2025-06-30", "2025-07-01"), ("2025-03-02", "2025-08-20"), ("2025-08-20", "2025-05-05")]
)
def test_on_another_day_kept_months_give_the_numbers_of_that_day(
    origin: tuple[Company, KeptMonths], days: tuple[str, str]
) -> None:
    company = origin[0]
    kept = company.evaluated(days[0], {}).keeps
    assert same_numbers(company.evaluated(days[1], kept).sheet, company.sheet(days[1]))


@pytest.mark.parametrize("change", ["key actions", "activation", "reactivation", "share", "zone"])
def test_kept_months_are_not_used_under_other_definitions(
    origin: tuple[Company, KeptMonths], tmp_path: Path, change: str
) -> None:
    company = copy_of(origin[0], tmp_path)
    product = ProductConfig("replay", "replay")
    changes: dict[str, dict[str, object]] = {
        "key actions": {"products": (replace(product, key_action=("twice",)),)},
        "activation": {"products": (product,)},
        "reactivation": {"reactivation_window_days": 40},
        "share": {"products": (replace(product, revenue_share={"other": ("x",)}),)},
        "zone": {"time_zone": "Pacific/Kiritimati"},
    }
    company.settings |= changes[change]
    assert same_numbers(company.evaluated(AS_OF, origin[1]).sheet, company.sheet(AS_OF))


def test_only_the_months_from_the_first_changed_one_on_are_read_again(
    origin: tuple[Company, KeptMonths], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = copy_of(origin[0], tmp_path).run(
        "insert into event values ('replay', 'seen', 'u9', 'o1', '2025-08-01 10:00+00')"
    )
    read: list[int] = []
    sum_portions = usage_section._sum_portions

    def watched(work: object, days: object, since: int, parts: int, seen: object) -> None:
        read.append(since)
        sum_portions(work, days, since, parts, seen)  # type: ignore[arg-type]

    monkeypatch.setattr(usage_section, "_sum_portions", watched)
    company.evaluated(AS_OF, origin[1])
    assert read == [LAST.index]


@pytest.mark.parametrize(
    ("change", "most_names", "read_again"),
    [
        ("events of the open month", event_names.MOST_NAMES, False),
        ("an old event gone", event_names.MOST_NAMES, True),
        ("an event without end", event_names.MOST_NAMES, True),
        ("events of the open month", 1, True),
    ],
)
def test_names_of_events_are_kept_while_there_are_few_and_the_events_of_old_are_the_same(
    tmp_path: Path,
    origin: tuple[Company, KeptMonths],
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    most_names: int,
    read_again: bool,
) -> None:
    monkeypatch.setattr(event_names, "MOST_NAMES", most_names)
    company = copy_of(origin[0], tmp_path)
    kept = company.evaluated(AS_OF, {}).keeps
    company.run(CHANGES[change])
    used: list[bool] = []
    collect = event_names._collect_names

    def watched(work: Work, rows: Sequence[tuple[object, ...]], last: Month) -> None:
        used.append(bool(rows))
        collect(work, rows, last)

    monkeypatch.setattr(event_names, "_collect_names", watched)
    assert same_numbers(company.evaluated(AS_OF, kept).sheet, company.sheet(AS_OF))
    assert used == [not read_again]


def test_what_is_kept_names_nobody(origin: tuple[Company, KeptMonths]) -> None:
    kept = origin[1]
    texts = {str(value) for section in kept.values() for rows in section.sums.values() for row in rows for value in row}
    assert not texts & {f"{letter}{number}" for letter in "cuo" for number in range(40)}
    assert {EVENT_NAMES, EVENT_SLICES, REVENUE, USAGE, ACTIVATION} == set(kept)


def test_no_event_is_kept_by_name_where_one_has_an_address_in_it(
    origin: tuple[Company, KeptMonths], tmp_path: Path
) -> None:
    event = "insert into event values ('replay', 'mailed ann@example.org', 'u1', 'o1', '2024-04-04 10:00:00+00')"
    company = copy_of(origin[0], tmp_path).run(event)
    for kept in ({}, origin[1]):
        after = company.evaluated(AS_OF, kept)
        assert not any(after.keeps[EVENT_NAMES].sums.values())
        assert same_numbers(after.sheet, company.sheet(AS_OF))


KEPT = KeptSection("m", 1, 100, {"event": {98: (2, 5), 99: (1, 7), 100: (1, 1)}}, {})


@pytest.mark.parametrize(
    ("marks", "first"),
    [
        ({98: (2, 5), 99: (1, 7), 100: (1, 1)}, 101),
        ({98: (2, 5), 99: (1, 8), 100: (1, 1)}, 99),
        ({98: (3, 5), 99: (1, 7), 100: (1, 1)}, 98),
        ({99: (1, 7), 100: (1, 1)}, 98),
        ({97: (1, 1), 98: (2, 5), 99: (1, 7), 100: (1, 1)}, 97),
        ({98: (2, 5), 99: (1, 7), 100: (1, 1), 101: (4, 4)}, 101),
    ],
)
def test_the_first_changed_month_has_other_rows_or_was_not_computed(
    marks: dict[int, tuple[int, int]], first: int
) -> None:
    assert first_changed(KEPT, "m", {"event": marks}) == first


def test_nothing_is_used_of_other_definitions_or_tables() -> None:
    assert first_changed(None, "m", {}) == EVERYTHING
    assert first_changed(KEPT, "n", KEPT.marks) == EVERYTHING
    assert first_changed(KEPT, "m", {**KEPT.marks, "event_month": {}}) == EVERYTHING


ALIKE = ("usr_00120-159_34", "usr_00150-159_31")
"""The quick hash of DuckDB is the same for both."""


_BOTH = f"from unnest({list(ALIKE)}) r(id)"
_TWO_EVENTS = f"insert into event select 'replay', 'seen', id, id, '2024-04-04 10:00+00' {_BOTH}"
_TWO_LINES = f"""insert into invoice_line by name
    select id as customer_id, 'flags' as product_id, 's' as subscription_id, 'recurring' as kind,
        '2024-04-02' as period_start, '2024-05-02' as period_end, 12 as amount {_BOTH}"""


@pytest.mark.parametrize(
    ("made", "table", "column"),
    [
        (_TWO_EVENTS, "event", "user_id"),
        (_TWO_EVENTS, "event", "org_id"),
        (_TWO_LINES, "invoice_line", "customer_id"),
    ],
)
def test_an_old_row_that_is_given_a_name_much_alike_is_noticed(
    origin: tuple[Company, KeptMonths], tmp_path: Path, made: str, table: str, column: str
) -> None:
    company = copy_of(origin[0], tmp_path).run(made)
    before = company.evaluated(AS_OF, {})
    company.run(f"update {table} set {column} = '{ALIKE[1]}' where {column} = '{ALIKE[0]}'")
    after = company.evaluated(AS_OF, before.keeps)
    assert same_numbers(after.sheet, company.sheet(AS_OF))
    assert not same_numbers(after.sheet, before.sheet)


def test_users_with_alike_names_are_told_apart(tmp_path: Path) -> None:
    names = [f"usr_{a:05d}-{b:02d}_{c}" for a in range(40) for b in range(40) for c in range(10)]
    company = Company(tmp_path).run(
        "create table event (product_id text, event text, user_id text, occurred_at timestamptz)"
    )
    company.run(
        "insert into event select 'replay', 'seen', printf('usr_%05d-%02d_%d', a, b, c), '2025-07-05 10:00+00' "
        "from range(40) x(a), range(40) y(b), range(10) z(c)"
    )
    kept = company.evaluated(AS_OF, {})
    company.run("insert into event select product_id, event, user_id || 'x', '2025-08-05 10:00+00' from event")
    after = company.evaluated(AS_OF, kept.keeps)
    assert values(kept.sheet, "replay", "unique_users", "2025-07") == [len(names)]
    assert values(after.sheet, "replay", "users_new", "2025-07") == [len(names)]
    assert same_numbers(after.sheet, company.sheet(AS_OF))
