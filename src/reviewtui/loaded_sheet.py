"""The numbers of a workspace as commands and screens get them: plain values that never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.errors import Problem
    from reviewtui.metrics.sheet import MetricSheet


class LoadedSheet(NamedTuple):
    """Computed numbers together with what is wrong in the workspace's own files."""

    sheet: MetricSheet
    workspace_problems: tuple[Problem, ...] = ()
    files: Mapping[str, tuple[int, ...]] | None = None
    """The workspace's files and their state just before they were read, see `own_files`; None where it is not known."""
    name: str = ""
    """What the workspace is called; empty where it has no name of its own."""

    @property
    def unreadable(self) -> str:
        """Why sources could not be read, in sentences; empty where all could."""
        return " ".join(source.problem for source in self.sheet.sources if source.problem)

    def lost_since(self, before: LoadedSheet | None) -> str:
        """Why sources that could be read `before` cannot be read now, in sentences; empty where none was lost."""
        if before is None or not before.sheet.rows:
            return ""
        readable = {source.name for source in before.sheet.sources if not source.problem}
        return " ".join(source.problem for source in self.sheet.sources if source.problem and source.name in readable)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, each thing once, files of the workspace first."""
        return tuple(dict.fromkeys((*self.workspace_problems, *self.sheet.problems)))
