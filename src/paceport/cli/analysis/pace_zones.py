"""The part of `zones` about pace: time in pace zones, and how much was easy, moderate and hard."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.analysis.tables import is_plain
from paceport.cli.plot import share_bar
from paceport.cli.table import KEY, Column, numbers
from paceport.sports import RUN_SPORTS
from paceport.units import UNKNOWN, Units, duration_text

if TYPE_CHECKING:
    from paceport.training.history.pace_zone_times import PaceZoneTimes
    from paceport.training.metrics.intensity_distribution import IntensityDistribution
    from paceport.training.metrics.pace_zones import PaceZone

_SOURCES = {
    "your settings": "your settings",
    "critical speed": "critical speed, as of your newest run",
    "best hour": "the best hour of your runs",
}
_WIDEST = 120
_BESIDE_BAR = 45


def pace_zones_as_json(paces: PaceZoneTimes) -> dict[str, object]:
    """`pace` and `intensity` of `zones --json`."""
    return {
        "pace": {
            "threshold_mps": paces.newest.threshold_mps,
            "threshold_known_by": paces.newest.threshold_source,
            "lowest_threshold_mps": paces.threshold_range_mps[0] if paces.threshold_range_mps else None,
            "highest_threshold_mps": paces.threshold_range_mps[1] if paces.threshold_range_mps else None,
            "zones": [
                {
                    "name": zone.name,
                    "slowest_mps": zone.slowest_mps,
                    "fastest_mps": zone.fastest_mps if math.isfinite(zone.fastest_mps) else None,
                    "time_s": paces.times_s.get(zone.name),
                }
                for zone in paces.zones
            ],
            "runs": paces.runs,
            "known_runs": paces.known_runs,
        },
        "intensity": {
            "by_pace": _intensity_as_json(paces.by_pace),
            "by_heart_rate": _intensity_as_json(paces.by_heart_rate),
            "critical_speed_mps": paces.newest.critical_mps,
            "critical_speed_as_of": paces.newest.critical_as_of,
            "known_runs": paces.critical_runs,
            "months": [
                {"month": one.month, "critical_speed_mps": one.critical_mps} | (_intensity_as_json(one.intensity) or {})
                for one in paces.months
            ],
        },
    }


def _intensity_as_json(found: IntensityDistribution | None) -> dict[str, object] | None:
    if found is None:
        return None
    more = {"polarisation_index": found.polarisation_index(), "is_polarised": found.is_polarised}
    return asdict(found) | more


def show_pace_zones(opened: HistorySession, paces: PaceZoneTimes, *, with_months: bool, with_pace: bool = True) -> None:
    """Pace zones with their times (`with_pace`), then the intensity distribution; what is missing is said."""
    output = opened.output
    if with_pace:
        _show_pace(opened, paces)
    _show_intensity(opened, paces)
    if with_months and paces.months:
        output.blank_line()
        output.table(
            [
                Column(heading="Month", kind="date", importance=KEY),
                *numbers("Easy", "Moderate", "Hard", importance=KEY),
                *numbers("Index", importance=6),
                *numbers(f"Critical /{opened.units.name}", importance=5),
            ],
            [
                [f"{one.month:%Y-%m}", *_shares(one.intensity), opened.units.pace(one.critical_mps)]
                for one in paces.months
            ],
        )


def _show_pace(opened: HistorySession, paces: PaceZoneTimes) -> None:
    output, units = opened.output, opened.units
    output.blank_line()
    newest = paces.newest
    if newest.threshold_mps is None or newest.threshold_source is None:
        output.result(
            "Pace zones: not known. They need a critical speed (fast efforts of 2 to 25 minutes in at least three runs "
            "within 90 days), a run of an hour, or threshold_pace in the settings."
        )
        return
    output.heading(f"Moving time in each pace zone, min/{units.name}, grade-adjusted")
    output.table(*_rows(opened, paces))
    pace = f"{units.pace(newest.threshold_mps)} min/{units.name}"
    output.result(f"Threshold: {pace} ({_SOURCES[newest.threshold_source]}). Zones: Friel's.")
    lowest_mps, highest_mps = paces.threshold_range_mps or (newest.threshold_mps,) * 2
    if units.pace(lowest_mps) != units.pace(highest_mps):
        output.result(
            "Each run counts by the threshold of its own day, "
            f"from {units.pace(lowest_mps)} to {units.pace(highest_mps)} min/{units.name}."
        )
    output.result(
        f"Measured, with a track and a threshold: {paces.known_runs:,} of {paces.runs:,} "
        f"run{'s' if paces.runs != 1 else ''}."
    )


def _rows(opened: HistorySession, paces: PaceZoneTimes) -> tuple[list[Column], list[list[str]]]:
    output, units = opened.output, opened.units
    total = sum(paces.times_s.values())
    columns = [
        Column(heading="Zone", kind="word", importance=KEY),
        Column(heading=f"min/{units.name}", kind="word", importance=6),
        Column(heading="Time", kind="number", importance=KEY),
        Column(heading="Share", kind="number", importance=7),
    ]
    times = [paces.times_s.get(zone.name, 0.0) for zone in paces.zones]
    rows = [
        [zone.name, _range(zone, units), duration_text(time_s), f"{time_s / total:.0%}" if total else UNKNOWN]
        for zone, time_s in zip(paces.zones, times, strict=True)
    ]
    room = min(output.width, _WIDEST) - _BESIDE_BAR
    if output.stdout_is_terminal and total and room >= 10:
        columns.append(Column(heading="", kind="word", importance=1))
        for row, time_s in zip(rows, times, strict=True):
            row.append(share_bar(time_s / total, room, plain=is_plain(output)))
    return columns, rows


def _range(zone: PaceZone, units: Units) -> str:
    if zone.slowest_mps <= 0:
        return f"slower than {units.pace(zone.fastest_mps)}"
    if not math.isfinite(zone.fastest_mps):
        return f"faster than {units.pace(zone.slowest_mps)}"
    return f"{units.pace(zone.slowest_mps)} to {units.pace(zone.fastest_mps)}"


def _show_intensity(opened: HistorySession, paces: PaceZoneTimes) -> None:
    known = [found for found in (paces.by_pace, paces.by_heart_rate) if found is not None and found.shares()]
    if not known:
        return
    output = opened.output
    output.blank_line()
    output.heading("Intensity")
    output.table(
        [
            Column(heading="By", kind="word", importance=KEY),
            *numbers("Easy", "Moderate", "Hard", importance=KEY),
            *numbers("Index", importance=7),
        ],
        [[found.by, *_shares(found)] for found in known],
    )
    by_speed = " By critical speed: easy is below 82 % of it." if paces.by_pace in known else ""
    output.result(f"Index: polarisation (Treff); above 2 is polarised.{by_speed}")
    if paces.by_pace is not None:
        counted = f"{paces.critical_runs:,} of {paces.runs:,} run{'s' if paces.runs != 1 else ''}"
        output.result(f"Each run counts by the critical speed of its own day, where that is known: {counted}.")
    if paces.newest.critical_mps is None and any(run.sport in RUN_SPORTS for run in opened.history.runs):
        output.result("Critical speed: not known at present. What it lacks: paceport predict")


def _shares(found: IntensityDistribution) -> list[str]:
    shares, index = found.shares(), found.polarisation_index()
    if shares is None:
        return [UNKNOWN] * 4
    return [*(f"{share:.0%}" for share in shares), UNKNOWN if index is None else f"{index:.2f}"]
