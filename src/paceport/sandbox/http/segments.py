"""Segments, stars, and an athlete's efforts."""

from __future__ import annotations

from datetime import datetime, timedelta

from werkzeug import Response

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.segments import Segment, SegmentEffort
from paceport.sandbox.http.answers import json_answer, streams_answer
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json import segments as segment_json
from paceport.sandbox.json import streams as stream_json
from paceport.sandbox.json.activity import summary_activity
from paceport.sandbox.json.athlete import summary_athlete
from paceport.sandbox.json.scalars import Json
from paceport.sandbox.json.segment_efforts import segment_effort
from paceport.sandbox.state.refusals import Refusal, bad_request, not_found, payment_required

EXPLORED = 10
_ALL_KEYS = ("latlng", "distance", "altitude")


def segment(call: Call) -> Response:
    """One segment in full; the athlete's own record only with read_all."""
    return json_answer(_detailed(call, _found(call)))


def starred(call: Call) -> Response:
    """One page of the segments the athlete has starred."""
    page = call.page_slice()
    stars = list(call.world.segment_efforts.starred(call.grant.athlete_id).items())
    shown = []
    for segment_id, since in stars[page]:
        one = call.world.segment_efforts.segment(segment_id)
        if one is not None:
            best = call.world.segment_efforts.best(one, call.grant.athlete_id)
            shown.append(segment_json.starred_segment(one, since, best, _offset_s(call, best)))
    return json_answer(shown)


def star(call: Call) -> Response:
    """Put a star on a segment or take it off."""
    one = _found(call)
    text = call.fields("Segment").get("starred", "").strip().lower()
    if text not in ("true", "false", "1", "0"):
        raise bad_request("Segment", "starred")
    call.world.segment_efforts.star(one.id, call.grant.athlete_id, text in ("true", "1"), call.now)
    return json_answer(_detailed(call, one))


def streams(call: Call) -> Response:
    """Distance, place and altitude along a segment; all three where no keys are named (recorded)."""
    text = str(call.args.get("types", call.request.args.get("keys", "")))
    keys = {key.strip() for key in text.split(",")} & set(_ALL_KEYS)
    found = segment_json.streams(_found(call))
    wanted = keys | {"distance"} if keys else set(_ALL_KEYS)
    return streams_answer(
        {key: stream for key, stream in found.items() if key in wanted}, by_key=call.flag("key_by_type")
    )


def explore(call: Call) -> Response:
    """The ten longest segments inside the bounds; since 2026-09-01 for apps with extended access alone."""
    status = call.world.switches.number("explore_status")
    if status == 404:
        raise not_found()
    if status != 200:
        raise Refusal(status, "Payment Required" if status == 402 else "Forbidden")
    south, west, north, east = _bounds(call)
    kind = call.request.args.get("activity_type", "riding")
    if kind not in ("running", "riding"):
        raise bad_request("Application", "activity_type")
    easiest, hardest = call.integer("min_cat", 0), call.integer("max_cat", 5)
    wanted = "Run" if kind == "running" else "Ride"
    inside = [
        one
        for one in call.world.segment_efforts.segments()
        if one.activity_type == wanted
        and easiest <= one.climb_category <= hardest
        and all(south <= lat <= north and west <= lng <= east for lat, lng in (one.points[0], one.points[-1]))
    ]
    longest = sorted(inside, key=lambda one: one.distance_m, reverse=True)[:EXPLORED]
    return json_answer({"segments": [segment_json.explored_segment(one) for one in longest]})


def efforts(call: Call) -> Response:
    """The athlete's efforts on one segment, newest first, between two local dates where those are given."""
    _subscribed(call)
    one = call.world.segment_efforts.segment(call.integer("segment_id", -1))
    if "segment_id" not in call.request.args:
        raise bad_request("SegmentEffort", "segment_id", "missing")
    if one is None:
        raise not_found()
    first, last = _local(call, "start_date_local"), _local(call, "end_date_local")
    found = [
        (effort, row)
        for effort, row in _visible_efforts(call, one)
        if first <= effort.start.replace(tzinfo=None) + timedelta(seconds=row.utc_offset_s) <= last
    ]
    _, per_page = call.page()
    return json_answer([_effort_json(call, *pair) for pair in found[:per_page]])


def all_efforts(call: Call) -> Response:
    """The path of the list before 2020, in pages."""
    if not call.world.switches["legacy_all_efforts"]:
        raise not_found()
    _subscribed(call)
    page = call.page_slice()
    found = _visible_efforts(call, _found(call))[page]
    return json_answer([_effort_json(call, *pair) for pair in found])


def effort(call: Call) -> Response:
    """One effort, with its activity, athlete and record in full."""
    one, activity = _own_effort(call)
    value = _effort_json(call, one, activity)
    value["activity"] = summary_activity(
        activity, call.world.visibility.limits(activity, call.grant), call.world.achievements.of(activity)
    )
    value["athlete"] = summary_athlete(call.athlete, call.site)
    segment = call.world.segment_efforts.segment(one.segment_id)
    if segment is not None:
        value["athlete_segment_stats"] = _own_stats(call, segment)
    return json_answer({**value, "resource_state": 3})


def effort_streams(call: Call) -> Response:
    """The streams of an effort: the samples of its activity from its start to its end."""
    call.require("read_all")
    one, activity = _own_effort(call)
    text = str(call.args.get("types", call.request.args.get("keys", "")))
    keys = {key.strip() for key in text.split(",")} | {"distance"}
    span = (one.start_index, one.end_index + 1)
    return streams_answer(
        stream_json.streams(activity, keys, call.world.visibility.limits(activity, call.grant), span),
        by_key=call.flag("key_by_type"),
    )


def _subscribed(call: Call) -> None:
    status = call.world.switches.number("efforts_without_subscription")
    if status != 200 and not call.athlete.premium:
        raise payment_required(status)


def _found(call: Call) -> Segment:
    one = call.world.segment_efforts.segment(call.args["segment_id"])
    if one is None:
        raise not_found()
    return one


def _own_effort(call: Call) -> tuple[SegmentEffort, Activity]:
    _subscribed(call)
    pair = call.world.segment_efforts.find(call.args["effort_id"], call.grant.athlete_id)
    if pair is None or (pair[1].visibility == "only_me" and not call.grant.allows("activity:read_all")):
        raise not_found()
    return pair


def _visible_efforts(call: Call, segment: Segment) -> list[tuple[SegmentEffort, Activity]]:
    sees_all = call.grant.allows("activity:read_all")
    found = call.world.segment_efforts.on_segment(segment, call.grant.athlete_id, sees_all=sees_all)
    pairs = [(one, call.world.activity_store.find(one.activity_id)) for one in found]
    return [(one, row) for one, row in pairs if row is not None]


def _effort_json(call: Call, one: SegmentEffort, activity: Activity) -> Json:
    return segment_effort(call.world.segment_efforts, one, activity, call.world.achievements.of(activity))


def _detailed(call: Call, one: Segment) -> Json:
    all_efforts = call.world.segment_efforts
    by_athlete = [len(all_efforts.on_segment(one, athlete_id)) for athlete_id in all_efforts.runners]
    counts = sum(by_athlete), sum(count > 0 for count in by_athlete), all_efforts.star_count(one.id)
    is_starred = one.id in all_efforts.starred(call.grant.athlete_id)
    stats = _own_stats(call, one) if call.grant.allows("read_all") else None
    value = segment_json.detailed_segment(one, call.site, starred=is_starred, counts=counts, stats=stats)
    value["xoms"] = segment_json.segment_records(one, _fastest(call, one))
    legend = all_efforts.local_legend(one, call.now)
    person = None if legend is None else call.world.person(legend[0])
    value["local_legend"] = (
        None if legend is None or person is None else segment_json.local_legend(one, person, legend[1], call.site)
    )
    return value


def _fastest(call: Call, one: Segment) -> dict[str, int | None]:
    """The best times by men, women and all, of the athletes here."""
    all_efforts = call.world.segment_efforts
    people = [call.world.person(athlete_id) for athlete_id in all_efforts.runners]
    best = [(person, all_efforts.best(one, person.id)) for person in people if person is not None]
    times = [(person.sex, found.elapsed_time_s) for person, found in best if found is not None]
    men, women = (min((time for sex, time in times if sex == word), default=None) for word in "MF")
    return {"kom": men, "qom": women, "overall": min((time for _, time in times), default=None)}


def _own_stats(call: Call, one: Segment) -> Json:
    found = call.world.segment_efforts.on_segment(one, call.grant.athlete_id)
    best = call.world.segment_efforts.best(one, call.grant.athlete_id)
    return segment_json.own_stats(best, len(found), _offset_s(call, best))


def _offset_s(call: Call, best: SegmentEffort | None) -> int:
    activity = None if best is None else call.world.activity_store.find(best.activity_id)
    return 0 if activity is None else activity.utc_offset_s


def _bounds(call: Call) -> tuple[float, float, float, float]:
    try:
        south, west, north, east = (float(part) for part in call.request.args.get("bounds", "").split(","))
    except ValueError as error:
        raise bad_request("Application", "bounds") from error
    return south, west, north, east


def _local(call: Call, name: str) -> datetime:
    """A local date of the query, whatever zone it names; without one the bound is no bound."""
    text = call.request.args.get(name, "").strip()
    if not text:
        return datetime.min if name.startswith("start") else datetime.max  # noqa: DTZ901  # local time, as it is sent
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise bad_request("SegmentEffort", name) from error


_ONE = "/segments/<int:segment_id>"
_EFFORT = "/segment_efforts/<int:effort_id>"
ROUTES = (
    HttpRoute(method="GET", path="/segments/starred", handler=starred, needs="read"),
    HttpRoute(method="GET", path="/segments/explore", handler=explore, needs="read"),
    HttpRoute(method="GET", path=_ONE, handler=segment, needs="read"),
    HttpRoute(method="PUT", path=f"{_ONE}/starred", handler=star, needs="profile:write"),
    HttpRoute(method="GET", path=f"{_ONE}/streams", handler=streams, needs="read"),
    HttpRoute(method="GET", path=f"{_ONE}/streams/<types>", handler=streams, needs="read"),
    HttpRoute(method="GET", path=f"{_ONE}/all_efforts", handler=all_efforts, needs="read"),
    HttpRoute(method="GET", path="/segment_efforts", handler=efforts, needs="read"),
    HttpRoute(method="GET", path=_EFFORT, handler=effort, needs="read"),
    HttpRoute(method="GET", path=f"{_EFFORT}/streams", handler=effort_streams, needs="read"),
    HttpRoute(method="GET", path=f"{_EFFORT}/streams/<types>", handler=effort_streams, needs="read"),
)
