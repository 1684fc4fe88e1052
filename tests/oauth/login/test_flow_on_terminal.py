"""The login in a process of its own, on a pseudo-terminal: what must not happen there is an abort at its end."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from oauth.browser import follow
from oauth.person import Person
from paceport.oauth.token_store.base import TokenStore
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World

SCRIPT = """
import sys
from pathlib import Path
from paceport.clock import SystemClock
from paceport.errors import PaceportError
from paceport.oauth.login.flow import login
from paceport.oauth.login.login_plan import LoginContext, LoginPlan
from paceport.oauth.token_store.base import App
from paceport.oauth.token_store.file import FileTokenStore
from paceport.scopes import preset
from paceport.secret import Secret
from paceport.transport.http_transport import open_transport

url, client_id, state_dir = sys.argv[1:]
secret = Path(state_dir, "secret").read_text()
app = App(oauth_url=url, client_id=client_id, client_secret=Secret(secret))
scopes = preset("activities")
plan = LoginPlan(app=app, api_url=url + "/api/v3", profile="default", requested_scopes=scopes, timeout_s=30)
try:
    with open_transport() as send:
        context = LoginContext(
            token_store=FileTokenStore(Path(state_dir), clock=SystemClock()), send=send, clock=SystemClock(),
            say=lambda line: print(line, file=sys.stderr, flush=True), paste_fd=0,
        )
        result = login(plan, context)
    print("WELCOME", result.grant.athlete_id)
except PaceportError as error:
    sys.exit(error.exit_code)
except KeyboardInterrupt:
    sys.exit(130)
"""


class Terminal:
    """A process that believes a person sits before it."""

    def __init__(self, arguments: list[str]) -> None:
        self._ours, theirs = os.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        os.close(theirs)
        self.screen = ""

    def read_until(self, words: str) -> str:
        deadline = time.monotonic() + 30
        while words not in self.screen and time.monotonic() < deadline and self._read():
            pass
        assert words in self.screen, self.screen
        return self.screen

    def _read(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], 1)
        if ready:
            with suppress(OSError):
                part = os.read(self._ours, 65536)
                self.screen += part.decode()
                return bool(part)
            return False
        return True

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        code = self._process.wait(timeout=30)
        while select.select([self._ours], [], [], 0)[0] and self._read():
            pass
        return code

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminal(server: Address, world: World, tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "secret").write_text(world.app.client_secret)
    shown = Terminal([server.url, str(world.app.client_id), str(tmp_path / "state")])
    yield shown
    shown.close()


def address_on(screen: str) -> str:
    return next(word for word in screen.split() if "/oauth/authorize?" in word)


def test_the_listener_wins_while_the_terminal_waits(
    terminal: Terminal, person: Person, token_store: TokenStore
) -> None:
    url = address_on(terminal.read_until("Ctrl-C ends the wait"))

    uri, _, query = person.answer(url).partition("?")
    assert follow(uri, query).status == 200

    terminal.read_until("WELCOME")
    assert terminal.end() == 0
    assert "Fatal" not in terminal.screen
    assert len(token_store.grants()) == 1


def test_a_half_typed_line_does_not_hold_the_listener_back(terminal: Terminal, person: Person) -> None:
    url = address_on(terminal.read_until("Ctrl-C ends the wait"))
    terminal.type("http://127.0.0.1:1/half")

    uri, _, query = person.answer(url).partition("?")
    follow(uri, query)

    terminal.read_until("WELCOME")
    assert terminal.end() == 0


def test_an_address_pasted_at_a_terminal_wins(terminal: Terminal, person: Person, token_store: TokenStore) -> None:
    url = address_on(terminal.read_until("Ctrl-C ends the wait"))

    terminal.type(f"{url}\n")
    terminal.read_until("address of the consent page")
    terminal.type(person.answer(url) + "\n")

    terminal.read_until("WELCOME")
    assert terminal.end() == 0
    assert token_store.grants()[0].scopes_known_by == "redirect"


def test_the_end_of_input_leaves_the_listener_waiting(terminal: Terminal, person: Person) -> None:
    url = address_on(terminal.read_until("Ctrl-C ends the wait"))
    terminal.type("\x04")

    uri, _, query = person.answer(url).partition("?")
    follow(uri, query)

    terminal.read_until("WELCOME")
    assert terminal.end() == 0


def test_ctrl_c_ends_it_without_a_traceback(terminal: Terminal, token_store: TokenStore) -> None:
    terminal.read_until("Ctrl-C ends the wait")

    terminal.type("\x03")

    assert terminal.end() == 130
    assert "Traceback" not in terminal.screen
    assert "Fatal" not in terminal.screen
    assert token_store.grants() == []
