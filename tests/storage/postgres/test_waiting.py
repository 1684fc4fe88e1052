"""A server that is silent is given up; while it is away one asks and everybody else is refused."""

from __future__ import annotations

import threading
import time

import pytest

from paceport.clock import SystemClock
from paceport.errors import StoreUnreadable
from paceport.secret import Secret
from paceport.storage.postgres.database import Connection, Database
from paceport.storage.postgres.waiting import Breaker, Waits

WAITS = Waits(connect_s=0.3, answer_s=0.2, again_s=0.0, is_refusing=True)
GONE = StoreUnreadable(path="here", why="gone", fix="")


def sleeps(connection: Connection, seconds: float = 5.0) -> int:
    row = connection.execute("SELECT 1 FROM pg_sleep(%s)", (seconds,)).fetchone()
    return int(row[0]) if row else 0


def test_a_silent_server_is_given_up_in_time_and_the_next_question_is_answered(database_url: str) -> None:
    database, begun_s = Database(Secret(database_url), clock=SystemClock(), waits=WAITS), time.monotonic()

    with pytest.raises(StoreUnreadable, match="in time"):
        database.run(sleeps)

    assert time.monotonic() - begun_s < 3
    assert database.run(lambda connection: sleeps(connection, 0.0)) == 1
    database.close()


def test_while_one_asks_a_server_that_was_away_everybody_else_is_refused_at_once(database_url: str) -> None:
    database, inside, go_on = Database(Secret(database_url), clock=SystemClock(), waits=WAITS), *_two_events()
    with pytest.raises(StoreUnreadable):
        database.run(sleeps)

    def asks(connection: Connection) -> int:
        inside.set()
        assert go_on.wait(20)
        return sleeps(connection, 0.0)

    asking = threading.Thread(target=lambda: database.run(asks))
    asking.start()
    assert inside.wait(20)
    refused = [database.is_refusing]
    with pytest.raises(StoreUnreadable, match="in time"):
        database.run(never)
    # What must not be lost asks all the same.
    assert database.run(lambda connection: sleeps(connection, 0.0), patience_s=1.0) == 1
    go_on.set()
    asking.join(20)

    assert [*refused, database.is_refusing] == [True, False]
    assert database.run(lambda connection: sleeps(connection, 0.0)) == 1
    database.close()


def never(connection: Connection) -> int:
    raise AssertionError("it was asked")


def _two_events() -> tuple[threading.Event, threading.Event]:
    return threading.Event(), threading.Event()


def test_a_wrong_question_does_not_open_the_breaker(database_url: str) -> None:
    database = Database(Secret(database_url), clock=SystemClock(), waits=WAITS)

    for _ in range(2):
        with pytest.raises(StoreUnreadable, match="syntax"):
            database.run(lambda connection: connection.execute("SELEKT"))

    assert not database.is_refusing
    database.close()


def test_a_breaker_refuses_all_but_one_until_an_answer_came() -> None:
    breaker = Breaker()
    with breaker.asking() as is_known_away:
        assert not is_known_away
    breaker.note_silence(GONE)
    before = breaker.is_refusing

    with breaker.asking() as was_away:
        assert (was_away, breaker.is_refusing) == (True, True)
        with pytest.raises(StoreUnreadable, match="gone"):
            breaker.asking().__enter__()
    with breaker.asking():
        breaker.note_answer()

    assert not before  # nobody asked: the next might
    with breaker.asking() as first, breaker.asking() as second:
        assert (first, second) == (False, False)
