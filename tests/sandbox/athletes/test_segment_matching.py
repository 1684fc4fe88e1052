"""Efforts lie inside their activities, on their segment."""

import pytest

from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.segment_matching import find_segment_efforts


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
