"""How Paceport and its optional parts are installed: the one place that decides what every text says.

Set `IS_RELEASED` once a release is on the package index; README, tutorial and how-to pages are tested against this.
"""

IS_RELEASED = False


def install_line(extra: str) -> str:
    """The command that installs Paceport with an optional part; without a release it is given in a clone."""
    return f"pip install 'paceport[{extra}]'" if IS_RELEASED else f"pip install '.[{extra}]'"


def install_fix(extra: str) -> str:
    """What to do where an optional part is missing: the command, and where it is to be given."""
    return install_line(extra) if IS_RELEASED else f"in your clone of Paceport: {install_line(extra)}"
