"""Which column of an export's activities.csv is which: by its words, by structure, by the user's word; never by guess.

The rules, in the order in which they are tried (docs/how-to/logbook.md tells the user's side):

1. The user's mapping.
2. The words of `column_names.py`, in every language seen.
3. Structure. The id is the first column; the file names begin with `activities/`; dates read as dates; names that stand
   twice tell shown values from the machine's, if the values fit.
4. Position. The order of the columns is one in all languages: between two known neighbours as far apart as in
   `column_names.ORDER`, and behind the file name where the values show that the machine's block stands there.

A date column is one only if its values read as dates, whatever its name; without one the tracks date their rows.

What is needed and was not found, or could be two things, is an error that says what to type.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from paceport.errors import UsageError
from paceport.formats.strava_export.column_names import DOUBLED, FIELDS, HEADERS, KEPT_AS_WRITTEN, OLD_HEADERS, ORDER
from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.formats.strava_export.dates import DATE_ORDERS, read_date
from paceport.lazy_dataclass import dataclass
from paceport.sports import SPORT_TYPES
from paceport.units import MILE_M

_SAMPLE = 400
_ENGLISH_NAMES = {"id": "Activity ID", "sport": "Activity Type", "filename": "Filename"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What was recognised. `field_at` has one entry per column: our name for it, or None where it is kept verbatim.

    `how` says by which rule a field was found: "map", "word", "structure" or "position". `unrecognised` are headers
    that carry values and mean nothing to us; they are kept all the same.
    """

    header: tuple[str, ...]
    field_at: tuple[str | None, ...]
    how: Mapping[str, str]
    unrecognised: tuple[str, ...]

    def index(self, field: str) -> int | None:
        return self.field_at.index(field) if field in self.field_at else None


class ColumnsUnknown(UsageError):
    """The export's columns cannot all be told. `needed` are our names of what is missing, `headers` its own names."""

    def __init__(self, *, needed: Sequence[str], headers: Sequence[str], why: str = "") -> None:
        self.needed, self.headers = tuple(needed), tuple(headers)
        super().__init__(
            what="activities.csv is in an unknown language",
            why=why
            or f"no column could be recognised as the {' or the '.join(needed)}; its columns are "
            + ", ".join(f"“{name}”" for name in headers[:20]),
            fix="name it, once for each: " + " ".join(f'--map "Header={field}"' for field in needed),
        )


class ColumnsMissing(UsageError):
    """The export lacks columns that are needed, and none of those it has could be one of them."""

    def __init__(self, *, needed: Sequence[str]) -> None:
        missing = " or ".join(f"“{_ENGLISH_NAMES[field]}”" for field in needed)
        super().__init__(
            what=f"activities.csv has no column {missing}",
            why="every export of Strava's has it, so the table was changed afterwards",
            fix="import the export as Strava sent it, or the folder of its recorded files alone",
        )


class DatesUnknown(UsageError):
    """No column of the export reads as dates, and it holds no tracks that could date its rows."""

    def __init__(self, *, example: str) -> None:
        super().__init__(
            what="No column of activities.csv holds dates that can be read",
            why=f"they look like “{example}”" if example else "the cells are empty",
            fix="write them as 2024-05-04 08:00:00 (UTC), or set Strava to English and ask for a new export",
        )


def split_mapping(mapping: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The user's `Header=field` and `Word=SportType` pairs, apart; keys are made comparable. UsageError on others."""
    headers: dict[str, str] = {}
    sports: dict[str, str] = {}
    for word, meaning in mapping.items():
        if meaning in FIELDS:
            headers[make_comparable(word)] = meaning
        elif meaning in SPORT_TYPES:
            sports[make_comparable(word)] = meaning
        else:
            raise UsageError(
                what=f"--map “{word}={meaning}” means nothing",
                why=f"“{meaning}” is neither a field nor a sport",
                fix="use one of " + ", ".join(sorted(FIELDS)) + "; or a sport such as Run, TrailRun, Walk",
            )
    return headers, sports


def find_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, mapping: Mapping[str, str] | None = None, tracks: bool
) -> Columns:
    """Recognise the columns of a header with (some of) its rows; `tracks`: whether there are files to join.

    Raises ColumnsUnknown with what must be named, or ColumnsMissing. Without a column for the sport the tracks say it.
    """
    given, _ = split_mapping(mapping or {})
    search = _Search(header=header, rows=rows[:_SAMPLE])
    search.by_mapping(given)
    search.by_words()
    search.by_structure()
    search.by_position()
    search.by_place_in_the_machines_block()
    needed = [field for field in ("id", "sport") if field not in search.found]
    if tracks and "filename" not in search.found:
        needed.append("filename")
    nameable = search.nameable(needed)
    if needed == ["sport"] and tracks and not nameable:
        return search.result()  # no column says the sport: the tracks do
    if needed and not nameable:
        raise ColumnsMissing(needed=needed)
    if needed:
        raise ColumnsUnknown(needed=needed, headers=nameable)
    if rows and "date" not in search.found and not tracks:
        raise DatesUnknown(example=search.undated_example())
    return search.result()


class _Search:
    """One search: `found` maps a field to its column, and only ever grows."""

    def __init__(self, *, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.header = tuple(header)
        self.rows = rows
        self.found: dict[str, int] = {}
        self.how: dict[str, str] = {}

    def assign(self, field: str, column: int, how: str) -> None:
        if field not in self.found and column not in self.found.values():
            self.found[field] = column
            self.how[field] = how

    def values(self, column: int) -> list[str]:
        return [row[column].strip() for row in self.rows if column < len(row) and row[column].strip()]

    def by_mapping(self, given: Mapping[str, str]) -> None:
        for column, name in enumerate(self.header):
            if field := given.get(make_comparable(name)):
                if field == "date" and not _some_dates(self.values(column)):
                    raise UsageError(
                        what=f"The column “{name}” holds no dates",
                        why=f"its cells look like “{next(iter(self.values(column)), '')[:40]}”",
                        fix="leave out that --map; the dates come from the tracks",
                    )
                twin = [at for at, other in enumerate(self.header) if make_comparable(other) == make_comparable(name)]
                self.assign(field, self._metres_column(twin) if field == "distance_m" else column, "map")

    def by_words(self) -> None:
        if self.header[:1] == ("id",):
            for column, name in enumerate(self.header):
                if field := OLD_HEADERS.get(name.strip()):
                    self.assign("distance_m" if field == "old_distance_m" else field, column, "word")
            return
        columns: dict[str, list[int]] = {}
        for column, name in enumerate(self.header):
            if field := HEADERS.get(make_comparable(name)):
                columns.setdefault(field, []).append(column)
        for field, places in columns.items():
            if field == "date":
                places = [place for place in places if _some_dates(self.values(place)) or not self.values(place)]
            if field == "distance_m" and len(places) == 1 and not self._is_metres(places[0], columns):
                # One distance alone is the shown one, in kilometres or miles: the tracks or the user must say.
                self.assign("shown_distance", places[0], "word")
            elif len(places) == 1:
                self.assign(field, places[0], "word")
            elif places:
                self._pair(field, places, "word")

    def _is_metres(self, column: int, columns: Mapping[str, Sequence[int]]) -> bool:
        """Whether a distance that stands alone is the machine's: another name is the shown one's, as in Russian."""
        shown = columns.get("shown_distance", ())
        return len(shown) == 1 and _is_length_ratio(self._ratio(shown[0], column))

    def _pair(self, field: str, places: Sequence[int], how: str) -> None:
        machine = self._metres_column(places) if field == "distance_m" else places[-1]
        self.assign(field, machine, how)
        shown = next((name for name, twin in DOUBLED.items() if twin == field), None)
        others = [place for place in places if place != machine]
        if shown and others:
            self.assign(shown, others[0], how)

    def _metres_column(self, places: Sequence[int]) -> int:
        """The column of metres among those of one name: about 1,000 or 1,609 times the other, else the last."""
        if len(places) != 2:
            return places[-1]
        first, second = places
        return first if (ratio := self._ratio(first, second)) is not None and ratio < 0.01 else second

    def _ratio(self, first: int, second: int) -> float | None:
        pairs = [
            (read_number(row[first]), read_number(row[second])) for row in self.rows if max(first, second) < len(row)
        ]
        ratios = [b / a for a, b in pairs if a and b]
        ordered, half = sorted(ratios), len(ratios) // 2
        # The median: `statistics` takes longer to import than a small export to read.
        return (ordered[half] + ordered[~half]) / 2 if ordered else None

    def by_structure(self) -> None:
        self.assign("id", 0, "structure")
        files = [at for at in range(len(self.header)) if _mostly_files(self.values(at))]
        if len(files) == 1:
            self.assign("filename", files[0], "structure")
        if "date" not in self.found:
            dates = [at for at in range(1, len(self.header)) if _mostly_dates(self.values(at))]
            if dates:
                # Weather and sun columns hold dates too, far behind; the activity's own comes first in every export.
                self.assign("date", dates[0], "structure")
        self._doubled_names()

    def _doubled_names(self) -> None:
        """Names that stand twice, in any language: the distances by their ratio, the elapsed times before them.

        The five of most languages are told by their order; where another number repeats, only these two are.
        """
        if any(field in self.found for field in DOUBLED.values()):
            return
        places: dict[str, list[int]] = {}
        for at, name in enumerate(self.header):
            if name.strip():
                places.setdefault(make_comparable(name), []).append(at)
        pairs = [pair for pair in places.values() if len(pair) == 2]
        lengths = [at for at, pair in enumerate(pairs) if _is_length_ratio(self._ratio(*pair))]
        if len(lengths) != 1 or lengths[0] == 0:
            return
        elapsed, distance = pairs[lengths[0] - 1], pairs[lengths[0]]
        if elapsed[1] > distance[1] or not _is_same_ratio(self._ratio(*elapsed)):
            return
        names = list(DOUBLED.items())
        is_whole = len(pairs) == len(DOUBLED) and sorted(pair[0] for pair in pairs) == [pair[0] for pair in pairs]
        for (shown, machine), (first, second) in zip(names, pairs if is_whole else [elapsed, distance], strict=False):
            self.assign(shown, first, "structure")
            self.assign(machine, second, "structure")

    def by_position(self) -> None:
        places = {name: at for at, name in enumerate(ORDER) if name}
        # In the first block the order is the same whether or not the machine's twin of a name exists.
        known = sorted((column, places[field]) for field, column in self.found.items() if field in places)
        ranks = [rank for _, rank in known]
        if ranks != sorted(ranks):
            return
        for (left, left_rank), (right, right_rank) in pairwise(known):
            if right - left != right_rank - left_rank:
                continue
            for step in range(1, right - left):
                field = ORDER[left_rank + step]
                if field and self._fits(field, self.values(left + step)):
                    self.assign(field, left + step, "position")

    def by_place_in_the_machines_block(self) -> None:
        """All columns up to 38 where what is known stands at its own place and the values show the machine's block.

        The file names show it, or else that two columns repeat two others: in seconds, and in metres for kilometres.
        """
        places = {name: at for at, name in enumerate(ORDER) if name}
        known = [(column, places[field]) for field, column in self.found.items() if field in places]
        first, elapsed, moving, distance = (
            places[name] for name in ("shown_elapsed_time", "elapsed_time_s", "moving_time_s", "distance_m")
        )
        if any(column != place for column, place in known) or len(self.header) <= distance:
            return
        repeated = (
            _is_same_ratio(self._ratio(first, elapsed)),
            _is_length_ratio(self._ratio(places["shown_distance"], distance)),
        )
        has_files = places["filename"] in self.found.values()
        if not (any(repeated) if has_files else all(repeated)) or not self._is_at_most(moving, elapsed):
            return
        for place in range(elapsed if has_files else 1, min(len(ORDER), len(self.header))):
            field = ORDER[place]
            if field and self._fits(field, self.values(place)):
                self.assign(field, place, "position")

    def _is_at_most(self, low: int, high: int) -> bool:
        pairs = [(read_number(row[low]), read_number(row[high])) for row in self.rows if max(low, high) < len(row)]
        return all(a <= b * 1.02 + 2 for a, b in pairs if a is not None and b is not None)

    def nameable(self, needed: Sequence[str]) -> list[str]:
        """The headers that could still be named: known in no language, and with values that do not speak against it."""
        return [
            name
            for column, name in enumerate(self.header)
            if column not in self.found.values()
            and make_comparable(name) not in HEADERS
            and (not self.rows or self._can_be(needed, self.values(column)))
        ]

    def _can_be(self, needed: Sequence[str], values: Sequence[str]) -> bool:
        if not values:
            return False
        is_word = not _mostly_dates(values) and any(read_number(value) is None for value in values)
        return needed != ["sport"] or (is_word and self._fits("sport", values))

    def undated_example(self) -> str:
        """A cell of the column where dates stand in every export, shortened."""
        return next(iter(self.values(1)), "")[:40]

    def _fits(self, field: str, values: Sequence[str]) -> bool:
        numeric = field.endswith(("_s", "_m", "_mps", "_bpm", "_w", "_kcal", "_c", "_cadence", "_effort", "_heartrate"))
        if field == "date":
            return _mostly_dates(values)
        if field == "sport":
            return len(set(values)) <= max(12, len(values) // 2)
        return not numeric or all(read_number(value) is not None for value in values)

    def result(self) -> Columns:
        at = {column: field for field, column in self.found.items()}
        known = HEADERS.keys() | KEPT_AS_WRITTEN
        unknown = [
            name
            for column, name in enumerate(self.header)
            if column not in at and make_comparable(name) not in known and self.values(column)
        ]
        return Columns(
            header=self.header,
            field_at=tuple(at.get(column) for column in range(len(self.header))),
            how=dict(self.how),
            unrecognised=tuple(unknown),
        )


def read_number(text: str) -> float | None:
    """The number in a cell, with a decimal point or comma; None where there is none or it is not finite.

    A blank or an apostrophe between thousands goes; with both a point and a comma, the last one is the decimal's.
    """
    try:
        number: float | None = float(text)
    except ValueError:
        number = _written_number(text)
    return number if number is not None and abs(number) < 1e15 else None


def _written_number(text: str) -> float | None:
    """A number that only a person reads at once."""
    clean = "".join(text.split()).replace("'", "").replace("\u2019", "")
    comma, point = clean.rfind(","), clean.rfind(".")
    if comma > point:
        clean = clean.replace(".", "").replace(",", ".") if clean.count(",") == 1 else clean.replace(",", "")
    else:
        clean = clean.replace(",", "")
    try:
        return float(clean)
    except ValueError:
        return None


def _mostly_files(values: Sequence[str]) -> bool:
    named = [value for value in values if value.replace("\\", "/").startswith("activities/")]
    return bool(named) and len(named) >= 0.8 * len(values)


def _is_length_ratio(ratio: float | None) -> bool:
    """Whether two columns are the shown distance, in kilometres or miles, and the machine's in metres."""
    return ratio is not None and (900 < ratio < 1100 or abs(ratio / MILE_M - 1) < 0.1)


def _is_same_ratio(ratio: float | None) -> bool:
    return ratio is not None and abs(ratio - 1) < 0.02


def _can_be_date(value: str) -> bool:
    return any(read_date(value, order) is not None for order in DATE_ORDERS)


def _some_dates(values: Sequence[str]) -> bool:
    return any(_can_be_date(value) for value in values)


def _mostly_dates(values: Sequence[str]) -> bool:
    if not values or read_number(values[0]) is not None:
        return False
    # Most columns hold no dates: a few cells tell.
    for some in (values[:5], values):
        read = max(sum(read_date(value, order) is not None for value in some) for order in DATE_ORDERS)
        if read < 0.6 * len(some):
            return False
    return read >= 0.8 * len(values)
