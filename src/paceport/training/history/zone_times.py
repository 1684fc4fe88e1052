"""Time in heart rate zones, in total and by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.training.history.history import History
from paceport.training.history.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTimes:
    """Moving seconds in each zone, easiest first. `known_runs` of `runs` have a heart rate.

    `edges_bpm` are the inner edges: one fewer than zones. Empty where the athlete's zones are not known.
    `months` are (first day of the month, seconds per zone), oldest first, months without a heart rate left out.
    """

    edges_bpm: tuple[float, ...]
    known_by: str
    total_s: tuple[float, ...]
    months: tuple[tuple[date, tuple[float, ...]], ...]
    runs: int
    known_runs: int


def zone_times(history: History, runs: Sequence[Run] | None = None) -> ZoneTimes:
    """Time in zones over these runs, or all. docs/metrics.md#time-in-zone."""
    chosen = history.runs if runs is None else runs
    known = [run for run in chosen if run.time_in_zones_s]
    months: dict[date, list[tuple[float, ...]]] = {}
    for run in known:
        months.setdefault(run.day.replace(day=1), []).append(run.time_in_zones_s)
    return ZoneTimes(
        edges_bpm=history.facts.athlete.zone_edges_bpm,
        known_by=history.facts.known_by.get("zones", "not known"),
        total_s=_added(run.time_in_zones_s for run in known),
        months=tuple((month, _added(times)) for month, times in sorted(months.items())),
        runs=len(chosen),
        known_runs=len(known),
    )


def _added(times: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(sum(zone) for zone in zip(*times, strict=True))
