"""The explorer tiles of all runs of a history."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.lazy_dataclass import dataclass
from paceport.maps.explorer_tiles import Growth, Square, Tile, growth, largest_cluster, largest_square, tiles_of_tracks
from paceport.training.history.run import Run
from paceport.training.metrics.polyline import decode_all


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitedTiles:
    """Every visited tile, how often; the largest shapes; and how they grew, run by run in the order of `runs`.

    `runs` are those that have a track, oldest first; `growth` counts them by their place among these.
    """

    runs: tuple[Run, ...]
    visits: dict[Tile, int]
    square: Square | None
    cluster: frozenset[Tile]
    growth: tuple[Growth, ...]

    def by_year(self) -> list[tuple[int, Growth, int]]:
        """The last entry of each year in which something grew, and the new tiles of that year; newest first."""
        years: dict[int, tuple[Growth, int]] = {}
        for entry in self.growth:
            year = self.runs[entry.run].day.year
            years[year] = (entry, entry.new + (years[year][1] if year in years else 0))
        return [(year, *found) for year, found in sorted(years.items(), reverse=True)]


def visited_tiles(runs: Sequence[Run]) -> VisitedTiles:
    """The tiles of these runs, from their stored simplified tracks (within 5 m); what has no track has no tile."""
    outside = [run for run in sorted(runs, key=lambda one: (one.start, one.id)) if run.polyline and not run.is_indoor]
    tracks = decode_all([run.polyline or "" for run in outside])
    known = [run for run, track in zip(outside, tracks, strict=True) if track is not None]
    found = tiles_of_tracks([track for track in tracks if track is not None])
    visits: dict[Tile, int] = {}
    for tiles in found:
        for tile in tiles:
            visits[tile] = visits.get(tile, 0) + 1
    return VisitedTiles(
        runs=tuple(known),
        visits=visits,
        square=largest_square(visits),
        cluster=largest_cluster(visits),
        growth=tuple(growth(found)),
    )
