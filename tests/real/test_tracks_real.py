"""Files that real watches wrote."""

import gzip
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from paceport.errors import FileError
from paceport.formats.stream_codec import STEPS, decode_streams, encode_streams
from paceport.formats.tracks.fit_decoder import decode_fit
from paceport.formats.tracks.fit_fallback import decode_fit_slowly
from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Track

FIT = ["runs/bloemendaal.fit", "runs/sloatsburg.fit", "runs/treadmill.fit", "runs/trosku.fit"]
PACKED = "export/activities/12866632127.fit.gz"
ALL = [*FIT, PACKED, "runs/20170319_run.gpx", "runs/20181021_run.tcx"]
SharedFile = Callable[[str], Path]


def read(shared_file: SharedFile, name: str) -> Track:
    (track,) = read_tracks(shared_file(name).read_bytes(), name)
    return track


@pytest.mark.parametrize("name", [*FIT, PACKED])
def test_our_decoder_agrees_with_fitdecode_sample_by_sample(shared_file: SharedFile, name: str) -> None:
    content = shared_file(name).read_bytes()
    content = gzip.decompress(content) if name.endswith(".gz") else content

    (ours,), (theirs,) = decode_fit(content), decode_fit_slowly(content)

    assert len(ours.records) > 5
    for field, column in ours.records.items():
        np.testing.assert_array_equal(column, theirs.records[field], err_msg=field)
    assert ours.rows == theirs.rows
    assert ours.notes == theirs.notes == []


@pytest.mark.parametrize(
    ("name", "samples", "start", "sport", "device", "distance_m", "elapsed_s"),
    [
        (FIT[0], 2197, "2020-03-04T16:14:31", "TrailRun", "Suunto 9 Baro", 6458.0, 2195.998),
        (FIT[1], 4988, "2019-06-15T09:42:23", "Run", "Garmin Forerunner 945", 14004.85, 4989.112),
        (FIT[2], 3101, "2020-02-02T11:19:33", "Run", "Garmin Forerunner 945", 10630.37, 3763.503),
        (FIT[3], 2921, "2020-03-14T13:52:29", "Run", "COROS APEX Pro", 10743.64, 2922.0),
        (PACKED, 326, "2022-05-29T15:53:35", "Run", "Garmin Venu Sq", 3322.95, 1428.038),
    ],
)
def test_what_the_device_said_is_read(
    shared_file: SharedFile,
    name: str,
    samples: int,
    start: str,
    sport: str,
    device: str,
    distance_m: float,
    elapsed_s: float,
) -> None:
    track = read(shared_file, name)

    assert (len(track.streams), track.sport, track.device_name) == (samples, sport, device)
    assert track.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert (track.distance_m, track.elapsed_s) == (distance_m, elapsed_s)
    assert track.streams.distance_m is not None
    assert track.streams.distance_m[-1] == pytest.approx(distance_m, rel=1e-3)


def test_the_treadmill_run_is_indoors_has_power_and_666_seconds_of_pauses(shared_file: SharedFile) -> None:
    track = read(shared_file, "runs/treadmill.fit")

    assert track.is_indoor
    assert track.streams.latitude_deg is None
    assert track.streams.power_w is not None
    assert sum(pause.end_s - pause.start_s for pause in track.pauses) == pytest.approx(666, abs=3)


@pytest.mark.parametrize(("name", "has_barometer"), [(FIT[0], True), (FIT[1], True), (PACKED, None)])
def test_barometers_are_found(shared_file: SharedFile, name: str, has_barometer: bool | None) -> None:
    assert read(shared_file, name).has_barometer is has_barometer


def test_the_gpx_and_the_tcx_are_read_whole(shared_file: SharedFile) -> None:
    gpx, tcx = read(shared_file, "runs/20170319_run.gpx"), read(shared_file, "runs/20181021_run.tcx")

    assert (len(gpx.streams), gpx.sport, gpx.has_barometer) == (1038, "Run", False)
    assert gpx.streams.distance_m is not None
    assert gpx.streams.distance_m[-1] == pytest.approx(4589.2, abs=0.1)
    assert (len(tcx.streams), tcx.sport, len(tcx.laps)) == (422, "Run", 3)
    assert tcx.distance_m == pytest.approx(2854.21)


def test_streams_of_real_files_take_a_twelfth_of_their_text(shared_file: SharedFile) -> None:
    text = blocks = 0
    for name in ALL:
        streams = read(shared_file, name).streams
        text += len(as_text(streams.channels()))
        encoded = encode_streams(streams)
        blocks += sum(map(len, encoded.values()))
        back = decode_streams(encoded).channels()
        for channel, values in streams.channels().items():
            numerator, denominator = STEPS[channel][-1]
            np.testing.assert_allclose(back[channel], values, rtol=0, atol=numerator / denominator / 2)

    assert blocks * 12 < text


def as_text(channels: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]) -> str:
    """JSON as short as it gets: rounded to what the channel holds, null for gaps, no blanks."""
    digits = {"distance_m": 2, "latitude_deg": 7, "longitude_deg": 7, "altitude_m": 1, "speed_mps": 3}
    rounded = {
        name: [
            None if value != value else round(value, digits[name]) if name in digits else int(value) for value in values
        ]
        for name, values in ((name, channel.tolist()) for name, channel in channels.items())
    }
    return json.dumps(rounded, separators=(",", ":"))


@pytest.mark.parametrize("name", ALL)
def test_damaged_real_files_raise_nothing_but_file_error(shared_file: SharedFile, name: str) -> None:
    whole = shared_file(name).read_bytes()[:9000]
    chance = random.Random(name)
    refused = 0
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            assert read_tracks(bytes(content), name)
        except FileError:
            refused += 1
    assert refused < 60 or name.endswith(".gz")
