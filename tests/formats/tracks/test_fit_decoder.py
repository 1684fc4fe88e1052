"""FIT files → tracks, and our decoder against fitdecode."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.fit_writer import (
    ACTIVITY,
    BYTE,
    DEVICE_INFO,
    ENUM,
    EVENT,
    FIT_EPOCH_S,
    FLOAT32,
    LAP,
    RECORD,
    SESSION,
    SPORT,
    TEXT,
    UINT8,
    UINT16,
    UINT32,
    FitWriter,
    checksum,
    hour_of_running,
)
from paceport.errors import FileError
from paceport.formats.tracks.fit_crc import fit_crc
from paceport.formats.tracks.fit_decoder import UnsupportedFit, decode_fit
from paceport.formats.tracks.fit_fallback import decode_fit_slowly
from paceport.formats.tracks.fit_profile import FitFile
from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Pause

START = 1_000_000_000
SIMPLE = ("timestamp", "distance")


def written(*, order: str = "<") -> FitWriter:
    writer = FitWriter(order=order)
    writer.file_id()
    return writer


def seconds(count: int, start: int = START) -> list[list[int | None]]:
    return [[start + second, second * 300] for second in range(count)]


def assert_equal(ours: list[FitFile], theirs: list[FitFile]) -> None:
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        for name in mine.records.keys() - other.records.keys():
            assert np.isnan(mine.records[name]).all(), name
        for name, column in mine.records.items():
            if name in other.records:
                np.testing.assert_array_equal(column, other.records[name], err_msg=name)
        for name in other.records.keys() - mine.records.keys():  # fitdecode unfolds plain fields into enhanced ones
            np.testing.assert_array_equal(other.records[name], mine.records[name.removeprefix("enhanced_")])
        assert mine.rows == other.rows


@given(st.binary(max_size=9000))
@settings(max_examples=60, deadline=None)
def test_the_checksum_is_that_of_the_definition(content: bytes) -> None:
    assert fit_crc(content) == checksum(content)


@pytest.mark.parametrize("length", [0, 1, 4095, 4096, 32766, 32767, 32768, 65535])
def test_the_checksum_is_right_where_pieces_of_the_file_end(length: int) -> None:
    content = bytes(number * number % 251 for number in range(length))
    assert fit_crc(content) == checksum(content)


@pytest.mark.parametrize("order", ["<", ">"])
def test_an_hour_is_read_as_fitdecode_reads_it(order: str) -> None:
    content = hour_of_running(seconds=400, order=order)

    assert_equal(decode_fit(content), decode_fit_slowly(content))


ROW = st.tuples(
    st.integers(START, START + 5000),
    st.none() | st.integers(-(2**31), 2**31 - 2),
    st.none() | st.integers(0, 0xFFFE),
    st.none() | st.integers(0, 0xFE),
    st.none() | st.integers(0, 2**32 - 2),
    st.none() | st.integers(-128, 126),
)
NAMES = ("timestamp", "position_lat", "altitude", "heart_rate", "distance", "temperature")


@given(parts=st.lists(st.tuples(st.integers(0, 3), st.lists(ROW, max_size=6)), max_size=5), order=st.sampled_from("<>"))
@settings(max_examples=60, deadline=None)
def test_any_mixture_of_definitions_is_read_as_fitdecode_reads_it(
    parts: list[tuple[int, list[tuple[int | None, ...]]]], order: str
) -> None:
    writer = written(order=order)
    for local, rows in parts:
        names = NAMES[: 2 + local * 2]
        writer.records(names, [row[: len(names)] for row in rows], local=local)
        writer.message(4, EVENT, [(253, UINT32, START), (0, ENUM, 0), (1, ENUM, local)])
    content = writer.finish()

    assert_equal(decode_fit(content), decode_fit_slowly(content))


def test_channels_come_in_their_units() -> None:
    (track,) = read_tracks(hour_of_running(seconds=3), "run.fit")

    streams = track.streams
    assert track.start is not None
    assert track.start.timestamp() == START + FIT_EPOCH_S
    assert streams.time_s.tolist() == [0, 1, 2]
    assert streams.distance_m is not None
    assert streams.distance_m.tolist() == [2.9, 5.83, 8.8]
    assert streams.latitude_deg is not None
    assert streams.latitude_deg[0] == 594_000_000 * 180 / 2**31
    assert streams.altitude_m is not None
    assert streams.altitude_m.tolist() == [200, 201, 202]
    assert streams.temperature_c is not None
    assert streams.temperature_c.tolist() == [20, 20, 20]
    assert (track.sport, track.elapsed_s, track.distance_m) == ("Run", 3.0, 8.79)
    assert track.device_name == "Garmin Forerunner 945"


def test_cadence_counts_both_feet_on_foot_and_turns_on_a_bicycle() -> None:
    cadences = []
    for sport in (1, 2):
        writer = written()
        writer.records(("timestamp", "cadence", "fractional_cadence"), [[START, 80, 64], [START + 1, 81, 0]])
        writer.session(START, 2, sport=sport)
        (track,) = read_tracks(writer.finish(), "x.fit")
        assert track.streams.cadence_spm is not None
        cadences.append(track.streams.cadence_spm.tolist())

    assert cadences == [[161, 162], [80.5, 81]]


def test_what_was_not_recorded_is_nan_and_never_zero() -> None:
    writer = written()
    writer.records(
        ("timestamp", "heart_rate", "power"), [[START, None, 200], [START + 1, 0, 0], [START + 2, 140, None]]
    )
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert track.streams.heartrate_bpm is not None
    assert track.streams.power_w is not None
    np.testing.assert_array_equal(track.streams.heartrate_bpm, [np.nan, np.nan, 140])
    np.testing.assert_array_equal(track.streams.power_w, [200, 0, np.nan])


def test_an_enhanced_field_wins_where_it_is_set() -> None:
    writer = written()
    writer.records(("timestamp", "speed", "enhanced_speed"), [[START, 1000, 3000], [START + 1, 2000, None]])
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert track.streams.speed_mps is not None
    assert track.streams.speed_mps.tolist() == [3, 2]


@pytest.mark.parametrize(("native", "name"), [(7, "Whatever"), (None, "Power")])
def test_running_power_of_a_developer_field_is_power(native: int | None, name: str) -> None:
    writer = written()
    writer.describe_developer_field(0, UINT16, name, "Watts", native)
    writer.define(0, RECORD, [(253, 4, UINT32)], [(0, 2, 0)])
    for second, power in enumerate((None, 250)):
        writer.raw(0, writer.pack(UINT32, START + second) + writer.pack(UINT16, power))
    content = writer.finish()
    (track,) = read_tracks(content, "x.fit")

    assert track.streams.power_w is not None
    np.testing.assert_array_equal(track.streams.power_w, [np.nan, 250])
    assert_equal(decode_fit(content), decode_fit_slowly(content))


def test_a_foreign_developer_field_is_stepped_over() -> None:
    writer = written()
    writer.describe_developer_field(3, FLOAT32, "Leg Spring Stiffness", "kN/m")
    writer.define(0, RECORD, [(253, 4, UINT32), (3, 1, UINT8)], [(3, 4, 0), (9, 3, 1)])
    for second in range(3):
        writer.raw(0, writer.pack(UINT32, START + second) + bytes([140]) + b"\0" * 7)
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert list(track.streams.channels()) == ["time_s", "heartrate_bpm"]


def test_compressed_timestamps_build_on_the_last_one_and_roll_over() -> None:
    writer = written()
    writer.message(5, EVENT, [(253, UINT32, START | 0x1E), (0, ENUM, 0), (1, ENUM, 0)])
    writer.define(1, RECORD, [(3, 1, UINT8)])
    for low_bits in (0x1F, 0x00, 0x05, 0x04):  # one later, two later, seven later, then round once more
        writer.raw(0x80 | 1 << 5 | low_bits, bytes([150]))
    content = writer.finish()
    (track,) = read_tracks(content, "x.fit")

    assert track.streams.time_s.tolist() == [0, 1, 6, 37]
    assert_equal(decode_fit(content), decode_fit_slowly(content))


@pytest.mark.parametrize("between", [b"", b"\0\0\0", b"\0" * 500 + b".FIT"])
def test_chained_files_give_their_tracks_one_after_the_other(between: bytes) -> None:
    content = hour_of_running(seconds=5) + between + hour_of_running(seconds=7, start=START + 9000)

    assert [len(track.streams) for track in read_tracks(content, "x.fit")] == [5, 7]


def test_each_session_is_a_track_with_its_own_samples_and_laps() -> None:
    writer = written()
    writer.records(SIMPLE, seconds(100))
    for start in (START, START + 50):
        writer.message(2, LAP, [(2, UINT32, start), (7, UINT32, 50_000), (9, UINT32, 15_000)])
    writer.session(START, 50, sport=5)
    writer.session(START + 50, 50, sport=1, sub_sport=3)
    swim, run = read_tracks(writer.finish(), "tri.fit")

    assert (swim.sport, len(swim.streams), len(swim.laps)) == ("Swim", 50, 1)
    assert (run.sport, len(run.streams), len(run.laps)) == ("TrailRun", 50, 1)
    assert run.streams.time_s[0] == 0
    assert run.laps[0].distance_m == 150


def test_pauses_reach_from_a_stop_to_the_next_start() -> None:
    writer = written()
    for offset, kind in ((0, 0), (10, 4), (25, 0), (40, 1)):
        writer.message(1, EVENT, [(253, UINT32, START + offset), (0, ENUM, 0), (1, ENUM, kind)])
    writer.records(SIMPLE, seconds(40))
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert track.pauses == (Pause(start_s=10, end_s=25),)


def test_a_treadmill_run_is_a_run_indoors() -> None:
    writer = written()
    writer.records(SIMPLE, seconds(3))
    writer.session(START, 3, sport=1, sub_sport=1)
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert (track.sport, track.is_indoor) == ("Run", True)


def test_a_sport_without_counterpart_is_left_open_with_a_note() -> None:
    writer = written()
    writer.records(SIMPLE, seconds(3))
    writer.message(1, SPORT, [(0, ENUM, 26), (1, ENUM, 0)])
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert track.sport is None
    assert any("26" in note for note in track.notes)


def test_a_barometer_in_the_device_list_and_the_local_clock_are_told() -> None:
    writer = written()
    writer.message(1, DEVICE_INFO, [(0, UINT8, 1), (1, UINT8, 4), (25, ENUM, 5), (27, TEXT, "inner")])
    writer.message(2, ACTIVITY, [(253, UINT32, START + 100), (5, UINT32, START + 100 + 7200)])
    writer.records(SIMPLE, seconds(3))
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert track.has_barometer is True
    assert track.utc_offset_s == 7200


@pytest.mark.parametrize("cut", [1, 2, 3, 40, 333])
def test_a_cut_file_yields_what_it_holds_with_a_note(cut: int) -> None:
    whole = hour_of_running(seconds=60)
    (track,) = read_tracks(whole[:-cut], "cut.fit")

    assert len(track.streams) >= 60 - cut // 25
    assert any("missing" in note or "cut" in note for note in track.notes)


def test_no_sample_is_made_of_the_bytes_behind_a_cut() -> None:
    writer = written()
    writer.records(SIMPLE, seconds(10))
    whole = writer.finish()
    (track,) = read_tracks(whole[:-7], "cut.fit")  # the checksum, and five bytes of the last record's nine

    assert len(track.streams) == 9


def test_a_wrong_checksum_is_a_note_and_no_loss() -> None:
    content = bytearray(hour_of_running(seconds=60))
    content[-1] ^= 0xFF
    (track,) = read_tracks(bytes(content), "x.fit")

    assert len(track.streams) == 60
    assert track.notes == ("the file's checksum is wrong: some values may be damaged",)


def test_damage_in_the_middle_keeps_what_lies_before() -> None:
    writer = written()
    writer.records(SIMPLE, seconds(10))
    writer.raw(0x0B, b"\0" * 8)  # a local type that was never defined
    writer.records(SIMPLE, seconds(10, START + 10))
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert len(track.streams) == 10
    assert "damaged from byte" in track.notes[0]


def test_a_file_never_closed_by_its_device_is_read_to_its_end() -> None:
    content = bytearray(hour_of_running(seconds=60)[:-200])
    content[4:8] = b"\0\0\0\0"
    (track,) = read_tracks(bytes(content), "x.fit")

    assert len(track.streams) > 40
    assert "never finished" in track.notes[0]


def test_what_is_odd_goes_to_the_reference_decoder() -> None:
    writer = written()
    writer.define(0, RECORD, [(253, 4, UINT32), (8, 3, BYTE)])
    for second in range(3):
        writer.raw(0, writer.pack(UINT32, START + second) + bytes([44, 1 | (3 << 4), second]))
    content = writer.finish()
    with pytest.raises(UnsupportedFit):
        decode_fit(content)

    (track,) = read_tracks(content, "x.fit")

    assert track.streams.speed_mps is not None
    assert track.streams.speed_mps.tolist() == [3, 3, 3]  # twelve bits, hundredths
    assert track.streams.distance_m is not None
    assert track.streams.distance_m.tolist() == [3 / 16, 19 / 16, 35 / 16]


@pytest.mark.parametrize(("kind", "words"), [(5, "workout plan"), (6, "course"), (34, "segment")])
def test_what_is_no_activity_is_refused_by_name(kind: int, words: str) -> None:
    writer = FitWriter()
    writer.file_id(kind)
    writer.records(SIMPLE, seconds(3))

    with pytest.raises(FileError, match=words):
        read_tracks(writer.finish(), "x.fit")


def test_a_session_without_samples_is_a_track_of_totals() -> None:
    writer = written()
    writer.session(START, 1800, distance_m=5000)
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert (len(track.streams), track.distance_m, track.elapsed_s) == (0, 5000, 1800)
    assert track.start is not None


def test_samples_without_times_and_session_are_refused() -> None:
    writer = written()
    writer.records(("heart_rate",), [[140], [141]])

    with pytest.raises(FileError, match="no recorded activity"):
        read_tracks(writer.finish(), "x.fit")


def test_a_session_that_says_nothing_is_no_activity() -> None:
    writer = written()
    writer.message(3, SESSION, [(5, ENUM, 1)])

    with pytest.raises(FileError, match="no recorded activity"):
        read_tracks(writer.finish(), "x.fit")


def test_a_stream_of_definitions_alone_ends_early() -> None:
    writer = written()
    writer.records(SIMPLE, seconds(5))
    for number in range(10_050):
        writer.define(1, number, [(0, 1, UINT8)])
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert len(track.streams) == 5
    assert "damaged from byte" in track.notes[0]


def test_a_device_that_knows_no_date_gives_a_track_without_start() -> None:
    writer = written()
    writer.records(SIMPLE, seconds(5, start=500))
    (track,) = read_tracks(writer.finish(), "x.fit")

    assert track.start is None
    assert track.streams.time_s.tolist() == [0, 1, 2, 3, 4]
