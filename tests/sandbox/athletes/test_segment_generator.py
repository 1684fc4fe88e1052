"""Segments lie on the ground and have what their names promise."""

import numpy as np
import pytest

from paceport.sandbox.athletes.geometry import METRES_PER_DEGREE
from paceport.sandbox.athletes.population import Population


def test_segments_are_as_long_as_their_points(population: Population) -> None:
    for segment in population.segments:
        steps = np.diff(np.array(segment.points), axis=0)
        steps *= [METRES_PER_DEGREE, METRES_PER_DEGREE * np.cos(np.radians(segment.points[0][0]))]
        assert float(np.hypot(*steps.T).sum()) == pytest.approx(segment.distance_m, rel=0.01)
        assert len(segment.points) == len(segment.altitudes_m)


def test_the_climb_climbs(population: Population) -> None:
    climb = next(one for one in population.segments if "Climb" in one.name)

    assert climb.average_grade_percent > 3.0
    assert climb.elevation_gain_m == pytest.approx(climb.altitudes_m[-1] - climb.altitudes_m[0], abs=8.0)
    assert climb.maximum_grade_percent >= climb.average_grade_percent


def test_starred_segments_exist(population: Population) -> None:
    known = {one.id for one in population.segments}

    assert all(set(person.starred_segment_ids) <= known for person in population.people)
    assert population.people[0].starred_segment_ids
