"""The count of what an app may still send, shared by workers on many machines, in PostgreSQL.

One row for each app holds the same reservations that the file holds, changed under its row lock by the same rules, so
the promise is the same one. It adds three things that only many workers need: all of them go by the database's clock;
reservations of a worker that is gone come back; and who may go next is decided here, for a person and for each athlete.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from paceport.api.rate_limit import reservations as book
from paceport.api.rate_limit.headers import Rates, WaitPlan, day_end
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit, Reservations
from paceport.api.rate_limit.reservations_file import reservations_from_json, reservations_to_json
from paceport.storage.postgres.database import Connection, Database, worker_name

Result = TypeVar("Result")
# The part of each window that backfills leave to persons who wait.
_PERSONS_SHARE = 10
_GIVE_WAY_S = 0.1
# Whoever waits asks again within so long; who does not has given up, and nobody waits for them.
_ASKS_AGAIN = timedelta(seconds=3)
_AFTER_WINDOW = timedelta(seconds=8)

_LOCK = (
    "SELECT reservations, clock_timestamp() FROM paceport.rate_budget WHERE (origin, client_id) = (%s, %s) FOR UPDATE"
)
_MAKE = "INSERT INTO paceport.rate_budget (origin, client_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_READ = "SELECT reservations, clock_timestamp() FROM paceport.rate_budget WHERE (origin, client_id) = (%s, %s)"
_SAVE = "UPDATE paceport.rate_budget SET reservations = %s WHERE (origin, client_id) = (%s, %s)"
_ALIVE = "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE 'paceport %%'"
# A person goes before every backfill; of backfills the athlete goes first who was served longest ago.
_IS_ANOTHER_FIRST = """
SELECT EXISTS (
    SELECT 1 FROM paceport.rate_waiter AS other
    WHERE (other.origin, other.client_id) = (%(origin)s, %(client_id)s) AND other.wants_until > %(moment)s
      AND (other.is_person OR (other.athlete <> %(athlete)s AND other.served < coalesce(
          (SELECT own.served FROM paceport.rate_waiter AS own
           WHERE (own.origin, own.client_id, own.athlete, own.is_person)
               = (%(origin)s, %(client_id)s, %(athlete)s, false)), 0)))
)
"""
_NOTE_WAITING = """
INSERT INTO paceport.rate_waiter (origin, client_id, athlete, is_person, wants_until)
VALUES (%(origin)s, %(client_id)s, %(athlete)s, %(is_person)s, %(until)s)
ON CONFLICT (origin, client_id, athlete, is_person) DO UPDATE SET wants_until = excluded.wants_until
"""
_NOTE_SERVED = """
INSERT INTO paceport.rate_waiter (origin, client_id, athlete, is_person, wants_until, served)
VALUES (%(origin)s, %(client_id)s, %(athlete)s, %(is_person)s, %(until)s, nextval('paceport.rate_turn'))
ON CONFLICT (origin, client_id, athlete, is_person) DO UPDATE
SET served = excluded.served, wants_until = excluded.wants_until
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUser:
    """For whom requests are sent: of which app (`origin` of its server), for which athlete, and whether they wait.

    `is_person` is False for a backfill, which leaves a tenth of each window to persons and takes turns by athlete.
    """

    origin: str
    client_id: str
    athlete: str = ""
    is_person: bool = True


class PostgresBudget:
    """A `Budget` for all workers of one app on all machines.

    Its time is the database's, unless `goes_by_caller_clock`: then it is the `now` that each call gives. Raises
    StoreErrors where the database cannot be reached.
    """

    def __init__(self, database: Database, user: BudgetUser, *, goes_by_caller_clock: bool = False) -> None:
        self._database, self._user, self._goes_by_caller_clock = database, user, goes_by_caller_clock
        self._changed = threading.Condition()

    def reserve(self, limit: LimitClass, *, now: datetime, keep: int = 0) -> Permit | WaitPlan:
        def work(row: _OpenRow) -> Permit | WaitPlan:
            row.reservations = self._without_dead(row)
            answer = self._decide(row, limit, keep)
            self._note(row, limit, answer)
            # The moments here are the database's; whoever asked reads them by its own clock.
            return answer if isinstance(answer, Permit) else replace(answer, until=answer.until + (now - row.moment))

        return self._change(now, work)

    def _decide(self, row: _OpenRow, limit: LimitClass, keep: int) -> Permit | WaitPlan:
        waiting = self._give_way(row, limit)
        if waiting is not None:
            return waiting
        share = 0 if self._user.is_person else _quarter_share(row.reservations, row.moment)
        row.reservations, answer = book.reserve(row.reservations, limit, now=row.moment, keep=max(keep, share))
        return row.claim(answer, self._database.worker) if isinstance(answer, Permit) else answer

    def record_answer(self, permit: Permit, rates: Rates | None, *, now: datetime, is_refused: bool = False) -> None:
        def work(row: _OpenRow) -> None:
            # Without a date in the answer its moment is the caller's, whose clock may be wrong.
            dated = replace(rates, at=row.moment) if rates is not None and rates.at == now else rates
            row.reservations = book.record_answer(
                row.reservations, permit, dated, now=row.moment, is_refused=is_refused
            )

        self._change(now, work)
        with self._changed:
            self._changed.notify_all()

    def release(self, permit: Permit) -> None:
        def work(row: _OpenRow) -> None:
            row.reservations = book.release(row.reservations, permit)

        self._change(permit.at, work)
        with self._changed:
            self._changed.notify_all()

    def rates(self, *, now: datetime) -> Rates | None:
        key = (self._user.origin, self._user.client_id)
        found = self._database.run(lambda connection: connection.execute(_READ, key).fetchone())
        if found is None:
            return None
        return book.known_rates(_parse(found[0]), now if self._goes_by_caller_clock else found[1])

    def pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait(seconds)

    def _change(self, now: datetime, work: Callable[[_OpenRow], Result]) -> Result:
        key = (self._user.origin, self._user.client_id)

        def whole(connection: Connection) -> Result:
            with connection.transaction():
                while (found := connection.execute(_LOCK, key).fetchone()) is None:
                    connection.execute(_MAKE, key)
                before = _parse(found[0])
                row = _OpenRow(connection, before, now if self._goes_by_caller_clock else found[1])
                answer = work(row)
                if row.reservations != before:
                    connection.execute(_SAVE, (reservations_to_json(row.reservations), *key))
                return answer

        return self._database.run(whole)

    def _without_dead(self, row: _OpenRow) -> Reservations:
        """The reservations without those of workers that have no connection any more.

        Whether their requests were counted nobody knows, so they stay counted until a later header tells. Only the
        waiting for an answer that cannot come ends.
        """
        others = {each.process for each in row.reservations.pending if each.process} - {self._database.worker}
        if not others:
            return row.reservations
        alive = {name for (name,) in row.connection.execute(_ALIVE).fetchall()}
        settled = row.reservations
        for permit in row.reservations.pending:
            if permit.process in others and worker_name(permit.process) not in alive:
                settled = book.record_answer(settled, permit, None, now=row.moment)
        return settled

    def _give_way(self, row: _OpenRow, limit: LimitClass) -> WaitPlan | None:
        """What a backfill waits for although there may be room; None where it may try."""
        if self._user.is_person or limit is LimitClass.NONE:
            return None
        rates = book.known_rates(row.reservations, row.moment)
        for name, usage in rates.budgets(limit) if rates is not None else ():
            most, used = usage.day_limit, usage.day_used
            if most is not None and used is not None and used >= most - most // _PERSONS_SHARE:
                until = day_end(row.moment)
                text = f"{used} of {most}, the rest is for persons"
                return WaitPlan(
                    seconds=(until - row.moment).total_seconds(), until=until, limit=f"daily {name}", usage=text
                )
        found = row.connection.execute(_IS_ANOTHER_FIRST, self._columns() | {"moment": row.moment}).fetchone()
        if found is not None and found[0]:
            return WaitPlan(seconds=_GIVE_WAY_S, until=row.moment, limit="", usage="")
        return None

    def _note(self, row: _OpenRow, limit: LimitClass, answer: Permit | WaitPlan) -> None:
        """Note who waits and who was served, which decides who goes next."""
        if limit is LimitClass.NONE:
            return
        if isinstance(answer, Permit):
            # A backfill has its next request soon: whoever sends many at a time must not come in between again.
            next_at = None if self._user.is_person else row.moment + _ASKS_AGAIN
            row.connection.execute(_NOTE_SERVED, self._columns() | {"until": next_at})
            return
        # Everybody comes back when the window opens: whoever is first then must not take it all.
        until = answer.until + _AFTER_WINDOW if answer.limit else row.moment + _ASKS_AGAIN
        row.connection.execute(_NOTE_WAITING, self._columns() | {"until": until})

    def _columns(self) -> dict[str, object]:
        user = self._user
        return {
            "origin": user.origin,
            "client_id": user.client_id,
            "athlete": user.athlete,
            "is_person": user.is_person,
        }


class _OpenRow:
    """The row of an app while it is locked; `moment` is the time that all go by."""

    def __init__(self, connection: Connection, reservations: Reservations, moment: datetime) -> None:
        self.connection, self.reservations, self.moment = connection, reservations, moment

    def claim(self, permit: Permit, worker: int) -> Permit:
        """The permit with the worker that holds it."""
        ours = replace(permit, process=worker)
        pending = tuple(ours if each == permit else each for each in self.reservations.pending)
        self.reservations = replace(self.reservations, pending=pending)
        return ours


def _quarter_share(reservations: Reservations, moment: datetime) -> int:
    """How many requests of the quarter hour a backfill leaves to persons."""
    rates = book.known_rates(reservations, moment)
    limits = [] if rates is None else [rates.overall.quarter_limit, rates.read.quarter_limit]
    return min((limit // _PERSONS_SHARE for limit in limits if limit is not None), default=0)


def _parse(text: str) -> Reservations:
    try:
        return reservations_from_json(text)
    except ValueError:
        return Reservations()  # nothing is known then, so one request goes alone and finds out
