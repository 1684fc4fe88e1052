"""An export's tables: what its columns are, how it writes dates, its rows as a stream, its gear and its other files."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import chain

from paceport.errors import FileError
from paceport.formats.strava_export.activity_rows import ActivityRow, UnusableRow, read_row
from paceport.formats.strava_export.column_names import date_order_of_language
from paceport.formats.strava_export.csv_table import CsvTable, TableLine, read_table
from paceport.formats.strava_export.dates import DateOrder, DateOrderUnknown, is_ambiguous, possible_orders, read_date
from paceport.formats.strava_export.export_files import FileTree, RefusedEntry, is_system_litter, table_name
from paceport.formats.strava_export.find_columns import Columns, find_columns, split_mapping
from paceport.lazy_dataclass import dataclass

TRACK_SUFFIXES = (".fit", ".gpx", ".tcx", ".fit.gz", ".gpx.gz", ".tcx.gz")
_SAMPLE = 400
_MOST_OPEN_DATES = 5000
_TELL_EVERY = 5000
# Dates in figures whose order the text leaves open; the only ones that are looked at behind the sample.
_OPEN_DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2}")

TellLines = Callable[[int, int], None]


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
    """What an export holds, its rows and tracks still unread.

    `lines` counts the lines behind the header, `tracks` the recorded files. `orphans` are track files that no row
    names; `routes` are planned routes, which are no activities. `stored_names` gives for a file as a row names it the
    name under which it lies.
    """

    root: str
    columns: Columns
    date_order: DateOrder | None
    lines: int
    tracks: int
    gear: tuple[GearRow, ...]
    profile: tuple[tuple[str, str], ...]
    orphans: tuple[str, ...]
    routes: int
    refused: tuple[RefusedEntry, ...]
    notes: tuple[str, ...]
    stored_names: Mapping[str, str]
    _table: CsvTable = field(repr=False)
    _sports: Mapping[str, str] = field(repr=False)

    def rows(self) -> Iterator[ActivityRow | UnusableRow]:
        """Each line of activities.csv, read anew each time; an id that stood before is unusable."""
        seen: set[int] = set()
        for line in self._table.lines():
            row = read_row(line, self.columns, self.date_order, self._sports)
            if isinstance(row, ActivityRow) and row.id in seen:
                why = f"its id, {row.id}, stands in an earlier line"
                yield UnusableRow(line=line.number, id=None, why=why, cells=row.cells)
                continue
            if isinstance(row, ActivityRow):
                seen.add(row.id)
            yield row

    def stored_name(self, row: ActivityRow) -> str:
        """The row's file by its name in the tree: as the row says, packed, unpacked or its letters decomposed since."""
        name = self.root + row.filename
        return self.stored_names.get(name, name)


def read_export(
    tree: FileTree,
    root: str,
    *,
    mapping: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    tell: TellLines | None = None,
) -> StravaExport:
    """Read the tables of the export at `root` (as `find_root` gave it).

    `tell` is given the lines read so far and about how many there are. Raises FileError if activities.csv is no table,
    ColumnsUnknown, ColumnsMissing, DatesUnknown or DateOrderUnknown with what the user must say.
    """
    mapping = mapping or {}
    name = table_name(tree, root)
    table = CsvTable(lambda: tree.open(name), "activities.csv")
    tracks = _track_names(tree, root)
    routes = [each for each in tracks if each.startswith(f"{root}routes/")]
    survey = _Survey(table, mapping=mapping, tracks=sorted(set(tracks) - set(routes)), root=root)
    survey.read(tree.size(name), tell)
    _, sports = split_mapping(mapping)
    side = _SideTables(tree, root)
    return StravaExport(
        root=root,
        columns=survey.columns,
        date_order=_order(survey.dates, date_order, table.header),
        lines=survey.lines,
        tracks=len(tracks) - len(routes),
        gear=(*side.gear("shoe"), *side.gear("bike")),
        profile=side.profile(),
        orphans=tuple(each for each in tracks if each in survey.unnamed),
        routes=len(routes),
        refused=tuple(each for each in tree.refused if not is_system_litter(each.name)),
        notes=(*table.notes, *_column_notes(survey.columns), *side.notes),
        stored_names=survey.stored_names,
        _table=table,
        _sports=sports,
    )


def _track_names(tree: FileTree, root: str) -> list[str]:
    return [
        each
        for each in tree.names()
        if each.startswith(root) and each.lower().endswith(TRACK_SUFFIXES) and not is_system_litter(each)
    ]


class _Survey:
    """The first way through the table: the columns, the dates whose order is open, the files that rows name."""

    def __init__(self, table: CsvTable, *, mapping: Mapping[str, str], tracks: Sequence[str], root: str) -> None:
        self._table, self._mapping, self._root = table, mapping, root
        self._has_tracks = bool(tracks)
        self._tracks = frozenset(tracks)
        self._by_stem = {_comparable(each): each for each in tracks}
        self.unnamed = set(tracks)
        self.stored_names: dict[str, str] = {}
        self.dates: list[str] = []
        self.lines = 0
        self.columns: Columns

    def read(self, size: int, tell: TellLines | None) -> None:
        lines = self._table.lines()
        sample = [line for _, line in zip(range(_SAMPLE), lines, strict=False)]
        cells = [line.cells for line in sample if not line.why]
        self.columns = find_columns(self._table.header, cells, mapping=self._mapping, tracks=self._has_tracks)
        date, file = self.columns.index("date"), self.columns.index("filename")
        for line in chain(sample, lines):
            self.lines += 1
            self._take_date(_cell(line.cells, date))
            self._take_file(line, file)
            if tell is not None and self.lines % _TELL_EVERY == 0:
                tell(self.lines, round(self.lines * max(1.0, size / max(1, self._table.bytes_read))))

    def _take_date(self, text: str) -> None:
        is_open = read_date(text) is None if self.lines <= _SAMPLE else _OPEN_DATE.search(text) is not None
        if is_open and text and len(self.dates) < _MOST_OPEN_DATES:
            self.dates.append(text)

    def _take_file(self, line: TableLine, column: int | None) -> None:
        if line.why or not (given := _cell(line.cells, column).replace("\\", "/")):
            return
        name = self._root + given
        if name not in self._tracks and (lies := self._find(given)):
            self.stored_names[name] = lies
        self.unnamed.discard(self.stored_names.get(name, name))

    def _find(self, given: str) -> str | None:
        """A file by what a row says of it: in other letters, packed or not, after "./", or without its folder."""
        plain = given.removeprefix("./").removeprefix("/")
        inside = self._by_stem.get(_comparable(self._root + plain))
        return inside or self._by_stem.get(_comparable(f"{self._root}activities/{plain}"))


def _comparable(name: str) -> str:
    """A file's name without what differs between systems: macOS decomposes "ä" in names, and unpacks what is packed."""
    return unicodedata.normalize("NFC", name).casefold().removesuffix(".gz")


def _order(dates: Sequence[str], given: DateOrder | None, header: Sequence[str]) -> DateOrder | None:
    if given:
        return given
    # One damaged date must not decide for the others: judge those that can be read at all.
    readable = [date for date in dates if possible_orders([date])]
    possible = possible_orders(readable)
    if len(possible) == 1:
        return possible[0]
    if is_ambiguous(readable) or (readable and not possible):
        of_language = date_order_of_language(header)
        if of_language and (of_language in possible or not possible):
            return of_language
        raise DateOrderUnknown(example=next(filter(_needs_an_order, readable)))
    return None


def _needs_an_order(date: str) -> bool:
    return len(possible_orders([date])) < 3 or is_ambiguous([date])


def _cell(line: Sequence[str], at: int | None) -> str:
    return line[at].strip() if at is not None and at < len(line) else ""


def _column_notes(columns: Columns) -> tuple[str, ...]:
    notes = []
    if "date" not in columns.field_at:
        notes.append("no column holds dates that can be read: each row takes its date from its own track")
    if "sport" not in columns.field_at:
        notes.append("no column holds the sport: each row takes it from its own track, and is a Workout without one")
    if "shown_distance" in columns.field_at and "distance_m" not in columns.field_at:
        notes.append(
            "the only distance is in the athlete's own unit and is not read; the tracks give it, "
            'or say: --map "Distance=distance_km" or "Distance=distance_mi"'
        )
    if columns.unrecognised:
        notes.append(_not_understood(columns.unrecognised))
    return tuple(notes)


def _not_understood(headers: Sequence[str]) -> str:
    """Which columns mean nothing to us, the first of them by name."""
    shown = ", ".join(f"“{name[:40]}”" for name in headers[:5]) + (", …" if len(headers) > 5 else "")
    columns = "1 column is" if len(headers) == 1 else f"{len(headers)} columns are"
    return f"{columns} not understood and kept as written: {shown}"


class _SideTables:
    """The tables beside activities.csv. One in bad order never stops the runs; `notes` say what is missing of it."""

    def __init__(self, tree: FileTree, root: str) -> None:
        self._tree, self._root = tree, root
        self.notes: list[str] = []

    def gear(self, kind: str) -> list[GearRow]:
        """shoes.csv and bikes.csv hold name, brand, model and sports in that order, in every language."""
        header, lines = self._read(f"{kind}s.csv")
        named = [line for line in lines if any(_cell(line, at) for at in (0, 1, 2))]
        if len(named) < len(lines):
            self.notes.append(
                f"{kind}s.csv: lines without a name, brand or model were left out: {len(lines) - len(named)}"
            )
        return [
            GearRow(
                kind=kind,
                name=_cell(line, 0) or f"{_cell(line, 1)} {_cell(line, 2)}".strip(),
                brand=_cell(line, 1),
                model=_cell(line, 2),
                cells=tuple(zip(header, line, strict=False)),
            )
            for line in named
        ]

    def profile(self) -> tuple[tuple[str, str], ...]:
        """The first line of profile.csv, as column and cell."""
        header, lines = self._read("profile.csv")
        if len(lines) > 1:
            self.notes.append(f"profile.csv: only the first of {len(lines)} lines is kept")
        return tuple(zip(header, lines[0], strict=False)) if lines else ()

    def _read(self, name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        if self._root + name not in self._tree.names():
            return (), []
        try:
            header, lines, notes = read_table(self._tree.read(self._root + name), name)
        except FileError as error:
            self.notes.append(f"{name} could not be read and was left out: {error.why}. To do: {error.fix}")
            return (), []
        self.notes.extend(notes)
        return header, lines
