"""Towns: one place has one height, tracks are as long as they say, loops close."""

import numpy as np
import pytest

from paceport.sandbox.athletes.geometry import along_track_m
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.terrain import (
    Place,
    create_place,
    hill_loop,
    running_track_lap,
)


@pytest.fixture(scope="module")
def town() -> Place:
    return create_place(
        "Norrvik", 59.612, 15.214, "Europe/Stockholm", state="", country="Sweden", hilly=1.7, base_m=92.0
    )


def test_the_name_decides_the_ground(town: Place) -> None:
    again = create_place(
        "Norrvik", 59.612, 15.214, "Europe/Stockholm", state="", country="Sweden", hilly=1.7, base_m=92.0
    )
    other = create_place("Sydvik", 59.612, 15.214, "Europe/Stockholm", state="", country="Sweden", hilly=1.7, base_m=92)

    assert again == town
    assert other.hills != town.hills


def test_hill_loops_close_in_the_hills(town: Place) -> None:
    loop = hill_loop(town, random_stream("hills"), 9000.0)

    assert np.hypot(loop.east_m[-1] - loop.east_m[0], loop.north_m[-1] - loop.north_m[0]) < 0.01
    assert float(loop.north_m.min()) > 1000.0


def test_the_same_place_has_the_same_height_both_ways(town: Place) -> None:
    way = hill_loop(town, random_stream("both ways"), 9000.0)

    assert np.array_equal(way.altitude_m, way.reversed().altitude_m[::-1])


def test_grades_add_up_to_the_height_gained(town: Place) -> None:
    way = hill_loop(town, random_stream("gained"), 9000.0).beginning(4000.0)

    rise = float((way.grade_percent / 100.0 * np.diff(way.distance_m)).sum())

    assert rise == pytest.approx(way.altitude_m[-1] - way.altitude_m[0], abs=1.0)


def test_degrees_and_metres_agree(town: Place) -> None:
    loop = hill_loop(town, random_stream("degrees"), 9000.0)

    assert along_track_m(town.latlng(loop.east_m, loop.north_m))[-1] == pytest.approx(loop.length_m, rel=2e-3)


def test_the_land_is_flat_along_the_river(town: Place) -> None:
    east = np.linspace(-8000.0, 8000.0, 400)

    banks = town.height_m(east, town.river_north_m(east))
    uplands = town.height_m(east, town.river_north_m(east) + 2500.0)

    assert np.ptp(banks) < 0.3 * np.ptp(uplands)


def test_a_lap_of_the_oval_is_400_metres(town: Place) -> None:
    lap = running_track_lap(town, 100.0, 200.0)

    assert lap.length_m == pytest.approx(400.0)
    assert (lap.east_m[0], lap.north_m[0]) == pytest.approx((lap.east_m[-1], lap.north_m[-1]), abs=0.2)
    assert lap.beginning(200.0).length_m == pytest.approx(200.0, abs=8.0)


def test_a_stretched_course_starts_where_it_did_and_has_its_length(town: Place) -> None:
    loop = hill_loop(town, random_stream("race"), 10000.0)

    measured = loop.scaled_to(10020.0)

    assert measured.length_m == pytest.approx(10020.0)
    assert (measured.east_m[0], measured.north_m[0]) == (loop.east_m[0], loop.north_m[0])
