"""A profile that is closed, by the end of a command or by Ctrl-C, while a refresh is under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paceport.clock import ManualClock
from paceport.errors import AnswerLost
from paceport.http_message import Request, Response, Send
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.state.world import World
from stored import stored_login


def test_a_refresh_under_way_keeps_its_network_until_it_is_saved(
    world: World, sandbox_send: Send, clock: ManualClock, tmp_path: Path
) -> None:
    world.switches.set(refresh_rotation="always")
    is_sent, may_answer, is_closed = threading.Event(), threading.Event(), threading.Event()

    @contextmanager
    def network() -> Iterator[Send]:
        def send(request: Request, *, timeout_s: float = 30.0) -> Response:
            answer = sandbox_send(request, timeout_s=timeout_s)
            is_sent.set()
            may_answer.wait(10)
            if is_closed.is_set():
                raise AnswerLost(host="sandbox", why="the connection was closed here")
            return answer

        yield send
        is_closed.set()

    environ = {"PACEPORT_HOME": str(tmp_path / "me"), "PACEPORT_OAUTH_URL": "http://127.0.0.1:1"}
    profile = Profile(
        settings=Settings.from_environment({**environ, "PACEPORT_API_URL": "http://127.0.0.1:1/api/v3"}),
        clock=clock,
        open_transport=network,
    )
    grant = stored_login(profile, world)
    clock.advance(6 * 3600)
    caller = threading.Thread(target=profile.token)
    caller.start()
    assert is_sent.wait(10)
    closer = threading.Thread(target=profile.close)
    closer.start()
    closer.join(0.2)

    may_answer.set()
    closer.join(10)
    caller.join(10)

    stored = profile.token_store.read(grant.key)
    assert stored is not None
    assert stored.generation == grant.generation + 1
    assert stored.refresh_token != grant.refresh_token
    assert profile.token_store.journal(grant.key) is None
    assert is_closed.is_set()
