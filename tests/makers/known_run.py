"""A run whose true figures are known on paper: legs of even speed, climb, heart rate and cadence.

What follows from the legs is computed here from the legs, never from samples, and never by our own code.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, groupby, pairwise

METRES_PER_DEGREE = 6_371_008.8 * 3.141592653589793 / 180
STANDING_MPS, STANDING_S = 0.89408, 15
# What a metre is worth on the flat, as powers of the grade. Strava's model of 2017, as the Elevate project fitted it to
# the grade in percent, and Minetti et al. 2002 over their cost on the flat.
STRAVA = tuple(
    factor * 100**power
    for power, factor in enumerate(
        (
            1.0,
            0.029290920646623777,
            0.0018083953212790634,
            4.0662425671715924e-7,
            -3.686186584867523e-7,
            -2.6628107325930747e-9,
        )
    )
)
MINETTI = tuple(joules / 3.6 for joules in (3.6, 19.5, 46.3, -43.3, -30.4, 155.4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Some seconds of the same. Strides are of one foot. In a pause the device's timer stands."""

    seconds: int
    speed_mps: float = 3.0
    climb_mps: float = 0.0
    heartrate_bpm: int = 150
    strides_per_minute: int = 84
    is_pause: bool = False

    @property
    def distance_m(self) -> float:
        return self.seconds * self.speed_mps

    @property
    def grade_ratio(self) -> float:
        return self.climb_mps / self.speed_mps if self.speed_mps else 0.0

    @property
    def is_standing(self) -> bool:
        return self.speed_mps < STANDING_MPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The truth at one second of a run."""

    second: int
    time: datetime
    distance_m: float
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    leg: Leg


def hills(
    *heights_m: float, speed_mps: float = 3.0, heartrate_bpm: int = 160, strides_per_minute: int = 82
) -> list[Leg]:
    """Hill by hill up and down at 0.2 m a second, 30 s of flat between: heights are reached to the second."""
    legs = []
    for height_m in heights_m:
        seconds = round(height_m / 0.2)
        for seconds_, climb_mps in ((seconds, 0.2), (30, 0.0), (seconds, -0.2), (30, 0.0)):
            legs.append(
                Leg(
                    seconds=seconds_,
                    speed_mps=speed_mps,
                    climb_mps=climb_mps,
                    heartrate_bpm=heartrate_bpm,
                    strides_per_minute=strides_per_minute,
                )
            )
    return legs


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRun:
    """Legs one after the other, due north from a place."""

    start: datetime
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    legs: Sequence[Leg]

    @property
    def edges_s(self) -> list[int]:
        """The seconds at which legs begin and end."""
        return list(accumulate((leg.seconds for leg in self.legs), initial=0))

    @property
    def edges_m(self) -> list[float]:
        """The distances at which legs begin and end."""
        return list(accumulate((leg.distance_m for leg in self.legs), initial=0.0))

    @property
    def elapsed_s(self) -> int:
        return self.edges_s[-1]

    @property
    def distance_m(self) -> float:
        return self.edges_m[-1]

    @property
    def paused_s(self) -> int:
        return sum(leg.seconds for leg in self.legs if leg.is_pause)

    def moments(self, seconds: Iterable[int] | None = None) -> Iterator[Moment]:
        """The truth at these seconds, or at every one. At an edge the leg that ends there speaks."""
        wanted = set(range(self.elapsed_s + 1) if seconds is None else seconds)
        distance_m, altitude_m = 0.0, self.altitude_m
        for begun_s, leg in zip(self.edges_s, self.legs, strict=False):
            for gone_s in range(0 if begun_s == 0 else 1, leg.seconds + 1):
                if begun_s + gone_s in wanted:
                    way_m = distance_m + gone_s * leg.speed_mps
                    yield Moment(
                        second=begun_s + gone_s,
                        time=self.start + timedelta(seconds=begun_s + gone_s),
                        distance_m=way_m,
                        latitude_deg=self.latitude_deg + way_m / METRES_PER_DEGREE,
                        longitude_deg=self.longitude_deg,
                        altitude_m=round(altitude_m + gone_s * leg.climb_mps, 1),
                        leg=leg,
                    )
            distance_m += leg.distance_m
            altitude_m += leg.seconds * leg.climb_mps

    def moving_time_s(self) -> int:
        """Elapsed time less all that stands for more than 15 s."""
        stood = 0
        for is_standing, legs in groupby(self.legs, key=lambda leg: leg.is_standing):
            seconds = sum(leg.seconds for leg in legs)
            stood += seconds if is_standing and seconds > STANDING_S else 0
        return self.elapsed_s - stood

    def effort_s(self, span_m: float) -> float:
        """The least time over a span. With even legs one of its ends lies at the edge of a leg."""
        starts_m = [edge - back for edge in self.edges_m for back in (0.0, span_m)]
        possible = [start for start in starts_m if start >= 0 and start + span_m <= self.distance_m]
        return min(self._reached_s(start + span_m) - self._left_s(start) for start in possible)

    def _reached_s(self, distance_m: float) -> float:
        """When a distance is first reached."""
        for (begun_m, ended_m), begun_s, leg in self._stretches():
            if distance_m <= ended_m:
                return begun_s + (distance_m - begun_m) / leg.speed_mps if ended_m > begun_m else begun_s
        raise AssertionError("beyond the end")

    def _left_s(self, distance_m: float) -> float:
        """When a distance is last left behind: standing there is over."""
        left = 0.0
        for (begun_m, ended_m), begun_s, leg in self._stretches():
            if begun_m <= distance_m <= ended_m:
                left = begun_s + (distance_m - begun_m) / leg.speed_mps if leg.speed_mps else begun_s + leg.seconds
        return left

    def _stretches(self) -> Iterator[tuple[tuple[float, float], int, Leg]]:
        return zip(pairwise(self.edges_m), self.edges_s, self.legs, strict=False)

    def climbed_m(self, threshold_m: float) -> int:
        """What hills climbed at 0.2 m a second from one level add up to, in whole thresholds each."""
        tenths = round(threshold_m * 10)
        return round(sum(round(rise * 10) // tenths * tenths for rise in self.rises_m()) / 10)

    def rises_m(self) -> list[float]:
        """The height of each hill."""
        return [leg.seconds * leg.climb_mps for leg in self.legs if leg.climb_mps > 0]

    def adjusted_m(self, model: Sequence[float]) -> float:
        """Metres weighed by a polynomial of the grade."""
        return sum(
            leg.distance_m * sum(factor * leg.grade_ratio**power for power, factor in enumerate(model))
            for leg in self.legs
        )

    def mean_strides_per_minute(self, seconds: float) -> float:
        """The strides made outside pauses, over that many seconds."""
        return sum(leg.strides_per_minute * leg.seconds for leg in self.legs if not leg.is_pause) / seconds

    def mean_bpm(self, *, in_pauses: bool) -> float:
        """Mean heart rate over all seconds, or over those outside pauses."""
        heard = [leg for leg in self.legs if in_pauses or not leg.is_pause]
        return sum(leg.heartrate_bpm * leg.seconds for leg in heard) / sum(leg.seconds for leg in heard)
