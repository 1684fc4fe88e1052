"""The count of what an app may still send: what every such count promises, and the one of a single process."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Protocol

from paceport.api.rate_limit import reservations as book
from paceport.api.rate_limit.headers import Rates, WaitPlan
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit, Reservations


class Budget(Protocol):
    """Gives out the right to send, and learns from the answers. Safe to share between threads."""

    def reserve(self, limit: LimitClass, *, now: datetime, keep: int = 0) -> Permit | WaitPlan:
        """A permit for one request, or what to wait for; `keep` requests of each window are left for others."""

    def record_answer(self, permit: Permit, rates: Rates | None, *, now: datetime, is_refused: bool = False) -> None:
        """An answer came (or was lost: `rates` None). `is_refused`: it was a 429."""

    def release(self, permit: Permit) -> None:
        """The request surely never reached the server."""

    def rates(self, *, now: datetime) -> Rates | None:
        """What is known to be used and allowed; None if nothing is."""

    def pause(self, seconds: float) -> None:
        """Wait for somebody to settle, at most so long in real time."""


class MemoryBudget:
    """A budget for the threads of one process."""

    def __init__(self) -> None:
        self._reservations = Reservations()
        self._changed = threading.Condition()

    def reserve(self, limit: LimitClass, *, now: datetime, keep: int = 0) -> Permit | WaitPlan:
        with self._changed:
            self._reservations, answer = book.reserve(self._reservations, limit, now=now, keep=keep)
            return answer

    def record_answer(self, permit: Permit, rates: Rates | None, *, now: datetime, is_refused: bool = False) -> None:
        with self._changed:
            self._reservations = book.record_answer(self._reservations, permit, rates, now=now, is_refused=is_refused)
            self._changed.notify_all()

    def release(self, permit: Permit) -> None:
        with self._changed:
            self._reservations = book.release(self._reservations, permit)
            self._changed.notify_all()

    def rates(self, *, now: datetime) -> Rates | None:
        with self._changed:
            return book.known_rates(self._reservations, now)

    def pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait(seconds)
