from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from paceport.training.metrics.polyline import decode, encode, simplify
from paceport.training.metrics.repeated_routes import RunPath, repeated_routes
from training.metrics.made import Channel, channel

START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def loop(
    *, turns: float = 1.0, begin: float = 0.0, size: float = 1.0, noise_m: float = 0.0, seed: int = 0
) -> np.ndarray:
    """A closed way of about 5 km round a lake with bays, as an array of (latitude, longitude)."""
    angle = 2 * np.pi * (begin + np.linspace(0, turns, 600))
    radius = size * (0.006 + 0.001 * np.sin(5 * angle))
    rng = np.random.default_rng(seed)
    jitter = rng.normal(0, noise_m / 111_195, (600, 2))
    return np.stack([51.49 + radius * np.sin(angle), 7.2 + 1.6 * radius * np.cos(angle)], axis=1) + jitter


def moved(way: np.ndarray, degrees: float) -> np.ndarray:
    return np.asarray(way + np.array([degrees, degrees / 2]))


def line(points: int = 200) -> np.ndarray:
    return np.stack([51.6 + np.linspace(0, 0.03, points), 7 + 0.004 * np.sin(np.linspace(0, 9, points))], axis=1)


def tracks(*ways: np.ndarray) -> list[RunPath]:
    return [
        RunPath(
            run_id=index + 1,
            at=START + timedelta(days=index),
            latitude_deg=way[:, 0],
            longitude_deg=way[:, 1],
            moving_time_s=1500.0 - index,
        )
        for index, way in enumerate(ways)
    ]


def groups(*ways: np.ndarray) -> list[list[int]]:
    return [[passage.run_id for passage in route.runs] for route in repeated_routes(tracks(*ways))]


def test_the_same_loop_with_a_receivers_noise_is_one_route() -> None:
    assert groups(*(loop(noise_m=3, seed=seed) for seed in range(5))) == [[1, 2, 3, 4, 5]]


def test_a_loop_may_begin_anywhere() -> None:
    assert groups(loop(), loop(begin=0.37, noise_m=2)) == [[1, 2]]


def test_the_other_way_round_is_the_same_route_and_says_so() -> None:
    (route,) = repeated_routes(tracks(loop(), loop(noise_m=2)[::-1], loop(begin=0.6)[::-1], loop(begin=0.3)))

    assert [passage.is_reversed for passage in route.runs] == [False, True, True, False]


def test_a_way_there_and_the_way_back_are_told_apart() -> None:
    (route,) = repeated_routes(tracks(line(), line()[::-1]))

    assert [passage.is_reversed for passage in route.runs] == [False, True]


def test_an_out_and_back_has_no_other_way_round() -> None:
    there_and_back = np.concatenate((line(), line()[::-1]))

    (route,) = repeated_routes(tracks(there_and_back, there_and_back[::-1]))

    assert [passage.is_reversed for passage in route.runs] == [False, False]


@pytest.mark.parametrize(
    "other",
    [
        loop(turns=2),
        loop(turns=1.2),
        loop(turns=0.8),
        loop(size=1.3),
        moved(loop(), 0.005),
        line(),
        np.concatenate((loop(), line())),
    ],
    ids=["twice", "a bit more", "cut short", "wider", "elsewhere", "another", "longer"],
)
def test_another_way_is_another_route(other: np.ndarray) -> None:
    assert groups(loop(), other) == []


def test_out_and_back_is_not_the_way_there() -> None:
    assert groups(line(), np.concatenate((line(), line()[::-1]))) == []


def test_a_simplified_track_is_enough() -> None:
    def thin(way: np.ndarray) -> np.ndarray:
        return np.stack(decode(encode(*simplify(way[:, 0], way[:, 1]))), axis=1)

    assert len(thin(loop())) < 80
    assert groups(thin(loop(noise_m=2)), loop(), thin(loop(begin=0.5))) == [[1, 2, 3]]


def test_routes_run_most_come_first() -> None:
    assert groups(line(), loop(), loop(), line(), loop()) == [[2, 3, 5], [1, 4]]


def test_a_route_knows_its_length_and_its_fastest_run() -> None:
    (route,) = repeated_routes(tracks(loop(), loop(), loop()))

    assert route.length_m == pytest.approx(4700, rel=0.1)
    fastest = route.fastest()
    assert fastest is not None
    assert (fastest.run_id, fastest.moving_time_s) == (3, 1498)


def test_without_times_nobody_was_fastest() -> None:
    way = loop()
    untimed = [
        RunPath(run_id=n, at=START, latitude_deg=way[:, 0], longitude_deg=way[:, 1], moving_time_s=None) for n in (1, 2)
    ]

    (route,) = repeated_routes(untimed)

    assert route.fastest() is None
    assert [passage.run_id for passage in route.runs] == [1, 2]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (channel([]), channel([])),
        (channel([51.0]), channel([7.0])),
        (channel([np.nan] * 5), channel([np.nan] * 5)),
        (channel([51.0] * 5), channel([7.0] * 5)),
        (channel([51.0, 51.001]), channel([7.0, 7.0])),  # 111 m
        (channel([-60.0, 60.0]), channel([0.0, 90.0])),
        (channel([np.inf, 500.0, 51.0]), channel([7.0, 7.0, 7.0])),
    ],
)
def test_what_is_no_track_is_left_out(latitude: Channel, longitude: Channel) -> None:
    track = [RunPath(run_id=n, at=START, latitude_deg=latitude, longitude_deg=longitude) for n in (1, 2)]

    assert repeated_routes(track) == []


def test_many_runs_are_sorted_out() -> None:
    ways = [moved(loop(noise_m=3, seed=n), 0.02 * (n % 7)) for n in range(140)]

    assert sorted(len(group) for group in groups(*ways)) == [20] * 7
