"""One activity: detail, laps, zones, streams, and who may see them."""

from typing import Any

import pytest

from paceport.sandbox.state.world import World
from sandbox.few import MANUAL, MAP_HIDDEN, ONLY_ME, PLAIN
from sandbox.visitor import Visitor, read

NOT_FOUND = b'{"message":"Resource Not Found","errors":[]}'


@pytest.fixture
def token(visitor: Visitor) -> str:
    return str(visitor.login(scope="read,activity:read_all")["access_token"])


@pytest.fixture
def narrow(visitor: Visitor) -> str:
    return str(visitor.login(scope="read,activity:read")["access_token"])


def path(world: World, number: int, part: str = "", athlete: int = 0) -> str:
    return f"/activities/{world.activities(world.people[athlete].id)[number].id}{part}"


def get(visitor: Visitor, where: str, token: str) -> Any:  # noqa: ANN401  # JSON is what it is
    answer = visitor.api(where, token)
    assert answer.status == 200, answer.text()
    return read(answer)


def test_the_detail_adds_its_parts(visitor: Visitor, world: World, token: str) -> None:
    detail = get(visitor, path(world, 0), token)

    assert (detail["resource_state"], detail["description"]) == (3, "Flat")
    assert {"calories", "embed_token", "similar_activities", "photos", "stats_visibility", "gear"} <= detail.keys()
    assert detail["map"]["polyline"]
    assert [split["split"] for split in detail["splits_metric"]] == [1, 2]
    assert sum(split["distance"] for split in detail["splits_metric"]) == pytest.approx(detail["distance"], abs=0.11)
    assert detail["best_efforts"][0]["name"] == "400m"


def test_a_manual_entry_has_no_laps_and_no_splits(visitor: Visitor, world: World, token: str) -> None:
    detail = get(visitor, path(world, MANUAL), token)

    assert not {"laps", "splits_metric"} & detail.keys()
    assert detail["best_efforts"] == []
    assert get(visitor, path(world, MANUAL, "/laps"), token) == []


def test_laps_add_up_to_the_activity(visitor: Visitor, world: World, token: str) -> None:
    laps, detail = get(visitor, path(world, 0, "/laps"), token), get(visitor, path(world, 0), token)

    assert [lap["lap_index"] for lap in laps] == list(range(1, len(laps) + 1))
    assert sum(lap["elapsed_time"] for lap in laps) == detail["elapsed_time"]
    assert laps == detail["laps"]


def test_time_in_zones_needs_heart_rate(visitor: Visitor, world: World, token: str) -> None:
    zones = get(visitor, path(world, 0, "/zones"), token)

    assert zones[0]["type"] == "heartrate"
    assert sum(bucket["time"] for bucket in zones[0]["distribution_buckets"]) == 400
    assert [zone["type"] for zone in get(visitor, path(world, PLAIN, "/zones"), token)] == ["pace"]


def test_streams_come_as_an_object_or_as_a_list(visitor: Visitor, world: World, token: str) -> None:
    by_key = get(visitor, path(world, 0, "/streams?keys=time,heartrate&key_by_type=true"), token)
    listed = get(visitor, path(world, 0, "/streams?keys=time,heartrate"), token)

    assert set(by_key) == {"time", "heartrate", "distance"}
    assert {one["type"]: {k: v for k, v in one.items() if k != "type"} for one in listed} == by_key
    assert by_key["time"]["data"] == list(range(401))
    assert (by_key["time"]["series_type"], by_key["time"]["original_size"]) == ("distance", 401)
    assert by_key["time"]["resolution"] == "high"


def test_streams_without_keys_are_the_distance(visitor: Visitor, world: World, token: str) -> None:
    assert set(get(visitor, path(world, 0, "/streams?key_by_type=true"), token)) == {"distance"}
    assert set(get(visitor, path(world, 0, "/streams?key_by_type=true&keys=moon"), token)) == {"distance"}


def test_a_channel_that_was_not_recorded_is_absent(visitor: Visitor, world: World, token: str) -> None:
    found = get(visitor, path(world, PLAIN, "/streams?keys=heartrate,watts,time&key_by_type=true"), token)

    assert set(found) == {"time", "distance"}


def test_streams_of_a_manual_entry_are_not_found(visitor: Visitor, world: World, token: str) -> None:
    answer = visitor.api(path(world, MANUAL, "/streams?keys=time&key_by_type=true"), token)

    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_streams_start_late_without_the_wider_scope(visitor: Visitor, world: World, narrow: str) -> None:
    found = get(visitor, path(world, 0, "/streams?keys=time,latlng&key_by_type=true"), narrow)

    assert found["time"]["data"][0] == 30
    assert len(found["time"]["data"]) == len(found["latlng"]["data"]) == len(found["distance"]["data"])


def test_a_hidden_map_has_no_positions(visitor: Visitor, world: World, token: str) -> None:
    found = get(visitor, path(world, MAP_HIDDEN, "/streams?keys=time,latlng&key_by_type=true"), token)

    assert set(found) == {"time", "distance"}
    assert get(visitor, path(world, MAP_HIDDEN), token)["map"]["polyline"] == ""


@pytest.mark.parametrize("part", ["", "/laps", "/zones", "/streams"])
def test_only_you_activities_are_not_found_without_the_wider_scope(
    visitor: Visitor, world: World, narrow: str, part: str
) -> None:
    answer = visitor.api(path(world, ONLY_ME[0], part), narrow)

    assert (answer.status, answer.body) == (404, NOT_FOUND)


@pytest.mark.parametrize("part", ["", "/laps", "/zones", "/streams"])
def test_the_activities_of_others_are_not_found(visitor: Visitor, world: World, token: str, part: str) -> None:
    assert visitor.api(path(world, 0, part, athlete=1), token).status == 404


def test_an_unknown_activity_is_not_found(visitor: Visitor, token: str) -> None:
    assert visitor.api("/activities/99999999999999999999", token).body == NOT_FOUND
