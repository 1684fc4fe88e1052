"""Where the distance of a cleaned recording rests on samples that were moved or left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.streams import DistanceSource, Streams
from paceport.training.cleaning.outlier_stretches import LONGEST_ISLAND_S
from paceport.training.cleaning.repairs import Repair

if TYPE_CHECKING:
    import numpy.typing as npt

_OF_SINGLE_SAMPLES = frozenset({"counter jump"})
_ROUNDING = 1e-9
_NOTICED_M = 1.0
_LONGEST_BRIDGE_S = 6.0  # a line between good samples so near to each other is as good as they are


def repaired_stretches(
    recorded: Streams, cleaned: Streams, source: DistanceSource | None, repairs: Sequence[Repair]
) -> tuple[tuple[float, float], ...]:
    """The stretches, as (from, to) seconds, from the good sample before a repaired one to the next good one.

    A distance along positions rests on those that were moved or left out; a device's own on the counts that were put
    back on the line. A counter that was only turned into metres, or added up over a restart, is as good as before.
    """
    if source == "positions":
        touched = _moved(recorded, cleaned)
    elif source == "device" and any(repair.kind in _OF_SINGLE_SAMPLES for repair in repairs):
        touched = _put_back(recorded, cleaned)
    else:
        return ()
    return _stretches(recorded, touched) if touched.any() else ()


def _moved(recorded: Streams, cleaned: Streams) -> npt.NDArray[np.bool_]:
    touched = np.zeros(len(recorded), dtype=bool)
    for name in ("latitude_deg", "longitude_deg"):
        before, after = getattr(recorded, name), getattr(cleaned, name)
        if before is not None:
            # Cleaning may leave no position at all.
            kept = np.full(len(recorded), np.nan) if after is None else after
            touched |= np.isfinite(before) & ~(np.abs(before - kept) <= _ROUNDING)
    return touched


def _put_back(recorded: Streams, cleaned: Streams) -> npt.NDArray[np.bool_]:
    """The samples at which the counter leaves what it says before and after, and all between there and back."""
    touched = np.zeros(len(recorded), dtype=bool)
    before, after = recorded.distance_m, cleaned.distance_m
    if before is None or after is None:
        return touched
    known = np.flatnonzero(np.isfinite(before) & np.isfinite(after))
    if len(known) < 2 or _is_scaled(before[known], after[known]):
        return touched
    steps_m, recorded_m = np.diff(after[known]), np.diff(before[known])
    moved_m = steps_m - recorded_m
    changes = np.abs(moved_m) > _NOTICED_M
    changes &= np.abs(2.0 * steps_m - recorded_m) > _NOTICED_M  # what was counted twice is as good as before
    touched[known[1:][changes]] = True
    left = None
    for place in np.flatnonzero(changes).tolist():
        if left is not None and _comes_back(left, place, moved_m, recorded.time_s[known]):
            touched[known[left + 1] : known[place + 1]] = True
            left = None
        else:
            left = place
    return touched


def _comes_back(left: int, back: int, moved_m: npt.NDArray[np.float64], time_s: npt.NDArray[np.float64]) -> bool:
    """Whether what one step was moved by, another one takes back within a minute."""
    return bool(
        time_s[back] - time_s[left] <= LONGEST_ISLAND_S and abs(moved_m[left] + moved_m[back]) < abs(moved_m[left]) / 2
    )


def _is_scaled(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> bool:
    """Whether the counter was turned into metres: then nothing can be told from its differences."""
    return bool(np.ptp(after) > 0 and np.ptp(before) < 0.5 * np.ptp(after))


def _stretches(recorded: Streams, touched: npt.NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    times = recorded.time_s
    edges = np.flatnonzero(np.diff(np.concatenate(([False], touched, [False])).astype(np.int8)))
    found: list[tuple[float, float]] = []
    for first, end in edges.reshape(-1, 2).tolist():
        start_s, end_s = float(times[max(first - 1, 0)]), float(times[min(end, len(times) - 1)])
        if found and start_s <= found[-1][1]:
            start_s = found.pop()[0]
        found.append((start_s, end_s))
    return tuple((start_s, end_s) for start_s, end_s in found if end_s - start_s > _LONGEST_BRIDGE_S)
