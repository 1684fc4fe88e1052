"""Segments, stars and efforts."""

from dataclasses import replace
from typing import Any

import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.polyline import encode
from paceport.sandbox.athletes.segments import Segment
from sandbox.visitor import Visitor, read

SCOPE = "read_all,profile:write,activity:read_all"


@pytest.fixture
def token(resident: Visitor) -> str:
    return str(resident.login(scope=SCOPE)["access_token"])


@pytest.fixture
def segment(resident: Visitor) -> Segment:
    """A climb that the first athlete ran often and nobody else did."""
    return resident.world.population.segments[1]


@pytest.fixture
def run(resident: Visitor, segment: Segment) -> Activity:
    """The newest run over that segment."""
    newest = resident.world.segment_efforts.on_segment(segment, resident.world.people[0].id)[0]
    found = resident.world.activity_store.find(newest.activity_id)
    assert found is not None
    return found


def get(resident: Visitor, where: str, token: str) -> Any:  # noqa: ANN401  # JSON is what it is
    answer = resident.api(where, token)
    assert answer.status == 200, answer.text()
    return read(answer)


def second_athlete(resident: Visitor) -> str:
    """A token of the athlete without a subscription."""
    resident.world.sign_in(resident.world.people[1].id)
    return str(resident.login(scope=SCOPE)["access_token"])


def test_a_segment_has_its_shape_its_counts_and_the_athletes_record(
    resident: Visitor, token: str, segment: Segment
) -> None:
    value = get(resident, f"/segments/{segment.id}", token)
    efforts = get(resident, f"/segment_efforts?segment_id={segment.id}&per_page=200", token)

    assert (value["resource_state"], value["distance"]) == (3, segment.distance_m)
    assert value["map"]["polyline"] == encode(segment.points)
    assert value["effort_count"] == value["athlete_segment_stats"]["effort_count"] == len(efforts) > 20
    assert (value["athlete_count"], value["star_count"], value["starred"]) == (1, 1, True)
    fastest = min(effort["elapsed_time"] for effort in efforts)
    assert value["athlete_segment_stats"]["pr_elapsed_time"] == fastest


def test_the_own_record_needs_read_all(resident: Visitor, segment: Segment) -> None:
    narrow = resident.login(scope="read")["access_token"]

    assert "athlete_segment_stats" not in get(resident, f"/segments/{segment.id}", narrow)


def test_stars_are_listed_newest_first_and_can_be_put_on_and_taken_off(
    resident: Visitor, token: str, segment: Segment
) -> None:
    other = resident.world.population.segments[2]
    before = get(resident, "/segments/starred", token)
    on = read(resident.put(f"/segments/{other.id}/starred", token, starred="true"))
    off = read(resident.put(f"/segments/{segment.id}/starred", token, starred="false"))
    after = get(resident, "/segments/starred", token)

    assert segment.id in [one["id"] for one in before]
    assert (on["starred"], on["star_count"], off["starred"]) == (True, 1, False)
    assert after[0]["id"] == other.id
    assert segment.id not in [one["id"] for one in after]
    assert after[0]["pr_time"] == after[0]["athlete_pr_effort"]["elapsed_time"]
    assert get(resident, "/segments/starred?page=2", token) == []


def test_starring_needs_its_scope_and_a_truth_value(resident: Visitor, token: str, segment: Segment) -> None:
    reader = resident.login(scope="read_all")["access_token"]

    assert resident.put(f"/segments/{segment.id}/starred", reader, starred="true").status == 401
    assert resident.put(f"/segments/{segment.id}/starred", token, starred="maybe").status == 400
    assert resident.put(f"/segments/{segment.id}/starred", token).status == 400
    assert resident.put("/segments/1/starred", token, starred="true").status == 404


def test_efforts_lie_inside_their_activity(resident: Visitor, token: str, run: Activity) -> None:
    detail = get(resident, f"/activities/{run.id}", token)
    streams = get(resident, f"/activities/{run.id}/streams?keys=time,distance,latlng&key_by_type=true", token)
    time_s, distance_m = streams["time"]["data"], streams["distance"]["data"]

    assert detail["segment_efforts"]
    for effort in detail["segment_efforts"]:
        first, last = effort["start_index"], effort["end_index"]
        assert 0 <= first < last < len(time_s)
        assert effort["elapsed_time"] == time_s[last] - time_s[first]
        assert effort["distance"] == pytest.approx(distance_m[last] - distance_m[first], abs=0.06)
        assert effort["distance"] == pytest.approx(effort["segment"]["distance"], rel=0.05)
        assert effort["activity"]["id"] == run.id
        assert detail["start_date"] <= effort["start_date"]


def test_an_effort_alone_shows_activity_athlete_and_record(resident: Visitor, token: str, run: Activity) -> None:
    inside = get(resident, f"/activities/{run.id}", token)["segment_efforts"][0]
    alone = get(resident, f"/segment_efforts/{inside['id']}", token)

    assert alone["activity"]["name"] == run.name
    assert alone["athlete"]["firstname"] == resident.world.people[0].firstname
    assert alone["athlete_segment_stats"]["effort_count"] > 0
    assert alone["elapsed_time"] == inside["elapsed_time"]


def test_the_streams_of_an_effort_are_those_of_its_stretch(resident: Visitor, token: str, run: Activity) -> None:
    effort = get(resident, f"/activities/{run.id}", token)["segment_efforts"][0]
    whole = get(resident, f"/activities/{run.id}/streams?keys=time&key_by_type=true", token)
    part = get(resident, f"/segment_efforts/{effort['id']}/streams?keys=time&key_by_type=true", token)

    assert part.keys() == {"time", "distance"}
    assert part["time"]["data"] == whole["time"]["data"][effort["start_index"] : effort["end_index"] + 1]
    assert len(part["time"]["data"]) == part["time"]["original_size"] == len(part["distance"]["data"])


def test_ranks_count_what_came_before(resident: Visitor, token: str, segment: Segment) -> None:
    efforts = get(resident, f"/segment_efforts?segment_id={segment.id}&per_page=200", token)
    oldest_first = efforts[::-1]

    assert (oldest_first[0]["pr_rank"], oldest_first[0]["achievements"][0]["type"]) == (1, "pr")
    for number, effort in enumerate(oldest_first):
        place = 1 + sum(one["elapsed_time"] <= effort["elapsed_time"] for one in oldest_first[:number])
        assert effort["pr_rank"] == (place if place <= 3 else None)


def test_efforts_can_be_asked_between_local_dates(resident: Visitor, token: str, segment: Segment) -> None:
    efforts = get(resident, f"/segment_efforts?segment_id={segment.id}&per_page=200", token)
    moments = [effort["start_date_local"] for effort in efforts]
    query = f"segment_id={segment.id}&start_date_local={moments[5]}&end_date_local={moments[2]}"

    found = get(resident, f"/segment_efforts?{query}", token)

    assert moments == sorted(moments, reverse=True)
    assert [effort["start_date_local"] for effort in found] == moments[2:6]
    assert len(get(resident, f"/segment_efforts?segment_id={segment.id}&per_page=3", token)) == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("segment_id=x", 400), ("segment_id=1", 404), ("segment_id={}&start_date_local=soon", 400)],
)
def test_a_bad_question_for_efforts_is_refused(
    resident: Visitor, token: str, segment: Segment, query: str, status: int
) -> None:
    assert resident.api(f"/segment_efforts?{query.format(segment.id)}", token).status == status


def test_the_old_path_of_the_list_has_pages_and_can_be_switched_off(
    resident: Visitor, token: str, segment: Segment
) -> None:
    new = get(resident, f"/segment_efforts?segment_id={segment.id}&per_page=20", token)
    old = [get(resident, f"/segments/{segment.id}/all_efforts?per_page=10&page={page}", token) for page in (1, 2)]
    resident.world.switches.set(legacy_all_efforts=False)

    assert old[0] + old[1] == new
    assert resident.api(f"/segments/{segment.id}/all_efforts", token).status == 404


@pytest.mark.parametrize("status", [402, 403, 200])
def test_efforts_are_for_subscribers(resident: Visitor, status: int) -> None:
    token = second_athlete(resident)
    mine = resident.world.population.segments[4]
    effort = resident.world.segment_efforts.on_segment(mine, resident.world.people[1].id)[0]
    resident.world.switches.set(efforts_without_subscription=status)

    for where in (
        f"/segment_efforts?segment_id={mine.id}",
        f"/segments/{mine.id}/all_efforts",
        f"/segment_efforts/{effort.id}",
        f"/segment_efforts/{effort.id}/streams",
    ):
        assert resident.api(where, token).status == status


def test_others_efforts_and_those_of_hidden_activities_are_not_found(
    resident: Visitor, token: str, run: Activity
) -> None:
    effort = get(resident, f"/activities/{run.id}", token)["segment_efforts"][0]
    resident.world.edit_activity(replace(run, visibility="only_me"))
    narrow = resident.login(scope="read_all,activity:read")["access_token"]

    assert resident.api(f"/segment_efforts/{effort['id']}", token).status == 200
    assert resident.api(f"/segment_efforts/{effort['id']}", narrow).status == 404
    assert resident.api("/segment_efforts/1", token).status == 404
    listed = get(resident, f"/segment_efforts?segment_id={effort['segment']['id']}&per_page=200", narrow)
    assert effort["id"] not in [one["id"] for one in listed]


def test_a_deleted_activity_takes_its_efforts_along(
    resident: Visitor, token: str, run: Activity, segment: Segment
) -> None:
    before = get(resident, f"/segments/{segment.id}", token)["effort_count"]
    resident.world.delete_activity(run.id)

    assert get(resident, f"/segments/{segment.id}", token)["effort_count"] == before - 1


def test_an_activity_with_a_hidden_map_has_no_efforts(resident: Visitor, token: str, run: Activity) -> None:
    resident.world.edit_activity(replace(run, map_hidden=True))
    detail = get(resident, f"/activities/{run.id}", token)

    assert detail["segment_efforts"] == []
    assert (detail["map"]["polyline"], detail["map"]["summary_polyline"], detail["start_latlng"]) == ("", "", [])


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", {"distance", "latlng", "altitude"}),
        ("?keys=latlng", {"distance", "latlng"}),
        ("?keys=heartrate", {"distance", "latlng", "altitude"}),
    ],
)
def test_a_segment_has_three_streams(
    resident: Visitor, token: str, segment: Segment, query: str, keys: set[str]
) -> None:
    found = get(resident, f"/segments/{segment.id}/streams{query}", token)

    assert {one["type"] for one in found} == keys
    assert len({len(one["data"]) for one in found}) == 1
    by_type = get(resident, f"/segments/{segment.id}/streams?key_by_type=true", token)
    assert by_type["distance"]["data"][0] == 0
    assert by_type["distance"]["data"][-1] == pytest.approx(segment.distance_m)


@pytest.mark.parametrize("status", [403, 402, 404])
def test_the_explorer_is_for_extended_access(resident: Visitor, token: str, status: int) -> None:
    resident.world.switches.set(explore_status=status)

    assert resident.api("/segments/explore?bounds=0,0,1,1", token).status == status


def test_with_extended_access_the_explorer_finds_what_is_inside(
    resident: Visitor, token: str, segment: Segment
) -> None:
    resident.world.switches.set(explore_status=200)
    latitude, longitude = segment.points[0]
    box = f"{latitude - 0.1},{longitude - 0.2},{latitude + 0.1},{longitude + 0.2}"

    found = get(resident, f"/segments/explore?bounds={box}&activity_type=running", token)["segments"]
    climbs = get(resident, f"/segments/explore?bounds={box}&activity_type=running&min_cat=1", token)["segments"]

    assert segment.id in [one["id"] for one in found]
    assert {one["id"] for one in climbs} == {one["id"] for one in found if one["climb_category"] >= 1}
    assert get(resident, f"/segments/explore?bounds={box}", token) == {"segments": []}
    for bad in ("bounds=1,2,3", "bounds=", f"bounds={box}&activity_type=flying", f"bounds={box}&min_cat=x"):
        assert resident.api(f"/segments/explore?{bad}", token).status == 400
