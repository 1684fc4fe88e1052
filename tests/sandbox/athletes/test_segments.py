"""Segments lie on the ground; efforts lie inside their activities."""

import numpy as np
import pytest

from paceport.sandbox.athletes.polyline import METRES_PER_DEGREE
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate
from paceport.sandbox.athletes.segment_matching import find_segment_efforts


@pytest.fixture(scope="module")
def population() -> Population:
    return populate(1, athletes=2)


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


def test_efforts_lie_inside_their_activity_and_on_their_segment(population: Population) -> None:
    segments = {one.id: one for one in population.segments}
    seen = set()
    for activity in population.activities(population.people[0].id)[:160]:
        for effort in find_segment_efforts(population.segments, activity):
            segment, recording = segments[effort.segment_id], activity.recording
            assert recording is not None
            assert recording.latlng is not None
            assert 0 <= effort.start_index < effort.end_index < len(recording)
            assert effort.elapsed_time_s == recording.time_s[effort.end_index] - recording.time_s[effort.start_index]
            assert effort.moving_time_s <= effort.elapsed_time_s
            assert effort.distance_m == pytest.approx(segment.distance_m, abs=25.0)
            assert recording.latlng[effort.start_index] == pytest.approx(segment.points[0], abs=5e-4)
            assert recording.latlng[effort.end_index] == pytest.approx(segment.points[-1], abs=5e-4)
            seen.add(effort.id)

    assert len(seen) > 20
    assert all(2**53 < identity < 2**63 for identity in seen)


def test_an_activity_elsewhere_passes_no_segment(population: Population) -> None:
    elsewhere = [one for one in population.activities(population.people[0].id) if one.timezone == "Asia/Tokyo"]

    assert elsewhere
    assert all(find_segment_efforts(population.segments, one) == () for one in elsewhere)


def test_starred_segments_exist(population: Population) -> None:
    known = {one.id for one in population.segments}

    assert all(set(person.starred_segment_ids) <= known for person in population.people)
    assert population.people[0].starred_segment_ids
