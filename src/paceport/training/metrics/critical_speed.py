"""Critical speed: the line through your maximal efforts of different runs, and how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from heapq import nlargest
from operator import itemgetter

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.averages import mean

# A maximal effort is looked for in each of these durations, in seconds. The last one includes its end.
DURATION_BANDS_S = ((120.0, 240.0), (240.0, 480.0), (480.0, 900.0), (900.0, 1500.0))
WINDOW_DAYS = 90
_LEAST_BANDS = 3
_LEAST_RESERVE_M, _MOST_RESERVE_M = 50.0, 450.0
_LEAST_FIT = 0.95
_LARGEST_RESIDUAL_RATIO = 0.05
_VALID_BEYOND_LONGEST, _LONGEST_VALID_S = 2.0, 3600.0
# Between efforts of one band, speed is compared as if all had lasted equally long: Riegel's law, speed ~ time^-0.0566.
_FATIGUE_EXPONENT = 0.06 / 1.06
_SPARE_RUNS = len(DURATION_BANDS_S)
_SPAN = "{} to {}"
_ROUNDED_UP = 1.0 + 1e-12  # sums of the same speeds in another order may differ by less


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalSpeed:
    """Distance = `speed_mps` · time + `reserve_m`, with the share of variance explained and the efforts it rests on.

    `shortest_s` and `longest_s` are the durations of these efforts.
    """

    speed_mps: float
    reserve_m: float
    fit_r2: float
    efforts: int
    shortest_s: float
    longest_s: float

    def time_s(self, distance_m: float) -> float | None:
        """The time the line gives for a distance; None for one shorter than the reserve."""
        return (distance_m - self.reserve_m) / self.speed_mps if distance_m > self.reserve_m else None

    def is_valid_for(self, time_s: float) -> bool:
        """Whether the line may be used for an effort of that duration.

        It may from its shortest effort to twice its longest, and never beyond an hour.
        """
        return self.shortest_s <= time_s <= min(_VALID_BEYOND_LONGEST * self.longest_s, _LONGEST_VALID_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedEffort:
    """One timed distance of one day: a race, or a best effort out of a run."""

    day: date
    distance_m: float
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEffort(TimedEffort):
    """A timed distance, the run it comes from, and whether that run was a race."""

    run_id: int
    is_race: bool = False


# An effort with its `comparable_speed`, so that this is worked out once.
Compared = tuple[float, RunEffort]


def critical_speed(efforts: Sequence[tuple[float, float]]) -> CriticalSpeed | None:
    """Least squares of distance over time on (distance_m, elapsed_s) efforts of 2 to 25 minutes.

    The efforts must be maximal and of different runs: pieces of one even run lie on a line whatever the runner can do
    (`maximal_efforts` chooses them). None with efforts in fewer than three of the bands 2-4, 4-8, 8-15 and 15-25 min, a
    speed that is not above 0, a reserve outside 50 to 450 m, r² below 0.95, or an effort more than 5 % of its distance
    off the line. Source: docs/metrics.md#critical-speed.
    """
    used = [(distance, time) for distance, time in efforts if _band(time) is not None]
    if len({_band(time) for _, time in used}) < _LEAST_BANDS:
        return None
    line = _line_through(used)
    return line if line is not None and not _why_implausible(line, used) else None


def why_not_known(efforts: Iterable[RunEffort], *, before: date) -> str:
    """What `recent_critical_speed` lacks, as a clause to show; empty where it is known."""
    chosen = maximal_efforts(efforts, before=before)
    used = [(one.distance_m, one.time_s) for one in chosen]
    if len(used) < _LEAST_BANDS:
        spans = _listed([_SPAN.format(*_minutes(band)) for band in DURATION_BANDS_S], "and")
        found = _listed([_SPAN.format(*_minutes(DURATION_BANDS_S[_band(time) or 0])) for _, time in used], "and")
        return (
            f"it needs fast efforts of three runs, each in another of {spans} minutes; the last {WINDOW_DAYS} days "
            f"{f'have them in {found} minutes alone' if used else 'have none'}"
        )
    line = _line_through(used)
    because = "they are all the same" if line is None else _why_implausible(line, used)
    return because and f"the fast efforts of the last {WINDOW_DAYS} days do not make a plausible line: {because}"


def _line_through(used: Sequence[tuple[float, float]]) -> CriticalSpeed | None:
    """Least squares of distance over time; None where all distances or times are the same."""
    mean_m, mean_s = mean(distance for distance, _ in used), mean(time for _, time in used)
    spread_s = sum((time - mean_s) ** 2 for _, time in used)
    spread_m = sum((distance - mean_m) ** 2 for distance, _ in used)
    together = sum((time - mean_s) * (distance - mean_m) for distance, time in used)
    if spread_s <= 0 or spread_m <= 0:
        return None
    return CriticalSpeed(
        speed_mps=together / spread_s,
        reserve_m=mean_m - together / spread_s * mean_s,
        fit_r2=together**2 / (spread_s * spread_m),
        efforts=len(used),
        shortest_s=min(time for _, time in used),
        longest_s=max(time for _, time in used),
    )


def maximal_efforts(efforts: Iterable[RunEffort], *, before: date, window_days: int = WINDOW_DAYS) -> list[RunEffort]:
    """The best effort of each band of durations in the days before `before`, each of another run; shortest band first.

    As many bands as possible get an effort; among the ways to choose, the fastest wins. That a best is a maximal effort
    is not known: the gates of `critical_speed` refuse lines that maximal efforts do not give.
    """
    first = before - timedelta(days=window_days)
    best = best_efforts_by_band(effort for effort in efforts if first <= effort.day < before)
    candidates = [fastest_of(runs) for runs in best]
    fastest = [few[0] for few in candidates if few]
    if len({one.run_id for _, one in fastest}) < len(fastest):
        fastest = _best_choice([few for few in candidates if few])
    return [effort for _, effort in fastest]


def fastest_of(band: Iterable[Compared]) -> list[Compared]:
    """The fastest efforts of one band and of different runs, as many as `maximal_efforts` may need of it.

    No more runs than bands can be taken by the other bands, so these few are enough to choose from.
    """
    return nlargest(_SPARE_RUNS, band, key=itemgetter(0))


def best_efforts_by_band(efforts: Iterable[RunEffort]) -> list[list[Compared]]:
    """The best effort of each run in each band of durations, oldest first."""
    best: list[dict[int, Compared]] = [{} for _ in DURATION_BANDS_S]
    for effort in efforts:
        band = _band(effort.time_s)
        if band is not None and effort.distance_m > 0:
            speed_mps = comparable_speed(effort)
            standing = best[band].get(effort.run_id)
            if standing is None or speed_mps > standing[0]:
                best[band][effort.run_id] = (speed_mps, effort)
    return [sorted(runs.values(), key=lambda one: (one[1].day, one[1].run_id)) for runs in best]


def _best_choice(bands: Sequence[Sequence[Compared]]) -> list[Compared]:
    """One effort of each band, fastest first, and no two of one run: as many as can be, and of these the fastest.

    Of equal choices the first one. A choice is given up where even the fastest of what is left could not make it best.
    """
    rest_mps = [0.0]
    for few in reversed(bands):
        rest_mps.append(rest_mps[-1] + few[0][0])
    best: list[Compared] = []
    worth = (0, 0.0)

    def choose(place: int, taken: list[Compared], sum_mps: float) -> None:
        nonlocal best, worth
        left = len(bands) - place
        if left == 0:
            if (len(taken), sum_mps) > worth:
                best, worth = taken, (len(taken), sum_mps)
            return
        if (len(taken) + left, (sum_mps + rest_mps[left]) * _ROUNDED_UP) <= worth:
            return
        for one in bands[place]:
            if all(one[1].run_id != other.run_id for _, other in taken):
                choose(place + 1, [*taken, one], sum_mps + one[0])
        choose(place + 1, taken, sum_mps)

    choose(0, [], 0.0)
    return best


def recent_critical_speed(efforts: Iterable[RunEffort], *, before: date) -> CriticalSpeed | None:
    """Critical speed from the maximal efforts of the 90 days before `before`; None where they give no line."""
    return critical_speed([(one.distance_m, one.time_s) for one in maximal_efforts(efforts, before=before)])


def _band(time_s: float) -> int | None:
    """Which band of durations a time lies in."""
    if time_s == DURATION_BANDS_S[-1][1]:
        return len(DURATION_BANDS_S) - 1
    return next((place for place, (low, high) in enumerate(DURATION_BANDS_S) if low <= time_s < high), None)


def comparable_speed(effort: RunEffort) -> float:
    """Speed in m/s as if all efforts of a band had lasted equally long."""
    return float(effort.distance_m / effort.time_s * effort.time_s**_FATIGUE_EXPONENT)


def _why_implausible(line: CriticalSpeed, efforts: Sequence[tuple[float, float]]) -> str:
    """Which gate refuses a line, as a clause; empty where none does."""
    if line.speed_mps <= 0:
        return "the longer ones are not farther"
    if not _LEAST_RESERVE_M <= line.reserve_m <= _MOST_RESERVE_M:
        possible = f"{_LEAST_RESERVE_M:.0f} to {_MOST_RESERVE_M:.0f} m is possible"
        return f"its reserve (D') is {line.reserve_m:.0f} m, and {possible}. They were probably not all maximal"
    if line.fit_r2 < _LEAST_FIT:
        return f"its r² is {math.floor(line.fit_r2 * 1000) / 1000:.3f}, and {_LEAST_FIT} is needed"
    off_ratio, time_s = max(
        (abs(line.speed_mps * time + line.reserve_m - distance) / distance, time) for distance, time in efforts
    )
    if off_ratio <= _LARGEST_RESIDUAL_RATIO:
        return ""
    return f"the effort of {time_s / 60:.0f} minutes lies {100 * off_ratio:.1f} % off it, and 5 % is allowed"


def _minutes(band: tuple[float, float]) -> tuple[int, int]:
    return round(band[0] / 60), round(band[1] / 60)


def _listed(texts: Sequence[str], last: str) -> str:
    *before, end = texts or [""]
    return f"{', '.join(before)} {last} {end}" if before else end
