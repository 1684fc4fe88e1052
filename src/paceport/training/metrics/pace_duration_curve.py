"""The pace-duration curve of many runs, season by season and over all. No arrays here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.personal_records import why_implausible


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBestSpeed:
    """The best mean speed of one run over one duration, raw or grade-adjusted."""

    run_id: int
    day: date
    duration_s: float
    speed_mps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceDurationCurve:
    """The best of all runs over each duration, shortest first; one curve a season, in order, and one over all."""

    overall: dict[float, RunBestSpeed]
    seasons: dict[str, dict[float, RunBestSpeed]]


def calendar_year(day: date) -> str:
    """The season of a day, where seasons are calendar years."""
    return str(day.year)


def pace_duration_curve(
    bests: Iterable[RunBestSpeed], *, season_of: Callable[[date], str] = calendar_year, is_speed: bool = True
) -> PaceDurationCurve:
    """The fastest speed over each duration, for each season and over all; without `is_speed` the highest of anything.

    Speeds beyond the world's best marks are left out. Equal speeds leave it with the earlier run. Runs that must not
    count (rides, rejected efforts) are left out by whoever calls. Source: docs/metrics.md#pace-duration-curve.
    """
    overall: dict[float, RunBestSpeed] = {}
    seasons: dict[str, dict[float, RunBestSpeed]] = {}
    for one in sorted(bests, key=lambda best: (best.day, best.run_id)):
        if is_speed and why_implausible(one.speed_mps * one.duration_s, one.duration_s) is not None:
            continue
        for curve in (overall, seasons.setdefault(season_of(one.day), {})):
            standing = curve.get(one.duration_s)
            if standing is None or one.speed_mps > standing.speed_mps:
                curve[one.duration_s] = one
    return PaceDurationCurve(
        overall=_shortest_first(overall), seasons={name: _shortest_first(seasons[name]) for name in sorted(seasons)}
    )


def _shortest_first(curve: dict[float, RunBestSpeed]) -> dict[float, RunBestSpeed]:
    return {duration_s: curve[duration_s] for duration_s in sorted(curve)}
