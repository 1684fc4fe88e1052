"""Habits of watches and bike computers in FIT files: Suunto, COROS, Wahoo, TomTom and others; then those of apps."""

from makers.devices.fit_app_habits import HABITS as APP_HABITS
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
)
from makers.devices.habit import Habit, Reads
from makers.fit_writer import ACTIVITY, ENUM, FILE_ID, RECORD, SESSION, TEXT, UINT8, UINT16, UINT32

SUUNTO, WAHOO, TOMTOM, LEZYNE, BRYTON = 23, 32, 71, 258, 267
PAUSED = Reads(elapsed_s=419.0, moving_s=118.0, pauses=1)


def two_a_second() -> bytes:
    """Two records for each second, one with a heart rate; the distance steps back; no total, no events, no last lap."""
    writer = opened(manufacturer=SUUNTO)
    for second in RUN:
        records(writer, [second], change=lambda at: {"heart_rate": None})
        records(writer, [second], change=lambda at: {"distance": max(0, 300 * at - (20 if at % 7 == 0 else 0))})
    return closed(writer, elapsed_s=60, distance_m=0)


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
    writer.session(BEGUN - 2, 121, distance_m=357)
    return writer.finish()


def unmarked_types() -> bytes:
    """Base types without the bit that says they have a byte order; times in the record headers, five bits each."""
    writer = opened(order=">", manufacturer=LEZYNE)
    writer.timer(BEGUN, 0)
    writer.define(1, RECORD, [(3, 1, UINT8), (5, 4, UINT32 & 0x1F)])
    for second in RUN:
        writer.raw(0x80 | 1 << 5 | (BEGUN + second) & 0x1F, bytes([150]) + writer.pack(UINT32, 300 * second))
    return closed(writer)


def suunto_zone() -> bytes:
    writer = opened(order=">", manufacturer=SUUNTO)
    records(writer)
    writer.session(BEGUN, 119, distance_m=357)
    writer.activity(BEGUN + 119, local_offset_s=10_800)
    return writer.finish()


def suunto_legs() -> bytes:
    """Two legs whose sessions state a start, the times and the sport; the distance is in the records alone."""
    writer = opened(order=">", manufacturer=SUUNTO)
    records(writer)
    for number, sport in enumerate((2, 1)):
        times = [(253, UINT32, BEGUN + 60 * number + 59), (2, UINT32, BEGUN + 60 * number)]
        writer.message(3, SESSION, [*times, (7, UINT32, 59_000), (8, UINT32, 59_000), (5, ENUM, sport)])
    return writer.finish()


def elapsed_as_timer() -> bytes:
    """The activity gives the elapsed time as its timer's; events and session know better."""
    writer = opened(order=">", manufacturer=WAHOO)
    writer.timer(BEGUN, 0)
    records(writer, FIRST)
    writer.timer(BEGUN + 59, STOP)
    writer.timer(BEGUN + 360, 0)
    records(writer, SECOND, late_s=300)
    writer.timer(BEGUN + 419, STOP_ALL)
    writer.session(BEGUN, 419, timer_s=118, distance_m=357)
    writer.message(4, ACTIVITY, [(253, UINT32, BEGUN + 419), (0, UINT32, 419_000), (1, UINT16, 1)])
    return writer.finish()


def spread_values() -> bytes:
    """Four records a second, each with one of the values; whole."""
    writer = opened(manufacturer=BRYTON)
    for second in RUN:
        for local, name in enumerate(("position_lat", "position_long", "distance", "heart_rate")):
            records(writer, [second], names=("timestamp", name), local=local + 5)
    return closed(writer)


def empty_end() -> bytes:
    """Altitudes of raw 0 at first, and a last record of a time alone."""
    writer = opened(manufacturer=TOMTOM)
    records(writer, change=lambda at: {"enhanced_altitude": 0} if at < 5 else {})
    writer.records(("timestamp",), [[BEGUN + 4000]], local=3)
    return closed(writer)


def left_on() -> bytes:
    writer = opened()
    writer.timer(BEGUN, 0)
    records(writer)
    writer.timer(BEGUN + 119, STOP)
    writer.timer(BEGUN + 7499, 0)
    records(writer, [300], late_s=7200, change=lambda _: {"distance": 119 * 300})
    writer.timer(BEGUN + 7500, STOP)
    return closed(writer, elapsed_s=7500, timer_s=119)


def odd_clock(second: int) -> Raw:
    """Times that do not rise, and one altitude of 8,800 m."""
    return {
        "timestamp": BEGUN + (49 if second in (50, 51) else second),
        "enhanced_altitude": 46_500 if second == 70 else 3500,
    }


HABITS = [
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
        who="Suunto app",
        habit="the activity's local time shows the zone at the start",
        source="apizone.suunto.com/fit-description",
        write=suunto_zone,
        reads=Reads(utc_offset_s=10_800),
    ),
    Habit(
        who="Suunto app, multisport",
        habit="sessions without a total distance",
        source="jimmykane/quantified-self#221; apizone.suunto.com/fit-description",
        write=suunto_legs,
        reads=Reads(sport="Ride", others=1, samples=60, distance_m=177, moving_s=59, elapsed_s=59),
    ),
    Habit(
        who="COROS",
        habit="first records without altitude and speed; native power",
        source="jimmykane/sports-lib:src/specs/fixtures/runs/fit/6916663933.fit",
        write=lambda: plain(
            names=(*NAMES, "power"),
            change=lambda at: {"power": 250, **({"enhanced_altitude": None, "enhanced_speed": None} if at < 5 else {})},
        ),
        reads=Reads(kinds=("altitude_m", "speed_mps"), climb_m=0, power_w=250),
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
        habit="the activity states the elapsed time as its timer's",
        source="jimmykane/sports-lib:src/specs/fixtures/rides/fit/7739869618.fit",
        write=elapsed_as_timer,
        reads=PAUSED,
    ),
    Habit(
        who="Wahoo",
        habit="texts without a final zero",
        source="tormoder/fit:testdata/misc/unterminated-strings.fit",
        write=unterminated_text,
    ),
    Habit(
        who="Hammerhead Karoo",
        habit="both byte orders in one file; the session starts 2 s early",
        source="GoldenCheetah/GoldenCheetah:test/rides",
        write=both_orders,
        reads=Reads(start="2024-05-04T07:59:58", elapsed_s=121),
    ),
    Habit(
        who="Lezyne",
        habit="types that do not say they have a byte order; compressed headers",
        source="GPSBabel/gpsbabel:reference/track/lezyne_super_gps",
        write=unmarked_types,
        reads=Reads(heartrate_bpm=150),
    ),
    Habit(
        who="Bryton, Bosch",
        habit="several records a second with values spread over them",
        source="GoldenCheetah/GoldenCheetah#1788, #2029; tumic0/GPXSee#132",
        write=spread_values,
        reads=Reads(heartrate_bpm=150, kinds=("latitude_deg", "longitude_deg"), note="same time"),
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
        reads=Reads(samples=118, note="altitude"),
    ),
    Habit(
        who="any watch that was left on",
        habit="a record hours after the end, elsewhere, which the totals include",
        source="trackbook#31; kalenji-gps-watch-reader#39",
        write=left_on,
        reads=Reads(pauses=0, note="after the end"),
    ),
    *APP_HABITS,
]
