"""Steps 2 to 10 of the keeper: one refresh under the grant's lock, every step a function of its own."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from paceport.clock import Clock
from paceport.errors import (
    AnswerLost,
    AppMismatch,
    LoginNeeded,
    NetworkError,
    OriginMismatch,
    PaceportError,
    RateLimited,
    StoreChanged,
    StoreError,
    StoreUnwritable,
    UnexpectedAnswer,
)
from paceport.http_message import Response, Send
from paceport.oauth.keeper.refresh_request import ExchangeState, exchange, refreshed_grant
from paceport.oauth.protocol.token_endpoint import read_token, refresh_request
from paceport.oauth.token_store.base import App, Grant, GrantKey, JournalAnswer, RefreshJournal, TokenStore
from paceport.storage.process_lock import describe_this_process

# A token with no more than this left is not handed out without trying for a newer one.
LEAST_LEFT_S = 120.0


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


def no_login(key: GrantKey) -> LoginNeeded:
    """There is no such grant."""
    return LoginNeeded(why=f"nothing is stored for app {key.client_id} at {key.oauth_origin}")


class Refresh:
    """One attempt to get a newer token. Holds what the steps share; made for one flight and thrown away."""

    def __init__(
        self,
        *,
        token_store: TokenStore,
        key: GrantKey,
        app: Callable[[], App],
        send: Send,
        clock: Clock,
        warn: Callable[[str], None],
        on_step: Callable[[str], None],
        lock_timeout_s: float,
        retry_s: float,
    ) -> None:
        self._token_store, self._key, self._app, self._send, self._clock = token_store, key, app, send, clock
        self._warn, self._on_step = warn, on_step
        self._lock_timeout_s, self._retry_s = lock_timeout_s, retry_s
        # A new grant that could not be saved; its kept answer lies in the journal.
        self._unsaved: Grant | None = None

    def run(self, need: TokenRequirement, *, seen_generation: int) -> Grant:
        """A grant with a living access token. `seen_generation` is that of the record which was not enough.

        Where nothing newer can be had for now, but the old token lives, that one is given, with a warning.
        """
        try:
            with self._token_store.lock(self._key, timeout_s=self._lock_timeout_s):
                self._on_step("locked")
                grant = self._renew(need, seen_generation)
            self._on_step("released")
        except (StoreUnwritable, NetworkError, RateLimited) as error:
            return self._fallback_grant(need, error)
        return grant

    def _renew(self, need: TokenRequirement, seen_generation: int) -> Grant:
        # Twice, because a refused token may have been replaced meanwhile by someone who does not know our lock.
        for is_last in (False, True):
            grant = self._read_again()
            grant, unknown_since = self._recover_from_journal(grant)
            if self._is_enough(need, grant, seen_generation):
                return self._warn_if_short_lived(need, grant)
            if self._cannot_be_refreshed(need, grant):
                return grant
            app = self._own_app()
            outcome = ExchangeState(is_unknown=unknown_since is not None)
            begun_at = self._begin_journal(grant, unknown_since)
            try:
                answer = self._exchange(grant, app, outcome)
            except LoginNeeded as refusal:
                doubt = (unknown_since or begun_at) if outcome.is_unknown else None
                adopted = self._resolve_refusal(need, grant, refusal, doubt)
                if adopted is not None:
                    return adopted
                if is_last:
                    raise
                continue
            except PaceportError:
                self._forget_if_settled(outcome)
                raise
            saved = self._save(grant, refreshed_grant(grant, answer))
            return self._warn_if_short_lived(need, self._stop_if_same(need, saved))
        raise AssertionError("the second pass returns or raises")

    def _read_again(self) -> Grant:
        """Step 3: nothing read before the lock counts."""
        grant = self._token_store.read(self._key)
        self._on_step("read again")
        if grant is None:
            raise no_login(self._key)
        return grant

    def _recover_from_journal(self, grant: Grant) -> tuple[Grant, datetime | None]:
        """Step 4: finish what a dead process began. Gives the grant as it is then, and since when a token is in doubt.

        A journal in doubt stays until the next one takes its place: the doubt must outlive this process, too.
        """
        journal = self._token_store.journal(self._key)
        if journal is None:
            return grant, None
        if not journal.is_about(grant.refresh_token):
            self._drop_journal()
            return grant, None
        doubt = journal.unknown_since or journal.begun_at
        if journal.answer is None:
            self._on_step("journal without an answer")
            return grant, doubt
        try:
            renewed = refreshed_grant(grant, journal.answer)
        except (AnswerLost, UnexpectedAnswer):
            return grant, doubt
        now = self._clock.now()
        if renewed.refresh_token == grant.refresh_token and renewed.left_s(now) <= grant.left_s(now):
            self._drop_journal()  # its writer died after saving, or a login has come since: nothing new in it
            return grant, None
        return self._save(grant, renewed), None

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
        app = self._app()
        if app.origin != self._key.oauth_origin:
            raise OriginMismatch(stored=self._key.oauth_origin, wanted=app.origin)
        if app.client_id != self._key.client_id:
            raise AppMismatch(stored=self._key.client_id, wanted=app.client_id)
        return app

    def _begin_journal(self, grant: Grant, unknown_since: datetime | None) -> datetime:
        """Step 6: what cannot be written down is not sent."""
        journal = RefreshJournal(
            token_digest=grant.refresh_token.digest(),
            begun_at=self._clock.now(),
            begun_by=describe_this_process(self._clock),
            unknown_since=unknown_since,
        )
        self._token_store.begin_journal(self._key, journal)
        self._on_step("journal begun")
        return journal.begun_at

    def _exchange(self, grant: Grant, app: App, outcome: ExchangeState) -> JournalAnswer:
        """Step 7, and the first durable act of step 8."""
        request = refresh_request(
            oauth_url=grant.oauth_url,
            client_id=app.client_id,
            client_secret=app.client_secret,
            refresh_token=grant.refresh_token,
        )
        while True:
            response, answer = exchange(
                request, send=self._send, clock=self._clock, retry_s=self._retry_s, outcome=outcome
            )
            self._on_step("answered")
            if answer is None:
                raise _refusal(response, self._clock.now())
            with contextlib.suppress(StoreUnwritable):  # then saving the grant itself is what is left to try
                self._token_store.add_journal_answer(self._key, answer)
            self._on_step("answer kept")
            try:
                refreshed_grant(grant, answer)
            except AnswerLost:
                if not outcome.note_lost_answer():
                    raise
            except UnexpectedAnswer:
                outcome.is_unknown = True
                raise
            else:
                return answer

    def _save(self, grant: Grant, renewed: Grant) -> Grant:
        """The end of step 8: save, then drop the journal."""
        try:
            saved = self._token_store.save(renewed, expect_generation=grant.generation)
        except StoreChanged:
            saved = self._save_over(grant, renewed)
        except StoreUnwritable:
            # The kept answer becomes the record as soon as there is room; the next reader sees to it.
            self._unsaved = renewed
            raise
        self._on_step("saved")
        self._drop_journal()
        return saved

    def _save_over(self, grant: Grant, renewed: Grant) -> Grant:
        """Somebody wrote without our lock. If it was about another refresh token, theirs is the newer login."""
        stored = self._token_store.read(self._key)
        if stored is None:
            raise no_login(self._key)
        if stored.refresh_token != grant.refresh_token:
            return stored
        return self._token_store.save(renewed, expect_generation=stored.generation)

    def _drop_journal(self) -> None:
        self._token_store.drop_journal(self._key)
        self._on_step("journal dropped")

    def _forget_if_settled(self, outcome: ExchangeState) -> None:
        """The server surely did nothing: the journal would only raise a false doubt later."""
        if not outcome.is_unknown:
            with contextlib.suppress(StoreError):
                self._drop_journal()

    def _resolve_refusal(
        self, need: TokenRequirement, grant: Grant, refusal: LoginNeeded, unknown_since: datetime | None
    ) -> Grant | None:
        """Step 9: the refresh token is dead. None means that another login lies there and is worth a try."""
        stored = self._token_store.read(self._key)
        if stored is None:
            raise no_login(self._key) from refusal
        if stored.generation != grant.generation or stored.refresh_token != grant.refresh_token:
            self._drop_journal()
            return stored if need.accepts_as_fallback(stored, self._clock.now()) else None
        reason = _reason(refusal, grant, unknown_since)
        saved = self._token_store.save(
            replace(grant, status="needs_consent", status_reason=reason), expect_generation=grant.generation
        )
        self._on_step("refusal saved")
        self._drop_journal()
        error = _login_needed(saved, reason)
        if need.accepts_as_fallback(saved, self._clock.now()):
            self._warn_of_fallback(error, saved)
            return saved
        raise error from refusal

    def _stop_if_same(self, need: TokenRequirement, grant: Grant) -> Grant:
        """The API has refused this access token, and the server hands it out again: it was revoked."""
        if grant.access_token.reveal() != need.not_this:
            return grant
        reason = "the API refuses the access token, and Strava hands out the same one again: access was revoked"
        saved = self._token_store.save(
            replace(grant, status="revoked", status_reason=reason), expect_generation=grant.generation
        )
        raise _login_needed(saved, reason)

    def _fallback_grant(self, need: TokenRequirement, error: PaceportError) -> Grant:
        grant = self._unsaved or self._token_store.read(self._key)
        if grant is None or not need.accepts_as_fallback(grant, self._clock.now()):
            raise error
        self._warn_of_fallback(error, grant)
        return grant

    def _warn_of_fallback(self, error: PaceportError, grant: Grant) -> None:
        left_min = grant.left_s(self._clock.now()) / 60
        self._warn(
            f"{error.what}: {error.why}. The token at hand works for another {left_min:.0f} min; then: {error.fix}"
        )

    def _warn_if_short_lived(self, need: TokenRequirement, grant: Grant) -> Grant:
        left_s = grant.left_s(self._clock.now())
        if left_s <= need.min_ttl_s > LEAST_LEFT_S:
            self._warn(
                f"The newest token lives {left_s:.0f} s, not the {need.min_ttl_s:.0f} s asked for: Strava makes a new "
                "one only when an hour or less is left, so more than 3600 s cannot be promised"
            )
        return grant


def _refusal(response: Response, now: datetime) -> PaceportError:
    try:
        read_token(response, now=now)
    except PaceportError as error:
        return error
    raise AssertionError("only an answer other than 200 is asked about")


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
