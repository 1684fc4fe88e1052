"""Athletes who are generated when somebody first asks for them: a world of thousands starts at once.

An athlete follows from the seed and the athlete's number alone, so that the order of asking changes nothing. The last
few asked for are kept, the others made again just the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.athlete_ids import activity_owners, athlete_id, athlete_number
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.saved_routes import SavedRoute
from paceport.sandbox.athletes.segments import Segment

KEPT = 32  # athletes in memory at once, some 2 MB each


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedAthlete:
    """One athlete with all that is theirs; activities and routes newest first."""

    person: Person
    activities: tuple[Activity, ...]
    segments: tuple[Segment, ...]
    routes: tuple[SavedRoute, ...]
    by_id: Mapping[int, Activity]


class GeneratedAthletes:
    """All athletes of a population by number, from 0; `generate` makes one."""

    def __init__(self, count: int, generate: Callable[[int], GeneratedAthlete]) -> None:
        self.count = count
        self.athlete = lru_cache(maxsize=KEPT)(generate)

    def with_id(self, wanted: int) -> GeneratedAthlete | None:
        """The athlete of that id."""
        number = athlete_number(wanted)
        return self.athlete(number) if number is not None and number < self.count else None


class GeneratedPeople(Sequence[Person]):
    """The people of a population, in order of their numbers."""

    def __init__(self, athletes: GeneratedAthletes) -> None:
        self._athletes = athletes

    def __len__(self) -> int:
        return self._athletes.count

    @overload
    def __getitem__(self, index: int) -> Person: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Person, ...]: ...
    def __getitem__(self, index: int | slice) -> Person | tuple[Person, ...]:
        numbers = range(self._athletes.count)[index]
        if isinstance(numbers, range):
            return tuple(self._athletes.athlete(number).person for number in numbers)
        return self._athletes.athlete(numbers).person

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(lambda a, b: a == b, self, other))

    __hash__ = None  # type: ignore[assignment]  # compared by what is in it, as a tuple is

    def __repr__(self) -> str:
        return f"<{len(self)} people, generated when asked for>"


class GeneratedActivities(Mapping[int, tuple[Activity, ...]]):
    """Each athlete's activities by the athlete's id, newest first."""

    def __init__(self, athletes: GeneratedAthletes, next_id: int) -> None:
        self._athletes = athletes
        self.next_id = next_id

    def __getitem__(self, key: int) -> tuple[Activity, ...]:
        found = self._athletes.with_id(key)
        if found is None:
            raise KeyError(key)
        return found.activities

    def __iter__(self) -> Iterator[int]:
        return map(athlete_id, range(self._athletes.count))

    def __len__(self) -> int:
        return self._athletes.count

    def find(self, activity_id: int) -> Activity | None:
        """The activity of that id; its number tells whose it can be, so that no other athlete is generated."""
        for number in activity_owners(activity_id):
            if number < self._athletes.count:
                found = self._athletes.athlete(number).by_id.get(activity_id)
                if found is not None:
                    return found
        return None


class GeneratedRoutes(Mapping[int, tuple[SavedRoute, ...]]):
    """Each athlete's saved routes by the athlete's id, newest first."""

    def __init__(self, athletes: GeneratedAthletes) -> None:
        self._athletes = athletes

    def __getitem__(self, key: int) -> tuple[SavedRoute, ...]:
        found = self._athletes.with_id(key)
        if found is None:
            raise KeyError(key)
        return found.routes

    def __iter__(self) -> Iterator[int]:
        return map(athlete_id, range(self._athletes.count))

    def __len__(self) -> int:
        return self._athletes.count
