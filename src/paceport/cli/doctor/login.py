"""Whether an app and a login are there, and whole, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator

from paceport.cli.doctor.finding import Finding
from paceport.errors import PaceportError
from paceport.http_message import is_loopback
from paceport.oauth.token_store.base import Grant
from paceport.profile.profile import Profile

_STATUS = {
    "needs_consent": "Strava no longer accepts its refresh token",
    "revoked": "it was revoked",
    "app_inactive": "its app is inactive: the owner has no Strava subscription",
}


def about_login(profile: Profile) -> Iterator[Finding]:
    """Server, app, login and half-finished refreshes of a profile."""
    yield about_server(profile)
    try:
        grants = profile.token_store.grants()
        grant = profile.find_grant()
        app = profile.find_app()
    except PaceportError as error:
        yield Finding(
            check="login", state="bad", text=f"{error.what}: {error.why}", public=type(error).__name__, fix=error.fix
        )
        return
    if app is None:
        yield Finding(
            check="app",
            state="bad",
            text="no client id and secret are known",
            public="none",
            fix=profile.command("init"),
            repair="init",
        )
    else:
        yield Finding(check="app", state="ok", text=f"client id {app.client_id}", public="known")
    yield about_grant(profile, grant)
    yield from _about_profile(profile, grant, grants)
    yield about_journals(profile, grants)


def about_server(profile: Profile) -> Finding:
    """Which service is meant."""
    settings = profile.settings
    where = f"{settings.oauth_url}, API {settings.api_url}"
    if not settings.origin_from_environment:
        return Finding(check="server", state="ok", text=where, public="Strava" if _is_strava(profile) else "set")
    kind = "loopback" if is_loopback(settings.oauth_url) else "another host"
    return Finding(check="server", state="note", text=f"{where}, as the environment says", public=f"{kind}, by env")


def about_grant(profile: Profile, grant: Grant | None) -> Finding:
    """Whether there is a login, and whether it is known to be of use."""
    if grant is None:
        if profile.settings.access_token is not None:
            text = "none; STRAVA_ACCESS_TOKEN is used, which cannot be refreshed"
            return Finding(
                check="login",
                state="note",
                text=text,
                public="token from the environment",
                fix=profile.command("login"),
            )
        return Finding(
            check="login",
            state="bad",
            text=f"profile {profile.name!r} has no login for this server",
            public="none",
            fix=profile.command("login"),
            repair="login",
        )
    if grant.status != "ok":
        needs_person = grant.status in ("needs_consent", "revoked")
        return Finding(
            check="login",
            state="bad",
            text=f"{_STATUS[grant.status]} ({grant.status_reason})" if grant.status_reason else _STATUS[grant.status],
            public=grant.status,
            fix=profile.command("login") if needs_person else "subscribe, then reactivate the app on its page",
            repair="login" if needs_person else "",
        )
    known = f"{grant.scopes} ({grant.scopes_known_by})" if grant.scopes is not None else "unknown"
    return Finding(check="login", state="ok", text=f"{grant.athlete_name or 'athlete'}, scopes {known}", public=known)


def about_journals(profile: Profile, grants: list[Grant]) -> Finding:
    """Whether a refresh was begun and never finished."""
    left = [grant for grant in grants if profile.token_store.journal(grant.key) is not None]
    if not left:
        return Finding(check="journals", state="ok", text="no refresh was left unfinished", public="none")
    own = [grant for grant in left if grant.profile == profile.name and grant.key.oauth_origin == profile.origin]
    names = ", ".join(sorted({repr(grant.profile) for grant in left}))
    return Finding(
        check="journals",
        state="note",
        text=f"a refresh of {names} was started but not finished; the next one resolves it",
        public=f"{len(left)}",
        fix="paceport fix" if own else "paceport --profile NAME fix",
        repair="journal" if own else "",
    )


def _about_profile(profile: Profile, grant: Grant | None, grants: list[Grant]) -> Iterator[Finding]:
    here = [other for other in grants if other.profile == profile.name and other.key.oauth_origin == profile.origin]
    if len(here) > 1:
        ids = ", ".join(str(other.athlete_id) for other in here)
        yield Finding(
            check="profile",
            state="bad",
            text=f"it holds {len(here)} logins (athletes {ids}); one of them is used",
            public=f"{len(here)} logins",
            fix=profile.command("login --force"),
        )
    if grant is not None and (grant.athlete_id is None or grant.scopes is None):
        yield Finding(
            check="adopted",
            state="note",
            text="whose login it is, or what it may do, is not known yet",
            public="not identified",
            fix="paceport fix",
            repair="identify",
        )
    if grant is not None and grant.copied_from:
        yield Finding(
            check="copy",
            state="note",
            text=f"this store was copied from {grant.copied_from}; where both are used, one will lose the login",
            public="copied store",
            fix=f"use one of the two, or log in again here: {profile.command('login --force')}",
        )


def _is_strava(profile: Profile) -> bool:
    return profile.origin == "https://www.strava.com"
