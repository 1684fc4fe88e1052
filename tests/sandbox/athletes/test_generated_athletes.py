"""Thousands of athletes: none is generated before it is asked for, and the order of asking changes nothing."""

import pytest

from paceport.sandbox.athletes.athlete_ids import FIRST_ID_OF_MANY, activity_owners, athlete_id, athlete_number
from paceport.sandbox.athletes.generated_athletes import KEPT, GeneratedAthlete, GeneratedAthletes, GeneratedPeople
from paceport.sandbox.athletes.kinds_of_athletes import kind_of
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate

FAR, PHONE = 4321, 4011  # the second carries a phone beside the watch


@pytest.fixture(scope="module")
def thousands() -> Population:
    return populate(1, athletes=5000)


def figures(population: Population, number: int) -> object:
    rows = population.activities(athlete_id(number))
    return population.people[number], [(row, row.distance_m) for row in rows], rows[0].summary


def test_an_athlete_is_the_same_whoever_was_asked_for_before(thousands: Population) -> None:
    other = populate(1, athletes=4500)
    _ = other.people[7], other.people[4000]

    assert figures(thousands, FAR) == figures(other, FAR)


def test_an_activity_is_found_by_its_id_among_thousands(thousands: Population) -> None:
    assert kind_of(PHONE) == "phone"
    for number in (3, FAR, PHONE):
        rows = thousands.activities(athlete_id(number))
        assert len({row.id for row in rows}) == len(rows)
        assert all(number in activity_owners(row.id) for row in rows)
        assert all((row.id >= FIRST_ID_OF_MANY) == (number >= 30) for row in rows)


def test_ids_lead_back_to_athletes(thousands: Population) -> None:
    assert athlete_number(athlete_id(FAR)) == FAR
    assert athlete_number(athlete_id(FAR) + 1) is None
    assert thousands.person(athlete_id(FAR)) == thousands.people[FAR]
    assert thousands.person(athlete_id(5000)) is None
    assert thousands.activities(athlete_id(5000)) == ()


def test_names_are_known_without_generating_anybody(thousands: Population) -> None:
    names = thousands.named(5000)

    person = thousands.people[FAR]
    assert len(names) == 5000
    assert names[FAR] == (person.id, f"{person.firstname} {person.lastname}")


def test_only_what_is_asked_for_is_made_and_only_the_last_are_kept(thousands: Population) -> None:
    made: list[int] = []

    def generate(number: int) -> GeneratedAthlete:
        made.append(number)
        person: Person = thousands.people[0]
        return GeneratedAthlete(person=person, activities=(), segments=(), routes=(), by_id={})

    athletes = GeneratedAthletes(5000, generate)
    people = GeneratedPeople(athletes)
    assert (len(people), made) == (5000, [])

    _ = people[4999], people[-1], people[17]
    assert made == [4999, 17]

    _ = people[100 : 100 + KEPT]
    assert athletes.athlete.cache_info().currsize == KEPT
