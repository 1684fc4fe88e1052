"""An error as a page tells it: what happened, why, and a page that helps instead of a command."""

from __future__ import annotations

from paceport.errors import AppCredentialsWrong, LoginNeeded, PaceportError, RedirectRefused, ScopeMissing
from paceport.lazy_dataclass import dataclass

_HELPFUL_PAGES: tuple[tuple[type[PaceportError], str, str], ...] = (
    (AppCredentialsWrong, "/setup", "Set up the app again"),
    (ScopeMissing, "/account", "See what this login may do"),
    (LoginNeeded, "/login", "Log in"),
    (RedirectRefused, "/login", "Log in"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An error in words. `link` is a page that helps, `link_text` what it does; both "" where `fix` says what does."""

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
    return Trouble(what=error.what, why=error.why, fix=error.fix)
