"""Which efforts were among an athlete's three best when they were run: the ranks that activities count and show."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.segments import SegmentEffort
from paceport.sandbox.athletes.splits import BEST_EFFORTS
from paceport.sandbox.state.activity_store import ActivityStore

RANKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Achieved:
    """What one activity achieved: rank 1 to 3 of best efforts by name, and of segment efforts by id."""

    best_efforts: Mapping[str, int] = field(default_factory=dict)
    segment_efforts: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many achievements there are."""
        return len(self.best_efforts) + len(self.segment_efforts)

    @property
    def pr_count(self) -> int:
        """How many of them are records of the athlete's own."""
        return sum(rank == 1 for rank in (*self.best_efforts.values(), *self.segment_efforts.values()))


NOTHING_ACHIEVED = Achieved()


class Achievements:
    """The ranks over the activities as they stand: found for an athlete at once, again after a change.

    `segment_efforts` gives those in an activity.
    """

    def __init__(
        self, activity_store: ActivityStore, segment_efforts: Callable[[Activity], tuple[SegmentEffort, ...]]
    ) -> None:
        self._activity_store, self._segment_efforts = activity_store, segment_efforts
        self._found: dict[int, tuple[tuple[Activity, ...], dict[int, Achieved]]] = {}

    def of(self, activity: Activity) -> Achieved:
        """What the activity achieved among those before it."""
        rows = self._activity_store.activities(activity.athlete_id)
        known = self._found.get(activity.athlete_id)
        if known is None or known[0] is not rows:
            known = self._found[activity.athlete_id] = rows, self._ranked(rows)
        return known[1].get(activity.id, NOTHING_ACHIEVED)

    def _ranked(self, rows: tuple[Activity, ...]) -> dict[int, Achieved]:
        best: dict[str, list[int]] = defaultdict(list)
        on_segments: dict[int, list[int]] = defaultdict(list)
        found = {}
        for row in reversed(rows):
            by_name = _best_effort_ranks(row, best)
            by_effort = {}
            for effort in self._segment_efforts(row):
                rank = _rank(on_segments[effort.segment_id], effort.elapsed_time_s)
                if rank is not None:
                    by_effort[effort.id] = rank
            if by_name or by_effort:
                found[row.id] = Achieved(best_efforts=by_name, segment_efforts=by_effort)
        return found


def _best_effort_ranks(activity: Activity, best: Mapping[str, list[int]]) -> dict[str, int]:
    """The ranks of an activity's best efforts; a run too slow for any is not generated at all."""
    if not activity.is_run:
        return {}
    fastest_mps, distance_m = activity.source.top_speed_mps(), activity.distance_m
    if not any(
        distance_m >= span_m and (len(best[name]) < RANKS or best[name][-1] * fastest_mps > span_m)
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
