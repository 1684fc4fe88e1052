"""The recipes people find on the web, typed as they stand there with plain curl: consent, exchange, list."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import missing
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from sandbox.visitor import read_text

Curl = Callable[..., str]
ASKING = (
    "{url}/oauth/authorize?client_id={id}&response_type=code&redirect_uri=http://localhost/exchange_token"
    "&approval_prompt=force&scope={scope}"
)


@pytest.fixture
def curl() -> Curl:
    """The real curl, quiet and bounded."""
    program = shutil.which("curl")
    if program is None:
        missing("curl is not installed")
    assert program is not None

    def run(*arguments: str) -> str:
        command = [program, "-sS", "--max-time", "20", "--noproxy", "*", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout

    return run


def asking(server: Address, world: World, scope: str) -> str:
    return ASKING.format(url=server.url, id=world.app.client_id, scope=scope)


def consent(curl: Curl, url: str) -> str:
    """Look at the page, press Authorize; gives the address the browser ends on."""
    assert "Authorize" in curl(url)
    return curl("-o", "-", "-w", "%{redirect_url}", "-d", "decision=authorize", url)


def exchange(curl: Curl, server: Address, world: World, where: str, *, grant_type: str | None) -> str:
    code = parse_qs(urlsplit(where).query)["code"][0]
    fields = [f"client_id={world.app.client_id}", f"client_secret={world.app.client_secret}", f"code={code}"]
    if grant_type is not None:
        fields.append(f"grant_type={grant_type}")
    forms = [part for field in fields for part in ("-F", field)]
    return curl("-X", "POST", f"{server.url}/oauth/token", *forms)


def listed(curl: Curl, server: Address, token: str) -> str:
    return curl("-X", "GET", f"{server.url}/api/v3/athlete/activities", "-H", f"Authorization: Bearer {token}")


def test_with_the_right_scope_the_recipe_ends_in_the_list(curl: Curl, server: Address, world: World) -> None:
    where = consent(curl, asking(server, world, "activity:read_all"))
    token = read_text(exchange(curl, server, world, where, grant_type="authorization_code"))

    rows = read_text(listed(curl, server, token["access_token"]))

    assert where.startswith("http://localhost/exchange_token?state=&code=")
    assert where.endswith("&scope=read,activity:read_all")
    assert token["athlete"]["id"] == world.people[0].id
    assert rows
    assert all(row["athlete"]["id"] == world.people[0].id for row in rows)


def test_with_read_alone_it_ends_in_the_missing_permission(curl: Curl, server: Address, world: World) -> None:
    where = consent(curl, asking(server, world, "read"))
    token = read_text(exchange(curl, server, world, where, grant_type="authorization_code"))

    assert where.endswith("&scope=read")
    assert listed(curl, server, token["access_token"]) == (
        '{"message":"Authorization Error","errors":[{"resource":"AccessToken",'
        '"field":"activity:read_permission","code":"missing"}]}'
    )


@pytest.mark.parametrize("scope", ["write", "view_private", "view_private,write", "public"])
def test_the_scopes_of_2017_are_refused(curl: Curl, server: Address, world: World, scope: str) -> None:
    answer = curl("-w", " %{http_code}", asking(server, world, scope))

    assert answer == (
        '{"message":"Bad Request","errors":[{"resource":"Authorize","field":"scope","code":"invalid"}]} 400'
    )


def test_the_exchange_of_2017_without_a_grant_type_is_answered(curl: Curl, server: Address, world: World) -> None:
    where = consent(curl, asking(server, world, "activity:read_all"))

    token = read_text(exchange(curl, server, world, where, grant_type=None))

    assert (token["token_type"], len(token["access_token"])) == ("Bearer", 40)


def test_by_switch_the_exchange_of_2017_is_refused(curl: Curl, server: Address, world: World) -> None:
    curl("-X", "PUT", f"{server.url}/_sandbox/switches", "-d", '{"missing_grant_type": "refuse"}')
    where = consent(curl, asking(server, world, "activity:read_all"))

    answer = read_text(exchange(curl, server, world, where, grant_type=None))

    assert answer["message"] == "Bad Request"
