"""One activity and its parts."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.http.answers import json_answer, streams_answer
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json import activity as activity_json
from paceport.sandbox.json import streams as stream_json
from paceport.sandbox.json.activity_detail import activity_detail
from paceport.sandbox.state.refusals import not_found, payment_required, unauthorized

USUAL_THRESHOLD_MPS = 3.6


def activity(call: Call) -> Response:
    """The activity in detail."""
    one = call.world.visibility.visible_activity(call.args["activity_id"], call.grant)
    return json_answer(activity_detail(call.world, call.grant, one, call.site))


def delete(call: Call) -> Response:
    """Refused whatever the scopes: the route is for the service's own apps, as recorded in 2022."""
    del call
    raise unauthorized("Application", "internal")


def laps(call: Call) -> Response:
    """The activity's laps."""
    one = call.world.visibility.visible_activity(call.args["activity_id"], call.grant)
    return json_answer(activity_json.laps(one, call.world.visibility.limits(one, call.grant)))


def zones(call: Call) -> Response:
    """Time in the athlete's zones; for subscribers."""
    one = call.world.visibility.visible_activity(call.args["activity_id"], call.grant)
    status = call.world.switches.number("zones_without_subscription")
    if status != 200 and not call.athlete.premium:
        raise payment_required(status)
    return json_answer(activity_json.zones(one, _threshold_mps(call, one)))


def streams(call: Call) -> Response:
    """The activity's streams, as an object by key or as a list. 404 where nothing was recorded."""
    return _streams(call, call.request.args.get("keys", ""))


def streams_by_path(call: Call) -> Response:
    """The same with the keys in the path, as the API had it before 2018; many clients still ask this way."""
    return _streams(call, str(call.args["types"]))


def _streams(call: Call, keys: str) -> Response:
    one = call.world.visibility.visible_activity(call.args["activity_id"], call.grant)
    if one.recording is None:
        raise not_found()
    wanted = {key.strip() for key in keys.split(",")} | {"distance"}
    shown = stream_json.streams(one, wanted, call.world.visibility.limits(one, call.grant))
    if call.world.fresh_data.streams_are_empty(one, call.now):
        shown = {}
    return streams_answer(shown, by_key=call.flag("key_by_type"))


def _threshold_mps(call: Call, activity: Activity) -> float:
    """The speed the athlete could hold for an hour, as known from the newest run that shows it."""
    rows = (activity, *call.world.activities(activity.athlete_id))
    return next((row.truth.threshold_speed_mps for row in rows if row.truth is not None), USUAL_THRESHOLD_MPS)


_ONE = "/activities/<int:activity_id>"
ROUTES = (
    HttpRoute(method="GET", path=_ONE, handler=activity, needs="activity:read"),
    HttpRoute(method="DELETE", path=_ONE, handler=delete),
    HttpRoute(method="GET", path=f"{_ONE}/laps", handler=laps, needs="activity:read"),
    HttpRoute(method="GET", path=f"{_ONE}/zones", handler=zones, needs="activity:read"),
    HttpRoute(method="GET", path=f"{_ONE}/streams", handler=streams, needs="activity:read"),
    HttpRoute(method="GET", path=f"{_ONE}/streams/<types>", handler=streams_by_path, needs="activity:read"),
)
