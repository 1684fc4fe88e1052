"""Ranks are found once for all worlds of a population, and a change in one world is seen in no other."""

from paceport.clock import ManualClock
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.state.world import World

NEWCOMER = 2  # with few runs


def test_a_change_in_one_world_changes_its_ranks_and_those_of_no_other(
    population: Population, clock: ManualClock
) -> None:
    first, second = World(population, clock=clock), World(population, clock=clock)
    athlete = population.people[NEWCOMER].id
    before = dict(first.achievements.by_activity(athlete))
    best = max(before, key=lambda activity_id: before[activity_id].pr_count)

    first.delete_activity(best)

    assert before[best].pr_count > 0
    assert best not in first.achievements.by_activity(athlete)
    assert first.achievements.by_activity(athlete) != before
    for world in (second, World(population, clock=clock)):
        assert world.achievements.by_activity(athlete) == before
    first.reset()
    assert first.achievements.by_activity(athlete) == before


def test_a_new_world_finds_the_ranks_that_another_has_found(population: Population, clock: ManualClock) -> None:
    athlete = population.people[NEWCOMER].id
    found = World(population, clock=clock).achievements.by_activity(athlete)

    assert World(population, clock=clock).achievements.by_activity(athlete) is found
