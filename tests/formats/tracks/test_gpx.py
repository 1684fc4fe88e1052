"""GPX files → tracks."""

import time

import numpy as np
import pytest

from paceport.errors import FileError
from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Track

TPX1 = 'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"'
TPX2 = 'xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"'
CLUE = 'xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0"'


def point(second: int, inner: str = "", *, time: str | None = None, lat: str = "", lon: str = "7.0") -> str:
    time = f"<time>2024-05-01T06:00:{second:02d}Z</time>" if time is None else time
    return f'<trkpt lat="{lat or 46 + second / 10000}" lon="{lon}">{time}{inner}</trkpt>'


def gpx(*segments: str, creator: str = "tests", spaces: str = "", track: str = "<type>running</type>") -> bytes:
    inner = "".join(f"<trkseg>{segment}</trkseg>" for segment in segments)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="{creator}" {spaces} '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk>{track}{inner}</trk></gpx>'
    ).encode()


def read(content: bytes) -> Track:
    (track,) = read_tracks(content, "run.gpx")
    return track


@pytest.mark.parametrize(
    ("spaces", "inner"),
    [
        (
            TPX1,
            (
                "<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>151</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad>"
                "<gpxtpx:atemp>21.5</gpxtpx:atemp></gpxtpx:TrackPointExtension></extensions>"
            ),
        ),
        (
            TPX2,
            (
                "<extensions><ns3:TrackPointExtension><ns3:atemp>21.5</ns3:atemp><ns3:hr>151</ns3:hr><ns3:cad>85</ns3:cad>"
                "</ns3:TrackPointExtension></extensions>"
            ),
        ),
        (
            CLUE,
            (
                "<extensions><gpxdata:hr>151</gpxdata:hr><gpxdata:cadence>85</gpxdata:cadence>"
                "<gpxdata:temp>21.5</gpxdata:temp></extensions>"
            ),
        ),
        ("", "<extensions><hr>151</hr><cad>85</cad><atemp>21.5</atemp></extensions>"),
        ("", "<extensions><heartrate>151</heartrate><cadence>85</cadence><temp>21.5</temp></extensions>"),
    ],
    ids=["garmin 1", "garmin 2", "cluetrust", "plain", "plain words"],
)
def test_heart_rate_cadence_and_temperature_come_from_every_extension(spaces: str, inner: str) -> None:
    streams = read(gpx(point(0, inner) + point(1, inner), spaces=spaces)).streams

    assert streams.heartrate_bpm is not None
    assert streams.cadence_spm is not None
    assert streams.temperature_c is not None
    assert streams.heartrate_bpm.tolist() == [151, 151]
    assert streams.cadence_spm.tolist() == [170, 170]
    assert streams.temperature_c.tolist() == [21.5, 21.5]


def test_cadence_that_counts_both_feet_is_not_doubled() -> None:
    track = read(gpx(point(0, "<extensions><cad>172</cad></extensions>")))

    assert track.streams.cadence_spm is not None
    assert track.streams.cadence_spm.tolist() == [172]
    assert any("both feet" in note for note in track.notes)


def test_the_distance_of_cluetrust_is_taken_and_a_foreign_one_is_not() -> None:
    clue = "<extensions><gpxdata:distance>{}</gpxdata:distance></extensions>"
    taken = read(gpx(point(0, clue.format(0)) + point(1, clue.format(3.5)), spaces=CLUE)).streams
    measured = read(gpx(point(0) + point(1, "<extensions><distance>3.5</distance></extensions>"))).streams

    assert taken.distance_m is not None
    assert taken.distance_m.tolist() == [0, 3.5]
    assert measured.distance_m is None


def test_segments_and_tracks_follow_each_other_with_their_gap() -> None:
    content = gpx(point(0) + point(1), point(30) + point(31))
    content = content.replace(b"</gpx>", b"<trk><trkseg>" + point(50).encode() + b"</trkseg></trk></gpx>")

    assert read(content).streams.time_s.tolist() == [0, 1, 30, 31, 50]


def test_missing_values_are_nan_and_points_without_time_are_left_out() -> None:
    track = read(gpx(point(0, "<ele>400</ele>") + point(1) + point(9, time="") + point(3, "<ele>x</ele>")))

    assert track.streams.time_s.tolist() == [0, 1, 3]
    np.testing.assert_array_equal(track.streams.altitude_m, [400, np.nan, np.nan])
    assert "1 samples without a time were left out" in track.notes


@pytest.mark.parametrize(("lat", "lon"), [("NaN", "7"), ("", "200"), ("95", "7"), ("-inf", "7"), ("abc", "7")])
def test_a_position_that_is_none_becomes_nan(lat: str, lon: str) -> None:
    streams = read(gpx(point(0) + point(1, lat=lat, lon=lon) + point(2))).streams

    assert streams.latitude_deg is not None
    assert np.isnan(streams.latitude_deg).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("written", "seconds", "noted"),
    [
        ("2024-05-01T08:00:00+02:00", 0, False),
        ("2024-05-01T06:00:00.250Z", 0.25, False),
        ("2024-05-01T06:00:00", 0, True),
        ("\n 2024-05-01T06:00:00Z ", 0, False),
    ],
)
def test_times_are_read_with_zone_fraction_or_neither(written: str, seconds: float, noted: bool) -> None:
    track = read(gpx(point(0, time=f"<time>{written}</time>")))

    assert track.start is not None
    assert track.start.timestamp() == 1714543200 + seconds
    assert any("no zone" in note for note in track.notes) == noted


def test_a_time_without_zone_does_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        track = read(gpx(point(0, time="<time>2024-05-01T06:00:00</time>")))
    finally:
        monkeypatch.undo()
        time.tzset()

    assert track.start is not None
    assert track.start.timestamp() == 1714543200


def test_a_gpx_without_times_is_refused_with_that_reason() -> None:
    with pytest.raises(FileError, match="has no times"):
        read(gpx(point(0, time="") + point(1, time="<time> </time>")))


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        (b'<rte><rtept lat="1" lon="2"/></rte>', "planned route"),
        (b'<wpt lat="1" lon="2"/>', "waypoints"),
        (b"<trk><trkseg/></trk>", "no point"),
    ],
)
def test_what_holds_no_track_says_what_it_holds(inner: bytes, words: str) -> None:
    with pytest.raises(FileError, match=words):
        read(b"<gpx>" + inner + b"</gpx>")


def test_a_cut_gpx_yields_what_it_holds_with_a_note() -> None:
    whole = gpx("".join(point(second) for second in range(50)))
    track = read(whole[: len(whole) // 2])

    assert 20 < len(track.streams) < 30
    assert any("cut short" in note for note in track.notes)


@pytest.mark.parametrize(
    ("word", "sport"),
    [("running", "Run"), ("9", "Run"), ("trail_running", "TrailRun"), ("Cycling", "Ride"), ("77", None), ("", None)],
)
def test_the_type_names_the_sport(word: str, sport: str | None) -> None:
    track = read(gpx(point(0), track=f"<name> Morning &amp; more</name><type>{word}</type>"))

    assert (track.sport, track.name) == (sport, "Morning & more")
    assert (sport is None) == any("sport" in note for note in track.notes)


@pytest.mark.parametrize(
    ("creator", "has_barometer"),
    [("StravaGPX iPhone", False), ("StravaGPX with barometer", True), ("Garmin Connect", None)],
)
def test_the_creator_tells_of_a_barometer(creator: str, has_barometer: bool | None) -> None:
    track = read(gpx(point(0), creator=creator))

    assert (track.has_barometer, track.device_name) == (has_barometer, creator)


def test_points_outside_of_every_track_go_with_the_track_beside_them() -> None:
    """Only damaged files have any."""
    dated, undated = (point(second) for second in range(9)), (point(second, time="") for second in range(9))
    inside = f"<trk><trkseg>{''.join(undated)}</trkseg></trk>"
    before, behind = "".join(list(dated)), point(30)

    whole = read(f"<gpx>{before}{inside}{behind}</gpx>".encode())

    assert len(whole.streams) == 10


@pytest.mark.parametrize(("lat", "words"), [("50° 1.5' N", "without a number"), ("120", "outside"), ("100", "")])
def test_positions_that_are_left_out_are_named_unless_they_say_nothing(lat: str, words: str) -> None:
    track = read(gpx("".join(point(second, lat=lat if second < 3 else f"50.{second}") for second in range(30))))

    left_out = [note for note in track.notes if "left out" in note and note.startswith("3 positions")]
    assert [words in note for note in left_out] == [True] * bool(words)


def test_times_in_an_unknown_form_are_not_called_missing() -> None:
    with pytest.raises(FileError, match="its times cannot be read, such as “05/08/2024 08:00"):
        read(gpx(point(0, time="<time>05/08/2024 08:00:00</time>") + point(1, time="<time>soon</time>")))


@pytest.mark.parametrize(("written", "is_named"), [("328.0 ft", True), ("nan", False), ("--", False), ("", False)])
def test_a_value_that_is_no_number_is_named_unless_it_stands_for_nothing(written: str, is_named: bool) -> None:
    track = read(gpx(point(0, f"<ele>{written}</ele>") + point(1, "<ele>100</ele>")))

    assert any("without a number" in note for note in track.notes) == is_named
