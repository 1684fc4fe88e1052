"""From the logbook to the page's values: what is asked of the analysis, and in which words it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.moments import parse_moment
from paceport.report.chart import Chart
from paceport.report.charts_progress import shoes_chart
from paceport.report.charts_volume import calendar_charts, years_chart
from paceport.report.every_run import every_run, newest_first
from paceport.report.headline import headline
from paceport.report.history_charts import (
    first_day,
    last_day,
    left_out_records,
    pace_section,
    record_charts,
    weeks_section,
    zones_section,
)
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
from paceport.training.history.sport_figures import group_noun, noun, speed_kind
from paceport.training.history.volume import by_day, by_gear, year_beside_last
from paceport.training.metrics.definitions import metrics
from paceport.training.metrics.load_source import SOURCE_NAMES
from paceport.units import Units

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
    return f"{count}, {day_text(first_day(history))} to {day_text(last_day(history))}"


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


def _weeks_note(series: FormSeries) -> str:
    if not series.days:
        return "Fitness and form are not known: no activity has a load."
    known = f"{series.known_runs} of the {series.recent_runs} activities of the last six weeks have a load"
    sports = ", ".join(f"{count:,} {group_noun(kind, count)}" for kind, count, _ in series.sports)
    counts = f"Form counts {sports}. " if sports else ""
    sources = "; ".join(f"{SOURCE_NAMES.get(source, source)}: {count:,}" for source, count in series.sources)
    return f"{counts}{known.capitalize()}" + (f", from {sources}." if sources else ".")


def _zones_note(history: History) -> str:
    return history.facts.zones_text or f"Zones are not known: no {noun(history.sports, 1)} has a heart rate."


def _shoes(history: History, units: Units) -> Chart | None:
    shoes = by_gear([run for run in history.runs if run.sport in FOOT_SPORTS])
    days: dict[str, list[date]] = {}
    for run in history.runs:
        days.setdefault(run.gear, []).append(run.day)
    pairs = [(total, min(days[total.key]), max(days[total.key])) for total in shoes]
    return shoes_chart(pairs, units) if pairs else None
