"""The website's pages that people link to: an athlete, an activity. What everyone may see, and one's own."""

from __future__ import annotations

from datetime import timedelta

from werkzeug import Response

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.http.answers import html_answer
from paceport.sandbox.http.html_pages import render
from paceport.sandbox.http.routing import Call, HttpRoute

LISTED = 20


def athlete_page(call: Call) -> Response:
    """An athlete with the newest activities."""
    person = call.world.person(call.args["athlete_id"])
    if person is None:
        return _not_found("athlete")
    rows = [row for row in call.world.activities(person.id) if _is_shown(call, row)][:LISTED]
    return html_answer(
        render(
            "athlete.html",
            name=f"{person.firstname} {person.lastname}",
            place=", ".join(part for part in (person.city, person.state, person.country) if part),
            picture=f"/pictures/athletes/{person.id}/large.jpg",
            rows=[(row.id, row.name, _words(row)) for row in rows],
        )
    )


def activity_page(call: Call) -> Response:
    """One activity."""
    row = call.world.activity_store.find(call.args["activity_id"])
    person = None if row is None else call.world.person(row.athlete_id)
    if row is None or person is None or not _is_shown(call, row):
        return _not_found("activity")
    name = f"{person.firstname} {person.lastname}"
    return html_answer(render("activity.html", title=row.name, athlete_id=person.id, name=name, words=_words(row)))


def _is_shown(call: Call, row: Activity) -> bool:
    """Everyone's to see, or the signed-in athlete's own."""
    return row.visibility == "everyone" or row.athlete_id == call.world.signed_in


def _words(row: Activity) -> str:
    """Sport, local day and distance."""
    day = (row.start + timedelta(seconds=row.utc_offset_s)).date().isoformat()
    distance_m = row.distance_m
    return " · ".join([row.sport_type, day, *([f"{distance_m / 1000.0:.1f} km"] if distance_m else [])])


def _not_found(what: str) -> Response:
    return html_answer(render("message.html", title="404", text=f"There is no such {what} here."), status=404)


ROUTES = (
    HttpRoute(method="GET", path="/athletes/<int:athlete_id>", handler=athlete_page),
    HttpRoute(method="GET", path="/activities/<int:activity_id>", handler=activity_page),
)
