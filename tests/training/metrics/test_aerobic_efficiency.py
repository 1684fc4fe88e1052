import numpy as np
import pytest

from paceport.streams import Streams
from paceport.training.metrics.aerobic_efficiency import Efficiency, efficiency, halves_of_steady_part
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.heart_rate import heart_rate_intervals
from training.metrics.made import Channel, channel, grade_adjusted


def measured(speed_mps: Channel, rate: Channel, altitude_m: Channel | None = None) -> Efficiency | None:
    """One value per second of a run; the first sample has no interval and no say."""
    streams = Streams(
        time_s=np.arange(len(speed_mps) + 1.0),
        distance_m=np.concatenate(([0.0], np.cumsum(speed_mps))),
        heartrate_bpm=np.concatenate(([100.0], rate)),
    )
    run = distance_track(streams)
    assert run is not None
    worth = None if altitude_m is None else grade_adjusted(run, altitude_m, barometric=True)
    return efficiency(run, heart_rate_intervals(streams, run), worth)


def parts(*pieces: tuple[int, float]) -> Channel:
    return np.concatenate([np.full(minutes * 60, float(value)) for minutes, value in pieces])


def test_a_heart_that_drifts_by_a_twentieth_decouples_by_4_76_percent() -> None:
    found = measured(parts((60, 3.0)), parts((10, 150), (25, 150), (25, 157.5)))

    assert found is not None
    assert found.decoupling_percent == pytest.approx(4.7619, abs=1e-4)
    assert found.efficiency_factor == pytest.approx(180 / 153.75)


def test_the_factors_of_the_halves() -> None:
    seconds = np.ones(6000)
    rate = parts((50, 150), (50, 157.5))

    assert halves_of_steady_part(3 * seconds, seconds, rate, warm_up_s=0) == pytest.approx(
        (180 / 153.75, 1.2, 1.142857), abs=1e-6
    )


def test_a_steady_run_does_not_decouple() -> None:
    found = measured(parts((60, 3.0)), parts((60, 150)))

    assert found is not None
    assert found.decoupling_percent == pytest.approx(0, abs=1e-9)
    assert found.efficiency_factor == pytest.approx(1.2)


def test_a_faster_second_half_at_the_same_rate_is_negative() -> None:
    found = measured(parts((35, 3.0), (25, 3.3)), parts((60, 150)))

    assert found is not None
    assert found.decoupling_percent == pytest.approx(-10)


def test_the_warm_up_has_no_say() -> None:
    calm = measured(parts((60, 3.0)), parts((60, 150)))

    assert measured(parts((10, 2.0), (50, 3.0)), parts((10, 100), (50, 150))) == calm


@pytest.mark.parametrize(
    ("minutes", "has_factor", "has_decoupling"),
    [(19, False, False), (20, True, False), (39, True, False), (40, True, True)],
)
def test_short_runs_do_not_pass_the_gates(minutes: int, has_factor: bool, has_decoupling: bool) -> None:
    found = measured(parts((minutes, 3.0)), parts((minutes, 150)))

    assert (found is not None) == has_factor
    assert (found is not None and found.decoupling_percent is not None) == has_decoupling


def test_a_heart_rate_with_holes_does_not_pass() -> None:
    rate = parts((60, 150))
    rate[::8] = np.nan

    assert measured(parts((60, 3.0)), rate) is None


def test_a_few_lost_beats_do_not_misalign_the_halves() -> None:
    rate = parts((35, 150), (25, 157.5))
    rate[700:760] = np.nan

    found = measured(parts((60, 3.0)), rate)

    assert found is not None
    assert found.decoupling_percent == pytest.approx(100 * (1 - 150 / 157.5), abs=0.15)


def test_standing_is_in_neither_half() -> None:
    found = measured(parts((35, 3.0), (10, 0.0), (25, 3.0)), parts((35, 150), (10, 100), (25, 150)))

    assert found is not None
    assert found.decoupling_percent == pytest.approx(0, abs=0.02)


def test_hills_are_worth_more() -> None:
    speed, rate = parts((60, 3.0)), parts((60, 150))

    found = measured(speed, rate, 0.1 * np.concatenate(([0.0], np.cumsum(speed))))

    assert found is not None
    assert found.efficiency_factor == pytest.approx(1.2 * 1.4702, rel=0.01)


def test_no_heart_rate_means_no_efficiency() -> None:
    streams = Streams(time_s=channel([0, 3600]), distance_m=channel([0, 10_000]))
    run = distance_track(streams)

    assert run is not None
    assert efficiency(run, None, None) is None
