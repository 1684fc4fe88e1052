"""Training load over days: fitness, fatigue and form; acute against chronic; monotony and strain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.averages import deviation as standard_deviation
from paceport.training.metrics.averages import mean

FormConvention = Literal["previous-day", "same-day"]
RatioVariant = Literal["coupled", "uncoupled", "ewma"]
_ACUTE_DAYS, _CHRONIC_DAYS = 7, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Fitness (CTL), fatigue (ATL) and form (TSB) at the end of one day, in the unit of the loads."""

    fitness: float
    fatigue: float
    form: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """Foster's monotony (mean over standard deviation of seven days) and strain (their sum times monotony)."""

    monotony: float
    strain: float


def daily_loads(loads: Iterable[tuple[date, float]], *, first: date, last: date) -> list[float]:
    """One load per local day from `first` to `last`, both included; days without a run are 0, days outside left out."""
    sums: dict[date, float] = {}
    for day, load in loads:
        sums[day] = sums.get(day, 0.0) + load
    return [sums.get(first + timedelta(days=offset), 0.0) for offset in range((last - first).days + 1)]


def form(
    loads: Sequence[float],
    *,
    fitness_days: float = 42.0,
    fatigue_days: float = 7.0,
    fitness_before: float = 0.0,
    fatigue_before: float = 0.0,
    convention: FormConvention = "previous-day",
) -> list[Form]:
    """Fitness, fatigue and form day by day from consecutive daily loads, zero days included.

    Each is X = X·e^(-1/τ) + load·(1 - e^(-1/τ)) with τ of 42 and 7 days. Form is yesterday's fitness less yesterday's
    fatigue; "same-day" takes today's. The first weeks show the seed, not the athlete: history before is taken as
    `fitness_before` and `fatigue_before`. Source: docs/metrics.md#form.
    """
    fitness, fatigue = fitness_before, fatigue_before
    fitness_kept, fatigue_kept = math.exp(-1.0 / fitness_days), math.exp(-1.0 / fatigue_days)
    days: list[Form] = []
    for load in loads:
        before = fitness - fatigue
        fitness = fitness * fitness_kept + load * (1.0 - fitness_kept)
        fatigue = fatigue * fatigue_kept + load * (1.0 - fatigue_kept)
        days.append(
            Form(
                fitness=fitness,
                fatigue=fatigue,
                form=before if convention == "previous-day" else fitness - fatigue,
            )
        )
    return days


def acute_chronic_ratio(loads: Sequence[float], *, variant: RatioVariant = "coupled") -> float | None:
    """Acute over chronic load on the last of these consecutive days; None before 28 days or with no chronic load.

    "coupled": mean of 7 days over mean of 28. "uncoupled": over the mean of the 21 days before those 7. "ewma":
    exponential means with λ = 2 / (N + 1), seeded with the first day. A description, not a forecast of injury: the
    "sweet spot" of 0.8 to 1.3 does not hold up (Impellizzeri 2020). Source: docs/metrics.md#acwr.
    """
    if len(loads) < _CHRONIC_DAYS:
        return None
    if variant == "ewma":
        acute, chronic = _ewma(loads, _ACUTE_DAYS), _ewma(loads, _CHRONIC_DAYS)
    else:
        before = loads[-_CHRONIC_DAYS:] if variant == "coupled" else loads[-_CHRONIC_DAYS:-_ACUTE_DAYS]
        acute, chronic = mean(loads[-_ACUTE_DAYS:]), mean(before)
    return acute / chronic if chronic > 0 else None


def strain(loads: Sequence[float], *, population: bool = False) -> Strain | None:
    """Monotony and strain of the last seven of these consecutive days; None before seven days or when all are equal.

    The standard deviation is the sample's (n - 1), or the population's on request. Source: docs/metrics.md#monotony.
    """
    week = loads[-7:]
    if len(week) < 7:
        return None
    deviation = standard_deviation(week, population=population)
    if deviation <= 0:
        return None
    monotony = mean(week) / deviation
    return Strain(monotony=monotony, strain=sum(week) * monotony)


def _ewma(loads: Sequence[float], days: int) -> float:
    kept = 1.0 - 2.0 / (days + 1)
    mean = loads[0]
    for load in loads[1:]:
        mean = mean * kept + load * (1.0 - kept)
    return mean
