from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.maps.explorer_tiles import Tile, growth, largest_cluster, largest_square, tiles_of_tracks
from paceport.maps.web_mercator import project
from training.metrics.made import Channel

SMALL = st.sets(st.tuples(st.integers(5, 11), st.integers(5, 11)), max_size=40)


def tiles_of(latitude_deg: Channel, longitude_deg: Channel) -> frozenset[Tile]:
    (tiles,) = tiles_of_tracks([(latitude_deg, longitude_deg)])
    return tiles


def tile_by_the_book(latitude: float, longitude: float) -> Tile:
    """The formula as OpenStreetMap's wiki writes it down (Slippy map tilenames)."""
    wide = 2.0**14
    radians = math.radians(latitude)
    x = (longitude + 180.0) / 360.0 * wide
    y = (1.0 - math.log(math.tan(radians) + 1 / math.cos(radians)) / math.pi) / 2.0 * wide
    return int(x), int(y)


def square_by_trying(tiles: set[Tile]) -> int:
    def is_full(x: int, y: int, size: int) -> bool:
        return all((x + i, y + j) in tiles for i in range(size) for j in range(size))

    return max((size for x, y in tiles for size in range(1, 9) if is_full(x, y, size)), default=0)


def cluster_by_walking(tiles: set[Tile]) -> int:
    def beside(tile: Tile) -> set[Tile]:
        return {(tile[0] + i, tile[1] + j) for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1))}

    inner = {tile for tile in tiles if beside(tile) <= tiles}
    most = 0
    while inner:
        group, edge = set(), {inner.pop()}
        while edge:
            group |= edge
            edge = {other for tile in edge for other in beside(tile)} & inner
            inner -= edge
        most = max(most, len(group))
    return most


@settings(max_examples=50)
@given(st.floats(-85, 85), st.floats(-179.9, 179.9))
def test_a_point_lies_in_the_tile_that_the_formula_names(latitude: float, longitude: float) -> None:
    assert tiles_of(np.array([latitude]), np.array([longitude])) == {tile_by_the_book(latitude, longitude)}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(48.0, 48.2), st.floats(11.0, 11.3)), min_size=2, max_size=5))
def test_a_line_visits_every_tile_that_closely_spaced_points_on_it_lie_in(points: list[tuple[float, float]]) -> None:
    latitude, longitude = (np.array(values) for values in zip(*points, strict=True))
    found = tiles_of(latitude, longitude)
    x, y = project(latitude, longitude)
    dense = np.linspace(0, len(points) - 1, 2000)
    places = np.arange(len(points))
    columns = np.floor(np.interp(dense, places, x) * 16384).astype(int).tolist()
    rows = np.floor(np.interp(dense, places, y) * 16384).astype(int).tolist()

    seen = set(zip(columns, rows, strict=True))
    # What only the line has is a corner that the spaced points jump over.
    assert seen <= found
    assert len(found - seen) <= 2


@settings(max_examples=60)
@given(SMALL)
def test_the_largest_square_and_cluster_are_those_that_trying_everything_finds(tiles: set[Tile]) -> None:
    square = largest_square(tiles)

    assert (square.size if square else 0) == square_by_trying(tiles)
    assert len(largest_cluster(tiles)) == cluster_by_walking(tiles)


@settings(max_examples=30)
@given(st.lists(SMALL, max_size=6))
def test_what_grew_step_by_step_is_what_counting_anew_gives(runs: list[set[Tile]]) -> None:
    entries = growth([frozenset(tiles) for tiles in runs])

    for entry in entries:
        visited = set().union(*runs[: entry.run + 1])
        assert (entry.visited, entry.square) == (len(visited), square_by_trying(visited))
        assert entry.cluster == cluster_by_walking(visited)
    assert sum(entry.new for entry in entries) == len(set().union(*runs))


def test_a_way_across_the_date_line_does_not_go_round_the_world() -> None:
    tiles = tiles_of(np.array([0.01, 0.01]), np.array([179.99, -179.99]))

    assert tiles == {(16383, 8191), (0, 8191)}


def test_unknown_positions_visit_nothing() -> None:
    assert tiles_of(np.array([np.nan]), np.array([1.0])) == frozenset()


@settings(max_examples=50)
@given(st.lists(st.lists(st.tuples(st.floats(68, 68.1), st.floats(179.8, 180.2)), max_size=3), max_size=3))
def test_many_tracks_visit_the_tiles_that_each_of_them_visits(tracks: list[list[tuple[float, float]]]) -> None:
    channels = [
        (np.array([point[0] for point in one]), (np.array([point[1] for point in one]) + 180.0) % 360.0 - 180.0)
        for one in tracks
    ]

    assert tiles_of_tracks(channels) == [tiles_of(latitude, longitude) for latitude, longitude in channels]
