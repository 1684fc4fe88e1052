from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.private_attack import HOME, Points, circle_centre, far_m, tracks_round
from paceport.geodesy import apart_m, cumulative_distance_m
from paceport.maps.place import HiddenCircle, Place
from paceport.maps.private_places import ShiftKey, find_places, hide_places, visible_pieces

# What the attack must not beat, for a radius of 500 m; a blind guess within the circle is 333 m off in the mean.
NEAREST_M, USUAL_M = 100.0, 200.0
Tracks = list[tuple[Points, Points]]


def ends_of(tracks: Tracks) -> list[list[tuple[float, float]]]:
    return [[(float(one[0][at]), float(one[1][at])) for at in (0, -1)] for one in tracks]


def shown_ends(tracks: Tracks, circles: list[HiddenCircle]) -> list[tuple[float, float]]:
    """The ends of all pieces of what is shown: what an attacker starts from."""
    found = []
    for latitude, longitude in tracks:
        for piece in visible_pieces(latitude, longitude, circles):
            found += [(float(latitude[at]), float(longitude[at])) for at in (piece[0], piece[-1])]
    return found


def trimmed_ends(tracks: Tracks, metres: float) -> list[tuple[float, float]]:
    found = []
    for latitude, longitude in tracks:
        way = cumulative_distance_m(latitude, longitude)
        kept = np.flatnonzero((way > metres) & (way < way[-1] - metres))
        found += [(float(latitude[at]), float(longitude[at])) for at in (kept[0], kept[-1])]
    return found


def test_the_attack_finds_the_home_where_ends_are_cut_off() -> None:
    """Else the next test would prove nothing."""
    tracks = tracks_round(HOME, seed=1)
    unshifted = [HiddenCircle(latitude_deg=HOME[0], longitude_deg=HOME[1], radius_m=500.0)]

    assert far_m(circle_centre(trimmed_ends(tracks, 200.0)), HOME) < 40.0
    assert far_m(circle_centre(shown_ends(tracks, unshifted)), HOME) < 20.0


def test_the_attack_does_not_come_near_a_hidden_home() -> None:
    errors = []
    for seed in range(12):
        tracks = tracks_round(HOME, seed=seed)
        circles, _ = hide_places(find_places(ends_of(tracks)), ShiftKey(secret=bytes([seed]) * 32))
        errors.append(far_m(circle_centre(shown_ends(tracks, circles)), HOME))

    assert min(errors) > NEAREST_M
    assert np.median(errors) > USUAL_M


def test_many_exports_of_a_growing_logbook_hide_the_same_circle() -> None:
    tracks = tracks_round(HOME, seed=3, count=80)
    key, found = ShiftKey(secret=b"s" * 32), []
    for count in range(10, 81, 10):
        circles, key = hide_places(find_places(ends_of(tracks[:count])), key)
        found.append(circles[0])

    assert len(set(found)) == 1
    assert far_m((found[0].latitude_deg, found[0].longitude_deg), HOME) > NEAREST_M


@settings(max_examples=50)
@given(latitude=st.floats(-85, 85), longitude=st.floats(-180, 180), secret=st.binary(min_size=32, max_size=32))
def test_a_circle_covers_its_place_and_never_lies_about_it(latitude: float, longitude: float, secret: bytes) -> None:
    ((circle,), key) = hide_places([Place(latitude_deg=latitude, longitude_deg=longitude)], ShiftKey(secret=secret))

    away = apart_m(latitude, longitude, circle.latitude_deg, circle.longitude_deg)
    assert NEAREST_M < away < 400.0
    assert len(key.marks) == 1
    assert hide_places([Place(latitude_deg=latitude, longitude_deg=longitude)], key) == ([circle], key)


def test_every_point_within_is_left_out_wherever_in_the_track() -> None:
    tracks = tracks_round(HOME, seed=5)
    circles, _ = hide_places(find_places(ends_of(tracks)), ShiftKey(secret=b"x" * 32))

    for latitude, longitude in tracks:
        kept = np.concatenate([np.zeros(0, dtype=np.intp), *visible_pieces(latitude, longitude, circles)])
        for circle in circles if len(kept) else ():
            north = (latitude[kept] - circle.latitude_deg) * 111_195.0
            east = (longitude[kept] - circle.longitude_deg) * 111_195.0 * np.cos(np.radians(latitude[kept]))
            assert np.hypot(north, east).min() > circle.radius_m


def test_a_line_that_passes_through_a_circle_is_cut_though_both_its_ends_lie_outside() -> None:
    circle = HiddenCircle(latitude_deg=0.0, longitude_deg=180.0, radius_m=500.0)
    longitude = np.array([179.97, 179.98, -179.98, -179.97])

    pieces = visible_pieces(np.zeros(4), longitude, [circle])

    assert [piece.tolist() for piece in pieces] == [[0, 1], [2, 3]]


def test_unknown_positions_are_in_no_piece_and_nothing_hides_where_nothing_is_hidden() -> None:
    latitude = np.array([np.nan, 48.0, 48.1, np.nan, 48.2])

    assert [one.tolist() for one in visible_pieces(latitude, latitude, [])] == [[1, 2, 4]]
    assert (
        visible_pieces(np.full(3, np.nan), np.zeros(3), [HiddenCircle(latitude_deg=0, longitude_deg=0, radius_m=9)])
        == []
    )


def test_places_are_where_many_runs_begin_or_end() -> None:
    work = (HOME[0] + 0.05, HOME[1])
    commute = [[HOME, work]] * 5
    away = [[(HOME[0] + 1 + number, HOME[1])] * 2 for number in range(6)]

    places = find_places([*commute, *away])

    assert sorted(round(place.latitude_deg, 3) for place in places) == [HOME[0], round(work[0], 3)]
    assert len(find_places(away)) == 0
    assert len(find_places(away, fewest=1)) == 6
    assert find_places([]) == []


@pytest.mark.parametrize("spread_m", [10.0, 60.0])
def test_one_place_is_found_once_though_no_two_runs_begin_at_the_same_point(spread_m: float) -> None:
    dice = np.random.default_rng(7)
    ends = [
        [(HOME[0] + dice.normal(0, spread_m) / 111_195, HOME[1] + dice.normal(0, spread_m) / 74_000)]
        for _ in range(300)
    ]

    (place,) = find_places(ends)

    assert far_m((place.latitude_deg, place.longitude_deg), HOME) < spread_m
