"""What each review of a quarter asks, and what should come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.reviews.review_calendar import FiscalQuarter, due_month

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.months import FiscalCalendar, Month
    from reviewtui.workspace.kinds.reviews import Goal, OpenQuestion, Review


@dataclass(frozen=True, slots=True)
class FocusPrompt:
    """A question that a review has to answer."""

    id: str
    """What the answer is stored under."""
    text: str


@dataclass(frozen=True, slots=True)
class Focus:
    """The angle of a review, by its place in the quarter."""

    ordinal: int
    title: str
    prompts: tuple[FocusPrompt, ...]
    outcome: str
    """What should exist afterwards."""


FOCUSES = (
    Focus(
        1,
        "The goal of the quarter",
        (
            FocusPrompt("goal", "How far is the product or research goal of this quarter?"),
            FocusPrompt("unknown", "Has the biggest unknown of the product been answered?"),
            FocusPrompt("second", "Is there research worth doing as a second priority?"),
        ),
        "The state of the goal, and the next topic of research.",
    ),
    Focus(
        2,
        "What has been learned",
        (
            FocusPrompt("yield", "What has research brought so far?"),
            FocusPrompt("shipped", "What was learned from what shipped this quarter?"),
            FocusPrompt("before_planning", "What must be understood before the next quarter is planned?"),
        ),
        "A list of open questions to answer before planning.",
    ),
    Focus(
        3,
        "The health of the quarter",
        (
            FocusPrompt("impact", "What did the things that shipped do to the numbers, and to the product's success?"),
            FocusPrompt("growth", "Was growth healthy over the quarter?"),
            FocusPrompt("next", "What has to be addressed in the next quarter?"),
        ),
        "A verdict on the quarter's growth, and a list of issues.",
    ),
)


def focus_of(ordinal: int) -> Focus:
    """The focus of the first, second or third review of a quarter."""
    return FOCUSES[ordinal - 1]


def goal_of(goals: Iterable[Goal], product: str, quarter: FiscalQuarter) -> Goal | None:
    """The goal of a product in a quarter."""
    return next((goal for goal in goals if goal.product == product and goal.quarter == str(quarter)), None)


def is_answered(question: OpenQuestion, review: Month) -> bool:
    """Whether a question had been answered by the time of the review of `review`."""
    return question.answered_in is not None and question.answered_in <= review


def questions_for(questions: Iterable[OpenQuestion], product: str, review: Month) -> tuple[OpenQuestion, ...]:
    """The questions of a product that are open in the review of `review`, oldest first.

    Those that this review answers are among them, so that it can be seen that it did.
    """
    found = [
        question
        for question in questions
        if question.product == product
        and question.asked_in <= review
        and (question.answered_in is None or question.answered_in >= review)
    ]
    return tuple(sorted(found, key=lambda question: (question.asked_in, question.asked_on, question.id)))


def lacks(
    focus: Focus,
    review: Month,
    record: Review | None,
    goal: Goal | None,
    questions: Iterable[OpenQuestion],
) -> tuple[str, ...]:
    """What the focus still asks for, a sentence each; `questions` are the product's."""
    answered = {answer.id for answer in record.answers} if record is not None else set()
    missing = [prompt.text for prompt in focus.prompts if prompt.id not in answered]
    if focus.ordinal == 1 and (goal is None or not (goal.research_goal or goal.biggest_unknown)):
        missing.append("The quarter has no goal yet.")
    if focus.ordinal == 2 and not any(question.asked_in == review for question in questions):
        missing.append("No question for the reviews to come has been written down.")
    if focus.ordinal == 3 and (record is None or not record.health):
        missing.append("Nobody has said whether growth was healthy.")
    return tuple(missing)


def reviews_of_quarter(
    reviews: Iterable[Review], product: str, quarter: FiscalQuarter, fiscal: FiscalCalendar
) -> tuple[Review, ...]:
    """The reviews of a product that were due in a quarter, oldest first."""
    found = [
        record
        for record in reviews
        if record.product == product and FiscalQuarter.of(due_month(record.review), fiscal) == quarter
    ]
    return tuple(sorted(found, key=lambda record: record.review))
