"""Write the pages of `docs/` that the program itself knows best: `python -m reviewtui.documentation` in a checkout.

A test compares the files with what is made here, so that they cannot drift.
"""

from __future__ import annotations

from pathlib import Path

from reviewtui.actions.action import key_sign
from reviewtui.actions.screens import SCREENS, key_table
from reviewtui.demo.documentation import demo_page
from reviewtui.metrics.documentation import inputs_page, metrics_page
from reviewtui.workspace.kinds.documentation import records_page

KEYS_START = "<!-- keys: made by `python -m reviewtui.documentation` -->\n"
KEYS_END = "<!-- end of keys -->"


def grid_keys() -> str:
    """The keys of the grid as a Markdown table."""
    lines = ["| keys | does |", "| --- | --- |"]
    for action in SCREENS["Grid"]:
        keys = " ".join(f"`{key_sign(key)}`" for key in action.keys.split(","))
        lines.append(f"| {keys} | {action.does} |")
    return "\n".join(lines)


def with_keys(text: str) -> str:
    """`text` with the table of keys between its marks."""
    before, rest = text.split(KEYS_START)
    _, after = rest.split(KEYS_END)
    return f"{before}{KEYS_START}\n{grid_keys()}\n\n{KEYS_END}{after}"


def with_key_table(text: str) -> str:
    """`text` with the tables of all screens' keys at its end."""
    return text[: text.index("### Grid\n")] + key_table()


def pages(root: Path) -> dict[Path, str]:
    """What each made page of the checkout at `root` should hold."""
    readme, keys = root / "README.md", root / "docs" / "keys.md"
    return {
        root / "docs" / "metrics.md": metrics_page(),
        root / "docs" / "inputs.md": inputs_page(),
        root / "docs" / "demo.md": demo_page(),
        root / "docs" / "records.md": records_page(),
        keys: with_key_table(keys.read_text("utf-8")),
        readme: with_keys(readme.read_text("utf-8")),
    }


def main() -> None:
    """Write the pages of the current checkout."""
    from reviewtui.workspace.atomic import atomic_write

    for path, text in pages(Path.cwd()).items():
        atomic_write(path, text)


if __name__ == "__main__":
    main()
