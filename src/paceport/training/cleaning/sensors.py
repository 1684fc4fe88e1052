"""Impossible altitudes, heart rates, cadences and powers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import is_any_known, known_places, steps_of, taken
from paceport.training.cleaning.outlier_stretches import find_islands
from paceport.training.cleaning.repairs import Repair, RepairKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

NO_ALTITUDE_M = (0.0, -500.0)  # what receivers without a fix write; -500 is the raw 0 of FIT
SENTINEL_STEP_M = 20.0
LOWEST_M, HIGHEST_M = -500.0, 12_000.0
STEEPEST_STEP_M, STEEPEST_MPS = 20.0, 5.0
LOWEST_BPM, HIGHEST_BPM, LARGEST_BEAT_STEP = 25.0, 240.0, 40.0
LONGEST_CARRY_S, LARGEST_SHARED = 5.0, 0.1


def clean_altitude(time_s: Channel, altitude_m: Channel, repairs: list[Repair]) -> Channel | None:
    """The altitude without 0 and -500 far from their neighbours, and without spikes; None where nothing is left."""
    cleaned = altitude_m.copy()
    impossible = (cleaned < LOWEST_M) | (cleaned > HIGHEST_M)
    doubtful = impossible | _sentinels(np.where(impossible, np.nan, cleaned) if impossible.any() else cleaned)
    if doubtful.any():
        cleaned[doubtful] = np.nan
    known = known_places(cleaned)
    spikes = _spikes(taken(time_s, known), taken(cleaned, known)) if len(known) > 2 else None
    if spikes is not None:
        doubtful[known[spikes]] = True
        cleaned[known[spikes]] = np.nan
    _note(repairs, "altitude", time_s, altitude_m, doubtful)
    return cleaned if is_any_known(cleaned) else None


def _sentinels(altitude_m: Channel) -> npt.NDArray[np.bool_]:
    """Stretches of exactly 0 or -500 that lie more than 20 m from what stands before and after them.

    A whole run at 0 or -500 has no altitude either: an app that knows none writes that.
    """
    doubtful = np.zeros(len(altitude_m), dtype=bool)
    for sentinel in NO_ALTITUDE_M:
        if not (altitude_m == sentinel).any():
            continue
        known = known_places(altitude_m)
        values = taken(altitude_m, known)
        hits = values == sentinel
        if hits.all() and len(hits) > 1:
            doubtful[known] = True
            break
        edges = np.flatnonzero(np.diff(np.concatenate(([0], hits.astype(np.int8), [0]))))
        for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            around = [values[at] for at in (first - 1, end) if 0 <= at < len(values)]
            if around and all(abs(value - sentinel) > SENTINEL_STEP_M for value in around):
                doubtful[known[first:end]] = True
    return doubtful


def _spikes(time_s: Channel, altitude_m: Channel) -> npt.NDArray[np.bool_] | None:
    """Samples that leap away and come back: by more than 20 m, and faster than anybody climbs or falls.

    None where there is no leap.
    """
    step_m = np.abs(steps_of(altitude_m))
    if step_m.max() <= STEEPEST_STEP_M:
        return None

    def is_plausible(before: int, after: int) -> bool:
        most_m = max(STEEPEST_STEP_M, STEEPEST_MPS * (time_s.item(after) - time_s.item(before)))
        return abs(altitude_m.item(after) - altitude_m.item(before)) <= most_m

    allowed_m = np.maximum(STEEPEST_STEP_M, STEEPEST_MPS * steps_of(time_s))
    islands = find_islands(time_s, step_m > allowed_m, is_plausible)
    return None if islands is None else islands.on_island | islands.at_end


def clean_heart_rate(time_s: Channel, rate_bpm: Channel, repairs: list[Repair]) -> Channel:
    """The heart rate within 25 to 240, without single samples more than 40 beats above or below both neighbours."""
    doubtful = np.isfinite(rate_bpm) & ((rate_bpm < LOWEST_BPM) | (rate_bpm > HIGHEST_BPM))
    cleaned = np.where(doubtful, np.nan, rate_bpm) if doubtful.any() else rate_bpm
    known = known_places(cleaned)
    step = steps_of(taken(cleaned, known))
    if len(step) > 1 and (step.max() > LARGEST_BEAT_STEP or step.min() < -LARGEST_BEAT_STEP):
        up, down = step > LARGEST_BEAT_STEP, step < -LARGEST_BEAT_STEP
        alone = (up[:-1] & down[1:]) | (down[:-1] & up[1:])
        if alone.any():
            doubtful[known[1:-1][alone]] = True
            cleaned = np.where(doubtful, np.nan, rate_bpm)
    _note(repairs, "heart rate", time_s, rate_bpm, doubtful)
    return cleaned


def carry_heart_rate(
    time_s: Channel, rate_bpm: Channel, has_place: npt.NDArray[np.bool_], repairs: list[Repair]
) -> Channel:
    """Heart rates that come in points of their own, without a position, carried to the positions after them.

    Only where hardly any sample has both, and over five seconds at most: other holes stay holes.
    """
    has_rate = np.isfinite(rate_bpm)
    shared = np.count_nonzero(has_rate & has_place)
    if not has_rate.any() or not has_place.any() or shared > LARGEST_SHARED * np.count_nonzero(has_rate):
        return rate_bpm
    last = np.maximum.accumulate(np.where(has_rate, np.arange(len(rate_bpm)), -1))
    near = (last >= 0) & (time_s - time_s[np.maximum(last, 0)] <= LONGEST_CARRY_S) & ~has_rate
    if not near.any():
        return rate_bpm
    repairs.append(
        Repair(
            kind="interleaved heart rate",
            at_s=float(time_s[int(np.argmax(near))]),
            size=0.0,
            samples=int(has_rate.sum()),
        )
    )
    return np.where(near, rate_bpm[np.maximum(last, 0)], rate_bpm)


def clean_within(time_s: Channel, channel: Channel, highest: float, kind: RepairKind, repairs: list[Repair]) -> Channel:
    """The channel from 0 to `highest`; what lies outside is left out."""
    doubtful = (channel < 0) | (channel > highest)
    if not doubtful.any():
        return channel
    doubtful &= np.isfinite(channel)
    _note(repairs, kind, time_s, channel, doubtful)
    return np.where(doubtful, np.nan, channel)


def _note(
    repairs: list[Repair], kind: RepairKind, time_s: Channel, channel: Channel, doubtful: npt.NDArray[np.bool_]
) -> None:
    if doubtful.any():
        repairs.append(
            Repair(
                kind=kind,
                at_s=float(time_s[int(np.argmax(doubtful))]),
                size=float(np.abs(channel[doubtful]).max()),
                samples=int(doubtful.sum()),
            )
        )
