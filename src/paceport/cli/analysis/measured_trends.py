"""Topics of `trends` that rest on what each run's samples add: effective VO2max, durability, heat, hills."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from paceport.cli.analysis.hill_trends import hills_as_json, show_hills
from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.analysis.repeated_routes import trend_as_json
from paceport.cli.analysis.tables import fill_short_gaps, month_ticks, plots
from paceport.cli.plot import Plot
from paceport.cli.table import KEY, Column, numbers
from paceport.sports import RUN_SPORTS
from paceport.training.metrics.averages import median
from paceport.training.metrics.duration_names import drift_class_text
from paceport.units import number_text

if TYPE_CHECKING:
    from paceport.training.history.durability_trend import DurabilityTrend
    from paceport.training.history.effective_uptake import UptakeTrend
    from paceport.training.history.run import Run
    from paceport.training.metrics.heat import HeatEffect
    from paceport.training.metrics.trend import Trend
    from paceport.training.metrics.unknown import Unknown

MEASURED_TOPICS = ("vo2max", "durability", "heat", "hills")
_TITLES = {"vo2max": "Effective VO2max", "durability": "Durability", "heat": "Heat", "hills": "Pace by gradient"}
_MOST_LONG_RUNS = 12


def show_measured(topic: str, opened: HistorySession, first: date, *, as_table: bool) -> None:
    """One of `MEASURED_TOPICS` over the runs since a day."""
    runs = _runs_since(opened, first)
    opened.output.blank_line()
    if not runs:
        has_runs = any(run.sport in RUN_SPORTS for run in opened.history.activities)
        because = "these weeks have no run" if has_runs else "it is of runs alone, and the logbook has none"
        opened.output.result(f"{_TITLES[topic]}: not known: {because}.")
    elif topic == "vo2max":
        _show_vo2max(opened, _uptake(opened, runs), len(runs), as_table=as_table)
    elif topic == "durability":
        _show_durability(opened, _durability(opened, runs), as_table=as_table)
    elif topic == "heat":
        _show_heat(opened, _heat(opened, runs))
    else:
        show_hills(opened, runs)


def measured_as_json(topics: Sequence[str], opened: HistorySession, first: date) -> dict[str, object]:
    """The same for programs, by topic."""
    runs = _runs_since(opened, first)
    makers: dict[str, Callable[[], object]] = {
        "vo2max": lambda: _vo2max_as_json(_uptake(opened, runs), len(runs)),
        "durability": lambda: _durability_as_json(_durability(opened, runs)),
        "heat": lambda: _heat_as_json(_heat(opened, runs)),
        "hills": lambda: hills_as_json(opened, runs),
    }
    return {topic: makers[topic]() for topic in MEASURED_TOPICS if topic in topics}


def _runs(count: int) -> str:
    return f"{count:,} run{'s' if count != 1 else ''}"


def _runs_since(opened: HistorySession, first: date) -> list[Run]:
    return [run for run in opened.history.runs if run.day >= first and run.sport in RUN_SPORTS]


def _uptake(opened: HistorySession, runs: Sequence[Run]) -> UptakeTrend:
    from paceport.training.history.effective_uptake import uptake_trend

    history = opened.history
    measures = opened.store.measure_rows.measures(("speed_spread_ratio",), own_only=history.is_own_only)
    return uptake_trend(history, measures, runs)


def _vo2max_as_json(found: UptakeTrend, runs: int) -> dict[str, object]:
    return {
        "runs": [{"run_id": run_id, "day": day, "effective_vo2max": value} for day, run_id, value in found.points],
        "per_year": trend_as_json(found.trend),
        "coverage": {
            "runs": runs,
            "measured": len(found.points),
            "left_out": [{"why": why, "runs": count} for why, count in _most_first(found.left_out)],
        },
    }


def _show_vo2max(opened: HistorySession, found: UptakeTrend, runs: int, *, as_table: bool) -> None:
    output = opened.output
    left_out = ", ".join(f"{count:,} {why}" for why, count in _most_first(found.left_out))
    measured = f"{len(found.points):,} of {_runs(runs)}" + (f" (left out: {left_out})" if left_out else "")
    if not found.points:
        output.result(f"Effective VO2max: not known. Measured: {measured}.")
        return
    _show_weeks(
        opened,
        "Effective VO2max, ml per kg and minute, median of each week",
        [(day, value) for day, _, value in found.points],
        heading="VO2max",
        digits=1,
        as_table=as_table,
    )
    facts = opened.history.facts
    athlete, known_by = facts.athlete, facts.known_by
    output.facts(
        [
            ("Change", _trend_text(found.trend, " ml/kg/min", 1)),
            ("Maximum", f"{number_text(athlete.max_bpm)} bpm: {known_by.get('max', 'not known')}"),
            ("Measured", measured),
        ]
    )
    too_low = facts.too_high_text or "With a maximum that is too low, every value is too low."
    output.result(f"From pace and heart rate of steady runs. {too_low}")


def _durability(opened: HistorySession, runs: Sequence[Run]) -> DurabilityTrend:
    from paceport.training.history.durability_trend import durability_trend

    names = ("durability_ratio", "durability_onset_m")
    return durability_trend(opened.store.measure_rows.measures(names, own_only=opened.history.is_own_only), runs)


def _durability_as_json(found: DurabilityTrend) -> dict[str, object]:
    return {
        "decoupling": [{"day": day, "decoupling_percent": value} for day, value in found.decoupling],
        "decoupling_percent_per_year": trend_as_json(found.decoupling_trend),
        "long_runs": [asdict(one) for one in found.long_runs],
        "ratio_per_year": trend_as_json(found.ratio_trend),
        "median_onset_m": found.median_onset_m,
    }


def _show_durability(opened: HistorySession, found: DurabilityTrend, *, as_table: bool) -> None:
    if found.decoupling:
        _show_weeks(
            opened,
            "Decoupling, %, median of each week (lower is better)",
            found.decoupling,
            heading="Decoupling %",
            digits=1,
            as_table=as_table,
        )
        opened.output.facts(
            [
                ("Decoupling", _trend_text(found.decoupling_trend, " %", 1)),
                ("Measured", f"{_runs(len(found.decoupling))} of 40 minutes and more with a heart rate"),
            ]
        )
    else:
        opened.output.result("Decoupling: not known: no run of 40 minutes and more with a heart rate.")
    opened.output.blank_line()
    _show_long_runs(opened, found)


def _show_long_runs(opened: HistorySession, found: DurabilityTrend) -> None:
    output, units = opened.output, opened.units
    if not found.long_runs:
        output.result("Durability: not known: no run of 15 km and more with a heart rate.")
        return
    newest = found.long_runs[-_MOST_LONG_RUNS:][::-1]
    output.heading(f"Durability: newest {len(newest)} of {_runs(len(found.long_runs))} of 15 km and more")
    output.table(
        [
            Column(heading="Day", kind="date", importance=KEY),
            *numbers(units.name, importance=6),
            *numbers("Drift", importance=KEY),
            Column(heading="Class", kind="word", importance=5),
            *numbers(f"From {units.name}", importance=7),
            Column(heading="Run", kind="id", importance=4),
        ],
        [
            [
                one.day.isoformat(),
                units.distance(one.distance_m, 1),
                f"{one.ratio:.3f}",
                drift_class_text(one.ratio),
                units.distance(one.onset_m, 0),
                str(one.run_id),
            ]
            for one in newest
        ],
    )
    output.facts(
        [
            ("Change", _trend_text(found.ratio_trend, "", 3)),
            (
                "Sets in at",
                f"{units.distance(found.median_onset_m, 0)} {units.name} (median of the runs where it does)",
            ),
        ]
    )
    output.result("Drift: heartbeats a metre of the last 5 km, over those of kilometres 5 to 10. Below 1.1 is low.")


def _heat(opened: HistorySession, runs: Sequence[Run]) -> HeatEffect | Unknown:
    from paceport.training.history.heat_of_runs import heat_of_runs

    return heat_of_runs(opened.store, opened.history, runs)


def _heat_as_json(found: HeatEffect | Unknown) -> dict[str, object]:
    from paceport.training.metrics.heat import ELY_MEN_SLOWER_PERCENT, HeatEffect

    known = found if isinstance(found, HeatEffect) else None
    return {
        "effect": asdict(known) | {"is_clear": known.is_clear} if known else None,
        "not_known_because": None if known else getattr(found, "reason", None),
        "marathon_men_slower_percent": [
            {"wbgt_low_c": low, "wbgt_high_c": high, "slower_percent": slower}
            for (low, high), slower in ELY_MEN_SLOWER_PERCENT
        ],
    }


def _show_heat(opened: HistorySession, found: HeatEffect | Unknown) -> None:
    from paceport.training.metrics.heat import ELY_MEN_SLOWER_PERCENT, HeatEffect

    output = opened.output
    if isinstance(found, HeatEffect):
        change = (
            f"{found.percent_per_c:+z.2f} % speed a °C at equal heart rate, 95 % within "
            f"{found.low_percent_per_c:+z.2f} to {found.high_percent_per_c:+z.2f}"
        )
        output.facts(
            [
                ("Heat", change + ("" if found.is_clear else "; no clear effect")),
                ("Measured", f"{found.runs:,} runs at {found.coldest_c:.0f} to {found.warmest_c:.0f} °C"),
            ]
        )
        output.result("Runs are compared with those of the same four weeks. Humidity, sun and wind are not in it.")
    else:
        output.result(f"Heat: not known: {found.reason}.")
        output.result("Temperatures come from Strava's export, or from a watch that records them.")
    ranges = ", ".join(f"{slower} % at {low:.0f} to {high:.0f} °C" for (low, high), slower in ELY_MEN_SLOWER_PERCENT)
    output.result(f"Fast men in marathons were slower by {ranges} WBGT (Ely 2007). Others may differ.")


def _show_weeks(
    opened: HistorySession,
    title: str,
    points: Sequence[tuple[date, float]],
    *,
    heading: str,
    digits: int,
    as_table: bool,
) -> None:
    """The weekly medians of values as a plot, gaps of a few weeks closed; or as a table."""
    from paceport.training.metrics.totals import week_of

    weekly: dict[date, list[float]] = {}
    for day, value in points:
        weekly.setdefault(week_of(day), []).append(value)
    first = min(weekly)
    mondays = [first + timedelta(weeks=week) for week in range((max(weekly) - first).days // 7 + 1)]
    values = [median(weekly[monday]) if monday in weekly else math.nan for monday in mondays]
    plot = Plot(values=fill_short_gaps(values), label=lambda value: f"{value:z.{digits}f}", ticks=month_ticks(mondays))
    columns = [Column(heading="Week from", kind="date", importance=KEY), *numbers("Runs", importance=5)]
    columns += numbers(heading, importance=KEY)
    rows = [[day.isoformat(), str(len(weekly[day])), f"{median(weekly[day]):.{digits}f}"] for day in sorted(weekly)]
    plots(opened.output, [(title, plot)], table=(columns, rows), as_table=as_table)
    opened.output.blank_line()


def _trend_text(trend: Trend | None, unit: str, digits: int) -> str:
    if trend is None:
        return "not known: a trend needs eight weeks with runs"
    low, high = number_text(trend.low_per_year, digits, sign=True), number_text(trend.high_per_year, digits, sign=True)
    verdict = "" if trend.is_clear else "no clear change: "
    change = f"{number_text(trend.per_year, digits, sign=True)}{unit} a year, 95 % within {low} to {high}"
    return f"{verdict}{change}, from {trend.weeks} weeks; now {number_text(trend.level, digits)}"


def _most_first(left_out: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(left_out.items(), key=lambda one: -one[1])
