"""The count of what an app may still send, shared by all processes in a file."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from paceport.api.rate_limit import reservations as book
from paceport.api.rate_limit.headers import Rates, WaitPlan
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit, Reservations
from paceport.api.rate_limit.reservations_file import reservations_from_json, reservations_to_json
from paceport.clock import Clock
from paceport.errors import StoreError
from paceport.storage.private_files import read_private, replace_private
from paceport.storage.process_lock import hold_short_lock

_LOCK_TIMEOUT_S = 10.0


class FileBudget:
    """A budget for all processes of one app: a small file beside the grants, replaced whole under a lock.

    The file is named by API origin and client id. One that cannot be read is started anew: nothing is known then, so
    one request goes alone and finds out. `clock` measures the wait for the lock, which is added to the time that a
    caller gives: what others wrote meanwhile must not lie in its future.
    Raises StoreUnwritable where it cannot be written, StoreUnsafe where others could replace it, Busy when its lock
    stays taken.
    """

    def __init__(self, directory: Path, *, origin: str, client_id: str, clock: Clock) -> None:
        slug = hashlib.sha256(f"{origin}\n{client_id}".encode()).hexdigest()[:24]
        self._path = directory / f"{slug}.json"
        self._lock_path = directory / f"{slug}.json.lock"
        self._clock = clock
        self._changed = threading.Condition()

    def reserve(self, limit: LimitClass, *, now: datetime, keep: int = 0) -> Permit | WaitPlan:
        with self._open() as held:
            now += held.waited
            held.reservations, answer = book.reserve(_without_dead(held.reservations, now), limit, now=now, keep=keep)
            if isinstance(answer, Permit):
                ours = replace(answer, process=os.getpid())
                pending = tuple(ours if each == answer else each for each in held.reservations.pending)
                held.reservations = replace(held.reservations, pending=pending)
                return ours
            return answer

    def record_answer(self, permit: Permit, rates: Rates | None, *, now: datetime, is_refused: bool = False) -> None:
        with self._open() as held:
            now += held.waited
            held.reservations = book.record_answer(held.reservations, permit, rates, now=now, is_refused=is_refused)
            self._changed.notify_all()

    def release(self, permit: Permit) -> None:
        with self._open() as held:
            held.reservations = book.release(held.reservations, permit)
            self._changed.notify_all()

    def rates(self, *, now: datetime) -> Rates | None:
        return book.known_rates(self._read(), now)

    def pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait(seconds)

    @contextmanager
    def _open(self) -> Iterator[_OpenReservations]:
        began_s = self._clock.monotonic_s()
        with self._changed:
            what = "The count of API requests is locked"
            with hold_short_lock(self._lock_path, timeout_s=_LOCK_TIMEOUT_S, what=what):
                waited = timedelta(seconds=self._clock.monotonic_s() - began_s)
                held = _OpenReservations(self._read(), waited)
                before = held.reservations
                yield held
                if held.reservations != before:
                    # Not durable: after a power cut an old count or none is read, and one request alone corrects it.
                    content = reservations_to_json(held.reservations).encode()
                    replace_private(self._path, content, durable=False)

    def _read(self) -> Reservations:
        try:
            return reservations_from_json((read_private(self._path) or b"").decode())
        except (StoreError, ValueError):
            return Reservations()


class _OpenReservations:
    def __init__(self, ledger: Reservations, waited: timedelta) -> None:
        self.reservations, self.waited = ledger, waited


def _without_dead(ledger: Reservations, now: datetime) -> Reservations:
    """The ledger without the permits of processes that died: whether their requests were counted, nobody knows.

    Nobody would settle them, and where the limits are not known yet one request goes alone: the next process would
    wait for an answer that cannot come.
    """
    for permit in ledger.pending:
        if permit.process and not _is_alive(permit.process):
            ledger = book.record_answer(ledger, permit, None, now=now)
    return ledger


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        # There is no harmless way to ask; the permit lapses by itself.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
