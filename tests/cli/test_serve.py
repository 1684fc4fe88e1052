"""`paceport serve` as a person starts and ends it."""

from __future__ import annotations

import http.client
import re
import signal
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from paceport.clock import ManualClock
from paceport.sandbox.state.world import World
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
    def wait_for_both() -> None:
        for thread in threading.enumerate():
            if "_answer_enter" in thread.name:
                thread.join(timeout=20)

    assert isinstance(patient.clock, PatientClock)
    patient.clock.meanwhile = wait_for_both
    ended = patient("serve", "--port", "0", stdin="\n\n", can_answer=True)

    assert "Press Enter" in ended.err
    assert len(set(ended.out.split())) == 3
    assert all("/enter/" in line for line in ended.out.split())


def test_a_port_in_use_is_named_with_the_way_out(patient: Shell) -> None:
    with closing(bind(0)) as taken:
        port = taken.getsockname()[1]

        ended = patient("serve", "--port", str(port))

    assert ended.code == 2
    assert f"Port {port}" in ended.err
    assert "paceport serve --port 0" in ended.err


@dataclass(slots=True)
class Visitor:
    """A browser that is let in by the page it is opened with."""

    page: str = ""
    host: str = ""
    cookie: str = ""

    def __call__(self, url: str) -> bool:
        self.page = Path(url.removeprefix("file://")).read_text()
        return True

    def enter(self) -> None:
        found = re.search(r"http://(127\.0\.0\.1:\d+)(/enter/[\w-]+)", self.page)
        assert found is not None
        self.host = found[1]
        self.cookie = self.ask(found[2])[1]["set-cookie"].split(";")[0]

    def ask(self, path: str, **fields: str) -> tuple[int, http.client.HTTPMessage, str]:
        """Read a page, or send its form where fields are given."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        with closing(http.client.HTTPConnection(self.host, timeout=20)) as connection:
            if fields:
                token = re.search(r'name="write-token" content="([^"]+)"', self.ask("/account")[2])
                assert token is not None
                form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
                body = urlencode({"token": token[1], **fields})
                connection.request("POST", path, body=body, headers=headers | form)
            else:
                connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()


def test_another_profile_is_shown_when_it_is_chosen(patient: Shell, world: World) -> None:
    patient("login")
    world.sign_in(world.people[1].id)
    patient("--profile", "second", "login")
    visitor, seen = Visitor(), list[str]()
    patient.visit = visitor

    def look() -> None:
        visitor.enter()
        seen.append(visitor.ask("/account")[2])
        wrong = visitor.ask("/account/profile", name="third")
        chosen = visitor.ask("/account/profile", name="second")
        assert (wrong[0], chosen[0]) == (409, 303)
        seen.append(visitor.ask("/account")[2])

    assert isinstance(patient.clock, PatientClock)
    patient.clock.meanwhile = look
    ended = patient("serve", "--port", "0", "--open", environ={"BROWSER": "true"})

    first, second = (str(one.id) for one in world.people[:2])
    lines = [re.findall(r"<dt>Athlete</dt><dd>([^<]+)</dd>", page)[0] for page in seen]
    assert ended.code == 0
    assert [first in lines[0], second in lines[1]] == [True, True]
    assert first in patient("status").out  # what the commands use stays as it was


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
