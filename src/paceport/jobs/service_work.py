"""What a worker does for one athlete, a piece at a time, and what it does once a minute for all.

A job does the most urgent piece and wakes the next one if there is more: so a backfill of many runs takes turns with
those of all other athletes, and whatever is more urgent comes in between.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from paceport.api.rate_limit.headers import Rates
from paceport.clock import Clock
from paceport.errors import LoginNeeded, PaceportError, RateLimited, ScopeMissing
from paceport.jobs.access import AthleteAccess
from paceport.jobs.dead_logins import begin_leaving_dead, note_dead_login
from paceport.jobs.event_rules import activity_change
from paceport.jobs.fetching import AthleteStore, fetch_activity
from paceport.jobs.leaving import check_farewell, leave
from paceport.jobs.listing import list_athlete
from paceport.jobs.own_files import read_own_files
from paceport.jobs.plan import KEPT_FOR, MOST_KEPT_RUNS, ServicePlan, background_may_send, keep_of_window, service_plan
from paceport.jobs.results import SCHEMA_NUMBER
from paceport.jobs.turns import Turn
from paceport.storage.postgres.athlete_rows import AthleteRows
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from paceport.storage.postgres.work_rows import AthleteWork, InboxEvent, MemberRow

_FOREGROUND_AT_A_TIME = 5
_log = logging.getLogger("paceport.worker")


class WakesAthletes(Protocol):
    """What lets a worker look after athletes."""

    def wake(self, athlete_id: int, turn: Turn) -> bool:
        """Let a worker look after an athlete; False where one is about to."""

    def wake_all(self, athletes: Iterable[tuple[int, Turn]]) -> int:
        """Wake several; how many were not awake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWork:
    """The work of a service: a store, a way to clients, a clock, and what wakes an athlete's next job."""

    database: Database
    access: AthleteAccess
    clock: Clock
    queue: WakesAthletes

    def look_after(self, athlete_id: int, turn: Turn) -> None:
        """Do the next piece of work that waits for an athlete. May be called again at any time."""
        store = athlete_store(self.database, athlete_id)
        member = store.work.member()
        if member is None:
            return
        try:
            following = self._do(athlete_id, store, member, turn)
        except RateLimited:
            return  # it is due again when the window opens
        except LoginNeeded as error:
            note_dead_login(store.work, error, now=self.clock.now())
            return
        except ScopeMissing as error:
            # Nothing can be asked for this athlete until a new login; what is kept expires by itself.
            store.work.set_trouble(f"{error.what}: {error.why}")
            return
        except PaceportError as error:
            # It is due again later; what else is due for this athlete waits for the next round.
            _log.warning("athlete %d: %s: %s", athlete_id, error.what, error.why)
            return
        if following is not None:
            self.queue.wake(athlete_id, following)

    def round(self) -> None:
        """Take in whose login is new, erase what has expired or died, and wake every athlete who has work."""
        now, members = self.clock.now(), Members(self.database)
        for athlete_id, origin, client_id in members.not_joined():
            members.join(athlete_id, oauth_origin=origin, client_id=client_id, now=now)
        members.erase_expired(now=now, long_ago=now - KEPT_FOR)
        begin_leaving_dead(members, now=now)
        self._forget_copies()
        least = Turn.BACKFILL if self._background_may_send() else Turn.DAILY
        due = members.due(now=now, schema_number=SCHEMA_NUMBER, least=least)
        self.queue.wake_all((one.athlete_id, Turn(one.turn)) for one in due)

    def plan(self) -> ServicePlan:
        """What the app's requests allow for its athletes."""
        return self._plan(self.access.rates())

    def _plan(self, rates: Rates | None) -> ServicePlan:
        return service_plan(Members(self.database).counts().get("member", 0), rates)

    def _forget_copies(self) -> None:
        """Erase the logbooks rebuilt here of athletes who have left: another machine's worker erased their rows."""
        for athlete_id in self.access.copies():
            member = athlete_store(self.database, athlete_id).work.member()
            if member is None or member.state == "leaving":
                self.access.forget_copy(athlete_id)

    def _do(self, athlete_id: int, store: AthleteStore, member: MemberRow, turn: Turn) -> Turn | None:
        """One piece of work, and the turn of the next."""
        now = self.clock.now()
        if member.state == "leaving":
            leave(store, self.access, athlete_id, self.clock)
            _log.info("athlete %d has left; 0 rows are left", athlete_id)
            return None
        has_said_farewell = take_events(store, self.clock)
        if has_said_farewell or (member.check_at is not None and member.check_at <= now):
            if check_farewell(store, self.access, athlete_id, self.clock):
                return Turn.URGENT
            return self._next_turn(store)
        if read_own_files(store, self.clock):
            # An export has thousands: the next few come when nobody else has anything to do.
            return self._next_turn(store) or Turn.BACKFILL
        if member.trouble:
            return None
        if member.listing_at <= now and turn >= Turn.DAILY:
            with self.access.client(athlete_id) as client:
                list_athlete(store, client, self.clock, kept_runs=self.plan().kept_runs)
            return self._next_turn(store)
        self._fetch(athlete_id, store)
        return self._next_turn(store)

    def _fetch(self, athlete_id: int, store: AthleteStore) -> None:
        now, keep, kept_runs = self.clock.now(), 0, MOST_KEPT_RUNS
        rows = store.work.due(now=now, least=Turn.DAILY, most=_FOREGROUND_AT_A_TIME)
        if not rows:
            rates = self.access.rates()
            plan = self._plan(rates)
            if not background_may_send(plan, rates, now=now):
                return
            rows = store.work.due(now=now, least=Turn.BACKFILL, most=1)
            keep, kept_runs = keep_of_window(rates), plan.kept_runs
        if not rows:
            return
        with self.access.client(athlete_id, keep=keep) as client:
            for row in rows:
                fetch_activity(row, store, client, self.clock, kept_runs=kept_runs)

    def _next_turn(self, store: AthleteStore) -> Turn | None:
        now, member = self.clock.now(), store.work.member()
        if member is None:
            return None
        if member.state == "leaving":
            return Turn.URGENT if member.listing_at <= now else None
        if member.trouble:
            return None
        if member.listing_at <= now:
            return Turn.DAILY
        rows = store.work.due(now=now, least=Turn.BACKFILL, most=1)
        if not rows:
            return None
        turn = Turn(rows[0].turn)
        return None if turn.is_background and not self._background_may_send() else turn

    def _background_may_send(self) -> bool:
        rates = self.access.rates()
        return background_may_send(self._plan(rates), rates, now=self.clock.now())


def athlete_store(database: Database, athlete_id: int) -> AthleteStore:
    """What is stored of an athlete."""
    return AthleteStore(rows=AthleteRows(database, athlete_id), work=AthleteWork(database, athlete_id))


def take_events(store: AthleteStore, clock: Clock) -> bool:
    """Work the inbox of an athlete off: deletions at once, the rest is put down to be fetched.

    Whether one says that the athlete has left.
    """
    events, now = store.work.events(), clock.now()
    about: dict[int, list[InboxEvent]] = {}
    has_said_farewell = False
    for event in events:
        if event.object_type == "activity":
            about.setdefault(event.object_id, []).append(event)
        elif not event.is_done and '"authorized": "false"' in event.updates:
            has_said_farewell = True
    for activity_id, ones in about.items():
        row = store.work.fetch(activity_id)
        change = activity_change(ones, fetched_at=row.fetched_at if row is not None else None)
        if change.is_deleted:
            store.rows.forget_activity(activity_id)
            store.work.forget(activity_id)
        elif change.parts is not None:
            store.work.want(activity_id, turn=Turn.EVENT, due_at=now, expires_at=now + KEPT_FOR, parts=change.parts)
    if has_said_farewell:
        store.work.check_at(now)
    waiting = [event.id for event in events if not event.is_done]
    if waiting:
        store.work.end_events(waiting, now=now)
    return has_said_farewell
