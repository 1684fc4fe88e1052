"""One or two points elsewhere, long after a recording: apps that were left on write them."""

from __future__ import annotations

import numpy as np

from paceport.channels import known_places, steps_of
from paceport.formats.tracks.sample_table import Samples
from paceport.geodesy import apart_m

FEWEST_SAMPLES = 20
LONG_AFTER_S, FAR_M = 900.0, 50.0
TIMES_USUAL = 20.0


def without_points_after_end(samples: Samples, notes: list[str]) -> Samples:
    """The samples without one or two at the end that come a quarter of an hour later or more, and 50 m away or more.

    A device that writes few points keeps them: the silence is at least twenty times as long as usual. So does one that
    counted the way there.
    """
    known = known_places(samples.epoch_s)
    latitude, longitude = samples.channels.get("latitude_deg"), samples.channels.get("longitude_deg")
    if len(known) < FEWEST_SAMPLES or latitude is None or longitude is None:
        return samples
    if (steps_of(samples.epoch_s[known[-3:]]) < LONG_AFTER_S).all():
        return samples
    steps_s = steps_of(samples.epoch_s[known])
    shortest_s = max(LONG_AFTER_S, TIMES_USUAL * float(np.median(steps_s)))
    for count in (1, 2):
        left, entered = known[-count - 1], known[-count]
        away_m = apart_m(*(float(each[at]) for at in (left, entered) for each in (latitude, longitude)))
        if steps_s[-count] >= shortest_s and away_m >= FAR_M and not _is_counted(samples, left, entered):
            notes.append(f"{count} points long after the end were left out")
            return samples.select(np.arange(entered))
    return samples


def _is_counted(samples: Samples, left: int, entered: int) -> bool:
    counter_m = samples.channels.get("distance_m")
    return counter_m is not None and float(counter_m[entered] - counter_m[left]) >= FAR_M
