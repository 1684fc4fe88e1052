"""The figures that follow from a recording."""

import numpy as np
import pytest

from paceport.sandbox.athletes.climb import climb_m
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.athletes.recording_summary import summarize_recording


def steady(seconds: int = 600, speed_mps: float = 3.0) -> Recording:
    return recording_from_samples(
        time_s=list(range(seconds + 1)), distance_m=[speed_mps * second for second in range(seconds + 1)]
    )


def test_a_steady_run_has_plain_figures() -> None:
    figures = summarize_recording(steady())

    assert (figures.distance_m, figures.moving_time_s, figures.elapsed_time_s) == (1800.0, 600, 600)
    assert (figures.average_speed_mps, figures.max_speed_mps) == (3.0, 3.0)
    assert figures.elevation_gain_m == 0.0
    assert figures.summary_polyline == ""


def test_one_sample_is_a_recording_of_nothing() -> None:
    figures = summarize_recording(
        recording_from_samples(time_s=[7], latlng=[(1.0, 2.0)], altitude_m=[3.0], heartrate_bpm=[80])
    )

    assert (figures.distance_m, figures.moving_time_s, figures.average_speed_mps) == (0.0, 0, 0.0)
    assert figures.average_heartrate_bpm == 80.0


def test_a_trembling_altitude_climbs_nothing() -> None:
    assert climb_m(np.array([100.0, 100.5] * 1000)) == 0.0


def test_a_hill_counts_once_up_and_not_down() -> None:
    up = np.linspace(100.0, 150.0, 500)

    assert climb_m(np.concatenate((up, up[::-1]))) == pytest.approx(50.0, abs=0.6)


def test_two_hills_add_up_and_a_dip_of_a_metre_does_not() -> None:
    first, dip = np.linspace(0.0, 20.0, 200), 20.0 - np.abs(np.sin(np.linspace(0, np.pi, 100)))
    second = np.linspace(20.0, 50.0, 300)

    assert climb_m(np.concatenate((first, dip, second))) == pytest.approx(50.0, abs=0.6)
    assert climb_m(np.concatenate((first, first[::-1], first))) == pytest.approx(40.0, abs=1.2)


def test_averages_leave_out_standing_still() -> None:
    beats = [150] * 601 + [100] * 60 + [150] * 600
    distance_m = [3.0 * s for s in range(601)] + [1800.0] * 60 + [1800.0 + 3.0 * s for s in range(1, 601)]

    figures = summarize_recording(
        recording_from_samples(
            time_s=list(range(1261)), distance_m=distance_m, heartrate_bpm=beats, cadence_rpm=[85] * 1261
        )
    )

    assert figures.average_heartrate_bpm == 150.0
    assert figures.average_cadence_rpm == 85.0


def test_power_gives_work_and_a_weighted_mean_above_the_plain_one() -> None:
    watts = ([100] * 120 + [300] * 120) * 5
    figures = summarize_recording(
        recording_from_samples(time_s=list(range(1200)), distance_m=[8.0 * s for s in range(1200)], watts=watts)
    )

    assert figures.average_watts == pytest.approx(200.0, abs=0.3)
    assert figures.weighted_average_watts is not None
    assert 230 < figures.weighted_average_watts < 260
    assert figures.kilojoules == pytest.approx(240.0, abs=0.3)
