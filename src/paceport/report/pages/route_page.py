"""Routes run again and again: each with its shape, its runs, and whether it is run faster."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass
from paceport.report.html_text import day_text
from paceport.report.page_values import Sparkline
from paceport.report.pages.answers import repeated_routes_of, tracks_of
from paceport.report.pages.run_rows import RunRow, run_link, run_rows
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.track_map import TrackMap, draw_tracks
from paceport.report.repeated_routes import change_text, route_spark
from paceport.training.history.favourite_routes import FavouriteRoute, favourite_routes
from paceport.units import Units

_AT_FIRST, _AT_MOST = 20, 60
_NEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCard:
    """One route: its shape, what is known of it, its newest runs; `compare` sets the best beside the newest."""

    name: str
    map: TrackMap | None
    length: str
    count: str
    period: str
    best: str
    best_link: str | None
    newest: str
    change: str
    spark: Sparkline
    rows: tuple[RunRow, ...]
    more: int
    compare: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePage:
    """The routes, most run first; `count` is how many there are, `further` how many more could be shown."""

    count: int
    cards: tuple[RouteCard, ...]
    further: int


def route_page(snapshot: Snapshot, *, shows_all: bool = False) -> RoutePage:
    """The routes that were run three times or more: the most frequent ones, or all that are worked out."""

    def work_out() -> list[FavouriteRoute]:
        return favourite_routes(snapshot.history, repeated_routes_of(snapshot))

    found = snapshot.once("favourite routes", work_out)
    cards = snapshot.once("route cards", lambda: tuple(_card(one, snapshot) for one in found[:_AT_MOST]))
    shown = cards if shows_all else cards[:_AT_FIRST]
    return RoutePage(count=len(found), cards=shown, further=len(cards) - len(shown))


def _card(one: FavouriteRoute, snapshot: Snapshot) -> RouteCard:
    units: Units = snapshot.units
    newest, best = one.runs[-1], one.best
    track = tracks_of(snapshot).get(newest.id)
    rows = run_rows(list(reversed(one.runs))[:_NEWEST], units)
    return RouteCard(
        name=rows[0].name,
        map=draw_tracks({newest.id: track}) if track else None,
        length=f"{units.distance(one.length_m, 1)} {units.name}",
        count=snapshot.counted(len(one.runs)),
        period=f"{day_text(one.runs[0].day)} to {day_text(newest.day)}",
        best=units.pace(best.speed_mps) if best else units.unknown,
        best_link=run_link(best.id) if best else None,
        newest=units.pace(newest.speed_mps),
        change=change_text(one.speed, units),
        spark=route_spark(one, units),
        rows=tuple(rows),
        more=max(0, len(one.runs) - _NEWEST),
        compare=f"/compare?run={best.id}&run={newest.id}" if best and best.id != newest.id else None,
    )
