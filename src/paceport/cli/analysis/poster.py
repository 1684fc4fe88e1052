"""`poster`: a picture of all runs to hang on a wall."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from paceport.cli.analysis.history_session import HistorySession, open_history
from paceport.cli.hidden_places import circles_of_history
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import PaceportError, UsageError
from paceport.logbook.exporting.destination import check_new_destination, new_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paceport.maps.place import HiddenCircle
    from paceport.pictures.svg import Theme
    from paceport.training.history.run import Run

Kind = Literal["facets", "map", "elevations", "year", "calendar"]
_PNG_WIDTH_PX = {"tall": 1080, "wide": 1200, "poster": 3000}
_MOST_PROFILES, _PROFILE_POINTS = 64, 240


@click.command("poster")
@click.argument("kind", type=click.Choice(["facets", "map", "elevations", "year", "calendar"]))
@click.option(
    "-o", "--output", "place", required=True, type=click.Path(path_type=Path), help="A new .svg or .png file."
)
@click.option("--year", type=click.IntRange(1900, 9999), help="Only runs of this year; year: else the newest.")
@click.option("--wide", is_flag=True, help="year: 1200 by 630 pixels, not 1080 by 1350.")
@click.option("--dark", is_flag=True, help="Light lines on dark paper.")
@click.option("--show-all", is_flag=True, help="Private places too; for yourself alone.")
@click.option("--own-only", is_flag=True, help="Use only your own data, nothing from the API.")
@click.option("--units", type=click.Choice(["km", "mi"]), help="Kilometres or miles.")
@click.option("--json", "as_json", is_flag=True, help="Describe what was written as JSON.")
@pass_invocation
def poster_command(invocation: Invocation, /, **options: Any) -> None:
    """Draw a poster of your runs: every track, one map, every climb, every day, or a year in review.

    \b
        paceport poster facets -o runs.svg
        paceport poster year --year 2026 -o 2026.png

    Places where many of your runs begin or end are left out. Nothing is overwritten.
    """
    run_poster(invocation, PosterOptions(**options))


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterOptions:
    """What `poster` was told on its command line."""

    kind: Kind
    place: Path
    year: int | None
    wide: bool
    dark: bool
    show_all: bool
    own_only: bool
    units: str | None
    as_json: bool


def run_poster(invocation: Invocation, options: PosterOptions) -> None:
    """Read, draw, write; then say until when it may stay."""
    ending = options.place.suffix.lower()
    if ending not in (".svg", ".png"):
        svg = options.place.with_suffix(".svg") if options.place.name.strip(".") else f"{options.kind}.svg"
        raise UsageError(
            what=f"{options.place} is neither an SVG nor a PNG file",
            why="the ending of the name says what is written",
            fix=f"paceport poster {options.kind} -o {shlex.quote(str(svg))}",
        )
    check_new_destination(options.place)
    with open_history(
        invocation,
        own_only=options.own_only,
        units=options.units,
        with_routes=True,
        with_efforts=options.kind == "year",
        with_all_sports=True,
        needs="a poster shows runs",
    ) as opened:
        circles = () if options.show_all else circles_of_history(invocation, opened.history)
        runs, content = _content(opened, options, circles, is_png=ending == ".png")
        with new_file(options.place) as stream:
            stream.write(content)
        _say(invocation, opened, options, runs, size=len(content))


def _content(
    opened: HistorySession, options: PosterOptions, circles: Sequence[HiddenCircle], *, is_png: bool
) -> tuple[Sequence[Run], bytes]:
    """The runs that are in the picture, and the file's content. On a terminal a line says what takes so long."""
    opened.output.temporary_line("Drawing your runs …")
    try:
        runs, svg = _draw(opened, options, circles)
        if not is_png:
            return runs, svg.encode()
        from paceport.pictures.png import to_png

        shape = "poster" if options.kind != "year" else "wide" if options.wide else "tall"
        opened.output.temporary_line(f"Drawing {len(runs):,} runs as PNG; thousands take a while …")
        return runs, to_png(svg, width_px=_PNG_WIDTH_PX[shape])
    finally:
        opened.output.temporary_line("")


def _draw(opened: HistorySession, options: PosterOptions, circles: Sequence[HiddenCircle]) -> tuple[Sequence[Run], str]:
    """The runs that are in the picture, and the picture."""
    from paceport.pictures import posters
    from paceport.pictures.svg import DARK, LIGHT

    theme, units = DARK if options.dark else LIGHT, opened.units
    runs = [run for run in opened.history.runs if options.year is None or run.day.year == options.year]
    if not runs:
        newest = max(run.day.year for run in opened.history.runs)
        raise PaceportError(
            what=f"There is no run in {options.year}", why=f"the newest is of {newest}", fix=f"--year {newest}"
        )
    if options.kind == "year":
        return _draw_year(opened, options, circles, theme)
    if options.kind == "calendar":
        return runs, posters.calendar(runs, units, theme=theme)
    if options.kind == "elevations":
        profiles = _profiles(opened, runs)
        return [run for run, _ in profiles], posters.elevations(profiles, units, theme=theme)
    draw = posters.facets if options.kind == "facets" else posters.map_poster
    return runs, draw(runs, circles, units, theme=theme)


def _draw_year(
    opened: HistorySession, options: PosterOptions, circles: Sequence[HiddenCircle], theme: Theme
) -> tuple[Sequence[Run], str]:
    from paceport.pictures.year_picture import year_picture
    from paceport.training.history.year_facts import year_facts, years_with_runs

    facts = year_facts(opened.history, options.year or years_with_runs(opened.history)[0])
    shape: Literal["wide", "tall"] = "wide" if options.wide else "tall"
    return facts.runs, year_picture(facts, circles, opened.units, shape=shape, theme=theme)


def _profiles(opened: HistorySession, runs: Sequence[Run]) -> list[tuple[Run, tuple[Sequence[float], Sequence[float]]]]:
    """The profiles of the runs that climb most, in their order; as many as a poster has room for."""
    from paceport.training.history.run_series import run_series

    most = sorted((run for run in runs if run.has_track), key=lambda run: run.elevation_gain_m or 0.0, reverse=True)
    found: list[tuple[Run, tuple[Sequence[float], Sequence[float]]]] = []
    for run in sorted(most[:_MOST_PROFILES], key=lambda run: run.start):
        series = run_series(opened.store, opened.history, run, points=_PROFILE_POINTS)
        if series is not None and series.at_m is not None and series.altitude_m is not None:
            found.append((run, (series.at_m, series.altitude_m)))
    return found


def _say(
    invocation: Invocation, opened: HistorySession, options: PosterOptions, runs: Sequence[Run], *, size: int
) -> None:
    from paceport.storage.access import absolute

    place = absolute(options.place)
    expiries = [run.expires_at for run in runs if run.expires_at is not None]
    until = min(expiries, default=None)
    if until is not None:
        opened.store.own.log_written_file(str(place), f"{until:%Y-%m-%dT%H:%M:%SZ}")
    if options.as_json:
        opened.output.json({"place": str(place), "bytes": size, "runs": len(runs), "cached_until": until})
    else:
        opened.output.result(str(place))
    if until is not None:
        purge = invocation.profile().command("purge")
        opened.output.warn(
            f"{len(expiries):,} of the runs come from Strava's API and may be kept until {until:%Y-%m-%d %H:%M} UTC. "
            f"Delete the file by then; {purge} names it"
        )
