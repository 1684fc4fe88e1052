"""Writes bulk exports as Strava does: tables in several languages, orders and wordings, with GPX tracks beside them."""

import csv
import io
import math
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from makers.gpx_writer import write_gpx
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint

DateStyle = str | Callable[[datetime], str]
# Of the 94 columns of 2022 to 2025 those before the weather and one behind it, in their order.
ENGLISH = [
    "Activity ID",
    "Activity Date",
    "Activity Name",
    "Activity Type",
    "Activity Description",
    "Elapsed Time",
    "Distance",
    "Max Heart Rate",
    "Relative Effort",
    "Commute",
    "Activity Private Note",
    "Activity Gear",
    "Filename",
    "Athlete Weight",
    "Bike Weight",
    "Elapsed Time",
    "Moving Time",
    "Distance",
    "Max Speed",
    "Average Speed",
    "Elevation Gain",
    "Elevation Loss",
    "Elevation Low",
    "Elevation High",
    "Max Grade",
    "Average Grade",
    "Average Positive Grade",
    "Average Negative Grade",
    "Max Cadence",
    "Average Cadence",
    "Max Heart Rate",
    "Average Heart Rate",
    "Max Watts",
    "Average Watts",
    "Calories",
    "Max Temperature",
    "Average Temperature",
    "Relative Effort",
    "Total Work",
    "Number of Runs",
    "Uphill Time",
    "Downhill Time",
    "Other Time",
    "Perceived Exertion",
    "Type",
    "Start Time",
    "Weighted Average Power",
    "Power Count",
    "Prefer Perceived Exertion",
    "Perceived Relative Effort",
    "Commute",
    "Total Weight Lifted",
    "From Upload",
    "Flagged",
]
# Only words that a real header row was seen with; None stands for one that was not and is invented below.
GERMAN = (
    [
        "Aktivitäts-ID",
        "Aktivitätsdatum",
        "Name der Aktivität",
        "Aktivitätsart",
        "Aktivitätsbeschreibung",
        "Verstrichene Zeit",
        "Distanz",
        "Max. Herzfrequenz",
        "Relative Leistung",
        "Pendeln",
        "Hinweis zur Privatsphäre für Aktivitäten",
        "Aktivitätsausrüstung",
        "Dateiname",
        "Sportlergewicht",
        "Fahrradgewicht",
        "Verstrichene Zeit",
        "Bewegungszeit",
        "Distanz",
        "Höchstgeschw.",
        "Durchschnittliche Geschwindigkeit",
        "Höhenzunahme",
        "Höhenunterschied",
        "Min. Höhe",
        "Max. Höhe",
        "Max. Steigung",
        "Durchschnittliche Steigung",
        "Durchschnittliche positive Steigung",
        "Durchschnittliche negative Steigung",
        "Max. Tritt-/Schrittfrequenz",
        "Durchschnittliche Trittfrequenz",
        "Max. Herzfrequenz",
        "Durchschnittliche Herzfrequenz",
        "Max. Watt",
        "Durchschnittliche Watt",
        "Kalorien",
        "Max. Temperatur",
        "Durchschnittliche Temperatur",
        "Relative Leistung",
    ]
    + [f"Spalte {number}" for number in range(38, 50)]
    + ["Pendeln"]
    + [f"Spalte {n}" for n in range(51, 54)]
)
INVENTED = [f"blub {ENGLISH.index(name)}" for name in ENGLISH]
MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MONTHS_FR = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One activity to be written."""

    id: int
    start: datetime
    name: str = "Morning Run"
    sport: str = "Run"
    description: str = ""
    distance_m: float = 5000.0
    moving_time_s: float = 1500.0
    elapsed_time_s: float = 1520.0
    elevation_gain_m: float = 12.5
    gear: str = ""
    filename: str = ""
    track: bytes = b""
    perceived_exertion: float | None = None


def activities(count: int, *, seed: int = 1, tracks: bool = True, seconds: int = 60) -> list[Written]:
    """Runs on different days and in different cities, every fifth one manual."""
    rng = random.Random(seed)
    written = []
    for number in range(count):
        start = datetime(2022, 1, 3, 6, 0, tzinfo=UTC) + timedelta(days=number * 3, seconds=rng.randrange(40000))
        is_manual = number % 5 == 4
        track = (
            b"" if is_manual or not tracks else gpx(start, seconds=seconds, latitude=48.2 + number / 50, longitude=16.3)
        )
        written.append(
            Written(
                id=7_000_000_000 + number * 17,
                start=start,
                name=f"Run no. {number}, easy",
                description='first line\nsecond, with "quotes"' if number % 3 == 0 else "",
                distance_m=round(rng.uniform(3000, 20000), 1),
                moving_time_s=float(rng.randrange(900, 6000)),
                elapsed_time_s=float(rng.randrange(6000, 7000)),
                filename=f"activities/{9_000_000_000 + number * 31}.gpx" if track else "",
                track=track,
            )
        )
    return written


def gpx(
    start: datetime, *, seconds: int = 60, latitude: float = 48.2, longitude: float = 16.3, kind: str = "running"
) -> bytes:
    """A track that runs north at 3 m/s, one point a second."""
    return write_gpx(
        [
            TrackPoint(
                time=start + timedelta(seconds=second),
                position=(f"{latitude + 3 * second / 111_195:.7f}", f"{longitude:.7f}"),
                altitude_m=round(200 + 5 * math.sin(second / 30), 1),
            )
            for second in range(seconds + 1)
        ],
        kind=kind,
    )


def tcx(*starts: datetime) -> bytes:
    """One file with an activity for each start, the first at 40 degrees north, the next at 41 …"""

    def points(number: int, start: datetime) -> list[TrackPoint]:
        return [
            TrackPoint(time=start + timedelta(seconds=second), position=(f"{40 + number + second / 1e5}", "-3.7"))
            for second in range(30)
        ]

    return write_tcx(
        [TcxActivity(laps=[TcxLap(start=start, points=points(number, start))]) for number, start in enumerate(starts)]
    )


def date_text(moment: datetime, style: str) -> str:
    """A date as exports of different languages write it."""
    half = "AM" if moment.hour < 12 else "PM"
    clock = f"{moment:%H:%M:%S}"
    twelve = f"{moment.hour % 12 or 12}:{moment:%M:%S} {half}"
    return {
        "en": f"{MONTHS_EN[moment.month - 1]} {moment.day}, {moment.year}, {twelve}",
        "de": f"{moment:%d.%m.%Y}, {clock}",
        "fr": f"{moment.day} {MONTHS_FR[moment.month - 1]} {moment.year}, {clock}",
        "iso": f"{moment:%Y-%m-%d} {clock}",
        "dmy": f"{moment:%d/%m/%Y} {clock}",
        "mdy": f"{moment:%m/%d/%Y} {clock}",
    }[style]


def _date(moment: datetime, style: DateStyle) -> str:
    return date_text(moment, style) if isinstance(style, str) else style(moment)


def table(
    written: Sequence[Written],
    *,
    header: Sequence[str] = ENGLISH,
    dates: DateStyle = "en",
    decimal: str = ".",
    unit_m: float = 1000.0,
    shuffle: random.Random | None = None,
    bom: bool = False,
) -> bytes:
    """activities.csv. `unit_m` is the unit of the shown distance; `shuffle` puts the columns into another order."""
    rows = [list(header)] + [_cells(each, len(header), dates=dates, decimal=decimal, unit_m=unit_m) for each in written]
    if shuffle:
        # The id stays first, as in every export.
        places = [0, *shuffle.sample(range(1, len(header)), len(header) - 1)]
        rows = [[row[place] for place in places] for row in rows]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()


def _cells(each: Written, width: int, *, dates: DateStyle, decimal: str, unit_m: float) -> list[str]:
    cells = [""] * width
    cells[0], cells[1], cells[2], cells[3] = str(each.id), _date(each.start, dates), each.name, each.sport
    cells[4], cells[5] = each.description, str(round(each.elapsed_time_s))
    cells[6] = f"{each.distance_m / unit_m:.2f}".replace(".", decimal)
    cells[9], cells[11], cells[12] = "false", each.gear, each.filename
    cells[15], cells[16], cells[17] = f"{each.elapsed_time_s}", f"{each.moving_time_s}", f"{each.distance_m}"
    cells[18], cells[19], cells[20] = "4.5", "3.1", f"{each.elevation_gain_m}"
    cells[29], cells[31], cells[50] = "84.5", "151.0", "0.0"
    if each.perceived_exertion is not None:
        cells[ENGLISH.index("Perceived Exertion")] = f"{each.perceived_exertion}"
    return cells


def write_export(
    folder: Path, written: Sequence[Written], *, content: bytes | None = None, more: dict[str, bytes] | None = None
) -> Path:
    """An export as a folder; `content` is another activities.csv than the plain English one."""
    for name, body in files(written, content=content, more=more).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def write_zip(
    path: Path,
    written: Sequence[Written],
    *,
    content: bytes | None = None,
    more: dict[str, bytes] | None = None,
    root: str = "",
) -> Path:
    """The same as a ZIP, perhaps with its root in folders."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files(written, content=content, more=more).items():
            archive.writestr(root + name, body)
    return path


def files(
    written: Sequence[Written], *, content: bytes | None = None, more: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    """Name → content of everything in an export."""
    made = {"activities.csv": content if content is not None else table(written)}
    made |= {each.filename: each.track for each in written if each.filename and each.track}
    shoes = b"Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\nBlue ones,Acme,Glide 3,Run\n"
    return (
        made
        | {"shoes.csv": shoes, "bikes.csv": b"Bike Name,Bike Brand,Bike Model,Bike Default Sport Types\n"}
        | (more or {})
    )


def renamed(each: Written, **changes: object) -> Written:
    """The same activity with something changed."""
    return replace(each, **changes)  # type: ignore[arg-type]  # the caller names fields of Written
