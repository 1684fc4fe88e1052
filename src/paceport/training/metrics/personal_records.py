"""Personal records over time, and what was left out because it cannot be or does not count."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from paceport.lazy_dataclass import dataclass
from paceport.units import MILE_M

# Metres and seconds of men's best marks, track and road. Nobody's watch is faster; a mark that is, is a bad recording.
_BEST_MARKS = (
    (100.0, 9.58),  # Bolt 2009
    (200.0, 19.19),  # Bolt 2009
    (400.0, 43.03),  # van Niekerk 2016
    (800.0, 100.91),  # Rudisha 2012
    (1000.0, 131.96),  # Ngeny 1999
    (MILE_M, 223.13),  # El Guerrouj 1999
    (2 * MILE_M, 474.10),  # Ingebrigtsen 2024
    (5000.0, 755.36),  # Cheptegei 2020
    (10000.0, 1571.00),  # Cheptegei 2020
    (21097.5, 3402.0),  # Kiplimo 2025
    (42195.0, 7235.0),  # Kiptum 2023
    (100000.0, 21560.0),  # Kubheka 2025
)
_MARGIN = 0.98  # marks fall; a flying start helps a little


class Attempt(NamedTuple):
    """One effort that might be a record: which run, when it began, over what, in what time.

    `excluded_because` says why it must not count (a flagged run, a ride, the athlete's wish); None lets it in.
    """

    run_id: int
    at: datetime
    span_m: float
    elapsed_time_s: float
    excluded_because: str | None = None


class RankedAttempt(NamedTuple):
    """An attempt that counts, and its places over its distance: among all, and among those of its year."""

    attempt: Attempt
    place: int
    place_in_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An attempt that beat all before it; `gained_s` is by how much, None for the first over its span."""

    attempt: Attempt
    gained_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A fast attempt that is no record, and why: a sentence to show."""

    attempt: Attempt
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRecords:
    """Records per span in the order they were set, the last one standing; and the attempts that would have been one."""

    progress: dict[float, tuple[Record, ...]]
    excluded: tuple[Exclusion, ...]

    def current(self) -> dict[float, Record]:
        """The record that stands, by span, shortest first."""
        return {span_m: records[-1] for span_m, records in self.progress.items()}


def personal_records(attempts: Iterable[Attempt]) -> PersonalRecords:
    """Records over time. A record falls only to a faster time; an equal one leaves it with who came first.

    Attempts of one moment count in the order of their run ids. An excluded attempt is listed only where it would have
    beaten the record of its day. Source: docs/metrics.md#personal-records.
    """
    progress: dict[float, list[Record]] = {}
    excluded: list[Exclusion] = []
    for attempt in sorted(attempts, key=lambda one: (one.at, one.run_id)):
        standing = progress.setdefault(attempt.span_m, [])
        best_s = standing[-1].attempt.elapsed_time_s if standing else math.inf
        if not attempt.elapsed_time_s < best_s:
            continue
        because = attempt.excluded_because or why_implausible(attempt.span_m, attempt.elapsed_time_s)
        if because:
            excluded.append(Exclusion(attempt=attempt, reason=because))
        else:
            standing.append(Record(attempt=attempt, gained_s=best_s - attempt.elapsed_time_s if standing else None))
    kept = {span_m: tuple(progress[span_m]) for span_m in sorted(progress) if progress[span_m]}
    return PersonalRecords(progress=kept, excluded=tuple(excluded))


def best_attempts(attempts: Iterable[Attempt], *, year_of: Mapping[int, int]) -> dict[float, tuple[RankedAttempt, ...]]:
    """The attempts that count over each distance, the fastest first and of equal ones the earlier; one of each run.

    `year_of` is the year of each run. Source: docs/metrics.md#personal-records.
    """
    by_span: dict[float, list[Attempt]] = {}
    for one in attempts:
        if one.excluded_because is None:
            by_span.setdefault(one.span_m, []).append(one)
    found: dict[float, tuple[RankedAttempt, ...]] = {}
    for span_m in sorted(by_span):
        ranked, seen, in_year = list[RankedAttempt](), set[int](), dict[int, int]()
        for one in sorted(by_span[span_m], key=lambda one: (one.elapsed_time_s, one.at, one.run_id)):
            if one.run_id in seen or why_implausible(span_m, one.elapsed_time_s):
                continue
            seen.add(one.run_id)
            year = year_of[one.run_id]
            in_year[year] = in_year.get(year, 0) + 1
            ranked.append(RankedAttempt(one, len(seen), in_year[year]))
        if ranked:
            found[span_m] = tuple(ranked)
    return found


def why_implausible(span_m: float, elapsed_time_s: float) -> str | None:
    """Why nobody ran that, or None if somebody could: it is well under the best mark over that distance."""
    if not (elapsed_time_s > 0 and span_m > 0):
        return "it took no time"
    if elapsed_time_s < _least_s(span_m):
        return "it is faster than the world record"
    return None


@cache
def _least_s(span_m: float) -> float:
    """What nobody is faster than over a distance."""
    return _MARGIN * _best_mark_s(span_m)


def _best_mark_s(span_m: float) -> float:
    """The best mark over any distance: at the speed of the marks on both sides, bent evenly between them."""
    first_m, first_s = _BEST_MARKS[0]
    if span_m <= first_m:
        return span_m * first_s / first_m
    for (near_m, near_s), (far_m, far_s) in pairwise(_BEST_MARKS):
        if span_m <= far_m:
            share = math.log(span_m / near_m) / math.log(far_m / near_m)
            return math.exp((1 - share) * math.log(near_s) + share * math.log(far_s))
    last_m, last_s = _BEST_MARKS[-1]
    return span_m * last_s / last_m
