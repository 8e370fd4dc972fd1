"""How a row's numbers look in a spreadsheet."""

from __future__ import annotations

import pytest

from reviewtui.metrics.sheet import Status, Unit
from reviewtui.reports.number_formats import number_format


@pytest.mark.parametrize(
    ("unit", "values", "pattern"),
    [
        (Unit.MONEY, [20770.5, -3.0], '#,##0;"−"#,##0'),
        (Unit.MONEY, [12.35], '#,##0.00;"−"#,##0.00'),
        (Unit.COUNT, [4.0, 17.0], '#,##0;"−"#,##0'),
        (Unit.PERCENT, [0.033], '#,##0.0%;"−"#,##0.0%'),
        (Unit.PERCENT, [0.0004], '#,##0.00%;"−"#,##0.00%'),
        (Unit.PERCENT_POINTS, [0.02], '#,##0.0%" pts";"−"#,##0.0%" pts"'),
        (Unit.SCORE, [-12.5], '#,##0.0;"−"#,##0.0'),
        (Unit.RATIO, [2.4], '#,##0.00;"−"#,##0.00'),
        (Unit.RATIO, [0.004], '#,##0.0000;"−"#,##0.0000'),
        (Unit.DAYS, [3.5], '#,##0.0" d";"−"#,##0.0" d"'),
        ("GB", [812.0], '#,##0" GB";"−"#,##0" GB"'),
        ("GB", [0.5], '#,##0.00" GB";"−"#,##0.00" GB"'),
        (Unit.COUNT, [2e16], '0.00E+00;"−"0.00E+00'),
        (Unit.MONEY, [], '#,##0;"−"#,##0'),
    ],
)
def test_digits_follow_unit_and_size(unit: str, values: list[float], pattern: str) -> None:
    assert number_format(unit, values).pattern() == pattern


def test_a_mark_says_what_a_number_is_worth() -> None:
    form = number_format(Unit.COUNT, [5.0])
    assert form.pattern(Status.LOW_N) == '"? "#,##0;"? −"#,##0'
    assert form.pattern(Status.RESTATED) == '"± "#,##0;"± −"#,##0'


def test_a_unit_cannot_end_its_quotes() -> None:
    pattern = number_format('x";[Red]0;"\x1b', [1.0]).pattern()
    assert pattern == '#,##0" x\';[Red]0;\'";"−"#,##0" x\';[Red]0;\'"'


def test_a_column_is_wide_enough_for_its_largest_number() -> None:
    assert number_format(Unit.COUNT, [35_000_000.0]).width >= len("−35,000,000")
    assert number_format(Unit.MONEY, [-1234.5]).width >= len("± −1,234")
