"""Make the pictures of the documentation from the demo workspace: `python docs/screenshots.py` in a checkout."""

from __future__ import annotations

import asyncio
import os
import tempfile
from datetime import date
from pathlib import Path

AS_OF = date(2026, 11, 22)
IMAGES = Path(__file__).parent / "images"

PICTURES = {
    "grid-80x24": ((80, 24), ("]", "]")),
    "grid-120x40": ((120, 40), ("]", "]", *["j"] * 12, *["h"] * 5)),
    "grid-200x60": ((200, 60), ("]", "]", *["j"] * 12)),
    "help-120x40": ((120, 40), ("?",)),
    "anomalies-120x40": ((120, 40), ("2",)),
    "dives-120x40": ((120, 40), ("]", "a", "D")),
    "interviews-120x40": ((120, 40), ("4", "plus")),
    "costs-120x40": ((120, 40), ("]", "5")),
    "review-120x40": ((120, 40), ("6", "]", "]", "j")),
    "summary-120x40": ((120, 40), ("6", "]", "]", "v")),
    "to-dos-120x40": ((120, 40), ("]", "a", "o", *"Ask", "space", *"them", "ctrl+s", "9")),
}
"""Name to size and the keys pressed before the picture is taken."""


async def take(root: Path, name: str) -> None:
    """Open the app on `root`, press the keys, and keep the picture."""
    from reviewtui.app import ReviewApp
    from reviewtui.widgets import lines

    # The footer names its keys again before the picture is taken.
    lines.MESSAGE_SECONDS = 0.01
    size, keys = PICTURES[name]
    app = ReviewApp(root, AS_OF)
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
        await pilot.pause(0.2)
        picture = app.export_screenshot()
    # Without it some programs leave out the blanks that a text begins with, and columns do not line up.
    kept = picture.replace("<svg ", '<svg xml:space="preserve" ', 1)
    (IMAGES / f"{name}.svg").write_text(kept, "utf-8")


def main() -> None:
    """Make the demo in a temporary folder and take every picture."""
    from reviewtui.demo.generate import make_demo

    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = str(Path(folder) / variable)
        root = make_demo(Path(folder) / "demo", AS_OF)
        for name in PICTURES:
            asyncio.run(take(root, name))


if __name__ == "__main__":
    main()
