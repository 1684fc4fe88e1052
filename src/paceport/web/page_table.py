"""Which address shows what: the template of a page, and the function that gives its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from starlette.exceptions import HTTPException

from paceport.pictures.year_picture import SIZES, Shape
from paceport.report.pages.answers import best_of, repeated_routes_of
from paceport.report.pages.calendar_page import calendar_page
from paceport.report.pages.map_page import FindCircles, map_page, packed_map
from paceport.report.pages.overview import overview
from paceport.report.pages.record_page import record_page
from paceport.report.pages.route_page import route_page
from paceport.report.pages.tile_page import tile_page
from paceport.report.pages.training_page import predictions_of, training_page
from paceport.report.pages.year_page import year_page
from paceport.report.pages.years_page import years_page
from paceport.training.history.shoes import ShoeLimits
from paceport.training.metrics.definitions import metrics
from paceport.web.own_chart import read_chart_query
from paceport.web.pages.compare_page import compare_page
from paceport.web.pages.import_page import import_page
from paceport.web.pages.one_run import one_run
from paceport.web.pages.own_charts_page import kept_charts, own_charts_page
from paceport.web.pages.run_list import ROWS_A_PAGE, list_part, run_list
from paceport.web.pages.shoe_page import shoe_page
from paceport.web.pages.year_picture import picture_of_year
from paceport.web.run_query import read_query
from paceport.web.saved_charts import SavedChart
from paceport.web.sport_choice import find_activity

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.report.chart import Chart
    from paceport.report.pages.snapshot import Snapshot
    from paceport.web.importing.uploads import Uploads
    from paceport.web.tasks import Tasks


# They say something about a logbook without a run, too.
PAGES_WITHOUT_RUNS = ("definitions.html", "import.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing that a page shows or offers to be saved, as `name`: as PNG where it has a width in pixels."""

    svg: str
    name: str
    png_width_px: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """What a page is made from: the logbook, the parameters of the address, and the parts of its path.

    `snapshot` is of the sport that the address asks for, `whole` the logbook as it is shown where it asks for none.
    """

    snapshot: Snapshot
    whole: Snapshot
    store: Store
    parameters: Mapping[str, str]
    parts: Mapping[str, Any]
    values: Callable[[str], list[str]]
    shoe_limits: ShoeLimits
    saved_charts: Callable[[], list[SavedChart]]
    find_circles: FindCircles = lambda _ends: ()
    tile_address: str = ""
    uploads: Uploads | None = None
    tasks: Tasks | None = None

    def year(self) -> int | None:
        """The parameter `year`; None where it is not given, or is none."""
        return read_query(self.parameters).year

    def number(self, name: str, default: int) -> int:
        """A parameter as a whole number, or the default."""
        text = self.parameters.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _overview(snapshot: Snapshot) -> object:
    return snapshot.once("overview", lambda: overview(snapshot) if snapshot.history.runs else None)


def _first_page(asked: PageRequest) -> object:
    return {"overview": _overview(asked.snapshot), "kept": kept_charts(asked.whole, asked.saved_charts())}


def _compare(asked: PageRequest) -> object:
    return compare_page(
        asked.snapshot,
        asked.store,
        ids=asked.values("run"),
        by=asked.parameters.get("by", ""),
        search=read_query(asked.parameters).search,
    )


def _one_run(asked: PageRequest) -> object:
    run = find_activity(asked.snapshot, str(asked.parts["run_id"]))
    if run is None:
        raise HTTPException(404)
    return one_run(asked.snapshot, asked.store, run, colour=asked.parameters.get("colour", "pace"))


def _list_part(asked: PageRequest) -> object:
    offset, limit = asked.number("offset", 0), asked.number("limit", ROWS_A_PAGE)
    return list_part(asked.snapshot, read_query(asked.parameters), offset=offset, limit=limit)


def _map(asked: PageRequest) -> object:
    is_whole = asked.parameters.get("all") == "1"
    is_plain = asked.parameters.get("plain") == "1"
    tiles = asked.tile_address
    return map_page(asked.snapshot, asked.find_circles, is_whole=is_whole, is_plain=is_plain, tiles=tiles)


def _packed_map(asked: PageRequest) -> object:
    return packed_map(asked.snapshot, asked.find_circles, is_whole=asked.parameters.get("all") == "1")


def _training(asked: PageRequest) -> object:
    return training_page(asked.snapshot, asked.store, asked.parameters.get("period", ""))


def _year_picture(asked: PageRequest) -> Picture:
    shape: Shape = "wide" if asked.parts["shape"] == "wide" else "tall"
    if asked.parts["shape"] not in SIZES or asked.parts["kind"] not in ("svg", "png"):
        raise HTTPException(404)
    light: Literal["light", "dark"] = "dark" if asked.parameters.get("light") == "dark" else "light"
    svg = picture_of_year(asked.snapshot, asked.find_circles, asked.year(), shape=shape, light=light)
    name = f"{asked.year() or 'year'}-{shape}.{asked.parts['kind']}"
    return Picture(svg=svg, name=name, png_width_px=SIZES[shape][0] if asked.parts["kind"] == "png" else None)


def _own_charts(asked: PageRequest) -> object:
    kept = kept_charts(asked.whole, asked.saved_charts())
    return own_charts_page(asked.snapshot, read_chart_query(asked.parameters), kept)


def _calendar_table(asked: PageRequest) -> object:
    year = asked.parameters.get("year", "")
    maps = calendar_page(asked.snapshot, None).maps
    chart = next((one for one in maps if one.title == year), None)
    return _table_of(chart, asked.snapshot.address(f"/calendar?year={year}"))


def _years_table(asked: PageRequest) -> object:
    return _table_of(years_page(asked.snapshot, asked.store).time_of_day, asked.snapshot.address("/years"))


def _own_chart_table(asked: PageRequest) -> object:
    query = read_chart_query(asked.parameters)
    chart = own_charts_page(asked.snapshot, query, ()).chart
    return _table_of(chart, f"/charts?{query.address()}")


def _table_of(chart: Chart | None, back: str) -> object:
    """The table of a chart as a page that leads back to the chart."""
    if chart is None:
        raise HTTPException(404)
    return {"title": chart.title, "summary": chart.summary, "table": chart.table, "back": back}


def _shoes(asked: PageRequest) -> object:
    return asked.snapshot.once("shoes", lambda: shoe_page(asked.snapshot, asked.store, asked.shoe_limits))


_Make = Callable[[PageRequest], object]
PAGES: dict[str, tuple[str, _Make]] = {
    "/": ("overview.html", _first_page),
    "/runs": ("runs.html", lambda asked: run_list(asked.snapshot, read_query(asked.parameters))),
    "/runs/{run_id}": ("run.html", _one_run),
    "/training": ("training.html", _training),
    "/calendar": ("calendar.html", lambda asked: calendar_page(asked.snapshot, asked.year())),
    "/records": ("records.html", lambda asked: record_page(asked.snapshot, asked.year())),
    "/map": ("map.html", _map),
    "/tiles": ("tiles.html", lambda asked: tile_page(asked.snapshot)),
    "/routes": ("routes.html", lambda asked: route_page(asked.snapshot, shows_all="all" in asked.parameters)),
    "/compare": ("compare.html", _compare),
    "/year": ("year.html", lambda asked: year_page(asked.snapshot, asked.year())),
    "/years": ("years.html", lambda asked: years_page(asked.snapshot, asked.store)),
    "/charts": (
        "charts_page.html",
        _own_charts,
    ),
    "/shoes": ("shoes.html", _shoes),
    "/import": ("import.html", lambda asked: import_page(asked.store, asked.uploads, asked.tasks)),
    "/definitions": ("definitions.html", lambda _: metrics()),
}
# The tables of charts that are too long to stand beside each of them.
TABLE_PAGES: dict[str, tuple[str, _Make]] = {
    "/calendar/table": ("table.html", _calendar_table),
    "/years/table": ("table.html", _years_table),
    "/charts/table": ("table.html", _own_chart_table),
}
# What takes long, in the order in which it is asked for.
WORK_AHEAD: tuple[Callable[[Snapshot], object], ...] = (
    _overview,
    repeated_routes_of,
    best_of,
    predictions_of,
    route_page,
)
JSON_PAGES: dict[str, _Make] = {"/runs.json": _list_part, "/map.json": _packed_map}
PICTURES: dict[str, Callable[[PageRequest], Picture]] = {"/year/{shape}.{kind}": _year_picture}
