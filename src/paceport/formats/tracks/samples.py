"""Raw samples → Streams: times made strictly increasing, impossible values taken out, distance where none came."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from paceport.streams import Streams

if TYPE_CHECKING:
    from paceport.streams import Channel

MOST_SAMPLES = 2_000_000  # 23 days at one a second; more is no recorded activity
LONGEST_GAP_S = 7 * 86_400.0  # a longer silence inside one recording is a wrong clock
EARTH_RADIUS_M = 6_371_008.8
POSITIONS = ("latitude_deg", "longitude_deg")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Aligned samples as a file holds them: Unix seconds (NaN where missing) and channels by their Streams name."""

    epoch_s: Channel
    channels: dict[str, Channel]

    def between(self, first_s: float, before_s: float) -> Samples:
        """The samples with first_s <= time < before_s."""
        return self.select(np.flatnonzero((self.epoch_s >= first_s) & (self.epoch_s < before_s)))

    def select(self, index: npt.NDArray[np.intp]) -> Samples:
        """The samples at these places, in this order."""
        return Samples(
            epoch_s=self.epoch_s[index], channels={name: channel[index] for name, channel in self.channels.items()}
        )


def read_streams(samples: Samples, *, start_s: float | None = None) -> tuple[float, Streams, list[str]]:
    """The start in Unix seconds, the streams counted from it, and notes on what was repaired.

    `start_s` is the start that the device states; it holds if it lies at most an hour before the first sample.
    Samples of one time become one, the later value winning; of samples that run backwards the longest increasing
    series stays; a silence of more than seven days is a wrong clock, and the part with the most samples stays. Gaps
    are kept. Without any usable time the streams are empty.
    """
    notes: list[str] = []
    samples = _increasing(_timed(samples, notes), notes)
    samples = _without_jumps(samples, notes)
    channels = _plausible(samples.channels, notes)
    channels = {name: channel for name, channel in channels.items() if not np.isnan(channel).all()}
    if "distance_m" not in channels and all(name in channels for name in POSITIONS):
        channels["distance_m"] = cumulative_distance_m(channels["latitude_deg"], channels["longitude_deg"])
    first_s = float(samples.epoch_s[0]) if len(samples.epoch_s) else (start_s or 0.0)
    start = start_s if start_s is not None and 0 <= first_s - start_s <= 3600 else first_s
    return start, Streams(time_s=samples.epoch_s - start, **channels), notes


def cumulative_distance_m(latitude_deg: Channel, longitude_deg: Channel) -> Channel:
    """Metres from the first position along the line, by haversine on a sphere; missing positions are bridged.

    NaN where there is no position. Radius 6371008.8 m. Source: docs/metrics.md#distance.
    """
    known = np.flatnonzero(~(np.isnan(latitude_deg) | np.isnan(longitude_deg)))
    latitude, longitude = np.radians(latitude_deg[known]), np.radians(longitude_deg[known])
    half_chord = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    steps = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))
    distance = np.full(len(latitude_deg), np.nan)
    if len(known):
        distance[known] = np.concatenate([[0.0], np.cumsum(steps)])
    return distance


def _timed(samples: Samples, notes: list[str]) -> Samples:
    timed = np.isfinite(samples.epoch_s)
    if timed.all():
        return samples
    notes.append(f"{int((~timed).sum())} samples without a time were left out")
    return samples.select(np.flatnonzero(timed))


def _increasing(samples: Samples, notes: list[str]) -> Samples:
    steps = np.diff(samples.epoch_s)
    if (steps > 0).all():
        return samples
    if (steps == 0).any():
        notes.append(f"{int((steps == 0).sum())} samples of a time already seen were joined with it")
        samples = _joined(samples, np.flatnonzero(np.concatenate([[True], steps != 0])))
    if (np.diff(samples.epoch_s) > 0).all():
        return samples
    kept = longest_increasing(samples.epoch_s)
    notes.append(f"{len(samples.epoch_s) - len(kept)} samples whose time ran backwards were left out")
    return samples.select(kept)


def _joined(samples: Samples, starts: npt.NDArray[np.intp]) -> Samples:
    """One sample for each stretch of equal times that begins at `starts`: the last known value of each channel."""
    places = np.arange(len(samples.epoch_s))
    channels = {}
    for name, channel in samples.channels.items():
        last = np.maximum.reduceat(np.where(np.isnan(channel), -1, places), starts)
        channels[name] = np.where(last >= 0, channel[last], np.nan)
    return Samples(epoch_s=samples.epoch_s[starts], channels=channels)


def longest_increasing(values: Channel) -> npt.NDArray[np.intp]:
    """The places of a longest strictly increasing series in `values`. O(n log n), by patience sorting."""
    tops: list[float] = []
    top_places: list[int] = []
    before = np.full(len(values), -1, dtype=np.intp)
    for place, value in enumerate(values.tolist()):
        pile = bisect_left(tops, value)
        if pile == len(tops):
            tops.append(value)
            top_places.append(place)
        else:
            tops[pile], top_places[pile] = value, place
        before[place] = top_places[pile - 1] if pile else -1
    chain = []
    place = top_places[-1] if top_places else -1
    while place >= 0:
        chain.append(place)
        place = int(before[place])
    return np.array(chain[::-1], dtype=np.intp)


def _without_jumps(samples: Samples, notes: list[str]) -> Samples:
    jumps = np.flatnonzero(np.diff(samples.epoch_s) > LONGEST_GAP_S) + 1
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
    kept = {name: np.where(np.isfinite(channel), channel, np.nan) for name, channel in channels.items()}
    if all(name in kept for name in POSITIONS):
        latitude, longitude = (kept[name] for name in POSITIONS)
        known = ~(np.isnan(channels["latitude_deg"]) & np.isnan(channels["longitude_deg"]))
        good = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
        if (known & ~good).any():
            notes.append(f"{int((known & ~good).sum())} positions that are not on the globe were left out")
        kept |= {name: np.where(good, kept[name], np.nan) for name in POSITIONS}
    for name in ("heartrate_bpm", "cadence_spm", "power_w", "speed_mps", "distance_m"):
        if name in kept:
            least = 1.0 if name == "heartrate_bpm" else 0.0
            kept[name] = np.where(kept[name] >= least, kept[name], np.nan)
    return kept
