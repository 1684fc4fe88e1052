"""From the logbook to the page's values: what is asked of the analysis, and in which words it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.moments import parse_moment
from paceport.report.chart import Chart
from paceport.report.charts_pace import pace_chart
from paceport.report.charts_progress import record_chart, shoes_chart, zones_chart
from paceport.report.charts_volume import Week, calendar_charts, weeks_chart, years_chart
from paceport.report.every_run import every_run, newest_first
from paceport.report.headline import headline
from paceport.report.html_text import UNKNOWN, counted, day_text, name_text
from paceport.report.measured import measured_sections
from paceport.report.page_values import CachedContent, ReportPage
from paceport.report.predictions import prediction_section
from paceport.report.repeated_routes import repeated_section
from paceport.report.route_maps import galleries
from paceport.report.run_drawings import draw_runs
from paceport.report.run_parts import run_sections
from paceport.report.sports import sports_table
from paceport.sports import FOOT_SPORTS
from paceport.training.history.athlete_facts import facts_expire_at
from paceport.training.history.coverage import (
    pace_coverage,
    predictions_coverage,
    records_coverage,
    routes_coverage,
    volume_coverage,
    zones_coverage,
)
from paceport.training.history.form_series import FormSeries, form_series
from paceport.training.history.history import History
from paceport.training.history.predictions import WINDOW_DAYS
from paceport.training.history.progress import pace_trend, records
from paceport.training.history.sport_figures import group_noun, noun, speed_kind
from paceport.training.history.volume import by_day, by_gear, by_week, year_beside_last
from paceport.training.history.zone_times import zone_times
from paceport.training.metrics.definitions import metrics
from paceport.training.metrics.load_source import SOURCE_NAMES
from paceport.training.metrics.span_names import span_name
from paceport.units import Units, duration_text

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.maps.place import HiddenCircle

NEWEST_RUNS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """What the report is to hold.

    `newest` runs get a section of their own; `since` leaves out what was before that local day; no drawn route
    shows anything within the `circles`; `notes` are sentences that stand above everything else.
    """

    units: Units = field(default_factory=Units)
    newest: int = NEWEST_RUNS
    since: date | None = None
    circles: Sequence[HiddenCircle] = ()
    notes: tuple[str, ...] = ()


def build_page(store: Store, every: History, wanted: ReportContent) -> ReportPage | None:
    """The page of a history read `with_routes`; None where there is no run to tell of.

    Form, predictions and this year against last look at all of the history, everything else from `since` on.
    """
    history, units = _since(every, wanted.since), _as_told(every, wanted.units)
    if not history.runs:
        return None
    drawings = draw_runs(store, history, newest_first(history), circles=wanted.circles)  # while all else is drawn
    series, count, borrowed = form_series(every), len(history.runs), _borrowed(store, history)
    return ReportPage(
        title=f"Every {noun(history.sports, 1)}{_whose(every, borrowed)}",
        nouns=(noun(history.sports, 1), noun(history.sports)),
        subtitle=_subtitle(history),
        made=day_text(every.today),
        count=count,
        cached_content=borrowed,
        retention_notes=_kept(borrowed, count, noun(history.sports)) + wanted.notes,
        unit=units.name,
        measured=_measured(every, history),
        sports=sports_table(history, units),
        tiles=headline(history, units),
        years=_years(every, units),
        calendar=calendar_charts(by_day(history.runs), units, history.sports),
        weeks=weeks_section(history, series, units),
        weeks_note=_weeks_note(series),
        pace=pace_section(history, units),
        records=record_charts(history, units),
        left_out=left_out_records(history),
        predicted=prediction_section(every, units),
        zones=zones_section(history),
        zones_note=_zones_note(history),
        sections=measured_sections(store, history, units),
        routes=galleries(history.runs, circles=wanted.circles, units=units),
        repeated=repeated_section(history, units),
        shoes=_shoes(history, units),
        runs=run_sections(store, history, newest=wanted.newest, units=units),
        every=every_run(store, history, drawings, units),
        metrics=metrics(),
    )


def _as_told(every: History, units: Units) -> Units:
    return replace(units, unknown=UNKNOWN, told=speed_kind({run.sport for run in every.runs}))


def _whose(every: History, borrowed: CachedContent) -> str:
    """The name is the API's, too: it appears only where the page may not be kept anyway."""
    return f" of {name_text(every.facts.name)}" if every.facts.name and borrowed.until else ""


def _subtitle(history: History) -> str:
    count = counted(len(history.runs), noun(history.sports, 1), noun(history.sports))
    return f"{count}, {day_text(_first(history))} to {day_text(_last(history))}"


def _measured(every: History, history: History) -> dict[str, str]:
    """On how many of the runs each part of the page rests, in the words that the commands use."""
    words = {"one": noun(history.sports, 1), "several": noun(history.sports)}
    return {
        "volume": f"With a distance: {volume_coverage(history.runs).text(**words)}.",
        "pace": f"Measured: {pace_coverage(history.runs).text(**words)}.",
        "zones": f"Measured: {zones_coverage(history.runs).text(**words)}.",
        "records": f"Measured: {records_coverage(history).text()}.",
        "predictions": f"Measured: {predictions_coverage(every).text(f' of the last {WINDOW_DAYS} days')}.",
        "routes": f"Compared: {routes_coverage(history).text(**words)}.",
    }


def _since(every: History, since: date | None) -> History:
    if since is None:
        return every
    runs = tuple(run for run in every.runs if run.day >= since)
    kept = {run.id for run in runs}
    activities = tuple(run for run in every.activities if run.day >= since)
    attempts = tuple(one for one in every.attempts if one.run_id in kept)
    return replace(every, runs=runs, activities=activities, attempts=attempts)


def _first(history: History) -> date:
    return min(run.day for run in history.runs)


def _last(history: History) -> date:
    return max(run.day for run in history.runs)


def _borrowed(store: Store, history: History) -> CachedContent:
    if history.is_own_only:
        return CachedContent(runs=0, alone=0, until=None)
    runs = history.by_id()
    shown = [until for run_id, until in store.run_rows.with_cached_values() if run_id in runs]
    facts = facts_expire_at(store, history.facts)
    untils = [*shown, *([f"{facts:%Y-%m-%dT%H:%M:%SZ}"] if facts is not None else [])]
    return CachedContent(runs=len(shown), alone=history.cache_share().runs, until=min(untils, default=None))


def _kept(borrowed: CachedContent, count: int, several: str) -> tuple[str, ...]:
    """Where the runs come from, and until when API data may be kept."""
    if borrowed.until is None:
        return ("All of this is your own data. You may keep this file as long as you like.",)
    if borrowed.runs == 0:
        until = parse_moment(borrowed.until)
        when = f"{day_text(until.date())}, {until:%H:%M} UTC"
        return (
            f"The {several} are your own. The heart rate zones or the sex used for them come from Strava's API.",
            f"They may be kept until {when}. Delete this file by then, make a new one, or make one with --own-only.",
        )
    whose = "All" if borrowed.runs == count else f"{borrowed.runs:,} of the {count:,}"
    alone = "" if borrowed.alone == borrowed.runs else f" ({borrowed.alone:,} of them nothing else)"
    until = parse_moment(borrowed.until)
    first = (
        f"{whose} {several} contain data from Strava's API{alone}, which may be kept for only a few days, the first of "
        f"it until {day_text(until.date())}, {until:%H:%M} UTC. Delete this file by then, or make a new one."
    )
    return first, f"Your own export from Strava keeps your {several} forever: paceport import export.zip"


def _years(every: History, units: Units) -> Chart | None:
    years = year_beside_last(every)
    return years_chart(years, every.today, units) if years.this and (years.this[-1] or years.last[-1]) else None


def weeks_section(history: History, series: FormSeries, units: Units) -> Chart:
    """Distance week by week, with form below."""
    totals = by_week(history.runs, first=_first(history), last=max(_last(history), history.today))
    by_date = dict(zip(series.days, series.values, strict=True))
    last = series.days[-1] if series.days else None
    weeks = []
    for total in totals:
        sunday = total.key + timedelta(days=6)
        weeks.append(Week(total=total, form=by_date.get(min(sunday, last)) if last and last >= total.key else None))
    return weeks_chart(weeks, units, history.sports)


def _weeks_note(series: FormSeries) -> str:
    if not series.days:
        return "Fitness and form are not known: no activity has a load."
    known = f"{series.known_runs} of the {series.recent_runs} activities of the last six weeks have a load"
    sports = ", ".join(f"{count:,} {group_noun(kind, count)}" for kind, count, _ in series.sports)
    counts = f"Form counts {sports}. " if sports else ""
    sources = "; ".join(f"{SOURCE_NAMES.get(source, source)}: {count:,}" for source, count in series.sources)
    return f"{counts}{known.capitalize()}" + (f", from {sources}." if sources else ".")


def pace_section(history: History, units: Units) -> Chart | None:
    """Pace of all runs with its trend; None where no run has one, or other sports are among them."""
    if speed_kind({run.sport for run in history.runs}) != "pace":
        return None
    trend = pace_trend(history.runs)
    return pace_chart(trend, _first(history), _last(history), units) if trend.points else None


def record_charts(history: History, units: Units) -> tuple[Chart, ...]:
    """How each record fell, shortest distance first."""
    runs, book = history.by_id(), records(history)
    first, last = _first(history), max(_last(history), history.today)
    return tuple(record_chart(span_m, progress, runs, first, last, units) for span_m, progress in book.progress.items())


def left_out_records(history: History) -> tuple[str, ...]:
    """What would have been a record and does not count, in sentences; the newest ten."""
    runs = history.by_id()
    return tuple(
        f"{span_name(one.attempt.span_m)} in {duration_text(one.attempt.elapsed_time_s)} on "
        f"{day_text(runs[one.attempt.run_id].day)}: {one.reason}."
        for one in records(history).excluded[-10:]
    )


def zones_section(history: History) -> Chart | None:
    """Time in heart rate zones over three periods; None without a heart rate."""
    parts = []
    for title, days in (("4 weeks", 28), ("12 months", 365), ("all", None)):
        since = None if days is None else history.today - timedelta(days=days - 1)
        runs = [run for run in history.runs if since is None or run.day >= since]
        parts.append((title, zone_times(history, runs)))
    return zones_chart(parts, history.sports) if sum(parts[-1][1].total_s) > 0 else None


def _zones_note(history: History) -> str:
    known_by = history.facts.known_by.get("zones")
    return (
        f"The zones are those of {known_by}."
        if known_by
        else f"Zones are not known: no {noun(history.sports, 1)} has a heart rate."
    )


def _shoes(history: History, units: Units) -> Chart | None:
    shoes = by_gear([run for run in history.runs if run.sport in FOOT_SPORTS])
    days: dict[str, list[date]] = {}
    for run in history.runs:
        days.setdefault(run.gear, []).append(run.day)
    pairs = [(total, min(days[total.key]), max(days[total.key])) for total in shoes]
    return shoes_chart(pairs, units) if pairs else None
