"""All runs as values: what every question about more than one run starts from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from paceport.lazy_dataclass import dataclass
from paceport.sports import RUN_SPORTS
from paceport.time_zones import find_zone
from paceport.training.history.activity_loads import LoadScale, compute_loads, kept_scale, other_recordings
from paceport.training.history.athlete_facts import SourcedFacts, read_facts
from paceport.training.history.cache_share import CacheShare
from paceport.training.history.run import Run
from paceport.training.history.stored_run import StoredRun, stored_run
from paceport.training.metrics.athlete import AthleteFacts

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.metrics.personal_records import Attempt


_Choices = ParamSpec("_Choices")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Every run, oldest first; the athlete; every best effort with why it must not count.

    `attempts` is empty where efforts were not read. It is read at `now`, which has its local date in `zone`.
    `runs` are of the `sports` that were asked for, None for all of them. `activities` are those of every sport, and
    none or the same as `runs` where they were not read. `scale` says what the loads are, `form_sports` which sports
    count in fitness and form (empty: all). `set_aside` are the runs that a person rejected or excluded: no time of them
    counts, whether or not they have efforts; empty where efforts were not read.
    """

    runs: tuple[Run, ...]
    attempts: tuple[Attempt, ...]
    facts: SourcedFacts
    now: datetime
    zone: str | None
    is_own_only: bool
    activities: tuple[Run, ...] = ()
    sports: tuple[str, ...] | None = RUN_SPORTS
    scale: LoadScale = field(default_factory=LoadScale)
    form_sports: tuple[str, ...] = ()
    set_aside: frozenset[int] = frozenset()

    @property
    def today(self) -> date:
        """The local date."""
        return _local_day(self.now, self.zone)

    def at(self, now: datetime) -> History:
        """The same runs as seen at another moment."""
        return replace(self, now=now)

    def split_by_today(self) -> tuple[History, tuple[Run, ...]]:
        """The history up to today, and the runs that are dated later: a clock was wrong, then or now."""
        last = self.today + timedelta(days=1)  # where a run was, it may be tomorrow already
        later = tuple(run for run in self.runs if run.day > last)
        if not later:
            return replace(self, activities=tuple(run for run in self.activities if run.day <= last)), ()
        ids = {run.id for run in later}
        past = replace(
            self,
            runs=tuple(run for run in self.runs if run.id not in ids),
            activities=tuple(run for run in self.activities if run.day <= last),
            attempts=tuple(one for one in self.attempts if one.run_id not in ids),
        )
        return past, later

    def counted_in_form(self) -> tuple[Run, ...]:
        """The activities whose loads make fitness and form."""
        everything = self.activities or self.runs
        if not self.form_sports:
            return everything
        return tuple(run for run in everything if run.sport in self.form_sports)

    def by_id(self) -> dict[int, Run]:
        """The runs by their id."""
        return {run.id: run for run in self.runs}

    def cache_share(self) -> CacheShare:
        """What of this comes from the API, and until when it may be kept."""
        expiries = [run.expires_at for run in self.runs if run.expires_at is not None]
        return CacheShare(
            runs=len(expiries), first_expiry=min(expiries, default=None), last_expiry=max(expiries, default=None)
        )


def _of_one_moment(
    read: Callable[Concatenate[Store, _Choices], _Read],
) -> Callable[Concatenate[Store, _Choices], _Read]:
    """Rows, results and efforts belong together: none may be from before and none from after what another writes."""

    @functools.wraps(read)
    def at_once(store: Store, /, *given: _Choices.args, **choices: _Choices.kwargs) -> _Read:
        with store.one_moment():
            return read(store, *given, **choices)

    return at_once


@_of_one_moment
def read_history(
    store: Store,
    *,
    now: datetime,
    given: AthleteFacts | None = None,
    timezone: str | None = None,
    own_only: bool = False,
    not_records: Collection[int] = (),
    with_routes: bool = False,
    with_efforts: bool = True,
    sports: tuple[str, ...] | None = RUN_SPORTS,
    with_all_sports: bool = False,
    form_sports: tuple[str, ...] = (),
    newest: int | None = None,
) -> History:
    """Everything computed so far; call `compute_results` first. Nothing is written.

    `given` are facts of the settings, `timezone` the setting that says what day it is (else the newest run's zone),
    `not_records` ids of runs that must not set records. Polylines are read only `with_routes`, best efforts only
    `with_efforts`, `activities` `with_all_sports`. `sports` are the SportTypes that `runs` are of, None for all. With
    `newest`, so many runs are enough.
    """
    is_of_runs = sports == RUN_SPORTS and not with_all_sports and not with_efforts
    ids = store.run_rows.newest_ids(newest, own_only=own_only) if newest is not None and is_of_runs else None
    rows = store.run_rows.runs(own_only=own_only, sports=None if with_all_sports else sports, ids=ids)
    highest_bpm = _highest_bpm(store, rows if ids is None else (), own_only)
    facts = read_facts(store, given=given or AthleteFacts(), highest_bpm=highest_bpm, own_only=own_only)
    scale = _put_loads(store, facts.athlete, rows, own_only=own_only)
    others = other_recordings(store, own_only=own_only)
    wanted = None if ids is None else ids.union(*(others.get(one, ()) for one in ids))
    results = store.run_rows.results(own_only=own_only, with_routes=with_routes, ids=wanted)
    activities = tuple(_stored_runs(rows, results, others, facts.athlete))
    runs = activities if sports is None else tuple(run for run in activities if run.row["sport"] in sports)
    zone = timezone or next((run.timezone for run in reversed(activities) if run.timezone), None)
    efforts = _efforts(store, runs, not_records, own_only=own_only) if with_efforts else {"attempts": ()}
    asked: dict[str, Any] = {"sports": sports, "form_sports": form_sports, "now": now, "is_own_only": own_only}
    asked |= {"runs": runs, "activities": activities} | efforts
    return History(scale=scale, facts=facts, zone=zone, **asked)


def _stored_runs(
    rows: Iterable[dict[str, Any]],
    results: dict[int, dict[str, Any]],
    others: Mapping[int, Sequence[int]],
    athlete: AthleteFacts,
) -> Iterator[StoredRun]:
    athlete_in = athlete.by_year()
    for row in rows:
        heart = _with_heart(results, _key(row, results), others.get(row["id"], ()))
        yield stored_run(row, heart, athlete_in(int(row["local_start"][:4])))


def read_recording(store: Store, history: History, activity_id: int) -> Run | None:
    """One recording of a run by itself, as the run would be without the others; None where there is none of that id."""
    row = store.run_rows.recording(activity_id, own_only=history.is_own_only)
    if row is None:
        return None
    results = store.run_rows.results(own_only=history.is_own_only, with_routes=False)
    athlete = history.facts.athlete.by_year()(int(row["local_start"][:4]))
    return stored_run(row, results.get(_key(row, results), {}), athlete)


def _highest_bpm(store: Store, rows: Sequence[dict[str, Any]], own_only: bool) -> Iterator[float]:
    """The highest heart rates of the runs, else of every activity, whichever sports the rows are of.

    Read when somebody asks: where minutes of the runs show a maximum, nobody does.
    """
    found = [row["max_heartrate_bpm"] for row in rows if row["sport"] in RUN_SPORTS and row["max_heartrate_bpm"]]
    yield from found or store.run_rows.highest_heart_rates(own_only=own_only)


def _put_loads(store: Store, athlete: AthleteFacts, rows: Iterable[dict[str, Any]], *, own_only: bool) -> LoadScale:
    """What scale the loads of the rows are on; loads that were stored for other facts are put right first."""
    scale = kept_scale(store, athlete, own_only=own_only)
    if scale is not None:
        return scale
    loads, scale = compute_loads(store, athlete, own_only=own_only)
    found = {one.activity_id: one for one in loads.loads}
    for row in rows:
        one = found.get(row["id"])
        row["training_load"], row["load_source"] = (one.load, one.source) if one else (None, None)
    return scale


def _with_heart(results: dict[int, dict[str, Any]], key: int, others: Sequence[int]) -> dict[str, Any]:
    """The results of a run. A heart rate that it lacks is that of another recording, own or cached."""
    result = results.get(key, {})
    if result.get("heart") is not None:
        return result
    hearts = (results[one]["heart"] for one in others if one in results)
    return result | {"heart": next((heart for heart in hearts if heart is not None), None)}


def _key(row: dict[str, Any], results: dict[int, dict[str, Any]]) -> int:
    """Under which activity the run's results stand: an own run without a track may have a twin in the cache."""
    own, at_strava = int(row["id"]), row["strava_id"]
    return own if own in results or at_strava not in results else int(at_strava)


def _efforts(store: Store, runs: tuple[Run, ...], not_records: Collection[int], *, own_only: bool) -> dict[str, object]:
    """The `attempts` of a history, and the runs that are `set_aside`: rejected, or excluded by the settings alone."""
    words = store.run_rows.record_words(own_only=own_only)
    confirmed = {run_id for run_id, is_confirmed in words.items() if is_confirmed}
    excluded = {run.id for run in runs if not_records and {run.id, run.strava_id} & {*not_records}} - confirmed
    return {
        "attempts": tuple(_attempts(store, runs, excluded, own_only=own_only)),
        "set_aside": frozenset(excluded | (words.keys() - confirmed)),
    }


def _attempts(store: Store, runs: tuple[Run, ...], excluded: Set[int], *, own_only: bool) -> Iterator[Attempt]:
    from paceport.training.metrics.personal_records import Attempt

    starts = {run.id: run.start for run in runs}
    for run_id, span_m, elapsed_s, doubt in store.run_rows.efforts(own_only=own_only):
        if run_id in starts:
            # Where the logbook can only be read, the settings may say more than is stored.
            because = doubt or ("you excluded this run" if run_id in excluded else None)
            yield Attempt(run_id, starts[run_id], span_m, elapsed_s, because)


def _local_day(now: datetime, timezone: str | None) -> date:
    zone = find_zone(timezone)
    return now.astimezone(zone).date() if zone else now.date()
