"""Files that real watches wrote."""

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest

from conftest import SharedFiles
from makers.known_facts import Facts, RunFacts
from paceport.errors import FileError
from paceport.formats.stream_codec import STEPS, decode_streams, encode_streams
from paceport.formats.tracks.fit_decoder import decode_fit
from paceport.formats.tracks.fit_fallback import decode_fit_slowly
from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Track
from paceport.training.metrics.distance import distance_track

FIT = ["runs/bloemendaal.fit", "runs/sloatsburg.fit", "runs/treadmill.fit", "runs/trosku.fit"]
GPX, TCX = "runs/20170319_run.gpx", "runs/20181021_run.tcx"
PACKED = "the export's"
ALL = [*FIT, PACKED, GPX, TCX]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealFile:
    """One run's file by its name, and what is known of it."""

    name: str
    content: bytes
    known: RunFacts

    def read(self) -> Track:
        (track,) = read_tracks(self.content, self.name)
        return track


FileOf = Callable[[str], RealFile]


@pytest.fixture
def file_of(shared_file: SharedFiles, facts: Facts) -> FileOf:
    def find(name: str) -> RealFile:
        name = f"export/{facts.export.file}" if name == PACKED else name
        return RealFile(name=name, content=shared_file(name).read_bytes(), known=facts.runs[name])

    return find


@pytest.mark.parametrize("name", [*FIT, PACKED])
def test_our_decoder_agrees_with_fitdecode_sample_by_sample(file_of: FileOf, name: str) -> None:
    content = file_of(name).content
    content = gzip.decompress(content) if name == PACKED else content

    (ours,), (theirs,) = decode_fit(content), decode_fit_slowly(content)

    assert len(ours.records) > 5
    for field, column in ours.records.items():
        np.testing.assert_array_equal(column, theirs.records[field], err_msg=field)
    assert ours.rows == theirs.rows
    assert ours.notes == theirs.notes == []


@pytest.mark.parametrize("name", [*FIT, PACKED])
def test_what_the_device_said_is_read(file_of: FileOf, name: str) -> None:
    file = file_of(name)
    track, known = file.read(), file.known

    assert (len(track.streams), track.sport, track.device_name) == (known.samples, known.sport, known.device_name)
    assert track.start == datetime.fromisoformat(known.start).replace(tzinfo=UTC)
    assert (track.distance_m, track.elapsed_s) == (known.distance_m, known.elapsed_s)
    assert track.streams.distance_m is not None
    assert track.streams.distance_m[-1] == pytest.approx(known.distance_m, rel=1e-3)


def test_the_treadmill_run_is_indoors_has_power_and_pauses(file_of: FileOf) -> None:
    file = file_of("runs/treadmill.fit")
    track = file.read()

    assert track.is_indoor
    assert track.streams.latitude_deg is None
    assert track.streams.power_w is not None
    assert sum(pause.end_s - pause.start_s for pause in track.pauses) == pytest.approx(file.known.paused_s, abs=3)


@pytest.mark.parametrize("name", [FIT[0], FIT[1], PACKED])
def test_barometers_are_found(file_of: FileOf, name: str) -> None:
    file = file_of(name)

    assert file.read().has_barometer is file.known.has_barometer


def test_the_gpx_and_the_tcx_are_read_whole(file_of: FileOf) -> None:
    gpx, tcx = file_of(GPX), file_of(TCX)
    from_gpx, from_tcx = gpx.read(), tcx.read()

    for track, known in ((from_gpx, gpx.known), (from_tcx, tcx.known)):
        assert (len(track.streams), track.sport, track.device_name) == (known.samples, known.sport, known.device_name)
        assert track.start == datetime.fromisoformat(known.start).replace(tzinfo=UTC)
        assert track.has_barometer is known.has_barometer
        assert len(track.laps) == known.lap_count
    way_m = distance_track(from_gpx.streams)
    assert way_m is not None
    assert way_m.total_m == pytest.approx(gpx.known.distance_m, abs=0.1)
    assert from_tcx.distance_m == pytest.approx(tcx.known.distance_m)


def test_streams_of_real_files_take_a_twelfth_of_their_text(file_of: FileOf) -> None:
    text = blocks = 0
    for name in ALL:
        streams = file_of(name).read().streams
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
def test_damaged_real_files_raise_nothing_but_file_error(file_of: FileOf, name: str) -> None:
    file = file_of(name)
    whole = file.content[:9000]
    chance = random.Random(name)
    refused = 0
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            assert read_tracks(bytes(content), file.name)
        except FileError:
            refused += 1
    assert refused < 60 or name == PACKED
