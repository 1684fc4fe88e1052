"""activities.csv and the other tables of an export, in a language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.activity_parts import calories, splits_metric, suffer_score
from paceport.sandbox.athletes.people import Gear, Person
from paceport.sandbox.athletes.splits import MILE_M
from paceport.sandbox.bulk_export.language_words import FIRST_PLAIN_COLUMN, Language

_COLUMN_COUNT = 103
Cells = dict[int, str]


def csv_text(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as the service writes them: UTF-8, a newline behind each."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def activity_row(activity: Activity, person: Person, file_name: str, language: Language) -> list[str]:
    """One line of activities.csv. The first 15 columns are as the page shows them, the others plain SI."""
    cells = _shown(activity, person, file_name, language) | _measured(activity) | _sums(activity, person)
    return [cells.get(number, "") for number in range(_COLUMN_COUNT)]


def gear_rows(kind: str, items: Iterable[Gear]) -> list[list[str]]:
    """shoes.csv or bikes.csv; `kind` is `Shoe` or `Bike`. Without a nickname the name is empty."""
    header = [f"{kind} {what}" for what in ("Name", "Brand", "Model", "Default Sport Types")]
    return [header, *([one.nickname or "", one.brand, one.model, ""] for one in items)]


def profile_rows(person: Person) -> list[list[str]]:
    """profile.csv; the address is one that cannot exist."""
    header = [
        "Athlete ID",
        "Email Address",
        "First Name",
        "Last Name",
        "Sex",
        "Description",
        "Weight",
        "City",
        "State",
        "Country",
    ]
    values = [str(person.id), f"{person.id}@example.invalid", person.firstname, person.lastname, person.sex]
    values += [person.bio or "", f"{person.weight_kg}", person.city, person.state, person.country]
    return [header, values]


def _shown(activity: Activity, person: Person, file_name: str, language: Language) -> Cells:
    figures = activity.summary
    unit_m = MILE_M if person.measurement_preference == "feet" else 1000.0
    cells = {
        0: str(activity.id),
        1: language.date_text(activity.start),
        2: activity.name,
        3: language.sport(activity.sport_type),
        4: activity.description or "",
        5: str(figures.elapsed_time_s),
        6: language.shown(figures.distance_m / unit_m, 2),
        9: "true" if activity.commute else "false",
        10: activity.private_note or "",
        11: _gear_name(activity, person),
        12: file_name,
        13: language.shown(activity.weight_kg, 1),
    }
    if figures.max_heartrate_bpm is not None:
        cells[7] = f"{figures.max_heartrate_bpm:.0f}"
    score = suffer_score(activity)
    if score is not None:
        cells[8] = f"{score:.0f}"
    bike = next((one for one in person.bikes if one.id == activity.gear_id), None)
    if bike is not None and bike.weight_kg is not None:
        cells[FIRST_PLAIN_COLUMN - 1] = language.shown(bike.weight_kg, 1)
    return cells


def _gear_name(activity: Activity, person: Person) -> str:
    for one in (*person.shoes, *person.bikes):
        if one.id == activity.gear_id:
            return one.nickname or f"{one.brand} {one.model}"
    return ""


def _measured(activity: Activity) -> Cells:
    """The machine's block: what was measured."""
    figures = activity.summary
    values: dict[int, float | None] = {
        15: float(figures.elapsed_time_s),
        16: float(figures.moving_time_s),
        17: figures.distance_m,
        18: figures.max_speed_mps,
        19: figures.average_speed_mps,
        20: figures.elevation_gain_m,
        22: figures.elevation_low_m,
        23: figures.elevation_high_m,
        29: figures.average_cadence_rpm,
        30: figures.max_heartrate_bpm,
        31: figures.average_heartrate_bpm,
        32: figures.max_watts,
        33: figures.average_watts,
        36: figures.average_temp_c,
        46: figures.weighted_average_watts,
    }
    recording = activity.recording
    if recording is not None and recording.cadence_rpm is not None:
        values[28] = float(recording.cadence_rpm.max())
    if recording is not None and recording.altitude_m is not None:
        change_m = float(recording.altitude_m[-1] - recording.altitude_m[0])
        values[21] = max(0.0, round(figures.elevation_gain_m - change_m, 1))
    return {number: str(float(value)) for number, value in values.items() if value is not None}


def _sums(activity: Activity, person: Person) -> Cells:
    """The machine's block: what was computed, and its truth values as numbers."""
    figures = activity.summary
    cells = {
        34: str(float(calories(activity))),
        50: "1.0" if activity.commute else "0.0",
        52: "0.0" if activity.manual else "1.0",
        79: "0.0",
        91: str(float(figures.moving_time_s)),
    }
    score = suffer_score(activity)
    if score is not None:
        cells[37] = str(float(score))
    if activity.perceived_exertion is not None:
        cells[43] = str(float(activity.perceived_exertion))
        cells[48] = "0.0"
    if activity.gear_id is not None:
        is_bike = activity.gear_id in {one.id for one in person.bikes}
        cells[68 if is_bike else 69] = f"{float(activity.gear_id[1:]):.1f}"
    if activity.is_run and figures.average_cadence_rpm is not None:
        cells[85] = f"{round(2.0 * figures.average_cadence_rpm * figures.moving_time_s / 60.0)}.0"
    splits = splits_metric(activity)
    if splits and figures.moving_time_s:
        adjusted_m = sum(one.grade_adjusted_speed_mps * one.moving_time_s for one in splits)
        cells[53], cells[90] = str(adjusted_m), str(adjusted_m / figures.moving_time_s)
    return cells
