"""What one amendment makes of an activity, by itself and with others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.formats.tracks.track import Lap, Pause, Track
from paceport.logbook.amending.amendment import Amendment, AmendmentKind, Change
from paceport.logbook.amending.apply_amendments import (
    FACTS_ALONE,
    SAMPLES_TOO,
    AmendedActivities,
    AmendedActivity,
    apply_amendments,
    finish,
)
from paceport.logbook.database.activity_record import ActivityRecord, TrackFacts
from paceport.streams import Streams

START = datetime(2026, 5, 1, 7, tzinfo=UTC)


def activity(
    activity_id: int = 1, *, start: datetime = START, step_s: float = 5.0, samples: int = 401, **more: object
) -> AmendedActivity:
    """A run at 3 m/s with a sample every `step_s`, a pause from 100 s to 200 s, and laps of 500 s."""
    time_s = np.arange(samples, dtype=np.float64) * np.float64(step_s)
    streams = Streams(
        time_s=time_s,
        distance_m=3.0 * time_s,
        speed_mps=np.full(samples, 3.0),
        altitude_m=100.0 + time_s / 10,
        heartrate_bpm=np.full(samples, 140.0),
        latitude_deg=52.0 + time_s * 2.7e-5,
        longitude_deg=np.full(samples, 13.4),
    )
    track = Track(
        streams=streams,
        start=start,
        laps=tuple(Lap(start_s=at, elapsed_s=500.0, timer_s=400.0, distance_m=1500.0) for at in (0.0, 500.0, 1000.0)),
        pauses=(Pause(start_s=100.0, end_s=200.0),),
        distance_m=3.0 * float(time_s[-1]),
        timer_s=float(time_s[-1]) - 100.0,
        distance_source="positions",
    )
    values: dict[str, object] = {
        "distance_m": 6050.0, "elapsed_time_s": 2000.0, "moving_time_s": 1900.0, "calories_kcal": 400.0,
        "average_speed_mps": 3.0, "notes": ("from the import",), "name": "Morning",
    }  # fmt: skip
    record = ActivityRecord(
        id=activity_id,
        source="file",
        sport="Run",
        start=start,
        content=f"c{activity_id}",
        samples=samples,
        track=TrackFacts.of(track),
        **values | more,  # type: ignore[arg-type]  # fields of ActivityRecord
    )
    return AmendedActivity(record=record, track=track)


def amend(*changes: tuple[int, AmendmentKind, dict[str, object]], of: tuple[AmendedActivity, ...]) -> AmendedActivities:
    amendments = [
        Amendment(id=n, activity_id=one, change=Change(kind=kind, value=value), made_at="", undone_at=None)
        for n, (one, kind, value) in enumerate(changes, 1)
    ]
    return apply_amendments({one.record.id: one for one in of}, amendments)


def streams_of(found: AmendedActivity) -> Streams:
    assert found.track is not None
    return found.track.streams


def test_a_crop_by_time_cuts_both_ends() -> None:
    cut = amend((1, "crop_start", {"time_s": 300.0}), (1, "crop_end", {"time_s": 200.0}), of=(activity(),)).activities[
        1
    ]

    assert cut.record.start == START + timedelta(seconds=300)
    assert cut.record.distance_m == pytest.approx(4500.0)
    assert cut.record.elapsed_time_s == pytest.approx(1500.0)
    assert (streams_of(cut).time_s[0], streams_of(cut).time_s[-1]) == (0.0, 1500.0)
    assert cut.record.start_latitude_deg == pytest.approx(52.0 + 300 * 2.7e-5)
    assert cut.extent == SAMPLES_TOO


def test_a_crop_by_distance_is_exact_between_two_samples() -> None:
    cut = amend(
        (1, "crop_start", {"distance_m": 1001.0}), (1, "crop_end", {"distance_m": 2.0}), of=(activity(),)
    ).activities[1]

    assert cut.record.distance_m == pytest.approx(6000 - 1003, abs=0.01)
    assert streams_of(cut).distance_m is not None
    assert streams_of(cut).distance_m[0] == 0.0  # type: ignore[index]  # it was just seen


def test_figures_of_the_whole_do_not_stay_with_a_part() -> None:
    cut = amend((1, "crop_end", {"time_s": 1000.0}), of=(activity(),)).activities[1]

    assert (cut.record.calories_kcal, cut.record.moving_time_s, cut.record.average_speed_mps) == (None, None, None)
    assert cut.record.elevation_high_m == pytest.approx(200.0)
    assert cut.track is not None
    assert (cut.track.timer_s, cut.track.distance_m) == (None, None)


def test_laps_and_pauses_are_cut_with_the_samples() -> None:
    cut = amend((1, "crop_start", {"time_s": 150.0}), (1, "crop_end", {"time_s": 750.0}), of=(activity(),)).activities[
        1
    ]

    assert cut.track is not None
    assert cut.track.pauses == (Pause(start_s=0.0, end_s=50.0),)
    assert [(lap.start_s, lap.elapsed_s, lap.distance_m) for lap in cut.track.laps] == [
        (0.0, 350.0, pytest.approx(1050.0)),
        (350.0, 500.0, 1500.0),
        (850.0, 250.0, pytest.approx(750.0)),
    ]


@settings(max_examples=60, deadline=None)
@given(at_m=st.floats(10.0, 5900.0), step_s=st.sampled_from([1.0, 5.0, 7.5]))
def test_the_parts_of_a_split_add_up(at_m: float, step_s: float) -> None:
    whole = activity(step_s=step_s, samples=int(2000 / step_s) + 1)
    parts = amend((1, "split", {"distance_m": at_m, "other_id": -9}), of=(whole,)).activities

    lengths_m = [parts[one].record.distance_m for one in (1, -9)]
    assert None not in lengths_m
    assert sum(lengths_m) == pytest.approx(streams_of(whole).distance_m[-1], abs=0.01)  # type: ignore[arg-type,index]
    assert lengths_m[0] == pytest.approx(at_m, abs=0.01)
    elapsed_s = [parts[one].record.elapsed_time_s for one in (1, -9)]
    assert sum(elapsed_s) == pytest.approx(float(streams_of(whole).time_s[-1]), abs=0.01)  # type: ignore[arg-type]


def test_the_second_part_begins_where_the_first_ends_and_can_be_amended_itself() -> None:
    found = amend(
        (1, "split", {"time_s": 600.0, "other_id": -9}), (-9, "crop_end", {"time_s": 400.0}), of=(activity(),)
    )

    second = found.activities[-9]
    assert (second.record.start, second.record.id) == (START + timedelta(seconds=600), -9)
    assert second.record.distance_m == pytest.approx(3000.0)
    assert second.record.name == "Morning (part 2)"
    assert found.left_out == {}


def test_a_merge_takes_the_other_in_whichever_came_first() -> None:
    later = activity(2, start=START + timedelta(seconds=3000), name="Later")
    for into, other in ((1, 2), (2, 1)):
        found = amend((into, "merge", {"other_id": other}), of=(activity(), later)).activities

        assert set(found) == {into}
        assert found[into].record.start == START
        assert found[into].record.distance_m == pytest.approx(12_000.0)
        assert found[into].record.elapsed_time_s == pytest.approx(5000.0)
        assert found[into].record.calories_kcal == 800.0
        assert found[into].track is not None
        assert Pause(start_s=2000.0, end_s=3000.0) in found[into].track.pauses  # type: ignore[union-attr]


def test_two_recordings_of_the_same_time_are_not_merged() -> None:
    beside = activity(2, start=START + timedelta(seconds=6))

    found = amend((1, "merge", {"other_id": 2}), of=(activity(), beside))

    assert "overlap" in found.left_out[1].why
    assert found.activities[1].extent == found.activities[2].extent == 0


def test_the_true_distance_scales_samples_laps_and_speeds() -> None:
    found = amend((1, "distance", {"distance_m": 6600.0}), of=(activity(),)).activities[1]

    assert found.record.distance_m == 6600.0
    assert found.record.average_speed_mps == pytest.approx(3.3)
    assert streams_of(found).distance_m[-1] == pytest.approx(6600.0)  # type: ignore[index]
    assert streams_of(found).speed_mps[0] == pytest.approx(3.3)  # type: ignore[index]
    assert found.track is not None
    assert found.track.laps[0].distance_m == pytest.approx(1650.0)
    # A GPX file tells it, and it counts as measured.
    assert found.record.track is not None
    assert found.record.track.distance_source == "device"


def test_the_true_distance_of_a_run_without_samples_is_taken_as_it_is() -> None:
    manual = AmendedActivity(
        record=ActivityRecord(id=1, source="file", sport="Run", start=START, content="c"), track=None
    )

    found = amend((1, "distance", {"distance_m": 8000.0}), of=(manual,)).activities[1]

    assert found.record.distance_m == 8000.0


def test_sport_and_race_leave_the_samples_alone() -> None:
    found = amend((1, "sport", {"sport": "Walk"}), (1, "race", {"is_race": True}), of=(activity(),)).activities[1]

    assert (found.record.sport, found.record.is_race, found.extent) == ("Walk", True, FACTS_ALONE)
    assert found.record.distance_m == 6050.0


def test_a_cut_of_another_sport_has_the_figures_that_only_runs_are_analysed_for() -> None:
    cut = amend((1, "sport", {"sport": "Ride"}), (1, "crop_start", {"time_s": 150.0}), of=(activity(),)).activities[1]

    assert cut.record.moving_time_s is None
    assert finish(cut).record.moving_time_s == pytest.approx(1800.0)
    assert finish(cut).record.average_heartrate_bpm == pytest.approx(140.0)


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("crop_start", {"time_s": 2000.0}, "something of it must be left"),
        ("crop_end", {"time_s": 5000.0}, "something of it must be left"),
        ("crop_start", {"distance_m": 9000.0}, "6.00 km long"),
        ("split", {"time_s": 0.0, "other_id": -9}, "something of it must be left"),
        ("split", {"distance_m": 6000.0, "other_id": -9}, "something of it must be left"),
        ("merge", {"other_id": 1}, "no other activity"),
        ("merge", {"other_id": 5}, "no other activity"),
        ("distance", {"distance_m": 0.0}, "above 0"),
        ("distance", {"distance_m": 2e6}, "at most"),
    ],
)
def test_what_does_not_fit_is_left_out_and_says_why(kind: AmendmentKind, value: dict[str, object], why: str) -> None:
    found = amend((1, kind, value), (1, "race", {"is_race": True}), of=(activity(),))

    assert why in found.left_out[1].why
    assert found.activities[1].record.distance_m == 6050.0
    assert found.activities[1].record.is_race  # those after it are still applied


def test_gaps_in_the_samples_stay_gaps() -> None:
    whole = activity()
    assert whole.track is not None
    assert whole.track.streams.heartrate_bpm is not None
    whole.track.streams.heartrate_bpm[10:20] = np.nan

    cut = amend((1, "crop_start", {"time_s": 25.0}), of=(whole,)).activities[1]

    rate = streams_of(cut).heartrate_bpm
    assert rate is not None
    assert np.isnan(rate).nonzero()[0].tolist() == list(range(5, 15))


def test_amendments_are_told_in_the_notes() -> None:
    cut = amend((1, "crop_end", {"time_s": 90.0}), (1, "race", {"is_race": False}), of=(activity(),)).activities[1]

    assert cut.record.notes == ("from the import", "amended: last 1:30 cut off", "amended: marked as no race")
