"""The Eddington number: E days of at least E units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.totals import RunFacts
from paceport.units import rounding_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Eddington:
    """The largest E with E days of at least E units, and how many more days of at least E + 1 make the next."""

    number: int
    days_to_next: int


def eddington(outings: Iterable[RunFacts], unit_m: float) -> Eddington:
    """The Eddington number in units of `unit_m` (1000 for km, 1609.344 for miles).

    Runs of one local day are added up first: it counts days, not runs. A unit is reached at the precision in which the
    distances are written. Source: docs/metrics.md#eddington.
    """
    by_day: dict[date, list[float]] = {}
    for outing in outings:
        if outing.distance_m:
            by_day.setdefault(outing.day, []).append(outing.distance_m)
    # The finest of a day's distances decides: coarse ones must not add up to a unit that was not run.
    reached = (sum(distances_m) + min(map(rounding_m, distances_m)) for distances_m in by_day.values())
    return eddington_number(distance_m / unit_m for distance_m in reached)


def eddington_number(amounts: Iterable[float]) -> Eddington:
    """The Eddington number of one amount per day, in whole units reached."""
    whole = sorted((int(amount + 1e-9) for amount in amounts if amount >= 1 - 1e-9), reverse=True)
    number = sum(1 for rank, amount in enumerate(whole, start=1) if amount >= rank)
    return Eddington(number=number, days_to_next=number + 1 - sum(1 for amount in whole if amount >= number + 1))
