"""Which efforts were among an athlete's three best when they were run: the ranks that activities count and show."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Protocol

from paceport.sandbox.athletes.achieved import NOTHING_ACHIEVED, Achieved
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.segments import Segment, SegmentEffort
from paceport.sandbox.athletes.splits import BEST_EFFORTS
from paceport.sandbox.state.activity_store import KEPT_ATHLETES, ActivityStore

RANKS = 3


class SegmentFinder(Protocol):
    """What knows the segments in an activity."""

    def passed(self, activity: Activity) -> list[tuple[Segment, float, float]]: ...
    def in_activity(self, activity: Activity) -> tuple[SegmentEffort, ...]: ...


class Achievements:
    """The ranks over the activities as they stand: found for an athlete at once, again after a change.

    `unchanged` takes the ranks of athletes of whom nothing was changed: all worlds of a population may share it.
    """

    def __init__(
        self,
        activity_store: ActivityStore,
        segment_efforts: SegmentFinder,
        unchanged: OrderedDict[int, Mapping[int, Achieved]],
    ) -> None:
        self._activity_store, self._segment_efforts = activity_store, segment_efforts
        self._unchanged = unchanged
        self._found: OrderedDict[int, tuple[tuple[Activity, ...], Mapping[int, Achieved]]] = OrderedDict()

    def of(self, activity: Activity) -> Achieved:
        """What the activity achieved among those before it."""
        return self.by_activity(activity.athlete_id).get(activity.id, NOTHING_ACHIEVED)

    def by_activity(self, athlete_id: int) -> Mapping[int, Achieved]:
        """What an athlete achieved, by activity; costs the generation of every run that may have been a record."""
        rows = self._activity_store.activities(athlete_id)
        known = self._found.get(athlete_id)
        if known is None or known[0] is not rows:
            known = self._found[athlete_id] = rows, self._ranks(athlete_id, rows)
            if len(self._found) > KEPT_ATHLETES:
                self._found.popitem(last=False)
        return known[1]

    def _ranks(self, athlete_id: int, rows: tuple[Activity, ...]) -> Mapping[int, Achieved]:
        if self._activity_store.is_changed(athlete_id):
            return self._ranked(rows)
        found = self._unchanged.get(athlete_id)
        if found is None:
            found = self._unchanged[athlete_id] = self._ranked(rows)
            if len(self._unchanged) > KEPT_ATHLETES:
                self._unchanged.popitem(last=False)
        return found

    def _ranked(self, rows: tuple[Activity, ...]) -> dict[int, Achieved]:
        best: dict[str, list[int]] = defaultdict(list)
        on_segments: dict[int, list[int]] = defaultdict(list)
        found = {}
        for row in reversed(rows):
            by_name = _best_effort_ranks(row, best)
            by_effort = {}
            for effort in self._efforts_that_may_rank(row, on_segments):
                rank = _rank(on_segments[effort.segment_id], effort.elapsed_time_s)
                if rank is not None:
                    by_effort[effort.id] = rank
            if by_name or by_effort:
                found[row.id] = Achieved(best_efforts=by_name, segment_efforts=by_effort)
        return found

    def _efforts_that_may_rank(self, row: Activity, on_segments: Mapping[int, list[int]]) -> tuple[SegmentEffort, ...]:
        """The efforts in an activity; none, and no recording generated, where all are too slow."""
        for segment, start_m, end_m in self._segment_efforts.passed(row):
            best_s = on_segments[segment.id]
            if len(best_s) < RANKS or row.source.may_pass(start_m, end_m, best_s[-1]):
                return self._segment_efforts.in_activity(row)
        return ()


def _best_effort_ranks(activity: Activity, best: Mapping[str, list[int]]) -> dict[str, int]:
    """The ranks of an activity's best efforts; a run too slow for any is not generated at all."""
    if not activity.is_run:
        return {}
    if not any(
        activity.source.may_cover(span_m, best[name][-1] if len(best[name]) == RANKS else math.inf)
        for name, span_m in BEST_EFFORTS
    ):
        return {}
    ranks = {one.name: _rank(best[one.name], one.elapsed_time_s) for one in activity.source.best_efforts()}
    return {name: rank for name, rank in ranks.items() if rank is not None}


def _rank(best_s: list[int], time_s: int) -> int | None:
    """The place of a time among the three best so far, which it joins; an equal time came first."""
    place = bisect_right(best_s, time_s)
    if place >= RANKS:
        return None
    best_s.insert(place, time_s)
    del best_s[RANKS:]
    return place + 1
