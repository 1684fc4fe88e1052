"""The keeper itself: steps 0 and 1, for threads and for async callers."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import datetime

from paceport.oauth.keeper.deferred_signals import deferred_signals
from paceport.oauth.keeper.recovery import no_login
from paceport.oauth.keeper.refresh import LEAST_LEFT_S, Refresh, TokenRequirement
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.keeper.single_flight import SingleFlight
from paceport.oauth.token_store.base import Grant, GrantStatus
from paceport.secret import AccessToken


class Keeper:
    """Hands out a living access token of one grant, and refreshes it when it must. Safe to share between threads."""

    def __init__(self, context: RefreshContext) -> None:
        self._context = context
        self._token_store, self._key, self._clock = context.token_store, context.key, context.clock
        self._single_flight: SingleFlight[Grant] = SingleFlight()

    def now(self) -> datetime:
        """The present moment, by the keeper's clock."""
        return self._clock.now()

    def grant(self) -> Grant:
        """The record as it is stored now. Raises LoginNeeded where there is none."""
        grant = self._token_store.read(self._key)
        self._context.on_step("read")
        if grant is None:
            raise no_login(self._key)
        return grant

    def token(self, *, min_ttl_s: float = LEAST_LEFT_S, not_this: str | None = None) -> AccessToken:
        """An access token that lives at least `min_ttl_s` more, as far as that can be had.

        `not_this` is a token which the API has just answered with 401: another one is given, or LoginNeeded raised.
        Raises LoginNeeded, AppCredentialsWrong, AppInactive, Busy, a NetworkError, RateLimited or a StoreError.
        """
        steps = self._token_steps(TokenRequirement(min_ttl_s=min_ttl_s, not_this=not_this))
        with closing(steps):
            try:
                refresh = next(steps)
                while True:
                    refresh = steps.send(refresh.result())
            except StopIteration as end:
                token: AccessToken = end.value
                return token

    async def token_async(self, *, min_ttl_s: float = LEAST_LEFT_S, not_this: str | None = None) -> AccessToken:
        """The same for an async caller. Cancelling it ends the waiting, never a refresh that is under way."""
        import asyncio  # heavy, and sync callers never need it

        steps = self._token_steps(TokenRequirement(min_ttl_s=min_ttl_s, not_this=not_this))
        with closing(steps):
            try:
                refresh = next(steps)
                while True:
                    refresh = steps.send(await asyncio.shield(asyncio.wrap_future(refresh)))
            except StopIteration as end:
                token: AccessToken = end.value
                return token

    def _token_steps(self, need: TokenRequirement) -> Generator[Future[Grant], Grant, AccessToken]:
        """One caller's way to a token, for threads and async callers alike: only the waiting differs between them.

        Yields each refresh to wait for, is sent the grant it brought, and returns the token. To be closed by
        the caller, since a signal waits for the refresh while this stands at one.
        """
        while not need.is_met_by(grant := self.grant(), self.now()):
            seen = grant
            # Before it is started, so that a signal cannot come between.
            with self.guarding_exchange():
                refresh, is_own = self.join_refresh(need, seen.generation)
                grant = yield refresh
            # A refresh that another caller started may have served another requirement.
            now = self.now()
            is_newer = (grant.access_token, grant.generation) != (seen.access_token, seen.generation)
            if is_own or need.is_met_by(grant, now) or (is_newer and need.accepts_as_fallback(grant, now)):
                break
        return AccessToken(grant.access_token.reveal())

    def guarding_exchange(self) -> AbstractContextManager[None]:
        """A block in which a signal to end waits for a refresh of this grant that is under way, in whichever thread.

        In the main thread it protects the refreshes of all threads; see `deferred_signals`.
        """
        return deferred_signals(self._context.is_exchanging.is_set)

    def close(self) -> None:
        """Wait for a refresh that is under way, even if its caller has given up: it still needs the network."""
        self._single_flight.wait()

    def set_status(self, status: GrantStatus, reason: str = "") -> Grant:
        """Note what an API call has shown about this grant, under its lock."""
        with self._token_store.lock(self._key, timeout_s=self._context.lock_timeout_s):
            grant = self.grant()
            if (grant.status, grant.status_reason) == (status, reason):
                return grant
            return self._token_store.save(
                replace(grant, status=status, status_reason=reason), expect_generation=grant.generation
            )

    def join_refresh(self, need: TokenRequirement, seen_generation: int) -> tuple[Future[Grant], bool]:
        """Step 1: start a refresh, or join the one that is under way; and whether it is this caller's own."""
        refresh = Refresh(self._context)
        return self._single_flight.join_or_start(lambda: refresh.run(need, seen_generation=seen_generation))
