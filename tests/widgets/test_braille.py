"""The Braille canvas, dot by dot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewtui.widgets.braille import Canvas, Mark, segment_dots

DOTS = st.sets(st.tuples(st.integers(-50, 200), st.integers(-50, 200)), max_size=200)


def text(canvas: Canvas) -> list[str]:
    return ["".join(mark.text for mark in row) for row in canvas.rows()]


def test_each_dot_has_its_bit() -> None:
    signs = []
    for x in (0, 1):
        for y in (0, 1, 2, 3):
            canvas = Canvas(1, 1)
            canvas.draw({(x, y)}, "line")
            signs += text(canvas)
    assert signs == ["⠁", "⠂", "⠄", "⡀", "⠈", "⠐", "⠠", "⢀"]


def test_dots_of_a_cell_are_put_together() -> None:
    canvas = Canvas(2, 1)
    canvas.draw({(x, y) for x in (0, 1) for y in range(4)} | {(2, 3), (3, 0)}, "line")
    assert text(canvas) == ["⣿⡈"]


def test_empty_cells_are_spaces_without_a_role() -> None:
    canvas = Canvas(5, 2)
    canvas.draw({(4, 0)}, "line")
    assert canvas.rows() == [[Mark("  ", ""), Mark("⠁", "line"), Mark("  ", "")], [Mark("     ", "")]]


def test_the_later_layer_hides_the_earlier() -> None:
    canvas = Canvas(2, 1)
    canvas.draw({(0, 0), (2, 0)}, "before")
    canvas.draw({(0, 3)}, "line")
    assert canvas.rows() == [[Mark("⡀", "line"), Mark("⠁", "before")]]


def test_an_underlay_fills_only_what_is_empty() -> None:
    canvas = Canvas(3, 1)
    canvas.draw({(2, 0)}, "line")
    canvas.underlay(0, range(3), Mark("┄", "target"))
    assert canvas.rows() == [[Mark("┄", "target"), Mark("⠁", "line"), Mark("┄", "target")]]


def test_without_braille_a_cell_is_one_dot() -> None:
    canvas = Canvas(3, 2, braille=False)
    canvas.draw({(0, 1), (2, 0)}, "line", "*")
    assert text(canvas) == ["  *", "*  "]


def test_a_line_has_both_its_ends_and_no_holes() -> None:
    assert segment_dots((0, 0), (3, 1)) == {(0, 0), (1, 0), (2, 1), (3, 1)}
    assert segment_dots((0, 0), (0, 2)) == {(0, 0), (0, 1), (0, 2)}
    assert segment_dots((2, 5), (2, 5)) == {(2, 5)}
    assert segment_dots((3, 1), (0, 0)) == segment_dots((0, 0), (3, 1)) | segment_dots((3, 1), (0, 0))


def test_a_dotted_line_has_every_second_dot() -> None:
    assert segment_dots((0, 0), (4, 0), every=2) == {(0, 0), (2, 0), (4, 0)}


@given(DOTS, st.integers(0, 40), st.integers(0, 20), st.booleans())
def test_nothing_is_drawn_outside(dots: set[tuple[int, int]], width: int, height: int, braille: bool) -> None:
    canvas = Canvas(width, height, braille=braille)
    canvas.draw(dots, "line")
    rows = canvas.rows()
    assert len(rows) == height
    assert all(sum(len(mark.text) for mark in row) == width for row in rows)


@given(st.tuples(st.integers(0, 300), st.integers(0, 60)), st.tuples(st.integers(0, 300), st.integers(0, 60)))
def test_the_dots_of_a_line_touch_each_other(start: tuple[int, int], end: tuple[int, int]) -> None:
    dots = segment_dots(start, end)
    assert {start, end} <= dots
    assert len(dots) == max(abs(start[0] - end[0]), abs(start[1] - end[1])) + 1
