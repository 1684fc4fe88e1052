"""`profiles` and `use`: several apps and athletes on one machine."""

from __future__ import annotations

from dataclasses import replace

import click

from paceport.cli.completion import profile_names
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.table import KEY, Column
from paceport.errors import UsageError
from paceport.oauth.token_store.base import Grant
from paceport.profile.login_state import athlete_text
from paceport.profile.settings import profile_name


@click.command("profiles")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_invocation
def profiles_command(invocation: Invocation, *, as_json: bool) -> None:
    """List the profiles that hold a login, on every server."""
    profile = invocation.profile()
    grants = profile.token_store.grants()
    for record in profile.token_store.damaged():
        invocation.output.warn(f"left out: {record.error.what}: {record.error.why}. {record.error.fix}")
    if as_json:
        invocation.output.json([_as_json(grant, chosen=profile.name) for grant in grants])
        return
    columns = [
        Column(heading="", kind="word", importance=KEY),
        Column(heading="Profile", kind="word", importance=KEY),
        Column(heading="Athlete", kind="prose", importance=KEY),  # with its id, so it is wrapped and not shortened
        Column(heading="Scopes", kind="prose", importance=5),
        Column(heading="State", kind="word", importance=7),
        Column(heading="Server", kind="word", importance=6),
    ]
    rows = [
        [
            "*" if grant.profile == profile.name and grant.key.oauth_origin == profile.origin else "",
            grant.profile,
            athlete_text(grant),
            ", ".join(grant.scopes) if grant.scopes is not None else "not known",
            grant.status.replace("_", " "),
            grant.key.oauth_origin,
        ]
        for grant in grants
    ]
    if rows:
        invocation.output.table(columns, rows)
    else:
        invocation.output.say(f"No profile has a login. Next: {profile.command('login')}")


@click.command("use")
@click.argument("name", shell_complete=profile_names)
@pass_invocation
def use_command(invocation: Invocation, *, name: str) -> None:
    """Choose the profile that is used when none is named."""
    profile = invocation.profile()
    checked = profile_name(name)
    known = sorted({grant.profile for grant in profile.token_store.grants()})
    if checked not in known:
        raise UsageError(
            what=f"No profile is called {name!r}",
            why="the profiles are " + ", ".join(known) if known else "no profile has a login yet",
            fix=f"paceport --profile {name} login",
        )
    profile.update_choices(lambda choices: replace(choices, profile=checked))
    invocation.output.success(f"Profile {checked} is used from now on.")
    named = profile.settings.profile
    if named and named != checked:
        invocation.output.warn(f"the environment or the settings file still name {named}, which takes precedence")


def _as_json(grant: Grant, *, chosen: str) -> dict[str, object]:
    return {
        "profile": grant.profile,
        "chosen": grant.profile == chosen,
        "oauth_url": grant.oauth_url,
        "client_id": grant.client_id,
        "athlete": {"id": grant.athlete_id, "name": grant.athlete_name},
        "scopes": list(grant.scopes) if grant.scopes is not None else None,
        "status": grant.status,
        "expires_at": grant.expires_at,
    }
