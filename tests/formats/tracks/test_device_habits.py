"""Every habit of a device or an app reads as it should: one file for each, in tests/makers/devices/."""

import numpy as np
import pytest

from makers.devices.fit_habits import HABITS as FIT_HABITS
from makers.devices.gpx_habits import HABITS as GPX_HABITS
from makers.devices.habit import Habit, Reads
from makers.devices.tcx_habits import HABITS as TCX_HABITS
from paceport.errors import FileError
from paceport.formats.tracks.track import Track
from paceport.logbook.importing.read_recording import read_recording
from paceport.training.metrics.run_results import run_results

HABITS = {
    f"{kind} {each.who}: {each.habit}": each
    for kind, habits in (("FIT", FIT_HABITS), ("GPX", GPX_HABITS), ("TCX", TCX_HABITS))
    for each in habits
}


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
def test_a_habit_reads_as_it_should(habit: Habit) -> None:
    expected = habit.reads
    if expected.refused:
        with pytest.raises(FileError, match=expected.refused):
            read_recording(habit.write(), "run")
        return

    track, *others = read_recording(habit.write(), "run")

    assert (track.sport, track.is_sport_guessed) == (expected.sport, expected.is_guessed)
    assert len(others) == expected.others
    assert track.utc_offset_s == expected.utc_offset_s
    assert expected.device_name in track.device_name
    assert f"{track.start:%Y-%m-%dT%H:%M:%S}" == expected.start if track.start else expected.start == ""
    check_numbers(track, expected)
    check_channels(track, expected)
    assert any(expected.note in note for note in (*track.notes, "")), track.notes
    if expected.note:
        assert any(expected.note in note for note in track.notes), track.notes


def check_numbers(track: Track, expected: Reads) -> None:
    found = run_results(track.streams, distance_source=track.distance_source)
    distance_m = found.distance_m if found.distance_m is not None else track.distance_m
    moving_s = found.moving_time_s if found.moving_time_s is not None else track.timer_s
    if expected.samples is not None:
        assert len(track.streams) == expected.samples
    if expected.is_distance_unknown:
        assert distance_m is None
    elif expected.distance_m is not None:
        assert distance_m == pytest.approx(expected.distance_m, abs=expected.within_m)
    if expected.moving_s is not None:
        assert moving_s == pytest.approx(expected.moving_s, abs=0.6)
    if expected.elapsed_s is not None:
        assert track.elapsed_s == pytest.approx(expected.elapsed_s, abs=0.6)
    if expected.climb_m is not None:
        assert found.elevation_gain_m == pytest.approx(expected.climb_m, abs=0.5)
    if expected.laps is not None:
        assert len(track.laps) == expected.laps
    if expected.pauses is not None:
        assert len(track.pauses) == expected.pauses


def check_channels(track: Track, expected: Reads) -> None:
    channels = track.streams.channels()
    for name in ("heartrate_bpm", "cadence_spm", "power_w"):
        value = getattr(expected, name)
        if value is not None:
            assert float(np.nanmean(channels[name])) == pytest.approx(value, rel=0.002), name
    if expected.heartrate_samples is not None:
        assert int(np.isfinite(channels["heartrate_bpm"]).sum()) == expected.heartrate_samples
    for name in expected.kinds:
        assert name in channels
    for name in expected.lacks:
        assert name not in channels


def test_each_habit_names_its_source_and_stands_once() -> None:
    listed = [*FIT_HABITS, *GPX_HABITS, *TCX_HABITS]

    assert len(HABITS) == len(listed) > 100
    assert all(each.source for each in listed)
