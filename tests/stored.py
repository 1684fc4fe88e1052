"""A login that is simply there: issued by the world and kept in a profile's token store, without the journey."""

from __future__ import annotations

from datetime import UTC, datetime

from paceport.oauth.token_store.base import App, Grant
from paceport.profile.profile import Profile
from paceport.sandbox.state.world import World
from paceport.scopes import SCOPES, Scopes
from paceport.secret import Secret


def stored_login(profile: Profile, world: World, *, scopes: tuple[str, ...] = SCOPES) -> Grant:
    """The first athlete's grant of these scopes, saved under the profile's name, the app beside it."""
    athlete, app, now = world.people[0], world.app, world.now()
    issued = world.grants.exchange(app.client_id, world.grants.make_code(app.client_id, athlete.id, scopes, now), now)
    profile.token_store.save_app(
        App(
            oauth_url=profile.settings.oauth_url,
            client_id=str(app.client_id),
            client_secret=Secret(app.client_secret),
        )
    )
    grant = Grant(
        profile=profile.name,
        oauth_url=profile.settings.oauth_url,
        api_url=profile.settings.api_url,
        client_id=str(app.client_id),
        athlete_id=athlete.id,
        athlete_name="Stored Athlete",
        access_token=Secret(issued.access_token),
        refresh_token=Secret(issued.refresh_token),
        expires_at=datetime.fromtimestamp(issued.expires_at_s, UTC),
        received_at=now,
        expires_in_s=issued.expires_in_s,
        scopes=Scopes(frozenset(scopes)),
        scopes_known_by="redirect",
    )
    with profile.token_store.lock(grant.key):
        return profile.token_store.save(grant, expect_generation=0)
