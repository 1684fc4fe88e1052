"""An independent client at the simulated service: stravalib 2.6, unchanged, as its users call it.

Its address is fixed in its code, so the session it is given takes what is meant for www.strava.com to the sandbox.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import requests
import stravalib
from requests.adapters import HTTPAdapter
from stravalib import exc

from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.segment_matching import find_segment_efforts
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from sandbox.files import gpx
from sandbox.visitor import Visitor

pytestmark = pytest.mark.slow

EVERYTHING = "read,read_all,profile:read_all,profile:write,activity:read,activity:read_all,activity:write"
STRAVA = "https://www.strava.com"


class Detour(HTTPAdapter):
    """Takes requests for Strava to another server, as a resolver with another address would."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # handed through
        assert request.url is not None
        request.url = self._url + request.url.removeprefix(STRAVA)
        return super().send(request, **options)


@pytest.fixture
def world(population: Population, clock: ManualClock) -> World:
    """All of the population: its segments, routes and clubs too."""
    return World(population, seed=1, clock=clock)


@pytest.fixture
def session(server: Address) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount(STRAVA, Detour(server.url))
        yield session


@pytest.fixture
def strava(session: requests.Session, world: World, sandbox_send: Send) -> stravalib.Client:
    """A client with a token of the first athlete, all scopes."""
    token = Visitor(world=world, send=sandbox_send).login(scope=EVERYTHING)["access_token"]
    return stravalib.Client(access_token=token, requests_session=session, rate_limit_requests=False)


@pytest.fixture
def runner(world: World) -> Person:
    return world.people[0]


@pytest.fixture
def run(world: World, runner: Person) -> Activity:
    """The newest run outdoors with a heart rate."""
    rows = (row for row in world.activities(runner.id) if row.sport_type == "Run" and not row.manual)
    return next(row for row in rows if row.heartrate_zone_times_s and not row.trainer)


def test_its_own_login_and_refreshing_work(
    session: requests.Session, world: World, sandbox_send: Send, clock: ManualClock
) -> None:
    client = stravalib.Client(requests_session=session, rate_limit_requests=False)
    app: dict[str, Any] = {"client_id": world.app.client_id, "client_secret": world.app.client_secret}
    asking = client.authorization_url(
        client_id=world.app.client_id, redirect_uri="http://localhost/x", scope=["read", "activity:read_all"]
    )
    page = Visitor(world=world, send=sandbox_send).post(
        "http://sandbox" + asking.removeprefix(STRAVA), {"decision": "authorize"}
    )
    code = page.headers["location"].partition("code=")[2].partition("&")[0]

    token: Any = client.exchange_code_for_token(code=code, **app)
    clock.advance(6 * 3600)
    renewed = client.refresh_access_token(refresh_token=token["refresh_token"], **app)

    assert renewed["access_token"] != token["access_token"]
    assert client.get_athlete().id == world.people[0].id


def test_it_ends_its_access(strava: stravalib.Client) -> None:
    strava.deauthorize()

    with pytest.raises(exc.AccessUnauthorized):
        strava.get_athlete()


def test_the_athlete_is_whole(strava: stravalib.Client, runner: Person) -> None:
    athlete = strava.get_athlete()

    assert (athlete.id, athlete.firstname, athlete.lastname) == (runner.id, runner.firstname, runner.lastname)
    assert athlete.weight == pytest.approx(runner.weight_kg)
    assert athlete.shoes
    assert strava.get_gear(str(athlete.shoes[0].id)).name


def test_the_weight_is_changed(strava: stravalib.Client) -> None:
    assert strava.update_athlete(weight=61.5).weight == 61.5


def test_zones_and_totals_are_populated(strava: stravalib.Client, runner: Person) -> None:
    zones, totals = strava.get_athlete_zones(), strava.get_athlete_stats()

    assert zones.heart_rate is not None
    assert len(zones.heart_rate.zones.root) == 5  # type: ignore[union-attr]  # the model allows None
    assert totals.all_run_totals is not None
    assert totals.all_run_totals.count > 100  # type: ignore[operator]  # the model allows None
    with pytest.raises(exc.Fault):
        strava.get_athlete_stats(runner.id + 1)


def test_activities_come_in_pages_and_between_dates(strava: stravalib.Client, world: World, runner: Person) -> None:
    rows = world.activities(runner.id)
    after, before = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)

    assert [row.id for row in strava.get_activities(limit=230)] == [row.id for row in rows[:230]]
    assert {row.id for row in strava.get_activities(after=after, before=before)} == {
        row.id for row in rows if after < row.start < before
    }


def test_a_detail_is_whole(strava: stravalib.Client, run: Activity) -> None:
    detail = strava.get_activity(run.id, include_all_efforts=True)

    assert (detail.id, detail.name, detail.sport_type.root) == (run.id, run.name, "Run")  # type: ignore[union-attr]  # the model allows None
    assert detail.start_date == run.start
    assert float(detail.distance) == pytest.approx(run.distance_m)  # type: ignore[arg-type]  # the model allows None
    assert len(detail.splits_metric or ()) >= int(run.distance_m // 1000)
    assert detail.best_efforts
    assert detail.gear is not None
    assert detail.map is not None
    assert detail.map.polyline


def test_laps_and_zones_belong_to_the_run(strava: stravalib.Client, run: Activity) -> None:
    laps = list(strava.get_activity_laps(run.id))

    assert sum(float(lap.distance) for lap in laps) == pytest.approx(run.distance_m, rel=0.02)  # type: ignore[arg-type, misc]  # the model allows None
    assert {zone.type for zone in strava.get_activity_zones(run.id)} >= {"heartrate"}


def test_streams_are_aligned(strava: stravalib.Client, run: Activity) -> None:
    streams: Any = strava.get_activity_streams(run.id, types=["time", "distance", "latlng", "heartrate"])

    assert {"time", "distance", "latlng", "heartrate"} <= set(streams)
    assert len({len(stream.data) for stream in streams.values()}) == 1
    assert streams["distance"].data[-1] == pytest.approx(run.distance_m, rel=0.01)


def test_an_activity_is_created_and_edited(strava: stravalib.Client, world: World, runner: Person) -> None:
    made = strava.create_activity(
        name="By hand",
        sport_type="Run",
        start_date_local=datetime(2026, 11, 20, 7, 30),
        elapsed_time=timedelta(minutes=40),
        distance=8000.0,
    )
    edited = strava.update_activity(int(made.id), name="Hills", commute=False, gear_id="none")  # type: ignore[arg-type]  # the model allows None

    assert (made.name, made.manual) == ("By hand", True)
    assert (edited.name, edited.commute, edited.gear) == ("Hills", False, None)
    kept = world.activity_store.find(int(made.id))  # type: ignore[arg-type]  # the model allows None
    assert kept is not None
    assert kept.name == "Hills"


def test_an_upload_is_waited_for_and_its_duplicate_named(strava: stravalib.Client, clock: ManualClock) -> None:
    first = strava.upload_activity(BytesIO(gpx()), data_type="gpx", name="Out")
    activity = first.wait(timeout=10, poll_interval=0.01)

    again = strava.upload_activity(BytesIO(gpx()), data_type="gpx")
    with pytest.raises(exc.ActivityUploadFailed, match=f"duplicate of activity {activity.id}"):
        again.wait(timeout=10, poll_interval=0.01)

    assert activity.name == "Out"


def test_what_people_say_is_populated(strava: stravalib.Client, world: World, runner: Person) -> None:
    rows = world.activities(runner.id)
    cheered = next(row for row in rows if row.kudos_count)
    discussed = next(row for row in rows if row.comment_count)
    pictured = next(row for row in rows if row.photo_count)

    kudos, comments = strava.get_activity_kudos(cheered.id), strava.get_activity_comments(discussed.id)
    photos = list(strava.get_activity_photos(pictured.id, size=600))

    assert len(list(kudos)) == cheered.kudos_count
    assert [comment.text for comment in comments if comment.text]
    assert len(photos) == pictured.photo_count
    assert all(photo.urls for photo in photos)


def test_clubs_are_populated(strava: stravalib.Client) -> None:
    club = next(iter(strava.get_athlete_clubs()))

    assert strava.get_club(int(club.id)).name == club.name  # type: ignore[arg-type]  # the model allows None


def test_segments_and_efforts_are_populated(strava: stravalib.Client, world: World, runner: Person) -> None:
    passages = (
        one for row in world.activities(runner.id) for one in find_segment_efforts(world.population.segments, row)
    )
    segment_id = next(passages).segment_id

    segment = strava.get_segment(segment_id)
    efforts = list(strava.get_segment_efforts(segment_id))
    effort = strava.get_segment_effort(int(efforts[0].id))  # type: ignore[arg-type]  # the model allows None

    assert float(segment.distance) > 0  # type: ignore[arg-type]  # the model allows None
    assert effort.segment is not None
    assert effort.segment.id == segment_id
    assert strava.get_segment_streams(segment_id, types=["distance", "altitude"])
    assert strava.get_effort_streams(int(efforts[0].id), types=["time", "distance"])  # type: ignore[arg-type]  # as above


def test_starred_segments_are_populated(strava: stravalib.Client) -> None:
    assert all(segment.name for segment in strava.get_starred_segments(limit=5))


def test_segments_around_a_place_are_found_with_extended_access(strava: stravalib.Client, world: World) -> None:
    world.switches.set(explore_status=200)
    place = world.population.segments[0].points[0]
    corners = (place[0] - 0.1, place[1] - 0.1, place[0] + 0.1, place[1] + 0.1)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = strava.explore_segments(corners, activity_type="running")

    assert found
    assert all(segment.name for segment in found)


def test_routes_are_populated(strava: stravalib.Client) -> None:
    route = next(iter(strava.get_routes()))

    detail = strava.get_route(int(route.id))  # type: ignore[arg-type]  # the model allows None
    streams: Any = strava.get_route_streams(int(route.id))  # type: ignore[arg-type]  # as above

    assert detail.name == route.name
    assert {"latlng", "distance", "altitude"} <= set(streams)


REMOVED: dict[str, Callable[[stravalib.Client], object]] = {
    "club members": lambda strava: list(strava.get_club_members(1)),
    "club admins": lambda strava: list(strava.get_club_admins(1)),
    "club activities": lambda strava: list(strava.get_club_activities(1)),
    "join a club": lambda strava: strava.join_club(1),
    "best times": lambda strava: list(strava.get_athlete_koms(1)),
    "others' stars": lambda strava: list(strava.get_athlete_starred_segments(1)),
}


@pytest.mark.parametrize("call", REMOVED.values(), ids=REMOVED)
def test_what_strava_serves_no_more_is_refused(
    strava: stravalib.Client, call: Callable[[stravalib.Client], object]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((exc.ObjectNotFound, exc.AccessUnauthorized, exc.Fault)):
            call(strava)
