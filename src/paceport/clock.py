"""Time as a value that can be handed in: the only module that may ask the machine what time it is."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

# A signal that comes just before the system call of a sleep, or to another thread, does not end that sleep: Python
# looks for it only afterwards. So nobody sleeps longer than this at once; SIGTERM must not wait for an hour's end.
_LONGEST_SLEEP_S = 0.5


class Clock(Protocol):
    """What the effects need of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def monotonic_s(self) -> float:
        """Seconds from an unknown start that never run backwards; for deadlines."""

    def sleep(self, seconds: float) -> None:
        """Wait. Zero or less returns at once."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        _sleep(seconds)


class ShiftedClock:
    """The machine's clock plus an offset that can be changed while it runs."""

    def __init__(self, offset_s: float = 0.0) -> None:
        self._offset_s = offset_s

    @property
    def offset_s(self) -> float:
        return self._offset_s

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset_s)

    def monotonic_s(self) -> float:
        return time.monotonic() + self._offset_s

    def sleep(self, seconds: float) -> None:
        _sleep(seconds)

    def advance(self, seconds: float) -> None:
        self._offset_s += seconds

    def set(self, moment: datetime) -> None:
        self._offset_s = (moment - datetime.now(UTC)).total_seconds()


class ManualClock:
    """A clock that stands still until it is told to move; sleeping moves it. Safe to share between threads."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._elapsed_s = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic_s(self) -> float:
        with self._lock:
            return self._elapsed_s

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass, for both readings."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._elapsed_s += max(0.0, seconds)

    def set(self, moment: datetime) -> None:
        """Jump the wall clock; the monotonic reading stays."""
        with self._lock:
            self._now = moment


def _sleep(seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while (left_s := until_s - time.monotonic()) > 0:
        time.sleep(min(left_s, _LONGEST_SLEEP_S))
