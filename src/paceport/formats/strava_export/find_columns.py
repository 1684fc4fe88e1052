"""Which column of an export's activities.csv is which: by its words, by structure, by the user's word; never by guess.

The rules, in the order in which they are tried (docs/how-to/logbook.md tells the user's side):

1. The user's mapping.
2. The words of `column_names.py`, in every language seen.
3. Structure. The id is the first column; the file names begin with `activities/`; dates read as dates; the five names
   that stand twice tell shown values from the machine's.
4. Position between known neighbours: where all that is known stands in the order of `words.ORDER`, and the gap between
   two known columns is as wide as there, the columns inside are those.

What is needed and was not found, or could be two things, is an error that says what to type.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from paceport.errors import UsageError
from paceport.formats.strava_export.column_names import DOUBLED, FIELDS, HEADERS, OLD_HEADERS, ORDER
from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.formats.strava_export.dates import DATE_ORDERS, read_date
from paceport.sports import SPORT_TYPES

_SAMPLE = 400
_METRES_A_MILE = 1609.344


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
            what="activities.csv is in words that are not known here",
            why=why
            or f"no column could be told to be the {' or the '.join(needed)}; its columns are "
            + ", ".join(f"“{name}”" for name in headers[:20]),
            fix="name it, once for each: " + " ".join(f'--map "Header={field}"' for field in needed),
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

    Raises ColumnsUnknown with what must be named.
    """
    given, _ = split_mapping(mapping or {})
    search = _Search(header=header, rows=rows[:_SAMPLE])
    search.by_mapping(given)
    search.by_words()
    search.by_structure()
    search.by_position()
    needed = [field for field in ("id", "date", "sport") if field not in search.found]
    if tracks and "filename" not in search.found:
        needed.append("filename")
    if needed:
        raise ColumnsUnknown(needed=needed, headers=[name for name in header if make_comparable(name) not in HEADERS])
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
            if field == "distance_m" and len(places) == 1:
                # One distance alone is the shown one, in kilometres or miles: the tracks or the user must say.
                self.assign("shown_distance", places[0], "word")
            elif len(places) == 1:
                self.assign(field, places[0], "word")
            else:
                self._pair(field, places, "word")

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
        return median(ratios) if ratios else None

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
        """Five names twice, in one order both times, with values that fit: the doubled five, in any language."""
        if any(field in self.found for field in DOUBLED.values()):
            return
        counts = Counter(make_comparable(name) for name in self.header if name.strip())
        twice = list(dict.fromkeys(make_comparable(name) for name in self.header if counts[make_comparable(name)] == 2))
        if len(twice) != len(DOUBLED):
            return
        places = [[at for at, name in enumerate(self.header) if make_comparable(name) == word] for word in twice]
        elapsed, distance = (self._ratio(*places[index]) for index in (0, 1))
        in_order = sorted(pair[0] for pair in places) == [pair[0] for pair in places]
        metres = distance is not None and (900 < distance < 1100 or abs(distance / _METRES_A_MILE - 1) < 0.1)
        if in_order and elapsed is not None and abs(elapsed - 1) < 0.02 and metres:
            for (shown, machine), (first, second) in zip(DOUBLED.items(), places, strict=True):
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

    def _fits(self, field: str, values: Sequence[str]) -> bool:
        numeric = field.endswith(("_s", "_m", "_mps", "_bpm", "_w", "_kcal", "_c", "_cadence", "_effort", "_heartrate"))
        if field == "sport":
            return len(set(values)) <= max(12, len(values) // 2)
        return not numeric or all(read_number(value) is not None for value in values)

    def result(self) -> Columns:
        at = {column: field for field, column in self.found.items()}
        unknown = [
            name
            for column, name in enumerate(self.header)
            if column not in at and make_comparable(name) not in HEADERS and self.values(column)
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
    clean = "".join(text.split()).replace("'", "").replace("\u2019", "")
    comma, point = clean.rfind(","), clean.rfind(".")
    if comma > point:
        clean = clean.replace(".", "").replace(",", ".") if clean.count(",") == 1 else clean.replace(",", "")
    else:
        clean = clean.replace(",", "")
    try:
        number = float(clean)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _mostly_files(values: Sequence[str]) -> bool:
    named = [value for value in values if value.startswith("activities/")]
    return bool(named) and len(named) >= 0.8 * len(values)


def _mostly_dates(values: Sequence[str]) -> bool:
    if not values or read_number(values[0]) is not None:
        return False
    read = max(sum(read_date(value, order) is not None for value in values) for order in DATE_ORDERS)
    return read >= 0.8 * len(values)
