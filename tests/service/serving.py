"""A service over a socket in this process, on a real PostgreSQL and the simulated Strava, and a browser's manners."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

from paceport.cli.consent_form import consent_answer
from paceport.clock import Clock
from paceport.http_message import Request, Response, Send
from paceport.oauth.token_store.base import App
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.sandbox.state.world import World
from paceport.scopes import preset
from paceport.secret import Secret
from paceport.service.json_log import JsonLog
from paceport.service.open_parts import EVENT_WAITS, PAGE_WAITS
from paceport.service.options import ServiceOptions
from paceport.service.parts import ServiceParts
from paceport.service.running import bind, serve
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Key, Sealer
from paceport.transport.http_transport import open_transport

KEY = Key(id="1", value=Secret("e" * 64))


@dataclass(kw_only=True)
class Served:
    """A running service. `log` is what it has logged so far."""

    parts: ServiceParts
    world: World
    log: io.StringIO
    send: Send
    strava_url: str

    @property
    def url(self) -> str:
        return self.parts.options.base_url

    def get(self, path: str, **headers: str) -> Response:
        return self.send(Request(method="GET", url=self.url + path, headers=_names(headers)))

    def post(self, path: str, body: bytes = b"", **headers: str) -> Response:
        return self.send(Request(method="POST", url=self.url + path, headers=_names(headers), body=body))

    def browser(self) -> Visitor:
        return Visitor(served=self)


@dataclass(kw_only=True)
class Visitor:
    """A browser: keeps cookies, says where a form comes from, follows redirects to the service."""

    served: Served
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Response:
        """A visit, redirects not followed."""
        return self._noting(self.served.get(path, cookie=self._cookie, accept="text/html"))

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Response:
        """A form sent from a page of the service."""
        form = {"content-type": "application/x-www-form-urlencoded", "origin": self.served.url} | headers
        body = urlencode(fields or {}).encode()
        return self._noting(self.served.post(path, body, cookie=self._cookie, accept="text/html", **form))

    def to_strava(self) -> str:
        """Begin a login; the address of Strava's consent page."""
        return self.post("/connect").headers["location"]

    def consent(self, url: str) -> str:
        """Agree to everything there; the path that Strava sends the browser back to."""
        asked = self.served.send(Request(method="GET", url=url))
        # Whoever has agreed before is sent straight back.
        answer = asked if "location" in asked.headers else consent_answer(self.served.send, url)
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"

    def connect(self, person: int = -1) -> Response:
        """The whole way, as that person of the world; the answer to the redirect."""
        world = self.served.world
        world.sign_in(world.people[person].id)
        return self.get(self.consent(self.to_strava()))

    @property
    def form_token(self) -> str:
        """The token of the forms on the athlete's page."""
        found = re.search(r'name="form-token" content="([^"]+)"', self.get("/me").text())
        assert found is not None
        return unescape(found[1])

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _noting(self, answer: Response) -> Response:
        for line in re.split(r",\s*(?=paceport-|__Host-)", answer.headers.get("set-cookie", "")):
            name, _, rest = line.partition("=")
            if name.strip():
                self.cookies[name.strip()] = rest.partition(";")[0].strip('"')
        return answer


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items() if value}


@contextmanager
def served_service(
    world: World, strava_url: str, database_url: str, clock: Clock, *, capacity: int = 10
) -> Iterator[Served]:
    """Run a service whose app is the world's, until the block ends."""
    sealer, log = Sealer(lambda: (KEY,)), io.StringIO()
    app = App(oauth_url=strava_url, client_id=str(world.app.client_id), client_secret=Secret(world.app.client_secret))
    database = Database(Secret(database_url), clock=clock, connections=16, waits=PAGE_WAITS)
    with open_transport() as send, bind("127.0.0.1", 0) as listening:
        base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        parts = ServiceParts(
            options=ServiceOptions(base_url=base_url, capacity=capacity, scopes=preset("runs")),
            app=app,
            api_url=f"{strava_url}/api/v3",
            allows_legacy_revoke=True,
            token_store=PostgresTokenStore(database, sealer, clock=clock),
            events=Database(Secret(database_url), clock=clock, waits=EVENT_WAITS),
            sealer=sealer,
            clock=clock,
            send=send,
            log=JsonLog(log, clock),
        )
        with closing(parts), _running(parts, listening):
            yield Served(parts=parts, world=world, log=log, send=send, strava_url=urljoin(strava_url, "/"))


@contextmanager
def _running(parts: ServiceParts, listening: object) -> Iterator[None]:
    is_ready, enders = threading.Event(), list[Callable[[], None]]()

    def ready(end: Callable[[], None]) -> None:
        enders.append(end)
        is_ready.set()

    thread = threading.Thread(target=serve, args=(parts, listening), kwargs={"ready": ready})
    thread.start()
    assert is_ready.wait(20)
    try:
        yield
    finally:
        for end in enders:
            end()
        thread.join(30)
