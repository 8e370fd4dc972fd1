"""What the screen is compared with: `python -m benchmarks.reference_apps bare` or `table`."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Static

ROWS, COLUMNS = 60, 120


class Bare(App[None]):
    """The emptiest app there is: one line of text, which a key changes."""

    count = 0

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("READY 0")

    def key_right(self) -> None:
        """Change the line."""
        self.count += 1
        self.query_one(Static).update(f"READY {self.count}")


class Table(App[None]):
    """The toolkit's own table."""

    def compose(self) -> ComposeResult:
        """One table."""
        yield DataTable(fixed_columns=1)

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns("READY", *(f"month {column:03}" for column in range(COLUMNS)))
        for row in range(ROWS):
            table.add_row(f"metric {row:04}", *(f"{row * column:7,}" for column in range(COLUMNS)))


if __name__ == "__main__":
    {"bare": Bare, "table": Table}[sys.argv[1]]().run()
