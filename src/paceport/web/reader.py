"""The logbook as pages read it: one history for all requests until something changes."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from paceport.clock import Clock
from paceport.errors import Busy, PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.moments import parse_moment
from paceport.logbook.database.store import Store
from paceport.report.pages.answers import repeated_routes_of
from paceport.report.pages.snapshot import Snapshot
from paceport.training.compute import ComputedResults, compute_results
from paceport.training.history.athlete_facts import facts_expire_at
from paceport.training.history.history import History, read_history
from paceport.training.history.up_to_date import STORED_RESULTS_VERSION, is_up_to_date
from paceport.training.metrics.athlete import AthleteFacts
from paceport.units import Units
from paceport.web.sport_choice import units_of, usual_history

_Answer = TypeVar("_Answer")
# While an import writes hundreds of rows a second, its runs appear at this pace.
_SHORTEST_BETWEEN_READS_S = 2.0
# While results are computed, which change the logbook all the time, pages must not wait for it to be read again.
_BETWEEN_READS_WHILE_COMPUTING_S = 10.0
# Fewer runs are computed before anybody could read that they are.
_FEWEST_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What of the logbook is read, and how lengths are written.

    `given`, `timezone`, `not_records` and `form_sports` come from the settings. `choose_units` hears whether the
    athlete prefers miles (None: nobody said). `may_compute` lets missing results be computed and saved, and `computed`
    hears how that ended. `work_ahead` is worked out for every snapshot before anybody asks.
    """

    open_store: Callable[[], Store]
    choose_units: Callable[[bool | None], Units]
    given: AthleteFacts
    timezone: str | None = None
    own_only: bool = False
    not_records: Collection[int] = ()
    form_sports: tuple[str, ...] = ()
    may_compute: bool = True
    computed: Callable[[ComputedResults], object] = lambda _results: None
    work_ahead: Sequence[Callable[[Snapshot], object]] = (repeated_routes_of,)


class _Closing(Exception):
    """The reader is being closed: what is computed so far is saved, the rest when it is opened again."""


class LogbookReader:
    """Answers questions about the logbook on a thread of its own; close it at the end.

    A store belongs to one thread, so all of them wait for that one. What is missing is computed on a second thread
    with a store of its own, and what takes long is worked out on a third before anybody asks.
    """

    def __init__(self, options: ReadOptions, *, clock: Clock) -> None:
        self._options, self._clock = options, clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="logbook")
        self._background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="logbook-background")
        self._store: Store | None = None
        self._snapshot: Snapshot | None = None
        self._seen: tuple[int, ...] = ()
        self._read_at_s = 0.0
        self._expires_at: datetime | None = None
        self._tried: frozenset[int] = frozenset()
        self._is_checked = self._is_closing = False
        self._computing: tuple[int, int] | None = None

    @property
    def computing(self) -> tuple[int, int] | None:
        """How many of how many runs have been computed; None while nothing is, or so few that nobody waits."""
        computing = self._computing
        return None if computing is None or computing[1] < _FEWEST_TOLD else computing

    @property
    def thread(self) -> ThreadPoolExecutor:
        """Where `answer` must be called."""
        return self._thread

    def begin(self) -> None:
        """Read the logbook now, without waiting for it, so that the first page does not have to."""
        self._thread.submit(lambda: self.answer(lambda _snapshot, _store: None))

    def answer(self, question: Callable[[Snapshot, Store], _Answer]) -> _Answer:
        """The answer of the question to today's snapshot and the open store. Raises StoreErrors and Busy."""
        snapshot = self._current()
        assert self._store is not None
        return question(snapshot, self._store)

    def usual_noun(self) -> str:
        """What the activities of the logbook are called, as it was read last: runs, or rides where it has no run."""
        snapshot = self._snapshot
        return "runs" if snapshot is None or not snapshot.history.runs else snapshot.noun()

    def while_closed(self, work: Callable[[], _Answer]) -> _Answer:
        """What `work` gives while no store is open here; what was read is forgotten. Raises what `work` raises."""

        def on_thread() -> _Answer:
            self.wait_for_background()
            self._close_store()
            self._snapshot = None
            return work()

        return self._thread.submit(on_thread).result()

    def look_again(self) -> None:
        """See at the next question what was just changed; otherwise changes are looked for every two seconds."""
        self._read_at_s = -math.inf

    def compute_now(self, *, timeout_s: float = 3.0) -> None:
        """Compute what a change has left to be computed, so that the next page shows it; wait no longer than that."""
        if self._options.may_compute:
            with contextlib.suppress(TimeoutError):
                self._background.submit(self._compute).result(timeout_s)
        self.look_again()

    def wait_for_background(self) -> None:
        """Wait until all that is being computed is computed."""
        self._background.submit(lambda: None).result()

    def close(self) -> None:
        """Close the store, after what is being answered; a run that is being computed is finished first."""
        self._is_closing = True
        self._background.shutdown(wait=True, cancel_futures=True)
        self._thread.submit(self._close_store).result()
        self._thread.shutdown(wait=True)

    def _current(self) -> Snapshot:
        now = self._clock.now()
        if self._snapshot is not None and self._store is not None and not self._is_stale(self._store, now):
            return self._snapshot
        try:
            # Opening it erases what has expired meanwhile.
            opened = self._options.open_store().__enter__()
        except Busy:
            if self._snapshot is None or self._store is None or self._has_expired(now):
                raise
            # Another program holds the database for long: until it is done, what was read last is shown.
            self._read_at_s = self._clock.monotonic_s()
            return self._snapshot
        self._close_store()
        self._store = opened
        self._seen = self._store.change_counts()
        self._snapshot = self._read(self._store, now)
        self._read_at_s = self._clock.monotonic_s()
        self._expires_at = _first_expiry(self._store, self._snapshot.history)
        self._work_ahead(self._store, self._snapshot)
        return self._snapshot

    def _is_stale(self, store: Store, now: datetime) -> bool:
        assert self._snapshot is not None
        if self._has_expired(now):
            return True
        pause_s = _SHORTEST_BETWEEN_READS_S if self.computing is None else _BETWEEN_READS_WHILE_COMPUTING_S
        if self._clock.monotonic_s() - self._read_at_s < pause_s:
            return False
        return store.change_counts() != self._seen or self._snapshot.history.at(now).today != self._snapshot.today

    def _has_expired(self, now: datetime) -> bool:
        """Whether something that was read may not be shown any more."""
        return self._expires_at is not None and self._expires_at <= now

    def _read(self, store: Store, now: datetime) -> Snapshot:
        options = self._options
        every = read_history(
            store,
            now=now,
            given=options.given,
            timezone=options.timezone,
            own_only=options.own_only,
            not_records=options.not_records,
            with_routes=True,
            with_efforts=True,
            with_all_sports=True,
            form_sports=options.form_sports,
        )
        history, later = every.split_by_today()
        units = options.choose_units(history.facts.prefers_miles)
        count = len(later) or len(every.activities) - len(history.activities)
        usual = usual_history(history)
        return Snapshot(history=usual, units=units_of(usual, units), later=count)

    def _work_ahead(self, store: Store, snapshot: Snapshot) -> None:
        if self._options.may_compute and not store.read_only_because:
            self._compute_missing(store)
        for work_out in self._options.work_ahead:
            self._background.submit(work_out, snapshot)

    def _compute_missing(self, store: Store) -> None:
        pending, options = _pending(store), self._options
        # Settings may have changed while no server ran, so that loads are to be computed again, and no run is.
        is_other = not self._is_checked and not is_up_to_date(
            store, given=options.given, not_records=options.not_records
        )
        self._is_checked = True
        # What was tried and is still missing cannot be read; trying it at every look would never end.
        if pending - self._tried or is_other:
            self._tried, self._computing = pending, (0, len(pending))
            self._background.submit(self._compute)

    def _compute(self) -> None:
        def progress(done: int, total: int) -> None:
            self._computing = (done, total)
            if self._is_closing:
                raise _Closing

        given, not_records = self._options.given, self._options.not_records
        try:
            with self._options.open_store() as store:
                found = compute_results(store, given=given, not_records=not_records, progress=progress)
                # A run that is changed later must be computed again, though it was computed once.
                self._tried = _pending(store)
            self._options.computed(found)
        except _Closing:
            pass
        except PaceportError:
            # Another program is writing, or the disk is full. Pages show what there is, and commands will say why.
            self._tried = frozenset()
        finally:
            self._computing = None
            self.look_again()

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


def _pending(store: Store) -> frozenset[int]:
    """The activities whose results are missing."""
    return frozenset(one.activity_id for one in store.pending_results(STORED_RESULTS_VERSION))


def _first_expiry(store: Store, history: History) -> datetime | None:
    """When the first value that the API gave must no longer be shown; None where there is none."""
    if history.is_own_only:
        return None
    moments = [parse_moment(until) for _, until in store.run_rows.with_cached_values()]
    facts = facts_expire_at(store, history.facts)
    return min([*moments, *([facts] if facts is not None else [])], default=None)
