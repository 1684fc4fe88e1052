"""The people of the default seed, made once in a process: years of training take the better part of a second."""

from functools import cache

from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate


@cache
def years_of_training() -> Population:
    """Three people; immutable, so that every world of a test run may share them."""
    return populate(1)
