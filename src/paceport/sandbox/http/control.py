"""The control face under /_sandbox/: clock, trouble, switches, counters, tokens. Not part of the simulated service."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from werkzeug import Response

from paceport.sandbox.http.control_body import BadControl, body_of
from paceport.sandbox.http.control_website import ROUTES as WEBSITE_ROUTES
from paceport.sandbox.http.routing import Call, Route, answer
from paceport.sandbox.state.planned_faults import BadPlan, Trouble
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.switches import NoSuchSwitch

_FARTHEST_S = 100 * 365 * 86_400


def index(call: Call) -> Response:
    """Where the world stands, and what can be asked of it."""
    return answer(
        {
            "seed": call.world.seed,
            "now": _shown(call.now),
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
                {"id": person.id, "name": f"{person.firstname} {person.lastname}"} for person in call.world.people
            ],
            "signed_in": call.world.signed_in,
            "routes": [f"{route.method} {route.path}" for route in ROUTES],
        }
    )


def show_clock(call: Call) -> Response:
    """The world's present moment."""
    return answer({"now": _shown(call.now)})


def move_clock(call: Call) -> Response:
    """Set the clock (`set`: ISO 8601 with a zone) or move it (`advance_s`: seconds)."""
    asked = body_of(call)
    match asked:
        case {"set": str(text)}:
            try:
                moment = datetime.fromisoformat(text)
            except ValueError as error:
                raise BadControl(f"set is no time: {error}") from error
            if moment.tzinfo is None:
                raise BadControl("set needs a zone, such as Z")
            call.world.clock.set(moment.astimezone(UTC))
        case {"advance_s": int() | float() as seconds} if abs(seconds) <= _FARTHEST_S:
            call.world.clock.advance(float(seconds))
        case _:
            raise BadControl('give {"set": "2027-01-04T00:00:00Z"} or {"advance_s": 3600}')
    return answer({"now": _shown(call.world.now())})


def show_faults(call: Call) -> Response:
    """The trouble that is still to come."""
    return answer(call.world.faults.listed())


def plan_fault(call: Call) -> Response:
    """Plan trouble: the fields of `faults.Trouble`."""
    try:
        call.world.faults.plan(Trouble(**_typed(body_of(call), Trouble)))
    except BadPlan as error:
        raise BadControl(str(error)) from error
    return answer(call.world.faults.listed(), status=201)


def clear_faults(call: Call) -> Response:
    """Forget all planned trouble."""
    call.world.faults.clear()
    return answer([])


def show_switches(call: Call) -> Response:
    """Every switch with its value, its default and how sure that default is."""
    return answer(call.world.switches.listed())


def set_switches(call: Call) -> Response:
    """Set switches by name; all or none."""
    try:
        call.world.switches.set(**body_of(call))
    except NoSuchSwitch as error:
        raise BadControl(str(error)) from error
    return answer(call.world.switches.listed())


def set_limits(call: Call) -> Response:
    """Give the first app other limits: the fields of `limits.Limits`."""
    limits = Limits(**_typed(body_of(call), Limits))
    call.world.set_limits(limits)
    return answer({field.name: getattr(limits, field.name) for field in fields(limits)})


def set_state(call: Call) -> Response:
    """Change what is true: `inactive` (bool), `revoke` (an athlete's id, or true for all), `sign_in` (an id)."""
    asked = body_of(call)
    known = {"inactive", "revoke", "sign_in"}
    if not asked or not asked.keys() <= known:
        raise BadControl(f"give some of: {', '.join(sorted(known))}")
    for name in ("revoke", "sign_in"):
        if name in asked and asked[name] is not True and call.world.person(_number(asked[name])) is None:
            raise BadControl(f"{name} names nobody here")
    if "inactive" in asked:
        call.world.set_inactive(bool(asked["inactive"]))
    if "revoke" in asked:
        call.world.revoke(None if asked["revoke"] is True else _number(asked["revoke"]))
    if "sign_in" in asked and asked["sign_in"] is not True:
        call.world.sign_in(_number(asked["sign_in"]))
    return index(call)


def show_counters(call: Call) -> Response:
    """Requests by endpoint, exchanges, refreshes, replays of rotated-away tokens, use of the limits."""
    return answer(call.world.counters())


def show_tokens(call: Call) -> Response:
    """Every living grant with its tokens; the normal faces never show them."""
    return answer(call.world.grants.listed(call.now))


def reset(call: Call) -> Response:
    """Back to the world's first moment; the clock stays."""
    call.world.reset()
    return answer({"seed": call.world.seed})


def _typed(asked: dict[str, Any], kind: type[Trouble | Limits]) -> dict[str, Any]:
    takes = {field.name: field.type for field in fields(kind)}
    for name, value in asked.items():
        if name not in takes:
            raise BadControl(f"there is no {name!r}; there are {', '.join(takes)}")
        wanted = str if takes[name] in ("str", "Kind") else (int, float) if takes[name] == "float" else int
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise BadControl(f"{name} has the wrong type")
    if "kind" in takes and "kind" not in asked:
        raise BadControl("kind is missing")
    return asked


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _shown(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


ROUTES = (
    Route(method="GET", path="/_sandbox/", handler=index),
    Route(method="GET", path="/_sandbox/clock", handler=show_clock),
    Route(method="POST", path="/_sandbox/clock", handler=move_clock),
    Route(method="GET", path="/_sandbox/faults", handler=show_faults),
    Route(method="POST", path="/_sandbox/faults", handler=plan_fault),
    Route(method="DELETE", path="/_sandbox/faults", handler=clear_faults),
    Route(method="GET", path="/_sandbox/switches", handler=show_switches),
    Route(method="PUT", path="/_sandbox/switches", handler=set_switches),
    Route(method="PUT", path="/_sandbox/limits", handler=set_limits),
    Route(method="PUT", path="/_sandbox/state", handler=set_state),
    Route(method="GET", path="/_sandbox/counters", handler=show_counters),
    Route(method="GET", path="/_sandbox/tokens", handler=show_tokens),
    Route(method="POST", path="/_sandbox/reset", handler=reset),
    *WEBSITE_ROUTES,
)
