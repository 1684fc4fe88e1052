"""The population as a whole: its size, its plausibility, and that a seed is a world."""

import hashlib
import itertools
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pytest

from conftest import ROOT
from paceport.sandbox.athletes import activity_parts
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate

RUNS = {"Run", "TrailRun", "VirtualRun"}


@pytest.fixture(scope="module")
def nora(population: Population) -> tuple[Activity, ...]:
    return population.activities(population.people[0].id)


def fingerprint(activities: Iterable[Activity]) -> str:
    """Everything that can be seen of the activities, streams included, in one digest."""
    digest = hashlib.sha256()
    for activity in activities:
        digest.update(repr(activity).encode())
        digest.update(
            repr(
                (
                    activity.summary,
                    activity_parts.laps(activity),
                    activity_parts.best_efforts(activity),
                    activity_parts.full_polyline(activity),
                )
            ).encode()
        )
        recording = activity.recording
        for name in ("time_s", "distance_m", "latlng", "altitude_m", "heartrate_bpm", "cadence_rpm", "watts", "temp_c"):
            channel = getattr(recording, name, None)
            digest.update(b"-" if channel is None else np.ascontiguousarray(channel).tobytes())
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_world_to_the_byte(population: Population) -> None:
    again = populate(1)

    for person in population.people:
        chosen = population.activities(person.id)[::31]
        assert fingerprint(chosen) == fingerprint(again.activities(person.id)[::31])
    assert population.people == again.people
    assert population.segments == again.segments
    assert population.routes(population.people[0].id) == again.routes(again.people[0].id)


def test_the_order_of_looking_changes_nothing(population: Population) -> None:
    other = populate(1).activities(population.people[0].id)[:400:27]
    backwards = [fingerprint([activity]) for activity in reversed(other)][::-1]

    forwards = [fingerprint([one]) for one in population.activities(population.people[0].id)[:400:27]]

    assert forwards == backwards


def test_a_recording_made_again_is_the_same(nora: tuple[Activity, ...]) -> None:
    before = fingerprint(nora[:2])
    for activity in nora[10:150]:  # more than the population keeps
        assert activity.recording is None or len(activity.recording) > 0

    assert fingerprint(nora[:2]) == before


def test_another_seed_gives_another_world(population: Population) -> None:
    other = populate(2, athletes=1)

    starts = {activity.start for activity in other.activities(other.people[0].id)}

    shared = starts & {activity.start for activity in population.activities(population.people[0].id)}
    assert len(shared) < 0.15 * len(starts)


def test_the_past_does_not_depend_on_the_day_it_is_told(nora: tuple[Activity, ...]) -> None:
    earlier = populate(1, athletes=1, until=date(2024, 6, 30))

    told = earlier.activities(earlier.people[0].id)

    assert 800 < len(told) < len(nora)
    assert told == nora[-len(told) :]


def test_activities_come_newest_first_with_ids_that_rise_with_time(population: Population) -> None:
    for person in population.people:
        activities = population.activities(person.id)
        starts = [activity.start for activity in activities]
        assert starts == sorted(starts, reverse=True)
        assert [one.id for one in activities] == sorted((one.id for one in activities), reverse=True)


def test_ids_are_large_and_unique(population: Population) -> None:
    activities = [one for person in population.people for one in population.activities(person.id)]

    assert len({one.id for one in activities}) == len(activities)
    assert min(one.id for one in activities) > 10**10
    assert len({one.upload_id for one in activities if one.upload_id}) == sum(not one.manual for one in activities)


def test_the_first_athlete_has_years_of_nearly_everything(nora: tuple[Activity, ...]) -> None:
    sports = Counter(activity.sport_type for activity in nora)
    kinds = Counter(activity.workout_type for activity in nora)

    assert len(nora) >= 1500
    assert {one.start.year for one in nora} == set(range(2020, 2027))
    assert sports.keys() == {"Run", "TrailRun", "VirtualRun", "Ride", "Walk", "WeightTraining"}
    assert sports["Run"] > 0.75 * len(nora)
    assert kinds[1] >= 30
    assert kinds[2] >= 200
    assert kinds[3] >= 150
    assert sum(one.manual for one in nora) >= 5
    assert sum(one.trainer for one in nora) >= 20
    assert sum(one.commute for one in nora) >= 20


def test_year_totals_are_those_of_an_ambitious_amateur(nora: tuple[Activity, ...]) -> None:
    totals: Counter[int] = Counter()
    for activity in nora:
        if activity.sport_type in RUNS:
            totals[activity.start.year] += round(activity.distance_m / 1000.0)

    assert all(800 < kilometres < 3200 for kilometres in totals.values()), totals
    assert totals[2023] < 0.75 * totals[2022], "the injury of 2023 should show"


def test_there_are_gaps_of_illness_holiday_and_injury(nora: tuple[Activity, ...]) -> None:
    days = sorted({activity.start.date() for activity in nora})
    pauses = [later - earlier for earlier, later in itertools.pairwise(days)]

    assert max(pauses) > timedelta(days=40)
    assert sum(pause >= timedelta(days=7) for pause in pauses) >= 6


def test_races_grow_faster_over_the_years(nora: tuple[Activity, ...]) -> None:
    fives = {
        one.start.year: activity_parts.best_efforts(one)[5].elapsed_time_s
        for one in nora
        if "5 km" in one.name and one.is_run and one.workout_type == 1 and one.start.month == 8
    }

    assert fives[2020] > fives[2022] > fives[2024] > fives[2026]
    assert 1100 < fives[2026] < 1260


def test_marathons_agree_with_the_half_of_the_same_month(nora: tuple[Activity, ...]) -> None:
    races = {one.name: one for one in nora if one.workout_type == 1}
    marathon, half = races["Lindenau Marathon 2026"], races["Norrvik Half 2026"]

    ratio = (
        activity_parts.best_efforts(marathon)[-1].elapsed_time_s / activity_parts.best_efforts(half)[-1].elapsed_time_s
    )

    assert [activity_parts.best_efforts(marathon)[-1].name, activity_parts.best_efforts(half)[-1].name] == [
        "Marathon",
        "Half-Marathon",
    ]
    assert ratio == pytest.approx(2.0**1.06, rel=0.03)


def test_some_activities_are_private_hidden_or_for_followers(nora: tuple[Activity, ...]) -> None:
    seen = Counter(activity.visibility for activity in nora)

    assert seen.keys() == {"everyone", "followers_only", "only_me"}
    assert min(seen.values()) > 40
    assert sum(activity.map_hidden for activity in nora) >= 5
    assert all(one.kudos_count == 0 for one in nora if one.visibility == "only_me")


def test_names_hold_what_breaks_careless_programs(nora: tuple[Activity, ...]) -> None:
    names = "\n".join(activity.name for activity in nora)

    assert "\x1b]52;" in names
    assert "\u202e" in names
    assert '"' in names
    assert "'" in names
    assert re.search("[\u0590-\u05ff]", names)
    assert re.search("[\U0001f300-\U0001faff]", names)


def test_favourite_loops_come_back_dozens_of_times(nora: tuple[Activity, ...]) -> None:
    routes = Counter(activity.truth.route for activity in nora if activity.truth is not None)

    assert sum(count >= 36 for count in routes.values()) >= 8


def test_the_second_athlete_lives_in_another_zone_and_counts_in_miles(population: Population) -> None:
    tomas = population.people[1]
    activities = population.activities(tomas.id)

    assert 200 <= len(activities) <= 900
    assert (tomas.measurement_preference, tomas.date_preference) == ("feet", "%m/%d/%Y")
    assert {one.timezone for one in activities} == {"America/Denver"}
    assert {one.utc_offset_s for one in activities} == {-25200, -21600}
    assert any(one.summary.average_watts for one in activities if one.sport_type == "Ride")


def test_the_newcomer_has_few_activities_and_no_heart_rate(population: Population) -> None:
    activities = population.activities(population.people[2].id)

    assert 3 <= len(activities) <= 25
    assert all(
        one.summary.average_heartrate_bpm is None and activity_parts.suffer_score(one) is None for one in activities
    )
    assert {one.utc_offset_s for one in activities} <= {34200, 37800}


def test_further_athletes_are_drawn_and_differ() -> None:
    population = populate(7, athletes=6)
    people = population.people[3:]

    assert len({person.id for person in people}) == 3
    assert len({(person.firstname, person.lastname, person.weight_kg) for person in people}) == 3
    assert all(population.activities(person.id) for person in people)


def test_a_population_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        populate(1, athletes=0)


def test_a_stranger_has_nothing(population: Population) -> None:
    assert population.person(1) is None
    assert population.activities(1) == ()
    assert population.routes(1) == ()


def test_gear_has_covered_what_its_activities_cover(population: Population) -> None:
    person = population.people[0]
    total = sum(population.gear_distance_m(gear) for gear in (*person.shoes, *person.bikes))

    assert total == pytest.approx(sum(one.distance_m for one in population.activities(person.id) if one.gear_id))
    assert all(400_000 < population.gear_distance_m(gear) < 950_000 for gear in person.shoes if gear.retired)
    assert sum(gear.primary for gear in person.shoes) == 1


def test_every_gear_of_an_activity_belongs_to_its_athlete(population: Population) -> None:
    for person in population.people:
        owned = {gear.id for gear in (*person.shoes, *person.bikes)}
        used = {one.gear_id for one in population.activities(person.id)} - {None}
        assert used == owned


@pytest.mark.parametrize("index", [0, 1, 2])
def test_zones_follow_the_default_rule(population: Population, index: int) -> None:
    person: Person = population.people[index]

    shares = [bound / (220 - (2026 - person.birth_year)) for bound in person.heartrate_zones_bpm]

    assert shares == pytest.approx([0.65, 0.81, 0.89, 0.97], abs=0.003)


def test_journeys_take_the_athlete_to_other_zones(nora: tuple[Activity, ...]) -> None:
    assert {one.timezone for one in nora} == {"Europe/Stockholm", "Europe/Madrid", "Europe/Berlin", "Asia/Tokyo"}


def test_offsets_follow_summer_time(nora: tuple[Activity, ...]) -> None:
    at_home = {
        (one.start.month in {5, 6, 7, 8}, one.utc_offset_s)
        for one in nora
        if one.timezone == "Europe/Stockholm" and one.start.month not in {3, 10}
    }

    assert (True, 7200) in at_home
    assert (True, 3600) not in at_home


def test_saved_routes_have_64_bit_ids_and_close(population: Population) -> None:
    routes = population.routes(population.people[0].id)

    assert len(routes) >= 3
    assert all(2**53 < route.id < 2**63 for route in routes)
    assert all(route.points[0] == pytest.approx(route.points[-1], abs=3e-4) for route in routes)
    assert [one.created_at for one in routes] == sorted((one.created_at for one in routes), reverse=True)


WORLD_PROGRAM = """
import hashlib
from paceport.sandbox.athletes.population_generator import populate
world = populate(3, athletes=4)
rows = [(one, one.summary) for person in world.people for one in world.activities(person.id)[::60]]
print(hashlib.sha256(repr((tuple(world.people), rows)).encode()).hexdigest())
"""


def test_another_process_sees_the_same_world() -> None:
    """String hashing differs from process to process; nothing may hang on it."""
    source = ROOT / "src"
    seen = {
        subprocess.run(
            [sys.executable, "-c", WORLD_PROGRAM],
            env={"PYTHONPATH": str(source), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(seen) == 1
    assert len(seen.pop()) == 65
