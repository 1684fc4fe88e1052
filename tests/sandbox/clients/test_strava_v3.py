"""strava-v3 of npm, unmodified: every method of it, in one run of node, against the sandbox as www.strava.com."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from paceport.sandbox.athletes.activity import Activity
from sandbox import callback
from sandbox.clients.conftest import agree
from sandbox.files import gpx
from sandbox.visitor import Visitor

FOLDER = Path(__file__).parent / "strava_v3"
SCOPES = "read_all,profile:read_all,profile:write,activity:read_all,activity:write"
REDIRECT = "http://localhost/exchange_token"


def needs_node() -> str:
    """Where node is. The package comes from the network, so that its absence is a skip wherever it is."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed (Debian: apt install nodejs npm)")
    if not (FOLDER / "node_modules" / "strava-v3").is_dir():
        pytest.skip("strava-v3 is not installed: make clients")
    return node


def arguments(person: Visitor, row: Activity, file: Path, hook: str, newcomers_token: str) -> dict[str, Any]:
    """What each method is called with."""
    world, athlete = person.world, person.world.people[0]
    (effort, *_), segment = world.segment_efforts.in_activity(row), world.population.segments[0]
    latitude, longitude = segment.points[0]
    club, route = athlete.clubs[0].id, str(world.population.routes(athlete.id)[0].id)
    this = {"id": row.id}
    typed = {"name": "From node", "sport_type": "Run", "start_date_local": "2026-11-01T07:30:00Z", "elapsed_time": 1860}
    return {
        "athlete.get": {},
        "athlete.listActivities": {"per_page": 5},
        "athlete.listRoutes": {},
        "athlete.listClubs": {},
        "athlete.listZones": {},
        "athlete.update": {"weight": athlete.weight_kg},
        "athletes.stats": {"id": world.people[2].id, "access_token": newcomers_token},
        "activities.get": {**this, "include_all_efforts": True},
        "activities.listZones": this,
        "activities.listLaps": this,
        "activities.listComments": this,
        "activities.listKudoers": this,
        "activities.create": {**typed, "distance": 6000, "trainer": True},
        "activities.update": {**this, "description": "Edited from node", "hide_from_home": False},
        **{f"clubs.{name}": {"id": club} for name in ("get", "listMembers", "listActivities", "listAdmins")},
        "gear.get": {"id": athlete.shoes[0].id},
        "routes.get": {"id": route},
        "routes.getFile": {"id": route, "file_type": "gpx"},
        "segmentEfforts.get": {"id": str(effort.id)},
        "segments.get": {"id": segment.id},
        "segments.listStarred": {},
        "segments.starSegment": {"id": segment.id, "starred": True},
        "segments.listEfforts": {"id": segment.id},
        "segments.explore": {
            "bounds": f"{latitude - 0.1},{longitude - 0.1},{latitude + 0.1},{longitude + 0.1}",
            "activity_type": "running",
        },
        "streams.activity": {**this, "keys": "time,latlng,heartrate", "key_by_type": True},
        "streams.effort": {"id": str(effort.id), "keys": "distance", "key_by_type": True},
        "streams.segment": {"id": segment.id, "keys": "latlng", "key_by_type": True},
        "streams.route": {"id": route},
        "uploads.post": {"file": str(file), "data_type": "gpx", "name": "Sent from node", "maxStatusChecks": 5},
        "pushSubscriptions.create": {"callback_url": hook, "verify_token": "mine"},
        "pushSubscriptions.list": {},
    }


@pytest.fixture(scope="module")
def run(
    served: tuple[Visitor, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Visitor, Activity, dict[str, Any]]]:
    """What node printed, the run it looked at, and the person whose client it was."""
    node = needs_node()
    person, variables = served
    world = person.world
    world.switches.set(explore_status=200)
    row = next(
        one
        for one in world.activities(world.people[0].id)
        if one.is_run and one.comment_count and one.kudos_count and world.segment_efforts.in_activity(one)
    )
    app, file = world.app, tmp_path_factory.mktemp("files") / "run.gpx"
    file.write_bytes(gpx())
    token = person.login(scope=SCOPES, redirect_uri=REDIRECT)
    world.sign_in(world.people[2].id)
    newcomers_token = str(person.login(scope="read", redirect_uri=REDIRECT)["access_token"])
    world.sign_in(world.people[0].id)
    second = agree(person, person.asking(scope="read", redirect_uri=REDIRECT))
    with callback.listening() as hook:
        plan = {
            "client_id": str(app.client_id),
            "client_secret": app.client_secret,
            "redirect_uri": REDIRECT,
            "access_token": token["access_token"],
            "calls": [
                ["oauth.getRequestAccessURL", {"scope": "read"}],
                ["oauth.getToken", parse_qs(urlsplit(second).query)["code"][0]],
                ["oauth.refreshToken", token["refresh_token"]],
                *([name, given] for name, given in arguments(person, row, file, hook.url, newcomers_token).items()),
            ],
        }
        ended = subprocess.run(
            [node, "calls.js"],
            cwd=FOLDER,
            env={**os.environ, **variables},
            input=json.dumps(plan),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    yield person, row, json.loads(ended.stdout)
    world.edit_activity(row)


# What the service itself refuses: calls removed in 2026, and one that no documentation names.
REFUSED = {
    "clubs.listMembers": 401,
    "clubs.listAdmins": 401,
    "clubs.listActivities": 404,
    "athlete.listRoutes": 404,
}


def test_every_method_of_strava_v3_is_called(run: tuple[Visitor, Activity, dict[str, Any]]) -> None:
    _, _, printed = run

    assert set(printed["methods"]) == printed["results"].keys()


def test_every_method_of_strava_v3_is_answered_as_on_the_service(
    run: tuple[Visitor, Activity, dict[str, Any]],
) -> None:
    _, _, printed = run

    refused = {name: result["status"] for name, result in printed["results"].items() if "error" in result}
    assert refused == REFUSED, {name: printed["results"][name] for name in refused}


def test_what_strava_v3_gives_is_what_the_world_holds(run: tuple[Visitor, Activity, dict[str, Any]]) -> None:
    person, row, printed = run
    values = {name: result.get("value") for name, result in printed["results"].items()}
    athlete = person.world.people[0]

    assert values["athlete.get"]["id"] == athlete.id
    assert len(values["athlete.listActivities"]) == 5
    assert values["activities.get"]["id"] == row.id
    assert values["activities.get"]["name"] == row.name
    assert len(values["activities.listComments"]) == row.comment_count
    assert len(values["activities.listKudoers"]) == min(row.kudos_count, 30)
    assert (values["activities.create"]["name"], values["activities.create"]["elapsed_time"]) == ("From node", 1860)
    assert values["activities.update"]["description"] == "Edited from node"
    assert values["routes.getFile"].startswith("<?xml")
    assert values["segments.starSegment"]["starred"] is True
    assert {"time", "latlng", "heartrate", "distance"} == values["streams.activity"].keys()
    assert values["uploads.post"]["status"] == "Your activity is ready."
    assert [one["id"] for one in values["pushSubscriptions.list"]] == [values["pushSubscriptions.create"]["id"]]
    assert values["oauth.refreshToken"]["access_token"]
    assert values["oauth.getToken"]["athlete"]["id"] == athlete.id
