"""Revokes one login at Strava as the settings say, and tells the person what came of it."""

from __future__ import annotations

from paceport.cli.invocation import Invocation
from paceport.oauth.revoke import RevokeResult, revoke
from paceport.oauth.token_store.base import App, Grant
from paceport.profile.profile import Profile


def revoke_login(invocation: Invocation, profile: Profile, grant: Grant, app: App, *, force: bool) -> RevokeResult:
    """How the revocation ended; its notes are said. Raises what `revoke` raises."""
    result = revoke(
        grant.key,
        app,
        token_store=profile.token_store,
        send=profile.send,
        clock=invocation.clock,
        force=force,
        allow_legacy=profile.settings.api_generation < 2027,
        api_url=profile.settings.api_url,
    )
    for note in result.notes:
        invocation.output.say(note)
    return result
