"""The state of the login: in short without a command, in full with `status`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from paceport.cli.analysis.sport_choice import group_word
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.newest_run import age_text, held_sports, logbook_freshness, newest_name, why_nothing_newer
from paceport.errors import AppMismatch, OriginMismatch
from paceport.oauth.token_store.base import Grant
from paceport.profile.login_state import KNOWN_BY, athlete_text, requests_left_text, token_lifetime_text
from paceport.profile.profile import Profile
from paceport.sports import RUN_SPORTS
from paceport.training.history.sport_figures import counted_sports


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.option("--paths", "show_paths", is_flag=True, help="Show where everything is stored on this machine.")
@pass_invocation
def status_command(invocation: Invocation, *, as_json: bool, show_paths: bool) -> None:
    """Show who is logged in, what the login may do and until when. Makes no network call."""
    profile = invocation.profile()
    grant = profile.find_grant()
    if as_json:
        invocation.output.json(
            status_as_json(profile, grant, now=invocation.clock.now()) | _paths_entry(profile, show_paths)
        )
    elif show_paths:
        invocation.output.facts((name, str(path)) for name, path in paths(profile).items())
    else:
        invocation.output.facts(_lines(profile, grant, now=invocation.clock.now()))
        invocation.output.say(f"Next: {next_step(profile, grant, held_sports(profile))}")


def show_overview(invocation: Invocation) -> None:
    """What `paceport` alone says: where you stand, what the logbook holds, and the one next command."""
    profile = invocation.profile()
    output, now = invocation.output, invocation.clock.now()
    try:
        grant = profile.find_grant()
    except (OriginMismatch, AppMismatch) as error:
        output.error(error)
        return
    if grant is None and profile.settings.access_token is not None:
        output.result("Paceport: no stored login; using the token from STRAVA_ACCESS_TOKEN in the environment.")
    elif grant is None:
        output.result("Paceport: you are not logged in yet.")
    else:
        output.result(f"Paceport: {athlete_text(grant)}, {token_lifetime_text(grant, now)}.")
    sports = held_sports(profile)
    found = logbook_freshness(profile, now) if sports else None
    if found is not None:
        output.result(f"In the logbook: {counted_sports(sports)}; {newest_name(found)} {age_text(found, now)}.")
    output.result(f"Next: {next_step(profile, grant, sports)}")
    if found is not None and grant is None:
        output.say(f"Your own data needs no login. For a sync: {profile.command('login')}")
    output.say("All commands: paceport --help")


def next_step(profile: Profile, grant: Grant | None, sports: Mapping[str, int] | None = None) -> str:
    """The one command to go on with; `sports` is how many activities of each sport the logbook holds."""
    if grant is None and sports:
        return _look_at(profile, sports)
    if grant is None:
        first = profile.command("login")
        return f"{first}   (or, with no account: paceport demo)"
    if grant.status == "app_inactive":
        return "subscribe and reactivate the app at https://www.strava.com/settings/api"
    if grant.status in ("needs_consent", "revoked"):
        return profile.command("login")
    if grant.scopes is not None and not grant.scopes.covers("activity:read"):
        return profile.command("grant +activity:read_all")
    return _look_at(profile, sports) if sports else profile.command("activities")


def _look_at(profile: Profile, sports: Mapping[str, int]) -> str:
    """The command that lists what the logbook holds: runs, where there are any."""
    has_runs = any(sport in RUN_SPORTS for sport in sports)
    return profile.command("runs" if has_runs else f"runs --sport {group_word(sports)}")


def status_as_json(profile: Profile, grant: Grant | None, *, now: datetime) -> dict[str, Any]:
    """What `status --json` prints. No secret is in it."""
    app = profile.find_app()
    found = logbook_freshness(profile, now)
    base: dict[str, Any] = {
        "profile": profile.name,
        "oauth_url": profile.settings.oauth_url,
        "api_url": profile.settings.api_url,
        "client_id": app.client_id if app else None,
        "logged_in": grant is not None,
        "athlete": None,
        "token_from_environment": profile.settings.access_token is not None and grant is None,
        "logbook": asdict(found) if found else None,
        "next": next_step(profile, grant, held_sports(profile)),
    }
    if grant is None:
        return base
    left_s = grant.left_s(now)
    rates = profile.rates()
    return base | {
        "athlete": {"id": grant.athlete_id, "name": grant.athlete_name},
        "scopes": list(grant.scopes) if grant.scopes is not None else None,
        "scopes_known_by": grant.scopes_known_by,
        "status": grant.status,
        "status_reason": grant.status_reason,
        "expires_at": grant.expires_at,
        "expires_in_s": round(left_s),
        "last_refresh": grant.received_at,
        "generation": grant.generation,
        "limits": {"overall": asdict(rates.overall), "read": asdict(rates.read), "as_of": rates.at} if rates else None,
    }


def paths(profile: Profile) -> dict[str, Any]:
    """Where everything rests, by name; what does not exist yet is named all the same."""
    where = profile.settings.directories
    return {
        "settings": where.config / "config.toml",
        "logins": where.state / "grants",
        "apps": where.state / "apps",
        "choices": where.state / "choices.json",
        "own logbook": profile.data / "own.db",
        "originals": profile.data / "originals",
        "cached logbook": profile.cache / "cache.db",
    }


def _paths_entry(profile: Profile, show: bool) -> dict[str, Any]:
    return {"paths": {name: str(path) for name, path in paths(profile).items()}} if show else {}


def _lines(profile: Profile, grant: Grant | None, *, now: datetime) -> Iterator[tuple[str, str]]:
    yield from _login_lines(profile, grant, now=now)
    found = logbook_freshness(profile, now)
    if found is not None:
        yield newest_name(found).capitalize(), age_text(found, now)
        yield "Nothing newer", why_nothing_newer(profile, found)


def _login_lines(profile: Profile, grant: Grant | None, *, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Profile", profile.name
    app = profile.find_app()
    yield "App", f"client id {app.client_id}" if app else "none yet"
    yield "Server", profile.settings.oauth_url
    if grant is None:
        yield "Login", "none"
        if profile.settings.access_token is not None:
            yield "Token", "from STRAVA_ACCESS_TOKEN in the environment; it cannot be refreshed"
        return
    if profile.settings.access_token is not None:
        yield "Environment", "STRAVA_ACCESS_TOKEN is set, and not used: the stored login wins"
    yield "Athlete", athlete_text(grant)
    yield "Scopes", f"{', '.join(grant.scopes or ()) or 'none'} ({KNOWN_BY[grant.scopes_known_by]})"
    yield "Token", token_lifetime_text(grant, now)
    yield "Refreshed", f"{grant.received_at:%Y-%m-%d %H:%M} UTC"
    rates = profile.rates()
    if rates is not None:
        yield "Requests", requests_left_text(rates)
    if grant.status != "ok":
        yield "State", f"{grant.status.replace('_', ' ')}: {grant.status_reason}"
