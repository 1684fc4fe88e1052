"""Command lines in messages, made to act on the profile that the person named on theirs."""

import re

from paceport.cli.commands import COMMANDS

# These know no profile: what they do is the same for all.
_WITHOUT_PROFILE = frozenset({"completion", "demo", "explain-metric", "sandbox", "use"})
_WORDS = "|".join(sorted(map(re.escape, set(COMMANDS) - _WITHOUT_PROFILE)))
_LINE = re.compile(rf"\bpaceport (?=(?:{_WORDS})(?![\w-]))(?![^\n]*--profile)")


def name_profile(text: str, profile: str) -> str:
    """Text whose command lines, copied, act on that profile; "" is none, and what names one already stays."""
    return _LINE.sub(f"paceport --profile {profile} ", text) if profile else text
