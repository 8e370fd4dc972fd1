"""The pictures of the guides: screens of the demo company. `python -m tests.screens.pictures` makes them again."""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from reviewtui.app import ReviewApp
from reviewtui.demo.generate import DATABASE, make_demo
from reviewtui.widgets import lines
from tests.screens.conftest import running, settled

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = date(2026, 11, 22)
FOLDER = Path(__file__).parents[2] / "docs" / "images"
SMALL, USUAL, LARGE = (80, 24), (120, 40), (200, 60)
PICTURES: Mapping[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "grid-80x24": (SMALL, ("]", "]")),
    "grid-120x40": (USUAL, ("]", "]")),
    "grid-200x60": (LARGE, ("]", "]")),
    "anomalies-120x40": (USUAL, ("2",)),
    "costs-120x40": (USUAL, ("]", "5")),
    "dives-120x40": (USUAL, ("3", "j", "j")),
    "help-120x40": (USUAL, ("question_mark",)),
    "interviews-120x40": (USUAL, ("4", "j", "j")),
    "review-120x40": (USUAL, ("]", "6")),
    "summary-120x40": (USUAL, ("]", "]", "6", "v")),
    "to-dos-120x40": (USUAL, ("9",)),
}
"""Name of a picture to the size of the terminal and the keys that were pressed in it."""

_ELEMENT = re.compile(r'<text[^>]*\bx="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', re.DOTALL)


async def picture(root: Path, name: str) -> str:
    """The picture `name` of the demo in `root`, as SVG. What the app keeps goes where the environment says."""
    size, keys = PICTURES[name]
    noon = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC).timestamp()
    os.utime(root / DATABASE, (noon, noon))
    with tempfile.TemporaryDirectory() as state:
        app = ReviewApp(root, AS_OF, state_folder=Path(state))
        # What a key has done stands beside the keys for a time.
        with mock.patch.object(lines, "MESSAGE_SECONDS", 3600.0):
            svg = await _pressed(app, size, keys)
    # Without it some programs take several spaces for one.
    return svg.replace("<svg ", '<svg xml:space="preserve" ', 1)


async def _pressed(app: ReviewApp, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    async with running(app, size) as pilot:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        return app.export_screenshot(title="reviewtui")


def words_of(svg: str) -> list[str]:
    """The lines of a picture, without colours."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for x, y, inner in _ELEMENT.findall(svg):
        rows.setdefault(float(y), []).append((float(x), html.unescape(re.sub("<[^>]+>", "", inner))))
    return ["".join(text for _, text in sorted(rows[y])).replace("\xa0", " ").rstrip() for y in sorted(rows)]


def main() -> None:
    """Make every picture again, of a new demo."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XDG_CACHE_HOME=f"{folder}/cache", TZ="UTC", TERM="xterm-256color")
        os.environ.pop("NO_COLOR", None)
        time.tzset()
        root = make_demo(Path(folder) / "company", AS_OF)
        for name in PICTURES:
            (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(root, name)), "utf-8")
            print(name, file=sys.stderr)


if __name__ == "__main__":
    main()
