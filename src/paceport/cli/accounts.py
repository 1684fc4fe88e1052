"""`accounts`: the athletes whose logins are stored here: list, show, move, open, remove."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from paceport.amount_text import rough_duration
from paceport.cli.account_lookup import grant_of, stored_rows
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.table import KEY, Column
from paceport.errors import UsageError
from paceport.oauth.token_store.base import Grant
from paceport.profile.login_state import athlete_text
from paceport.profile.profile import Profile

_ACTIONS = ("list", "show", "move", "open", "remove", "rotate-keys", "export")


@click.command("accounts")
@click.argument("action", type=click.Choice(_ACTIONS), default="list")
@click.argument("athlete", type=click.IntRange(min=1), required=False)
@click.option(
    "--to", "target", metavar="PLACE", help="Where `move` puts a login (postgres:, file, keyring:); folder of `export`."
)
@click.option("--all", "all_of_them", is_flag=True, help="`move` every login.")
@click.option("--force", is_flag=True, help="`remove` even if the revocation cannot be verified.")
@click.option("--yes", is_flag=True, help="`remove` without asking.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_invocation
def accounts_command(
    invocation: Invocation,
    *,
    action: str,
    athlete: int | None,
    target: str | None,
    all_of_them: bool,
    force: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """List the athletes whose logins are stored, and move or remove one.

    `show ID` says what is stored of an athlete. `move ID --to postgres:` puts a login where many workers share it,
    and `--to file` brings it back; only one place can ever refresh it. `open ID` rebuilds the athlete's logbook on this
    machine from PostgreSQL. `remove ID` revokes the login at Strava and erases everything stored of the athlete.
    `rotate-keys` encrypts all with the newest key. `export --to FOLDER` brings Parquet of all runs up to date.
    """
    profile = invocation.profile()
    if action == "list":
        _list(invocation, profile, as_json=as_json)
        return 0
    from paceport.cli import account_changes as changes  # lists need none of it

    if action == "rotate-keys":
        changes.rotate_keys(invocation, profile)
    elif action == "export":
        changes.export(invocation, profile, target, as_json=as_json)
    elif action == "move":
        grants = profile.token_store.grants() if all_of_them else None
        changes.move(invocation, profile, target, grants, athlete)
    elif athlete is None:
        raise _needs_athlete(action)
    elif action == "open":
        changes.open_logbook(invocation, profile, athlete)
    elif action == "remove":
        return changes.remove(invocation, profile, athlete, force=force, yes=yes, as_json=as_json)
    else:
        _show(invocation, profile, athlete, as_json=as_json)
    return 0


def _needs_athlete(action: str) -> UsageError:
    return UsageError(
        what=f"`accounts {action}` needs an athlete", why="no number was given", fix="paceport accounts list"
    )


def _list(invocation: Invocation, profile: Profile, *, as_json: bool) -> None:
    grants, now = profile.token_store.grants(), invocation.clock.now()
    for record in profile.token_store.damaged():
        invocation.output.warn(f"left out: {record.error.what}: {record.error.why}. {record.error.fix}")
    if as_json:
        invocation.output.json([_as_json(grant) for grant in grants])
        return
    if not grants:
        invocation.output.say(f"No athlete has a login here. Next: {profile.command('login')}")
        return
    columns = [
        Column(heading="Athlete", kind="id", importance=KEY),
        Column(heading="Name", kind="name", importance=KEY),
        Column(heading="State", kind="word", importance=8),
        Column(heading="Token left", kind="word", importance=7),
        Column(heading="Profile", kind="word", importance=6),
        Column(heading="App", kind="word", importance=5),
        Column(heading="Server", kind="word", importance=4),
    ]
    rows = [
        [
            str(grant.athlete_id),
            grant.athlete_name,
            grant.status.replace("_", " "),
            rough_duration(max(grant.left_s(now), 0.0)),
            grant.profile,
            grant.client_id,
            grant.key.oauth_origin,
        ]
        for grant in grants
    ]
    invocation.output.table(columns, rows)
    states = Counter(grant.status for grant in grants)
    if states["ok"] < len(grants):
        invocation.output.say(f"{len(grants) - states['ok']} of {len(grants)} need attention.")


def _show(invocation: Invocation, profile: Profile, athlete_id: int, *, as_json: bool) -> None:
    grant, now = grant_of(profile, athlete_id), invocation.clock.now()
    stored = stored_rows(profile, athlete_id)
    if as_json:
        invocation.output.json(_as_json(grant) | {"stored": stored})
        return
    facts = [
        ("Athlete", athlete_text(grant)),
        ("State", grant.status.replace("_", " ") + (f": {grant.status_reason}" if grant.status_reason else "")),
        ("Profile", grant.profile),
        ("App", f"{grant.client_id} at {grant.key.oauth_origin}"),
        ("Scopes", ", ".join(grant.scopes) if grant.scopes is not None else "not known"),
        ("Token", f"{grant.left_s(now) / 60:.0f} min left, refreshed {grant.received_at:%Y-%m-%d %H:%M} UTC"),
        ("Stored in", "PostgreSQL" if stored is not None else profile.settings.vault),
    ]
    facts += [(f"  {name}", f"{count:,}") for name, count in (stored or {}).items()]
    invocation.output.facts(facts)


def _as_json(grant: Grant) -> dict[str, Any]:
    return {
        "athlete": {"id": grant.athlete_id, "name": grant.athlete_name},
        "profile": grant.profile,
        "oauth_url": grant.oauth_url,
        "client_id": grant.client_id,
        "scopes": list(grant.scopes) if grant.scopes is not None else None,
        "status": grant.status,
        "status_reason": grant.status_reason,
        "expires_at": grant.expires_at,
        "last_refresh": grant.received_at,
        "generation": grant.generation,
    }
