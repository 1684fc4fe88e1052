"""stravalib, unmodified: every public method of its client, called for real against the sandbox as www.strava.com."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
import stravalib
from stravalib.exc import AccessUnauthorized, Fault, ObjectNotFound

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.http.webhook_delivery import webhook_queue
from sandbox import callback
from sandbox.clients.conftest import agree
from sandbox.files import gpx
from sandbox.visitor import Visitor

# stravalib warns of calls that the service removed in 2026: here they are called to see the refusal.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The:FutureWarning"),
]
SCOPES = ["read_all", "profile:read_all", "profile:write", "activity:read_all", "activity:write"]


class Strava:
    """A stravalib client that has logged in as its users do, and what the world holds for it to be compared with."""

    def __init__(self, person: Visitor) -> None:
        self.person, self.world, self.app = person, person.world, person.world.app
        self.client = stravalib.Client(rate_limit_requests=False)
        where = self.client.authorization_url(
            client_id=self.app.client_id,
            redirect_uri="http://localhost/exchange_token",
            scope=SCOPES,  # type: ignore[arg-type]  # it takes a list of literals
            state="kept",
        )
        self.redirect = parse_qs(urlsplit(agree(person, where)).query)
        token = self.client.exchange_code_for_token(
            client_id=self.app.client_id, client_secret=self.app.client_secret, code=self.redirect["code"][0]
        )
        assert isinstance(token, dict)  # a pair where the athlete is asked for, too
        self.token = token

    @property
    def rows(self) -> tuple[Activity, ...]:
        return self.world.activities(self.world.people[0].id)

    def row(self, fits: Callable[[Activity], object]) -> Activity:
        return next(row for row in self.rows if row.is_run and not row.manual and fits(row))


@pytest.fixture
def strava(person: Visitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Strava]:
    monkeypatch.setenv("SILENCE_TOKEN_WARNINGS", "true")
    yield Strava(person)
    person.world.switches.reset()


def authorization_url(strava: Strava) -> None:
    assert strava.redirect["state"] == ["kept"]
    assert set(SCOPES) < set(strava.redirect["scope"][0].split(","))


def exchange_code_for_token(strava: Strava) -> None:
    assert strava.client.access_token == strava.token["access_token"]


def refresh_access_token(strava: Strava) -> None:
    strava.world.clock.advance(7 * 3600)
    with pytest.raises(AccessUnauthorized):
        strava.client.get_athlete()

    renewed = strava.client.refresh_access_token(
        client_id=strava.app.client_id,
        client_secret=strava.app.client_secret,
        refresh_token=strava.token["refresh_token"],
    )

    assert renewed["access_token"] != strava.token["access_token"]
    assert strava.client.get_athlete().id == strava.world.people[0].id


def deauthorize(strava: Strava) -> None:
    strava.client.deauthorize()
    with pytest.raises(AccessUnauthorized):
        strava.client.get_athlete()


def get_athlete(strava: Strava) -> None:
    athlete, known = strava.client.get_athlete(), strava.world.people[0]
    assert (athlete.id, athlete.firstname, athlete.weight) == (known.id, known.firstname, known.weight_kg)
    assert [str(shoes.id) for shoes in athlete.shoes or ()] == [shoes.id for shoes in known.shoes]


def update_athlete(strava: Strava) -> None:
    assert strava.client.update_athlete(weight=61.5).weight == 61.5
    strava.world.set_weight(strava.world.people[0].id, 58.5)


def get_athlete_zones(strava: Strava) -> None:
    zones = strava.client.get_athlete_zones().heart_rate
    assert zones is not None
    assert zones.zones is not None
    assert [one.max for one in zones.zones.root] == [*strava.world.people[0].heartrate_zones_bpm, -1]


def get_athlete_stats(strava: Strava) -> None:
    first, newcomer = strava.world.people[0], strava.world.people[2]  # whose activities are few
    strava.world.sign_in(newcomer.id)
    totals = Strava(strava.person).client.get_athlete_stats(newcomer.id).all_run_totals
    strava.world.sign_in(first.id)
    runs = [row for row in strava.world.activities(newcomer.id) if row.is_run and row.visibility == "everyone"]
    assert totals is not None
    assert totals.count == len(runs)


def get_athlete_clubs(strava: Strava) -> None:
    assert [club.id for club in strava.client.get_athlete_clubs()] == [one.id for one in strava.world.people[0].clubs]


def get_club(strava: Strava) -> None:
    club = strava.world.people[0].clubs[0]
    assert strava.client.get_club(club.id).name == club.name


def get_club_members(strava: Strava) -> None:
    with pytest.raises(AccessUnauthorized):
        list(strava.client.get_club_members(strava.world.people[0].clubs[0].id))


def get_club_admins(strava: Strava) -> None:
    with pytest.raises(AccessUnauthorized):
        list(strava.client.get_club_admins(strava.world.people[0].clubs[0].id))


def get_club_activities(strava: Strava) -> None:
    with pytest.raises(ObjectNotFound):
        list(strava.client.get_club_activities(strava.world.people[0].clubs[0].id))


def join_club(strava: Strava) -> None:
    with pytest.raises(ObjectNotFound):  # never public, or gone for years
        strava.client.join_club(strava.world.people[0].clubs[0].id)


def leave_club(strava: Strava) -> None:
    with pytest.raises(ObjectNotFound):
        strava.client.leave_club(strava.world.people[0].clubs[0].id)


def get_athlete_koms(strava: Strava) -> None:
    with pytest.raises(ObjectNotFound):
        list(strava.client.get_athlete_koms(strava.world.people[0].id))


def get_athlete_starred_segments(strava: Strava) -> None:
    with pytest.raises(ObjectNotFound):
        list(strava.client.get_athlete_starred_segments(strava.world.people[0].id))


def get_activities(strava: Strava) -> None:
    before = datetime(2025, 6, 1, tzinfo=UTC)
    listed = list(strava.client.get_activities(before=before, limit=230))
    expected = [row for row in strava.rows if row.start < before][:230]
    assert [one.id for one in listed] == [row.id for row in expected]
    assert [one.distance for one in listed] == pytest.approx([row.distance_m for row in expected], abs=0.06)
    assert [one.start_date for one in listed] == [row.start for row in expected]


def get_activity(strava: Strava) -> None:
    row = strava.row(lambda one: strava.world.segment_efforts.in_activity(one))
    activity = strava.client.get_activity(row.id, include_all_efforts=True)
    assert activity.name == row.name
    assert activity.best_efforts
    assert activity.laps
    assert activity.segment_efforts
    assert activity.map is not None
    assert activity.map.polyline


def get_activity_zones(strava: Strava) -> None:
    row = strava.row(lambda one: one.summary.average_heartrate_bpm)
    zones = strava.client.get_activity_zones(row.id)
    assert {zone.type for zone in zones} >= {"heartrate"}
    assert all(zone.distribution_buckets for zone in zones)


def get_activity_laps(strava: Strava) -> None:
    row = strava.row(lambda one: one.distance_m > 9000)
    laps = list(strava.client.get_activity_laps(row.id))
    assert sum(lap.distance or 0.0 for lap in laps) == pytest.approx(row.distance_m, rel=0.01)


def get_activity_comments(strava: Strava) -> None:
    row = strava.row(lambda one: one.comment_count)
    assert len(list(strava.client.get_activity_comments(row.id))) == row.comment_count


def get_activity_kudos(strava: Strava) -> None:
    row = strava.row(lambda one: one.kudos_count)
    assert len(list(strava.client.get_activity_kudos(row.id))) == row.kudos_count


def get_activity_photos(strava: Strava) -> None:
    row = strava.row(lambda one: one.photo_count)
    photos = list(strava.client.get_activity_photos(row.id, size=600))
    assert len(photos) == row.photo_count
    assert all(photo.urls for photo in photos)


def get_activity_streams(strava: Strava) -> None:
    row = strava.row(lambda one: one.summary.average_heartrate_bpm)
    streams = strava.client.get_activity_streams(row.id, types=["time", "latlng", "heartrate", "moving"])
    assert {"time", "latlng", "heartrate", "moving", "distance"} == streams.keys()
    assert len({len(stream.data or ()) for stream in streams.values()}) == 1


def create_activity(strava: Strava) -> None:
    made = strava.client.create_activity(
        name="Typed in",
        sport_type="Run",
        start_date_local=datetime(2026, 11, 1, 7, 30),
        elapsed_time=timedelta(minutes=31),
        distance=6000.0,
        trainer=True,
    )
    assert (made.name, made.distance, made.elapsed_time, made.manual) == ("Typed in", 6000.0, 1860, True)
    assert made.trainer
    strava.world.delete_activity(made.id or 0)


def update_activity(strava: Strava) -> None:
    row = strava.rows[0]
    edited = strava.client.update_activity(row.id, name="By another name", commute=True, hide_from_home=False)
    assert (edited.name, edited.commute, edited.hide_from_home) == ("By another name", True, False)
    strava.world.edit_activity(row)


def upload_activity(strava: Strava) -> None:
    upload = strava.client.upload_activity(BytesIO(gpx()), data_type="gpx", name="Handed in", external_id="mine")
    assert upload.is_processing
    activity = upload.wait(timeout=20, poll_interval=0.01)
    assert activity is not None
    assert activity.name == "Handed in"
    strava.world.delete_activity(activity.id or 0)


def get_gear(strava: Strava) -> None:
    shoes = strava.world.people[0].shoes[0]
    assert strava.client.get_gear(shoes.id).brand_name == shoes.brand


def get_segment(strava: Strava) -> None:
    segment = strava.world.population.segments[0]
    assert strava.client.get_segment(segment.id).name == segment.name


def get_starred_segments(strava: Strava) -> None:
    starred = strava.world.segment_efforts.starred(strava.world.people[0].id)
    assert [one.id for one in strava.client.get_starred_segments()] == list(starred)


def explore_segments(strava: Strava) -> None:
    segment = strava.world.population.segments[0]
    latitude, longitude = segment.points[0]
    bounds = (latitude - 0.1, longitude - 0.1, latitude + 0.1, longitude + 0.1)
    with pytest.raises(Fault, match="403"):
        strava.client.explore_segments(bounds)
    strava.world.switches.set(explore_status=200)
    assert segment.id in {one.id for one in strava.client.explore_segments(bounds, activity_type="running")}


def get_segment_effort(strava: Strava) -> None:
    (effort, *_) = strava.world.segment_efforts.in_activity(strava.row(strava.world.segment_efforts.in_activity))
    assert strava.client.get_segment_effort(effort.id).elapsed_time == effort.elapsed_time_s


def get_segment_efforts(strava: Strava) -> None:
    segment, athlete = strava.world.population.segments[0], strava.world.people[0].id
    efforts = list(strava.client.get_segment_efforts(segment.id, athlete, limit=5))
    assert [one.id for one in efforts] == [
        one.id for one in strava.world.segment_efforts.on_segment(segment, athlete)[:5]
    ]


def get_segment_streams(strava: Strava) -> None:
    streams = strava.client.get_segment_streams(strava.world.population.segments[0].id, types=["latlng", "altitude"])
    assert {"latlng", "altitude", "distance"} == streams.keys()


def get_effort_streams(strava: Strava) -> None:
    (effort, *_) = strava.world.segment_efforts.in_activity(strava.row(strava.world.segment_efforts.in_activity))
    assert {"time", "distance"} <= strava.client.get_effort_streams(effort.id, types=["time"]).keys()


def get_routes(strava: Strava) -> None:
    known = strava.world.population.routes(strava.world.people[0].id)
    assert [one.id for one in strava.client.get_routes()] == [one.id for one in known]


def get_route(strava: Strava) -> None:
    known = strava.world.population.routes(strava.world.people[0].id)[0]
    assert strava.client.get_route(known.id).distance == pytest.approx(known.distance_m, abs=0.06)


def get_route_streams(strava: Strava) -> None:
    known = strava.world.population.routes(strava.world.people[0].id)[0]
    assert {"latlng", "distance", "altitude"} == strava.client.get_route_streams(known.id).keys()


def subscribe(strava: Strava, url: str) -> int:
    app = strava.app
    made = strava.client.create_subscription(app.client_id, app.client_secret, url, verify_token="mine")
    return made.id or 0


def create_subscription(strava: Strava) -> None:
    with callback.listening() as hook:
        identity = subscribe(strava, hook.url)
        app = strava.app
        listed = list(strava.client.list_subscriptions(app.client_id, app.client_secret))
        assert [(one.id, one.callback_url) for one in listed] == [(identity, hook.url)]
        assert strava.client.handle_subscription_callback(dict(hook.asked[0]), "mine") == {
            "hub.challenge": hook.asked[0]["hub.challenge"]
        }
        before = strava.rows[0]
        strava.client.update_activity(before.id, name="Told by an event")
        webhook_queue(strava.world).flush(5)
        event = strava.client.handle_subscription_update(hook.events[-1])
        assert (event.object_id, event.aspect_type) == (strava.rows[0].id, "update")
        strava.world.edit_activity(before)
        strava.client.delete_subscription(identity, app.client_id, app.client_secret)
        assert list(strava.client.list_subscriptions(app.client_id, app.client_secret)) == []


# What is proven together with another method.
TOGETHER = {
    "list_subscriptions": create_subscription,
    "delete_subscription": create_subscription,
    "handle_subscription_callback": create_subscription,
    "handle_subscription_update": create_subscription,
}
PROOFS = (
    *(authorization_url, exchange_code_for_token, refresh_access_token, deauthorize),
    *(get_athlete, update_athlete, get_athlete_zones, get_athlete_stats, get_athlete_clubs, get_club),
    *(get_club_members, get_club_admins, get_club_activities, join_club, leave_club),
    *(get_athlete_koms, get_athlete_starred_segments, get_activities, get_activity, get_activity_zones),
    *(get_activity_laps, get_activity_comments, get_activity_kudos, get_activity_photos, get_activity_streams),
    *(create_activity, update_activity, upload_activity, get_gear, get_segment, get_starred_segments),
    *(explore_segments, get_segment_effort, get_segment_efforts, get_segment_streams, get_effort_streams),
    *(get_routes, get_route, get_route_streams, create_subscription),
)


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.__name__)
def test_each_method_of_stravalib_works_as_on_the_service(strava: Strava, proof: Callable[[Strava], None]) -> None:
    proof(strava)


def test_no_method_of_stravalib_is_left_out() -> None:
    methods = {name for name, _ in inspect.getmembers(stravalib.Client, inspect.isfunction) if not name.startswith("_")}

    assert {proof.__name__ for proof in PROOFS} | TOGETHER.keys() == methods


def test_stravalib_renews_an_expired_token_by_itself(person: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", str(person.world.app.client_id))
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", person.world.app.client_secret)
    first = Strava(person)
    person.world.clock.advance(7 * 3600)
    client = stravalib.Client(
        access_token=first.token["access_token"],
        refresh_token=first.token["refresh_token"],
        token_expires=1,
        rate_limit_requests=False,
    )

    athlete = client.get_athlete()

    assert athlete.id == person.world.people[0].id
    assert client.refresh_token not in {None, first.token["refresh_token"]}
