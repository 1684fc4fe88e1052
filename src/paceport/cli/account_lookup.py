"""Finds the login and the rows of one athlete."""

from __future__ import annotations

from paceport.errors import LoginNeeded, UsageError
from paceport.oauth.token_store.base import Grant
from paceport.profile.profile import Profile


def grant_of(profile: Profile, athlete_id: int) -> Grant:
    """The login of an athlete, at the server and of the app in force. Raises LoginNeeded."""
    found = find_grant_of(profile, athlete_id)
    if found is None:
        raise LoginNeeded(
            why=f"no login of athlete {athlete_id} is stored for {profile.origin}", fix="paceport accounts list"
        )
    return found


def find_grant_of(profile: Profile, athlete_id: int) -> Grant | None:
    """The same, or None."""
    client_id = profile.settings.client_id
    found = [
        grant
        for grant in profile.token_store.grants()
        if grant.athlete_id == athlete_id
        and grant.key.oauth_origin == profile.origin
        and client_id in (None, grant.client_id)
    ]
    if len(found) > 1:
        raise UsageError(
            what=f"Athlete {athlete_id} has logins of {len(found)} apps",
            why="their client ids are " + ", ".join(grant.client_id for grant in found),
            fix="export STRAVA_CLIENT_ID=… of the one you mean",
        )
    return found[0] if found else None


def stored_rows(profile: Profile, athlete_id: int) -> dict[str, int] | None:
    """How many rows PostgreSQL has of an athlete, by table; None where logins are stored elsewhere."""
    if not profile.settings.vault.startswith("postgres"):
        return None
    from paceport.oauth.token_store.postgres import PostgresTokenStore
    from paceport.storage.postgres.athlete_rows import AthleteRows

    assert isinstance(profile.token_store, PostgresTokenStore)
    return AthleteRows(profile.token_store.database, athlete_id).counts()
