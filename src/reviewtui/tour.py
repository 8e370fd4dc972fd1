"""The tour for somebody new: a dozen steps, each naming one key and going on when it is pressed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.actions.action import first_key, remapped
from reviewtui.actions.screens import SCREENS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step."""

    action: str
    """The id of the action that goes on."""
    says: str
    """What is to be seen, and why it matters; a sentence or two."""
    key_does: str
    """What pressing the key does, to follow `Press x`."""
    screen: str = ""
    """Where it is pressed, where several screens have an action with that id."""


STEPS = (
    TourStep(
        "screen.next_product",
        "A review reads one product: a line a metric, a column a month, and it stands on the newest complete month.",
        "for the next product",
    ),
    TourStep(
        "screen.next_anomaly",
        "Most values are as expected and deserve no time. Those that are not carry ▲ or ▼ before them.",
        "to go to the first that nobody has explained",
    ),
    TourStep(
        "screen.open_metric",
        "The panel tells what was expected and why the value stands out. e explains it, c comments, o makes a to-do.",
        "to see the metric in full, with the customers behind it",
    ),
    TourStep(
        "app.show_anomalies",
        "Here are the trend, the definition, the rows. Digits lead everywhere.",
        "for all that is out of the ordinary",
    ),
    TourStep("app.show_dives", "What is explained is calm; the rest waits here.", "for the deep dives"),
    TourStep("app.show_interviews", "A dive keeps question, evidence and finding.", "for what users told us"),
    TourStep("app.show_costs", "Interviews are found again by metric, person and tag.", "for cost and margin"),
    TourStep("app.show_todos", "What a unit costs, and how sure that is.", "for what somebody promised"),
    TourStep("app.show_review", "To-dos come back at every review until they are done.", "for the review of the month"),
    TourStep(
        "screen.next_row",
        "The review lists everything in the order it is done: last time's to-dos, exceptions, the focus of the quarter,"
        " open questions, the checklist.",
        "to go down; Enter does what a line asks for",
        "Review",
    ),
    TourStep("screen.show_summary", "The details say what still keeps it open.", "to see the summary as it is sent"),
    TourStep(
        "screen.next_form",
        "It begins with what was said last time. y copies it, w writes it to a file, s the spreadsheet.",
        "for the message to the team",
    ),
    TourStep("screen.close", "X on the review closes it and freezes the numbers it read.", "to go back, and begin"),
)


def step_words(place: int, keymap: Mapping[str, str]) -> tuple[str, str]:
    """What a step says, and the key it asks for, as two texts."""
    step = STEPS[place]
    screens = (SCREENS[step.screen],) if step.screen else SCREENS.values()
    found = next(action for actions in screens for action in actions if action.id == step.action)
    key = first_key(remapped([found], keymap)[0])
    return step.says, f"{place + 1}/{len(STEPS)}  Press {key} {step.key_does}. Esc leaves the tour."
