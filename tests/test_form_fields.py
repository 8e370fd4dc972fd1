"""From what is typed in a form to values, and back."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.form_fields import (
    FieldError,
    FieldValue,
    FormField,
    Option,
    field_text,
    offered,
    read_field,
    understood,
    with_option,
)
from reviewtui.months import Month
from reviewtui.typed_text import taken_line, taken_text
from tests.workspace.hostile import HOSTILE

TODAY = date(2026, 11, 22)
STATE = FormField("state", "State", "choice", choices=(("open", "Open"), ("done", "Done"), "blocked on others"))
TAGS = FormField("tags", "Tags", "tags", suggestions=("churn", "pricing", "price change"))
DUE = FormField("due", "Due", "month", is_ahead=True)
MONTH = FormField("month", "Month", "month")
DAY = FormField("day", "Day", "date")
FLAG = FormField("flag", "Urgent", "flag")
NUMBER = FormField("amount", "Amount", "number")
LINE = FormField("title", "Title")
TEXT = FormField("note", "Note", "text")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (LINE, "  a title  ", "a title"), (LINE, "", ""), (TEXT, "a\n  b\n\n", "a\n  b"), (TEXT, " \n ", ""),
        (STATE, "open", "open"), (STATE, "Done", "done"), (STATE, "bl", "blocked on others"), (STATE, "", None),
        (MONTH, "2026-04", Month(2026, 4)), (MONTH, "apr", Month(2026, 4)), (MONTH, "dec", Month(2025, 12)),
        (DUE, "dec", Month(2026, 12)), (DUE, "jan", Month(2027, 1)), (DUE, "nov", Month(2026, 11)),
        (DUE, "+2", Month(2027, 1)), (DUE, "q1 27", Month(2027, 3)), (MONTH, "", None),
        (DAY, "2026-4-7", date(2026, 4, 7)), (DAY, "04-07", date(2026, 4, 7)), (DAY, "Today", TODAY),
        (DAY, "-3", date(2026, 11, 19)), (DAY, "+9999", date(2054, 4, 8)),
        (DAY, "yesterday", date(2026, 11, 21)), (DAY, "", None),
        (FLAG, "yes", True), (FLAG, "n", False), (FLAG, "", False),
        (NUMBER, "1,234.50", Decimal("1234.50")), (NUMBER, "−3", Decimal(-3)), (NUMBER, "1 000", Decimal(1000)),
        (TAGS, "churn, b ,, churn", ("churn", "b")), (TAGS, "", ()),
    ],
)  # fmt: skip
def test_what_is_typed_is_read(field: FormField, typed: str, value: FieldValue) -> None:
    assert read_field(field, typed, TODAY) == value


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (FormField("t", "Title", required=True), "  ", "Title is needed."),
        (FormField("t", "Tags", "tags", required=True), "", "Tags is needed."),
        (STATE, "closed", "Choose one of: Open, Done, blocked on others."),
        (MONTH, "2026-13", "Type a month, as 2026-04"),
        (DAY, "2026-02-30", "There is no such day."),
        (DAY, "soon", "Type a day, as 2026-04-17"),
        (DAY, "9999-12-32", "There is no such day."),
        (NUMBER, "1.2.3", "Type a number"),
        (NUMBER, "nan", "Type a number"),
        (NUMBER, "1,2", "Type a number"),
    ],
)
def test_what_cannot_be_read_says_what_can(field: FormField, typed: str, words: str) -> None:
    with pytest.raises(FieldError) as raised:
        read_field(field, typed, TODAY)
    assert str(raised.value).startswith(words)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (STATE, "done", "Done"), (STATE, "of a later version", "of a later version"), (STATE, None, ""),
        (TAGS, ("a", "b"), "a, b"), (TAGS, (), ""), (FLAG, True, "yes"), (FLAG, None, "no"),
        (MONTH, Month(2026, 4), "2026-04"), (DAY, date(2026, 4, 7), "2026-04-07"), (NUMBER, Decimal("1.50"), "1.50"),
        (LINE, "a\nb", "a b"), (TEXT, "a\r\nb", "a\nb"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_it_can_be_typed(field: FormField, value: object, text: str) -> None:
    assert field_text(field, value) == text


@given(st.sampled_from([STATE, TAGS, DUE, DAY, FLAG, NUMBER, LINE, TEXT]), ANY_TEXT)
def test_whatever_is_typed_is_read_or_refused(field: FormField, typed: str) -> None:
    with suppress(FieldError):
        value = read_field(field, typed, TODAY)
        if field.kind not in ("line", "text", "tags"):
            assert read_field(field, field_text(field, value), TODAY) == value


def test_months_and_days_say_what_they_are_taken_for() -> None:
    assert understood(DUE, "jan", TODAY) == "Jan 2027"
    assert understood(DAY, "today", TODAY) == "Sunday, 2026-11-22"
    assert understood(DUE, "ja n", TODAY) == ""
    assert understood(LINE, "jan", TODAY) == ""


def test_choices_are_offered_the_beginnings_first() -> None:
    assert [option.name for option in offered(STATE, "o")] == ["Open", "Done", "blocked on others"]
    assert [option.name for option in offered(TAGS, "churn, pri")] == ["pricing", "price change"]
    assert [option.name for option in offered(TAGS, "churn, pricing")] == []
    assert [option.name for option in offered(FormField("o", "O", suggestions=("Ada", "Adam")), "Ada")] == ["Adam"]


def test_an_option_takes_the_place_of_what_was_typed_of_it() -> None:
    assert with_option(TAGS, "churn, pri", Option("pricing", "pricing")) == "churn, pricing, "
    assert with_option(STATE, "d", Option("done", "Done")) == "Done"


class TestWhatComesIn:
    @pytest.mark.parametrize(
        ("typed", "text", "told"),
        [
            ("plain", "plain", ""), ("tab\tand\nline", "tab\tand\nline", ""), ("a\r\nb\rc", "a\nb\nc", ""),
            ("a\x1b[31mb\x07", "a[31mb", "2 control characters left out."),
            ("\ud800x", "\ufffdx", "A broken character was replaced by �."),
            ("\udfff\udc00", "\ufffd\ufffd", "2 broken characters were replaced by �."),
            ("one\u2028two\x85three", "one\ntwo\nthree", ""), ("مرحبا \u200f!", "مرحبا \u200f!", ""),
        ],
    )  # fmt: skip
    def test_a_text_keeps_its_words(self, typed: str, text: str, told: str) -> None:
        assert taken_text(typed) == (text, told)

    @pytest.mark.parametrize(
        ("typed", "text", "told"),
        [
            ("a\nb", "a b", "2 lines made one."), ("a\n", "a", ""), ("a\tb", "a b", ""),
            ("  a \n  b\nc", "  a b c", "3 lines made one."),
        ],
    )  # fmt: skip
    def test_a_line_has_the_words_of_all_lines(self, typed: str, text: str, told: str) -> None:
        assert taken_line(typed).told == told
        assert taken_line(typed).text.split() == text.split()

    @given(ANY_TEXT)
    def test_what_was_taken_in_is_taken_in_again_as_it_is(self, typed: str) -> None:
        taken = taken_text(typed).text
        assert taken_text(taken) == (taken, "")
        taken.encode()
        assert "\n" not in taken_line(typed).text

    @pytest.mark.parametrize("name", HOSTILE)
    def test_the_corpus_can_be_stored(self, name: str) -> None:
        taken = taken_text(HOSTILE[name]).text
        taken.encode()
        assert taken.splitlines() == taken.split("\n")[: len(taken.splitlines())]
