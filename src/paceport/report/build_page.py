"""From the logbook to the page's values: what is asked of the analysis, and in which words it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import date
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.moments import parse_moment
from paceport.report.chart import Chart
from paceport.report.charts_progress import shoes_chart
from paceport.report.every_run import every_run, newest_first
from paceport.report.history_charts import first_day, last_day
from paceport.report.html_text import UNKNOWN, counted, day_text, name_text, picture_address
from paceport.report.map_section import map_section
from paceport.report.page_values import CachedContent
from paceport.report.pages.answers import form_of
from paceport.report.pages.calendar_page import calendar_page
from paceport.report.pages.map_page import shown_tracks
from paceport.report.pages.overview import overview
from paceport.report.pages.record_page import record_page
from paceport.report.pages.route_page import route_page
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.training_page import training_page
from paceport.report.pages.year_page import chosen_year, year_page
from paceport.report.pages.years_page import years_page
from paceport.report.predictions import prediction_section
from paceport.report.report_page import ReportPage
from paceport.report.route_maps import shapes_gallery
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
from paceport.training.history.volume import by_gear, year_beside_last
from paceport.training.history.year_facts import YearFacts, years_with_runs
from paceport.training.metrics.definitions import metrics
from paceport.training.metrics.load_source import SOURCE_NAMES
from paceport.units import Units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.maps.place import HiddenCircle

NEWEST_RUNS = 10
_MOST_DOTS = 500  # each is a row of the table below its chart, too


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """What the report is to hold.

    `newest` runs get a section of their own; `since` leaves out what was before that local day; no drawn route
    shows anything within the `circles`; `notes` are sentences that stand above everything else. `draw_year` gives
    the picture of a year as SVG, in the light of whoever looks at it; "" for none.
    """

    units: Units = field(default_factory=Units)
    newest: int = NEWEST_RUNS
    since: date | None = None
    circles: Sequence[HiddenCircle] = ()
    notes: tuple[str, ...] = ()
    draw_year: Callable[[YearFacts], str] = lambda _facts: ""


def build_page(store: Store, every: History, wanted: ReportContent) -> ReportPage | None:
    """The page of a history read `with_routes`; None where there is no run to tell of.

    Form, predictions and this year against last look at all of the history, everything else from `since` on.
    """
    history, units = _since(every, wanted.since), _as_told(every, wanted.units)
    if not history.runs:
        return None
    runs = newest_first(history)
    drawings = draw_runs(store, history, runs, circles=wanted.circles)  # while all else is drawn
    snapshot, borrowed = _snapshot(every, history, units, wanted.circles), _borrowed(store, history)
    return ReportPage(
        title=f"Every {noun(history.sports, 1)}{_whose(every, borrowed)}",
        subtitle=_subtitle(history),
        made=day_text(every.today),
        snapshot=snapshot,
        cached_content=borrowed,
        retention_notes=_kept(borrowed, len(runs), noun(history.sports)) + wanted.notes,
        measured=_measured(every, history),
        overview=overview(snapshot),
        map=map_section(snapshot, runs),
        year_reviews=tuple(year_page(snapshot, year) for year in years_with_runs(history)),
        year_picture=picture_address(wanted.draw_year(chosen_year(snapshot, None))),
        years=years_page(snapshot, store, most_dots=_MOST_DOTS),
        training=training_page(snapshot, store, "all"),
        form_note=_form_note(form_of(snapshot)),
        calendar=calendar_page(snapshot, None),
        records=record_page(snapshot, None),
        sports=sports_table(history, units),
        shapes=shapes_gallery(history.runs, circles=wanted.circles, units=units),
        routes=route_page(snapshot),
        shoes=_shoes(history, units),
        runs=run_sections(store, history, newest=wanted.newest, units=units),
        every=every_run(store, history, drawings, units),
        metrics=metrics(),
    )


def _snapshot(every: History, history: History, units: Units, circles: Sequence[HiddenCircle]) -> Snapshot:
    """The history as the pages see it, with the answers that look at all of it."""
    snapshot = Snapshot(history=history, units=units, later=0, circles=circles)
    snapshot.once("form", lambda: form_series(every))
    snapshot.once("years", lambda: year_beside_last(every))
    snapshot.once("predictions", lambda: prediction_section(every, units))
    snapshot.once("tracks", lambda: shown_tracks(snapshot, lambda _ends: circles, is_whole=False))
    return snapshot


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


def _form_note(series: FormSeries) -> str:
    if not series.days:
        return "Fitness and form are not known: no activity has a load."
    known = f"{series.known_runs} of the {series.recent_runs} activities of the last six weeks have a load"
    sports = ", ".join(f"{count:,} {group_noun(kind, count)}" for kind, count, _ in series.sports)
    counts = f"Form counts {sports}. " if sports else ""
    sources = "; ".join(f"{SOURCE_NAMES.get(source, source)}: {count:,}" for source, count in series.sources)
    return f"{counts}{known.capitalize()}" + (f", from {sources}." if sources else ".")


def _shoes(history: History, units: Units) -> Chart | None:
    shoes = by_gear([run for run in history.runs if run.sport in FOOT_SPORTS])
    days: dict[str, list[date]] = {}
    for run in history.runs:
        days.setdefault(run.gear, []).append(run.day)
    pairs = [(total, min(days[total.key]), max(days[total.key])) for total in shoes]
    return shoes_chart(pairs, units) if pairs else None
