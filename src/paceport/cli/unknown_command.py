"""A word that is no command: the command probably meant, by its name elsewhere or by its spelling."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from paceport.errors import UsageError

# What the same is called elsewhere → how it is called here.
_OTHER_WORDS = {
    "auth": "login",
    "authorize": "login",
    "authenticate": "login",
    "connect": "login",
    "signin": "login",
    "whoami": "status",
    "me": "status",
    "athlete": "status",
    "info": "status",
    "refresh": "token",
    "version": "--version",
    "help": "--help",
    "config": "status --paths",
    "configure": "init",
    "setup": "init",
    "deauthorize": "revoke",
    "disconnect": "revoke",
    "list": "activities",
    "ls": "activities",
    "download": "sync",
    "stats": "records",
    "pr": "records",
    "prs": "records",
    "pb": "records",
    "best": "records",
    "bests": "records",
    "form": "trends form",
    "fitness": "trends form",
    "load": "trends form",
    "volume": "trends volume",
    "pace": "trends pace",
    "speed": "trends pace",
    "sports": "trends sports",
    "routes": "trends routes",
    "vo2max": "trends vo2max",
    "durability": "trends durability",
    "decoupling": "trends durability",
    "heat": "trends heat",
    "hills": "trends hills",
    "climb": "trends hills",
    "rides": "runs --sport ride",
    "swims": "runs --sport swim",
    "predictions": "predict",
}


def unknown_command(words: Sequence[str], commands: Sequence[str]) -> UsageError:
    """The error for a line whose first word is no command; `commands` are those that there are."""
    said, rest = words[0], words[1:]
    if said in {"auth", "oauth", "token", "strava"} and rest:
        said, rest = rest[0], rest[1:]
    if words[0] == "help" and rest and rest[0] in commands:
        return _error(" ".join(words[:2]), f"paceport {rest[0]} --help")
    asked = " ".join(words[: len(words) - len(rest)])
    if said in commands:
        return _error(asked, f"paceport {said}")
    if said in _OTHER_WORDS:
        return _error(asked, f"paceport {_OTHER_WORDS[said]}")
    first = said.split()[:1]
    if len(said.split()) > 1 and first[0] in commands:
        return _error(asked, f"leave out the quotes: paceport {said[:80]}")
    near = difflib.get_close_matches(said, commands, n=1)
    return _error(asked, f"did you mean: paceport {near[0]}" if near else "see: paceport --help")


def _error(asked: str, fix: str) -> UsageError:
    return UsageError(what=f"There is no command {asked[:60]!r}", why="paceport --help lists the commands", fix=fix)
