"""The console script's entry: a living token without the rest of the program; everything else is handed over."""

import sys


def main() -> None:
    """Run the command line."""
    from paceport.cli.main import run

    sys.exit(run())
