"""Segment efforts as JSON, each with its segment and its rank."""

from __future__ import annotations

from paceport.sandbox.athletes.achieved import Achieved
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.segments import SegmentEffort
from paceport.sandbox.json import segments as segment_json
from paceport.sandbox.json.scalars import Json
from paceport.sandbox.state.refusals import not_found
from paceport.sandbox.state.segment_efforts import SegmentEfforts


def segment_effort(segment_efforts: SegmentEfforts, one: SegmentEffort, activity: Activity, achieved: Achieved) -> Json:
    """One effort of an activity. Raises the refusal of a segment that does not exist."""
    segment = segment_efforts.segment(one.segment_id)
    if segment is None:
        raise not_found()
    is_starred = one.segment_id in segment_efforts.starred(activity.athlete_id)
    summary = segment_json.summary_segment(segment, starred=is_starred)
    return segment_json.effort(one, activity, summary, achieved.segment_efforts.get(one.id))
