"""Grade, and what a pace on a hill is worth on the flat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.training.metrics.elevation import ElevationProfile
from paceport.training.metrics.grid_places import GridPlaces

if TYPE_CHECKING:
    from paceport.streams import Channel

GradeModel = Literal["strava", "minetti"]
_STEEPEST_RATIO = 0.45
_MINETTI = (3.6, 19.5, 46.3, -43.3, -30.4, 155.4)  # J/kg/m, rising powers of the grade; J Appl Physiol 93:1039, 2002
_STRAVA = (  # rising powers of the grade in %; fitted by the Elevate project to Strava's published curve of 2017
    1.0,
    0.029290920646623777,
    0.0018083953212790634,
    4.0662425671715924e-7,
    -3.686186584867523e-7,
    -2.6628107325930747e-9,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class AdjustedDistance:
    """Grade-adjusted metres covered by each distance of the run: both start where the run starts and never fall."""

    distance_m: Channel
    adjusted_m: Channel
    # Half a dozen figures of a run ask for the same points, those of its course.
    _asked: list[tuple[Channel, Channel]] = field(default_factory=list, init=False, repr=False)

    def adjusted_m_at(self, distance_m: Channel) -> Channel:
        """Adjusted metres at those distances. Neither array may be changed afterwards."""
        if self._asked and self._asked[0][0] is distance_m:
            return self._asked[0][1]
        found = np.interp(distance_m, self.distance_m, self.adjusted_m)
        if not self._asked:
            self._asked.append((distance_m, found))
        return found

    def remember(self, distance_m: Channel, places: GridPlaces) -> None:
        """Keep the adjusted metres at those distances, whose places on the grid are known."""
        self._asked[:] = [(distance_m, places.of(self.adjusted_m))]

    @property
    def total_m(self) -> float:
        """Grade-adjusted length of the whole run."""
        return float(self.adjusted_m[-1] - self.adjusted_m[0])


def minetti_cost_j_per_kg_m(grade_ratio: Channel) -> Channel:
    """Energy to run one metre, J per kg of body, at a grade; Minetti et al. 2002. Measured to ±45 %, held beyond."""
    return _polynomial(_MINETTI, _held(grade_ratio))


def minetti_factor(grade_ratio: Channel) -> Channel:
    """How many flat metres one metre at that grade costs in energy: Minetti's cost over its value on the flat."""
    return minetti_cost_j_per_kg_m(grade_ratio) / _MINETTI[0]


def strava_factor(grade_ratio: Channel) -> Channel:
    """How many flat metres one metre at that grade is worth at equal heart rate: Strava's model of 2017, as fitted."""
    return _polynomial(_STRAVA, 100.0 * _held(grade_ratio))


def grade_ratio(along: ElevationProfile) -> Channel:
    """Grade at each point of a profile, as a fraction: central differences on its even grid, held within ±0.45."""
    altitude_m, distance_m = along.altitude_m, along.distance_m
    grades = np.empty(len(altitude_m))
    np.divide(altitude_m[2:] - altitude_m[:-2], distance_m[2:] - distance_m[:-2], out=grades[1:-1])
    grades[0] = (altitude_m[1] - altitude_m[0]) / (distance_m[1] - distance_m[0])
    grades[-1] = (altitude_m[-1] - altitude_m[-2]) / (distance_m[-1] - distance_m[-2])
    return _held(grades)


def adjusted_distance(along: ElevationProfile, grades: Channel, *, model: GradeModel = "strava") -> AdjustedDistance:
    """The distance along a profile weighed by its grades (`grade_ratio`)."""
    return AdjustedDistance(
        distance_m=along.distance_m, adjusted_m=running_sums(_adjusted_steps_m(along, grades, model))
    )


def adjusted_total_m(along: ElevationProfile, grades: Channel, *, model: GradeModel) -> float:
    """The length of `adjusted_distance` alone."""
    return float(_adjusted_steps_m(along, grades, model).sum())


def _adjusted_steps_m(along: ElevationProfile, grades: Channel, model: GradeModel) -> Channel:
    factor_of: Callable[[Channel], Channel] = minetti_factor if model == "minetti" else strava_factor
    factor = factor_of(grades)
    steps_m = factor[1:] + factor[:-1]
    steps_m *= steps_of(along.distance_m)
    steps_m /= 2
    return steps_m


def _held(grade_ratio: Channel) -> Channel:
    """Within ±0.45; np.clip takes three times as long."""
    return np.maximum(np.minimum(grade_ratio, _STEEPEST_RATIO), -_STEEPEST_RATIO)


def adjusted_speed_mps(adjusted: AdjustedDistance | None, moving_time_s: float) -> float | None:
    """Average grade-adjusted speed: adjusted metres over moving time (so the pace is time over the sum of factor · ds).

    Not the mean of the momentary speeds, which would weigh pauses and slow hills wrongly.
    """
    return adjusted.total_m / moving_time_s if adjusted is not None and moving_time_s > 0 else None


def _polynomial(coefficients: tuple[float, ...], values: Channel) -> Channel:
    total = np.full(np.shape(values), coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total *= values
        total += coefficient
    return total
