"""Saved routes: list, detail, files, streams."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox.athletes.saved_routes import SavedRoute
from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json import saved_routes as route_json
from paceport.sandbox.json import segments as segment_json
from paceport.sandbox.state.refusals import not_found


def routes(call: Call) -> Response:
    """One page of the athlete's own routes; the private ones only with read_all."""
    person = call.athlete
    if call.args["athlete_id"] != person.id:
        raise not_found()
    page = call.page_slice()
    rows = call.world.population.routes(person.id)[page]
    sees_all = call.grant.allows("read_all")
    return json_answer([route_json.route(row, person, call.site) for row in rows if sees_all or not row.private])


def route(call: Call) -> Response:
    """One route with the segments along it."""
    one = _found(call)
    points = set(one.points)
    stars = call.world.segment_efforts.starred(call.grant.athlete_id)
    passed = [
        segment_json.summary_segment(segment, starred=segment.id in stars)
        for segment in call.world.segment_efforts.segments()
        if len(points.intersection(segment.points)) > 1
    ]
    return json_answer(route_json.route(one, call.athlete, call.site, passed))


def export_gpx(call: Call) -> Response:
    """The route as a GPX file."""
    return _file(_found(call), "gpx")


def export_tcx(call: Call) -> Response:
    """The route as a TCX course."""
    return _file(_found(call), "tcx")


def streams(call: Call) -> Response:
    """Place, distance and altitude along the route; there is nothing to choose."""
    found = route_json.streams(_found(call))
    if call.world.switches["route_streams_shape"] == "set":
        return json_answer(found)
    return json_answer([{"type": key, **stream} for key, stream in found.items()])


def _file(one: SavedRoute, kind: str) -> Response:
    content = route_json.gpx(one) if kind == "gpx" else route_json.tcx(one)
    result = Response(content, status=200, content_type=f"application/{kind}+xml")
    result.headers["Content-Disposition"] = f'attachment; filename="{one.id}.{kind}"'
    return result


def _found(call: Call) -> SavedRoute:
    for one in call.world.population.routes(call.grant.athlete_id):
        if one.id == call.args["route_id"] and (not one.private or call.grant.allows("read_all")):
            return one
    raise not_found()


_ONE = "/routes/<int:route_id>"
ROUTES = (
    HttpRoute(method="GET", path="/athletes/<int:athlete_id>/routes", handler=routes, needs="read"),
    HttpRoute(method="GET", path=_ONE, handler=route, needs="read"),
    HttpRoute(method="GET", path=f"{_ONE}/export_gpx", handler=export_gpx, needs="read"),
    HttpRoute(method="GET", path=f"{_ONE}/export_tcx", handler=export_tcx, needs="read"),
    HttpRoute(method="GET", path=f"{_ONE}/streams", handler=streams, needs="read"),
)
