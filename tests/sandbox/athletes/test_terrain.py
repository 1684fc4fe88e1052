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
    street_loop,
    street_track,
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


@pytest.mark.parametrize("about_m", [4000.0, 9000.0, 24000.0])
def test_street_loops_close_and_are_about_as_long_as_asked(town: Place, about_m: float) -> None:
    for number in range(8):
        loop = street_loop(town, random_stream(f"loop {number}"), about_m)
        assert np.hypot(loop.east_m[-1] - loop.east_m[0], loop.north_m[-1] - loop.north_m[0]) < 0.01
        assert 0.7 * about_m < loop.length_m < 1.35 * about_m


def test_loops_turn_at_street_corners(town: Place) -> None:
    loop = street_loop(town, random_stream("corners"), 8000.0)
    heading = np.unwrap(np.arctan2(np.diff(loop.north_m), np.diff(loop.east_m)))

    turns = np.abs(np.diff(heading))

    assert (turns > np.radians(60)).sum() >= 4
    assert (turns < np.radians(4)).mean() > 0.9


def test_hill_loops_close_in_the_hills(town: Place) -> None:
    loop = hill_loop(town, random_stream("hills"), 9000.0)

    assert np.hypot(loop.east_m[-1] - loop.east_m[0], loop.north_m[-1] - loop.north_m[0]) < 0.01
    assert np.ptp(loop.altitude_m) > np.ptp(street_loop(town, random_stream("flat"), 4000.0).altitude_m)


def test_the_same_place_has_the_same_height_both_ways(town: Place) -> None:
    way = street_track(town, [(0, 0), (10, 0), (10, 8)])

    assert np.array_equal(way.altitude_m, way.reversed().altitude_m[::-1])


def test_streets_used_by_two_tracks_coincide(town: Place) -> None:
    short, long = street_track(town, [(0, 0), (6, 0)]), street_track(town, [(0, 0), (14, 0)])

    near = np.interp(short.east_m, long.east_m, long.north_m)

    assert short.north_m == pytest.approx(near, abs=0.3)


def test_grades_stay_runnable(town: Place) -> None:
    tracks = [street_loop(town, random_stream(f"grade {number}"), 15000.0) for number in range(6)]
    tracks += [hill_loop(town, random_stream(f"grade {number}"), 14000.0) for number in range(4)]

    assert max(float(np.abs(track.grade_percent).max()) for track in tracks) < 25.0


def test_grades_add_up_to_the_height_gained(town: Place) -> None:
    way = street_track(town, [(0, 0), (0, 40)])

    rise = float((way.grade_percent / 100.0 * np.diff(way.distance_m)).sum())

    assert rise == pytest.approx(way.altitude_m[-1] - way.altitude_m[0], abs=1.0)


def test_degrees_and_metres_agree(town: Place) -> None:
    loop = street_loop(town, random_stream("degrees"), 9000.0)

    assert along_track_m(town.latlng(loop.east_m, loop.north_m))[-1] == pytest.approx(loop.length_m, rel=2e-3)


def test_a_lap_of_the_oval_is_400_metres(town: Place) -> None:
    lap = running_track_lap(town, 100.0, 200.0)

    assert lap.length_m == pytest.approx(400.0)
    assert (lap.east_m[0], lap.north_m[0]) == pytest.approx((lap.east_m[-1], lap.north_m[-1]), abs=0.2)
    assert lap.beginning(200.0).length_m == pytest.approx(200.0, abs=8.0)


def test_a_stretched_course_starts_where_it_did_and_has_its_length(town: Place) -> None:
    loop = street_loop(town, random_stream("race"), 10000.0)

    measured = loop.scaled_to(10020.0)

    assert measured.length_m == pytest.approx(10020.0)
    assert (measured.east_m[0], measured.north_m[0]) == (loop.east_m[0], loop.north_m[0])
