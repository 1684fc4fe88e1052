"""`tiles`: how much of the map one has run over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.history_session import cache_share_as_json, open_history, say_cache_share, shared_options
from paceport.cli.analysis.sport_choice import sport_option
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.table import KEY, Column

if TYPE_CHECKING:
    from paceport.training.history.visited_tiles import VisitedTiles


@click.command("tiles")
@shared_options
@sport_option
@pass_invocation
def tiles_command(
    invocation: Invocation, *, own_only: bool, units: str | None, as_json: bool, sport: str | None
) -> None:
    """Show how many explorer tiles you have visited, your largest square and your largest cluster.

    A tile is a square of the map of the world at zoom 14, about 1.5 km wide in the middle of Europe. A cluster is a
    group of connected tiles whose four neighbours are all visited.
    """
    with open_history(invocation, own_only=own_only, units=units, with_routes=True, sport=sport) as opened:
        from paceport.training.history.visited_tiles import visited_tiles

        found = visited_tiles(opened.history.runs)
        if as_json:
            opened.output.json({**_as_json(found), "cache": cache_share_as_json(opened.history)})
            return
        size = found.square.size if found.square else 0
        opened.output.result(
            f"{len(found.visits):,} tile{'s' * (len(found.visits) != 1)} visited · largest square {size} by {size} · "
            f"largest cluster {len(found.cluster):,}"
        )
        columns = [
            Column(heading="Year", kind="number", importance=KEY),
            Column(heading="New tiles", kind="number", importance=KEY),
            Column(heading="Visited", kind="number", importance=2),
            Column(heading="Square", kind="number", importance=3),
            Column(heading="Cluster", kind="number", importance=4),
        ]
        rows = [
            [str(year), f"{new:,}", f"{entry.visited:,}", str(entry.square), f"{entry.cluster:,}"]
            for year, entry, new in found.by_year()
        ]
        if rows:
            opened.output.table(columns, rows)
        say_cache_share(opened)


def _as_json(found: VisitedTiles) -> dict[str, object]:
    square = found.square
    return {
        "visited": len(found.visits),
        "square": {"size": square.size, "x": square.tile[0], "y": square.tile[1]} if square else None,
        "cluster": len(found.cluster),
        "growth": [
            {
                "run": found.runs[entry.run].id,
                "day": found.runs[entry.run].day,
                "new": entry.new,
                "visited": entry.visited,
                "square": entry.square,
                "cluster": entry.cluster,
            }
            for entry in found.growth
        ],
        "tiles": [[x, y, count] for (x, y), count in sorted(found.visits.items())],
    }
