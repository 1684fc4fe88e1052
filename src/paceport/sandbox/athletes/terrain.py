"""Invented towns: hills, a river, and the tracks that lead through them. `street_plan` has the streets.

By design, all of it: only the coordinates of a town's middle are of this world. Heights are a smooth function of the
position, so that one place has one height whoever comes by; so are the bends of the streets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np
import numpy.typing as npt

from paceport.sandbox.athletes.geometry import METRES_PER_DEGREE
from paceport.sandbox.athletes.physiology import grade_cost
from paceport.sandbox.athletes.random_streams import random_stream

Floats = npt.NDArray[np.float64]

STEP_M = 5.0
RIVER_NORTH_M = -840.0
HILLS_NORTH_M = 2600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One sine of the ground: wave numbers east and north (rad/m), phase, and height or shift in metres."""

    east: float
    north: float
    phase: float
    size_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A town round `latitude_deg`, `longitude_deg`; its plan is turned by `heading_rad`, a usual block is `block_m`."""

    name: str
    state: str
    country: str
    latitude_deg: float
    longitude_deg: float
    timezone: str
    heading_rad: float
    block_m: float
    base_m: float
    hills: tuple[Wave, ...]
    bends: tuple[Wave, ...]
    meanders: tuple[Wave, ...]

    def latlng(self, east_m: Floats, north_m: Floats) -> Floats:
        """Degrees, shape (n, 2), of metres east and north of the middle."""
        shrink = float(np.cos(np.radians(self.latitude_deg)))
        latitude = self.latitude_deg + north_m / METRES_PER_DEGREE
        longitude = self.longitude_deg + east_m / (METRES_PER_DEGREE * shrink)
        return np.column_stack((latitude, longitude))

    def height_m(self, east_m: Floats, north_m: Floats) -> Floats:
        """Height above the sea: hills that grow to the north and flatten towards the river."""
        ground = sum((_sine(wave, east_m, north_m) for wave in self.hills), np.zeros(len(east_m)))
        valley = 1.0 - 0.93 * np.exp(-(((north_m - self.river_north_m(east_m)) / 420.0) ** 2))
        uphill = 1.0 + 2.2 / (1.0 + np.exp(-(north_m - HILLS_NORTH_M) / 500.0))
        return np.asarray(self.base_m + ground * valley * uphill)

    def river_north_m(self, east_m: Floats) -> Floats:
        """How far north of the middle the river flows, at positions east of it."""
        level = np.zeros(len(east_m))
        return RIVER_NORTH_M + sum((_sine(wave, east_m, level) for wave in self.meanders), level)

    def streets(self, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
        """Where streets really run, given positions on the plan: the town is turned and bent."""
        turn_cos, turn_sin = float(np.cos(self.heading_rad)), float(np.sin(self.heading_rad))
        east, north = east_m * turn_cos - north_m * turn_sin, east_m * turn_sin + north_m * turn_cos
        first, second = self.bends
        return east + _sine(first, east, north), north + _sine(second, east, north)


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """A line through a place, a node every 5 m or so; its first node has distance 0."""

    place: Place
    east_m: Floats
    north_m: Floats

    @cached_property
    def distance_m(self) -> Floats:
        """Cumulative length at each node."""
        steps = np.hypot(np.diff(self.east_m), np.diff(self.north_m))
        return np.concatenate(([0.0], np.cumsum(steps)))

    @cached_property
    def length_m(self) -> float:
        """The whole length."""
        return float(self.distance_m[-1])

    @cached_property
    def altitude_m(self) -> Floats:
        """Height at each node."""
        return self.place.height_m(self.east_m, self.north_m)

    @cached_property
    def grade_percent(self) -> Floats:
        """Grade between each node and the next, one fewer than nodes, from heights some 20 m apart."""
        rise = np.diff(self.altitude_m)
        run = np.maximum(np.diff(self.distance_m), 0.5)
        kernel = np.full(5, 0.2)
        padded = np.pad(rise / run, 2, mode="edge")
        return np.asarray(100.0 * np.convolve(padded, kernel, mode="valid"))

    @cached_property
    def grade_cost(self) -> Floats:
        """Flat metres that one metre between each node and the next is worth, on foot."""
        return grade_cost(self.grade_percent)

    def beginning(self, until_m: float) -> Track:
        """The beginning of this track, up to the node nearest to `until_m`."""
        last = max(2, int(np.searchsorted(self.distance_m, until_m)))
        return Track(place=self.place, east_m=self.east_m[: last + 1], north_m=self.north_m[: last + 1])

    def reversed(self) -> Track:
        """The same track in the other direction."""
        return Track(place=self.place, east_m=self.east_m[::-1], north_m=self.north_m[::-1])

    def followed_by(self, *others: Track) -> Track:
        """This track and others after it, each beginning where the one before ended."""
        east = [self.east_m, *(other.east_m[1:] for other in others)]
        north = [self.north_m, *(other.north_m[1:] for other in others)]
        return Track(place=self.place, east_m=np.concatenate(east), north_m=np.concatenate(north))

    def scaled_to(self, length_m: float) -> Track:
        """The same shape from the same start, of exactly that length: how a race course is measured out."""
        ratio = length_m / self.length_m
        east, north = float(self.east_m[0]), float(self.north_m[0])
        return Track(
            place=self.place, east_m=east + (self.east_m - east) * ratio, north_m=north + (self.north_m - north) * ratio
        )


def create_place(
    name: str,
    latitude_deg: float,
    longitude_deg: float,
    timezone: str,
    *,
    state: str,
    country: str,
    hilly: float,
    base_m: float,
) -> Place:
    """An invented town at these coordinates, its ground decided by its name; `hilly` 1 rolls gently round `base_m`."""
    rng = random_stream(f"ground of {name}")
    hills = [
        _wave(rng, length, hilly * length * rng.uniform(0.0012, 0.0024)) for length in (620, 980, 1500, 2600, 4300)
    ]
    return Place(
        name=name,
        state=state,
        country=country,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        timezone=timezone,
        heading_rad=rng.uniform(-0.35, 0.35),
        block_m=rng.uniform(100.0, 140.0),
        base_m=base_m,
        hills=tuple(hills),
        bends=(_wave(rng, 2900.0, 90.0), _wave(rng, 2300.0, 75.0)),
        meanders=tuple(
            Wave(east=2.0 * np.pi / length, north=0.0, phase=rng.uniform(0.0, 2.0 * np.pi), size_m=size)
            for length, size in ((5200.0, 120.0), (1900.0, 55.0), (760.0, 22.0))
        ),
    )


def track_along(place: Place, east_m: Floats, north_m: Floats) -> Track:
    """The track of who follows a line from point to point and takes the corners a little round."""
    east, north = _dense(np.column_stack((east_m, north_m)))
    return Track(place=place, east_m=_rounded(east), north_m=_rounded(north))


def hill_loop(place: Place, rng: Random, about_m: float) -> Track:
    """A closed loop of paths through the hills north of the town, with no street under it."""
    angle = np.linspace(0.0, 2.0 * np.pi, max(60, int(about_m / STEP_M)))
    shape = 1.0 + sum(rng.uniform(0.05, 0.2) * np.cos(turn * angle + rng.uniform(0.0, 6.28)) for turn in (2, 3, 5))
    east = about_m / 6.9 * shape * np.cos(angle) + rng.uniform(-300.0, 300.0)
    north = about_m / 6.9 * shape * np.sin(angle) + HILLS_NORTH_M + about_m / 7.5
    return Track(place=place, east_m=np.asarray(east), north_m=np.asarray(north))


def running_track_lap(place: Place, east_m: float, north_m: float) -> Track:
    """One lap of a 400 m running track, lane one, from the given point and back to it."""
    straight, radius = 84.39, 36.8
    turn = np.linspace(-np.pi / 2, np.pi / 2, 24)
    along = np.linspace(0.0, straight, 17)[:-1]
    east = np.concatenate((along, straight + radius * np.cos(turn), straight - along[1:], -radius * np.cos(turn)))
    north = np.concatenate(
        (0 * along, radius + radius * np.sin(turn), 2 * radius + 0 * along[1:], radius - radius * np.sin(turn))
    )
    lap = Track(place=place, east_m=east_m + east, north_m=north_m + north)
    return lap.scaled_to(400.0)


def _dense(points: Floats) -> tuple[Floats, Floats]:
    """A node every 5 m or so along straight lines between points."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    points, steps = points[np.concatenate(([True], steps > 0))], steps[steps > 0]
    corner_m = np.concatenate(([0.0], np.cumsum(steps)))
    along = np.linspace(0.0, corner_m[-1], max(3, int(corner_m[-1] / STEP_M) + 1))
    return np.interp(along, corner_m, points[:, 0]), np.interp(along, corner_m, points[:, 1])


def _rounded(values: Floats) -> Floats:
    """The mean of each value and its neighbours; the ends stay."""
    inner = (values[:-2] + values[1:-1] + values[2:]) / 3.0
    return np.concatenate((values[:1], inner, values[-1:]))


def _wave(rng: Random, length_m: float, size_m: float) -> Wave:
    direction = rng.uniform(0.0, 2.0 * np.pi)
    number = 2.0 * np.pi / length_m
    return Wave(
        east=number * float(np.cos(direction)),
        north=number * float(np.sin(direction)),
        phase=rng.uniform(0.0, 2.0 * np.pi),
        size_m=size_m,
    )


def _sine(wave: Wave, east_m: Floats, north_m: Floats) -> Floats:
    return np.asarray(wave.size_m * np.sin(wave.east * east_m + wave.north * north_m + wave.phase))
