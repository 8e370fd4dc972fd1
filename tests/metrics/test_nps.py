"""Net promoter score of the last four weeks of a month, and how sure one can be of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.assemble import is_noise
from reviewtui.months import Month
from tests.metrics.worksheets import Company, messages, statuses, value, values

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet
    from tests.metrics.worksheets import Rows

ANSWER = "product_id, user_id, org_id, submitted_at, score"

# promoters, passives, detractors: score, lower and upper end of the interval
VECTORS = {
    (6, 4, 7): (-5.9, -42.3, 32.3),
    (10, 0, 0): (100, 47.5, 100),
    (0, 10, 0): (0, -18.5, 18.5),
    (0, 0, 14): (-100, -100, -59.4),
    (5, 3, 2): (30, -19.1, 65.2),
    (12, 5, 3): (45, 8.4, 69.8),
    (20, 10, 6): (38.9, 12.1, 59.7),
    (50, 30, 20): (30, 14.1, 44.2),
    (200, 120, 80): (30, 22.2, 37.4),
    (1, 0, 0): (100, -48.5, 98.5),
}

# How often each score from 0 to 10 was given, and the score published for it.
COUNTS: dict[tuple[int, ...], float] = {
    (1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3): -5.9,
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5): 100,
    (0, 0, 0, 0, 0, 0, 0, 5, 5, 0, 0): 0,
    (2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0): -100,
}


def answers(product: str, scores: list[int], day: str = "2025-02-15", user: str = "u") -> Rows:
    return [(product, f"{user}{place}", None, f"{day} 12:00:00+00", score) for place, score in enumerate(scores)]


def mixed_scores(promoters: int, passives: int, detractors: int) -> list[int]:
    """Every score that is a promoter's, a passive's or a detractor's takes its turn."""
    return [
        *(9 + place % 2 for place in range(promoters)),
        *(7 + place % 2 for place in range(passives)),
        *(place % 7 for place in range(detractors)),
    ]


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("vectors"))
    for counts in VECTORS:
        company.add("survey_response", ANSWER, answers(str(counts), mixed_scores(*counts)))
    for times in COUNTS:
        scores = [score for score, count in enumerate(times) for _ in range(count)]
        company.add("survey_response", ANSWER, answers(str(times), scores))
    return company.sheet("2025-04-10")


@pytest.mark.parametrize("counts", VECTORS)
def test_score_and_interval(vectors: MetricSheet, counts: tuple[int, int, int]) -> None:
    score, low, high = VECTORS[counts]
    assert value(vectors, str(counts), "nps", "2025-02") == pytest.approx(score, abs=0.05)
    assert value(vectors, str(counts), "nps_low", "2025-02") == pytest.approx(low, abs=0.05)
    assert value(vectors, str(counts), "nps_high", "2025-02") == pytest.approx(high, abs=0.05)
    assert value(vectors, str(counts), "nps_responses", "2025-02") == sum(counts)


@pytest.mark.parametrize("times", COUNTS)
def test_published_scores(vectors: MetricSheet, times: tuple[int, ...]) -> None:
    assert value(vectors, str(times), "nps", "2025-02") == pytest.approx(COUNTS[times], abs=0.05)


def test_fewer_than_ten_answers_say_little(vectors: MetricSheet) -> None:
    for metric in ("nps", "nps_low", "nps_high"):
        assert statuses(vectors, "(1, 0, 0)", metric, "2025-02") == ["low_n"]
        assert statuses(vectors, "(10, 0, 0)", metric, "2025-02") == ["ok"]
    assert statuses(vectors, "(1, 0, 0)", "nps_responses", "2025-02") == ["ok"]


def test_all_products_pool_their_answers(vectors: MetricSheet) -> None:
    promoters = sum(counts[0] for counts in VECTORS) + 6 + 10
    detractors = sum(counts[2] for counts in VECTORS) + 7 + 14
    answered = sum(sum(counts) for counts in VECTORS) + 17 + 10 + 10 + 14
    assert value(vectors, "*", "nps_responses", "2025-02") == answered
    assert value(vectors, "*", "nps", "2025-02") == pytest.approx(100 * (promoters - detractors) / answered)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("people"), time_zone="US/Pacific")
    company.add("customer", "customer_id, org_id, is_internal", [("us", "staff", True)])

    def answer(at: str, score: float | None, user: str | None = None, org: str | None = None) -> None:
        company.add("survey_response", ANSWER, [("replay", user, org, f"{at}+00", score)])

    # January: one person twice, the later answer counts; two people without a name; one of our own.
    answer("2025-01-10 12:00:00", 3, "ann")
    answer("2025-01-20 12:00:00", 10, "ann")
    answer("2025-01-20 12:00:00", 7)
    answer("2025-01-20 12:00:00", 7)
    answer("2025-01-20 12:00:00", 0, "me", "staff")
    # March: 4 March is the first of the last 28 days, in Los Angeles from 08:00 UTC on.
    answer("2025-03-04 07:59:59", 0, "early")
    answer("2025-03-04 08:00:00", 9, "first")
    answer("2025-04-01 06:59:59", 9, "last")
    answer("2025-03-10 12:00:00", 5, "changed")
    answer("2025-03-04 07:00:00", 10, "changed")
    # April: scores that are none go first, so the answer before them is the latest.
    answer("2025-04-10 12:00:00", 9, "bob")
    answer("2025-04-12 12:00:00", 11, "bob")
    answer("2025-04-13 12:00:00", -1, "bob")
    answer("2025-04-14 12:00:00", 8.5, "bob")
    answer("2025-05-20 12:00:00", 10, "open")
    return company.sheet("2025-05-31")


def counted(sheet: MetricSheet, month: str) -> list[float | None]:
    """Promoters less detractors, and all answers."""
    cell = sheet.cell("replay", "nps", Month.parse(month))
    return [cell.numerator, cell.n]


def test_the_latest_answer_of_a_person_counts_and_the_nameless_are_one_each(people: MetricSheet) -> None:
    assert counted(people, "2025-01") == [1, 3]


def test_the_window_is_28_local_days_that_end_with_the_month(people: MetricSheet) -> None:
    assert counted(people, "2025-03") == [1, 3]


def test_impossible_scores_are_rejected_before_the_latest_is_taken(people: MetricSheet) -> None:
    assert counted(people, "2025-04") == [1, 1]
    assert "survey_response [warning] 3 scores" in messages(people)


def test_a_month_without_answers_is_not_available(people: MetricSheet) -> None:
    assert statuses(people, "replay", "nps", "2025-02") == ["na"]
    assert statuses(people, "replay", "nps_low", "2025-02") == ["na"]
    assert values(people, "replay", "nps_responses", "2025-02") == [0]


def test_the_open_month_counts_answers_and_shows_no_score(people: MetricSheet) -> None:
    assert statuses(people, "replay", "nps", "2025-05") == ["partial"]
    assert value(people, "replay", "nps", "2025-05") is None
    assert values(people, "replay", "nps_responses", "2025-05") == [1]


@pytest.mark.parametrize(
    ("before", "now", "noise"),
    [((12, 5, 3), (8, 6, 8), True), ((50, 30, 20), (20, 10, 70), False), ((5, 3, 2), (5, 3, 2), True)],
)
def test_a_change_within_its_margin_is_called_chance(
    before: tuple[int, int, int], now: tuple[int, int, int], noise: bool
) -> None:
    def row(counts: tuple[int, int, int]) -> dict[str, int]:
        return {"promoters": counts[0], "detractors": counts[2], "nps_responses": sum(counts)}

    assert is_noise(row(before), row(now)) is noise
    assert not is_noise(None, row(now))
