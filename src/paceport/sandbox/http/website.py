"""The website's pages that people link to: an athlete, an activity, and the files of one's own activities."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

from werkzeug import Response

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.bulk_export.archive import recorded_file
from paceport.sandbox.bulk_export.xml_files import gpx_file
from paceport.sandbox.http.answers import html_answer
from paceport.sandbox.http.html_pages import render
from paceport.sandbox.http.routing import Call, HttpRoute

LISTED = 20
WEB_LOGIN = "_strava4_session"  # the cookie of a browser that is signed in; seen in strava-offline


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


def export_gpx(call: Call) -> Response:
    """The track of an activity as GPX, for whoever is signed in on the website."""
    row = _own_activity(call)
    if isinstance(row, Response):
        return row
    recording = row.recording
    if recording is None or recording.latlng is None:
        return _not_found("track")
    return _attachment(row, ".gpx", gpx_file(row, recording))


def export_original(call: Call) -> Response:
    """The file of an activity as it was uploaded, for whoever is signed in on the website."""
    row = _own_activity(call)
    if isinstance(row, Response):
        return row
    name, content = recorded_file(row)
    if not name:
        return _not_found("file")
    if name.endswith(".gz"):
        name, content = name.removesuffix(".gz"), gzip.decompress(content)
    return _attachment(row, name[name.rindex(".") :], content)


def _own_activity(call: Call) -> Activity | Response:
    """The activity asked for where it is the signed-in athlete's, else what the website shows in its place."""
    if not call.request.cookies.get(WEB_LOGIN):
        return Response(b"", status=302, headers={"Location": f"{call.site}/login"})
    row = call.world.activity_store.find(call.args["activity_id"])
    return row if row is not None and row.athlete_id == call.world.signed_in else _not_found("activity")


def _attachment(row: Activity, ending: str, content: bytes) -> Response:
    name = re.sub(r"[^A-Za-z0-9]+", "_", row.name).strip("_") or "activity"
    headers = {"Content-Disposition": f'attachment; filename="{name}{ending}"'}
    return Response(content, mimetype="application/octet-stream", headers=headers)


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
    HttpRoute(method="GET", path="/activities/<int:activity_id>/export_gpx", handler=export_gpx),
    HttpRoute(method="GET", path="/activities/<int:activity_id>/export_original", handler=export_original),
)
