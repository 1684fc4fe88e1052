"""One activity and its parts."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox.athletes import social
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.http.athlete import gear_distance_m, own
from paceport.sandbox.http.routing import Call, HttpRoute, json_answer, streams_answer
from paceport.sandbox.http.segments import efforts_inside
from paceport.sandbox.http.visibility import view_of, visible
from paceport.sandbox.json import activity as activity_json
from paceport.sandbox.json import athlete as athlete_json
from paceport.sandbox.json import social as social_json
from paceport.sandbox.json import streams as stream_json
from paceport.sandbox.json.values import Json
from paceport.sandbox.state.refusals import not_found, payment_required, unauthorized

USUAL_THRESHOLD_MPS = 3.6


def activity(call: Call) -> Response:
    """The activity in detail."""
    return json_answer(detail(call, visible(call, call.args["activity_id"])))


def detail(call: Call, one: Activity) -> Json:
    """An activity with all its parts, as this token may see it."""
    return activity_json.detailed_activity(
        one,
        view_of(call, one),
        gear=_gear_of(call, one),
        segment_efforts=efforts_inside(call, one),
        photos=social_json.photos_summary(social.photos(one)),
    )


def delete(call: Call) -> Response:
    """Refused whatever the scopes: the route is for the service's own apps, as recorded in 2022."""
    del call
    raise unauthorized("Application", "internal")


def laps(call: Call) -> Response:
    """The activity's laps."""
    one = visible(call, call.args["activity_id"])
    return json_answer(activity_json.laps(one, view_of(call, one)))


def zones(call: Call) -> Response:
    """Time in the athlete's zones; for subscribers."""
    one = visible(call, call.args["activity_id"])
    status = call.world.switches.number("zones_without_subscription")
    if status != 200 and not own(call).premium:
        raise payment_required(status)
    return json_answer(activity_json.zones(one, _threshold_mps(call, one)))


def streams(call: Call) -> Response:
    """The activity's streams, as an object by key or as a list. 404 where nothing was recorded."""
    one = visible(call, call.args["activity_id"])
    if one.recording is None:
        raise not_found()
    keys = {key.strip() for key in call.request.args.get("keys", "").split(",")} | {"distance"}
    return streams_answer(call, stream_json.streams(one, keys, view_of(call, one)))


def _threshold_mps(call: Call, activity: Activity) -> float:
    """The speed the athlete could hold for an hour, as known from the newest run that tells."""
    rows = (activity, *call.world.activities(activity.athlete_id))
    return next((row.truth.threshold_speed_mps for row in rows if row.truth is not None), USUAL_THRESHOLD_MPS)


def _gear_of(call: Call, activity: Activity) -> Json | None:
    person = own(call)
    for one in (*person.shoes, *person.bikes):
        if one.id == activity.gear_id:
            in_miles = person.measurement_preference == "feet"
            return athlete_json.summary_gear(one, gear_distance_m(call, one), in_miles=in_miles)
    return None


_ONE = "/activities/<int:activity_id>"
ROUTES = (
    HttpRoute(method="GET", path=_ONE, handler=activity, needs="activity:read"),
    HttpRoute(method="DELETE", path=_ONE, handler=delete),
    HttpRoute(method="GET", path=f"{_ONE}/laps", handler=laps, needs="activity:read"),
    HttpRoute(method="GET", path=f"{_ONE}/zones", handler=zones, needs="activity:read"),
    HttpRoute(method="GET", path=f"{_ONE}/streams", handler=streams, needs="activity:read"),
)
