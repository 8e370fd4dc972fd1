"""What the sources' tables make possible: pure functions from found tables and the catalogue to sentences."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from reviewtui.metrics.lacking import lacking
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.sources.state import MOST_OTHERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from reviewtui.metrics.sheet import Metric
    from reviewtui.sources.state import FoundTable, Inspection, SourceState

IMPORTED = "metric_value"
"""The table that alone can fill any row of the grid."""


@dataclass(frozen=True, slots=True)
class SectionCoverage:
    """How much of one section of the grid lights up."""

    section: str
    lit: tuple[Metric, ...]
    dark: tuple[Metric, ...]


def lights_up(metric: Metric, tables: Collection[str]) -> bool:
    """Whether every table that `metric` needs is there, in one of its alternatives."""
    return all(any(table in tables for table in need.split("|")) for need in metric.needs)


def lacks_columns(reason: str) -> bool:
    """Whether a table is missing only because one of its name lacks columns."""
    return " lacks " in reason


def coverage(
    catalogue: Sequence[Metric], tables: Collection[str], omitted: Collection[str] = ()
) -> tuple[SectionCoverage, ...]:
    """The sections of the catalogue, in its order, for the canonical tables found; `omitted` metrics stay dark."""

    def is_lit(metric: Metric) -> bool:
        return metric.id not in omitted and lights_up(metric, tables)

    return tuple(
        SectionCoverage(
            section,
            tuple(metric for metric in members if is_lit(metric)),
            tuple(metric for metric in members if not is_lit(metric)),
        )
        for section, members in (
            (key, tuple(group)) for key, group in groupby(catalogue, key=lambda each: each.section)
        )
    )


def lacking_needs(sections: Sequence[SectionCoverage], tables: Collection[str]) -> tuple[str, ...]:
    """The needs of dark metrics that are not met, each once, as the catalogue writes them."""
    needs = (need for section in sections for metric in section.dark for need in metric.needs)
    return tuple(dict.fromkeys(need for need in needs if not any(table in tables for table in need.split("|"))))


def report_lines(inspection: Inspection, catalogue: Sequence[Metric]) -> Iterator[str]:
    """The report on new sources: what was recognised, what lights up, what is missing and why; not yet made safe."""
    tables = {found.table for found in inspection.found}
    for state in inspection.states:
        yield ""
        yield from source_lines(state, inspection.found)
    yield ""
    yield "Metrics"
    lacks = lacking(inspection.found)
    sections = coverage(catalogue, tables, {metric for lack in lacks for metric in lack.metrics})
    for section in sections:
        count = len(section.lit) + len(section.dark)
        yield f"  {section.section:<10}{len(section.lit):>3} of {count}"
    if IMPORTED in tables:
        yield f"  and every metric that {IMPORTED} names"
    for lack in lacks:
        yield f"  {lack.table.table} has no column {lack.column}: without {', '.join(lack.metrics)}"
    needs = lacking_needs(sections, tables)
    if needs:
        yield ""
        yield "Missing"
        yield from missing_lines(needs, inspection.missing)
        yield from view_hint(needs, inspection)
    yield ""


def relation_text(found: FoundTable) -> str:
    """The relation's name for a reader, without the quotes of SQL."""
    return found.relation.replace('"', "")


def source_lines(state: SourceState, found: Sequence[FoundTable]) -> Iterator[str]:
    """One source: its file, and the tables that were recognised in it."""
    yield f"Source {state.name}: {state.path}"
    if state.problem:
        yield f"  {state.problem}"
        return
    mine = [table for table in found if table.source == state.name]
    for table in mine:
        yield f"  {table.table:<20} from {relation_text(table)}"
    if not mine:
        yield "  no table is recognised"
    if state.others:
        yield f"  {'not used':<20} {others_text(state)}"


def others_text(state: SourceState) -> str:
    """The tables of a source that are not used, in a line."""
    return ", ".join(state.others) + (" and perhaps more" if len(state.others) == MOST_OTHERS else "")


def missing_lines(needs: Sequence[str], why: Mapping[str, str]) -> Iterator[str]:
    """The tables that would meet the unmet needs, each once: why it is not there, and the columns it takes."""
    for table in dict.fromkeys(table for need in needs for table in need.split("|")):
        reason = why.get(table, "not there").rstrip(".")
        yield f"  {table:<20} {reason}"
        yield f"  {'':<20} takes {', '.join(TABLES_BY_NAME[table].required)}"


def view_hint(needs: Sequence[str], inspection: Inspection) -> Iterator[str]:
    """How a table of another name or shape is made to serve, shown for a table that is there but lacks columns."""
    tables = [table for need in needs for table in need.split("|")]
    table = next((table for table in tables if lacks_columns(inspection.missing.get(table, ""))), tables[0])
    columns = ", ".join(TABLES_BY_NAME[table].required)
    yield "A table of another name or shape serves too: add a SELECT with these columns to reviewtui.toml, as in"
    yield "  [views]"
    yield f'  {table} = "SELECT {columns} FROM {example_relation(inspection)}"'  # noqa: S608 - shown, never run


def example_relation(inspection: Inspection) -> str:
    """Where an example of a view could read from: the first usable source."""
    names = [state.name for state in inspection.states if not state.problem]
    return f"{names[0]}.your_table" if names else "your_table"
