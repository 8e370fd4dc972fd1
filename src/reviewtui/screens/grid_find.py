"""Finding in the grid by typing: metrics and sections, a month, a product."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.screens.grid_base import GridBase
from reviewtui.text import counted, safe_text, searchable
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.grid_rows import filter_words

if TYPE_CHECKING:
    from reviewtui.widgets.prompt_line import Question
    from reviewtui.widgets.sheet_view import SheetView


_WORD_BEGINS = r"(?<![^\W_])"


class GridFind(GridBase):
    """The prompts of the grid, and what was looked for last."""

    _wanted: str = ""
    """What was looked for, as it is compared."""

    def ask(self, question: Question) -> None:
        """Ask at the foot of the screen; the grid has the keys again afterwards."""
        from reviewtui.widgets.prompt_line import PromptLine

        for open_prompt in self.query(PromptLine):
            open_prompt.action_leave()
        self.mount(PromptLine(question, give_back_keys=self.grid.focus))

    # Metrics and sections

    def action_find(self) -> None:
        """Ask for a part of a name; the cursor goes to the first match while it is typed."""
        from reviewtui.widgets.prompt_line import Question

        view, grid = self.grid.view, self.grid
        if view is None or not view.stops:
            return
        names = {view: _names(view)}
        start, before = (grid.line, grid.place), self.place
        matches: list[int] = []

        def typed(text: str) -> str:
            shown = grid.view or view
            if shown not in names:
                names[shown] = _names(shown)
            wanted = searchable(text.strip())
            matches[:] = _matching(names[shown], wanted)
            grid.mark(matches)
            likely = _matching(names[shown], wanted, _WORD_BEGINS) or matches or [start[0]]
            grid.move_to(next((line for line in likely if line >= start[0]), likely[0]), start[1])
            return self._count(matches) if text.strip() else ""

        def moved(step: int) -> str:
            self._step(matches, step)
            return self._count(matches)

        def answered(text: str) -> str:
            if text.strip() and not matches:
                return self._count(matches)
            self._wanted = searchable(text.strip())
            if (grid.line, grid.place) != start:
                self.trail.leave(before)
            return ""

        def left() -> None:
            self._wanted = ""
            grid.mark(())
            grid.move_to(*start)

        self._wanted = ""
        self.ask(Question("Find", answered, typed, moved, left))

    def action_next_found(self) -> None:
        """The next match, from the last to the first."""
        self._step_found(1)

    def action_previous_found(self) -> None:
        """The match before."""
        self._step_found(-1)

    def _step_found(self, step: int) -> None:
        view = self.grid.view
        if not self._wanted or view is None:
            self.say(f"Nothing is looked for; {self.key_of('screen.find')} finds.")
            return
        matches = _matching(_names(view), self._wanted)
        self.grid.mark(matches)
        self._step(matches, step)
        self.say(self._count(matches))

    def _step(self, matches: list[int], step: int) -> None:
        grid = self.grid
        if not matches:
            return
        further = [line for line in matches if (line - grid.line) * step > 0]
        if step > 0:
            line = further[0] if further else matches[0]
        else:
            line = further[-1] if further else matches[-1]
        grid.move_to(line, grid.place)

    def _count(self, matches: list[int]) -> str:
        """How many there are, and which one the cursor is on."""
        if not matches:
            listed = filter_words(self.options)
            within = f", {listed}: {self.key_of('screen.back')} lists all" if listed else ""
            return safe_text(f"Nothing here is called that{within}")
        at = matches.index(self.grid.line) + 1 if self.grid.line in matches else 0
        return f"{at} of {len(matches):,}" if at else f"{len(matches):,} found"

    def clear_found(self) -> bool:
        """Forget what was looked for; whether something was."""
        was_there = bool(self._wanted)
        self._wanted = ""
        self.grid.mark(())
        return was_there

    # A month

    def action_go_to_month(self) -> None:
        """Ask for a month."""
        from reviewtui.month_words import UnknownMonthError, read_month
        from reviewtui.widgets.prompt_line import Question

        view, sheet = self.grid.view, self.sheet
        if view is None or sheet is None or not sheet.months:
            return

        def answered(text: str) -> str:
            if not text.strip():
                return ""
            here, newest = view.months[self.grid.place], view.months[view.review_place]
            try:
                month = read_month(text, here, sheet.months, newest, sheet.fiscal_year_start)
            except UnknownMonthError as error:
                return str(error)
            self.go_to(None, month)
            return ""

        self.ask(Question("Month", answered, hint="2026-04, apr, apr 26, q3 or -3"))

    # A product

    def action_pick_product(self) -> None:
        """Ask for a product by its name."""
        from reviewtui.widgets.prompt_line import Choice, Question

        if not self.products:
            return
        choices = [
            Choice(
                shown_name(product.name, product.id),
                "all together" if product.id == ALL_PRODUCTS else safe_text(product.stage and f"{product.stage} stage"),
                product.id,
            )
            for product in self.products
        ]

        def answered(product_id: str) -> str:
            self.leave_place()
            self.show_product(product_id)
            return ""

        self.ask(Question("Product", answered, hint=counted(len(choices), "product"), choices=choices))


def _names(view: SheetView) -> list[tuple[int, str]]:
    """Line and what it can be found by: a metric's name and id, the name of its section on the first of it.

    Metrics of a folded section are found at its title.
    """
    names: list[tuple[int, str]] = []
    for line, row in enumerate(view.rows):
        if row.metric is not None:
            names.append((line, searchable(f"{row.title}\n{row.metric.id}")))
            continue
        stop = view.nearest_stop(line)
        names.append((line if stop is None else stop, searchable(row.title)))
        names += [(line, searchable(f"{metric.name}\n{metric.id}")) for metric in row.folded]
    return names


def _matching(names: list[tuple[int, str]], wanted: str, before: str = "") -> list[int]:
    """The lines that are called like `wanted`, each once, from top to bottom; the pattern `before` fits before it."""
    is_called = re.compile(before + re.escape(wanted)).search
    return sorted({line for line, name in names if is_called(name)}) if wanted else []
