"""The maximum heart rate as the runs show it, and whether it is probably too low. No arrays here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass

WINDOW_DAYS, RECENT_DAYS = 730, 90
_RANK = 3
_FASTEST_HEART_BPM = 220.0  # no adult's heart beats faster for a minute: beyond it a sensor speaks
_BELOW_EXPECTED_BPM = 12.0
_HARD_RATIO = 0.85
_TOO_CLOSE_RATIO = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeartRate:
    """The highest mean over one minute of one run, and the mean of the whole run (None where it is not known)."""

    day: date
    best_minute_bpm: float
    mean_bpm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumHeartRate:
    """A lower bound of the maximum: `bpm`, from `runs` runs, and `doubts` about it as clauses to show."""

    bpm: float
    runs: int
    doubts: tuple[str, ...]


def expected_maximum_bpm(age_years: float) -> float:
    """The mean maximum of healthy adults of that age, 208 - 0.7 · age. One person may lie 20 bpm off.

    Source: Tanaka, Monahan and Seals, J Am Coll Cardiol 37:153, 2001.
    """
    return 208.0 - 0.7 * age_years


def maximum_heart_rate(
    runs: Iterable[RunHeartRate], *, today: date, age_years: float | None = None
) -> MaximumHeartRate | None:
    """The third highest one-minute mean over all runs of two years; None with fewer than three runs.

    A minute is no spike, and the third highest is not set by one broken sensor. It is a lower bound: who never runs all
    out never shows the maximum. Minutes above 220 bpm do not count. The athlete's own or Strava's zones always win over
    it. Source: docs/metrics.md#maximum-heart-rate.
    """
    counted = _counted(runs, today)
    bpm = _ranked_bpm(counted)
    if bpm is None:
        return None
    expected_bpm = None if age_years is None else expected_maximum_bpm(age_years)
    return MaximumHeartRate(bpm=bpm, runs=len(counted), doubts=tuple(_doubts(bpm, counted, expected_bpm, today)))


def _counted(runs: Iterable[RunHeartRate], today: date) -> list[RunHeartRate]:
    """The runs of the two years before a day whose minute may be believed."""
    first = today - timedelta(days=WINDOW_DAYS)
    return [run for run in runs if first <= run.day <= today and 0 < run.best_minute_bpm <= _FASTEST_HEART_BPM]


def _ranked_bpm(counted: Sequence[RunHeartRate]) -> float | None:
    """The third highest minute; None with fewer than three."""
    minutes_bpm = sorted((run.best_minute_bpm for run in counted), reverse=True)
    return minutes_bpm[_RANK - 1] if len(minutes_bpm) >= _RANK else None


def season_maxima(runs: Iterable[RunHeartRate], *, last: date) -> dict[int, float]:
    """The maximum of each calendar year that has runs, in bpm, oldest first.

    Each is as known at the end of the year or, in the last one, on the day `last`, and no less than that of a later
    year: a maximum does not rise with age, so what was seen later was possible before. A year without enough runs in
    the two years before its end, and without a later one, is left out.
    """
    known = [run for run in runs if run.day <= last]
    found: dict[int, float] = {}
    highest_bpm = 0.0
    for year in sorted({run.day.year for run in known}, reverse=True):
        highest_bpm = max(highest_bpm, _ranked_bpm(_counted(known, min(date(year, 12, 31), last))) or 0.0)
        if highest_bpm > 0:
            found[year] = highest_bpm
    return dict(sorted(found.items()))


def _doubts(bpm: float, runs: Sequence[RunHeartRate], expected_bpm: float | None, today: date) -> Iterable[str]:
    if expected_bpm is not None and bpm < expected_bpm - _BELOW_EXPECTED_BPM:
        yield f"it is {expected_bpm - bpm:.0f} bpm below the mean for the age"
    recent = today - timedelta(days=RECENT_DAYS)
    if not any(run.day >= recent and run.best_minute_bpm > _HARD_RATIO * bpm for run in runs):
        yield f"no run of the last {RECENT_DAYS} days was above {_HARD_RATIO:.0%} of it"
    means = [run.mean_bpm for run in runs if run.mean_bpm is not None]
    from paceport.training.metrics.averages import median

    # Without an age, this is what shows that somebody has only ever run easily.
    if means and median(means) > _TOO_CLOSE_RATIO * bpm:
        yield f"half of the runs have a mean above {_TOO_CLOSE_RATIO:.0%} of it"
