"""One row for each run: what is stored of it by the API and by the athlete's own files counts once. Pure.

Storage keeps the two apart, because one expires and the other does not. Here the own file's row stands for both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from paceport.logbook.recordings.same_run import Recorded, is_same_run, pairs_at_one_time
from paceport.sports import RUN_SPORTS
from paceport.storage.postgres.athlete_rows import StoredResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRun:
    """The result that stands for a run, its `metrics` as they were stored, and how many results there are of it."""

    result: StoredResult
    metrics: Mapping[str, Any]
    recordings: int = 1

    @property
    def id(self) -> int:
        """The number of the activity; below zero for one of an own file."""
        return self.result.activity_id


def counted_runs(results: Sequence[StoredResult]) -> list[CountedRun]:
    """The runs of one athlete, each once, in order of time; other sports are left out.

    Several results are one run by the rule of the logbook (docs/metrics.md#one-run) as far as it goes without tracks:
    at one time, and of one distance or from the same second to the same second.
    """
    runs = [CountedRun(result=one, metrics=json.loads(one.metrics)) for one in results]
    runs = [one for one in runs if one.metrics.get("sport") in RUN_SPORTS]
    leader = {run.id: run.id for run in runs}
    for first, second in pairs_at_one_time([_recorded(run) for run in runs]):
        if is_same_run(first, second, (None, None)):
            low, high = sorted((_leader(leader, first.id), _leader(leader, second.id)))
            leader[high] = low
    groups: dict[int, list[CountedRun]] = {}
    for run in runs:
        groups.setdefault(_leader(leader, run.id), []).append(run)
    chosen = [replace(min(group, key=_rank), recordings=len(group)) for group in groups.values()]
    return sorted(chosen, key=lambda run: (run.result.started_at, run.id))


def _rank(run: CountedRun) -> tuple[object, ...]:
    """The smallest counts: own before what expires, then with samples, the longer one, at last the smaller number."""
    return not run.result.own_file, not run.metrics.get("samples"), -_number(run, "elapsed_time_s"), run.id


def _leader(leader: Mapping[int, int], run_id: int) -> int:
    while leader[run_id] != run_id:
        run_id = leader[run_id]
    return run_id


def _recorded(run: CountedRun) -> Recorded:
    distance_m = _number(run, "distance_m")
    return Recorded(
        id=run.id,
        is_own=bool(run.result.own_file),
        is_from_export=False,
        sport=str(run.metrics["sport"]),
        is_sport_open=False,
        start_s=run.result.started_at.timestamp(),
        duration_s=_number(run, "elapsed_time_s") or _number(run, "moving_time_s"),
        distances_m=(distance_m,) if distance_m > 0 else (),
        samples=int(_number(run, "samples")),
        doubts={},
        content="",
    )


def _number(run: CountedRun, name: str) -> float:
    value = run.metrics.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
