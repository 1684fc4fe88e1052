"""The keeper itself: steps 0 and 1, for threads and for async callers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from paceport.clock import Clock
from paceport.http_message import Send
from paceport.oauth.keeper.refresh import LEAST_LEFT_S, Refresh, TokenRequirement, no_login
from paceport.oauth.keeper.single_flight import SingleFlight
from paceport.oauth.token_store.base import App, Grant, GrantKey, GrantStatus, TokenStore
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
        token_store: TokenStore,
        key: GrantKey,
        app: Callable[[], App],
        send: Send,
        clock: Clock,
        warn: Callable[[str], None] = _log,
        on_step: Callable[[str], None] = _pass,
        lock_timeout_s: float = 30.0,
        retry_s: float = 10.0,
    ) -> None:
        self._token_store, self._key, self._app, self._send, self._clock = token_store, key, app, send, clock
        self._warn, self._on_step = warn, on_step
        self._lock_timeout_s, self._retry_s = lock_timeout_s, retry_s
        self._single_flight: SingleFlight[Grant] = SingleFlight()

    def grant(self) -> Grant:
        """The record as it is stored now. Raises LoginNeeded where there is none."""
        grant = self._token_store.read(self._key)
        self._on_step("read")
        if grant is None:
            raise no_login(self._key)
        return grant

    def token(self, *, min_ttl_s: float = LEAST_LEFT_S, not_this: str | None = None) -> AccessToken:
        """An access token that lives at least `min_ttl_s` more, as far as that can be had.

        `not_this` is a token which the API has just answered with 401: another one is given, or LoginNeeded raised.
        Raises LoginNeeded, AppCredentialsWrong, AppInactive, Busy, a NetworkError, RateLimited or a StoreError.
        """
        need = TokenRequirement(min_ttl_s=min_ttl_s, not_this=not_this)
        grant = self.grant()
        while not need.is_met_by(grant, self._clock.now()):
            flight, is_own = self._join_refresh(need, grant.generation)
            landed = flight.result()
            if is_own or self._is_usable(need, landed, grant):
                return _access_token(landed)
            grant = self.grant()
        return _access_token(grant)

    async def token_async(self, *, min_ttl_s: float = LEAST_LEFT_S, not_this: str | None = None) -> AccessToken:
        """The same for an async caller. Cancelling it ends the waiting, never a refresh that is under way."""
        import asyncio  # heavy, and sync callers never need it

        need = TokenRequirement(min_ttl_s=min_ttl_s, not_this=not_this)
        grant = self.grant()
        while not need.is_met_by(grant, self._clock.now()):
            flight, is_own = self._join_refresh(need, grant.generation)
            landed = await asyncio.shield(asyncio.wrap_future(flight))
            if is_own or self._is_usable(need, landed, grant):
                return _access_token(landed)
            grant = self.grant()
        return _access_token(grant)

    def close(self) -> None:
        """Wait for a refresh that is under way, even if its caller has given up: it still needs the network."""
        self._single_flight.wait()

    def set_status(self, status: GrantStatus, reason: str = "") -> Grant:
        """Note what an API call has shown about this grant, under its lock."""
        with self._token_store.lock(self._key, timeout_s=self._lock_timeout_s):
            grant = self.grant()
            if (grant.status, grant.status_reason) == (status, reason):
                return grant
            return self._token_store.save(
                replace(grant, status=status, status_reason=reason), expect_generation=grant.generation
            )

    def _join_refresh(self, need: TokenRequirement, seen_generation: int) -> tuple[Future[Grant], bool]:
        """Step 1: start a refresh, or join the one that is under way."""
        refresh = Refresh(
            token_store=self._token_store,
            key=self._key,
            app=self._app,
            send=self._send,
            clock=self._clock,
            warn=self._warn,
            on_step=self._on_step,
            lock_timeout_s=self._lock_timeout_s,
            retry_s=self._retry_s,
        )
        return self._single_flight.join_or_start(lambda: refresh.run(need, seen_generation=seen_generation))

    def _is_usable(self, need: TokenRequirement, landed: Grant, seen: Grant) -> bool:
        """Whether what another caller's flight brought is good for this one, whose need may have been another."""
        now = self._clock.now()
        is_newer = landed.access_token != seen.access_token or landed.generation != seen.generation
        return need.is_met_by(landed, now) or (is_newer and need.accepts_as_fallback(landed, now))


def _access_token(grant: Grant) -> AccessToken:
    return AccessToken(grant.access_token.reveal())
