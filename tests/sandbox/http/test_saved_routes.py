"""Saved routes, clubs, the athlete's weight, and zones of pace and power."""

from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import gpxpy
import pytest
from defusedxml.ElementTree import fromstring

from paceport.sandbox.athletes import activity_parts
from paceport.sandbox.athletes.saved_routes import SavedRoute
from paceport.sandbox.state.world import World
from sandbox.visitor import Visitor, read

TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"


@pytest.fixture
def token(resident: Visitor) -> str:
    return str(resident.login(scope="read_all,profile:read_all,profile:write,activity:read_all")["access_token"])


@pytest.fixture
def route(world_of_years: World) -> SavedRoute:
    """A public route of the first athlete."""
    routes = world_of_years.population.routes(world_of_years.people[0].id)
    return next(one for one in routes if not one.private and one.type == 2)


@pytest.fixture
def world_of_years(resident: Visitor) -> World:
    return resident.world


def get(resident: Visitor, where: str, token: str) -> Any:  # noqa: ANN401  # JSON is what it is
    answer = resident.api(where, token)
    assert answer.status == 200, answer.text()
    return read(answer)


def test_private_routes_need_read_all(resident: Visitor, token: str) -> None:
    where = f"/athletes/{resident.world.people[0].id}/routes"
    narrow = resident.login(scope="read")["access_token"]
    mine, public = get(resident, where, token), get(resident, where, narrow)
    hidden = next(one for one in mine if one["private"])

    assert [one for one in mine if not one["private"]] == public
    assert resident.api(f"/routes/{hidden['id']}", token).status == 200
    assert resident.api(f"/routes/{hidden['id']}", narrow).status == 404
    assert get(resident, f"{where}?page=2", token) == []


def test_others_routes_are_not_found(resident: Visitor, token: str) -> None:
    other = resident.world.people[1].id

    assert resident.api(f"/athletes/{other}/routes", token).status == 404
    assert resident.api(f"/routes/{resident.world.population.routes(other)[0].id}", token).status == 404


def test_a_route_keeps_its_whole_id_and_names_its_segments(resident: Visitor, token: str, route: SavedRoute) -> None:
    value = get(resident, f"/routes/{route.id}", token)

    assert (value["id"], value["id_str"], value["resource_state"]) == (route.id, str(route.id), 3)
    assert value["map"]["id"] == f"r{route.id}"
    assert value["id"] > 2**53
    assert isinstance(value["segments"], list)


def test_a_route_over_a_segment_names_it(resident: Visitor, token: str) -> None:
    rows = get(resident, f"/athletes/{resident.world.people[0].id}/routes", token)
    named = [segment["id"] for row in rows for segment in get(resident, f"/routes/{row['id']}", token)["segments"]]

    assert resident.world.population.segments[1].id in named


def test_the_gpx_of_a_route_is_a_track(resident: Visitor, token: str, route: SavedRoute) -> None:
    answer = resident.api(f"/routes/{route.id}/export_gpx", token)
    found = gpxpy.parse(answer.body)

    assert (answer.headers["content-type"], found.tracks[0].name) == ("application/gpx+xml", route.name)
    assert found.length_2d() == pytest.approx(route.distance_m, rel=0.01)


def test_the_tcx_of_a_route_is_a_course(resident: Visitor, token: str, route: SavedRoute) -> None:
    answer = resident.api(f"/routes/{route.id}/export_tcx", token)
    course = fromstring(answer.body).find(f"{TCX}Courses/{TCX}Course")

    assert answer.headers["content-type"] == "application/tcx+xml"
    assert isinstance(course, Element)
    ends = [float(point.findtext(f"{TCX}DistanceMeters") or "nan") for point in course.iter(f"{TCX}Trackpoint")]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(route.distance_m, abs=0.1)


def test_the_streams_of_a_route_come_in_either_shape(resident: Visitor, token: str, route: SavedRoute) -> None:
    as_list = get(resident, f"/routes/{route.id}/streams", token)
    resident.world.switches.set(route_streams_shape="set")
    as_set = get(resident, f"/routes/{route.id}/streams", token)

    assert {one["type"]: one["data"] for one in as_list} == {key: one["data"] for key, one in as_set.items()}
    assert as_set.keys() == {"latlng", "distance", "altitude"}
    assert as_set["distance"]["data"][-1] == pytest.approx(route.distance_m)


def test_clubs_are_listed_and_shown_with_what_the_athlete_is_there(resident: Visitor, token: str) -> None:
    listed = get(resident, "/athlete/clubs", token)
    detail = get(resident, f"/clubs/{listed[0]['id']}", token)

    assert [one["id"] for one in listed] == [club.id for club in resident.world.people[0].clubs]
    assert (detail["membership"], detail["resource_state"], detail["name"]) == ("member", 3, listed[0]["name"])


def test_a_private_club_is_for_its_members(resident: Visitor, token: str) -> None:
    public, private = resident.world.people[1].clubs

    assert get(resident, f"/clubs/{public.id}", token)["membership"] is None
    assert resident.api(f"/clubs/{private.id}", token).status == 404
    assert resident.api("/clubs/1", token).status == 404


def test_a_clubs_meetings_are_still_to_come(resident: Visitor, token: str) -> None:
    club = resident.world.people[0].clubs[0]
    (event,) = get(resident, f"/clubs/{club.id}/group_events", token)

    assert event["upcoming_occurrences"] == sorted(event["upcoming_occurrences"])
    assert event["upcoming_occurrences"][0] == "2026-11-24T17:30:00Z"
    assert get(resident, f"/clubs/{club.id}/group_events?page=2", token) == []


@pytest.mark.parametrize("status", [404, 403, 410])
@pytest.mark.parametrize("part", ["members", "admins", "activities"])
def test_the_removed_calls_of_a_club_are_gone(resident: Visitor, token: str, part: str, status: int) -> None:
    resident.world.switches.set(removed_club_status=status)

    assert resident.api(f"/clubs/{resident.world.people[0].clubs[0].id}/{part}", token).status == status


def test_the_weight_is_changed_for_good_and_counts_in_both_limits(resident: Visitor, token: str) -> None:
    answer = resident.put("/athlete", token, weight="61.5")

    assert (read(answer)["weight"], read(answer)["resource_state"]) == (61.5, 3)
    assert (answer.headers["x-ratelimit-usage"], answer.headers["x-readratelimit-usage"]) == ("1,1", "1,1")
    assert get(resident, "/athlete", token)["weight"] == 61.5
    resident.world.reset()
    assert resident.world.people[0].weight_kg == 58.5


@pytest.mark.parametrize("weight", ["", "heavy", "-1", "nan", "inf", "1e9"])
def test_a_weight_that_makes_no_sense_is_a_400(resident: Visitor, token: str, weight: str) -> None:
    assert resident.put("/athlete", token, weight=weight).status == 400


def test_the_weight_needs_its_scope(resident: Visitor) -> None:
    reader = resident.login(scope="read_all,profile:read_all")["access_token"]

    assert resident.put("/athlete", reader, weight="60").status == 401


def test_gear_may_need_the_wider_scope(resident: Visitor) -> None:
    reader = resident.login(scope="read")["access_token"]
    shoes = resident.world.people[0].shoes[0].id
    usual = resident.api(f"/gear/{shoes}", reader).status
    resident.world.switches.set(gear_needs="profile:read_all")

    assert (usual, resident.api(f"/gear/{shoes}", reader).status) == (200, 401)


def test_every_moving_second_lies_in_one_zone_of_pace_and_of_power(resident: Visitor) -> None:
    world = resident.world
    world.sign_in(world.people[1].id)
    world.switches.set(zones_without_subscription=200)
    token = resident.login(scope="read,activity:read_all")["access_token"]
    rows = world.activities(world.people[1].id)
    with_power = next(row for row in rows if row.summary.average_watts is not None and row.is_run)

    zones = {zone["type"]: zone for zone in get(resident, f"/activities/{with_power.id}/zones", token)}

    assert {"pace", "power"} <= zones.keys()
    for kind in ("pace", "power"):
        buckets = zones[kind]["distribution_buckets"]
        assert sum(bucket["time"] for bucket in buckets) == with_power.summary.moving_time_s
        assert buckets[-1]["max"] == -1
        assert all(low["max"] == high["min"] for low, high in pairwise(buckets))
    assert len(zones["power"]["distribution_buckets"]) == 11


@pytest.mark.parametrize("status", [402, 403, 200])
def test_the_zones_of_an_activity_are_for_subscribers(resident: Visitor, status: int) -> None:
    world = resident.world
    world.sign_in(world.people[1].id)
    world.switches.set(zones_without_subscription=status)
    token = resident.login(scope="read,activity:read_all")["access_token"]

    assert resident.api(f"/activities/{world.activities(world.people[1].id)[0].id}/zones", token).status == status


def test_a_hidden_map_is_hidden_from_its_owner_too(resident: Visitor, token: str) -> None:
    world = resident.world
    row = next(row for row in world.activities(world.people[0].id) if activity_parts.full_polyline(row))
    world.edit_activity(replace(row, map_hidden=True))
    detail = get(resident, f"/activities/{row.id}", token)
    streams = get(resident, f"/activities/{row.id}/streams?keys=latlng,time&key_by_type=true", token)

    assert (detail["map"]["polyline"], detail["map"]["summary_polyline"]) == ("", "")
    assert (detail["start_latlng"], detail["end_latlng"]) == ([], [])
    assert streams.keys() == {"time", "distance"}
