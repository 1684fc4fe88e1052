"""Who sees how much of an activity: scopes against visibility and the private zone."""

from __future__ import annotations

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.http.routing import Call
from paceport.sandbox.json.streams import ViewLimits
from paceport.sandbox.state.refusals import not_found


def visible(call: Call, activity_id: int) -> Activity:
    """The activity, if this token may see it: its own athlete's, and Only You ones with activity:read_all alone."""
    activity = call.world.activity_store.find(activity_id)
    if activity is None or activity.athlete_id != call.grant.athlete_id:
        raise not_found()
    if activity.visibility == "only_me" and not call.grant.allows("activity:read_all"):
        raise not_found()
    return activity


def view_of(call: Call, activity: Activity) -> ViewLimits:
    """How much of it: the private zone is cut off for a token without activity:read_all."""
    person = call.world.person(activity.athlete_id)
    zone = None
    if person is not None and person.privacy_radius_m and not call.grant.allows("activity:read_all"):
        zone = (*person.home, float(person.privacy_radius_m))
    return ViewLimits(
        zone=zone,
        start_is_hidden=activity.id in call.world.activity_store.hidden_starts,
        cuts=call.world.activity_store.cuts,
    )
