"""Fitness, fatigue and form over the days: plots, table, and what the loads behind them are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.analysis.tables import month_ticks, plots
from paceport.cli.plot import Plot, plain_number
from paceport.cli.table import KEY, Column, numbers
from paceport.training.history.coverage import load_coverage
from paceport.training.history.sport_figures import group_noun
from paceport.training.metrics.load_source import SOURCE_NAMES
from paceport.units import number_text

if TYPE_CHECKING:
    from paceport.training.history.form_series import FormSeries


def form_as_json(opened: HistorySession, series: FormSeries, first: date) -> dict[str, object]:
    """Every day since `first`, and what the loads are."""
    return {
        "convention": series.convention,
        "trimp_variant": series.variant,
        "acute_chronic_coupled": series.acute_chronic,
        "strain": asdict(series.strain) if series.strain else None,
        "recent_runs": series.recent_runs,
        "recent_runs_with_load": series.known_runs,
        "sports": [{"sport": kind, "activities": count, "load": load} for kind, count, load in series.sports],
        "sources": dict(series.sources),
        "scale": asdict(opened.history.scale),
        "days": [
            {"day": day, "load": load, **asdict(value)}
            for day, load, value in zip(series.days, series.loads, series.values, strict=True)
            if day >= first
        ],
    }


def show_form(opened: HistorySession, series: FormSeries, first: date, *, as_table: bool) -> None:
    """Plots, or the table, and today's figures."""
    output = opened.output
    if not series.days:
        output.blank_line()
        output.result(f"Form: not known. Load known: {_coverage_text(opened)}.")
        return
    shown = [place for place, day in enumerate(series.days) if day >= first] or [len(series.days) - 1]
    days = [series.days[place] for place in shown]
    values = [series.values[place] for place in shown]
    ticks = month_ticks(days)
    titled = [
        ("Fitness (CTL, 42 days)", [value.fitness for value in values]),
        ("Fatigue (ATL, 7 days)", [value.fatigue for value in values]),
        ("Form (TSB)", [value.form for value in values]),
    ]
    rows = [
        [day.isoformat(), f"{series.loads[place]:.0f}", *(f"{channel[at]:z.1f}" for _, channel in titled)]
        for at, (day, place) in enumerate(zip(days, shown, strict=True))
        if day.weekday() == 6 or at == len(days) - 1
    ]
    plots(
        output,
        [
            (title, Plot(values=channel, label=plain_number(channel), ticks=ticks, from_zero=True))
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
    output.blank_line()
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
            ("Today", f"fitness {now.fitness:.0f}, fatigue {now.fatigue:.0f}, form {now.form:+z.0f} (TSB: {which})"),
            ("Counted", _counted(series)),
            ("Load", f"{_scale_text(opened, series.variant)}; {_known_by(facts.known_by)}"),
            *((("Brought to it", brought),) if (brought := _ratios_text(opened)) else ()),
            ("Coverage", _recent_text(series)),
            ("Load known", _coverage_text(opened)),
            (
                "Acute:chronic",
                f"{number_text(series.acute_chronic, 2)} (7 over 28 days, coupled); it does not predict injuries",
            ),
            ("Monotony", number_text(series.strain.monotony, 2) if series.strain else "not known"),
        ]
    )


def _recent_text(series: FormSeries) -> str:
    if series.recent_runs == 1:
        return f"{series.known_runs} of 1 activity of the last 42 days has a load"
    return f"{series.known_runs:,} of {series.recent_runs:,} activities of the last 42 days have a load"


def _counted(series: FormSeries) -> str:
    """What the last 42 days hold: `12 runs (load 840), 20 rides (1,310)`."""
    each = [f"{count:,} {group_noun(kind, count)} ({number_text(load)})" for kind, count, load in series.sports]
    return f"{', '.join(each)} in the last 42 days, with their load" if each else "nothing in the last 42 days"


def _scale_text(opened: HistorySession, variant: str) -> str:
    scale, units = opened.history.scale, opened.units
    text, wanted = f"on the scale of {SOURCE_NAMES[scale.chosen]}", opened.history.facts.athlete.load
    if wanted not in {"auto", scale.chosen}:
        lacking = "threshold_heartrate" if wanted == "heart-rate-stress" else "threshold_power"
        text += f" (no {SOURCE_NAMES[wanted]}: {lacking} is not set)"
    if scale.chosen in {"trimp", "heart-rate-stress"} and variant != "banister":
        text += ", 0.64 for both sexes (fellrnr)"
    if scale.chosen == "pace-stress" and scale.threshold_mps is not None:
        pace = f"{units.pace(scale.threshold_mps)} min/{units.name}"
        text += f", threshold {pace} ({scale.threshold_source})"
    return text


def _ratios_text(opened: HistorySession) -> str:
    """How other sources were brought to the scale, of those that a load was computed from."""
    scale = opened.history.scale
    used = {run.load_source for run in opened.history.counted_in_form()}
    known = [
        f"{SOURCE_NAMES[source]} times {ratio:.3g} (median of {count:,} with both)"
        for source, (ratio, count) in scale.ratios.items()
        if source in used
    ]
    if "duration" in used:
        minutes = ", ".join(f"{kind} {ratio:.2f}" for kind, (ratio, _) in scale.per_minute.items())
        known.append(f"{SOURCE_NAMES['duration']}, by the minute: {minutes}")
    return "; ".join(known)


def _coverage_text(opened: HistorySession) -> str:
    counted = opened.history.counted_in_form()
    return load_coverage(counted).text(one="activity", several="activities")


def _known_by(known_by: Mapping[str, str]) -> str:
    return f"maximum: {known_by.get('max', 'not known')}; rest: {known_by.get('rest', 'not known')}; sex: " + (
        known_by.get("sex", "not known, the male constants are used")
    )
