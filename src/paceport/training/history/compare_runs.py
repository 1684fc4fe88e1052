"""What only a comparison with the athlete's other runs shows: efforts beyond them, and runs that look like races.

Own runs are compared with own runs alone, since nothing that Strava said goes into own.db; cached ones with all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from paceport.training.metrics.own_bests import BeyondOthers, RunBest, beyond_other_runs, is_no_run
from paceport.training.metrics.race_season import RaceCandidate, likely_races, race_reason
from paceport.training.metrics.signs_of_running import RunSigns, without_signs
from paceport.training.metrics.span_names import span_name
from paceport.units import duration_text

if TYPE_CHECKING:
    from paceport.logbook.database.assessment_rows import AssessmentRows, ComparedEffort, ComparedRun
    from paceport.logbook.database.store import Store

_ROUNDS = 3  # what was found doubtful vouches for nothing else
_MOST_GAINED_SHARE = 0.01


def compare_runs(store: Store, *, not_records: Collection[int] = ()) -> None:
    """Bring up to date what is stored of comparisons; call it after runs were computed or changed.

    `not_records` are ids of runs that the settings exclude from records.
    """
    rows = store.assessment_rows
    rows.mark_excluded(_excluded_runs(store, not_records) if not_records else frozenset())
    _compare(rows, is_own=True)
    if rows.has_cached():
        _compare(rows, is_own=False)


def _excluded_runs(store: Store, not_records: Collection[int]) -> frozenset[int]:
    """These activities and the runs that they stand for: an id may be that at Strava, or that of another recording."""
    others = store.recording_rows.others()
    names = store.run_rows.run_names(own_only=False)
    found = {one.id for one in names if one.strava_id in not_records}
    return frozenset({*not_records, *found, *(others[one].run_id for one in not_records if one in others)})


def _compare(rows: AssessmentRows, *, is_own: bool) -> None:
    efforts, runs = rows.efforts(own_only=is_own), rows.runs(own_only=is_own)
    doubts, rides = _doubts(efforts, without_signs(_signs(run) for run in runs))
    believed = [one for one in efforts if (one.run_id, one.span_m) not in doubts]
    races = _races(runs, believed)
    rows.save(
        doubts={
            (one.run_id, one.span_m): doubts.get((one.run_id, one.span_m), "")
            for one in efforts
            if one.doubt_by_others != doubts.get((one.run_id, one.span_m), "")
        },
        rides={
            run.run_id: rides.get(run.run_id, "") for run in runs if run.doubt_by_others != rides.get(run.run_id, "")
        },
        races={run.run_id: races.get(run.run_id, "") for run in runs if run.race_signs != races.get(run.run_id, "")},
        database="main" if is_own else "cache",
    )


def _signs(run: ComparedRun) -> RunSigns:
    return RunSigns(
        run.run_id,
        f"{run.name} race" if run.is_race else run.name,
        run.distance_m,
        run.heartrate_bpm,
        run.cadence_spm,
    )


def _doubts(
    efforts: Sequence[ComparedEffort], unvouched: Collection[int]
) -> tuple[dict[tuple[int, float], str], dict[int, str]]:
    """Why efforts are doubted, by run and distance, and why whole runs are.

    `unvouched` are the runs that have no sign of running.
    """
    bests = [RunBest(one.run_id, one.span_m, one.elapsed_s) for one in efforts]
    longest_m: dict[int, float] = {}
    for best in bests:
        longest_m[best.run_id] = max(best.span_m, longest_m.get(best.run_id, 0.0))
    found: dict[tuple[int, float], str] = {}
    rides: dict[int, str] = {}
    for _ in range(_ROUNDS):
        beyond = beyond_other_runs([one for one in bests if (one.run_id, one.span_m) not in found], unvouched)
        if not beyond:
            break
        found |= _with_longer_ones(efforts, beyond) | _with_shorter_ones(bests, beyond)
        for one in beyond:
            if one.best.span_m == longest_m[one.best.run_id] and is_no_run(one):
                rides[one.best.run_id] = _beyond_text(one)
    return found, rides


def _with_shorter_ones(bests: Sequence[RunBest], beyond: Sequence[BeyondOthers]) -> dict[tuple[int, float], str]:
    """These efforts, and those over shorter distances of the same runs: a ride is one over 400 m, too."""
    longest: dict[int, BeyondOthers] = {}
    for one in beyond:
        standing = longest.get(one.best.run_id)
        if standing is None or one.best.span_m > standing.best.span_m:
            longest[one.best.run_id] = one
    return {
        (best.run_id, best.span_m): _beyond_text(longest[best.run_id])
        for best in bests
        if best.run_id in longest and best.span_m <= longest[best.run_id].best.span_m
    }


def _with_longer_ones(
    efforts: Sequence[ComparedEffort], beyond: Sequence[BeyondOthers]
) -> dict[tuple[int, float], str]:
    """Efforts over longer distances of the same runs that owe these more than a hundredth of their time."""
    by_run: dict[int, list[ComparedEffort]] = {}
    for effort in efforts:
        by_run.setdefault(effort.run_id, []).append(effort)
    found: dict[tuple[int, float], str] = {}
    for one in beyond:
        of_run, lasted_s = by_run[one.best.run_id], one.best.elapsed_time_s
        start_s = next(each.start_s for each in of_run if each.span_m == one.best.span_m)
        for each in of_run:
            shared_s = min(each.start_s + each.elapsed_s, start_s + lasted_s) - max(each.start_s, start_s)
            gained_s = (one.allowed_s - lasted_s) * shared_s / lasted_s
            if each.span_m > one.best.span_m and gained_s > _MOST_GAINED_SHARE * each.elapsed_s:
                found[each.run_id, each.span_m] = f"part of it is doubtful: {_beyond_text(one)}"
    return found


def _beyond_text(one: BeyondOthers) -> str:
    told = f"{duration_text(one.best.elapsed_time_s)} over {span_name(one.best.span_m)}"
    allowed = duration_text(one.allowed_s)
    if one.lacks_signs:
        return (
            f"{told} is faster than the {allowed} that your other runs make possible, and no heart rate, cadence, "
            "title or race distance says that it was run"
        )
    return f"{told} is far faster than the {allowed} that your other runs make possible"


def _races(runs: Sequence[ComparedRun], efforts: Sequence[ComparedEffort]) -> dict[int, str]:
    """What speaks for a race, by run."""
    bests: dict[int, list[tuple[float, float]]] = {}
    for one in efforts:
        bests.setdefault(one.run_id, []).append((one.span_m, one.elapsed_s))
    candidates = [
        RaceCandidate(
            run_id=run.run_id,
            day=date.fromisoformat(run.local_date),
            title=run.name,
            distance_m=run.distance_m,
            elapsed_time_s=run.elapsed_time_s,
            moving_time_s=run.moving_time_s or run.elapsed_time_s,
        )
        for run in runs
        if run.distance_m and run.elapsed_time_s and run.distance_m > 0 and run.elapsed_time_s > 0
    ]
    return {
        run_id: race_reason(signs, None if signs.standard_m is None else span_name(signs.standard_m))
        for run_id, signs in likely_races(candidates, bests).items()
    }
