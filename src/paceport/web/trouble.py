"""An error as a page tells it: what happened, why, and a page that helps instead of a command."""

from __future__ import annotations

import re

from paceport.errors import AppCredentialsWrong, LoginNeeded, PaceportError, RedirectRefused, ScopeMissing
from paceport.lazy_dataclass import dataclass

_COMMAND = re.compile(r"paceport (?:--profile \S+ )?([a-z]+)")
_HELPFUL_PAGES: tuple[tuple[type[PaceportError], str, str], ...] = (
    (AppCredentialsWrong, "/setup", "Set up the app again"),
    (ScopeMissing, "/account", "See what this login may do"),
    (LoginNeeded, "/login", "Log in"),
    (RedirectRefused, "/login", "Log in"),
)

# The page that does what a command does, and what its link says; the first one that a repair names is linked.
_PAGES_OF_COMMANDS = (
    ("init", "/setup", "Set up the app"),
    ("logout", "/logout", "Log out"),
    ("grant", "/account", "See what this login may do"),
    ("login", "/login", "Log in"),
    ("sync", "/sync", "Sync"),
    ("import", "/import", "Import files"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An error in words. `fix` says what helps, "" where `link`, a page, does; `link_text` is what that page does."""

    what: str
    why: str
    fix: str = ""
    link: str = ""
    link_text: str = ""


def trouble_of(error: PaceportError) -> Trouble:
    """The error as a page tells it."""
    for kind, link, text in _HELPFUL_PAGES:
        if isinstance(error, kind):
            return Trouble(what=error.what, why=error.why, link=link, link_text=text)
    named = set(_COMMAND.findall(error.fix))
    link, text = next(((link, text) for command, link, text in _PAGES_OF_COMMANDS if command in named), ("", ""))
    return Trouble(what=error.what, why=error.why, fix=error.fix, link=link, link_text=text)
