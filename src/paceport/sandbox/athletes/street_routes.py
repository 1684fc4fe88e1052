"""Ways through the streets of a town: loops of about a length, the way to a place, the river bank, race courses."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

import numpy as np

from paceport.sandbox.athletes.street_plan import AVENUE_EACH, Crossing, Street, StreetPlan
from paceport.sandbox.athletes.terrain import Track, track_along

HOME: Crossing = (0, 0)
_TRIES, _CLOSE_ENOUGH = 6, 0.08
_BANK_M = 22.0  # from the middle of the river to the path beside it
_REACH_M = 15_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What a loop is meant to look like: through so many goals on an oval that touches home."""

    goals: tuple[tuple[float, float], ...]

    def points(self, radius_m: float) -> list[tuple[float, float]]:
        return [(east * radius_m, north * radius_m) for east, north in self.goals]


def street_loop(plan: StreetPlan, rng: Random, about_m: float) -> Track:
    """A walk through the streets from home and back to it, about so long, no street twice where it can be helped."""
    shape, radius_m = _shape(rng), about_m / 7.2
    tried: list[tuple[float, list[Crossing]]] = []
    for _ in range(_TRIES):
        crossings = _round_trip(plan, shape.points(radius_m))
        length_m = max(plan.length_m(crossings), 100.0)
        tried.append((abs(length_m / about_m - 1.0), crossings))
        if tried[-1][0] < _CLOSE_ENOUGH:
            break
        radius_m *= min(1.5, max(0.6, about_m / length_m))
    return _track(plan, min(tried)[1])


def street_way(plan: StreetPlan, goal: Crossing) -> Track:
    """From home to a crossing."""
    return _track(plan, plan.way(HOME, goal))


def river_path(plan: StreetPlan, *, eastwards: bool) -> Track:
    """From home down to the river, then along its bank for some 15 km."""
    column = AVENUE_EACH if eastwards else -AVENUE_EACH
    row = 0
    while plan.is_north_of_river((column, row - 1)):
        row -= 1
    east, north = plan.line(plan.way(HOME, (column, row)))
    sign = 1.0 if eastwards else -1.0
    bank_east = east[-1] + sign * np.arange(25.0, _REACH_M, 20.0)
    bank_north = plan.place.river_north_m(bank_east) + _BANK_M
    return track_along(plan.place, np.concatenate((east, bank_east)), np.concatenate((north, bank_north)))


def race_course(plan: StreetPlan, rng: Random, length_m: float, exact_m: float) -> Track:
    """A course of exactly `exact_m`: a loop that is too short, after a piece out and back that makes up for it."""
    loop = street_loop(plan, rng, 0.93 * length_m)
    missing_m = exact_m - loop.length_m
    if missing_m < 60.0:
        return loop.scaled_to(exact_m)
    out = street_way(plan, plan.near(*_far(rng, 0.9 * missing_m + 600.0))).beginning(missing_m / 2.0)
    return out.followed_by(out.reversed(), loop).scaled_to(exact_m)


def _far(rng: Random, away_m: float) -> tuple[float, float]:
    heading = rng.uniform(0.0, 2.0 * pi)
    return away_m * cos(heading), away_m * abs(sin(heading))


def _shape(rng: Random) -> _Shape:
    """An oval that touches home, its goals at uneven angles."""
    away, squash, turn = rng.uniform(0.0, 2.0 * pi), rng.uniform(0.55, 1.0), rng.choice((-1.0, 1.0))
    count = rng.randint(2, 4)
    goals = []
    for number in range(1, count + 1):
        angle = pi + turn * 2.0 * pi * (number + rng.uniform(-0.28, 0.28)) / (count + 1)
        along, aside = 1.0 + cos(angle), squash * sin(angle)
        reach = rng.uniform(0.85, 1.15)
        goals.append(
            (
                reach * (along * cos(away) - aside * sin(away)),
                reach * (along * sin(away) + aside * cos(away)),
            )
        )
    return _Shape(goals=tuple(goals))


def _round_trip(plan: StreetPlan, goals: list[tuple[float, float]]) -> list[Crossing]:
    found, used = [HOME], set[Street]()
    for goal in (*(plan.near(*point) for point in goals), HOME):
        leg = plan.way(found[-1], goal, used)
        used |= plan.streets(leg)
        found += leg[1:]
    return _without_dead_ends(found)


def _without_dead_ends(crossings: list[Crossing]) -> list[Crossing]:
    """Without what is gone only to be gone back at once."""
    kept: list[Crossing] = []
    for crossing in crossings:
        if len(kept) > 1 and kept[-2] == crossing:
            kept.pop()
        elif not kept or kept[-1] != crossing:
            kept.append(crossing)
    return kept


def _track(plan: StreetPlan, crossings: list[Crossing]) -> Track:
    if len(crossings) < 2:
        raise ValueError(f"no street leads there in {plan.place.name}")
    return track_along(plan.place, *plan.line(crossings))
