"""Best efforts of one run: those that can be believed, and faster ones that cannot, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.lazy_dataclass import dataclass
from paceport.training.cleaning.gaps import SHORTEST_GAP_S, WALKABLE_MPS
from paceport.training.cleaning.vehicle_stretches import vehicle_stretches
from paceport.training.metrics.best_efforts import STANDARD_SPANS_M, best_efforts
from paceport.training.metrics.personal_records import why_implausible
from paceport.training.metrics.stretches import BestEffort, DoubtfulEffort

if TYPE_CHECKING:
    from paceport.training.metrics.distance import DistanceTrack

MOST_REPAIRED_SHARE = 0.1
_MOST_TRIES = 5
Stretch = tuple[float, float]  # from one second to another


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEfforts:
    """The best effort over each span that can be believed, and the faster ones that were passed over for it."""

    believable: tuple[BestEffort, ...]
    doubtful: tuple[DoubtfulEffort, ...]


def run_efforts(
    course: DistanceTrack, *, repaired_s: Sequence[Stretch] = (), spans_m: Sequence[float] = STANDARD_SPANS_M
) -> RunEfforts:
    """The best efforts over these spans, each with the next one that can be believed where the best cannot.

    `repaired_s` are the stretches whose distance rests on repaired or doubtful samples. An effort is doubtful if it
    lies in a vehicle, if more than a tenth of its time lies in these stretches, or if it is faster than the world
    record. Behind it, the best one is looked for that has nothing of the doubtful stretch.
    Source: docs/metrics.md#doubtful-efforts.
    """
    vehicles = [] if course.total_m < 1.0 else _vehicles(course)
    believable, doubtful = list[BestEffort](), list[DoubtfulEffort]()
    for effort in best_efforts(course, spans_m):
        first = _doubt(effort, vehicles, repaired_s)
        if not first:
            believable.append(effort)
            continue
        doubtful.append(DoubtfulEffort(effort=effort, doubt=first))
        found = _next_believable(course, effort, vehicles, repaired_s)
        if found is not None:
            believable.append(found)
    return RunEfforts(believable=tuple(believable), doubtful=tuple(doubtful))


def _vehicles(course: DistanceTrack) -> list[Stretch]:
    """Where the run is at the speed of a vehicle; a single leap over a silence is none."""
    step_m = np.where(steps_of(course.time_s) > SHORTEST_GAP_S, 0.0, steps_of(course.distance_m))
    return [
        (float(course.time_s[first]), float(course.time_s[last]))
        for first, last in vehicle_stretches(course.time_s, step_m)
    ]


def _next_believable(
    course: DistanceTrack, effort: BestEffort, vehicles: Sequence[Stretch], repaired_s: Sequence[Stretch]
) -> BestEffort | None:
    """The best effort without anything doubtful; what is faster than the world record is cut out, again and again."""
    left = _without(course, [*vehicles, *repaired_s])
    for _ in range(_MOST_TRIES):
        if why_implausible(effort.span_m, effort.elapsed_time_s):
            left = _without(left, [_as_far_as_fast(course, effort)])
        found = best_efforts(left, [effort.span_m])
        if not found:
            return None
        effort = found[0]
        if not _doubt(effort, vehicles, repaired_s):
            return effort
    return None


def _as_far_as_fast(course: DistanceTrack, effort: BestEffort) -> Stretch:
    """The time of an effort, and round it as far as each step is faster than anybody runs for long."""
    speed_mps = steps_of(course.distance_m) / steps_of(course.time_s)
    first = int(np.searchsorted(course.time_s, effort.start_s, side="right")) - 1
    last = int(np.searchsorted(course.time_s, effort.end_s))
    while first > 0 and speed_mps[first - 1] > WALKABLE_MPS:
        first -= 1
    while last < len(speed_mps) and speed_mps[last] > WALKABLE_MPS:
        last += 1
    return float(course.time_s[max(first, 0)]), float(course.time_s[min(last, len(speed_mps))])


def _doubt(effort: BestEffort, vehicles: Sequence[Stretch], repaired_s: Sequence[Stretch]) -> str:
    because = why_implausible(effort.span_m, effort.elapsed_time_s)
    if because:
        return because
    if _overlap_s(effort, vehicles) > 0.0:
        return "part of it is at the speed of a vehicle"
    share = _overlap_s(effort, repaired_s) / effort.elapsed_time_s
    return f"{share:.0%} of it rests on repaired or doubtful samples" if share > MOST_REPAIRED_SHARE else ""


def _overlap_s(effort: BestEffort, stretches: Sequence[Stretch]) -> float:
    return sum(max(0.0, min(effort.end_s, end_s) - max(effort.start_s, start_s)) for start_s, end_s in stretches)


def _without(course: DistanceTrack, stretches: Sequence[Stretch]) -> DistanceTrack:
    """The same course, with gaps where no effort may lie."""
    cut = np.zeros(len(course.time_s) - 1, dtype=bool) if course.gaps is None else course.gaps.copy()
    for start_s, end_s in stretches:
        cut |= (course.time_s[:-1] < end_s) & (course.time_s[1:] > start_s)
    return replace(course, gaps=cut)
