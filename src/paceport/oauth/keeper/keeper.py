"""The keeper itself: steps 0 and 1, for threads and for async callers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from paceport.clock import Clock
from paceport.http_message import Send
from paceport.oauth.keeper.refresh import LEAST_LEFT_S, Need, Refresh, no_login
from paceport.oauth.keeper.single_flight import Flights
from paceport.oauth.token_store.base import App, Grant, GrantKey, Status, Vault
from paceport.secret import AccessToken


def _log(text: str) -> None:
    logging.getLogger("paceport").warning("%s", text)


def _pass(step: str) -> None:
    """Nobody watches the steps."""


class Keeper:
    """Hands out a living access token of one grant, and refreshes it when it must. Safe to share between threads.

    `app` is asked only when something has to be sent, and its secret goes to the grant's own server alone. `warn` gets
    a sentence where a token is handed out that will not last; by default it is logged. `on_step` is told the name of
    each step when it is done. `lock_timeout_s` is how long to wait for another process, `retry_s` how long an
    unreachable server is tried.
    """

    def __init__(
        self,
        *,
        vault: Vault,
        key: GrantKey,
        app: Callable[[], App],
        send: Send,
        clock: Clock,
        warn: Callable[[str], None] = _log,
        on_step: Callable[[str], None] = _pass,
        lock_timeout_s: float = 30.0,
        retry_s: float = 10.0,
    ) -> None:
        self._vault, self._key, self._app, self._send, self._clock = vault, key, app, send, clock
        self._warn, self._on_step = warn, on_step
        self._lock_timeout_s, self._retry_s = lock_timeout_s, retry_s
        self._flights: Flights[Grant] = Flights()

    def grant(self) -> Grant:
        """The record as it is stored now. Raises LoginNeeded where there is none."""
        grant = self._vault.read(self._key)
        self._on_step("read")
        if grant is None:
            raise no_login(self._key)
        return grant

    def token(self, *, min_ttl_s: float = LEAST_LEFT_S, not_this: str | None = None) -> AccessToken:
        """An access token that lives at least `min_ttl_s` more, as far as that can be had.

        `not_this` is a token which the API has just answered with 401: another one is given, or LoginNeeded raised.
        Raises LoginNeeded, AppCredentialsWrong, AppInactive, Busy, a NetworkError, RateLimited or a StoreError.
        """
        need = Need(min_ttl_s=min_ttl_s, not_this=not_this)
        grant = self.grant()
        while not need.is_met_by(grant, self._clock.now()):
            flight, is_own = self._take_off(need, grant.generation)
            landed = flight.result()
            if is_own or self._will_do(need, landed, grant):
                return _handed_out(landed)
            grant = self.grant()
        return _handed_out(grant)

    async def token_async(self, *, min_ttl_s: float = LEAST_LEFT_S, not_this: str | None = None) -> AccessToken:
        """The same for an async caller. Cancelling it ends the waiting, never a refresh that is under way."""
        import asyncio  # heavy, and sync callers never need it

        need = Need(min_ttl_s=min_ttl_s, not_this=not_this)
        grant = self.grant()
        while not need.is_met_by(grant, self._clock.now()):
            flight, is_own = self._take_off(need, grant.generation)
            landed = await asyncio.shield(asyncio.wrap_future(flight))
            if is_own or self._will_do(need, landed, grant):
                return _handed_out(landed)
            grant = self.grant()
        return _handed_out(grant)

    def close(self) -> None:
        """Wait for a refresh that is under way, even if its caller has given up: it still needs the network."""
        self._flights.land()

    def mark(self, status: Status, reason: str = "") -> Grant:
        """Note what an API call has shown about this grant, under its lock."""
        with self._vault.lock(self._key, timeout_s=self._lock_timeout_s):
            grant = self.grant()
            if (grant.status, grant.status_reason) == (status, reason):
                return grant
            return self._vault.save(
                replace(grant, status=status, status_reason=reason), expect_generation=grant.generation
            )

    def _take_off(self, need: Need, seen_generation: int) -> tuple[Future[Grant], bool]:
        """Step 1: start a refresh, or join the one that is under way."""
        refresh = Refresh(
            vault=self._vault,
            key=self._key,
            app=self._app,
            send=self._send,
            clock=self._clock,
            warn=self._warn,
            on_step=self._on_step,
            lock_timeout_s=self._lock_timeout_s,
            retry_s=self._retry_s,
        )
        return self._flights.join(lambda: refresh.run(need, seen_generation=seen_generation))

    def _will_do(self, need: Need, landed: Grant, seen: Grant) -> bool:
        """Whether what another caller's flight brought is good for this one, whose need may have been another."""
        now = self._clock.now()
        is_newer = landed.access_token != seen.access_token or landed.generation != seen.generation
        return need.is_met_by(landed, now) or (is_newer and need.is_survived_by(landed, now))


def _handed_out(grant: Grant) -> AccessToken:
    return AccessToken(grant.access_token.reveal())
