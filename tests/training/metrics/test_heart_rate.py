import numpy as np
import pytest

from paceport.streams import Streams
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.heart_rate import HeartRateIntervals, heart_rate_intervals
from paceport.training.metrics.heart_rate_zones import default_zones_bpm
from training.metrics.made import channel

NOTHING = float("nan")


def beating(time_s: object, rate: object, distance_m: object = None) -> HeartRateIntervals | None:
    streams = Streams(
        time_s=channel(time_s),
        heartrate_bpm=channel(rate),
        distance_m=None if distance_m is None else channel(distance_m),
    )
    return heart_rate_intervals(streams, distance_track(streams))


@pytest.mark.parametrize(("highest", "edges"), [(171, (111, 139, 152, 166)), (178, (116, 144, 158, 173))])
def test_default_zones_are_those_of_real_replies(highest: float, edges: tuple[float, ...]) -> None:
    assert default_zones_bpm(highest) == edges


def test_the_mean_weighs_by_time() -> None:
    heart = beating([0, 10, 30], [99, 120, 150])

    assert heart is not None
    assert heart.mean_bpm() == pytest.approx((10 * 120 + 20 * 150) / 30)
    assert heart.highest_bpm() == 150


@pytest.mark.parametrize("lost", [0, 255, NOTHING, -5, 24, 250])
def test_what_no_heart_does_counts_as_missing(lost: float) -> None:
    heart = beating([0, 10, 20], [120, 120, lost])

    assert heart is not None
    assert heart.coverage_ratio == 0.5
    assert heart.mean_bpm() == 120
    assert heart.highest_bpm() == 120


def test_a_pause_is_neither_known_nor_missing() -> None:
    heart = beating([0, 10, 310, 320], [120, 120, 90, 120], [0, 30, 31, 61])

    assert heart is not None
    assert heart.recorded_s == 20
    assert heart.coverage_ratio == 1
    assert heart.mean_bpm() == 120


def test_a_gap_that_the_runner_ran_through_is_missing() -> None:
    heart = beating([0, 100, 110, 120], [120, 120, 120, 120], [0, 300, 330, 360])

    assert heart is not None
    assert heart.coverage_ratio == pytest.approx(20 / 120)


def test_standing_counts_for_the_heart_but_not_as_moving() -> None:
    time_s = np.arange(0, 101, 10)
    distance_m = np.array([0, 30, 60, 90, 90, 90, 90, 90, 120, 150, 180])

    heart = beating(time_s, np.full(11, 120), distance_m)

    assert heart is not None
    assert heart.known_s.sum() == 100
    assert heart.moving_s.sum() == 60


def test_without_a_distance_all_of_it_moves() -> None:
    heart = beating([0, 10, 20], [120, 120, 120])

    assert heart is not None
    assert heart.moving_s.sum() == 20


@pytest.mark.parametrize(
    ("time_s", "rate"), [([], []), ([0], [120]), ([0, 1], [NOTHING, NOTHING]), ([0, 1], [0, 255]), ([5, 5], [120, 120])]
)
def test_too_little_is_not_known(time_s: list[float], rate: list[float]) -> None:
    assert beating(time_s, rate) is None


def test_no_channel_is_not_known() -> None:
    assert heart_rate_intervals(Streams(time_s=channel([0, 1])), None) is None


def test_means_between_edges_know_their_own_seconds() -> None:
    heart = beating([0, 10, 20, 30], [100, 100, NOTHING, 130])

    assert heart is not None
    assert heart.means_bpm(channel([0, 10, 20, 30])) == [pytest.approx(100), None, pytest.approx(130)]
