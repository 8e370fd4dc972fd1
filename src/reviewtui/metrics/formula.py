"""Formulas over metrics: `(new_mrr + expansion_mrr) / unique_users * 100`.

    formula  = term (("+" | "-") term)*
    term     = signed (("*" | "/") signed)*
    signed   = "-"* primary
    primary  = number | metric id | "`" any metric id "`" | "(" formula ")"

A formula is read into steps for a stack, so that working it out takes no recursion however long it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 10_000
"""Characters of the longest formula that is read."""

DEEPEST = 50
"""Parentheses inside one another; more than any person reads."""

_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<id>[^\W\d]\w*(?:\.\w+)*)"
    r"|`(?P<quoted>[^`]+)`"
    r"|(?P<sign>[-+*/()−×÷])"
)
_SPACE = re.compile(r"\s*")
_SIGNS = {"−": "-", "×": "*", "÷": "/"}


class FormulaError(Exception):
    """A text is no formula; the text of the error says why, `column` where (1-based, on its line)."""

    def __init__(self, reason: str, text: str, offset: int) -> None:
        self.line = text.count("\n", 0, offset)
        """Lines of the text before the place."""
        self.column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        super().__init__(f"{reason} at column {self.column}")


class Step(NamedTuple):
    """One step: put a number or a metric on the stack, or combine what is on top of it."""

    kind: str
    """`number`, `metric`, `negate`, or one of `+ - * /`."""
    number: float = 0.0
    text: str = ""
    """The metric's id; of a division, what it divides by, as written."""


class Result(NamedTuple):
    """What a formula gives."""

    value: float | None
    """None where it cannot be worked out: `zero` or the size of the numbers is the reason."""
    numerator: float | None = None
    denominator: float | None = None
    """What is divided last, in a formula that is a quotient."""
    zero: str = ""
    """What it divides by and is 0, as written; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read."""

    text: str
    steps: tuple[Step, ...]
    metrics: tuple[str, ...]
    """The ids in it, each once, in order."""
    is_rate: bool
    """Whether it divides by a metric anywhere: of a month that is not over it then says nothing."""
    numerator: str = ""
    """Where the last thing it does is to divide by a metric: what is above the line, as written; else empty."""
    denominator: str = ""

    def work_out(self, values: Mapping[str, float]) -> Result:
        """The result for the `values` of its metrics; never raises for any numbers."""
        stack: list[float] = []
        numerator = denominator = None
        for step in self.steps:
            if step.kind == "number":
                stack.append(step.number)
            elif step.kind == "metric":
                stack.append(values[step.text])
            elif step.kind == "negate":
                stack.append(-stack.pop())
            else:
                right, left = stack.pop(), stack.pop()
                numerator, denominator = left, right
                if step.kind == "/" and right == 0:
                    return Result(None, *self._parts(left, right), zero=step.text)
                stack.append(_combined(step.kind, left, right))
        (value,) = stack
        return Result(value if isfinite(value) else None, *self._parts(numerator, denominator))

    def _parts(self, numerator: float | None, denominator: float | None) -> tuple[float | None, float | None]:
        return (numerator, denominator) if self.denominator else (None, None)


def _combined(kind: str, left: float, right: float) -> float:
    if kind == "+":
        return left + right
    if kind == "-":
        return left - right
    return left * right if kind == "*" else left / right


def read_formula(text: str) -> Formula:
    """Read `text`; FormulaError if it is no formula."""
    if len(text) > LONGEST:
        raise FormulaError(f"the formula is longer than {LONGEST:,} characters: split it", text, LONGEST)
    return _Reading(text).formula()


class _Token(NamedTuple):
    kind: str
    """`number`, `metric`, a sign, or `end`."""
    text: str
    start: int
    end: int


class _Part(NamedTuple):
    """What is known of a part of the formula that was read."""

    start: int
    end: int
    has_metric: bool
    quotient: tuple[str, str] | None = None
    """What is above and below the line, where its last step divides by a metric."""


class _Reading:
    """One reading of a text, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps: list[Step] = []
        self.is_rate = False
        self.depth = 0
        self._tokens = _tokens(text)
        self.next = next(self._tokens)

    def formula(self) -> Formula:
        part = self._sum()
        if self.next.kind != "end":
            raise self._unexpected("an operator")
        metrics = tuple(dict.fromkeys(step.text for step in self.steps if step.kind == "metric"))
        numerator, denominator = part.quotient or ("", "")
        return Formula(self.text, tuple(self.steps), metrics, self.is_rate, numerator, denominator)

    def _sum(self) -> _Part:
        part = self._product()
        while self.next.kind in ("+", "-"):
            sign = self._take().kind
            right = self._product()
            self.steps.append(Step(sign))
            part = _Part(part.start, right.end, part.has_metric or right.has_metric)
        return part

    def _product(self) -> _Part:
        part = self._signed()
        while self.next.kind in ("*", "/"):
            sign = self._take().kind
            right = self._signed()
            above, below = self._written(part), self._written(right)
            self.steps.append(Step(sign, text=below if sign == "/" else ""))
            is_rate = sign == "/" and right.has_metric
            self.is_rate |= is_rate
            has_metric = part.has_metric or right.has_metric
            part = _Part(part.start, right.end, has_metric, (above, below) if is_rate else None)
        return part

    def _signed(self) -> _Part:
        start, minuses = self.next.start, 0
        while self.next.kind == "-":
            self._take()
            minuses += 1
        part = self._primary()
        if not minuses:
            return part
        if minuses % 2:
            self.steps.append(Step("negate"))
        return _Part(start, part.end, part.has_metric)

    def _primary(self) -> _Part:
        token = self.next
        if token.kind == "(":
            return self._in_parentheses()
        if token.kind == "number":
            self.steps.append(Step("number", self._number(token)))
        elif token.kind == "metric":
            self.steps.append(Step("metric", text=token.text))
        else:
            raise self._unexpected("a number, a metric or `(`")
        self._take()
        return _Part(token.start, token.end, token.kind == "metric")

    def _in_parentheses(self) -> _Part:
        opening = self._take()
        self.depth += 1
        if self.depth > DEEPEST:
            reason = f"the formula has more than {DEEPEST} parentheses inside one another: split it"
            raise FormulaError(reason, self.text, opening.start)
        part = self._sum()
        if self.next.kind != ")":
            raise self._unexpected("an operator or `)`")
        closing = self._take()
        self.depth -= 1
        return part._replace(start=opening.start, end=closing.end)

    def _number(self, token: _Token) -> float:
        number = float(token.text)
        if not isfinite(number):
            raise FormulaError(f"the number {token.text[:20]} is too large", self.text, token.start)
        return number

    def _written(self, part: _Part) -> str:
        return self.text[part.start : part.end]

    def _take(self) -> _Token:
        token, self.next = self.next, next(self._tokens)
        return token

    def _unexpected(self, wanted: str) -> FormulaError:
        token = self.next
        if token.kind == "end":
            return FormulaError(f"the formula ends where {wanted} is expected,", self.text, token.start)
        return FormulaError(f"`{token.text[:40]}` stands where {wanted} is expected,", self.text, token.start)


def _tokens(text: str) -> Iterator[_Token]:
    offset = _end_of_space(text, 0)
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise FormulaError(f"`{text[offset]}` is not part of a formula,", text, offset)
        kind = match.lastgroup or ""
        written = match[kind]
        if kind == "sign":
            kind = written = _SIGNS.get(written, written)
        elif kind != "number":
            kind = "metric"
        yield _Token(kind, written, offset, match.end())
        offset = _end_of_space(text, match.end())
    yield _Token("end", "", len(text), len(text))


def _end_of_space(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    return match.end() if match else offset
