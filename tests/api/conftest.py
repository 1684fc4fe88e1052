"""A world with many activities, a login at it, and the real client on top; no socket, no waiting."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.api.rate_limit.budget import Budget, MemoryBudget
from paceport.clock import ManualClock
from paceport.http_message import Request, Response, Send
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.scopes import Scopes, parse_granted
from sandbox.visitor import Visitor

MANY = Limits(overall_quarter=100_000, overall_day=1_000_000, read_quarter=100_000, read_day=1_000_000)


class Wire:
    """A Send that notes what passes, and may do something first or spoil the body of an answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.requests: list[Request] = []
        self.before: Callable[[Request], None] = lambda request: None
        self.spoil: Callable[[Request, bytes], bytes] = lambda request, body: body

    def __call__(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        self.requests.append(request)
        self.before(request)
        response = self._send(request, timeout_s=timeout_s)
        return replace(response, body=self.spoil(request, response.body))

    def pages(self) -> list[int]:
        """The page numbers asked for, in the order they were."""
        found = (re.search(r"[?&]page=(\d+)", request.url) for request in self.requests)
        return [int(match[1]) for match in found if match]


class Login:
    """An athlete's login at the world; makes clients with one argument changed."""

    def __init__(self, world: World, wire: Wire, clock: ManualClock, scope: str) -> None:
        self.world, self.wire, self.clock = world, wire, clock
        self.visitor = Visitor(world=world, send=wire)
        answer = self.visitor.login(scope=scope)
        self.athlete_id: int = answer["athlete"]["id"]
        self.scopes: Scopes = parse_granted(scope)
        self.tokens: list[str] = [answer["access_token"]]
        self.refresh_token: str = answer["refresh_token"]
        wire.requests.clear()

    def token(self, *, not_this: str | None = None) -> str:
        if not_this is not None and not_this == self.tokens[-1]:
            self.tokens.append(self.visitor.login(scope=str(self.scopes))["access_token"])
        return self.tokens[-1]

    def client(self, *, budget: Budget | None = None, **changes: Any) -> Client:  # any argument
        send, token = changes.pop("send", self.wire), changes.pop("token", self.token)
        given: dict[str, Any] = {
            "api_url": "http://sandbox/api/v3",
            "budget": budget or MemoryBudget(),
            "spread": lambda: 0.0,
            **changes,
        }
        return Client(Requester(send=send, token=token, clock=self.clock, options=RequestOptions(**given)))

    def fill(self, count: int, *, hidden: Callable[[int], bool] = lambda number: False) -> None:
        """Give the athlete exactly so many activities, an hour apart; `hidden` ones are visible to them alone."""
        model, *rest = self.world.activities(self.athlete_id)
        for other in rest:
            self.world.delete_activity(other.id)
        rows = [
            replace(
                model,
                id=10_000 + number,
                name=f"Run {number}",
                start=model.start - timedelta(hours=number),
                visibility="only_me" if hidden(number) else "everyone",
            )
            for number in range(count)
        ]
        self.world.delete_activity(model.id)
        for row in rows:
            self.world.activity_store.add(row)

    def ids(self) -> list[int]:
        """The ids in the world, newest first."""
        rows = sorted(self.world.activities(self.athlete_id), key=lambda row: row.start, reverse=True)
        return [row.id for row in rows]


@pytest.fixture(scope="session")
def few(population: Population) -> Population:
    """Three athletes with 45 of their activities each."""
    by_athlete = {athlete_id: rows[:45] for athlete_id, rows in population.by_athlete.items()}
    return replace(population, by_athlete=by_athlete)


@pytest.fixture
def world(few: Population, clock: ManualClock) -> World:
    """A simulated Strava with few activities on the test's own clock."""
    return World(few, clock=clock)


@pytest.fixture
def wire(sandbox_send: Send) -> Wire:
    return Wire(sandbox_send)


@pytest.fixture
def login(world: World, wire: Wire, clock: ManualClock) -> Login:
    world.set_limits(MANY)
    return Login(world, wire, clock, "read,activity:read_all,activity:write,profile:read_all,profile:write")


@pytest.fixture
def client(login: Login) -> Client:
    return login.client()
