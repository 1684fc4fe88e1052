"""How long a database is waited for: bounds for one handle on it, connections that keep them, and a breaker.

libpq bounds how long it takes to connect, and the kernel notices a machine that is gone. Nothing bounds a server that
is there and says nothing: stopped, out of memory, or behind a proxy that hangs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from paceport.errors import MissingExtra, StoreError
from paceport.lazy_dataclass import dataclass

try:
    import psycopg
    from psycopg.waiting import Ready
except ImportError as error:
    raise MissingExtra(extra="service", needed_for="PostgreSQL") from error

Result = TypeVar("Result")
# So often psycopg's wait looks whether it is to go on.
_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The waits of one handle, in seconds.

    `connect_s` for a connection, `answer_s` for a server that says nothing (None: as long as the connection lives),
    `again_s` for one that is away or starts again. With `is_refusing`, once that was in vain, everybody is refused at
    once while one asks, until the server answers.
    """

    connect_s: float = 5.0
    answer_s: float | None = None
    again_s: float = 10.0
    is_refusing: bool = False


class ServerSilent(psycopg.OperationalError):
    """The server has said nothing for as long as this connection waits. The connection is closed."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that ends when the server is silent for `answer_s` seconds in the middle of a statement."""

    answer_s: float | None = None

    def wait(self, gen: Generator[Any, Any, Result], *values: Any, **named: Any) -> Result:
        """What a step of the protocol gives. Raises ServerSilent."""
        if self.answer_s is None:
            return super().wait(gen, *values, **named)
        named = {"interval": min(_INTERVAL_S, self.answer_s), **named}
        try:
            return super().wait(_bounded(gen, round(self.answer_s / named["interval"])), *values, **named)
        except ServerSilent:
            self.close()
            raise


def bounding(answer_s: float | None) -> Callable[[BoundedConnection], None]:
    """What a pool does to each new connection."""

    def configure(connection: BoundedConnection) -> None:
        connection.answer_s = answer_s

    return configure


def _bounded(gen: Generator[Any, Any, Result], most: int) -> Generator[Any, Any, Result]:
    """The same steps, until so many intervals in a row have brought nothing."""
    silent = 0
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            silent = 0 if ready != Ready.NONE else silent + 1
            if silent >= most:
                raise ServerSilent("the server did not answer in time (timeout)")
            wanted = gen.send(ready)
    except StopIteration as ended:
        found: Result = ended.value
        return found


class Breaker:
    """Whether a server is known to be away: then one at a time asks, and everybody else is refused at once.

    No time is in it. A server that refuses connections says so within a millisecond, so nearly everybody asks; one that
    hangs is asked by one who waits for it, and by the next when that was in vain.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._why: StoreError | None = None
        self._is_asked = False

    @property
    def is_refusing(self) -> bool:
        """Whether the last who asked got no answer, and somebody asks again."""
        return self._why is not None and self._is_asked

    @contextmanager
    def asking(self) -> Iterator[bool]:
        """Ask within the block; gives whether the server was away. Raises the StoreError of whoever asked before."""
        why = self._why
        if why is None:
            yield False
            return
        with self._lock:
            why = self._why
            if why is not None and self._is_asked:
                raise why
            self._is_asked = True
        try:
            yield why is not None
        finally:
            self._is_asked = False

    def note_answer(self) -> None:
        """The server has answered."""
        self._why = None

    def note_silence(self, error: StoreError) -> None:
        """The server was asked in vain."""
        self._why = error
