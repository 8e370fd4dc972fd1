"""What is sent to the terminal: little, and what comes of it is what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from reviewtui.front_buffer import FrontBuffer, is_one_cell_each
from tests.emulator import Emulator, differences

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 24, 3
TEXTS = [
    "",
    " ",
    "   ",
    "abc",
    "Umsätze",
    "│▁▂▃█▌",
    "12.3k ",
    "会社",
    "데이터",
    "é̂x",
    "שלום",
    "مرحبا",
    "a会b",
    "▲✎…",
    "−4.1 %",
]
"""Texts of whose width the emulator and the toolkit think the same."""
STYLES = [
    None,
    Style(),
    Style(color="#ff8800"),
    Style(color="#ff8800", bgcolor="#101010"),
    Style(bgcolor="#202020", bold=True),
    Style(bgcolor="#202020", italic=True, underline=True),
    Style(color="red", bgcolor="bright_blue", reverse=True),
    Style(strike=True, bold=False),
    Style(color="default", bgcolor="default", bold=True, dim=True),
    Style(color="#ff8800", link="https://example.org/a;b"),
]

Line = list[tuple[str, Style | None]]
lines = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(STYLES)), max_size=6)
screens = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)


def strip_of(line: Line) -> Strip:
    return Strip([Segment(text, style) for text, style in line]).adjust_cell_length(WIDTH)


def stock(strips: Sequence[tuple[int, int, Strip]]) -> str:
    """The same pieces, painted cell by cell with every style set anew."""
    return "".join(
        f"\x1b[{y + 1};{x + 1}H" + "".join(style.render(text) if style else text for text, style, _ in strip)
        for y, x, strip in strips
    )


@given(st.lists(screens, min_size=1, max_size=4), st.data())
def test_any_sequence_of_screens_looks_as_it_should(frames: list[list[Line]], data: st.DataObject) -> None:
    lean, whole, buffer = Emulator(WIDTH, HEIGHT), Emulator(WIDTH, HEIGHT), FrontBuffer()
    for frame in frames:
        strips = [strip_of(line) for line in frame]
        cut = data.draw(st.integers(0, WIDTH), label="where a second widget starts")
        pieces = [
            (y, x, part)
            for y, strip in enumerate(strips)
            for x, part in zip((0, cut), strip.divide([cut, WIDTH]), strict=False)
        ]
        lean.feed(buffer.paint(pieces))
        whole.feed(stock([(y, 0, Strip.join(part for at, _, part in pieces if at == y)) for y in range(HEIGHT)]))
        assert differences(lean, whole) == []


@given(screens)
def test_what_is_shown_already_is_not_sent_again(frame: list[Line]) -> None:
    pieces = [(y, 0, strip_of(line)) for y, line in enumerate(frame)]
    buffer = FrontBuffer()
    buffer.paint(pieces)
    assert buffer.paint(pieces) == ""


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("  310.2k  311.0k", "  310.2k  311.4k", "\x1b[3;15H4"),
        # A gap of four costs as much as a move over it.
        ("abcdefghij", "Abcd-fghij", "\x1b[3;1HAbcd-"),
        ("abcdefghij", "Abcdef-hij", "\x1b[3;1HA\x1b[5C-"),
    ],
)
def test_only_cells_that_differ_are_sent(before: str, after: str, sent: str) -> None:
    buffer = FrontBuffer()
    buffer.paint([(2, 0, [Segment(before)])])
    assert buffer.paint([(2, 0, [Segment(after)])]) == sent


def test_of_a_style_only_the_part_that_differs_is_sent() -> None:
    red, bold, blue = Style(color="#f00000"), Style(color="#f00000", bold=True), Style(color="#0000f0", bold=True)
    line = [Segment("a", red), Segment("b", bold), Segment("c", blue), Segment("d", Style(color="#0000f0"))]
    sent = FrontBuffer().paint([(0, 0, line)])
    assert sent == "\x1b[1;1H\x1b[38;2;240;0;0ma\x1b[1mb\x1b[38;2;0;0;240mc\x1b[22md\x1b[m"


def test_a_change_of_style_alone_is_sent() -> None:
    buffer = FrontBuffer()
    buffer.paint([(0, 0, [Segment("abc")])])
    assert (
        buffer.paint([(0, 0, [Segment("a"), Segment("b", Style(bold=True)), Segment("c")])])
        == "\x1b[1;2H\x1b[1mb\x1b[m"
    )


@pytest.mark.parametrize(
    ("colors", "sent"),
    [
        (ColorSystem.TRUECOLOR, "\x1b[38;5;208m"),
        (ColorSystem.EIGHT_BIT, "\x1b[38;5;208m"),
        (ColorSystem.STANDARD, "\x1b[91m"),
    ],
)
def test_colours_are_those_the_terminal_has(colors: ColorSystem, sent: str) -> None:
    assert FrontBuffer(colors).paint([(0, 0, [Segment("a", Style(color="#ff8700"))])]) == f"\x1b[1;1H{sent}a\x1b[m"


def test_nothing_is_taken_as_shown_after_forgetting() -> None:
    buffer = FrontBuffer()
    first = buffer.paint([(0, 0, [Segment("abc")])])
    buffer.forget()
    assert buffer.paint([(0, 0, [Segment("abc")])]) == first == "\x1b[1;1Habc"


@pytest.mark.parametrize("name", ["会社", "👩‍👩‍👧 team", "🇩🇪", "e\u0301", "❤️", "שלום", "नमस्ते", "ﷺ", "\U000f0000"])
def test_what_stands_after_text_of_doubtful_width_is_placed_absolutely(name: str) -> None:
    """Whatever a terminal makes of such a text, the next column stands where it belongs."""
    assert not is_one_cell_each(name)
    sent = FrontBuffer().paint([(4, 0, [Segment(name), Segment("next")])])
    width = cell_len(name)
    assert sent == f"\x1b[5;1H{' ' * width}\x1b[5;1H{name}\x1b[5;{width + 1}Hnext"


def test_a_text_of_doubtful_width_is_sent_whole_or_not_at_all() -> None:
    buffer = FrontBuffer()
    buffer.paint([(0, 0, [Segment("会社A "), Segment("1.0k")])])
    assert buffer.paint([(0, 0, [Segment("会社A "), Segment("2.0k")])]) == "\x1b[1;7H2"
    assert buffer.paint([(0, 0, [Segment("会社B "), Segment("2.0k")])]) == "\x1b[1;1H      \x1b[1;1H会社B "


def test_a_block_that_is_cut_leaves_nothing_behind() -> None:
    lean, buffer = Emulator(8, 1), FrontBuffer()
    for pieces in ([(0, 0, [Segment("ab会社cd")])], [(0, 0, [Segment("abx")]), (0, 3, [Segment(" yzcd")])]):
        lean.feed(buffer.paint(pieces))
    assert lean.text() == ["abx yzcd"]


def test_a_link_is_opened_and_closed() -> None:
    style = Style(link="https://example.org")
    sent = FrontBuffer().paint([(0, 0, [Segment("a", style), Segment("b")])])
    assert sent == f"\x1b[1;1H\x1b]8;id={style.link_id};https://example.org\x1b\\a\x1b]8;;\x1b\\b"
