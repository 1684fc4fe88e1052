"""The people as they stand: those of the population, with what they changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from paceport.sandbox.athletes.people import Person


class EditedPeople(Sequence[Person]):
    """People in the population's order; `edited` takes the place of the ones with its ids."""

    def __init__(self, people: Sequence[Person], edited: Mapping[int, Person]) -> None:
        self._people, self._edited = people, edited

    def __len__(self) -> int:
        return len(self._people)

    @overload
    def __getitem__(self, index: int) -> Person: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Person, ...]: ...
    def __getitem__(self, index: int | slice) -> Person | tuple[Person, ...]:
        if isinstance(index, slice):
            return tuple(self._edited.get(person.id, person) for person in self._people[index])
        person = self._people[index]
        return self._edited.get(person.id, person)
