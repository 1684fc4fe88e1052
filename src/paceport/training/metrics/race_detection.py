"""Whether a run looks like a race where nobody says so. No arrays here."""

from __future__ import annotations

import math
from collections.abc import Iterable

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.critical_speed import TimedEffort
from paceport.training.metrics.race_prediction import riegel_s
from paceport.training.metrics.race_words import race_word, training_word
from paceport.units import MILE_M

STANDARD_RACES_M = (
    *(1500.0, MILE_M, 3000.0, 2 * MILE_M, 5000.0, 8000.0, 5 * MILE_M, 10_000.0, 12_000.0, 15_000.0, 10 * MILE_M),
    *(20_000.0, 21_097.5, 25_000.0, 30_000.0, 42_195.0, 50_000.0, 50 * MILE_M, 100_000.0, 100 * MILE_M),
)
_DISTANCE_TOLERANCE = 0.015
_FAST, _NOT_SLOW = 1.05, 1.2
_FEW_STOPS, _STOPS_OF_A_NAMED_RACE = 0.03, 0.1
_LARGEST_STRETCH = 4.0  # of a distance to a best that says what is possible over it


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceSigns:
    """What speaks for a race. `looks_like_a_race` is shown; what Strava or an amendment says decides.

    `name_word` is the word of the title that says so, `training_word` one that denies it. `standard_m` is the standard
    distance within 1.5 %. `stopped_ratio` is the share of the elapsed time without moving. `allowed_ratio` is the
    elapsed time over what the athlete's other bests allow: below 1 is faster; None where there are none.
    """

    name_word: str | None
    training_word: str | None
    standard_m: float | None
    stopped_ratio: float
    allowed_ratio: float | None

    @property
    def looks_like_a_race(self) -> bool:
        """Two of name, distance and speed agree, it has few stops, and the name does not deny it.

        A name and a standard distance leave room for a bad day (20 % slower) and a tenth of the time in stops.
        """
        if self.training_word is not None:
            return False
        is_named, is_standard = self.name_word is not None, self.standard_m is not None
        ratio = self.allowed_ratio
        if is_named and is_standard:
            return self.stopped_ratio <= _STOPS_OF_A_NAMED_RACE and (ratio is None or ratio <= _NOT_SLOW)
        is_fast = ratio is not None and ratio <= _FAST
        return is_fast and (is_named or is_standard) and self.stopped_ratio <= _FEW_STOPS


def race_signs(
    *,
    title: str,
    distance_m: float,
    elapsed_time_s: float,
    moving_time_s: float,
    other_bests: Iterable[TimedEffort] = (),
) -> RaceSigns | None:
    """What speaks for a race in a run of these numbers; None without a distance and a time.

    `other_bests` are best efforts of the athlete's other runs, best of the same half year.
    Source: docs/metrics.md#race-detection.
    """
    if not (0 < distance_m < math.inf and 0 < elapsed_time_s < math.inf):
        return None
    allowed_s = allowed_time_s(distance_m, other_bests)
    return RaceSigns(
        name_word=race_word(title),
        training_word=training_word(title),
        standard_m=standard_distance_m(distance_m),
        stopped_ratio=min(max(1.0 - moving_time_s / elapsed_time_s, 0.0), 1.0),
        allowed_ratio=None if allowed_s is None else elapsed_time_s / allowed_s,
    )


def standard_distance_m(distance_m: float) -> float | None:
    """The standard race distance within 1.5 % of this one, the closest if there are two; None without one."""
    closest_m = min(STANDARD_RACES_M, key=lambda standard_m: abs(distance_m / standard_m - 1.0))
    return closest_m if abs(distance_m / closest_m - 1.0) <= _DISTANCE_TOLERANCE else None


def allowed_time_s(distance_m: float, bests: Iterable[TimedEffort]) -> float | None:
    """The shortest time that the bests allow over a distance by Riegel's law; None without a best near it.

    Only bests from a quarter of the distance to four times as much count: a sprint says nothing of a marathon.
    """
    near = (
        one
        for one in bests
        if one.time_s > 0 and distance_m / _LARGEST_STRETCH <= one.distance_m <= distance_m * _LARGEST_STRETCH
    )
    return min((riegel_s(one.distance_m, one.time_s, distance_m) for one in near), default=None)
