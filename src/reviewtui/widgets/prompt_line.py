"""A question at the foot of the screen that one line of text answers, with choices above it where there are any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from reviewtui.actions.action import bindings_of
from reviewtui.actions.numbers import PROMPT
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import searchable
from reviewtui.widgets.fitting import fit, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from textual.app import ComposeResult

NO_SUCH = "Nothing is called that."
MOST_CHOICES = 10
"""Choices that are visible at once."""


class Choice(NamedTuple):
    """Something that can be chosen."""

    name: str
    about: str
    """A word or two beside the name."""
    value: str
    """What is answered."""


@dataclass(frozen=True)
class Question:
    """What is asked, and what is done with the answer."""

    label: str
    answered: Callable[[str], str]
    """Takes the text, or the `value` of the choice; returns why it will not do, or an empty text to close."""
    typed: Callable[[str], str] | None = None
    """Takes each change of the text and returns what to say beside it."""
    moved: Callable[[int], str] | None = None
    """Takes a step up (-1) or down (1)."""
    left: Callable[[], None] | None = None
    """Called when the person goes back without an answer."""
    hint: str = ""
    choices: Sequence[Choice] = ()
    other: Callable[[str], str] | None = None
    """As `answered`, for a text that is none of the choices."""
    other_words: str = NO_SUCH
    """What is said where no choice matches."""


class ChoiceList(Widget):
    """The choices that match what is typed, one of them chosen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice-list--choice", "choice-list--about", "choice-list--chosen"}

    def __init__(self, choices: Sequence[Choice], other_words: str = NO_SUCH) -> None:
        super().__init__()
        self._other_words = other_words
        self._all = tuple(choices)
        self._listed = self._all
        self._at = 0
        self.styles.height = min(MOST_CHOICES, len(self._all))

    @property
    def chosen(self) -> Choice | None:
        """The choice that Enter takes; None where nothing matches."""
        return self._listed[self._at] if self._listed else None

    def narrow(self, text: str) -> None:
        """List the choices with `text` in their name, the beginnings first."""
        wanted = searchable(text.strip())
        matching = [choice for choice in self._all if wanted in searchable(f"{choice.name} {choice.value}")]
        self._listed = tuple(
            sorted(matching, key=lambda choice: not searchable(choice.name).startswith(wanted)) if wanted else matching
        )
        self._at = 0
        self.refresh()

    def step(self, step: int) -> None:
        """Choose a neighbour, from the last to the first."""
        if self._listed:
            self._at = (self._at + step) % len(self._listed)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one choice."""
        width, height = self.size
        place = max(0, self._at - height + 1) + y
        if place >= len(self._listed):
            text = f" {self._other_words}" if not self._listed and y == 0 else ""
            return Strip([Segment(fit(text, width), self._style("about"))])
        choice = self._listed[place]
        is_chosen = place == self._at
        name = shorten(f" {'›' if is_chosen else ' '} {choice.name}", width)
        about = fit(f"  {choice.about}", width - cell_len(name))
        styles = ("chosen", "chosen") if is_chosen else ("choice", "about")
        return Strip([Segment(name, self._style(styles[0])), Segment(about, self._style(styles[1]))]).simplify()

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"choice-list--{part}")


class PromptLine(Vertical):
    """Asks a `Question`, tells its callbacks, and closes itself."""

    BINDINGS = bindings_of(PROMPT)

    def __init__(self, question: Question, give_back_keys: Callable[[], object]) -> None:
        super().__init__()
        self._question = question
        self._give_back_keys = give_back_keys
        self._is_asking = True
        self._hint = question.hint

    def compose(self) -> ComposeResult:
        """Choices, and below them the question with its answer and what is said about it."""
        if self._question.choices:
            yield ChoiceList(self._question.choices, self._question.other_words)
        with Horizontal():
            yield Static(f" {self._question.label} ", markup=False, id="question")
            answer = Input(compact=True, select_on_focus=False, id="answer")
            answer.cursor_blink = False
            yield answer
            yield Static(f" {self._hint} ", markup=False, id="hint")

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(Input).focus()

    @property
    def hint(self) -> str:
        """What is said beside the text."""
        return self._hint

    def _say(self, words: str) -> None:
        self._hint = words
        self.query_one("#hint", Static).update(f" {words} ")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Let the text take effect while it is typed."""
        event.stop()
        for choices in self.query(ChoiceList):
            choices.narrow(event.value)
        if self._question.typed is not None and self._is_asking:
            self._say(self._question.typed(event.value))
        elif self._hint != self._question.hint:
            self._say(self._question.hint)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer, and close unless the answer will not do."""
        event.stop()
        text, answered = event.value, self._question.answered
        if self._question.choices:
            chosen = self.query_one(ChoiceList).chosen
            if chosen is not None:
                text = chosen.value
            elif self._question.other is not None:
                answered = self._question.other
            else:
                return
        why_not = answered(text)
        if why_not:
            self._say(why_not)
        else:
            self._close()

    def action_leave(self) -> None:
        """Close without an answer."""
        if self._is_asking and self._question.left is not None:
            self._question.left()
        self._close()

    def action_previous_choice(self) -> None:
        """One up."""
        self._step(-1)

    def action_next_choice(self) -> None:
        """One down."""
        self._step(1)

    def _step(self, step: int) -> None:
        for choices in self.query(ChoiceList):
            choices.step(step)
        if self._question.moved is not None:
            self._say(self._question.moved(step))

    def _close(self) -> None:
        if self._is_asking:
            self._is_asking = False
            self._give_back_keys()
            self.remove()
