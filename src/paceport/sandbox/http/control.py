"""The control API under /_sandbox/: clock, faults, switches, counters, tokens. Not part of the simulated service."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from werkzeug import Response

from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.control_body import InvalidControlRequest, json_object
from paceport.sandbox.http.control_website import ROUTES as WEBSITE_ROUTES
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json.control import faults_json, grants_json, switches_json
from paceport.sandbox.state.planned_faults import InvalidFault, PlannedFault
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.switch import InvalidSwitch

_FARTHEST_S = 100 * 365 * 86_400


def index(call: Call) -> Response:
    """Where the world stands, and what can be asked of it."""
    return json_answer(
        {
            "seed": call.world.seed,
            "now": _iso(call.now),
            "apps": [
                {
                    "client_id": app.client_id,
                    "client_secret": app.client_secret,
                    "name": app.name,
                    "callback_domain": app.callback_domain,
                    "is_inactive": app.client_id in call.world.inactive,
                }
                for app in call.world.apps.values()
            ],
            "athletes": [
                {"id": identity, "name": name} for identity, name in call.world.population.named(len(call.world.people))
            ],
            "signed_in": call.world.signed_in,
            "routes": [f"{route.method} {route.path}" for route in ROUTES],
        }
    )


def show_clock(call: Call) -> Response:
    """The world's present moment."""
    return json_answer({"now": _iso(call.now)})


def move_clock(call: Call) -> Response:
    """Set the clock (`set`: ISO 8601 with a zone) or move it (`advance_s`: seconds)."""
    asked = json_object(call.request.get_data())
    match asked:
        case {"set": str(text)}:
            try:
                moment = datetime.fromisoformat(text)
            except ValueError as error:
                raise InvalidControlRequest(f"set is not a time: {error}") from error
            if moment.tzinfo is None:
                raise InvalidControlRequest("set needs a time zone, such as Z")
            call.world.clock.set(moment.astimezone(UTC))
        case {"advance_s": int() | float() as seconds} if abs(seconds) <= _FARTHEST_S:
            call.world.clock.advance(float(seconds))
        case _:
            raise InvalidControlRequest('give {"set": "2027-01-04T00:00:00Z"} or {"advance_s": 3600}')
    return json_answer({"now": _iso(call.world.now())})


def show_faults(call: Call) -> Response:
    """The planned faults that are still to come."""
    return json_answer(faults_json(call.world.faults))


def plan_fault(call: Call) -> Response:
    """Plan a fault: the fields of `PlannedFault`."""
    try:
        call.world.faults.plan(PlannedFault(**_typed(json_object(call.request.get_data()), PlannedFault)))
    except InvalidFault as error:
        raise InvalidControlRequest(str(error)) from error
    return json_answer(faults_json(call.world.faults), status=201)


def clear_faults(call: Call) -> Response:
    """Forget all planned faults."""
    call.world.faults.clear()
    return json_answer([])


def show_switches(call: Call) -> Response:
    """Every switch with its value, its default and how sure that default is."""
    return json_answer(switches_json(call.world.switches))


def set_switches(call: Call) -> Response:
    """Set switches by name; all or none."""
    try:
        call.world.switches.set(**json_object(call.request.get_data()))
    except InvalidSwitch as error:
        raise InvalidControlRequest(str(error)) from error
    return json_answer(switches_json(call.world.switches))


def set_limits(call: Call) -> Response:
    """Give the first app other limits: the fields of `rate_limits.Limits`."""
    limits = Limits(**_typed(json_object(call.request.get_data()), Limits))
    call.world.set_limits(limits)
    return json_answer({field.name: getattr(limits, field.name) for field in fields(limits)})


def set_state(call: Call) -> Response:
    """Change what is true: `inactive` (bool), `revoke` (an athlete's id, or true for all), `sign_in` (an id)."""
    asked = json_object(call.request.get_data())
    known = {"inactive", "revoke", "sign_in"}
    if not asked or not asked.keys() <= known:
        raise InvalidControlRequest(f"give some of: {', '.join(sorted(known))}")
    for name in ("revoke", "sign_in"):
        if name in asked and asked[name] is not True and call.world.person(_number(asked[name])) is None:
            raise InvalidControlRequest(f"{name} is not an athlete here")
    if "inactive" in asked:
        call.world.set_inactive(bool(asked["inactive"]))
    if "revoke" in asked:
        call.world.revoke(None if asked["revoke"] is True else _number(asked["revoke"]))
    if "sign_in" in asked and asked["sign_in"] is not True:
        call.world.sign_in(_number(asked["sign_in"]))
    return index(call)


def show_counters(call: Call) -> Response:
    """Requests by endpoint, exchanges, refreshes, replays of rotated-away tokens, use of the limits."""
    return json_answer(call.world.counters())


def show_tokens(call: Call) -> Response:
    """Every living grant with its tokens; the normal faces never show them."""
    return json_answer(grants_json(call.world.grants, call.now))


def reset(call: Call) -> Response:
    """Back to the world's first moment; the clock stays."""
    call.world.reset()
    return json_answer({"seed": call.world.seed})


def _typed(asked: dict[str, Any], kind: type[PlannedFault | Limits]) -> dict[str, Any]:
    takes = {field.name: field.type for field in fields(kind)}
    for name, value in asked.items():
        if name not in takes:
            raise InvalidControlRequest(f"there is no {name!r}; there are {', '.join(takes)}")
        wanted = str if takes[name] in ("str", "FaultKind") else (int, float) if takes[name] == "float" else int
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise InvalidControlRequest(f"{name} has the wrong type")
    if "kind" in takes and "kind" not in asked:
        raise InvalidControlRequest("kind is missing")
    return asked


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


ROUTES = (
    HttpRoute(method="GET", path="/_sandbox/", handler=index),
    HttpRoute(method="GET", path="/_sandbox/clock", handler=show_clock),
    HttpRoute(method="POST", path="/_sandbox/clock", handler=move_clock),
    HttpRoute(method="GET", path="/_sandbox/faults", handler=show_faults),
    HttpRoute(method="POST", path="/_sandbox/faults", handler=plan_fault),
    HttpRoute(method="DELETE", path="/_sandbox/faults", handler=clear_faults),
    HttpRoute(method="GET", path="/_sandbox/switches", handler=show_switches),
    HttpRoute(method="PUT", path="/_sandbox/switches", handler=set_switches),
    HttpRoute(method="PUT", path="/_sandbox/limits", handler=set_limits),
    HttpRoute(method="PUT", path="/_sandbox/state", handler=set_state),
    HttpRoute(method="GET", path="/_sandbox/counters", handler=show_counters),
    HttpRoute(method="GET", path="/_sandbox/tokens", handler=show_tokens),
    HttpRoute(method="POST", path="/_sandbox/reset", handler=reset),
    *WEBSITE_ROUTES,
)
