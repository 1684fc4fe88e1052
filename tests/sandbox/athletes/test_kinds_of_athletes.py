"""The athletes behind the first three: each kind does what its name says."""

import itertools
from datetime import timedelta

import numpy as np
import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.kinds_of_athletes import KINDS, kind_of
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate


@pytest.fixture(scope="module")
def crowd() -> Population:
    return populate(5, athletes=10)


@pytest.fixture
def rows(crowd: Population, request: pytest.FixtureRequest) -> tuple[Activity, ...]:
    (index,) = (number for number in range(3, 10) if kind_of(number) == request.param)
    return crowd.activities(crowd.people[index].id)


def test_the_first_three_are_what_they_were_and_every_kind_follows(population: Population, crowd: Population) -> None:
    assert [kind_of(number) for number in range(3)] == ["mixed"] * 3
    assert {kind_of(number) for number in range(3, 10)} == set(KINDS) - {"mixed"}
    assert [person.id for person in crowd.people[:3]] == [person.id for person in population.people]


@pytest.mark.parametrize("rows", ["easy"], indirect=True)
def test_one_runs_only_easily(rows: tuple[Activity, ...]) -> None:
    runs = [row for row in rows if row.is_run and row.truth is not None]

    assert len(runs) > 20
    assert {row.workout_type for row in runs} == {0}
    assert max(row.truth.flat_speed_mps / row.truth.threshold_speed_mps for row in runs if row.truth) < 0.8


@pytest.mark.parametrize("rows", ["cyclist"], indirect=True)
def test_one_rides_with_power(rows: tuple[Activity, ...]) -> None:
    rides = [row for row in rows if row.sport_type == "Ride"]

    assert len(rides) > 8
    assert rides[0].summary.average_watts is not None


@pytest.mark.parametrize("rows", ["treadmill"], indirect=True)
def test_one_runs_on_a_treadmill_that_measures_wrongly(rows: tuple[Activity, ...]) -> None:
    indoors = [row for row in rows if row.trainer and row.truth is not None]

    assert len(indoors) > 5
    errors = [abs(row.distance_m / row.truth.distance_m - 1.0) for row in indoors if row.truth]
    assert all(0.03 < error < 0.15 for error in errors)


@pytest.mark.parametrize("rows", ["spikes"], indirect=True)
def test_ones_places_jump(rows: tuple[Activity, ...]) -> None:
    row = next(row for row in rows if row.recording is not None and row.recording.latlng is not None)
    recording = row.recording
    assert recording is not None
    assert recording.latlng is not None

    jumps_m = np.hypot(*np.diff(recording.latlng, axis=0).T) * 111_195.0 / np.diff(recording.time_s)

    assert jumps_m.max() > 30.0


@pytest.mark.parametrize("rows", ["spikes"], indirect=True)
def test_a_jump_is_in_the_distance_and_the_speed_as_a_device_derives_them(rows: tuple[Activity, ...]) -> None:
    tracked = [row for row in rows if row.truth is not None and row.truth.route_length_m and row.is_run]

    for row in tracked[:3]:
        recording, truth = row.recording, row.truth
        assert recording is not None
        assert truth is not None
        assert recording.distance_m[-1] > truth.distance_m + 400.0
        assert recording.distance_m[-1] == pytest.approx(row.distance_m, abs=0.11)
        assert row.summary.distance_m == pytest.approx(row.distance_m, abs=0.11)
        assert recording.velocity_mps.max() > 20.0
        assert recording.altitude_m is None or np.abs(np.diff(recording.altitude_m)).max() > 5.0


@pytest.mark.parametrize("rows", ["phone"], indirect=True)
def test_one_carries_a_phone_that_records_some_runs_again(rows: tuple[Activity, ...]) -> None:
    phones = [row for row in rows if row.device_name == "Strava App"]
    watches = {row.name: row for row in rows if row.device_name != "Strava App"}

    assert phones
    assert len({row.id for row in rows}) == len(rows)
    for copy in phones:
        overlapping = [
            row for row in rows if row not in phones and row.start <= copy.start <= row.start + timedelta(seconds=40)
        ]
        assert overlapping, copy.name
    for copy in phones[:5]:
        near = min(abs((copy.start - row.start).total_seconds()) for row in watches.values() if row is not copy)
        assert near <= 40 or copy.name in watches
        assert copy.recording is not None
        assert copy.recording.heartrate_bpm is None


@pytest.mark.parametrize("rows", ["hot"], indirect=True)
def test_one_runs_in_the_heat(rows: tuple[Activity, ...]) -> None:
    outdoors = [row for row in rows if row.truth is not None and row.truth.route_length_m]

    assert min(row.truth.hot_ratio for row in outdoors if row.truth and row.is_run) > 0.02


@pytest.mark.parametrize("rows", ["racer"], indirect=True)
def test_one_races_every_six_weeks(rows: tuple[Activity, ...]) -> None:
    races = sorted(row.start.date() for row in rows if row.workout_type == 1)

    assert races
    events = {row.name.rpartition(" ")[0]: row for row in rows if row.workout_type == 1}
    for row in rows:
        if row.workout_type == 1 and row.truth is not None:
            first = events[row.name.rpartition(" ")[0]].truth
            assert first is not None
            assert row.truth.route == first.route
    assert all((later - earlier).days >= 41 for earlier, later in itertools.pairwise(races))
