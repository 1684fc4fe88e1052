"""What a token store contains, and what every token store guarantees.

    Vault ── grants   one record per (OAuth origin, client id, athlete), replaced whole, never edited in place
          ── lock     one holder per grant, released by its death
          ── journal  what is about to be sent, and the raw answer, durable before anything else happens
          ── apps     client id and secret, by OAuth origin

Nothing here knows of files: a store may be a folder, the system's keyring, or PostgreSQL (`lock` is then a transaction
that holds `SELECT … FOR UPDATE`, and the journal goes through a second connection so that it outlives a rollback).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

from paceport.errors import StoreError
from paceport.http_message import origin_of
from paceport.lazy_dataclass import dataclass
from paceport.scopes import Scopes
from paceport.secret import Secret

# More left than was ever given, by more than this, means that a clock ran backwards.
_CLOCK_LEEWAY_S = 60.0

ScopesKnownBy = Literal["redirect", "declared", "probed", "unknown"]
GrantStatus = Literal["ok", "needs_consent", "app_inactive", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An API app: its id and secret, and the OAuth server that knows it. The secret is only used with this id."""

    oauth_url: str
    client_id: str
    client_secret: Secret

    @property
    def origin(self) -> str:
        """Scheme, host and port of the OAuth server."""
        return origin_of(self.oauth_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantKey:
    """What a grant belongs to. `athlete_id` is None where an adopted token did not say whose it is."""

    oauth_origin: str
    client_id: str
    athlete_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One athlete's permission for one app: the whole record, as read in one piece.

    `expires_at` is in the server's time; `received_at` in this machine's. `clock_offset_s` is what has to be added to
    this machine's clock to get the server's. `expires_in_s` is what was left when it was received. `generation` is
    counted up by the token store with every save; 0 means never saved. `scopes` is None where nobody knows them.
    `copied_from` says where the record was saved, if that is not where it was read (a copied or moved store); the store
    sets it, and saving clears it.
    """

    profile: str
    oauth_url: str
    api_url: str
    client_id: str
    athlete_id: int | None
    athlete_name: str = ""
    generation: int = 0
    access_token: Secret
    refresh_token: Secret
    expires_at: datetime
    received_at: datetime
    expires_in_s: int
    clock_offset_s: float = 0.0
    scopes: Scopes | None = None
    scopes_known_by: ScopesKnownBy = "unknown"
    status: GrantStatus = "ok"
    status_reason: str = ""
    copied_from: str = ""

    @property
    def key(self) -> GrantKey:
        """What this grant belongs to, and is found by."""
        return GrantKey(oauth_origin=origin_of(self.oauth_url), client_id=self.client_id, athlete_id=self.athlete_id)

    def left_s(self, now: datetime) -> float:
        """Seconds the access token still lives, by the server's clock. `now` is this machine's; never negative.

        More left than was ever given means that the clock went back: then nothing is known, and 0 is the answer.
        """
        left_s = self.expires_at.timestamp() - now.timestamp() - self.clock_offset_s
        return 0.0 if left_s > self.expires_in_s + _CLOCK_LEEWAY_S else max(0.0, left_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginContext:
    """What a grant needs beside the answer to a code exchange: whose login it is to be, and what its redirect said."""

    profile: str
    oauth_url: str
    api_url: str
    client_id: str
    scopes: Scopes | None
    scopes_known_by: ScopesKnownBy


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalAnswer:
    """The server's raw 200 answer to a refresh or a code exchange, kept before anyone has read it.

    `clock_offset_s` is as in a grant; None where the answer carried no date. `login` is there for a code exchange.
    """

    body: bytes
    received_at: datetime
    clock_offset_s: float | None
    login: LoginContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshJournal:
    """A refresh that was begun and not yet finished.

    `token_digest` names the refresh token that was sent, without being it. `begun_by` is the process, in words.
    `unknown_since` is when an earlier attempt with the same refresh token was begun whose outcome nobody knows.
    `answer` is there once it has arrived whole.
    """

    token_digest: str
    begun_at: datetime
    begun_by: str
    unknown_since: datetime | None = None
    answer: JournalAnswer | None = None

    def is_about(self, refresh_token: Secret) -> bool:
        """Whether this refresh token is the one that was sent."""
        return self.token_digest == refresh_token.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedRecord:
    """A record that cannot be read. `name` is what the store knows it by, `error` names it and says what is wrong.

    `profile` is whose it is, as far as that can still be seen; "" where it cannot.
    """

    name: str
    profile: str
    error: StoreError


def login_key(oauth_origin: str, client_id: str) -> GrantKey:
    """What stands for all logins of an app, their lock and their journal: no athlete has the number 0."""
    return GrantKey(oauth_origin=oauth_origin, client_id=client_id, athlete_id=0)


class TokenStore(Protocol):
    """Where grants, journals and apps rest. Safe to share between threads and processes.

    Every method raises a StoreError where the place is unreadable, unsafe, unwritable or from a newer version.
    Everything that has returned is durable. `save`, `remove` and the journal are called with the grant's lock held.
    """

    def grants(self) -> list[Grant]:
        """All whole records, ordered by profile and key.

        Of two with one refresh token only the one that names its athlete counts.
        """

    def grants_of(self, profile: str, oauth_origin: str) -> list[Grant]:
        """Those of one profile at one server, in the same order."""

    def damaged(self) -> list[DamagedRecord]:
        """The records that `grants` leaves out because they cannot be read."""

    def remove_damaged(self, record: DamagedRecord) -> None:
        """Forget a record that cannot be read, with its journal."""

    def read(self, key: GrantKey) -> Grant | None:
        """The record as it is now, whole; None where there is none. Needs no lock."""

    def lock(self, key: GrantKey, *, timeout_s: float = 30.0) -> AbstractContextManager[None]:
        """Hold this grant alone, against every thread and process; its holder's death releases it.

        Raises Busy, naming the holder, when it could not be had in time. Not reentrant.
        """

    def save(self, grant: Grant, *, expect_generation: int) -> Grant:
        """Replace the record if it is still of that generation (0: there is none), and give it as saved.

        The saved generation is the expected one plus 1. Raises StoreChanged when somebody else wrote meanwhile.
        """

    def move(self, old_key: GrantKey, grant: Grant) -> Grant:
        """Put the grant, now that its athlete is known, in the place of the record without one; gives it as saved.

        At every moment there is one record of its refresh token. Called with the locks of both keys held.
        """

    def remove(self, key: GrantKey) -> None:
        """Forget the grant and its journal. Nothing happens where there is none."""

    def journal(self, key: GrantKey) -> RefreshJournal | None:
        """The unfinished refresh, if any; its answer only if it is whole. A journal cut off at birth is none."""

    def begin_journal(self, key: GrantKey, journal: RefreshJournal) -> None:
        """Write down what is about to be sent, in place of any older journal, with room for the answer."""

    def add_journal_answer(self, key: GrantKey, answer: JournalAnswer) -> None:
        """Add the raw answer to the journal that was begun."""

    def drop_journal(self, key: GrantKey) -> None:
        """The refresh is settled. Nothing happens where there is no journal."""

    def apps(self) -> list[App]:
        """All apps, ordered by origin and client id."""

    def app(self, oauth_url: str, client_id: str) -> App | None:
        """The app of that client id at that OAuth server."""

    def save_app(self, app: App) -> None:
        """Keep an app, in place of any of the same client id at the same server."""

    def remove_app(self, oauth_url: str, client_id: str) -> None:
        """Forget an app. Nothing happens where there is none."""

    def close(self) -> None:
        """Close what is open. The store can still be used; it opens it again."""
