"""Recordings follow from their plans: what was put in can be found again."""

from dataclasses import replace

import numpy as np
import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.devices import Device
from paceport.sandbox.athletes.physiology import Fitness, grade_cost
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_summary import summarize_recording
from paceport.sandbox.athletes.routes import KnownRoutes, generate_known_routes
from paceport.sandbox.athletes.run_simulator import RecordingPlan, simulate_recording
from paceport.sandbox.athletes.terrain import create_place
from paceport.sandbox.athletes.training_plan import WorkoutStep

FITNESS = Fitness(
    threshold_speed_mps=4.0, threshold_heartrate_bpm=168.0, resting_heartrate_bpm=50.0, max_heartrate_bpm=186.0
)


@pytest.fixture(scope="module")
def known_routes() -> KnownRoutes:
    place = create_place(
        "Norrvik", 59.612, 15.214, "Europe/Stockholm", state="", country="Sweden", hilly=1.7, base_m=92.0
    )
    return generate_known_routes(place, "1/0")


@pytest.fixture(scope="module")
def steady_runs(population: Population) -> list[Activity]:
    runs = [
        one for one in population.activities(population.people[0].id) if one.is_run and one.truth and one.truth.steady
    ]
    return runs[::23]


def easy(known_routes: KnownRoutes, loop: int = 8) -> RecordingPlan:
    route = known_routes.loops[loop]
    return RecordingPlan(
        key="easy",
        sport="Run",
        route=route,
        distance_m=round(route.length_m, 1),
        flat_speed_mps=3.0,
        drift_bpm=8.0,
        fitness=FITNESS,
        sensor=True,
        device=Device(name="Watch"),
        temperature_c=8.0,
        weight_kg=60.0,
    )


def flat_speed_mps(recording: Recording) -> float:
    """Moving flat metres by moving seconds, from the streams alone."""
    steps = np.diff(recording.distance_m, prepend=0.0) * grade_cost(recording.grade_percent)
    seconds = np.diff(recording.time_s, prepend=0)
    return float(steps[recording.moving].sum() / seconds[recording.moving].sum())


def test_the_flat_speed_aimed_at_is_found_back(steady_runs: list[Activity]) -> None:
    for activity in steady_runs:
        assert activity.recording is not None
        assert activity.truth is not None
        assert flat_speed_mps(activity.recording) == pytest.approx(activity.truth.flat_speed_mps, rel=0.01)


def test_the_drift_of_the_heart_is_found_back(steady_runs: list[Activity]) -> None:
    errors = []
    for activity in steady_runs:
        recording, truth = activity.recording, activity.truth
        assert truth is not None
        if recording is None or recording.heartrate_bpm is None or recording.time_s[-1] < 2400:
            continue
        first, last = (
            (recording.time_s > begin) & (recording.time_s < begin + 600) for begin in (600, recording.time_s[-1] - 600)
        )
        risen = float(recording.heartrate_bpm[last].mean() - recording.heartrate_bpm[first].mean())
        times = [float(recording.time_s[part].mean()) for part in (first, last)]
        effort_bpm = (truth.heartrate_bpm - truth.resting_heartrate_bpm) / truth.flat_speed_mps
        faded_bpm = effort_bpm * (truth.flat_speed_mps_at(times[1]) - truth.flat_speed_mps_at(times[0]))
        errors.append(risen - faded_bpm - (truth.heartrate_bpm_at(times[1]) - truth.heartrate_bpm_at(times[0])))

    assert len(errors) > 20
    assert abs(float(np.median(errors))) < 1.0


def test_hearts_stay_within_what_a_body_can(steady_runs: list[Activity]) -> None:
    for activity in steady_runs:
        assert activity.recording is not None
        beats = activity.recording.heartrate_bpm
        assert beats is None or (int(beats.min()) >= 50 and int(beats.max()) <= 181)


def test_hills_cost_time_at_the_same_effort(known_routes: KnownRoutes) -> None:
    recording = simulate_recording(replace(easy(known_routes, 15), noise=0.0))
    moving = recording.velocity_mps[30:-30]
    grade = recording.grade_percent[30:-30]

    assert moving[grade > 3.0].mean() < 2.8 < 3.05 < moving[(grade < -3.0) & (grade > -8.0)].mean()


def test_without_noise_a_treadmill_run_is_steady(known_routes: KnownRoutes) -> None:
    recording = simulate_recording(replace(easy(known_routes), route=None, distance_m=6000.0, noise=0.0))

    assert recording.latlng is None
    assert recording.altitude_m is None
    assert recording.time_s[-1] == pytest.approx(2000, abs=1)
    assert recording.velocity_mps[10:-10] == pytest.approx(3.0, abs=0.06)


def test_distance_rises_to_exactly_what_was_planned(known_routes: KnownRoutes) -> None:
    plan = easy(known_routes)

    recording = simulate_recording(plan)

    assert recording.distance_m[0] == 0.0
    assert (np.diff(recording.distance_m) >= 0.0).all()
    assert recording.distance_m[-1] == plan.distance_m


def test_positions_lie_on_the_course_within_the_noise_of_a_receiver(known_routes: KnownRoutes) -> None:
    plan = easy(known_routes)
    recording = simulate_recording(plan)
    assert recording.latlng is not None
    track = known_routes.loops[8].track()
    east = np.interp(recording.distance_m, track.distance_m, track.east_m)
    north = np.interp(recording.distance_m, track.distance_m, track.north_m)

    apart = (recording.latlng - track.place.latlng(east, north)) * [111_195.0, 111_195.0 * 0.506]

    assert float(np.hypot(*apart.T).max()) < 12.0
    assert 0.5 < float(np.hypot(*apart.T).mean()) < 5.0


def test_loops_end_where_they_began(known_routes: KnownRoutes) -> None:
    figures = summarize_recording(simulate_recording(easy(known_routes)))

    assert figures.start_latlng == pytest.approx(figures.end_latlng, abs=2e-4)


def test_the_same_place_has_the_same_height_on_another_day(known_routes: KnownRoutes) -> None:
    one, other = (
        simulate_recording(easy(known_routes)),
        simulate_recording(replace(easy(known_routes), key="another day", flat_speed_mps=2.7)),
    )
    assert one.altitude_m is not None
    assert other.altitude_m is not None

    again = np.interp(one.distance_m, other.distance_m, other.altitude_m)

    assert float(np.abs(one.altitude_m - again).max()) < 5.0


def test_red_lights_are_stood_at(known_routes: KnownRoutes) -> None:
    plan = replace(easy(known_routes), stops=((0.3, 40), (0.6, 25)))

    figures = summarize_recording(simulate_recording(plan))

    assert figures.elapsed_time_s - figures.moving_time_s == pytest.approx(65, abs=4)


def test_a_device_that_pauses_leaves_a_gap(known_routes: KnownRoutes) -> None:
    plan = replace(easy(known_routes), stops=((0.3, 40), (0.6, 25)))
    running_on, pausing = (
        simulate_recording(plan),
        simulate_recording(replace(plan, device=Device(name="Watch", pauses=True))),
    )

    assert np.diff(running_on.time_s).max() == 1
    assert (np.diff(pausing.time_s) > 15).sum() == 2
    assert pausing.time_s[-1] == running_on.time_s[-1]
    assert summarize_recording(pausing).moving_time_s == pytest.approx(
        summarize_recording(running_on).moving_time_s, abs=8
    )


def test_smart_recording_is_uneven_and_agrees_on_the_whole(known_routes: KnownRoutes) -> None:
    every, smart = (
        simulate_recording(easy(known_routes)),
        simulate_recording(replace(easy(known_routes), device=Device(name="Watch", spacing_s=5))),
    )

    assert set(np.diff(smart.time_s)[:-1].tolist()) == {1, 2, 3, 4, 5}
    assert smart.distance_m[-1] == every.distance_m[-1]
    assert smart.time_s[-1] == every.time_s[-1]


def test_steps_are_run_at_their_paces_and_pressed_as_laps(known_routes: KnownRoutes) -> None:
    steps = (
        WorkoutStep(distance_m=2000.0, pace=0.8),
        WorkoutStep(distance_m=1000.0, pace=1.2),
        WorkoutStep(distance_m=1000.0, pace=0.8),
    )
    recording = simulate_recording(replace(easy(known_routes), route=None, distance_m=4000.0, steps=steps, noise=0.0))

    first, fast, _ = recording.lap_starts

    assert recording.distance_m[[first, fast]].tolist() == pytest.approx([0.0, 2000.0], abs=5.0)
    assert recording.velocity_mps[fast + 30 : fast + 200] == pytest.approx(3.6, abs=0.06)


def test_what_a_device_cannot_measure_is_not_there(known_routes: KnownRoutes) -> None:
    phone = Device(name="Phone", cadence=False, thermometer=False)

    recording = simulate_recording(replace(easy(known_routes), device=phone, sensor=False))

    assert (recording.heartrate_bpm, recording.cadence_rpm, recording.watts, recording.temp_c) == (None,) * 4


def test_cadence_of_one_foot_is_that_of_a_runner(known_routes: KnownRoutes) -> None:
    recording = simulate_recording(replace(easy(known_routes), stops=((0.5, 30),)))
    assert recording.cadence_rpm is not None

    running = recording.cadence_rpm[recording.velocity_mps > 2.0]

    assert 80 <= float(running.mean()) <= 92
    assert int(recording.cadence_rpm.min()) == 0


def test_weights_have_a_heart_but_no_way(known_routes: KnownRoutes) -> None:
    recording = simulate_recording(replace(easy(known_routes), route=None, distance_m=0.0, duration_s=1800))

    assert not recording.has_distance
    assert recording.heartrate_bpm is not None
    assert recording.time_s[-1] == 1800
