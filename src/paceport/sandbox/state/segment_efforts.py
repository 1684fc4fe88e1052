"""Who ran which segment when: all efforts of a world, found once and remembered; and who has starred what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.segment_matching import find_segment_efforts, passed_segments
from paceport.sandbox.athletes.segments import Segment, SegmentEffort, effort_id
from paceport.sandbox.state.activity_store import ActivityStore

FIRST_STARS = timedelta(days=60)
LEGEND_WITHIN = timedelta(days=90)  # recorded in the words of the answer


class SegmentEfforts:
    """Segment efforts and stars over the activities as they stand. An activity with a hidden map has no efforts.

    `people` are those whose towns have segments; nobody else can have efforts.
    """

    def __init__(
        self,
        segments: tuple[Segment, ...],
        people: Iterable[Person],
        activity_store: ActivityStore,
        found: dict[int, tuple[SegmentEffort, ...]],
    ) -> None:
        self._all, self._activity_store = segments, activity_store
        self._found = found
        self._segments = {segment.id: segment for segment in segments}
        self.runners = tuple(person.id for person in people)
        self._stars = {person.id: _first_stars(person) for person in people}

    def segment(self, segment_id: int) -> Segment | None:
        """The segment of that id."""
        return self._segments.get(segment_id)

    def segments(self) -> tuple[Segment, ...]:
        """All segments there are."""
        return self._all

    def in_activity(self, activity: Activity) -> tuple[SegmentEffort, ...]:
        """The efforts inside an activity, in order of time."""
        # An upload passes no segment: efforts are known from the route alone.
        if activity.map_hidden or not activity.is_run or activity.truth is None:
            return ()
        if activity.id not in self._found:
            self._found[activity.id] = find_segment_efforts(self._all, activity)
        return self._found[activity.id]

    def passed(self, activity: Activity) -> list[tuple[Segment, float, float]]:
        """The segments that an activity passes and where along it, without the work of a recording."""
        return [] if activity.map_hidden else passed_segments(self._all, activity)

    def on_segment(self, segment: Segment, athlete_id: int, *, sees_all: bool = True) -> list[SegmentEffort]:
        """An athlete's efforts on a segment, newest first; without `sees_all` none of an Only You activity."""
        rows = self._activity_store.activities(athlete_id)
        shown = [row for row in rows if sees_all or row.visibility != "only_me"]
        return [one for row in shown for one in self.in_activity(row) if one.segment_id == segment.id]

    def find(self, wanted: int, athlete_id: int) -> tuple[SegmentEffort, Activity] | None:
        """One effort of the athlete's with its activity."""
        for row in self._activity_store.activities(athlete_id):
            # An effort's id begins with its activity's: the others need not be looked into.
            if wanted // 100_000 == effort_id(row.id, 0) // 100_000:
                for one in self.in_activity(row):
                    if one.id == wanted:
                        return one, row
        return None

    def local_legend(self, segment: Segment, now: datetime) -> tuple[int, int] | None:
        """Who has run it most often in the last 90 days, and how often; None where nobody has."""
        first = now - LEGEND_WITHIN
        counts = {
            athlete_id: sum(one.start >= first for one in self.on_segment(segment, athlete_id, sees_all=False))
            for athlete_id in self.runners
        }
        most = max(counts.items(), key=lambda pair: pair[1], default=(0, 0))
        return most if most[1] else None

    def best(self, segment: Segment, athlete_id: int) -> SegmentEffort | None:
        """The athlete's fastest effort, the first of equals."""
        found = self.on_segment(segment, athlete_id)
        return min(reversed(found), key=lambda one: one.elapsed_time_s, default=None)

    def starred(self, athlete_id: int) -> dict[int, datetime]:
        """The segments an athlete has starred, and when; newest star first."""
        return dict(sorted(self._stars.get(athlete_id, {}).items(), key=lambda pair: pair[1], reverse=True))

    def star(self, segment_id: int, athlete_id: int, is_on: bool, now: datetime) -> None:
        """Put a star on, or take it off."""
        mine = self._stars.setdefault(athlete_id, {})
        if is_on:
            mine.setdefault(segment_id, now)
        else:
            mine.pop(segment_id, None)

    def star_count(self, segment_id: int) -> int:
        """How many athletes have starred a segment."""
        return sum(segment_id in mine for mine in self._stars.values())


def _first_stars(person: Person) -> dict[int, datetime]:
    return {
        segment_id: person.created_at + FIRST_STARS + timedelta(days=number)
        for number, segment_id in enumerate(person.starred_segment_ids)
    }
