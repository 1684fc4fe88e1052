"""Raw samples → Streams: times made strictly increasing, values that no sensor can mean taken out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import is_any_known, steps_of
from paceport.formats.tracks.sample_table import Samples
from paceport.formats.tracks.time_order import increasing
from paceport.streams import Streams

if TYPE_CHECKING:
    from paceport.streams import Channel

MOST_SAMPLES = 2_000_000  # 23 days at one a second; more is no recorded activity
LONGEST_GAP_S = 7 * 86_400.0  # a longer silence inside one recording is a wrong clock
LONGEST_START_S = 3590.0
POSITIONS = ("latitude_deg", "longitude_deg")


def read_streams(samples: Samples, *, start_s: float | None = None) -> tuple[float, Streams, list[str]]:
    """The start in Unix seconds, the streams counted from it, and notes on what was repaired.

    `start_s` is the start that the device states; it holds if it lies less than an hour before the first sample: an
    hour exactly is a clock on summer time.
    Times rise as `time_order.increasing` makes them; a silence of more than seven days is a wrong clock, and the part
    with the most samples stays. Gaps are kept. Without any usable time
    the streams are empty.
    """
    notes: list[str] = []
    samples = increasing(_timed(samples, notes), notes)
    samples = _without_jumps(samples, notes)
    channels = _plausible(samples.channels, notes)
    channels = {name: channel for name, channel in channels.items() if is_any_known(channel)}
    first_s = float(samples.epoch_s[0]) if len(samples.epoch_s) else (start_s or 0.0)
    start = start_s if start_s is not None and 0 <= first_s - start_s < LONGEST_START_S else first_s
    return start, Streams(time_s=samples.epoch_s - start, **channels), notes


def _timed(samples: Samples, notes: list[str]) -> Samples:
    timed = np.isfinite(samples.epoch_s)
    if timed.all():
        return samples
    notes.append(f"{int((~timed).sum())} samples without a time were left out")
    return samples.select(np.flatnonzero(timed))


def _without_jumps(samples: Samples, notes: list[str]) -> Samples:
    jumps = np.flatnonzero(steps_of(samples.epoch_s) > LONGEST_GAP_S) + 1
    if not len(jumps):
        return samples
    bounds = [0, *jumps.tolist(), len(samples.epoch_s)]
    first, last = max(pairwise(bounds), key=lambda part: part[1] - part[0])
    notes.append(
        f"{len(samples.epoch_s) - (last - first)} samples more than seven days away from the rest were left out"
    )
    return samples.select(np.arange(first, last))


def _plausible(channels: dict[str, Channel], notes: list[str]) -> dict[str, Channel]:
    """The channels with what cannot be true made NaN: infinite values, positions off the globe, a heart rate of 0."""
    kept = {name: _finite_or_unknown(channel) for name, channel in channels.items()}
    if all(name in kept for name in POSITIONS):
        latitude, longitude = (kept[name] for name in POSITIONS)
        good = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
        if good.all():
            return _positive(kept)
        missing = [np.isnan(channels[name]) for name in POSITIONS]
        half = missing[0] ^ missing[1]
        beyond = ~good & ~missing[0] & ~missing[1]
        if half.any():
            notes.append(f"{int(half.sum())} positions without a latitude or without a longitude were left out")
        if beyond.any():
            notes.append(f"{int(beyond.sum())} positions outside the valid range were left out")
        kept |= {name: np.where(good, kept[name], np.nan) for name in POSITIONS}
    return _positive(kept)


def _finite_or_unknown(channel: Channel) -> Channel:
    is_finite = np.isfinite(channel)
    return channel if is_finite.all() else np.where(is_finite, channel, np.nan)


def _positive(channels: dict[str, Channel]) -> dict[str, Channel]:
    """The channels without what is below 0, and without a heart rate below 1."""
    kept = dict(channels)
    for name in ("heartrate_bpm", "cadence_spm", "power_w", "speed_mps", "distance_m"):
        if name in kept:
            is_possible = kept[name] >= (1.0 if name == "heartrate_bpm" else 0.0)
            kept[name] = kept[name] if is_possible.all() else np.where(is_possible, kept[name], np.nan)
    return kept
