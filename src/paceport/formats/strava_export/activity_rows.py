"""activities.csv row by row, as values; every cell is kept as it was written."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.formats.strava_export.csv_table import TableLine
from paceport.formats.strava_export.dates import DateOrder, read_date
from paceport.formats.strava_export.find_columns import Columns, read_number
from paceport.formats.strava_export.sport_names import sport_word
from paceport.lazy_dataclass import dataclass
from paceport.units import MILE_M

# Ids of 2026 have eleven figures; a database holds eighteen.
_MOST_ID_FIGURES = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One line of activities.csv. `cells` are all its values as written, in the header's order.

    `start` is UTC, None where the date cannot be read: the row's own track says it then. `line` is where it begins in
    the file. `sport` is Strava's own word, or None where the word as `given` is of a language not seen yet.
    `filename` is the name inside the export, without its root; "" for a manual activity. `values` are the machine's
    numbers by our names (`distance_m`, `moving_time_s` …); `notes` say what could not be read.
    """

    id: int
    line: int
    start: datetime | None
    date_given: str
    name: str
    sport: str | None
    sport_given: str
    description: str
    private_note: str
    gear: str
    filename: str
    is_commute: bool | None
    values: Mapping[str, float]
    cells: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusableRow:
    """A line that cannot be used: its place, the id if there is one, the reason, and the cells, so nothing is lost."""

    line: int
    id: int | None
    why: str
    cells: tuple[str, ...]


def read_stored_row(
    header: Sequence[str], fields: Sequence[str | None], date_order: DateOrder | None, cells: Sequence[str]
) -> ActivityRow | UnusableRow:
    """A row read again from cells that were kept, with the columns as they were recognised then."""
    columns = Columns(header=tuple(header), field_at=tuple(fields), how={}, unrecognised=())
    return read_row(TableLine(number=0, cells=tuple(cells)), columns, date_order, {})


def read_row(
    line: TableLine, columns: Columns, order: DateOrder | None, sports: Mapping[str, str]
) -> ActivityRow | UnusableRow:
    """One line as a row; only what is no line at all, or has no id, is unusable."""
    cells = line.cells
    if line.why:
        return UnusableRow(line=line.number, id=None, why=line.why, cells=cells)
    given = {field: cells[at].strip() for at, field in enumerate(columns.field_at) if field}
    identity = given["id"].removesuffix(".0")  # tables that a spreadsheet or a script has written anew
    if not (identity.isascii() and identity.isdigit() and len(identity) <= _MOST_ID_FIGURES and int(identity)):
        shown = f"{identity[:40]}…" if len(identity) > 40 else identity
        return UnusableRow(line=line.number, id=None, why=f"“{shown}” is not an activity id", cells=cells)
    values, notes = _values(given)
    if any(cells[len(columns.header) :]):
        notes.append("it has more cells than there are columns")
    filename = given.get("filename", "")
    if filename.casefold() == "#error#":
        filename = ""
        notes.append("Strava could not export its file (#error#)")
    return ActivityRow(
        id=int(identity),
        line=line.number,
        start=read_date(given.get("date", ""), order),
        date_given=given.get("date", ""),
        name=given.get("name", ""),
        sport=sport_word(given.get("sport", ""), sports),
        sport_given=given.get("sport", ""),
        description=given.get("description", ""),
        private_note=given.get("private_note", ""),
        gear=given.get("gear", ""),
        filename=filename.replace("\\", "/"),
        is_commute=_truth(given.get("commute", "") or given.get("shown_commute", "")),
        values=values,
        cells=cells,
        notes=tuple(notes),
    )


def _values(given: Mapping[str, str]) -> tuple[dict[str, float], list[str]]:
    values: dict[str, float] = {}
    notes = []
    for field, cell in given.items():
        if not cell or field.startswith("shown_") or field in _TEXTS:
            continue
        number = read_number(cell)
        if number is None:
            notes.append(f"{field}: “{cell[:40]}” is not a number")
        elif number < 0 and not field.startswith(_MAY_BE_BELOW_0):
            notes.append(f"{field}: {cell[:40]} is below 0")
        elif field == "distance_km":
            values["distance_m"] = number * 1000
        elif field == "distance_mi":
            values["distance_m"] = number * MILE_M
        else:
            values[field] = number
    return values, notes


_MAY_BE_BELOW_0 = ("elevation_low", "elevation_high", "temperature")
_TEXTS = frozenset({"id", "date", "name", "sport", "description", "private_note", "gear", "filename", "commute"})


def _truth(cell: str) -> bool | None:
    word = make_comparable(cell)
    if word in {"true", "1", "1.0"}:
        return True
    return False if word in {"false", "0", "0.0"} else None
