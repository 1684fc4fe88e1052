"""Activities as planned: what goes with what."""

import itertools
import re
from datetime import timedelta

import pytest

from paceport.sandbox.athletes import activity_parts
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population


@pytest.fixture(scope="module")
def nora(population: Population) -> tuple[Activity, ...]:
    return population.activities(population.people[0].id)


def test_manual_entries_have_figures_but_no_recording(nora: tuple[Activity, ...]) -> None:
    entries = [one for one in nora if one.manual]

    for one in entries:
        assert one.recording is None
        assert (one.upload_id, one.external_id, one.device_name) == (None, None, None)
        assert (
            activity_parts.laps(one),
            activity_parts.splits_metric(one),
            activity_parts.best_efforts(one),
            activity_parts.full_polyline(one),
        ) == ((), (), (), "")
        assert one.summary.distance_m % 100 == 0
        assert 2.0 < one.summary.average_speed_mps < 4.0
        assert activity_parts.suffer_score(one) is None


def test_what_was_uploaded_names_its_file(nora: tuple[Activity, ...]) -> None:
    names = [one.external_id for one in nora if not one.manual]

    assert all(name and re.fullmatch(r"[0-9A-F]{32}-activity\.fit|[a-z]+_ping_[0-9]{12}", name) for name in names)
    assert len(set(names)) == len(names)


def test_treadmill_runs_have_distance_but_no_track(nora: tuple[Activity, ...]) -> None:
    indoors = [one for one in nora if one.trainer]

    assert {one.sport_type for one in indoors} == {"Run", "VirtualRun"}
    for one in indoors[:8]:
        assert one.recording is not None
        assert one.recording.has_distance
        assert (one.recording.latlng, one.recording.altitude_m, activity_parts.full_polyline(one)) == (None, None, "")


def test_the_distance_is_known_before_the_recording_and_agrees(nora: tuple[Activity, ...]) -> None:
    for one in nora[::67]:
        assert one.distance_m == one.summary.distance_m


def test_activities_of_one_athlete_do_not_overlap(nora: tuple[Activity, ...]) -> None:
    oldest_first = nora[:500][::-1]

    for earlier, later in itertools.pairwise(oldest_first):
        assert earlier.start + timedelta(seconds=earlier.summary.elapsed_time_s) < later.start


def test_activities_begin_at_hours_people_are_awake(nora: tuple[Activity, ...]) -> None:
    hours = {(one.start + timedelta(seconds=one.utc_offset_s)).hour for one in nora}

    assert hours <= set(range(6, 22))


def test_faces_of_effort_agree(nora: tuple[Activity, ...]) -> None:
    """Races are faster and beat higher than long runs of the same season."""
    season = [one for one in nora if one.start.year == 2025 and one.summary.average_heartrate_bpm]
    races = [one.summary for one in season if one.workout_type == 1]
    longs = [one.summary for one in season if one.workout_type == 2]

    assert min(one.average_speed_mps for one in races) > max(one.average_speed_mps for one in longs)
    assert min(one.average_heartrate_bpm or 0 for one in races) > max(one.average_heartrate_bpm or 0 for one in longs)


def test_the_first_months_were_recorded_by_a_phone_without_heart_rate(nora: tuple[Activity, ...]) -> None:
    phone = [one for one in nora if one.device_name == "Strava App"]

    assert len(phone) > 40
    assert all(one.summary.average_heartrate_bpm is None for one in phone[::9])
    assert all(one.start.year == 2020 for one in phone)


def test_the_truth_of_a_workout_is_its_whole(nora: tuple[Activity, ...]) -> None:
    workouts = [one for one in nora if one.workout_type == 3][:20]

    for one in workouts:
        assert one.truth is not None
        assert not one.truth.steady
        assert one.summary.average_speed_mps == pytest.approx(one.truth.flat_speed_mps, rel=0.03)


def test_trails_climb_more_than_streets(nora: tuple[Activity, ...]) -> None:
    def climb(sport: str) -> float:
        chosen = [one for one in nora if one.sport_type == sport and not one.trainer and not one.manual]
        some = [one.summary for one in chosen[:20]]
        return sum(one.elevation_gain_m for one in some) / sum(one.distance_m for one in some)

    assert climb("TrailRun") > 1.5 * climb("Run")


def test_the_score_counts_the_zones_of_the_streams(nora: tuple[Activity, ...]) -> None:
    for one in nora[:40]:
        recording = one.recording
        one.summary  # noqa: B018  # makes the figures first, as a list does
        if recording is None or recording.heartrate_bpm is None:
            assert one.heartrate_zone_times_s is None
        else:
            assert sum(one.heartrate_zone_times_s or ()) == one.summary.moving_time_s
            easier = one.source.heartrate_zone_times_s((10, 20, 30, 40))
            assert easier == (0, 0, 0, 0, one.summary.moving_time_s)
