"""Heart rates that a chest strap kept and handed over later: FIT `hr` messages joined to the records by time.

Garmin's HRM-Swim, HRM-Tri and HRM-Pro write them after the session or as a file of their own in the chain. Layout:
FIT SDK, plugin "HrToRecordMesgBroadcast" (developer.garmin.com/fit).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.formats.tracks.fit_profile import FitFile, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paceport.streams import Channel

CLOCK_HZ = 1024.0  # the strap's own clock
SMALL_CLOCK, LARGE_CLOCK = 1 << 12, 1 << 32  # where its two counters begin anew
LONGEST_WAIT_S = 5.0


def join_heart_rates(files: list[FitFile]) -> None:
    """Give each record without a heart rate the strap's latest, at most five seconds old; `files` is one chain."""
    beats = sorted(beat for decoded in files for beat in strap_heart_rates(decoded.rows.get("hr", [])))
    if not beats:
        return
    times_s, rates_bpm = np.array(beats).T
    for decoded in files:
        record_s = decoded.records.get("timestamp")
        if record_s is None or not len(record_s):
            continue
        known = decoded.records.get("heart_rate", np.full(len(record_s), np.nan))
        decoded.records["heart_rate"] = np.where(np.isfinite(known), known, _latest(record_s, times_s, rates_bpm))


def strap_heart_rates(rows: list[Row]) -> Iterator[tuple[float, float]]:
    """(FIT seconds, beats a minute) of each value in `hr` messages.

    A message with a timestamp says which count of the strap's clock that was; the others hold counts alone, whole or
    in 12 bits that go on from the count before.
    """
    anchor_s, anchor_count, count = np.nan, 0, 0
    for row in rows:
        whole = [int(value) for value in _list(row, "event_timestamp") if np.isfinite(value)]
        stamp, fraction = row.get("timestamp"), row.get("fractional_timestamp")
        if isinstance(stamp, float) and whole:
            anchor_s, anchor_count = stamp + (fraction if isinstance(fraction, float) else 0.0), whole[0]
        counts = list(whole)
        if not whole:
            for bits in _twelve_bits(_list(row, "event_timestamp_12")):
                count += (bits - count) % SMALL_CLOCK
                counts.append(count)
        count = counts[-1] if counts else count
        for at, rate_bpm in zip(counts, _list(row, "filtered_bpm"), strict=False):
            since_s = (at - anchor_count) % LARGE_CLOCK / CLOCK_HZ
            if np.isfinite(anchor_s) and np.isfinite(rate_bpm) and rate_bpm > 0:
                yield anchor_s + since_s, rate_bpm


def _list(row: Row, name: str) -> list[float]:
    value = row.get(name)
    return value if isinstance(value, list) else []


def _twelve_bits(values: list[float]) -> Iterator[int]:
    """Numbers of 12 bits each, packed in bytes from the lowest bit on."""
    packed = int.from_bytes(bytes(int(value) for value in values if np.isfinite(value)), "little")
    for at in range(len(values) * 8 // 12):
        yield packed >> 12 * at & SMALL_CLOCK - 1


def _latest(record_s: Channel, times_s: Channel, rates_bpm: Channel) -> Channel:
    """Of each record the last value at or before it, NaN where that is too old; records count whole seconds."""
    last = np.searchsorted(times_s, record_s + 0.5, side="right") - 1
    is_fresh = (last >= 0) & (record_s - times_s[np.maximum(last, 0)] <= LONGEST_WAIT_S)
    return np.where(is_fresh, rates_bpm[np.maximum(last, 0)], np.nan)
