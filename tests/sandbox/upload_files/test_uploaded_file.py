"""What the sandbox reads out of files, and what it refuses to."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.sandbox.athletes.recording_summary import summarize_recording
from paceport.sandbox.upload_files.file_content import EMPTY, MALFORMED, UnreadableFile
from paceport.sandbox.upload_files.uploaded_file import FORMATS, UploadedFile, read_file
from sandbox.files import START, fit, gpx, strength, tcx

FILES = {"fit": fit(), "gpx": gpx(), "tcx": tcx(), "json": strength()}
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><gpx>&b;</gpx>'


@pytest.mark.parametrize("kind", ["fit", "gpx", "tcx"])
def test_one_run_reads_the_same_from_every_format(kind: str) -> None:
    arrival = read_file(FILES[kind], kind)
    figures = summarize_recording(arrival.recording)

    assert arrival.start == START
    assert figures.distance_m == pytest.approx(360.0, abs=0.5)
    assert (figures.moving_time_s, figures.elapsed_time_s) == (120, 120)
    assert figures.average_heartrate_bpm == {"fit": 142.0, "gpx": 140.0, "tcx": 141.0}[kind]
    assert figures.average_cadence_rpm == {"fit": 85.0, "gpx": 84.0, "tcx": 83.0}[kind]
    assert figures.start_latlng == (59.7, 15.3)


@pytest.mark.parametrize(
    ("content", "kind", "sport"),
    [
        (fit(), "fit", "TrailRun"),
        (fit(sub_sport=1), "fit", "Run"),
        (fit(sport=2, sub_sport=46), "fit", "GravelRide"),
        (fit(sport=10, sub_sport=20), "fit", "WeightTraining"),
        (fit(sport=4, sub_sport=0), "fit", "Workout"),
        (gpx(), "gpx", "Run"),
        (gpx(kind="9"), "gpx", "Run"),
        (gpx(kind="1"), "gpx", "Ride"),
        (gpx(kind="parkour"), "gpx", None),
        (tcx(sport="Biking"), "tcx", "Ride"),
        (tcx(sport="Swimming"), "tcx", "Swim"),
        (tcx(sport="Other"), "tcx", None),
        (strength(), "json", "WeightTraining"),
    ],
)
def test_the_sport_is_the_files(content: bytes, kind: str, sport: str | None) -> None:
    assert read_file(content, kind).sport == sport


def test_a_paused_timer_does_not_count_as_moving() -> None:
    arrival = read_file(fit(pause=(50, 80)), "fit")
    figures = summarize_recording(arrival.recording)

    assert (figures.moving_time_s, figures.elapsed_time_s) == (90, 120)
    assert np.flatnonzero(~arrival.recording.moving).tolist() == [51]


def test_laps_begin_where_the_file_says() -> None:
    assert read_file(tcx(), "tcx").recording.lap_starts == (0, 61)
    assert read_file(fit(), "fit").recording.lap_starts == (0, 60)


def test_plain_tags_and_those_of_cluetrust_are_read() -> None:
    point = (
        '<power>230</power><c:temp xmlns:c="http://www.cluetrust.com/XML/GPXDATA/1/0">7</c:temp><distance>x</distance>'
    )
    recording = read_file(gpx(point=point), "gpx").recording

    assert recording.watts is not None
    assert recording.temp_c is not None
    assert (recording.watts[3], recording.temp_c[3]) == (230, 7)


def test_a_strength_session_has_times_heart_and_its_own_offset() -> None:
    streams = {"time": [0, 900, 1800], "heartrate": [90, 140, 120], "active": [True, False, True]}
    arrival = read_file(strength(streams=streams), "json")

    assert (arrival.start, arrival.utc_offset_s, arrival.device_name) == (
        datetime(2026, 11, 20, 6, tzinfo=UTC),
        3600,
        "Notebook",
    )
    assert summarize_recording(arrival.recording).elapsed_time_s == 1800
    assert arrival.recording.heartrate_bpm is not None
    assert not arrival.recording.has_distance


@pytest.mark.parametrize(
    "content",
    [
        strength(version="2.0"),
        strength(start_time="2026-11-20T07:00:00"),
        strength(start_time=5),
        strength(start_time=None),
        strength(utc_offset="3600"),
        strength(elapsed_time=0),
        strength(elapsed_time=True),
        strength(sets=[]),
        strength(sets=[{"repetitions": 8}]),
        strength(sets=[{"exercise_type": "squat"}]),
        strength(sets=[{"exercise_type": "SQUAT", "weight": "60"}]),
        strength(streams={"time": [0, 1], "heartrate": [100]}),
        strength(streams={"time": []}),
        strength(streams={"time": [0.5]}),
        strength(streams=[]),
        b"[]",
        b"{",
        b"[" * 100_000,
    ],
)
def test_a_strength_session_must_be_as_documented(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=MALFORMED):
        read_file(content, "json")


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (gpx(count=0), "gpx", EMPTY),
        (tcx(count=0, laps=1), "tcx", EMPTY),
        (b'<TrainingCenterDatabase xmlns="x"/>', "tcx", EMPTY),
        (fit(count=0), "fit", EMPTY),
        (gpx(timed=False), "gpx", MALFORMED),
        (BOMB, "gpx", MALFORMED),
        (BOMB, "tcx", MALFORMED),
        (b"<html/>", "tcx", MALFORMED),
        (FILES["fit"][:300], "fit", MALFORMED),
        (FILES["gpx"], "fit", MALFORMED),
        (FILES["fit"], "gpx", MALFORMED),
        (FILES["gpx"].replace(b"2026-11-20T06:00:00", b"0001-01-01T00:00:00"), "gpx", MALFORMED),
        (FILES["tcx"].replace(b"2026-11-20T06:01:05", b"soon"), "tcx", MALFORMED),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_services_words(content: bytes, kind: str, words: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(content, kind)

    assert str(caught.value) == words


@settings(max_examples=120, deadline=None)
@given(
    kind=st.sampled_from(FORMATS),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_broken_files_are_refused_and_nothing_worse(kind: str, edits: list[tuple[float, bytes]]) -> None:
    content = bytearray(FILES[kind])
    for share, patch in edits:
        at = int(share * len(content))
        content[at : at + len(patch)] = patch

    try:
        arrival: UploadedFile | None = read_file(bytes(content), kind)
    except UnreadableFile:
        arrival = None

    assert arrival is None or len(arrival.recording) >= 1
