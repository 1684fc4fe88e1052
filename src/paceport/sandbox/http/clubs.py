"""Clubs: the athlete's own, one in detail, its events, and the calls that were removed."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox.athletes.athlete_ids import club_hosts
from paceport.sandbox.athletes.people import Club, Person
from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json import clubs as club_json
from paceport.sandbox.state.refusals import Refusal, no_such_path, not_found, unauthorized

_WORDS = {403: "Forbidden", 404: "Resource Not Found", 410: "Gone"}


def clubs(call: Call) -> Response:
    """One page of the clubs the athlete belongs to."""
    page = call.page_slice()
    return json_answer([club_json.summary_club(one, call.site) for one in call.athlete.clubs[page]])


def club(call: Call) -> Response:
    """One club; a private one for its members alone."""
    one, _ = _found(call)
    return json_answer(club_json.detailed_club(one, call.site, is_member=one in call.athlete.clubs))


def events(call: Call) -> Response:
    """The club's meetings to come."""
    one, host = _found(call)
    page, _ = call.page()
    public = [row for row in call.world.population.routes(host.id) if not row.private and not one.private]
    event = club_json.club_event(one, host, call.now, call.site, next(iter(public), None))
    return json_answer([event] if page == 1 else [])


def removed(call: Call) -> Response:
    """Members, admins and activities of a club, removed on 2026-09-01: 401, but 404 for the activities (seen)."""
    status = call.world.switches.number("removed_club_status")
    if status:
        raise Refusal(status, _WORDS[status])
    if call.request.path.endswith("/activities"):
        raise no_such_path("path")
    raise unauthorized("Application", "internal")


def _found(call: Call) -> tuple[Club, Person]:
    mine = call.athlete
    people = call.world.people
    for person in (mine, *(people[number] for number in club_hosts(call.args["club_id"]) if number < len(people))):
        for one in person.clubs:
            if one.id == call.args["club_id"] and (not one.private or one in mine.clubs):
                return one, person
    raise not_found()


_ONE = "/clubs/<int:club_id>"
ROUTES = (
    HttpRoute(method="GET", path="/athlete/clubs", handler=clubs, needs="read"),
    HttpRoute(method="GET", path=_ONE, handler=club, needs="read"),
    HttpRoute(method="GET", path=f"{_ONE}/group_events", handler=events, needs="read"),
    *(HttpRoute(method="GET", path=f"{_ONE}/{part}", handler=removed) for part in ("members", "admins", "activities")),
)
