"""Records: the best of each distance, how each record fell, and the ten best runs over each."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart
from paceport.report.history_charts import left_out_records, record_charts
from paceport.report.html_text import day_text, name_text
from paceport.report.pages.answers import best_of
from paceport.report.pages.run_rows import run_link
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run
from paceport.training.metrics.personal_records import RankedAttempt
from paceport.training.metrics.span_names import span_name
from paceport.units import Units, duration_text

_BEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BestRun:
    """One of the best over a distance: its place, time, pace, and the run."""

    place: int
    time: str
    pace: str
    name: str
    link: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """A standard distance: the record that stands, its history as a chart (None in a year), and the ten best runs."""

    key: str
    title: str
    best: tuple[BestRun, ...]
    chart: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """The records of all years, or of one. `left_out` are sentences on what does not count."""

    year: int | None
    years: tuple[int, ...]
    distances: tuple[Distance, ...]
    left_out: tuple[str, ...]


def record_page(snapshot: Snapshot, year: int | None) -> RecordPage:
    """The records of a year, or of all with None."""
    history, units = snapshot.history, snapshot.units
    runs = history.by_id()
    charts = {} if year else {chart.name: chart for chart in record_charts(history, units)}
    distances = []
    for span_m, ranked in best_of(snapshot).items():
        chosen = [one for one in ranked if year is None or runs[one.attempt.run_id].day.year == year][:_BEST]
        if chosen:
            distances.append(
                Distance(
                    key=f"{span_m:.0f}",
                    title=span_name(span_m),
                    best=tuple(
                        _best(number, one, runs[one.attempt.run_id], units) for number, one in enumerate(chosen, 1)
                    ),
                    chart=charts.get(f"record-{span_m:.0f}"),
                )
            )
    return RecordPage(
        year=year,
        years=tuple(sorted({run.day.year for run in history.runs}, reverse=True)),
        distances=tuple(distances),
        left_out=left_out_records(history) if year is None else (),
    )


def _best(place: int, one: RankedAttempt, run: Run, units: Units) -> BestRun:
    attempt = one.attempt
    return BestRun(
        place=place,
        time=duration_text(attempt.elapsed_time_s),
        pace=units.pace(attempt.span_m / attempt.elapsed_time_s),
        name=name_text(run.name),
        link=run_link(run.id),
        day=day_text(run.day),
    )
