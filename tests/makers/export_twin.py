"""The twin of the real export: one run of a watch without barometer or heart rate, its row in 94 columns.

The watch records when something changes: every one to eight seconds, once not for thirteen.
"""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

from makers.export_writer import ENGLISH, date_text
from makers.fit_run_twins import START, STOP_ALL, fit_time, raw, totals
from makers.fit_writer import DEVICE_INFO, UINT8, UINT16, FitWriter
from makers.known_facts import ExportFacts
from makers.known_run import STRAVA, KnownRun, Leg, Moment, hills

FILE = "activities/14920117753.fit.gz"
SILENT = Leg(seconds=13, speed_mps=1.6, strides_per_minute=40)
RUN = KnownRun(
    start=datetime(2024, 5, 9, 4, 41, 7, tzinfo=UTC),
    latitude_deg=47.26,
    longitude_deg=11.39,
    altitude_m=574.0,
    legs=[
        Leg(seconds=120, speed_mps=2.4, strides_per_minute=74),
        Leg(seconds=20, speed_mps=0.0, strides_per_minute=0),
        SILENT,
        *hills(30.0, 20.0, 10.0, speed_mps=2.5, strides_per_minute=76),
        Leg(seconds=400, speed_mps=2.8, strides_per_minute=80),
    ],
)
TOTALS = totals(RUN, elapsed_s=0.038, timer_s=0.038)
ADJUSTED_M = RUN.adjusted_m(STRAVA)
FACTS = ExportFacts(
    id=13750284461,
    file=FILE,
    moving_time_s=RUN.moving_time_s(),
    elapsed_s=RUN.elapsed_s,
    distance_m=round(RUN.distance_m, 2),
    gain_m=sum(RUN.rises_m()),
    loss_m=58.0,
    lowest_m=574.0,
    highest_m=604.0,
    adjusted_m=ADJUSTED_M,
    average_gap_mps=ADJUSTED_M / RUN.moving_time_s(),
    average_cadence_spm=2 * RUN.mean_strides_per_minute(RUN.moving_time_s()),
    zone="Europe/Vienna",
    local_start="2024-05-09T06:41:07",
)

# The columns from the grade-adjusted distance on, in their order.
REST = (
    "Grade Adjusted Distance,Weather Observation Time,Weather Condition,Weather Temperature,Apparent Temperature,"
    "Dewpoint,Humidity,Weather Pressure,Wind Speed,Wind Gust,Wind Bearing,Precipitation Intensity,Sunrise Time,"
    "Sunset Time,Moon Phase,Bike,Gear,Precipitation Probability,Precipitation Type,Cloud Cover,Weather Visibility,"
    "UV Index,Weather Ozone,Jump Count,Total Grit,Average Flow,Flagged,Average Elapsed Speed,Dirt Distance,"
    "Newly Explored Distance,Newly Explored Dirt Distance,Activity Count,Total Steps,Carbon Saved,Pool Length,"
    "Training Load,Intensity,Average Grade Adjusted Pace,Timer Time,Total Cycles,Media"
)
HEADER = [*ENGLISH[:-1], *next(csv.reader([REST]))]


def recorded_seconds() -> list[int]:
    """When the watch recorded: at each leg's ends, between them after 1, 4, 5, 2 and 8 seconds in turn."""
    seconds = {0}
    for begun_s, leg in zip(RUN.edges_s, RUN.legs, strict=False):
        seconds.add(begun_s + leg.seconds)
        if leg is not SILENT:
            seconds.update(begun_s + gone for gone in range(leg.seconds) if gone % 20 in {0, 1, 5, 10, 12})
    return sorted(seconds)


def fit_file() -> bytes:
    """The track: altitudes from satellites, that leap for a second on the flat; laps whose ends lie behind the run."""
    begun = fit_time(RUN.start)
    writer = FitWriter()
    writer.file_id(product=3600)
    writer.timer(begun, START)
    for index in range(2):
        writer.message(1, DEVICE_INFO, [(0, UINT8, index), (2, UINT16, 1), (4, UINT16, (3600, 3799)[index])])
    names = ("position_lat", "distance", "enhanced_altitude", "timestamp", "position_long", "enhanced_speed", "cadence")
    rows = [[_leapt(moment)[name] for name in names] for moment in RUN.moments(recorded_seconds())]
    writer.records(names, rows)
    writer.timer(begun + RUN.elapsed_s, STOP_ALL)
    for part in range(4):
        share = RUN.elapsed_s // 4
        writer.lap(begun + part * share, share + 7.5, distance_m=RUN.distance_m / 4)
    writer.session(begun, TOTALS.elapsed_s, distance_m=TOTALS.distance_m)
    writer.activity(begun + RUN.elapsed_s + 27, local_offset_s=7200)
    return writer.finish()


def _leapt(moment: Moment) -> dict[str, int]:
    """Four metres too high for a second out of every twenty on the flat at the end."""
    values = raw(moment)
    if moment.second > RUN.elapsed_s - 390 and (moment.second - RUN.edges_s[-2]) % 20 == 1:
        values["enhanced_altitude"] += 20
    return values


def table() -> bytes:
    """activities.csv. The pace column holds a speed; the cadence is one foot's; some cells are empty, some are 0.0."""
    row = {
        "Activity ID": str(FACTS.id),
        "Activity Date": date_text(RUN.start, "en"),
        "Activity Name": "Up the river",
        "Activity Type": "Run",
        "Elapsed Time": f"{FACTS.elapsed_s:.0f}",
        "Distance": f"{FACTS.distance_m / 1000:.2f}",
        "Commute": "false",
        "Filename": FILE,
        "Moving Time": f"{FACTS.moving_time_s:.1f}",
        "Max Speed": "2.9",
        "Average Speed": f"{FACTS.distance_m / FACTS.moving_time_s}",
        "Elevation Gain": f"{FACTS.gain_m}",
        "Elevation Loss": f"{FACTS.loss_m}",
        "Elevation Low": f"{FACTS.lowest_m}",
        "Elevation High": f"{FACTS.highest_m}",
        "Average Grade": "0.0",
        "Max Cadence": "80.0",
        "Average Cadence": f"{FACTS.average_cadence_spm / 2}",
        "Calories": "211.0",
        "From Upload": "1.0",
        "Grade Adjusted Distance": f"{FACTS.adjusted_m}",
        "Average Grade Adjusted Pace": f"{FACTS.average_gap_mps}",
    }
    again = {"Elapsed Time": f"{FACTS.elapsed_s:.1f}", "Distance": f"{FACTS.distance_m}", "Commute": "0.0"}
    cells = []
    for place, name in enumerate(HEADER):
        second = name in again and name in HEADER[:place]
        cells.append(again[name] if second else row.get(name, ""))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEADER, cells])
    return text.getvalue().encode()


def write_export_twin(folder: Path) -> None:
    """The whole export: the table, no shoes, no bikes, one packed track."""
    (folder / "activities").mkdir(parents=True)
    (folder / "activities.csv").write_bytes(table())
    (folder / FILE).write_bytes(gzip.compress(fit_file(), mtime=0))
    for kind in ("Shoe", "Bike"):
        names = ",".join(f"{kind} {what}" for what in ("Name", "Brand", "Model", "Default Sport Types"))
        (folder / f"{kind.lower()}s.csv").write_text(names + "\n", encoding="utf-8")
