from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Request, Response, Send
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.protocol.token_endpoint import exchange_request, read_token
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.file import FileTokenStore
from paceport.oauth.token_store.record import grant_slug
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted
from paceport.secret import Secret

SCOPES = ("read", "activity:read_all")


@dataclass(kw_only=True)
class Bench:
    """A login at a world, the token store it rests in, and what keepers of it are made of."""

    world: World
    wire: Send
    clock: ManualClock
    state_dir: Path
    grant: Grant
    app: App
    sent: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)

    @property
    def token_store(self) -> FileTokenStore:
        return FileTokenStore(self.state_dir, clock=self.clock)

    def keeper(self, **changes: Any) -> Keeper:  # any of its parts
        parts: dict[str, Any] = {
            "token_store": self.token_store,
            "key": self.grant.key,
            "app": lambda: self.app,
            "send": self.send,
            "clock": self.clock,
            "warn": self.warnings.append,
            "on_step": self.steps.append,
            "lock_timeout_s": 0.2,
        }
        return Keeper(RefreshContext(**{**parts, **changes}))

    def stored(self) -> Grant:
        grant = self.token_store.read(self.grant.key)
        assert grant is not None
        return grant

    def put(self, **changes: Any) -> Grant:  # any of its fields
        """Write the record as somebody else would, and give it as saved."""
        stored = self.stored()
        self.grant = self.token_store.save(replace(stored, **changes), expect_generation=stored.generation)
        return self.grant

    def file(self, suffix: str) -> Path:
        return self.state_dir / "grants" / f"{grant_slug(self.grant.key)}.{suffix}"

    def expire(self) -> None:
        self.clock.advance(6 * 3600)

    def send(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        """The network, which remembers what it carried."""
        self.sent.append(request.url)
        return self.wire(request, timeout_s=timeout_s)

    @property
    def posts(self) -> int:
        """Requests since the login."""
        return len(self.sent)


def log_in(world: World, send: Send, clock: ManualClock, state_dir: Path, oauth_url: str) -> Bench:
    app = App(oauth_url=oauth_url, client_id=str(world.app.client_id), client_secret=Secret(world.app.client_secret))
    athlete = world.people[0]
    code = world.grants.make_code(world.app.client_id, athlete.id, SCOPES, world.now())
    request = exchange_request(
        oauth_url=oauth_url, client_id=app.client_id, client_secret=app.client_secret, code=Secret(code)
    )
    token = read_token(send(request), now=clock.now())
    grant = Grant(
        profile="default",
        oauth_url=oauth_url,
        api_url=f"{oauth_url}/api/v3",
        client_id=app.client_id,
        athlete_id=token.athlete_id,
        athlete_name=token.athlete_name,
        access_token=token.access_token,
        refresh_token=token.refresh_token,
        expires_at=token.expires_at,
        received_at=clock.now(),
        expires_in_s=token.expires_in_s,
        scopes=parse_granted(",".join(SCOPES)),
        scopes_known_by="redirect",
    )
    token_store = FileTokenStore(state_dir, clock=clock)
    token_store.save_app(app)
    with token_store.lock(grant.key):
        grant = token_store.save(grant, expect_generation=0)
    return Bench(world=world, wire=send, clock=clock, state_dir=state_dir, grant=grant, app=app)


@pytest.fixture
def world(population: Population, clock: ManualClock) -> World:
    return World(population, seed=1, clock=clock)


@pytest.fixture
def bench(world: World, sandbox_send: Send, clock: ManualClock, tmp_path: Path) -> Bench:
    """A login six hours from its end, at a strict server: every answer brings a new refresh token."""
    bench = log_in(world, sandbox_send, clock, tmp_path / "state", "http://sandbox")
    world.switches.set(refresh_rotation="always")
    return bench


Tamper = Callable[[Request, Response], Response]


def tampered(send: Send, *tampers: Tamper) -> Send:
    """A network that treats the first requests in the ways given, one each, and the rest well."""
    waiting = list(tampers)

    def sending(request: Request, *, timeout_s: float = 30.0) -> Response:
        if not waiting:
            return send(request, timeout_s=timeout_s)
        tamper = waiting.pop(0)
        return tamper(request, send(request, timeout_s=timeout_s))

    return sending
