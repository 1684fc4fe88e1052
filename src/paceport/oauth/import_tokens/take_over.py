"""Saves what was found, first; then finds out whose it is and what it may do, as far as the service answers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from paceport.clock import Clock
from paceport.errors import AppMismatch, LoginNeeded, UsageError
from paceport.http_message import Send
from paceport.oauth.import_tokens.scope_probe import ProbeResult, probe_scopes
from paceport.oauth.import_tokens.token_formats import ImportedTokens
from paceport.oauth.keeper.recovery import recover_before_change
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.token_store.base import App, Grant, GrantKey, ScopesKnownBy, TokenStore
from paceport.scopes import Scopes
from paceport.secret import Secret


def save_imported_tokens(
    found: ImportedTokens,
    *,
    app: App,
    api_url: str,
    profile: str,
    token_store: TokenStore,
    clock: Clock,
    scopes: Scopes | None = None,
    force: bool = False,
) -> Grant:
    """The grant that was found, saved under the profile; nothing is sent. `scopes` are what a person declares.

    Raises AppMismatch where the tokens name another app, UsageError where the profile holds a login already (unless
    `force`), StoreErrors.
    """
    if found.client_id is not None and found.client_id != app.client_id:
        raise AppMismatch(stored=found.client_id, wanted=app.client_id)
    now = clock.now()
    # What does not say how long it lives is refreshed at its first use.
    expires_at = found.expires_at if found.expires_at is not None and found.access_token is not None else now
    declared = scopes if scopes is not None else found.scopes
    known_by: ScopesKnownBy = "unknown" if declared is None else "declared"
    grant = Grant(
        profile=profile,
        oauth_url=app.oauth_url,
        api_url=api_url,
        client_id=app.client_id,
        athlete_id=found.athlete_id,
        athlete_name=found.athlete_name,
        access_token=found.access_token or Secret(""),
        refresh_token=found.refresh_token,
        expires_at=expires_at,
        received_at=now,
        expires_in_s=max(0, round((expires_at - now).total_seconds())),
        scopes=declared,
        scopes_known_by=known_by,
    )
    return _save(grant, token_store, force=force)


def identify_grant(key: GrantKey, *, token_store: TokenStore, send: Send, clock: Clock) -> tuple[Grant, ProbeResult]:
    """The grant with what a few calls have shown: whose it is, and its scopes where nobody had said them.

    A token that has expired is not tried. Raises LoginNeeded where there is no such grant, and StoreErrors.
    """
    grant = token_store.read(key)
    if grant is None:
        raise LoginNeeded(why="that login is no longer stored")
    if grant.left_s(clock.now()) <= 0:
        return grant, ProbeResult(is_alive=None, trouble="its access token has expired; the next use refreshes it")
    probed = probe_scopes(grant.access_token, api_url=grant.api_url, send=send)
    with token_store.lock(key):
        current = token_store.read(key)
        if current is None:
            raise LoginNeeded(why="that login was removed meanwhile")
        # A new name leaves the journal behind, and an answer that was kept in it holds the token that lives.
        current, _ = recover_before_change(current, StoreContext(token_store=token_store, clock=clock))
        learnt = _apply_probe(current, probed)
        if learnt == current:
            return current, probed
        if learnt.key == key:
            return token_store.save(learnt, expect_generation=current.generation), probed
        # Now that its athlete is known it gets the name it should have.
        with token_store.lock(learnt.key):
            saved = token_store.move(key, learnt)
            token_store.drop_journal(learnt.key)
            token_store.drop_journal(key)
    return saved, probed


def _apply_probe(grant: Grant, probed: ProbeResult) -> Grant:
    learnt = grant
    if grant.athlete_id is None and probed.athlete_id is not None:
        learnt = replace(learnt, athlete_id=probed.athlete_id)
    if probed.athlete_name and not grant.athlete_name:
        learnt = replace(learnt, athlete_name=probed.athlete_name)
    if probed.scopes is not None and grant.scopes_known_by in ("unknown", "probed"):
        learnt = replace(learnt, scopes=probed.scopes, scopes_known_by="probed")
    return learnt


def _with_known_athlete(grant: Grant, token_store: TokenStore) -> Grant:
    """The grant under the athlete of the stored record that has the same refresh token: there must be only one."""
    if grant.athlete_id is not None:
        return grant
    key = grant.key
    for other in token_store.grants():
        is_same_app = (other.key.oauth_origin, other.client_id) == (key.oauth_origin, key.client_id)
        if is_same_app and other.refresh_token == grant.refresh_token:
            return replace(grant, athlete_id=other.athlete_id, athlete_name=grant.athlete_name or other.athlete_name)
    return grant


def _save(grant: Grant, token_store: TokenStore, *, force: bool) -> Grant:
    grant = _with_known_athlete(grant, token_store)
    origin = grant.key.oauth_origin
    here = [
        other for other in token_store.grants() if other.profile == grant.profile and other.key.oauth_origin == origin
    ]
    twin = token_store.read(grant.key)
    if here and not force:
        name = here[0].athlete_name or here[0].athlete_id or "an unknown athlete"
        raise UsageError(
            what=f"The profile {grant.profile!r} already has a login",
            why=f"it belongs to {name}",
            fix="paceport --profile NAME adopt … keeps both; --force replaces it",
        )
    if twin is not None and twin.profile != grant.profile:
        raise UsageError(
            what="This athlete is logged in already",
            why=f"the login is kept under the profile {twin.profile!r}",
            fix=f"paceport --profile {twin.profile} adopt --force … replaces it",
        )
    with ExitStack() as locks:
        for key in sorted({grant.key, *(other.key for other in here)}, key=lambda key: key.athlete_id or 0):
            locks.enter_context(token_store.lock(key))
        twin = token_store.read(grant.key)
        # The same tokens may lie here without their athlete: that record takes the new name, so that there is only one.
        unnamed = replace(grant.key, athlete_id=None)
        stored = token_store.read(unnamed) if unnamed in {other.key for other in here} else None
        if stored is not None and grant.athlete_id is not None and stored.refresh_token == grant.refresh_token:
            saved = token_store.move(unnamed, grant)
        else:
            saved = token_store.save(grant, expect_generation=twin.generation if twin is not None else 0)
        token_store.drop_journal(grant.key)
        for other in here:
            if other.key != saved.key:
                token_store.remove(other.key)
    return saved
