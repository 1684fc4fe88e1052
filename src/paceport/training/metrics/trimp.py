"""Training load of one run from its heart rate. Plain Python: loads are asked for without the arrays of a track."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

Sex = Literal["male", "female"]
TrimpVariant = Literal["banister", "fellrnr"]
_HIGHEST_BPM = 300
_EDWARDS_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)


def banister_trimp(
    heartrate_bpm: Iterable[float],
    seconds: Iterable[float],
    *,
    rest_bpm: float,
    max_bpm: float,
    sex: Sex | None = None,
    variant: TrimpVariant = "banister",
) -> float | None:
    """Banister's training impulse, summed over samples; None unless `rest_bpm` lies below `max_bpm`.

    Minutes · x · a·e^(k·x), x the share of the heart rate reserve, held within 0 and 1. Men a 0.64, k 1.92; women
    a 0.86, k 1.67 (the "fellrnr" variant keeps 0.64 for both). An unknown sex gets the male constants, as in
    other tools. Source: docs/metrics.md#trimp.
    """
    if not rest_bpm < max_bpm:
        return None
    factor, exponent = (0.86, 1.67) if sex == "female" else (0.64, 1.92)
    if variant == "fellrnr":
        factor = 0.64
    reserve_bpm, exp = max_bpm - rest_bpm, math.exp
    impulse = 0.0
    for rate, spent_s in zip(heartrate_bpm, seconds, strict=True):
        share = min(max((rate - rest_bpm) / reserve_bpm, 0.0), 1.0)
        impulse += spent_s * share * exp(exponent * share)
    return float(impulse * factor / 60.0)


@lru_cache(maxsize=64)
def banister_weights(
    rest_bpm: float, max_bpm: float, sex: Sex | None, variant: TrimpVariant
) -> tuple[float, ...] | None:
    """What a second at each whole rate from 0 to 300 bpm adds to `banister_trimp`; None where that is None."""
    weights = [
        banister_trimp([rate], [1.0], rest_bpm=rest_bpm, max_bpm=max_bpm, sex=sex, variant=variant)
        for rate in range(_HIGHEST_BPM + 1)
    ]
    return tuple(weight for weight in weights if weight is not None) or None


def edwards_trimp(heartrate_bpm: Iterable[float], seconds: Iterable[float], *, max_bpm: float) -> float | None:
    """Edwards' load: minutes in the five tenths from 50 % of the maximum up, weighed 1 to 5; below counts nothing."""
    if max_bpm <= 0:
        return None
    samples = zip(heartrate_bpm, seconds, strict=True)
    return float(sum(spent_s / 60.0 * bisect_right(_EDWARDS_SHARES, rate / max_bpm) for rate, spent_s in samples))


def heartrate_stress(
    trimp: float,
    *,
    threshold_bpm: float,
    rest_bpm: float,
    max_bpm: float,
    sex: Sex | None,
    variant: TrimpVariant = "banister",
) -> float | None:
    """hrTSS: the load as a percentage of one hour at the lactate threshold; None where that hour is worth nothing.

    `variant` must be the one `trimp` was computed with.
    """
    hour = banister_trimp([threshold_bpm], [3600.0], rest_bpm=rest_bpm, max_bpm=max_bpm, sex=sex, variant=variant)
    return 100.0 * trimp / hour if hour else None
