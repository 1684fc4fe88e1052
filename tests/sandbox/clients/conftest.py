"""The sandbox as www.strava.com, for programs that know no other address. On the machine's own clock, as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paceport.clock import ShiftedClock
from paceport.http_message import Request
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.clients.strava_proxy import strava_proxy
from sandbox.visitor import Visitor


@contextmanager
def strava(population: Population, folder: Path) -> Iterator[tuple[Visitor, dict[str, str]]]:
    """A person at a world of these people, and the variables that bring a program there."""
    world = World(population, seed=1, clock=ShiftedClock())
    world.set_limits(Limits(overall_quarter=9000, overall_day=9000, read_quarter=9000, read_day=9000))
    with (
        serve(world) as address,
        strava_proxy(address.port, folder) as variables,
        open_transport() as send,
    ):
        yield Visitor(world=world, send=send, base=address.url), variables


@pytest.fixture(scope="module")
def served(
    population: Population, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Visitor, dict[str, str]]]:
    """One world for a module's tests."""
    with strava(population, tmp_path_factory.mktemp("proxy")) as found:
        yield found


@pytest.fixture
def person(served: tuple[Visitor, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """The person, in a process whose programs find the sandbox where Strava is."""
    visitor, variables = served
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return visitor


def agree(person: Visitor, authorization_url: str) -> str:
    """Press Authorize on the consent page of a foreign program; gives the address the browser is sent to."""
    where = authorization_url.replace("https://www.strava.com", person.base)
    answer = person.send(
        Request(
            method="POST",
            url=where,
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=b"decision=authorize",
        )
    )
    assert answer.status == 302, answer.text()
    return answer.headers["location"]
