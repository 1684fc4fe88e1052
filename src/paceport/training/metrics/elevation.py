"""Climbing: how much of the altimeter's changes are hills, and the altitude along the route."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.distance import DistanceTrack

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

_BAROMETER_THRESHOLD_M = 2.0
_SATELLITE_THRESHOLD_M = 10.0
_GRID_M = 5.0
_BAROMETER_WINDOW_M = 35.0
_SATELLITE_WINDOW_M = 105.0
_SATELLITE_MEDIAN_SAMPLES = 5
_STEEPEST = 0.45
_HIGHEST_M = 12_000.0
_SHORTEST_M = 1.0
_SENSOR_STEP_M = 1.2
_MOST_JUMPS = 0.001
_MOST_GRID_POINTS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Elevation:
    """Metres climbed and descended, lowest and highest point, and whether they were counted as from a barometer."""

    gain_m: float
    loss_m: float
    lowest_m: float
    highest_m: float
    is_barometric: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ElevationProfile:
    """The smoothed altitude over an even grid of distances (5 m, wider only beyond 1,000 km)."""

    distance_m: Channel
    altitude_m: Channel


def gain_and_loss_m(altitude_m: Channel, threshold_m: float) -> tuple[float, float]:
    """Metres of rise, and of fall, that survive a threshold.

    Changes count only once they reach `threshold_m` from the last that did. Altitudes must be known.
    """
    if not len(altitude_m):
        return 0.0, 0.0
    gain, loss = 0.0, 0.0
    reference = float(altitude_m[0])
    # Most steps of a barometer are level.
    values = altitude_m[1:].compress(altitude_m[1:] != altitude_m[:-1]).tolist()
    least = threshold_m - 1e-9  # steps of 0.2 m are not exact in binary
    below, above = reference - least, reference + least
    for value in values:
        if below < value < above:
            continue
        if value >= above:
            gain += value - reference
        else:
            loss += reference - value
        reference = value
        below, above = reference - least, reference + least
    return gain, loss


def elevation(course: DistanceTrack, altitude_m: Channel | None, *, barometric: bool | None) -> Elevation | None:
    """Gain and loss of a run, or None where fewer than two altitudes are known.

    `altitude_m` is aligned with the course. With a barometer: the samples as recorded, threshold 2 m. From satellites:
    a running median over 5 samples, threshold 10 m. `barometric=None` (nobody knows) is decided by `is_smooth`.
    Source: docs/metrics.md#elevation-gain.
    """
    if altitude_m is None:
        return None
    known = known_altitudes(altitude_m)
    values = altitude_m if known.all() else altitude_m[known]
    if len(values) < 2:
        return None
    trusted = is_smooth(course, altitude_m) if barometric is None else barometric
    threshold_m = _BAROMETER_THRESHOLD_M if trusted else _SATELLITE_THRESHOLD_M
    counted = values if trusted else _median(values, _SATELLITE_MEDIAN_SAMPLES)
    gain_m, loss_m = gain_and_loss_m(counted, threshold_m)
    return Elevation(
        gain_m=gain_m,
        loss_m=loss_m,
        lowest_m=float(counted.min()),
        highest_m=float(counted.max()),
        is_barometric=trusted,
    )


def known_altitudes(altitude_m: Channel) -> npt.NDArray[np.bool_]:
    """Which altitudes are known, and could be on this planet."""
    return np.abs(altitude_m) <= _HIGHEST_M


def is_smooth(course: DistanceTrack, altitude_m: Channel) -> bool:
    """Whether these altitudes can be trusted like a barometer's: at most one step in a thousand leaps.

    A step leaps when it is steeper than 45 % beyond 1.2 m. Heights from satellites do that, barometers and terrain
    models do not.
    """
    reached_m, height_m = _known(course, altitude_m)
    rise_m = np.abs(steps_of(height_m))
    jumps = int(np.count_nonzero(rise_m > _SENSOR_STEP_M + _STEEPEST * steps_of(reached_m)))
    return len(rise_m) == 0 or jumps / len(rise_m) <= _MOST_JUMPS


def elevation_profile(
    course: DistanceTrack, altitude_m: Channel | None, *, barometric: bool | None
) -> ElevationProfile | None:
    """The altitude on an even grid of distances, smoothed; None without two known altitudes and a metre of way.

    A centred mean over 35 m with a barometer, over 105 m from satellites (`barometric=None` is decided by `is_smooth`).
    The window is cut at both ends of the run, where it holds fewer points.
    """
    if altitude_m is None:
        return None
    trusted = is_smooth(course, altitude_m) if barometric is None else barometric
    window_m = _BAROMETER_WINDOW_M if trusted else _SATELLITE_WINDOW_M
    reached_m, height_m = _known(course, altitude_m)
    # The first of the points at each distance, which never falls.
    is_later = reached_m[1:] > reached_m[:-1]
    if not is_later.all():
        is_first = np.concatenate(([True], is_later))
        reached_m, height_m = reached_m.compress(is_first), height_m.compress(is_first)
    total_m = course.total_m
    if len(reached_m) < 2 or total_m < _SHORTEST_M:
        return None
    points = int(min(np.ceil(total_m / _GRID_M), _MOST_GRID_POINTS)) + 1
    grid_m = course.distance_m[0] + np.linspace(0.0, total_m, max(points, 2))
    height_m = np.interp(grid_m, reached_m, height_m)
    half = max(int(window_m / 2 / (grid_m[1] - grid_m[0])), 0)
    return ElevationProfile(distance_m=grid_m, altitude_m=_centred_mean(height_m, half))


def _known(course: DistanceTrack, altitude_m: Channel) -> tuple[Channel, Channel]:
    """The distances with a known altitude, and the altitudes."""
    known = known_altitudes(altitude_m)
    return (course.distance_m, altitude_m) if known.all() else (course.distance_m[known], altitude_m[known])


def _centred_mean(values: Channel, half: int) -> Channel:
    """Mean of the up to 2 * half + 1 values round each."""
    count, width = len(values), 2 * half + 1
    sums = running_sums(values - values[0])
    if count < width:
        index = np.arange(count)
        first, last = np.maximum(index - half, 0), np.minimum(index + half, count - 1) + 1
        return np.asarray(values[0] + (sums[last] - sums[first]) / (last - first))
    means = np.empty(count)
    np.subtract(sums[width:], sums[:-width], out=means[half : count - half])
    means[half : count - half] /= width
    # Windows that are cut at an end of the run.
    cut = np.arange(half + 1.0, width)
    means[:half] = sums[half + 1 : width] / cut
    means[count - half :] = (sums[-1] - sums[count - width + 1 : count - half]) / cut[::-1]
    means += values[0]
    return means


def _median(values: Channel, width: int) -> Channel:
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))
