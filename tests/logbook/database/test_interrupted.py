"""Ctrl-C while SQLite calls a function of ours: SQLite passes on no exception, so it was taken for an error."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.read_only_sql import run_query
from paceport.logbook.database.store import Store
from shell import Shell

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n"


class PressedClock(ManualClock):
    """A clock at which Ctrl-C is pressed when a function asks it for the time."""

    function = ""

    def now(self) -> datetime:
        self._press()
        return super().now()

    def monotonic_s(self) -> float:
        self._press()
        return super().monotonic_s()

    def _press(self) -> None:
        if sys._getframe(2).f_code.co_name == self.function:
            signal.raise_signal(signal.SIGINT)


@pytest.fixture
def clock() -> PressedClock:
    return PressedClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))


@contextmanager
def pressed_when_called(name: str) -> Iterator[None]:
    """Ctrl-C before the first line of a function that has no clock."""

    def press(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_qualname == name:
            signal.raise_signal(signal.SIGINT)

    sys.setprofile(press)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_ctrl_c_in_a_function_of_a_statement_is_ctrl_c(store: Store, clock: PressedClock) -> None:
    clock.function = "<lambda>"

    with pytest.raises(KeyboardInterrupt):
        store.connection.execute("SELECT now_utc()").fetchone()

    clock.function = ""
    assert store.connection.execute("SELECT now_utc()").fetchone() == ("2026-11-22T08:00:00Z",)


def test_ctrl_c_in_a_function_of_a_question_is_ctrl_c(store: Store, clock: PressedClock) -> None:
    clock.function = "<lambda>"

    with pytest.raises(KeyboardInterrupt):
        run_query(store.own_path, store.cache_path, "SELECT now_utc()", clock=clock)


def test_ctrl_c_in_a_look_at_the_time_is_no_end_of_the_time(store: Store, clock: PressedClock) -> None:
    clock.function = "are_reached"

    with pytest.raises(KeyboardInterrupt):
        run_query(store.own_path, store.cache_path, ENDLESS, clock=clock)


def test_ctrl_c_while_sqlite_asks_for_leave_is_no_forbidden_question(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt), pressed_when_called("_Authorizer.__call__"):
        store.query("SELECT count(*) FROM run")


def test_a_command_that_is_stopped_there_says_so_and_blames_no_file(
    shell: Shell, home: Path, computed_logbook: Path
) -> None:
    shutil.copytree(computed_logbook, home, dirs_exist_ok=True)
    shell.clock = clock = PressedClock(shell.clock.now())
    clock.function = "<lambda>"

    ended = shell("runs")

    assert ended.code == 130
    assert "Stopped" in ended.err
    assert "own.db" not in ended.err
