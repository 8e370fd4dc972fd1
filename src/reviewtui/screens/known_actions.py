"""Which action of the registry a key or the palette runs on a screen with a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from reviewtui.actions.screens import SCREENS
from reviewtui.screens.grid_base import GridBase
from reviewtui.widgets.metric_grid import MetricGrid

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode

    from reviewtui.actions.action import Action

_KNOWN = {name: {action.id: action for action in actions} for name, actions in SCREENS.items()}


def known_action(action: str | ActionParseResult, owner: DOMNode | None) -> Action | None:
    """The action that `owner` is asked to run; None where it is not one of ours."""
    if not isinstance(action, str):
        return None
    screen = owner.screen if isinstance(owner, MetricGrid) else owner
    known = _KNOWN[getattr(screen, "KEYS_OF", "Grid")]
    if isinstance(owner, MetricGrid):
        return known.get(f"grid.{action}")
    if isinstance(owner, GridBase):
        return known.get(f"screen.{action}")
    return known.get(f"app.{action}") if owner is None or isinstance(owner, App) else None
