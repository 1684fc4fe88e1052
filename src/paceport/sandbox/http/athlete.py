"""The athlete: profile, zones, totals, gear, and the list of activities."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox.athletes.people import Gear, Person
from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json import athlete as athlete_json
from paceport.sandbox.json.activity import summary_activity
from paceport.sandbox.json.scalars import Json
from paceport.sandbox.state.refusals import Refusal, bad_request, not_found

HEAVIEST_KG = 1000.0


def athlete(call: Call) -> Response:
    """The token's own athlete: in detail with profile:read_all, else the summary."""
    person = call.athlete
    if not call.grant.allows("profile:read_all"):
        return json_answer(athlete_json.summary_athlete(person, call.site))
    return json_answer(_detailed(call, person))


def set_weight(call: Call) -> Response:
    """Set the athlete's weight in kilograms; the answer is the athlete in detail."""
    person = call.athlete
    try:
        weight_kg = float(call.fields("Athlete").get("weight", ""))
    except ValueError as error:
        raise bad_request("Athlete", "weight") from error
    if not 0 <= weight_kg < HEAVIEST_KG:
        raise bad_request("Athlete", "weight")
    return json_answer(_detailed(call, call.world.set_weight(person.id, weight_kg)))


def zones(call: Call) -> Response:
    """The athlete's heart rate and power zones."""
    if not call.grant.allows("profile:read_all"):
        if call.world.switches["zones_refusal_body"] == "empty":
            raise Refusal(call.world.switches.number("missing_scope_status"), "Authorization Error", is_empty=True)
        raise call.scope_missing("profile:read_all")
    return json_answer(athlete_json.zones(call.athlete))


def stats(call: Call) -> Response:
    """Totals of the athlete's public activities; nobody else's."""
    person = call.athlete
    if call.args["athlete_id"] != person.id:
        raise not_found()
    return json_answer(
        athlete_json.stats(
            call.world.activities(person.id), call.now, lambda row: call.world.achievements.of(row).count
        )
    )


def gear(call: Call) -> Response:
    """One pair of shoes or bike of the athlete's own."""
    call.require(str(call.world.switches["gear_needs"]))
    person = call.athlete
    for one in (*person.shoes, *person.bikes):
        if one.id == call.args["gear_id"]:
            in_miles = person.measurement_preference == "feet"
            return json_answer(
                athlete_json.detailed_gear(one, call.world.activity_store.gear_distance_m(one), in_miles=in_miles)
            )
    raise not_found()


def activities(call: Call) -> Response:
    """One page of the athlete's activities.

    Newest first; oldest first with `after` alone. Rows that this token may not see are taken out after the page is
    cut, so that a page may come short without being the last.
    """
    after_s, before_s = _bound(call, "after"), _bound(call, "before")
    rows = list(call.world.activities(call.grant.athlete_id))
    reach_s = 0 if call.world.switches["bounds_are_strict"] else 1
    if after_s is not None:
        rows = [row for row in rows if row.start.timestamp() > after_s - reach_s]
    if before_s is not None:
        rows = [row for row in rows if row.start.timestamp() < before_s + reach_s]
    if after_s is not None and before_s is None:
        rows.reverse()
    rows = rows[call.page_slice()]
    sees_all = call.grant.allows("activity:read_all")
    return json_answer(
        [
            summary_activity(row, call.world.visibility.limits(row, call.grant), call.world.achievements.of(row))
            for row in rows
            if sees_all or row.visibility != "only_me"
        ]
    )


def _detailed(call: Call, person: Person) -> Json:
    shoes = [_gear(call, one, person) for one in person.shoes]
    bikes = [_gear(call, one, person) for one in person.bikes]
    return athlete_json.detailed_athlete(person, shoes, bikes, call.site)


def _gear(call: Call, gear: Gear, person: Person) -> Json:
    in_miles = person.measurement_preference == "feet"
    return athlete_json.summary_gear(gear, call.world.activity_store.gear_distance_m(gear), in_miles=in_miles)


def _bound(call: Call, name: str) -> int | None:
    value = call.integer(name, -1)
    if value > call.now.timestamp():
        # Milliseconds land here, too: they read as a far future.
        raise bad_request("Application", name, "future")
    return value if value >= 0 else None


ROUTES = (
    HttpRoute(method="GET", path="/athlete", handler=athlete, needs="read"),
    HttpRoute(method="PUT", path="/athlete", handler=set_weight, needs="profile:write"),
    HttpRoute(method="GET", path="/athlete/zones", handler=zones),
    HttpRoute(method="GET", path="/athletes/<int:athlete_id>/stats", handler=stats, needs="read"),
    HttpRoute(method="GET", path="/gear/<gear_id>", handler=gear),
    HttpRoute(method="GET", path="/athlete/activities", handler=activities, needs="activity:read"),
)
