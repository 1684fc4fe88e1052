"""Twins of recorded replies beside the sandbox's own answers: key by key, type by type, both ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from makers.recorded_replies import REPLIES
from paceport.clock import ManualClock
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.few import NEWEST
from sandbox.files import gpx, hand_in
from sandbox.visitor import Visitor, read

EVERY = "read_all,profile:read_all,profile:write,activity:read_all,activity:write"

# Every difference that is known, with its reason; a recording is of one athlete on one day, and of its year.
SENSORS = {"+.average_cadence", "+.average_temp", "+.laps[].average_cadence", "+.segment_efforts[].average_cadence"}
HEART = {
    *(
        "+.average_heartrate",
        "+.max_heartrate",
        "+.suffer_score",
        "+.laps[].average_heartrate",
        "+.laps[].max_heartrate",
    ),
    *("+.segment_efforts[].average_heartrate", "+.segment_efforts[].max_heartrate"),
    *("+.splits_metric[].average_heartrate", "+.splits_standard[].average_heartrate"),
}
KNOWN: dict[str, set[str]] = {
    # The recorded device had no cadence and no thermometer; its athlete wrote no private note. `similar_activities`
    # knows the one activity here, so it has no rank.
    "activity": {*SENSORS, "+.private_note", ".similar_activities.pr_rank: int"},
    # The recorded run was without heart rate, too.
    "detailed_run": {*SENSORS, *HEART, "+.private_note", "+.best_efforts[].achievements[]"},
    # Newer than the recording: pace zones of laps are in others of 2025.
    "activity_laps": {"+[].pace_zone"},
    # The recorded athlete has no bike.
    "athlete": {"+.bikes[]"},
    # `device_name` is in lists since October 2025.
    "athlete_activities": {"+[].device_name"},
    "athlete_activities_december_2018": {"+[].device_name", "+[].average_cadence", "+[].average_temp"},
    # Totals of nothing are whole numbers: the recorded athlete swam and did not ride this year, ours did not swim.
    "athlete_stats": {
        *(".all_swim_totals.distance: float", ".all_swim_totals.elevation_gain: float"),
        *(f".ytd_ride_totals.{name}: int" for name in ("elapsed_time", "moving_time", "elevation_gain")),
    },
    # An empty body was recorded once; threads show the usual body.
    "not_found_error": {"+.errors", "+.message"},
    # Recorded in 2018: fields that came later, and two that went.
    "update_activity": {
        *("+.gear", "+.hide_from_home", "+.map.summary_polyline", "+.perceived_exertion", "+.sport_type"),
        *("+.prefer_perceived_exertion", "+.stats_visibility", "+.available_zones[]"),
        *("-.start_latitude", "-.start_longitude", ".calories: int", ".location_country: str"),
    },
    # Newer than the recording.
    "upload": {"+.id_str"},
}
Shape = dict[str, set[str]]


def shape(value: object, path: str = "") -> Shape:
    """The types found at each path of a JSON value; all elements of a list share one path."""
    found: Shape = {path: {_kind(value)}}
    parts = (
        [(f"{path}.{name}", part) for name, part in value.items()]
        if isinstance(value, dict)
        else [(f"{path}[]", part) for part in value]
        if isinstance(value, list)
        else []
    )
    for where, part in parts:
        for name, kinds in shape(part, where).items():
            found.setdefault(name, set()).update(kinds)
    return found


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__


def differences(recorded: Shape, ours: Shape) -> set[str]:
    """`-path`: only recorded; `+path`: only ours; `path: a|b`: types that no answer of ours has had."""
    found = {f"-{path}" for path in recorded.keys() - ours.keys() if _parent(path) in ours}
    found |= {f"+{path}" for path in ours.keys() - recorded.keys() if _parent(path) in recorded}
    for path in recorded.keys() & ours.keys():
        if missing := (recorded[path] - {"null"}) - ours[path]:
            found.add(f"{path}: {'|'.join(sorted(missing))}")
    return found


def _parent(path: str) -> str:
    return path[: path.rindex("[]")] if path.endswith("[]") else path.rpartition(".")[0]


def recorded(name: str) -> list[Any]:
    value = json.loads((REPLIES / f"{name}.json").read_text(encoding="utf-8"))
    return [one["response"]["body"] for one in value] if isinstance(value, list) else [value]


@pytest.fixture
def resident(population: Population) -> Iterator[Visitor]:
    world = World(population, seed=1, clock=ManualClock(NEWEST.replace(day=22)))
    world.set_limits(Limits(overall_quarter=9000, overall_day=9000, read_quarter=9000, read_day=9000))
    with open_transport(wsgi=create_app(world)) as send:
        yield Visitor(world=world, send=send)


@pytest.fixture
def token(resident: Visitor) -> str:
    return str(resident.login(scope=EVERY)["access_token"])


def answers(name: str, me: Visitor, token: str) -> list[Any]:
    """What the sandbox answers to the requests of a recording; of a kind that varies, several."""
    world, person = me.world, me.world.people[0]
    rows = [row for row in world.activities(person.id) if row.is_run and not row.manual]
    few = [
        next(row for row in rows if row.summary.average_heartrate_bpm),
        next(row for row in rows if row.private_note),
        next(row for row in rows if row.photo_count),
        next(row for row in rows if world.segment_efforts.in_activity(row)),
        next(row for row in rows if row.description),
        next(row for row in rows if world.achievements.of(row).segment_efforts),
    ]

    def get(*paths: str) -> list[Any]:
        return [read(me.api(path, token)) for path in paths]

    match name:
        case "activity" | "detailed_run":
            return get(*(f"/activities/{row.id}" for row in few))
        case "activity_laps":
            return get(*(f"/activities/{row.id}/laps" for row in few))
        case "activity_streams":
            return get(f"/activities/{few[0].id}/streams?key_by_type=true")
        case "athlete":
            return get("/athlete")
        case "athlete_activities" | "athlete_activities_december_2018":
            return get("/athlete/activities?per_page=100", "/athlete/activities?per_page=50&before=1640000000")
        case "athlete_stats":
            return get(f"/athletes/{person.id}/stats")
        case "athlete_zones":
            return get("/athlete/zones")
        case "gear":
            return get(f"/gear/{person.shoes[0].id}", f"/gear/{person.bikes[0].id}")
        case "not_found_error":
            return get("/activities/1")
        case "authorization_error":
            return [read(me.api("/athlete", "0" * 40))]
        case "activity_with_ratelimit_exceeded":
            world.switches.set(rate_limit_body="2018")
            world.plan("rate_limited")
            return get("/athlete")
        case "token_authorization_code":
            return [me.login(scope="read")]
        case "token_invalid_client":
            return [read(me.ask_token(client_id="1", code="x", grant_type="authorization_code"))]
        case "token_invalid_code":
            return [read(me.ask_token(code="x", grant_type="authorization_code"))]
        case _:
            return changes(name, me, token)


def changes(name: str, me: Visitor, token: str) -> list[Any]:
    """The answers to requests that change something."""
    bearer = {"authorization": f"Bearer {token}"}
    if name == "deauthorize":
        me.world.sign_in(me.world.people[1].id)
        other = me.login(scope="read")["access_token"]
        return [read(me.post("/oauth/deauthorize", {}, authorization=f"Bearer {other}"))]
    if name == "upload":
        uploaded = hand_in(me, token, gpx(), {"data_type": "gpx"})
        return [read(me.api(f"/uploads/{read(uploaded)['id']}", token)) for _ in range(2)]
    fields = {"name": "New", "sport_type": "Run", "start_date_local": "2026-11-20T07:00:00Z", "elapsed_time": "1800"}
    fields |= {"distance": "6000", "description": "Words"}
    made = read(me.post("/api/v3/activities", fields, **bearer))
    edited = read(me.put(f"/activities/{made['id']}", token, name="Edited", description="Words"))
    return [made if name == "create_activity" else edited]


NAMES = sorted(path.stem for path in REPLIES.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_has_the_keys_and_types_of_its_recording(resident: Visitor, token: str, name: str) -> None:
    theirs: Shape = {}
    ours: Shape = {}
    for bodies, whole in ((recorded(name), theirs), (answers(name, resident, token), ours)):
        for body in bodies:
            for path, kinds in shape(body).items():
                whole.setdefault(path, set()).update(kinds)

    assert differences(theirs, ours) == KNOWN.get(name, set())
