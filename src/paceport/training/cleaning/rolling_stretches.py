"""Where a recording goes on faster than its runner while the feet stand still: a bicycle or a scooter on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.training.cleaning.gaps import SHORTEST_GAP_S

if TYPE_CHECKING:
    from paceport.streams import Channel

STILL_SPM, STEPPING_SPM = 20.0, 100.0
SHORTEST_S, LEAST_STEPPING_S = 60.0, 300.0
TIMES_AS_FAST, LEAST_MPS = 1.3, 3.5


def rolling_stretches(time_s: Channel, step_m: Channel, cadence_spm: Channel | None) -> list[tuple[int, int]]:
    """(first, last) samples of each minute and more without a step that is a third faster than any minute with steps.

    `step_m` are the metres from each sample to the next, `cadence_spm` steps per minute at each sample, NaN or None
    where unknown. A sensor that fell silent shows no greater speed. Without five minutes of steps nothing is compared.
    """
    if cadence_spm is None or not len(step_m):
        return []
    lasted_s = steps_of(time_s)
    cadence = cadence_spm[1:]
    is_still = (cadence <= STILL_SPM) & (lasted_s <= SHORTEST_GAP_S)
    if float(lasted_s[is_still].sum()) < SHORTEST_S:
        return []
    is_stepping = (cadence >= STEPPING_SPM) & (lasted_s <= SHORTEST_GAP_S)
    moment_s, stepped_m = running_sums(np.where(is_stepping, lasted_s, 0.0)), running_sums(step_m * is_stepping)
    if moment_s[-1] < LEAST_STEPPING_S:
        return []
    starts_s = np.arange(0.0, moment_s[-1] - SHORTEST_S, SHORTEST_S / 4)
    minutes_m = np.interp(starts_s + SHORTEST_S, moment_s, stepped_m) - np.interp(starts_s, moment_s, stepped_m)
    least_mps = max(TIMES_AS_FAST * float(minutes_m.max()) / SHORTEST_S, LEAST_MPS)
    reached_m = running_sums(step_m)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_still, [False]))))
    return [
        (first, last)
        for first, last in edges.reshape(-1, 2).tolist()
        if time_s[last] - time_s[first] >= SHORTEST_S
        and reached_m[last] - reached_m[first] > least_mps * (time_s[last] - time_s[first])
    ]
