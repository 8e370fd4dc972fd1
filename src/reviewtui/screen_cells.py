"""What stands in the cells of a screen, as plain values that can be kept."""

from __future__ import annotations

from reviewtui.quick_tuple import NamedTuple


class ScreenCells(NamedTuple):
    """The characters and inks of lines that are numbered from 0; of lines that are not there nobody knows anything."""

    characters: dict[int, str]
    """Of each line, one for each cell; a stand-in where a block stands."""
    inked: dict[int, str]
    """Of each line, one character for each cell: the place of its ink in `inks`."""
    inks: list[tuple[str, str, int, str]]
    """Foreground, background (both as SGR parameters), attributes and link."""
    blocks: dict[str, str]
    """Stand-in to the text of a block."""

    def but(self, known: ScreenCells) -> ScreenCells:
        """These cells without the lines that are the same in `known`."""
        lines = [y for y, line in self.characters.items() if (line, self.inked[y]) != known.line(y)]
        characters, inked = ({y: lines_of[y] for y in lines} for lines_of in (self.characters, self.inked))
        return self._replace(characters=characters, inked=inked)

    def changed_by(self, lines: ScreenCells) -> ScreenCells:
        """These cells with other lines in their place."""
        return lines._replace(characters=self.characters | lines.characters, inked=self.inked | lines.inked)

    def line(self, y: int) -> tuple[str | None, str | None]:
        """Characters and inks of a line."""
        return self.characters.get(y), self.inked.get(y)

    def up_to(self, y: int, x: int) -> ScreenCells:
        """These cells where of the line `y` only those before `x` are known."""
        return self._replace(
            characters=self.characters | {y: self.characters.get(y, "")[:x]},
            inked=self.inked | {y: self.inked.get(y, "")[:x]},
        )

    def colors_at_end(self, y: int) -> tuple[str, ...]:
        """Foreground and background of the last cell of a line, as SGR parameters; nothing where they are unknown."""
        marks = self.inked.get(y)
        return self.inks[ord(marks[-1])][:2] if marks else ()
