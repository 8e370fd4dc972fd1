"""Formulas: what they give, and what is said where they cannot be read."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reviewtui.metrics.formula import DEEPEST, LONGEST, FormulaError, Result, read_formula

HOSTILE = [entry["value"] for entry in json.loads(Path("fixtures/hostile_strings.json").read_text("utf-8"))]

VALUES = {"mrr": 12.0, "users": 8.0, "nought": 0.0, "revenue_share.web": 0.5, "売上": 3.0, "a b": 7.0, "_x": 1.0}


def worked_out(text: str) -> Result:
    return read_formula(text).work_out(VALUES)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("8 - 4 - 2", 2.0),
        ("8 / 4 / 2", 1.0),
        ("2 - -3", 5.0),
        ("--3", 3.0),
        ("-mrr * 2", -24.0),
        ("- (mrr - users)", -4.0),
        ("mrr/users", 1.5),
        ("mrr ÷ users × 100 − 50", 100.0),
        ("1_000 * .5 + 1e2", 600.0),
        ("revenue_share.web * mrr", 6.0),
        ("売上 * 2", 6.0),
        ("`a b` + `mrr`", 19.0),
        ("_x\n +\t1", 2.0),
        ("((((mrr))))", 12.0),
    ],
)
def test_formulas_are_worked_out_as_in_arithmetic(text: str, value: float) -> None:
    assert worked_out(text).value == value


@pytest.mark.parametrize(
    ("text", "numerator", "denominator"),
    [
        ("mrr / users", 12.0, 8.0),
        ("(mrr + 4) / (users / 2)", 16.0, 4.0),
        ("(mrr / users)", 12.0, 8.0),
        ("mrr / users / _x", 1.5, 1.0),
        ("100 / users", 100.0, 8.0),
    ],
)
def test_a_quotient_shows_what_it_divides(text: str, numerator: float, denominator: float) -> None:
    result = worked_out(text)
    assert (result.numerator, result.denominator) == (numerator, denominator)


@pytest.mark.parametrize("text", ["mrr / users * 100", "mrr / 12", "mrr + users", "-(mrr / users)", "1 + mrr / users"])
def test_other_formulas_are_no_quotients(text: str) -> None:
    result = worked_out(text)
    assert (result.numerator, result.denominator) == (None, None)
    assert (read_formula(text).numerator, read_formula(text).denominator) == ("", "")


def test_dividing_by_a_number_makes_no_rate() -> None:
    assert not read_formula("mrr / 12 + users").is_rate
    assert read_formula("mrr / (12 - users) + 1").is_rate


@pytest.mark.parametrize(
    ("text", "zero"),
    [
        ("mrr / nought", "nought"),
        ("mrr / (users - 8)", "(users - 8)"),
        ("1 + mrr / (nought * 2) * 3", "(nought * 2)"),
        ("mrr / 0", "0"),
        ("mrr / -nought", "-nought"),
        ("mrr / `nought`", "`nought`"),
    ],
)
def test_a_division_by_zero_says_by_what(text: str, zero: str) -> None:
    result = worked_out(text)
    assert (result.value, result.zero) == (None, zero)


@pytest.mark.parametrize("text", ["1e308 * 10", "1e308 + 1e308", "1e308 * 10 - 1e308 * 10", "1 / 1e-320 * 1e300"])
def test_a_result_that_is_no_finite_number_is_none(text: str) -> None:
    assert worked_out(text) == Result(None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the formula ends where a number, a metric or `(` is expected, at column 1"),
        ("mrr +", "the formula ends where a number, a metric or `(` is expected, at column 6"),
        ("mrr users", "`users` stands where an operator is expected, at column 5"),
        ("(mrr", "the formula ends where an operator or `)` is expected, at column 5"),
        ("mrr)", "`)` stands where an operator is expected, at column 4"),
        ("mrr * / users", "`/` stands where a number, a metric or `(` is expected, at column 7"),
        ("+mrr", "`+` stands where a number, a metric or `(` is expected, at column 1"),
        ("mrr ** 2", "`*` stands where a number, a metric or `(` is expected, at column 6"),
        ("mrr > 2", "`>` is not part of a formula, at column 5"),
        ("mrr..x", "`.` is not part of a formula, at column 4"),
        ("2x", "`x` stands where an operator is expected, at column 2"),
        ("1e400 * mrr", "the number 1e400 is too large at column 1"),
        ("`mrr", "``` is not part of a formula, at column 1"),
        ("1 +\n  mrr $", "`$` is not part of a formula, at column 7"),
    ],
)
def test_a_mistake_is_told_with_its_column(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        read_formula(text)
    assert str(caught.value) == said


def test_a_mistake_knows_its_line() -> None:
    with pytest.raises(FormulaError) as caught:
        read_formula("mrr +\nusers +\n!")
    assert (caught.value.line, caught.value.column) == (2, 1)


def test_ten_thousand_parentheses_are_refused_in_words() -> None:
    for depth in (DEEPEST + 1, LONGEST // 2 - 1, 10_000):
        with pytest.raises(FormulaError, match=r"more than 50 parentheses|longer than 10,000 characters"):
            read_formula("(" * depth + "1" + ")" * depth)


def test_long_formulas_take_no_recursion() -> None:
    assert worked_out("+".join(["1"] * 5_000)).value == 5_000
    assert worked_out("-" * 9_998 + "1").value == 1.0
    assert worked_out("(" * DEEPEST + "mrr" + ")" * DEEPEST).value == 12.0


def test_the_metrics_of_a_formula_are_each_named_once() -> None:
    assert read_formula("mrr / users + mrr * `a b`").metrics == ("mrr", "users", "a b")


Expression: TypeAlias = tuple[str, Fraction | None]
"""A formula, and what it gives; None where it divides by zero."""


def _negated(inner: Expression) -> Expression:
    text, value = inner
    return f"-({text})", None if value is None else -value


def _combined(parts: tuple[Expression, str, Expression, str]) -> Expression:
    (left_text, left), sign, (right_text, right), space = parts
    text = f"({left_text}){space}{sign}{space}({right_text})"
    if left is None or right is None or (sign == "/" and right == 0):
        return text, None
    results = {"+": left + right, "-": left - right, "*": left * right, "/": left / right if right else left}
    return text, results[sign]


LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.integers(0, 99).map(lambda number: (str(number), Fraction(number))),
    st.sampled_from([("mrr", Fraction(12)), ("users", Fraction(8)), ("nought", Fraction(0))]),
)
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(_negated), st.tuples(inner, st.sampled_from("+-*/"), inner, st.sampled_from(["", " "])).map(_combined)
    ),
    max_leaves=12,
)


@given(EXPRESSIONS)
def test_any_formula_agrees_with_exact_arithmetic(expression: Expression) -> None:
    text, exact = expression
    assume(exact is not None)
    result = worked_out(text)
    # Rounding can make a difference of nearly equal numbers zero, by which nothing is divided.
    if not result.zero:
        assert result.value == pytest.approx(float(exact or 0), rel=1e-6, abs=1e-6)


FLAT = st.lists(st.tuples(st.integers(1, 9), st.sampled_from("+-*/")), min_size=1, max_size=12)


@given(FLAT)
def test_signs_bind_as_python_binds_them(parts: list[tuple[int, str]]) -> None:
    text = " ".join(f"{number} {sign}" for number, sign in parts)[:-2]
    assert worked_out(text).value == pytest.approx(eval(text, {"__builtins__": {}}))  # noqa: S307 - numbers and signs


@given(st.one_of(st.text(max_size=60), st.text("()+-*/.`_e1amrr \n", max_size=60), st.sampled_from(HOSTILE)))
def test_any_text_is_a_formula_or_told_why_not(text: str) -> None:
    try:
        formula = read_formula(text)
    except FormulaError:
        return
    formula.work_out(dict.fromkeys(formula.metrics, 2.0))
