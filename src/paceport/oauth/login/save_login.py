"""Where the grant of a login goes: the right profile, and no other athlete's place."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from paceport.errors import (
    UsageError,
)
from paceport.oauth.login.login_plan import LOCK_TIMEOUT_S, LoginPlan
from paceport.oauth.token_store.base import Grant, GrantKey, TokenStore


def save_login(grant: Grant, plan: LoginPlan, token_store: TokenStore, held: set[GrantKey]) -> tuple[Grant, list[str]]:
    """Save a new grant in the place of the old one; `held` are the keys whose locks the caller holds.

    Returns the saved grant and lines for a person. Raises UsageError where the profile holds another athlete, Busy,
    and StoreErrors.
    """

    def locked(key: GrantKey) -> AbstractContextManager[None]:
        return nullcontext() if key in held else token_store.lock(key, timeout_s=LOCK_TIMEOUT_S)

    _refuse_other_athlete(grant, plan)
    neighbours = [
        other
        for other in token_store.grants()
        if other.profile == plan.profile and other.key.oauth_origin == grant.key.oauth_origin and other.key != grant.key
    ]
    with locked(grant.key):
        old = token_store.read(grant.key)
        if old is not None and old.profile != plan.profile:
            # The exchange may have retired the stored refresh token, so the new one must go where that one was.
            kept = _replace(token_store, replace(grant, profile=old.profile), old)
            name = old.profile
            return kept, [f"This athlete is logged in as profile {name!r}, which was renewed: use --profile {name}"]
        _refuse_takeover(grant, neighbours, plan)
        saved = _replace(token_store, grant, old)
    for neighbour in neighbours:
        with locked(neighbour.key):
            token_store.remove(neighbour.key)
    return saved, [
        f"The profile {plan.profile!r} held {_athlete(neighbour)} by app {neighbour.client_id}; that login is replaced."
        for neighbour in neighbours
    ]


def _replace(token_store: TokenStore, grant: Grant, old: Grant | None) -> Grant:
    saved = token_store.save(grant, expect_generation=old.generation if old is not None else 0)
    # Whatever refresh was under way used a token that this login has replaced.
    token_store.drop_journal(grant.key)
    return saved


def _refuse_other_athlete(grant: Grant, plan: LoginPlan) -> None:
    if plan.only_athlete_id is not None and grant.athlete_id != plan.only_athlete_id:
        raise UsageError(
            what="Another athlete answered",
            why=f"this login is of athlete {plan.only_athlete_id}, and the browser is logged in as {_athlete(grant)}",
            fix="log out of Strava in that browser and repeat; the stored login is untouched",
        )


def _refuse_takeover(grant: Grant, neighbours: list[Grant], plan: LoginPlan) -> None:
    others = [other for other in neighbours if other.athlete_id not in {None, grant.athlete_id}]
    if others and not plan.replaces_athlete:
        raise UsageError(
            what=f"The profile {plan.profile!r} belongs to another athlete",
            why=f"it holds the login of {_athlete(others[0])}, and the browser is logged in as {_athlete(grant)}",
            fix="paceport login --profile NAME keeps both; paceport logout first lets the new one take its place",
        )


def _athlete(grant: Grant) -> str:
    number = f"athlete {grant.athlete_id}" if grant.athlete_id is not None else "an unknown athlete"
    return f"{grant.athlete_name} ({number})" if grant.athlete_name else number
