"""Every recorded request again, at the sandbox: the answer has the same status, the same fields and types.

What may differ is listed, with its reason. Numbers are one type: the service prints one field now as 0, now as 0.0.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from conftest import SharedFiles
from makers.known_facts import Facts, RecordedIds
from paceport.clock import ManualClock
from paceport.http_message import Request, Response
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.few import NEWEST
from sandbox.files import fit, hand_in
from sandbox.visitor import Visitor, read

SCOPE = "read_all,profile:read_all,profile:write,activity:read_all,activity:write"

# Fields of older captures that are no longer sent, and fields that came since: by recording.
GONE = {"update_activity.yml": "start_latitude start_longitude"}
SINCE = {
    "update_activity.yml": "sport_type stats_visibility hide_from_home perceived_exertion prefer_perceived_exertion "
    "summary_polyline",
    "upload.yml": "id_str",
    "token_authorization_code.yml": "bio summit weight",
}
# Fields that are there for some activities, athletes or gear and absent for others (documented or seen so).
SOMETIMES = "average_cadence average_temp device_name gear pace_zone private_note"
NULLABLE = (
    "workout_type gear_id location_country nickname pr_rank cover_photo cover_photo_small "
    "start_latlng end_latlng polyline from_accepted_tag perceived_exertion prefer_perceived_exertion"
)


def shape(value: object) -> Any:  # noqa: ANN401  # a tree of type names
    """What a JSON value is made of; a list is the union of its elements."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        union: Any = None
        for part in value:
            union = merged(union, shape(part))
        return [] if union is None else [union]
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "null" if value is None else "text"


def merged(one: Any, other: Any) -> Any:  # noqa: ANN401  # trees of type names
    """Both shapes in one: fields of either, the better known of two types."""
    if one is None or one == "null":
        return other
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: merged(one.get(name), other.get(name)) for name in (*one, *other)}
    if isinstance(one, list) and isinstance(other, list):
        return one if not other else other if not one else [merged(one[0], other[0])]
    return one


def differences(theirs: Any, ours: Any, allowed: set[str], path: str = "") -> Iterator[str]:  # noqa: ANN401
    """Where two shapes differ beyond what is allowed."""
    name = path.rpartition("/")[2].removesuffix("[]")
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs.keys() ^ ours.keys():
            if key not in allowed and key not in SOMETIMES.split() and not key.isdigit():
                yield f"{path}/{key}: only {'recorded' if key in theirs else 'ours'}"
        for key in theirs.keys() & ours.keys():
            yield from differences(theirs[key], ours[key], allowed, f"{path}/{key}")
    elif isinstance(theirs, list) and isinstance(ours, list):
        if theirs and ours:
            yield from differences(theirs[0], ours[0], allowed, f"{path}[]")
    elif theirs != ours and not ("null" in (theirs, ours) and name in NULLABLE.split()):
        yield f"{path}: recorded {theirs}, ours {ours}"


def recording(shared_file: SharedFiles, name: str) -> list[dict[str, Any]]:
    text = shared_file(f"recorded/{name}").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)["http_interactions"]
    return found


@pytest.fixture(scope="module")
def visitor(population: Population) -> Iterator[Visitor]:
    world = World(population, seed=1, clock=ManualClock(NEWEST.replace(day=22)))
    with open_transport(wsgi=create_app(world)) as send:
        yield Visitor(world=world, send=send)


def replayed(visitor: Visitor, interaction: dict[str, Any], ids: dict[str, object]) -> Response:
    """The recorded request with the sandbox's own ids, token and app."""
    asked = interaction["request"]
    parts = urlsplit(asked["uri"])
    path = "/".join(str(ids.get(part, part)) for part in parts.path.split("/"))
    headers = {"authorization": f"Bearer {ids['bearer']}"}
    if "Content-Type" in asked["headers"]:
        headers["content-type"] = asked["headers"]["Content-Type"][0]
    body = str(asked["body"]["string"])
    for theirs, ours in ids.items():
        body = body.replace(f"={theirs}&", f"={ours}&")
    url = f"{visitor.base}{path}{'?' + parts.query if parts.query else ''}"
    return visitor.send(Request(method=asked["method"].upper(), url=url, headers=headers, body=body.encode()))


def ids_of(visitor: Visitor, recorded: RecordedIds) -> dict[str, object]:
    """The sandbox's ids for those that the recordings name, and a token for all scopes."""
    world, person = visitor.world, visitor.world.people[0]
    world.reset()
    row = next(one for one in world.activities(person.id) if world.segment_efforts.in_activity(one))
    world.edit_activity(replace(row, photo_count=3, workout_type=1, description="Flat"))
    token = visitor.login(scope=SCOPE)["access_token"]
    upload = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]
    visitor.api(f"/uploads/{upload}", token)
    manual = next(one for one in world.activities(person.id) if one.manual)
    return {
        "bearer": token,
        recorded.activity: row.id,
        recorded.activity_with_laps: row.id,
        recorded.manual_activity: manual.id,
        recorded.athlete: person.id,
        recorded.shoes: person.shoes[0].id,
        recorded.bike: person.bikes[0].id,
        recorded.upload: upload,
        recorded.client: world.app.client_id,
    }


@pytest.mark.parametrize(
    "name",
    [
        *("activity.yml", "activity_laps.yml", "activity_streams.yml", "athlete.yml", "athlete_activities.yml"),
        *("athlete_activities_december_2018.yml", "athlete_stats.yml", "athlete_zones.yml", "create_activity.yml"),
        *("deauthorize.yml", "gear.yml", "update_activity.yml", "upload.yml"),
    ],
)
def test_a_good_answer_has_the_recorded_shape(
    shared_file: SharedFiles, facts: Facts, visitor: Visitor, name: str
) -> None:
    interactions = recording(shared_file, name)
    allowed = set(GONE.get(name, "").split()) | set(SINCE.get(name, "").split())
    for interaction in interactions:
        answer = replayed(visitor, interaction, ids_of(visitor, facts.ids))
        theirs = json.loads(interaction["response"]["body"]["string"])

        assert answer.status == interaction["response"]["status"]["code"], answer.text()
        assert list(differences(shape(theirs), shape(read(answer)), allowed)) == []


def test_the_token_answer_has_the_recorded_shape(shared_file: SharedFiles, facts: Facts, visitor: Visitor) -> None:
    (interaction,) = recording(shared_file, "token_authorization_code.yml")
    ids = ids_of(visitor, facts.ids)
    body = interaction["request"]["body"]["string"]
    code = body.partition("code=")[2].partition("&")[0]
    swap = {**ids, code: visitor.code(scope="read"), "secret": visitor.world.app.client_secret}

    answer = replayed(visitor, interaction, swap)

    theirs = json.loads(interaction["response"]["body"]["string"])
    allowed = set(SINCE["token_authorization_code.yml"].split())
    assert answer.status == 200
    assert list(differences(shape(theirs), shape(read(answer)), allowed)) == []


def test_an_unknown_client_is_refused_word_for_word(shared_file: SharedFiles, facts: Facts, visitor: Visitor) -> None:
    (interaction,) = recording(shared_file, "token_invalid_client.yml")

    answer = replayed(visitor, interaction, ids_of(visitor, facts.ids))

    assert answer.status == interaction["response"]["status"]["code"]
    assert answer.text() == interaction["response"]["body"]["string"]


def test_a_bad_code_is_refused_in_the_recorded_shape(shared_file: SharedFiles, facts: Facts, visitor: Visitor) -> None:
    (interaction,) = recording(shared_file, "token_invalid_code.yml")
    swap = {**ids_of(visitor, facts.ids), "client-secret": visitor.world.app.client_secret}

    answer = replayed(visitor, interaction, swap)

    theirs = json.loads(interaction["response"]["body"]["string"])
    assert answer.status == interaction["response"]["status"]["code"]
    assert list(differences(shape(theirs), shape(read(answer)), set())) == []


def test_a_dead_token_is_refused_in_the_recorded_shape(
    shared_file: SharedFiles, facts: Facts, visitor: Visitor
) -> None:
    (interaction,) = recording(shared_file, "authorization_error.yml")

    answer = replayed(visitor, interaction, {**ids_of(visitor, facts.ids), "bearer": "dead"})

    theirs = json.loads(interaction["response"]["body"]["string"])
    assert answer.status == interaction["response"]["status"]["code"]
    assert list(differences(shape(theirs), shape(read(answer)), set())) == []


def test_what_is_not_there_and_what_is_too_much_have_the_recorded_status(
    shared_file: SharedFiles, facts: Facts, visitor: Visitor
) -> None:
    """The bodies differ: the capture of 2020 lost its own, that of 2018 is older than today's form."""
    (missing,) = recording(shared_file, "not_found_error.yml")
    (limited,) = recording(shared_file, "activity_with_ratelimit_exceeded.yml")
    ids = ids_of(visitor, facts.ids)

    absent = replayed(visitor, missing, {**ids, facts.ids.activity: 1})
    visitor.world.plan("rate_limited", path="/api/v3/activities")
    too_much = replayed(visitor, limited, ids)

    assert absent.status == missing["response"]["status"]["code"] == 404
    assert too_much.status == limited["response"]["status"]["code"] == 429


def test_every_recording_is_replayed(shared_file: SharedFiles) -> None:
    folder = shared_file("recorded/activity.yml").parent
    text = Path(__file__).read_text(encoding="utf-8")

    assert [path.name for path in folder.glob("*.yml") if path.name not in text] == []


def test_shapes_tell_apart_what_differs() -> None:
    theirs = shape({"id": 1, "name": "a", "laps": [{"index": 1}, {"index": 2, "extra": None}]})

    assert list(differences(theirs, shape({"id": 1.0, "name": "b", "laps": []}), set())) == []
    assert list(differences(theirs, shape({"id": "1", "name": None, "other": 1, "laps": [{"index": 1}]}), set())) != []
    assert sorted(differences(shape({"name": 1, "more": 1}), shape({"name": "x"}), set())) == [
        "/more: only recorded",
        "/name: recorded number, ours text",
    ]
