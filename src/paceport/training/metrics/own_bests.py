"""Which efforts are faster than the athlete's other runs make possible. No arrays here."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable
from typing import NamedTuple

from paceport.training.metrics.race_prediction import RIEGEL_EXPONENT

FEWEST_OTHER_RUNS = 5
_REFERENCE_SHARE, _REFERENCE_RANK = 0.05, 2
# Without any sign of running, an effort may take no less than that share of what the third best of the others allows.
FEWEST_OTHERS_TO_TELL, _TELLING_RANK = 10, 3
_LEAST_SHARES_WITHOUT_SIGNS = ((900.0, 0.0), (3300.0, 0.90), (math.inf, 0.93))
_NO_RUN_SHARE, _FAR_M = 0.85, 3300.0
_LARGEST_STRETCH = 4.0  # of a distance to an effort that says something about it
# Up to this distance, an effort may take no less than that share of what the others allow. Short efforts vary more: who
# has only ever jogged still has a sprint.
_LEAST_SHARES = ((900.0, 0.55), (3300.0, 0.65), (math.inf, 0.72))


class RunBest(NamedTuple):
    """The fastest time of one run over one distance."""

    run_id: int
    span_m: float
    elapsed_time_s: float


class BeyondOthers(NamedTuple):
    """An effort, and the time that the athlete's other runs allow over its distance.

    `lacks_signs`: it would be possible if anything of its run vouched for it.
    """

    best: RunBest
    allowed_s: float
    lacks_signs: bool = False


def beyond_other_runs(bests: Iterable[RunBest], without_signs: Collection[int] = ()) -> list[BeyondOthers]:
    """The efforts that no other run comes near; `without_signs` are the ids of runs that little vouches for.

    Over each distance, every run has the best time that Riegel's law makes of its efforts over a quarter of that
    distance to four times as much. The reference is the time that a twentieth of the other runs reach, at least two:
    one other bad recording does not vouch for this one. With fewer than five other runs nothing is judged. A run
    without signs is held more closely to the third best of ten others and more. Expects times and distances above 0.
    Source: docs/metrics.md#doubtful-efforts.
    """
    by_run: dict[int, dict[float, float]] = {}
    known = list(bests)
    for run_id, span_m, time_s in known:
        times = by_run.setdefault(run_id, {})
        times[span_m] = min(time_s, times.get(span_m, math.inf))
    found: list[BeyondOthers] = []
    by_span: dict[float, list[RunBest]] = {}
    for one in known:
        by_span.setdefault(one.span_m, []).append(one)
    for span_m, efforts in by_span.items():
        equivalent = _equivalents(by_run, span_m)
        rising_s = sorted(equivalent.values())
        for one in efforts:
            allowed_s = _reference_s(rising_s, equivalent.get(one.run_id))
            if allowed_s is not None and one.elapsed_time_s < least_share(span_m) * allowed_s:
                found.append(BeyondOthers(one, allowed_s))
            elif one.run_id in without_signs:
                allowed_s = _telling_s(rising_s, equivalent.get(one.run_id))
                if allowed_s is not None and one.elapsed_time_s < _share_without_signs(span_m) * allowed_s:
                    found.append(BeyondOthers(one, allowed_s, lacks_signs=True))
    return found


def is_no_run(one: BeyondOthers) -> bool:
    """Whether a run whose longest effort this is was none at all: a sixth faster than what is possible, and far."""
    share = _NO_RUN_SHARE if one.best.span_m > _FAR_M else least_share(one.best.span_m)
    return one.best.elapsed_time_s < share * one.allowed_s


def least_share(span_m: float) -> float:
    """How small a share of the time that other runs allow an effort over that distance may take."""
    return next(share for most_m, share in _LEAST_SHARES if span_m <= most_m)


def _share_without_signs(span_m: float) -> float:
    return next(share for most_m, share in _LEAST_SHARES_WITHOUT_SIGNS if span_m <= most_m)


def _equivalents(by_run: dict[int, dict[float, float]], span_m: float) -> dict[int, float]:
    """The time over a distance that each run makes possible by Riegel's law."""
    spans = {other_m for times in by_run.values() for other_m in times}
    factors = {
        other_m: (span_m / other_m) ** RIEGEL_EXPONENT
        for other_m in spans
        if span_m / _LARGEST_STRETCH <= other_m <= span_m * _LARGEST_STRETCH
    }
    found: dict[int, float] = {}
    for run_id, times in by_run.items():
        near = [time_s * factors[other_m] for other_m, time_s in times.items() if other_m in factors]
        if near:
            found[run_id] = min(near)
    return found


def _reference_s(times: list[float], own_s: float | None) -> float | None:
    """The time that enough of the others reach; `own_s` is the judged run's own among the rising `times`."""
    others = len(times) - (own_s is not None)
    if others < FEWEST_OTHER_RUNS:
        return None
    return _without_own(times, own_s, max(_REFERENCE_RANK, math.ceil(_REFERENCE_SHARE * others)) - 1)


def _telling_s(times: list[float], own_s: float | None) -> float | None:
    """The time that three of ten others and more reach."""
    others = len(times) - (own_s is not None)
    return _without_own(times, own_s, _TELLING_RANK - 1) if others >= FEWEST_OTHERS_TO_TELL else None


def _without_own(times: list[float], own_s: float | None, place: int) -> float:
    """The time at that place of the others."""
    return times[place + (own_s is not None and bisect_left(times, own_s) <= place)]
