"""One profile's login, for Python: gives tokens and calls the API."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from paceport.clock import Clock, SystemClock
from paceport.errors import AppMismatch, LoginNeeded, OriginMismatch, ScopeMissing, UsageError
from paceport.http_message import origin_of
from paceport.profile.choices import Choices, change_choices, read_choices
from paceport.profile.open_token_store import has_no_grants
from paceport.profile.settings import Settings, same_service
from paceport.secret import AccessToken

if TYPE_CHECKING:
    from paceport.api.client.client import Client
    from paceport.api.client.time_bounds import TimeBound
    from paceport.api.models.activity import SummaryActivity
    from paceport.api.models.decoding import LeftOut
    from paceport.api.rate_limit.headers import Rates
    from paceport.http_message import Request, Response, Send
    from paceport.logbook.database.store import Store
    from paceport.oauth.keeper.keeper import Keeper
    from paceport.oauth.token_store.base import App, Grant, GrantKey, TokenStore
    from paceport.profile.listing import Listing
    from paceport.profile.runs import ProfileLogbook
    from paceport.scopes import Scopes
    from paceport.training.history.run import Run


# Strava hands back the same token while more than an hour of it is left, so no more than that can be had.
LONGEST_MIN_TTL_S = 3600.0


class Profile:
    """One app and one athlete at one server. Opens what it needs when it is used, and closes it at the end."""

    def __init__(
        self,
        *,
        settings: Settings,
        clock: Clock | None = None,
        open_transport: Callable[[], AbstractContextManager[Send]] | None = None,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self._open_transport = open_transport
        self.warn = warn or _log
        self._resources = ExitStack()
        self._send: Send | None = None
        self._token_store: TokenStore | None = None
        self._keepers: dict[GrantKey, Keeper] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Profile({self.name!r} at {self.settings.oauth_url})"

    def close(self) -> None:
        """Close connections, after any refresh in progress. The profile can still be used; it opens new ones."""
        for keeper in self._keepers.values():
            keeper.close()
        self._send = None
        self._keepers.clear()
        if self._token_store is not None:
            self._token_store.close()
        self._resources.close()

    @property
    def name(self) -> str:
        """Argument, else PACEPORT_PROFILE, else the one that `use` chose, else `default`."""
        return self.settings.profile or self.choices().profile or "default"

    @property
    def data(self) -> Path:
        """Where this profile's own logbook is stored; each athlete has a separate one."""
        return self._own_folder(self.settings.directories.data)

    @property
    def cache(self) -> Path:
        """Where this profile's cached logbook is stored."""
        return self._own_folder(self.settings.directories.cache)

    def logbook(self) -> Store:
        """This profile's logbook, to be opened: `with profile.logbook() as store`. Raises MissingExtra."""
        from paceport.logbook.database.store import Store

        return Store(data_dir=self.data, cache_dir=self.cache, clock=self.clock)

    def _own_folder(self, base: Path) -> Path:
        return base if self.name == "default" else base / "profiles" / self.name

    @property
    def origin(self) -> str:
        """The OAuth server in use, as scheme, host and port."""
        return origin_of(self.settings.oauth_url)

    def choices(self) -> Choices:
        """What commands have chosen so far."""
        return read_choices(self.settings.directories.state)

    def update_choices(self, change: Callable[[Choices], Choices]) -> None:
        """Change what commands have chosen. Raises Busy and StoreErrors; the old choices then stay."""
        change_choices(self.settings.directories.state, change, clock=self.clock)

    @property
    def token_store(self) -> TokenStore:
        """Where this profile's grant is stored."""
        if self._token_store is None:
            from paceport.profile.open_token_store import open_token_store

            self._token_store = open_token_store(self.settings, self.clock)
        return self._token_store

    @property
    def send(self) -> Send:
        """The way to the network, opened on first use."""
        if self._send is None:
            if self._open_transport is None:
                from paceport.transport.http_transport import open_transport

                self._send = self._resources.enter_context(open_transport())
            else:
                self._send = self._resources.enter_context(self._open_transport())
        return self._send

    def find_grant(self) -> Grant | None:
        """This profile's grant at the server in force, or None.

        Raises AppMismatch where the environment names another app than the grant's, OriginMismatch where the API
        address is not the grant's own, and a StoreError where a record that cannot be read may be this profile's.
        """
        if self._token_store is None and has_no_grants(self.settings):
            return None
        found = self.grants_here()
        if any(grant.status == "needs_consent" for grant in found):
            from paceport.profile.moved_login import settled_grants

            found = settled_grants(found, self.settings, self.clock, local=self.token_store)
        if not found:
            self._refuse_damaged_record()
            return None
        # More than one is what a login that was killed while it replaced another athlete's leaves: the newer counts.
        grant = max(found, key=lambda grant: grant.received_at)
        if self.settings.client_id and self.settings.client_id != grant.client_id:
            raise AppMismatch(stored=grant.client_id, wanted=self.settings.client_id)
        if not same_service(grant.api_url, self.settings.api_url):
            raise OriginMismatch(stored=origin_of(grant.api_url), wanted=origin_of(self.settings.api_url))
        return grant

    def grants_here(self) -> list[Grant]:
        """All grants of this profile at the server in force: one, and after an interrupted login perhaps two."""
        return self.token_store.grants_of(self.name, self.origin)

    def _refuse_damaged_record(self) -> None:
        for damaged in self.token_store.damaged():
            if damaged.profile in ("", self.name):
                raise damaged.error

    def grant(self) -> Grant:
        """This profile's grant. Raises LoginNeeded where there is none, OriginMismatch where it is another server's."""
        grant = self.find_grant()
        if grant is not None:
            return grant
        elsewhere = [grant for grant in self.token_store.grants() if grant.profile == self.name]
        if elsewhere:
            raise OriginMismatch(stored=elsewhere[0].key.oauth_origin, wanted=self.origin)
        raise LoginNeeded(why=f"profile {self.name!r} has no login for {self.origin}", fix=self.command("login"))

    def command(self, words: str) -> str:
        """A command line that acts on this profile."""
        return f"paceport {words}" if self.name == "default" else f"paceport --profile {self.name} {words}"

    def find_app(self) -> App | None:
        """The app in force: the grant's, else the environment's, else the one `init` stored; None where unknown.

        The environment fills what is missing and never replaces a stored secret. Raises AppMismatch, and UsageError for
        what cannot be an id or a secret.
        """
        grant = self.find_grant()
        client_id = self._client_id(grant)
        if client_id is None:
            return None
        stored = self.token_store.app(self.settings.oauth_url, client_id)
        if stored is not None:
            return stored
        if self.settings.client_secret and self.settings.client_id in (None, client_id):
            from paceport.oauth.protocol.app_credentials import check_client_id, check_client_secret
            from paceport.oauth.token_store.base import App

            return App(
                oauth_url=self.settings.oauth_url,
                client_id=check_client_id(client_id),
                client_secret=check_client_secret(self.settings.client_secret.reveal()),
            )
        return None

    def _client_id(self, grant: Grant | None) -> str | None:
        if grant is not None:
            return grant.client_id
        chosen = self.choices().client_id(self.name, self.origin)
        given = self.settings.client_id
        if chosen and given and chosen != given:
            raise AppMismatch(stored=chosen, wanted=given)
        if chosen or given:
            return chosen or given
        apps = [app for app in self.token_store.apps() if origin_of(app.oauth_url) == self.origin]
        return apps[0].client_id if len(apps) == 1 else None

    def app(self) -> App:
        """The app in force. Raises UsageError where none is known."""
        app = self.find_app()
        if app is None:
            raise UsageError(
                what="No app is set up here",
                why="Strava requires the client id and client secret of your own app",
                fix=self.command("init"),
            )
        return app

    def keeper(self) -> Keeper:
        """The keeper of this profile's grant. Raises LoginNeeded, OriginMismatch, AppMismatch."""
        return self.keeper_of(self.grant())

    def keeper_of(self, grant: Grant) -> Keeper:
        """The keeper of a grant that was just read."""
        from paceport.oauth.keeper.keeper import Keeper
        from paceport.oauth.keeper.refresh_context import RefreshContext

        key = grant.key
        if key not in self._keepers:
            # The network is opened by the first refresh: most tokens still live.
            self._keepers[key] = Keeper(
                RefreshContext(
                    token_store=self.token_store,
                    key=key,
                    app=self.app,
                    send=self._send_lazily,
                    clock=self.clock,
                    warn=self.warn,
                )
            )
        return self._keepers[key]

    def _send_lazily(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        return self.send(request, timeout_s=timeout_s)

    def token(
        self,
        *,
        need: str | None = None,
        min_ttl_s: float = 120.0,
        min_ttl: float | None = None,
        not_this: str | None = None,
    ) -> AccessToken:
        """A valid access token, refreshed if necessary.

        `need` names scopes that the token must have; `min_ttl_s` is how many seconds it must stay valid (at most 3600);
        `min_ttl`, its name on the command line, means the same; `not_this` is a token that the API has just
        refused. Raises LoginNeeded, ScopeMissing, AppInactive, NetworkError, StoreError, Busy, UsageError.
        """
        least_s = min_ttl_s if min_ttl is None else min_ttl
        grant = self._grant_for_token(need, least_s)
        if grant is None:
            return self._environment_token(not_this)
        return self.keeper_of(grant).token(min_ttl_s=least_s, not_this=not_this)

    async def token_async(
        self, *, need: str | None = None, min_ttl_s: float = 120.0, not_this: str | None = None
    ) -> AccessToken:
        """As `token`, for async callers; both share one refresh. Cancelling it does not stop the refresh."""
        grant = self._grant_for_token(need, min_ttl_s)
        if grant is None:
            return self._environment_token(not_this)
        return await self.keeper_of(grant).token_async(min_ttl_s=min_ttl_s, not_this=not_this)

    def _grant_for_token(self, need: str | None, min_ttl_s: float) -> Grant | None:
        """The grant to give a token, read once; None: the environment has one. Raises LoginNeeded without either."""
        if not 0 <= min_ttl_s <= LONGEST_MIN_TTL_S:
            raise UsageError(
                what=f"A token that lives {min_ttl_s:g} s more cannot be promised",
                why="Strava returns the same token while more than 3600 s of its six hours are left",
                fix=f"ask for {LONGEST_MIN_TTL_S:.0f} or less, and ask again when you need it longer",
            )
        grant = self.find_grant()
        if grant is None and self.settings.access_token is not None:
            return None
        from paceport.scopes import parse_asked

        for word in parse_asked(need)[0] if need is not None else ():
            granted = self.granted_by(grant)
            if granted is not None and not granted.covers(word):
                raise ScopeMissing(needed=word, granted=str(granted))
        return grant or self.grant()

    def _environment_token(self, not_this: str | None) -> AccessToken:
        assert self.settings.access_token is not None
        token = self.settings.access_token.reveal()
        if not_this == token:
            raise LoginNeeded(
                what="STRAVA_ACCESS_TOKEN is no longer accepted",
                why="a token from the environment lives six hours and cannot be refreshed",
                fix=f"unset STRAVA_ACCESS_TOKEN, then: {self.command('login')}",
            )
        return AccessToken(token)

    def granted(self) -> Scopes | None:
        """The scopes of the login, None where not known for sure: write access cannot be probed without writing."""
        return self.granted_by(self.find_grant())

    def granted_by(self, grant: Grant | None) -> Scopes | None:
        """The same for a grant that was just read."""
        return grant.scopes if grant is not None and grant.scopes_known_by != "probed" else None

    def rates(self) -> Rates | None:
        """The rate limits from the latest answers; None before the first answer. Sends nothing."""
        from paceport.profile.api_client import budget_of

        budget = budget_of(self.find_grant(), self.settings, self.warn, token_store=self.token_store, clock=self.clock)
        return budget.rates(now=self.clock.now())

    def client(
        self,
        *,
        no_wait: bool = False,
        keep: int = 0,
        say: Callable[[str], None] | None = None,
        sent: Callable[[Request], None] | None = None,
        longest_wait_s: float | None = None,
        left_out: Callable[[LeftOut], None] | None = None,
    ) -> AbstractContextManager[Client]:
        """A client of the API that uses this profile's token, budget and connections.

        `no_wait` raises RateLimited instead of waiting for the window's end; `keep` requests of each window are left
        for others; `say` hears of each wait, `sent` of each request just before it goes. Instead of a wait longer than
        `longest_wait_s` RateLimited is raised. `left_out` hears of every row and part that could not be read (give it
        a list's `append`, or `refuse_left_out` to have an error); without it a warning at the end of the block tells.
        """
        from paceport.profile.api_client import ClientLogin, ClientOptions, budget_of, open_client

        options = ClientOptions(
            no_wait=no_wait, keep=keep, say=say, sent=sent, longest_wait_s=longest_wait_s, left_out=left_out
        )
        grant = self.find_grant()
        keeper = self.keeper_of(grant) if grant is not None else None
        budget = budget_of(grant, self.settings, self.warn, token_store=self.token_store, clock=self.clock)
        login = ClientLogin(grant=grant, keeper=keeper, token=self.token, granted=self.granted, budget=budget)
        return open_client(login, options, settings=self.settings, send=self.send, clock=self.clock, warn=self.warn)

    def runs(
        self, *, after: TimeBound = None, before: TimeBound = None, own_only: bool = False, sport: str | None = None
    ) -> Listing[Run]:
        """The runs of the logbook, newest first, with every number that is computed from them; no network.

        `sport` asks for others: "all", a kind such as "ride" or "swim", or Strava's word, such as "GravelRide". A
        `date`, or "2026-01-31", is a day where the activity was, a `datetime` an aware moment; `own_only` leaves out
        data of the API. Raises UsageError for what is no date and no sport, MissingExtra, and StoreErrors.
        """
        from paceport.profile.runs import read_runs

        return read_runs(self._logbook_to_read(), after=after, before=before, own_only=own_only, sport=sport)

    def activities(
        self, *, after: TimeBound = None, before: TimeBound = None, limit: int | None = None
    ) -> Listing[SummaryActivity]:
        """The activities at Strava, newest first; all of them without `limit`. Raises what calls of `client()` do."""
        from paceport.profile.runs import read_activities

        return read_activities(self._logbook_to_read(), self.client, after=after, before=before, limit=limit)

    def _logbook_to_read(self) -> ProfileLogbook:
        from paceport.profile.runs import ProfileLogbook

        return ProfileLogbook(
            data=self.data,
            cache=self.cache,
            open=self.logbook,
            settings=self.settings,
            clock=self.clock,
            warn=self.warn,
        )


def _log(text: str) -> None:
    import logging  # most warnings go to a terminal

    logging.getLogger("paceport").warning("%s", text)
