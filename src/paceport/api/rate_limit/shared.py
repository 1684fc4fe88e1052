"""The shared count of what an app may still send: in memory for one process, in a file for all of them."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from paceport.api.endpoints import LimitClass
from paceport.api.rate_limit import reservations as book
from paceport.api.rate_limit.headers import Rates, Usage, WaitPlan
from paceport.api.rate_limit.reservations import Permit, Reservations, UncountedRequest, WindowUsage
from paceport.errors import StoreError
from paceport.storage.private_files import read_private, replace_private
from paceport.storage.process_lock import hold_short_lock

_SCHEMA = 1
_LOCK_TIMEOUT_S = 10.0


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


class FileBudget:
    """A budget for all processes of one app: a small file beside the grants, replaced whole under a lock.

    The file is named by API origin and client id. One that cannot be read is started anew: nothing is known then, so
    one request goes alone and finds out. Raises StoreUnwritable where it cannot be written, StoreUnsafe where others
    could replace it, Busy when its lock stays taken.
    """

    def __init__(self, directory: Path, *, origin: str, client_id: str) -> None:
        slug = hashlib.sha256(f"{origin}\n{client_id}".encode()).hexdigest()[:24]
        self._path = directory / f"{slug}.json"
        self._lock_path = directory / f"{slug}.json.lock"
        self._changed = threading.Condition()

    def reserve(self, limit: LimitClass, *, now: datetime, keep: int = 0) -> Permit | WaitPlan:
        with self._open() as held:
            held.reservations, answer = book.reserve(_without_dead(held.reservations, now), limit, now=now, keep=keep)
            if isinstance(answer, Permit):
                ours = replace(answer, process=os.getpid())
                pending = tuple(ours if each == answer else each for each in held.reservations.pending)
                held.reservations = replace(held.reservations, pending=pending)
                return ours
            return answer

    def record_answer(self, permit: Permit, rates: Rates | None, *, now: datetime, is_refused: bool = False) -> None:
        with self._open() as held:
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
        with self._changed:
            what = "The count of API requests is locked"
            with hold_short_lock(self._lock_path, timeout_s=_LOCK_TIMEOUT_S, what=what):
                held = _OpenReservations(self._read())
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
    def __init__(self, ledger: Reservations) -> None:
        self.reservations = ledger


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


def reservations_to_json(ledger: Reservations) -> str:
    """A ledger as the text that rests in the file."""
    return json.dumps(
        {
            "schema": _SCHEMA,
            "next_number": ledger.next_number,
            "skew_s": ledger.skew.total_seconds(),
            "pending": [[each.number, each.limit.value, each.at.timestamp(), each.process] for each in ledger.pending],
            "overall": _usage_to_json(ledger.overall),
            "read": _usage_to_json(ledger.read),
        }
    )


def reservations_from_json(text: str) -> Reservations:
    """The ledger in a text. Raises ValueError for anything that is none."""
    value: Any = json.loads(text)
    try:
        if value["schema"] != _SCHEMA:
            raise ValueError(f"schema {value['schema']!r}")
        return Reservations(
            next_number=int(value["next_number"]),
            skew=timedelta(seconds=float(value["skew_s"])),
            pending=tuple(
                Permit(number=int(number), limit=LimitClass(limit), at=_moment(at), process=int(process))
                for number, limit, at, process in value["pending"]
            ),
            overall=_usage_from_json(value["overall"]),
            read=_usage_from_json(value["read"]),
        )
    except (KeyError, TypeError, OverflowError, OSError) as error:
        raise ValueError(f"not a ledger: {error}") from error


def _usage_to_json(account: WindowUsage) -> dict[str, object]:
    usage = account.usage
    return {
        "usage": [usage.quarter_limit, usage.day_limit, usage.quarter_used, usage.day_used],
        "at": account.at.timestamp() if account.at else None,
        "blind": [[each.next_permit_number, each.at.timestamp()] for each in account.uncounted],
        "closed_until": account.closed_until.timestamp() if account.closed_until else None,
    }


def _usage_from_json(value: Any) -> WindowUsage:  # noqa: ANN401  # parsed JSON; every part is checked here
    numbers = [None if each is None else int(each) for each in value["usage"]]
    if len(numbers) != 4:
        raise ValueError("usage is not four numbers")
    return WindowUsage(
        usage=Usage(quarter_limit=numbers[0], day_limit=numbers[1], quarter_used=numbers[2], day_used=numbers[3]),
        at=None if value["at"] is None else _moment(value["at"]),
        uncounted=tuple(
            UncountedRequest(next_permit_number=int(before), at=_moment(at)) for before, at in value["blind"]
        ),
        closed_until=None if value["closed_until"] is None else _moment(value["closed_until"]),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
