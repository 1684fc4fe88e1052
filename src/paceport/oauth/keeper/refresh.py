"""Steps 2 to 10 of the keeper: one refresh under the grant's lock, every step a function of its own."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from paceport.errors import (
    AppMismatch,
    Busy,
    LoginNeeded,
    NetworkError,
    OriginMismatch,
    PaceportError,
    RateLimited,
    StoreUnwritable,
    UnexpectedAnswer,
)
from paceport.lazy_dataclass import dataclass
from paceport.oauth.keeper.journalled_exchange import JournalledExchange
from paceport.oauth.keeper.recovery import UnsavedGrant, drop_journal, no_login, recover_unfinished_refresh
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.token_store.base import App, Grant

# A token with no more than this left is not handed out without trying for a newer one.
LEAST_LEFT_S = 120.0
# How often whoever waits for the lock looks at the record.
_LOOK_EVERY_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequirement:
    """What a caller wants: seconds left, and not the token that the API has just refused."""

    min_ttl_s: float = LEAST_LEFT_S
    not_this: str | None = None

    def is_met_by(self, grant: Grant, now: datetime) -> bool:
        """Whether this grant's access token can be handed out as it is."""
        return self.allows(grant) and grant.left_s(now) > max(self.min_ttl_s, LEAST_LEFT_S)

    def accepts_as_fallback(self, grant: Grant, now: datetime) -> bool:
        """Whether this grant's access token at least still works, where nothing newer is to be had."""
        return self.allows(grant) and grant.left_s(now) > 0

    def allows(self, grant: Grant) -> bool:
        """Whether this is not a token known to be refused."""
        return grant.status != "revoked" and grant.access_token.reveal() != self.not_this


class Refresh:
    """One attempt to get a newer token; made for one flight and thrown away."""

    def __init__(self, context: RefreshContext) -> None:
        self._context = context
        self._token_store, self._key, self._clock = context.token_store, context.key, context.clock

    def run(self, need: TokenRequirement, *, seen_generation: int) -> Grant:
        """A grant with a living access token. `seen_generation` is that of the record which was not enough.

        Where nothing newer can be had for now, but the old token lives, that one is given, with a warning.
        """
        try:
            with ExitStack() as lock:
                found = self._wait_for_lock(lock, need, seen_generation)
                if found is not None:
                    return self._warn_if_short_lived(need, found)
                self._context.on_step("locked")
                grant = self._renew(need, seen_generation)
            self._context.on_step("released")
        except UnsavedGrant as unsaved:
            return self._fallback_grant(need, unsaved.problem, unsaved.grant)
        except (Busy, StoreUnwritable, NetworkError, RateLimited, UnexpectedAnswer) as error:
            return self._fallback_grant(need, error, self._token_store.read(self._key))
        return grant

    def _wait_for_lock(self, lock: ExitStack, need: TokenRequirement, seen_generation: int) -> Grant | None:
        """Step 2: take the lock. Gives the record instead as soon as it holds a token that is enough.

        Its holder may have saved a new token and be stopped before it lets go. Raises Busy.
        """
        left_s = self._context.lock_timeout_s
        while True:
            try:
                lock.enter_context(self._token_store.lock(self._key, timeout_s=min(_LOOK_EVERY_S, left_s)))
            except Busy:
                grant = self._read_again()
                if self._is_enough(need, grant, seen_generation):
                    return grant
                left_s -= _LOOK_EVERY_S
                if left_s <= 0:
                    raise
            else:
                return None

    def _renew(self, need: TokenRequirement, seen_generation: int) -> Grant:
        # Twice, because a refused token may have been replaced meanwhile by someone who does not know our lock.
        for is_last in (False, True):
            grant, unknown_since = recover_unfinished_refresh(self._read_again(), self._context)
            if self._is_enough(need, grant, seen_generation):
                return self._warn_if_short_lived(need, grant)
            if self._cannot_be_refreshed(need, grant):
                return grant
            exchange = JournalledExchange(grant, self._own_app(), self._context, unknown_since=unknown_since)
            try:
                saved = exchange.run()
            except LoginNeeded as refusal:
                adopted = self._resolve_refusal(need, grant, refusal, exchange.in_doubt_since)
                if adopted is not None:
                    return adopted
                if is_last:
                    raise
                continue
            except PaceportError:
                exchange.forget_if_settled()
                raise
            return self._warn_if_short_lived(need, self._stop_if_same(need, saved))
        raise AssertionError("the second pass returns or raises")

    def _read_again(self) -> Grant:
        """Step 3: nothing read before the lock counts."""
        grant = self._token_store.read(self._key)
        self._context.on_step("read again")
        if grant is None:
            raise no_login(self._key)
        return grant

    def _is_enough(self, need: TokenRequirement, grant: Grant, seen_generation: int) -> bool:
        """Step 5: somebody else has refreshed."""
        now = self._clock.now()
        moved = grant.generation != seen_generation
        return need.is_met_by(grant, now) or (moved and grant.status == "ok" and need.accepts_as_fallback(grant, now))

    def _cannot_be_refreshed(self, need: TokenRequirement, grant: Grant) -> bool:
        """Whether a refresh is known to be hopeless while the access token works. Raises LoginNeeded once it does not.

        A token that was called revoked is tried once more when it has expired: the API may have been wrong.
        """
        now = self._clock.now()
        if not grant.refresh_token:
            error = _login_needed(grant, "its token came without a refresh token and cannot be renewed")
        elif grant.status == "needs_consent" or (grant.status == "revoked" and grant.left_s(now) > 0):
            error = _login_needed(grant, grant.status_reason)
        else:
            return False
        if not need.accepts_as_fallback(grant, now):
            raise error
        self._warn_of_fallback(error, grant)
        return True

    def _own_app(self) -> App:
        """The app of this very grant: no secret goes to another server, and none with another id."""
        app = self._context.app()
        if app.origin != self._key.oauth_origin:
            raise OriginMismatch(stored=self._key.oauth_origin, wanted=app.origin)
        if app.client_id != self._key.client_id:
            raise AppMismatch(stored=self._key.client_id, wanted=app.client_id)
        return app

    def _resolve_refusal(
        self, need: TokenRequirement, grant: Grant, refusal: LoginNeeded, unknown_since: datetime | None
    ) -> Grant | None:
        """Step 9: the refresh token is dead. None means that another login lies there and is worth a try."""
        stored = self._token_store.read(self._key)
        if stored is None:
            raise no_login(self._key) from refusal
        if stored.generation != grant.generation or stored.refresh_token != grant.refresh_token:
            drop_journal(self._key, self._context)
            return stored if need.accepts_as_fallback(stored, self._clock.now()) else None
        reason = _reason(refusal, grant, unknown_since)
        saved = self._token_store.save(
            replace(grant, status="needs_consent", status_reason=reason), expect_generation=grant.generation
        )
        self._context.on_step("refusal saved")
        drop_journal(self._key, self._context)
        error = _login_needed(saved, reason)
        if need.accepts_as_fallback(saved, self._clock.now()):
            self._warn_of_fallback(error, saved)
            return saved
        raise error from refusal

    def _stop_if_same(self, need: TokenRequirement, grant: Grant) -> Grant:
        """The API has refused this access token, and the server hands it out again: it was revoked."""
        if grant.access_token.reveal() != need.not_this:
            return grant
        reason = "the API refuses the access token, and Strava returns the same one again: access was revoked"
        saved = self._token_store.save(
            replace(grant, status="revoked", status_reason=reason), expect_generation=grant.generation
        )
        raise _login_needed(saved, reason)

    def _fallback_grant(self, need: TokenRequirement, error: PaceportError, grant: Grant | None) -> Grant:
        if grant is None or not need.accepts_as_fallback(grant, self._clock.now()):
            raise error
        self._warn_of_fallback(error, grant)
        return grant

    def _warn_of_fallback(self, error: PaceportError, grant: Grant) -> None:
        left_min = grant.left_s(self._clock.now()) / 60
        self._context.warn(
            f"{error.what}: {error.why}. The current token works for another {left_min:.0f} min; then: {error.fix}"
        )

    def _warn_if_short_lived(self, need: TokenRequirement, grant: Grant) -> Grant:
        left_s = grant.left_s(self._clock.now())
        if left_s <= need.min_ttl_s > LEAST_LEFT_S:
            self._context.warn(
                f"The newest token lives {left_s:.0f} s, not the {need.min_ttl_s:.0f} s asked for: Strava makes a new "
                "one only when an hour or less is left, so more than 3600 s cannot be promised"
            )
        return grant


def _login_needed(grant: Grant, reason: str) -> LoginNeeded:
    command = "paceport login"
    if grant.profile != "default":
        command += f" --profile {shlex.quote(grant.profile)}"
    return LoginNeeded(what="Strava no longer accepts the stored login", why=reason, fix=command)


def _reason(refusal: LoginNeeded, grant: Grant, unknown_since: datetime | None) -> str:
    reason = refusal.why
    if unknown_since is not None:
        reason += (
            f"; most likely the latter: the answer to the refresh of {unknown_since:%Y-%m-%d %H:%M:%S} UTC was lost "
            "on its way, and the new token with it"
        )
    if grant.copied_from:
        reason += f"; this record was copied or moved from {grant.copied_from}, whose own refresh may have replaced it"
    return reason
