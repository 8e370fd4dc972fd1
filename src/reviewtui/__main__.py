"""`python -m reviewtui` and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    try:
        from reviewtui.cli import main as run_command_line

        sys.exit(run_command_line())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
