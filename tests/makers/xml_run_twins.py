"""Twins of the real GPX and TCX run: runs of ours, in the form that the same programs give them."""

from datetime import UTC, datetime, timedelta

from makers.gpx_writer import write_gpx
from makers.known_run import KnownRun, Leg, Moment
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint

GPX_RUN = KnownRun(
    start=datetime(2016, 5, 7, 17, 20, 30, tzinfo=UTC),
    latitude_deg=38.71,
    longitude_deg=-9.14,
    altitude_m=12.0,
    legs=[
        Leg(seconds=600, speed_mps=2.5, heartrate_bpm=131, strides_per_minute=78),
        Leg(seconds=900, climb_mps=0.1, heartrate_bpm=149, strides_per_minute=82),
    ],
)
TCX_LAPS = (
    Leg(seconds=480, speed_mps=2.5, heartrate_bpm=134, strides_per_minute=79),
    Leg(seconds=440, speed_mps=2.6, heartrate_bpm=152, strides_per_minute=81),
    Leg(seconds=400, speed_mps=2.2, heartrate_bpm=145, strides_per_minute=77),
)
TCX_RUN = KnownRun(
    start=datetime(2017, 9, 30, 8, 2, 11, tzinfo=UTC),
    latitude_deg=42.81,
    longitude_deg=-1.64,
    altitude_m=449.0,
    legs=TCX_LAPS,
)
GPX_SECONDS = [second for second in range(GPX_RUN.elapsed_s + 1) if second % 10 in {0, 3, 4, 8}]
TCX_SECONDS = [second for second in range(TCX_RUN.elapsed_s + 1) if second % 20 in {0, 1, 6, 10, 13}]
TCX_DISTANCE_M = round(TCX_RUN.distance_m + 3.4, 2)
TCX_DEVICE = "pulsløper 3"
BETWEEN_LAPS_S = 2


def gpx_run() -> bytes:
    """Strava's export of a phone's run: a number as the sport, one to four seconds between points, strides of one foot.

    Speed and distance are nowhere, so the way is that between the points.
    """
    return write_gpx(
        [
            TrackPoint(
                time=moment.time,
                position=(f"{moment.latitude_deg:.7f}", f"{moment.longitude_deg:.7f}"),
                altitude_m=moment.altitude_m,
                heartrate_bpm=moment.leg.heartrate_bpm,
                strides_per_minute=moment.leg.strides_per_minute,
            )
            for moment in GPX_RUN.moments(GPX_SECONDS)
        ],
        creator="StravaGPX Android",
        name="Quay &amp; hill",
        kind="9",
    )


def tcx_run() -> bytes:
    """Garmin Connect's TCX: laps by hand with totals of their own, two seconds between them, floats as they come.

    The totals are the device's, a little more than its points. One point has no position, at the last nobody runs.
    """
    laps = []
    for number, (first, last) in enumerate(zip(TCX_RUN.edges_s, TCX_RUN.edges_s[1:], strict=False)):
        late = timedelta(seconds=number * BETWEEN_LAPS_S)
        seconds = [second for second in TCX_SECONDS if first < second <= last or second == first == 0]
        laps.append(
            TcxLap(
                start=TCX_RUN.start + timedelta(seconds=first) + late,
                points=[_tcx_point(moment, late) for moment in TCX_RUN.moments(seconds)],
                timer_s=TCX_LAPS[number].seconds,
                distance_m=round(TCX_LAPS[number].distance_m + (3.4 if number == 2 else 0.0), 2),
            )
        )
    return write_tcx([TcxActivity(laps=laps, device_name=TCX_DEVICE)])


def _tcx_point(moment: Moment, late: timedelta) -> TrackPoint:
    is_last = moment.second == TCX_RUN.elapsed_s
    return TrackPoint(
        time=moment.time + late,
        position=None if moment.second == 13 else (repr(moment.latitude_deg), repr(moment.longitude_deg)),
        altitude_m=moment.altitude_m + 0.3999938964844,
        distance_m=moment.distance_m + 0.0000000429153,
        speed_mps=moment.leg.speed_mps - 0.0000000208358,
        heartrate_bpm=moment.leg.heartrate_bpm,
        strides_per_minute=0 if is_last else moment.leg.strides_per_minute,
    )
