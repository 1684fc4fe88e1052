"""Steps 6 to 8 of the keeper: write down, send, keep the answer. Whoever refreshes goes this way."""

from __future__ import annotations

import contextlib
from datetime import datetime

from paceport.error_body import read_error_body
from paceport.errors import AnswerLost, StoreError, StoreUnwritable, UnexpectedAnswer
from paceport.oauth.keeper.deferred_signals import deferred_signals
from paceport.oauth.keeper.recovery import drop_journal, save_renewed
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.keeper.refresh_request import ExchangeState, exchange, refreshed_grant
from paceport.oauth.protocol.token_endpoint import refresh_request, token_error
from paceport.oauth.token_store.base import App, Grant, JournalAnswer, RefreshJournal
from paceport.storage.process_lock import describe_this_process


class JournalledExchange:
    """One refresh of a grant whose lock is held. `unknown_since` is from when an earlier one is in doubt.

    Afterwards `in_doubt_since` says since when it is unknown whether the server has replaced the refresh token, None
    where it surely has not.
    """

    def __init__(self, grant: Grant, app: App, context: RefreshContext, *, unknown_since: datetime | None) -> None:
        self._grant, self._app, self._context, self._unknown_since = grant, app, context, unknown_since
        self._state = ExchangeState(is_unknown=unknown_since is not None)
        self._begun_at = context.clock.now()

    @property
    def in_doubt_since(self) -> datetime | None:
        return (self._unknown_since or self._begun_at) if self._state.is_unknown else None

    def run(self) -> Grant:
        """The refreshed grant, saved. Raises what the refusal means, a NetworkError, UnsavedGrant and StoreErrors.

        The journal of a refusal is left to the caller; where surely nothing was done it is dropped.
        """
        self._begin_journal()
        # In this block too, not only in the caller's: a caller who gives up must not leave the answer unprotected.
        with deferred_signals(self._context.is_exchanging.is_set):
            # Set before the first byte is sent, so that a signal that comes now waits for the answer.
            self._context.is_exchanging.set()
            try:
                renewed = refreshed_grant(self._grant, self._exchange())
                return save_renewed(self._grant, renewed, self._context)
            finally:
                self._context.is_exchanging.clear()

    def forget_if_settled(self) -> None:
        """The server surely did nothing: the journal would only raise a false doubt later."""
        if not self._state.is_unknown:
            with contextlib.suppress(StoreError):
                drop_journal(self._grant.key, self._context)

    def _begin_journal(self) -> None:
        """Step 6: what cannot be written down is not sent."""
        journal = RefreshJournal(
            token_digest=self._grant.refresh_token.digest(),
            begun_at=self._begun_at,
            begun_by=describe_this_process(self._context.clock),
            unknown_since=self._unknown_since,
        )
        self._context.token_store.begin_journal(self._grant.key, journal)
        self._context.on_step("journal begun")

    def _exchange(self) -> JournalAnswer:
        """Step 7, and the first durable act of step 8."""
        grant, app, context = self._grant, self._app, self._context
        request = refresh_request(
            oauth_url=grant.oauth_url,
            client_id=app.client_id,
            client_secret=app.client_secret,
            refresh_token=grant.refresh_token,
        )
        while True:
            response, answer = exchange(
                request, send=context.send, clock=context.clock, retry_s=context.retry_s, outcome=self._state
            )
            context.on_step("answered")
            if answer is None:
                raise token_error(read_error_body(response.status, response.body))
            with contextlib.suppress(StoreUnwritable):  # then saving the grant itself is what is left to try
                context.token_store.add_journal_answer(grant.key, answer)
            context.on_step("answer kept")
            try:
                refreshed_grant(grant, answer)
            except AnswerLost:
                if not self._state.note_lost_answer():
                    raise
            except UnexpectedAnswer:
                self._state.is_unknown = True
                raise
            else:
                return answer
