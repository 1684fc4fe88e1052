"""A world of thousands over HTTP: any athlete can log in and finds everything of their own."""

from collections.abc import Iterator

import pytest

from paceport.clock import ManualClock
from paceport.sandbox.athletes.athlete_ids import athlete_id
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.few import NEWEST
from sandbox.visitor import Visitor, read

FAR = athlete_id(4105)  # one with friends and so with clubs
EVERY = "read_all,profile:read_all,activity:read_all,activity:write"


@pytest.fixture(scope="module")
def thousands() -> Population:
    return populate(1, athletes=5000)


@pytest.fixture
def crowd(thousands: Population) -> Iterator[Visitor]:
    """A world of thousands, in which no test before has changed anything."""
    world = World(thousands, seed=1, clock=ManualClock(NEWEST.replace(day=22)))
    with open_transport(wsgi=create_app(world)) as send:
        yield Visitor(world=world, send=send)


def test_the_consent_page_offers_the_first_and_says_how_many_more_there_are(crowd: Visitor) -> None:
    page = crowd.get(crowd.asking(approval_prompt="force")).text()

    assert page.count("<option") == 100
    assert "4900 others" in page
    assert str(len(crowd.world.people) - 100) in crowd.get("/").text()


def test_an_athlete_among_thousands_finds_everything_of_their_own(crowd: Visitor) -> None:
    crowd.world.sign_in(FAR)
    token = str(crowd.login(scope=EVERY)["access_token"])
    known = crowd.world.person(FAR)
    assert known is not None

    athlete = read(crowd.api("/athlete", token))
    rows = read(crowd.api("/athlete/activities?per_page=5", token))

    assert (athlete["id"], athlete["firstname"]) == (FAR, known.firstname)
    assert [row["id"] for row in rows] == [row.id for row in crowd.world.activities(FAR)[:5]]
    paths = [
        f"/activities/{rows[0]['id']}",
        f"/activities/{rows[1]['id']}/streams?keys=time",
        f"/gear/{known.shoes[0].id}",
    ]
    paths += [f"/clubs/{club.id}" for club in known.clubs]
    assert [crowd.api(path, token).status for path in paths] == [200] * len(paths)
    assert known.clubs


def test_a_new_activity_has_an_id_that_nobody_else_has(crowd: Visitor) -> None:
    crowd.world.sign_in(FAR)
    token = str(crowd.login(scope=EVERY)["access_token"])
    fields = {"name": "New", "sport_type": "Run", "start_date_local": "2026-11-20T07:00:00Z", "elapsed_time": "1800"}

    made = [read(crowd.post("/api/v3/activities", fields, authorization=f"Bearer {token}"))["id"] for _ in range(2)]

    assert made[0] < made[1]
    assert all(row.id < made[0] for row in crowd.world.activities(crowd.world.people[0].id))
    assert read(crowd.api(f"/activities/{made[1]}", token))["name"] == "New"


def test_what_one_changes_of_an_athlete_stays_when_others_are_looked_at(crowd: Visitor) -> None:
    crowd.world.set_weight(FAR, 66.6)
    _ = crowd.world.people[200:202]

    person = crowd.world.person(FAR)

    assert person is not None
    assert person.weight_kg == 66.6
    assert crowd.world.people[4105].weight_kg == 66.6
