"""Everything that is known about the review of one product's month, put together from numbers and records.

The review screen, the checklist, closing and the summary all read this one value, so that they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reviewtui.anomalies.listed import State, anomalies_of, metric_name, said_last, to_explain
from reviewtui.metrics.sheet import Status
from reviewtui.months import MONTHS_PER_YEAR, FiscalCalendar
from reviewtui.reviews import churn, closing, focus, todos
from reviewtui.reviews.checklist import Facts, checklist_of
from reviewtui.reviews.lifecycle import stage_lines
from reviewtui.reviews.meeting import propose_mode
from reviewtui.reviews.review_calendar import FiscalQuarter, Term, days_in_review, due_month, lateness, streak, term_of
from reviewtui.reviews.threads import NoteIndex, open_questions, threads_of
from reviewtui.reviews.walkthrough import Reason, Stop, Walk, walk_through
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.explanations import EXPLANATIONS
from reviewtui.workspace.kinds.reviews import CHURN_REASONS, GOALS, QUESTIONS, REVIEWS
from reviewtui.workspace.kinds.todos import TODOS

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.anomalies.judgements import Judgements
    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.metrics.sheet import Metric, MetricSheet, Product
    from reviewtui.months import Month
    from reviewtui.reviews.checklist import CheckedItem
    from reviewtui.reviews.churn import CauseSum, ProductChurn
    from reviewtui.reviews.focus import Focus
    from reviewtui.reviews.meeting import ProposedMode
    from reviewtui.workspace.kinds.comments import Comment
    from reviewtui.workspace.kinds.dives import Dive
    from reviewtui.workspace.kinds.reviews import ChurnReason, Goal, OpenQuestion, Review
    from reviewtui.workspace.kinds.todos import Todo
    from reviewtui.workspace.known import KnownEvent
    from reviewtui.workspace.record_set import Records

NOT_KNOWN_YET = "unknown"
"""The verdict of somebody who looked at an anomaly and could not say."""

QUARTERLY = "quarterly"
"""The cadence of metrics that have one value a quarter."""

MOST_DIVES = 3
"""More deep dives in progress at once are too many."""


@dataclass(frozen=True)
class MonthReview:
    """The review of `month` of one product, as it stands on the day `today`."""

    sheet: MetricSheet
    judgements: Judgements
    records: Records
    product: Product
    month: Month
    today: date
    changed_sources: int = 0
    """Sources that were written since they were read."""

    @cached_property
    def reviews(self) -> tuple[Review, ...]:
        """All reviews of the product, oldest first."""
        found = self.records.of_product(REVIEWS, self.product.id)
        return tuple(sorted(found, key=lambda item: item.review))

    @cached_property
    def record(self) -> Review | None:
        """What is written about this review; None: nothing yet."""
        return next((item for item in self.reviews if item.review == self.month), None)

    @cached_property
    def earlier(self) -> Review | None:
        """The review before it."""
        return next((item for item in reversed(self.reviews) if item.review < self.month), None)

    @property
    def fiscal(self) -> FiscalCalendar:
        """The calendar of quarters."""
        return FiscalCalendar(self.sheet.fiscal_year_start)

    @cached_property
    def term(self) -> Term:
        """Its place in the quarter."""
        return term_of(self.month, self.fiscal)

    @property
    def focus(self) -> Focus:
        """What a review at this place asks."""
        return focus.focus_of(self.term.ordinal)

    @cached_property
    def goal(self) -> Goal | None:
        """The goal of the quarter."""
        return focus.goal_of(self.records.of(GOALS), self.product.id, self.term.quarter)

    @cached_property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """The questions that are open in it, and those it answered."""
        return focus.questions_for(self.records.of(QUESTIONS), self.product.id, self.month)

    @cached_property
    def focus_lacks(self) -> tuple[str, ...]:
        """What its focus still asks for."""
        return focus.lacks(self.focus, self.month, self.record, self.goal, self.questions)

    @cached_property
    def proposed_mode(self) -> ProposedMode:
        """Whether it should be a meeting."""
        return propose_mode(self.reviews, self.product.id, self.month, self.fiscal)

    @property
    def mode(self) -> str:
        """Whether it is a meeting: as decided, else as proposed."""
        return self.record.mode if self.record is not None else self.proposed_mode.mode

    # To-dos

    @cached_property
    def all_todos(self) -> tuple[Todo, ...]:
        """All to-dos of the product."""
        return self.records.of_product(TODOS, self.product.id)

    @cached_property
    def undisposed(self) -> tuple[Todo, ...]:
        """What is due and has no word yet."""
        return todos.to_dispose(self.all_todos, self.month)

    @cached_property
    def last_time(self) -> tuple[Todo, ...]:
        """Every to-do that this review had to look at, whatever became of it."""
        waiting = set(self.undisposed)
        return tuple(
            todo
            for todo in self.all_todos
            if todo in waiting
            or todo.due == self.month
            or any(carry.review == self.month for carry in todo.carried)
            or (todo.state == todos.BLOCKED and todo.created_on < due_month(self.month).first_day)
        )

    @cached_property
    def new_todos(self) -> tuple[Todo, ...]:
        """What is due at the next review."""
        return tuple(todo for todo in self.all_todos if todos.is_open(todo) and todo.due == self.month + 1)

    @cached_property
    def kept_by_owner(self) -> tuple[todos.Figures, ...]:
        """How each owner kept what they said."""
        return todos.figures_by(todos.by_owner, self.all_todos, self.month, self.today)

    @cached_property
    def kept_by_group(self) -> tuple[todos.Figures, ...]:
        """How PM and product team kept what they said: they are expected differently."""
        return todos.figures_by(todos.by_owner_group, self.all_todos, self.month, self.today)

    # Numbers

    @cached_property
    def quarterly(self) -> tuple[Metric, ...]:
        """The quarterly metrics that are final in this review; empty in the other two of the quarter."""
        if not self.term.is_quarter_final:
            return ()
        product = self.product.id
        return tuple(
            metric
            for metric in self.sheet.metrics_of(product)
            if metric.cadence == QUARTERLY and self.sheet.cell(product, metric.id, self.month).value is not None
        )

    @property
    def quarter_label(self) -> str:
        """The quarter of the month under review."""
        return FiscalQuarter.of(self.month, self.fiscal).label

    @cached_property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """What is out of the ordinary in the month, with what was said about it."""
        said = said_last(self.records.of_product(EXPLANATIONS, self.product.id))
        found = anomalies_of(self.sheet, self.judgements, self.month, said, self.month)
        return tuple(item for item in found if item.product == self.product.id)

    @cached_property
    def unexplained(self) -> tuple[Anomaly, ...]:
        """The anomalies that wait for a word; that nobody knows yet is one."""
        return tuple(
            item
            for item in to_explain(self.anomalies)
            if item.explanation is None or item.explanation.verdict != NOT_KNOWN_YET
        )

    @cached_property
    def following(self) -> dict[str, Anomaly]:
        """By metric, the anomalies that only follow from another one: nobody has said anything about them."""
        return {
            item.metric.id: item for item in self.anomalies if item.follows is not None and item.explanation is None
        }

    def is_open(self, stop: Stop) -> bool:
        """Whether a stop of the walk waits for a word, about itself or about what it follows from."""
        if stop.reason is not Reason.FOLLOWS:
            return stop.reason is Reason.UNEXPLAINED
        item = self.following[stop.metric.id]
        is_of_another = item.follows is not None and item.follows[0] != self.product.id
        return item.state is State.OPEN and (is_of_another or item.follows in {lead.key for lead in self.unexplained})

    def is_not_known(self, metric: str) -> bool:
        """Whether somebody looked at the anomaly of a metric and could not say why."""
        said = (item.explanation for item in self.anomalies if item.metric.id == metric)
        return any(explanation is not None and explanation.verdict == NOT_KNOWN_YET for explanation in said)

    def follows_words(self, metric: str) -> str:
        """`follows from MRR`; empty for a metric that does not follow from another anomaly."""
        item = self.following.get(metric)
        if item is None or item.follows is None:
            return ""
        return f"follows from {metric_name(self.sheet, item.follows, item.product)}"

    @cached_property
    def walk(self) -> Walk:
        """The order in which to go through its numbers."""
        product, month = self.product.id, self.month
        flagged = {item.metric.id for item in self.anomalies}
        metrics = self.sheet.metrics_of(product)
        notes = NoteIndex(self.records.of_product(COMMENTS, product), month)
        return walk_through(
            metrics,
            {item.metric.id: item.verdict.score for item in self.unexplained},
            {
                Reason.FOLLOWS: self.following,
                Reason.EXPLAINED: flagged,
                Reason.RESTATED: {
                    item.id
                    for item in metrics
                    if any(cell.status is Status.RESTATED for cell in self.sheet.row(product, item.id))
                },
                Reason.REDEFINED: {
                    item.id for item in metrics if not self.sheet.is_comparable(product, item.id, month - 1, month)
                },
                Reason.NOTED: {item.id for item in metrics if notes.notes(product, item.id, month, month)},
            },
            {item.id for item in metrics if self.sheet.cell(product, item.id, month).value is None},
        )

    @cached_property
    def asked(self) -> tuple[Comment, ...]:
        """The questions on its cells that nobody has answered."""
        threads = threads_of(self.records.of_product(COMMENTS, self.product.id))
        return tuple(question for thread in threads for question in open_questions(thread))

    # Deep dives, customers, stage

    @cached_property
    def dives(self) -> tuple[Dive, ...]:
        """The deep dives that this review is to see, or that are under way."""
        return tuple(
            dive
            for dive in self.records.of_product(DIVES, self.product.id)
            if dive.target_review == self.month or (dive.target_review is None and dive.state == "in_progress")
        )

    @property
    def has_too_many_dives(self) -> bool:
        """Whether more are under way than can be done well."""
        under_way = [dive for dive in self.records.of_product(DIVES, self.product.id) if dive.state == "in_progress"]
        return len(under_way) > MOST_DIVES

    @cached_property
    def churn(self) -> tuple[CauseSum, ...]:
        """Why customers left in the month."""
        return churn.sums_by_cause(self.records.of(CHURN_REASONS), self.product.id, self.month)

    @cached_property
    def churn_reasons(self) -> tuple[ChurnReason, ...]:
        """What people wrote about each customer that left in the month."""
        found = churn.newest_reasons(self.records.of_product(CHURN_REASONS, self.product.id))
        return tuple(item for item in found if item.month == self.month)

    @cached_property
    def churn_compared(self) -> tuple[ProductChurn, ...]:
        """The churn of all products in the twelve months up to this one."""
        months = {self.month - back for back in range(MONTHS_PER_YEAR)}
        return churn.by_product(self.records.of(CHURN_REASONS), months)

    @cached_property
    def events(self) -> tuple[KnownEvent, ...]:
        """What is known to have happened to the product in the month."""
        found = [item for item in self.sheet.events if item.product_id == self.product.id and item.month == self.month]
        return tuple(sorted(found, key=lambda item: item.id))

    @cached_property
    def context(self) -> tuple[str, ...]:
        """What the stage of the product asks."""
        names = {metric.id: metric.name for metric in self.sheet.metrics}
        bands: dict[str, float | tuple[float, float]] = {
            metric: target.low if target.high is None else (target.low, target.high)
            for (owner, metric), target in self.sheet.targets.items()
            if owner == self.product.id and target.stage and target.low is not None
        }
        return stage_lines(self.product.stage, bands, names)

    # Where it stands

    @cached_property
    def facts(self) -> Facts:
        """What the checklist and closing ask."""
        return Facts(
            unreadable_sources=sum(bool(source.problem) for source in self.sheet.sources),
            changed_sources=self.changed_sources,
            unexplained=len(self.unexplained),
            is_judged=self.judgements.months == self.sheet.months,
            undisposed=len(self.undisposed),
            dives_without_finding=sum(
                dive.target_review == self.month and dive.state in ("proposed", "in_progress") for dive in self.dives
            ),
            new_todos=len(self.new_todos),
            new_todos_without_owner=sum(not todo.owner.strip() for todo in self.new_todos),
            todos_without_due=sum(todos.is_open(todo) and todo.due is None for todo in self.all_todos),
        )

    @cached_property
    def checklist(self) -> tuple[CheckedItem, ...]:
        """Its checklist, with what the program can tick by itself."""
        return checklist_of(self.record, self.earlier, self.mode, self.facts)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What stands against closing it."""
        return closing.missing_for_closing(self.record, self.facts)

    @cached_property
    def overrides(self) -> tuple[str, ...]:
        """Why the review before was closed with something missing."""
        return tuple(reason for _, reason in closing.overrides_before(self.reviews, self.product.id, self.month))

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self.record is not None and self.record.is_closed

    @property
    def days(self) -> int:
        """How long it has been due."""
        return days_in_review(self.month, self.today)

    @property
    def lateness(self) -> str:
        """`amber`, `red` or empty."""
        return "" if self.is_closed else lateness(self.month, self.today)

    @property
    def streak(self) -> int:
        """How many months in a row were closed."""
        return streak({item.review for item in self.reviews if item.is_closed}, self.month)
