"""`run ID`: one run in full: facts, plots of pace, heart rate and elevation, splits, zones, best efforts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.find_run import find_run, is_meant
from paceport.cli.analysis.history_session import HistorySession, open_history, shared_options
from paceport.cli.analysis.run_efforts import doubt_text, race_text, show_efforts
from paceport.cli.analysis.run_measures import measures_as_json, show_bests_by_duration
from paceport.cli.analysis.runs import run_as_json
from paceport.cli.analysis.tables import plots, zone_rows
from paceport.cli.completion import run_ids
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output
from paceport.cli.plot import Plot
from paceport.cli.table import KEY, Column, numbers
from paceport.cli.text_layout import short_name
from paceport.errors import UsageError
from paceport.sports import FOOT_SPORTS, RUN_SPORTS
from paceport.text import clean
from paceport.training.history.measure_words import measure_facts
from paceport.training.history.plot_series import read_plot_series
from paceport.training.history.series import PLOT_POINTS, PlotSeries
from paceport.training.history.sport_figures import pace_length_m, speed_kind, speed_text, speed_unit
from paceport.training.metrics.load_source import SOURCE_NAMES
from paceport.units import UNKNOWN, Units, duration_text, number_text

if TYPE_CHECKING:
    from paceport.training.history.effort_places import PlacedEffort
    from paceport.training.history.history import History
    from paceport.training.history.measured_run import MeasuredRun
    from paceport.training.history.run import Run
    from paceport.training.history.run_detail import Recording, RunDetail

_TIMES = {1: "twice", 2: "three times"}
_SAME_DISTANCE_M = 1.0
_MOST_SPLITS = 120  # as many as the report shows
_LEAST_AXIS = 0.5  # of a kilometre, a mile or a minute: below it a plot is marked in a smaller unit
_CHANNELS = {
    "time_s": "time",
    "distance_m": "distance",
    "latitude_deg": "position",
    "altitude_m": "elevation",
    "speed_mps": "speed",
    "heartrate_bpm": "heart rate",
    "cadence_spm": "cadence",
    "power_w": "power",
    "temperature_c": "temperature",
}
_EXPECTED = ("distance_m", "latitude_deg", "altitude_m", "heartrate_bpm", "cadence_spm")


@click.command("run", context_settings={"ignore_unknown_options": True})
@click.argument("run_id", metavar="ID", shell_complete=run_ids)
@click.option("--table", "as_table", is_flag=True, help="The plots as a table.")
@shared_options
@pass_invocation
def run_command(
    invocation: Invocation, *, run_id: str, as_table: bool, own_only: bool, units: str | None, as_json: bool
) -> None:
    """Show one run: its facts, pace, heart rate and elevation, splits, zones and best efforts.

    ID is a run's id as `paceport runs` lists it, `last` for the newest, or a day such as 2026-01-31. An activity of
    another sport is found by its id, or by a day without a run.
    """
    if run_id.startswith("--"):
        # Ids may be negative, so that the framework takes what begins with a dash for one.
        raise UsageError(what=f"paceport run has no option {run_id[:40]}", why="", fix="see: paceport run --help")
    with open_history(invocation, own_only=own_only, units=units, with_later=True, with_all_sports=True) as opened:
        from paceport.training.history.effort_places import effort_places
        from paceport.training.history.measured_run import measured_run
        from paceport.training.history.run_detail import run_detail

        run = _find_recording(opened, run_id) or find_run(
            _runs_or_all(opened.history, run_id), run_id, command="run", is_own_only=opened.history.is_own_only
        )
        detail = run_detail(opened.store, opened.history, run)
        measured = measured_run(opened.store, opened.history, run)
        places = effort_places(opened.store, opened.history, run)
        if as_json:
            opened.output.json(_as_json(detail, measured, places))
            return
        _show_facts(opened, detail, measured)
        _show_series(opened, run, as_table=as_table)
        _show_splits(opened.output, opened.units, detail)
        _show_zones(opened, run)
        show_efforts(opened.output, opened.units, detail, places)
        show_bests_by_duration(opened, measured)


def _runs_or_all(history: History, text: str) -> Sequence[Run]:
    """The runs, or the activities of every sport where only one of these is of that id or day."""
    if any(is_meant(text, run) for run in history.runs) or not any(is_meant(text, run) for run in history.activities):
        return history.runs
    return history.activities


def _find_recording(opened: HistorySession, text: str) -> Run | None:
    """A recording by its own id, where another one stands for its run; None for everything else."""
    from paceport.training.history.history import read_recording

    other = opened.store.recording_rows.others().get(int(text)) if re.fullmatch(r"-?\d{1,18}", text) else None
    if other is None or (other.expires_at is not None and opened.history.is_own_only):
        return None
    opened.output.say(f"This is another recording of run {other.run_id}, which counts: paceport run {other.run_id}")
    return read_recording(opened.store, opened.history, other.activity_id)


def _as_json(detail: RunDetail, measured: MeasuredRun, places: Sequence[PlacedEffort]) -> dict[str, object]:
    more = {"measures": measures_as_json(measured), "effort_places": [asdict(one) for one in places]}
    return _detail_as_json(detail) | more


def _detail_as_json(detail: RunDetail) -> dict[str, object]:
    run = detail.run
    more = (
        *(
            "trimp",
            "edwards_load",
            "heartrate_stress",
            "climb_rate_m_per_h",
            "time_in_zones_s",
            "heartrate_coverage_ratio",
            "efficiency_factor",
        ),
        "decoupling_percent",
    )
    return (
        run_as_json(run)
        | {name: getattr(run, name) for name in more}
        | {
            "notes": list(detail.notes),
            "channels": list(detail.channels),
            "recordings": [asdict(one) for one in detail.others],
            "is_distance_measured": detail.figures.get("is_distance_measured"),
            "adjusted_speed_minetti_mps": detail.figures.get("adjusted_speed_minetti_mps"),
            "splits_km": [asdict(one) for one in detail.splits_km],
            "splits_mile": [asdict(one) for one in detail.splits_mile],
            "best_efforts": [asdict(one) for one in detail.best_efforts],
        }
    )


def _show_facts(opened: HistorySession, detail: RunDetail, measured: MeasuredRun) -> None:
    run, units, output = detail.run, opened.units, opened.output
    zone = run.timezone or "UTC, the local time zone is not known"
    output.heading(f"{short_name(clean(run.name)) or run.sport}, {run.local_start:%A %Y-%m-%d %H:%M} ({zone})")
    is_run = run.sport in RUN_SPORTS
    facts = [
        *(() if is_run else (("Sport", run.sport),)),
        *((("Doubt", doubt_text(run)),) if run.doubt else ()),
        *((("Race", race),) if (race := race_text(run)) else ()),
        *_way(detail, measured, units),
        ("Heart rate", _heart(run)),
        ("Load", _load(run)),
        *((("By heart rate", _heart_rate_loads(run)),) if run.trimp is not None else ()),
        *((("Decoupling", _percent(run.decoupling_percent)),) if is_run else ()),
        *((name, text) for name, text, _ in measure_facts(measured, units)),
        *((("Cadence", f"{number_text(run.cadence_spm)} {_strokes(run)}"),) if is_run or run.cadence_spm else ()),
        ("Shoes" if run.sport in FOOT_SPORTS else "Gear", short_name(run.gear) or UNKNOWN),
        ("Source", _source(run)),
        ("Recorded", _recorded(detail)),
        *(
            (f"Recorded {_TIMES.get(len(detail.others), 'more than once')}", _other(one, units))
            for one in detail.others
        ),
        *(("Note", clean(note)) for note in detail.notes),
    ]
    output.facts(facts)


def _way(detail: RunDetail, measured: MeasuredRun, units: Units) -> list[tuple[str, str]]:
    """Distance, time, speed and climb, as far as that sport has them."""
    run = detail.run
    is_run, kind = run.sport in RUN_SPORTS, speed_kind((run.sport,))
    time = ("Time", f"{duration_text(run.moving_time_s)} moving, {duration_text(run.elapsed_time_s)} elapsed")
    if not is_run and not run.distance_m:
        return [time]
    speed = f"{speed_text(kind, units, run.speed_mps)} {speed_unit(kind, units)}"
    return [
        ("Distance", f"{units.distance(run.distance_m)} {units.name}{_computed(detail)}"),
        time,
        ("Speed" if kind == "speed" else "Pace", speed),
        *((("Grade-adjusted", _grade_adjusted(detail, measured, units)),) if is_run else ()),
        *((("Climb", _climb(run, units)),) if kind != "swim" else ()),
    ]


def _grade_adjusted(detail: RunDetail, measured: MeasuredRun, units: Units) -> str:
    run = detail.run
    if run.adjusted_speed_mps is None:
        return UNKNOWN
    if not run.is_adjusted_here:
        return f"{units.pace(run.adjusted_speed_mps)} (from Strava)"
    minetti = detail.figures.get("adjusted_speed_minetti_mps")
    own_mps = measured.own_adjusted_speed_mps
    own = "" if own_mps is None else f", {units.pace(own_mps)} (by your own hills)"
    return f"{units.pace(run.adjusted_speed_mps)} (Strava's model), {units.pace(minetti)} (Minetti's){own}"


def _load(run: Run) -> str:
    """The load on the scale of all activities, and what it was computed from."""
    if run.load is None:
        return "not known: no heart rate, and too few activities like it that have one"
    return f"{number_text(run.load)}, from {SOURCE_NAMES.get(run.load_source or '', 'what is recorded')}"


def _heart_rate_loads(run: Run) -> str:
    """The loads by heart rate, each on its own scale; hrTSS only with a threshold heart rate in the settings."""
    text = f"TRIMP {number_text(run.trimp)} (Banister), {number_text(run.edwards_load)} (Edwards)"
    if run.heartrate_stress is not None:
        text += f", hrTSS {number_text(run.heartrate_stress)}"
    return f"{text}, known for {run.heartrate_coverage_ratio:.0%} of the time"


def _percent(value: float | None) -> str:
    return "not known" if value is None else f"{value:+z.1f} %"


def _strokes(run: Run) -> str:
    return "steps a minute" if run.sport in FOOT_SPORTS else "a minute"


def _climb(run: Run, units: Units) -> str:
    climbed = f"{units.height(run.elevation_gain_m)} {units.height_unit}"
    if run.climb_rate_m_per_h is None or not run.elevation_gain_m:
        return climbed
    return f"{climbed}, {units.height(run.climb_rate_m_per_h)} {units.height_unit} an hour of moving time"


def _computed(detail: RunDetail) -> str:
    """A note where the distance shown is the one computed here, not the export's or the device's own total."""
    shown_m, computed_m = detail.run.distance_m, detail.figures.get("distance_m")
    if detail.figures.get("is_distance_measured") is not False or shown_m is None or computed_m is None:
        return ""
    return ", computed, not recorded by the device" if abs(shown_m - computed_m) < _SAME_DISTANCE_M else ""


def _heart(run: Run) -> str:
    if run.heartrate_bpm is None:
        return "not known"
    return f"{number_text(run.heartrate_bpm)} bpm on average, {number_text(run.highest_heartrate_bpm)} at most"


def _source(run: Run) -> str:
    where = {"own": "your own data", "cache": "Strava's API", "both": "your own data and Strava's API"}[run.source]
    device = f", {short_name(run.device_name)}" if run.device_name else ""
    expiry = f", expires {run.expires_at:%Y-%m-%d %H:%M} UTC" if run.expires_at else ""
    return where + device + expiry + ("" if run.has_track else "; without a track")


def _recorded(detail: RunDetail) -> str:
    """The channels that the numbers rest on."""
    words = [word for name, word in _CHANNELS.items() if name in detail.channels]
    missing = [word for name, word in _CHANNELS.items() if name not in detail.channels and name in _EXPECTED]
    if not words:
        return "nothing but totals"
    return ", ".join(words) + (f"; not recorded: {', '.join(missing)}" if missing else "")


def _other(one: Recording, units: Units) -> str:
    """Another recording in one line: what it is, and what the run takes from it."""
    device = short_name(one.device_name) or short_name(clean(one.name)) or "another recording"
    words = [word for name, word in _CHANNELS.items() if name in one.channels]
    taken = f"; from it: {', '.join(words)}" if words else ""
    expiry = f", expires {one.expires_at:%Y-%m-%d %H:%M} UTC" if one.expires_at else ""
    return f"{device}, {units.distance(one.distance_m)} {units.name}, id {one.id}{expiry}{taken}"


def _show_series(opened: HistorySession, run: Run, *, as_table: bool) -> None:
    series = read_plot_series(opened.store, opened.history, run)
    # Where it ends counts: a plot begins where the recording does.
    if series is not None and series.last > 0:
        _plot_series(opened, series, sport=run.sport, as_table=as_table)


def _axis_unit(series: PlotSeries, units: Units) -> tuple[str, float, int]:
    """The unit along the axis, how much of the axis it is, and its digits: a smaller one where little was run."""
    usual = (units.name, units.unit_m, 2) if series.is_by_distance else ("min", 60.0, 2)
    small = (units.height_unit, units.height_unit_m, 0) if series.is_by_distance else ("s", 1.0, 0)
    return small if series.last < _LEAST_AXIS * usual[1] else usual


def _plot_series(opened: HistorySession, series: PlotSeries, *, sport: str, as_table: bool) -> None:
    units, output = opened.units, opened.output
    where, unit, digits = _axis_unit(series, units)
    *marks, last = _marks(series.last / unit)
    ticks = [
        (at * unit / series.last, text) for at, text in [*((at, str(at)) for at in marks), (last, f"{last} {where}")]
    ]
    kind = speed_kind((sport,))
    pace = f"Speed, {units.speed_unit}" if kind == "speed" else f"Pace, {speed_unit(kind, units)} (faster is higher)"
    length_m = pace_length_m(kind, units)
    shown: list[tuple[str, Sequence[float] | None, Callable[[float], str], float, float | None]] = [
        (pace, series.speed_mps, lambda value: speed_text(kind, units, value), units.unit_m / 3600, length_m),
        ("Heart rate, bpm", series.heartrate_bpm, lambda value: f"{value:.0f}", 1.0, None),
        (f"Elevation, {units.height_unit}", series.altitude_m, units.height, units.height_unit_m, None),
    ]
    rows = [
        [f"{at / unit:.{digits}f}", *(label(values[place]) if values else UNKNOWN for _, values, label, *_ in shown)]
        for place, at in _places(series)
    ]
    plots(
        output,
        [
            (title, Plot(values=values, label=label, ticks=ticks, unit=one, pace_of_m=of_m))
            for title, values, label, one, of_m in shown
            if values
        ],
        table=(
            [
                Column(heading=where, kind="number", importance=KEY),
                Column(heading=speed_unit(kind, units), kind="number", importance=KEY),
                *numbers("bpm", f"Elevation {units.height_unit}"),
            ],
            rows,
        ),
        as_table=as_table,
    )


def _places(series: PlotSeries) -> list[tuple[int, float]]:
    """Twenty points of a plot, evenly spread, each with where it is on the axis."""
    step = (series.last - series.first) / (PLOT_POINTS - 1)
    return [(place, series.first + place * step) for place in range(0, PLOT_POINTS, PLOT_POINTS // 20)]


def _marks(length: float) -> list[int]:
    """Round places along the axis, eight at the most."""
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if length / step <= 8), 1000)
    return list(range(0, min(int(length), 8 * step) + 1, step))


def _show_splits(output: Output, units: Units, detail: RunDetail) -> None:
    found = detail.splits_km if units.name == "km" else detail.splits_mile
    # A rest of a few metres would be shown as nothing with a pace.
    splits = [one for one in found if one.distance_m >= 0.01 * units.unit_m]
    if not splits:
        return
    output.blank_line()
    output.heading("Splits, elapsed time; pace while moving")
    output.table(
        [
            *numbers(units.name, "Time", importance=KEY),
            *numbers("Pace", importance=6),
            *numbers("GAP", f"Rise {units.height_unit}", importance=4),
            *numbers("bpm", importance=5),
        ],
        [
            [
                str(one.number) if one.distance_m >= units.unit_m * 0.999 else units.distance(one.distance_m),
                duration_text(one.elapsed_time_s),
                units.pace(one.speed_mps),
                units.pace(one.adjusted_speed_mps),
                units.height(one.elevation_difference_m),
                number_text(one.heartrate_bpm),
            ]
            for one in splits[:_MOST_SPLITS]
        ],
    )
    if len(splits) > _MOST_SPLITS:
        output.result(f"The first {_MOST_SPLITS} of {len(splits):,} splits; all of them: --json")


def _show_zones(opened: HistorySession, run: Run) -> None:
    if not run.time_in_zones_s or not sum(run.time_in_zones_s):
        return
    facts = opened.history.facts
    athlete = facts.athlete.by_year()(run.day.year)
    opened.output.blank_line()
    opened.output.heading(f"Time in zone, moving (zones: {facts.known_by.get('zones', 'not known')})")
    columns, rows = zone_rows(opened.output, athlete.zone_edges_bpm, run.time_in_zones_s)
    opened.output.table(columns, rows)
    if athlete.max_bpm:
        opened.output.result(f"Maximum {athlete.max_bpm:.0f} bpm: {facts.known_by.get('max', 'not known')}.")
    if facts.max_doubts:
        opened.output.result(facts.too_high_text)
