"""Habits of watches and apps in GPX files."""

from functools import partial

from makers.devices.gpx_pieces import CLUETRUST, extension, gpx, heart, point, points, track
from makers.devices.gpx_watch_habits import HABITS as WATCH_HABITS
from makers.devices.habit import Habit, Reads

RUN = range(120)
HALVES = range(60), range(60, 120)
PAUSED = Reads(elapsed_s=419.0, moving_s=118.0, pauses=1)
GUESSED = Reads(is_guessed=True, note="guessed from its speeds")


def numbered(number: str) -> bytes:
    """A file of Strava's with a sport as a number."""
    return gpx(track(points(RUN), kind=number), attributes='creator="StravaGPX"')


SITES_AND_APPS = [
    *(
        Habit(
            who="Strava",
            habit=f"the type is the number {number}",
            source="sports-alliance/sports-lib:samples/runs/gpx/1681613317.gpx",
            write=partial(numbered, number),
            reads=Reads(sport=sport),
        )
        for number, sport in (("9", "Run"), ("1", "Ride"), ("16", "Swim"), ("17", "VirtualRide"))
    ),
    *(
        Habit(
            who=who,
            habit=f"the type is the word {word}",
            source="sports-alliance/sports-lib:samples/runs/gpx/6782987395.gpx",
            write=partial(numbered, word),
            reads=Reads(sport=sport),
        )
        for who, word, sport in (
            ("Garmin Connect", "trail_running", "TrailRun"),
            ("Garmin Connect", "running", "Run"),
            ("Strava", "Run", "Run"),
        )
    ),
    Habit(
        who="Strava, before it wrote a type",
        habit="no type at all",
        source="sports-alliance/sports-lib:samples/runs/gpx/1681613317.gpx",
        write=lambda: gpx(track(points(RUN)), attributes='creator="StravaGPX iPhone"'),
        reads=GUESSED,
    ),
    Habit(
        who="Strava",
        habit="bare power, cadence of one foot, one segment over pauses",
        source="sports-alliance/sports-lib:samples/runs/gpx/1681613317.gpx",
        write=lambda: gpx(
            track(
                points(RUN, more=lambda _: extension("<power>250</power>") + heart("<gpxtpx:cad>86</gpxtpx:cad>")),
                kind="9",
            )
        ),
        reads=Reads(power_w=250, cadence_spm=172),
    ),
    Habit(
        who="Files made anew for Strava",
        habit="a byte order mark, a prefix that is not declared, the heart rate twice",
        source="sports-alliance/sports-lib:samples/runs/gpx/6037744996.gpx",
        write=lambda: (
            b"\xef\xbb\xbf"
            + gpx(
                track(points(RUN, more=lambda _: extension("<a:hr>150</a:hr><b:hr>99</b:hr>")), kind="running"),
                attributes='xsi:schemaLocation="a b"',
            )
        ),
        reads=Reads(heartrate_bpm=150),
    ),
    Habit(
        who="Strava",
        habit="blanks before the declaration; a point without a longitude",
        source="GPXSee#322; marcusvolz/strava_py:tests/gpx/invalid-lon-lat-missing.gpx",
        write=lambda: (
            b"          "
            + gpx(
                track(
                    points(range(60))
                    + '<trkpt lat="48.2"><time>2024-05-04T08:01:00Z</time></trkpt>'
                    + '<trkpt lon="16.3"><time>2024-05-04T08:01:01Z</time></trkpt>'
                    + points(range(62, 120)),
                    kind="running",
                )
            )
        ),
        reads=Reads(note="2 positions"),
    ),
    Habit(
        who="Apple, export.zip",
        habit="longitude first, bare speed and course, the time of the export in the metadata",
        source="placemark/togeojson:test/data/apple_watch_route.gpx",
        write=lambda: gpx(
            track(
                points(RUN, lon_first=True, more=lambda _: extension("<speed>3.0</speed><hAcc>2</hAcc>")), name="Route"
            ),
            meta="<metadata><time>2026-01-01T00:00:00Z</time></metadata>",
        ),
        reads=Reads(is_guessed=True, kinds=("speed_mps",), lacks=("heartrate_bpm",)),
    ),
    Habit(
        who="WorkOutDoors",
        habit="no declaration, two extensions a point, PowerInWatts, a segment for each pause",
        source="placemark/togeojson:test/data/Friday-Evening-Run.gpx",
        write=lambda: gpx(
            *[
                track(
                    *[
                        points(
                            half,
                            late_s=late_s,
                            more=lambda _: (
                                heart("<gpxtpx:hr>150</gpxtpx:hr>")
                                + heart("<gpxtpx:PowerInWatts>250.5</gpxtpx:PowerInWatts>")
                            ),
                        )
                        for half, late_s in zip(HALVES, (0, 300), strict=True)
                    ],
                    kind="running",
                )
            ],
            head="",
        ),
        reads=Reads(elapsed_s=419.0, moving_s=118.0, pauses=1, heartrate_bpm=150, power_w=250.5),
    ),
    Habit(
        who="HealthFit",
        habit="heart rate missing in points, course within Garmin's extension, type walking",
        source="jovandeginste/workout-tracker#137, #226",
        write=lambda: gpx(
            track(
                points(
                    RUN,
                    more=lambda at: (
                        "" if at % 3 else heart("<gpxtpx:hr>150</gpxtpx:hr><gpxtpx:course>1</gpxtpx:course>")
                    ),
                ),
                kind="walking",
            )
        ),
        reads=Reads(sport="Walk", heartrate_bpm=150, heartrate_samples=40),
    ),
    Habit(
        who="Amazfit",
        habit="the heart rate under two names; type with a capital",
        source="sports-alliance/sports-lib:samples/gpx/amazfit.gpx",
        write=lambda: gpx(
            track(
                points(RUN, more=lambda _: extension("<heartrate>150</heartrate><ns3:hr>150</ns3:hr>")), kind="Running"
            )
        ),
        reads=Reads(heartrate_bpm=150),
    ),
    Habit(
        who="Zepp Life",
        habit="an odd version, a desc in each point, no altitude, no type",
        source="Zepp Life (readme of its exporter)",
        write=lambda: gpx(
            track(points(RUN, altitude=None, more=lambda _: "<desc>x</desc>" + extension("<ns3:speed>3</ns3:speed>"))),
            attributes='version="6.8.1" creator="Zepp Life"',
        ),
        reads=Reads(is_guessed=True, lacks=("altitude_m",)),
    ),
    Habit(
        who="Mi Fit exporters",
        habit="times without Z, heart rate as 100.0",
        source="rolandsz/Mi-Fit-and-Zepp-workout-exporter#13",
        write=lambda: gpx(track(points(RUN, time="%Y-%m-%dT%H:%M:%S", more=lambda _: extension("<hr>100.0</hr>")))),
        reads=Reads(is_guessed=True, heartrate_bpm=100, note="no zone"),
    ),
    Habit(
        who="Mi Fit exporters",
        habit="one time for all points",
        source="rolandsz/Mi-Fit-and-Zepp-workout-exporter#17",
        write=lambda: gpx(track(points(RUN, time="2024-05-04T08:00:00Z"))),
        reads=Reads(refused="same time"),
    ),
    Habit(
        who="Gadgetbridge",
        habit="the metadata hold the time of the export; offsets",
        source="Gadgetbridge#1076, #1152",
        write=lambda: gpx(
            track(points(RUN, time="%Y-%m-%dT%H:%M:%S+00:00")),
            meta="<metadata><time>2026-01-01T00:00:00Z</time></metadata>",
        ),
        reads=GUESSED,
    ),
    Habit(
        who="Runkeeper",
        habit="no type; the sport in a CDATA name; a segment for each pause; the first point late",
        source="Runalyze/Runalyze:tests/testfiles/gpx/runkeeper-negative-time-step-at-start.gpx",
        write=lambda: gpx(
            track(
                points([2]) + points(HALVES[0]),
                points(HALVES[1], late_s=300),
                name="<![CDATA[Running 5/4/24 8:00 am]]>",
            )
        ),
        reads=PAUSED,
    ),
    Habit(
        who="OpenTracks",
        habit="the type in CDATA, also unknown; offset times with decimals; heart rate 0; cluetrust:distance",
        source="OpenTracksApp/OpenTracks#587, #1466",
        write=lambda: gpx(
            track(
                *[
                    points(
                        half,
                        time="%Y-%m-%dT%H:%M:%S.12+00:00",
                        late_s=late_s,
                        more=lambda at: (
                            heart("<gpxtpx:hr>0</gpxtpx:hr>")
                            + extension(f"<cluetrust:distance>{at * 3}</cluetrust:distance>")
                        ),
                    )
                    for half, late_s in zip(HALVES, (0, 300), strict=True)
                ],
                kind="<![CDATA[unknown]]>",
            ),
            attributes=f'creator="OpenTracks" {CLUETRUST.replace("gpxdata", "cluetrust", 1)}',
        ),
        reads=Reads(is_guessed=True, elapsed_s=419.0, moving_s=118.0, pauses=1, lacks=("heartrate_bpm",)),
    ),
    Habit(
        who="MyTracks",
        habit="latitude 100 and 200 mark a pause and its end",
        source="OpenTracksApp/OpenTracks:src/androidTest/res/raw/legacy_gpx_pause_resume.gpx",
        write=lambda: gpx(
            track(
                points(HALVES[0]) + point(100, 0, 60) + point(200, 0, 300) + points(HALVES[1], late_s=300),
                kind="running",
            )
        ),
        reads=PAUSED,
    ),
    Habit(
        who="OsmAnd",
        habit="osmand:speed, osmand:hr and a cadence of its own",
        source="osmandapp/OsmAnd#19453, #22084, #25223",
        write=lambda: gpx(
            track(
                points(
                    RUN,
                    more=lambda _: (
                        "<hdop>2</hdop>"
                        + extension(
                            "<osmand:speed>3</osmand:speed><osmand:hr>150</osmand:hr><osmand:cad>86</osmand:cad>"
                        )
                    ),
                )
            )
        ),
        reads=Reads(is_guessed=True, heartrate_bpm=150, cadence_spm=172),
    ),
    Habit(
        who="RunnerUp",
        habit="empty segments and segments of one point",
        source="jonasoreland/runnerup#884",
        write=lambda: gpx(track("", points([0]), points(range(1, 120)), "", kind="running")),
    ),
    Habit(
        who="RunnerUp",
        habit="one point in all",
        source="jonasoreland/runnerup#884",
        write=lambda: gpx(track("", points([0]), kind="running")),
        reads=Reads(samples=1, distance_m=None, moving_s=None, elapsed_s=0, note="one sample"),
    ),
    Habit(
        who="Komoot",
        habit="planned tours carry computed times",
        source="OpenTracks#1296; GPXSee#557",
        write=lambda: gpx(track(points(RUN), name="Tour"), attributes='creator="https://www.komoot.de"'),
        reads=Reads(is_guessed=True, note="komoot"),
    ),
    Habit(
        who="Komoot exporters",
        habit="dates of 1970",
        source="pieterclaerhout/export-komoot#12",
        write=lambda: gpx(track(points(RUN, time="1970-01-01T%H:%M:%SZ"))),
        reads=Reads(refused="before 1990"),
    ),
    Habit(
        who="Keep, Codoon, Joyrun",
        habit="times with six decimals",
        source="yihong0618/running_page#337, #159, #948",
        write=lambda: gpx(track(points(RUN, time="%Y-%m-%dT%H:%M:%S.000001Z"))),
        reads=GUESSED,
    ),
    Habit(
        who="Nike converters",
        habit="no heart rate, type or altitude at times; milliseconds",
        source="yihong0618/running_page#38",
        write=lambda: gpx(track(points(RUN, time="%Y-%m-%dT%H:%M:%S.000Z", altitude=None))),
        reads=GUESSED,
    ),
    Habit(
        who="any, joined",
        habit="two trk with two types",
        source="dreeveapp/dreeve:tests/Domain/Import/FileParser/fixtures/activity-multi-track.gpx",
        write=lambda: gpx(
            track(points(RUN), kind="running"), track(points(RUN, late_s=300, speed_mps=7), kind="cycling")
        ),
        reads=Reads(others=1),
    ),
]
HABITS = [*WATCH_HABITS, *SITES_AND_APPS]
