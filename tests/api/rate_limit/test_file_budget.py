"""The budget in its file: shared, atomic, and never in the way when it is spoilt."""

from __future__ import annotations

import multiprocessing
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.conftest import Login
from contracts.budget import BudgetContract, OpenBudget
from makers.years_of_training import years_of_training
from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.api.rate_limit.file_budget import FileBudget
from paceport.api.rate_limit.headers import Rates, Usage, WaitPlan
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit
from paceport.clock import ManualClock, SystemClock
from paceport.errors import RateLimited, StoreUnwritable
from paceport.http_message import Request, Response
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.visitor import Visitor

NOW = datetime(2026, 11, 22, 8, 7, tzinfo=UTC)
READ = LimitClass.READ


class TestFileBudget(BudgetContract):
    @pytest.fixture
    def open_budget(self, tmp_path: Path) -> OpenBudget:
        return lambda **which: budget(tmp_path, **which)


def budget(folder: Path, *, client_id: str = "1", origin: str = "https://www.strava.com") -> FileBudget:
    return FileBudget(folder, origin=origin, client_id=client_id, clock=ManualClock(NOW))


def test_every_folder_it_makes_is_closed_to_others(tmp_path: Path) -> None:
    one = budget(tmp_path / "home" / "state" / "budgets")

    one.reserve(READ, now=NOW)

    for folder in ("home", "home/state", "home/state/budgets"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700, folder


def spend(one: FileBudget, used: int) -> None:
    permit = one.reserve(READ, now=NOW)
    assert isinstance(permit, Permit)
    usage = Usage(quarter_limit=10, day_limit=100, quarter_used=used, day_used=used)
    one.record_answer(permit, Rates(at=NOW, overall=usage, read=usage), now=NOW)


def test_what_one_learns_another_knows(tmp_path: Path) -> None:
    spend(budget(tmp_path), 10)

    answer = budget(tmp_path).reserve(READ, now=NOW)

    assert isinstance(answer, WaitPlan)
    assert answer.limit == "15-minute overall"


def test_reservations_are_seen_by_others(tmp_path: Path) -> None:
    spend(budget(tmp_path), 9)
    mine = budget(tmp_path).reserve(READ, now=NOW)

    theirs = budget(tmp_path).reserve(READ, now=NOW)

    assert isinstance(mine, Permit)
    assert isinstance(theirs, WaitPlan)


@pytest.mark.parametrize("other", [{"client_id": "2"}, {"origin": "http://127.0.0.1:8000"}])
def test_apps_and_servers_are_counted_apart(tmp_path: Path, other: dict[str, str]) -> None:
    spend(budget(tmp_path), 10)

    assert isinstance(budget(tmp_path, **other).reserve(READ, now=NOW), Permit)


@pytest.mark.parametrize("content", ["", "{", "null", '{"schema": 99}', '{"schema": 1}', "\x00" * 50, "[1]"])
def test_a_spoilt_file_starts_anew_with_one_request_alone(tmp_path: Path, content: str) -> None:
    spend(budget(tmp_path), 10)
    (file,) = tmp_path.glob("*.json")
    file.write_text(content)

    first = budget(tmp_path).reserve(READ, now=NOW)
    second = budget(tmp_path).reserve(READ, now=NOW)

    assert isinstance(first, Permit)
    assert isinstance(second, WaitPlan)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    spend(budget(tmp_path / "budget"), 3)

    (file,) = (tmp_path / "budget").glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "budget").stat().st_mode & 0o777 == 0o700


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "budget").write_text("a file, not a folder")

    with pytest.raises(StoreUnwritable):
        budget(tmp_path / "budget").reserve(READ, now=NOW)


def test_two_clients_of_one_app_keep_the_limit_together(login: Login, tmp_path: Path) -> None:
    login.world.set_limits(Limits(overall_quarter=100, overall_day=1000, read_quarter=8, read_day=1000))
    clients = [login.client(budget=budget(tmp_path), no_wait=True) for _ in range(2)]

    for number in range(8):
        clients[number % 2].athlete()

    for client in clients:
        with pytest.raises(RateLimited):
            client.athlete()
    assert len([request for request in login.wire.requests if "/api/v3/athlete" in request.url]) == 8


def _hammer(url: str, token: str, folder: str, results: multiprocessing.Queue[tuple[int, int]]) -> None:
    """One process: ask until the budget says no; report how many were answered and how many refused by the server."""
    answered = refused = 0
    with open_transport() as send:

        def counting(request: Request, *, timeout_s: float = 30.0) -> Response:
            nonlocal refused
            answer = send(request, timeout_s=timeout_s)
            refused += answer.status == 429
            return answer

        options = RequestOptions(api_url=f"{url}/api/v3", budget=budget(Path(folder), origin=url), no_wait=True)
        requester = Requester(send=counting, token=lambda *, not_this=None: token, clock=SystemClock(), options=options)
        client = Client(requester)
        try:
            while True:
                client.athlete()
                answered += 1
        except RateLimited:
            results.put((answered, refused))


@pytest.mark.slow
def test_four_processes_at_once_never_overspend(tmp_path: Path) -> None:
    world = World(years_of_training())
    world.set_limits(Limits(overall_quarter=200, overall_day=2000, read_quarter=60, read_day=1000))
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[tuple[int, int]] = context.Queue()
    with serve(world) as address, open_transport() as send:
        token = Visitor(world=world, send=send, base=address.url).login()["access_token"]
        workers = [context.Process(target=_hammer, args=(address.url, token, str(tmp_path), results)) for _ in range(4)]
        for worker in workers:
            worker.start()
        counts = [results.get(timeout=90) for _ in workers]
        for worker in workers:
            worker.join(timeout=30)

    assert sum(refused for _, refused in counts) == 0
    # A quarter of an hour may have ended while they ran: then two windows were open.
    assert sum(answered for answered, _ in counts) in range(55, 121)


def _die_with_a_permit(folder: Path) -> None:
    budget(folder).reserve(LimitClass.READ, now=NOW)
    os._exit(0)


def test_the_permit_of_a_process_that_died_keeps_nobody_waiting(tmp_path: Path) -> None:
    dying = multiprocessing.get_context("fork").Process(target=_die_with_a_permit, args=(tmp_path,))
    dying.start()
    dying.join(10)

    answer = budget(tmp_path).reserve(LimitClass.READ, now=NOW)

    assert isinstance(answer, Permit)
