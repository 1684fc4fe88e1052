"""The distance along the positions, where the device counted none: gaps and vehicles add nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of, taken
from paceport.training.cleaning.gaps import SHORTEST_GAP_M, SHORTEST_GAP_S, SHORTEST_STEP_S, TIMES_USUAL, usual_step_s
from paceport.training.cleaning.positions import Positions
from paceport.training.cleaning.repairs import Repair
from paceport.training.cleaning.rolling_stretches import rolling_stretches
from paceport.training.cleaning.sport_limits import SportLimits
from paceport.training.cleaning.vehicle_stretches import vehicle_stretches

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel


def way_along(
    positions: Positions,
    breaks_s: Sequence[tuple[float, float]],
    limits: SportLimits,
    cadence_spm: Channel | None = None,
) -> Channel | None:
    """Metres from the first position, one value a sample; NaN inside gaps' missing positions. None without positions.

    `breaks_s` are the stretches in which the device stood still, (last sample, next sample) in seconds: a break of more
    than ten seconds is a gap if its ends lie more than 50 m apart. Between other samples a silence must also be four
    times as long as usual.
    """
    known = positions.known()
    if not len(known):
        return None
    time_s = taken(positions.time_s, known)
    step_m = positions.steps_m()
    lasted_s = steps_of(time_s)
    is_break = lasted_s > max(SHORTEST_GAP_S, TIMES_USUAL * usual_step_s(time_s))
    stopped = _steps_over(time_s, breaks_s)
    silent = (is_break | (stopped & (lasted_s > SHORTEST_GAP_S))) & (step_m > SHORTEST_GAP_M)
    lasting_s = np.maximum(lasted_s, SHORTEST_STEP_S)
    fast, beyond = step_m > limits.gap_mps * lasting_s, step_m > limits.fastest_mps * lasting_s
    gaps = silent | ((is_break | stopped) & fast) | beyond
    way_m = np.full(len(positions.time_s), np.nan)
    reached_m = running_sums(np.where(gaps, 0.0, step_m))
    if limits.has_vehicle_check:
        cadence_spm = None if cadence_spm is None else taken(cadence_spm, known)
        reached_m, gaps = _without_vehicles(time_s, step_m, cadence_spm, reached_m, gaps, positions.repairs)
    if gaps.any():
        first = float(time_s[int(np.argmax(gaps))])
        size_m, count = float(step_m[gaps].sum()), int(gaps.sum())
        positions.repairs.append(Repair(kind="gap", at_s=first, size=size_m, samples=count))
    way_m[known] = reached_m
    way_m[: known[0]] = 0.0
    way_m[known[-1] :] = reached_m[-1]
    return way_m


def _steps_over(time_s: Channel, breaks_s: Sequence[tuple[float, float]]) -> npt.NDArray[np.bool_]:
    """Which steps between samples lie over a stop of the device."""
    over = np.zeros(len(time_s) - 1, dtype=bool)
    for left_s, entered_s in breaks_s:
        before = int(np.searchsorted(time_s, (left_s + entered_s) / 2)) - 1
        if 0 <= before < len(over):
            over[before] = True
    return over


def _without_vehicles(
    time_s: Channel,
    step_m: Channel,
    cadence_spm: Channel | None,
    reached_m: Channel,
    gaps: npt.NDArray[np.bool_],
    repairs: list[Repair],
) -> tuple[Channel, npt.NDArray[np.bool_]]:
    """The way without the rides; inside of one the distance is not known, so that its ends are a gap."""
    with_rides_m = running_sums(step_m)
    # A single leap over a silence is a gap already: only recorded rides are looked for.
    smooth_m = np.where(steps_of(time_s) > SHORTEST_GAP_S, 0.0, steps_of(with_rides_m))
    stretches = vehicle_stretches(time_s, smooth_m, rolling_stretches(time_s, smooth_m, cadence_spm))
    if not stretches:
        return reached_m, gaps
    reached_m, gaps = reached_m.copy(), gaps.copy()
    for first, last in stretches:
        rode_m = float(with_rides_m[last] - with_rides_m[first])
        reached_m[last:] -= reached_m[last] - reached_m[first]
        reached_m[first + 1 : last] = np.nan
        gaps[first:last] = False
        repairs.append(Repair(kind="vehicle", at_s=float(time_s[first]), size=rode_m))
    return reached_m, gaps
