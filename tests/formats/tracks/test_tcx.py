"""TCX files → tracks."""

import numpy as np
import pytest

from paceport.errors import FileError
from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Lap, Track

TPX = '<Extensions><x:TPX xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2">{}</x:TPX></Extensions>'
POSITION = "<Position><LatitudeDegrees>{}</LatitudeDegrees><LongitudeDegrees>7</LongitudeDegrees></Position>"


def point(second: int, inner: str = "", *, has_time: bool = True) -> str:
    time = f"<Time>2024-05-01T06:{second // 60:02d}:{second % 60:02d}.000Z</Time>" if has_time else ""
    return f"<Trackpoint>{time}{inner}</Trackpoint>"


def lap(second: int, points: str, totals: str = "") -> str:
    start = f"2024-05-01T06:{second // 60:02d}:{second % 60:02d}Z"
    return f'<Lap StartTime="{start}">{totals}<Track>{points}</Track></Lap>'


def tcx(*laps: str, sport: str = "Running", creator: str = "") -> bytes:
    device = f"<Creator><Name>{creator}</Name></Creator>" if creator else ""
    return wrapped(f'<Activities><Activity Sport="{sport}">{"".join(laps)}{device}</Activity></Activities>')


def wrapped(inner: str) -> bytes:
    space = 'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"'
    return f'  <?xml version="1.0"?><TrainingCenterDatabase {space}>{inner}</TrainingCenterDatabase>'.encode()


def read(content: bytes) -> Track:
    (track,) = read_tracks(content, "run.tcx")
    return track


def test_every_channel_is_read() -> None:
    inner = (
        POSITION.format(46.5)
        + "<AltitudeMeters>500.2</AltitudeMeters><DistanceMeters>12.5</DistanceMeters>"
        + "<HeartRateBpm><Value>150</Value></HeartRateBpm>"
        + TPX.format("<x:Speed>3.2</x:Speed><x:RunCadence>86</x:RunCadence><x:Watts>250</x:Watts>")
    )
    streams = read(tcx(lap(0, point(0, inner)))).streams

    assert {name: channel.tolist() for name, channel in streams.channels().items()} == {
        "time_s": [0],
        "latitude_deg": [46.5],
        "longitude_deg": [7],
        "altitude_m": [500.2],
        "distance_m": [12.5],
        "heartrate_bpm": [150],
        "speed_mps": [3.2],
        "cadence_spm": [172],
        "power_w": [250],
    }


def test_laps_keep_their_totals_and_samples_run_through_them() -> None:
    totals = "<TotalTimeSeconds>10</TotalTimeSeconds><DistanceMeters>30</DistanceMeters>"
    track = read(tcx(lap(0, point(0) + point(9), totals), lap(10, point(10) + point(19), totals)))

    assert track.streams.time_s.tolist() == [0, 9, 10, 19]
    assert track.laps == (
        Lap(start_s=0, elapsed_s=10, timer_s=10, distance_m=30),
        Lap(start_s=10, elapsed_s=10, timer_s=10, distance_m=30),
    )
    assert (track.elapsed_s, track.timer_s, track.distance_m) == (None, 20, 60)


@pytest.mark.parametrize(("second_begins", "distance_m"), [(20, 120.0), (10, None), (0, None)])
def test_laps_that_share_time_do_not_add_up(second_begins: int, distance_m: float | None) -> None:
    totals = "<TotalTimeSeconds>20</TotalTimeSeconds><DistanceMeters>60</DistanceMeters>"
    counted = "".join(point(second, f"<DistanceMeters>{3 * second}</DistanceMeters>") for second in range(40))

    track = read(tcx(lap(0, counted, totals), lap(second_begins, point(39), totals)))

    assert track.distance_m == distance_m
    assert any("overlap" in note for note in track.notes) == (distance_m is None)


def test_laps_that_share_time_are_all_that_is_known_where_no_sample_tells_the_way() -> None:
    totals = "<TotalTimeSeconds>20</TotalTimeSeconds><DistanceMeters>60</DistanceMeters>"

    assert read(tcx(lap(0, point(0), totals), lap(10, point(30), totals))).distance_m == 120


def test_a_point_without_values_is_a_sample_of_nan() -> None:
    rate = "<HeartRateBpm><Value>150</Value></HeartRateBpm>"
    streams = read(tcx(lap(0, point(0) + point(1, rate) + point(2)))).streams

    np.testing.assert_array_equal(streams.heartrate_bpm, [np.nan, 150, np.nan])


@pytest.mark.parametrize(("word", "sport"), [("Running", "Run"), ("Biking", "Ride"), ("Other", None)])
def test_the_sport_attribute_is_translated(word: str, sport: str | None) -> None:
    assert read(tcx(lap(0, point(0)), sport=word)).sport == sport


def test_cadence_on_a_bicycle_counts_turns() -> None:
    track = read(tcx(lap(0, point(0, "<Cadence>90</Cadence>")), sport="Biking"))

    assert track.streams.cadence_spm is not None
    assert track.streams.cadence_spm.tolist() == [90]


def test_the_creator_names_the_device() -> None:
    track = read(tcx(lap(0, point(0)), creator="Forerunner 10 with barometer"))

    assert (track.device_name, track.has_barometer) == ("Forerunner 10 with barometer", True)


def test_each_activity_is_a_track() -> None:
    one = f'<Activity Sport="Biking">{lap(0, point(0) + point(1))}</Activity>'
    two = f'<Activity Sport="Running">{lap(60, point(60))}</Activity>'

    ride, run = read_tracks(wrapped(f"<Activities>{one}{two}</Activities>"), "x.tcx")

    assert [(track.sport, len(track.streams)) for track in (ride, run)] == [("Ride", 2), ("Run", 1)]


def test_a_course_behind_the_activity_adds_nothing_to_it() -> None:
    course = f"<Courses><Course>{lap(500, point(500) + point(600))}</Course></Courses>"
    activity = f'<Activities><Activity Sport="Running">{lap(0, point(0))}</Activity></Activities>'

    track = read(wrapped(activity + course))

    assert (len(track.streams), len(track.laps)) == (1, 1)


def test_a_lap_around_the_activity_breaks_nothing() -> None:
    inner = f'<Activity Sport="Running"><Track>{point(0)}</Track><DistanceMeters>5</DistanceMeters></Activity>'

    assert len(read(wrapped(f"<Lap>{inner}</Lap>")).streams) == 1


def test_a_lap_without_points_is_a_track_of_totals() -> None:
    totals = "<TotalTimeSeconds>1800</TotalTimeSeconds><DistanceMeters>5000</DistanceMeters>"
    track = read(tcx(lap(0, "", totals)))

    assert (len(track.streams), track.elapsed_s, track.distance_m) == (0, 1800, 5000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (wrapped("<Courses><Course><Name>x</Name></Course></Courses>"), "a course"),
        (wrapped("<Workouts><Workout/></Workouts>"), "a workout plan"),
        (wrapped(""), "nothing"),
        (tcx(f"<Lap><Track>{point(0, has_time=False)}</Track></Lap>"), "has a time"),
        (tcx(lap(0, point(0)))[:120], "damaged"),
    ],
)
def test_what_holds_no_activity_says_what_it_holds(content: bytes, words: str) -> None:
    with pytest.raises(FileError, match=words):
        read(content)


def test_a_position_that_is_no_number_is_named() -> None:
    places = "".join(point(second, POSITION.format("50° 1.5' N" if second < 2 else 50)) for second in range(4))

    (note,) = (note for note in read(tcx(lap(0, places))).notes if "without a number" in note)
    assert note.startswith("2 positions without a number, such as “50° 1.5' N”")


def test_times_in_an_unknown_form_are_not_called_missing() -> None:
    content = tcx(lap(0, point(0) + point(1))).replace(b"2024-05-01T06:00:0", b"May the first, second ")

    with pytest.raises(FileError, match="its times cannot be read, such as “May the first"):
        read(content)
