"""The run list's query: which runs, in which order, which part of them. The address of the page says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from paceport.lazy_dataclass import dataclass
from paceport.training.history.run import Run
from paceport.units import Units

_LONGEST_SEARCH, _LONGEST_SPORT = 200, 40
KINDS: dict[str, tuple[str, Callable[[Run], bool]]] = {
    "race": ("Races", lambda run: bool(run.is_race)),
    "trail": ("Trail runs", lambda run: run.sport == "TrailRun"),
    "indoor": ("Treadmill", lambda run: run.is_indoor),
    "commute": ("Commutes", lambda run: bool(run.is_commute)),
    "private": ("Only for me", lambda run: bool(run.is_private)),
    "hand": ("Entered by hand", lambda run: run.is_manual),
}
# What a list can be sorted by, and whether the first click puts the largest first.
SORTS: dict[str, tuple[Callable[[Run], Any], bool]] = {
    "day": (lambda run: run.local_start, True),
    "name": (lambda run: run.name.casefold(), False),
    "distance": (lambda run: run.distance_m, True),
    "time": (lambda run: run.moving_time_s, True),
    "pace": (lambda run: run.speed_mps, True),
    "adjusted": (lambda run: run.adjusted_speed_mps, True),
    "heart": (lambda run: run.heartrate_bpm, True),
    "climb": (lambda run: run.elevation_gain_m, True),
    "load": (lambda run: run.load, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """What the list shows: runs whose words hold every word of `search`, and that all filters let pass.

    `first` and `last` are local days, both included; `least` and `most` lengths in the page's unit. `sort` is a key of
    SORTS, `is_reversed` turns its usual direction round. `page` counts from 1. `sport` is a word, "" for the usual one.
    """

    search: str = ""
    year: int | None = None
    kind: str = ""
    gear: str = ""
    first: date | None = None
    last: date | None = None
    least: float | None = None
    most: float | None = None
    sort: str = "day"
    is_reversed: bool = False
    page: int = 1
    sport: str = ""

    def address(self, path: str = "/runs", **changed: object) -> str:
        """The address of the list with some of it changed; a change leads to the first page unless it names one."""
        query = replace(self, **({"page": 1} | changed))  # type: ignore[arg-type]  # fields by name
        pairs = {
            "q": query.search,
            "year": query.year or "",
            "kind": query.kind,
            "gear": query.gear,
            "from": query.first.isoformat() if query.first else "",
            "to": query.last.isoformat() if query.last else "",
            "min": "" if query.least is None else f"{query.least:g}",
            "max": "" if query.most is None else f"{query.most:g}",
            "sort": query.sort if query.sort != "day" else "",
            "turned": "1" if query.is_reversed else "",
            "page": query.page if query.page > 1 else "",
            "sport": query.sport,
        }
        text = urlencode({name: value for name, value in pairs.items() if value != ""})
        return f"{path}?{text}" if text else path

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves out anything."""
        return replace(self, sort="day", is_reversed=False, page=1, sport="") != RunQuery()


def read_query(parameters: Mapping[str, str]) -> RunQuery:
    """The query that the parameters of an address ask for; what cannot be understood counts as not said."""
    kind, sort = parameters.get("kind", ""), parameters.get("sort", "")
    return RunQuery(
        search=" ".join(parameters.get("q", "")[:_LONGEST_SEARCH].split()),
        year=_whole(parameters.get("year", ""), 1, 9999),
        kind=kind if kind in KINDS else "",
        gear=parameters.get("gear", "")[:_LONGEST_SEARCH],
        first=_day(parameters.get("from", "")),
        last=_day(parameters.get("to", "")),
        least=_length(parameters.get("min", "")),
        most=_length(parameters.get("max", "")),
        sort=sort if sort in SORTS else "day",
        is_reversed=parameters.get("turned") == "1",
        page=_whole(parameters.get("page", ""), 1, 10**6) or 1,
        sport=_word(parameters.get("sport", "")),
    )


def choose_runs(runs: Iterable[Run], query: RunQuery, units: Units) -> list[Run]:
    """The runs of the query, sorted; runs that lack what they are sorted by come last in either direction."""
    chosen = [run for run in runs if _passes(run, query, units)]
    value_of, is_largest_first = SORTS[query.sort]
    known = [(value, run.start, run.id, run) for run in chosen if (value := value_of(run)) is not None]
    known.sort(key=lambda one: one[:3], reverse=is_largest_first != query.is_reversed)
    unknown = sorted((run for run in chosen if value_of(run) is None), key=lambda run: run.start, reverse=True)
    return [one[3] for one in known] + unknown


def _passes(run: Run, query: RunQuery, units: Units) -> bool:
    length = None if run.distance_m is None else run.distance_m / units.unit_m
    return (
        (query.year is None or run.day.year == query.year)
        and (not query.kind or KINDS[query.kind][1](run))
        and (not query.gear or run.gear == query.gear)
        and (query.first is None or run.day >= query.first)
        and (query.last is None or run.day <= query.last)
        and (query.least is None or (length is not None and length >= query.least))
        and (query.most is None or (length is not None and length <= query.most))
        and (not query.search or _has_words(run, query.search.casefold().split()))
    )


def _has_words(run: Run, words: Sequence[str]) -> bool:
    text = f"{run.name} {run.gear} {run.device_name} {run.sport} {run.day}".casefold()
    return all(word in text or word == str(run.id) for word in words)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _word(text: str) -> str:
    return text.casefold() if text.isascii() and text.isalpha() and len(text) <= _LONGEST_SPORT else ""


def _whole(text: str, least: int, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and least <= int(text) <= most else None


def _length(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and 0 <= value < 1e6 else None
