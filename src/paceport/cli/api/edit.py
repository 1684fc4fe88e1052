"""`edit ID`: change what an activity is called and how it is marked."""

from __future__ import annotations

import click

from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import DetailedActivity
from paceport.cli.api.activity import ActivityId, show_activity
from paceport.cli.api.call import describe
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import json_line
from paceport.errors import UsageError

_READ_BACK = ("name", "description", "sport_type", "gear_id", "commute", "trainer", "hide_from_home")


@click.command("edit")
@click.argument("activity_id", metavar="ID", type=ActivityId())
@click.option("--name", help="A new name.")
@click.option("--description", help="A new description; empty text removes it.")
@click.option("--sport", "sport_type", metavar="TYPE", help="Another sport type, such as TrailRun.")
@click.option("--gear", "gear_id", metavar="ID|none", help="Shoes or a bike by id, such as g123; none removes it.")
@click.option("--private-note", help="A new note that only you see.")
@click.option("--commute/--no-commute", default=None, help="Mark it as a commute, or not.")
@click.option("--trainer/--no-trainer", default=None, help="Mark it as done indoors, or not.")
@click.option("--hide-from-home/--no-hide-from-home", default=None, help="Hide it from the home feed, or not.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, but send nothing.")
@click.option("--json", "form", flag_value="json", help="The changed activity as one JSON object.")
@click.option("--no-wait", is_flag=True, help="Exit 6 instead of waiting for the rate limit.")
@pass_invocation
def edit_command(
    invocation: Invocation,
    /,
    *,
    activity_id: int,
    dry_run: bool,
    form: str | None,
    no_wait: bool,
    **wanted: str | bool | None,
) -> int:
    """Change an activity. Only what you name is changed. ID is its number or the address of its web page.

    Visibility, times and distances cannot be changed through Strava's API. The exit code is 1 if Strava's answer shows
    that it did not apply the change.
    """
    changes = {name: value for name, value in wanted.items() if value is not None}
    if not changes:
        raise UsageError(
            what="No change was given",
            why="only what you name is changed",
            fix='such as: --name "Long run" --no-commute',
        )
    endpoint = endpoint_named("update_activity")
    if dry_run:
        # The body goes as JSON: in a form every boolean that is present would turn on.
        describe(invocation, endpoint.method, endpoint.fill(id=activity_id), {}, body=json_line(changes))
        return 0
    profile = invocation.profile()
    with profile.client(no_wait=no_wait, say=invocation.output.say) as client:
        activity = client.update_activity(activity_id, **changes)
    ignored = ignored_fields(activity, changes)
    show_activity(invocation, activity, form=form)
    for name in ignored:
        invocation.output.warn(f"Strava answered without an error, but {name} is not what you asked for")
    if not ignored:
        invocation.output.success(f"changed: {', '.join(changes)}")
    return 1 if ignored else 0


def ignored_fields(activity: DetailedActivity, changes: dict[str, str | bool]) -> list[str]:
    """The fields that the answer shows with another value than was asked for; what it does not show is not judged."""
    wrong = []
    for name in _READ_BACK:
        if name not in changes:
            continue
        wanted: object = None if name == "gear_id" and changes[name] == "none" else changes[name]
        got = getattr(activity, name)
        if got is None and wanted not in ("", False, None) and name != "gear_id":
            continue
        if (got or None) != (wanted or None):
            wrong.append(name)
    return wrong
