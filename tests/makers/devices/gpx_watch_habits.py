"""Habits of watches, and of the programs of their makers, in GPX files."""

from functools import partial

from makers.devices.gpx_pieces import CLUETRUST, extension, gpx, heart, place, point, points, track
from makers.devices.habit import Habit, Reads

RUN = range(120)
HALVES = range(60), range(60, 120)


def stale_points() -> str:
    """Between the points such as repeat an earlier one with a heart rate, up to three seconds late."""
    text = ""
    for second in RUN:
        text += points([second], altitude="0.0" if second < 2 else "200")
        if second > 3 and second % 2 == 0:
            text += points([second - 2], more=lambda _: extension("<hr>150</hr>"))
    return text


def left_on(count: int) -> bytes:
    later = "".join(point(48.3, 16.4, 3600 * (number + 2)) for number in range(count))
    return gpx(track(points(RUN) + later, kind="running"))


HABITS = [
    Habit(
        who="Garmin Connect",
        habit="ns3:TrackPointExtension with hr, cad (one foot), atemp; no distance",
        source="sports-alliance/sports-lib:samples/runs/gpx/6782987395.gpx",
        write=lambda: gpx(
            track(
                points(
                    RUN,
                    time="%Y-%m-%dT%H:%M:%S.000Z",
                    more=lambda _: extension(
                        "<ns3:TrackPointExtension><ns3:atemp>20.0</ns3:atemp><ns3:hr>150</ns3:hr><ns3:cad>86</ns3:cad>"
                        "</ns3:TrackPointExtension>"
                    ),
                ),
                kind="running",
            )
        ),
        reads=Reads(heartrate_bpm=150, cadence_spm=172, kinds=("temperature_c",), lacks=("power_w",)),
    ),
    Habit(
        who="Garmin Connect",
        habit="one segment although the run had a pause",
        source="GPSBabel/gpsbabel#1152",
        write=lambda: gpx(track(points(HALVES[0]) + points(HALVES[1], late_s=300), kind="running")),
        reads=Reads(elapsed_s=419.0, moving_s=118.0, pauses=0),
    ),
    Habit(
        who="Garmin, Strava",
        habit="indoors a segment without a point",
        source="marcusvolz/strava_py:tests/gpx/empty-trkseg.gpx",
        write=lambda: gpx(track("", kind="running", name="Treadmill")),
        reads=Reads(refused="holds no point"),
    ),
    Habit(
        who="Garmin eTrex",
        habit="a trk for each day",
        source="tkrajina/gpxpy:test_files/cerknicko-jezero.gpx",
        write=lambda: gpx(track(points(RUN), kind="running"), track(points(RUN, late_s=86_400), kind="running")),
        reads=Reads(others=1, note="2 activities"),
    ),
    Habit(
        who="Movescount, openambit",
        habit="empty extensions at first; heart rate beside gpxdata cadence, distance that starts above 0; .340Z",
        source="openambitproject/openambit:test-data/testlog.gpx",
        write=lambda: gpx(
            track(
                points(
                    RUN,
                    time="%Y-%m-%dT%H:%M:%S.340Z",
                    more=lambda at: (
                        "<extensions/>"
                        if at < 1
                        else heart("<gpxtpx:hr>150</gpxtpx:hr>")
                        + extension(
                            f"<gpxdata:cadence>86</gpxdata:cadence><gpxdata:distance>{30 + 3 * at}</gpxdata:distance>"
                        )
                    ),
                )
            ),
            attributes=f'version="1.1" creator="Movescount" {CLUETRUST}',
        ),
        reads=Reads(
            is_guessed=True,
            distance_m=354,
            moving_s=118,
            heartrate_bpm=150,
            cadence_spm=172,
            start="2024-05-04T08:00:00",
        ),
    ),
    Habit(
        who="Sports Tracker",
        habit="points repeat a place up to 3 s back, with a heart rate; altitude 0.0 at the start",
        source="sports-alliance/sports-lib:samples/gpx/sports-tracker.gpx",
        write=lambda: gpx(track(stale_points())),
        reads=Reads(is_guessed=True, kinds=("heartrate_bpm",), pauses=0, climb_m=0, note="sorted"),
    ),
    Habit(
        who="Polar Flow",
        habit="places, altitude and time alone",
        source="awsmithson/tcx2nikeplus#17",
        write=lambda: gpx(track(points(RUN), kind="running")),
        reads=Reads(lacks=("heartrate_bpm", "cadence_spm")),
    ),
    Habit(
        who="COROS",
        habit="heart rate -nan",
        source="Logiqx/gps-wizard:docs/gpx/issues/coros.md",
        write=lambda: gpx(
            track(points(RUN, more=lambda at: extension(f"<gpxdata:hr>{'-nan' if at % 2 else 150}</gpxdata:hr>")))
        ),
        reads=Reads(is_guessed=True, heartrate_bpm=150),
    ),
    Habit(
        who="COROS, old app",
        habit="GPX 1.0 with bare heartrate, distance, cog; heart rate 0 and altitude 0 for unknown",
        source="Logiqx/gps-wizard:docs/gpx/issues/coros.md",
        write=lambda: gpx(
            track(
                points(
                    RUN,
                    altitude="0",
                    more=lambda at: (
                        f"<heartrate>{0 if at < 9 else 150}</heartrate><distance>{at * 3}</distance><cog>9</cog>"
                    ),
                )
            ),
            attributes='version="1.0" creator="COROS"',
        ),
        reads=Reads(is_guessed=True, heartrate_bpm=150, lacks=("altitude_m",)),
    ),
    Habit(
        who="Decathlon OnMove",
        habit="times without Z, an empty time, the last point in the sea",
        source="kalenji-gps-watch-reader#27, #39, #74",
        write=lambda: gpx(
            track(
                points(range(60), time="%Y-%m-%dT%H:%M:%S")
                + f'<trkpt lat="{place(60)[0]:.7f}" lon="16.3"><time/></trkpt>'
                + points(range(61, 119), time="%Y-%m-%dT%H:%M:%S")
                + point(0.1, 0.2, 119)
            )
        ),
        reads=Reads(is_guessed=True, samples=119, distance_m=354, moving_s=None, note="no zone"),
    ),
    *(
        Habit(
            who="Trackbook",
            habit=f"{count} points long after the end",
            source="trackbook#31; kalenji-gps-watch-reader#39",
            write=partial(left_on, count),
            reads=Reads(pauses=0, note="after the end"),
        )
        for count in (1, 2)
    ),
    Habit(
        who="any",
        habit="a long stay, and two points where the runner stopped",
        source="GPSBabel/gpsbabel#1152",
        write=lambda: gpx(track(points(RUN) + points([119], late_s=1800), kind="running")),
        reads=Reads(samples=121, elapsed_s=1919, moving_s=None),
    ),
    Habit(
        who="Samsung Health",
        habit="gpxtpx:hr",
        source="gpxplotter#48",
        write=lambda: gpx(track(points(RUN, more=lambda _: heart("<gpxtpx:hr>150</gpxtpx:hr>")))),
        reads=Reads(is_guessed=True, heartrate_bpm=150),
    ),
]
