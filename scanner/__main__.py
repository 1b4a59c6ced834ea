"""Where the command begins: `scanner`, or `python -m scanner`."""

from __future__ import annotations

import sys

from scanner.fork_server import start_early


def main() -> None:
    """Run the command; workers' libraries load while its own do."""
    if sys.argv[1:2] == ["scan"] and "--help" not in sys.argv and "-h" not in sys.argv:
        start_early()
    from scanner.cli import main

    main()


if __name__ == "__main__":
    main()
