"""Command lines in messages, made to act on the profile that the person named on theirs."""

import re
from functools import cache

from paceport.cli.commands import COMMANDS

# These know no profile: what they do is the same for all.
_WITHOUT_PROFILE = frozenset({"completion", "demo", "explain-metric", "sandbox", "use"})


@cache
def _line() -> re.Pattern[str]:
    """A command line that may take a profile; made for the first that is asked for, which most starts never do."""
    words = "|".join(sorted(map(re.escape, set(COMMANDS) - _WITHOUT_PROFILE)))
    return re.compile(rf"\bpaceport (?=(?:{words})(?![\w-]))(?![^\n]*--profile)")


def name_profile(text: str, profile: str) -> str:
    """Text whose command lines, copied, act on that profile; "" is none, and what names one already stays."""
    return _line().sub(f"paceport --profile {profile} ", text) if profile else text
