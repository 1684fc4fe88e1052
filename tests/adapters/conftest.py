"""A login at the simulated service over a socket, on a clock that the test moves; and a pair of foreign servers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from stored import stored_login


@pytest.fixture
def me(server: Address, world: World, clock: ManualClock, tmp_path: Path) -> Iterator[Profile]:
    """A profile with a login of the first athlete, all scopes."""
    environ = {
        "PACEPORT_HOME": str(tmp_path / "me"),
        "PACEPORT_OAUTH_URL": server.url,
        "PACEPORT_API_URL": f"{server.url}/api/v3",
    }
    with Profile(settings=Settings.from_environment(environ), clock=clock) as profile:
        stored_login(profile, world)
        yield profile


@dataclass
class Foreign:
    """A server that notes the Authorization header of every request, and answers `status`, elsewhere if told so."""

    status: int = 200
    elsewhere: str = ""
    seen: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def listening(foreign: Foreign) -> Iterator[Foreign]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            foreign.seen.append(self.headers.get("authorization"))
            self.send_response(302 if foreign.elsewhere else foreign.status)
            if foreign.elsewhere:
                self.send_header("Location", foreign.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_parts: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        foreign.url = f"http://127.0.0.1:{listener.server_address[1]}"
        yield foreign
        listener.shutdown()
        thread.join()


@pytest.fixture
def stranger() -> Iterator[Foreign]:
    """Another host, which refuses whatever it is asked."""
    with listening(Foreign(status=401)) as foreign:
        yield foreign


@pytest.fixture
def redirecting(stranger: Foreign) -> Iterator[Foreign]:
    """An API that sends every caller to the other host."""
    with listening(Foreign(elsewhere=f"{stranger.url}/x")) as foreign:
        yield foreign


@pytest.fixture
def lent(redirecting: Foreign, tmp_path: Path, clock: ManualClock) -> Iterator[Profile]:
    """A profile whose API is the redirecting one, with a token from the environment."""
    environ = {
        "PACEPORT_HOME": str(tmp_path / "lent"),
        "PACEPORT_API_URL": redirecting.url,
        "STRAVA_ACCESS_TOKEN": "a" * 40,
    }
    with Profile(settings=Settings.from_environment(environ), clock=clock) as profile:
        yield profile
