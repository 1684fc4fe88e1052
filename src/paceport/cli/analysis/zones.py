"""`zones`: time in heart rate zones, in total and by month."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.history_session import (
    cache_share_as_json,
    coverage_text,
    open_history,
    say_cache_share,
    shared_options,
)
from paceport.cli.analysis.pace_zones import pace_zones_as_json, show_pace_zones
from paceport.cli.analysis.sport_choice import FOR_PROGRAMS, sport_option
from paceport.cli.analysis.tables import zone_rows
from paceport.cli.days import Day, refuse_no_days
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output
from paceport.cli.table import KEY, Column, numbers
from paceport.sports import RUN_SPORTS
from paceport.training.history.coverage import zones_coverage
from paceport.units import duration_text

if TYPE_CHECKING:
    from paceport.training.history.athlete_facts import SourcedFacts
    from paceport.training.history.zone_times import ZoneTimes


@click.command("zones")
@click.option("--after", type=Day(), help="Only runs that began on or after this local day.")
@click.option("--before", type=Day(), help="Only runs that began before this local day.")
@sport_option
@click.option("--months", is_flag=True, help="Also month by month.")
@shared_options
@pass_invocation
def zones_command(
    invocation: Invocation,
    *,
    after: date | None,
    before: date | None,
    months: bool,
    sport: str | None,
    own_only: bool,
    units: str | None,
    as_json: bool,
) -> None:
    """Show your heart rate zones and pace zones, the moving time you spent in each, and how much of it was hard."""
    refuse_no_days(after, before)
    needs = FOR_PROGRAMS if as_json else None
    with open_history(invocation, own_only=own_only, units=units, sport=sport, needs=needs) as opened:
        from paceport.training.history.pace_zone_times import pace_zone_times
        from paceport.training.history.zone_times import zone_times

        output, history = opened.output, opened.history
        chosen = [run for run in history.runs if (not after or run.day >= after) and (not before or run.day < before)]
        times = zone_times(history, chosen)
        covered = zones_coverage(chosen)
        on_foot = [run for run in chosen if run.sport in RUN_SPORTS]
        paces = pace_zone_times(opened.store, history, on_foot, heart_rate_zones_s=times.total_s)
        if as_json:
            facts = _facts_as_json(history.facts)
            more = {"coverage": asdict(covered), "from_the_cache": cache_share_as_json(history)}
            output.json(asdict(times) | facts | pace_zones_as_json(paces) | more)
            return
        if not times.edges_bpm or not times.total_s:
            output.result(f"Time in heart rate zones: not known. Measured: {coverage_text(opened, covered)}.")
            if times.edges_bpm:
                output.result(f"Zones begin at {', '.join(f'{edge:.0f}' for edge in times.edges_bpm)} bpm.")
        else:
            _show_times(output, times, with_months=months)
            output.result(f"Measured: {coverage_text(opened, covered)}.")
        show_pace_zones(opened, paces, with_months=months, with_pace=bool(on_foot))
        if times.edges_bpm:
            _say_sources(output, times, history.facts)
        say_cache_share(opened)


def _facts_as_json(facts: SourcedFacts) -> dict[str, object]:
    athlete = facts.athlete
    return {
        "max_bpm": athlete.max_bpm,
        "rest_bpm": athlete.rest_bpm,
        "facts_known_by": facts.known_by,
        "max_doubts": list(facts.max_doubts),
        "seasons": [{"year": one.year, "max_bpm": one.max_bpm} for one in athlete.seasons],
    }


def _show_times(output: Output, times: ZoneTimes, *, with_months: bool) -> None:
    output.heading("Moving time in each heart rate zone")
    output.table(*zone_rows(output, times.edges_bpm, times.total_s))
    if with_months:
        output.blank_line()
        names = [f"Zone {zone}" for zone in range(1, len(times.total_s) + 1)]
        output.table(
            [Column(heading="Month", kind="date", importance=KEY), *numbers(*names, importance=KEY)],
            [[f"{month:%Y-%m}", *(duration_text(seconds) for seconds in zones)] for month, zones in times.months],
        )


def _say_sources(output: Output, times: ZoneTimes, facts: SourcedFacts) -> None:
    athlete, known = facts.athlete, facts.known_by
    output.say(f"Zones: {times.known_by}.")
    if athlete.max_bpm:
        output.result(f"Maximum {athlete.max_bpm:.0f} bpm: {known['max']}.")
    if facts.max_doubts:
        output.result(facts.too_high_text)
        output.say("To set it: [athlete] max_heartrate = 190 in config.toml")
    if athlete.seasons:
        years = ", ".join(f"{one.year}: {one.max_bpm:.0f}" for one in athlete.seasons)
        output.say(f"Runs of earlier years are held against the maximum of their year: {years}.")
    if known.get("zones") != "your settings" and known.get("zones") != "Strava's zones":
        output.say("To set your own: [athlete] zones = [120, 140, 160, 175] in config.toml")
