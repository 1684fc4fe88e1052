"""`create`: enter an activity by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from paceport.api.endpoints import endpoint_named
from paceport.cli.api.activity import show_activity
from paceport.cli.api.call import describe
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import UsageError
from paceport.parse_quantities import parse_distance_m, parse_duration_s


@click.command("create")
@click.option("--name", required=True, help="The activity's name.")
@click.option("--sport", "sport_type", metavar="TYPE", required=True, help="The sport type, such as Run.")
@click.option("--start", metavar="TIME", required=True, help="When it began, in local time: 2026-11-20T07:30.")
@click.option("--elapsed", metavar="TIME", required=True, help="How long it took: 45:00 or 1:02:03.")
@click.option("--distance", metavar="LENGTH", help="How far it went: 10km, 6.2mi or 800m.")
@click.option("--description", help="Its description.")
@click.option("--commute", is_flag=True, help="Mark it as a commute.")
@click.option("--trainer", is_flag=True, help="Mark it as done indoors.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, but send nothing.")
@click.option("--json", "form", flag_value="json", help="The new activity as one JSON object.")
@click.option("--no-wait", is_flag=True, help="Exit 6 instead of waiting for the rate limit.")
@pass_invocation
def create_command(
    invocation: Invocation,
    /,
    *,
    start: str,
    elapsed: str,
    distance: str | None,
    dry_run: bool,
    form: str | None,
    no_wait: bool,
    **described: Any,  # name, sport_type, description, commute, trainer: as create_activity takes them
) -> None:
    """Create an activity by hand. It is sent once: Strava cannot tell a repeated request from a second activity."""
    facts = {
        "start_local": _wall_clock(start),
        "elapsed_time_s": parse_duration_s(elapsed),
        "distance_m": parse_distance_m(distance) if distance is not None else None,
        **described,
    }
    if dry_run:
        describe(invocation, "POST", endpoint_named("create_activity").path, _sent(facts))
        return
    with invocation.profile().client(no_wait=no_wait, say=invocation.output.say) as client:
        activity = client.create_activity(**facts)
    invocation.output.success(f"created: {activity.id}")
    show_activity(invocation, activity, form=form)


def _sent(facts: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the form, as they will go."""
    values = {
        "name": facts["name"],
        "sport_type": facts["sport_type"],
        "start_date_local": facts["start_local"].isoformat(timespec="seconds"),
        "elapsed_time": str(facts["elapsed_time_s"]),
        "distance": str(facts["distance_m"]) if facts["distance_m"] is not None else None,
        "description": facts["description"],
        "commute": "1" if facts["commute"] else None,
        "trainer": "1" if facts["trainer"] else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _wall_clock(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            what=f"--start {text[:40]!r} is not a time",
            why="a date and a time are needed",
            fix="--start 2026-11-20T07:30",
        ) from error
    if moment.tzinfo is not None:
        raise UsageError(
            what="--start has a time zone",
            why="Strava takes the local time of the activity and ignores any zone",
            fix=f"--start {moment.replace(tzinfo=None).isoformat(timespec='minutes')} if that was the local time",
        )
    if "T" not in text and " " not in text.strip():
        raise UsageError(
            what=f"--start {text[:40]!r} has no time of day",
            why="without one, it would begin at midnight",
            fix=f"--start {text[:10]}T07:30",
        )
    return moment
