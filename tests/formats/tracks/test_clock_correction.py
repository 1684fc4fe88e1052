"""A clock that is set during the run costs neither metres nor seconds, and makes no effort faster than it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from makers.spoiled_runs import SECONDS, SPEED_MPS, START, Second, as_fit, as_gpx, as_tcx, moved, whole_run
from paceport.formats.tracks.track import Track
from paceport.logbook.importing.read_recording import read_recording
from paceport.training.metrics.run_results import RunResults, run_results

RUN = whole_run()
LENGTH_M = SECONDS * SPEED_MPS
writers = st.sampled_from([as_gpx, as_tcx, as_fit])


def every(seconds: int) -> list[Second]:
    """The run as a device writes it that saves its memory."""
    return [each for at, each in enumerate(RUN) if at % seconds == 0 or at == SECONDS]


def read(content: bytes) -> tuple[Track, RunResults]:
    (track,) = read_recording(content, "run")
    return track, run_results(track.streams, distance_source=track.distance_source)


@given(write=writers, step_s=st.sampled_from([1, 3, 7, 15]), at=st.integers(3, 35), back_s=st.integers(11, 400))
@settings(max_examples=60, deadline=None)
def test_a_clock_that_is_set_back_loses_nothing_and_makes_nothing_faster(
    write: Callable[..., bytes], step_s: int, at: int, back_s: int
) -> None:
    run = every(step_s)
    place = at * len(run) // 40
    shown_twice_s = min(back_s, run[place].time_s, SECONDS - run[place].time_s)
    assume(shown_twice_s >= 3 * step_s)
    assume(back_s - step_s > 10)  # less is sorted, as what some apps write late

    track, found = read(write(moved(run, place, time_s=-back_s)))

    assert any("clock was set back" in note for note in track.notes), track.notes
    assert found.distance_m == pytest.approx(LENGTH_M, abs=2 * step_s * SPEED_MPS)
    assert found.moving_time_s == pytest.approx(SECONDS, abs=step_s)
    assert track.start == pytest.approx(START - timedelta(seconds=back_s), abs=timedelta(seconds=step_s))
    for effort in found.best_efforts:
        assert effort.span_m / effort.elapsed_time_s <= SPEED_MPS * 1.03


@given(write=writers, at=st.integers(60, 400), count=st.integers(12, 100))
@settings(max_examples=20, deadline=None)
def test_a_stretch_that_is_written_twice_is_no_clock(write: Callable[..., bytes], at: int, count: int) -> None:
    track, found = read(write([*RUN[: at + count], *RUN[at : at + count], *RUN[at + count :]]))

    assert not any("clock" in note for note in track.notes)
    assert found.distance_m == pytest.approx(LENGTH_M, abs=5)
    assert found.moving_time_s == pytest.approx(SECONDS, abs=3)
    assert track.start == START


@given(write=writers, at=st.integers(60, 280), ahead_s=st.integers(20, 300), count=st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_stray_samples_ahead_are_no_clock(write: Callable[..., bytes], at: int, ahead_s: int, count: int) -> None:
    run = [replace(each, time_s=each.time_s + ahead_s * (at <= number < at + count)) for number, each in enumerate(RUN)]

    track, found = read(write(run))

    assert not any("clock" in note for note in track.notes)
    assert found.distance_m == pytest.approx(LENGTH_M, abs=10 + count * SPEED_MPS)
    assert found.elapsed_time_s == SECONDS


def test_laps_of_a_tcx_before_the_clock_was_set_move_with_their_points() -> None:
    track, _ = read(as_tcx(moved(RUN, 300, time_s=-60), laps=[0, 200, 400]))

    assert [lap.start_s for lap in track.laps] == [0, 200, 400]
