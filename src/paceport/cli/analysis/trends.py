"""`trends`: volume, form and pace over the weeks, as plots with their table twins; and the repeated routes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from paceport.cli.analysis.form_trend import form_as_json, show_form
from paceport.cli.analysis.history_session import (
    HistorySession,
    cache_share_as_json,
    coverage_text,
    open_history,
    say_cache_share,
    shared_options,
)
from paceport.cli.analysis.measured_trends import MEASURED_TOPICS, measured_as_json, show_measured
from paceport.cli.analysis.repeated_routes import routes_as_json, show_routes, trend_as_json
from paceport.cli.analysis.sport_choice import FOR_PROGRAMS, group_word, sport_option
from paceport.cli.analysis.sport_totals import show_sports, sports_as_json, total_as_json
from paceport.cli.analysis.tables import fill_short_gaps, month_ticks, plots
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.plot import Plot, plain_number
from paceport.cli.table import KEY, Column, numbers
from paceport.training.history.coverage import load_coverage, pace_coverage, routes_coverage, volume_coverage
from paceport.training.history.sport_figures import SpeedKind, pace_length_m, speed_kind, speed_text, speed_unit
from paceport.training.metrics.averages import median
from paceport.units import UNKNOWN, duration_text, number_text

if TYPE_CHECKING:
    from paceport.training.history.form_series import FormSeries
    from paceport.training.history.progress import PaceTrend
    from paceport.training.metrics.totals import Total
    from paceport.training.metrics.trend import Trend

TOPICS = ("volume", "form", "pace", "sports", "routes", *MEASURED_TOPICS)
_DEFAULT_TOPICS = TOPICS[:3]  # routes cost reading every track, and have a page's width of columns


@click.command("trends")
@click.argument("what", nargs=-1, type=click.Choice(TOPICS))
@click.option("--weeks", type=click.IntRange(1, 5000), default=52, show_default=True, help="How many weeks back.")
@click.option("--all", "all_weeks", is_flag=True, help="All weeks since the first run.")
@click.option("--table", "as_table", is_flag=True, help="The plots as tables.")
@sport_option
@shared_options
@pass_invocation
def trends_command(
    invocation: Invocation,
    *,
    what: tuple[str, ...],
    weeks: int,
    all_weeks: bool,
    as_table: bool,
    sport: str | None,
    own_only: bool,
    units: str | None,
    as_json: bool,
) -> None:
    """Show how volume, form and pace develop: all three, or only those you name.

    Volume and pace are of your runs, or of the --sport you choose. Form counts the loads of every sport, or only those
    of --sport; the setting form_sports leaves sports out for good. `sports` sums up each sport, and `routes` lists the
    routes you ran at least three times, over all weeks.

    `vo2max` is what pace and heart rate say about your maximal oxygen uptake, `durability` how pace and heart rate come
    apart in long runs, `heat` what temperature does to your pace, `hills` your pace by gradient. All but the first
    three are shown only if you name them.
    """
    with _open(invocation, what, own_only=own_only, units=units, sport=sport, as_json=as_json) as opened:
        from paceport.training.history.form_series import form_series
        from paceport.training.history.progress import pace_trend

        history = opened.history
        first_run = min(run.day for run in history.runs)
        first = first_run if all_weeks else max(first_run, history.today - timedelta(weeks=weeks - 1))
        series = form_series(history)
        pace = pace_trend([run for run in history.runs if run.day >= first])
        if as_json:
            plain = _trends_as_json(opened, first, series, pace, what)
            opened.output.json(plain | measured_as_json(what, opened, first))
            return
        _show_topics(opened, what, first, series, pace, as_table=as_table)
        say_cache_share(opened)


def _show_topics(
    opened: HistorySession,
    what: Sequence[str],
    first: date,
    series: FormSeries,
    pace: PaceTrend,
    *,
    as_table: bool,
) -> None:
    topics: dict[str, Callable[[], None]] = {
        "volume": lambda: _show_volume(opened, first, as_table=as_table),
        "form": lambda: show_form(opened, series, first, as_table=as_table),
        "pace": lambda: _show_pace(opened, pace, first, as_table=as_table),
        "sports": lambda: _show_sports(opened, first),
        "routes": lambda: show_routes(opened),
    }
    for each in what or _DEFAULT_TOPICS:
        if each in MEASURED_TOPICS:
            show_measured(each, opened, first, as_table=as_table)
        else:
            topics[each]()


def _open(
    invocation: Invocation,
    what: Sequence[str],
    *,
    own_only: bool,
    units: str | None,
    sport: str | None,
    as_json: bool,
) -> AbstractContextManager[HistorySession]:
    has_routes, needs = "routes" in what, FOR_PROGRAMS if as_json else None
    return open_history(
        invocation,
        own_only=own_only,
        units=units,
        with_routes=has_routes,
        sport=sport,
        with_all_sports=True,
        needs=needs,
    )


def _weeks(opened: HistorySession, first: date) -> list[Total[date]]:
    from paceport.training.history.volume import by_week

    last = max(opened.history.today, max(run.day for run in opened.history.runs))
    return by_week(opened.history.runs, first=first, last=last)


def _trends_as_json(
    opened: HistorySession, first: date, series: FormSeries, pace: PaceTrend, what: Sequence[str]
) -> dict[str, object]:
    from paceport.training.history.regularity import streaks_and_eddington
    from paceport.training.history.volume import by_gear, by_month, by_year

    runs = opened.history.runs
    own = streaks_and_eddington(opened.history)
    return {
        "weeks": [total_as_json(week) for week in _weeks(opened, first)],
        "months": [total_as_json(month) for month in by_month(runs)],
        "years": [total_as_json(year) for year in by_year(runs)],
        "gear": [asdict(gear) for gear in by_gear(runs)],
        "streaks": asdict(own.streaks),
        "eddington_km": asdict(own.eddington_km),
        "eddington_mile": asdict(own.eddington_mile),
        "form": form_as_json(opened, series, first),
        "sports": sports_as_json(opened.history.activities or runs),
        "pace": {
            "speed_mps_per_year": trend_as_json(pace.speed),
            "adjusted_speed_mps_per_year": trend_as_json(pace.adjusted),
        },
        "from_the_cache": cache_share_as_json(opened.history),
        "coverage": _coverage(opened, first, what),
        **({"routes": routes_as_json(opened)} if "routes" in what else {}),
    }


def _coverage(opened: HistorySession, first: date, what: Sequence[str]) -> dict[str, object]:
    """On how many runs each part rests; the pace on those since the first day asked for, all else on every run."""
    history, since = opened.history, [run for run in opened.history.runs if run.day >= first]
    found = {
        "volume": volume_coverage(history.runs),
        "form": load_coverage(history.counted_in_form()),
        "pace": pace_coverage(since),
        "adjusted_pace": pace_coverage(since, is_adjusted=True),
    }
    routes = {"routes": routes_coverage(history)} if "routes" in what else {}
    return {name: asdict(one) for name, one in (found | routes).items()}


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
            *_speed_cell(opened, week),
            units.height(week.elevation_gain_m),
            number_text(week.load),
        ]
        for week in weeks
    ]
    columns = [
        Column(heading="Week from", kind="date", importance=KEY),
        *numbers(opened.noun().capitalize(), importance=7),
        *numbers(units.name, importance=KEY),
        *numbers("Moving", importance=6),
        *_speed_column(opened),
        *numbers(f"Climb {units.height_unit}", "Load"),
    ]
    ticks = month_ticks([week.key for week in weeks])
    plot = Plot(values=values, label=plain_number(values), ticks=ticks, is_bars=True)
    plots(output, [(title, plot)], table=(columns, rows), as_table=as_table)
    doubt = opened.history.facts.load_doubt
    if doubt and (as_table or not output.stdout_is_terminal) and any(week.load for week in weeks):
        output.say(f"{doubt}. To set it: paceport zones")
    output.blank_line()
    _show_years(opened)
    _show_streaks(opened)


def _show_years(opened: HistorySession) -> None:
    from paceport.training.history.volume import by_year

    units = opened.units
    opened.output.table(
        [
            *numbers("Year", opened.noun().capitalize(), units.name, importance=KEY),
            *numbers("Moving"),
            *_speed_column(opened),
            *numbers(f"Climb {units.height_unit}"),
        ],
        [
            [
                str(year.key),
                f"{year.runs:,}",
                units.distance(year.distance_m, 0),
                duration_text(year.moving_time_s),
                *_speed_cell(opened, year),
                units.height(year.elevation_gain_m),
            ]
            for year in by_year(opened.history.runs)
        ],
    )


def _speed_column(opened: HistorySession) -> list[Column]:
    """The speed as the sport is told, in a column of its own; none where sports are mixed."""
    kind = speed_kind({run.sport for run in opened.history.runs})
    return [] if kind == "mixed" else numbers(speed_unit(kind, opened.units), importance=4)


def _speed_cell(opened: HistorySession, total: Total[Any]) -> list[str]:
    kind = speed_kind({run.sport for run in opened.history.runs})
    return [] if kind == "mixed" else [speed_text(kind, opened.units, total.speed_mps)]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _show_streaks(opened: HistorySession) -> None:
    from paceport.training.history.regularity import streaks_and_eddington

    units, output = opened.units, opened.output
    own = streaks_and_eddington(opened.history)
    eddington = own.eddington_km if units.name == "km" else own.eddington_mile
    output.result(
        f"Streak: {_count(own.streaks.current_days, 'day')}, {_count(own.streaks.current_weeks, 'week')}; "
        f"longest {_count(own.streaks.longest_days, 'day')}, {_count(own.streaks.longest_weeks, 'week')}"
    )
    more = f"{_count(eddington.days_to_next, 'more day')} for {eddington.number + 1}"
    output.result(f"Eddington number in {units.name}: {eddington.number} ({more})")
    output.result(f"Distance known: {coverage_text(opened, volume_coverage(opened.history.runs))}.")
    others = len(opened.history.activities) - len(opened.history.runs)
    if others > 0:
        output.result(f"Other sports: {others:,} activities; see: paceport trends sports")


def _show_sports(opened: HistorySession, first: date) -> None:
    output, history = opened.output, opened.history
    everything = history.activities or history.runs
    output.blank_line()
    output.heading(f"By sport since {first}")
    show_sports(output, opened.units, [run for run in everything if run.day >= first])


def _show_pace(opened: HistorySession, pace: PaceTrend, first: date, *, as_table: bool) -> None:
    from paceport.training.metrics.totals import week_of

    output, history = opened.output, opened.history
    kind = speed_kind({run.sport for run in history.runs})
    output.blank_line()
    if kind == "mixed":
        word = group_word(Counter(run.sport for run in history.runs))
        output.result(f"Pace and speed are shown of one sport at a time: paceport trends pace --sport {word}")
        return
    since = [run for run in history.runs if run.day >= first]
    weekly: dict[date, list[tuple[float, float | None]]] = {}
    for day, speed, adjusted in pace.points:
        weekly.setdefault(week_of(day), []).append((speed, adjusted))
    if not weekly:
        word = "Speed" if kind == "speed" else "Pace"
        output.result(f"{word}: not known. Measured: {coverage_text(opened, pace_coverage(history.runs))}.")
        return
    count = (max(weekly) - week_of(first)).days // 7 + 1
    mondays = [week_of(first) + timedelta(weeks=week) for week in range(count)]
    medians = [_medians(weekly.get(monday, [])) for monday in mondays]
    values = [adjusted if adjusted is not None else math.nan for _, adjusted in medians]
    is_adjusted = any(math.isfinite(value) for value in values)
    if not is_adjusted:
        values = [speed if speed is not None else math.nan for speed, _ in medians]
    _plot_pace(opened, kind, values, (weekly, mondays, medians), is_adjusted=is_adjusted, as_table=as_table)
    output.blank_line()
    measured = ("Measured", coverage_text(opened, pace_coverage(since)))
    facts = [("Speed" if kind == "speed" else "Pace", _trend_text(opened, kind, pace.speed)), measured]
    if is_adjusted:
        measured = ("Measured", coverage_text(opened, pace_coverage(since, is_adjusted=True)))
        facts += [("Grade-adjusted", _trend_text(opened, kind, pace.adjusted)), measured]
    output.facts(facts)


def _plot_pace(
    opened: HistorySession,
    kind: SpeedKind,
    values: list[float],
    weeks: tuple[Mapping[date, Sequence[object]], Sequence[date], Sequence[tuple[float | None, float | None]]],
    *,
    is_adjusted: bool,
    as_table: bool,
) -> None:
    units, (weekly, mondays, medians) = opened.units, weeks
    unit = speed_unit(kind, units)
    title = f"Speed, {unit}" if kind == "speed" else f"Pace, {unit}"
    how = "grade-adjusted (Strava's model)" if is_adjusted else "as measured"
    faster = "" if kind == "speed" else " (faster is higher)"
    plot = Plot(
        values=fill_short_gaps(values),
        label=lambda speed: speed_text(kind, units, speed),
        unit=units.unit_m / 3600,
        pace_of_m=pace_length_m(kind, units),
        ticks=month_ticks(mondays),
    )
    columns = [
        Column(heading="Week from", kind="date", importance=KEY),
        *numbers(opened.noun().capitalize(), importance=4),
        *numbers(unit, importance=KEY),
        *(numbers("GAP", importance=6) if is_adjusted else ()),
    ]
    rows = [
        [monday.isoformat(), str(len(weekly[monday])), *(speed_text(kind, units, each) for each in pair)]
        for monday, pair in zip(mondays, medians, strict=True)
        if monday in weekly
    ]
    plots(
        opened.output,
        [(f"{title}, {how}, median of each week{faster}", plot)],
        table=(columns, [row[: len(columns)] for row in rows]),
        as_table=as_table,
    )


def _medians(runs: Sequence[tuple[float, float | None]]) -> tuple[float | None, float | None]:
    adjusted = [worth for _, worth in runs if worth is not None]
    return (median(speed for speed, _ in runs) if runs else None), (median(adjusted) if adjusted else None)


def _trend_text(opened: HistorySession, kind: SpeedKind, trend: Trend | None) -> str:
    """The change of pace a year, as seconds for a unit, or of speed, with its interval."""
    if trend is None:
        return f"not known: a trend needs eight weeks with {opened.noun()}"
    units = opened.units
    verdict = ("faster" if trend.per_year > 0 else "slower") if trend.is_clear else "no clear change"
    now = f"from {trend.weeks} weeks; now {speed_text(kind, units, trend.level)}"
    if kind == "speed":
        slope, low, high = (
            3600.0 * each / units.unit_m for each in (trend.per_year, trend.low_per_year, trend.high_per_year)
        )
        return f"{verdict}: {slope:+z.1f} {units.speed_unit} a year, 95 % within {low:+z.1f} to {high:+z.1f}, {now}"
    is_swim = kind == "swim"
    change = trend.pace_change_s(units.lap_unit_m if is_swim else units.unit_m)
    if change is None:
        return UNKNOWN
    slope, low, high = change
    name, digits = (units.lap_unit, 1) if is_swim else (units.name, 0)
    return (
        f"{verdict}: {slope:+z.{digits}f} s/{name} a year, 95 % within {low:+z.{digits}f} to {high:+z.{digits}f}, {now}"
    )
