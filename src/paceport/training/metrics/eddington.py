"""The Eddington number: E days of at least E units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from paceport.training.metrics.totals import RunFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Eddington:
    """The largest E with E days of at least E units, and how many more days of at least E + 1 make the next."""

    number: int
    days_to_next: int


def eddington(outings: Iterable[RunFacts], unit_m: float) -> Eddington:
    """The Eddington number in units of `unit_m` (1000 for km, 1609.344 for miles).

    Runs of one local day are added up first: it counts days, not runs. Source: docs/metrics.md#eddington.
    """
    by_day: dict[date, float] = {}
    for outing in outings:
        by_day[outing.day] = by_day.get(outing.day, 0.0) + (outing.distance_m or 0.0)
    return eddington_number(distance / unit_m for distance in by_day.values())


def eddington_number(amounts: Iterable[float]) -> Eddington:
    """The Eddington number of one amount per day, in whole units reached."""
    whole = sorted((int(amount + 1e-9) for amount in amounts if amount >= 1 - 1e-9), reverse=True)
    number = sum(1 for rank, amount in enumerate(whole, start=1) if amount >= rank)
    return Eddington(number=number, days_to_next=number + 1 - sum(1 for amount in whole if amount >= number + 1))
