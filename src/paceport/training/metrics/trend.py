"""Whether something changes over the months, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from math import ceil, floor, inf, isfinite, sqrt

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.averages import median
from paceport.training.metrics.totals import week_of

LEAST_WEEKS = 8
_SURE = 1.959963984540054  # a normal deviate: 95 %, both sides
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Change per year in the unit of the values: the best estimate and its 95 % interval, from `weeks` weekly medians.

    `is_clear` says that the interval does not hold 0. `level` is the value of the line at `last`.
    """

    per_year: float
    low_per_year: float
    high_per_year: float
    weeks: int
    first: date
    last: date
    level: float

    @property
    def is_clear(self) -> bool:
        """Whether the direction is beyond doubt at 95 %."""
        return self.low_per_year > 0 or self.high_per_year < 0

    def pace_change_s(self, unit_m: float) -> tuple[float, float, float] | None:
        """Of a trend of speeds: change, lower and upper end in seconds of pace for `unit_m` a year, at today's level.

        Below zero is faster. None where the level is no speed.
        """
        # Seconds for a unit change by -unit / speed² for each m/s.
        slope = -unit_m / self.level**2 if self.level > 0 else -inf
        if not isfinite(slope):
            return None
        return slope * self.per_year, slope * self.high_per_year, slope * self.low_per_year


def trend(values: Iterable[tuple[date, float]]) -> Trend | None:
    """The robust slope of (local day, value) pairs; None with fewer than eight weeks that have a value.

    Values are first put together into one median a week, because runs of one week say much the same. The slope is
    Theil and Sen's: the median over all pairs of weeks, which a few races or broken runs do not move. The interval is
    Sen's of 1968, from the normal approximation of Kendall's statistic with ties; it assumes that weeks are
    independent, so where training comes in long waves the truth is a little less sure than it says.
    Source: docs/metrics.md#trend.
    """
    weekly: dict[date, list[float]] = {}
    for day, value in values:
        if isfinite(value):
            weekly.setdefault(week_of(day), []).append(value)
    if len(weekly) < LEAST_WEEKS:
        return None
    weeks = sorted(weekly)
    years = [(week - weeks[0]).days / _DAYS_PER_YEAR for week in weeks]
    levels = [median(weekly[week]) for week in weeks]
    pairs = combinations(zip(years, levels, strict=True), 2)
    slopes = sorted((later - earlier) / (then - before) for (before, earlier), (then, later) in pairs)
    half_width = _SURE * sqrt(_kendall_variance(levels))
    low = max(floor((len(slopes) - half_width) / 2), 0)
    high = min(ceil((len(slopes) + half_width) / 2), len(slopes) - 1)
    slope = median(slopes)
    return Trend(
        per_year=slope,
        low_per_year=slopes[low],
        high_per_year=slopes[high],
        weeks=len(weeks),
        first=weeks[0],
        last=weeks[-1],
        level=median(level - slope * year for level, year in zip(levels, years, strict=True)) + slope * years[-1],
    )


def _kendall_variance(levels: Sequence[float]) -> float:
    count = len(levels)
    tied = sum(ties * (ties - 1) * (2 * ties + 5) for ties in Counter(levels).values())
    return (count * (count - 1) * (2 * count + 5) - tied) / 18.0
