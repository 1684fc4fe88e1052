"""Posters: what people hang on a wall. Each is an SVG picture of 1,000 by 1,414, the proportions of A2."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from paceport.maps.place import HiddenCircle
from paceport.pictures.shown_tracks import fitted, on_one_map, shown_tracks
from paceport.pictures.svg import Theme, box, clipped, document, line_through, path, words
from paceport.training.history.run import Run
from paceport.units import Units

WIDTH, HEIGHT = 1000.0, 1414.0
_MARGIN = 80.0
_ROOM = (_MARGIN, _MARGIN, WIDTH - 2 * _MARGIN, 1090.0)  # x, y, width and height of the drawing
_LEVELS = (0.2, 0.4, 0.6, 0.8)
Profile = tuple[Sequence[float], Sequence[float]]


def facets(runs: Sequence[Run], circles: Sequence[HiddenCircle], units: Units, *, theme: Theme) -> str:
    """Every track in a square of its own, oldest first, each at its own scale."""
    tracks = shown_tracks(runs, circles)
    x, y, width, height = _ROOM
    columns = _columns(len(tracks), width, height)
    step = width / columns
    rows = math.ceil(len(tracks) / columns) if tracks else 0
    top = y + (height - rows * step) / 2
    drawn = "".join(
        fitted(track, x + (number % columns + 0.14) * step, top + (number // columns + 0.14) * step, 0.72 * step)
        for number, track in enumerate(tracks)
    )
    lines = path(drawn, stroke=theme.ink, width=round(max(0.5, min(3.0, step / 22)), 2)) if drawn else ""
    return _poster([lines], [track.run for track in tracks], units, theme, "Every run")


def map_poster(runs: Sequence[Run], circles: Sequence[HiddenCircle], units: Units, *, theme: Theme) -> str:
    """All tracks round where most of them are, at one scale: the more often a way was run, the stronger its line."""
    drawn = on_one_map(tracks := shown_tracks(runs, circles), *_ROOM)
    opacity = 0.9 if len(drawn) < 12 else max(0.16, 0.75 - 0.2 * math.log10(len(drawn)))
    lines = [path(one, stroke=theme.track, width=1.5, opacity=round(opacity, 2)) for one in drawn if one]
    frame = clipped(lines, 0.0, 0.0, WIDTH, 1200.0)
    return _poster([frame], [track.run for track in tracks], units, theme, "Everywhere")


def elevations(profiles: Sequence[tuple[Run, Profile]], units: Units, *, theme: Theme) -> str:
    """Ridges: the elevation profile of each run (metres along, metres high), one behind the other, each as wide
    as the poster, all heights at one scale."""
    x, y, width, height = _ROOM
    if not profiles:
        return _poster([], [], units, theme, "Every climb")
    tallest = max(20.0, *(max(high) - min(high) for _, (_, high) in profiles))
    step = (height - 150.0) / max(1, len(profiles) - 1)
    ridge, parts = min(300.0, max(110.0, 4.5 * step)), []
    for number, (_, (along, high)) in enumerate(profiles):
        base = y + 150.0 + number * step
        left = np.asarray(along) / (along[-1] or 1.0) * width + x
        line = line_through(left, base - (np.asarray(high) - min(high)) / tallest * ridge)
        if line:
            filled = f"{line}L{left[-1]:.1f} {base + 4:.1f}L{left[0]:.1f} {base + 4:.1f}z"
            parts.append(path(filled, stroke="none", width=0, fill=theme.paper))
            parts.append(path(line, stroke=theme.track if number % 5 == 0 else theme.ink, width=1.5))
    return _poster(parts, [run for run, _ in profiles], units, theme, "Every climb")


def calendar(runs: Sequence[Run], units: Units, *, theme: Theme) -> str:
    """A square for each day, a row of weeks for each year, darker the farther one ran."""
    x, y, width, height = _ROOM
    days: dict[date, float] = {}
    for run in runs:
        days[run.day] = days.get(run.day, 0.0) + (0.0 if run.doubt else run.distance_m or 0.0)
    years = sorted({day.year for day in days}, reverse=True)
    edges = np.quantile([length for length in days.values() if length > 0] or [1.0], _LEVELS).tolist()
    step = min(width / 54, height / max(1, len(years)) / 9.2)
    left, block = x + (width - 54 * step) / 2, min(height / max(1, len(years)), 11 * step)
    top, parts = y + (height - block * len(years)) / 2, []
    for number, year in enumerate(years):
        above = top + number * block
        parts.append(
            words(left, above + 1.1 * step, str(year), size=round(1.25 * step, 1), weight=700, fill=theme.soft)
        )
        parts += _year_of_days(year, days, edges, (left, above + 1.7 * step, step), theme)
    return _poster(parts, runs, units, theme, "Every day")


def _year_of_days(
    year: int, days: dict[date, float], edges: Sequence[float], place: tuple[float, float, float], theme: Theme
) -> list[str]:
    x, y, step = place
    first, parts = date(year, 1, 1), []
    day = first
    while day.year == year:
        week = ((day - first).days + first.weekday()) // 7
        length = days.get(day, 0.0)
        fill = theme.ramp[1 + sum(length > edge for edge in edges)] if length > 0 else theme.ramp[0]
        side = 0.84 * step
        parts.append(box(x + week * step, y + day.weekday() * step, side, side, fill=fill, radius=round(step / 6, 1)))
        day += timedelta(days=1)
    return parts


def _columns(count: int, width: float, height: float) -> int:
    """The fewest columns of squares that let all of them fit."""
    columns = 1
    while math.ceil(count / columns) * (width / columns) > height:
        columns += 1
    return max(columns, 3)


def _poster(parts: Sequence[str], runs: Sequence[Run], units: Units, theme: Theme, title: str) -> str:
    """The drawing with its words below: how far, how many, from when to when."""
    length = sum(run.distance_m or 0.0 for run in runs if not run.doubt)
    years = sorted({run.day.year for run in runs})
    when = (str(years[0]) if len(years) == 1 else f"{years[0]} \u2013 {years[-1]}") if years else ""
    far = f"{units.distance(length, 0)} {units.name}" if length else ""
    count = f"{len(runs):,} {'run' if len(runs) == 1 else 'runs'}"
    foot = [
        box(_MARGIN, 1226, WIDTH - 2 * _MARGIN, 1.5, fill=theme.ink),
        words(_MARGIN - 2, 1300, title, size=52, weight=700, fill=theme.ink, spacing=-1.5),
        words(_MARGIN, 1338, count, size=22, fill=theme.soft),
        words(WIDTH - _MARGIN, 1300, far, size=52, weight=700, fill=theme.track, anchor="end", spacing=-1.5),
        words(WIDTH - _MARGIN, 1338, when, size=22, fill=theme.soft, anchor="end"),
    ]
    return document(WIDTH, HEIGHT, [*parts, *foot], theme=theme, title=f"{title}: {count}")
