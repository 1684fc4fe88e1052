"""The map of all tracks: packed for a script that draws them, and as a plain picture for who has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paceport.lazy_dataclass import dataclass
from paceport.maps.place import HiddenCircle
from paceport.report.html_text import day_text, name_text
from paceport.report.pages.run_rows import run_link
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.track_map import LONG_SIDE, TrackMap, decode_tracks, draw_tracks, visible_tracks
from paceport.training.history.run import Run
from paceport.training.history.track_ends import ends_of_tracks
from paceport.training.metrics.polyline import encode

if TYPE_CHECKING:
    from paceport.report.pages.track_map import Track

FindCircles = Callable[[Sequence[Sequence[tuple[float, float]]]], Sequence[HiddenCircle]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainLine:
    """A track of the picture: its path, the run's page, its title."""

    path: str
    link: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """The page: years and sports to choose from, and the picture without a script, drawn where that is asked for.

    `data` is where the script finds the tracks, `plain` the page with the picture. `hides` says whether private
    places are left out, `is_whole` whether they are shown because that was asked for. `tiles` is the address of a
    street map, "" without.
    """

    count: int
    years: tuple[int, ...]
    sports: tuple[str, ...]
    drawing: TrackMap | None
    lines: tuple[PlainLine, ...]
    data: str
    plain: str
    hides: bool
    is_whole: bool
    tiles: str


def map_page(
    snapshot: Snapshot,
    find_circles: FindCircles,
    *,
    is_whole: bool = False,
    is_plain: bool = False,
    tiles: str = "",
    long_side: float = LONG_SIDE,
) -> MapPage:
    """The page of a snapshot that has a run; `is_plain` with the picture for a browser without script."""
    plain = _plain(snapshot, find_circles, is_whole=is_whole, long_side=long_side) if is_plain else (None, ())
    drawing, lines = plain
    tracks = _mapped_tracks(snapshot)
    runs = [run for run in snapshot.history.activities or snapshot.history.runs if run.id in tracks]
    return MapPage(
        count=len(runs),
        years=tuple(sorted({run.day.year for run in runs}, reverse=True)),
        sports=tuple(sorted({run.sport for run in runs})),
        drawing=drawing,
        lines=lines,
        data="/map.json?all=1" if is_whole else "/map.json",
        plain="/map?plain=1&all=1" if is_whole else "/map?plain=1",
        hides=not is_whole and bool(circles_of(snapshot, find_circles)),
        is_whole=is_whole,
        tiles=tiles,
    )


def packed_map(snapshot: Snapshot, find_circles: FindCircles, *, is_whole: bool) -> dict[str, object]:
    """What the script draws, oldest run first: encoded pieces (precision 5, within 5 m), and what a run is called."""

    def pack() -> dict[str, object]:
        rows, units = map_rows(snapshot, find_circles, is_whole=is_whole), snapshot.units
        return {"runs": rows, "unit": units.name, "unit_m": units.unit_m}

    return snapshot.once(("packed map", is_whole), pack)


def map_rows(snapshot: Snapshot, find_circles: FindCircles, *, is_whole: bool) -> list[list[Any]]:
    """A row for each run with a track that may be shown: its page, year, sport, pace in s/km, words, and pieces."""
    tracks = shown_tracks(snapshot, find_circles, is_whole=is_whole)
    every, units = _mapped_tracks(snapshot), snapshot.units
    rows: list[list[Any]] = []
    for run in sorted(snapshot.history.activities or snapshot.history.runs, key=lambda one: (one.start, one.id)):
        pieces = _encoded(run, tracks.get(run.id, ()), len(every[run.id][0]) if run.id in every else 0)
        if pieces:
            pace = round(1000.0 / run.speed_mps) if run.speed_mps else 0
            title = f"{name_text(run.name)}, {day_text(run.day)}, {units.distance(run.distance_m, 1)} {units.name}"
            rows.append([run_link(run.id), run.day.year, run.sport, pace, title, pieces])
    return rows


def _encoded(run: Run, pieces: Sequence[Track], points: int) -> list[str]:
    """The pieces as text; a track of which all points are shown is the text that is stored."""
    if len(pieces) == 1 and len(pieces[0][0]) == points and run.polyline is not None:
        return [run.polyline]
    return [encode(*piece) for piece in pieces]


def _mapped_tracks(snapshot: Snapshot) -> Mapping[int, Track]:
    every = snapshot.history.activities or snapshot.history.runs
    return snapshot.once("tracks of all sports", lambda: decode_tracks(every))


def circles_of(snapshot: Snapshot, find_circles: FindCircles) -> Sequence[HiddenCircle]:
    """The circles that hide private places in everything that may be shown. Raises StoreErrors."""
    return snapshot.once("hidden circles", lambda: find_circles(ends_of_tracks(_mapped_tracks(snapshot).values())))


def shown_tracks(snapshot: Snapshot, find_circles: FindCircles, *, is_whole: bool) -> dict[int, list[Track]]:
    """The pieces of each track that are shown."""

    def cut() -> dict[int, list[Track]]:
        circles = () if is_whole else circles_of(snapshot, find_circles)
        return visible_tracks(_mapped_tracks(snapshot), circles)

    return snapshot.once(("shown tracks", is_whole), cut)


def _plain(
    snapshot: Snapshot, find_circles: FindCircles, *, is_whole: bool, long_side: float
) -> tuple[TrackMap | None, tuple[PlainLine, ...]]:
    """The picture without a script: each piece a link to its run."""

    def draw() -> tuple[TrackMap | None, tuple[PlainLine, ...]]:
        tracks = shown_tracks(snapshot, find_circles, is_whole=is_whole)
        every = snapshot.history.activities or snapshot.history.runs
        runs: dict[int, Run] = {run.id: run for run in every}
        shown = {run_id: pieces for run_id, pieces in tracks.items() if run_id in runs}
        drawing = draw_tracks(shown, long_side=long_side)
        lines = tuple(
            PlainLine(
                path=path, link=run_link(run_id), title=f"{name_text(runs[run_id].name)}, {day_text(runs[run_id].day)}"
            )
            for run_id, path in (drawing.paths if drawing else ())
        )
        return drawing, lines

    return snapshot.once(("plain map", is_whole), draw)
