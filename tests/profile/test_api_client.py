"""The client of a profile: how often it reads the login, and what it says of what it could not read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from paceport.api.client.request_options import refuse_left_out
from paceport.api.models.decoding import LeftOut
from paceport.api.rate_limit.headers import WaitPlan
from paceport.clock import ManualClock
from paceport.errors import GatewayAnswer, LoginNeeded, UnexpectedAnswer
from paceport.http_message import Request, Response, Send
from paceport.profile.api_client import ClientOptions, waiting
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.state.world import World
from stored import stored_login

RUN = {"id": 1, "start_date": "2026-11-20T17:05:00Z", "distance": 5000.0, "moving_time": 1500, "elapsed_time": 1500}
ODD = {**RUN, "id": 2, "suffer_score": {"score": 7}}
UNREADABLE = {**RUN, "id": 3, "start_date": None}


def answering(*answers: Response) -> Callable[[], AbstractContextManager[Send]]:
    """A network that gives these answers in turn, the last one for ever."""
    left = list(answers)

    def send(request: Request, *, timeout_s: float = 30.0) -> Response:
        del request, timeout_s
        return left.pop(0) if len(left) > 1 else left[0]

    @contextmanager
    def opened() -> Iterator[Send]:
        yield send

    return opened


def rows(*values: object) -> Response:
    return Response(status=200, headers={"content-type": "application/json"}, body=json.dumps(values).encode())


def lent(home: Path, clock: ManualClock, *answers: Response, warn: Callable[[str], None] | None = None) -> Profile:
    """A profile with a token from the environment, and these answers to its calls."""
    environ = {"PACEPORT_HOME": str(home), "STRAVA_ACCESS_TOKEN": "a" * 40}
    settings = Settings.from_environment(environ)
    return Profile(settings=settings, clock=clock, open_transport=answering(*answers), warn=warn)


def test_a_call_reads_the_login_once(
    tmp_path: Path, world: World, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    athlete = Response(status=200, headers={"content-type": "application/json"}, body=b'{"id": 7}')
    environ = {"PACEPORT_HOME": str(tmp_path / "home")}
    profile = Profile(settings=Settings.from_environment(environ), clock=clock, open_transport=answering(athlete))
    stored_login(profile, world)
    records = {str(path) for path in (tmp_path / "home").rglob("grants/*.json")}
    reads: list[str] = []
    really_open = os.open

    def counting(path: str | Path, *rest: int) -> int:
        if str(path) in records:
            reads.append(str(path))
        return really_open(path, *rest)

    with profile, profile.client() as client:
        client.athlete()
        monkeypatch.setattr(os, "open", counting)
        client.athlete()
        client.athlete()

    assert len(records) == 1
    assert len(reads) == 2


def test_what_could_not_be_read_is_warned_of_when_the_client_closes(tmp_path: Path, clock: ManualClock) -> None:
    said: list[str] = []
    profile = lent(tmp_path, clock, rows(RUN, ODD, UNREADABLE), rows(), warn=said.append)

    with profile, profile.client() as client:
        found = [row.id for row in client.activities()]

    assert found == [1, 2]
    text = "\n".join(said)
    assert "1 row could not be read and is left out" in text
    assert "id 3: $[2].start_date holds null, not a time" in text
    assert "$[1].suffer_score (id 2)" in text


def test_a_caller_can_collect_what_could_not_be_read(tmp_path: Path, clock: ManualClock) -> None:
    parts: list[LeftOut] = []
    profile = lent(tmp_path, clock, rows(RUN, UNREADABLE), rows())

    with profile, profile.client(left_out=parts.append) as client:
        list(client.activities())

    assert [(part.item_id, part.is_row) for part in parts] == [(3, True)]


def test_a_caller_can_refuse_what_could_not_be_read(tmp_path: Path, clock: ManualClock) -> None:
    profile = lent(tmp_path, clock, rows(RUN, ODD), rows())

    with profile, profile.client(left_out=refuse_left_out) as client, pytest.raises(UnexpectedAnswer, match="suffer"):
        list(client.activities())


def test_a_list_that_repeats_itself_ends_with_a_word(tmp_path: Path, clock: ManualClock) -> None:
    said: list[str] = []
    profile = lent(tmp_path, clock, rows(RUN, {**RUN, "id": 2}), warn=said.append)

    with profile, profile.client() as client:
        assert len(list(client.activities())) == 2
        assert len(list(client.athlete_clubs())) == 2
        assert json.loads(client.request("GET", "/segments/starred", paged=True).body) == [RUN, {**RUN, "id": 2}]
        assert json.loads(client.request("GET", "/athlete/things", paged=True).body) == [RUN, {**RUN, "id": 2}]
        with pytest.raises(UnexpectedAnswer, match="does not end"):
            list(client.activities(is_certain=True))

    assert sum("brought nothing new" in line for line in said) == 4


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_gateways_page_is_no_word_about_the_login(tmp_path: Path, clock: ManualClock, status: int) -> None:
    page = Response(status=status, headers={"content-type": "text/html"}, body=b"<h1>Blocked</h1>")
    profile = lent(tmp_path, clock, page)

    with profile, profile.client() as client, pytest.raises(GatewayAnswer) as caught:
        client.athlete()

    assert not isinstance(caught.value, LoginNeeded)
    assert "Blocked" in caught.value.why


@pytest.mark.parametrize(("usage", "count"), [("100 of 100", " (100 of 100)"), ("", "")])
def test_a_wait_names_the_count_only_where_it_is_known(clock: ManualClock, usage: str, count: str) -> None:
    said: list[str] = []
    plan = WaitPlan(seconds=60.0, until=clock.now(), limit="15-minute", usage=usage)

    waiting(ClientOptions(say=said.append))(plan)

    assert said[0].startswith(f"Strava's 15-minute limit is used up{count}: waiting 60 s")
