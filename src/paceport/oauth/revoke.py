"""Revokes a grant at Strava, verifies that, and only then erases it here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from paceport.clock import Clock
from paceport.error_body import read_error_body
from paceport.errors import (
    AnswerLost,
    AppCredentialsWrong,
    AppInactive,
    GatewayAnswer,
    LoginNeeded,
    NetworkError,
    PaceportError,
    StravaDown,
)
from paceport.http_message import Request, Response, Send
from paceport.lazy_dataclass import dataclass
from paceport.oauth.keeper.journalled_exchange import JournalledExchange
from paceport.oauth.keeper.kept_login import drop_kept_login
from paceport.oauth.keeper.recovery import UnsavedGrant, drop_journal, recover_before_change
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.protocol.token_endpoint import deauthorize_request, revoke_request, token_error
from paceport.oauth.token_store.base import App, Grant, GrantKey, TokenStore

_NO_SUCH_ADDRESS = frozenset({404, 405, 410, 501})


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeResult:
    """How a revocation ended.

    `is_verified` says that a call with the old token was refused afterwards. `is_erased` says that the grant is gone
    from the token store, and that what was cached for this athlete is to go as well. `notes` are lines for a person.
    """

    is_verified: bool
    is_erased: bool
    notes: tuple[str, ...]


def revoke(
    key: GrantKey,
    app: App,
    *,
    token_store: TokenStore,
    send: Send,
    clock: Clock,
    force: bool = False,
    allow_legacy: bool = True,
    api_url: str = "",
) -> RevokeResult:
    """End the grant at the server and forget it here, under its lock.

    If its end cannot be verified (no network, inactive app), the grant stays, unless `force`. `allow_legacy` permits
    `/oauth/deauthorize` if the newer address is missing or had no effect. `api_url` is where the end is verified, by
    default the grant's own. Raises LoginNeeded without a grant, AppCredentialsWrong, StravaDown, StoreErrors, and
    GatewayAnswer for an answer that is not Strava's; nothing is forgotten then, unless `force` and a network error.
    """
    with token_store.lock(key):
        grant = token_store.read(key)
        if grant is None:
            raise LoginNeeded(why="there is nothing to revoke", fix="to log in: paceport login")
        context = RefreshContext(token_store=token_store, key=key, app=lambda: app, send=send, clock=clock)
        grant, unknown_since = recover_before_change(grant, context)
        where = api_url or grant.api_url
        ending = _Revocation(grant=grant, app=app, context=context, api_url=where, unknown_since=unknown_since)
        try:
            state, notes = _revoke_at_server(ending, allow_legacy)
        except (NetworkError, AppInactive) as trouble:
            if not force:
                raise
            state, notes = "unknown", [f"{trouble.what}: {trouble.why}"]
        if (is_verified := state == "dead") or force:
            token_store.remove(key)
            drop_kept_login(key.oauth_origin, key.client_id, context)
            return RevokeResult(is_verified=is_verified, is_erased=True, notes=(*notes, *_closing_notes(is_verified)))
        if state == "unknown":
            # A login that answers is a login: only where nothing is known does it bear the mark.
            _mark_revoked(token_store.read(key) or grant, token_store)
    return RevokeResult(is_verified=False, is_erased=False, notes=(*notes, *_closing_notes(False)))


def _mark_revoked(grant: Grant, token_store: TokenStore) -> None:
    reason = "the revocation was sent, but could not be verified"
    token_store.save(replace(grant, status="revoked", status_reason=reason), expect_generation=grant.generation)


@dataclass(slots=True, kw_only=True)
class _Revocation:
    """One revocation under way. `grant` is replaced where a check was answered with a new token.

    `unknown_since` is when a refresh was begun whose answer nobody has: the stored refresh token may be an old one.
    """

    grant: Grant
    app: App
    context: RefreshContext
    api_url: str
    unknown_since: datetime | None

    def send(self, request: Request) -> Response:
        return self.context.send(request)


def _revoke_at_server(ending: _Revocation, allow_legacy: bool) -> tuple[str, list[str]]:
    was_taken = _ask_revoke(ending)
    # Also where it was not taken: the check renews an expired token, without which the older address can do nothing.
    state = _check(ending)
    if allow_legacy and (state == "alive" or (state == "unknown" and not was_taken)):
        _ask_deauthorize(ending)
        state = _check(ending)
    if state == "dead":
        return state, ["Strava refuses the old token, so the login has been revoked."]
    if state == "alive":
        return state, ["Strava still accepts the token after the revocation."]
    return state, ["The revocation was sent, but could not be verified."]


def _ask_revoke(ending: _Revocation) -> bool:
    """Whether the address exists and took the request."""
    app, grant = ending.app, ending.grant
    request = revoke_request(
        oauth_url=app.oauth_url, client_id=app.client_id, client_secret=app.client_secret, token=grant.refresh_token
    )
    try:
        response = ending.send(request)
    except AnswerLost:
        # It may have arrived; the check decides.
        return True
    # Strava's answer is empty; a page with status 200 is the sign-in page of a network.
    if response.status == 200 and not response.body.strip():
        return True
    if response.status in _NO_SUCH_ADDRESS:
        return False
    fault = read_error_body(response.status, response.body)
    if response.status == 401 and fault.is_from_strava:
        raise AppCredentialsWrong(part="client secret", why="the stored secret is no longer this app's secret")
    raise token_error(fault)


def _ask_deauthorize(ending: _Revocation) -> None:
    try:
        ending.send(deauthorize_request(oauth_url=ending.app.oauth_url, access_token=ending.grant.access_token))
    except AnswerLost:
        return


def _check(ending: _Revocation) -> str:
    """ "dead", "alive", or "unknown": by a call with the access token, or where that has expired by a refresh."""
    try:
        if ending.grant.left_s(ending.context.clock.now()) > 0:
            return _check_by_call(ending)
        return _check_by_refresh(ending)
    except (GatewayAnswer, StravaDown):
        raise  # nothing was learnt of this login, so nothing of it changes
    except NetworkError:
        return "unknown"


def _check_by_call(ending: _Revocation) -> str:
    headers = {"authorization": f"Bearer {ending.grant.access_token.reveal()}"}
    response = ending.send(Request(method="GET", url=f"{ending.api_url.rstrip('/')}/athlete", headers=headers))
    fault = read_error_body(response.status, response.body)
    if response.status == 200 and _is_athlete(response):
        return "alive"
    if not fault.is_from_strava:
        raise token_error(fault)
    if response.status == 401:
        # A missing scope is a 401 as well, and says that the token lives.
        return "alive" if fault.has_detail("AccessToken") else "dead"
    # An inactive app is refused before anyone looks at the token.
    return "unknown"


def _is_athlete(response: Response) -> bool:
    try:
        value = json.loads(response.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "id" in value


def _check_by_refresh(ending: _Revocation) -> str:
    if ending.unknown_since is not None:
        # The refusal of a token that may have been replaced says nothing of the one that replaced it.
        return "unknown"
    exchange = JournalledExchange(ending.grant, ending.app, ending.context, unknown_since=None)
    try:
        ending.grant = exchange.run()
    except LoginNeeded:
        if exchange.in_doubt_since is not None:
            return "unknown"
        drop_journal(ending.grant.key, ending.context)
        return "dead"
    except UnsavedGrant as unsaved:
        raise unsaved.problem from unsaved
    except PaceportError:
        exchange.forget_if_settled()
        raise
    return "alive"


def _closing_notes(is_verified: bool) -> tuple[str, ...]:
    if is_verified:
        return ()
    return ("To make sure, check https://www.strava.com/settings/apps: the app must not be listed there.",)
