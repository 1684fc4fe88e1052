"""The device's distance counter: its unit, its start, its restarts and its jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import known_places, running_sums, steps_of, taken
from paceport.training.cleaning.counted_vehicles import take_rides_out
from paceport.training.cleaning.gaps import SHORTEST_GAP_S
from paceport.training.cleaning.outlier_stretches import find_islands
from paceport.training.cleaning.positions import NEIGHBOURS, TIMES_MEDIAN
from paceport.training.cleaning.repairs import Repair
from paceport.training.cleaning.small_spikes import counter_spikes
from paceport.training.cleaning.sport_limits import SportLimits
from paceport.units import MILE_M

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

UNITS_M = (1000.0, MILE_M)  # some apps count kilometres, or miles
UNIT_TOLERANCE = 0.1
LEAST_WAY_M = 50.0
STEP_BACK_M = 20.0  # less is a correction of the device's, and the counter just waits there
RESTART_SHARE = 0.2
MOST_FALLS = 0.02
NOTED_START_M = 50.0
STOOD_M = 0.5
ALONE_STEPS = 3


def clean_counter(
    time_s: Channel,
    counter_m: Channel,
    *,
    way_m: float | None,
    total_m: float | None,
    limits: SportLimits,
    repairs: list[Repair],
) -> Channel | None:
    """The counter in metres from 0, never falling; None where it says nothing. NaN stays NaN.

    `way_m` is the length along the positions and `total_m` what the device states, where they are known: a counter
    that stands still over a long way says nothing, and one a thousandth as long counts kilometres.
    """
    known = known_places(counter_m)
    if len(known) < 2:
        return None
    counted, times = taken(counter_m, known).copy(), taken(time_s, known)
    has_way = way_m is not None and way_m > LEAST_WAY_M
    if counted.max() == counted.min():
        if has_way:
            repairs.append(Repair(kind="counter unused", at_s=float(times[0]), size=0.0))
        return None
    _in_metres(times, counted, way_m if has_way else total_m, repairs)
    is_plain = _is_plain(times, counted, limits)
    if not is_plain:
        on_foot = _repaired(times, counted, limits, repairs)
        if on_foot is None:
            return None
        known, times, counted = known[on_foot], times[on_foot], np.maximum.accumulate(counted[on_foot])
    if counted[0] > NOTED_START_M:
        repairs.append(Repair(kind="counter start", at_s=float(times[0]), size=float(counted[0])))
    counted -= counted[0]
    if len(known) == len(counter_m):
        return counted
    cleaned = np.full(len(counter_m), np.nan)
    cleaned[known] = counted
    return cleaned


def _is_plain(times: Channel, counted: Channel, limits: SportLimits) -> bool:
    """Whether it never falls and no step is doubtful, so that nothing is to be looked for."""
    step_m = steps_of(counted)
    if step_m.min() < 0:
        return False
    return bool(step_m.max() <= limits.doubtful_mps) or not bool(_leaps(times, counted, limits).any())


def _leaps(times: Channel, counted: Channel, limits: SportLimits) -> npt.NDArray[np.bool_]:
    """Which steps nobody makes: beyond the sport, or fast and alone among steps of a third at most."""
    speed_mps = steps_of(counted) / np.maximum(steps_of(times), 1.0)
    leaps = speed_mps > limits.fastest_mps
    for place in np.flatnonzero((speed_mps > limits.doubtful_mps) & ~leaps).tolist():
        before, after = speed_mps[max(0, place - ALONE_STEPS) : place], speed_mps[place + 1 : place + 1 + ALONE_STEPS]
        around = float(max(before.max(initial=0.0), after.max(initial=0.0)))
        leaps[place] = 0.0 < TIMES_MEDIAN * around < speed_mps[place]
    return leaps


def _repaired(
    times: Channel, counted: Channel, limits: SportLimits, repairs: list[Repair]
) -> npt.NDArray[np.bool_] | None:
    """Repair the counter in place; which samples are not inside of a ride. None where it falls too often to be one."""
    _put_on_line(times, counted, counter_spikes(times, counted), repairs)
    if np.count_nonzero(steps_of(counted) < -STEP_BACK_M) > max(3, MOST_FALLS * len(counted)):
        repairs.append(Repair(kind="counter unused", at_s=float(times[0]), size=0.0))
        return None
    is_ridden = take_rides_out(times, counted, limits, repairs)
    if is_ridden.any():
        on_foot = np.flatnonzero(~is_ridden)
        kept = counted[on_foot]
        _jumps_put_back(times[on_foot], kept, limits, repairs)
        counted[on_foot] = kept
    else:
        _jumps_put_back(times, counted, limits, repairs)
    return ~is_ridden


def _in_metres(times: Channel, counted: Channel, true_m: float | None, repairs: list[Repair]) -> None:
    if true_m is None or true_m < LEAST_WAY_M:
        return
    span = float(counted.max() - counted.min())
    for unit_m in UNITS_M:
        if abs(span * unit_m / true_m - 1) <= UNIT_TOLERANCE:
            counted *= unit_m
            repairs.append(Repair(kind="counter unit", at_s=float(times[0]), size=unit_m, samples=len(times)))
            return


def _jumps_put_back(times: Channel, counted: Channel, limits: SportLimits, repairs: list[Repair]) -> None:
    """Spikes put back on the line, restarts added up, leaps taken out; in place."""
    step_m = steps_of(counted)
    leaps = _leaps(times, counted, limits)
    doubtful = (step_m < -STEP_BACK_M) | leaps
    falls = running_sums((doubtful & (step_m < 0)).astype(np.float64))

    def is_plausible(before: int, after: int) -> bool:
        """What leapt up twice did not come back, however long it took."""
        most_m = limits.gap_mps * max(times[after] - times[before], 1.0)
        return bool(-STEP_BACK_M <= counted[after] - counted[before] <= most_m and falls[after] > falls[before])

    islands = find_islands(times, doubtful, is_plausible)
    if islands is None:
        return
    _put_on_line(times, counted, islands.on_island, repairs)
    # What was added up for an earlier restart must not hide a later one: whether it is one, the counter itself says.
    said = counted.copy()
    for place in np.flatnonzero((steps_of(counted) < -STEP_BACK_M) | _leaps(times, counted, limits)).tolist():
        restarted_at_m = float(said[place]) if said[place + 1] <= RESTART_SHARE * said[place] else None
        # Whether the counter stood before it leapt, it says itself too: where leaps were taken out, it only seems so.
        _mend_leap(
            times, counted, place, limits, repairs, restarted_at_m=restarted_at_m, stood=_stood_since(said, place)
        )


def _put_on_line(times: Channel, counted: Channel, spikes: npt.NDArray[np.bool_], repairs: list[Repair]) -> None:
    """Move these counts, in place, onto the line between those that stay."""
    if spikes.any():
        stays = ~spikes
        line_m = np.interp(times[spikes], times[stays], counted[stays])
        size_m = float(np.abs(counted[spikes] - line_m).max())
        counted[spikes] = line_m
        at_s, count = float(times[spikes][0]), int(spikes.sum())
        repairs.append(Repair(kind="counter jump", at_s=at_s, size=size_m, samples=count))


def _stood_since(said: Channel, place: int) -> int:
    """The first of the samples up to this one since which the counter has not moved."""
    elsewhere = np.flatnonzero(np.abs(said[:place] - said[place]) >= STOOD_M)
    return int(elsewhere[-1]) + 1 if len(elsewhere) else 0


def _mend_leap(
    times: Channel,
    counted: Channel,
    place: int,
    limits: SportLimits,
    repairs: list[Repair],
    *,
    restarted_at_m: float | None,
    stood: int,
) -> None:
    """The step after sample `place`: a restart is added up, a late count is spread, any other leap does not count.

    The counter did not count since sample `stood`.
    """
    step_m = float(counted[place + 1] - counted[place])
    at_s = float(times[place])
    if step_m < 0:
        if restarted_at_m is not None:
            repairs.append(Repair(kind="counter restart", at_s=at_s, size=restarted_at_m))
            counted[place + 1 :] += restarted_at_m
        return
    if step_m <= limits.gap_mps * (times[place + 1] - times[stood]):
        ends = [stood, place + 1]
        counted[stood : place + 2] = np.interp(times[stood : place + 2], times[ends], counted[ends])
        return
    beyond_m = step_m - _usual_m(times, counted, place)
    counted[place + 1 :] -= beyond_m
    repairs.append(Repair(kind="counter jump", at_s=at_s, size=beyond_m))


def _usual_m(times: Channel, counted: Channel, place: int) -> float:
    """What the steps round the one after sample `place` would make in its time; nothing over a silence."""
    lasted_s = float(times[place + 1] - times[place])
    if lasted_s > SHORTEST_GAP_S:
        return 0.0
    near = slice(max(0, place - NEIGHBOURS // 2), place + NEIGHBOURS // 2 + 2)
    speeds_mps = steps_of(counted[near]) / np.maximum(steps_of(times[near]), 1.0)
    return float(np.median(speeds_mps)) * lasted_s
