"""Fields that recordings of the real service have, where no twin of a recording tells: names, types, agreement."""

from collections.abc import Iterator
from typing import Any

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Request
from paceport.sandbox.athletes.fastest_possible import QuickestTimes
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.segment_matching import find_segment_efforts, passed_segments
from paceport.sandbox.athletes.simulated_source import SimulatedSource
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.few import NEWEST
from sandbox.visitor import Visitor, read

EVERY = "read_all,profile:read_all,profile:write,activity:read_all,activity:write"


@pytest.fixture
def resident(population: Population) -> Iterator[Visitor]:
    """A world of a test's own: making one takes less than a millisecond."""
    world = World(population, seed=1, clock=ManualClock(NEWEST.replace(day=22)))
    world.set_limits(Limits(overall_quarter=9000, overall_day=9000, read_quarter=9000, read_day=9000))
    with open_transport(wsgi=create_app(world)) as send:
        yield Visitor(world=world, send=send)


@pytest.fixture
def token(resident: Visitor) -> str:
    return str(resident.login(scope=EVERY)["access_token"])


def get(visitor: Visitor, path: str, token: str) -> Any:  # noqa: ANN401  # JSON is what it is
    answer = visitor.api(path, token)
    assert answer.status == 200, answer.text()
    return read(answer)


def addresses(value: Any) -> Iterator[str]:  # noqa: ANN401  # JSON is what it is
    """Every web address in a JSON value."""
    if isinstance(value, dict):
        for name, part in value.items():
            if isinstance(part, str) and name not in {"href", "destination", "bio"} and "://" in part:
                yield part
            yield from addresses(part)
    elif isinstance(value, list):
        for part in value:
            yield from addresses(part)


def test_every_address_of_an_answer_can_be_fetched(resident: Visitor, token: str) -> None:
    world, person = resident.world, resident.world.people[0]
    row = next(one for one in world.activities(person.id) if one.photo_count > 0)
    club, segment = person.clubs[0], world.population.segments[0]
    answers = [
        get(resident, path, token)
        for path in (
            "/athlete",
            "/athlete/clubs",
            f"/clubs/{club.id}",
            f"/clubs/{club.id}/group_events",
            f"/activities/{row.id}",
            f"/activities/{row.id}/photos?size=600",
            f"/segments/{segment.id}",
            f"/athletes/{person.id}/routes",
        )
    ]

    found = {one for one in addresses(answers) if "/clubs/norrvik" not in one and "/videos/" not in one}

    assert len(found) > 12
    assert {one.split("/")[3] for one in found} >= {"pictures", "photos"}
    for one in found:
        answer = resident.get(one)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg"), one
        assert answer.body.startswith(b"\xff\xd8\xff")
        assert answer.body.endswith(b"\xff\xd9")


def test_a_photo_has_the_size_that_its_address_names(resident: Visitor, token: str) -> None:
    row = next(one for one in resident.world.activities(resident.world.people[0].id) if one.photo_count > 0)
    (photo, *_) = get(resident, f"/activities/{row.id}/photos?size=300", token)

    picture = resident.get(photo["urls"]["300"]).body

    frame = picture.index(b"\xff\xc0") + 5
    height, width = (int.from_bytes(picture[frame + at : frame + at + 2], "big") for at in (0, 2))
    assert [width, height] == photo["sizes"]["300"]


def test_a_video_has_a_duration_and_an_address(resident: Visitor, token: str) -> None:
    rows = [one for one in resident.world.activities(resident.world.people[0].id) if one.photo_count > 1]
    shown = [photo for row in rows for photo in get(resident, f"/activities/{row.id}/photos", token)]

    videos = [photo for photo in shown if photo["type"] == 2]

    assert videos
    assert {"duration", "video_url"}.isdisjoint(next(photo for photo in shown if photo["type"] == 1))
    playlist = resident.get(videos[0]["video_url"])
    assert playlist.text().startswith("#EXTM3U")
    part = next(line for line in playlist.text().splitlines() if not line.startswith("#"))
    assert resident.get(videos[0]["video_url"].rpartition("/")[0] + "/" + part).status == 200


def test_achievements_are_those_of_the_efforts(resident: Visitor, token: str) -> None:
    listed = get(resident, "/athlete/activities?per_page=60", token)
    counted = [row for row in listed if row["achievement_count"]]
    quiet = next(row for row in listed if not row["achievement_count"])

    assert counted
    assert any(row["pr_count"] for row in get(resident, "/athlete/activities?per_page=200", token))
    for row in (*counted[:6], quiet):
        detail = get(resident, f"/activities/{row['id']}", token)
        efforts = [*detail.get("best_efforts", []), *detail["segment_efforts"]]
        assert row["achievement_count"] == sum(len(effort["achievements"]) for effort in efforts)
        assert row["pr_count"] == sum(effort["pr_rank"] == 1 for effort in efforts)
        assert all((effort["pr_rank"] is None) == (effort["achievements"] == []) for effort in efforts)


def test_a_record_is_faster_than_all_before_it(resident: Visitor, token: str) -> None:
    """Checked the slow way, for the newcomer, whose runs are few."""
    newcomer = resident.world.people[2]
    resident.world.sign_in(newcomer.id)
    theirs = str(resident.login(scope=EVERY)["access_token"])
    fastest: dict[str, list[int]] = {}
    for row in reversed(resident.world.activities(newcomer.id)):
        for effort in get(resident, f"/activities/{row.id}", theirs).get("best_efforts", []):
            before = fastest.setdefault(effort["name"], [])
            place = 1 + sum(time <= effort["elapsed_time"] for time in before)
            assert effort["pr_rank"] == (place if place <= 3 else None)
            before.append(effort["elapsed_time"])

    assert fastest


def test_no_run_is_quicker_than_its_plan_allows(population: Population) -> None:
    """Achievements leave out runs that could not reach a rank: the bounds must hold."""
    for person in population.people[:2]:
        for row in population.activities(person.id)[:150]:
            if row.is_run and isinstance(row.source, SimulatedSource):
                quickest = QuickestTimes(row.source.plan)
                for one in row.source.best_efforts():
                    assert quickest.over(one.distance_m) <= one.elapsed_time_s, (row.name, one)


def test_no_segment_is_passed_quicker_than_its_plan_allows(population: Population) -> None:
    for row in population.activities(population.people[0].id)[:300]:
        efforts = find_segment_efforts(population.segments, row)
        for effort, (segment, start_m, end_m) in zip(efforts, passed_segments(population.segments, row), strict=True):
            assert effort.segment_id == segment.id
            assert not row.source.may_pass(start_m, end_m, 0.5 * effort.elapsed_time_s)
            assert row.source.may_pass(start_m, end_m, effort.elapsed_time_s + 1)


def test_a_segment_tells_its_records_its_legend_and_its_profile(resident: Visitor, token: str) -> None:
    detail = get(resident, f"/segments/{resident.world.population.segments[2].id}", token)

    assert {"kom", "qom", "overall", "destination"} == detail["xoms"].keys()
    assert {"athlete_id", "title", "profile", "effort_count", "effort_counts"} <= detail["local_legend"].keys()
    assert int(detail["local_legend"]["effort_count"]) > 0
    assert detail["elevation_profiles"]["light_url"] == detail["elevation_profile"]


def test_an_event_has_the_recorded_fields(resident: Visitor, token: str) -> None:
    open_club, private_club = resident.world.people[0].clubs
    (event,) = get(resident, f"/clubs/{open_club.id}/group_events", token)
    (unnamed,) = get(resident, f"/clubs/{private_club.id}/group_events", token)

    assert event["club"].keys() == {"id", "resource_state", "name"}
    assert {"id", "username", "city", "profile", "blocked", "can_follow"} <= event["organizing_athlete"].keys()
    assert event["route_id"] == event["route"]["id"]
    assert len(event["start_latlng"]) == 2
    assert (unnamed["organizing_athlete"], unnamed["route"]) == (None, None)


def test_a_club_has_a_website_and_a_route_in_a_list_no_full_polyline(resident: Visitor, token: str) -> None:
    person = resident.world.people[0]
    club = get(resident, f"/clubs/{person.clubs[0].id}", token)
    (route, *_) = get(resident, f"/athletes/{person.id}/routes", token)

    assert "website" in club
    assert "post_count" not in club
    assert club["cover_photo"]
    assert "polyline" not in route["map"]
    assert get(resident, f"/routes/{route['id']}", token)["map"]["polyline"]


def test_streams_may_be_named_in_the_path(resident: Visitor, token: str) -> None:
    row = next(one for one in resident.world.activities(resident.world.people[0].id) if one.is_run and not one.manual)

    by_path = get(resident, f"/activities/{row.id}/streams/time,distance?key_by_type=true", token)

    assert by_path == get(resident, f"/activities/{row.id}/streams?keys=time,distance&key_by_type=true", token)
    assert by_path.keys() == {"time", "distance"}
    assert resident.api(f"/activities/{row.id}/streams/", token).status == 200
    segment = resident.world.population.segments[0]
    assert get(resident, f"/segments/{segment.id}/streams/latlng?key_by_type=true", token).keys() == {
        "latlng",
        "distance",
    }


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        (
            "POST",
            "/activities",
            (
                b'{"name":"By JSON","sport_type":"Run","start_date_local":"2026-11-20T07:00:00Z","elapsed_time":1800,'
                b'"distance":5000,"trainer":true,"description":null}'
            ),
            201,
        ),
        ("PUT", "/athlete", b'{"weight":61.5}', 200),
        ("PUT", "/segments/{segment}/starred", b'{"starred":true}', 200),
        ("PUT", "/activities/{activity}", b'{"name":"By JSON","trainer":true,"hide_from_home":false}', 200),
    ],
)
def test_a_json_body_is_read(
    population: Population, method: str, path: str, body: bytes, status: int, clock: ManualClock
) -> None:
    world = World(population, seed=1, clock=clock)
    segment, activity = population.segments[2].id, world.activities(world.people[0].id)[0].id
    with open_transport(wsgi=create_app(world)) as send:
        bearer = Visitor(world=world, send=send).login(scope=EVERY)["access_token"]
        headers = {"authorization": f"Bearer {bearer}", "content-type": "application/json"}
        url = "http://sandbox/api/v3" + path.format(segment=segment, activity=activity)
        answer = send(Request(method=method, url=url, headers=headers, body=body))
        broken = send(Request(method=method, url=url, headers=headers, body=b"[1"))

    assert answer.status == status, answer.text()
    value = read(answer)
    assert (
        (value.get("name"), value.get("trainer")) == ("By JSON", True)
        or value.get("weight") == 61.5
        or value["starred"]
    )
    assert broken.status == 400


def test_numbers_are_printed_as_recorded(resident: Visitor, token: str) -> None:
    person = resident.world.people[0]
    row = next(one for one in resident.world.activities(person.id) if one.summary.average_heartrate_bpm and one.is_run)
    zones = get(resident, f"/activities/{row.id}/zones", token)
    stats = get(resident, f"/athletes/{person.id}/stats", token)

    assert {type(zone["score"]) for zone in zones if "score" in zone} == {int}
    assert {type(bucket["time"]) for bucket in zones[1]["distribution_buckets"]} == {int}
    assert float in {type(bucket["time"]) for bucket in zones[0]["distribution_buckets"]}
    assert isinstance(stats["ytd_run_totals"]["moving_time"], float)
    assert isinstance(stats["all_run_totals"]["moving_time"], int)


def test_older_activities_name_their_country_and_newer_ones_none(resident: Visitor, token: str) -> None:
    old = get(resident, "/athlete/activities?before=1640000000&per_page=3", token)
    new = get(resident, "/athlete/activities?per_page=3", token)

    assert {row["location_country"] for row in old} == {"Sweden"}
    assert {row["location_country"] for row in new} == {None}


def test_a_run_has_pace_zones_in_its_laps_and_a_note_only_if_there_is_one(resident: Visitor, token: str) -> None:
    rows = [one for one in resident.world.activities(resident.world.people[0].id) if one.is_run and not one.manual]
    noted = next(one for one in rows if one.private_note)
    plain = next(one for one in rows if one.private_note is None)

    assert {lap["pace_zone"] for lap in get(resident, f"/activities/{plain.id}/laps", token)} <= set(range(1, 7))
    assert get(resident, f"/activities/{noted.id}", token)["private_note"]
    assert "private_note" not in get(resident, f"/activities/{plain.id}", token)


def test_pages_are_html_and_show_what_everyone_may_see(resident: Visitor) -> None:
    world, person = resident.world, resident.world.people[1]
    rows = world.activities(person.id)
    shown = next(one for one in rows if one.visibility == "everyone")
    hidden = next(one for one in rows if one.visibility == "only_me")

    page, athlete = resident.get(f"/activities/{shown.id}"), resident.get(f"/athletes/{person.id}")

    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (athlete.status, "Vega" in athlete.text()) == (200, True)
    for path in (f"/activities/{hidden.id}", "/activities/1", "/athletes/1", "/nothing", "/photos/x.jpg"):
        answer = resident.get(path, accept="text/html")
        assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert read(resident.get("/nothing", accept="application/json"))["message"] == "Resource Not Found"


def test_the_club_calls_that_were_removed_answer_as_seen(resident: Visitor, token: str) -> None:
    club = resident.world.people[0].clubs[0].id
    answers = {part: resident.api(f"/clubs/{club}/{part}", token) for part in ("members", "admins", "activities")}

    assert {part: answer.status for part, answer in answers.items()} == {
        "members": 401,
        "admins": 401,
        "activities": 404,
    }
    assert read(answers["members"])["errors"] == [{"resource": "Application", "field": "internal", "code": "invalid"}]
    assert read(answers["activities"])["errors"] == [{"resource": "resource", "field": "path", "code": "invalid"}]


def test_the_token_answer_is_short_as_recorded_or_long(resident: Visitor) -> None:
    short = resident.login(scope="read")["athlete"]
    resident.world.switches.set(token_athlete="long")  # a word, no password
    long = resident.login(scope="read")["athlete"]
    resident.world.switches.reset()

    assert long.keys() - short.keys() == {"bio", "weight"}


def test_a_429_may_have_the_body_of_2018(resident: Visitor, token: str) -> None:
    resident.world.switches.set(rate_limit_body="2018")
    resident.world.plan("rate_limited")

    answer = resident.api("/athlete", token)
    resident.world.switches.reset()

    assert answer.status == 429
    assert read(answer) == {"errors": "Rate Limit Exceeded", "status": 429, "message": "Too Many Requests"}


def test_subscriptions_may_be_limited(resident: Visitor) -> None:
    app = resident.world.app
    url = f"/api/v3/push_subscriptions?client_id={app.client_id}&client_secret={app.client_secret}"
    resident.world.switches.set(subscription_limit=2)

    statuses = [resident.get(url).status for _ in range(3)]
    resident.world.switches.reset()

    assert statuses == [200, 200, 429]
