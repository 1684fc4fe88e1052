"""The first page: this year, the last run, where it was, form today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart
from paceport.report.charts_volume import years_chart
from paceport.report.headline import headline
from paceport.report.html_text import UNKNOWN, day_text, hours, name_text
from paceport.report.page_values import Tile
from paceport.report.pages.answers import form_of, records_of, tracks_of, years_of
from paceport.report.pages.form_words import FormToday, form_chart, form_today
from paceport.report.pages.run_rows import RunRow, run_link, run_rows, weekday_text
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.track_map import TrackMap, draw_tracks
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.volume import by_week, overall
from paceport.training.metrics.span_names import span_name
from paceport.training.metrics.totals import week_of
from paceport.units import Units, duration_text

_NEWEST, _NEW_RECORDS, _RECORD_DAYS = 6, 5, 365
_FORM_DAYS = 84
_WEEKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigure:
    """The distance of this year so far, and a sentence that sets it against last year to the day.

    Without a run this year it is the last year with one; `period` says which. What goes nowhere has hours instead.
    """

    year: int
    period: str
    distance: str
    against: str
    is_ahead: bool | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLine:
    """A track of a map: its path, the run's page and its title."""

    path: str
    link: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBar:
    """One of the last weeks: its Monday, its distance, how tall its bar is (0 to 100), and where its runs are."""

    name: str
    distance: str
    share: float
    link: str | None
    title: str
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A record that stands and is not a year old: over what, in what time, when, and the run's page."""

    span: str
    time: str
    pace: str
    day: str
    link: str
    gained: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The newest run: its line, how long ago it was, and its track as a map of its own."""

    row: RunRow
    ago: str
    map: TrackMap | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """Everything on the first page; None or empty is left out. `drawn_period` is what the map shows."""

    who: str
    today: str
    year: YearFigure
    year_chart: Chart | None
    last: LastRun
    map: TrackMap | None
    map_lines: tuple[MapLine, ...]
    drawn_period: str
    form: FormToday | None
    form_chart: Chart | None
    weeks: tuple[WeekBar, ...]
    week_sum: str
    newest: tuple[RunRow, ...]
    records: tuple[NewRecord, ...]
    tiles: tuple[Tile, ...]
    kept_until: str


def overview(snapshot: Snapshot) -> OverviewPage:
    """The page of a snapshot that has a run."""
    history, units = snapshot.history, snapshot.units
    newest = sorted(history.runs, key=lambda run: (run.start, run.id), reverse=True)
    years = years_of(snapshot)
    series = form_of(snapshot)
    drawn_period, drawn = _drawn_runs(history)
    tracks = tracks_of(snapshot)
    map_ = draw_tracks({run.id: tracks[run.id] for run in drawn if run.id in tracks})
    return OverviewPage(
        who=name_text(history.facts.name) if history.facts.name else "",
        today=weekday_text(history.today),
        year=_year_figure(snapshot),
        year_chart=_slim(years_chart(years, history.today, units)) if years.this[-1] or years.last[-1] else None,
        last=_last_run(newest[0], snapshot),
        map=map_,
        map_lines=_map_lines(map_, history.by_id(), units) if map_ else (),
        drawn_period=drawn_period,
        form=form_today(series),
        form_chart=form_chart(series, days=_FORM_DAYS, name="form-now", height_px=110),
        weeks=_weeks(snapshot),
        week_sum=_week_sum(snapshot),
        newest=tuple(run_rows(newest[:_NEWEST], units)),
        records=_new_records(snapshot),
        tiles=headline(history, units),
        kept_until=_kept_until(snapshot),
    )


def _kept_until(snapshot: Snapshot) -> str:
    """Until when runs of the API stay, in a quiet sentence; empty where all runs are the person's own."""
    share, every = snapshot.history.cache_share(), snapshot.history.runs
    if not share.runs or share.first_expiry is None:
        return ""
    until = f"{day_text(share.first_expiry.date())}, {share.first_expiry:%H:%M} UTC"
    some = f"{snapshot.counted(share.runs)} of these {'comes' if share.runs == 1 else 'come'}"
    whose = f"All {snapshot.noun()} come" if share.runs == len(every) else some
    return (
        f"{whose} from Strava's API and may be kept for days only, the first until {until}. Your own export keeps them."
    )


def _slim(chart: Chart) -> Chart:
    return replace(chart, panels=tuple(replace(panel, height_px=190) for panel in chart.panels))


def _year_figure(snapshot: Snapshot) -> YearFigure:
    history, units = snapshot.history, snapshot.units
    years = years_of(snapshot)
    if not years.this[-1]:
        return _last_year_with_a_run(snapshot)
    ahead_m, day = years.ahead_m, day_text(history.today).rsplit(" ", 1)[0]
    if not years.last[-1]:
        against = f"no {snapshot.noun(1)} in {years.year - 1} to compare it with"
    elif abs(ahead_m) < 0.5 * units.unit_m:
        against = f"as far as by {day} last year"
    else:
        word = "more" if ahead_m > 0 else "less"
        against = f"{units.distance(abs(ahead_m), 0)} {units.name} {word} than by {day} last year"
    return YearFigure(
        year=years.year,
        period=f"{years.year} so far",
        distance=units.distance(years.this[-1], 0),
        against=against,
        is_ahead=ahead_m > 0 if years.last[-1] else None,
        unit=units.name,
    )


def _last_year_with_a_run(snapshot: Snapshot) -> YearFigure:
    history, units = snapshot.history, snapshot.units
    year = max(run.day.year for run in history.runs)
    total = overall([run for run in history.runs if run.day.year == year])
    has_time = not total.distance_m and bool(total.moving_time_s)
    against = f"hours in {snapshot.counted(total.runs)}" if has_time else "no distance is known"
    return YearFigure(
        year=year,
        period=str(year) if year != history.today.year else f"{year} so far",
        distance=f"{(total.moving_time_s or 0.0) / 3600:,.0f}" if has_time else units.distance(total.distance_m, 0),
        against=f"no {snapshot.noun(1)} yet in {history.today.year}" if year != history.today.year else against,
        is_ahead=None,
        unit="h" if has_time else units.name,
    )


def _drawn_runs(history: History) -> tuple[str, list[Run]]:
    """This year's runs; those of the twelve months up to the newest where the year has fewer than ten."""
    this_year = [run for run in history.runs if run.day.year == history.today.year and run.polyline]
    if len(this_year) >= 10:
        return str(history.today.year), this_year
    last = max(run.day for run in history.runs)
    return f"12 months to {day_text(last)}", [run for run in history.runs if (last - run.day).days < 365]


def _map_lines(drawn: TrackMap, runs: dict[int, Run], units: Units) -> tuple[MapLine, ...]:
    return tuple(
        MapLine(
            path=path,
            link=run_link(run_id),
            title=f"{name_text(runs[run_id].name)}, {day_text(runs[run_id].day)}, "
            f"{units.distance(runs[run_id].distance_m, 1)} {units.name}",
        )
        for run_id, path in drawn.paths
    )


def _last_run(run: Run, snapshot: Snapshot) -> LastRun:
    track = tracks_of(snapshot).get(run.id)
    return LastRun(
        row=run_rows([run], snapshot.units)[0],
        ago=_ago((snapshot.today - run.day).days),
        map=draw_tracks({run.id: track}) if track else None,
    )


def _ago(days: int) -> str:
    if days < 14:
        return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
    if days < 100:
        return f"{days // 7} weeks ago"
    return f"{days // 30} months ago" if days < 700 else f"{days // 365} years ago"


def _weeks(snapshot: Snapshot) -> tuple[WeekBar, ...]:
    history, units = snapshot.history, snapshot.units
    now = week_of(history.today)
    totals = by_week(history.runs, first=now - timedelta(weeks=_WEEKS - 1), last=now)
    most_m = max([total.distance_m or 0.0 for total in totals] + [10 * units.unit_m])
    bars = []
    for total in totals:
        monday, distance_m = total.key, total.distance_m or 0.0
        sunday, day = monday + timedelta(days=6), day_text(monday).rsplit(" ", 1)[0]
        bars.append(
            WeekBar(
                name="now" if monday == now else day,
                distance=units.distance(distance_m, 0) if total.runs else "",
                share=round(100 * distance_m / most_m, 1),
                link=snapshot.address(f"/runs?from={monday}&to={sunday}") if total.runs else None,
                title=f"week of {day}: {snapshot.counted(total.runs)}, {units.distance(distance_m, 1)} {units.name}",
                is_now=monday == now,
            )
        )
    return tuple(bars)


def _week_sum(snapshot: Snapshot) -> str:
    """This week's sums, and the weekly mean of the four weeks before."""
    history, units = snapshot.history, snapshot.units
    monday = week_of(history.today)
    now = overall([run for run in history.runs if run.day >= monday])
    before = overall([run for run in history.runs if monday - timedelta(weeks=4) <= run.day < monday])
    mean_m = (before.distance_m or 0.0) / 4
    this = (
        f"This week: {units.distance(now.distance_m, 1)} {units.name} in {snapshot.counted(now.runs)}"
        f"{f', {hours(now.moving_time_s)} h' if hours(now.moving_time_s) != UNKNOWN else ''}"
        if now.runs
        else f"This week: no {snapshot.noun(1)} yet"
    )
    return f"{this}. The four weeks before: {units.distance(mean_m, 1)} {units.name} a week."


def _new_records(snapshot: Snapshot) -> tuple[NewRecord, ...]:
    history, units = snapshot.history, snapshot.units
    runs, since = history.by_id(), history.today - timedelta(days=_RECORD_DAYS)
    found: list[tuple[date, NewRecord]] = []
    for span_m, record in records_of(snapshot).current().items():
        attempt = record.attempt
        run = runs.get(attempt.run_id)
        if run is None or run.day < since or record.gained_s is None:
            continue
        new = NewRecord(
            span=span_name(span_m),
            time=duration_text(attempt.elapsed_time_s),
            pace=units.pace(span_m / attempt.elapsed_time_s),
            day=day_text(run.day),
            link=run_link(run.id),
            gained=f"{duration_text(record.gained_s)} faster",
        )
        found.append((run.day, new))
    return tuple(new for _, new in _newest_first(found)[:_NEW_RECORDS])


def _newest_first(found: Sequence[tuple[date, NewRecord]]) -> list[tuple[date, NewRecord]]:
    return sorted(found, key=lambda pair: pair[0], reverse=True)
