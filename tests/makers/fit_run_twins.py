"""Twins of the five real FIT runs: our own runs, written with the habits of the same devices.

Each maker gives the file and what is known of it. Habits are those that the original shows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from makers.fit_writer import (
    DEVICE_INFO,
    ENUM,
    FIT_EPOCH_S,
    FLOAT32,
    SPORT,
    TEXT,
    UINT8,
    UINT16,
    UINT32,
    FitWriter,
)
from makers.known_run import KnownRun, Leg, Moment, hills

HRV, TIME_IN_ZONE, UNKNOWN = 78, 216, 288
START, STOP, STOP_ALL = 0, 1, 4
POWER, GROUND_TIME, STIFFNESS = 0, 3, 8  # a foot pod's developer fields, as it numbers them
NONE_LOST: frozenset[str] = frozenset()

COROS_RUN = KnownRun(
    start=datetime(2023, 4, 16, 0, 30, tzinfo=UTC),
    latitude_deg=35.68,
    longitude_deg=139.75,
    altitude_m=38.0,
    legs=[
        Leg(seconds=100, heartrate_bpm=118),
        Leg(seconds=20, speed_mps=0.0, heartrate_bpm=110, strides_per_minute=0),
        Leg(seconds=400, heartrate_bpm=146),
        *hills(30.0, 12.0, 7.0, 4.0, 2.4),
        Leg(seconds=80, speed_mps=5.0, heartrate_bpm=177, strides_per_minute=92),
        Leg(seconds=560, heartrate_bpm=155),
    ],
)
SUUNTO_RUN = KnownRun(
    start=datetime(2022, 11, 3, 15, 10, 20, tzinfo=UTC),
    latitude_deg=60.19,
    longitude_deg=24.93,
    altitude_m=-4.6,
    legs=[
        Leg(seconds=420, heartrate_bpm=140),
        Leg(seconds=30, speed_mps=0.0, heartrate_bpm=128, strides_per_minute=0, is_pause=True),
        *hills(4.6, 6.0, 4.6, heartrate_bpm=151),
        Leg(seconds=6, speed_mps=0.0, heartrate_bpm=139, strides_per_minute=0, is_pause=True),
        *hills(5.0, 5.0, 5.0, 5.0, heartrate_bpm=151),
        Leg(seconds=480, speed_mps=3.2, heartrate_bpm=163, strides_per_minute=88),
    ],
)
GARMIN_TRAIL_RUN = KnownRun(
    start=datetime(2021, 7, 11, 2, 30, tzinfo=UTC),
    latitude_deg=39.74,
    longitude_deg=-105.23,
    altitude_m=1731.2,
    legs=[
        Leg(seconds=200, speed_mps=2.5, heartrate_bpm=121, strides_per_minute=79),
        *hills(60.0, 40.0, 12.0, 7.0, 2.4, speed_mps=2.5, heartrate_bpm=158, strides_per_minute=80),
        Leg(seconds=300, speed_mps=3.5, heartrate_bpm=149),
    ],
)
TREADMILL_RUN = KnownRun(
    start=datetime(2022, 1, 22, 9, 5, tzinfo=UTC),
    latitude_deg=0.0,
    longitude_deg=0.0,
    altitude_m=0.0,
    legs=[
        Leg(seconds=352, speed_mps=2.8, heartrate_bpm=124, strides_per_minute=80),
        Leg(seconds=118, speed_mps=0.0, heartrate_bpm=124, is_pause=True),
        Leg(seconds=300, speed_mps=3.4, heartrate_bpm=152, strides_per_minute=84),
        Leg(seconds=240, speed_mps=0.0, heartrate_bpm=152, is_pause=True),
        Leg(seconds=18, speed_mps=0.0, heartrate_bpm=120, strides_per_minute=0),
        Leg(seconds=700, speed_mps=3.6, heartrate_bpm=161, strides_per_minute=85),
        Leg(seconds=150, speed_mps=0.0, heartrate_bpm=161, is_pause=True),
        Leg(seconds=300, speed_mps=4.0, heartrate_bpm=174, strides_per_minute=88),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FitTotals:
    """What a device's session says, beyond what its samples do: fractions of seconds that no sample has."""

    elapsed_s: float
    timer_s: float
    distance_m: float


def totals(run: KnownRun, *, elapsed_s: float = 0.0, timer_s: float = 0.0, distance_m: float = 0.0) -> FitTotals:
    """A run's own sums, and a device's deviation from them."""
    return FitTotals(
        elapsed_s=run.elapsed_s + elapsed_s,
        timer_s=run.elapsed_s - run.paused_s + timer_s,
        distance_m=round(run.distance_m + distance_m, 2),
    )


COROS_TOTALS = totals(COROS_RUN)
SUUNTO_TOTALS = totals(SUUNTO_RUN, elapsed_s=-0.002, timer_s=-0.32)
GARMIN_TRAIL_TOTALS = totals(GARMIN_TRAIL_RUN, elapsed_s=0.112, timer_s=0.112, distance_m=1.19)
TREADMILL_TOTALS = totals(TREADMILL_RUN, elapsed_s=0.503, timer_s=0.289)


def fit_time(moment: datetime) -> int:
    """Seconds as FIT counts them."""
    return int(moment.timestamp()) - FIT_EPOCH_S


def raw(moment: Moment, *, distance_m: float = 0.0) -> dict[str, int]:
    """What a device could write at that moment, field by field, as it stands in the file."""
    leg, speed = moment.leg, round(moment.leg.speed_mps * 1000)
    altitude = round((moment.altitude_m + 500) * 5)
    return {
        "timestamp": fit_time(moment.time),
        "position_lat": round(moment.latitude_deg / 180 * 2**31),
        "position_long": round(moment.longitude_deg / 180 * 2**31),
        "distance": round((moment.distance_m + distance_m) * 100),
        "altitude": altitude,
        "enhanced_altitude": altitude,
        "speed": speed,
        "enhanced_speed": speed,
        "heart_rate": leg.heartrate_bpm,
        "cadence": leg.strides_per_minute,
        "fractional_cadence": 0,
        "power": round(leg.speed_mps * 75),
        "accumulated_power": moment.second * 240,
        "temperature": 21,
        "vertical_speed": round(leg.climb_mps * 1000),
        "vertical_oscillation": 940,
        "stance_time": 2060,
        "stance_time_percent": 3950,
        "step_length": 12000,
        "activity_type": 1,
        "unknown_88": 300,
    }


def write_moments(
    writer: FitWriter,
    moments: Iterable[Moment],
    names: Sequence[str],
    *,
    lost: Callable[[int], frozenset[str]] = lambda _: NONE_LOST,
    distance_m: float = 0.0,
    pod: bool = False,
    local: int = 0,
) -> None:
    """Records with these fields; `lost` names those that hold "nothing" at a second, `distance_m` is added.

    With a foot pod there are developer fields for power, ground time and stiffness.
    """
    rows: list[list[int | float | None]] = []
    for moment in moments:
        values, gone = raw(moment, distance_m=distance_m), lost(moment.second)
        row: list[int | float | None] = [None if name in gone else values[name] for name in names]
        rows.append([*row, values["power"], 250, 8.375] if pod else row)
    fields = [(POWER, UINT16), (GROUND_TIME, UINT16), (STIFFNESS, FLOAT32)] if pod else []
    writer.records(names, rows, local=local, developer_fields=fields)


def describe_pod(writer: FitWriter) -> None:
    """A foot pod's own fields; power and ground time name the native fields that they stand for."""
    writer.describe_developer_field(POWER, UINT16, "Power", "Watts", native=7)
    writer.describe_developer_field(GROUND_TIME, UINT16, "Ground Time", "Milliseconds", native=41)
    writer.describe_developer_field(STIFFNESS, FLOAT32, "Leg Spring Stiffness", "kN/m")


def coros_run() -> bytes:
    """COROS: the model as a text, a file dated after its own end, fields that come in one by one.

    The first record is a bare time, nothing follows for three seconds, then only the heart is known. Some seconds have
    no fix, some no altitude. The local time says UTC.
    """
    run, begun = COROS_RUN, fit_time(COROS_RUN.start)
    writer = FitWriter()
    writer.file_id(manufacturer=294, product=841, product_name="COROS APEX Pro")
    writer.message(1, DEVICE_INFO, [(253, UINT32, begun + 11_000), (2, UINT16, 294), (27, TEXT, "COROS APEX Pro")])
    writer.activity(begun, local_offset_s=0)
    writer.timer(begun, START)
    write_moments(writer, run.moments([0]), ("timestamp", "distance", "activity_type"))
    early = ("timestamp", "position_lat", "position_long", "distance", "heart_rate", "activity_type")
    write_moments(writer, run.moments(range(3, 6)), early)
    write_moments(writer, run.moments([6]), (*early, "altitude"))
    later = ("speed", "cadence", "power", "accumulated_power", "stance_time", "vertical_oscillation", "step_length")

    def lost(second: int) -> frozenset[str]:
        if second in range(300, 309):
            return frozenset({"position_lat", "position_long"})
        return frozenset({"altitude"}) if second in range(440, 445) else NONE_LOST

    write_moments(writer, run.moments(range(7, run.elapsed_s + 1)), (*early, "altitude", *later), lost=lost)
    writer.timer(begun + run.elapsed_s, STOP_ALL)
    said = COROS_TOTALS
    writer.lap(begun, said.elapsed_s, timer_s=said.timer_s, distance_m=said.distance_m)
    writer.session(begun, said.elapsed_s, timer_s=said.timer_s, distance_m=said.distance_m)
    return writer.finish()


def suunto_run() -> bytes:
    """Suunto: beat intervals between the records, and while the timer stands records of the heart alone.

    Below sea level, with true altitudes of 0. Developer fields are introduced and never used; a lap each kilometre.
    """
    run, begun = SUUNTO_RUN, fit_time(SUUNTO_RUN.start)
    writer = FitWriter()
    writer.file_id(manufacturer=23, product=34, product_name="Suunto 9 Baro")
    writer.describe_developer_field(0, ENUM, "feeling", "")
    writer.describe_developer_field(2, UINT32, "recovery_time", "s")
    writer.timer(begun, START)
    full = ("timestamp", "position_lat", "position_long", "distance", "heart_rate", "altitude", "cadence", "power",
            "speed", "temperature", "vertical_speed")  # fmt: skip
    lap_begun_s, in_pause = 0, False
    for moment in run.moments():
        if moment.leg.is_pause is not in_pause:
            in_pause = moment.leg.is_pause
            writer.timer(begun + moment.second - 1, STOP if in_pause else START)
        names = ("timestamp", "heart_rate") if in_pause else ("timestamp", "distance") if moment.second == 0 else full
        write_moments(writer, [moment], names, local=9 if in_pause else 10)
        _beats(writer, 60_000 // moment.leg.heartrate_bpm, 1 + moment.second % 3)
        if moment.distance_m % 999 == 0 and moment.second and not moment.leg.is_standing:
            writer.lap(begun + lap_begun_s, moment.second - lap_begun_s, distance_m=999)
            lap_begun_s = moment.second
    writer.timer(begun + run.elapsed_s, STOP)
    said = SUUNTO_TOTALS
    writer.session(begun, said.elapsed_s, sub_sport=3, timer_s=said.timer_s, distance_m=said.distance_m)
    writer.activity(begun + run.elapsed_s)
    return writer.finish()


def _beats(writer: FitWriter, interval_ms: int, count: int) -> None:
    """A message with the times between some heartbeats, as one field of many values."""
    writer.define_if_new(5 + count, HRV, [(0, 2 * count, UINT16)])
    writer.raw(5 + count, b"".join(writer.pack(UINT16, interval_ms + beat) for beat in range(count)))


def garmin_trail_run() -> bytes:
    """Garmin with a foot pod: power only as a developer field, unknown messages and fields between the known.

    The distance does not begin at 0, two records are missing, the heart rate and the fix drop out for some seconds.
    The watch lists its barometer.
    """
    run, begun = GARMIN_TRAIL_RUN, fit_time(GARMIN_TRAIL_RUN.start)
    writer = FitWriter()
    writer.file_id()
    writer.message(0, UNKNOWN, [(0, UINT8, 1), (1, UINT32, 7)])
    writer.timer(begun, START)
    for index, kind in enumerate((None, 4, 0)):
        values = [(253, UINT32, begun), (0, UINT8, index), (1, UINT8, kind), (2, UINT16, 1), (25, ENUM, 5)]
        writer.message(1, DEVICE_INFO, [*values, (4, UINT16, 3113 if index < 2 else 3107)])
    writer.message(2, SPORT, [(0, ENUM, 1), (1, ENUM, 0), (3, TEXT, "Run")])
    describe_pod(writer)
    names = ("timestamp", "position_lat", "position_long", "distance", "altitude", "speed", "unknown_88", "heart_rate",
             "cadence", "temperature", "fractional_cadence")  # fmt: skip

    def lost(second: int) -> frozenset[str]:
        if second in range(60, 67):
            return frozenset({"heart_rate"})
        return frozenset({"position_lat", "position_long"}) if second in range(700, 720) else NONE_LOST

    half = run.elapsed_s // 2
    for first, last in ((0, half), (half + 1, run.elapsed_s)):
        seconds = [second for second in range(first, last + 1) if second not in {150, half + 40}]
        write_moments(writer, run.moments(seconds), names, lost=lost, distance_m=1.19, pod=True)
        writer.message(1, TIME_IN_ZONE, [(253, UINT32, begun + last), (0, UINT16, 19)])
        writer.lap(begun + first, last - first, distance_m=run.distance_m / 2)
    writer.timer(begun + run.elapsed_s, STOP_ALL)
    said = GARMIN_TRAIL_TOTALS
    writer.session(begun, said.elapsed_s, timer_s=said.timer_s, distance_m=said.distance_m)
    writer.activity(begun + run.elapsed_s, local_offset_s=-6 * 3600)
    return writer.finish()


def treadmill_run() -> bytes:
    """Garmin on a treadmill with a foot pod: no positions, no altitude, three pauses in which nothing is recorded."""
    run, begun = TREADMILL_RUN, fit_time(TREADMILL_RUN.start)
    writer = FitWriter()
    writer.file_id()
    writer.timer(begun, START)
    writer.message(2, SPORT, [(0, ENUM, 1), (1, ENUM, 1), (3, TEXT, "Treadmill")])
    describe_pod(writer)
    names = ("timestamp", "distance", "enhanced_speed", "vertical_oscillation", "stance_time_percent", "unknown_88",
             "heart_rate", "cadence", "temperature", "activity_type", "fractional_cadence")  # fmt: skip
    for first, leg in zip(run.edges_s, run.legs, strict=False):
        last = first + leg.seconds
        if leg.is_pause:
            writer.timer(begun + first, STOP_ALL)
            writer.timer(begun + last, START)
            # Where the timer goes on, recording does.
            write_moments(writer, run.moments([last]), names, pod=True)
        else:
            seconds = range(first if first == 0 else first + 1, last + 1)
            write_moments(writer, run.moments(seconds), names, pod=True)
            _beats(writer, 380, 2)
    writer.timer(begun + run.elapsed_s, STOP_ALL)
    said = TREADMILL_TOTALS
    writer.lap(begun, said.elapsed_s, timer_s=said.timer_s, distance_m=said.distance_m)
    writer.session(begun, said.elapsed_s, sub_sport=1, timer_s=said.timer_s, distance_m=said.distance_m)
    writer.activity(begun + run.elapsed_s, local_offset_s=-5 * 3600)
    return writer.finish()
