"""A sync, from its plan to its report."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import datetime

from paceport.api.client.client import Client
from paceport.clock import Clock
from paceport.errors import Busy, RateLimited, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.moments import parse_moment
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.athlete import due_athlete_facts
from paceport.logbook.syncing.deletions import follow_deletions, is_mass_loss, missing_from_list
from paceport.logbook.syncing.details import Fetcher, quarantine_key_of
from paceport.logbook.syncing.listing import Lister, SyncState
from paceport.logbook.syncing.plan import FetchPlan, Schedule, is_complete_due, listing_cost, plan_fetches, schedule
from paceport.logbook.syncing.sync_lock import hold_sync_lock
from paceport.logbook.syncing.sync_report import SyncReport, SyncTally
from paceport.logbook.syncing.write_activity import match_own_data, write_missing_activities


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCallbacks:
    """How a sync speaks: `plan` hears each part's schedule before it begins, `step` of (done, total) requests.

    `accept` is asked whether (vanished, known) activities shall be taken for deleted; `requests` counts what was sent.
    """

    plan: Callable[[str, Schedule, int], None] = lambda _what, _schedule, _held_back: None
    step: Callable[[int, int], None] = lambda _done, _total: None
    accept: Callable[[int, int], bool] = lambda _vanished, _known: False
    requests: Callable[[], int] = lambda: 0


def sync(
    *,
    store: Store,
    client: Client,
    clock: Clock,
    login: str,
    is_proof: bool,
    keep: int = 0,
    accept_deletions: bool = False,
    talk: SyncCallbacks | None = None,
) -> SyncReport:
    """Bring the cached part up to date, as far as the budget allows; what is left is done by the next sync.

    `login` names the athlete and server: a cache never mixes two. `is_proof` says that the login sees every activity,
    so that absence means deletion. Every request's outcome is saved before the next one goes: it may be stopped
    anywhere. Raises Busy where another sync runs, RateLimited where not even the list could be read, UsageError for
    another login's cache, and what ends every request: LoginNeeded, AppInactive, ScopeMissing, NetworkError.
    """
    with _only_sync(store):
        run = _SyncRun(
            store=store,
            client=client,
            clock=clock,
            keep=keep,
            is_proof=is_proof,
            callbacks=talk or SyncCallbacks(),
            tally=SyncTally(),
        )
        run.check_login(login)
        store.cached.purge()
        write_missing_activities(store)
        run.read_list(accept_deletions=accept_deletions)
        left, held_back = run.fetch()
        return run.report(left, held_back)


def is_sync_running(store: Store) -> bool:
    """Whether some process syncs into this cache at this moment."""
    try:
        with _only_sync(store):
            return False
    except Busy:
        return True


def _only_sync(store: Store) -> AbstractContextManager[None]:
    return hold_sync_lock(store.cache_path.parent, what="Another sync is running")


@dataclass(slots=True, kw_only=True)
class _SyncRun:
    store: Store
    client: Client
    clock: Clock
    keep: int
    is_proof: bool
    callbacks: SyncCallbacks
    tally: SyncTally
    state: SyncState = field(init=False)

    def __post_init__(self) -> None:
        self.state = SyncState(store=self.store, clock=self.clock)

    def check_login(self, login: str) -> None:
        stored = self.store.cached.state("login")
        if stored is not None and stored != login:
            raise UsageError(
                what="The cache holds the data of another login",
                why=f"it belongs to {stored}, this login is {login}",
                fix="use another profile (--profile NAME), or erase the cache: paceport purge --all",
            )
        self.state.set("login", login)

    def read_list(self, *, accept_deletions: bool) -> None:
        lister = Lister(store=self.store, client=self.client, clock=self.clock, tally=self.tally, state=self.state)
        is_due = is_complete_due(self.state.complete_at(), self.clock.now())
        known = len(self.store.synced.listed_digests())
        self._plan(
            "the list of activities", listing_cost(known, is_complete=is_due), is_list_known=known > 0 or not is_due
        )
        if not is_due or not lister.list_all():
            lister.list_newer()
        self._follow_deletions(
            missing_from_list(self.store, complete_at=self.state.complete_at() if lister.has_all_ids else None),
            accept_deletions=accept_deletions,
        )
        match_own_data(self.store)

    def _follow_deletions(self, missing: list[int], *, accept_deletions: bool) -> None:
        if not missing and not self.tally.is_complete:
            return
        known = len(self.store.synced.listed_digests())
        is_mass = is_mass_loss(len(missing), known)
        is_accepted = accept_deletions or (is_mass and self.callbacks.accept(len(missing), known))
        follow_deletions(
            missing,
            store=self.store,
            now=self.clock.now(),
            tally=self.tally,
            is_accepted=is_accepted,
            is_proof=self.is_proof,
        )

    def fetch(self) -> tuple[int, int]:
        rates = self.client.rates()
        now = self.clock.now()
        refusals = self.store.synced.refusals()
        candidates = self.store.synced.candidates()
        blocked = [
            one.activity_id
            for one in candidates
            if quarantine_key_of(one.activity_id) in refusals and refusals[quarantine_key_of(one.activity_id)][0] > now
        ]
        work = plan_fetches(
            candidates,
            now=now,
            day_reads=rates.read.day_limit if rates else None,
            blocked=frozenset(blocked),
            facts=due_athlete_facts(self.store, self.client, now=now),
        )
        if not work.request_count:
            return 0, work.held_back
        self._plan(_describe(work), work.request_count, held_back=work.held_back)
        fetcher = Fetcher(
            store=self.store, client=self.client, clock=self.clock, tally=self.tally, is_proof=self.is_proof
        )
        try:
            return fetcher.run(work, self.callbacks.step), work.held_back
        except RateLimited as error:
            self.tally.stopped = f"{error.what}, until {error.until:%H:%M} UTC" if error.until else error.what
            done = len(self.tally.facts) + self.tally.details + self.tally.streams
            return max(1, work.request_count - done), work.held_back

    def _plan(self, what: str, requests: int, *, held_back: int = 0, is_list_known: bool = True) -> None:
        rates, now = self.client.rates(), self.clock.now()
        planned = schedule(requests, rates, now=now, keep=self.keep, is_list_known=is_list_known)
        self.callbacks.plan(what, planned, held_back)

    def report(self, left: int, held_back: int) -> SyncReport:
        return SyncReport(
            activities=len(self.store.synced.listed_digests()),
            new=self.tally.new,
            changed=self.tally.changed,
            deleted=self.tally.deleted,
            withheld=self.tally.withheld,
            facts=tuple(self.tally.facts),
            details=self.tally.details,
            streams=self.tally.streams,
            quarantined=self.tally.quarantined,
            left=left,
            held_back=held_back,
            without_samples=self.store.synced.without_samples(),
            requests=self.callbacks.requests(),
            is_complete=self.tally.is_complete,
            complete_at=self.state.complete_at(),
            stopped=self.tally.stopped,
            notes=tuple(self.tally.notes),
        )


def _describe(work: FetchPlan) -> str:
    facts = f"your {' and '.join(work.facts)}" if work.facts else ""
    return ", ".join(words for words in (facts, "details and streams" if work.jobs else "") if words)


def last_complete(store: Store, now: datetime) -> datetime | None:
    """When the last complete listing began, as far as the cache remembers; None where that is in the future."""
    text = store.cached.state("complete")
    moment = parse_moment(text) if text else None
    return moment if moment is not None and moment <= now else None
