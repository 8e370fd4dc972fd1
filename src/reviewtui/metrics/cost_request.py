"""What has to be known to read the costs of a workspace: plain values that cross into the child process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.workspace.cost_model import CostModel
    from reviewtui.workspace.model import Workspace


class Series(NamedTuple):
    """Amounts in one cost basis, by one kind of month."""

    name: str
    basis: str
    period: str


@dataclass(frozen=True, slots=True)
class CostRequest:
    """The models and settings that decide what is read."""

    models: tuple[CostModel, ...]
    base_currency: str
    time_zone: str
    as_of: date
    names_lines: bool = False
    """Whether the ids of lines that several rules match are wanted."""

    @classmethod
    def of(cls, workspace: Workspace, as_of: date, *, names_lines: bool = False) -> CostRequest:
        """The request for `workspace` as seen on the day `as_of`."""
        return cls(workspace.cost_models, workspace.base_currency, workspace.time_zone, as_of, names_lines)

    @property
    def bases(self) -> tuple[str, ...]:
        """The cost bases that the models ask for."""
        return tuple(sorted({model.cost_basis for model in self.models}))

    @property
    def series(self) -> tuple[Series, ...]:
        """The series of amounts that the models ask for."""
        return tuple(sorted({Series(model.series, model.cost_basis, model.period) for model in self.models}))
