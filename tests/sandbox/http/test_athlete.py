"""The athlete and the list: paging, order, bounds, short pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from paceport.sandbox.state.world import World
from sandbox.few import COUNT, MANUAL, MAP_HIDDEN, NEWEST, ONLY_ME, PLAIN
from sandbox.visitor import Visitor, read

ALL = "read,activity:read_all,profile:read_all"
Rows = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def token(visitor: Visitor) -> str:
    return str(visitor.login(scope=ALL)["access_token"])


@pytest.fixture
def rows(visitor: Visitor, token: str) -> Rows:
    def listed(query: str) -> list[dict[str, Any]]:
        answer = visitor.api(f"/athlete/activities{query}", token)
        assert answer.status == 200, answer.text()
        found: list[dict[str, Any]] = read(answer)
        return found

    return listed


def names(found: list[dict[str, Any]]) -> list[int]:
    return [int(row["name"].split()[1]) for row in found]


def second(days: int, extra: int = 0) -> int:
    return int((NEWEST - timedelta(days=days)).timestamp()) + extra


def test_a_page_has_thirty_rows_newest_first(rows: Rows) -> None:
    assert names(rows("")) == list(range(30))


def test_pages_follow_each_other_to_an_empty_one(rows: Rows) -> None:
    pages = [names(rows(f"?per_page=15&page={page}")) for page in (1, 2, 3, 4)]

    assert pages == [list(range(15)), list(range(15, 30)), list(range(30, COUNT)), []]


def test_with_after_alone_the_oldest_come_first(rows: Rows) -> None:
    assert names(rows(f"?after={second(4)}&per_page=3")) == [3, 2, 1]


def test_with_after_and_before_the_newest_come_first(rows: Rows) -> None:
    assert names(rows(f"?after={second(4)}&before={second(0)}")) == [1, 2, 3]


def test_bounds_are_strict_but_by_switch(rows: Rows, world: World) -> None:
    query = f"?after={second(4)}&before={second(1)}"
    assert names(rows(query)) == [2, 3]

    world.switches.set(bounds_are_strict=False)

    assert names(rows(query)) == [1, 2, 3, 4]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("value", [second(0) * 1000, second(-30)])
def test_a_bound_in_the_future_or_in_milliseconds_is_refused(
    visitor: Visitor, token: str, name: str, value: int
) -> None:
    answer = visitor.api(f"/athlete/activities?{name}={value}", token)

    errors = f'[{{"resource":"Application","field":"{name}","code":"future"}}]'
    assert (answer.status, answer.text()) == (400, f'{{"message":"Bad Request","errors":{errors}}}')


def test_only_you_rows_are_taken_out_after_the_page_is_cut(visitor: Visitor) -> None:
    token = visitor.login(scope="read,activity:read")["access_token"]
    seen = []
    for page in range(1, 6):
        found = names(read(visitor.api(f"/athlete/activities?per_page=10&page={page}", token)))
        seen.append(found)

    assert [len(page) for page in seen] == [9, 8, 9, 8, 0]
    assert [number for page in seen for number in page] == [number for number in range(COUNT) if number not in ONLY_ME]


@pytest.mark.parametrize(("value", "status", "count"), [("cut", 200, COUNT), ("refuse", 400, 0)])
def test_more_than_200_a_page_is_a_switch(
    visitor: Visitor, world: World, token: str, value: str, status: int, count: int
) -> None:
    world.switches.set(per_page_over_200=value)

    answer = visitor.api("/athlete/activities?per_page=201", token)

    assert answer.status == status
    assert status != 200 or len(read(answer)) == count


@pytest.mark.parametrize(("value", "status"), [("first", 200), ("refuse", 400)])
def test_page_zero_is_a_switch(visitor: Visitor, world: World, token: str, value: str, status: int) -> None:
    world.switches.set(page_zero=value)

    assert visitor.api("/athlete/activities?page=0", token).status == status


@pytest.mark.parametrize("query", ["page=x", "per_page=0", "per_page=-1", "after=1e3", f"page={'9' * 40}"])
def test_what_is_no_number_is_refused(visitor: Visitor, token: str, query: str) -> None:
    assert visitor.api(f"/athlete/activities?{query}", token).status == 400


def test_a_row_has_the_recorded_fields(rows: Rows) -> None:
    row = rows("?per_page=1")[0]

    assert row["resource_state"] == 2
    assert (row["start_date"], row["start_date_local"]) == ("2026-11-14T06:30:00Z", "2026-11-14T07:30:00Z")
    assert (row["timezone"], row["utc_offset"]) == ("(GMT+01:00) Europe/Stockholm", 3600.0)
    assert row["map"]["id"] == f"a{row['id']}"
    assert row["upload_id_str"] == str(row["upload_id"])
    assert row["has_heartrate"] is True
    assert row["suffer_score"] >= 0
    assert isinstance(row["average_temp"], int)
    assert not {"description", "calories", "laps"} & row.keys()


def test_numbers_are_written_as_the_service_writes_them(visitor: Visitor, token: str) -> None:
    text = visitor.api(f"/athlete/activities?per_page=1&page={MANUAL + 1}", token).text()

    assert '"distance":5000.0,' in text
    assert '"total_elevation_gain":0,' in text
    assert '"max_speed":0,' in text
    assert '"utc_offset":3600.0,' in text


def test_a_manual_entry_lacks_what_no_device_recorded(rows: Rows) -> None:
    row = rows("")[MANUAL]

    assert (row["manual"], row["upload_id"], row["external_id"]) == (True, None, None)
    assert (row["start_latlng"], row["end_latlng"], row["map"]["summary_polyline"]) == ([], [], "")
    assert not {"upload_id_str", "device_name", "average_heartrate", "elev_high", "suffer_score"} & row.keys()


def test_a_hidden_map_shows_nothing_even_to_its_owner(rows: Rows) -> None:
    row = rows("")[MAP_HIDDEN]

    assert (row["start_latlng"], row["map"]["summary_polyline"]) == ([], "")


def test_without_a_sensor_there_is_no_heart_rate(rows: Rows) -> None:
    row = rows("")[PLAIN]

    assert row["has_heartrate"] is False
    assert "average_heartrate" not in row


def test_a_trail_run_has_both_words(rows: Rows) -> None:
    assert (rows("")[1]["type"], rows("")[1]["sport_type"]) == ("Run", "TrailRun")


def test_a_hidden_start_time_shows_as_one_second_past_midnight(rows: Rows, world: World) -> None:
    world.hide_start(world.activities(world.people[0].id)[0].id)

    row = rows("")[0]

    assert (row["start_date"], row["start_date_local"]) == ("2026-11-14T00:00:01Z", "2026-11-14T00:00:01Z")


def test_the_private_zone_is_cut_off_without_the_wider_scope(visitor: Visitor, rows: Rows) -> None:
    narrow = visitor.login(scope="read,activity:read")["access_token"]

    wide, cut = rows("?per_page=1")[0], read(visitor.api("/athlete/activities?per_page=1", narrow))[0]

    assert wide["start_latlng"] == [59.61, 15.21]
    assert cut["start_latlng"][0] > 59.6108
    assert cut["map"]["summary_polyline"] != wide["map"]["summary_polyline"]


def test_a_deleted_activity_is_gone_from_list_and_detail(
    visitor: Visitor, rows: Rows, world: World, token: str
) -> None:
    gone = world.activities(world.people[0].id)[0].id
    world.delete_activity(gone)

    assert names(rows("?per_page=1")) == [1]
    assert visitor.api(f"/activities/{gone}", token).status == 404


def test_the_profile_is_detailed_with_its_scope_alone(visitor: Visitor, token: str) -> None:
    detailed = read(visitor.api("/athlete", token))
    summary = read(visitor.api("/athlete", visitor.login(scope="read")["access_token"]))

    assert (detailed["resource_state"], summary["resource_state"]) == (3, 2)
    assert {"shoes", "bikes", "clubs", "ftp", "measurement_preference"} <= detailed.keys() - summary.keys()


def test_gear_counts_whole_metres(visitor: Visitor, world: World, token: str) -> None:
    shoes = read(visitor.api("/athlete", token))["shoes"][0]
    detail = read(visitor.api("/gear/g41", token))
    covered = world.activities(world.people[0].id)[0].distance_m

    assert (shoes["distance"], shoes["name"]) == (round(covered), "Norr Stig Old")
    assert (detail["resource_state"], detail["brand_name"], detail["distance"]) == (3, "Norr", round(covered))
    assert read(visitor.api("/gear/b7", token))["frame_type"] == 3
    assert visitor.api("/gear/g999", token).status == 404


def test_zones_are_open_at_the_end(visitor: Visitor, token: str) -> None:
    zones = read(visitor.api("/athlete/zones", token))["heart_rate"]["zones"]

    assert zones[0] == {"min": 0, "max": 118}
    assert zones[-1] == {"min": 177, "max": -1}


def test_totals_leave_out_what_not_everybody_sees(visitor: Visitor, world: World, token: str) -> None:
    totals = read(visitor.api(f"/athletes/{world.people[0].id}/stats", token))

    assert totals["all_run_totals"]["count"] == COUNT - len(ONLY_ME)
    assert totals["ytd_swim_totals"] == {
        "count": 0,
        "distance": 0,
        "moving_time": 0,
        "elapsed_time": 0,
        "elevation_gain": 0,
    }
    assert totals["recent_run_totals"]["count"] < totals["all_run_totals"]["count"]


def test_totals_of_another_athlete_are_not_found(visitor: Visitor, world: World, token: str) -> None:
    assert visitor.api(f"/athletes/{world.people[1].id}/stats", token).status == 404
