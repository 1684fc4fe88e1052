"""Habits of devices and apps in FIT files: those of Garmin, then all others."""

from makers.devices.fit_developer_habits import HABITS as DEVELOPER_HABITS
from makers.devices.fit_other_habits import HABITS as OTHER_HABITS
from makers.devices.fit_pieces import (
    BEGUN,
    NAMES,
    RUN,
    SECOND,
    STOP_ALL,
    closed,
    opened,
    paused,
    plain,
    records,
    without,
    without_session,
)
from makers.devices.garmin_strap import swim_with_strap
from makers.devices.habit import Habit, Reads
from makers.fit_writer import BYTE, ENUM, LAP, RECORD, SESSION, SPORT, UINT32

UNKNOWN = Reads(is_guessed=True, note="does not say")


def extra_starts() -> bytes:
    writer = opened()
    for second in (0, 30, 60):
        writer.timer(BEGUN + second, 0)
    records(writer)
    return closed(writer)


def compressed_timestamps() -> bytes:
    """Five bits of time in the header of each record; the message before them has the whole."""
    writer = opened()
    writer.timer(BEGUN, 0)
    writer.define(1, RECORD, [(3, 1, 0x02), (5, 4, UINT32)])
    for second in RUN:
        writer.raw(0x80 | 1 << 5 | (BEGUN + second) & 0x1F, bytes([150]) + writer.pack(UINT32, 300 * second))
    return closed(writer)


def compressed_speed_distance() -> bytes:
    """Twelve bits of speed, twelve of distance in sixteenths of a metre that roll over."""
    writer = opened()
    writer.define(0, RECORD, [(253, 4, UINT32), (8, 3, BYTE)])
    for second in RUN:
        sum_16ths = second * 3 * 16 & 0xFFF
        packed = bytes([300 & 0xFF, 300 >> 8 | (sum_16ths & 0xF) << 4, sum_16ths >> 4])
        writer.raw(0, writer.pack(UINT32, BEGUN + second) + packed)
    return closed(writer)


def damaged(*, checksum: int | None = None, size: int | None = None, tail: int = 0) -> bytes:
    content = bytearray(plain(header_size=12))
    if checksum is not None:
        content[-2:] = checksum.to_bytes(2, "little")
    if size is not None:
        content[4:8] = size.to_bytes(4, "little")
    return bytes(content) + bytes(tail)


def multisport() -> bytes:
    """Swim, ride and run of forty seconds each, and a counter that runs through all."""
    writer = opened()
    records(writer)
    for number, sport in enumerate((5, 2, 1)):
        writer.session(BEGUN + 40 * number, 39, sport=sport)
    return writer.finish()


def session_twice() -> bytes:
    writer = opened()
    records(writer)
    writer.session(BEGUN, 119, distance_m=357)
    writer.session(BEGUN, 119, distance_m=357)
    return writer.finish()


def whole_beside_parts() -> bytes:
    """A session for the whole, one for the swim that begins with it, one for the run."""
    writer = opened()
    records(writer)
    writer.session(BEGUN, 119, sport=18, distance_m=357)
    writer.session(BEGUN, 39, sport=5)
    writer.session(BEGUN + 40, 79, sport=1)
    return writer.finish()


def sport_in_lap() -> bytes:
    writer = opened()
    records(writer)
    writer.message(1, LAP, [(253, UINT32, BEGUN + 119), (2, UINT32, BEGUN), (7, UINT32, 119_000), (25, ENUM, 1)])
    return writer.finish()


def sport_message() -> bytes:
    writer = opened()
    writer.message(1, SPORT, [(0, ENUM, 1), (1, ENUM, 0)])
    records(writer)
    return writer.finish()


def local_time(offset_s: int) -> bytes:
    writer = opened()
    records(writer)
    writer.session(BEGUN, 119, distance_m=357)
    writer.activity(BEGUN + 119, local_offset_s=offset_s)
    return writer.finish()


def empty_session() -> bytes:
    """A session in which nothing was written, and a lap that knows the sport."""
    writer = opened()
    records(writer)
    writer.message(1, LAP, [(253, UINT32, BEGUN + 119), (2, UINT32, BEGUN), (7, UINT32, 119_000), (25, ENUM, 1)])
    writer.message(3, SESSION, [(253, UINT32, None), (2, UINT32, None), (7, UINT32, None), (5, ENUM, None)])
    return writer.finish()


HABITS = [
    Habit(
        who="Garmin, smart recording",
        habit="a record every 1 to 19 s, no event in between",
        source="firefly-cpp/sport-activities-features:datasets/fit_format_test_File.FIT; php-fit#60",
        write=lambda: plain(seconds=[0, 1, 5, 19, 30, 49, 60, 61, 80, 99, 119]),
        reads=Reads(samples=11, pauses=0),
    ),
    Habit(
        who="Garmin, 1 s recording",
        habit="single holes of 2 to 4 s",
        source="dtcooper/python-fitparse:tests/files/activity-small-fenix2-run.fit",
        write=lambda: plain(seconds=[at for at in RUN if at not in (30, 31, 32, 50)]),
        reads=Reads(samples=116, pauses=0),
    ),
    Habit(
        who="Garmin",
        habit="pause, by hand or by itself: timer event stop_all, then start",
        source="thomaschampagne/elevate (mini-enduro.fit); SamR1/FitTrackee#839, #840",
        write=lambda: paused(STOP_ALL),
        reads=Reads(elapsed_s=419.0, moving_s=118.0, pauses=1),
    ),
    Habit(
        who="Garmin FR920XT",
        habit="further start events with no stop between",
        source="Runalyze/Runalyze:tests/testfiles/fit/FR920-additional-start-events.fit",
        write=extra_starts,
        reads=Reads(pauses=0),
    ),
    Habit(
        who="Garmin since 2019",
        habit="only enhanced speed and altitude",
        source="thomaschampagne/elevate (kaiteriteri.fit); GoldenCheetah/GoldenCheetah#3161, #3168",
        write=plain,
        reads=Reads(kinds=("speed_mps", "altitude_m")),
    ),
    Habit(
        who="Garmin before",
        habit="only the plain speed and altitude",
        source="adriangibbons/php-fit-file-analysis",
        write=lambda: plain(names=("timestamp", "distance", "speed", "altitude")),
        reads=Reads(kinds=("speed_mps", "altitude_m")),
    ),
    Habit(
        who="Garmin FR10, FR15",
        habit="no altitude at all",
        source="php-fit#2",
        write=lambda: plain(names=without("enhanced_altitude")),
        reads=Reads(lacks=("altitude_m",)),
    ),
    Habit(
        who="Garmin",
        habit="cadence of one foot, half steps in fractional_cadence",
        source="trevordavies095/tempo#161",
        write=lambda: plain(names=(*NAMES, "fractional_cadence")),
        reads=Reads(cadence_spm=173),
    ),
    Habit(
        who="Garmin FR70",
        habit="compressed timestamps",
        source="Runalyze/Runalyze:tests/testfiles/fit/FR70-intervals.fit",
        write=compressed_timestamps,
        reads=Reads(heartrate_bpm=150),
    ),
    Habit(
        who="ANT watches",
        habit="stamps that count from the start of the device: no date",
        source="Runalyze/Runalyze#1743; dtcooper/python-fitparse:tests/files/antfs-dump.63.fit",
        write=lambda: without_session(change=lambda at: {"timestamp": 1000 + at}),
        reads=Reads(is_guessed=True, start="", note="did not know the date"),
    ),
    Habit(
        who="Garmin, old",
        habit="compressed_speed_distance in place of distance",
        source="dtcooper/python-fitparse:tests/files/compressed-speed-distance.fit",
        write=compressed_speed_distance,
        reads=Reads(kinds=("speed_mps",)),
    ),
    Habit(
        who="Garmin, damaged",
        habit="a header of 12 bytes, a wrong checksum",
        source="dtcooper/python-fitparse:tests/files/activity-filecrc.fit",
        write=lambda: damaged(checksum=1),
        reads=Reads(note="checksum"),
    ),
    Habit(
        who="Garmin, damaged",
        habit="a size of 0, a checksum of 0",
        source="jimmykane/sports-lib:src/specs/fixtures/others/empty-activities.fit",
        write=lambda: damaged(checksum=0, size=0),
        reads=Reads(note="never finished"),
    ),
    Habit(
        who="Garmin, damaged",
        habit="a tail of zeros",
        source="jimmykane/sports-lib:src/specs/fixtures/others/empty-activities.fit",
        write=lambda: damaged(tail=500),
        reads=Reads(note="after the end"),
    ),
    Habit(
        who="Garmin HRM-Swim, HRM-Tri",
        habit="heart rates in hr messages after the session",
        source="GoldenCheetah/GoldenCheetah:test/swims/GarminHRMswim.FIT",
        write=lambda: swim_with_strap([150] * 121, start=BEGUN),
        reads=Reads(sport="Swim", distance_m=120, moving_s=None, elapsed_s=None, samples=121, heartrate_bpm=150),
    ),
    Habit(
        who="Garmin HRM-Pro",
        habit="heart rates in a chained file",
        source="python-fitparse#122; GoldenCheetah/GoldenCheetah#2001",
        write=lambda: swim_with_strap([150] * 121, start=BEGUN, is_chained=True),
        reads=Reads(sport="Swim", distance_m=120, moving_s=None, elapsed_s=None, samples=121, heartrate_bpm=150),
    ),
    Habit(
        who="Garmin",
        habit="the clock set by satellite on the way: the first records are 20 days off",
        source="Runalyze/Runalyze:tests/testfiles/fit/time-jump.fit; GoldenCheetah/GoldenCheetah#35",
        write=lambda: plain(change=lambda at: {"timestamp": BEGUN + at - 20 * 86_400} if at < 30 else {}),
        reads=Reads(note="clock was set"),
    ),
    Habit(
        who="Garmin",
        habit="one second back; several records in one second at a lap",
        source="Runalyze/Runalyze:tests/testfiles/fit/One-second-jump-to-past.fit",
        write=lambda: plain(seconds=[*range(50), 48, 50, 50, 50, *range(51, 120)]),
        reads=Reads(pauses=0, note="merged"),
    ),
    Habit(
        who="Garmin",
        habit="the session states less elapsed than timer time",
        source="GoldenCheetah/GoldenCheetah:test/rides/14582164182.fit.gz",
        write=lambda: paused(STOP_ALL, elapsed_s=60),
        reads=Reads(elapsed_s=419.0, moving_s=118.0, note="contradict"),
    ),
    Habit(
        who="Garmin multisport",
        habit="several sessions, the distance runs through all",
        source="jimmykane/sports-lib:src/specs/fixtures/swim/fit/6788312639-1.fit",
        write=multisport,
        reads=Reads(sport="Swim", others=2, samples=40, distance_m=117, moving_s=39, elapsed_s=39),
    ),
    Habit(
        who="Garmin multisport",
        habit="the session stands twice",
        source="jimmykane/sports-lib:src/specs/fixtures/swim/fit/6788312639-1.fit",
        write=session_twice,
        reads=Reads(note="start when another does"),
    ),
    Habit(
        who="Garmin multisport",
        habit="a session for the whole beside those of its parts",
        source="jimmykane/sports-lib:src/specs/fixtures/swim/fit/6788312639-1.fit",
        write=whole_beside_parts,
        reads=Reads(sport="Swim", others=1, samples=40, distance_m=117, moving_s=39, elapsed_s=39),
    ),
    Habit(
        who="Garmin",
        habit="the session starts a minute before the first record",
        source="tormoder/fit:testdata/bpg/garmin.fit; Runalyze/Runalyze:tests/testfiles/fit/swim-fenix-50m.fit",
        write=lambda: plain(seconds=SECOND, distance_m=177),
        reads=Reads(samples=60, distance_m=177, moving_s=59, elapsed_s=119),
    ),
    Habit(
        who="Garmin, Sigma, TomTom",
        habit="no session; the sport only in a lap",
        source="garmin/fit-javascript-sdk:test/data/WithGearChangeData.fit; php-fit#47",
        write=sport_in_lap,
        reads=Reads(laps=1),
    ),
    Habit(
        who="Garmin, Sigma, TomTom",
        habit="a session that was never filled in; the sport in a lap",
        source="php-fit#47",
        write=empty_session,
        reads=Reads(laps=1),
    ),
    Habit(
        who="Garmin",
        habit="no session; the sport in a message of its own",
        source="dtcooper/python-fitparse:tests/files/nick.fit",
        write=sport_message,
    ),
    Habit(
        who="Garmin",
        habit="no session and no sport: cut off before the end",
        source="dtcooper/python-fitparse:tests/files/nick.fit",
        write=without_session,
        reads=UNKNOWN,
    ),
    Habit(
        who="Garmin",
        habit="local_timestamp days off",
        source="several in python-fitparse and sports-lib",
        write=lambda: local_time(3 * 86_400),
    ),
    Habit(
        who="Garmin",
        habit="local_timestamp shows the zone",
        source="developer.garmin.com/fit/protocol",
        write=lambda: local_time(20_700),
        reads=Reads(utc_offset_s=20_700),
    ),
    Habit(
        who="Garmin",
        habit="local_timestamp off by what no zone is",
        source="several in python-fitparse and sports-lib",
        write=lambda: local_time(7200 + 400),
    ),
    Habit(
        who="Garmin handheld",
        habit="positions and a total, no distance in the records",
        source="GPSBabel/gpsbabel:reference/track/garmin-oregon-700.fit",
        write=lambda: plain(names=("timestamp", "position_lat", "position_long")),
    ),
    Habit(
        who="Garmin Connect",
        habit="the original keeps its distance after an edit on the site: two totals",
        source="roznet/connectstats#51; pe-st/garmin-connect-export#47",
        write=lambda: plain(distance_m=380),
        reads=Reads(note=""),
    ),
    *DEVELOPER_HABITS,
    *OTHER_HABITS,
]
