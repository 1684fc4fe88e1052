"""activities.csv, shoes.csv, bikes.csv and profile.csv as values; every cell is kept as it was written."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from paceport.errors import FileError
from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.formats.strava_export.dates import DateOrder, DateOrderUnknown, is_ambiguous, possible_orders, read_date
from paceport.formats.strava_export.export_files import FileTree, RefusedEntry
from paceport.formats.strava_export.find_columns import Columns, find_columns, read_number, split_mapping
from paceport.formats.strava_export.sport_names import sport_word

# Strava cuts descriptions far below this; the csv module's own limit of 128 kB would stop at a long one.
_LONGEST_CELL = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One line of activities.csv. `cells` are all its values as written, in the header's order.

    `start` is UTC. `sport` is Strava's own word, or None where the word as `given` is of a language not seen yet.
    `filename` is the name inside the export, without its root; "" for a manual activity. `values` are the machine's
    numbers by our names (`distance_m`, `moving_time_s` …); `notes` say what could not be read.
    """

    id: int
    start: datetime
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GearRow:
    """A shoe or a bike as the athlete named it; `kind` is "shoe" or "bike"."""

    kind: str
    name: str
    brand: str
    model: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StravaExport:
    """What an export holds, its tracks still unread. `orphans` are track files that no row names."""

    root: str
    columns: Columns
    date_order: DateOrder | None
    rows: tuple[ActivityRow, ...]
    bad: tuple[UnusableRow, ...]
    gear: tuple[GearRow, ...]
    profile: tuple[tuple[str, str], ...]
    orphans: tuple[str, ...]
    refused: tuple[RefusedEntry, ...]
    notes: tuple[str, ...]


TRACK_SUFFIXES = (".fit", ".gpx", ".tcx", ".fit.gz", ".gpx.gz", ".tcx.gz")


def read_export(
    tree: FileTree, root: str, *, mapping: Mapping[str, str] | None = None, date_order: DateOrder | None = None
) -> StravaExport:
    """Read the tables of the export at `root` (as `find_root` gave it).

    Raises FileError if activities.csv is no table, ColumnsUnknown or DateOrderUnknown with what the user must say.
    """
    mapping = mapping or {}
    header, lines, notes = read_table(tree.read(root + "activities.csv"), "activities.csv")
    tracks = [name for name in tree.names() if name.startswith(root) and name.lower().endswith(TRACK_SUFFIXES)]
    columns = find_columns(header, lines, mapping=mapping, tracks=bool(tracks))
    order = _order([_cell(line, columns.index("date")) for line in lines], date_order)
    _, sports = split_mapping(mapping)
    rows: list[ActivityRow] = []
    bad: list[UnusableRow] = []
    seen: set[int] = set()
    for number, line in enumerate(lines, 2):
        row = _read_row(number, line, columns, order, sports)
        if isinstance(row, ActivityRow) and row.id in seen:
            row = UnusableRow(line=number, id=row.id, why="the same id stands in an earlier line", cells=row.cells)
        if isinstance(row, ActivityRow):
            seen.add(row.id)
            rows.append(row)
        else:
            bad.append(row)
    named = {root + row.filename for row in rows}
    return StravaExport(
        root=root,
        columns=columns,
        date_order=order,
        rows=tuple(rows),
        bad=tuple(bad),
        gear=(*_gear(tree, root, "shoe"), *_gear(tree, root, "bike")),
        profile=_profile(tree, root),
        orphans=tuple(name for name in tracks if name not in named),
        refused=tree.refused,
        notes=(*notes, *_column_notes(columns)),
    )


def read_stored_row(
    header: Sequence[str], fields: Sequence[str | None], date_order: DateOrder | None, cells: Sequence[str]
) -> ActivityRow | UnusableRow:
    """A row read again from cells that were kept, with the columns as they were recognised then."""
    columns = Columns(header=tuple(header), field_at=tuple(fields), how={}, unrecognised=())
    return _read_row(0, tuple(cells), columns, date_order, {})


def read_table(content: bytes, name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[str, ...]]:
    """A CSV as (header, lines, notes): byte-order mark, newlines in quotes, commas, semicolons or tabs.

    Short lines are filled with blanks, wholly blank ones left out. Raises FileError if there is no header.
    """
    text = content.decode("utf-8-sig", "replace")
    notes = ("some letters are not UTF-8 and were replaced",) if "\ufffd" in text else ()
    if text.startswith(("<!DOCTYPE", "<html", "PK")):
        raise FileError(path=name, why="it is no table", fix="download the export again")
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
        lines = [tuple(line) for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(line)]
    except csv.Error as error:
        raise FileError(path=name, why=f"it is no table ({error})", fix="download the export again") from error
    finally:
        csv.field_size_limit(before)
    if not lines:
        raise FileError(path=name, why="it is empty", fix="download the export again")
    header = lines[0]
    return header, [line + ("",) * (len(header) - len(line)) for line in lines[1:]], notes


def _order(dates: Sequence[str], given: DateOrder | None) -> DateOrder | None:
    if given:
        return given
    # One damaged date must not decide for the others: judge those that can be read at all.
    readable = [date for date in dates if date.strip() and possible_orders([date])]
    possible = possible_orders(readable)
    if len(possible) == 1:
        return possible[0]
    if is_ambiguous(readable) or (readable and not possible):
        raise DateOrderUnknown(example=next(date for date in readable if len(possible_orders([date])) < 3))
    return None


def _read_row(
    number: int, line: tuple[str, ...], columns: Columns, order: DateOrder | None, sports: dict[str, str]
) -> ActivityRow | UnusableRow:
    given = {field: line[at].strip() for at, field in enumerate(columns.field_at) if field}
    identity = given["id"]
    if not (identity.isascii() and identity.isdigit() and 0 < int(identity) < 2**63):
        return UnusableRow(line=number, id=None, why=f"“{identity[:40]}” is no activity id", cells=line)
    start = read_date(given["date"], order)
    if start is None:
        why = f"“{given['date'][:40]}” is no date that can be read"
        return UnusableRow(line=number, id=int(identity), why=why, cells=line)
    values, notes = _values(given)
    filename = given.get("filename", "")
    if filename.casefold() == "#error#":
        filename = ""
        notes.append("Strava could not export its file (#error#)")
    return ActivityRow(
        id=int(identity),
        start=start,
        name=given.get("name", ""),
        sport=sport_word(given["sport"], sports),
        sport_given=given["sport"],
        description=given.get("description", ""),
        private_note=given.get("private_note", ""),
        gear=given.get("gear", ""),
        filename=filename.replace("\\", "/"),
        is_commute=_truth(given.get("commute", "") or given.get("shown_commute", "")),
        values=values,
        cells=line,
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
            notes.append(f"{field}: “{cell[:40]}” is no number")
        elif field == "distance_km":
            values["distance_m"] = number * 1000
        elif field == "distance_mi":
            values["distance_m"] = number * 1609.344
        else:
            values[field] = number
    return values, notes


_TEXTS = frozenset({"id", "date", "name", "sport", "description", "private_note", "gear", "filename", "commute"})


def _truth(cell: str) -> bool | None:
    word = make_comparable(cell)
    if word in {"true", "1", "1.0"}:
        return True
    return False if word in {"false", "0", "0.0"} else None


def _cell(line: Sequence[str], at: int | None) -> str:
    return line[at].strip() if at is not None and at < len(line) else ""


def _column_notes(columns: Columns) -> tuple[str, ...]:
    notes = []
    if "shown_distance" in columns.field_at and "distance_m" not in columns.field_at:
        notes.append(
            "the only distance is in the athlete's own unit and is not read; the tracks give it, "
            'or say: --map "Distance=distance_km" or "Distance=distance_mi"'
        )
    if columns.unrecognised:
        notes.append(f"{len(columns.unrecognised)} columns are kept as written and not understood")
    return tuple(notes)


def _gear(tree: FileTree, root: str, kind: str) -> list[GearRow]:
    """shoes.csv and bikes.csv hold name, brand, model and sports in that order, in every language."""
    header, lines = _optional(tree, f"{root}{kind}s.csv")
    return [
        GearRow(
            kind=kind,
            name=_cell(line, 0) or f"{_cell(line, 1)} {_cell(line, 2)}".strip(),
            brand=_cell(line, 1),
            model=_cell(line, 2),
            cells=tuple(zip(header, line, strict=False)),
        )
        for line in lines
        if any(_cell(line, at) for at in (0, 1, 2))
    ]


def _profile(tree: FileTree, root: str) -> tuple[tuple[str, str], ...]:
    header, lines = _optional(tree, f"{root}profile.csv")
    return tuple(zip(header, lines[0], strict=False)) if lines else ()


def _optional(tree: FileTree, name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    if name not in tree.names():
        return (), []
    try:
        header, lines, _ = read_table(tree.read(name), PurePosixPath(name).name)
    except FileError:
        return (), []  # a side table in bad order must not stop the runs
    return header, lines
