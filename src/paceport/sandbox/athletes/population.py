"""The people of the simulated world and all that they ever recorded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from paceport.sandbox.athletes.achieved import Achieved
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.athlete_ids import athlete_id, athlete_number
from paceport.sandbox.athletes.people import Gear, Person
from paceport.sandbox.athletes.saved_routes import SavedRoute
from paceport.sandbox.athletes.segments import Segment, SegmentEffort


class PeopleNames:
    """The names of people without the work of generating them; `name_of` gives one by number."""

    def __init__(self, count: int, name_of: Callable[[int], str]) -> None:
        self.count, self._name_of = count, name_of

    def first(self, count: int) -> tuple[tuple[int, str], ...]:
        """Ids and names of so many people from the first on, fewer where there are fewer."""
        return tuple((athlete_id(number), self._name_of(number)) for number in range(min(count, self.count)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """People, their activities newest first, their segments and routes; immutable, so that many worlds may share it.

    Summaries are made once; recordings are generated on first use, kept while recent and else made again the same.
    """

    seed: int
    until: date
    people: Sequence[Person]
    segments: tuple[Segment, ...]
    by_athlete: Mapping[int, tuple[Activity, ...]] = field(repr=False)
    routes_by_athlete: Mapping[int, tuple[SavedRoute, ...]] = field(repr=False)
    names: PeopleNames | None = field(default=None, repr=False)
    # Segment efforts found so far, by activity: a recording never changes, and finding them costs its generation.
    found_efforts: dict[int, tuple[SegmentEffort, ...]] = field(default_factory=dict, init=False, repr=False)
    # The ranks of efforts found so far, by athlete and activity.
    found_ranks: OrderedDict[int, Mapping[int, Achieved]] = field(default_factory=OrderedDict, init=False, repr=False)

    def person(self, athlete_id: int) -> Person | None:
        """The athlete of that id."""
        number = athlete_number(athlete_id)
        if number is None or number >= len(self.people):
            return None
        found = self.people[number]
        return found if found.id == athlete_id else None

    def named(self, count: int) -> tuple[tuple[int, str], ...]:
        """Ids and names of so many people from the first on."""
        if self.names is not None:
            return self.names.first(count)
        return tuple((person.id, f"{person.firstname} {person.lastname}") for person in self.people[:count])

    def activities(self, athlete_id: int) -> tuple[Activity, ...]:
        """An athlete's activities, newest first; empty for a stranger."""
        return self.by_athlete.get(athlete_id, ())

    def routes(self, athlete_id: int) -> tuple[SavedRoute, ...]:
        """An athlete's saved routes, newest first."""
        return self.routes_by_athlete.get(athlete_id, ())

    def gear_distance_m(self, gear: Gear) -> float:
        """What the gear has covered: the sum of the activities that carry it."""
        return round(sum(one.distance_m for one in self.activities(gear.athlete_id) if one.gear_id == gear.id), 1)
