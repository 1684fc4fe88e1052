"""`runs`: the runs of the logbook as a table, JSON or CSV, filtered and sorted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from paceport.cli.analysis.history_session import HistorySession, open_history, say_cache_share, shared_options
from paceport.cli.analysis.sport_choice import FOR_PROGRAMS, sport_option
from paceport.cli.analysis.sport_totals import show_sports
from paceport.cli.days import Day, refuse_no_days
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.shoes import warn_of_worn_shoes
from paceport.cli.table import KEY, Column
from paceport.errors import UsageError
from paceport.parse_quantities import parse_race_distance_m
from paceport.sports import RUN_SPORTS
from paceport.training.history.coverage import load_coverage, volume_coverage
from paceport.training.history.sport_figures import (
    SpeedKind,
    counted_sports,
    load_sources,
    speed_kind,
    speed_text,
    speed_unit,
)
from paceport.training.history.stored_run import read_values
from paceport.units import UNKNOWN, Units, duration_text, number_text, rounding_m

if TYPE_CHECKING:
    from paceport.training.history.run import Run

FIELDS = (
    *("id", "strava_id", "source", "local_start", "start", "timezone", "name", "sport", "distance_m"),
    *("moving_time_s", "elapsed_time_s", "speed_mps", "adjusted_speed_mps", "elevation_gain_m", "heartrate_bpm"),
    *(
        "highest_heartrate_bpm",
        "cadence_spm",
        "load",
        "load_source",
        "gear",
        "device_name",
        "is_race",
        "race_signs",
        "doubt",
        "is_indoor",
        "is_manual",
    ),
    *("is_commute", "is_private", "has_track", "is_deleted_at_strava", "expires_at", "other_recordings"),
)
_SORTS: dict[str, tuple[Callable[[Run], Any], bool]] = {  # by, and whether the largest comes first
    "date": (lambda run: run.start, True),
    "distance": (lambda run: run.distance_m, True),
    "time": (lambda run: run.moving_time_s, True),
    "pace": (lambda run: run.speed_mps, True),
    "climb": (lambda run: run.elevation_gain_m, True),
    "heartrate": (lambda run: run.heartrate_bpm, True),
    "load": (lambda run: run.load, True),
    "name": (lambda run: run.name.casefold(), False),
}


@click.command("runs")
@sport_option
@click.option("--after", type=Day(), help="Only runs that began on or after this local day.")
@click.option("--before", type=Day(), help="Only runs that began before this local day.")
@click.option("--min-distance", metavar="LENGTH", help="At least this distance: 10k, 5 miles, half …")
@click.option("--max-distance", metavar="LENGTH", help="At most this distance.")
@click.option("--faster-than", metavar="PACE", help="Faster than this pace (5:00, for one km or mile) or speed (30).")
@click.option("--slower-than", metavar="PACE", help="Slower than this pace or speed.")
@click.option("--name", metavar="TEXT", help="Only runs whose name contains this text.")
@click.option("--gear", metavar="TEXT", help="Only runs in shoes whose name contains this text.")
@click.option("--race", is_flag=True, help="Only races, and what looks like one.")
@click.option("--sort", type=click.Choice(list(_SORTS)), default="date", show_default=True, help="Largest first.")
@click.option("--reverse", is_flag=True, help="Reverse the order.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@click.option("--csv", "as_csv", is_flag=True, help="The same as CSV; metres, seconds, m/s.")
@shared_options
@pass_invocation
def runs_command(
    invocation: Invocation,
    /,
    *,
    own_only: bool,
    units: str | None,
    as_json: bool,
    as_csv: bool,
    sort: str,
    reverse: bool,
    limit: int | None,
    sport: str | None,
    **filters: Any,  # click's options, passed on as they are
) -> None:
    """List your runs from the logbook, newest first, with their totals.

    With --sport all, the activities of every sport.
    """
    refuse_no_days(filters["after"], filters["before"])
    # The usual question, answered without reading every run.
    newest = limit if sort == "date" and not reverse and not any(filters.values()) else None
    choices: dict[str, Any] = {"sport": sport, "newest": newest, "needs": FOR_PROGRAMS if as_json or as_csv else None}
    with open_history(invocation, own_only=own_only, units=units, with_later=True, **choices) as opened:
        chosen: Sequence[Run] = opened.history.runs
        if any(filters.values()):
            fits = _filter(filters, opened.units, speed_kind(opened.history.sports))
            chosen = [run for run in chosen if fits(run)]
        ordered = _sorted(chosen, sort, reverse=reverse)[:limit]
        if as_json:
            opened.output.json(read_values(ordered, FIELDS))
        elif as_csv:
            from paceport.csv_text import csv_text

            rows = read_values(ordered, FIELDS)
            opened.output.raw(csv_text(FIELDS, (map(_cell, row.values()) for row in rows)))
        else:
            _show(opened, ordered)
            warn_of_worn_shoes(invocation, opened.store, own_only=own_only)
        say_cache_share(opened)


def _sorted(runs: Sequence[Run], sort: str, *, reverse: bool) -> list[Run]:
    """The runs by that figure; those without it come last, whatever the order."""
    by, largest_first = _SORTS[sort]
    pairs = [(by(run), run) for run in runs]
    known = [pair for pair in pairs if pair[0] is not None]
    known.sort(key=itemgetter(0), reverse=largest_first != reverse)
    return [run for _, run in known] + [run for value, run in pairs if value is None]


def run_as_json(run: Run) -> dict[str, object]:
    """One run as `--json` shows it: FIELDS, units in their names; what is not known is null."""
    return {name: getattr(run, name) for name in FIELDS}


def _cell(value: object) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _filter(filters: dict[str, Any], units: Units, kind: SpeedKind) -> Callable[[Run], bool]:
    """The options as one question about a run."""
    least_m, most_m = _length(filters["min_distance"]), _length(filters["max_distance"])
    least_mps, most_mps = (_speed(filters[word], units, kind) for word in ("faster_than", "slower_than"))
    name, gear = ((filters[word] or "").casefold() for word in ("name", "gear"))

    def fits(run: Run) -> bool:
        return (
            (not filters["after"] or run.day >= filters["after"])
            and (not filters["before"] or run.day < filters["before"])
            and (not filters["race"] or run.is_likely_race)
            and _is_long_enough(run.distance_m, least_m, most_m)
            and _between(run.speed_mps, least_mps, most_mps)
            and name in run.name.casefold()
            and gear in run.gear.casefold()
        )

    return fits


def _is_long_enough(distance_m: float | None, least_m: float | None, most_m: float | None) -> bool:
    """`_between` for a distance, at the precision in which it is written: 8046.7 m are five miles."""
    if distance_m is None:
        return least_m is None and most_m is None
    slack_m = rounding_m(distance_m)
    return (least_m is None or distance_m + slack_m >= least_m) and (most_m is None or distance_m - slack_m <= most_m)


def _between(value: float | None, least: float | None, most: float | None) -> bool:
    """Whether a value lies within the bounds that are given; one that is not known lies within none."""
    if least is None and most is None:
        return True
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _length(text: str | None) -> float | None:
    return parse_race_distance_m(text) if text else None


def _speed(text: str | None, units: Units, kind: SpeedKind) -> float | None:
    """The speed of a pace, 5:00, or of a number, 30, in km/h or mph. Raises UsageError for neither."""
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text)
    seconds = int(match.group(1)) * 60 + int(match.group(2)) if match else 0
    if seconds:
        return (units.lap_unit_m if kind == "swim" else units.unit_m) / seconds
    number = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) *(?:km/h|kmh|kph|mph)?", text)
    if number and float(number[1]) > 0:
        return float(number[1]) * units.unit_m / 3600.0
    unit = units.lap_unit if kind == "swim" else f"one {units.name}"
    raise UsageError(
        what=f"{text[:20]!r} is not a pace",
        why=f"a pace is minutes and seconds for {unit}, a speed a number of {units.speed_unit}",
        fix="write it like 4:30, or 28.5",
    )


def _show(opened: HistorySession, runs: list[Run]) -> None:
    output, units, history = opened.output, opened.units, opened.history
    kind = speed_kind(history.sports)
    if not runs:
        output.result(f"No {opened.noun(1)} fits.")
        _say_what_is_not_shown(opened)
        return
    columns, rows = _table(runs, units, kind, has_runs=any(run.sport in RUN_SPORTS for run in runs))
    left_out = output.table(columns, rows)
    _show_total(opened, runs)
    if kind == "mixed":
        output.blank_line()
        show_sports(output, units, runs)
    _say_what_is_known(opened, runs)
    _explain(opened, runs, {column.heading for column in columns}.difference(left_out))
    _say_what_is_not_shown(opened)


def _say_what_is_not_shown(opened: HistorySession) -> None:
    if opened.history.sports == RUN_SPORTS and (others := opened.store.run_rows.other_sports()):
        opened.output.say(f"Not shown: {counted_sports(others)}. All sports: paceport runs --sport all")


def _table(runs: list[Run], units: Units, kind: SpeedKind, *, has_runs: bool) -> tuple[list[Column], list[list[str]]]:
    """The columns that these sports have, and a row for each activity."""
    columns = [
        (Column(heading="Date", kind="date", importance=KEY), True),
        (Column(heading="Sport", kind="word", importance=8), kind == "mixed"),
        (Column(heading=units.name, kind="number", importance=KEY), True),
        (Column(heading="Moving", kind="number", importance=5), True),
        (Column(heading=speed_unit(kind, units), kind="number", importance=7), True),
        (Column(heading="GAP", kind="number", importance=1), has_runs),
        (Column(heading="bpm", kind="number", importance=4), True),
        (Column(heading=f"Climb {units.height_unit}", kind="number", importance=3), kind != "swim"),
        (Column(heading="Load", kind="number", importance=2), True),
        (Column(heading="Id", kind="id", importance=KEY), True),
        (Column(heading="Name", kind="name", importance=6), True),
    ]
    shown = [is_shown for _, is_shown in columns]
    rows = [list(compress(_cells(run, units, kind), shown)) for run in runs]
    return [column for column, is_shown in columns if is_shown], rows


def _show_total(opened: HistorySession, runs: list[Run]) -> None:
    from paceport.training.history.volume import overall

    output, units, total = opened.output, opened.units, overall(runs)
    what = f"{total.runs:,} {opened.noun(total.runs)}"
    if total.distance_m or opened.history.sports == RUN_SPORTS:
        what += f", {units.distance(total.distance_m, 1)} {units.name}"
    output.say(f"{what}, {duration_text(total.moving_time_s)} moving")


def _say_what_is_known(opened: HistorySession, runs: list[Run]) -> None:
    output, count = opened.output, len(runs)
    tracks, hearts = sum(run.has_track for run in runs), sum(run.heartrate_coverage_ratio > 0 for run in runs)
    output.say(
        f"Distance known for {volume_coverage(runs).measured:,} of {count:,}, with a track {tracks:,}, with a heart "
        f"rate in it {hearts:,}."
    )
    if twice := sum(run.other_recordings > 0 for run in runs):
        output.say(f"Recorded more than once, and counted once: {twice:,}.")
    if doubtful := sorted((run.expires_at is not None, place) for place, run in enumerate(runs) if run.doubt):
        first = runs[doubtful[0][1]].id  # what is only in the cache can be neither amended nor confirmed
        output.say(
            f"Probably rides, and in no sum: {len(doubtful):,}. If {first} was one: paceport amend {first} --sport "
            f"Ride. If it was a run: paceport records --confirm {first}"
        )


def _explain(opened: HistorySession, runs: list[Run], shown: Collection[str]) -> None:
    """What the columns that are there mean: a narrow terminal has no room for some."""
    output, known = opened.output, load_coverage(runs).measured
    load = f"Load: from {load_sources(run.load_source for run in runs)}." if known else "Load: not known."
    meanings = {"GAP": "GAP: grade-adjusted by Strava's model of 2017.", "Load": load}
    if said := [meaning for heading, meaning in meanings.items() if heading in shown]:
        output.say(f"{' '.join(said)} More: paceport explain-metric load")
    if known and opened.history.facts.load_doubt and "Load" in shown:
        output.say(f"{opened.history.facts.load_doubt}. To set it: paceport zones")


def _cells(run: Run, units: Units, kind: SpeedKind) -> list[str]:
    # Before the name, which may be shortened.
    race = "(race) " if run.is_race else "(race?) " if run.is_likely_race else ""
    marks = ("(ride?) " if run.doubt else "") + race + ("(deleted at Strava) " if run.is_deleted_at_strava else "")
    return [
        f"{run.local_start:%Y-%m-%d %H:%M}" + ("" if run.timezone else " UTC"),
        run.sport,
        units.distance(run.distance_m) if run.sport in RUN_SPORTS else units.length(run.distance_m),
        duration_text(run.moving_time_s),
        speed_text(kind, units, run.speed_mps, run.sport),
        units.pace(run.adjusted_speed_mps) if run.sport in RUN_SPORTS else UNKNOWN,
        number_text(run.heartrate_bpm),
        units.height(run.elevation_gain_m),
        number_text(run.load),
        str(run.id),
        marks + (run.name or UNKNOWN),
    ]
