"""Which cells of a sheet are judged, and what the verdicts on them say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reviewtui.anomalies.judge import judge_sheet
from reviewtui.anomalies.kept import judgements_of, kept_judgements
from reviewtui.anomalies.series import segments
from reviewtui.anomalies.verdicts import MOST_SCORE, Kind
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.sheet import Cell, Redefinition, Status, Unit
from reviewtui.months import Month
from reviewtui.workspace.known import KnownEvent
from tests.anomalies.made import NEWEST, cells, metric, noisy, sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet

MRR = ("replay", "mrr")


def one_row(values: Sequence[float | None], unit: str = Unit.MONEY, **more: Any) -> MetricSheet:
    """A sheet of one metric."""
    return sheet({MRR: cells(values)}, [metric("mrr", unit)], **more)


def with_status(values: list[float], place: int, status: Status) -> MetricSheet:
    """The same with one cell of another status."""
    row = list(cells(values))
    row[place] = row[place]._replace(status=status)
    return sheet({MRR: tuple(row)}, [metric("mrr")])


class TestShares:
    def test_nothing_above_all_is_expected_of_a_share_and_the_same_is_flagged(self) -> None:
        values = noisy(40, level=0.93, noise=0.06)
        values = [*(min(value, 1.0) for value in values), 0.3]
        plain, share = (
            judge_sheet(sheet({MRR: cells(values)}, [metric("mrr", Unit.PERCENT)._replace(is_share=is_share)]))
            for is_share in (False, True)
        )
        ranges = [verdict.high for verdict in plain.row(*MRR) if verdict is not None]
        assert max(ranges) > 1
        assert [verdict.high for verdict in share.row(*MRR) if verdict is not None] == [
            pytest.approx(min(high, 1.0)) for high in ranges
        ]
        kept = ((verdict.anomaly, verdict.score, verdict.low) if verdict else None for verdict in plain.row(*MRR))
        assert [(each.anomaly, each.score, each.low) if each else None for each in share.row(*MRR)] == list(kept)

    def test_the_catalogue_tells_shares_from_what_can_exceed_all(self) -> None:
        shares = {item.id for item in load_catalogue() if item.is_share}
        assert {"sla", "retention_1m", "activation_rate", "wau_mau"} <= shares
        assert not shares & {"nrr", "mrr_growth", "gross_margin", "nrr_12m", "net_mrr_churn_rate"}


class TestWhatIsJudged:
    @pytest.mark.parametrize("status", [Status.PARTIAL, Status.FORECAST, Status.IMMATURE, Status.LOW_N])
    def test_values_that_are_not_final_or_say_little_are_not(self, status: Status) -> None:
        judged = judge_sheet(with_status([*noisy(29), 500.0], 29, status))
        assert judged.verdict(*MRR, NEWEST) is None

    def test_restated_values_are(self) -> None:
        verdict = judge_sheet(with_status([*noisy(29), 500.0], 29, Status.RESTATED)).verdict(*MRR, NEWEST)
        assert verdict is not None
        assert verdict.anomaly is Kind.SPIKE

    def test_nothing_is_learnt_from_values_that_are_not_judged(self) -> None:
        plain, odd = noisy(30), noisy(30)
        odd[20] = 5_000.0
        plain_gap = [None if place == 20 else value for place, value in enumerate(plain)]
        one, other = (judge_sheet(each).row(*MRR) for each in (with_status(odd, 20, Status.LOW_N), one_row(plain_gap)))
        assert one[21:] == other[21:]

    def test_the_open_month_is_not(self) -> None:
        open_month = replace(one_row(noisy(30)), as_of=NEWEST.first_day)
        assert judge_sheet(open_month).verdict(*MRR, NEWEST) is None

    def test_a_value_a_quarter_is_not(self) -> None:
        quarterly = metric("mrr")._replace(cadence="quarterly")
        assert not list(segments(sheet({MRR: cells(noisy(60))}, [quarterly])))

    def test_less_than_a_year_is_not(self) -> None:
        assert judge_sheet(one_row(noisy(12))).packed == {}


class TestVerdicts:
    def test_the_score_is_one_at_the_edge_of_the_range(self) -> None:
        base = noisy(40)
        ordinary = judge_sheet(one_row(base)).verdict(*MRR, NEWEST)
        assert ordinary is not None
        for end, side in ((ordinary.high, Kind.SPIKE), (ordinary.low, Kind.DIP)):
            beyond = end + (end - ordinary.expected) * 0.01
            at, out = (judge_sheet(one_row([*base[:-1], value])).verdict(*MRR, NEWEST) for value in (end, beyond))
            assert at is not None
            assert out is not None
            assert at.score == pytest.approx(1, abs=1e-6)
            assert out.score == pytest.approx(1.01, abs=1e-6)
            assert out.anomaly is side
            assert (out.low, out.high) == (ordinary.low, ordinary.high)

    def test_fewer_false_alarms_widen_the_range(self) -> None:
        usual, calm = (
            judge_sheet(one_row(noisy(30), false_alarms_per_1000=number)).verdict(*MRR, NEWEST)
            for number in (25.0, 5.0)
        )
        assert usual is not None
        assert calm is not None
        assert calm.low < usual.low < usual.high < calm.high

    def test_the_first_month_without_a_value_is_missing_and_the_next_ones_are_not_judged(self) -> None:
        row = judge_sheet(one_row([*noisy(30), None, None])).row(*MRR)
        assert row[30] is not None
        assert (row[30].anomaly, row[30].score, row[31]) == (Kind.MISSING, MOST_SCORE, None)

    def test_the_range_of_what_was_never_negative_begins_at_zero(self) -> None:
        values = [abs(value) for value in noisy(40, level=1.0, noise=2.0)]
        row = judge_sheet(one_row(values)).row(*MRR)
        assert all(verdict is None or verdict.low >= 0 for verdict in row)

    def test_of_a_rare_thing_one_more_is_no_exception(self) -> None:
        """Escalated tickets: none for two years, then one."""
        verdict = judge_sheet(one_row([*([0.0] * 24), 1.0], Unit.COUNT)).verdict(*MRR, NEWEST)
        assert verdict is not None
        assert verdict.anomaly is None

    def test_a_share_of_few_may_be_far_from_what_it_was(self) -> None:
        """Nine in ten of thousands, then six of ten."""
        row = [Cell(0.9 + 0.002 * (-1) ** month, Status.OK, 4000, 3600, 4000) for month in range(30)]
        verdicts = []
        for n in (10, 4000):
            last = Cell(0.75, Status.OK, n, 0.75 * n, n)
            verdicts.append(
                judge_sheet(sheet({MRR: (*row, last)}, [metric("mrr", Unit.PERCENT)])).verdict(*MRR, NEWEST)
            )
        few, many = verdicts
        assert few is not None
        assert many is not None
        assert (few.anomaly, many.anomaly) == (None, Kind.DIP)

    def test_a_spike_that_stays_became_a_shift(self) -> None:
        numbers = noisy(40)
        shifted = one_row([*numbers[:35], *(number + 50 for number in numbers[35:])])
        later = judge_sheet(shifted).row(*MRR)[35]
        then = judge_sheet(replace(shifted, as_of=shifted.months[36].first_day)).row(*MRR)[35]
        assert later is not None
        assert (later.anomaly, later.became) == (Kind.SPIKE, Kind.SHIFT_UP)
        assert then == later._replace(became=None)


class TestWhereTheRangeBeginsAnew:
    def shifted(self, **more: Any) -> MetricSheet:
        """Another level from the 31st month on."""
        numbers = noisy(44)
        return one_row([*numbers[:30], *(number + 50 for number in numbers[30:])], **more)

    def test_at_an_event_of_the_product_the_level_does(self) -> None:
        month = NEWEST + (30 - 43)
        event = KnownEvent("e-1", "replay", month, "price")
        judged = judge_sheet(self.shifted(events=(event,)))
        assert judged.verdict(*MRR, month) is None
        later = [judged.verdict(*MRR, month + ahead) for ahead in range(1, 5)]
        assert all(verdict is not None and verdict.anomaly is None for verdict in later)

    def test_events_of_others_do_not_matter(self) -> None:
        month = NEWEST + (30 - 43)
        events = (
            KnownEvent("e-1", "flags", month, "price"),
            KnownEvent("e-2", "replay", month, "price", ("churn_rate",)),
        )
        verdict = judge_sheet(self.shifted(events=events)).verdict(*MRR, month)
        assert verdict is not None
        assert verdict.anomaly is Kind.SPIKE

    def test_a_new_definition_is_a_new_metric(self) -> None:
        """Nothing is judged for a year after it."""
        month = NEWEST + (30 - 43)
        for known in (
            {"redefinitions": (Redefinition("replay", month, ("mrr",)),)},
            {"events": (KnownEvent("e-1", "replay", month, "definition"),)},
        ):
            row = judge_sheet(self.shifted(**known)).row(*MRR)
            assert [verdict is not None for verdict in row[28:44]] == [True, True, *([False] * 12), True, True]


class TestKept:
    @pytest.fixture(autouse=True)
    def cache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def test_verdicts_are_kept_and_the_same_when_read_back(self, tmp_path: Path) -> None:
        numbers = one_row([*noisy(40), 170.0])
        assert kept_judgements(numbers, tmp_path) is None
        judged = judgements_of(numbers, tmp_path)
        kept = kept_judgements(numbers, tmp_path)
        assert kept is not None
        assert kept.row(*MRR) == judged.row(*MRR)
        assert list(kept.flagged(NEWEST)) == [MRR]

    @pytest.mark.parametrize(
        "change",
        [
            {"false_alarms_per_1000": 10.0},
            {"events": (KnownEvent("e-1", "replay", Month(2026, 1), "price"),)},
            {"redefinitions": (Redefinition("replay", Month(2026, 1)),)},
        ],
    )
    def test_another_sheet_is_judged_again(self, tmp_path: Path, change: dict[str, Any]) -> None:
        numbers = noisy(40)
        judgements_of(one_row([*numbers]), tmp_path)
        assert kept_judgements(one_row([*numbers[:-1], 99.0]), tmp_path) is None
        assert kept_judgements(one_row([*numbers], **change), tmp_path) is None

    def test_a_damaged_file_is_no_file(self, tmp_path: Path) -> None:
        numbers = one_row([*noisy(40)])
        judgements_of(numbers, tmp_path)
        (file,) = (tmp_path / "cache").rglob("*.verdicts")
        file.write_bytes(file.read_bytes()[:-3])
        assert kept_judgements(numbers, tmp_path) is None
        assert judgements_of(numbers, tmp_path).packed
