"""Habits of apps and treadmills in FIT files: Zwift, QZ, Strava, Apple, Zepp."""

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
    plain,
    records,
    without,
)
from makers.devices.habit import Habit, Reads
from makers.fit_writer import ACTIVITY, ENUM, LAP, SESSION, UINT16, UINT32

ZWIFT, TACX = 260, 89
VIRTUAL = 58
ISLAND_LATITUDE, ISLAND_LONGITUDE = round(-11.64 / 180 * 2**31), round(166.95 / 180 * 2**31)
PAUSED = Reads(elapsed_s=419.0, moving_s=118.0, pauses=1)


def on_the_island(second: int) -> Raw:
    return {"position_lat": ISLAND_LATITUDE + second * 322, "position_long": ISLAND_LONGITUDE}


def zwift() -> bytes:
    """A local time of 0, a start a second early, the timer beyond the elapsed time, a pause without an event."""
    writer = opened(manufacturer=ZWIFT)
    records(writer, FIRST, change=on_the_island)
    records(writer, SECOND, change=on_the_island, late_s=60)
    writer.session(BEGUN - 1, 180, sub_sport=VIRTUAL, distance_m=357, timer_s=181)
    writer.message(4, ACTIVITY, [(253, UINT32, BEGUN + 179), (5, UINT32, 0)])
    return writer.finish(header_size=12)


def contradicting_averages() -> bytes:
    """An average speed and strides that fit no total."""
    writer = opened()
    records(writer, names=without("enhanced_speed"))
    totals = [(253, UINT32, BEGUN + 119), (2, UINT32, BEGUN), (7, UINT32, 119_000), (8, UINT32, 119_000)]
    odd = [(9, UINT32, 35_700), (5, ENUM, 1), (10, UINT32, 9), (14, UINT16, 9_000)]
    writer.message(3, SESSION, [*totals, *odd])
    writer.activity(BEGUN + 119, local_offset_s=28_800)
    return writer.finish()


def stop_without_start() -> bytes:
    writer = opened(manufacturer=TACX)
    writer.timer(BEGUN, 0)
    writer.timer(BEGUN + 30, STOP_ALL)
    records(writer)
    return closed(writer)


def swapped_times() -> bytes:
    writer = opened()
    records(writer)
    writer.session(BEGUN, 119, distance_m=357)
    writer.activity(BEGUN + 119 + 7200, local_offset_s=-7200)
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


HABITS = [
    Habit(
        who="Zwift",
        habit="a local time of 0, timer over elapsed, a start before the first record, a pause without an event",
        source="Runalyze/Runalyze:tests/testfiles/fit/Zwift-bad-training-effect.fit",
        write=zwift,
        reads=Reads(
            sport="VirtualRun", start="2024-05-04T07:59:59", elapsed_s=180, moving_s=118, pauses=0, device_name="Zwift"
        ),
    ),
    Habit(
        who="Zwift",
        habit="a header of 12 bytes, timer a second over elapsed, places on an island",
        source="Runalyze/Runalyze:tests/testfiles/fit/Zwift-bad-training-effect.fit",
        write=lambda: plain(
            header_size=12,
            manufacturer=ZWIFT,
            timer_s=120,
            change=on_the_island,
        ),
    ),
    Habit(
        who="QZ, treadmills",
        habit="a stop without a later start",
        source="cagnulein/qdomyos-zwift#1279",
        write=stop_without_start,
        reads=Reads(pauses=0, device_name="Tacx"),
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
        reads=Reads(utc_offset_s=7200),
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
        habit="cadence alone, and a total of 0",
        source="UNAWatch/una-sdk#185",
        write=lambda: plain(names=("timestamp", "cadence"), sub_sport=1, distance_m=0),
        reads=Reads(is_distance_unknown=True, cadence_spm=172, lacks=("distance_m",)),
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
        habit="averages and strides that contradict the totals; no laps",
        source="lingcang728/ZeppBridge#28",
        write=contradicting_averages,
        reads=Reads(laps=0, utc_offset_s=28_800),
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
