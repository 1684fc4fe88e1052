import numpy as np
import pytest

from paceport.streams import Streams
from paceport.training.metrics.believable_efforts import RunEfforts, run_efforts
from paceport.training.metrics.distance import DistanceTrack, distance_track
from paceport.training.metrics.ride_signs import ride_doubt


def course(*pieces: tuple[float, float], step_s: float = 1.0) -> DistanceTrack:
    """A run of pieces of (seconds, metres a second), a sample a second."""
    speeds = np.concatenate([np.full(int(seconds / step_s), speed) for seconds, speed in pieces])
    time_s = np.arange(len(speeds) + 1, dtype=np.float64) * step_s
    found = distance_track(Streams(time_s=time_s, distance_m=np.concatenate(([0.0], np.cumsum(speeds * step_s)))))
    assert found is not None
    return found


def believed(efforts: RunEfforts, span_m: float) -> float | None:
    return next((one.elapsed_time_s for one in efforts.believable if one.span_m == span_m), None)


def doubts(efforts: RunEfforts) -> dict[float, str]:
    return {one.effort.span_m: one.doubt for one in efforts.doubtful}


def test_a_clean_run_has_no_doubtful_efforts() -> None:
    efforts = run_efforts(course((1200, 3.0), (200, 5.0), (1200, 3.0)))

    assert efforts.doubtful == ()
    assert believed(efforts, 1000.0) == pytest.approx(200.0)


def test_behind_a_vehicle_the_true_best_is_found() -> None:
    efforts = run_efforts(course((600, 3.0), (300, 15.0), (60, 3.0), (200, 5.0), (600, 3.0)))

    assert believed(efforts, 1000.0) == pytest.approx(200.0)
    assert believed(efforts, 5000.0) is None
    assert doubts(efforts)[1000.0] == "it is faster than the world record"


def test_a_slow_vehicle_is_one_too() -> None:
    efforts = run_efforts(course((600, 3.0), (300, 8.5), (200, 5.0), (600, 3.0)))

    assert doubts(efforts)[5000.0] == "part of it is at the speed of a vehicle"
    assert believed(efforts, 1000.0) == pytest.approx(200.0, abs=2.0)


def test_what_is_faster_than_the_world_record_hides_no_true_best() -> None:
    efforts = run_efforts(course((600, 3.0), (30, 14.0), (100, 5.0), (600, 3.0)))

    assert believed(efforts, 400.0) == pytest.approx(80.0)
    assert doubts(efforts)[400.0] == "it is faster than the world record"


def test_an_effort_mostly_on_repaired_samples_is_doubtful_and_one_with_few_of_them_is_not() -> None:
    run = course((600, 3.0), (200, 5.0), (600, 3.0))
    little, much = ((650.0, 652.0),), ((640.0, 700.0),)

    assert run_efforts(run, repaired_s=little).doubtful == ()
    efforts = run_efforts(run, repaired_s=much)
    assert doubts(efforts)[1000.0] == "30% of it rests on repaired or doubtful samples"
    assert believed(efforts, 400.0) == pytest.approx(80.0)
    assert believed(efforts, 1000.0) == pytest.approx(100.0 + 500.0 / 3.0)


@pytest.mark.parametrize(
    ("pieces", "is_ride"),
    [
        (((3600, 3.0),), False),
        (((3000, 3.0), (57, 7.0), (600, 3.0)), False),  # a very fast 400 m
        (((1800, 6.0), (300, 9.0), (1500, 5.5)), True),  # a ride through a town, with a hill
        (((3600, 8.0),), True),
        (((110, 8.0), (100, 3.0)), False),  # too short to say
    ],
)
def test_a_ride_is_told_from_a_run_by_its_speeds(pieces: tuple[tuple[float, float], ...], is_ride: bool) -> None:
    assert bool(ride_doubt(course(*pieces))) is is_ride


def test_nothing_recorded_is_no_ride() -> None:
    assert ride_doubt(None) == ""
