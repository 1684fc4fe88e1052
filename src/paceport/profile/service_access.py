"""The logins of a service's athletes, for its jobs: clients with each one's own token, and the end of a login."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from paceport.api.client.client import Client
from paceport.api.rate_limit.headers import Rates
from paceport.api.rate_limit.postgres import BudgetUser, PostgresBudget
from paceport.clock import Clock
from paceport.errors import LoginNeeded
from paceport.http_message import Send, origin_of
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.revoke import revoke
from paceport.oauth.token_store.base import App, Grant, GrantKey
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.profile.account import close_account, opened_accounts
from paceport.profile.api_client import ClientLogin, ClientOptions, open_client
from paceport.profile.settings import Settings
from paceport.scopes import Scopes


class ServiceAccess:
    """Opens clients for all athletes of one app. Safe to share between threads.

    `goes_by_caller_clock` counts requests by `clock` instead of the database's, for a simulated service.
    """

    def __init__(
        self,
        *,
        token_store: PostgresTokenStore,
        app: App,
        settings: Settings,
        send: Send,
        clock: Clock,
        warn: Callable[[str], None],
        goes_by_caller_clock: bool = False,
    ) -> None:
        self._store, self._app, self._settings = token_store, app, settings
        self._send, self._clock, self._warn = send, clock, warn
        self._goes_by_caller_clock = goes_by_caller_clock
        self._keepers: dict[int, Keeper] = {}
        self._lock = threading.Lock()

    @contextmanager
    def client(self, athlete_id: int, *, keep: int = 0) -> Iterator[Client]:
        """A client with the athlete's own token that never waits for a window's end; `keep` requests are left."""
        grant = self._store.read(self._key(athlete_id))
        if grant is None:
            raise LoginNeeded(why=f"no login of athlete {athlete_id} is stored", fix="let the athlete connect again")
        keeper = self._keeper(athlete_id)
        login = ClientLogin(
            grant=grant,
            keeper=keeper,
            token=keeper.token,
            granted=lambda: self._granted(athlete_id),
            budget=self._budget(athlete_id),
        )
        options = ClientOptions(no_wait=True, keep=keep)
        with open_client(
            login, options, settings=self._settings, send=self._send, clock=self._clock, warn=self._warn
        ) as client:
            yield client

    def rates(self) -> Rates | None:
        """What the app may still send as far as is known."""
        return self._budget(0).rates(now=self._clock.now())

    def revoke(self, athlete_id: int) -> None:
        """End the athlete's login at Strava, verify that, and forget it here; nothing where there is none."""
        key = self._key(athlete_id)
        if self._store.read(key) is not None:
            revoke(
                key,
                self._app,
                token_store=self._store,
                send=self._send,
                clock=self._clock,
                allow_legacy=self._settings.api_generation < 2027,
                api_url=self._settings.api_url,
            )
        self._forget_keeper(athlete_id)

    def forget_login(self, athlete_id: int) -> None:
        """Forget a login that Strava has ended already."""
        key = self._key(athlete_id)
        with self._store.lock(key):
            self._store.remove(key)
        self._forget_keeper(athlete_id)

    def copies(self) -> Sequence[int]:
        """The athletes whose logbooks were rebuilt on this machine."""
        return opened_accounts(self._settings.directories)

    def forget_copy(self, athlete_id: int) -> None:
        """Erase an athlete's rebuilt logbook from this machine; nothing where there is none."""
        close_account(athlete_id, self._settings.directories)

    def close(self) -> None:
        """Wait for refreshes that are under way."""
        for keeper in list(self._keepers.values()):
            keeper.close()

    def _key(self, athlete_id: int) -> GrantKey:
        return GrantKey(
            oauth_origin=origin_of(self._app.oauth_url), client_id=self._app.client_id, athlete_id=athlete_id
        )

    def _keeper(self, athlete_id: int) -> Keeper:
        with self._lock:
            if athlete_id not in self._keepers:
                self._keepers[athlete_id] = Keeper(
                    RefreshContext(
                        token_store=self._store,
                        key=self._key(athlete_id),
                        app=lambda: self._app,
                        send=self._send,
                        clock=self._clock,
                        warn=self._warn,
                    )
                )
            return self._keepers[athlete_id]

    def _forget_keeper(self, athlete_id: int) -> None:
        with self._lock:
            self._keepers.pop(athlete_id, None)

    def _granted(self, athlete_id: int) -> Scopes | None:
        grant: Grant | None = self._store.read(self._key(athlete_id))
        return grant.scopes if grant is not None and grant.scopes_known_by != "probed" else None

    def _budget(self, athlete_id: int) -> PostgresBudget:
        # Backfills take turns by the queue's order and leave their share by `keep`: a wait in the budget would hold up
        # a worker.
        user = BudgetUser(
            origin=origin_of(self._app.oauth_url),
            client_id=self._app.client_id,
            athlete=str(athlete_id) if athlete_id else "",
        )
        return PostgresBudget(self._store.database, user, goes_by_caller_clock=self._goes_by_caller_clock)
