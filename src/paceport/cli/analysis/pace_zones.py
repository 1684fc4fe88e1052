"""The part of `zones` about pace: time in pace zones, and how much was easy, moderate and hard."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.analysis.tables import is_plain
from paceport.cli.plot import share_bar
from paceport.cli.table import KEY, Column, numbers
from paceport.units import UNKNOWN, Units, duration_text

if TYPE_CHECKING:
    from paceport.training.history.pace_zone_times import PaceZoneTimes
    from paceport.training.metrics.intensity_distribution import IntensityDistribution
    from paceport.training.metrics.pace_zones import PaceZone

_SOURCES = {
    "your settings": "your settings",
    "critical speed": "critical speed, from the 90 days up to your newest run",
    "best hour": "the best hour of your runs",
}
_WIDEST = 120
_BESIDE_BAR = 45


def pace_zones_as_json(paces: PaceZoneTimes) -> dict[str, object]:
    """`pace` and `intensity` of `zones --json`."""
    return {
        "pace": {
            "threshold_mps": paces.threshold.speed_mps if paces.threshold else None,
            "threshold_known_by": paces.threshold.source if paces.threshold else None,
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
            "months": [{"month": one.month} | (_intensity_as_json(one.intensity) or {}) for one in paces.months],
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
        output.result("")
        output.table(
            [
                Column(heading="Month", kind="date", importance=KEY),
                *numbers("Easy", "Moderate", "Hard", importance=KEY),
                *numbers("Index", importance=6),
            ],
            [[f"{one.month:%Y-%m}", *_shares(one.intensity)] for one in paces.months],
        )


def _show_pace(opened: HistorySession, paces: PaceZoneTimes) -> None:
    output, units = opened.output, opened.units
    output.result("")
    if paces.threshold is None:
        output.result(
            "Pace zones: not known. They need a critical speed (fast efforts of 2 to 25 minutes in at least three runs "
            "of the 90 days up to the newest), a run of an hour, or threshold_pace in the settings."
        )
        return
    output.heading(f"Moving time in each pace zone, min/{units.name}, grade-adjusted")
    output.table(*_rows(opened, paces))
    pace = f"{units.pace(paces.threshold.speed_mps)} min/{units.name}"
    output.result(f"Threshold: {pace} ({_SOURCES[paces.threshold.source]}). Zones: Friel's.")
    output.result(
        f"Measured, with a track: {paces.known_runs:,} of {paces.runs:,} run{'s' if paces.runs != 1 else ''}."
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
    output.result("")
    output.heading("Intensity")
    output.table(
        [
            Column(heading="By", kind="word", importance=KEY),
            *numbers("Easy", "Moderate", "Hard", importance=KEY),
            *numbers("Index", importance=7),
        ],
        [[found.by, *_shares(found)] for found in known],
    )
    output.result("Index: polarisation (Treff); above 2 is polarised. By critical speed: easy is below 82 % of it.")


def _shares(found: IntensityDistribution) -> list[str]:
    shares, index = found.shares(), found.polarisation_index()
    if shares is None:
        return [UNKNOWN] * 4
    return [*(f"{share:.0%}" for share in shares), UNKNOWN if index is None else f"{index:.2f}"]
