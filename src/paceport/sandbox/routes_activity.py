"""One activity and its parts."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox import wire_activity, wire_athlete, wire_streams
from paceport.sandbox.people import Activity
from paceport.sandbox.refusals import not_found, unauthorized
from paceport.sandbox.routes import Call, Route, answer
from paceport.sandbox.routes_athlete import gear_distance_m, own
from paceport.sandbox.views import view_of, visible
from paceport.sandbox.wire import Json


def activity(call: Call) -> Response:
    """The activity in detail."""
    one = visible(call, call.args["activity_id"])
    return answer(wire_activity.detailed_activity(one, view_of(call, one), gear_of(call, one)))


def delete(call: Call) -> Response:
    """Refused whatever the scopes: the route is for the service's own apps, as recorded in 2022."""
    del call
    raise unauthorized("Application", "internal")


def laps(call: Call) -> Response:
    """The activity's laps."""
    one = visible(call, call.args["activity_id"])
    return answer(wire_activity.laps(one, view_of(call, one)))


def zones(call: Call) -> Response:
    """Time in the athlete's zones."""
    one = visible(call, call.args["activity_id"])
    return answer(wire_activity.zones(one))


def streams(call: Call) -> Response:
    """The activity's streams, as an object by key or as a list. 404 where nothing was recorded."""
    one = visible(call, call.args["activity_id"])
    if one.recording is None:
        raise not_found()
    keys = {key.strip() for key in call.request.args.get("keys", "").split(",")} | {"distance"}
    found = wire_streams.streams(one, keys, view_of(call, one))
    if call.flag("key_by_type"):
        return answer(found)
    return answer([{"type": key, **stream} for key, stream in found.items()])


def gear_of(call: Call, activity: Activity) -> Json | None:
    """The gear of an activity as its detail shows it."""
    person = own(call)
    for one in (*person.shoes, *person.bikes):
        if one.id == activity.gear_id:
            in_miles = person.measurement_preference == "feet"
            return wire_athlete.summary_gear(one, gear_distance_m(call, one), in_miles=in_miles)
    return None


_ONE = "/activities/<int:activity_id>"
ROUTES = (
    Route(method="GET", path=_ONE, handler=activity, needs="activity:read"),
    Route(method="DELETE", path=_ONE, handler=delete),
    Route(method="GET", path=f"{_ONE}/laps", handler=laps, needs="activity:read"),
    Route(method="GET", path=f"{_ONE}/zones", handler=zones, needs="activity:read"),
    Route(method="GET", path=f"{_ONE}/streams", handler=streams, needs="activity:read"),
)
