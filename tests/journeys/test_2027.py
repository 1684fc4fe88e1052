"""The host of 2027: one setting moves every call, and the simulated service enforces what it will enforce."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.http_message import Request, Response, Send
from paceport.profile.profile import Profile
from paceport.profile.settings import API_URL_2027, Settings
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from shell import Shell
from stored import stored_login


@pytest.fixture
def sent() -> list[Request]:
    """Every request that leaves, in order."""
    return []


@pytest.fixture
def shell_2026(world: World, clock: ManualClock, home: Path, sent: list[Request]) -> Shell:
    """A login at the real addresses of 2026, which here lead to the simulated service."""

    @contextmanager
    def recording() -> Iterator[Send]:
        with open_transport(wsgi=create_app(world)) as send:

            def carry(request: Request, *, timeout_s: float = 30.0) -> Response:
                sent.append(request)
                return send(request, timeout_s=timeout_s)

            yield carry

    environ = {"PACEPORT_HOME": str(home)}
    with Profile(settings=Settings.from_environment(environ), clock=clock) as profile:
        stored_login(profile, world)
    return Shell(environ=environ, clock=clock, visit=lambda _url: False, transport=recording)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def switch_on(world: World, home: Path) -> None:
    """2027: the service keeps to its new rules, and one line goes into the settings."""
    world.switches.set(header_only=True, api_prefix="", legacy_deauthorize=False)
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text("api_generation = 2027\n")


def test_until_then_calls_go_to_the_host_of_2026(shell_2026: Shell, sent: list[Request]) -> None:
    assert shell_2026("activities", "--limit", "3").code == 0

    assert {request.url.split("?")[0] for request in sent} == {"https://www.strava.com/api/v3/athlete/activities"}


def test_one_setting_moves_every_call(shell_2026: Shell, world: World, home: Path, sent: list[Request]) -> None:
    switch_on(world, home)

    ended = shell_2026("activities", "--limit", "3", "--csv")

    assert ended.code == 0, ended.err
    assert ended.out.count("\n") == 4
    assert {request.url.split("?")[0] for request in sent} == {f"{API_URL_2027}/athlete/activities"}


def test_the_token_travels_in_the_header_alone(
    shell_2026: Shell, world: World, home: Path, sent: list[Request]
) -> None:
    switch_on(world, home)
    token = shell_2026("token").out.strip()

    for words in (["activities", "--limit", "1"], ["api", "GET", "/athlete"], ["doctor"], ["revoke"]):
        shell_2026(*words)

    assert sent
    assert [request.url for request in sent if token in request.url or token.encode() in request.body] == []


def test_a_refresh_still_goes_to_the_oauth_host(
    shell_2026: Shell, world: World, home: Path, sent: list[Request]
) -> None:
    switch_on(world, home)
    world.clock.advance(7 * 3600)

    assert shell_2026("token").code == 0

    assert [request.url for request in sent] == ["https://www.strava.com/oauth/token"]


def test_revocation_is_by_revoke_alone_and_verified_at_the_new_host(
    shell_2026: Shell, world: World, home: Path, sent: list[Request]
) -> None:
    switch_on(world, home)

    ended = shell_2026("revoke")

    assert ended.code == 0, ended.err
    assert "revoked and verified" in ended.err
    assert [request.url for request in sent] == ["https://www.strava.com/oauth/revoke", f"{API_URL_2027}/athlete"]


def test_the_simulated_service_of_2027_refuses_a_token_in_the_query(
    shell_2026: Shell, world: World, home: Path
) -> None:
    token = shell_2026("token").out.strip()
    request = Request(method="GET", url=f"{API_URL_2027}/athlete?access_token={token}")

    with open_transport(wsgi=create_app(world)) as send:
        world.switches.set(api_prefix="")
        before = send(request).status
        switch_on(world, home)
        after = send(request).status

    assert (before, after) == (200, 401)


def test_the_setting_goes_back_as_easily(shell_2026: Shell, world: World, home: Path, sent: list[Request]) -> None:
    switch_on(world, home)
    shell_2026("api", "GET", "/athlete")
    (home / "config" / "config.toml").write_text("api_generation = 2026\n")

    assert shell_2026("api", "GET", "/athlete").code == 0

    assert [request.url.rsplit("/athlete")[0] for request in sent] == [API_URL_2027, "https://www.strava.com/api/v3"]
