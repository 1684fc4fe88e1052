"""Streets: the name decides them, they look like streets, and every avenue can be reached."""

from itertools import pairwise

import numpy as np
import pytest

from paceport.sandbox.athletes.street_plan import AVENUE_EACH, BRIDGE_EACH, StreetPlan, create_street_plan
from paceport.sandbox.athletes.terrain import Place, create_place


def town_of(name: str) -> Place:
    return create_place(name, 48.0, 11.0, "Europe/Berlin", state="", country="Germany", hilly=1.0, base_m=140.0)


@pytest.fixture(scope="module")
def plan() -> StreetPlan:
    return create_street_plan(town_of("Norrvik"), 4000.0)


def test_the_name_of_a_town_decides_its_streets_and_the_reach_does_not(plan: StreetPlan) -> None:
    way = plan.way((0, 0), (12, 8))
    wider = create_street_plan(town_of("Norrvik"), 6000.0)
    other = create_street_plan(town_of("Sydvik"), 4000.0)

    assert wider.way((0, 0), (12, 8)) == way
    assert np.allclose(wider.line(way), plan.line(way))
    assert not np.allclose(other.line([(0, 0), (1, 0)]), plan.line([(0, 0), (1, 0)]))


def test_a_street_has_one_shape_in_both_directions(plan: StreetPlan) -> None:
    way = plan.way((0, 0), (-8, 12))

    east, north = plan.line(way)
    back_east, back_north = plan.line(way[::-1])

    assert len(way) > 10
    assert np.allclose(east, back_east[::-1])
    assert np.allclose(north, back_north[::-1])


def test_every_place_that_a_way_may_lead_to_can_be_reached(plan: StreetPlan) -> None:
    for angle in np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False):
        for away_m in (500.0, 1500.0, 3600.0):
            goal = plan.near(away_m * float(np.cos(angle)), away_m * float(np.sin(angle)))
            assert goal == (0, 0) or plan.way((0, 0), goal)[-1] == goal


def test_the_river_is_crossed_on_bridges_alone(plan: StreetPlan) -> None:
    way = plan.way((0, 0), plan.near(500.0, -2200.0))

    crossed = [
        (here, there) for here, there in pairwise(way) if plan.is_north_of_river(here) != plan.is_north_of_river(there)
    ]

    assert len(crossed) == 1
    assert crossed[0][0][0] % BRIDGE_EACH == 0


def test_blocks_have_many_sizes_and_corners_many_angles(plan: StreetPlan) -> None:
    """The streets that nobody drew with a ruler: no two corners of an avenue turn alike."""
    avenue = [(AVENUE_EACH, row) for row in range(12)]
    lengths = [plan.length_m([here, there]) for here, there in pairwise(avenue)]

    angles = []
    for row in range(1, 12):
        east, north = plan.line([(3, row), (AVENUE_EACH, row), (AVENUE_EACH, row + 1)])
        heading = np.arctan2(np.diff(north), np.diff(east))
        angles.append(round(float(np.degrees(heading[4] - heading[3])) % 360.0))

    assert max(lengths) > 1.6 * min(lengths)
    assert len(set(angles)) >= 7
    assert max(angles) - min(angles) > 8


def test_used_streets_are_avoided_where_there_are_others(plan: StreetPlan) -> None:
    way = plan.way((0, 0), (8, 8))

    back = plan.way((8, 8), (0, 0), plan.streets(way))

    assert len(plan.streets(back) & plan.streets(way)) < 0.3 * len(way)
