"""The segments and saved routes of a simulated athlete, laid along the routes that they know."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import numpy as np

from paceport.sandbox.athletes.personas import Persona
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.routes import KnownRoutes, NamedRoute
from paceport.sandbox.athletes.saved_routes import SavedRoute
from paceport.sandbox.athletes.segments import Segment
from paceport.sandbox.athletes.terrain import Track

SEGMENT_TOWNS = 2  # segments lie in the towns of the first athletes alone
FIRST_SEGMENT_ID = 31_400_101
FIRST_ROUTE_ID = 3_100_000_000_000_000_000


def create_segment(
    identity: int, name: str, route: NamedRoute, start_m: float, end_m: float, created_at: datetime
) -> Segment:
    """A segment on a route between two distances along it."""
    track = route.track()
    first, last = (int(np.searchsorted(track.distance_m, at)) for at in (start_m, end_m))
    altitude = np.round(track.altitude_m[first : last + 1], 1)
    length_m = float(track.distance_m[last] - track.distance_m[first])
    rise_m = float(altitude[-1] - altitude[0])
    grades = track.grade_percent[first:last]
    return Segment(
        id=identity,
        name=name,
        activity_type="Run",
        distance_m=round(length_m, 1),
        points=_points(track, first, last),
        altitudes_m=tuple(altitude.tolist()),
        average_grade_percent=round(100.0 * rise_m / length_m, 1),
        maximum_grade_percent=round(float(grades.max()), 1),
        elevation_gain_m=round(float(np.maximum(np.diff(altitude), 0.0).sum()), 1),
        climb_category=_climb_category(length_m, rise_m),
        city=track.place.name,
        state=track.place.state,
        country=track.place.country,
        created_at=created_at,
        family=route.family,
        start_m=float(track.distance_m[first]),
        end_m=float(track.distance_m[last]),
    )


def create_saved_route(
    identity: int, athlete_id: int, name: str, route: NamedRoute, *, speed_mps: float, made: datetime
) -> SavedRoute:
    """A saved route along a known one, a point every 25 m or so."""
    track = route.track()
    # The last point too, so that a loop closes.
    kept = np.unique(np.append(np.arange(0, len(track.east_m), 5), len(track.east_m) - 1))
    altitude = np.round(track.altitude_m[kept], 1)
    degrees = np.round(track.place.latlng(track.east_m[kept], track.north_m[kept]), 6)
    riding = "-ride-" in route.name
    return SavedRoute(
        id=identity,
        athlete_id=athlete_id,
        name=name,
        description=None if identity % 2 else "Drawn on the map; mind the crossing.",
        type=1 if riding else 2,
        sub_type=4 if route.surface == "trail" else 1,
        private=identity % 3 == 0,
        starred=identity % 2 == 0,
        distance_m=round(track.length_m, 1),
        elevation_gain_m=round(float(np.maximum(np.diff(altitude), 0.0).sum()), 1),
        estimated_moving_time_s=round(track.length_m / speed_mps),
        points=tuple((latitude, longitude) for latitude, longitude in degrees.tolist()),
        altitudes_m=tuple(altitude.tolist()),
        created_at=made,
    )


def _points(track: Track, first: int, last: int) -> tuple[tuple[float, float], ...]:
    degrees = track.place.latlng(track.east_m[first : last + 1], track.north_m[first : last + 1])
    return tuple((latitude, longitude) for latitude, longitude in np.round(degrees, 6).tolist())


def _climb_category(length_m: float, rise_m: float) -> int:
    """0 for no climb, up to 5: by length times grade (the long-published rule of thumb)."""
    grade_percent = 100.0 * rise_m / length_m
    if grade_percent < 3.0:
        return 0
    return sum(length_m * grade_percent > bound for bound in (8000.0, 16000.0, 32000.0, 64000.0, 80000.0))


def generate_segments(index: int, known_routes: KnownRoutes, persona: Persona) -> list[Segment]:
    """On two favourite loops, the riverside and the steepest 600 m of the hills."""
    loops, town = known_routes.loops, known_routes.place.name
    river = known_routes.river(random_stream("river"), 9000.0)
    hill = known_routes.trails[1]
    top = _steepest(hill)
    wanted = (
        (f"{town} Old Mill straight", loops[min(4, len(loops) - 1)], 600.0, 1400.0),
        ("Climb to the mast", hill, top, top + 600.0),
        ("Riverside kilometre", river, 1600.0, 2600.0),
        ("Church Street & back <again>", loops[min(7, len(loops) - 1)], 1900.0, 3100.0),
    )
    made = datetime.combine(persona.training.first_day, time(12), tzinfo=UTC) - timedelta(days=400)
    return [
        create_segment(FIRST_SEGMENT_ID + 100 * index + number, name, route, start_m, end_m, made)
        for number, (name, route, start_m, end_m) in enumerate(wanted)
    ]


def _steepest(route: NamedRoute) -> float:
    track = route.track()
    starts = np.arange(200.0, track.length_m - 900.0, 50.0)
    rise = np.interp(starts + 600.0, track.distance_m, track.altitude_m)
    rise -= np.interp(starts, track.distance_m, track.altitude_m)
    return float(starts[int(rise.argmax())])


def generate_saved_routes(index: int, identity: int, known_routes: KnownRoutes, persona: Persona) -> list[SavedRoute]:
    """Some routes saved by hand, newest first; a newcomer has none."""
    if index == 2:
        return []
    wanted: list[tuple[str, NamedRoute]] = [
        ("Lunch loop", known_routes.loops[len(known_routes.loops) // 4]),
        ("Sunday, the long way", known_routes.loops[-2]),
        ("Hills behind the town ⛰️", known_routes.trails[1]),
        *(("Round the lake", ride) for ride in known_routes.rides[:1]),
    ]
    made = datetime.combine(persona.training.first_day, time(20, 15), tzinfo=UTC) + timedelta(days=60)
    routes = [
        create_saved_route(
            FIRST_ROUTE_ID + 1000 * index + 17 * number,
            identity,
            name,
            route,
            speed_mps=7.0 if "-ride-" in route.name else persona.training.speeds[-1][1] * 0.75,
            made=made + timedelta(days=90 * number),
        )
        for number, (name, route) in enumerate(wanted)
    ]
    return routes[::-1]
