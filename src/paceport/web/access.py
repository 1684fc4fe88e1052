"""Who may use the pages: one-time addresses, sessions, and which requests are refused whoever sends them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping
from dataclasses import field
from http.cookies import CookieError, SimpleCookie

from paceport.clock import Clock
from paceport.lazy_dataclass import dataclass

ADDRESS = "127.0.0.1"
ENTRY_PATH = "/enter/"
# Where the consent page sends the browser back to: from another site, so a strict cookie does not come along.
ANSWER_PATH = "/login/answer/"
WRITE_TOKEN_HEADER = "x-paceport-token"  # noqa: S105  # the header's name
WRITE_TOKEN_FIELD = "token"  # noqa: S105  # the name of a form's field
_ADDRESS_VALID_S = 15 * 60.0
_MOST_SESSIONS, _MOST_ADDRESSES = 32, 32
_READING = frozenset({"GET", "HEAD"})
_WRITING = frozenset({"POST", "PUT", "DELETE"})
# What a page of another origin can make a browser fetch without a click that leaves that page.
_EMBEDDED = frozenset({"iframe", "frame", "embed", "object"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser that may read. `cookie` proves it; `write_token` must come with each change."""

    cookie: str = field(repr=False)
    write_token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not answered: the HTTP status, and a sentence for whoever reads it."""

    status: int
    why: str


class Access:
    """The one-time addresses and sessions of one running server. Safe to share between threads; nothing is stored."""

    def __init__(self, *, port: int, clock: Clock) -> None:
        self.origin = f"http://{ADDRESS}:{port}"
        # Browsers leave the port out where it is the usual one.
        self.hosts = frozenset({f"{ADDRESS}:{port}", *([ADDRESS] if port == 80 else [])})
        # Cookies do not keep ports apart: two servers side by side need two names.
        self.cookie_name = f"paceport-{port}"
        self.clock = clock
        self._lock = threading.Lock()
        self._deadlines: dict[str, float] = {}
        self._sessions: dict[str, Session] = {}

    def new_address(self) -> str:
        """An address that lets one browser in, once, within a quarter of an hour."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            now_s = self.clock.monotonic_s()
            living = {one: until for one, until in self._deadlines.items() if until > now_s}
            self._deadlines = dict(list(living.items())[-_MOST_ADDRESSES + 1 :])
            self._deadlines[_digest(token)] = now_s + _ADDRESS_VALID_S
        return f"{self.origin}{ENTRY_PATH}{token}"

    def enter(self, token: str) -> Session | None:
        """A new session for the token of an unused address; None for any other token."""
        session = Session(cookie=secrets.token_urlsafe(32), write_token=secrets.token_urlsafe(32))
        with self._lock:
            deadline_s = self._deadlines.pop(_digest(token), None)
            if deadline_s is None or deadline_s <= self.clock.monotonic_s():
                return None
            while len(self._sessions) >= _MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[_digest(session.cookie)] = session
        return session

    def session(self, cookie_header: str) -> Session | None:
        """The session that the Cookie header of a request proves; None where it proves none."""
        try:
            found = SimpleCookie(cookie_header).get(self.cookie_name)
        except CookieError:
            return None
        with self._lock:
            return self._sessions.get(_digest(found.value)) if found is not None else None

    def set_cookie(self, session: Session) -> str:
        """The Set-Cookie header of a session: until the browser closes, for this address alone, unseen by scripts."""
        return f"{self.cookie_name}={session.cookie}; Path=/; HttpOnly; SameSite=Strict"


def refuse_stranger(method: str, headers: Mapping[str, str], access: Access) -> Refusal | None:
    """Why this request cannot come from our own page or from the person; None where it may.

    Looks at Host (a name that was made to point here), Origin and the Sec-Fetch headers (a page of somebody else).
    """
    if headers.get("host") not in access.hosts:
        return Refusal(status=421, why=f"Paceport answers at {access.origin} only.")
    if method not in _READING | _WRITING:
        return Refusal(status=405, why="Paceport's pages do not know this method.")
    origin = headers.get("origin")
    if origin is not None and origin != access.origin:
        return Refusal(status=403, why="This request comes from another page.")
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        is_a_visit = headers.get("sec-fetch-mode") == "navigate" and method in _READING
        if not is_a_visit or headers.get("sec-fetch-dest") in _EMBEDDED:
            return Refusal(status=403, why="This request comes from another page.")
    return None


def refuse_answer(method: str, headers: Mapping[str, str], access: Access) -> Refusal | None:
    """Why this cannot be a browser that the consent page sent back; None where it may be.

    It comes from another site and may name that one as its origin; who may go on is decided by the login's state.
    """
    if headers.get("host") not in access.hosts:
        return Refusal(status=421, why=f"Paceport answers at {access.origin} only.")
    if method != "GET":
        return Refusal(status=405, why="The answer to a login is an address that is opened.")
    is_a_visit = headers.get("sec-fetch-mode", "navigate") == "navigate"
    if not is_a_visit or headers.get("sec-fetch-dest") in _EMBEDDED:
        return Refusal(status=403, why="This request comes from another page.")
    if is_fetched_ahead(headers):
        return Refusal(status=503, why="This address is opened by a person.")
    return None


def changes_something(method: str) -> bool:
    """Whether a request of this method may change anything."""
    return method not in _READING


def refuse_write(
    method: str, headers: Mapping[str, str], session: Session, access: Access, *, form_token: str = ""
) -> Refusal | None:
    """Why a request that changes something is not from a page of this session; None where it is, or changes nothing.

    The token comes in a header, or as `form_token` in a field of a form: a page without script cannot send a header.
    """
    if not changes_something(method):
        return None
    if headers.get("origin") != access.origin:
        return Refusal(status=403, why="Changes are taken from Paceport's own pages only.")
    token = headers.get(WRITE_TOKEN_HEADER, form_token)
    if not hmac.compare_digest(token.encode(errors="replace"), session.write_token.encode()):
        return Refusal(status=403, why="This page is from an earlier session. Load it again.")
    return None


def is_fetched_ahead(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks before the person has clicked: a one-time address must not be used up by that."""
    return "prefetch" in " ".join(headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz")).casefold()


def _digest(secret: str) -> str:
    """What is looked up instead of the secret, so that a comparison's time says nothing about it."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
