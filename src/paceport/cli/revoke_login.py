"""Revokes one login at Strava, and tells the person what came of it."""

from __future__ import annotations

from paceport.cli.invocation import Invocation
from paceport.oauth.revoke import RevokeResult
from paceport.oauth.token_store.base import App, Grant
from paceport.profile.end_login import revoke_login
from paceport.profile.profile import Profile


def revoke_and_tell(invocation: Invocation, profile: Profile, grant: Grant, app: App, *, force: bool) -> RevokeResult:
    """How the revocation ended; its notes are said. Raises what `revoke` raises."""
    result = revoke_login(profile, grant, app, force=force)
    for note in result.notes:
        invocation.output.say(note)
    return result
