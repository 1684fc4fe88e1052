"""A defect of any kind, size and place in a run of any shape: the total and the best efforts stay within a bound."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.streams import Streams
from training.cleaning.made import DEGREE_M, LATITUDE_DEG, LONGITUDE_DEG, Channel, clean, north, results

SECONDS, BOUND = 1500, 0.01
SPANS_M = (400.0, 1000.0)
EAST_DEGREE_M = DEGREE_M * float(np.cos(np.radians(LATITUDE_DEG)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Metres east and north of the start and, where the device counted, its metres; a sample a second."""

    east_m: Channel
    north_m: Channel
    counter_m: Channel | None

    def streams(self) -> Streams:
        return Streams(
            time_s=np.arange(len(self.east_m), dtype=np.float64),
            latitude_deg=LATITUDE_DEG + self.north_m / DEGREE_M,
            longitude_deg=LONGITUDE_DEG + self.east_m / EAST_DEGREE_M,
            distance_m=self.counter_m,
        )

    def aside(self, places: Channel, metres: Channel, angles: Channel) -> "Way":
        east_m, north_m, at = self.east_m.copy(), self.north_m.copy(), places.astype(int)
        east_m[at] += metres * np.cos(angles)
        north_m[at] += metres * np.sin(angles)
        return Way(east_m=east_m, north_m=north_m, counter_m=self.counter_m)


def winding(rng: np.random.Generator, *, is_counted: bool) -> Way:
    """A run of 25 minutes, slow or fast, by turns faster and slower, on a way that bends."""
    speed = (
        rng.uniform(2.2, 5.0) + 0.4 * np.sin(np.arange(SECONDS) / rng.uniform(60, 200)) + rng.normal(0, 0.1, SECONDS)
    )
    angles = np.cumsum(rng.normal(0, 0.02, SECONDS))
    steps = (speed * np.cos(angles), speed * np.sin(angles), speed)
    east_m, north_m, way_m = (np.concatenate(([0.0], np.cumsum(each))) for each in steps)
    return Way(east_m=east_m, north_m=north_m, counter_m=way_m if is_counted else None)


def one_spike(way: Way, rng: np.random.Generator) -> Way:
    return way.aside(rng.integers(0, SECONDS, 1).astype(float), 10 ** rng.uniform(1.4, 4.0, 1), rng.uniform(0, 6.28, 1))


def thirty_spikes(way: Way, rng: np.random.Generator) -> Way:
    """Eight to 120 metres aside, for one to four seconds, some of them hardly faster than the run itself."""
    lasts = int(rng.integers(1, 5))
    places = rng.choice(np.arange(2, SECONDS - 6, lasts + 3), 30, replace=False)
    metres, angles = 8 * 15 ** rng.uniform(0, 1, 30), rng.uniform(0, 6.28, 30)
    at = (places[:, None] + np.arange(lasts)).ravel().astype(float)
    return way.aside(at, metres.repeat(lasts), angles.repeat(lasts))


def spikes_of_the_counter(way: Way, rng: np.random.Generator) -> Way:
    if way.counter_m is None:
        return way
    counter_m, lasts = way.counter_m.copy(), int(rng.integers(1, 5))
    for at in rng.choice(np.arange(2, SECONDS - 6, lasts + 3), 30, replace=False):
        counter_m[at : at + lasts] += rng.choice([-1, 1]) * 8 * 20 ** rng.uniform()
    return Way(east_m=way.east_m, north_m=way.north_m, counter_m=counter_m)


def leaps_of_the_counter(way: Way, rng: np.random.Generator) -> Way:
    if way.counter_m is None:
        return way
    counter_m = way.counter_m.copy()
    for at in rng.choice(np.arange(9, SECONDS - 9, 9), 20, replace=False):
        counter_m[at:] += 15 * 20 ** rng.uniform()
    return Way(east_m=way.east_m, north_m=way.north_m, counter_m=counter_m)


def on_null_island(way: Way, rng: np.random.Generator) -> Way:
    at, count = int(rng.integers(0, SECONDS - 5)), int(rng.integers(1, 5))
    east_m, north_m = way.east_m.copy(), way.north_m.copy()
    east_m[at : at + count], north_m[at : at + count] = -LONGITUDE_DEG * EAST_DEGREE_M, -LATITUDE_DEG * DEGREE_M
    return Way(east_m=east_m, north_m=north_m, counter_m=way.counter_m)


def a_doubled_sensor(way: Way, rng: np.random.Generator) -> Way:
    """A second foot pod that is there from the start, or for a quarter of the run and more."""
    if way.counter_m is None:
        return way
    first, last = sorted(rng.choice([0, 1, 2, 3, 4], 2, replace=False) * (SECONDS // 4))
    counted = np.diff(way.counter_m)
    counted[first:last] *= 2.0
    return Way(east_m=way.east_m, north_m=way.north_m, counter_m=np.concatenate(([0.0], np.cumsum(counted))))


def a_bus(way: Way, rng: np.random.Generator) -> Way:
    """Two to fifteen minutes at 10 to 30 m/s in the midst of the run, never quite even, with a stop or without."""
    at, lasts = int(rng.integers(1, SECONDS)), int(rng.integers(120, 900))
    speed = rng.uniform(10, 30) * (1 + rng.uniform(0, 0.4) * np.sin(np.arange(lasts) / rng.uniform(5, 20)))
    stop = int(rng.integers(20, 120))
    speed[stop : stop + int(rng.integers(0, 25))] = 0.0
    angles = rng.uniform(0, 6.28) + rng.normal(0, 0.1, lasts)

    def with_ride(metres: Channel, steps: Channel) -> Channel:
        ridden = np.cumsum(steps)
        return np.concatenate((metres[: at + 1], metres[at] + ridden, metres[at + 1 :] + ridden[-1]))

    return Way(
        east_m=with_ride(way.east_m, speed * np.cos(angles)),
        north_m=with_ride(way.north_m, speed * np.sin(angles)),
        counter_m=None if way.counter_m is None else with_ride(way.counter_m, speed),
    )


def figures(way: Way) -> tuple[float, dict[float, float]]:
    found = results(clean(way.streams()))
    assert found.distance_m is not None
    return found.distance_m, {one.span_m: one.elapsed_time_s for one in found.best_efforts if one.span_m in SPANS_M}


DEFECTS = [
    *(one_spike, thirty_spikes, on_null_island),
    *(spikes_of_the_counter, leaps_of_the_counter, a_doubled_sensor, a_bus),
]


@pytest.mark.parametrize("defect", DEFECTS)
@settings(max_examples=14)
@given(seed=st.integers(0, 2**32), is_counted=st.booleans())
def test_no_defect_anywhere_changes_the_total_or_makes_a_record(
    defect: Callable[[Way, np.random.Generator], Way], seed: int, is_counted: bool
) -> None:
    rng = np.random.default_rng(seed)
    way = winding(rng, is_counted=is_counted)
    total_m, bests_s = figures(way)

    spoiled_m, spoiled_s = figures(defect(way, rng))

    assert abs(spoiled_m / total_m - 1) <= BOUND
    assert all(time_s >= bests_s[span_m] * (1 - BOUND) for span_m, time_s in spoiled_s.items())
    if defect is not a_bus:  # it may divide the best kilometre
        assert all(spoiled_s[span_m] <= time_s * (1 + BOUND) for span_m, time_s in bests_s.items())


@settings(max_examples=60)
@given(
    count=st.integers(0, 9),
    speed_mps=st.sampled_from([0.0, 3.0, 40.0, 900.0]),
    others=st.dictionaries(st.integers(0, 8), st.tuples(st.floats(-5.0, 1e4), st.floats(0.1, 400)), max_size=2),
    is_counted=st.booleans(),
    has_places=st.booleans(),
)
def test_a_track_of_any_few_samples_is_cleaned(
    count: int, speed_mps: float, others: dict[int, tuple[float, float]], is_counted: bool, has_places: bool
) -> None:
    """Rules that look at the neighbours of a sample find none here."""
    steps = np.array([others.get(at, (speed_mps, 1.0)) for at in range(count)]).reshape(-1, 2)
    way_m, time_s = (np.concatenate(([0.0], np.cumsum(step))) for step in steps.T)
    channels = {"distance_m": way_m} if is_counted else {}
    streams = north(way_m, time_s, **channels) if has_places else Streams(time_s=time_s, **channels)

    distance_m = clean(streams).streams.distance_m

    assert distance_m is None or np.all(np.diff(distance_m[np.isfinite(distance_m)]) >= 0)
