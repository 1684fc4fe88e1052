"""The command tree: wiring and exit codes."""


def run() -> int:
    """Run the command line and give its exit code."""
    return 0
