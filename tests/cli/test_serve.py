"""`paceport serve` as a person starts and ends it."""

from __future__ import annotations

import http.client
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.web.running_server import bind
from processes import start
from shell import Shell


class PatientClock(ManualClock):
    """While the command waits for its end, somebody does something; then they press Ctrl-C."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def sleep(self, seconds: float) -> None:
        if seconds >= 3600:
            self.meanwhile()
            raise KeyboardInterrupt
        super().sleep(seconds)


@pytest.fixture
def patient(shell: Shell) -> Shell:
    shell.clock = PatientClock(shell.clock.now())
    return shell


def test_it_prints_an_address_and_ends_at_ctrl_c(patient: Shell) -> None:
    ended = patient("serve", "--port", "0")

    assert ended.code == 0
    assert ended.out.startswith("http://127.0.0.1:")
    assert "/enter/" in ended.out
    assert len(ended.out.splitlines()) == 1
    assert "No longer serving" in ended.err


def test_it_opens_the_browser_at_an_address_of_its_own(patient: Shell) -> None:
    opened: list[str] = []

    def visit(url: str) -> bool:
        assert "/enter/" not in url  # every user of the machine can read a browser's arguments
        opened.append(Path(url.removeprefix("file://")).read_text())
        return True

    patient.visit = visit

    ended = patient("serve", "--port", "0", "--open", environ={"BROWSER": "true"})

    assert len(opened) == 1
    assert "/enter/" in opened[0]
    assert ended.out.strip() not in opened[0]


def test_enter_prints_another_address(patient: Shell) -> None:
    ended = patient("serve", "--port", "0", stdin="\n\n", can_answer=True)

    assert "Press Enter" in ended.err
    assert len(set(ended.out.split())) >= 1


def test_a_port_in_use_is_named_with_the_way_out(patient: Shell) -> None:
    with closing(bind(0)) as taken:
        port = taken.getsockname()[1]

        ended = patient("serve", "--port", str(port))

    assert ended.code == 2
    assert f"Port {port}" in ended.err
    assert "paceport serve --port 0" in ended.err


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    process = start(["serve", "--port", "0"], {"PACEPORT_HOME": str(tmp_path)})
    assert process.stdout is not None
    host, _, path = process.stdout.readline().strip().removeprefix("http://").partition("/")
    with closing(http.client.HTTPConnection(host, timeout=20)) as connection:
        connection.request("GET", f"/{path}")
        assert connection.getresponse().status == 200

    process.send_signal(number)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "Traceback" not in err
    assert "No longer serving" in err
