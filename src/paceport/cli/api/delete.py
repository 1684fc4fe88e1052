"""`delete ID`: help to delete an activity. It reports a deletion only after it was verified.

Deleting left the public API in January 2017: https://developers.strava.com/docs/changelog/, read 2026-11-22. So this
opens the activity's web page, where its athlete can delete it, and looks afterwards whether it is gone.
"""

from __future__ import annotations

import click

from paceport.api.client.client import Client
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import DetailedActivity
from paceport.cli.api.activity import ActivityId, activity_url
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import ApiError, NotFound


@click.command("delete")
@click.argument("activity_id", metavar="ID", type=ActivityId())
@click.option("--try-api", is_flag=True, help="Try the call that Strava removed in 2017 anyway.")
@click.option("--no-browser", is_flag=True, help="Print the page's address, but do not open it.")
@click.option("--json", "form", flag_value="json", help="One JSON object: id, url, is_deleted.")
@click.option("--no-wait", is_flag=True, help="Exit 6 instead of waiting for the rate limit.")
@pass_invocation
def delete_command(
    invocation: Invocation, *, activity_id: int, try_api: bool, no_browser: bool, form: str | None, no_wait: bool
) -> int:
    """Help you delete an activity: open its web page, because Strava's API no longer deletes anything.

    The exit code is 0 only if the activity existed before and Strava answers 404 afterwards.
    """
    output = invocation.output
    profile = invocation.profile()
    url = activity_url(activity_id, profile.settings)
    with profile.client(no_wait=no_wait, say=output.say) as client:
        # What cannot be seen now cannot be seen to go: this read makes the one afterwards mean something.
        activity = client.activity(activity_id)
        output.say(_described(activity))
        if try_api:
            _try_api_delete(client, activity_id, url)
        else:
            _send_to_page(invocation, url, no_browser=no_browser, is_asked=form is None)
        is_deleted = _is_gone(client, activity_id)
    if form == "json":
        output.json({"id": activity_id, "url": url, "is_deleted": is_deleted})
    if is_deleted:
        output.success(f"{activity_id} is deleted: it existed before, and Strava now answers 404.")
    else:
        output.say(f"{activity_id} is still there. Nothing was deleted.")
    return 0 if is_deleted else 1


def _try_api_delete(client: Client, activity_id: int, url: str) -> None:
    endpoint = endpoint_named("delete_activity")
    try:
        client.request(endpoint.method, endpoint.fill(id=activity_id), even_if_removed=True)
    except NotFound:
        return  # the re-read decides
    except ApiError as error:
        raise ApiError(
            what="Strava did not delete the activity", why=error.what, fix=f"delete it on {url}", fault=error.fault
        ) from error


def _send_to_page(invocation: Invocation, url: str, *, no_browser: bool, is_asked: bool) -> None:
    output = invocation.output
    output.say(
        "Strava's API has not deleted activities since January 2017. The web page can, in the menu behind the dots:"
    )
    if is_asked:
        output.verbatim(url)
    if not no_browser and invocation.login_environment().opens_browser:
        invocation.open_browser(url)
    if invocation.stdin_is_terminal and is_asked:
        output.say("Delete it there, then press Enter here to check.")
        output.stdout.flush()
        invocation.stdin.readline()


def _is_gone(client: Client, activity_id: int) -> bool:
    try:
        client.activity(activity_id)
    except NotFound:
        return True
    return False


def _described(activity: DetailedActivity) -> str:
    return f"{activity.name} ({activity.sport}, {activity.start_local or activity.start:%Y-%m-%d %H:%M})"
