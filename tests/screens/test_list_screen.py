"""Lists of records: columns, sections, cursor, finding, filtering, details."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import LIST
from reviewtui.screens.list_screen import ListScreen
from reviewtui.widgets.list_layout import ListColumn, ListRow, SectionLine, column_widths, lines_of, row_text
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.spans import line_width
from tests.screens.conftest import ROOT, settled, shown, shown_text
from tests.screens.forms import FormApp
from tests.workspace.hostile import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.pilot import Pilot

    from reviewtui.widgets.spans import Line

COLUMNS = (
    ListColumn("Title", widest=60),
    ListColumn("Owner", rank=1),
    ListColumn("Due"),
    ListColumn("Carried", is_right=True, rank=2),
)
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def todo(number: int, section: str = "", title: str = "", role: str = "text") -> ListRow:
    """A row."""
    cells = (title or f"To-do {number}", ("Ada", "Grace")[number % 2], "Oct 26", str(number % 3))
    return ListRow(f"t-{number}", cells, section, role, words=f"note of {number}")


class Todos(ListScreen):
    """Lists what it was given."""

    BINDINGS = bindings_of(LIST)
    HEADING = "To-dos"
    COLUMNS = COLUMNS
    EMPTY = "Nothing is to be done. Press o on a cell of the grid to add a to-do."

    def __init__(self, given: Sequence[ListRow]) -> None:
        super().__init__()
        self.given = list(given)
        self.opened: list[str] = []

    def rows(self) -> Sequence[ListRow]:
        """What was given."""
        return self.given

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """The title as Markdown."""
        return markdown_lines(f"# Details of {row.cells[0]}\n" + "\n\nmore" * 30, width)

    def open_row(self, row: ListRow) -> None:
        """Keep which."""
        self.opened.append(row.id)


async def listed(pilot: Pilot[None], rows: Sequence[ListRow]) -> Todos:
    screen = Todos(rows)
    await pilot.app.push_screen(screen)
    await settled(pilot)
    return screen


def app() -> FormApp:
    return FormApp(ROOT, is_bare=True)


def under_cursor(screen: Todos) -> str:
    return screen.row.id if screen.row is not None else ""


TWO_SECTIONS = [todo(number, "Due now") for number in range(3)] + [todo(number, "Later") for number in range(3, 60)]


class TestMoving:
    async def test_rows_are_stepped_through_and_titles_of_sections_stepped_over(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            assert under_cursor(screen) == "t-0"
            await pilot.press("j", "down", "j")
            assert under_cursor(screen) == "t-3"
            await pilot.press("k")
            assert under_cursor(screen) == "t-2"
            await pilot.press("G")
            assert under_cursor(screen) == "t-59"
            assert "To-do 59" in shown_text(pilot)
            await pilot.press("j")
            assert under_cursor(screen) == "t-59"
            await pilot.press("pageup", "pagedown", "pagedown", "pagedown")
            assert under_cursor(screen) == "t-59"
            await pilot.press("g")
            assert under_cursor(screen) == "t-0"
            assert " DUE NOW  3" in shown_text(pilot)

    async def test_enter_opens_and_q_goes_back(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            await pilot.press("j", "enter")
            assert screen.opened == ["t-1"]
            await pilot.press("q")
            assert pilot.app.screen is not screen

    async def test_the_cursor_stays_on_its_record_when_rows_change(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            await pilot.press("j", "j", "j", "j")
            screen.given = screen.given[2:]
            screen.show()
            assert under_cursor(screen) == "t-4"
            screen.given = [row for row in screen.given if row.id != "t-4"]
            screen.show()
            assert under_cursor(screen) == "t-5"
            screen.given = []
            screen.show()
            await settled(pilot)
            assert screen.row is None
            assert "Nothing is to be done." in shown_text(pilot)
            await pilot.press("j", "k", "G", "g", "enter", "n", "pagedown")

    async def test_thousands_of_rows_are_as_quick_as_few(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, [todo(number, f"Part {number // 100}") for number in range(5000)])
            await pilot.press("G", "k")
            assert under_cursor(screen) == "t-4998"
            assert screen.list.narrow("note 4321") == 1


class TestFinding:
    async def test_the_cursor_goes_to_what_is_typed_and_n_to_the_next(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            await pilot.press("slash", *"do 5")
            assert under_cursor(screen) == "t-5"
            assert "1 of 15" in shown_text(pilot)
            await pilot.press("enter", "n")
            assert under_cursor(screen) == "t-15"
            await pilot.press("N", "N")
            assert under_cursor(screen) == "t-59"

    async def test_leaving_the_question_goes_back(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            await pilot.press("j", "slash", *"59", "escape")
            assert under_cursor(screen) == "t-1"

    async def test_a_filter_stays_until_esc(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            await pilot.press("f", *"grace later", "enter")
            assert len(screen.list.rows) == 29
            assert "only: grace later" in shown_text(pilot)
            await pilot.press("escape")
            assert len(screen.list.rows) == 60
            await pilot.press("f", *"nobody")
            assert "None of the 60 here has these words." in shown_text(pilot)


class TestLooks:
    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
    async def test_details_stand_below_or_beside(self, size: tuple[int, int]) -> None:
        async with app().run_test(size=size) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            lines = shown(pilot)
            at = next(y for y, line in enumerate(lines) if "Details of To-do 0" in line)
            if size[0] >= 140:
                assert (at, lines[at].index("Details") > 100) == (1, True)
            else:
                assert at > size[1] // 2
            before = shown_text(pilot)
            await pilot.press("ctrl+d")
            await settled(pilot)
            assert shown_text(pilot) != before
            assert screen.row is not None

    async def test_a_short_list_leaves_its_lines_to_the_details(self) -> None:
        async with app().run_test(size=(100, 40)) as pilot:
            await listed(pilot, TWO_SECTIONS)
            assert shown(pilot)[24].startswith("───")
        async with app().run_test(size=(100, 40)) as pilot:
            await listed(pilot, TWO_SECTIONS[:2])
            assert shown(pilot)[7].startswith("───")
            assert "To-do 1" in shown_text(pilot)

    async def test_the_whole_corpus_is_shown_without_a_control(self) -> None:
        rows = [ListRow(name, (text, text, "", "1"), text[:20]) for name, text in HOSTILE.items()]
        async with app().run_test(size=(80, 24)) as pilot:
            await listed(pilot, rows)
            for _ in range(len(rows) // 10):
                assert not CONTROLS.search(shown_text(pilot))
                assert max(cell_len(line) for line in shown(pilot)) <= 80
                await pilot.press("pagedown")

    async def test_one_pressed_row_is_chosen_and_pressed_again_opened(self) -> None:
        async with app().run_test(size=(100, 30)) as pilot:
            screen = await listed(pilot, TWO_SECTIONS)
            await pilot.click("#list", offset=(5, 3))
            assert (under_cursor(screen), screen.opened) == ("t-1", [])
            await pilot.click("#list", offset=(5, 3))
            assert screen.opened == ["t-1"]
            await pilot.click("#list", offset=(5, 1))
            assert under_cursor(screen) == "t-1"


class TestLayout:
    def test_sections_are_titled_with_their_counts(self) -> None:
        lines = lines_of([todo(0, "A"), todo(1, "A"), todo(2, "B")])
        assert [line for line in lines if isinstance(line, SectionLine)] == [("A", 2), ("B", 1)]
        assert len(lines) == 5

    def test_where_there_is_room_every_column_has_it(self) -> None:
        assert column_widths(COLUMNS, [todo(1), todo(2)], 80) == [7, 5, 6, 7]

    def test_where_there_is_none_columns_of_a_high_rank_go_first_and_names_are_cut(self) -> None:
        rows = [todo(1, title="A title of thirty-one characters")]
        assert column_widths(COLUMNS, rows, 40) == [16, 5, 6, 7]
        assert column_widths(COLUMNS, rows, 32) == [17, 5, 6, 0]

    @given(
        st.lists(st.tuples(*[st.text(max_size=40)] * 4), max_size=12),
        st.integers(1, 120),
    )
    def test_every_row_fits_whatever_it_says(self, cells: list[Any], width: int) -> None:
        rows = [ListRow(str(at), texts) for at, texts in enumerate(cells)]
        widths = column_widths(COLUMNS, rows, width)
        assert all(cell_len(row_text(row.cells, COLUMNS, widths)) <= width for row in rows)

    @given(st.text(st.characters(exclude_categories=()), max_size=300), st.integers(8, 90))
    def test_every_line_of_markdown_is_plain_text(self, text: str, width: int) -> None:
        for line in markdown_lines(text, width):
            assert not any(CONTROLS.search(span.text) or "\n" in span.text for span in line)

    @given(st.text("ab *_`#>-1.\n|~[]()!", max_size=200), st.integers(30, 90))
    def test_lines_of_markdown_fit(self, text: str, width: int) -> None:
        assert all(line_width(line) <= width for line in markdown_lines(text, width))

    @pytest.mark.parametrize("name", HOSTILE)
    def test_the_corpus_as_markdown(self, name: str) -> None:
        text = HOSTILE[name]
        for line in markdown_lines(f"# {text}\n\n- {text}\n\n```\n{text}\n```\n\n| {text} |\n|--|\n| {text} |", 60):
            assert not any(CONTROLS.search(span.text) or "\n" in span.text for span in line)
