"""Courses: what their length promises their track keeps."""

import numpy as np
import pytest

from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.routes import KnownRoutes, generate_known_routes
from paceport.sandbox.athletes.terrain import create_place


@pytest.fixture(scope="module")
def known_routes() -> KnownRoutes:
    place = create_place(
        "Norrvik", 59.612, 15.214, "Europe/Stockholm", state="", country="Sweden", hilly=1.7, base_m=92.0
    )
    return generate_known_routes(place, "1/0")


def test_every_course_is_as_long_as_it_says(known_routes: KnownRoutes) -> None:
    courses = [
        *known_routes.loops,
        *known_routes.trails,
        *known_routes.rides,
        known_routes.to_work,
        known_routes.stadium(12),
    ]
    courses += [known_routes.river(random_stream(f"river {number}"), 4000.0 + 1700.0 * number) for number in range(6)]
    courses.append(known_routes.race("Test 10 km", 10000.0))

    for route in courses:
        assert route.track().length_m == pytest.approx(route.length_m, abs=0.01), route.name


def test_the_river_is_gone_along_and_back(known_routes: KnownRoutes) -> None:
    track = known_routes.river(random_stream("out"), 9000.0).track()

    assert track.east_m == pytest.approx(track.east_m[::-1])
    assert float(np.abs(track.grade_percent).max()) < 6.0


def test_a_loop_is_chosen_near_the_length_wanted(known_routes: KnownRoutes) -> None:
    lengths = [known_routes.loop(random_stream(f"loop {number}"), 9000.0).length_m for number in range(30)]

    assert 6000.0 < min(lengths) <= max(lengths) < 12500.0
    assert len(set(lengths)) > 1


@pytest.mark.parametrize("length_m", [5000.0, 10000.0, 21097.5, 42195.0])
def test_races_are_never_short(known_routes: KnownRoutes, length_m: float) -> None:
    for number in range(5):
        route = known_routes.race(f"Race {number}", length_m)
        assert length_m < route.length_m < 1.007 * length_m


def test_stadium_laps_add_400_metres_each(known_routes: KnownRoutes) -> None:
    assert known_routes.stadium(18).length_m - known_routes.stadium(12).length_m == pytest.approx(2400.0)
