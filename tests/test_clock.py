"""The machine's clock: a sleep ends with the signal that asks for it, even one that came where Python does not look."""

from __future__ import annotations

import subprocess
import sys

import pytest

from processes import environment

# The main thread refuses the signal, so the other one takes it, and no system call of the main thread ends early. A
# signal between Python's last look and the call does the same. The other thread cannot run before the main one sleeps.
_TAKEN_BY_ANOTHER_THREAD = """
import os, signal, sys, threading, time
from paceport import clock
from paceport.cli.ended_by_signals import ended_by_signals

is_asleep, sleep = threading.Event(), time.sleep

def noted_sleep(seconds):
    is_asleep.set()
    sleep(seconds)

def end():
    is_asleep.wait()
    os.kill(os.getpid(), signal.SIGTERM)

sys.setswitchinterval(3600)
time.sleep = noted_sleep
threading.Thread(target=end, daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
try:
    with ended_by_signals():
        getattr(clock, sys.argv[1])().sleep(3600)
except KeyboardInterrupt:
    print("ended")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals have no masks there")
@pytest.mark.parametrize("name", ["SystemClock", "ShiftedClock"])
def test_a_signal_that_another_thread_takes_ends_a_long_sleep(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _TAKEN_BY_ANOTHER_THREAD, name],
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.stdout == "ended\n", ended.stderr
