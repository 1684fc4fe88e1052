"""Every good answer of the sandbox against the OpenAPI file, made strict: no field beyond it but those listed here.

The file allows whatever it does not mention, says nowhere that a field may be null, and lacks many that are sent. So
its objects are closed, and opened again for the additions and nulls below: each was recorded in real traffic or is
kept in a public client's list of undocumented fields. Calls that the file has no path for are not looked at here.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it ships no types

from conftest import SharedFiles
from paceport.clock import ManualClock
from paceport.http_message import Request, Response
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.api_routes import API_ROUTES
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.few import NEWEST
from sandbox.files import fit, hand_in
from sandbox.visitor import Visitor, read

SCOPE = "read_all,profile:read_all,profile:write,activity:read_all,activity:write"
# Fields that are sent though the file does not know them; a definition has those of the ones it builds on, too.
ADDED = {
    "MetaActivity": "resource_state visibility",
    "MetaAthlete": "resource_state",
    "SummaryActivity": "utc_offset pr_count has_heartrate average_heartrate max_heartrate average_cadence average_temp "
    "suffer_score location_city location_state location_country heartrate_opt_out display_hide_heartrate_option "
    "from_accepted_tag",
    "DetailedActivity": "perceived_exertion prefer_perceived_exertion stats_visibility similar_activities "
    "available_zones private_note",
    "PolylineMap": "resource_state",
    "Lap": "resource_state device_watts average_watts average_heartrate max_heartrate",
    "Split": "average_heartrate average_grade_adjusted_speed",
    "SummaryGear": "nickname retired converted_distance",
    "DetailedGear": "weight notification_distance",
    "PhotosSummary": "use_primary_photo",
    "DetailedSegmentEffort": "resource_state achievements visibility athlete_segment_stats",
    "SummarySegment": "resource_state hazardous starred elevation_profile elevation_profiles pr_time starred_date",
    "DetailedSegment": "xoms local_legend",
    # The model of the file beside the fields as recorded.
    "SummarySegmentEffort": "activity_id elapsed_time",
    "SummaryPRSegmentEffort": "pr_visibility pr_activity_visibility",
    "ExplorerSegment": "resource_state starred elevation_profile local_legend_enabled",
    "SummaryAthlete": "username bio badge_type_id weight friend follower",
    "DetailedAthlete": "blocked can_follow mutual_friend_count athlete_type date_preference postable_clubs_count",
    "SummaryClub": "profile activity_types_icon dimensions localized_sport_type membership admin owner",
    "DetailedClub": "description club_type website",
    "Comment": "post_id resource_state mentions_metadata cursor reaction_count has_reacted",
    "Route": "resource_state map_urls",
    "ActivityZone": "resource_state distribution_buckets",
}
NULLABLE = {
    "SummaryActivity": "workout_type gear_id external_id upload_id",
    "DetailedActivity": "description",
    "PhotosSummary": "primary",
    "DetailedSegmentEffort": "pr_rank kom_rank",
    "SummaryClub": "cover_photo cover_photo_small",
    "DetailedClub": "membership",
    "Route": "description",
    "Upload": "external_id error activity_id",
    "DetailedAthlete": "ftp",
}
# What is sent in another form than the file says: floats as bounds of pace zones and as their times, the third type
# of zone, a score that prints as a float, and no place at all for an activity without one.
RETYPED: dict[str, dict[str, Any]] = {
    "ZoneRange": {"min": {"type": "number"}, "max": {"type": "number"}},
    "TimedZoneRange": {"time": {"type": "number"}},
    "ActivityZone": {"type": {"enum": ["heartrate", "pace", "power"]}},
}
# One effort alone shows its activity and athlete as summaries, in a list only their ids (recorded).
WHOLE = {"/segment_efforts/{id}": {"activity": "SummaryActivity", "athlete": "SummaryAthlete"}}
SWAPPED = {"athlete_pr_effort": "SummarySegmentEffort", "athlete_segment_stats": "SummaryPRSegmentEffort"}


def strict(spec: dict[str, Any]) -> dict[str, Any]:
    """The file's definitions with closed objects, additions and nulls in, the two swapped models put right."""
    definitions = spec["definitions"]
    made = {name: closed(definitions, name) for name in definitions}
    made["LatLng"] = {**definitions["LatLng"], "minItems": 0}
    return made


def closed(definitions: dict[str, Any], name: str) -> dict[str, Any]:
    definition = definitions[name]
    lines = lineage(definitions, name)
    properties: dict[str, Any] = {}
    for line in lines:
        for part in definitions[line].get("allOf", [definitions[line]]):
            properties |= part.get("properties", {})
    if not properties:
        return dict(definition)
    for line in lines:
        properties |= {field: {} for field in ADDED.get(line, "").split()}
        properties |= RETYPED.get(line, {})
        for field in NULLABLE.get(line, "").split():
            properties[field] = {"anyOf": [properties[field], {"type": "null"}]}
    for field, model in SWAPPED.items():
        if properties.get(field):
            properties[field] = {"$ref": f"#/definitions/{model}"}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def lineage(definitions: dict[str, Any], name: str) -> list[str]:
    """The definitions that one is built on, the farthest first, and itself."""
    above = [part["$ref"].rpartition("/")[2] for part in definitions[name].get("allOf", []) if "$ref" in part]
    return [line for parent in above for line in lineage(definitions, parent)] + [name]


@pytest.fixture(scope="module")
def spec(shared_file: SharedFiles) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared_file.openapi.read_text(encoding="utf-8"))
    return {**found, "definitions": strict(found)}


@pytest.fixture
def visitor(population: Population) -> Iterator[Visitor]:
    """A world of the test's own: what was handed in to it once would be a duplicate the next time."""
    world = World(population, seed=1, clock=ManualClock(NEWEST.replace(day=22)))
    world.set_limits(Limits(overall_quarter=10_000, overall_day=10_000, read_quarter=10_000, read_day=10_000))
    world.switches.set(explore_status=200, route_streams_shape="set")
    with open_transport(wsgi=create_app(world)) as send:
        yield Visitor(world=world, send=send)


@pytest.fixture
def token(visitor: Visitor) -> str:
    return str(visitor.login(scope=SCOPE)["access_token"])


@pytest.fixture
def ids(visitor: Visitor) -> dict[str, object]:
    """What the placeholders stand for: a raced run with everything to it, and what belongs to it."""
    world, person = visitor.world, visitor.world.people[0]
    segment = world.population.segments[1]
    effort = world.segment_efforts.on_segment(segment, person.id)[0]
    row = world.activity_store.find(effort.activity_id)
    assert row is not None
    world.edit_activity(replace(row, comment_count=4, photo_count=2, kudos_count=3))
    latitude, longitude = segment.points[0]
    return {
        "activity": row.id,
        "manual": next(one.id for one in world.activities(person.id) if one.manual),
        "ride": next(one.id for one in world.activities(person.id) if one.sport_type == "Ride"),
        "athlete": person.id,
        "club": person.clubs[0].id,
        "shoes": person.shoes[0].id,
        "bike": person.bikes[0].id,
        "segment": segment.id,
        "effort": effort.id,
        "route": world.population.routes(person.id)[0].id,
        "bounds": f"{latitude - 0.2},{longitude - 0.2},{latitude + 0.2},{longitude + 0.2}",
    }


def problems(spec: dict[str, Any], answer: Response, method: str, path: str) -> list[str]:
    """What the file has against an answer."""
    assert 200 <= answer.status < 300, answer.text()
    schema = spec["paths"][path][method]["responses"][str(answer.status)]["schema"]
    definitions = dict(spec["definitions"])
    if path in WHOLE:
        effort = definitions["DetailedSegmentEffort"]
        whole = {name: {"$ref": f"#/definitions/{model}"} for name, model in WHOLE[path].items()}
        definitions["DetailedSegmentEffort"] = {**effort, "properties": effort["properties"] | whole}
    validator = Draft7Validator({**schema, "definitions": definitions})
    found = validator.iter_errors(read(answer))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


KEYS = "time,latlng,distance,altitude,velocity_smooth,heartrate,cadence,watts,temp,moving,grade_smooth"
READ = [
    ("/athlete", "/athlete"),
    ("/athlete/zones", "/athlete/zones"),
    ("/athletes/{athlete}/stats", "/athletes/{id}/stats"),
    ("/athlete/activities?per_page=200", "/athlete/activities"),
    ("/athlete/activities?per_page=200&page=5", "/athlete/activities"),
    ("/athlete/clubs", "/athlete/clubs"),
    ("/athletes/{athlete}/routes", "/athletes/{id}/routes"),
    ("/activities/{activity}", "/activities/{id}"),
    ("/activities/{manual}", "/activities/{id}"),
    ("/activities/{ride}", "/activities/{id}"),
    ("/activities/{activity}/laps", "/activities/{id}/laps"),
    ("/activities/{activity}/zones", "/activities/{id}/zones"),
    ("/activities/{activity}/comments", "/activities/{id}/comments"),
    ("/activities/{activity}/comments?page=1", "/activities/{id}/comments"),
    ("/activities/{activity}/kudos", "/activities/{id}/kudos"),
    (f"/activities/{{activity}}/streams?key_by_type=true&keys={KEYS}", "/activities/{id}/streams"),
    ("/gear/{shoes}", "/gear/{id}"),
    ("/gear/{bike}", "/gear/{id}"),
    ("/routes/{route}", "/routes/{id}"),
    ("/routes/{route}/streams", "/routes/{id}/streams"),
    ("/segments/{segment}", "/segments/{id}"),
    ("/segments/starred", "/segments/starred"),
    ("/segments/explore?bounds={bounds}&activity_type=running", "/segments/explore"),
    ("/segments/{segment}/streams?key_by_type=true", "/segments/{id}/streams"),
    ("/segment_efforts?segment_id={segment}&per_page=200", "/segment_efforts"),
    ("/segment_efforts/{effort}", "/segment_efforts/{id}"),
    ("/segment_efforts/{effort}/streams?key_by_type=true&keys=time,altitude", "/segment_efforts/{id}/streams"),
    ("/clubs/{club}", "/clubs/{id}"),
]
GONE = {"/clubs/{id}/members", "/clubs/{id}/admins", "/clubs/{id}/activities"}
FILES = {"/routes/{id}/export_gpx", "/routes/{id}/export_tcx"}


@pytest.mark.parametrize(("where", "path"), READ, ids=[where.partition("?")[0] for where, _ in READ])
def test_what_is_read_is_as_the_file_says(
    visitor: Visitor, token: str, spec: dict[str, Any], ids: dict[str, object], where: str, path: str
) -> None:
    answer = visitor.api(where.format(**ids), token)

    assert problems(spec, answer, "get", path) == []
    assert read(answer)


def test_what_is_written_is_answered_as_the_file_says(
    visitor: Visitor, token: str, spec: dict[str, Any], ids: dict[str, object]
) -> None:
    fields = {"name": "A", "sport_type": "Run", "start_date_local": "2026-11-19T12:00:00", "elapsed_time": "60"}
    made = visitor.post("/api/v3/activities", fields, authorization=f"Bearer {token}")
    edited = visitor.send(
        Request(
            method="PUT",
            url=f"{visitor.base}/api/v3/activities/{read(made)['id']}",
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
            body=b'{"name": "B", "commute": true}',
        )
    )
    received = hand_in(visitor, token, fit(), {"data_type": "fit"})
    polls = [visitor.api(f"/uploads/{read(received)['id']}", token) for _ in range(2)]
    again = hand_in(visitor, token, fit(), {"data_type": "fit"})
    refused = [visitor.api(f"/uploads/{read(again)['id']}", token) for _ in range(2)]

    assert read(polls[1])["activity_id"]
    assert read(refused[1])["error"]
    assert problems(spec, made, "post", "/activities") == []
    assert problems(spec, edited, "put", "/activities/{id}") == []
    assert problems(spec, visitor.put("/athlete", token, weight="60.5"), "put", "/athlete") == []
    starred = visitor.put(f"/segments/{ids['segment']}/starred", token, starred="true")
    assert problems(spec, starred, "put", "/segments/{id}/starred") == []
    assert problems(spec, received, "post", "/uploads") == []
    for answer in (*polls, *refused):
        assert problems(spec, answer, "get", "/uploads/{uploadId}") == []


def test_an_uploaded_activity_is_as_the_file_says(visitor: Visitor, token: str, spec: dict[str, Any]) -> None:
    upload = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]
    uploaded = [read(visitor.api(f"/uploads/{upload}", token))["activity_id"] for _ in range(2)][-1]

    assert problems(spec, visitor.api(f"/activities/{uploaded}", token), "get", "/activities/{id}") == []


def test_no_path_of_the_file_is_left_out(spec: dict[str, Any]) -> None:
    served = {path for path, calls in spec["paths"].items() if "get" in calls}

    assert served - GONE - FILES - {"/uploads/{uploadId}"} == {path for _, path in READ}


def test_every_path_of_the_file_is_a_route_of_the_sandbox(spec: dict[str, Any]) -> None:
    def shape(path: str) -> str:
        return "/".join("*" if part[:1] in "{<" and part else part for part in path.split("/"))

    mine = {(route.method.lower(), shape(route.path)) for route in API_ROUTES}
    theirs = {
        (method, shape(path))
        for path, calls in spec["paths"].items()
        for method in calls
        if method in {"get", "post", "put", "delete"}
    }

    assert theirs <= mine


def test_a_field_the_file_does_not_know_is_a_problem(spec: dict[str, Any]) -> None:
    answer = Response(status=200, headers={}, body=b'{"id": 1, "moving": true, "firstname": "A"}')

    found = problems(spec, answer, "get", "/athlete")

    assert len(found) == 1
    assert "moving" in found[0]
