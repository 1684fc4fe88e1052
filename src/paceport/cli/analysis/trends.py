"""`trends`: volume, form and pace over the weeks, as plots with their table twins; and the repeated routes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.history_session import (
    HistorySession,
    cache_share_as_json,
    open_history,
    say_cache_share,
    shared_options,
)
from paceport.cli.analysis.repeated_routes import routes_as_json, show_routes, trend_as_json
from paceport.cli.analysis.tables import plots
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.plot import Plot
from paceport.cli.table import KEY, Column, numbers
from paceport.training.history.coverage import load_coverage, pace_coverage, routes_coverage, volume_coverage
from paceport.units import UNKNOWN, Units, duration_text, number_text

if TYPE_CHECKING:
    from paceport.training.history.form_series import FormSeries
    from paceport.training.history.progress import PaceTrend
    from paceport.training.metrics.totals import Total
    from paceport.training.metrics.trend import Trend

TOPICS = ("volume", "form", "pace", "routes")
_DEFAULT_TOPICS = TOPICS[:3]  # routes cost reading every track, and have a page's width of columns


@click.command("trends")
@click.argument("what", nargs=-1, type=click.Choice(TOPICS))
@click.option("--weeks", type=click.IntRange(1, 5000), default=52, show_default=True, help="How many weeks back.")
@click.option("--all", "all_weeks", is_flag=True, help="All weeks since the first run.")
@click.option("--table", "as_table", is_flag=True, help="The plots as tables.")
@shared_options
@pass_invocation
def trends_command(
    invocation: Invocation,
    *,
    what: tuple[str, ...],
    weeks: int,
    all_weeks: bool,
    as_table: bool,
    own_only: bool,
    units: str | None,
    as_json: bool,
) -> None:
    """Show how volume, form and pace develop: all three, or only those you name.

    `routes` lists the routes you ran at least three times, over all weeks. It is shown only if you name it.
    """
    with open_history(invocation, own_only=own_only, units=units, with_routes="routes" in what) as opened:
        from paceport.training.history.form_series import form_series
        from paceport.training.history.progress import pace_trend

        history = opened.history
        first_run = min(run.day for run in history.runs)
        first = first_run if all_weeks else max(first_run, history.today - timedelta(weeks=weeks - 1))
        series = form_series(history)
        pace = pace_trend(run for run in history.runs if run.day >= first)
        if as_json:
            plain = _trends_as_json(opened, first, series, pace) | {"coverage": _coverage(opened, first, what)}
            opened.output.json(plain | {"routes": routes_as_json(opened)} if "routes" in what else plain)
            return
        for each in what or _DEFAULT_TOPICS:
            if each == "volume":
                _show_volume(opened, first, as_table=as_table)
            elif each == "form":
                _show_form(opened, series, first, as_table=as_table)
            elif each == "routes":
                show_routes(opened)
            else:
                _show_pace(opened, pace, first, as_table=as_table)
        say_cache_share(opened)


def _weeks(opened: HistorySession, first: date) -> list[Total[date]]:
    from paceport.training.history.volume import by_week

    last = max(opened.history.today, max(run.day for run in opened.history.runs))
    return by_week(opened.history.runs, first=first, last=last)


def _trends_as_json(opened: HistorySession, first: date, series: FormSeries, pace: PaceTrend) -> dict[str, object]:
    from paceport.training.history.regularity import streaks_and_eddington
    from paceport.training.history.volume import by_gear, by_month, by_year

    runs = opened.history.runs
    own = streaks_and_eddington(opened.history)
    return {
        "weeks": [asdict(week) for week in _weeks(opened, first)],
        "months": [asdict(month) for month in by_month(runs)],
        "years": [asdict(year) for year in by_year(runs)],
        "gear": [asdict(gear) for gear in by_gear(runs)],
        "streaks": asdict(own.streaks),
        "eddington_km": asdict(own.eddington_km),
        "eddington_mile": asdict(own.eddington_mile),
        "form": {
            "convention": series.convention,
            "trimp_variant": series.variant,
            "acute_chronic_coupled": series.acute_chronic,
            "strain": asdict(series.strain) if series.strain else None,
            "recent_runs": series.recent_runs,
            "recent_runs_with_load": series.known_runs,
            "days": [
                {"day": day, "load": load, **asdict(value)}
                for day, load, value in zip(series.days, series.loads, series.values, strict=True)
                if day >= first
            ],
        },
        "pace": {
            "speed_mps_per_year": trend_as_json(pace.speed),
            "adjusted_speed_mps_per_year": trend_as_json(pace.adjusted),
        },
        "from_the_cache": cache_share_as_json(opened.history),
    }


def _coverage(opened: HistorySession, first: date, what: Sequence[str]) -> dict[str, object]:
    """On how many runs each part rests; the pace on those since the first day asked for, all else on every run."""
    history, since = opened.history, [run for run in opened.history.runs if run.day >= first]
    found = {
        "volume": volume_coverage(history.runs),
        "form": load_coverage(history.runs),
        "pace": pace_coverage(since),
        "adjusted_pace": pace_coverage(since, is_adjusted=True),
    }
    routes = {"routes": routes_coverage(history)} if "routes" in what else {}
    return {name: asdict(one) for name, one in (found | routes).items()}


def _ticks(days: Sequence[date]) -> list[tuple[float, str]]:
    """The months that begin along these days, as many as eight."""
    starts = [place for place, day in enumerate(days) if place == 0 or day.month != days[place - 1].month]
    step = max(math.ceil(len(starts) / 8), 1)
    return [(place / max(len(days) - 1, 1), f"{days[place]:%b %y}") for place in starts[::step]]


def _show_volume(opened: HistorySession, first: date, *, as_table: bool) -> None:
    units, output = opened.units, opened.output
    weeks = _weeks(opened, first)
    values = [week.distance_m / units.unit_m if week.distance_m is not None else math.nan for week in weeks]
    title = f"{units.name} a week"
    rows = [
        [
            week.key.isoformat(),
            str(week.runs),
            units.distance(week.distance_m, 1),
            duration_text(week.moving_time_s),
            units.height(week.elevation_gain_m),
            number_text(week.load),
        ]
        for week in weeks
    ]
    columns = [
        Column(heading="Week from", kind="date", importance=KEY),
        *numbers("Runs", importance=7),
        *numbers(units.name, importance=KEY),
        *numbers("Moving", importance=6),
        *numbers(f"Climb {units.height_unit}", "Load"),
    ]
    plot = Plot(values=values, label=lambda value: f"{value:,.0f}", ticks=_ticks([week.key for week in weeks]))
    plots(output, [(title, _bars(plot))], table=(columns, rows), as_table=as_table)
    output.result("")
    _show_years(opened)
    _show_streaks(opened)


def _show_years(opened: HistorySession) -> None:
    from paceport.training.history.volume import by_year

    units = opened.units
    opened.output.table(
        [
            *numbers("Year", "Runs", units.name, importance=KEY),
            *numbers("Moving", f"Climb {units.height_unit}"),
        ],
        [
            [
                str(year.key),
                f"{year.runs:,}",
                units.distance(year.distance_m, 0),
                duration_text(year.moving_time_s),
                units.height(year.elevation_gain_m),
            ]
            for year in by_year(opened.history.runs)
        ],
    )


def _show_streaks(opened: HistorySession) -> None:
    from paceport.training.history.regularity import streaks_and_eddington

    units, output = opened.units, opened.output
    own = streaks_and_eddington(opened.history)
    eddington = own.eddington_km if units.name == "km" else own.eddington_mile
    output.result(
        f"Streak: {own.streaks.current_days} days, {own.streaks.current_weeks} weeks; "
        f"longest {own.streaks.longest_days} days, {own.streaks.longest_weeks} weeks"
    )
    more = f"{eddington.days_to_next} more days for {eddington.number + 1}"
    output.result(f"Eddington number in {units.name}: {eddington.number} ({more})")
    output.result(f"Distance known: {volume_coverage(opened.history.runs).text()}.")


def _bars(plot: Plot) -> Plot:
    return Plot(values=plot.values, label=plot.label, ticks=plot.ticks, is_bars=True)


def _show_form(opened: HistorySession, series: FormSeries, first: date, *, as_table: bool) -> None:
    output = opened.output
    if not series.days:
        output.result("")
        output.result(f"Form: not known. Load known: {load_coverage(opened.history.runs).text()}.")
        return
    shown = [place for place, day in enumerate(series.days) if day >= first] or [len(series.days) - 1]
    days = [series.days[place] for place in shown]
    values = [series.values[place] for place in shown]
    ticks = _ticks(days)
    titled = [
        ("Fitness (CTL, 42 days)", [value.fitness for value in values]),
        ("Fatigue (ATL, 7 days)", [value.fatigue for value in values]),
        ("Form (TSB)", [value.form for value in values]),
    ]
    rows = [
        [day.isoformat(), f"{series.loads[place]:.0f}", *(f"{channel[at]:.1f}" for _, channel in titled)]
        for at, (day, place) in enumerate(zip(days, shown, strict=True))
        if day.weekday() == 6 or at == len(days) - 1
    ]
    plots(
        output,
        [
            (title, Plot(values=channel, label=lambda value: f"{value:.0f}", ticks=ticks, from_zero=True))
            for title, channel in titled
        ],
        table=(
            [
                Column(heading="Sunday", kind="date", importance=KEY),
                *numbers("Load", importance=4),
                *numbers("Fitness", "Fatigue", importance=6),
                *numbers("Form", importance=7),
            ],
            rows,
        ),
        as_table=as_table,
    )
    output.result("")
    _show_form_today(opened, series)


def _show_form_today(opened: HistorySession, series: FormSeries) -> None:
    now = series.values[-1]
    facts = opened.history.facts
    which = (
        "fitness minus fatigue of the day before"
        if series.convention == "previous-day"
        else "fitness minus fatigue of the same day"
    )
    opened.output.facts(
        [
            ("Today", f"fitness {now.fitness:.0f}, fatigue {now.fatigue:.0f}, form {now.form:+.0f} (TSB: {which})"),
            ("Load", f"{_variant(series.variant)}; {_known_by(facts.known_by)}"),
            ("Coverage", f"{series.known_runs} of {series.recent_runs} runs of the last 42 days have a heart rate"),
            ("Load known", load_coverage(opened.history.runs).text()),
            (
                "Acute:chronic",
                f"{number_text(series.acute_chronic, 2)} (7 over 28 days, coupled); it does not predict injuries",
            ),
            ("Monotony", number_text(series.strain.monotony, 2) if series.strain else "not known"),
        ]
    )


def _variant(name: str) -> str:
    return "Banister's TRIMP" if name == "banister" else "Banister's TRIMP, 0.64 for both sexes (fellrnr)"


def _known_by(known_by: dict[str, str]) -> str:
    return f"maximum: {known_by.get('max', 'not known')}; rest: {known_by.get('rest', 'not known')}; sex: " + (
        known_by.get("sex", "not known, the male constants are used")
    )


def _show_pace(opened: HistorySession, pace: PaceTrend, first: date, *, as_table: bool) -> None:
    from paceport.training.metrics.totals import week_of

    units, output = opened.units, opened.output
    since = [run for run in opened.history.runs if run.day >= first]
    weekly: dict[date, list[tuple[float, float | None]]] = {}
    for day, speed, adjusted in pace.points:
        weekly.setdefault(week_of(day), []).append((speed, adjusted))
    if not weekly:
        output.result("")
        output.result(f"Pace: not known. Measured: {pace_coverage(opened.history.runs).text()}.")
        return
    count = (max(weekly) - week_of(first)).days // 7 + 1
    mondays = [week_of(first) + timedelta(weeks=week) for week in range(count)]
    medians = [_medians(weekly.get(monday, [])) for monday in mondays]
    values = [adjusted if adjusted is not None else math.nan for _, adjusted in medians]
    name = "grade-adjusted (Strava's model)"
    if not any(math.isfinite(value) for value in values):
        values, name = [speed if speed is not None else math.nan for speed, _ in medians], "as run"
    plot = Plot(values=_fill_short_gaps(values), label=units.pace, ticks=_ticks(mondays))
    plots(
        output,
        [(f"Pace, min/{units.name}, {name}, median of each week (faster is higher)", plot)],
        table=(_pace_columns(units), _pace_rows(weekly, mondays, medians, units)),
        as_table=as_table,
    )
    output.result("")
    output.facts(
        [
            ("Pace", _trend_text(opened, pace.speed)),
            ("Measured", pace_coverage(since).text()),
            ("Grade-adjusted", _trend_text(opened, pace.adjusted)),
            ("Measured", pace_coverage(since, is_adjusted=True).text()),
        ]
    )


def _pace_rows(
    weekly: Mapping[date, Sequence[object]],
    mondays: Sequence[date],
    medians: Sequence[tuple[float | None, float | None]],
    units: Units,
) -> list[list[str]]:
    return [
        [monday.isoformat(), str(len(weekly[monday])), units.pace(speed), units.pace(adjusted)]
        for monday, (speed, adjusted) in zip(mondays, medians, strict=True)
        if monday in weekly
    ]


def _pace_columns(units: Units) -> list[Column]:
    return [
        Column(heading="Week from", kind="date", importance=KEY),
        *numbers("Runs", importance=4),
        *numbers(f"min/{units.name}", importance=KEY),
        *numbers("GAP", importance=6),
    ]


def _medians(runs: Sequence[tuple[float, float | None]]) -> tuple[float | None, float | None]:
    adjusted = [worth for _, worth in runs if worth is not None]
    return (median(speed for speed, _ in runs) if runs else None), (median(adjusted) if adjusted else None)


def _fill_short_gaps(values: list[float], most: int = 3) -> list[float]:
    """Gaps of a few weeks closed by straight lines, so that the line can be followed; longer ones stay open."""
    bridged = list(values)
    known = [place for place, value in enumerate(values) if math.isfinite(value)]
    for left, right in pairwise(known):
        if 1 < right - left <= most + 1:
            for place in range(left + 1, right):
                share = (place - left) / (right - left)
                bridged[place] = values[left] * (1 - share) + values[right] * share
    return bridged


def _trend_text(opened: HistorySession, trend: Trend | None) -> str:
    """The change of pace a year, as seconds for a unit, with its interval."""
    if trend is None:
        return "not known: a trend needs eight weeks with runs"
    change, name = trend.pace_change_s(opened.units.unit_m), opened.units.name
    if change is None:
        return UNKNOWN
    slope, low, high = change
    verdict = ("faster" if trend.per_year > 0 else "slower") if trend.is_clear else "no clear change"
    return (
        f"{verdict}: {slope:+.0f} s/{name} a year, 95 % within {low:+.0f} to {high:+.0f}, "
        f"from {trend.weeks} weeks; now {opened.units.pace(trend.level)}"
    )
