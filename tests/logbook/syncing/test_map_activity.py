"""API answers as rows and samples."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.api.models.activity import DetailedActivity, Stream, SummaryActivity
from paceport.api.models.decoding import decode
from paceport.logbook.syncing.map_activity import (
    digest_of,
    laps_of,
    record_of,
    recording_digest_of,
    resume_before_of,
    streams_of,
)

ROW = {
    "id": 5, "name": "Lunch", "distance": 1000.5, "moving_time": 300, "elapsed_time": 320, "sport_type": "Run",
    "start_date": "2026-11-21T11:00:00Z", "start_date_local": "2026-11-21T12:00:00Z",
    "timezone": "(GMT+01:00) Europe/Vienna", "average_cadence": 85.5, "start_latlng": [48.2, 16.3],
    "kudos_count": 3, "visibility": "only_me", "workout_type": 1,
}  # fmt: skip


def row(**changes: object) -> SummaryActivity:
    return decode(SummaryActivity, json.dumps(ROW | changes).encode())


def stream(*samples: object) -> Stream:
    return decode(Stream, json.dumps({"data": samples}).encode())


def test_cadence_counts_both_feet_on_foot_alone() -> None:
    run = record_of(row(), None, samples=0, gear="", content="c")
    ride = record_of(row(sport_type="Ride"), None, samples=0, gear="", content="c")

    assert (run.average_cadence_spm, ride.average_cadence_spm) == (171.0, 85.5)


def test_zone_privacy_and_race_come_along() -> None:
    record = record_of(row(), None, samples=7, gear="Old shoes", content="c")

    assert (record.timezone, record.zone_source, record.is_private, record.is_race) == (
        "Europe/Vienna",
        "strava",
        True,
        True,
    )
    assert (record.start_latitude_deg, record.samples, record.gear) == (48.2, 7, "Old shoes")


@pytest.mark.parametrize("timezone", [None, "", "(GMT+01:00) Nowhere/At All", "(GMT+01:00) ../../etc/passwd"])
def test_an_unknown_zone_is_said_to_be_unknown(timezone: str | None) -> None:
    record = record_of(row(timezone=timezone), None, samples=0, gear="", content="c")

    assert (record.timezone, record.zone_source) == (None, "unknown")


@pytest.mark.parametrize("latlng", [None, [], [1.0]])
def test_a_run_without_position_has_none(latlng: object) -> None:
    assert record_of(row(start_latlng=latlng), None, samples=0, gear="", content="c").start_latitude_deg is None


def test_kudos_make_no_other_activity_but_a_name_does() -> None:
    assert digest_of(row(kudos_count=9, comment_count=2)) == digest_of(row())
    assert digest_of(row(name="Dinner")) != digest_of(row())
    assert recording_digest_of(row(name="Dinner")) == recording_digest_of(row())
    assert recording_digest_of(row(distance=900.0)) != recording_digest_of(row())


def test_a_listing_goes_on_behind_the_whole_day_of_a_hidden_start() -> None:
    hidden = row(start_date="2026-11-20T23:00:01Z", start_date_local="2026-11-21T00:00:01Z")

    assert (resume_before_of(hidden) - hidden.start).days == 1
    assert resume_before_of(row()) == row().start


def test_laps_start_where_they_began() -> None:
    lap = {"id": 1, "start_date": "2026-11-21T11:02:30Z", "distance": 400.0, "moving_time": 90, "elapsed_time": 95}
    detail = decode(DetailedActivity, json.dumps(ROW | {"laps": [lap]}).encode())

    (made,) = laps_of(detail)

    assert (made.start_s, made.elapsed_s, made.timer_s, made.distance_m) == (150.0, 95.0, 90.0, 400.0)


def test_gaps_stay_gaps_and_times_grow() -> None:
    streams = streams_of(
        {
            "time": stream(0, 1, 1, 3, 2, 4),
            "watts": stream(100, None, 7, 200, 7, 300),
            "latlng": stream([1.0, 2.0], None, [7.0, 7.0], [1.5, 2.5], [7.0, 7.0], [1.75, 2.75]),
            "cadence": stream(80, 80, 7, 81, 7, 82),
        },
        sport="Run",
    )

    assert streams is not None
    assert streams.time_s.tolist() == [0, 1, 3, 4]
    assert streams.cadence_spm is not None
    assert streams.cadence_spm.tolist() == [160, 160, 162, 164]
    assert streams.power_w is not None
    assert math.isnan(streams.power_w[1])
    assert streams.latitude_deg is not None
    assert np.isnan(streams.latitude_deg).tolist() == [False, True, False, False]


def test_a_channel_of_another_length_is_left_out() -> None:
    streams = streams_of({"time": stream(0, 1), "heartrate": stream(100)}, sport="Run")

    assert streams is not None
    assert streams.heartrate_bpm is None


@pytest.mark.parametrize("times", [[], None])
def test_without_times_there_are_no_samples(times: list[int] | None) -> None:
    assert streams_of({} if times is None else {"time": stream(*times)}, sport="Run") is None


@given(
    st.lists(st.one_of(st.none(), st.integers(-5, 20), st.floats(allow_nan=False, allow_infinity=False)), max_size=20)
)
@settings(max_examples=60, deadline=None)
def test_whatever_times_come_those_that_stay_grow(times: list[float | None]) -> None:
    streams = streams_of({"time": stream(*times)}, sport="Run")

    assert streams is None or bool((np.diff(streams.time_s) > 0).all())
