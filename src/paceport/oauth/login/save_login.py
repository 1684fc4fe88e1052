"""Where the grant of a login goes: the right profile, and no other athlete's place."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from paceport.errors import (
    UsageError,
)
from paceport.oauth.keeper.kept_login import drop_kept_login, kept_login, save_over
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.login.login_plan import LOCK_TIMEOUT_S, LoginPlan
from paceport.oauth.token_store.base import App, Grant, GrantKey, TokenStore


def save_login(grant: Grant, plan: LoginPlan, context: StoreContext, held: set[GrantKey]) -> tuple[Grant, list[str]]:
    """Save a new grant in the place of the old one; `held` are the keys whose locks the caller holds.

    A refresh of the same athlete may have found the kept answer first; then what it has made of it stands.

    Returns the saved grant and lines for a person. Raises UsageError where the profile holds another athlete, Busy,
    and StoreErrors.
    """
    token_store = context.token_store
    _refuse_other_athlete(grant, plan)
    neighbours = [
        other
        for other in token_store.grants()
        if other.profile == plan.profile and other.key.oauth_origin == grant.key.oauth_origin and other.key != grant.key
    ]
    if grant.athlete_id is None:
        # Nobody knows whether it is another athlete's login that lies there: it stays.
        neighbours = []
    with _locked(grant.key, token_store, held):
        old = token_store.read(grant.key)
        if old is None or old.profile == plan.profile:
            _refuse_takeover(grant, neighbours, plan)
        saved = _save_once(grant, old, context)
        context.on_step("saved")
        drop_kept_login(grant.key.oauth_origin, grant.client_id, context)
        context.on_step("journal dropped")
    if saved.profile != plan.profile:
        # The exchange may have retired the stored refresh token, so the new one went where that one was.
        name = saved.profile
        return saved, [f"This athlete is logged in as profile {name!r}, which was renewed: use --profile {name}"]
    for neighbour in neighbours:
        with _locked(neighbour.key, token_store, held):
            token_store.remove(neighbour.key)
        context.on_step("older login removed")
    return saved, [
        f"The profile {plan.profile!r} held {_athlete(neighbour)} by app {neighbour.client_id}; that login is replaced."
        for neighbour in neighbours
    ]


def renew_stored_login(grant: Grant, context: StoreContext, held: set[GrantKey]) -> Grant | None:
    """Save what a refused login brought where its athlete is stored already, in whichever profile; None elsewhere.

    The exchange may have retired the stored refresh token, so refusing the login would cost that one.
    """
    if grant.athlete_id is None or not grant.refresh_token:
        return None  # nobody knows whose it is, or the stored one was not replaced
    with _locked(grant.key, context.token_store, held):
        old = context.token_store.read(grant.key)
        if old is None or old.refresh_token == grant.refresh_token:
            return None
        saved = save_over(old, grant, context)
        context.on_step("stored login renewed")
    return saved


def settle_kept_login(app: App, context: StoreContext, held: set[GrantKey]) -> None:
    """Save the answer of an earlier login of this app that died before it could. Called with the app's login lock held.

    It replaces an older record of its athlete, or becomes the login of a profile that has none; where another athlete's
    record lies in its profile that one stays, since nobody is there to be asked. Raises StoreErrors and Busy.
    """
    grant = kept_login(app.origin, app.client_id, context)
    if grant is not None:
        with _locked(grant.key, context.token_store, held):
            old = context.token_store.read(grant.key)
            is_free = not any(other.profile == grant.profile for other in context.token_store.grants())
            if is_free if old is None else old.received_at <= grant.received_at:
                save_over(old, grant, context)
                context.on_step("kept login saved")
    drop_kept_login(app.origin, app.client_id, context)


def _save_once(grant: Grant, old: Grant | None, context: StoreContext) -> Grant:
    """Save the grant, unless a refresh has found the kept answer and settled it already."""
    if old is not None and old.received_at >= grant.received_at and old.status == "ok":
        kept = kept_login(grant.key.oauth_origin, grant.client_id, context)
        if kept is None:
            return old
    return save_over(old, grant, context)


def _locked(key: GrantKey, token_store: TokenStore, held: set[GrantKey]) -> AbstractContextManager[None]:
    return nullcontext() if key in held else token_store.lock(key, timeout_s=LOCK_TIMEOUT_S)


def _refuse_other_athlete(grant: Grant, plan: LoginPlan) -> None:
    if plan.only_athlete_id is not None and grant.athlete_id not in (None, plan.only_athlete_id):
        raise UsageError(
            what="Another athlete answered",
            why=f"this login is of athlete {plan.only_athlete_id}, and the browser is logged in as {_athlete(grant)}",
            fix="log out of Strava in that browser and try again; the stored login is unchanged",
        )


def _refuse_takeover(grant: Grant, neighbours: list[Grant], plan: LoginPlan) -> None:
    others = [other for other in neighbours if other.athlete_id not in {None, grant.athlete_id}]
    if others and not plan.replaces_athlete:
        raise UsageError(
            what=f"The profile {plan.profile!r} belongs to another athlete",
            why=f"it holds the login of {_athlete(others[0])}, and the browser is logged in as {_athlete(grant)}",
            fix="paceport login --profile NAME keeps both; run paceport logout first to replace the old one",
        )


def _athlete(grant: Grant) -> str:
    number = f"athlete {grant.athlete_id}" if grant.athlete_id is not None else "an unknown athlete"
    return f"{grant.athlete_name} ({number})" if grant.athlete_name else number
