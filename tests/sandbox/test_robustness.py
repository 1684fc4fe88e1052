"""No request makes the sandbox answer 500 unasked, whatever is in it."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paceport.http_message import Request
from paceport.sandbox.athletes.segments import effort_id
from paceport.sandbox.http.api_routes import API_ROUTES
from paceport.sandbox.http.control import ROUTES as CONTROL_ROUTES
from paceport.sandbox.http.routing import HttpRoute
from paceport.sandbox.state.world import World
from sandbox.visitor import Visitor

WORDS = [
    "athlete", "activities", "athletes", "gear", "oauth", "token", "authorize", "revoke", "deauthorize", "api", "v3",
    "_sandbox", "clock", "faults", "switches", "limits", "state", "laps", "zones", "streams", "stats", "1", "-1",
    "99999999999999999999", "", "..", "%2e", "%00", "g1", "uploads", "kudos", "comments", "photos", "routes",
    "export_gpx", "export_tcx", "segments", "starred", "explore", "all_efforts", "segment_efforts", "clubs",
    "group_events", "members", "push_subscriptions", "webhooks", "flush",
]  # fmt: skip
NAMES = [
    "client_id", "client_secret", "redirect_uri", "response_type", "scope", "state", "approval_prompt", "code",
    "grant_type", "refresh_token", "token", "access_token", "page", "per_page", "before", "after", "keys",
    "key_by_type", "decision", "granted", "athlete", "boxes",
    "name", "sport_type", "elapsed_time", "distance", "start_date_local", "gear_id",
    "file", "data_type", "external_id", "weight", "starred", "bounds", "segment_id", "end_date_local", "min_cat",
    "after_cursor", "page_size", "size", "callback_url", "verify_token", "held", "visibility",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        [
            "1",
            "0",
            "-1",
            "code",
            "read",
            "http://localhost/x",
            "authorize",
            "true",
            "{}",
            "1" * 30,
            "Run",
            "2026-11-01T07:00:00",
        ]
    ),
    st.text(max_size=12),
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6)
KINDS = ["", "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "text/\xe9"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]),
    words=st.lists(st.sampled_from(WORDS), max_size=5),
    query=PAIRS,
    form=PAIRS,
    raw=st.one_of(st.none(), st.binary(max_size=40)),
    kind=st.sampled_from(KINDS[:4]),
    is_json_on=st.booleans(),
)
def test_no_request_makes_a_500(
    visitor: Visitor,
    method: str,
    words: list[str],
    query: list[tuple[str, str]],
    form: list[tuple[str, str]],
    raw: bytes | None,
    kind: str,
    is_json_on: bool,
) -> None:
    world = visitor.world
    world.reset()
    world.switches.set(json_token_body=is_json_on)
    token = visitor.login(scope="read,activity:read_all,activity:write")["access_token"]
    path = "/" + "/".join(words)

    answer = visitor.send(
        Request(
            method=method,
            url=visitor.base + path + "?" + encoded(query),
            headers={"authorization": f"Bearer {token}", "content-type": kind},
            body=raw if raw is not None else encoded(form).encode(),
        )
    )

    assert answer.status < 500


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.dictionaries(
        st.sampled_from(["client_id", "redirect_uri", "response_type", "scope", "state", "approval_prompt"]),
        st.one_of(st.none(), VALUES),
        max_size=3,
    )
)
def test_no_authorize_request_makes_a_500(visitor: Visitor, changes: dict[str, str | None]) -> None:
    visitor.world.reset()

    shown = visitor.get(visitor.asking(**changes))
    decided = visitor.post(visitor.asking(**changes), {"decision": "authorize"})

    assert (shown.status, decided.status) in {(200, 302), (400, 400)}


def encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, errors="replace")


# Paths with a placeholder for each kind of id: what a stranger would never hit by chance.
KNOWN = [route for route in (*API_ROUTES, *CONTROL_ROUTES) if route.path != "/_sandbox/reset"]
FITTING = {
    "bounds": "59,15,60,16",
    "activity_type": "running",
    "weight": "60",
    "starred": "true",
    "data_type": "gpx",
    "file": "x",
    "start_date_local": "2026-11-01T07:00:00",
    "elapsed_time": "60",
    "name": "x",
    "sport_type": "Run",
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from(KNOWN),
    number=st.integers(0, 6),
    fields=PAIRS,
    fits=st.booleans(),
    kind=st.sampled_from(KINDS[:4]),
)
def test_no_request_to_a_known_path_makes_a_500(
    resident: Visitor, route: HttpRoute, number: int, fields: list[tuple[str, str]], fits: bool, kind: str
) -> None:
    world = resident.world
    world.reset()
    world.switches.set(explore_status=200)
    token = resident.login(scope="read_all,profile:read_all,profile:write,activity:read_all,activity:write")
    path = filled(world, route.path, number)
    pairs = [*FITTING.items(), *fields] if fits else fields

    answer = resident.send(
        Request(
            method=route.method,
            url=f"{resident.base}{'' if path.startswith('/_') else '/api/v3'}{path}?{encoded(pairs)}",
            headers={"authorization": f"Bearer {token['access_token']}", "content-type": kind},
            body=(json.dumps(dict(fields)) if kind == "application/json" else encoded(pairs)).encode(),
        )
    )

    assert answer.status < 500


def filled(world: World, path: str, number: int) -> str:
    """A route's path with ids that exist, and a list where it takes one."""
    person = world.people[0]
    rows, segments = world.activities(person.id), world.population.segments
    segment = segments[number % 4]
    ids = {
        "activity_id": rows[number * 7].id,
        "athlete_id": person.id,
        "gear_id": person.shoes[0].id,
        "segment_id": segment.id,
        "effort_id": effort_id(rows[number].id, segment.id),
        "route_id": world.population.routes(person.id)[number % 4].id,
        "club_id": person.clubs[number % 2].id,
        "upload_id": 19_000_000_001,
        "types": "latlng,time",
    }
    return re.sub(r"<(?:int:)?(\w+)>", lambda found: str(ids[found[1]]), path)
