"""Find where the months of a sheet are, whether they run across or down, and what the columns beside them hold.

Works on a `Grid`, where months always run across: a header line names them, the lines below hold values.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.imports.cell_values import NumberRead, read_number
from reviewtui.imports.header_months import HeaderMonths, resolve_months
from reviewtui.imports.month_text import Header, read_header, year_in
from reviewtui.imports.words import key, titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reviewtui.imports.sheets import Grid, SheetCell

HEADER_LINES = 60
"""A first header is looked for in this many lines."""
YEARS_ABOVE = 3
"""Lines above a header in which its years may stand."""
SECTION_SHARE = 0.5
"""A column of names that fills less of the lines than this names sections."""


@dataclass(frozen=True, slots=True)
class Block:
    """A header of months and the lines below it, down to the next header or the end."""

    header: int
    last_header: int
    """The last line that belongs to the header."""
    years: int | None
    """The line that holds the years of the months; None where none does."""
    found: HeaderMonths
    lines: tuple[int, ...]
    """The lines with values, names or sections."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which position holds what, beside the months."""

    label: int | None = None
    product: int | None = None
    section: int | None = None
    unit: int | None = None
    metric_id: int | None = None
    unused: tuple[tuple[int, str], ...] = ()
    """Positions that are not used, with their titles."""


@dataclass(frozen=True)
class Layout:
    """A sheet whose months were found."""

    grid: Grid
    blocks: tuple[Block, ...]


def find_layout(grids: Iterable[Grid], year_hint: int | None = None) -> Layout | None:
    """The layout of the sheet in the orientation that governs more numbers; None for a sheet without months.

    `year_hint` is a year that the sheet's surroundings name, for months without one.
    """
    best: tuple[int, Grid, int] | None = None
    for grid in grids:
        score, header = _best_header(grid)
        if score and (best is None or score > best[0]):
            best = (score, grid, header)
    if best is None:
        return None
    _, grid, header = best
    return Layout(grid, tuple(_blocks(grid, header, year_hint)))


def is_value(cell: SheetCell) -> bool:
    """Whether a cell holds a number, as one or as text."""
    if isinstance(cell.value, float):
        return True
    return isinstance(cell.value, str) and isinstance(read_number(cell.value), NumberRead)


def _headers(grid: Grid, line: int) -> dict[int, Header]:
    """Position to header, for the positions of `line` that name a month."""
    found = {position: read_header(cell) for position, cell in grid.lines.get(line, {}).items()}
    return {position: header for position, header in found.items() if header.is_month}


def _best_header(grid: Grid) -> tuple[int, int]:
    """The number of values below the best header line, and that line; 0 if there is none."""
    candidates = {line: found for line in list(grid.lines)[:HEADER_LINES] if (found := _headers(grid, line))}
    if not candidates:
        return 0, 0
    value_lines: dict[int, list[int]] = defaultdict(list)
    wanted = {position for found in candidates.values() for position in found}
    for line, cells in grid.lines.items():
        for position in wanted.intersection(cells):
            if is_value(cells[position]):
                value_lines[position].append(line)
    scores = {
        line: sum(len(value_lines[position]) - bisect_right(value_lines[position], line) for position in found)
        for line, found in candidates.items()
    }
    best = max(scores, key=lambda line: (scores[line], -line))
    return scores[best], best


def _blocks(grid: Grid, first: int, year_hint: int | None) -> Iterable[Block]:
    """The block of the header `first`, and those of further headers below it."""
    months = len(_headers(grid, first))
    starts = [first, *(line for line in grid.lines if line > first and _is_next_header(grid, line, months))]
    order = list(grid.lines)
    for place, header in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else None
        yield _block(grid, header, end, order, year_hint)


def _block(grid: Grid, header: int, end: int | None, order: Sequence[int], year_hint: int | None) -> Block:
    positions = _positions(grid, header)
    below = next((line for line in order if line > header), None)
    years_below = below is not None and _is_year_line(grid, below, positions)
    year_lines = [line for line in order if header - YEARS_ABOVE <= line < header][::-1]
    if years_below and below is not None:
        year_lines = [below]
    last_header = below if years_below and below is not None else header
    found = resolve_months(grid, header, positions, year_lines, _title_year(grid, header, year_hint))
    lines = tuple(line for line in order if line > last_header and (end is None or line < end))
    return Block(header, last_header, found.year_line, found, lines)


def _positions(grid: Grid, header: int) -> dict[int, Header]:
    """Position to header for every position with a header there, also one under a merged block."""
    positions = dict.fromkeys(grid.lines[header])
    widest = max(positions) + 1
    for position in range(min(positions), widest + 1):
        if grid.is_covered(header, position):
            positions[position] = None
    return {position: read_header(grid.spread(header, position)) for position in sorted(positions)}


def _is_year_line(grid: Grid, line: int, positions: Mapping[int, Header]) -> bool:
    lacking = [position for position, header in positions.items() if header.number is not None and header.year is None]
    return bool(lacking) and all(read_header(grid.cell(line, position)).is_year for position in lacking)


def _title_year(grid: Grid, header: int, year_hint: int | None) -> int | None:
    """A year that a title above the header names, else the hint."""
    for line in sorted((line for line in grid.lines if line < header), reverse=True):
        years = {year for cell in grid.lines[line].values() if (year := year_in(cell.text)) is not None}
        if len(years) == 1:
            return years.pop()
    return year_hint


def _is_next_header(grid: Grid, line: int, months: int) -> bool:
    """Whether a line below a header of `months` months names months again."""
    cells = grid.lines[line]
    texts = sum(not isinstance(cell.value, float) for cell in cells.values())
    if months < 2 or texts < max(2, months // 2):
        return False
    return len(_headers(grid, line)) >= max(2, months // 2)


def find_columns(grid: Grid, block: Block, products: frozenset[str]) -> Columns:
    """What the positions beside the months hold; `products` are names of known products, as `key` gives them."""
    months = set(block.found.months)
    texts: dict[int, list[str]] = defaultdict(list)
    for line in block.lines:
        for position, cell in grid.lines[line].items():
            if position not in months and isinstance(cell.value, str) and not is_value(cell):
                texts[position].append(cell.text)
    roles = _titled(grid, block, months)
    before = [position for position in sorted(texts) if not block.found.months or position < min(block.found.months)]
    free = [position for position in before or sorted(texts) if position not in roles.values()]
    if "product" not in roles and len(free) > 1:
        known = [place for place in free if texts[place] and all(key(text) in products for text in texts[place])]
        if known:
            roles["product"] = known[0]
            free.remove(known[0])
    if "metric" not in roles:
        label = max(free, key=lambda place: (len(texts[place]), -place), default=roles.pop("metric_id", None))
        if label is not None:
            roles["metric"] = label
            free = [place for place in free if place != label]
    if "section" not in roles and "metric" in roles:
        sparse = [place for place in free if place < roles["metric"] and _is_sparse(grid, block, place, texts)]
        if sparse:
            roles["section"] = sparse[-1]
    unused = tuple(
        (place, title(grid, block, place)) for place in sorted(texts) if place not in roles.values() and texts[place]
    )
    return Columns(
        roles.get("metric"),
        roles.get("product"),
        roles.get("section"),
        roles.get("unit"),
        roles.get("metric_id"),
        unused,
    )


def title(grid: Grid, block: Block, position: int) -> str:
    """What stands over a position in the header; empty for nothing."""
    for line in (block.header, block.last_header, block.header - 1):
        text = grid.spread(line, position).text
        if text:
            return text
    return ""


def _titled(grid: Grid, block: Block, months: set[int]) -> dict[str, int]:
    """What titles say of positions: `metric`, `product`, `section`, `unit`, `metric_id`."""
    roles: dict[str, int] = {}
    positions = {position for line in (block.header, block.last_header) for position in grid.lines.get(line, {})}
    for position in sorted(positions - months):
        meaning = titles().get(key(title(grid, block, position)), "")
        if meaning in ("metric", "product", "section", "unit", "metric_id"):
            roles.setdefault(meaning, position)
    return roles


def _is_sparse(grid: Grid, block: Block, position: int, texts: Mapping[int, list[str]]) -> bool:
    """Whether a position names the line only now and then, as a section or a merged block does."""
    merged = any(grid.is_covered(line, position) for line in block.lines)
    return merged or len(texts[position]) < SECTION_SHARE * len(block.lines)
