"""Habits of devices and apps in TCX files."""

from makers.devices.habit import Habit, Reads
from makers.devices.tcx_pieces import activity, bare_point, lap, points, tcx, tpx

RUN = range(120)
FIRST, SECOND = range(60), range(60, 120)
PAUSED = Reads(elapsed_s=419.0, moving_s=118.0, pauses=1)
HEART = "<HeartRateBpm><Value>150</Value></HeartRateBpm>"
NOWHERE = "<Position><LatitudeDegrees>0.0</LatitudeDegrees><LongitudeDegrees>0.0</LongitudeDegrees></Position>"
PAUSE_MARK = "<Position><LatitudeDegrees>90.0</LatitudeDegrees><LongitudeDegrees>-80.0</LongitudeDegrees></Position>"
FITBIT_TIME = "%Y-%m-%dT%H:%M:%S.000-04:00"


def one(*laps: str, sport: str = "Running") -> bytes:
    return tcx(activity(*laps, sport=sport))


def at_place(content: str, position: str) -> str:
    """A time-only point with a position."""
    return content.replace("</Trackpoint>", f"{position}</Trackpoint>")


GARMIN = [
    Habit(
        who="Garmin Connect",
        habit="ns3:TPX Speed, RunCadence (one foot), Watts; a lap's first point repeats the last",
        source="sports-alliance/sports-lib:samples/tcx/garmin.tcx",
        write=lambda: one(
            *[
                lap(
                    points(
                        seconds,
                        more=lambda _: tpx(
                            "<ns3:Speed>3.0</ns3:Speed><ns3:RunCadence>86</ns3:RunCadence><ns3:Watts>250</ns3:Watts>"
                        ),
                    ),
                    start_s=seconds[0],
                )
                for seconds in (range(61), range(60, 120))
            ]
        ),
        reads=Reads(laps=2, cadence_spm=172, power_w=250, kinds=("speed_mps",), note="same time"),
    ),
    Habit(
        who="Garmin Connect",
        habit="totals are timer time; a pause is a new Track",
        source="arpanghosh8453/fit-dashboard#23",
        write=lambda: one(lap(points(FIRST), points(SECOND, late_s=300), timer_s=118, distance_m=357)),
        reads=PAUSED,
    ),
    Habit(
        who="Garmin Connect",
        habit="totals are timer time; a pause is nothing at all",
        source="sports-alliance/sports-lib:samples/tcx/garmin.tcx",
        write=lambda: one(lap(points(FIRST) + points(SECOND, late_s=300), timer_s=118, distance_m=357)),
        reads=Reads(elapsed_s=419.0, moving_s=118.0),
    ),
    Habit(
        who="Garmin Connect",
        habit="the sport is Other",
        source="sports-alliance/sports-lib:samples/runs/tcx",
        write=lambda: one(lap(points(RUN)), sport="Other"),
        reads=Reads(is_guessed=True, note="'Other' is not known"),
    ),
    Habit(
        who="Garmin 310XT, ANT Agent",
        habit="a Track for each pause, in several laps",
        source="trackerproject/trackeR:inst/extdata/tcx/2013-06-19-175630.TCX.gz",
        write=lambda: one(
            lap(points(range(40)), points(range(40, 60), late_s=100), start_s=0),
            lap(points(SECOND, late_s=300), start_s=360),
        ),
        reads=Reads(elapsed_s=419.0, moving_s=None, pauses=2, laps=2),
    ),
    Habit(
        who="Garmin Forerunner 305, Edge 705",
        habit="points that are a time alone mark a pause",
        source="Runalyze/Runalyze:tests/testfiles/tcx/Standard.tcx",
        write=lambda: one(lap(points(FIRST) + bare_point(60) + bare_point(359) + points(SECOND, late_s=300))),
        reads=Reads(samples=122, elapsed_s=419.0, moving_s=118.0),
    ),
    Habit(
        who="Garmin Forerunner 305",
        habit="several Activity elements in a file",
        source="GoldenCheetah/GoldenCheetah:test/rides/activity_165850259_multi-session.tcx",
        write=lambda: tcx(
            [activity(lap(points(RUN))), activity(lap(points(RUN, late_s=900), start_s=900), sport="Biking")]
        ),
        reads=Reads(others=1),
    ),
    Habit(
        who="Garmin Forerunner 305",
        habit="a MultiSportSession",
        source="Runalyze/Runalyze:tests/testfiles/tcx/Multisport.tcx",
        write=lambda: tcx(
            f"<MultiSportSession><FirstSport>{activity(lap(points(RUN)))}</FirstSport><NextSport>"
            f"{activity(lap(points(RUN, late_s=900), start_s=900), sport='Biking')}</NextSport></MultiSportSession>"
        ),
        reads=Reads(others=1),
    ),
    Habit(
        who="Garmin Edge 705, Sigma Data Center",
        habit="times step back",
        source="Runalyze/Runalyze:tests/testfiles/tcx/negative-pause.tcx",
        write=lambda: one(lap(points([*range(50), 45, *range(51, 120)]))),
        reads=Reads(samples=119, note="sorted"),
    ),
    Habit(
        who="any",
        habit="TPX without a name space, or with the prefix ns2",
        source="Runalyze/Runalyze:tests/testfiles/tcx/watt-extension-without-namespace.tcx, Power-ns2-extension.tcx",
        write=lambda: one(
            lap(
                points(FIRST, more=lambda _: tpx("<Watts>250</Watts>", "TPX"))
                + points(SECOND, more=lambda _: tpx("<ns2:Watts>250</ns2:Watts>", "ns2:TPX"))
            )
        ),
        reads=Reads(power_w=250),
    ),
    Habit(
        who="GoldenCheetah, old",
        habit="times end in ZZ; a heart rate of 1",
        source="GoldenCheetah/GoldenCheetah#419, #2536",
        write=lambda: one(
            lap(
                points(
                    RUN, time="%Y-%m-%dT%H:%M:%SZZ", more=lambda at: HEART.replace("150", "1") if at % 9 == 0 else HEART
                )
            )
        ),
        reads=Reads(heartrate_bpm=150, note="heart rates"),
    ),
]
WATCHES = [
    Habit(
        who="Strava",
        habit="ten blanks before the declaration; one lap",
        source="GPSBabel/gpsbabel#371; GoldenCheetah/GoldenCheetah#3149",
        write=lambda: b"          " + one(lap(points(RUN), timer_s=119, distance_m=357)),
    ),
    Habit(
        who="Strava",
        habit="virtual sports are Other",
        source="thomaschampagne/elevate (20160223_virtualride_500553714.tcx)",
        write=lambda: one(lap(points(RUN, counter=lambda at: 9 * at, has_place=lambda _: False)), sport="Other"),
        reads=Reads(sport="Ride", is_guessed=True, distance_m=1071),
    ),
    Habit(
        who="Polar Flow",
        habit="a Track for each pause, fractions after it; Cadence (one foot) for runs too",
        source="sports-alliance/sports-lib:samples/tcx/polar.tcx",
        write=lambda: one(
            lap(
                points(FIRST, more=lambda _: "<Cadence>86</Cadence>"),
                points(SECOND, late_s=300, time="%Y-%m-%dT%H:%M:%S.500Z", more=lambda _: "<Cadence>86</Cadence>"),
            )
        ),
        reads=Reads(elapsed_s=419.5, moving_s=118.0, pauses=1, cadence_spm=172),
    ),
    Habit(
        who="Polar Flow",
        habit="the distance starts above 0 and is missing in points",
        source="Runalyze/Runalyze:tests/testfiles/tcx/Polar-one-lap-indoor-with-distance.tcx",
        write=lambda: one(lap(points(RUN, counter=lambda at: 60 + 3 * at if at % 7 in (0, 5) else None))),
        reads=Reads(note="started at 60 m"),
    ),
    Habit(
        who="Polar Flow",
        habit="indoors only the lap has a distance",
        source="Runalyze/Runalyze:tests/testfiles/tcx/Polar-one-lap-indoor-with-distance.tcx",
        write=lambda: one(
            lap(points(RUN, counter=None, has_place=lambda _: False, more=lambda _: HEART), timer_s=119, distance_m=357)
        ),
        reads=Reads(heartrate_bpm=150, lacks=("distance_m",)),
    ),
    Habit(
        who="Polar",
        habit="a fixed +01:00 in summer",
        source="Runalyze/Runalyze:tests/testfiles/tcx/Wrong-time-zone-by-polar.tcx",
        write=lambda: one(lap(points(RUN, time="%Y-%m-%dT%H:%M:%S.000+01:00"), time="%Y-%m-%dT%H:%M:%S.000+01:00")),
        reads=Reads(start="2024-05-04T07:00:00"),
    ),
    Habit(
        who="Suunto, Movescount",
        habit="laps of 0.002 s, an empty Track, a pause as a lap of 0 m",
        source="sports-alliance/sports-lib:samples/tcx/unknown_example.tcx; mytourbook#217",
        write=lambda: one(
            lap(points(FIRST, counter=None), timer_s=60),
            lap("", start_s=60, timer_s=300, distance_m=0),
            lap(points(SECOND, late_s=300, counter=None), start_s=360, timer_s=59),
            lap(start_s=419, timer_s=0.002, distance_m=0),
        ),
        reads=Reads(elapsed_s=419.0, moving_s=118.0, laps=2),
    ),
    Habit(
        who="COROS",
        habit="every lap holds all points; Speed without TPX",
        source="GoldenCheetah/GoldenCheetah:test/swims/OWswim.tcx",
        write=lambda: one(
            lap(points(RUN, more=lambda _: "<Speed>3</Speed>"), timer_s=60), lap(points(RUN), start_s=60, timer_s=59)
        ),
        reads=Reads(laps=2, note="merged"),
    ),
    Habit(
        who="Fitbit",
        habit="a byte order mark, -04:00, a point in 5 s, distance from thousands, first places 0/0, laps out of order",
        source="dblock/strava-ruby-client:spec/fixtures/strava/files/17611540601.tcx",
        write=lambda: (
            b"\xef\xbb\xbf"
            + one(
                lap(
                    points(range(60, 121), step_s=5, time=FITBIT_TIME, counter=lambda at: 5000 + 3 * at),
                    start_s=300,
                    time=FITBIT_TIME,
                ),
                lap(
                    points(
                        range(60),
                        step_s=5,
                        time=FITBIT_TIME,
                        counter=lambda at: 5000 + 3 * at,
                        has_place=lambda at: at > 2,
                        more=lambda at: NOWHERE if at <= 2 else "",
                    ),
                    time=FITBIT_TIME,
                ),
            )
        ),
        reads=Reads(
            start="2024-05-04T12:00:00",
            samples=121,
            distance_m=1800,
            moving_s=600,
            elapsed_s=600,
            laps=2,
            note="at 0/0",
        ),
    ),
    Habit(
        who="Fitbit, without GPS",
        habit="totals of the lap alone",
        source="fitbit2garmin#7; Google Health exportExerciseTcx",
        write=lambda: one(lap(timer_s=1800, distance_m=5000)),
        reads=Reads(samples=0, distance_m=5000, moving_s=1800, elapsed_s=1800, note="only totals"),
    ),
    Habit(
        who="Huawei, converters",
        habit="Cadence for runs, altitude in few points, no distance",
        source="dreeveapp/dreeve:tests/Domain/Import/FileParser/fixtures/activity-huawei.tcx",
        write=lambda: one(
            lap(
                points(
                    RUN,
                    counter=None,
                    altitude=lambda at: 200 if at % 20 == 0 else None,
                    more=lambda _: "<Cadence>86</Cadence>",
                ),
                distance_m=0,
            )
        ),
        reads=Reads(cadence_spm=172),
    ),
    Habit(
        who="Huawei HiTrack",
        habit="the place 90/-80 marks a pause",
        source="Huawei-TCX-Converter#17, #22",
        write=lambda: one(
            lap(
                points(FIRST, counter=None)
                + at_place(bare_point(60), PAUSE_MARK)
                + points(SECOND, late_s=300, counter=None)
            )
        ),
        reads=PAUSED,
    ),
    Habit(
        who="Huawei HiTrack",
        habit="the start is off by an hour",
        source="Huawei-TCX-Converter#42",
        write=lambda: one(lap(points(RUN), start_s=-3600)),
    ),
    Habit(
        who="Huawei HiTrack",
        habit="years between points",
        source="CTHRU/Hitrava#64",
        write=lambda: one(lap(points(range(3), late_s=-3e8) + points(RUN))),
        reads=Reads(note="seven days"),
    ),
    Habit(
        who="TomTom",
        habit="RunCadence of one foot; distance 0.0 without GPS, the lap has it",
        source="ryanbinns/ttwatch#8, #14, #137",
        write=lambda: one(
            lap(
                points(
                    RUN,
                    counter=lambda _: "0.0",
                    has_place=lambda _: False,
                    more=lambda _: tpx("<RunCadence>86</RunCadence>", "TPX"),
                ),
                timer_s=119,
                distance_m=357,
            )
        ),
        reads=Reads(cadence_spm=172),
    ),
]
APPS = [
    Habit(
        who="Xiaomi Mi Fitness",
        habit="an empty sport, no StartTime, the heart rate as bare text, a script element, Steps",
        source="yihong0618/running_page#710",
        write=lambda: one(
            lap(points(RUN, more=lambda _: "<HeartRateBpm>150</HeartRateBpm><Steps>3</Steps>"), start_s=None), sport=""
        ).replace(b"<Activities>", b"<script/><Activities>"),
        reads=Reads(is_guessed=True, heartrate_bpm=150),
    ),
    Habit(
        who="Endomondo",
        habit="the first point bare; the distance in km",
        source="Runalyze/Runalyze#1404, #1445, #1905",
        write=lambda: one(lap(bare_point(0) + points(range(1, 120), counter=lambda at: f"{at * 0.003:.4f}"))),
        reads=Reads(distance_m=354, moving_s=118, note="another unit"),
    ),
    Habit(
        who="Runtastic",
        habit="the sport in small letters",
        source="Runalyze/Runalyze:tests/testfiles/tcx/Runtastic.tcx",
        write=lambda: one(lap(points(RUN)), sport="running"),
    ),
    Habit(
        who="MapMyRun",
        habit="six decimals and +00:00",
        source="alenrajsp/tcxreader:tcxreader/tests/data/mapmyride_biking.tcx",
        write=lambda: one(lap(points(RUN, time="%Y-%m-%dT%H:%M:%S.000001+00:00"))),
    ),
    Habit(
        who="RunnerUp",
        habit="pauses missing, lap totals below the points, an empty Position",
        source="jonasoreland/runnerup#632, #1161, #1345",
        write=lambda: one(
            lap(
                points(RUN, has_place=lambda at: at % 4 > 0, more=lambda at: "" if at % 4 else "<Position></Position>"),
                timer_s=100,
                distance_m=300,
            )
        ),
    ),
    Habit(
        who="Nike",
        habit="points without a time or a place, several a second",
        source="Nike2StravaFix (readme)",
        write=lambda: one(
            lap(
                points(RUN)
                + points(RUN, has_place=lambda _: False, counter=None)
                + "<Trackpoint><DistanceMeters>999</DistanceMeters></Trackpoint>" * 5
            )
        ),
        reads=Reads(note="without a time"),
    ),
    Habit(
        who="iFit",
        habit="a planned distance as total; sport Other; milliseconds",
        source="flackdl/ifit-garmin-sync#7",
        write=lambda: one(lap(points(RUN, time="%Y-%m-%dT%H:%M:%S.000Z"), timer_s=119, distance_m=5000), sport="Other"),
        reads=Reads(is_guessed=True, note="contradict"),
    ),
    Habit(
        who="Peloton converters",
        habit="no GPS, totals",
        source="peloton-to-garmin#34, #476",
        write=lambda: one(lap("", timer_s=1800, distance_m=5000)),
        reads=Reads(samples=0, distance_m=5000, moving_s=1800, elapsed_s=1800, note="only totals"),
    ),
    Habit(
        who="Decathlon, Codoon",
        habit="the cadence of both feet",
        source="Decathlon/hub-decathlon#133; yihong0618/running_page#1012",
        write=lambda: one(lap(points(RUN, more=lambda _: tpx("<RunCadence>172</RunCadence>", "TPX")))),
        reads=Reads(cadence_spm=172, note="both feet"),
    ),
    *(
        Habit(
            who="any app that was left on",
            habit=f"a point hours after the end, elsewhere, {where}",
            source="trackbook#31; kalenji-gps-watch-reader#39",
            write=write,
            reads=Reads(pauses=0, laps=1, note="after the end"),
        )
        for where, write in (
            ("in the last lap", lambda: one(lap(points(RUN), points([300], late_s=7200, counter=None), timer_s=119))),
            (
                "in a lap of its own",
                lambda: one(
                    lap(points(RUN), timer_s=119),
                    lap(points([300], late_s=7200, counter=None), timer_s=1, start_s=7500),
                ),
            ),
        )
    ),
    Habit(
        who="any watch",
        habit="a point after a long pause whose way the device counted",
        source="GPSBabel/gpsbabel#1152",
        write=lambda: one(lap(points(RUN), points([300], late_s=1800), timer_s=119)),
        reads=Reads(samples=121, distance_m=900, moving_s=None, elapsed_s=2100),
    ),
]
HABITS = [*GARMIN, *WATCHES, *APPS]
