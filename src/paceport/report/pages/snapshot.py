"""The logbook at one moment, as all pages see it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import field
from datetime import date
from typing import Any, TypeVar, cast

from paceport.lazy_dataclass import dataclass
from paceport.maps.place import HiddenCircle
from paceport.training.history.history import History
from paceport.training.history.sport_figures import noun, speed_kind
from paceport.units import Units

_Answer = TypeVar("_Answer")


@dataclass(slots=True, kw_only=True, eq=False)
class Snapshot:
    """The logbook at one moment, and what pages have worked out from it. Safe to share between threads.

    `later` activities are dated in the future and left out of `history`. `sport` is the word of the address that chose
    what the history calls its runs, "" where none was needed. No track that it gives shows what lies in the `circles`.
    """

    history: History
    units: Units
    later: int
    sport: str = ""
    circles: Sequence[HiddenCircle] = ()
    _answers: dict[Hashable, Any] = field(default_factory=dict)
    _locks: dict[Hashable, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, key: Hashable, work_out: Callable[[], _Answer]) -> _Answer:
        """What `work_out` gives, worked out by whoever asks first for that key; others wait for it."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._answers:
                self._answers[key] = work_out()
            return cast("_Answer", self._answers[key])

    def latest(self, kind: str, key: Hashable, work_out: Callable[[], _Answer]) -> _Answer:
        """What `work_out` gives for the key; of each kind only the answer to the latest key is kept."""
        with self._lock:
            kept = self._answers.get(kind)
        if kept is None or kept[0] != key:
            kept = (key, work_out())
            with self._lock:
                self._answers[kind] = kept
        return cast("_Answer", kept[1])

    def noun(self, count: int = 2) -> str:
        """What these activities are called: runs, rides, swims, activities."""
        return noun(self.history.sports, count)

    def noun_of_all(self, count: int = 2) -> str:
        """What all activities of the logbook are called, whatever sport is shown: runs, else activities."""
        every = self.history.activities or self.history.runs
        return noun(self.once("sports of all", lambda: frozenset(run.sport for run in every)), count)

    @property
    def is_all_on_foot(self) -> bool:
        """Whether every activity of the logbook is told by its pace."""
        every = self.history.activities or self.history.runs
        return speed_kind(self.once("sports of all", lambda: frozenset(run.sport for run in every))) == "pace"

    def counted(self, count: int) -> str:
        """How many of them there are, in words: `1 run`, `1,380 rides`."""
        return f"{count:,} {self.noun(count)}"

    def address(self, path: str) -> str:
        """An address of the application that asks for the same sport."""
        return f"{path}{'&' if '?' in path else '?'}sport={self.sport}" if self.sport else path

    @property
    def today(self) -> date:
        """The local date of the history."""
        return self.history.today
