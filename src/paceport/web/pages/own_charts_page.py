"""The page on which charts of one's own are made, and those that were kept."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart
from paceport.report.pages.snapshot import Snapshot
from paceport.web.own_chart import PERIODS, ChartQuery, own_chart, quantities_of, query_as_told
from paceport.web.run_query import KINDS
from paceport.web.saved_charts import SavedChart
from paceport.web.sport_choice import choose_sport


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChart:
    """A kept chart: its name, where it can be changed, and the drawing (None: too few runs)."""

    name: str
    link: str
    chart: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChartsPage:
    """The chart that is asked for, what may be chosen, and the kept ones."""

    query: ChartQuery
    address: str
    chart: Chart | None
    quantities: tuple[tuple[str, str], ...]
    periods: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    kinds: tuple[tuple[str, str], ...]
    kept: tuple[KeptChart, ...]


def own_charts_page(snapshot: Snapshot, query: ChartQuery, kept: tuple[KeptChart, ...]) -> OwnChartsPage:
    """The page of a query."""
    runs, query = snapshot.history.runs, query_as_told(query, snapshot.units)
    return OwnChartsPage(
        query=query,
        address=query.address(),
        chart=own_chart(runs, query, snapshot.units, name="own", noun=snapshot.noun()),
        quantities=tuple((key, one.title) for key, one in quantities_of(snapshot.units).items()),
        periods=tuple({**PERIODS, "run": f"each {snapshot.noun(1)}"}.items()),
        years=tuple(sorted({run.day.year for run in runs}, reverse=True)),
        kinds=tuple((key, title) for key, (title, holds) in KINDS.items() if any(map(holds, runs))),
        kept=kept,
    )


def kept_charts(snapshot: Snapshot, saved: Sequence[SavedChart]) -> tuple[KeptChart, ...]:
    """The kept charts, drawn small."""
    return tuple(
        KeptChart(
            name=one.name,
            link=f"/charts?{one.query.address()}",
            chart=_small(choose_sport(snapshot, one.query.runs.sport), one.query, f"kept-{number}"),
        )
        for number, one in enumerate(saved, 1)
    )


def _small(snapshot: Snapshot, query: ChartQuery, name: str) -> Chart | None:
    return own_chart(snapshot.history.runs, query, snapshot.units, name=name, height_px=180, noun=snapshot.noun())
