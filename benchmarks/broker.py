"""The token broker over a socket: a living token, with its key checked and its use noted, beside a constant route.

Both are Starlette behind uvicorn in processes of their own, each asked on one connection, in turns.
"""

from __future__ import annotations

import http.client
import multiprocessing
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks._postgres import postgres_for_benchmark
from paceport.clock import SystemClock
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.scopes import parse_granted
from paceport.secret import Secret
from paceport.service.json_log import JsonLog
from paceport.service.keys import add_key
from paceport.service.open_parts import EVENT_WAITS, PAGE_WAITS
from paceport.service.options import ServiceOptions
from paceport.service.parts import ServiceParts
from paceport.service.running import bind, serve
from paceport.storage.postgres.api_keys import ApiKeys
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Key, Sealer
from paceport.transport.http_transport import open_transport

ASKED, WARM_UP = 2000, 100
ATHLETE = 134815
BAR = 5.0
CLOCK = SystemClock()
KEY = Key(id="1", value=Secret("e" * 64))


def parts_of(url: str, base_url: str, log: TextIO) -> ServiceParts:
    """A service on that database."""
    sealer = Sealer(lambda: (KEY,))
    with open_transport() as send:
        return ServiceParts(
            options=ServiceOptions(base_url=base_url),
            app=App(oauth_url="https://www.strava.com", client_id="1", client_secret=Secret("s" * 40)),
            api_url="https://www.strava.com/api/v3",
            allows_legacy_revoke=True,
            token_store=PostgresTokenStore(Database(Secret(url), clock=CLOCK, waits=PAGE_WAITS), sealer, clock=CLOCK),
            events=Database(Secret(url), clock=CLOCK, waits=EVENT_WAITS),
            sealer=sealer,
            clock=CLOCK,
            send=send,
            log=JsonLog(log, CLOCK),
        )


def prepare(parts: ServiceParts) -> str:
    """One athlete with a living token, and a key; gives the key."""
    now = CLOCK.now()
    grant = Grant(
        profile="athlete",
        oauth_url=parts.app.oauth_url,
        api_url=parts.api_url,
        client_id=parts.app.client_id,
        athlete_id=ATHLETE,
        access_token=Secret("a" * 40),
        refresh_token=Secret("b" * 40),
        expires_at=now + timedelta(hours=6),
        received_at=now,
        expires_in_s=21600,
        scopes=parse_granted("read,activity:read_all"),
    )
    with parts.token_store.lock(grant.key):
        parts.token_store.save(grant, expect_generation=0)
    parts.members.join(ATHLETE, oauth_origin=parts.app.origin, client_id="1", now=now)
    scopes = parse_granted("activity:read_all")
    return add_key(ApiKeys(parts.database), "bench", scopes=scopes, athletes=None, clock=CLOCK).reveal()


def serve_broker(url: str, listening: socket.socket) -> None:
    """The service, until it is killed."""
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with Path("/dev/null").open("w") as log:
        serve(parts_of(url, base_url, log), listening, ready=lambda _: None)


def serve_constant(url: str, listening: socket.socket) -> None:
    """A route that answers the same each time."""
    del url

    async def constant(request: Request) -> JSONResponse:
        del request
        return JSONResponse({"access_token": "a" * 40, "expires_in": 21600})

    config = uvicorn.Config(Starlette(routes=[Route("/token", constant)]), log_level="critical", http="h11")
    uvicorn.Server(config).run(sockets=[listening])


class Asked:
    """A server in a process of its own, asked on one connection; `taken_ms` is how long each answer took."""

    def __init__(self, serve_one: Callable[[str, socket.socket], None], url: str) -> None:
        self.taken_ms: list[float] = []
        with bind("127.0.0.1", 0) as listening:
            context = multiprocessing.get_context("spawn")
            self._process = context.Process(target=serve_one, args=(url, listening), daemon=True)
            self._process.start()
            self._connection = http.client.HTTPConnection("127.0.0.1", listening.getsockname()[1])
            self._connection.connect()

    def ask(self, path: str, headers: Mapping[str, str]) -> None:
        """One question."""
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=dict(headers))
        answer = self._connection.getresponse()
        body = answer.read()
        self.taken_ms.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 200, body

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.kill()
        self._process.join()


def main() -> int:
    """Print the row; 1 where the broker is slower than its bar."""
    with postgres_for_benchmark() as url:
        if url is None:
            return 0
        parts = parts_of(url, "http://127.0.0.1:1", sys.stderr)
        key = prepare(parts)
        parts.close()
        path, headers = f"/athletes/{ATHLETE}/token?need=activity:read_all", {"authorization": f"Bearer {key}"}
        with closing(Asked(serve_constant, url)) as constant, closing(Asked(serve_broker, url)) as broker:
            # In turns, so that whatever else the machine does falls on both.
            for _ in range(ASKED + WARM_UP):
                constant.ask("/token", {})
                broker.ask(path, headers)
    theirs, ours = (sorted(one.taken_ms[WARM_UP:]) for one in (constant, broker))
    ratios = []
    for share in (50, 99):
        one, other = theirs[ASKED * share // 100], ours[ASKED * share // 100]
        ratios.append(other / one)
        print(f"p{share}: constant route {one:.2f} ms, broker {other:.2f} ms, {other / one:.2f} x (bar {BAR:.0f})")
    return 0 if ratios[0] <= BAR else 1  # the slowest of a hundred says how busy the machine was


if __name__ == "__main__":
    sys.exit(main())
