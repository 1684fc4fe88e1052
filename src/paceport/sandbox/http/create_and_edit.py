"""Making an activity by hand and editing one: what the service takes, and what it quietly makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from werkzeug import Response

from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.recording import Summary
from paceport.sandbox.athletes.sports import SPORTS
from paceport.sandbox.athletes.stored_source import StoredSource
from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json.activity_detail import activity_detail
from paceport.sandbox.state.new_activity import new_activity
from paceport.sandbox.state.refusals import bad_request, not_found

_LONGEST_S = 100 * 86_400
_TEXTS = {"name": "name", "description": "description", "private_note": "private_note"}
_FLAGS = ("commute", "trainer", "hide_from_home")


def create(call: Call) -> Response:
    """A manual activity. No key makes a repeated request harmless: it makes a second activity."""
    fields = call.fields("Activity")
    person = call.athlete
    name, sport = fields.get("name", "").strip(), fields.get("sport_type") or fields.get("type", "")
    if not name:
        raise bad_request("Activity", "name", "missing")
    if sport not in SPORTS:
        raise bad_request("Activity", "sport_type")
    elapsed_s = _number(fields.get("elapsed_time", ""), "elapsed_time")
    distance_m = _number(fields.get("distance", "0"), "distance")
    if not 0 < elapsed_s <= _LONGEST_S:
        raise bad_request("Activity", "elapsed_time")
    start, offset_s = _local_start(fields.get("start_date_local", ""), person)
    figures = Summary(
        distance_m=distance_m,
        moving_time_s=int(elapsed_s),
        elapsed_time_s=int(elapsed_s),
        elevation_gain_m=0.0,
        average_speed_mps=round(distance_m / int(elapsed_s), 2) if int(elapsed_s) else 0.0,
        max_speed_mps=0.0,
    )
    activity = replace(
        new_activity(
            person,
            call.world.activity_store.next_id(),
            name=name,
            sport_type=sport,
            start=start,
            offset_s=offset_s,
            source=StoredSource(held=None, figures=figures),
        ),
        description=fields.get("description"),
        trainer=_is_on(fields.get("trainer", "0")),
        commute=_is_on(fields.get("commute", "0")),
    )
    call.world.activity_store.add(activity)
    return json_answer(activity_detail(call.world, call.grant, activity, call.site), status=201)


def update(call: Call) -> Response:
    """Edit an activity. In a form every truth value but an absent one is true, whatever it says (recorded)."""
    activity = call.world.activity_store.find(call.args["activity_id"])
    if activity is None or activity.athlete_id != call.grant.athlete_id:
        raise not_found()
    if activity.visibility == "only_me" and not call.grant.allows("activity:read_all"):
        raise not_found()
    fields, is_json = _update_fields(call)
    changes: dict[str, Any] = {ours: str(fields[name]) for name, ours in _TEXTS.items() if fields.get(name) is not None}
    for name in _FLAGS:
        if name in fields:
            changes[name] = bool(fields[name]) if is_json else True
    sport = fields.get("sport_type") or fields.get("type")
    if sport is not None:
        if not isinstance(sport, str) or sport not in SPORTS:
            raise bad_request("Activity", "sport_type")
        changes["sport_type"] = sport
    if fields.get("gear_id") is not None:
        changes["gear_id"] = _gear_id(str(fields["gear_id"]), call.athlete)
    edited = replace(activity, **changes)
    call.world.activity_store.replace(edited)
    value = activity_detail(call.world, call.grant, edited, call.site)
    # A new activity says 0, an edited one 0.0 (both recorded).
    value |= {name: 0.0 for name in ("max_speed", "average_speed", "total_elevation_gain") if value[name] == 0}
    return json_answer(value)


def _update_fields(call: Call) -> tuple[Mapping[str, Any], bool]:
    if not call.has_json_body:
        return call.request.values.to_dict(), False
    return {**call.request.args.to_dict(), **call.json_body("Activity")}, True


def _gear_id(text: str, person: Person) -> str | None:
    if text == "none":
        return None
    if text not in {one.id for one in (*person.shoes, *person.bikes)}:
        raise bad_request("Activity", "gear_id")
    return text


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise bad_request("Activity", name) from error
    if not 0 <= value < 1e9:
        raise bad_request("Activity", name)
    return value


def _is_on(text: str) -> bool:
    return text.strip().lower() in ("1", "true", "t", "yes")


def _local_start(text: str, person: Person) -> tuple[datetime, int]:
    """The start in UTC and the zone's offset then: the text is local time, whatever zone it names (recorded)."""
    try:
        local = datetime.fromisoformat(text.strip().replace(" -", "-").replace(" +", "+")).replace(tzinfo=None)
        zone = ZoneInfo(person.timezone)
        offset = local.replace(tzinfo=zone).utcoffset() or timedelta()
        return (local - offset).replace(tzinfo=UTC, microsecond=0), int(offset.total_seconds())
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
        raise bad_request("Activity", "start_date_local") from error


ROUTES = (
    HttpRoute(method="POST", path="/activities", handler=create, needs="activity:write", is_read=False),
    HttpRoute(method="PUT", path="/activities/<int:activity_id>", handler=update, needs="activity:write"),
)
