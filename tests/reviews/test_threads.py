"""Comments of a cell in threads, and which cells have some."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from reviewtui.months import Month
from reviewtui.reviews.threads import (
    CellNotes,
    NoteIndex,
    ThreadState,
    cell_threads,
    newest_notes,
    open_questions,
    threads_of,
)
from tests.reviews.records import NOVEMBER, OCTOBER, comment

SEPTEMBER = OCTOBER - 1

TALK = (
    comment("c-1", "question"),
    comment("c-2", "answer", "c-1"),
    comment("c-3", "comment", "c-2"),
    comment("c-4", "decision", "c-1"),
    comment("c-5", said_on=date(2026, 11, 1)),
)
"""A question with an answer that somebody remarked on, a decision; and a comment that was said two days before."""


class TestOrder:
    def test_answers_stand_below_what_they_answer_in_whatever_order_the_files_come(self) -> None:
        for comments in permutations(TALK):
            first, second = threads_of(comments)
            assert [item.comment.id for item in first.said] == ["c-5"]
            assert [(item.comment.id, item.depth) for item in second.said] == [
                ("c-1", 0), ("c-2", 1), ("c-3", 2), ("c-4", 1),
            ]  # fmt: skip

    def test_an_answer_to_a_comment_that_is_not_here_opens_a_thread(self) -> None:
        (thread,) = threads_of([comment("c-2", "answer", "c-gone")])
        assert thread.opening.id == "c-2"

    def test_the_newest_is_what_was_said_last_wherever_it_stands(self) -> None:
        late = comment("c-0", "comment", "c-5", said_on=date(2026, 11, 9))
        first, _ = threads_of([*TALK, late])
        assert first.newest.id == "c-0"
        assert newest_notes(threads_of([*TALK, late]))[0].id == "c-0"

    @given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 9)), unique_by=lambda pair: pair[0], max_size=8))
    def test_every_comment_stands_in_exactly_one_thread_also_where_they_answer_in_a_circle(
        self, answers: list[tuple[int, int]]
    ) -> None:
        comments = [comment(f"c-{own}", "question", f"c-{other}") for own, other in answers]
        threads = threads_of(comments)
        assert sorted(item.comment.id for thread in threads for item in thread.said) == sorted(
            item.id for item in comments
        )
        assert all(thread.said[0].depth == 0 for thread in threads)


class TestState:
    def test_a_comment_asks_nothing(self) -> None:
        (thread,) = threads_of([comment("c-1"), comment("c-2", "comment", "c-1")])
        assert thread.state is ThreadState.SAID

    def test_a_question_is_open_until_it_is_answered(self) -> None:
        asked = comment("c-1", "question")
        assert threads_of([asked])[0].state is ThreadState.OPEN
        assert threads_of([asked, comment("c-2", "comment", "c-1")])[0].state is ThreadState.OPEN
        assert threads_of([asked, comment("c-2", "answer", "c-1")])[0].state is ThreadState.ANSWERED

    def test_an_answer_to_a_remark_on_the_question_answers_the_question(self) -> None:
        said = [comment("c-1", "question"), comment("c-2", "comment", "c-1"), comment("c-3", "answer", "c-2")]
        assert threads_of(said)[0].state is ThreadState.ANSWERED

    def test_a_decision_settles_the_thread(self) -> None:
        assert threads_of(TALK)[1].state is ThreadState.SETTLED

    def test_a_question_marked_as_settled_is_settled(self) -> None:
        said = [comment("c-1", "question", resolved_by="c-2"), comment("c-2", "comment", "c-1")]
        assert threads_of(said)[0].state is ThreadState.SETTLED

    def test_asking_back_opens_the_thread_again(self) -> None:
        back = comment("c-6", "question", "c-2", said_on=date(2026, 11, 4))
        (thread,) = threads_of([*TALK[:4], back])
        assert thread.state is ThreadState.OPEN
        assert [question.id for question in open_questions(thread)] == ["c-6"]

    def test_an_answer_to_another_question_answers_not_this_one(self) -> None:
        said = [comment("c-1", "question"), comment("c-2", "question", "c-1"), comment("c-3", "answer", "c-2")]
        (thread,) = threads_of(said)
        assert thread.state is ThreadState.ANSWERED
        siblings = [
            comment("c-1"),
            comment("c-2", "question", "c-1"),
            comment("c-3", "question", "c-1"),
            comment("c-4", "answer", "c-3"),
        ]
        (thread,) = threads_of(siblings)
        assert [question.id for question in open_questions(thread)] == ["c-2"]


class TestCells:
    def test_a_comment_on_several_months_belongs_to_each_of_them(self) -> None:
        said = [comment("c-1", month=SEPTEMBER, until=OCTOBER), comment("c-2", month=NOVEMBER)]
        assert [thread.opening.id for thread in cell_threads(said, "mrr", OCTOBER)] == ["c-1"]
        assert [thread.opening.id for thread in cell_threads(said, "mrr", SEPTEMBER)] == ["c-1"]
        assert cell_threads(said, "arr", OCTOBER) == ()

    def test_a_comment_without_month_belongs_to_every_month_of_its_metric(self) -> None:
        said = [comment("c-1", month=None)]
        assert cell_threads(said, "mrr", Month(2020, 1))
        index = NoteIndex(said, NOVEMBER)
        assert index.notes("replay", "mrr", OCTOBER, OCTOBER) == CellNotes(is_open=False, is_earlier=True)
        assert index.notes("replay", "mrr", SEPTEMBER, SEPTEMBER) is None

    def test_a_thread_is_earlier_until_this_review_says_something_in_it(self) -> None:
        old = comment("c-1", "question")
        assert threads_of([old])[0].is_earlier_than(NOVEMBER)
        assert not threads_of([old])[0].is_earlier_than(OCTOBER)
        new = comment("c-2", "answer", "c-1", review=NOVEMBER)
        assert not threads_of([old, new])[0].is_earlier_than(NOVEMBER)


class TestIndex:
    def test_each_cell_says_whether_a_question_is_open_and_whether_all_is_of_an_earlier_review(self) -> None:
        index = NoteIndex(
            [
                comment("c-1", "question", month=SEPTEMBER, until=OCTOBER),
                comment("c-2", month=OCTOBER, review=NOVEMBER),
                comment("c-3", metric="arr", product="web"),
            ],
            NOVEMBER,
        )
        assert index.notes("replay", "mrr", SEPTEMBER, SEPTEMBER) == CellNotes(is_open=True, is_earlier=True)
        assert index.notes("replay", "mrr", OCTOBER, OCTOBER) == CellNotes(is_open=True, is_earlier=False)
        assert index.notes("replay", "mrr", NOVEMBER, NOVEMBER) is None
        assert index.notes("replay", "mrr", Month(2026, 7), SEPTEMBER) == CellNotes(is_open=True, is_earlier=True)
        assert index.notes("replay", "mrr", Month(2026, 4), Month(2026, 6)) is None
        assert index.notes("web", "mrr", OCTOBER, OCTOBER) is None
        assert index.metrics_of("replay") == {"mrr"}
        assert index.metrics_of("web") == {"arr"}

    def test_a_range_without_end_in_sight_is_cut_after_the_open_month(self) -> None:
        index = NoteIndex([comment("c-1", month=SEPTEMBER, until=Month(9999, 12))], OCTOBER)
        assert index.notes("replay", "mrr", NOVEMBER, NOVEMBER) is not None
        assert index.notes("replay", "mrr", NOVEMBER + 1, NOVEMBER + 1) is None
        backwards = NoteIndex([comment("c-1", month=OCTOBER, until=SEPTEMBER)], OCTOBER)
        assert backwards.notes("replay", "mrr", OCTOBER, OCTOBER) is not None
