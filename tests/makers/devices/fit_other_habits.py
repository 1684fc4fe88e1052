"""Habits of Suunto, COROS, Wahoo, Zwift, Apple, Zepp, treadmills and others in FIT files."""

from makers.devices.fit_pieces import (
    BEGUN,
    FIRST,
    NAMES,
    RUN,
    SECOND,
    STOP,
    STOP_ALL,
    Raw,
    closed,
    opened,
    paused,
    plain,
    records,
    with_developer_field,
    without,
)
from makers.devices.habit import Habit, Reads
from makers.fit_writer import ENUM, FILE_ID, FLOAT32, RECORD, SESSION, TEXT, UINT8, UINT16, UINT32

SUUNTO, TOMTOM, ZWIFT, QZ = 23, 71, 260, 1
ISLAND_LATITUDE, ISLAND_LONGITUDE = round(-11.64 / 180 * 2**31), round(166.95 / 180 * 2**31)
PAUSED = Reads(elapsed_s=419.0, moving_s=118.0, pauses=1)
LAP = 19


def two_a_second() -> bytes:
    """Two records for each second, one with a heart rate; the distance steps back; no total, no events, no last lap."""
    writer = opened(manufacturer=SUUNTO)
    for second in RUN:
        records(writer, [second], change=lambda at: {"heart_rate": None})
        records(writer, [second], change=lambda at: {"distance": max(0, 300 * at - (20 if at % 7 == 0 else 0))})
    return closed(writer, elapsed_s=60, distance_m=0)


def first_lack(*names: str) -> bytes:
    return plain(change=lambda at: dict.fromkeys(names) if at < 5 else {})


def misaligned() -> bytes:
    """A field of three bytes where two make a value."""
    writer = opened(manufacturer=294)
    writer.define(0, RECORD, [(253, 4, UINT32), (5, 4, UINT32), (7, 3, UINT16), (3, 1, UINT8)])
    for second in RUN:
        packed = writer.pack(UINT32, BEGUN + second) + writer.pack(UINT32, 300 * second)
        writer.raw(0, packed + b"\1\2\3" + bytes([150]))
    return closed(writer)


def unterminated_text() -> bytes:
    writer = opened(manufacturer=32)
    writer.define(5, FILE_ID, [(0, 1, ENUM), (8, 4, TEXT)])
    writer.raw(5, b"\4ABCD")
    records(writer)
    return closed(writer)


def both_orders() -> bytes:
    """The first minute little-endian, the second big-endian; the session begins two seconds early."""
    writer = opened()
    records(writer, FIRST)
    writer.order = ">"
    records(writer, SECOND, local=2)
    return closed(writer)


def empty_end() -> bytes:
    """Altitudes of raw 0 at first, and a last record of a time alone."""
    writer = opened(manufacturer=TOMTOM)
    records(writer, change=lambda at: {"enhanced_altitude": 0} if at < 5 else {})
    writer.records(("timestamp",), [[BEGUN + 4000]], local=3)
    return closed(writer)


def stop_without_start() -> bytes:
    writer = opened(manufacturer=QZ)
    writer.timer(BEGUN, 0)
    writer.timer(BEGUN + 30, STOP_ALL)
    records(writer)
    return closed(writer)


def swapped_times() -> bytes:
    writer = opened()
    records(writer)
    writer.session(BEGUN + 7200, 119, distance_m=357)
    writer.activity(BEGUN + 119 - 7200, local_offset_s=7200)
    return writer.finish()


def split_records() -> bytes:
    """Place and distance in two records of one time; cut at the end."""
    writer = opened(manufacturer=265)
    for second in RUN:
        records(writer, [second], names=("timestamp", "position_lat", "position_long"), local=0)
        records(writer, [second], names=("timestamp", "distance"), local=1)
    return closed(writer)[:-30]


def without_timer() -> bytes:
    """Stop and start, and a session that states no timer time."""
    writer = opened()
    writer.timer(BEGUN, 0)
    records(writer, FIRST)
    writer.timer(BEGUN + 59, STOP)
    writer.timer(BEGUN + 360, 0)
    records(writer, SECOND, late_s=300)
    totals = [(253, UINT32, BEGUN + 419), (2, UINT32, BEGUN), (7, UINT32, 419_000), (9, UINT32, 35_700), (5, ENUM, 1)]
    writer.message(3, SESSION, totals)
    return writer.finish()


def laps_without_start() -> bytes:
    writer = opened()
    records(writer)
    writer.message(1, LAP, [(253, UINT32, BEGUN + 59), (7, UINT32, 59_000)])
    writer.message(1, LAP, [(253, UINT32, BEGUN + 119), (7, UINT32, 60_000)])
    return closed(writer)


def odd_clock(second: int) -> Raw:
    """Times that do not rise, and one altitude of 8,800 m."""
    return {
        "timestamp": BEGUN + (49 if second in (50, 51) else second),
        "enhanced_altitude": 46_500 if second == 70 else 3500,
    }


HABITS = [
    Habit(
        who="Stryd",
        habit="native power, developer distance and speed of its own; the distance starts at 1 m",
        source="dtcooper/python-fitparse:tests/files/developer-types-sample.fit; GoldenCheetah/GoldenCheetah#2083",
        write=lambda: with_developer_field("Distance", "Meters", FLOAT32, 999.0, native=5),
        reads=Reads(),
    ),
    Habit(
        who="Suunto Ambit",
        habit="two records a second, the distance steps back, no total, elapsed below the span",
        source="Runalyze/Runalyze:tests/testfiles/fit/Suunto-Ambit-3-Peak-without-final-lap.fit; Runalyze#1328, #1886",
        write=two_a_second,
        reads=Reads(heartrate_bpm=150, note="same time"),
    ),
    Habit(
        who="Suunto 9, Race, app",
        habit="a pause is stop and start, not stop_all",
        source="jimmykane/sports-lib#52; jimmykane/fit-parser:examples/batt.fit",
        write=lambda: paused(STOP),
        reads=PAUSED,
    ),
    Habit(
        who="Suunto app",
        habit="big-endian, whole metres, first records without distance and heart rate",
        source="jimmykane/sports-lib:src/specs/fixtures/runs/fit/6909950168-no-pause-records.fit",
        write=lambda: plain(order=">", change=lambda at: {"distance": None, "heart_rate": None} if 0 < at < 5 else {}),
        reads=Reads(heartrate_bpm=150),
    ),
    Habit(
        who="COROS",
        habit="first records without altitude and speed",
        source="jimmykane/sports-lib:src/specs/fixtures/runs/fit/6916663933.fit",
        write=lambda: first_lack("enhanced_altitude", "enhanced_speed"),
        reads=Reads(kinds=("altitude_m", "speed_mps")),
    ),
    Habit(
        who="COROS Pace 2",
        habit="a field whose size is no multiple of its type",
        source="dtcooper/python-fitparse:tests/files/coros-pace-2-cycling-misaligned-fields.fit",
        write=misaligned,
        reads=Reads(heartrate_bpm=150, lacks=("power_w",)),
    ),
    Habit(
        who="Wahoo",
        habit="stop and start, last stop_all; timer time equal to elapsed",
        source="jimmykane/sports-lib:src/specs/fixtures/rides/fit/7739869618.fit",
        write=lambda: paused(STOP, timer_s=419),
        reads=PAUSED,
    ),
    Habit(
        who="Wahoo",
        habit="big-endian; first records without place and distance",
        source="dtcooper/python-fitparse:tests/files/2019-02-17-062644-ELEMNT-297E-195-0.fit",
        write=lambda: plain(
            order=">",
            change=lambda at: {"position_lat": None, "position_long": None, "distance": None} if at < 5 else {},
        ),
        reads=Reads(distance_m=342, moving_s=114),
    ),
    Habit(
        who="Wahoo",
        habit="texts without a final zero",
        source="tormoder/fit:testdata/misc/unterminated-strings.fit",
        write=unterminated_text,
    ),
    Habit(
        who="Hammerhead Karoo, Lezyne",
        habit="both byte orders in one file",
        source="GoldenCheetah/GoldenCheetah:test/rides; GPSBabel/gpsbabel:reference/track/lezyne_super_gps",
        write=both_orders,
    ),
    Habit(
        who="Bryton, Bosch",
        habit="several records a second with values spread over them",
        source="GoldenCheetah/GoldenCheetah#1788, #2029; tumic0/GPXSee#132",
        write=split_records,
        reads=Reads(is_guessed=True, samples=None, distance_m=None, moving_s=None, elapsed_s=None, note="same time"),
    ),
    Habit(
        who="TomTom",
        habit="altitude of raw 0 (-500 m) and an empty last record",
        source="Runalyze/Runalyze:tests/testfiles/fit/invalid-altitude-and-empty-record-at-end.fit",
        write=empty_end,
        reads=Reads(note="altitudes"),
    ),
    Habit(
        who="o-synce",
        habit="stop without start, times that do not rise, an altitude of 8,800 m",
        source="Runalyze/Runalyze:tests/testfiles/fit/osynce-stop-bug.fit; Runalyze#1571",
        write=lambda: plain(change=odd_clock),
        reads=Reads(samples=118, note="altitudes"),
    ),
    Habit(
        who="Zwift",
        habit="a header of 12 bytes, timer a second over elapsed, places on an island",
        source="Runalyze/Runalyze:tests/testfiles/fit/Zwift-bad-training-effect.fit",
        write=lambda: plain(
            header_size=12,
            manufacturer=ZWIFT,
            timer_s=120,
            change=lambda at: {"position_lat": ISLAND_LATITUDE + at * 322, "position_long": ISLAND_LONGITUDE},
        ),
    ),
    Habit(
        who="QZ, treadmills",
        habit="a stop without a later start",
        source="cagnulein/qdomyos-zwift#1279",
        write=stop_without_start,
        reads=Reads(pauses=0),
    ),
    Habit(
        who="QZ, treadmills",
        habit="the cadence of both feet",
        source="cagnulein/qdomyos-zwift#1099, #1261; Runalyze/Runalyze:tests/testfiles/tcx (Treadmill-doubled-cadence)",
        write=lambda: plain(change=lambda _: {"cadence": 172}),
        reads=Reads(cadence_spm=172, note="both feet"),
    ),
    Habit(
        who="QZ",
        habit="timestamp and local_timestamp swapped",
        source="cagnulein/qdomyos-zwift#4843, #4939",
        write=swapped_times,
    ),
    Habit(
        who="QZ",
        habit="the speed says another distance than the records",
        source="cagnulein/qdomyos-zwift#1781, #4986",
        write=lambda: plain(change=lambda _: {"enhanced_speed": 4000}),
    ),
    Habit(
        who="UNA watch, treadmill",
        habit="speed without a distance",
        source="UNAWatch/una-sdk#185",
        write=lambda: plain(names=("timestamp", "enhanced_speed"), distance_m=0, sub_sport=1),
        reads=Reads(note="from the speed"),
    ),
    Habit(
        who="treadmills",
        habit="speed and a total, no distance in the records",
        source="UNAWatch/una-sdk#185",
        write=lambda: plain(names=("timestamp", "enhanced_speed"), distance_m=400, sub_sport=1),
        reads=Reads(distance_m=400, note="from the speed"),
    ),
    Habit(
        who="treadmills",
        habit="heart rate and a total alone",
        source="UNAWatch/una-sdk#185",
        write=lambda: plain(names=("timestamp", "heart_rate"), sub_sport=1),
        reads=Reads(heartrate_bpm=150, lacks=("distance_m",)),
    ),
    Habit(
        who="Strava app, Android",
        habit="place and distance in two records of one time; the file cut",
        source="dtcooper/python-fitparse:tests/files/strava-android-app-201.10-b1218918.fit",
        write=split_records,
        reads=Reads(is_guessed=True, note="cut short"),
    ),
    Habit(
        who="Apple Watch app",
        habit="no timer time; stop and start",
        source="SamR1/FitTrackee:fittrackee/tests/files/apple_watch.fit",
        write=without_timer,
        reads=PAUSED,
    ),
    Habit(
        who="Zepp",
        habit="averages that contradict the totals",
        source="lingcang728/ZeppBridge#28",
        write=lambda: plain(names=without("enhanced_speed")),
    ),
    Habit(
        who="Suunto, Polar",
        habit="laps that state only their end",
        source="Runalyze/Runalyze (fit-lap-no-start)",
        write=laps_without_start,
        reads=Reads(laps=2),
    ),
    Habit(
        who="Apple, Zepp",
        habit="heart rates in records of their own, between those with a place",
        source="dtcooper/python-fitparse:tests/files/strava-android-app-201.10-b1218918.fit",
        write=lambda: plain(
            names=NAMES,
            change=lambda at: (
                {"heart_rate": None} if at % 2 == 0 else {"position_lat": None, "position_long": None, "distance": None}
            ),
        ),
        reads=Reads(distance_m=354, moving_s=118, heartrate_bpm=150, note="heart rates"),
    ),
]
