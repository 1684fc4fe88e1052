"""One activity with all its parts as JSON: what stands in its recording, its gear, its segment efforts, its photos."""

from __future__ import annotations

from paceport.sandbox.athletes import social
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.json import activity as activity_json
from paceport.sandbox.json import athlete as athlete_json
from paceport.sandbox.json import social as social_json
from paceport.sandbox.json.scalars import Json
from paceport.sandbox.json.segment_efforts import segment_effort
from paceport.sandbox.state.grants import Grant
from paceport.sandbox.state.refusals import not_found
from paceport.sandbox.state.world import World


def activity_detail(world: World, grant: Grant, activity: Activity, site: str) -> Json:
    """The activity as this grant may see it; `site` is where photos lie.

    Raises the refusal of a grant whose athlete does not exist.
    """
    efforts, achieved = world.segment_efforts.in_activity(activity), world.achievements.of(activity)
    return activity_json.detailed_activity(
        activity,
        world.visibility.limits(activity, grant),
        achieved,
        gear=_gear(world, grant, activity),
        segment_efforts=[segment_effort(world.segment_efforts, one, activity, achieved) for one in efforts],
        photos=social_json.photos_summary(social.photos(activity), site),
    )


def _gear(world: World, grant: Grant, activity: Activity) -> Json | None:
    person = world.person(grant.athlete_id)
    if person is None:
        raise not_found()
    for one in (*person.shoes, *person.bikes):
        if one.id == activity.gear_id:
            in_miles = person.measurement_preference == "feet"
            return athlete_json.summary_gear(one, world.activity_store.gear_distance_m(one), in_miles=in_miles)
    return None
