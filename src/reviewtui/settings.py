"""What is remembered between two runs: where the person was, and how they like it.

It is a convenience: a damaged or missing file means defaults, and a failed save is told but stops nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, ReviewError, Severity
from reviewtui.months import Month
from reviewtui.paths import session_file
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class SessionState(NamedTuple):
    """Where the person was when they left, and how they like the screen."""

    product: str = ""
    metric: str = ""
    month: Month | None = None
    folded: tuple[str, ...] = ()
    """Sections that are folded away."""
    pins: tuple[str, ...] = ()
    """Metric ids that are kept at the top, in this order."""
    theme: str = ""
    values: str = ""
    """What the cells show: a `metrics.derived.Values`; empty: their values."""
    quarters: bool = False
    """Closed quarters as one column each."""
    rows: str = ""
    """Which metrics are listed: a `sheet_state.RowFilter`; empty: all."""
    section: str = ""
    """Of which section, where only one is listed."""
    other: Mapping[str, Any] = MappingProxyType({})
    """Further settings by key, any TOML values; keys that this version does not know are kept here too."""


def load_session(workspace_root: Path) -> SessionState:
    """What is remembered about a workspace; defaults for whatever cannot be read. Never raises."""
    data = _kept_data(session_file(workspace_root))
    return SessionState(
        product=_text(data.pop("product", "")),
        metric=_text(data.pop("metric", "")),
        month=_month(data.pop("month", "")),
        folded=_texts(data.pop("folded", ())),
        pins=_texts(data.pop("pins", ())),
        theme=_text(data.pop("theme", "")),
        values=_text(data.pop("values", "")),
        quarters=data.pop("quarters", False) is True,
        rows=_text(data.pop("rows", "")),
        section=_text(data.pop("section", "")),
        other=data,
    )


def save_session(workspace_root: Path, state: SessionState) -> Problem | None:
    """Remember `state`; a problem, for the person to know, if it could not be saved. Never raises."""
    from reviewtui.workspace.atomic import atomic_write, make_folders
    from reviewtui.workspace.toml_file import new_toml

    path = session_file(workspace_root)
    data = {
        **state.other,
        "product": state.product,
        "metric": state.metric,
        "month": "" if state.month is None else str(state.month),
        "folded": list(state.folded),
        "pins": list(state.pins),
        "theme": state.theme,
        "values": state.values,
        "quarters": state.quarters,
        "rows": state.rows,
        "section": state.section,
    }
    try:
        text = new_toml(data)
        make_folders(path.parent)
        atomic_write(path, text)
    except ReviewError as error:
        return Problem(str(path), None, f"Your place was not remembered. {error.message}", Severity.WARNING)
    except (TypeError, ValueError, RecursionError):
        message = "Your place was not remembered: a setting has a value that cannot be written down."
        return Problem(str(path), None, message, Severity.WARNING)
    return None


def _kept_data(path: Path) -> dict[str, Any]:
    """What the file says; nothing where it cannot be read. `read_toml` would say why, and takes longer to load."""
    if not path.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _month(value: object) -> Month | None:
    try:
        return Month.parse(_text(value))
    except ValueError:
        return None
