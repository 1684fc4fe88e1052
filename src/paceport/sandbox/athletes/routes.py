"""The routes an athlete knows: favourite loops, the riverside, the hills, the running track, race courses.

By design. A route is cheap to hold: its length is known at once, its nodes are made when a recording needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.street_plan import StreetPlan, create_street_plan
from paceport.sandbox.athletes.street_routes import race_course, river_path, street_loop, street_way
from paceport.sandbox.athletes.terrain import Place, Track, hill_loop, running_track_lap

LAP_M = 400.0
REACH_M = 10_000.0  # of the streets that a rider knows; a runner's are those of the longest loop
LOOPS_M = (4100, 5200, 6000, 6600, 7400, 8100, 8800, 9700, 10400, 11500, 12600, 14000, 16200, 18500, 21000, 24500)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRoute:
    """A route by name: routes of one `family` begin alike; the same `name` is the same route to the metre."""

    name: str
    family: str
    place: Place
    length_m: float
    surface: str
    track: Callable[[], Track] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRoutes:
    """The routes round one town that one athlete knows, all along the streets of its plan."""

    place: Place
    plan: StreetPlan = field(repr=False)
    loops: tuple[NamedRoute, ...]
    trails: tuple[NamedRoute, ...]
    rides: tuple[NamedRoute, ...]
    rivers: tuple[tuple[str, Track], ...]
    to_stadium: Track
    lap: Track
    to_work: NamedRoute
    # Ways out and back, and race courses, by their name: made once, as heights and grades are costly.
    out_and_back: dict[str, Track] = field(default_factory=dict, init=False, repr=False, compare=False)
    courses: dict[str, NamedRoute] = field(default_factory=dict, init=False, repr=False, compare=False)

    def loop(self, rng: Random, about_m: float) -> NamedRoute:
        """One of the loops of about that length: the favourite (the nearest) twice as often as the others."""
        near = sorted(self.loops, key=lambda route: abs(route.length_m - about_m))[:4]
        return rng.choice([near[0], near[0], *near])

    def river(self, rng: Random, about_m: float) -> NamedRoute:
        """Out along the river and back, to a hundred metres of that length."""
        family, bank = rng.choice(self.rivers)
        known = self.out_and_back  # not all of the streets, which nobody needs once the routes are known
        half_m = min(max(1200.0, 50.0 * round(about_m / 100.0)), bank.length_m - 60.0)
        length_m = 2.0 * bank.beginning(half_m).length_m
        name = f"{family}-{round(half_m)}"

        def track() -> Track:
            if name not in known:
                out = bank.beginning(half_m)
                known[name] = out.followed_by(out.reversed())
            return known[name]

        return NamedRoute(
            name=name,
            family=family,
            place=self.place,
            length_m=length_m,
            surface="path",
            track=track,
        )

    def stadium(self, laps: int) -> NamedRoute:
        """To the running track, so many laps, and back."""
        leg, lap = self.to_stadium, self.lap
        return NamedRoute(
            name=f"{self.place.name}-stadium-{laps}",
            family=f"{self.place.name}-stadium",
            place=self.place,
            length_m=2.0 * leg.length_m + LAP_M * laps,
            surface="track",
            track=lambda: leg.followed_by(*[lap] * laps, leg.reversed()),
        )

    def race(self, name: str, length_m: float) -> NamedRoute:
        """A measured course of the town that begins at home, the same each year."""
        title = f"{self.place.name}-{name}-{round(length_m)}"
        if title not in self.courses:
            rng = random_stream(f"{self.place.name} {name}")
            # A course is measured with a little in hand, and nobody runs the shortest line.
            exact_m = length_m * rng.uniform(1.0015, 1.006)
            self.courses[title] = _fixed(title, race_course(self.plan, rng, length_m, exact_m), "road")
        return self.courses[title]


def generate_known_routes(
    place: Place, seed: str, *, loops_m: tuple[int, ...] = LOOPS_M, full: bool = True
) -> KnownRoutes:
    """The routes of an athlete in a place. Not `full`: a visitor, who knows a few loops."""
    rng = random_stream(f"{seed}/atlas/{place.name}")
    town = place.name
    plan = create_street_plan(place, REACH_M if full else max(loops_m) / 3.2)
    loops = [_fixed(f"{town}-loop-{size}", street_loop(plan, rng, size), "road") for size in loops_m]
    trails = [_fixed(f"{town}-hills-{size}", hill_loop(place, rng, size), "trail") for size in (6500, 9500, 14000)]
    rides = [street_loop(plan, rng, size) for size in ((24000, 38000, 56000) if full else ())]
    leg = street_way(plan, plan.near(900.0, 700.0))
    return KnownRoutes(
        place=place,
        plan=plan,
        loops=tuple(loops),
        trails=tuple(trails),
        rides=tuple(_fixed(f"{town}-ride-{round(way.length_m)}", way, "road") for way in rides),
        rivers=(
            (f"{town}-river-east", river_path(plan, eastwards=True)),
            (f"{town}-river-west", river_path(plan, eastwards=False)),
        ),
        to_stadium=leg,
        lap=running_track_lap(place, float(leg.east_m[-1]), float(leg.north_m[-1])),
        to_work=_fixed(f"{town}-to-work", street_way(plan, plan.near(2400.0, 1500.0)), "road"),
    )


def _fixed(name: str, track: Track, surface: str) -> NamedRoute:
    return NamedRoute(
        name=name, family=name, place=track.place, length_m=track.length_m, surface=surface, track=lambda: track
    )
