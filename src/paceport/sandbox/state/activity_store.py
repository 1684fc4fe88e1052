"""The activities as they stand now: what the population recorded, with what was edited, added and deleted since."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.people import Gear

KEPT_ATHLETES = 32  # whose merged lists are remembered

Changed = Callable[[Activity | None, Activity | None], None]


def _ignore(before: Activity | None, after: Activity | None) -> None:
    """What happens at a change where nobody listens: nothing."""


@runtime_checkable
class FindsActivities(Protocol):
    """Activities by athlete that are not all there yet: finds one by id, and knows an id above all of them."""

    next_id: int

    def find(self, activity_id: int) -> Activity | None: ...


class ActivityStore:
    """Mutable state over activities that never change themselves.

    `changed` is called at each change with the activity before and after it, None for none.
    """

    def __init__(self, by_athlete: Mapping[int, tuple[Activity, ...]], changed: Changed = _ignore) -> None:
        self._first = by_athlete
        self._on_change = changed
        self._changed: dict[int, Activity | None] = {}
        self._added: dict[int, list[Activity]] = {}
        self._changed_athletes: set[int] = set()
        self._merged: OrderedDict[int, tuple[Activity, ...]] = OrderedDict()
        self._added_by_id: dict[int, Activity] = {}
        self._find_first: Callable[[int], Activity | None]
        if isinstance(by_athlete, FindsActivities):
            self._find_first, self._next_id = by_athlete.find, by_athlete.next_id
        else:
            by_id = {row.id: row for rows in by_athlete.values() for row in rows}
            self._find_first, self._next_id = by_id.get, max(by_id, default=10_000_000_000) + 7
        self.hidden_starts: set[int] = set()
        self.deleted: set[int] = set()

    def activities(self, athlete_id: int) -> tuple[Activity, ...]:
        """An athlete's activities, newest first; merged anew only after a change, or when long not asked for."""
        if athlete_id in self._merged:
            self._merged.move_to_end(athlete_id)
            return self._merged[athlete_id]
        rows = [*self._first.get(athlete_id, ()), *self._added.get(athlete_id, ())]
        present = [self._changed.get(row.id, row) for row in rows]
        kept = [row for row in present if row is not None]
        self._merged[athlete_id] = tuple(sorted(kept, key=lambda row: (row.start, row.id), reverse=True))
        if len(self._merged) > KEPT_ATHLETES:
            self._merged.popitem(last=False)
        return self._merged[athlete_id]

    def is_changed(self, athlete_id: int) -> bool:
        """Whether any activity of the athlete was ever edited, added or deleted."""
        return athlete_id in self._changed_athletes

    def find(self, activity_id: int) -> Activity | None:
        """The activity of that id, as it stands; None for an unknown or deleted one."""
        if activity_id in self._changed:
            return self._changed[activity_id]
        return self._added_by_id.get(activity_id) or self._find_first(activity_id)

    def replace(self, activity: Activity) -> None:
        """Put an edited activity in the place of the one with its id. Raises KeyError for an unknown id."""
        before = self.find(activity.id)
        if before is None:
            raise KeyError(activity.id)
        self._changed[activity.id] = activity
        self._forget(activity.athlete_id)
        self._on_change(before, activity)

    def add(self, activity: Activity) -> None:
        """A new activity. Raises KeyError for an id that is taken."""
        if activity.id in self._changed or self.find(activity.id) is not None:
            raise KeyError(activity.id)
        self._added_by_id[activity.id] = activity
        self._next_id = max(self._next_id, activity.id + 7)
        self._added.setdefault(activity.athlete_id, []).append(activity)
        self._forget(activity.athlete_id)
        self._on_change(None, activity)

    def delete(self, activity_id: int) -> None:
        """Delete as the athlete does on the web site. Raises KeyError for an unknown id."""
        activity = self.find(activity_id)
        if activity is None:
            raise KeyError(activity_id)
        self._changed[activity_id] = None
        self.deleted.add(activity_id)
        self._forget(activity.athlete_id)
        self._on_change(activity, None)

    def next_id(self) -> int:
        """An activity id above all that were ever given."""
        return self._next_id

    def gear_distance_m(self, gear: Gear) -> float:
        """What the gear has covered in the activities as they stand."""
        return sum(row.distance_m for row in self.activities(gear.athlete_id) if row.gear_id == gear.id)

    def _forget(self, athlete_id: int) -> None:
        self._changed_athletes.add(athlete_id)
        self._merged.pop(athlete_id, None)
