"""What is known of a screen: of lines, as they are kept and put together again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewtui.screen_cells import ScreenCells

INKS = [("39", "49", 0, ""), ("38;5;1", "48;5;2", 1, "")]
lines = st.text("ab", max_size=3).flatmap(
    lambda text: st.tuples(st.just(text), st.text("\0\1", min_size=len(text), max_size=len(text)))
)
screens = st.dictionaries(st.integers(0, 3), lines).map(
    lambda found: ScreenCells(
        {y: text for y, (text, _) in found.items()}, {y: marks for y, (_, marks) in found.items()}, INKS, {}
    )
)


@given(screens, screens)
def test_lines_that_differ_are_all_that_leads_to_another_screen(before: ScreenCells, after: ScreenCells) -> None:
    changes = after.but(before)
    reached = before.changed_by(changes)
    assert all(reached.line(y) == after.line(y) for y in after.characters)
    assert all(reached.line(y) == before.line(y) for y in before.characters.keys() - after.characters.keys())
    assert all(before.line(y) != line for y in changes.characters for line in [changes.line(y)])


@given(screens, st.integers(0, 3), st.integers(0, 3))
def test_nothing_is_known_of_what_lies_beyond(screen: ScreenCells, y: int, x: int) -> None:
    cut = screen.up_to(y, x)
    text, marks = screen.line(y)
    assert cut.line(y) == ((text or "")[:x], (marks or "")[:x])
    assert all(cut.line(other) == screen.line(other) for other in screen.characters.keys() - {y})


def test_the_colours_of_a_line_s_end_are_those_of_its_last_cell() -> None:
    screen = ScreenCells({0: "ab", 1: ""}, {0: "\0\1", 1: ""}, INKS, {})
    assert [screen.colors_at_end(y) for y in (0, 1, 2)] == [("38;5;1", "48;5;2"), (), ()]
