"""The sport from speeds and cadence alone; and a clock that is set on the way."""

import numpy as np
import pytest

from paceport.formats.tracks.clock_correction import with_clock_set_once
from paceport.formats.tracks.guess_sport import guess_sport
from paceport.formats.tracks.sample_table import Samples
from paceport.formats.tracks.track import Pause

TIME_S = np.arange(1801.0) + 1_700_000_000
DEGREE_M = 111_195.08


def at_speed(speed_mps: float, **channels: float) -> Samples:
    """Half an hour straight north."""
    latitude_deg = 48.2 + np.arange(1801) * speed_mps / DEGREE_M
    more = {name: np.full(1801, value) for name, value in channels.items()}
    return Samples(epoch_s=TIME_S, channels={"latitude_deg": latitude_deg, "longitude_deg": np.full(1801, 16.3)} | more)


@pytest.mark.parametrize(
    ("speed_mps", "cadence", "sport"),
    [
        (1.4, None, "Walk"),
        (1.4, 55, "Walk"),
        (1.9, 80, "Run"),  # a slow jog
        (2.1, 58, "Walk"),  # a brisk walk
        (2.5, None, "Run"),
        (3.5, 85, "Run"),
        (3.5, 170, "Run"),
        (5.0, None, "Run"),
        (6.0, None, "Ride"),
        (8.0, None, "Ride"),
    ],
)
def test_speed_decides_and_at_a_brisk_walk_the_cadence(speed_mps: float, cadence: float | None, sport: str) -> None:
    samples = at_speed(speed_mps) if cadence is None else at_speed(speed_mps, cadence_spm=cadence)

    assert guess_sport(samples) == sport


def test_pauses_jumps_and_a_wrong_order_change_nothing() -> None:
    samples = at_speed(3.0)
    order = np.concatenate((np.arange(900, 1801), np.arange(900)))
    samples.channels["latitude_deg"][[100, 700]] += 3.0

    assert guess_sport(samples.select(order)) == "Run"
    late = Samples(epoch_s=TIME_S + np.where(np.arange(1801) > 900, 7200, 0), channels=samples.channels)
    assert guess_sport(late) == "Run"


@pytest.mark.parametrize("channels", [{}, {"heartrate_bpm": np.full(1801, 150.0)}])
def test_without_speed_and_place_nothing_is_guessed(
    channels: dict[str, "np.ndarray[tuple[int], np.dtype[np.float64]]"],
) -> None:
    assert guess_sport(Samples(epoch_s=TIME_S, channels={**channels})) is None


@pytest.mark.parametrize("jump_s", [-20 * 86_400.0, 3 * 3600.0, -7200.0])
def test_the_samples_before_the_clock_was_set_move_to_the_rest(jump_s: float) -> None:
    epoch_s = TIME_S.copy()
    epoch_s[:60] += jump_s
    notes: list[str] = []

    moved = with_clock_set_once(Samples(epoch_s=epoch_s, channels={}), (), notes)

    assert moved.epoch_s.tolist() == TIME_S.tolist()
    assert "first 60 samples" in notes[0]


def test_a_long_stop_is_no_clock_that_was_set() -> None:
    epoch_s = TIME_S.copy()
    epoch_s[60:] += 7200
    stop = Pause(start_s=float(epoch_s[59]), end_s=float(epoch_s[60]))
    notes: list[str] = []

    assert with_clock_set_once(Samples(epoch_s=epoch_s, channels={}), (stop,), notes).epoch_s is epoch_s
    assert notes == []


@pytest.mark.parametrize("first", [1000, 1700])
def test_late_in_a_run_no_clock_is_believed_to_have_been_set(first: int) -> None:
    epoch_s = TIME_S.copy()
    epoch_s[first:] += 86_400

    assert with_clock_set_once(Samples(epoch_s=epoch_s, channels={}), (), []).epoch_s is epoch_s
