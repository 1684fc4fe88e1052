"""`token`, `header`, `env`: print a valid access token."""

from __future__ import annotations

import shlex
from datetime import timedelta

import click

from paceport.cli.completion import scope_words
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import UsageError
from paceport.oauth.token_store.base import Grant
from paceport.profile.profile import LONGEST_MIN_TTL_S
from paceport.scopes import parse_asked
from paceport.secret import AccessToken

_min_ttl = click.option(
    "--min-ttl", "min_ttl_s", type=float, metavar="SECONDS", help="Refresh unless the token stays valid this long."
)
_need = click.option(
    "--need", metavar="SCOPE", shell_complete=scope_words, help="Fail (exit 4) unless the login grants this scope."
)


@click.command("token")
@_min_ttl
@_need
@click.option("--json", "as_json", is_flag=True, help="The token with its expiry and scopes, for other programs.")
@pass_invocation
def token_command(invocation: Invocation, *, min_ttl_s: float | None, need: str | None, as_json: bool) -> None:
    """Print a valid access token; refresh it first if needed.

    Only the token goes to stdout: TOKEN=$(paceport token)
    """
    token = live_token(invocation, min_ttl_s=min_ttl_s, need=need, default_s=120.0)
    if not as_json:
        invocation.output.verbatim(str(token))
        return
    grant = invocation.profile().find_grant()
    invocation.output.json(token_as_json(token, grant, api_url=invocation.profile().settings.api_url))


@click.command("header")
@_min_ttl
@_need
@pass_invocation
def header_command(invocation: Invocation, *, min_ttl_s: float | None, need: str | None) -> None:
    """Print `Authorization: Bearer …`, to be piped: paceport header | curl -H @- URL

    Through a pipe the token appears in no process list and no shell history. It is valid for at least an hour.
    """
    token = live_token(invocation, min_ttl_s=min_ttl_s, need=need, default_s=LONGEST_MIN_TTL_S)
    invocation.output.verbatim(f"Authorization: Bearer {token}")


@click.command("env")
@_min_ttl
@_need
@pass_invocation
def env_command(invocation: Invocation, *, min_ttl_s: float | None, need: str | None) -> None:
    """Print shell lines that export the token: eval "$(paceport env)"

    Every program started from that shell can read it. It is valid for at least an hour.
    """
    profile = invocation.profile()
    token = live_token(invocation, min_ttl_s=min_ttl_s, need=need, default_s=LONGEST_MIN_TTL_S)
    grant = profile.find_grant()
    lines = {"STRAVA_ACCESS_TOKEN": str(token)}
    if grant is not None:
        expires_at = grant.expires_at - timedelta(seconds=grant.clock_offset_s)
        lines["STRAVA_ACCESS_TOKEN_EXPIRES_AT"] = str(int(expires_at.timestamp()))
    for name, value in lines.items():
        invocation.output.verbatim(f"export {name}={shlex.quote(value)}")


def live_token(invocation: Invocation, *, min_ttl_s: float | None, need: str | None, default_s: float) -> AccessToken:
    """A token that lives as long as asked, with the scope asked for. Raises UsageError for what cannot be promised."""
    if min_ttl_s is not None and not 0 <= min_ttl_s <= LONGEST_MIN_TTL_S:
        raise UsageError(
            what=f"--min-ttl {min_ttl_s:g} cannot be promised",
            why="Strava returns the same token while more than 3600 s of its six hours are left",
            fix=f"ask for {LONGEST_MIN_TTL_S:.0f} or less, and ask again when you need it longer",
        )
    if need is not None:
        asked, notes = parse_asked(need)
        for note in notes:
            invocation.output.say(note)
        words = list(asked)
    else:
        words = []
    profile = invocation.profile()
    token = profile.token(min_ttl_s=default_s if min_ttl_s is None else min_ttl_s, need=words[0] if words else None)
    for word in words[1:]:
        token = profile.token(min_ttl_s=0.0, need=word)
    return token


def token_as_json(token: AccessToken, grant: Grant | None, *, api_url: str) -> dict[str, object]:
    """What `token --json` prints. Expiry and scopes are null for a token from the environment."""
    return {
        "access_token": str(token),
        "token_type": "Bearer",
        "expires_at": grant.expires_at if grant else None,
        "scopes": list(grant.scopes) if grant and grant.scopes is not None else None,
        "athlete_id": grant.athlete_id if grant else None,
        "client_id": grant.client_id if grant else None,
        "api_url": api_url,
    }
