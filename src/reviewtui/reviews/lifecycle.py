"""What the stage of a product means for its review: what to ask, and what growth is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.workspace.model import Bands


@dataclass(frozen=True, slots=True)
class StageAdvice:
    """What matters at a stage."""

    stage: str
    goal: str
    questions: tuple[str, ...]


ADVICE: Mapping[str, StageAdvice] = {
    advice.stage: advice
    for advice in (
        StageAdvice(
            "idea",
            "Put a first version in front of users.",
            (
                "Whom is it for?",
                "Which few features give most of the value?",
                "What is the shortest way to a beta?",
            ),
        ),
        StageAdvice(
            "beta",
            "Make something that users want to pay for.",
            ("What is missing before money can be asked for it?", "How should it be charged?"),
        ),
        StageAdvice(
            "growth",
            "Make more of its users stay, and more of them pay.",
            (
                "Do users really get value from it?",
                "Where do they drop out or get stuck?",
                "What drives retention and revenue?",
            ),
        ),
        StageAdvice(
            "mature",
            "Keep what is there, then grow it.",
            (
                "Which churn could have been prevented, and by what?",
                "Are the users it was made for served first?",
                "Is something hard and important being put off?",
            ),
        ),
    )
}


def stage_lines(stage: str, bands: Bands, names: Mapping[str, str]) -> tuple[str, ...]:
    """What the review of a product at `stage` should keep in mind, a line each; empty for a stage nobody knows.

    `bands` are the thresholds of the stage, as fractions where the metric is one; `names` names the metrics.
    """
    advice = ADVICE.get(stage)
    thresholds = tuple(f"{names.get(metric, metric)}: {_band_words(band)}" for metric, band in sorted(bands.items()))
    if advice is None:
        return thresholds
    return (f"{advice.stage[:1].upper()}{advice.stage[1:]} stage: {advice.goal}", *advice.questions, *thresholds)


def _band_words(band: float | tuple[float, float]) -> str:
    if isinstance(band, tuple):
        low, high = band
        return f"{_percent(low)} to {_percent(high)} on average over three months"
    return f"above {_percent(band)} on average over three months"


def _percent(share: float) -> str:
    return f"{round(share * 100, 2):g} %"
