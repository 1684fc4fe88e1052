"""Routes through streets: loops close and differ, races are measured, the river is followed."""

from itertools import combinations

import numpy as np
import pytest

from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.street_plan import StreetPlan, create_street_plan
from paceport.sandbox.athletes.street_routes import race_course, river_path, street_loop, street_way
from paceport.sandbox.athletes.terrain import Track, create_place


@pytest.fixture(scope="module")
def plan() -> StreetPlan:
    place = create_place(
        "Norrvik", 59.612, 15.214, "Europe/Stockholm", state="", country="Sweden", hilly=1.7, base_m=92.0
    )
    return create_street_plan(place, 8000.0)


def turns_degrees(track: Track) -> list[int]:
    """The turns of more than 50 degrees, in order: corners taken over some 25 m."""
    heading = np.unwrap(np.arctan2(np.diff(track.north_m), np.diff(track.east_m)))
    turned = np.degrees(heading[5:] - heading[:-5])
    sharp = np.abs(turned) > 50.0
    starts = np.flatnonzero(sharp & ~np.concatenate(([False], sharp[:-1])))
    return [round(float(turned[start : start + 8][np.abs(turned[start : start + 8]).argmax()])) for start in starts]


@pytest.mark.parametrize("about_m", [4000.0, 9000.0, 24000.0])
def test_loops_close_and_are_about_as_long_as_asked(plan: StreetPlan, about_m: float) -> None:
    for number in range(8):
        loop = street_loop(plan, random_stream(f"loop {number}"), about_m)
        assert np.hypot(loop.east_m[-1] - loop.east_m[0], loop.north_m[-1] - loop.north_m[0]) < 0.01
        assert 0.7 * about_m < loop.length_m < 1.35 * about_m


def test_loops_turn_at_corners_and_go_straight_between_them(plan: StreetPlan) -> None:
    loop = street_loop(plan, random_stream("corners"), 8000.0)
    heading = np.unwrap(np.arctan2(np.diff(loop.north_m), np.diff(loop.east_m)))

    assert len(turns_degrees(loop)) >= 4
    assert (np.abs(np.diff(heading)) < np.radians(6)).mean() > 0.85


def test_no_two_loops_turn_by_the_same_angles(plan: StreetPlan) -> None:
    loops = [street_loop(plan, random_stream(f"angles {number}"), 8000.0) for number in range(6)]
    turns = [turns_degrees(loop) for loop in loops]

    assert all(one != other for one, other in combinations(turns, 2))
    assert len({abs(turn) for one in turns for turn in one}) > 15


def test_loops_do_not_go_back_the_way_they_came(plan: StreetPlan) -> None:
    for number in range(6):
        loop = street_loop(plan, random_stream(f"back {number}"), 9000.0)
        places = set(zip((loop.east_m // 12).tolist(), (loop.north_m // 12).tolist(), strict=True))
        assert len(places) > 0.75 * loop.length_m / 15.0


def test_streets_used_by_two_tracks_coincide(plan: StreetPlan) -> None:
    short, long = (street_way(plan, goal) for goal in ((0, 8), (0, 16)))

    near = np.interp(short.north_m[3:-3], long.north_m, long.east_m)

    assert short.east_m[3:-3] == pytest.approx(near, abs=1.5)


def test_grades_stay_runnable(plan: StreetPlan) -> None:
    tracks = [street_loop(plan, random_stream(f"grade {number}"), 15000.0) for number in range(6)]

    assert max(float(np.abs(track.grade_percent).max()) for track in tracks) < 25.0


@pytest.mark.parametrize("length_m", [5000.0, 21097.5])
def test_a_race_is_measured_and_its_course_lies_on_streets(plan: StreetPlan, length_m: float) -> None:
    course = race_course(plan, random_stream("race"), length_m, 1.003 * length_m)
    loop = street_loop(plan, random_stream("race"), 0.93 * length_m)

    assert course.length_m == pytest.approx(1.003 * length_m)
    # Stretching would move it off the streets.
    assert abs(course.east_m[-200:] - loop.east_m[-200:]).max() < 12.0


def test_the_river_is_followed(plan: StreetPlan) -> None:
    for eastwards in (True, False):
        path = river_path(plan, eastwards=eastwards)
        bank = path.north_m[-2000:] - plan.place.river_north_m(path.east_m[-2000:])
        assert path.length_m > 12_000
        assert float(np.abs(bank - 22.0).max()) < 3.0
