"""Recorded streams → plausible streams, and what was repaired. Definition: docs/metrics.md#cleaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import is_any_known, known_places, running_sums, steps_of, taken
from paceport.geodesy import steps_m
from paceport.lazy_dataclass import dataclass
from paceport.streams import DistanceSource, Streams
from paceport.training.cleaning.counted_twice import counted_once
from paceport.training.cleaning.counted_vehicles import without_vehicles
from paceport.training.cleaning.counter_ahead import stretches_ahead
from paceport.training.cleaning.distance_counter import LEAST_WAY_M, clean_counter
from paceport.training.cleaning.gaps import SHORTEST_LEAP_M, uncounted_gaps
from paceport.training.cleaning.position_distance import way_along
from paceport.training.cleaning.positions import Positions, clean_positions
from paceport.training.cleaning.repaired_stretches import repaired_stretches
from paceport.training.cleaning.repairs import Repair
from paceport.training.cleaning.ride_throughout import TURNS_SHARE, is_ride_throughout
from paceport.training.cleaning.sensors import (
    carry_heart_rate,
    clean_altitude,
    clean_heart_rate,
    clean_within,
)
from paceport.training.cleaning.sport_limits import SportLimits, limits_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

LONGEST_SPEED_STEP_S = 30.0
SPEED_TOTAL_RANGE = (0.5, 2.0)
MOST_LEFT_M, MOST_LEFT_SHARE = 1000.0, 0.1
MOST_RIDES = 3  # more of them on the way of one run are parts of one ride


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CleanStreams:
    """Streams after cleaning, with distance from 0 where anything says it, and the repairs in order of the channels.

    `distance_source` is None where there is no distance. `repaired_s` are the stretches, from one second to another,
    whose distance rests on samples that were moved or left out, or is far more than lies between the positions.
    """

    streams: Streams
    repairs: tuple[Repair, ...]
    distance_source: DistanceSource | None = None
    repaired_s: tuple[tuple[float, float], ...] = ()


def clean_streams(
    streams: Streams,
    *,
    sport: str | None,
    breaks_s: Sequence[tuple[float, float]] = (),
    total_m: float | None = None,
) -> CleanStreams:
    """Find what is doubtful in the samples of an activity and repair it; nothing in `streams` is changed.

    `breaks_s` are the device's pauses as (left, entered) seconds, `total_m` its own total where it states one.
    Positions come first, then the distance: the device's counter where it says something, else the way along the
    positions, else the speed summed up. What is clean comes back as it was.
    """
    if not len(streams):
        return CleanStreams(streams=streams, repairs=())
    limits = limits_of(sport)
    positions = _positions(streams, [])
    if not (limits.has_vehicle_check and is_ride_throughout(streams, positions)):
        found = _cleaned(streams, positions, breaks_s, total_m, limits, [])
        if not _is_all_ridden(found):
            return found
    # Nobody is helped by a run of 0 m: the figures stay, the doubt is said, and records leave it out.
    doubt = Repair(kind="ride throughout", at_s=float(streams.time_s[0]), size=0.0, samples=len(streams))
    limits = replace(limits_of("Ride"), highest_cadence=limits.highest_cadence)
    return _cleaned(streams, _positions(streams, []), breaks_s, total_m, limits, [doubt])


def _is_all_ridden(found: CleanStreams) -> bool:
    """Whether vehicles leave less than a kilometre and a tenth of the way, or come again and again, a third of it."""
    rides_m = [repair.size for repair in found.repairs if repair.kind == "vehicle"]
    if not rides_m or found.streams.distance_m is None:
        return False
    left_m = float(np.nanmax(found.streams.distance_m))
    ridden_share = sum(rides_m) / (left_m + sum(rides_m))
    if left_m < MOST_LEFT_M and ridden_share > 1.0 - MOST_LEFT_SHARE:
        return True
    return len(rides_m) > MOST_RIDES and ridden_share >= TURNS_SHARE


def _cleaned(
    streams: Streams,
    positions: Positions | None,
    breaks_s: Sequence[tuple[float, float]],
    total_m: float | None,
    limits: SportLimits,
    repairs: list[Repair],
) -> CleanStreams:
    """The streams cleaned within these limits; `positions` are changed, and `repairs` continued."""
    changed: dict[str, Channel | None] = {}
    if positions is not None:
        positions.repairs = repairs
        clean_positions(positions, _counting(streams.distance_m), limits)
        changed["latitude_deg"], changed["longitude_deg"] = positions.latitude_deg, positions.longitude_deg
    changed["distance_m"], source = _distance(streams, positions, breaks_s, total_m, limits, repairs)
    changed |= _sensors(streams, positions, limits, repairs)
    channels = {name: channel for name, channel in (streams.channels() | changed).items() if channel is not None}
    cleaned = Streams(**channels)
    doubtful_s = repaired_stretches(streams, cleaned, source, repairs) if repairs else ()
    if source == "device" and positions is not None and cleaned.distance_m is not None:
        ahead = stretches_ahead(cleaned.distance_m, positions)
        repairs += [Repair(kind="counter ahead", at_s=start_s, size=size_m) for start_s, _, size_m in ahead]
        doubtful_s = tuple(sorted([*doubtful_s, *((start_s, end_s) for start_s, end_s, _ in ahead)]))
    return CleanStreams(streams=cleaned, repairs=tuple(repairs), distance_source=source, repaired_s=doubtful_s)


def _positions(streams: Streams, repairs: list[Repair]) -> Positions | None:
    if streams.latitude_deg is None or streams.longitude_deg is None:
        return None
    return Positions(
        time_s=streams.time_s,
        latitude_deg=streams.latitude_deg.copy(),
        longitude_deg=streams.longitude_deg.copy(),
        repairs=repairs,
    )


def _counting(counter_m: Channel | None) -> Channel | None:
    """The device's counter, where it counts anything."""
    if counter_m is None:
        return None
    counted_m = taken(counter_m, known_places(counter_m))
    return counter_m if len(counted_m) > 1 and counted_m.max() > counted_m.min() else None


def _distance(
    streams: Streams,
    positions: Positions | None,
    breaks_s: Sequence[tuple[float, float]],
    total_m: float | None,
    limits: SportLimits,
    repairs: list[Repair],
) -> tuple[Channel | None, DistanceSource | None]:
    counter_m = streams.distance_m
    if counter_m is not None:
        if positions is not None and (once_m := counted_once(counter_m, positions)) is not None:
            at_s, size = float(streams.time_s[0]), float(np.nanmax(counter_m - once_m))
            repairs.append(Repair(kind="counter doubled", at_s=at_s, size=size))
            counter_m = once_m
        way_m = None if positions is None else _length_m(positions, counter_m, breaks_s, limits)
        counted = clean_counter(streams.time_s, counter_m, way_m=way_m, total_m=total_m, limits=limits, repairs=repairs)
        if counted is not None:
            is_ridden = np.isfinite(counter_m) & ~np.isfinite(counted)
            _note_gaps(streams.time_s, counted, positions, is_ridden, repairs)
            if limits.has_vehicle_check:
                counted = without_vehicles(streams.time_s, counted, streams.cadence_spm, repairs)
            return counted, "device"
    if positions is not None and (way := way_along(positions, breaks_s, limits, streams.cadence_spm)) is not None:
        return way, "positions"
    summed = _summed_speed(streams, total_m, repairs)
    return summed, "speed" if summed is not None else None


def _length_m(
    positions: Positions, counter_m: Channel, breaks_s: Sequence[tuple[float, float]], limits: SportLimits
) -> float | None:
    """The length along the positions; roughly, where that is near enough to the counter to leave its unit no doubt."""
    counted_m = taken(counter_m, known_places(counter_m))
    if len(counted_m) and len(positions.known()) > 1:
        span_m = counted_m.max() - counted_m.min()
        least_m, most_m = positions.length_bounds_m()
        if most_m / 2 <= span_m <= least_m * 2 and not least_m <= LEAST_WAY_M < most_m:
            return least_m
        roughly_m = float(positions.steps_m().sum())
        if roughly_m / 2 <= span_m <= roughly_m * 2:
            return roughly_m
    along_m = way_along(_without_trace(positions), breaks_s, limits)
    return None if along_m is None else float(np.nanmax(along_m))


def _without_trace(positions: Positions) -> Positions:
    """The same positions with a list of repairs of its own: for a look that is not noted."""
    return replace(positions, repairs=[])


def _note_gaps(
    time_s: Channel,
    counted_m: Channel,
    positions: Positions | None,
    is_ridden: npt.NDArray[np.bool_],
    repairs: list[Repair],
) -> None:
    """A counter needs no repair over a gap, but the reader of the notes should know of it. A ride is noted already."""
    if positions is None:
        return
    known, placed = known_places(counted_m), positions.known()
    if len(known) == len(placed) and (len(known) == len(counted_m) or np.array_equal(known, placed)):
        if len(known) < 2 or positions.at_most_m().max() <= SHORTEST_LEAP_M:
            return
        apart_m = positions.steps_m()
    else:
        apart_m = steps_m(positions.latitude_deg[known], positions.longitude_deg[known])
    gaps = uncounted_gaps(taken(time_s, known), taken(counted_m, known), apart_m)
    if is_ridden.any():
        gaps &= np.diff(np.cumsum(is_ridden)[known]) == 0
    if gaps.any():
        at_s = float(time_s[known][int(np.argmax(gaps))])
        repairs.append(Repair(kind="gap", at_s=at_s, size=float(apart_m[gaps].sum()), samples=int(gaps.sum())))


def _summed_speed(streams: Streams, total_m: float | None, repairs: list[Repair]) -> Channel | None:
    """The distance of a treadmill that wrote its speed alone: speed times time, scaled to the total it states."""
    speed = streams.speed_mps
    if speed is None or np.isfinite(speed).sum() < 2 or not np.nanmax(speed) > 0:
        return None
    steps_s = steps_of(streams.time_s)
    steps_s = np.where(steps_s <= LONGEST_SPEED_STEP_S, steps_s, 0.0)
    summed_m = running_sums(np.nan_to_num(speed[1:]) * steps_s)
    if total_m and SPEED_TOTAL_RANGE[0] <= summed_m[-1] / total_m <= SPEED_TOTAL_RANGE[1]:
        summed_m *= total_m / summed_m[-1]
    repairs.append(Repair(kind="distance from speed", at_s=float(streams.time_s[0]), size=float(summed_m[-1])))
    return summed_m


def _sensors(
    streams: Streams, positions: Positions | None, limits: SportLimits, repairs: list[Repair]
) -> dict[str, Channel | None]:
    time_s = streams.time_s
    changed: dict[str, Channel | None] = {}
    if streams.altitude_m is not None:
        changed["altitude_m"] = clean_altitude(time_s, streams.altitude_m, repairs)
    if streams.heartrate_bpm is not None:
        rate = clean_heart_rate(time_s, streams.heartrate_bpm, repairs)
        if positions is not None:
            rate = carry_heart_rate(time_s, rate, np.isfinite(positions.latitude_deg), repairs)
        changed["heartrate_bpm"] = rate if is_any_known(rate) else None
    if streams.cadence_spm is not None:
        changed["cadence_spm"] = clean_within(time_s, streams.cadence_spm, limits.highest_cadence, "cadence", repairs)
    if streams.power_w is not None:
        changed["power_w"] = clean_within(time_s, streams.power_w, limits.highest_power_w, "power", repairs)
    return changed
